//! What a protocol is to the engine: types, handlers, and constants that describe it.

use std::fmt::Display;
use std::hash::Hash;
use std::str::FromStr;

pub use crate::client_cx::{ClientCx, ClientView, Command};
use crate::cx::Cx;
pub use crate::desk::*;
use crate::error::Why;
pub use crate::meta::*;
use crate::names::{ClientId, NodeId};
pub use crate::observed::*;
use crate::options::{Opt, Setting, Settings};
use crate::profile::Flights;
use crate::promise::{Assumption, Promise};
use crate::quorum::{Decision, Quorum};
use crate::rng::Chance;
use crate::roster::Roster;
use crate::text::{Says, Text};
use crate::timers::Timers;
use crate::units::{Micros, Ppm};
pub use crate::view::*;

/// A protocol. Its handlers see [`Cx`] and their own node, and nothing else of the world.
pub trait Protocol: Sized + Clone + Hash + 'static {
    /// What the catalog presents: names, roles, sizes.
    const META: Meta;
    /// The paper's actions: every rule that a handler names with [`Cx::fire`].
    const RULES: &'static [&'static Rule];
    /// Rules that can be broken on purpose, one guard each.
    const MUTANTS: &'static [&'static Mutant];
    /// What must hold after every event, in the order in which it is presented.
    const INVARIANTS: &'static [Invariant<Self>];
    /// What a configuration may set.
    const OPTIONS: &'static [Opt];
    /// The kinds of its messages: [`Summary::kind`] is a place in it.
    const MESSAGES: &'static [MessageKind];
    /// What clients may ask.
    const OPERATIONS: &'static [OperationKind];
    /// Runs that are ready to be looked at.
    const STARTS: &'static [Start] = &[];
    /// What options cost and bring, as charts that are measured by running the protocol.
    const SWEEPS: &'static [Sweep] = &[];
    /// Runs in which a promise breaks because an assumption was broken, or in which something that the
    /// configuration does not promise does not hold: one for each such sentence of the page.
    const BREAKS: &'static [Breaks] = &[];
    /// What random runs mix in, since single inputs rarely make it by chance: inputs, a line each, and waits
    /// (`+20ms`, `+0..90ms`, and `until grant-vote`: till this rule fires, for a while); `whole` mends the network
    /// and has everybody run. A word with a question mark is filled in: `?leader` with a node in this role, or of this group (all, where nobody has a group of
    /// their own), `?node` and `?other` with any; a number tells several apart (`?follower`, `?follower2`). Each
    /// stays the same to the end, and no two are one node. `rest` are those that the line does not name, `?sides`
    /// a way to part all, `?n` a few, `?operation` what [`Protocol::draw_operation`] gives. A line that cannot
    /// be done is left out.
    const STORIES: &'static [&'static str] = &[];
    /// The states that a machine may be in with an epoch, where its part in it has states: those that were seen together
    /// are kept.
    const STATES: &'static [StateKind] = &[];
    /// Sizes and options that the lab has on its desk, with what [`Protocol::checks`] says of them.
    const DESK: Option<Desk> = None;
    /// Charts of many trials: see [`Protocol::odds`].
    const ODDS: &'static [Odds] = &[];
    /// Whether any property has a [`Protocol::deadline`].
    const DEADLINES: bool = false;
    /// Whether observers want to see the message that set a handler off; it costs a copy of each.
    const SHOWS_MESSAGES: bool = false;
    /// Whether a disk keeps only what was forced ([`Cx::force`]): a crash takes the rest. Where it is false,
    /// whatever a handler writes to `durable` is safe at once.
    const FORCED: bool = false;
    /// Whether its times are of seconds and not of a few flights: then a run is watched in real time.
    const SECONDS: bool = false;
    /// Whether the protocol brings machines of its own for clients. Where it is false, clients are the engine's: each
    /// asks one node, is redirected, and retries.
    const CLIENTS: bool = false;

    /// A run's configuration, made once from its settings; handlers cannot change it.
    type Config: Clone + Hash;
    /// What survives a crash.
    type Durable: Clone + Default + Hash;
    /// What does not. Its default is the empty memory of a machine that is down.
    type Volatile: Clone + Default + Hash;
    /// What nodes send one another, and clients that are machines of their own.
    type Message: Clone + Hash;
    /// A client's machine, which lasts over its commands: `()` where the protocol brings none.
    type Client: Clone + Default + Hash;
    /// Made by [`crate::timers!`]. Setting a timer again replaces it.
    type Timer: Timers;
    /// What a client may ask, printed back as it was typed. Its parse error says what is right.
    type Operation: Clone + Hash + FromStr<Err = Why> + Display;
    /// What a client is told.
    type Answer: Clone + Hash + Display;
    /// What invariants need to know of a node as it was before an event. Made for every event,
    /// so it copies no more than that.
    type Before;
    /// What happened, for invariants that state alone cannot decide. No handler can read it.
    type History: Clone + Default + Hash;

    /// The configuration that the options' settings make.
    fn configure(settings: &Settings) -> Self::Config;
    /// Settings that are usual for so many machines, by their options' ids, where they are not the options' own.
    fn usual_for(_roster: &Roster) -> Vec<(&'static str, Setting)> {
        Vec::new()
    }
    /// The configuration of a cluster of so many machines: where numbers of it are theirs.
    fn configure_for(config: Self::Config, _roster: &Roster) -> Self::Config {
        config
    }
    /// Whether links are to be first in, first out. `broken` tells of a mutant whether it is on.
    fn in_order(_config: &Self::Config, _broken: &dyn Fn(&Mutant) -> bool) -> bool {
        false
    }
    /// Refuses settings that only make sense together. `slowest` is the longest flight of a
    /// message.
    fn check_config(_config: &Self::Config, _roster: &Roster, _slowest: Micros) -> Result<(), Why> {
        Ok(())
    }
    /// Refuses settings that do not fit the longest round trip between places, and says what would. Asked only
    /// where a configuration has places.
    fn check_trips(_config: &Self::Config, _longest: Micros) -> Result<(), Why> {
        Ok(())
    }
    /// A machine starts with what its disk holds. May write `durable`: that is how a machine
    /// that forgets is built.
    fn boot(durable: &mut Self::Durable, cx: &mut Cx<Self>) -> Self::Volatile;
    /// A node receives a message of another node.
    fn on_message(node: &mut Node<Self>, from: NodeId, message: Self::Message, cx: &mut Cx<Self>);
    /// A timer of the node goes off, or what it forced with this timer is safe on its disk.
    fn on_timer(node: &mut Node<Self>, timer: Self::Timer, cx: &mut Cx<Self>);
    /// A node is asked by one of the engine's clients, perhaps not for the first time: see [`Request::serial`].
    fn on_request(_node: &mut Node<Self>, _request: Request<Self>, _cx: &mut Cx<Self>) {
        const { assert!(Self::CLIENTS, "a node is asked by the engine's clients, or by those that the protocol brings") }
    }
    /// A node hears from a client that is a machine of its own.
    fn on_asked(_node: &mut Node<Self>, _from: ClientId, _message: Self::Message, _cx: &mut Cx<Self>) {
        const { assert!(!Self::CLIENTS, "clients of the protocol's own send messages to nodes") }
    }
    /// A client takes up a command.
    fn on_client_request(_client: &mut Self::Client, _command: Command<Self>, _cx: &mut ClientCx<Self>) {
        const { assert!(!Self::CLIENTS, "clients of the protocol's own take up commands") }
    }
    /// A client hears from a node.
    fn on_client_message(_client: &mut Self::Client, _from: NodeId, _message: Self::Message, _cx: &mut ClientCx<Self>) {
        const { assert!(!Self::CLIENTS, "clients of the protocol's own hear from nodes") }
    }
    /// A timer of the client goes off.
    fn on_client_timer(_client: &mut Self::Client, _timer: Self::Timer, _cx: &mut ClientCx<Self>) {
        const { assert!(!Self::CLIENTS, "clients of the protocol's own give up at last") }
    }

    /// What a client asks in a random run, drawn so that one request has to do with another: few keys, few
    /// values. Usual is one of the examples, with another number if it ends in one.
    fn draw_operation(chance: &mut Chance, _roster: &Roster) -> String {
        let example = chance.pick(Self::OPERATIONS).example;
        match example.rsplit_once(' ') {
            Some((before, last)) if last.parse::<i64>().is_ok() => format!("{before} {}", chance.between(1, 7)),
            _ => example.to_string(),
        }
    }

    /// What one of the engine's clients keeps of an answer and shows with its next commands; of several it keeps the
    /// greatest. 0 is nothing.
    fn receipt(_answer: &Self::Answer) -> u64 {
        0
    }
    /// How a receipt reads to people, beside the client that keeps it.
    fn receipt_says(_receipt: u64) -> Says {
        Says::default()
    }
    /// Whether an answer says no to what was asked: it is drawn as a refusal.
    fn declines(_answer: &Self::Answer) -> bool {
        false
    }
    /// How an answer reads to people, where it has words.
    fn answer_says(answer: &Self::Answer) -> Says {
        Says::same(answer)
    }

    /// What is kept of a node for [`Observed`] before a handler changes it.
    fn before(node: &Node<Self>) -> Self::Before;
    /// Keeps the history up to date. Called once for each thing that was observed, before the
    /// invariants are asked.
    fn observe(history: &mut Self::History, seen: &Observed<Self>, cluster: Cluster<Self>);
    /// Assumptions that what was observed has broken, where the protocol judges them: that a message came later
    /// than a timeout allows, that somebody fell between two sends.
    fn beyond(_history: &Self::History) -> &[Assumption] {
        &[]
    }

    /// What the engine needs to know of a message: its kind, its epoch, how it is drawn.
    fn summary(message: &Self::Message) -> Summary;
    /// What a message carries, for whoever looks at it.
    fn message_fields(message: &Self::Message) -> Vec<Field>;
    /// How a node stands. Asked after each of its handlers.
    fn standing(node: &Node<Self>) -> Standing;
    /// What a node shows. Asked only when somebody looks, so it may cost more than a handler.
    fn view(node: &Node<Self>, look: &Look<Self>) -> NodeView;
    /// What sets of nodes decide, the decision that sides of a partition are judged by first. Usual is a
    /// majority of the members, which are the nodes that have not left.
    fn decisions(_seen: &Evidence<Self>, members: &[NodeId]) -> Vec<Decision> {
        let quorum = Quorum::majority(members.iter().copied());
        vec![Decision { id: "decide", quorum, can: Self::META.can, cannot: Self::META.cannot }]
    }
    /// Whether any two sets meet that must, as a sentence. Usual is the first decision's sets among themselves.
    fn meets(_seen: &Evidence<Self>, _members: &[NodeId]) -> Option<Says> {
        None
    }
    /// Every such check, where there are more than that one, or where its numbers are to be told.
    fn checks(_seen: &Evidence<Self>, _members: &[NodeId]) -> Vec<Check> {
        Vec::new()
    }
    /// The newest of what the protocol stores and of what it answered, to be compared on the stage.
    fn newest(_seen: &Evidence<Self>) -> Vec<Newest> {
        Vec::new()
    }
    /// What a batch of trials under a configuration came to, for one of [`Protocol::ODDS`]: the same for the same batch.
    /// Nothing where the trials are not of this configuration.
    fn odds(_id: &str, _config: &Self::Config, _flights: &Flights, _batch: u32) -> Vec<Curve> {
        Vec::new()
    }
    /// How a client's operation reads in a history of what clients did, with its answer if there was one. Nothing
    /// where operations neither read nor write.
    fn recorded(_operation: &Self::Operation, _answer: Option<&Self::Answer>) -> Option<Recorded> {
        None
    }
    /// Whether an operation writes: those of a run are counted. Usual is what [`Protocol::recorded`] says.
    fn writes(operation: &Self::Operation) -> bool {
        Self::recorded(operation, None).is_some_and(|recorded| recorded.kind != RecordedKind::Get)
    }
    /// Which levels of consistency the answers to clients have under a configuration, by the ids of a judge of histories,
    /// and which they have not, and why. Nothing where operations neither read nor write.
    fn levels(_config: &Self::Config) -> Vec<(&'static str, Promise)> {
        Vec::new()
    }
    /// The epoch of what a client's machine is at: rules that it fires are told under it.
    fn client_epoch(_client: &Self::Client) -> u32 {
        0
    }
    /// How a client's machine looks.
    fn client_view(_client: &Self::Client, _config: &Self::Config) -> ClientView {
        ClientView::default()
    }
    /// Sets of nodes that somebody waits for, or waited for last, the oldest first.
    fn sets(_seen: &Evidence<Self>) -> Vec<SetOf> {
        Vec::new()
    }
    /// The last decision, where somebody decides: drawn in runs that have places.
    fn last_commit(_seen: &Evidence<Self>) -> Option<LastCommit> {
        None
    }
    /// In which of [`Protocol::STATES`] a machine that is up stands, and with what epoch; `safe` is what its disk keeps
    /// for certain.
    fn state(_node: &Node<Self>, _history: &Self::History, _safe: &Self::Durable) -> Option<(u32, &'static str)> {
        None
    }
    /// What was tried, a row each, where the run is best told by its attempts.
    fn table(_seen: &Evidence<Self>) -> Option<Table> {
        None
    }
    /// What lasts, and the moments that hold for all, from a time up to now.
    fn spans(_seen: &Evidence<Self>, _from: Micros) -> Spans {
        Spans::default()
    }
    /// What was granted for a time, and who was let in by it.
    fn terms(_seen: &Evidence<Self>) -> Terms {
        Terms::default()
    }
    /// Totals over all nodes, in the order of [`Meta::totals`].
    fn totals(_seen: &Evidence<Self>, _members: u32, _now: Micros) -> Vec<Total> {
        Vec::new()
    }
    /// What the totals were, step by step, and what theory says of them.
    fn series(_seen: &Evidence<Self>, _members: u32) -> Vec<Series> {
        Vec::new()
    }
    /// Who talks to whom, where not everyone does: each pair once.
    fn edges(_config: &Self::Config, _cluster: Cluster<Self>) -> Vec<(NodeId, NodeId)> {
        Vec::new()
    }
    /// The next time after `after` at which a property is to be asked though nothing may happen then: a
    /// term ends, a wait is over. Not asked where [`Protocol::DEADLINES`] is false.
    fn deadline(
        _config: &Self::Config,
        _history: &Self::History,
        _cluster: Cluster<Self>,
        _after: Micros,
    ) -> Option<Micros> {
        None
    }
    /// Where properties rest on clocks: how much faster or slower than true time one may run. Beyond
    /// that, and where a clock is set, it is outside of what is promised.
    fn clock_bound(_config: &Self::Config) -> Option<Ppm> {
        None
    }
    /// The same of clients' clocks, where clients are machines of their own.
    fn client_clock_bound(_config: &Self::Config) -> Option<Ppm> {
        None
    }
    /// Entries that the node keeps for requests; above a million a request is refused.
    fn entries(_node: &Node<Self>) -> usize {
        0
    }
    /// Bytes that a keyframe keeps for this node alone.
    fn weight(_node: &Node<Self>) -> usize {
        size_of::<Node<Self>>()
    }
}

