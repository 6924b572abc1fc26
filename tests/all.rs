//! Every test of whole protocols, by the file that it is in: `cargo test -p synod-tests registry::`.

mod broken_rules;
mod conditions;
mod form;
mod gossip;
mod judge;
mod lease;
mod lessons;
mod levels;
mod multi_paxos;
mod nwr;
mod paxos;
mod places;
mod promises;
mod raft;
mod registry;
mod reports;
mod rim;
mod sentences;
mod starts;
mod tallies;
mod three_phase_commit;
mod tidy;
mod two_phase_commit;
mod undo;
mod words;
mod zab;
