//! A run whose next event is chosen and not timed, for searches: the same machines, messages, clients and properties,
//! and no clock. Whatever is under way may happen next; what takes no time happens at once. A path of choices is made
//! into an ordinary run by [`Untimed::input`]: there the messages have the same numbers.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::cx::Verdict;
use crate::erased::Operation;
use crate::error::{Error, Result};
use crate::fingerprint::Fingerprint;
use crate::flight::{Flight, Payload, Ticket};
use crate::input::{Deed, Input, Which, Who};
use crate::names::{ClientId, End, Names, NodeId};
use crate::protocol::Standing;
use crate::simulation::Simulation;
use crate::trace::{NONE, Status, What};
use crate::world::World;

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Choice {
    /// The message of this number is received.
    Deliver(u64),
    /// A copy of it is received, and it stays on its way.
    Copy(u64),
    /// A timer of this kind goes off.
    Fire(End, u16),
    /// A client asks a node for the operation at this place of the list. A client that is a machine of its own finds
    /// its nodes itself.
    Request(ClientId, Option<NodeId>, u16),
    /// A node loses its memory.
    Crash(NodeId),
    /// It boots with what its disk holds.
    Restart(NodeId),
    /// It crashes and boots again at once.
    Bounce(NodeId),
}

/// Which kinds of choice there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Messages may overtake one another; false keeps each link in order.
    pub reorder: bool,
    /// A message may be received twice.
    pub copy: bool,
    /// Timers may go off.
    pub timeout: bool,
    /// Clients may ask.
    pub request: bool,
    /// Nodes may crash.
    pub crash: bool,
    /// Nodes that crashed may restart.
    pub restart: bool,
}

/// A message by what it is and not by its number, so that it is found again in a run that went otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// Who sent it.
    pub from: End,
    /// To whom it goes.
    pub to: End,
    /// The place of its kind.
    pub kind: u16,
    /// The same for messages that say the same to the same.
    pub print: u64,
}

/// A choice in names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// `deliver`, `copy`, `timeout`, `request`, `crash` or `restart`.
    pub verb: &'static str,
    /// Who sent it, or asks.
    pub from: Option<String>,
    /// At whom it happens.
    pub to: Option<String>,
    /// The kind of the message or of the timer.
    pub kind: Option<&'static str>,
    /// The epoch of a message; 0 is none.
    pub epoch: u32,
}

/// A run without time.
#[derive(Clone)]
pub struct Untimed {
    world: World,
    operations: Rc<[Operation]>,
    own_clients: bool,
}

impl Untimed {
    /// The start of a run of this configuration, in which clients ask for these operations.
    ///
    /// # Errors
    /// Where an operation is none.
    pub fn new(run: &Simulation, operations: &[String]) -> Result<Untimed> {
        let setup = run.setup_of();
        let _names = Names::of(&setup.roster);
        let own_clients = setup.about().clients;
        let parse = |text: &String| setup.protocol.operation(text).map_err(Error::input);
        let operations = operations.iter().map(parse).collect::<Result<Vec<_>>>()?.into();
        let world = World::untimed(setup);
        Ok(Untimed { world, operations, own_clients })
    }

    /// Keeps what happens, so that [`Untimed::fired`] tells of it.
    pub fn keep_records(&mut self) {
        self.world.traced = true;
    }

    /// Every choice there is, in an order that follows from the path.
    pub fn choices(&self, allowed: &Allowed, found: &mut Vec<Choice>) {
        self.deliveries(allowed, found);
        if allowed.timeout {
            self.timeouts(found);
        }
        for (node, slot) in self.nodes() {
            match slot.status {
                Status::Up if allowed.crash => {
                    found.push(Choice::Crash(node));
                    found.extend(allowed.restart.then_some(Choice::Bounce(node)));
                }
                Status::Crashed if allowed.restart => found.push(Choice::Restart(node)),
                _ => {}
            }
        }
        if allowed.request {
            self.requests(found);
        }
    }

    fn nodes(&self) -> impl Iterator<Item = (NodeId, &crate::world::Slot)> {
        self.world.slots.iter().enumerate().map(|(at, slot)| (NodeId(at as u32), slot))
    }

    fn deliveries(&self, allowed: &Allowed, found: &mut Vec<Choice>) {
        let in_order = self.world.in_order() || !allowed.reorder;
        for (_, flight) in self.world.flights.iter().filter(|(_, flight)| self.is_heard(flight)) {
            if in_order && self.world.before(flight).is_some() {
                continue;
            }
            found.push(Choice::Deliver(flight.id));
            if allowed.copy && !flight.is_copy() {
                found.push(Choice::Copy(flight.id));
            }
        }
    }

    /// Whether somebody would receive it. What sends a client to wait is left out, as it takes time.
    fn is_heard(&self, flight: &Flight) -> bool {
        match flight.to {
            End::Node(node) => self.world.slots[node.at()].status == Status::Up,
            End::Client(_) => !matches!(flight.payload, Payload::Answer { verdict: Verdict::Refused, .. }),
        }
    }

