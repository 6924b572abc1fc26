//! Clients that are machines of their own, where a protocol brings them: state that lasts over commands, a clock,
//! messages to and from several nodes, timers.

use std::hash::{Hash, Hasher};

use crate::clock::Clock;
use crate::cx::{Effect, Scene};
use crate::erased::{ClientCall, Errand};
use crate::error::{Error, Part, Result, why};
use crate::flight::Ticket;
use crate::names::{ClientId, End, NodeId};
use crate::protocol::TimerCode;
use crate::rng::Stream;
use crate::text::text;
use crate::trace::{Record, Seq, What};
use crate::units::{MILLION, Micros};

use super::{Armed, Event, STOPPED, World};

/// A client's machine as the engine keeps it, beside its state.
#[derive(Clone, Default)]
pub struct ClientSlot {
    pub(crate) paused: bool,
    pub(crate) clock: Clock,
    pub(crate) timers: Vec<Armed>,
    /// Messages that wait for it while it is paused, in order of arrival.
    pub(crate) waiting: Vec<Ticket>,
    draws: u32,
}

impl Hash for ClientSlot {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.paused, self.clock, self.draws).hash(state);
        for armed in super::by_code(&self.timers) {
            (armed.until, armed.from, armed.timer).hash(state);
        }
    }
}

/// Clients may be named before their first command: their clocks can be set, and a partition can have them.
const NAMED_AHEAD: usize = 99;

impl World {
    /// Makes room for a client's machine.
    pub(crate) fn client_slot(&mut self, client: ClientId) -> &mut ClientSlot {
        if self.client_slots.len() <= client.at() {
            self.client_slots.resize_with(client.at() + 1, ClientSlot::default);
        }
        &mut self.client_slots[client.at()]
    }

    pub(crate) fn is_paused(&self, client: ClientId) -> bool {
        self.client_slots.get(client.at()).is_some_and(|slot| slot.paused)
    }

    pub(crate) fn client_clock(&self, client: ClientId) -> Clock {
        self.client_slots.get(client.at()).map_or_else(Clock::default, |slot| slot.clock)
    }

    pub(crate) fn known_client(&self, client: ClientId) -> Result<()> {
        let most = if self.setup.about().clients { NAMED_AHEAD } else { 0 };
        if client.at() < self.clients.len().max(most) || self.stands(client) {
            return Ok(());
        }
        let words = text("there is no client {client} yet", "还没有客户端 {client}");
        Err(Error::input(why(words, [("client", Part::name(client))])))
    }

    pub(crate) fn allows_pause(&self, client: ClientId, pause: bool) -> Result<()> {
        self.known_client(client)?;
        if self.is_paused(client) != pause {
            return Ok(());
        }
        let words = if pause {
            text("{client} is paused already; resume {client} would be right", "{client} 已暂停；可以 resume {client}")
        } else {
            text("{client} is not paused; pause {client} would be right", "{client} 没有暂停；可以 pause {client}")
        };
        Err(Error::not_now(why(words, [("client", Part::name(client))])))
    }

    #[inline]
    pub(super) fn client_slot_live(&self, client: ClientId, order: u64) -> bool {
        self.client_slots.get(client.at()).is_some_and(|slot| slot.timers.iter().any(|armed| armed.order == order))
    }

    /// A client's machine takes up its command.
    pub(crate) fn take_up(&mut self, client: ClientId, first: NodeId, cause: Seq) {
        self.clients[client.at()].asking = first;
        let it = &self.clients[client.at()];
        let node = it.only;
        self.calls.count(self.setup.protocol, &it.operation);
        self.handle_client(client, cause, ClientCall::Request { node });
    }

    pub(super) fn expire_client(&mut self, client: ClientId, order: u64) {
        let slot = self.client_slot(client);
        if let Some(at) = slot.timers.iter().position(|armed| armed.order == order) {
            let armed = slot.timers.remove(at);
            self.ring_client(client, armed.timer, armed.cause);
        }
    }

    pub(crate) fn ring_client(&mut self, client: ClientId, timer: TimerCode, cause: Seq) {
        let seq = self.note(What::Timer { kind: timer.kind }, None, Some(End::Client(client)), cause);
        self.handle_client(client, seq, ClientCall::Timer(timer));
    }

