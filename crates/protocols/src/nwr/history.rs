//! What happened, for properties that the state alone cannot decide: which writes were begun, answered and given
//! up, in which order, what reads that began after them were told, and what each client had seen by then.

use rpds::RedBlackTreeMap;
use synod_engine::client::Outcome;
use synod_engine::prelude::*;
use synod_engine::protocol::Cause;

use super::operation::{Answer, Operation};
use super::quest::Errand;
use super::state::*;
use super::version::{Cell, Held, Needs, Version, covers, merge, merge_all};
use super::{Nwr, rules};
use crate::node_set::NodeSet;
use crate::store::Key;

/// A moment in the order of what clients did.
type Moment = u64;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Write {
    pub key: Key,
    pub held: Held,
    pub begun: Moment,
    pub answered: Option<Moment>,
    pub failed: bool,
    /// Replicas that it reached.
    pub reached: NodeSet,
    /// What its client had written before, and what it had read: of other keys.
    pub wrote: Needs,
    pub read: Needs,
    /// Of an addition: what it starts from.
    pub base: Option<Vec<Version>>,
}

/// What is known of a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Known {
    /// When the write began that began last of those that were answered.
    pub newest_begun: Moment,
    /// The newest of all answered writes, and the newest that an answered read was told.
    pub answered: Cell,
    pub read: Cell,
    /// The last answered writes, the newest last, by their numbers.
    pub recent: Vec<u32>,
}

/// So many answered writes of a key are compared with the next: those before them are not.
const RECENT: usize = 16;

/// A read, and what was known when it began.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Began {
    pub key: Key,
    pub at: Moment,
    pub newest_begun: Moment,
    pub answered: Cell,
    pub read: Cell,
    /// What its own client had written of this key, and read.
    pub wrote: Vec<Version>,
    pub seen: Vec<Version>,
}

/// What the last event was, as properties ask for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Last {
    #[default]
    Other,
    /// A write was answered: its number.
    Written(u32),
    /// A read was answered.
    Read(ClientId, Cell),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    now: Moment,
    /// By their numbers.
    pub writes: RedBlackTreeMap<u32, Write>,
    pub keys: RedBlackTreeMap<Key, Known>,
    /// What each client began last.
    pub began: RedBlackTreeMap<ClientId, Began>,
    /// What each client wrote last of each key, and read last.
    sessions: RedBlackTreeMap<ClientId, (Needs, Needs)>,
    pub last: Last,
    pub reads: u64,
    pub answered: u64,
    /// When a replica last changed what it holds, was started, or could not be reached.
    pub stirred: Micros,
}

fn of(needs: &Needs, key: Key) -> Vec<Version> {
    needs.iter().filter(|(one, _)| *one == key).map(|(_, version)| *version).collect()
}

fn others(needs: &Needs, key: Key) -> Needs {
    needs.iter().filter(|(one, _)| *one != key).copied().collect()
}

impl History {
    pub fn write(&self, version: Version) -> Option<&Write> {
        self.writes.get(&version.number).filter(|write| write.held.version == version)
    }
    /// The read that the last event answered.
    pub fn read(&self) -> Option<(ClientId, &Began, &Cell)> {
        match &self.last {
            Last::Read(client, found) => Some((*client, self.began.get(client)?, found)),
            _ => None,
        }
    }
    pub fn written(&self) -> Option<&Write> {
        match self.last {
            Last::Written(number) => self.writes.get(&number),
            _ => None,
        }
    }

    fn change(&mut self, number: u32, change: impl FnOnce(&mut Write)) {
        if let Some(write) = self.writes.get_mut(&number) {
            change(write);
        }
    }

    fn known(&mut self, key: Key, change: impl FnOnce(&mut Known)) {
        let mut known = self.keys.get(&key).cloned().unwrap_or_default();
        change(&mut known);
        self.keys.insert_mut(key, known);
    }

    fn session(&mut self, client: ClientId, change: impl FnOnce(&mut (Needs, Needs))) {
        let mut session = self.sessions.get(&client).cloned().unwrap_or_default();
        change(&mut session);
        self.sessions.insert_mut(client, session);
    }

    fn begin(&mut self, client: ClientId, key: Key) {
        self.now += 1;
        let known = self.keys.get(&key).cloned().unwrap_or_default();
        let (wrote, seen) =
            self.sessions.get(&client).map(|(wrote, read)| (of(wrote, key), of(read, key))).unwrap_or_default();
        let Known { newest_begun, answered, read, .. } = known;
        self.began.insert_mut(client, Began { key, at: self.now, newest_begun, answered, read, wrote, seen });
    }

