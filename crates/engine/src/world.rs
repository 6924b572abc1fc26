//! All state there is, and one step of it: one event, one handler, one drain.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::client::Client;
use crate::clock::Clock;
use crate::config::Setup;
use crate::cx::{Cx, Effect};
use crate::fingerprint::Fingerprint;
use crate::flight::{Flight, Flights, Ticket};
use crate::names::{End, NodeId};
use crate::network::Network;
use crate::protocol::{Cluster, Node, Observed, Protocol, Seen, Standing, Told};
use crate::text::Says;
use crate::trace::{Change, Marked, NONE, Record, Recorder, Seq, Status, What};
use crate::units::{MS, Micros};

/// How long a lost message stays to be seen.
const LOST_SHOWN: Micros = 100 * MS;
const LOST_KEPT: usize = 64;

#[derive(Clone)]
pub struct World<P: Protocol> {
    pub(crate) setup: Rc<Setup<P>>,
    pub(crate) now: Micros,
    /// Events handled at exactly this instant.
    pub(crate) at_now: u32,
    pub(crate) next_seq: Seq,
    pub(crate) next_message: u64,
    next_order: u64,
    pub(crate) slots: Vec<Slot<P>>,
    pub(crate) flights: Flights<P>,
    pub(crate) lost: VecDeque<Flight<P>>,
    queue: BinaryHeap<Reverse<Due>>,
    sweep_at: usize,
    pub(crate) network: Network,
    pub(crate) clients: Vec<Client<P>>,
    pub(crate) history: P::History,
    pub(crate) violations: Vec<Violation>,
    /// What a benchmark may switch off.
    pub(crate) checked: bool,
    effects: Vec<Effect<P>>,
}

/// A node, its machine and its clock.
#[derive(Clone)]
pub struct Slot<P: Protocol> {
    pub(crate) node: Node<P>,
    pub(crate) status: Status,
    pub(crate) clock: Clock,
    pub(crate) timers: Vec<Armed<P::Timer>>,
    pub(crate) standing: Standing,
    /// Messages that wait for a paused node, in order of arrival.
    pub(crate) waiting: Vec<Ticket>,
    draws: u32,
}

#[derive(Clone, Copy, Debug, Hash)]
pub struct Armed<T> {
    pub timer: T,
    pub from: Micros,
    pub until: Micros,
    /// The order of its event; [`STOPPED`] while its node is paused.
    pub(crate) order: u64,
    pub(crate) cause: Seq,
}

/// No event is scheduled for the timer.
pub(crate) const STOPPED: u64 = u64::MAX;
/// Outdated events are swept out when the queue has grown to this, and to twice what was left.
const SWEEP_AT: usize = 4_096;

/// An event that is due. Equal times are ordered by when they were scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    time: Micros,
    order: u64,
    what: Event,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Event {
    Arrive(Ticket),
    Lose(Ticket),
    /// The timer of this node that was armed under the event's own order.
    Timer(NodeId),
    Wake {
        client: u32,
        alarm: u64,
        paused: bool,
    },
}

/// A property that broke, at its first time.
#[derive(Clone, Debug)]
pub struct Violation {
    pub invariant: usize,
    pub time: Micros,
    pub seq: Seq,
    pub nodes: Vec<NodeId>,
    pub says: Says,
}

impl<P: Protocol> World<P> {
    /// A cluster at time 0, every machine just started.
    pub fn new(setup: Rc<Setup<P>>, recorder: &mut Recorder) -> World<P> {
        let nodes = setup.nodes;
        let mut world = World {
            network: Network::new(setup.conditions, nodes),
            setup,
            now: 0,
            at_now: 0,
            next_seq: 0,
            next_message: 0,
            next_order: 0,
            slots: Vec::with_capacity(nodes as usize),
            flights: Flights::default(),
            lost: VecDeque::new(),
            queue: BinaryHeap::new(),
            sweep_at: SWEEP_AT,
            clients: Vec::new(),
            history: P::History::default(),
            violations: Vec::new(),
            checked: true,
            effects: Vec::new(),
        };
        (0..nodes).for_each(|_| world.add_slot());
        (0..nodes).for_each(|node| world.boot(NodeId(node), NONE, recorder));
        world
    }

