//! Sending and receiving, between nodes and with clients.

use crate::client::{Client, Next, Outcome, PATIENCE, PAUSE, Receipt};
use crate::cx::Verdict;
use crate::erased::{Call, ClientCall, Opaque, Operation};
use crate::fingerprint::Fingerprint;
use crate::flight::{Fate, Flight, Moved, Payload, Place, Shape, Ticket};
use crate::names::{ClientId, End, NodeId};
use crate::network::SHORTEST_FLIGHT;
use crate::promise::Assumption;
use crate::protocol::Summary;
use crate::rng::{Stream, between, draw};
use crate::trace::{Loss, NONE, Record, Seq, Status, What};
use crate::units::{MILLION, Micros};
use crate::world::{Event, Origin, World};

/// Draws of one message: its latency, its loss, where it is lost, its copy and the copy's three.
const DRAWS: u32 = 8;

impl World {
    #[inline]
    pub(crate) fn send(&mut self, from: NodeId, to: NodeId, message: Opaque, cause: Seq) {
        let chance = self.network.next_draw(from, to);
        let quiet = self.launch(End::Node(from), End::Node(to), Payload::Message(message), chance, cause);
        self.traffic.sent += 1;
        self.traffic.quiet += u64::from(quiet);
        self.count_cost(End::Node(from), End::Node(to));
    }

    /// A node's answer to a client.
    #[inline]
    pub(crate) fn tell(&mut self, from: NodeId, to: ClientId, serial: u32, verdict: Verdict, cause: Seq) {
        let Some(client) = self.clients.get_mut(to.at()) else {
            return;
        };
        let chance = (Stream::Client(to.0), client.draws);
        client.draws = client.draws.wrapping_add(1);
        let payload = Payload::Answer { serial, verdict };
        self.launch(End::Node(from), End::Client(to), payload, chance, cause);
    }

    /// A message between a node and a client's machine.
    pub(crate) fn send_client(&mut self, from: End, to: End, message: Opaque, cause: Seq) {
        let Some(client) = from.client().or(to.client()).and_then(|client| self.clients.get_mut(client.at())) else {
            return;
        };
        let chance = (Stream::Client(client.id.0), client.draws);
        client.draws = client.draws.wrapping_add(1);
        let quiet = self.launch(from, to, Payload::Message(message), chance, cause);
        self.traffic.sent += 1;
        self.traffic.quiet += u64::from(quiet);
        self.count_cost(from, to);
    }

    /// Puts a message on its way, and its copy if the network makes one. Gives whether it is
    /// steady traffic.
    #[inline]
    fn launch(&mut self, from: End, to: End, payload: Payload, (stream, count): (Stream, u32), cause: Seq) -> bool {
        let summary = payload.summary(self.setup.protocol);
        let chance = |n: u32| draw(self.setup.seed, stream, count.wrapping_mul(DRAWS).wrapping_add(n));
        let copied = self.network.conditions.duplicate > 0
            && between(chance(3), 1, u64::from(MILLION)) <= u64::from(self.network.conditions.duplicate);
        let draws = [[chance(0), chance(1), chance(2)], [chance(4), chance(5), chance(6)]];
        let original = self.next_message;
        if copied {
            self.fly((from, to), payload.clone(), summary, draws[0], NONE, cause);
            self.fly((from, to), payload, summary, draws[1], original, cause);
        } else {
            self.fly((from, to), payload, summary, draws[0], NONE, cause);
        }
        summary.quiet
    }

    #[inline]
    fn fly(
        &mut self,
        (from, to): (End, End),
        payload: Payload,
        summary: Summary,
        draws: [u64; 3],
        copy_of: u64,
        cause: Seq,
    ) {
        let drawn = self.now + self.network.flight(from, to, summary.tone, draws[0]).max(SHORTEST_FLIGHT);
        let arrives = self.network.arrival(from, to, drawn);
        let flight = arrives - self.now;
        if from.node().is_some() && to.node().is_some() {
            let faults = self.machines.faults_mut();
            faults.slowest_flight = faults.slowest_flight.max(flight);
        }
        let loss = self.network.conditions.loss;
        let doom = if !self.network.reachable(from, to) {
            Some((self.now + flight.div_ceil(2), Loss::Cut))
        } else if loss > 0 && between(draws[1], 1, u64::from(MILLION)) <= u64::from(loss) {
            // Somewhere in the middle of its way, so that the stage can show where it died.
            Some((self.now + (flight * between(draws[2], 35, 65)).div_ceil(100), Loss::Network))
        } else {
            None
        };
        let id = self.next_message;
        self.next_message += 1;
        let (fate, moved, delayed_until, ended) = (Fate::Flying, Moved::default(), None, 0);
        let sent = self.now;
        let shape = if self.timeless { Shape(Fingerprint::of(&(from, to, &payload))) } else { Shape::default() };
        let flight = Flight {
            id,
            from,
            to,
            payload,
            sent,
            arrives,
            doom,
            fate,
            moved,
            delayed_until,
            copy_of,
            place: Place::default(),
            summary,
            cause,
            origin: self.costs.origin(),
            shape,
            ended,
        };
        let ticket = self.flights.add(flight);
        self.schedule_flight(ticket, arrives, doom);
    }

