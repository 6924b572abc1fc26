//! What each side keeps and says.
//!
//! ```text
//! proposer -- Prepare ---------> acceptor      asks for the lock
//! proposer <- Locked(value) ---- acceptor      has it, and learns what is decided, if anything
//! proposer <- Busy ------------- acceptor      somebody else has it
//! proposer -- Accept(value) ---> acceptor      decides, and gives the lock back
//! proposer -- Release ---------> acceptor      gives the lock back
//! proposer <- Decided(value) --- acceptor
//! ```

use synod_engine::prelude::*;

use crate::word::Word;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How long a proposer waits for an answer, or after being told that the lock is taken.
    pub retry: Micros,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    pub value: Option<Word>,
    pub lock: Option<NodeId>,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    pub phase: Phase,
    pub wants: Option<Word>,
    pub clients: Vec<(ClientId, u32)>,
    pub known: Option<Word>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Phase {
    #[default]
    Idle,
    Locking,
    Accepting,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Message {
    Prepare,
    Locked(Option<Word>),
    Busy,
    Accept(Word),
    Release,
    Decided(Word),
}

timers! {
    pub enum Timer {
        Retry => ring("retry", text("timeout", "超时"), text("{node} has waited long enough.", "{node} 已等待足够久。")),
    }
}
