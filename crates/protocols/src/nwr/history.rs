//! What happened, for properties that the state alone cannot decide: which writes were begun, answered and given
//! up, in which order, and what reads that began after them were told.

use rpds::RedBlackTreeMap;
use synod_engine::client::Outcome;
use synod_engine::prelude::*;
use synod_engine::protocol::Cause;

use super::Nwr;
use super::state::*;
use crate::node_set::NodeSet;
use crate::store::Key;

/// A moment in the order of what clients did.
type Moment = u64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Write {
    pub value: i64,
    pub number: u32,
    pub begun: Moment,
    pub answered: Option<Moment>,
    pub failed: bool,
    /// Replicas that it reached.
    pub reached: NodeSet,
}

/// What is known of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Known {
    /// When the write began that began last of those that were answered.
    pub newest_begun: Moment,
    /// The highest version of all answered writes.
    pub answered: Option<Version>,
    /// The highest version that an answered read was told.
    pub read: Option<Version>,
    /// The last answered writes, the newest last.
    pub recent: Vec<Version>,
}

/// So many answered writes of a key are compared with the next: those before them are not.
const RECENT: usize = 16;

/// A read, and what was known when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Began {
    pub key: Key,
    pub newest_begun: Moment,
    pub read: Option<Version>,
}

/// What the last event was, as properties ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Last {
    #[default]
    Other,
    /// A write was answered: its key and version.
    Written(Key, Version),
    /// A read was answered, and what was known when it began.
    Read(ClientId, Began, Option<Held>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    now: Moment,
    pub writes: RedBlackTreeMap<(Key, Version), Write>,
    pub keys: RedBlackTreeMap<Key, Known>,
    /// What each client began last, and when.
    pub began: RedBlackTreeMap<ClientId, (Moment, Began)>,
    pub last: Last,
    pub reads: u64,
    pub answered: u64,
}

impl History {
    pub fn write(&self, key: Key, version: Version) -> Option<&Write> {
        self.writes.get(&(key, version))
    }

    fn change(&mut self, key: Key, version: Version, change: impl FnOnce(&mut Write)) {
        if let Some(write) = self.writes.get_mut(&(key, version)) {
            change(write);
        }
    }

    fn known(&mut self, key: Key, change: impl FnOnce(&mut Known)) {
        if !self.keys.contains_key(&key) {
            self.keys.insert_mut(key, Known::default());
        }
        if let Some(known) = self.keys.get_mut(&key) {
            change(known);
        }
    }

    fn begin(&mut self, client: ClientId, key: Key) {
        let known = self.keys.get(&key);
        let newest_begun = known.map_or(0, |known| known.newest_begun);
        let began = Began { key, newest_begun, read: known.and_then(|known| known.read) };
        self.began.insert_mut(client, (self.now, began));
    }

    fn answer(&mut self, client: ClientId, key: Key, answer: Answer) {
        let now = self.now;
        match answer {
            Answer::Stored(version) => {
                self.answered += 1;
                self.change(key, version, |write| write.answered = Some(now));
                let begun = self.write(key, version).map_or(0, |write| write.begun);
                self.known(key, |known| {
                    known.newest_begun = known.newest_begun.max(begun);
                    known.answered = known.answered.max(Some(version));
                    known.recent.push(version);
                    let more = known.recent.len().saturating_sub(RECENT);
                    known.recent.drain(..more);
                });
                self.last = Last::Written(key, version);
            }
            Answer::Found(found) => {
                self.reads += 1;
                self.known(key, |known| known.read = known.read.max(found.map(|held| held.version)));
                if let Some((_, began)) = self.began.get(&client) {
                    self.last = Last::Read(client, *began, found);
                }
            }
        }
    }

    /// What a client's machine did: its first step tells the version of a write, its last that it gave up.
    fn step(&mut self, client: &Client, ended: Option<Outcome>) {
        let Some((errand, held)) = client.errand.and_then(|errand| Some((errand, errand.write?))) else {
            return;
        };
        let (key, version) = (errand.key, held.version);
        if self.write(key, version).is_none() {
            let (begun, reached) = (self.now, NodeSet::default());
            let number = version.number;
            let write = Write { value: held.value, number, begun, answered: None, failed: false, reached };
            self.writes.insert_mut((key, version), write);
        }
        if ended.is_some_and(|outcome| outcome != Outcome::Ok) {
            self.change(key, version, |write| write.failed = true);
        }
    }
}

/// The highest version that any replica holds under a key.
pub fn newest_stored(cluster: Cluster<Nwr>, key: Key) -> Option<Version> {
    let held = |node: &Node<Nwr>| node.durable.registers.get(&key).map(|held| held.version);
    cluster.nodes().iter().filter_map(held).max()
}

pub fn observe(history: &mut History, seen: &Observed<Nwr>) {
    history.last = Last::Other;
    match seen {
        Observed::Asked { client, operation, .. } => {
            history.now += 1;
            let (Operation::Put(key, _) | Operation::Get(key)) = operation;
            history.begin(*client, *key);
        }
        Observed::Client { after, ended, .. } => history.step(after, *ended),
        Observed::Handled {
            after, cause: Cause::Asked { message: Some(Message::Put { key, held, .. }), .. }, ..
        } => {
            let replica: NodeId = after.id;
            history.change(*key, held.version, |write| write.reached.add(replica));
        }
        Observed::Answered { client, operation, answer, .. } => {
            history.now += 1;
            let (Operation::Put(key, _) | Operation::Get(key)) = operation;
            history.answer(*client, *key, **answer);
        }
        _ => {}
    }
}
