//! All state there is, and one step of it: one event, one handler, one drain.

mod clients;
mod copy;
mod costs;
mod disk;
mod notes;
mod queue;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::calls::Calls;
use crate::client::Client;
use crate::clock::Clock;
use crate::config::Setup;
use crate::cx::{Effect, Scene, Won};
use crate::erased::{Call, Machines, Operation};
use crate::fingerprint::Fingerprint;
use crate::flight::{Flight, Flights, Ticket};
use crate::names::{ClientId, End, NodeId};
use crate::network::Network;
use crate::promise::Assumption;
use crate::protocol::{Standing, TimerCode};
use crate::rng::Stream;
use crate::text::Says;
use crate::trace::{NONE, Record, Recorder, Seq, Status, What};
use crate::units::{MS, Micros};
pub use clients::ClientSlot;
pub use costs::{Cost, Costs, Origin};
pub use disk::Write;

/// How long a lost message stays to be seen.
const LOST_SHOWN: Micros = 100 * MS;
const LOST_KEPT: usize = 64;

pub struct World {
    pub(crate) setup: Rc<Setup>,
    pub(crate) now: Micros,
    /// Events handled at exactly this instant.
    pub(crate) at_now: u32,
    pub(crate) next_seq: Seq,
    pub(crate) next_message: u64,
    next_order: u64,
    pub(crate) slots: Vec<Slot>,
    pub(crate) flights: Flights,
    pub(crate) lost: VecDeque<Flight>,
    queue: queue::Queue,
    sweep_at: usize,
    pub(crate) network: Network,
    pub(crate) clients: Vec<Client>,
    /// One for each client where a protocol brings machines of its own for them, and none elsewhere.
    pub(crate) client_slots: Vec<ClientSlot>,
    /// What clients did so far.
    pub(crate) calls: Calls,
    pub(crate) machines: Box<dyn Machines>,
    pub(crate) traffic: Traffic,
    pub(crate) costs: Costs,
    /// Nodes that left for good.
    pub(crate) gone: u32,
    pub(crate) violations: Vec<Violation>,
    /// What the last event wrote down: cleared before the next, and read in between by whoever keeps it.
    pub(crate) happened: Recorder,
    /// What a benchmark may switch off: invariants, and what is written down.
    pub(crate) checked: bool,
    pub(crate) traced: bool,
    /// Nothing happens by itself but what happens at once: see [`crate::untimed`].
    pub(crate) timeless: bool,
    effects: Vec<Effect>,
    /// The operation that was parsed last, and its text.
    pub(crate) parsed: RefCell<Option<(Box<str>, Operation)>>,
}

/// What went over the network between nodes, and what came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traffic {
    pub sent: u64,
    /// Those among them that are steady traffic.
    pub quiet: u64,
    /// Requests that were answered.
    pub answered: u64,
}

/// A node as the engine keeps it, beside its machine.
#[derive(Clone)]
pub struct Slot {
    pub(crate) status: Status,
    pub(crate) clock: Clock,
    pub(crate) timers: Vec<Armed>,
    pub(crate) standing: Standing,
    /// Messages that wait for a paused node, in order of arrival.
    pub(crate) waiting: Vec<Ticket>,
    /// What it last won since it was started.
    pub(crate) won: Option<Rc<Won>>,
    /// The next handler that sends more than this is cut short, and the node goes down.
    pub(crate) crash_after: Option<Doom>,
    /// Writes on their way to its disk, in the order in which they were asked.
    pub(crate) writes: Vec<Write>,
    starts: u32,
    draws: u32,
    disk_draws: u32,
}

/// After how many sends a node goes down, and the record of the input that said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Doom {
    pub after: u32,
    pub(crate) cause: Seq,
}

#[derive(Clone, Copy, Debug, Hash)]
pub struct Armed {
    pub timer: TimerCode,
    pub from: Micros,
    pub until: Micros,
    /// The order of its event; [`STOPPED`] while its node is paused.
    pub(crate) order: u64,
    pub(crate) cause: Seq,
}

/// No event is scheduled for the timer.
pub(crate) const STOPPED: u64 = u64::MAX;
/// Outdated events are swept out when the queue has grown to this, and to twice what was left: a timer that is set anew
/// leaves one behind each time, and a short queue stays in the nearest memory.
const SWEEP_AT: usize = 128;

/// An event that is due. Equal times are ordered by when they were scheduled.
#[derive(Clone, Copy, Debug)]
struct Due {
    time: Micros,
    order: u64,
    what: Event,
}

