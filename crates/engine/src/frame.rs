//! The frame: everything the stage can show, and nothing about how. Made when somebody looks.

use crate::client::{Client, Outcome};
use crate::flight::{Fate, Flight};
use crate::names::{End, NodeId};
use crate::network::Network;
use crate::protocol::{Evidence, Field, FieldValue, Look, MessageKind, NodeView, Protocol, Quorum, Strip, Tally};
use crate::text::{Says, text};
use crate::trace::{NONE, Status};
use crate::units::{MILLION, Micros};
use crate::value::Value;
use crate::world::{Slot, Violation, World};

/// Nodes are objects up to this many; above, only the swarm shows them.
pub const MOST_NODES_SHOWN: u32 = 200;
/// How many cells of a strip a frame holds, unless fewer are asked for.
pub const MOST_CELLS: usize = 1_000;
const CLIENTS_FINISHED_SHOWN: usize = 8;

pub struct Frame {
    pub now: Micros,
    pub seq: u64,
    pub protocol: &'static str,
    pub nodes: Vec<FrameNode>,
    pub messages: Vec<FrameMessage>,
    pub clients: Vec<FrameClient>,
    pub network: Network,
    pub quorum: Quorum,
    pub invariants: Vec<FrameInvariant>,
}

pub struct FrameNode {
    pub id: NodeId,
    pub role: &'static str,
    pub status: Status,
    pub epoch: u32,
    pub timer: Option<FrameTimer>,
    pub timers: Vec<FrameTimer>,
    pub view: NodeView,
    pub offset: i64,
    pub rate: u32,
}

#[derive(Clone, Copy)]
pub struct FrameTimer {
    pub name: &'static str,
    pub ring: bool,
    pub from: Micros,
    pub until: Micros,
}

pub struct FrameMessage {
    pub id: u64,
    pub from: End,
    pub to: End,
    pub kind: &'static str,
    pub reply: bool,
    pub tone: &'static str,
    pub epoch: u32,
    pub sent: Micros,
    pub arrives: Micros,
    pub fate: Fate,
    pub ended: Option<Micros>,
    pub copy_of: Option<u64>,
    pub delayed_until: Option<Micros>,
    pub quiet: bool,
    pub fields: Vec<Field>,
    pub says: Says,
}

pub struct FrameClient {
    pub id: u32,
    pub name: String,
    pub operation: String,
    pub state: Outcome,
    /// The node that it asks.
    pub from: NodeId,
    pub since: Micros,
    pub finished: Option<Micros>,
    pub answer: Option<String>,
    pub serial: u32,
}

pub struct FrameInvariant {
    pub id: &'static str,
    pub says: Says,
    pub broken: Option<Violation>,
}

impl<P: Protocol> World<P> {
    /// The frame at `now`, with at most `cells` of the newest cells of each strip.
    pub fn frame(&self, cells: usize) -> Frame {
        let shown = if self.len() > MOST_NODES_SHOWN { &[] } else { &self.slots[..] };
        let flying = self.flights.iter().map(|(_, flight)| flight);
        let flights = crate::order::by_key(self.lost.iter().chain(flying), |flight| flight.id);
        let messages = flights.into_iter().map(|flight| self.frame_message(flight)).collect();
        Frame {
            now: self.now,
            seq: self.next_seq,
            protocol: P::META.id,
            nodes: shown.iter().filter(|slot| slot.status != Status::Gone).map(|s| self.frame_node(s, cells)).collect(),
            messages,
            clients: self.frame_clients(),
            network: self.network.clone(),
            quorum: P::quorum(&self.setup.options, self.members()),
            invariants: self.frame_invariants(),
        }
    }

    fn members(&self) -> u32 {
        self.slots.iter().filter(|slot| slot.status != Status::Gone).count() as u32
    }