    #[inline]
    pub(crate) fn schedule_flight(&mut self, ticket: Ticket, arrives: Micros, doom: Option<(Micros, Loss)>) {
        match doom {
            Some((time, _)) => self.schedule(time, Event::Lose(ticket)),
            None => self.schedule(arrives, Event::Arrive(ticket)),
        };
    }

    pub(crate) fn lose(&mut self, ticket: Ticket) {
        let why = self.flights.get(ticket).and_then(|flight| flight.doom).map_or(Loss::Network, |(_, why)| why);
        self.lose_for(ticket, why, NONE);
    }

    /// Ends a flight. The cause of a loss is what sent the message, unless somebody's hand did it.
    pub(crate) fn lose_for(&mut self, ticket: Ticket, why: Loss, hand: Seq) {
        let Some(mut flight) = self.flights.take(ticket) else {
            return;
        };
        let cause = if hand == NONE { flight.cause } else { hand };
        if flight.from.node().is_some() && flight.to.node().is_some() {
            let (now, faults) = (self.now, self.machines.faults_mut());
            faults.lost += 1;
            // What a node misses while it is down is a matter of its crash, and what a cut takes is one of the cut.
            if !matches!(why, Loss::Down | Loss::Cut) {
                faults.breaks(Assumption::NothingLost, now);
            }
        }
        let past = flight.past(self.setup.protocol, self.now, Some(why));
        self.note_flight(&flight, What::Lost { kind: past.kind, why }, cause);
        if self.traced {
            self.happened.past.push(past);
        }
        if flight.fate != Fate::Flying {
            flight.mark_place(self.now);
        }
        (flight.fate, flight.ended) = (Fate::Lost(why), self.now);
        let link = (flight.from, flight.to);
        self.remember_lost(flight);
        self.go_on_behind(link);
    }

    /// Writes the record of a flight's end at the receiver.
    #[inline]
    pub(crate) fn note_flight(&mut self, flight: &Flight, what: What, cause: Seq) -> Seq {
        let seq = self.next_seq;
        self.next_seq += 1;
        if self.traced {
            let (node, peer) = flight.node_and_peer();
            self.happened.records.push(Record {
                seq,
                time: self.now,
                cause,
                message: flight.id,
                nodes: flight.toward_client(),
                node,
                peer,
                epoch: flight.summary.epoch,
                a: 0,
                what,
            });
        }
        seq
    }

    #[inline]
    pub(crate) fn arrive(&mut self, ticket: Ticket) {
        let Some(flight) = self.flights.get(ticket) else {
            return;
        };
        if self.in_order() && self.before(flight).is_some() {
            return self.wait_behind(ticket);
        }
        match flight.to {
            End::Node(node) => match self.slots[node.at()].status {
                Status::Up => self.receive(node, ticket),
                Status::Paused => self.wait(flight.to, ticket),
                Status::Crashed | Status::Gone => self.lose_for(ticket, Loss::Down, NONE),
            },
            End::Client(client) if self.is_paused(client) => self.wait(End::Client(client), ticket),
            End::Client(client) => self.hear(client, ticket),
        }
    }

    fn wait(&mut self, end: End, ticket: Ticket) {
        let Some(flight) = self.flights.get_mut(ticket) else {
            return;
        };
        flight.mark_place(self.now);
        flight.fate = Fate::Waiting;
        let flight = flight.clone();
        match end {
            End::Node(node) => self.slots[node.at()].waiting.push(ticket),
            End::Client(client) => self.client_slot(client).waiting.push(ticket),
        }
        let what = What::Wait { kind: flight.summary.kind };
        self.note_flight(&flight, what, flight.cause);
        self.go_on_behind((flight.from, flight.to));
    }

    /// Takes a flight that arrived, and notes it.
    #[inline]
    fn land(&mut self, ticket: Ticket) -> Option<(Flight, Seq)> {
        let flight = self.flights.take(ticket)?;
        let past = flight.past(self.setup.protocol, self.now, None);
        let seq = self.note_flight(&flight, What::Deliver { kind: past.kind }, flight.cause);
        if self.traced {
            self.happened.past.push(past);
        }
        self.go_on_behind((flight.from, flight.to));
        self.costs.set_off_by(flight.origin);
        Some((flight, seq))
    }

    #[inline]
    fn receive(&mut self, id: NodeId, ticket: Ticket) {
        let Some((flight, seq)) = self.land(ticket) else {
            return;
        };
        match (flight.from, flight.payload) {
            (End::Node(from), Payload::Message(message)) => {
                self.handle(id, seq, Call::Message { from, message, summary: flight.summary });
            }
            (End::Client(client), Payload::Request { serial, receipt, operation }) => {
                self.handle(id, seq, Call::Request { client, serial, receipt: receipt.0, operation });
            }
            (End::Client(client), Payload::Message(message)) => {
                self.handle(id, seq, Call::Asked { client, message, summary: flight.summary });
            }
            _ => {}
        }
    }