/// A property, asked after every event.
pub struct Invariant<P: Protocol> {
    /// Its name across the rim: mutants and ready runs name it so.
    pub id: &'static str,
    /// What it is called.
    pub title: Text,
    /// What it claims, in a sentence.
    pub says: Text,
    /// Where the paper states it.
    pub source: &'static str,
    /// Whether a configuration promises it, and on what assumptions.
    pub promise: fn(&P::Config) -> Promise,
    /// Looks at what has just happened; nothing as long as it holds. Not asked again once it broke.
    pub check: fn(&Seen<P>) -> Option<Breach>,
    /// Why it holds so far, from the run itself.
    pub evidence: fn(&Evidence<P>) -> Says,
}

/// An invariant as the catalog presents it.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name across the rim.
    pub id: &'static str,
    /// What it is called.
    pub title: Text,
    /// What it claims, in a sentence.
    pub says: Text,
    /// Where the paper states it.
    pub source: &'static str,
}

/// A broken property: who is involved, and how it broke.
#[derive(Clone, Debug)]
pub struct Breach {
    /// Those at whom it can be seen that it is broken.
    pub nodes: Vec<NodeId>,
    /// How it broke, in a sentence.
    pub says: Says,
}

/// A machine that takes part: what a handler may change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node<P: Protocol> {
    /// Which node it is.
    pub id: NodeId,
    /// The place of its group, where machines have one role each.
    pub group: Option<u32>,
    /// What it holds that survives a crash; where disks keep only what was forced, as far as it was.
    pub durable: P::Durable,
    /// What it holds in memory.
    pub volatile: P::Volatile,
}