    fn frame_node(&self, slot: &Slot<P>, cells: usize) -> FrameNode {
        let (config, nodes) = (&self.setup.options, self.len());
        let look = Look { config, nodes, down: slot.status == Status::Crashed, cells };
        let standing = P::standing(&slot.node);
        let stopped = slot.status == Status::Paused;
        let timer = |armed: &crate::world::Armed<P::Timer>| {
            let kind = &P::TIMERS[P::timer_kind(armed.timer)];
            let (from, until) = armed.span(self.now, stopped);
            FrameTimer { name: kind.id, ring: kind.ring, from, until }
        };
        let timers: Vec<FrameTimer> = slot.timers.iter().map(timer).collect();
        FrameNode {
            id: slot.node.id,
            role: P::META.roles[standing.role].id,
            status: slot.status,
            epoch: standing.epoch,
            timer: timers.iter().find(|timer| timer.ring).copied(),
            timers,
            view: P::view(&slot.node, &look),
            offset: slot.clock.offset(),
            rate: slot.clock.rate(),
        }
    }

    fn frame_message(&self, flight: &Flight<P>) -> FrameMessage {
        let summary = flight.summary();
        let kind = message_kind::<P>(summary.kind);
        let fields = match &flight.payload {
            crate::flight::Payload::Message(message) => P::message_fields(message),
            crate::flight::Payload::Request { operation, .. } => client_field(operation.to_string()),
            crate::flight::Payload::Answer { verdict, .. } => client_field(match verdict {
                crate::cx::Verdict::Done(answer) => answer.to_string(),
                crate::cx::Verdict::Redirect(node) => format!("ask {node}"),
                crate::cx::Verdict::Refused => "refused".into(),
            }),
        };
        let epoch = P::META.epoch_named.fill(&[("n", Says::same(summary.epoch))]);
        let lost = matches!(flight.fate, Fate::Lost(_));
        FrameMessage {
            id: flight.id,
            from: flight.from,
            to: flight.to,
            kind: kind.id,
            reply: kind.reply,
            tone: summary.tone.id(),
            epoch: summary.epoch,
            sent: flight.sent,
            arrives: flight.arrives,
            fate: flight.fate,
            ended: lost.then_some(flight.ended),
            copy_of: flight.is_copy().then_some(flight.copy_of),
            delayed_until: flight.delayed_until,
            quiet: summary.quiet,
            fields,
            says: kind.says.fill(&[("from", Says::same(flight.from)), ("to", Says::same(flight.to)), ("epoch", epoch)]),
        }
    }

    /// Those that wait, and the last eight that finished, in order of their numbers.
    fn frame_clients(&self) -> Vec<FrameClient> {
        let done = self.clients.iter().filter(|client| !client.waiting());
        let finished = crate::order::by_key(done, |client| client.finished);
        let last = &finished[finished.len().saturating_sub(CLIENTS_FINISHED_SHOWN)..];
        let shown = self.clients.iter().filter(|client| client.waiting()).chain(last.iter().copied());
        crate::order::by_key(shown, |client| u64::from(client.id.0)).into_iter().map(frame_client).collect()
    }

    fn frame_invariants(&self) -> Vec<FrameInvariant> {
        let seen = Evidence { config: &self.setup.options, history: &self.history, cluster: self.cluster() };
        let invariant = |(place, property): (usize, &crate::protocol::Invariant<P>)| {
            let broken = self.violations.iter().find(|violation| violation.invariant == place).cloned();
            let says = broken.as_ref().map_or_else(|| (property.evidence)(&seen), |v| v.says.clone());
            FrameInvariant { id: property.id, says, broken }
        };
        P::INVARIANTS.iter().enumerate().map(invariant).collect()
    }
}

fn frame_client<P: Protocol>(client: &Client<P>) -> FrameClient {
    FrameClient {
        id: client.id.0,
        name: client.id.to_string(),
        operation: client.operation.to_string(),
        state: client.outcome,
        from: client.asking,
        since: client.since,
        finished: (!client.waiting()).then_some(client.finished),
        answer: client.answer.as_ref().map(ToString::to_string),
        serial: client.serial,
    }
}