    pub(crate) fn add_slot(&mut self) {
        let id = NodeId(self.slots.len() as u32);
        let node = Node { id, durable: P::Durable::default(), volatile: P::Volatile::default() };
        let standing = P::standing(&node);
        let (status, clock) = (Status::Crashed, Clock::default());
        self.slots.push(Slot { node, status, clock, timers: vec![], standing, waiting: vec![], draws: 0 });
    }

    pub fn now(&self) -> Micros {
        self.now
    }

    /// When the next event is due, if any is.
    pub fn next_time(&mut self) -> Option<Micros> {
        while let Some(Reverse(due)) = self.queue.peek() {
            if self.is_live(due) {
                return Some(due.time);
            }
            self.queue.pop();
        }
        None
    }

    fn is_live(&self, due: &Due) -> bool {
        match due.what {
            Event::Arrive(ticket) | Event::Lose(ticket) => self.flights.get(ticket).is_some(),
            Event::Timer(node) => self.slots[node.at()].timers.iter().any(|armed| armed.order == due.order),
            Event::Wake { client, alarm, .. } => {
                self.clients.get(client as usize).is_some_and(|c| c.alarm == alarm && c.waiting())
            }
        }
    }

    /// Handles exactly one event. False when nothing is scheduled.
    pub fn step(&mut self, recorder: &mut Recorder) -> bool {
        if self.next_time().is_none() {
            return false;
        }
        let Some(Reverse(due)) = self.queue.pop() else {
            return false;
        };
        self.move_to(due.time);
        self.at_now += 1;
        match due.what {
            Event::Arrive(ticket) => self.arrive(ticket, recorder),
            Event::Lose(ticket) => self.lose(ticket, recorder),
            Event::Timer(node) => self.expire(node, due.order, recorder),
            Event::Wake { client, paused, .. } => self.wake(client, paused, recorder),
        }
        true
    }

    pub(crate) fn move_to(&mut self, time: Micros) {
        if time > self.now {
            self.now = time;
            self.at_now = 0;
        }
        while self.lost.front().is_some_and(|flight| flight.ended + LOST_SHOWN < self.now) {
            self.lost.pop_front();
        }
    }

    pub(crate) fn schedule(&mut self, time: Micros, what: Event) -> u64 {
        let order = self.next_order;
        self.next_order += 1;
        self.queue.push(Reverse(Due { time: time.max(self.now), order, what }));
        if self.queue.len() > self.sweep_at {
            self.sweep(order);
        }
        order
    }

    /// Drops outdated events. The newest one is kept: its timer may not be armed yet.
    fn sweep(&mut self, newest: u64) {
        let mut queue = std::mem::take(&mut self.queue);
        queue.retain(|Reverse(due)| due.order == newest || self.is_live(due));
        self.sweep_at = (queue.len() * 2).max(SWEEP_AT);
        self.queue = queue;
    }

    fn expire(&mut self, id: NodeId, order: u64, recorder: &mut Recorder) {
        let slot = &mut self.slots[id.at()];
        let Some(at) = slot.timers.iter().position(|armed| armed.order == order) else {
            return;
        };
        let armed = slot.timers.remove(at);
        let kind = P::timer_kind(armed.timer) as u16;
        let seq = self.note(recorder, What::Timer { kind }, Some(id), None, armed.cause);
        self.handle(id, seq, recorder, |node, cx| P::on_timer(node, armed.timer, cx));
    }

    pub(crate) fn boot(&mut self, id: NodeId, cause: Seq, recorder: &mut Recorder) {
        self.slots[id.at()].status = Status::Up;
        self.handle(id, cause, recorder, |node, cx| node.volatile = P::boot(&mut node.durable, cx));
        self.note_change(id, recorder);
    }

    /// Runs one handler of one node, drains what it did, and asks every invariant.
    pub(crate) fn handle(
        &mut self,
        id: NodeId,
        cause: Seq,
        recorder: &mut Recorder,
        run: impl FnOnce(&mut Node<P>, &mut Cx<P>),
    ) {
        let mut effects = std::mem::take(&mut self.effects);
        let nodes = self.len();
        let slot = &mut self.slots[id.at()];
        let before = self.checked.then(|| P::before(&slot.node));
        let mut cx = Cx {
            me: id,
            nodes,
            config: &self.setup.options,
            mutants: &self.setup.mutants,
            clock: slot.clock.reading(self.now),
            seed: self.setup.seed,
            draws: &mut slot.draws,
            effects: &mut effects,
        };
        run(&mut slot.node, &mut cx);
        let answers = self.drain(id, cause, &mut effects, recorder);
        self.effects = effects;
        self.note_change_if_any(id, recorder);
        if let Some(before) = before {
            self.check_handled(id, &before, &answers, cause, recorder);
        }
    }