    #[inline]
    fn hear(&mut self, client: ClientId, ticket: Ticket) {
        let Some((flight, seq)) = self.land(ticket) else {
            return;
        };
        let (from, serial, verdict) = match (flight.from, flight.payload) {
            (End::Node(from), Payload::Answer { serial, verdict }) => (from, serial, verdict),
            (End::Node(from), Payload::Message(message)) => {
                return self.handle_client(client, seq, ClientCall::Message { from, message });
            }
            _ => return,
        };
        let nodes = self.len();
        let Some(it) = self.clients.get_mut(client.at()) else {
            return;
        };
        // An answer to an earlier command, or a second one to this, tells it nothing.
        if it.serial != serial || !it.waiting() {
            return;
        }
        if let Verdict::Done(answer) = &verdict {
            it.receipt.0 = it.receipt.0.max(self.setup.protocol.receipt(answer));
        }
        let next = it.hear(from, &verdict, nodes);
        self.follow(client, next, seq);
    }

    pub(crate) fn wake(&mut self, client: u32, paused: bool) {
        let nodes = self.len();
        let it = &mut self.clients[client as usize];
        let (id, cause) = (it.id, it.cause);
        self.costs.set_off_by(it.origin);
        let next = it.wake(paused, nodes);
        let seq = self.note(What::Wake, None, Some(End::Client(id)), cause);
        self.follow(id, next, seq);
    }

    #[inline]
    pub(crate) fn follow(&mut self, client: ClientId, next: Next, cause: Seq) {
        let it = &mut self.clients[client.at()];
        match next {
            Next::Finish(outcome) => self.finish(client, outcome, cause),
            Next::Ask(node) => self.ask(client, node, cause),
            Next::Pause(node) => {
                it.asking = node;
                it.alarm += 1;
                let wake = Event::Wake { client: client.0, alarm: it.alarm as u32, paused: true };
                self.schedule(self.now + PAUSE, wake);
            }
        }
    }

    /// A client is done with its command, one way or another.
    pub(crate) fn finish(&mut self, client: ClientId, outcome: Outcome, cause: Seq) {
        let it = &mut self.clients[client.at()];
        (it.outcome, it.finished) = (outcome, self.now);
        self.calls.end(it, self.setup.about().clients);
        if outcome == Outcome::Ok {
            self.traffic.answered += 1;
            self.check_client(client.0, false, cause);
        }
    }

    /// Sends the client's command to a node, and waits for the answer.
    #[inline]
    fn ask(&mut self, client: ClientId, node: NodeId, cause: Seq) {
        let patience = self.patience();
        let it = &mut self.clients[client.at()];
        (it.asking, it.cause) = (node, cause);
        it.alarm += 1;
        let alarm = it.alarm as u32;
        let payload = Payload::Request { serial: it.serial, receipt: it.receipt, operation: it.operation.clone() };
        let chance = (Stream::Client(client.0), it.draws);
        it.draws = it.draws.wrapping_add(1);
        self.schedule(self.now + patience, Event::Wake { client: client.0, alarm, paused: false });
        self.launch(End::Client(client), End::Node(node), payload, chance, cause);
    }

    /// A client takes up a command.
    pub(crate) fn begin(&mut self, client: ClientId, only: Option<NodeId>, operation: Operation, cause: Seq) {
        if client.at() == self.clients.len() {
            self.clients.push(self.new_client(client, operation.clone(), cause));
        }
        let it = &mut self.clients[client.at()];
        it.serial += 1;
        (it.operation, it.only, it.outcome) = (operation, only, Outcome::Waiting);
        (it.since, it.answer, it.redirections) = (self.now, None, 0);
        let first = only.unwrap_or(it.asking);
        self.calls.begin(it);
        self.begin_cost(client);
        self.check_client(client.0, true, cause);
        if self.setup.about().clients { self.take_up(client, first, cause) } else { self.ask(client, first, cause) }
    }

    /// How long a client waits for an answer: beyond four of the slowest flights.
    pub(crate) fn patience(&self) -> Micros {
        PATIENCE + 4 * self.network.slowest()
    }

    fn new_client(&self, id: ClientId, operation: Operation, cause: Seq) -> Client {
        let drawn = draw(self.setup.seed, Stream::Client(id.0), 0);
        let asking = NodeId(between(drawn, 0, u64::from(self.len()) - 1) as u32);
        Client {
            id,
            serial: 0,
            operation,
            outcome: Outcome::Ok,
            only: None,
            asking,
            since: self.now,
            finished: 0,
            answer: None,
            receipt: Receipt::default(),
            redirections: 0,
            draws: 1,
            alarm: 0,
            cause,
            origin: Origin::default(),
        }
    }
}