const REQUEST: MessageKind = MessageKind {
    id: "request",
    name: text("request", "请求"),
    says: text("{from} asks {to}.", "{from} 请求 {to}。"),
    reply: false,
};
const ANSWER: MessageKind = MessageKind {
    id: "answer",
    name: text("answer", "应答"),
    says: text("{from} answers {to}.", "{from} 答复 {to}。"),
    reply: true,
};

/// The protocol's own kinds, then the client's request and its answer.
pub fn message_kind<P: Protocol>(kind: usize) -> &'static MessageKind {
    match P::MESSAGES.get(kind) {
        Some(own) => own,
        None if kind == P::MESSAGES.len() => &REQUEST,
        None => &ANSWER,
    }
}

fn client_field(value: String) -> Vec<Field> {
    let label = text("says", "内容");
    vec![Field { id: "says", label, value: Some(FieldValue::Name(value)), tone: "client", durable: false }]
}

impl Frame {
    pub fn value<P: Protocol>(&self) -> Value {
        Value::map([
            ("now", Value::ms(self.now)),
            ("seq", Value::count(self.seq)),
            ("protocol", Value::word(self.protocol)),
            ("nodes", Value::list(self.nodes.iter().map(node_value::<P>))),
            ("messages", Value::list(self.messages.iter().map(message_value))),
            ("clients", Value::list(self.clients.iter().map(client_value))),
            ("links", links_value(&self.network)),
            (
                "partition",
                Value::or_null(self.network.groups(), |groups| {
                    Value::list(groups.iter().map(|group| Value::list(group.iter().map(end_value))))
                }),
            ),
            ("network", crate::config::print_conditions(&self.network.conditions)),
            ("quorum", Value::map([("need", Value::count(self.quorum.need)), ("of", Value::count(self.quorum.of))])),
            ("invariants", Value::list(self.invariants.iter().map(invariant_value))),
            ("swarm", Value::Null),
        ])
    }
}

fn hue(epoch: u32) -> Value {
    Value::count(if epoch == 0 { 0 } else { (epoch - 1) % 8 + 1 })
}

/// A node by its number, a client by its name.
fn end_value(end: &End) -> Value {
    match end {
        End::Node(node) => Value::count(node.0),
        End::Client(client) => Value::string(client),
    }
}

fn node_value<P: Protocol>(node: &FrameNode) -> Value {
    let epoch = Value::map([
        ("label", Value::word(P::META.epoch.en)),
        ("value", Value::count(node.epoch)),
        ("hue", hue(node.epoch)),
    ]);
    let clock = Value::map([
        ("offset", Value::Number(crate::units::micros_to_ms(node.offset))),
        ("rate", Value::Number(i64::from(node.rate) - i64::from(MILLION))),
    ]);
    Value::map([
        ("id", Value::count(node.id.0)),
        ("name", Value::string(node.id)),
        ("role", Value::word(node.role)),
        ("status", Value::word(node.status.id())),
        ("epoch", epoch),
        ("timer", Value::or_null(node.timer, |timer| timer_value(&timer))),
        ("timers", Value::list(node.timers.iter().map(timer_value))),
        ("tally", Value::or_null(node.view.tally.as_ref(), tally_value)),
        ("fields", Value::list(node.view.fields.iter().map(field_value))),
        ("strips", Value::list(node.view.strips.iter().map(strip_value))),
        ("clock", clock),
        ("says", Value::says(&node.view.says)),
    ])
}

fn timer_value(timer: &FrameTimer) -> Value {
    Value::map([("name", Value::word(timer.name)), ("from", Value::ms(timer.from)), ("until", Value::ms(timer.until))])
}

