//! The protocols, a folder each. This registry is the one place that names them all.

use synod_engine::simulation::{Entry, entry};

pub mod raft;
pub mod store;

/// Every protocol that runs.
pub const ALL: &[Entry] = &[entry::<raft::Raft>()];