    fn drain(&mut self, id: NodeId, cause: Seq, effects: &mut Vec<Effect<P>>, recorder: &mut Recorder) -> Vec<Told<P>> {
        let mut cause = cause;
        let mut answers = Vec::new();
        let epoch = P::standing(&self.slots[id.at()].node).epoch;
        for effect in effects.drain(..) {
            match effect {
                Effect::Send { to, message } => self.send(id, to, message, cause),
                Effect::SetTimer { timer, after } => self.arm(id, timer, after, cause),
                Effect::CancelTimer { timer } => self.slots[id.at()].timers.retain(|armed| armed.timer != timer),
                Effect::Tell { client, serial, verdict } => {
                    if let crate::cx::Verdict::Done(answer) = &verdict {
                        answers.push(Told { client, serial, answer: answer.clone() });
                    }
                    self.tell(id, client, serial, verdict, cause);
                }
                Effect::Fire { rule, noted } => {
                    let seq = self.next_seq;
                    self.next_seq += 1;
                    let peer = noted.peer.map(End::Node);
                    let record = Record {
                        seq,
                        time: self.now,
                        cause,
                        message: NONE,
                        nodes: noted.nodes,
                        node: Some(id),
                        peer,
                        epoch,
                        a: noted.a,
                        what: What::Rule(rule),
                    };
                    self.keep(recorder, record);
                    cause = seq;
                }
            }
        }
        answers
    }

    fn arm(&mut self, id: NodeId, timer: P::Timer, after: Micros, cause: Seq) {
        let slot = &mut self.slots[id.at()];
        let wait = slot.clock.true_time(after).max(1);
        slot.timers.retain(|armed| armed.timer != timer);
        self.rearm(id, Armed { timer, from: self.now, until: self.now + wait, order: 0, cause });
    }

    /// Schedules an armed timer anew; the event that was set for it before is outdated.
    pub(crate) fn rearm(&mut self, id: NodeId, armed: Armed<P::Timer>) {
        let order = self.schedule(armed.until, Event::Timer(id));
        self.slots[id.at()].timers.push(Armed { order, ..armed });
    }

    /// Writes a record and gives its number.
    pub(crate) fn note(
        &mut self,
        recorder: &mut Recorder,
        what: What,
        node: Option<NodeId>,
        peer: Option<End>,
        cause: Seq,
    ) -> Seq {
        let seq = self.next_seq;
        self.next_seq += 1;
        let epoch = node.map_or(0, |node| self.slots[node.at()].standing.epoch);
        let record = Record { seq, time: self.now, cause, message: NONE, nodes: 0, node, peer, epoch, a: 0, what };
        self.keep(recorder, record);
        seq
    }

    fn keep(&mut self, recorder: &mut Recorder, record: Record) {
        if recorder.off {
            return;
        }
        if let (What::Rule(rule), Some(node)) = (record.what, record.node)
            && let Some(mark) = rule.mark
        {
            let (row, glyph) = (mark.row as u16, mark.glyph);
            let marked = Marked { time: self.now, row, glyph, epoch: record.epoch, a: record.a, node };
            recorder.marks.push(marked);
        }
        recorder.records.push(record);
    }

    fn note_change_if_any(&mut self, id: NodeId, recorder: &mut Recorder) {
        let slot = &self.slots[id.at()];
        if P::standing(&slot.node) != slot.standing {
            self.note_change(id, recorder);
        }
    }

    pub(crate) fn note_change(&mut self, id: NodeId, recorder: &mut Recorder) {
        let slot = &mut self.slots[id.at()];
        slot.standing = P::standing(&slot.node);
        if !recorder.off {
            let (status, standing) = (slot.status, slot.standing);
            recorder.changes.push(Change { time: self.now, node: id, status, standing });
        }
    }