fn tally_value(tally: &Tally) -> Value {
    let ids = |nodes: &[NodeId]| Value::list(nodes.iter().map(|node| Value::count(node.0)));
    Value::map([
        ("have", ids(&tally.have)),
        ("refused", ids(&tally.refused)),
        ("need", Value::count(tally.need)),
        ("of", Value::count(tally.of)),
    ])
}

fn field_value(field: &Field) -> Value {
    Value::map([
        ("id", Value::word(field.id)),
        ("label", Value::text(field.label)),
        (
            "value",
            Value::or_null(field.value.as_ref(), |value| match value {
                FieldValue::Number(n) => Value::count(*n),
                FieldValue::Name(name) => Value::string(name),
            }),
        ),
        ("tone", Value::word(field.tone)),
        ("durable", Value::Bool(field.durable)),
    ])
}

fn strip_value(strip: &Strip) -> Value {
    let cell = |cell: &crate::protocol::Cell| {
        Value::map([
            ("index", Value::count(cell.index)),
            ("epoch", Value::count(cell.epoch)),
            ("text", Value::string(&cell.text)),
            ("state", Value::word(cell.state.id())),
        ])
    };
    Value::map([("id", Value::word(strip.id)), ("cells", Value::list(strip.cells.iter().map(cell)))])
}

fn message_value(message: &FrameMessage) -> Value {
    let time = |time: Option<Micros>| Value::or_null(time, Value::ms);
    Value::map([
        ("id", Value::count(message.id)),
        ("from", end_value(&message.from)),
        ("to", end_value(&message.to)),
        ("kind", Value::word(message.kind)),
        ("reply", Value::Bool(message.reply)),
        ("tone", Value::word(message.tone)),
        ("epoch", Value::count(message.epoch)),
        ("sent", Value::ms(message.sent)),
        ("arrives", Value::ms(message.arrives)),
        ("fate", Value::word(message.fate.id())),
        ("ended", time(message.ended)),
        ("copyOf", Value::or_null(message.copy_of.filter(|id| *id != NONE), Value::count)),
        ("delayedUntil", time(message.delayed_until)),
        ("quiet", Value::Bool(message.quiet)),
        ("fields", Value::list(message.fields.iter().map(field_value))),
        ("says", Value::says(&message.says)),
    ])
}

fn client_value(client: &FrameClient) -> Value {
    Value::map([
        ("id", Value::count(client.id)),
        ("name", Value::string(&client.name)),
        ("operation", Value::string(&client.operation)),
        ("state", Value::word(client.state.id())),
        ("from", Value::count(client.from.0)),
        ("since", Value::ms(client.since)),
        ("finished", Value::or_null(client.finished, Value::ms)),
        ("answer", Value::or_null(client.answer.as_ref(), Value::string)),
        ("serial", Value::count(client.serial)),
    ])
}

/// Links that are unlike the others: cut, or with a latency of their own.
fn links_value(network: &Network) -> Value {
    let pairs = network.cuts().chain(network.links.keys());
    let mut pairs = crate::order::by_key(pairs, |(from, to)| u64::from(from.0) << 32 | u64::from(to.0));
    pairs.dedup();
    Value::list(pairs.into_iter().map(|(from, to)| {
        let latency = network.links.get((from, to));
        Value::map([
            ("from", Value::count(from.0)),
            ("to", Value::count(to.0)),
            ("cut", Value::Bool(network.is_cut(from, to))),
            ("latency", Value::or_null(latency, |l| Value::list([Value::ms(l.min), Value::ms(l.max)]))),
        ])
    }))
}

fn invariant_value(invariant: &FrameInvariant) -> Value {
    Value::map([
        ("id", Value::word(invariant.id)),
        ("holds", Value::Bool(invariant.broken.is_none())),
        ("says", Value::says(&invariant.says)),
        ("time", Value::or_null(invariant.broken.as_ref(), |violation| Value::ms(violation.time))),
    ])
}