    fn timeouts(&self, found: &mut Vec<Choice>) {
        for (node, slot) in self.nodes().filter(|(_, slot)| slot.status == Status::Up) {
            once_each(slot.timers.iter().map(|armed| armed.timer.kind), |kind| {
                found.push(Choice::Fire(node.into(), kind));
            });
        }
        for (client, slot) in (0..).map(ClientId).zip(&self.world.client_slots) {
            once_each(slot.timers.iter().map(|armed| armed.timer.kind), |kind| {
                found.push(Choice::Fire(client.into(), kind));
            });
        }
    }

    /// The first client that is idle asks for the next operation of the list; any other would do the same.
    fn requests(&self, found: &mut Vec<Choice>) {
        let client = self.world.idle_client();
        let Some(operation) = self.requested().checked_rem(self.operations.len() as u32) else { return };
        if self.own_clients {
            return found.push(Choice::Request(client, None, operation as u16));
        }
        let up = self.nodes().filter(|(_, slot)| slot.status == Status::Up);
        found.extend(up.map(|(node, _)| Choice::Request(client, Some(node), operation as u16)));
    }

    /// Does what was chosen, and all that follows at once. False where it cannot be done now.
    pub fn take(&mut self, choice: Choice) -> bool {
        self.world.happened.clear();
        let done = self.begin(choice);
        let protocol = self.world.setup.protocol;
        while self.world.next_time().is_some() {
            protocol.step(&mut self.world);
        }
        done
    }

    fn begin(&mut self, choice: Choice) -> bool {
        match choice {
            Choice::Deliver(id) => self.find(id).map(|ticket| self.world.arrive(ticket)).is_some(),
            Choice::Copy(id) => {
                let Some(ticket) = self.find(id) else { return false };
                self.world.duplicate(ticket);
                let copy = self.world.next_message - 1;
                self.find(copy).map(|ticket| self.world.arrive(ticket)).is_some()
            }
            Choice::Fire(end, kind) => {
                let Some(kind) = self.world.setup.about().timers.get(usize::from(kind)) else { return false };
                self.deed(Deed::Fire(end, kind.id))
            }
            Choice::Request(client, node, operation) => {
                let idle = self.world.clients.get(client.at()).is_none_or(|client| !client.waiting());
                let new = client.at() <= self.world.clients.len();
                let Some(operation) = self.operations.get(usize::from(operation)).cloned() else { return false };
                if idle && new {
                    self.world.begin(client, node, operation, NONE);
                }
                idle && new
            }
            Choice::Crash(node) => self.deed(Deed::Crash(node)),
            Choice::Restart(node) => self.deed(Deed::Restart(node)),
            Choice::Bounce(node) => self.deed(Deed::Crash(node)) && self.deed(Deed::Restart(node)),
        }
    }

    fn deed(&mut self, deed: Deed) -> bool {
        let allowed = self.world.allows(&deed).is_ok();
        if allowed {
            self.world.do_all(&[deed], 0);
        }
        allowed
    }

    fn find(&self, id: u64) -> Option<Ticket> {
        self.world.flights.find(id).filter(|(_, flight)| self.is_heard(flight)).map(|(ticket, _)| ticket)
    }

    /// What a message is, by its number.
    pub fn likeness(&self, id: u64) -> Option<Likeness> {
        self.world.flights.find(id).map(|(_, flight)| of(flight))
    }

    /// The number of the message that is most like this one: it says the same, or is of the same kind on the same link.
    pub fn most_like(&self, wanted: &Likeness) -> Option<u64> {
        // Clients are alike: another may ask, where one before it does not.
        let alike = |one: End, other: End| one == other || (one.client().is_some() && other.client().is_some());
        let same_link = |flight: &Flight| {
            alike(flight.from, wanted.from) && alike(flight.to, wanted.to) && flight.summary.kind == wanted.kind
        };
        let near = self.world.flights.iter().map(|(_, flight)| flight).filter(|flight| same_link(flight));
        let exact = |flight: &Flight| (flight.from, flight.to) == (wanted.from, wanted.to);
        let nearest = near.min_by_key(|flight| (flight.shape.0 != wanted.print, !exact(flight), flight.id));
        nearest.map(|flight| flight.id)
    }

    /// The choice as the input that makes it happen in a run with time, `ahead` of it, as a message takes so long: a
    /// copy is made by an input of its own. Nodes and timers have the names that this run's have.
    pub fn input(&self, choice: Choice, flies: crate::units::Micros) -> Vec<Input> {
        let deliver = |id| Input::Deliver(Which::Number(id), Some(flies));
        let timer = |kind: u16| self.world.setup.about().timers[usize::from(kind)].id;
        match choice {
            Choice::Deliver(id) => vec![deliver(id)],
            Choice::Copy(id) => vec![Input::Duplicate(Which::Number(id)), deliver(self.world.next_message)],
            Choice::Fire(end, kind) => vec![Input::Fire(end.into(), timer(kind))],
            Choice::Request(client, node, operation) => {
                let operation = self.operations[usize::from(operation)].text.to_string();
                vec![Input::Request { client: Some(client), node: node.map(Who::Node), operation }]
            }
            Choice::Crash(node) => vec![Input::Crash(node.into())],
            Choice::Restart(node) => vec![Input::Restart(node.into())],
            Choice::Bounce(node) => vec![Input::Crash(node.into()), Input::Restart(node.into())],
        }
    }

