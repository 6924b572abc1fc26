//! The frame: everything the stage can show, and nothing about how. Made when somebody looks.

mod shown;
mod value;

use std::rc::Rc;

use crate::client::{Client, Outcome};
use crate::cx::Won;
use crate::erased::About;
use crate::erased::Opaque;
use crate::flight::{Fate, Flight};
use crate::names::{ClientId, End, NodeId};
use crate::network::Network;
use crate::promise::{Assumption, Promise};
use crate::protocol::{
    Check, ClientView, Field, FieldValue, LastCommit, MessageKind, Newest, NodeView, Property, Role, Series, SetOf,
    Table, Terms, Total,
};
use crate::quorum::{Decision, Meeting, Verdict};
use crate::text::{Says, text};
use crate::trace::Status;
use crate::units::{Micros, Ppm};
use crate::value::Value;
use crate::world::{Armed, Cost, Traffic, Violation, World};

pub(crate) use shown::spans_value;
pub(crate) use value::{end_value, level_value};
use value::{node_value, totals_value, traffic_value};

/// Nodes are objects up to this many; above, only the swarm shows them.
pub const MOST_NODES_SHOWN: u32 = 200;
/// How many cells of a strip a frame holds, unless fewer are asked for.
pub const MOST_CELLS: usize = 1_000;
const CLIENTS_FINISHED_SHOWN: usize = 8;

