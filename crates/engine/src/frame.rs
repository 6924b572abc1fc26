//! The frame: everything the stage can show, and nothing about how. Made when somebody looks.

use std::borrow::Cow;
use std::rc::Rc;

use crate::client::{Client, Outcome};
use crate::cx::Won;
use crate::erased::About;
use crate::flight::{Fate, Flight};
use crate::names::{End, NodeId};
use crate::network::Network;
use crate::protocol::{
    Attempt, Field, FieldValue, MessageKind, NodeView, Property, Quorum, Role, Series, Strip, Table, Tally, Total,
};
use crate::text::{Says, text};
use crate::trace::{NONE, Status};
use crate::units::{MILLION, Micros, Ppm};
use crate::value::Value;
use crate::world::{Traffic, Violation, World};

/// Nodes are objects up to this many; above, only the swarm shows them.
pub const MOST_NODES_SHOWN: u32 = 200;
/// How many cells of a strip a frame holds, unless fewer are asked for.
pub const MOST_CELLS: usize = 1_000;
const CLIENTS_FINISHED_SHOWN: usize = 8;

pub struct Frame {
    pub now: Micros,
    pub seq: u64,
    pub nodes: Vec<FrameNode>,
    pub messages: Vec<FrameMessage>,
    pub clients: Vec<FrameClient>,
    pub network: Network,
    pub quorum: Option<Quorum>,
    pub invariants: Vec<FrameInvariant>,
    pub table: Option<Table>,
    pub totals: Option<Vec<(&'static str, Total)>>,
    pub series: Vec<Series>,
    pub traffic: Traffic,
    pub about: &'static About,
}

pub struct FrameNode {
    pub id: NodeId,
    pub group: Option<u32>,
    pub role: &'static Role,
    pub status: Status,
    pub epoch: u32,
    pub mark: Option<u16>,
    pub timer: Option<FrameTimer>,
    pub timers: Vec<FrameTimer>,
    pub view: NodeView,
    /// The tally that it last won.
    pub won: Option<Rc<Won>>,
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
    /// When its arrival was last changed on its way, and how far it had come by then.
    pub moved: Option<(Micros, Ppm)>,
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

impl World {
    /// The frame at `now`, with at most `cells` of the newest cells of each strip.
    pub fn frame(&self, cells: usize) -> Frame {
        let most = if self.len() > MOST_NODES_SHOWN { 0 } else { self.len() };
        let shown = (0..most).map(NodeId).filter(|node| self.slots[node.at()].status != Status::Gone);
        // Above as many nodes as are listed, messages are not listed either.
        let listed = if most == 0 { 0 } else { usize::MAX };
        let flying = self.flights.iter().map(|(_, flight)| flight);
        let flights = crate::order::by_key(self.lost.iter().chain(flying).take(listed), |flight| flight.id);
        let messages = flights.into_iter().map(|flight| self.frame_message(flight)).collect();
        Frame {
            now: self.now,
            seq: self.next_seq,
            nodes: shown.map(|node| self.frame_node(node, cells)).collect(),
            messages,
            clients: self.frame_clients(),
            network: self.network.clone(),
            quorum: self.machines.quorum(self.members()),
            invariants: self.frame_invariants(),
            table: self.machines.table(),
            totals: self.machines.totals(self.members(), self.now),
            series: self.machines.series(self.members()),
            traffic: self.traffic,
            about: self.setup.about(),
        }
    }

    pub(crate) fn totals_value(&self) -> Value {
        let totals = self.machines.totals(self.members(), self.now);
        Value::map([
            ("swarm", Value::or_null(totals.as_ref(), |totals| totals_value(totals))),
            ("traffic", traffic_value(&self.traffic)),
        ])
    }

    fn members(&self) -> u32 {
        self.len() - self.gone
    }

    pub(crate) fn node_value(&self, id: NodeId, cells: usize) -> Value {
        node_value(self.setup.about(), &self.frame_node(id, cells))
    }

