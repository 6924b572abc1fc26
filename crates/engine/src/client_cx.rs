//! `ClientCx`: all that a client's machine may know and do, where a protocol brings its own clients.

use crate::client::Outcome;
use crate::cx::{Effect, Noted, Scene};
use crate::erased::{Opaque, Operation};
use crate::names::{ClientId, NodeId};
use crate::protocol::{Mutant, Protocol, Rule, Tally};
use crate::roster::Roster;
use crate::text::Says;
use crate::timers::Timers;
use crate::units::Micros;

/// What a client is to do.
pub struct Command<P: Protocol> {
    /// Counted from 1 for each client, so that answers to an earlier command can be told from those to this.
    pub serial: u32,
    /// What was asked, as the protocol reads it.
    pub operation: P::Operation,
    /// The node that the request names, if it names one.
    pub node: Option<NodeId>,
    /// Which of the run's writes this is, counted from 1: for the eye, and no rule may rest on it. 0 of what writes
    /// nothing.
    pub write: u32,
}

/// How a client's machine looks.
#[derive(Clone, Debug, Default)]
pub struct ClientView {
    /// Whom it has heard of, and how many it waits for.
    pub tally: Option<Tally>,
    /// One fact about it.
    pub says: Says,
}

/// What a client's machine is handed with each call: what it may know, and where what it does is written down.
pub struct ClientCx<'a, P: Protocol> {
    pub(crate) me: ClientId,
    pub(crate) config: &'a P::Config,
    pub(crate) roster: &'a Roster,
    pub(crate) patience: Micros,
    /// Whether it has a command that has not ended.
    pub(crate) open: bool,
    pub(crate) scene: Scene<'a>,
}

impl<'a, P: Protocol> ClientCx<'a, P> {
    /// The client whose machine runs.
    pub fn me(&self) -> ClientId {
        self.me
    }
    /// The configuration of the run, as [`Protocol::configure`] made it.
    pub fn config(&self) -> &'a P::Config {
        self.config
    }
    /// Who takes part, and in which groups.
    pub fn roster(&self) -> &'a Roster {
        self.roster
    }
    /// The client's own clock, in microseconds; it may be off and it may drift.
    pub fn clock(&self) -> i64 {
        self.scene.clock
    }
    /// How long a client waits for an answer: beyond four of the slowest flights.
    pub fn patience(&self) -> Micros {
        self.patience
    }
    /// A message to a node. The network decides when it arrives, and whether.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.scene.effects.push(Effect::Send { to, message: Opaque::new(message) });
    }
    /// The same message to several nodes; it is kept once.
    pub fn send_all(&mut self, to: impl IntoIterator<Item = NodeId>, message: P::Message) {
        let message = Opaque::new(message);
        for to in to {
            self.scene.effects.push(Effect::Send { to, message: message.clone() });
        }
    }
    /// Sets or replaces a timer, to go off after a time drawn from `range` on the client's clock.
    pub fn set_timer(&mut self, timer: P::Timer, range: (Micros, Micros)) {
        let after = self.draw(range.0, range.1);
        self.scene.effects.push(Effect::SetTimer { timer: timer.code(), after });
    }
    /// Takes a timer back; nothing happens where it is not set.
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.scene.effects.push(Effect::CancelTimer { timer: timer.code() });
    }
    /// A whole number from `min` to `max`, from the machine's own stream.
    pub fn draw(&mut self, min: u64, max: u64) -> u64 {
        self.scene.draw(min, max)
    }
    /// Names the rule that acted.
    pub fn fire(&mut self, rule: &'static Rule) {
        self.fire_noting(rule, Noted::default());
    }
    /// Names the rule that acted, with what its sentence is to say beside.
    pub fn fire_noting(&mut self, rule: &'static Rule, noted: Noted) {
        self.scene.effects.push(Effect::Fire { rule, noted });
    }
    /// `guard`, unless this mutant takes the guard away.
    pub fn unless(&self, mutant: &Mutant, guard: bool) -> bool {
        guard || self.broken(mutant)
    }
    /// Whether this mutant is on, for what is done only where its rule is broken.
    pub fn broken(&self, mutant: &Mutant) -> bool {
        self.scene.mutants.contains(&mutant.id)
    }

    /// The command is done, and this is its answer.
    pub fn done(&mut self, answer: P::Answer) {
        self.finish(Outcome::Ok, Some(Opaque::new(answer)));
    }
    /// The command goes on as another operation: in histories the one so far has this answer, and the next begins.
    /// Whoever asked hears of neither.
    pub fn next(&mut self, answer: P::Answer, operation: P::Operation) {
        if self.open {
            let operation = Operation { text: operation.to_string().into(), value: Opaque::new(operation) };
            self.scene.effects.push(Effect::Next { answer: Opaque::new(answer), operation });
        }
    }
    /// Whoever asked is told that it failed. It may have been done all the same.
    pub fn fail(&mut self) {
        self.finish(Outcome::Failed, None);
    }
    /// Nobody knows what became of it.
    pub fn give_up(&mut self) {
        self.finish(Outcome::Unknown, None);
    }

    /// A command ends once.
    fn finish(&mut self, outcome: Outcome, answer: Option<Opaque>) {
        if std::mem::take(&mut self.open) {
            self.scene.effects.push(Effect::Finish { outcome, answer });
        }
    }
}
