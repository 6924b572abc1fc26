//! What an input does to the world. Whether it is valid now stands in `allowed`.

use crate::erased::Fall;
use crate::flight::{Fate, Ticket};
use crate::input::{Deed, Input, Link, Which};
use crate::names::{End, NodeId};
use crate::network::Latency;
use crate::promise::Assumption;
use crate::text::text;
use crate::trace::{Loss, Seq, Status, What};
use crate::units::{END_OF_TIME, MILLION, Micros};
use crate::world::{Armed, Doom, Origin, STOPPED, World};

impl World {
    /// Does a valid input, and gives the number of its record. `place` is where it stands in its
    /// branch.
    pub fn apply(&mut self, input: &Input, place: u32) -> Seq {
        match self.prepare(input) {
            Ok(deeds) => self.do_all(&deeds, place),
            Err(_) => {
                self.costs.set_off_by(Origin::default());
                let deeds = self.deeds(input).unwrap_or_default();
                self.note_input(&deeds, What::Input { place, refused: true })
            }
        }
    }

    /// The same of deeds that are known to be allowed now.
    pub fn do_all(&mut self, deeds: &[Deed], place: u32) -> Seq {
        self.costs.set_off_by(Origin::default());
        let seq = self.note_input(deeds, What::Input { place, refused: false });
        for (at, deed) in deeds.iter().enumerate() {
            // What was done to one node may have settled what can be done to the next.
            if at == 0 || self.allows(deed).is_ok() {
                self.note_fault(deed);
                self.perform(deed, seq);
            }
        }
        seq
    }

    /// Which assumptions an input breaks.
    fn note_fault(&mut self, input: &Deed) {
        let (now, beyond) = (self.now, self.goes_beyond(input));
        let faults = self.machines.faults_mut();
        match input {
            Input::Skew(end, _) | Input::Offset(end, _) if beyond => {
                if let Some(node) = end.node() {
                    faults.clock_off.get_or_insert(node);
                }
                faults.breaks(Assumption::ClocksWithin, now);
            }
            Input::Wipe(node) => {
                faults.wiped.get_or_insert(*node);
                faults.breaks(Assumption::DisksKept, now);
            }
            Input::Partition(_) | Input::Cut(_) => {
                faults.cut.get_or_insert(now);
                faults.breaks(Assumption::NoPartition, now);
            }
            Input::Hold(_) | Input::Delay(..) => {
                faults.late += 1;
                faults.breaks(Assumption::InTime, now);
            }
            Input::Pause(_) => faults.breaks(Assumption::InTime, now),
            Input::Restart(node) => faults.down.remove(*node),
            _ => {}
        }
    }

    /// The record of an input says what it is about: a node, the client of a request, or a message
    /// with its kind and its ends. One about several nodes is at none of them.
    fn note_input(&mut self, deeds: &[Deed], what: What) -> Seq {
        let [input] = deeds else {
            let record = self.blank(what, None, None);
            self.keep(record);
            return record.seq;
        };
        let peer = match input {
            Input::Request { client, .. } => Some(End::Client(client.unwrap_or_else(|| self.idle_client()))),
            Input::Pause(end)
            | Input::Resume(end)
            | Input::Skew(end, _)
            | Input::Offset(end, _)
            | Input::Fire(end, _) => end.client().map(End::Client),
            _ => None,
        };
        let mut record = self.blank(what, self.subject(input), peer);
        if let Some(flight) = input.which().and_then(|which| self.message(which, |_| true, text("", "")).ok()) {
            let flight = self.flights.get(flight);
            if let Some(flight) = flight {
                (record.message, record.a) = (flight.id, u32::from(flight.summary.kind));
                (record.node, record.peer) = flight.node_and_peer();
                record.nodes = flight.toward_client();
            }
        }
        if let Input::Partition(groups) = input {
            record.a = groups.iter().flatten().filter(|end| end.node().is_some()).count() as u32;
        }
        self.keep(record);
        record.seq
    }