/// The earliest is the greatest, as a heap wants it. No two events have the same order.
impl Ord for Due {
    #[inline]
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.time, other.order).cmp(&(self.time, self.order))
    }
}

impl PartialOrd for Due {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Due {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Event {
    Arrive(Ticket),
    Lose(Ticket),
    /// The timer of this node that was armed under the event's own order.
    Timer(NodeId),
    /// The same of a client's machine.
    ClientTimer(ClientId),
    /// A write of this node's, the one with the event's own order, is on the disk.
    Written(NodeId),
    Wake {
        client: u32,
        /// The last digits of its alarm: few are pending at a time.
        alarm: u32,
        paused: bool,
    },
}

/// A property that broke, at its first time.
#[derive(Clone, Debug)]
pub struct Violation {
    pub invariant: usize,
    pub time: Micros,
    /// Its record; of what was not promised, the record at which it broke.
    pub seq: Seq,
    pub nodes: Vec<NodeId>,
    pub says: Says,
    /// Whether the configuration promises it. What it does not is watched, and stops nothing.
    pub promised: bool,
    /// What it rests on and had been broken before.
    pub beyond: Vec<Assumption>,
}

/// Timers in the order of their codes.
fn by_code(timers: &[Armed]) -> Vec<&Armed> {
    crate::order::by_key(timers, |armed| u64::from(armed.timer.kind) << 32 | u64::from(armed.timer.key))
}

#[cfg(feature = "untimed")]
impl Slot {
    /// How often its machine was started.
    pub(crate) fn starts(&self) -> u32 {
        self.starts
    }
}

impl World {
    /// A cluster at time 0, every machine just started.
    pub(crate) fn new(setup: Rc<Setup>) -> World {
        let mut world = World::blank_of(setup);
        world.start();
        world
    }

    /// The same with every machine still off.
    fn blank_of(setup: Rc<Setup>) -> World {
        let nodes = setup.roster.len();
        let machines = setup.protocol.machines(&setup.settings, &setup.roster, setup.seed);
        let mut world = World {
            network: Network::new(setup.conditions, setup.places.clone(), nodes),
            machines,
            setup,
            now: 0,
            at_now: 0,
            next_seq: 0,
            next_message: 0,
            next_order: 0,
            slots: Vec::with_capacity(nodes as usize),
            flights: Flights::default(),
            lost: VecDeque::new(),
            queue: queue::Queue::default(),
            sweep_at: SWEEP_AT,
            clients: Vec::new(),
            client_slots: Vec::new(),
            calls: Calls::default(),
            traffic: Traffic::default(),
            costs: Costs::default(),
            gone: 0,
            violations: Vec::new(),
            happened: Recorder::default(),
            checked: true,
            traced: true,
            timeless: false,
            effects: Vec::new(),
            parsed: RefCell::new(None),
        };
        if world.network.conditions.reorder && world.setup.asks_for_order() {
            world.machines.faults_mut().breaks(Assumption::LinksInOrder, 0);
        }
        world.machines.stand(world.network.places.0.clone());
        (0..nodes).for_each(|_| world.add_slot());
        world
    }

    /// Every machine boots.
    fn start(&mut self) {
        (0..self.len()).for_each(|node| self.boot(NodeId(node), NONE));
    }

    /// The same where time stands still: whatever takes time waits to be chosen.
    #[cfg(feature = "untimed")]
    pub(crate) fn untimed(setup: Rc<Setup>) -> World {
        let mut world = World::blank_of(setup);
        (world.timeless, world.traced) = (true, false);
        world.start();
        while world.next_time().is_some() {
            let protocol = world.setup.protocol;
            protocol.step(&mut world);
        }
        world
    }

    pub(crate) fn add_slot(&mut self) {
        let standing = self.machines.standing(NodeId(self.slots.len() as u32));
        let (status, clock) = (Status::Crashed, Clock::default());
        let waiting = Vec::new();
        self.slots.push(Slot {
            status,
            clock,
            timers: vec![],
            standing,
            waiting,
            won: None,
            crash_after: None,
            writes: Vec::new(),
            starts: 0,
            draws: 0,
            disk_draws: 0,
        });
    }

    pub fn now(&self) -> Micros {
        self.now
    }

    /// When the next event is due, if any is.
    #[inline]
    pub fn next_time(&mut self) -> Option<Micros> {
        while let Some(due) = self.queue.peek() {
            if self.is_live(&due) {
                return Some(due.time);
            }
            self.queue.pop();
        }
        None
    }

