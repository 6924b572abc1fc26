//! What happened, record by record. Records are small numbers; their sentences are made when
//! somebody reads them.

use crate::erased::{About, Definition};
use crate::frame::message_kind;
use crate::input::Input;
use crate::names::{End, NodeId};
use crate::protocol::{Glyph, Rule, Standing, Tone};
use crate::text::{Says, Text, text};
pub(crate) use crate::told::Size;
use crate::told::{Known, sentence};
use crate::units::Micros;
use crate::value::Value;

/// The number of a record. Records of one branch are numbered without gaps.
pub type Seq = u64;
/// "No record": what has no cause, or no message.
pub const NONE: u64 = u64::MAX;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub seq: Seq,
    pub time: Micros,
    pub cause: Seq,
    pub message: u64,
    pub nodes: u64,
    pub node: Option<NodeId>,
    pub peer: Option<End>,
    pub epoch: u32,
    pub a: u32,
    pub what: What,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// A message of this kind arrived.
    Deliver {
        kind: u16,
    },
    /// A message arrived at a node that is paused, and waits for it.
    Wait {
        kind: u16,
    },
    Timer {
        kind: u16,
    },
    /// A message reached a link's end, and waits for those before it on that link.
    Behind {
        kind: u16,
    },
    /// What a paused node forced is on its disk.
    Written,
    /// What an input announced came to pass: the node went down in the middle of a handler, after so many sends.
    Fell {
        after: u32,
    },
    /// A client's time-out or pause ended.
    Wake,
    /// The input at this place in the branch was done; `refused` when it was not valid then.
    Input {
        place: u32,
        refused: bool,
    },
    Lost {
        kind: u16,
        why: Loss,
    },
    Rule(&'static Rule),
    Violation {
        invariant: u16,
    },
}

/// Why a message never arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// The network lost it by chance.
    Network,
    /// Its link was cut, or a partition parted its ends.
    Cut,
    /// Its receiver was down, or went down while it waited there.
    Down,
    /// It was dropped by hand.
    Dropped,
}

impl What {
    pub fn id(&self) -> &'static str {
        match self {
            What::Deliver { .. } | What::Wait { .. } | What::Behind { .. } => "deliver",
            What::Timer { .. } | What::Wake | What::Written => "timer",
            What::Input { .. } | What::Fell { .. } => "input",
            What::Lost { .. } => "lost",
            What::Rule(_) => "rule",
            What::Violation { .. } => "violation",
        }
    }
}

/// A message whose flight is over.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    /// Its number, in the order in which messages were sent.
    pub id: u64,
    /// Who sent it.
    pub from: End,
    /// To whom it went.
    pub to: End,
    /// The place of its kind in the protocol's messages; behind them are a client's request and its answer.
    pub kind: u16,
    /// How it was drawn.
    pub tone: Tone,
    /// Whether it was steady traffic.
    pub quiet: bool,
    /// The epoch that it spoke of.
    pub epoch: u32,
    /// When it was sent.
    pub sent: Micros,
    /// When it arrived or would have.
    pub arrives: Micros,
    /// When its flight was over.
    pub ended: Micros,
    /// Why it was lost, if it was.
    pub lost: Option<Loss>,
    /// The number of the message that it was a copy of, or [`NONE`].
    pub copy_of: u64,
}

/// A node came to stand otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// Since when.
    pub time: Micros,
    /// Which node.
    pub node: NodeId,
    /// Whether it runs.
    pub status: Status,
    /// Its role, epoch and mark.
    pub standing: Standing,
}

/// Whether a node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// It runs.
    Up,
    /// It crashed, and may be started again.
    Crashed,
    /// It stands still: its timers are stopped, and messages wait for it.
    Paused,
    /// It left the cluster for good.
    Gone,
}

impl Status {
    /// Its name across the rim, where one that left is as one that crashed.
    pub fn id(self) -> &'static str {
        match self {
            Status::Up => "up",
            Status::Crashed | Status::Gone => "crashed",
            Status::Paused => "paused",
        }
    }
}