    fn perform(&mut self, input: &Deed, seq: Seq) {
        match input {
            Input::Crash(node) => self.crash(*node, Fall::Crash, seq),
            Input::CrashAfter(node, after) => {
                self.slots[node.at()].crash_after = Some(Doom { after: *after, cause: seq });
            }
            Input::Restart(node) => self.boot(*node, seq),
            Input::Wipe(node) => self.fall(*node, Fall::Wipe, seq),
            Input::Pause(End::Node(node)) => self.pause(*node),
            Input::Resume(End::Node(node)) => self.resume(*node),
            Input::Pause(End::Client(client)) => self.pause_client(*client),
            Input::Resume(End::Client(client)) => self.resume_client(*client),
            Input::Partition(groups) => {
                self.network.partition(self.with_the_rest(groups));
                self.lose_unreachable(seq);
            }
            Input::Heal => {
                self.network.heal();
                self.machines.faults_mut().cut = None;
            }
            Input::Cut(link) => {
                self.each_way(*link, |world, from, to| world.network.cut(from, to));
                self.lose_unreachable(seq);
            }
            Input::Mend(link) => {
                self.each_way(*link, |world, from, to| world.network.mend(from, to));
                if self.network.is_whole() {
                    self.machines.faults_mut().cut = None;
                }
            }
            Input::Latency(latency, link) => self.set_latency(*latency, *link),
            Input::Loss(part) => self.network.conditions.loss = *part,
            Input::Duplication(part) => self.network.conditions.duplicate = *part,
            Input::Skew(End::Node(node), rate) => self.skew(*node, *rate),
            Input::Skew(End::Client(client), rate) => self.skew_client(*client, *rate),
            Input::Offset(End::Client(client), by) => self.client_slot(*client).clock.set_offset(*by),
            Input::Offset(End::Node(node), by) => {
                self.slots[node.at()].clock.set_offset(*by);
                self.machines.set_clock(*node, self.slots[node.at()].clock);
            }
            Input::Fire(end, timer) => self.fire_now(*end, timer, seq),
            Input::Move(node, spot) => {
                if let Some(place) = self.network.places().and_then(|places| places.find(&spot.id)) {
                    self.network.put(*node, place);
                    self.machines.stand(self.network.places.0.clone());
                }
            }
            Input::Join(node) => {
                self.network.grow(node.0 + 1);
                self.machines.add(None);
                self.add_slot();
                self.boot(*node, seq);
            }
            Input::Leave(node) => {
                self.gone += 1;
                self.crash(*node, Fall::Leave, seq);
            }
            Input::Request { client, node, operation } => {
                let client = client.unwrap_or_else(|| self.idle_client());
                if let Ok(operation) = self.operation(operation) {
                    self.begin(client, *node, operation, seq);
                }
            }
            Input::Drop(which) | Input::Hold(which) | Input::Duplicate(which) | Input::Deliver(which, _) => {
                self.perform_on_message(input, which, seq);
            }
            Input::Delay(which, by) => {
                if let Ok(ticket) = self.message(which, |_| true, text("", "")) {
                    self.delay(ticket, *by);
                }
            }
        }
    }

    fn perform_on_message(&mut self, input: &Deed, which: &Which<End>, seq: Seq) {
        let Ok(ticket) = self.message(which, |_| true, text("", "")) else {
            return;
        };
        match input {
            Input::Drop(_) => self.lose_for(ticket, Loss::Dropped, seq),
            Input::Hold(_) => {
                if let Some((_, flight)) = self.flights.renew(ticket) {
                    flight.mark_place(self.now);
                    flight.fate = Fate::Held;
                }
            }
            Input::Duplicate(_) => self.duplicate(ticket),
            Input::Deliver(_, after) => self.deliver_in(ticket, after.unwrap_or(0)),
            _ => {}
        }
    }

