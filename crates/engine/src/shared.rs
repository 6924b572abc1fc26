//! A long list in shared chunks: cloning it costs O(1), and so does comparing two that grew from
//! one another. Logs are made of it, so that keyframes and `observe(before, after)` are cheap.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

const LEAF: usize = 32;
const BRANCH: usize = 128;
const SPAN: usize = LEAF * BRANCH;

type Leaf<T> = Rc<Vec<T>>;
type Branch<T> = Rc<Vec<Leaf<T>>>;

/// Three levels: 128 leaves of 32 entries to a branch, and a root of branches.
#[derive(Clone, Debug)]
pub struct SharedList<T> {
    root: Rc<Vec<Branch<T>>>,
    len: usize,
}

impl<T> Default for SharedList<T> {
    fn default() -> Self {
        SharedList { root: Rc::default(), len: 0 }
    }
}

impl<T: Clone + PartialEq> SharedList<T> {
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The item at a place, counted from 0.
    pub fn get(&self, at: usize) -> Option<&T> {
        if at >= self.len {
            return None;
        }
        Some(&self.root[at / SPAN][at % SPAN / LEAF][at % LEAF])
    }

    /// The same to be changed; chunks that are shared are copied first, so that clones keep what they have.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        if at >= self.len {
            return None;
        }
        let branch = Rc::make_mut(&mut Rc::make_mut(&mut self.root)[at / SPAN]);
        Some(&mut Rc::make_mut(&mut branch[at % SPAN / LEAF])[at % LEAF])
    }

    /// The newest item.
    pub fn last(&self) -> Option<&T> {
        self.len.checked_sub(1).and_then(|at| self.get(at))
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        let at = self.len;
        let root = Rc::make_mut(&mut self.root);
        if at.is_multiple_of(SPAN) {
            root.push(Rc::default());
        }
        let branch = Rc::make_mut(&mut root[at / SPAN]);
        if at.is_multiple_of(LEAF) {
            branch.push(Rc::new(Vec::with_capacity(LEAF)));
        }
        Rc::make_mut(&mut branch[at % SPAN / LEAF]).push(item);
        self.len += 1;
    }

    /// Puts an item at a place, and `T::default()` at those before it that have none.
    pub fn set(&mut self, at: usize, item: T)
    where
        T: Default,
    {
        while self.len <= at {
            self.push(T::default());
        }
        self.replace(at, item);
    }

    /// Puts another item where there is one; nothing where there is none.
    pub fn replace(&mut self, at: usize, item: T) {
        if at < self.len {
            let branch = Rc::make_mut(&mut Rc::make_mut(&mut self.root)[at / SPAN]);
            Rc::make_mut(&mut branch[at % SPAN / LEAF])[at % LEAF] = item;
        }
    }

    /// Keeps the first `len` items.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        let root = Rc::make_mut(&mut self.root);
        root.truncate(len.div_ceil(SPAN));
        if !len.is_multiple_of(SPAN) {
            let branch = Rc::make_mut(&mut root[len / SPAN]);
            branch.truncate((len % SPAN).div_ceil(LEAF));
            if !len.is_multiple_of(LEAF) {
                Rc::make_mut(&mut branch[len % SPAN / LEAF]).truncate(len % LEAF);
            }
        }
        self.len = len;
    }

    /// Every item, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }

    /// The items from a place on, the oldest first.
    pub fn iter_from(&self, from: usize) -> impl Iterator<Item = &T> {
        (from..self.len).map(|at| &self.root[at / SPAN][at % SPAN / LEAF][at % LEAF])
    }

    /// The first position for which `test` is false, where it is true before and false after.
    pub fn partition_point(&self, test: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle) {
                Some(item) if test(item) => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    /// True when both are the very same chunks: the list was not touched in between.
    pub fn untouched(&self, other: &Self) -> bool {
        self.len == other.len && Rc::ptr_eq(&self.root, &other.root)
    }

    /// How many leading items are equal. Chunks that are shared are not looked into.
    pub fn common_prefix(&self, other: &Self) -> usize {
        let shorter = self.len.min(other.len);
        if Rc::ptr_eq(&self.root, &other.root) {
            return shorter;
        }
        let same = self.root.iter().zip(other.root.iter()).take_while(|(a, b)| Rc::ptr_eq(a, b));
        let mut at = (same.count() * SPAN).min(shorter);
        while at < shorter {
            let (mine, theirs) = (self.leaf(at), other.leaf(at));
            if at.is_multiple_of(LEAF) && Rc::ptr_eq(mine, theirs) {
                at = (at + LEAF).min(shorter);
            } else if mine[at % LEAF] == theirs[at % LEAF] {
                at += 1;
            } else {
                break;
            }
        }
        at
    }

    fn leaf(&self, at: usize) -> &Leaf<T> {
        &self.root[at / SPAN][at % SPAN / LEAF]
    }

    /// Bytes that a clone keeps for itself once the original goes on: its own path of chunks.
    pub fn own_bytes(&self) -> usize {
        let pointer = size_of::<usize>();
        LEAF.min(self.len) * size_of::<T>()
            + (self.len.div_ceil(LEAF).min(BRANCH) + self.root.len()) * pointer
            + 4 * pointer
    }
}

impl<T: Clone + PartialEq> PartialEq for SharedList<T> {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len && self.common_prefix(other) == self.len
    }
}

impl<T: Clone + Eq> Eq for SharedList<T> {}

impl<T: Clone + PartialEq + Hash> Hash for SharedList<T> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        hasher.write_u64(self.len as u64);
        self.iter().for_each(|item| item.hash(hasher));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Chance, Stream};

    #[test]
    fn behaves_as_a_vector() {
        let mut chance = Chance::new(3, Stream::Outside(0));
        for _ in 0..20 {
            let (mut list, mut model) = (SharedList::default(), Vec::new());
            let mut kept: Vec<(SharedList<u64>, Vec<u64>)> = Vec::new();
            for _ in 0..400 {
                match chance.between(0, 9) {
                    0 => {
                        let len = chance.between(0, model.len() as u64) as usize;
                        list.truncate(len);
                        model.truncate(len);
                    }
                    1 => kept.push((list.clone(), model.clone())),
                    _ => {
                        for _ in 0..chance.between(1, 60) {
                            let item = chance.between(0, 3);
                            list.push(item);
                            model.push(item);
                        }
                    }
                }
                assert!(list.iter().eq(model.iter()));
                assert_eq!(list.get(model.len()), None);
            }
            for (old, model_then) in &kept {
                assert!(old.iter().eq(model_then.iter()), "a clone is not changed by the original");
                let common = model.iter().zip(model_then).take_while(|(a, b)| a == b).count();
                assert_eq!(list.common_prefix(old), common);
            }
        }
    }
}