    fn frame_node(&self, id: NodeId, cells: usize) -> FrameNode {
        let slot = &self.slots[id.at()];
        let about = self.setup.about();
        let standing = slot.standing;
        let stopped = slot.status == Status::Paused;
        let timer = |armed: &crate::world::Armed| {
            let kind = &about.timers[usize::from(armed.timer.kind)];
            let (from, until) = armed.span(self.now, stopped);
            FrameTimer { name: kind.id, ring: kind.ring, from, until }
        };
        let timers: Vec<FrameTimer> = slot.timers.iter().map(timer).collect();
        FrameNode {
            id,
            group: self.setup.roster.group_of(id),
            role: &about.meta.roles[usize::from(standing.role)],
            status: slot.status,
            epoch: standing.epoch,
            mark: standing.mark,
            timer: timers.iter().find(|timer| timer.ring).copied(),
            timers,
            view: self.machines.view(id, slot.status == Status::Crashed, cells),
            won: slot.won.clone(),
            offset: slot.clock.offset(),
            rate: slot.clock.rate(),
        }
    }

    fn frame_message(&self, flight: &Flight) -> FrameMessage {
        let summary = flight.summary;
        let about = self.setup.about();
        let kind = message_kind(about, summary.kind);
        let fields = match &flight.payload {
            crate::flight::Payload::Message(message) => self.setup.protocol.message_fields(message),
            crate::flight::Payload::Request { operation, .. } => client_field(operation.text.to_string()),
            crate::flight::Payload::Answer { verdict, .. } => client_field(match verdict {
                crate::cx::Verdict::Done(answer) => self.setup.protocol.answer_text(answer),
                crate::cx::Verdict::Redirect(node) => format!("ask {node}"),
                crate::cx::Verdict::Refused => "refused".into(),
            }),
        };
        let epoch = about.meta.epoch_named.fill(&[("n", Says::same(summary.epoch))]);
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
            moved: flight.moved.0,
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
        crate::order::by_key(shown, |client| u64::from(client.id.0))
            .into_iter()
            .map(|client| self.frame_client(client))
            .collect()
    }

    fn frame_client(&self, client: &Client) -> FrameClient {
        let answer = client.answer.as_ref();
        FrameClient {
            id: client.id.0,
            name: client.id.to_string(),
            operation: client.operation.text.to_string(),
            state: client.outcome,
            from: client.asking,
            since: client.since,
            finished: (!client.waiting()).then_some(client.finished),
            answer: answer.map(|answer| self.setup.protocol.answer_text(answer)),
            serial: client.serial,
        }
    }