/// A client's command, as it arrives at a node.
pub struct Request<P: Protocol> {
    /// Who asks, and is to be answered.
    pub client: ClientId,
    /// The same for every retry of one command.
    pub serial: u32,
    /// The greatest [`Protocol::receipt`] of what the client was answered before; 0 if it has none.
    pub receipt: u64,
    /// What is asked.
    pub operation: P::Operation,
}

/// What the engine needs to know of a message without taking it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Summary {
    /// The place in [`Protocol::MESSAGES`].
    pub kind: u16,
    /// How it is drawn.
    pub tone: Tone,
    /// The epoch that it speaks of, which gives it its hue; 0 is none.
    pub epoch: u32,
    /// Steady traffic, drawn faintly.
    pub quiet: bool,
}

/// What a message does, whatever a protocol calls it. Its glyph is drawn by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// It asks for something: a vote, a promise.
    Ask,
    /// It carries values to be stored.
    Carry,
    /// It tells what was decided.
    Decide,
    /// It grants what was asked.
    Yes,
    /// It says that something was stored.
    Stored,
    /// It refuses.
    No,
    /// It is between a client and a node.
    Client,
    /// It only says that its sender is there.
    Heartbeat,
}

impl Tone {
    /// Its name across the rim.
    pub fn id(self) -> &'static str {
        match self {
            Tone::Ask => "ask",
            Tone::Carry => "carry",
            Tone::Decide => "decide",
            Tone::Yes => "yes",
            Tone::Stored => "stored",
            Tone::No => "no",
            Tone::Client => "client",
            Tone::Heartbeat => "heartbeat",
        }
    }
}

/// How a node stands: its place in [`Meta::roles`], its epoch, and the number that is written on
/// it where that is not the epoch's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// The place of its role in [`Meta::roles`].
    pub role: u8,
    /// Its epoch, as a term or a ballot; it gives the node its hue, and 0 is none.
    pub epoch: u32,
    /// The number that is written on it, where that is not the epoch's.
    pub mark: Option<u16>,
}

impl Standing {
    /// Where the epoch's own number is written on the node.
    pub fn new(role: u8, epoch: u32) -> Standing {
        Standing { role, epoch, mark: None }
    }
}
