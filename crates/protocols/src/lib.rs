//! The protocols, a folder each. This registry is the one place that names them all.

use synod_engine::simulation::{Entry, entry};

mod fields;
pub mod gossip;
pub mod locked_acceptor;
pub mod multi_paxos;
mod node_set;
pub mod paxos;
mod propose;
pub mod raft;
pub mod replica;
pub mod store;
mod word;

/// Every protocol that runs.
pub const ALL: &[Entry] = &[
    entry::<raft::Raft>(),
    entry::<paxos::Paxos>(),
    entry::<locked_acceptor::LockedAcceptor>(),
    entry::<multi_paxos::MultiPaxos>(),
    entry::<gossip::Gossip>(),
];