    fn frame_invariants(&self) -> Vec<FrameInvariant> {
        let properties = self.setup.protocol.properties();
        let invariant = |(place, property): (usize, Property)| {
            let broken = self.violations.iter().find(|violation| violation.invariant == place).cloned();
            let says = broken.as_ref().map_or_else(|| self.machines.evidence(place), |v| v.says.clone());
            FrameInvariant { id: property.id, says, broken }
        };
        properties.into_iter().enumerate().map(invariant).collect()
    }
}

const REQUEST: MessageKind = MessageKind {
    id: "request",
    name: text("a request", "请求"),
    says: text("{from} asks {to}.", "{from} 请求 {to}。"),
    reply: false,
};
const ANSWER: MessageKind = MessageKind {
    id: "answer",
    name: text("an answer", "响应"),
    says: text("{from} answers {to}.", "{from} 响应 {to}。"),
    reply: true,
};

/// The protocol's own kinds, then the client's request and its answer.
pub fn message_kind(about: &About, kind: u16) -> &'static MessageKind {
    let kind = usize::from(kind);
    match about.messages.get(kind) {
        Some(own) => own,
        None if kind == about.messages.len() => &REQUEST,
        None => &ANSWER,
    }
}

fn client_field(value: String) -> Vec<Field> {
    let label = text("says", "内容");
    vec![Field { id: "says", label, value: Some(FieldValue::Name(value)), tone: "client", durable: false }]
}

impl Frame {
    pub fn value(&self) -> Value {
        Value::map([
            ("now", Value::ms(self.now)),
            ("seq", Value::count(self.seq)),
            ("protocol", Value::word(self.about.meta.id)),
            ("nodes", Value::list(self.nodes.iter().map(|node| node_value(self.about, node)))),
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
            ("quorum", Value::or_null(self.quorum, quorum_value)),
            ("invariants", Value::list(self.invariants.iter().map(invariant_value))),
            ("swarm", Value::or_null(self.totals.as_ref(), |totals| totals_value(totals))),
            ("series", Value::list(self.series.iter().map(series_value))),
            ("traffic", traffic_value(&self.traffic)),
            ("table", Value::or_null(self.table.as_ref(), table_value)),
        ])
    }
}

fn quorum_value(quorum: Quorum) -> Value {
    let group = Value::or_null(quorum.group, |group| Value::count(group as u32));
    Value::map([("need", Value::count(quorum.need)), ("of", Value::count(quorum.of)), ("group", group)])
}

fn totals_value(totals: &[(&'static str, Total)]) -> Value {
    let total = |total: &Total| match total {
        Total::Count(n) => Value::count(*n),
        Total::Mean(mean) => Value::Number(*mean),
        Total::Unknown => Value::Null,
    };
    Value::Map(totals.iter().map(|(id, value)| ((*id).into(), total(value))).collect())
}

fn series_value(series: &Series) -> Value {
    Value::map([
        ("id", Value::word(series.id)),
        ("name", Value::text(series.name)),
        ("chart", Value::word(series.chart)),
        ("theory", Value::Bool(series.theory)),
        ("values", Value::list(series.values.iter().map(|value| Value::count(*value)))),
    ])
}

fn table_value(table: &Table) -> Value {
    let row = |row: &Attempt| {
        Value::map([
            ("epoch", Value::count(row.epoch)),
            ("node", Value::count(row.node.0)),
            ("text", Value::string(&row.text)),
            ("tallies", Value::list(row.tallies.iter().map(tally_value))),
            ("says", Value::says(&row.says)),
        ])
    };
    Value::map([
        ("title", Value::text(table.title)),
        ("says", Value::says(&table.says)),
        ("tallies", Value::list(table.tallies.iter().map(|text| Value::text(*text)))),
        ("rows", Value::list(table.rows.iter().map(row))),
    ])
}

fn traffic_value(traffic: &Traffic) -> Value {
    Value::map([
        ("sent", Value::count(traffic.sent)),
        ("quiet", Value::count(traffic.quiet)),
        ("answered", Value::count(traffic.answered)),
    ])
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

fn node_value(about: &About, node: &FrameNode) -> Value {
    let epoch = Value::map([
        ("label", Value::word(about.meta.epoch.en)),
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
        ("group", Value::or_null(node.group, Value::count)),
        ("role", Value::word(node.role.id)),
        ("authority", Value::word(node.role.authority.id())),
        ("status", Value::word(node.status.id())),
        ("epoch", epoch),
        ("mark", Value::or_null(node.mark, Value::count)),
        ("timer", Value::or_null(node.timer, |timer| timer_value(&timer))),
        ("timers", Value::list(node.timers.iter().map(timer_value))),
        ("tally", Value::or_null(node.view.tally.as_ref(), tally_value)),
        ("won", Value::or_null(node.won.as_deref(), won_value)),
        ("fields", Value::list(node.view.fields.iter().map(field_value))),
        ("strips", Value::list(node.view.strips.iter().map(strip_value))),
        ("clock", clock),
        ("says", Value::says(&node.view.says)),
    ])
}

fn timer_value(timer: &FrameTimer) -> Value {
    Value::map([("name", Value::word(timer.name)), ("from", Value::ms(timer.from)), ("until", Value::ms(timer.until))])
}

fn tally_entries(tally: &Tally) -> [(&'static str, Value); 4] {
    let ids = |nodes: &[NodeId]| Value::list(nodes.iter().map(|node| Value::count(node.0)));
    [
        ("have", ids(&tally.have)),
        ("refused", ids(&tally.refused)),
        ("need", Value::count(tally.need)),
        ("of", Value::count(tally.of)),
    ]
}

fn tally_value(tally: &Tally) -> Value {
    Value::map(tally_entries(tally))
}

fn won_value(won: &Won) -> Value {
    let when = [("time", Value::ms(won.time)), ("epoch", Value::count(won.epoch))];
    let entries = when.into_iter().chain(tally_entries(&won.tally));
    Value::Map(entries.map(|(key, value)| (Cow::Borrowed(key), value)).collect())
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
    let moved = |(at, gone)| Value::map([("at", Value::ms(at)), ("u", Value::Number(i64::from(gone)))]);
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
        ("moved", Value::or_null(message.moved, moved)),
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
