//! Inputs: all that anyone outside may do to a run. One type, from which the text form, the
//! object form and the recording are made.

use std::fmt::{self, Display};
use std::rc::Rc;

use crate::erased::Definition;
use crate::names::{ClientId, End, NodeId};
use crate::network::Latency;
use crate::places::{Places, Spot};
use crate::protocol::{OperationKind, TimerKind};
use crate::text::join;
use crate::units::{Micros, Ppm, print_decimal, print_ms};

/// Whom an input is about: a node, or all nodes that stand in a place when it is done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// This node.
    Node(NodeId),
    /// All nodes that stand in this place.
    Place(Rc<Spot>),
}

/// An end of messages: a node, a client, or all that stand in a place when the input is done.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// This node or client.
    End(End),
    /// All nodes and clients that stand in this place.
    Place(Rc<Spot>),
}

/// What an input does to this or that node, once it is settled who stands where. One that names a place is
/// as many of these as it takes.
pub type Deed = Input<NodeId, End>;

/// An input. `N` is how it names nodes and `E` how it names ends of messages; a place stands for all who are in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input<N = Who, E = Party> {
    /// `crash A`: the node loses its memory, its timers and what waits for it. It may be up or paused.
    Crash(N),
    /// The next handler of the node that sends more than so many messages is cut short behind the last of
    /// them, and the node goes down.
    CrashAfter(N, u32),
    /// `restart A`: a node that crashed boots with what its disk holds.
    Restart(N),
    /// `wipe A`: a node that crashed loses its disk too.
    Wipe(N),
    /// A node, or a client where a protocol brings machines of its own for them; so wherever an end is meant.
    Pause(E),
    /// `resume A`: its timers go on from where they stopped, and messages that waited are received.
    Resume(E),
    /// `partition A B | C D E`: sides that do not reach each other. Nodes that are not named are a side together.
    Partition(Vec<Vec<E>>),
    /// `heal`: every partition and every cut is gone.
    Heal,
    /// `cut A -> B`: messages of this link are lost, also those that are on their way.
    Cut(Link<N>),
    /// `mend A -> B`: takes a cut back.
    Mend(Link<N>),
    /// `drop #12`: the message is lost.
    Drop(Which<E>),
    /// `hold #12`: the message stands still until it is delivered or dropped by hand.
    Hold(Which<E>),
    /// `delay #12 50ms`: it arrives so much later.
    Delay(Which<E>, Micros),
    /// `duplicate #12`: a copy arrives just behind it.
    Duplicate(Which<E>),
    /// `deliver #12`: it arrives now; `deliver #12 in 20ms`: so much later, however long it would have taken.
    Deliver(Which<E>, Option<Micros>),
    /// `latency 10ms..20ms`, of all links, or of one: `latency A -> B 10ms..20ms`. For what is sent from now on.
    Latency(Latency, Option<(N, N)>),
    /// `loss 10%`: how likely the network is to lose a message that is sent from now on.
    Loss(Ppm),
    /// `duplication 5%`: how likely the network is to double a message that is sent from now on.
    Duplication(Ppm),
    /// The clock's rate against true time, as parts in a million faster or slower.
    Skew(E, i64),
    /// Microseconds ahead of, or behind, what the clock would read.
    Offset(E, i64),
    /// `fire A tell`: a timer that is set goes off now, by the id of its kind.
    Fire(E, &'static str),
    /// `request by C1 A add x 2`: a client asks.
    Request {
        /// The client that asks; left out, it is the first that waits for nothing, or a new one.
        client: Option<ClientId>,
        /// The one node that it may ask; left out, the client finds a node itself.
        node: Option<N>,
        /// The operation as it is typed, which the protocol reads.
        operation: String,
    },
    /// `join F`: the next node starts, of protocols whose nodes may change.
    Join(N),
    /// `leave A`: the node is gone for good.
    Leave(N),
    /// From now on it stands in this place.
    Move(N, Rc<Spot>),
}

/// A link, in one direction or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link<N = Who> {
    /// Where messages come from.
    pub from: N,
    /// Where they go.
    pub to: N,
    /// Whether the other direction is meant too.
    pub both: bool,
}

/// One message: by its number, or the first in flight of its kind on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Which<E = Party> {
    /// Its number, from 0 in the order in which messages were sent.
    Number(u64),
    /// The oldest in flight of a kind, from one end to another.
    First {
        /// The id of its [`crate::protocol::MessageKind`].
        kind: &'static str,
        /// Who sent it.
        from: E,
        /// To whom it goes.
        to: E,
    },
}

/// The words that a protocol and a run's places add to the grammar.
#[derive(Clone)]
pub struct Vocabulary {
    /// Its kinds of message, and the client's request and answer.
    pub kinds: Vec<&'static str>,
    /// Kinds of timer, of which `fire` names one.
    pub timers: &'static [TimerKind],
    /// What clients may ask, for the sentences that refuse what they may not.
    pub operations: &'static [OperationKind],
    /// Whose operations are parsed and printed back.
    pub protocol: &'static dyn Definition,
    /// The run's places; none where it has none.
    pub places: Vec<Rc<Spot>>,
}

impl Vocabulary {
    /// Of a run with these places, if it has any.
    pub fn of(protocol: &'static dyn Definition, places: Option<&Places>) -> Vocabulary {
        let about = protocol.about();
        let client = ["request", "answer"].into_iter().filter(|_| !about.clients);
        let kinds = about.messages.iter().map(|kind| kind.id).chain(client).collect();
        let places = places.map(|places| places.spots().to_vec()).unwrap_or_default();
        Vocabulary { kinds, timers: about.timers, operations: about.operations, protocol, places }
    }
    pub(crate) fn place(&self, id: &str) -> Option<&Rc<Spot>> {
        self.places.iter().find(|spot| spot.id == id)
    }
}

