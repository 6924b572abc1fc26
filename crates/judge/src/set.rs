//! Sets of operations, by their place in the history.

/// How many operations a history may have.
pub const MOST: usize = 512;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Set([u64; MOST / 64]);

impl Set {
    pub fn one(i: usize) -> Set {
        let mut set = Set::default();
        set.add(i);
        set
    }
    pub fn has(&self, i: usize) -> bool {
        self.0[i / 64] >> (i % 64) & 1 == 1
    }
    pub fn add(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }
    pub fn remove(&mut self, i: usize) {
        self.0[i / 64] &= !(1 << (i % 64));
    }
    pub fn within(&self, other: &Set) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
    pub fn and(&self, other: &Set) -> Set {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
        set
    }
    pub fn or(&self, other: &Set) -> Set {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
        set
    }
    pub fn minus(&self, other: &Set) -> Set {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
        set
    }
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        let words = self.0;
        (0..words.len()).flat_map(move |at| {
            let mut word = words[at];
            std::iter::from_fn(move || {
                let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
                word &= word - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

impl FromIterator<usize> for Set {
    fn from_iter<T: IntoIterator<Item = usize>>(items: T) -> Set {
        let mut set = Set::default();
        items.into_iter().for_each(|i| set.add(i));
        set
    }
}

/// A strict partial order: of each operation, those before it. Kept transitively closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order(pub Vec<Set>);

impl Order {
    /// The transitive closure; nothing if it has a circle.
    pub fn closed(mut before: Vec<Set>) -> Option<Order> {
        for middle in 0..before.len() {
            let more = before[middle];
            for set in before.iter_mut().filter(|set| set.has(middle)) {
                *set = set.or(&more);
            }
        }
        (0..before.len()).all(|i| !before[i].has(i)).then_some(Order(before))
    }
    pub fn has(&self, a: usize, b: usize) -> bool {
        self.0[b].has(a)
    }
    /// Puts `a` before `b`, with all that follows from it; false if that cannot be.
    pub fn force(&mut self, a: usize, b: usize) -> bool {
        if a == b || self.has(b, a) {
            return false;
        }
        if !self.has(a, b) {
            let more = self.0[a].or(&Set::one(a));
            for (i, set) in self.0.iter_mut().enumerate() {
                if i == b || set.has(b) {
                    *set = set.or(&more);
                }
            }
        }
        true
    }
    /// The members of a set in an order that respects this one, and else goes by `rank`.
    pub fn line_up(&self, mut of: Set, rank: &[usize]) -> Vec<usize> {
        let mut line = Vec::new();
        while let Some(next) = of.iter().filter(|i| self.0[*i].and(&of).is_empty()).min_by_key(|i| rank[*i]) {
            of.remove(next);
            line.push(next);
        }
        line
    }
}