    #[inline]
    fn is_live(&self, due: &Due) -> bool {
        match due.what {
            Event::Arrive(ticket) | Event::Lose(ticket) => self.flights.get(ticket).is_some(),
            Event::Timer(node) => self.slots[node.at()].timers.iter().any(|armed| armed.order == due.order),
            Event::ClientTimer(client) => self.client_slot_live(client, due.order),
            Event::Written(node) => self.slots[node.at()].writes.iter().any(|write| write.order == due.order),
            Event::Wake { client, alarm, .. } => {
                self.clients.get(client as usize).is_some_and(|c| c.alarm as u32 == alarm && c.waiting())
            }
        }
    }

    /// Handles exactly one event. False when nothing is scheduled.
    #[inline]
    pub fn step(&mut self) -> bool {
        if self.next_time().is_none() {
            return false;
        }
        let Some(due) = self.queue.pop() else {
            return false;
        };
        self.move_to(due.time);
        self.at_now += 1;
        self.costs.set_off_by(Origin::default());
        match due.what {
            Event::Arrive(ticket) => self.arrive(ticket),
            Event::Lose(ticket) => self.lose(ticket),
            Event::Timer(node) => self.expire(node, due.order),
            Event::ClientTimer(client) => self.expire_client(client, due.order),
            Event::Written(node) => self.written(node, due.order),
            Event::Wake { client, paused, .. } => self.wake(client, paused),
        }
        true
    }

    #[inline]
    pub(crate) fn move_to(&mut self, time: Micros) {
        if time > self.now {
            self.pass_deadlines(time);
            self.now = time;
            self.at_now = 0;
        }
        while self.lost.front().is_some_and(|flight| flight.ended + LOST_SHOWN < self.now) {
            self.lost.pop_front();
        }
    }

    #[inline]
    pub(crate) fn schedule(&mut self, time: Micros, what: Event) -> u64 {
        let order = self.next_order;
        self.next_order += 1;
        let mut time = time.max(self.now);
        if self.timeless {
            if !self.is_at_once(time, what) {
                return order;
            }
            time = self.now;
        }
        self.queue.push(Due { time, order, what });
        if self.queue.len() > self.sweep_at {
            self.sweep(order);
        }
        order
    }

    /// Where time stands, a timer without a wait and a write go on at once; all else waits to be chosen.
    fn is_at_once(&self, time: Micros, what: Event) -> bool {
        match what {
            Event::Timer(_) | Event::ClientTimer(_) => time <= self.now + 1,
            Event::Written(_) => true,
            Event::Arrive(_) | Event::Lose(_) | Event::Wake { .. } => false,
        }
    }

    /// Drops outdated events. The newest one is kept: its timer may not be armed yet.
    fn sweep(&mut self, newest: u64) {
        let mut queue = std::mem::take(&mut self.queue);
        queue.retain(|due| due.order == newest || self.is_live(due));
        self.sweep_at = (queue.len() * 2).max(SWEEP_AT);
        self.queue = queue;
    }

    #[inline]
    fn expire(&mut self, id: NodeId, order: u64) {
        let slot = &mut self.slots[id.at()];
        let Some(at) = slot.timers.iter().position(|armed| armed.order == order) else {
            return;
        };
        let armed = slot.timers.remove(at);
        self.ring(id, armed.timer, armed.cause);
    }

    /// A timer of a node goes off.
    #[inline]
    pub(crate) fn ring(&mut self, id: NodeId, timer: TimerCode, cause: Seq) {
        let seq = self.note(What::Timer { kind: timer.kind }, Some(id), None, cause);
        self.handle(id, seq, Call::Timer(timer));
    }

    pub(crate) fn boot(&mut self, id: NodeId, cause: Seq) {
        self.slots[id.at()].status = Status::Up;
        self.slots[id.at()].starts += 1;
        self.slots[id.at()].crash_after = None;
        self.handle(id, cause, Call::Boot);
        self.note_change(id);
    }

