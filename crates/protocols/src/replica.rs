//! The state machine that a replicated log drives, with its clients' sessions (section 8 of the
//! Raft paper; 6.3 of the dissertation): a command is done once, however often it is retried.

use std::fmt;

use synod_engine::names::ClientId;
use synod_engine::shared::SharedList;

use crate::store::{Operation, Outcome, Store};

/// A place in a log, counted from 1.
pub type Index = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Command {
    pub client: ClientId,
    pub serial: u32,
    pub operation: Operation,
}

/// What a client is told, and the last index that had been applied when it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Answer {
    pub outcome: Outcome,
    pub index: Index,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.outcome.fmt(f)
    }
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Replica {
    pub store: Store,
    /// The latest serial number of each client, and what it was answered.
    pub sessions: SharedList<(u32, Answer)>,
}

impl Replica {
    /// The last serial number that was done for a client; 0 if none was.
    pub fn done(&self, client: ClientId) -> u32 {
        self.sessions.get(client.at()).map_or(0, |(serial, _)| *serial)
    }

    pub fn apply(&mut self, command: &Command, index: Index) {
        let answer = Answer { outcome: self.store.apply(command.operation), index };
        self.sessions.set(command.client.at(), (command.serial, answer));
    }

    /// What a client's command was answered, unless a later one of its commands has replaced it.
    pub fn answer(&self, client: ClientId, serial: u32) -> Option<Answer> {
        self.sessions.get(client.at()).filter(|(known, _)| *known == serial).map(|(_, answer)| *answer)
    }
}
