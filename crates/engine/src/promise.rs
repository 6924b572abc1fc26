//! What a protocol promises: under which configuration, and on what assumptions about the world.

use crate::names::NodeId;
use crate::order::SmallMap;
use crate::text::{Text, text};
use crate::units::Micros;

/// What a property may rest on besides the rules. Each is broken by inputs, and the engine sees when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assumption {
    /// Every node can reach every other: no partition, and no link is cut.
    NoPartition,
    /// No message between nodes is lost, by chance or by hand.
    NothingLost,
    /// No message is held up beyond its latency, and no node stands still.
    InTime,
    /// Clocks run within [`crate::protocol::Protocol::clock_bound`] of true time, and nobody sets one.
    ClocksWithin,
    /// Disks keep what was written to them.
    DisksKept,
    /// Messages of one link arrive in the order in which they were sent.
    LinksInOrder,
    /// Nobody crashes when some of those have its word to whom it goes, and others never get it. The protocol
    /// says of which word, and when ([`crate::protocol::Protocol::beyond`]).
    SentToAll,
    /// When all have failed, nobody goes on before the last to fail is back. The protocol says when.
    LastBack,
}

impl Assumption {
    /// Every assumption, in the order in which they are listed.
    pub const ALL: [Assumption; 8] = [
        Assumption::NoPartition,
        Assumption::NothingLost,
        Assumption::InTime,
        Assumption::ClocksWithin,
        Assumption::DisksKept,
        Assumption::LinksInOrder,
        Assumption::SentToAll,
        Assumption::LastBack,
    ];

    /// Its name across the rim.
    pub fn id(self) -> &'static str {
        match self {
            Assumption::NoPartition => "no-partition",
            Assumption::NothingLost => "nothing-lost",
            Assumption::InTime => "in-time",
            Assumption::ClocksWithin => "clocks-within",
            Assumption::DisksKept => "disks-kept",
            Assumption::LinksInOrder => "links-in-order",
            Assumption::SentToAll => "sent-to-all",
            Assumption::LastBack => "last-back",
        }
    }

    /// Its name for readers.
    pub fn name(self) -> Text {
        match self {
            Assumption::NoPartition => text("no partition", "没有网络分区"),
            Assumption::NothingLost => text("no message is lost", "消息不丢失"),
            Assumption::InTime => text("messages and nodes are in time", "消息和节点都不延误"),
            Assumption::ClocksWithin => text("clocks keep their bound", "时钟偏差不超出上限"),
            Assumption::DisksKept => text("disks keep what was written", "磁盘不丢数据"),
            Assumption::LinksInOrder => text("links keep their order", "链路先进先出"),
            Assumption::SentToAll => text("no crash between two sends", "没有节点在两次发送之间宕机"),
            Assumption::LastBack => {
                text("after a total failure, the last to fail is back", "全部宕机后，最后宕机者已恢复")
            }
        }
    }
}

/// Whether a configuration promises a property, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// What is not promised is watched all the same.
    pub promised: bool,
    /// What of the configuration makes it so.
    pub because: Text,
    /// What the promise rests on.
    pub assumes: &'static [Assumption],
}

const WHATEVER: Text = text("under every configuration", "在任何配置下");

impl Promise {
    /// Promised under every configuration.
    pub const fn always(assumes: &'static [Assumption]) -> Promise {
        Promise { promised: true, because: WHATEVER, assumes }
    }
    /// Promised by what this configuration says.
    pub const fn by(because: Text, assumes: &'static [Assumption]) -> Promise {
        Promise { promised: true, because, assumes }
    }
    /// Taken away by what this configuration says.
    pub const fn not(because: Text) -> Promise {
        Promise { promised: false, because, assumes: &[] }
    }
}

/// The faults of a run so far, for evidence: what was lost, late, cut, down, and since when.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Messages between nodes that were lost in any way.
    pub lost: u64,
    /// Messages that were held or delayed by hand.
    pub late: u64,
    /// The longest that a message between nodes takes or took, as the network has it.
    pub slowest_flight: Micros,
    /// The longest that a disk takes or took.
    pub slowest_write: Micros,
    /// Since when the network has been cut, by a partition or at any link, if it is now.
    pub cut: Option<Micros>,
    /// Nodes that are down, and since when.
    pub down: SmallMap<NodeId, Micros>,
    /// The first node whose clock went beyond its bound.
    pub clock_off: Option<NodeId>,
    /// The first node that lost its disk.
    pub wiped: Option<NodeId>,
    broken: SmallMap<Assumption, Micros>,
}

impl Faults {
    /// An assumption does not hold any more; its first time is kept.
    pub(crate) fn breaks(&mut self, assumption: Assumption, now: Micros) {
        if self.broken.get(assumption).is_none() {
            self.broken.insert(assumption, now);
        }
    }

    /// When an assumption was first broken, if it was.
    pub fn broken(&self, assumption: Assumption) -> Option<Micros> {
        self.broken.get(assumption).copied()
    }

    /// Which of these were broken.
    pub fn beyond(&self, assumes: &[Assumption]) -> Vec<Assumption> {
        assumes.iter().copied().filter(|assumption| self.broken(*assumption).is_some()).collect()
    }
}