    /// Runs one handler of one node, asks every invariant, and drains what it did.
    #[inline]
    pub(crate) fn handle(&mut self, id: NodeId, cause: Seq, call: Call) {
        let mut effects = std::mem::take(&mut self.effects);
        let known = self.known_broken();
        let slot = &mut self.slots[id.at()];
        let scene = Scene {
            stream: Stream::Node(id.0),
            mutants: &self.setup.mutants,
            now: self.now,
            clock: slot.clock.reading(self.now),
            seed: self.setup.seed,
            starts: slot.starts,
            draws: &mut slot.draws,
            most_sends: slot.crash_after.map(|doom| doom.after),
            effects: &mut effects,
        };
        let (standing, broken) = self.machines.handle(id, call, scene, self.checked.then_some(&known[..]));
        let falls = matches!(effects.last(), Some(Effect::Fall));
        self.drain(id, cause, standing.epoch, &mut effects);
        self.effects = effects;
        if self.slots[id.at()].standing != standing {
            self.note_change(id);
        }
        self.report(broken, cause);
        if falls {
            self.fall_half_way(id);
        }
    }

    #[inline]
    pub(crate) fn known_broken(&self) -> Vec<usize> {
        self.violations.iter().map(|violation| violation.invariant).collect()
    }

    #[inline]
    fn drain(&mut self, id: NodeId, cause: Seq, epoch: u32, effects: &mut Vec<Effect>) {
        let mut cause = cause;
        for effect in effects.drain(..) {
            match effect {
                Effect::Send { to, message } => self.send(id, to, message, cause),
                Effect::SetTimer { timer, after } => self.arm(id, timer, after, cause),
                Effect::CancelTimer { timer } => self.slots[id.at()].timers.retain(|armed| armed.timer != timer),
                Effect::Tell { client, serial, verdict } => self.tell(id, client, serial, verdict, cause),
                Effect::Reply { to, message } => self.send_client(End::Node(id), End::Client(to), message, cause),
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
                        epoch: noted.epoch.unwrap_or(epoch),
                        a: noted.a,
                        what: What::Rule(rule),
                    };
                    self.keep(record);
                    cause = seq;
                }
                Effect::Won(won) => self.slots[id.at()].won = Some(won),
                Effect::Force { timer } => self.force(id, timer, cause),
                Effect::Fall | Effect::Finish { .. } | Effect::Next { .. } => {}
            }
        }
    }

    #[inline]
    fn arm(&mut self, id: NodeId, timer: TimerCode, after: Micros, cause: Seq) {
        let slot = &mut self.slots[id.at()];
        let wait = slot.clock.true_time(after).max(1);
        slot.timers.retain(|armed| armed.timer != timer);
        self.rearm(id, Armed { timer, from: self.now, until: self.now + wait, order: 0, cause });
    }

    /// Schedules an armed timer anew; the event that was set for it before is outdated.
    #[inline]
    pub(crate) fn rearm(&mut self, id: NodeId, armed: Armed) {
        let order = self.schedule(armed.until, Event::Timer(id));
        self.slots[id.at()].timers.push(Armed { order, ..armed });
    }

    /// The number of the node after the last.
    pub fn len(&self) -> u32 {
        self.slots.len() as u32
    }

    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub(crate) fn remember_lost(&mut self, flight: Flight) {
        if self.lost.len() == LOST_KEPT {
            self.lost.pop_front();
        }
        self.lost.push_back(flight);
    }

    /// Bytes that a keyframe of this world keeps for itself.
    pub fn weight(&self) -> usize {
        let timers: usize = self
            .slots
            .iter()
            .map(|slot| slot.timers.len() * size_of::<Armed>() + slot.writes.len() * size_of::<Write>())
            .sum();
        size_of::<Self>()
            + self.slots.len() * size_of::<Slot>()
            + self.machines.weight()
            + timers
            + self.flights.weight()
            + self.lost.len() * size_of::<Flight>()
            + self.queue.len() * size_of::<Due>()
            + self.clients.len() * size_of::<Client>()
            + self.client_slots.len() * size_of::<ClientSlot>()
            + self.network.weight()
    }

    /// What machines hold and what is on its way, whatever rules they follow.
    #[cfg(feature = "untimed")]
    pub(crate) fn state_print(&self) -> u64 {
        let mut state = Fingerprint::default();
        self.machines.hash_held(&mut state);
        for flight in crate::order::by_key(self.flights.iter().map(|(_, flight)| flight), |flight| flight.id) {
            (flight.id, flight.from, flight.to, &flight.payload).hash(&mut state);
        }
        state.finish()
    }

    /// Equal for equal state, the same natively and in wasm.
    pub fn fingerprint(&self) -> u64 {
        let mut state = Fingerprint::default();
        self.hash(&mut state);
        self.machines.hash(&mut state);
        state.finish()
    }
}