/// Every verb, as it is typed.
pub const VERBS: [&str; 24] = [
    "crash",
    "restart",
    "wipe",
    "pause",
    "resume",
    "partition",
    "heal",
    "cut",
    "mend",
    "drop",
    "hold",
    "delay",
    "duplicate",
    "deliver",
    "latency",
    "loss",
    "duplication",
    "skew",
    "offset",
    "fire",
    "request",
    "join",
    "leave",
    "move",
];

impl<N, E> Input<N, E> {
    /// The place of its verb in [`VERBS`]; also its tag in a recording.
    pub fn tag(&self) -> usize {
        match self {
            Input::Crash(_) | Input::CrashAfter(..) => 0,
            Input::Restart(_) => 1,
            Input::Wipe(_) => 2,
            Input::Pause(_) => 3,
            Input::Resume(_) => 4,
            Input::Partition(_) => 5,
            Input::Heal => 6,
            Input::Cut(_) => 7,
            Input::Mend(_) => 8,
            Input::Drop(_) => 9,
            Input::Hold(_) => 10,
            Input::Delay(..) => 11,
            Input::Duplicate(_) => 12,
            Input::Deliver(..) => 13,
            Input::Latency(..) => 14,
            Input::Loss(_) => 15,
            Input::Duplication(_) => 16,
            Input::Skew(..) => 17,
            Input::Offset(..) => 18,
            Input::Fire(..) => 19,
            Input::Request { .. } => 20,
            Input::Join(_) => 21,
            Input::Leave(_) => 22,
            Input::Move(..) => 23,
        }
    }

    /// The message that it is about, if it is about one.
    pub fn which(&self) -> Option<&Which<E>> {
        match self {
            Input::Drop(which)
            | Input::Hold(which)
            | Input::Delay(which, _)
            | Input::Duplicate(which)
            | Input::Deliver(which, _) => Some(which),
            _ => None,
        }
    }

    /// Its verb, as it is typed.
    pub fn verb(&self) -> &'static str {
        VERBS[self.tag()]
    }
}

impl From<NodeId> for Who {
    fn from(node: NodeId) -> Who {
        Who::Node(node)
    }
}

impl From<Who> for Party {
    fn from(who: Who) -> Party {
        match who {
            Who::Node(node) => Party::End(End::Node(node)),
            Who::Place(spot) => Party::Place(spot),
        }
    }
}

impl From<End> for Party {
    fn from(end: End) -> Party {
        Party::End(end)
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Node(node) => node.fmt(f),
            Who::Place(spot) => f.write_str(&spot.id),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Party::End(end) => end.fmt(f),
            Party::Place(spot) => f.write_str(&spot.id),
        }
    }
}

impl<E: Display> fmt::Display for Which<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Which::Number(number) => write!(f, "#{number}"),
            Which::First { kind, from, to } => write!(f, "{kind} {from} -> {to}"),
        }
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb())?;
        match self {
            Input::Crash(node) | Input::Restart(node) | Input::Wipe(node) | Input::Join(node) | Input::Leave(node) => {
                write!(f, " {node}")
            }
            Input::Pause(end) | Input::Resume(end) => write!(f, " {end}"),
            Input::CrashAfter(node, after) => {
                write!(f, " {node} after {after} {}", if *after == 1 { "send" } else { "sends" })
            }
            Input::Partition(groups) => {
                let group = |ends: &Vec<Party>| words(ends.iter());
                write!(f, " {}", join(&groups.iter().map(group).collect::<Vec<_>>(), " | "))
            }
            Input::Heal => Ok(()),
            Input::Cut(link) | Input::Mend(link) => {
                let arrow = if link.both { "<->" } else { "->" };
                write!(f, " {} {arrow} {}", link.from, link.to)
            }
            Input::Drop(which) | Input::Hold(which) | Input::Duplicate(which) | Input::Deliver(which, None) => {
                write!(f, " {which}")
            }
            Input::Deliver(which, Some(after)) => write!(f, " {which} in {}ms", print_ms(*after as i64)),
            Input::Delay(which, by) => write!(f, " {which} {}ms", print_ms(*by as i64)),
            Input::Latency(latency, link) => {
                if let Some((from, to)) = link {
                    write!(f, " {from} -> {to}")?;
                }
                let end = |micros: Micros| print_ms(micros as i64);
                write!(f, " {}ms..{}ms", end(latency.min), end(latency.max))
            }
            Input::Loss(part) | Input::Duplication(part) => {
                write!(f, " {}%", print_decimal(i64::from(*part) * 100))
            }
            Input::Skew(node, rate) => {
                let sign = if *rate >= 0 { "+" } else { "" };
                write!(f, " {node} {sign}{}%", print_decimal(rate * 100))
            }
            Input::Offset(node, by) => {
                let sign = if *by >= 0 { "+" } else { "" };
                write!(f, " {node} {sign}{}ms", print_ms(*by))
            }
            Input::Fire(node, timer) => write!(f, " {node} {timer}"),
            Input::Move(node, spot) => write!(f, " {node} {}", spot.id),
            Input::Request { client, node, operation } => {
                if let Some(client) = client {
                    write!(f, " by {client}")?;
                }
                if let Some(node) = node {
                    write!(f, " {node}")?;
                }
                write!(f, " {operation}")
            }
        }
    }
}

fn words(items: impl Iterator<Item = impl ToString>) -> String {
    join(&items.map(|item| item.to_string()).collect::<Vec<_>>(), " ")
}