    /// A write is seen for the first time where it is sent from.
    fn note_write(&mut self, errand: &Errand, base: Option<&Cell>) {
        let Some(held) = errand.order.write.clone().filter(|_| errand.by.is_none()) else { return };
        let (tag, key, number) = (errand.order.tag, errand.order.key, held.version.number);
        if self.writes.contains_key(&number) {
            return;
        }
        let begun = if tag.second { self.now } else { self.began.get(&tag.client).map_or(self.now, |began| began.at) };
        let (wrote, read) = self.sessions.get(&tag.client).cloned().unwrap_or_default();
        let (wrote, read) = (others(&wrote, key), others(&read, key));
        let base = base.map(|cell| cell.iter().map(|held| held.version).collect());
        let write =
            Write { key, held, begun, answered: None, failed: false, reached: NodeSet::default(), wrote, read, base };
        self.writes.insert_mut(number, write);
    }

    fn written_by(&mut self, client: ClientId, version: Version, config: &Config) {
        self.now += 1;
        self.answered += 1;
        let (now, number) = (self.now, version.number);
        self.change(number, |write| write.answered = Some(now));
        let Some(Write { key, held, begun, .. }) = self.writes.get(&number).cloned() else { return };
        self.known(key, |known| {
            known.newest_begun = known.newest_begun.max(begun);
            merge(&mut known.answered, &held, config);
            known.recent.push(number);
            let more = known.recent.len().saturating_sub(RECENT);
            known.recent.drain(..more);
        });
        self.session(client, |(wrote, _)| {
            wrote.retain(|(one, _)| *one != key);
            wrote.extend(is_kept(&held, config).then_some((key, version)));
        });
        self.last = Last::Written(number);
    }

    fn found_by(&mut self, client: ClientId, key: Key, found: &Cell, config: &Config) {
        self.now += 1;
        self.reads += 1;
        self.known(key, |known| merge_all(&mut known.read, found, config));
        self.session(client, |(_, read)| {
            read.retain(|(one, _)| *one != key);
            read.extend(found.iter().filter(|held| is_kept(held, config)).map(|held| (key, held.version)));
        });
        self.last = Last::Read(client, found.clone());
    }

    /// What a client's machine did: its first step tells the version of a write, its last that it gave up.
    fn step(&mut self, id: ClientId, client: &Client, ended: Option<Outcome>, added: bool, config: &Config) {
        let Some(errand) = &client.errand else { return };
        let base = client.adding.as_ref().and_then(|adding| adding.from.as_ref());
        if let Some(found) = base.filter(|_| added) {
            self.found_by(id, errand.order.key, found, config);
        }
        self.note_write(errand, base);
        if ended.is_some_and(|outcome| outcome != Outcome::Ok) && errand.order.write.is_some() {
            self.change(errand.number(), |write| write.failed = true);
        }
    }
}

/// Deletions that replicas may forget ask for nothing.
fn is_kept(held: &Held, config: &Config) -> bool {
    held.value.is_some() || config.tombstones == 0
}

/// What any replica holds of a key that counts.
pub fn newest_stored(cluster: Cluster<Nwr>, key: Key) -> Option<Version> {
    let cells = cluster.nodes().iter().filter_map(|node| node.durable.registers.get(&key));
    cells.flatten().map(|held| held.version).max()
}

/// Whether a replica has a version, or what stands for it.
pub fn has(node: &Node<Nwr>, key: Key, version: Version, config: &Config) -> bool {
    node.durable.registers.get(&key).is_some_and(|cell| covers(cell, version, config))
}

pub fn observe(history: &mut History, seen: &Observed<Nwr>, cluster: Cluster<Nwr>) {
    history.last = Last::Other;
    // What lies below what counts is of no interest here.
    let config = Config { failed_writes: FailedWrites::Left, ..*cluster.config() };
    if cluster.faults().cut.is_some() {
        history.stirred = cluster.now();
    }
    match seen {
        Observed::Asked { client, operation, .. } => history.begin(*client, operation.key()),
        Observed::Client { client, after, ended, said, .. } => {
            history.step(*client, after, *ended, said.fired(&rules::ADD), &config);
        }
        Observed::Handled { before, after, cause, said, time, .. } => {
            for errand in &after.volatile.errands {
                let base =
                    cluster.clients().get(errand.order.tag.client.at()).and_then(|client| client.adding.as_ref());
                history.note_write(errand, base.and_then(|adding| adding.from.as_ref()));
            }
            for (_, noted) in said.rules_noting().filter(|(rule, _)| is_stored(rule)) {
                history.change(noted.a, |write| write.reached.add(after.id));
            }
            if matches!(cause, Cause::Boot) || before.0 != after.durable.registers {
                history.stirred = *time;
            }
        }
        Observed::Fell { .. } => history.stirred = cluster.now(),
        Observed::Answered { client, operation, answer, .. } => match answer {
            Answer::Stored(version) | Answer::Added(_, version) => history.written_by(*client, *version, &config),
            Answer::Found(found) => history.found_by(*client, Operation::key(operation), found, &config),
        },
        _ => {}
    }
}

fn is_stored(rule: &Rule) -> bool {
    [&rules::STORE, &rules::KEEP, &rules::KEEP_HINT].iter().any(|one| one.id == rule.id)
}
