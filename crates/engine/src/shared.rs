//! A long list in shared chunks: cloning it costs O(1), and so does comparing two that grew from
//! one another. Logs are made of it, so that keyframes and `observe(before, after)` are cheap.

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

const LEAF: usize = 32;
const BRANCH: usize = 128;
const SPAN: usize = LEAF * BRANCH;

type Leaf<T> = Rc<Vec<T>>;
type Branch<T> = Rc<Vec<Leaf<T>>>;

thread_local! {
    /// Copies made so far: each has a number that the original has too, until it is copied again.
    static COPIES: Cell<u64> = const { Cell::new(0) };
}

/// Three levels: 128 leaves of 32 entries to a branch, and a root of branches. The last leaf stands alone, full or
/// not, so that whoever adds to a list that is shared copies a part of one leaf and nothing above it.
#[derive(Debug)]
pub struct SharedList<T> {
    root: Rc<Vec<Branch<T>>>,
    /// Empty only where the list is.
    tail: Leaf<T>,
    len: usize,
    /// The number of the last copy, and how many items are since then as they were.
    copy: Cell<u64>,
    same: Cell<usize>,
}

impl<T> Default for SharedList<T> {
    fn default() -> Self {
        SharedList { root: Rc::default(), tail: Rc::default(), len: 0, copy: Cell::new(0), same: Cell::new(0) }
    }
}

impl<T> Clone for SharedList<T> {
    fn clone(&self) -> Self {
        let copy = COPIES.get() + 1;
        COPIES.set(copy);
        self.copy.set(copy);
        self.same.set(self.len);
        SharedList {
            root: self.root.clone(),
            tail: self.tail.clone(),
            len: self.len,
            copy: Cell::new(copy),
            same: Cell::new(self.len),
        }
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

    /// How many items stand before the last leaf.
    fn before_tail(&self) -> usize {
        self.len - self.tail.len()
    }

    /// The item at a place, counted from 0.
    pub fn get(&self, at: usize) -> Option<&T> {
        if at >= self.len {
            return None;
        }
        Some(&self.leaf(at)[at % LEAF])
    }

    /// The same to be changed; chunks that are shared are copied first, so that clones keep what they have.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        if at >= self.len {
            return None;
        }
        self.same.set(self.same.get().min(at));
        if at >= self.before_tail() {
            return Some(&mut Rc::make_mut(&mut self.tail)[at % LEAF]);
        }
        let branch = Rc::make_mut(&mut Rc::make_mut(&mut self.root)[at / SPAN]);
        Some(&mut Rc::make_mut(&mut branch[at % SPAN / LEAF])[at % LEAF])
    }

    /// The newest item.
    pub fn last(&self) -> Option<&T> {
        self.tail.last()
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: T) {
        if self.tail.len() == LEAF {
            self.put_tail_away();
        }
        match Rc::get_mut(&mut self.tail) {
            Some(tail) => {
                tail.reserve_exact(LEAF - tail.len());
                tail.push(item);
            }
            None => {
                let mut tail = Vec::with_capacity(LEAF);
                tail.extend_from_slice(&self.tail);
                tail.push(item);
                self.tail = Rc::new(tail);
            }
        }
        self.len += 1;
    }

    fn put_tail_away(&mut self) {
        let from = self.before_tail();
        let root = Rc::make_mut(&mut self.root);
        if from.is_multiple_of(SPAN) {
            root.push(Rc::default());
        }
        Rc::make_mut(&mut root[from / SPAN]).push(std::mem::take(&mut self.tail));
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
        if let Some(there) = self.get_mut(at) {
            *there = item;
        }
    }

    /// Keeps the first `len` items.
    pub fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.same.set(self.same.get().min(len));
        let leaves = len.saturating_sub(1) / LEAF;
        let from = leaves * LEAF;
        if from < self.before_tail() {
            self.tail = self.leaf(from).clone();
            let root = Rc::make_mut(&mut self.root);
            root.truncate(leaves.div_ceil(BRANCH));
            if !leaves.is_multiple_of(BRANCH) {
                Rc::make_mut(&mut root[leaves / BRANCH]).truncate(leaves % BRANCH);
            }
        }
        Rc::make_mut(&mut self.tail).truncate(len - from);
        self.len = len;
    }

    /// Every item, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }

    /// The items from a place on, the oldest first.
    pub fn iter_from(&self, from: usize) -> impl Iterator<Item = &T> {
        (from..self.len).map(|at| &self.leaf(at)[at % LEAF])
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
        self.len == other.len && Rc::ptr_eq(&self.tail, &other.tail) && Rc::ptr_eq(&self.root, &other.root)
    }

    /// How many leading items are equal. Chunks that are shared are not looked into, nor is what neither has changed
    /// since one was copied from the other.
    pub fn common_prefix(&self, other: &Self) -> usize {
        let shorter = self.len.min(other.len);
        let copied = self.copy == other.copy && self.copy.get() > 0;
        let mut at = if copied { self.same.get().min(other.same.get()) } else { self.shared_branches(other) * SPAN };
        at = at.min(shorter);
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

    /// Leading branches that both have, and that are full in both.
    fn shared_branches(&self, other: &Self) -> usize {
        let full = self.before_tail().min(other.before_tail()) / SPAN;
        self.root.iter().zip(other.root.iter()).take(full).take_while(|(a, b)| Rc::ptr_eq(a, b)).count()
    }

    fn leaf(&self, at: usize) -> &Leaf<T> {
        if at >= self.before_tail() { &self.tail } else { &self.root[at / SPAN][at % SPAN / LEAF] }
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
