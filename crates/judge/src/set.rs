//! Sets of operations, by their place in the history.

use alloc::vec::Vec;

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
    #[inline(never)]
    pub fn has(&self, i: usize) -> bool {
        self.0[i / 64] >> (i % 64) & 1 == 1
    }
    #[inline(never)]
    pub fn add(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }
    pub fn remove(&mut self, i: usize) {
        self.0[i / 64] &= !(1 << (i % 64));
    }
    #[inline(never)]
    pub fn within(&self, other: &Set) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }
    #[inline(never)]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
    #[inline(never)]
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
    #[inline(never)]
    pub fn and(&self, other: &Set) -> Set {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
        set
    }
    #[inline(never)]
    pub fn or(&self, other: &Set) -> Set {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
        set
    }
    #[inline(never)]
    pub fn minus(&self, other: &Set) -> Set {
        let mut set = *self;
        set.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
        set
    }
    pub fn iter(&self) -> Members {
        Members { left: *self, word: 0 }
    }
    /// The first member at or after a word, taken out.
    #[inline(never)]
    fn take(&mut self, word: &mut usize) -> Option<usize> {
        while *word < self.0.len() {
            let bits = &mut self.0[*word];
            if *bits != 0 {
                let bit = bits.trailing_zeros() as usize;
                *bits &= *bits - 1;
                return Some(*word * 64 + bit);
            }
            *word += 1;
        }
        None
    }
    #[inline(never)]
    fn add_all(&mut self, next: &mut dyn FnMut() -> Option<usize>) {
        while let Some(i) = next() {
            self.add(i);
        }
    }
}

/// The members of a set, in their order.
#[derive(Clone)]
pub(crate) struct Members {
    left: Set,
    word: usize,
}

impl Iterator for Members {
    type Item = usize;
    fn next(&mut self) -> Option<usize> {
        self.left.take(&mut self.word)
    }
}

impl FromIterator<usize> for Set {
    fn from_iter<T: IntoIterator<Item = usize>>(items: T) -> Set {
        let mut set = Set::default();
        let mut items = items.into_iter();
        set.add_all(&mut || items.next());
        set
    }
}

/// A list of them. What makes lists is there once, and not for each kind of iterator.
pub(crate) fn listed(mut items: impl Iterator<Item = usize>) -> Vec<usize> {
    list(&mut || items.next())
}

#[inline(never)]
fn list(next: &mut dyn FnMut() -> Option<usize>) -> Vec<usize> {
    let mut list = Vec::new();
    while let Some(i) = next() {
        list.push(i);
    }
    list
}

/// Puts a list in the order of a key, and leaves it where the key is the same. It is nearly in order as a rule, and the
/// library's sorting, made for each key anew, would be a third of the module.
#[inline(never)]
pub(crate) fn sort_by(line: &mut [usize], key: &dyn Fn(usize) -> u64) {
    for end in 1..line.len() {
        let one = line[end];
        let mut at = end;
        while at > 0 && key(line[at - 1]) > key(one) {
            line[at] = line[at - 1];
            at -= 1;
        }
        line[at] = one;
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
    #[inline(never)]
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
    #[inline(never)]
    pub fn line_up(&self, mut of: Set, rank: &[usize]) -> Vec<usize> {
        let mut line = Vec::new();
        while let Some(next) = of.iter().filter(|i| self.0[*i].and(&of).is_empty()).min_by_key(|i| rank[*i]) {
            of.remove(next);
            line.push(next);
        }
        line
    }
}