    /// The first client that waits for nothing.
    pub fn idle(&self) -> ClientId {
        self.world.idle_client()
    }

    /// Every node's status and standing.
    pub fn standings(&self) -> impl Iterator<Item = (Status, Standing)> {
        self.world.slots.iter().map(|slot| (slot.status, slot.standing))
    }

    /// What a choice is about, in the names of this run: who, to whom, and of which kind.
    pub fn told(&self, choice: Choice) -> Told {
        let _names = Names::of(&self.world.setup.roster);
        let about = self.world.setup.about();
        let name = |end: End| Some(end.to_string());
        let mut told = Told { verb: "", from: None, to: None, kind: None, epoch: 0 };
        match choice {
            Choice::Deliver(id) | Choice::Copy(id) => {
                told.verb = if matches!(choice, Choice::Copy(_)) { "copy" } else { "deliver" };
                if let Some((_, flight)) = self.world.flights.find(id) {
                    (told.from, told.to) = (name(flight.from), name(flight.to));
                    told.kind = Some(crate::frame::message_kind(about, flight.summary.kind).id);
                    told.epoch = flight.summary.epoch;
                }
            }
            Choice::Fire(end, kind) => {
                (told.verb, told.to) = ("timeout", name(end));
                told.kind = about.timers.get(usize::from(kind)).map(|kind| kind.id);
            }
            Choice::Request(client, node, _) => {
                (told.verb, told.from, told.to) =
                    ("request", name(client.into()), node.and_then(|node| name(node.into())));
            }
            Choice::Crash(node) => (told.verb, told.to) = ("crash", name(node.into())),
            Choice::Restart(node) | Choice::Bounce(node) => (told.verb, told.to) = ("restart", name(node.into())),
        }
        told
    }

    /// How many requests clients have made.
    pub fn requested(&self) -> u32 {
        self.world.clients.iter().map(|client| client.serial).sum()
    }

    /// How often a node crashed.
    pub fn falls(&self) -> u32 {
        let fallen = |slot: &crate::world::Slot| slot.starts() - u32::from(slot.status != Status::Crashed);
        self.world.slots.iter().map(fallen).sum()
    }

    /// The highest epoch that any node stands in.
    pub fn epoch(&self) -> u32 {
        self.world.slots.iter().map(|slot| slot.standing.epoch).max().unwrap_or(0)
    }

    /// The places of the properties that are broken: each with whether it is promised and nothing that it assumes was
    /// broken.
    pub fn broken(&self) -> impl Iterator<Item = (usize, bool)> {
        self.world.violations.iter().map(|it| (it.invariant, it.promised && it.beyond.is_empty()))
    }

    /// The rules that the last choice had fire, by their ids and in their order, each with its node.
    pub fn fired(&self) -> impl Iterator<Item = (&'static str, Option<NodeId>)> {
        self.world.happened.records.iter().filter_map(|record| match record.what {
            What::Rule(rule) => Some((rule.id, record.node)),
            _ => None,
        })
    }

    /// A hash of all on which what may happen next depends: equal for states that differ only in how they came about.
    pub fn shape(&self) -> u64 {
        let mut state = Fingerprint::default();
        self.world.machines.hash_state(&mut state);
        for slot in &self.world.slots {
            (slot.status, slot.starts()).hash(&mut state);
            let timers = slot.timers.iter().map(|armed| Fingerprint::of(&armed.timer));
            timers.fold(0, u64::wrapping_add).hash(&mut state);
        }
        let flights = self.world.flights.iter().map(|(_, flight)| flight.shape.0);
        flights.fold(0, u64::wrapping_add).hash(&mut state);
        for client in &self.world.clients {
            (client.serial, client.outcome, client.only, &client.operation).hash(&mut state);
        }
        for slot in &self.world.client_slots {
            let timers = slot.timers.iter().map(|armed| Fingerprint::of(&armed.timer));
            timers.fold(0, u64::wrapping_add).hash(&mut state);
        }
        for violation in &self.world.violations {
            violation.invariant.hash(&mut state);
        }
        state.finish()
    }
}

fn of(flight: &Flight) -> Likeness {
    Likeness { from: flight.from, to: flight.to, kind: flight.summary.kind, print: flight.shape.0 }
}

fn once_each(kinds: impl Iterator<Item = u16>, mut see: impl FnMut(u16)) {
    let mut seen = 0u64;
    for kind in kinds.filter(|kind| *kind < 64) {
        if seen & 1 << kind == 0 {
            seen |= 1 << kind;
            see(kind);
        }
    }
}