    fn check_handled(
        &mut self,
        id: NodeId,
        before: &P::Before,
        answers: &[Told<P>],
        cause: Seq,
        recorder: &mut Recorder,
    ) {
        let after = &self.slots[id.at()].node;
        let observed = Observed::Handled { before, after, answers };
        P::observe(&mut self.history, &observed);
        let broken = find_breach(&self.setup, &self.history, &self.violations, &self.slots, &observed);
        self.report(broken, cause, recorder);
    }

    pub(crate) fn check_client(&mut self, client: u32, asked: bool, cause: Seq, recorder: &mut Recorder) {
        if !self.checked {
            return;
        }
        let Client { id: client, serial, operation, answer, .. } = &self.clients[client as usize];
        let (client, serial) = (*client, *serial);
        let observed = match answer {
            _ if asked => Observed::Asked { client, serial, operation },
            Some(answer) => Observed::Answered { client, serial, operation, answer },
            None => return,
        };
        P::observe(&mut self.history, &observed);
        let broken = find_breach(&self.setup, &self.history, &self.violations, &self.slots, &observed);
        self.report(broken, cause, recorder);
    }

    fn report(&mut self, broken: Vec<Violation>, cause: Seq, recorder: &mut Recorder) {
        for mut violation in broken {
            let what = What::Violation { invariant: violation.invariant as u16 };
            let node = violation.nodes.first().copied();
            violation.time = self.now;
            violation.seq = self.note(recorder, what, node, None, cause);
            self.violations.push(violation);
        }
    }

    pub fn cluster(&self) -> Cluster<'_, P> {
        Cluster { slots: &self.slots }
    }

    /// The number of the node after the last.
    pub fn len(&self) -> u32 {
        self.slots.len() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub(crate) fn remember_lost(&mut self, flight: Flight<P>) {
        if self.lost.len() == LOST_KEPT {
            self.lost.pop_front();
        }
        self.lost.push_back(flight);
    }

    /// Bytes that a keyframe of this world keeps for itself.
    pub fn weight(&self) -> usize {
        let slots: usize = self.slots.iter().map(|slot| P::weight(&slot.node) + size_of::<Slot<P>>()).sum();
        let timers: usize = self.slots.iter().map(|slot| slot.timers.len() * size_of::<Armed<P::Timer>>()).sum();
        size_of::<Self>()
            + slots
            + timers
            + self.flights.weight()
            + self.lost.len() * size_of::<Flight<P>>()
            + self.queue.len() * size_of::<Due>()
            + self.clients.len() * size_of::<Client<P>>()
            + self.network.weight()
    }

    /// Equal for equal state, the same natively and in wasm.
    pub fn fingerprint(&self) -> u64 {
        Fingerprint::of(self)
    }
}

/// Asks every invariant that still holds.
fn find_breach<P: Protocol>(
    setup: &Setup<P>,
    history: &P::History,
    broken: &[Violation],
    slots: &[Slot<P>],
    observed: &Observed<P>,
) -> Vec<Violation> {
    let seen = Seen { config: &setup.options, history, observed, cluster: Cluster { slots } };
    let mut found = Vec::new();
    for (invariant, property) in P::INVARIANTS.iter().enumerate() {
        if !broken.is_empty() && broken.iter().any(|violation| violation.invariant == invariant) {
            continue;
        }
        if let Some(breach) = (property.check)(&seen) {
            found.push(Violation { invariant, time: 0, seq: 0, nodes: breach.nodes, says: breach.says });
        }
    }
    found
}

impl<P: Protocol> Hash for World<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.setup.hash(state);
        (self.now, self.at_now, self.next_seq, self.next_message).hash(state);
        for slot in &self.slots {
            (&slot.node, slot.status, slot.clock, slot.draws).hash(state);
            for armed in crate::order::by_key(&slot.timers, |armed| P::timer_kind(armed.timer) as u64) {
                (armed.until, armed.from, armed.timer).hash(state);
            }
        }
        for flight in crate::order::by_key(self.flights.iter().map(|(_, flight)| flight), |flight| flight.id) {
            flight.hash(state);
        }
        let live = self.queue.iter().map(|Reverse(due)| due).filter(|due| self.is_live(due));
        for due in crate::order::by_key(live, |due| due.order) {
            due.time.hash(state);
        }
        self.network.hash(state);
        self.clients.hash(state);
        self.history.hash(state);
        for violation in &self.violations {
            (violation.invariant, violation.time, violation.seq).hash(state);
        }
    }
}