/// A write to a disk that is over: safe, or lost in a crash.
#[derive(Clone, Copy, Debug)]
pub struct Write {
    /// Whose disk it was.
    pub node: NodeId,
    /// When it was asked for.
    pub from: Micros,
    /// When it was safe or lost; of one that is on its way, when it will be safe.
    pub until: Micros,
}

/// Something to see in the overview over the whole run.
#[derive(Clone, Copy, Debug)]
pub struct Marked {
    /// When it happened.
    pub time: Micros,
    /// The place of its row in [`Meta::rows`](crate::protocol::Meta::rows).
    pub row: u16,
    /// Its shape.
    pub glyph: Glyph,
    /// The epoch that it is of.
    pub epoch: u32,
    /// The number that its rule noted.
    pub a: u32,
    /// At whom.
    pub node: NodeId,
}

/// What the world writes while it runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recorder {
    pub records: Vec<Record>,
    pub past: Vec<Past>,
    pub changes: Vec<Change>,
    pub marks: Vec<Marked>,
    pub writes: Vec<Write>,
}

impl Recorder {
    pub fn bytes(&self) -> usize {
        self.records.len() * size_of::<Record>()
            + self.past.len() * size_of::<Past>()
            + self.changes.len() * size_of::<Change>()
            + self.marks.len() * size_of::<Marked>()
            + self.writes.len() * size_of::<Write>()
    }
    /// Adds what another one holds, in its order.
    pub fn extend(&mut self, more: &Recorder) {
        self.records.extend_from_slice(&more.records);
        self.past.extend_from_slice(&more.past);
        self.changes.extend_from_slice(&more.changes);
        self.marks.extend_from_slice(&more.marks);
        self.writes.extend_from_slice(&more.writes);
    }
    pub fn clear(&mut self) {
        self.records.clear();
        self.past.clear();
        self.changes.clear();
        self.marks.clear();
        self.writes.clear();
    }
}

const REFUSED: Text = text("Not possible then: {input}", "当时不能这样做：{input}");
const BEHIND: Text =
    text("At {to}, {kind} from {from} must wait for those before it.", "{from} 的{kind}已到 {to}，要等前面的消息。");
const WRITTEN: Text =
    text("The disk of {node} has written; {node} itself is paused.", "{node} 的磁盘已写完，但 {node} 已暂停。");
const FELL: Text = text("{node} crashes after {n} {n:send|sends}.", "{node} 在发送 {n} 条后宕机。");
const WOKEN: Text = text("{peer} has waited long enough.", "{peer} 等待已久。");

/// The sentence for a record of a cluster of this size. `input` is the one that it tells of, if
/// any.
pub(crate) fn says(protocol: &dyn Definition, size: Size, record: &Record, input: Option<&Input>) -> Says {
    let about = protocol.about();
    let mut node = Says::same(record.node.map_or_else(String::new, |node| node.to_string()));
    let mut peer = Says::same(record.peer.map_or_else(String::new, |peer| peer.to_string()));
    if record.is_of_client() {
        std::mem::swap(&mut node, &mut peer);
    }
    let epoch = about.meta.epoch_named.fill(&[("n", Says::same(record.epoch))]);
    let kind = |kind: u16| message_kind(about, kind).name.says();
    // A client's end of a message is always the peer, whichever way the message goes.
    let ends = |kind: u16| {
        if record.goes_to_client(kind, about) { (peer.clone(), node.clone()) } else { (node.clone(), peer.clone()) }
    };
    match record.what {
        What::Deliver { kind: k } => {
            let (to, from) = ends(k);
            text("{to} receives {kind} from {from}.", "{to} 收到 {from} 的{kind}。").fill(&[
                ("to", to),
                ("from", from),
                ("kind", kind(k)),
            ])
        }
        What::Wait { kind: k } => {
            let (to, from) = ends(k);
            text("{node} is paused, so {kind} from {peer} must wait.", "{node} 已暂停，{peer} 的{kind}在等待。")
                .fill(&[("node", to), ("peer", from), ("kind", kind(k))])
        }
        What::Timer { kind } => about.timers[usize::from(kind)].says.fill(&[("node", node), ("epoch", epoch)]),
        What::Behind { kind: k } => {
            let (to, from) = ends(k);
            BEHIND.fill(&[("to", to), ("from", from), ("kind", kind(k))])
        }
        What::Written => WRITTEN.fill(&[("node", node)]),
        What::Fell { after } => FELL.fill(&[("node", node), ("n", Says::same(after))]),
        What::Wake => WOKEN.fill(&[("peer", peer)]),
        What::Input { refused, .. } => {
            let client = record.peer.and_then(End::client).filter(|_| record.message == NONE);
            let message = record.about_message(about);
            let listed = matches!(input, Some(Input::Partition(_))).then_some(record.a);
            let known = Known { about, size, client, message, listed };
            let input = input.map_or_else(Says::default, |input| sentence(input, &known));
            if refused { REFUSED.fill(&[("input", input)]) } else { input }
        }
        What::Lost { kind: k, why } => {
            let (to, from) = ends(k);
            lost(why).fill(&[("node", to), ("peer", from), ("kind", kind(k))])
        }
        What::Rule(rule) => rule.says.fill(&[
            ("node", node),
            ("peer", peer),
            ("epoch", epoch),
            ("a", Says::same(record.a)),
            ("nodes", set(record.nodes)),
        ]),
        What::Violation { invariant } => {
            let title = protocol.properties()[usize::from(invariant)].title.says();
            text("{title} is broken.", "“{title}”被破坏。").fill(&[("title", title)])
        }
    }
}