    /// Runs one handler of one client's machine, asks every invariant, and drains what it did.
    pub(crate) fn handle_client(&mut self, client: ClientId, cause: Seq, call: ClientCall) {
        let mut effects = std::mem::take(&mut self.effects);
        let (known, patience) = (self.known_broken(), self.patience());
        self.client_slot(client);
        let (it, slot) = (&self.clients[client.at()], &mut self.client_slots[client.at()]);
        let (serial, operation, open) = (it.serial, &it.operation, it.waiting());
        let errand = Errand { client, serial, operation, write: self.calls.write(), open, patience };
        let scene = Scene {
            stream: Stream::Machine(client.0),
            mutants: &self.setup.mutants,
            now: self.now,
            clock: slot.clock.reading(self.now),
            seed: self.setup.seed,
            starts: 1,
            draws: &mut slot.draws,
            most_sends: None,
            effects: &mut effects,
        };
        let (epoch, broken) = self.machines.handle_client(errand, call, scene, self.checked.then_some(&known[..]));
        self.report(broken, cause);
        self.drain_client(client, cause, epoch, &mut effects);
        self.effects = effects;
    }

    fn drain_client(&mut self, client: ClientId, cause: Seq, epoch: u32, effects: &mut Vec<Effect>) {
        let mut cause = cause;
        for effect in effects.drain(..) {
            match effect {
                Effect::Send { to, message } => self.send_client(End::Client(client), End::Node(to), message, cause),
                Effect::SetTimer { timer, after } => self.arm_client(client, timer, after, cause),
                Effect::CancelTimer { timer } => {
                    self.client_slots[client.at()].timers.retain(|armed| armed.timer != timer);
                }
                Effect::Fire { rule, noted } => {
                    // As everywhere a client's end is the peer; a node is what the rule noted.
                    let blank = self.blank(What::Rule(rule), noted.peer, Some(End::Client(client)));
                    let record = Record { cause, epoch, nodes: noted.nodes, a: noted.a, ..blank };
                    self.keep(record);
                    cause = record.seq;
                }
                Effect::Finish { outcome, answer } => {
                    self.clients[client.at()].answer = answer;
                    self.finish(client, outcome, cause);
                }
                Effect::Next { answer, operation } => self.calls.next(client, self.now, answer, operation),
                _ => {}
            }
        }
    }

    fn arm_client(&mut self, client: ClientId, timer: TimerCode, after: Micros, cause: Seq) {
        let slot = &mut self.client_slots[client.at()];
        let wait = slot.clock.true_time(after).max(1);
        slot.timers.retain(|armed| armed.timer != timer);
        self.rearm_client(client, Armed { timer, from: self.now, until: self.now + wait, order: STOPPED, cause });
    }

    fn rearm_client(&mut self, client: ClientId, armed: Armed) {
        let order = self.schedule(armed.until, Event::ClientTimer(client));
        self.client_slots[client.at()].timers.push(Armed { order, ..armed });
    }

    /// Its timers stop where they are, and messages to it wait.
    pub(crate) fn pause_client(&mut self, client: ClientId) {
        let now = self.now;
        let slot = self.client_slot(client);
        slot.paused = true;
        slot.timers.iter_mut().for_each(|armed| armed.stop(now));
    }

    pub(crate) fn resume_client(&mut self, client: ClientId) {
        let slot = self.client_slot(client);
        slot.paused = false;
        let (timers, waiting) = (std::mem::take(&mut slot.timers), std::mem::take(&mut slot.waiting));
        for mut armed in timers {
            armed.go_on(self.now);
            self.rearm_client(client, armed);
        }
        waiting.into_iter().for_each(|ticket| self.deliver_now(ticket));
    }

    pub(crate) fn skew_client(&mut self, client: ClientId, rate: i64) {
        let (now, slot) = (self.now, self.client_slot(client));
        let old = slot.clock;
        slot.clock.set_rate(now, (i64::from(MILLION) + rate) as u32);
        let clock = slot.clock;
        let stretch = |truth: Micros| clock.true_time(old.local(truth));
        if slot.paused {
            slot.timers.iter_mut().for_each(|armed| armed.stretch_stopped(stretch));
            return;
        }
        for armed in std::mem::take(&mut slot.timers) {
            self.rearm_client(client, armed.stretch(now, stretch));
        }
    }
}
