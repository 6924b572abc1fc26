//! Versions: which of two is newer, and what a replica keeps under a key.

use std::fmt;

use synod_engine::names::ClientId;

use super::state::{Config, Conflict, FailedWrites};
use crate::store::Key;

/// When a write was made, by the clock of who sent it; who asked for it, and which of its commands it was, tell equal
/// times apart. The last two are its dot in vector clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    pub stamp: i64,
    pub client: ClientId,
    pub serial: u32,
    /// Which write of the run it is: for the eye, and behind what decides.
    pub number: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.stamp, self.client, self.serial)
    }
}

/// A vector clock: of each client, up to which of its commands it knows. In the order of the clients.
pub type Clock = Vec<(ClientId, u32)>;

/// Versions of other keys that must be there before.
pub type Needs = Vec<(Key, Version)>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// Nothing: a tombstone.
    pub value: Option<i64>,
    pub version: Version,
    /// Empty where the last writer wins.
    pub clock: Clock,
    pub needs: Needs,
}

/// What is kept under a key, the highest version first: one, or siblings that know nothing of each other; where
/// failed writes are taken back, also what lies below.
pub type Cell = Vec<Held>;

/// So many versions are kept where failed writes are taken back.
const DEEPEST: usize = 16;

pub fn known(clock: &Clock, client: ClientId) -> u32 {
    clock.iter().find(|(one, _)| *one == client).map_or(0, |(_, serial)| *serial)
}

pub fn learn(clock: &mut Clock, client: ClientId, serial: u32) {
    match clock.binary_search_by_key(&client, |(one, _)| *one) {
        Ok(at) => clock[at].1 = clock[at].1.max(serial),
        Err(at) => clock.insert(at, (client, serial)),
    }
}

impl Held {
    /// Whether it is this version, or one that stands for it.
    pub fn covers(&self, version: Version, config: &Config) -> bool {
        match config.conflict {
            Conflict::LastWriter => self.version >= version,
            Conflict::Siblings => self.version == version || known(&self.clock, version.client) >= version.serial,
        }
    }
}

pub fn covers(cell: &[Held], version: Version, config: &Config) -> bool {
    cell.iter().any(|held| held.covers(version, config))
}

/// Whether nothing of `other` is missing.
pub fn covers_all(cell: &[Held], other: &[Held], config: &Config) -> bool {
    other.iter().all(|held| covers(cell, held.version, config))
}

/// What counts of a cell: versions that no other stands for.
pub fn tops(cell: &[Held], config: &Config) -> Cell {
    let over = |held: &Held, other: &Held| other.version != held.version && other.covers(held.version, config);
    cell.iter().filter(|held| !cell.iter().any(|other| over(held, other))).cloned().collect()
}

/// Takes a version in. False where it was there, or something that stands for it.
pub fn merge(cell: &mut Cell, held: &Held, config: &Config) -> bool {
    let (there, covered) = (cell.iter().any(|one| one.version == held.version), covers(cell, held.version, config));
    let deep = config.failed_writes == FailedWrites::RolledBack;
    if there || (covered && !deep) {
        return false;
    }
    if !deep {
        cell.retain(|one| !held.covers(one.version, config));
    }
    put_in(cell, held);
    cell.truncate(DEEPEST);
    !covered
}

/// Takes in all of them.
pub fn merge_all(cell: &mut Cell, others: &[Held], config: &Config) {
    for held in others {
        merge(cell, held, config);
    }
}

/// Puts it in its place, whatever is there.
pub fn put_in(cell: &mut Cell, held: &Held) {
    let at = cell.iter().position(|one| one.version < held.version).unwrap_or(cell.len());
    cell.insert(at, held.clone());
}
