//! What replicas and clients keep, and what they say to each other.
//!
//! ```text
//! client -- Put(key, versions) --------> replicas     to all of them
//! client <- Stored --------------------- replica      W of them are enough
//! client -- Get(key) ------------------> replicas     to all of them, or R
//! client <- Found(versions) ------------ replica      R of them are enough; the newest counts
//! client -- Put(key, versions) --------> replicas     repair: what a read found, where it is missing
//!
//! client -- Put(..., hint) ------------> fallback     for a replica that does not answer
//! fallback -- Put(key, version) -------> replica      handed over; what is stored is dropped here
//! replica -- Digests ------------------> replica      anti-entropy
//! replica <- Values, Values -> --------- replica      of keys whose digests differ, both ways
//! client -- Undo(key) -----------------> replicas     a failed write is taken back
//! client -- Ask(order) ----------------> replica      that coordinates, where nodes do
//! client <- Told ----------------------- replica
//! ```

use rpds::RedBlackTreeMap;
use synod_engine::prelude::*;

use super::quest::Errand;
use super::version::{Cell, Clock, Held, Needs, Version};
use crate::store::Key;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conflict {
    LastWriter,
    Siblings,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailedWrites {
    Left,
    RolledBack,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Repair {
    None,
    Async,
    Wait,
}

/// Which replicas a client reads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Routing {
    Any,
    Primary,
    Window,
    Stamp,
    Hash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How many replicas there are.
    pub n: u32,
    pub fallbacks: u32,
    /// A write waits for so many.
    pub w: u32,
    /// A read waits for so many.
    pub r: u32,
    pub asks_all: bool,
    pub nodes_coordinate: bool,
    pub conflict: Conflict,
    pub repair: Repair,
    pub failed_writes: FailedWrites,
    /// How long tombstones are kept; 0 is for ever.
    pub tombstones: Micros,
    pub sloppy: bool,
    /// How often hints are handed over; 0 is never.
    pub handoff: Micros,
    /// How often replicas compare what they hold; 0 is never.
    pub anti_entropy: Micros,
    /// After so long others are asked, or the same again.
    pub timeout: Micros,
    pub routing: Routing,
    pub window: Micros,
    pub read_your_writes: bool,
    pub monotonic_reads: bool,
    pub monotonic_writes: bool,
    pub writes_follow_reads: bool,
}

impl Config {
    /// Whether nodes outside the home set may count.
    pub fn is_sloppy(&self) -> bool {
        self.sloppy && self.fallbacks > 0
    }
    /// Whether every write is to be stored by the first replica too.
    pub fn has_primary(&self) -> bool {
        matches!(self.routing, Routing::Primary | Routing::Window)
    }
}

/// Which half of which command something belongs to: an addition reads, and then writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag {
    pub client: ClientId,
    pub serial: u32,
    pub second: bool,
}

/// What is to be done, and what it must see or follow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    pub tag: Tag,
    pub key: Key,
    /// What is written; nothing of a read.
    pub write: Option<Held>,
    /// What a read must not fall behind.
    pub must: Vec<Version>,
    /// Replicas whose newest value is older than this do not answer.
    pub since: Option<i64>,
    /// Whether the first replica must be among those that are waited for.
    pub primary: bool,
    /// The replica that the request names.
    pub named: Option<NodeId>,
}

/// A replica keeps a cell a key. Cloning costs O(1).
pub type Registers = RedBlackTreeMap<Key, Cell>;

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    pub registers: Registers,
    /// Of a fallback: what it keeps for others.
    pub hints: RedBlackTreeMap<(NodeId, Key), Cell>,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    /// What it coordinates, or did last, the newest last.
    pub errands: Vec<Errand>,
    /// What cannot be stored before something else is.
    pub waiting: Vec<(Who, Message)>,
    /// With whom it compares next.
    pub turn: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    Client(ClientId),
    Node(NodeId),
}

/// What a client's session has seen so far, which lasts over its commands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Session {
    /// Of each key, the last of its own writes that was answered, and what it read last.
    pub wrote: Needs,
    pub read: Needs,
    /// Of each key, what it knows of: the context of its next write.
    pub contexts: Vec<(Key, Clock)>,
    /// When its last write was answered, by its own clock, and that write's stamp.
    pub last: Option<(i64, i64)>,
}

/// A client is at one command at a time. The last one stays to be seen.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Client {
    pub errand: Option<Errand>,
    /// Of an addition: how much, which of the run's writes it is, and what it starts from once it has read.
    pub adding: Option<Adding>,
    pub session: Session,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Adding {
    pub by: i64,
    pub number: u32,
    pub from: Option<Cell>,
}

/// What a version is stored for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    Write,
    Repair,
    /// It was kept for this replica, and is handed over.
    Handoff,
    /// It is kept for the replica that is named.
    Hint(NodeId),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    Put { tag: Tag, purpose: Purpose, key: Key, cell: Cell },
    Stored { tag: Tag, purpose: Purpose, key: Key, version: Version },
    Get { tag: Tag, key: Key, since: Option<i64> },
    Found { tag: Tag, cell: Cell },
    Undo { tag: Tag, key: Key },
    Digests(Vec<(Key, u32)>),
    Values { cells: Vec<(Key, Cell)>, back: bool },
    Ask(Box<Order>),
    Told { tag: Tag, answer: super::operation::Answer },
}

timers! {
    pub enum Timer {
        Timeout => ring(
            "timeout",
            text("client timeout", "客户端超时"),
            text("{node} has waited long enough.", "{node} 已等待足够久。"),
        ),
        Others(of: ClientId) => timer(
            "others",
            text("time to ask others", "另询他人"),
            text("{node} has not heard of enough.", "{node} 收到的响应还不够。"),
        ),
        Handoff => timer(
            "handoff",
            text("time to hand over", "移交提示"),
            text("{node} hands over what it keeps for others.", "{node} 移交它代存的值。"),
        ),
        Compare => timer(
            "compare",
            text("time to compare", "反熵时间"),
            text("{node} compares what it holds.", "{node} 比对所存的值。"),
        ),
        Purge => timer(
            "purge",
            text("tombstones are old", "墓碑到期"),
            text("{node} looks for old tombstones.", "{node} 检查到期的墓碑。"),
        ),
    }
}