    fn subject(&self, input: &Deed) -> Option<NodeId> {
        let node = match input {
            Input::Crash(node)
            | Input::CrashAfter(node, _)
            | Input::Restart(node)
            | Input::Wipe(node)
            | Input::Move(node, _)
            | Input::Leave(node) => *node,
            Input::Pause(end)
            | Input::Resume(end)
            | Input::Skew(end, _)
            | Input::Offset(end, _)
            | Input::Fire(end, _) => end.node()?,
            Input::Request { node, .. } => (*node)?,
            _ => return None,
        };
        (node.at() < self.slots.len()).then_some(node)
    }

    pub(crate) fn crash(&mut self, id: NodeId, fall: Fall, seq: Seq) {
        let slot = &mut self.slots[id.at()];
        slot.status = if fall == Fall::Leave { Status::Gone } else { Status::Crashed };
        slot.timers.clear();
        (slot.won, slot.crash_after) = (None, None);
        let lost: Vec<Micros> = slot.writes.iter().filter(|write| !write.safe).map(|write| write.from).collect();
        slot.writes.clear();
        lost.into_iter().for_each(|from| self.note_write(id, from));
        self.machines.faults_mut().down.insert(id, self.now);
        for ticket in std::mem::take(&mut self.slots[id.at()].waiting) {
            self.lose_for(ticket, Loss::Down, seq);
        }
        self.fall(id, fall, seq);
    }

    /// A handler was cut short: its node is down in the same event.
    pub(crate) fn fall_half_way(&mut self, id: NodeId) {
        let Some(doom) = self.slots[id.at()].crash_after else {
            return;
        };
        let seq = self.note(What::Fell { after: doom.after }, Some(id), None, doom.cause);
        self.crash(id, Fall::Crash, seq);
    }

    /// The machine loses what it loses, and the history is told.
    fn fall(&mut self, id: NodeId, fall: Fall, seq: Seq) {
        let known = self.known_broken();
        let broken = self.machines.fall(id, fall, self.now, &known);
        self.note_change(id);
        if self.checked {
            self.report(broken, seq);
        }
    }

    /// Its timers stop where they are: what remains of each is kept until it resumes.
    fn pause(&mut self, id: NodeId) {
        let now = self.now;
        let slot = &mut self.slots[id.at()];
        slot.status = Status::Paused;
        for armed in &mut slot.timers {
            armed.stop(now);
        }
        self.note_change(id);
    }

    fn resume(&mut self, id: NodeId) {
        let slot = &mut self.slots[id.at()];
        slot.status = Status::Up;
        let timers = std::mem::take(&mut slot.timers);
        let waiting = std::mem::take(&mut slot.waiting);
        for mut armed in timers {
            armed.go_on(self.now);
            self.rearm(id, armed);
        }
        self.resume_writes(id);
        for ticket in waiting {
            self.deliver_now(ticket);
        }
        self.note_change(id);
    }

    fn skew(&mut self, id: NodeId, rate: i64) {
        let new = (i64::from(MILLION) + rate) as u32;
        let (now, slot) = (self.now, &mut self.slots[id.at()]);
        let old = slot.clock;
        slot.clock.set_rate(now, new);
        let clock = slot.clock;
        self.machines.set_clock(id, clock);
        let stretch = |truth: Micros| clock.true_time(old.local(truth));
        if slot.status == Status::Paused {
            slot.timers.iter_mut().for_each(|armed| armed.stretch_stopped(stretch));
            return;
        }
        for armed in std::mem::take(&mut slot.timers) {
            self.rearm(id, armed.stretch(now, stretch));
        }
    }

    fn fire_now(&mut self, end: End, timer: &str, seq: Seq) {
        let Ok(armed) = self.armed(end, timer) else {
            return;
        };
        match end {
            End::Node(id) => {
                self.slots[id.at()].timers.retain(|other| other.timer != armed.timer);
                self.ring(id, armed.timer, seq);
            }
            End::Client(id) => {
                self.client_slot(id).timers.retain(|other| other.timer != armed.timer);
                self.ring_client(id, armed.timer, seq);
            }
        }
    }

    fn each_way(&mut self, link: Link<NodeId>, change: impl Fn(&mut Self, NodeId, NodeId)) {
        change(self, link.from, link.to);
        if link.both {
            change(self, link.to, link.from);
        }
    }