pub(crate) struct Frame {
    pub now: Micros,
    pub seq: u64,
    pub nodes: Vec<FrameNode>,
    pub messages: Vec<FrameMessage>,
    pub clients: Vec<FrameClient>,
    pub network: Network,
    pub quorum: Option<FrameQuorum>,
    /// A verdict on each side of a partition; none without one.
    pub sides: Vec<FrameSide>,
    pub promises: Vec<FramePromise>,
    /// Sets that somebody waits for, or waited for last, the oldest first.
    pub sets: Vec<SetOf>,
    pub table: Option<Table>,
    pub totals: Option<Vec<(&'static str, Total)>>,
    pub series: Vec<Series>,
    pub traffic: Traffic,
    /// What the newest commands cost, and the last decision: of runs that have places.
    pub costs: Vec<Cost>,
    pub last_commit: Option<LastCommit>,
    pub terms: Terms,
    pub newest: Vec<Newest>,
    pub about: &'static About,
}

pub(crate) struct FrameNode {
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
    /// After so many sends of one handler it goes down.
    pub crash_after: Option<u32>,
    /// What is on its way to its disk.
    pub writes: Vec<FrameTimer>,
}

#[derive(Clone, Copy)]
pub(crate) struct FrameTimer {
    pub name: &'static str,
    pub ring: bool,
    pub from: Micros,
    pub until: Micros,
}

pub(crate) struct FrameMessage {
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

pub(crate) struct FrameClient {
    pub id: u32,
    pub name: String,
    pub operation: String,
    pub state: Outcome,
    /// The node that it asks.
    pub from: NodeId,
    pub since: Micros,
    pub finished: Option<Micros>,
    /// What it was told, and how that reads to people.
    pub answer: Option<(String, Says)>,
    pub serial: u32,
    /// One fact about it, where clients have any.
    pub says: Option<Says>,
    /// Where clients are machines of their own.
    pub machine: Option<FrameMachine>,
}

/// A client's machine.
pub(crate) struct FrameMachine {
    pub paused: bool,
    pub timers: Vec<FrameTimer>,
    pub view: ClientView,
    pub offset: i64,
    pub rate: u32,
}

/// How many decide together, where any do, and whether any two such sets meet.
pub(crate) struct FrameQuorum {
    pub need: u32,
    pub of: u32,
    /// The one group whose members count, where machines have one role each.
    pub group: Option<usize>,
    pub meets: Option<Says>,
    pub checks: Vec<Check>,
}

/// Those of one side of a partition, and whether they can decide.
pub(crate) struct FrameSide {
    pub members: Vec<NodeId>,
    pub verdict: Verdict,
    pub says: Says,
}

/// A property: whether this configuration promises it, and how it stands.
pub(crate) struct FramePromise {
    pub property: Property,
    pub promise: Promise,
    /// What it rests on and was broken so far.
    pub beyond: Vec<Assumption>,
    pub says: Says,
    pub broken: Option<Violation>,
}

impl World {
    /// The frame at `now`, with at most `cells` of the newest cells of each strip.
    pub(crate) fn frame(&self, cells: usize) -> Frame {
        let most = if self.len() > MOST_NODES_SHOWN { 0 } else { self.len() };
        let shown = (0..most).map(NodeId).filter(|node| self.slots[node.at()].status != Status::Gone);
        // Above as many nodes as are listed, messages are not listed either.
        let listed = if most == 0 { 0 } else { usize::MAX };
        let flying = self.flights.iter().map(|(_, flight)| flight);
        let flights = crate::order::by_key(self.lost.iter().chain(flying).take(listed), |flight| flight.id);
        let messages = flights.into_iter().map(|flight| self.frame_message(flight)).collect();
        let decisions = if most == 0 { Vec::new() } else { self.machines.decisions(&self.all_members(), self.now) };
        let decision = decisions.first();
        Frame {
            now: self.now,
            seq: self.next_seq,
            nodes: shown.map(|node| self.frame_node(node, cells)).collect(),
            messages,
            clients: self.frame_clients(),
            network: self.network.clone(),
            quorum: decision.map(|decision| self.frame_quorum(decision)),
            sides: decision.map(|decision| self.frame_sides(decision)).unwrap_or_default(),
            promises: self.frame_promises(),
            sets: if most == 0 { Vec::new() } else { self.machines.sets(self.now) },
            table: self.machines.table(self.now),
            totals: self.machines.totals(self.members(), self.now),
            series: self.machines.series(self.members(), self.now),
            traffic: self.traffic,
            costs: self.costs.each().cloned().collect(),
            terms: self.machines.terms(self.now),
            newest: self.machines.newest(self.now),
            last_commit: self.network.places().and_then(|_| self.machines.last_commit(self.now)),
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

    /// Every node that has not left.
    fn all_members(&self) -> Vec<NodeId> {
        let here = |node: &NodeId| self.slots[node.at()].status != Status::Gone;
        (0..self.len()).map(NodeId).filter(here).collect()
    }

    fn frame_quorum(&self, decision: &Decision) -> FrameQuorum {
        let (quorum, roster) = (&decision.quorum, &self.setup.roster);
        let nodes = quorum.nodes();
        let groups = 0..crate::roster::MOST_GROUPS;
        let group = groups.filter(|_| roster.is_grouped()).find(|group| roster.group(*group).eq(nodes.iter().copied()));
        let meeting = quorum.meets(quorum);
        let set = text("quorum", "法定人数").says();
        let own = || (meeting != Meeting::Unknown).then(|| meeting.says(set.clone(), set));
        let meets = self.machines.meets(&self.all_members(), self.now).or_else(own);
        let checks = self.machines.checks(&self.all_members(), self.now);
        FrameQuorum { need: quorum.need, of: quorum.of(), group, meets, checks }
    }

    /// Nodes that are down are on a side, and do not count there.
    fn frame_sides(&self, decision: &Decision) -> Vec<FrameSide> {
        let groups = self.network.groups().map(Vec::as_slice).unwrap_or_default();
        let side = |group: &Vec<End>| {
            let members: Vec<NodeId> = group.iter().filter_map(|end| end.node()).collect();
            let up = |node: NodeId| members.contains(&node) && self.slots[node.at()].status == Status::Up;
            let verdict = decision.quorum.verdict(&up);
            let says = if verdict.can { decision.can } else { decision.cannot }.says();
            FrameSide { members, verdict, says }
        };
        groups.iter().map(side).filter(|side| !side.members.is_empty()).collect()
    }

    pub(crate) fn node_value(&self, id: NodeId, cells: usize) -> Value {
        node_value(self.setup.about(), &self.frame_node(id, cells))
    }

    fn frame_node(&self, id: NodeId, cells: usize) -> FrameNode {
        let slot = &self.slots[id.at()];
        let about = self.setup.about();
        let standing = slot.standing;
        let stopped = slot.status == Status::Paused;
        let timer = |armed: &Armed| self.frame_timer(armed, stopped);
        let write = |write: &crate::world::Write| {
            let name = about.timers[usize::from(write.timer.kind)].id;
            FrameTimer { name, ring: false, from: write.from, until: write.until }
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
            view: self.machines.view(id, slot.status == Status::Crashed, cells, self.now),
            won: slot.won.clone(),
            offset: slot.clock.offset(),
            rate: slot.clock.rate(),
            crash_after: slot.crash_after.map(|doom| doom.after),
            writes: slot.writes.iter().filter(|write| !write.safe).map(write).collect(),
        }
    }

    fn frame_message(&self, flight: &Flight) -> FrameMessage {
        let summary = flight.summary;
        let about = self.setup.about();
        let kind = message_kind(about, summary.kind);
        let fields = match &flight.payload {
            crate::flight::Payload::Message(message) => self.setup.protocol.message_fields(message),
            crate::flight::Payload::Request { operation, .. } => {
                client_field(FieldValue::Name(operation.text.to_string()))
            }
            crate::flight::Payload::Answer { verdict, .. } => client_field(match verdict {
                crate::cx::Verdict::Done(answer) => self.answered(answer).into(),
                crate::cx::Verdict::Redirect(node) => {
                    let says = text("ask {node}", "请问 {node}").fill(&[("node", Says::same(node))]);
                    FieldValue::Said(format!("ask {node}"), says)
                }
                crate::cx::Verdict::Refused => FieldValue::Said("refused".into(), text("refused", "拒绝").says()),
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
            tone: flight.tone(self.setup.protocol).id(),
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

    fn answered(&self, answer: &Opaque) -> (String, Says) {
        (self.setup.protocol.answer_text(answer), self.setup.protocol.answer_says(answer))
    }

    fn frame_client(&self, client: &Client) -> FrameClient {
        let answer = client.answer.as_ref();
        let machine = self.setup.about().clients.then(|| self.frame_machine(client.id));
        let kept = (client.receipt.0 > 0).then(|| self.setup.protocol.receipt_says(client.receipt.0));
        FrameClient {
            id: client.id.0,
            name: client.id.to_string(),
            operation: client.operation.text.to_string(),
            state: client.outcome,
            from: client.asking,
            since: client.since,
            finished: (!client.waiting()).then_some(client.finished),
            answer: answer.map(|answer| self.answered(answer)),
            serial: client.serial,
            says: machine.as_ref().map(|machine| machine.view.says.clone()).or(kept),
            machine,
        }
    }

    fn frame_machine(&self, client: ClientId) -> FrameMachine {
        let (clock, paused) = (self.client_clock(client), self.is_paused(client));
        let timers = self.client_slots.get(client.at()).map_or(&[][..], |slot| &slot.timers);
        FrameMachine {
            paused,
            timers: timers.iter().map(|armed| self.frame_timer(armed, paused)).collect(),
            view: self.machines.client_view(client),
            offset: clock.offset(),
            rate: clock.rate(),
        }
    }

    fn frame_timer(&self, armed: &Armed, stopped: bool) -> FrameTimer {
        let kind = &self.setup.about().timers[usize::from(armed.timer.kind)];
        let (from, until) = armed.span(self.now, stopped);
        FrameTimer { name: kind.id, ring: kind.ring, from, until }
    }

    fn frame_promises(&self) -> Vec<FramePromise> {
        let (promises, faults) = (self.machines.promises(), self.machines.faults());
        let properties = self.setup.protocol.properties().into_iter().zip(promises);
        let property = |(place, (property, promise)): (usize, (Property, Promise))| {
            let broken = self.violations.iter().find(|violation| violation.invariant == place).cloned();
            let evidence = || self.machines.evidence(place, self.now);
            let says = broken.as_ref().map_or_else(evidence, |violation| violation.says.clone());
            FramePromise { property, promise, beyond: faults.beyond(promise.assumes), says, broken }
        };
        properties.enumerate().map(property).collect()
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
pub(crate) fn message_kind(about: &About, kind: u16) -> &'static MessageKind {
    let kind = usize::from(kind);
    match about.messages.get(kind) {
        Some(own) => own,
        None if kind == about.messages.len() => &REQUEST,
        None => &ANSWER,
    }
}

fn client_field(value: FieldValue) -> Vec<Field> {
    let label = text("says", "内容");
    vec![Field { id: "says", label, value: Some(value), tone: "client", durable: false }]
}
