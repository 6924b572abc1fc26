//! Sorting for the cold paths: every list is sorted by one number, through one piece of code, so
//! that the module does not carry a copy of the sort for each type.

/// The items in order of their keys; equal keys keep their order.
pub fn by_key<T>(items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> u64) -> Vec<T> {
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let keys = items.iter().flatten().map(key).zip(0..).collect();
    order(keys).into_iter().filter_map(|at| items[at as usize].take()).collect()
}

fn order(mut keys: Vec<(u64, u32)>) -> Vec<u32> {
    keys.sort_unstable();
    keys.into_iter().map(|(_, at)| at).collect()
}

/// A small map in order of its keys, for what a hand sets: links, cuts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SmallMap<K, V>(Vec<(K, V)>);

impl<K, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        SmallMap(Vec::new())
    }
}

impl<K: Ord + Copy, V> SmallMap<K, V> {
    fn find(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(&key))
    }
    /// What stands under a key.
    pub fn get(&self, key: K) -> Option<&V> {
        self.find(key).ok().map(|at| &self.0[at].1)
    }
    /// Puts a value under a key, in place of what stood there.
    pub fn insert(&mut self, key: K, value: V) {
        match self.find(key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }
    /// Takes away what stands under a key, if anything does.
    pub fn remove(&mut self, key: K) {
        if let Ok(at) = self.find(key) {
            self.0.remove(at);
        }
    }
    /// Takes everything away.
    pub fn clear(&mut self) {
        self.0.clear();
    }
    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Each key with its value, in order.
    pub fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.0.iter()
    }
    /// Each key, in order.
    pub fn keys(&self) -> impl Iterator<Item = K> {
        self.0.iter().map(|(key, _)| *key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_and_keeps_the_order_of_equals() {
        let sorted = by_key([(3, 'a'), (1, 'b'), (3, 'c'), (2, 'd')], |(key, _)| *key);
        assert_eq!(sorted, [(1, 'b'), (2, 'd'), (3, 'a'), (3, 'c')]);
    }

    #[test]
    fn a_small_map_is_a_map() {
        let mut map = SmallMap::default();
        for key in [5, 1, 3, 5] {
            map.insert(key, key * 2);
        }
        map.remove(1);
        map.remove(9);
        assert_eq!((map.get(5), map.get(1), map.len()), (Some(&10), None, 2));
        assert!(map.keys().eq([3, 5]));
    }
}