    fn set_latency(&mut self, latency: Latency, link: Option<(NodeId, NodeId)>) {
        match link {
            Some(link) => self.network.links.insert(link, latency),
            None => self.network.set_latency(latency),
        }
    }

    /// A message is lost if its link is cut at any moment of its flight.
    fn lose_unreachable(&mut self, seq: Seq) {
        let lost = |fate: Fate| matches!(fate, Fate::Flying | Fate::Held | Fate::Behind);
        let cut = self
            .flights
            .iter()
            .filter(|(_, f)| lost(f.fate) && !self.network.reachable(f.from, f.to))
            // What was doomed to be cut before goes on to its own end.
            .filter(|(_, f)| !matches!(f.doom, Some((_, Loss::Cut))))
            .map(|(ticket, flight)| (flight.id, ticket));
        for (_, ticket) in crate::order::by_key(cut, |(id, _)| *id) {
            self.lose_for(ticket, Loss::Cut, seq);
        }
    }

    pub(crate) fn deliver_now(&mut self, ticket: Ticket) {
        self.deliver_in(ticket, 0);
    }

    /// However long it would have taken, it arrives so much later than now.
    fn deliver_in(&mut self, ticket: Ticket, after: Micros) {
        let now = self.now;
        let Some((ticket, flight)) = self.flights.renew(ticket) else {
            return;
        };
        flight.mark_place(now);
        let arrives = (now + after).min(END_OF_TIME * 2);
        (flight.fate, flight.doom, flight.arrives) = (Fate::Flying, None, arrives);
        self.schedule_flight(ticket, arrives, None);
    }

    fn delay(&mut self, ticket: Ticket, by: Micros) {
        let Some((ticket, flight)) = self.flights.renew(ticket) else {
            return;
        };
        flight.mark_place(self.now);
        flight.arrives = (flight.arrives + by).min(END_OF_TIME * 2);
        flight.delayed_until = Some(flight.arrives);
        flight.doom = flight.doom.map(|(time, why)| (time + by, why));
        let (arrives, doom) = (flight.arrives, flight.doom);
        self.schedule_flight(ticket, arrives, doom);
    }

    /// A copy that arrives just behind its original.
    pub(crate) fn duplicate(&mut self, ticket: Ticket) {
        let Some(original) = self.flights.get(ticket) else {
            return;
        };
        let mut copy = original.clone();
        copy.copy_as(self.next_message);
        self.next_message += 1;
        let gap = ((copy.arrives - copy.sent) / 8).max(1);
        copy.mark_place(self.now);
        copy.arrives = copy.arrives.max(self.now) + gap;
        copy.fate = Fate::Flying;
        let (arrives, doom) = (copy.arrives, copy.doom);
        let ticket = self.flights.add(copy);
        self.schedule_flight(ticket, arrives, doom);
    }
}

impl Armed {
    /// From now on `from` and `until` are how long it has run and how long it has still to run.
    pub(crate) fn stop(&mut self, now: Micros) {
        self.from = now - self.from.min(now);
        self.until -= now;
        self.order = STOPPED;
    }
    pub(crate) fn go_on(&mut self, now: Micros) {
        self.from = now.saturating_sub(self.from);
        self.until += now;
    }
    /// The same timer of a clock that from now on runs otherwise.
    pub(crate) fn stretch(self, now: Micros, stretch: impl Fn(Micros) -> Micros) -> Armed {
        let from = now.saturating_sub(stretch(now - self.from.min(now)));
        Armed { from, until: now + stretch(self.until - now), ..self }
    }
    pub(crate) fn stretch_stopped(&mut self, stretch: impl Fn(Micros) -> Micros) {
        self.from = stretch(self.from);
        self.until = stretch(self.until);
    }
    /// When it runs from and until, as seen at `now`.
    pub(crate) fn span(&self, now: Micros, stopped: bool) -> (Micros, Micros) {
        if stopped { (now.saturating_sub(self.from), now + self.until) } else { (self.from, self.until) }
    }
}
