//! A participant's data in memory: pages, strict two-phase locks, undo and redo.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use synod_engine::names::ClientId;

use crate::store::Key;

use super::log::{Cell, Change, Command, Pages, Txn, Write};

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Site {
    pub locks: BTreeMap<Key, Lock>,
    /// The pages as they stand in memory.
    pub cache: Pages,
    /// It votes no on the next request.
    pub vetoes: bool,
}

/// Who holds a key, and who waits for it, the first in front.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lock {
    pub holder: Txn,
    pub queue: VecDeque<Waiter>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Waiter {
    Txn(Txn),
    Reader(ClientId, u32),
}

/// What becomes of those who waited for the locks that a transaction gave up.
#[derive(Default)]
pub struct Released {
    pub readers: Vec<(Command, Option<i64>)>,
    /// Transactions that hold a lock now for which they waited.
    pub granted: Vec<Txn>,
}

impl Site {
    fn value(&self, key: Key) -> Option<i64> {
        self.cache.get(&key).map(|cell| cell.value)
    }
    /// A reader waits like a transaction, and gets nothing yet: what is not decided is shown to nobody.
    pub fn read(&mut self, (client, serial): Command, key: Key) -> Option<Option<i64>> {
        let Some(lock) = self.locks.get_mut(&key) else { return Some(self.value(key)) };
        lock.queue.retain(|waiter| !matches!(waiter, Waiter::Reader(other, _) if *other == client));
        lock.queue.push_back(Waiter::Reader(client, serial));
        None
    }
    /// Locks what is free for a transaction, and queues it where something is not; gives whom it waits for there.
    pub fn lock(&mut self, txn: Txn, writes: &[Write]) -> Vec<Txn> {
        let mut holders = Vec::new();
        for write in writes {
            match self.locks.get_mut(&write.key) {
                Some(lock) => {
                    lock.queue.push_back(Waiter::Txn(txn));
                    holders.push(lock.holder);
                }
                None => drop(self.locks.insert(write.key, Lock { holder: txn, queue: VecDeque::new() })),
            }
        }
        holders
    }
    pub fn holds_all(&self, txn: Txn, writes: &[Write]) -> bool {
        writes.iter().all(|write| self.locks.get(&write.key).is_some_and(|lock| lock.holder == txn))
    }
    /// Does the writes of a transaction; what is only read is only locked.
    pub fn write(&mut self, txn: Txn, writes: &[Write]) -> Vec<Change> {
        let mut changes = Vec::new();
        for Write { key, value } in writes.iter().copied() {
            let Some(after) = value else { continue };
            changes.push(Change { key, before: self.cache.get(&key).copied(), after });
            self.cache.insert_mut(key, Cell { value: after, by: txn });
        }
        changes
    }
    pub fn redo(&mut self, txn: Txn, changes: &[Change]) {
        for change in changes {
            self.cache.insert_mut(change.key, Cell { value: change.after, by: txn });
        }
    }
    /// Puts back what stood there before a transaction wrote; whether it had written anything.
    pub fn undo(&mut self, changes: Option<&Rc<[Change]>>) -> bool {
        for Change { key, before, .. } in changes.into_iter().flat_map(|changes| changes.iter()) {
            match before {
                Some(cell) => self.cache.insert_mut(*key, *cell),
                None => drop(self.cache.remove_mut(key)),
            }
        }
        changes.is_some()
    }
    /// Gives up the locks of a transaction, and its places in queues. Who is first in a queue has the key then.
    pub fn release(&mut self, txn: Txn) -> Released {
        let mut released = Released::default();
        let keys: Vec<Key> = self.locks.keys().copied().collect();
        for key in keys {
            let value = self.value(key);
            let Some(lock) = self.locks.get_mut(&key) else { continue };
            lock.queue.retain(|waiter| *waiter != Waiter::Txn(txn));
            if lock.holder == txn && !pass_on(lock, value, &mut released) {
                self.locks.remove(&key);
            }
        }
        released
    }
}

/// Readers are served until a transaction takes the lock; whether one does.
fn pass_on(lock: &mut Lock, value: Option<i64>, released: &mut Released) -> bool {
    while let Some(next) = lock.queue.pop_front() {
        match next {
            Waiter::Reader(client, serial) => released.readers.push(((client, serial), value)),
            Waiter::Txn(next) => {
                lock.holder = next;
                released.granted.push(next);
                return true;
            }
        }
    }
    false
}