fn lost(why: Loss) -> Text {
    match why {
        Loss::Network => {
            text("The network loses {kind} from {peer} to {node}.", "网络丢失了 {peer} 发给 {node} 的{kind}。")
        }
        Loss::Cut => text(
            "{node} is cut off and never receives {kind} from {peer}.",
            "链路已断，{node} 收不到 {peer} 的{kind}。",
        ),
        Loss::Down => text("{node} is down and misses {kind} from {peer}.", "{node} 已宕机，收不到 {peer} 的{kind}。"),
        Loss::Dropped => text("{node} never receives {kind} from {peer}.", "{node} 收不到 {peer} 的{kind}。"),
    }
}

fn set(nodes: u64) -> Says {
    let names: Vec<String> = (0..64).filter(|n| nodes >> n & 1 == 1).map(|n| NodeId(n).to_string()).collect();
    Says::list(&names)
}

impl Record {
    /// Whether it tells of a message that goes to a client. Of a protocol's own kinds its sender notes it.
    fn goes_to_client(&self, kind: u16, about: &About) -> bool {
        usize::from(kind) > about.messages.len() || self.nodes == 1
    }
    /// Whether it tells what a client that is a machine of its own did: a node is then only what it noted.
    fn is_of_client(&self) -> bool {
        let of_client = matches!(self.peer, Some(End::Client(_)));
        of_client && matches!(self.what, What::Rule(_) | What::Timer { .. })
    }
    /// Of an input about a message: its kind and its ends. As everywhere, a client's end is the peer.
    fn about_message(&self, about: &About) -> Option<(u16, End, End)> {
        let (peer, node) = (self.peer?, self.node.map(End::Node));
        let kind = self.a as u16;
        let to_client = self.goes_to_client(kind, about);
        let (from, to) = if to_client { (node?, peer) } else { (peer, node?) };
        (self.message != NONE).then_some((kind, from, to))
    }
}

/// The record as it goes across the rim.
pub(crate) fn value(protocol: &dyn Definition, size: Size, record: &Record, input: Option<&Input>) -> Value {
    let number = |n: u64| {
        if n == NONE { Value::Null } else { Value::count(n) }
    };
    let rule = match record.what {
        What::Rule(rule) => Value::word(rule.id),
        _ => Value::Null,
    };
    // An input about a message is done to the network and not at a node.
    let on_message = matches!(record.what, What::Input { .. }) && record.message != NONE;
    Value::map([
        ("seq", Value::count(record.seq)),
        ("time", Value::ms(record.time)),
        (
            "node",
            Value::or_null(record.node.filter(|_| !on_message && !record.is_of_client()), |node| Value::count(node.0)),
        ),
        ("what", Value::word(record.what.id())),
        ("rule", rule),
        ("message", number(record.message)),
        ("cause", number(record.cause)),
        ("epoch", Value::count(record.epoch)),
        ("says", Value::says(&says(protocol, size, record, input))),
    ])
}
