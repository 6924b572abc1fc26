//! `Cx`: all that a handler may know and do.

use std::rc::Rc;

use crate::client::Outcome;
use crate::erased::{Opaque, Operation};
use crate::names::{ClientId, NodeId};
use crate::places::Places;
use crate::protocol::{Mutant, Protocol, Rule, Tally, TimerCode};
use crate::rng::{Stream, between, draw};
use crate::roster::Roster;
use crate::timers::Timers;
use crate::units::Micros;

/// What a handler did, in its order. The world drains it once, after the handler.
pub(crate) enum Effect {
    Send {
        to: NodeId,
        message: Opaque,
    },
    SetTimer {
        timer: TimerCode,
        after: Micros,
    },
    CancelTimer {
        timer: TimerCode,
    },
    Tell {
        client: ClientId,
        serial: u32,
        verdict: Verdict,
    },
    Fire {
        rule: &'static Rule,
        noted: Noted,
    },
    Won(Rc<Won>),
    /// A message to a client that is a machine of its own.
    Reply {
        to: ClientId,
        message: Opaque,
    },
    /// A client is done with its command, one way or another.
    Finish {
        outcome: Outcome,
        answer: Option<Opaque>,
    },
    /// A client's command goes on as another operation; the one so far has this answer.
    Next {
        answer: Opaque,
        operation: Operation,
    },
    /// What the node holds then is to be on its disk; it goes on with this timer when it is.
    Force {
        timer: TimerCode,
    },
    /// The handler was cut short here, and its node goes down.
    Fall,
}

/// What a node tells a client.
#[derive(Clone, Hash)]
pub(crate) enum Verdict {
    Done(Opaque),
    Redirect(NodeId),
    Refused,
}

/// A tally that reached what it needs. It is for the eye: no handler and no property sees it, and
/// it is no part of the state that a fingerprint tells.
pub(crate) struct Won {
    pub time: Micros,
    /// Of what it decides: the term of the votes, the ballot of the promises.
    pub epoch: u32,
    pub tally: Tally,
}

/// Details of a rule that fired: a number, another node, a set of nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// A number that the rule's sentence has as `{a}`: a place in a log, a count.
    pub a: u32,
    /// Whom the rule's sentence names as `{peer}`.
    pub peer: Option<NodeId>,
    /// One bit for each of the first 64 nodes.
    pub nodes: u64,
    /// Of what it is done, where that is not the epoch in which the node stands.
    pub epoch: Option<u32>,
}

/// The machine that runs, and where its effects go. Knows no protocol.
#[doc(hidden)]
pub struct Scene<'a> {
    pub(crate) stream: Stream,
    pub(crate) mutants: &'a [&'static str],
    pub(crate) now: Micros,
    pub(crate) clock: i64,
    pub(crate) seed: u64,
    pub(crate) starts: u32,
    pub(crate) draws: &'a mut u32,
    /// The handler is cut short behind so many sends, if it makes more.
    pub(crate) most_sends: Option<u32>,
    pub(crate) effects: &'a mut Vec<Effect>,
}

impl Scene<'_> {
    /// Ends what the handler did right before the first send too many, if there is one: nobody sees the rest.
    pub(crate) fn cut_short(&mut self) {
        let Some(most) = self.most_sends else {
            return;
        };
        let is_send =
            |effect: &Effect| matches!(effect, Effect::Send { .. } | Effect::Tell { .. } | Effect::Reply { .. });
        let sends = self.effects.iter().enumerate().filter(|(_, effect)| is_send(effect));
        if let Some(at) = sends.map(|(at, _)| at).nth(most as usize) {
            self.effects.truncate(at);
            self.effects.push(Effect::Fall);
        }
    }

    #[inline]
    pub(crate) fn draw(&mut self, min: u64, max: u64) -> u64 {
        if min == max {
            return min;
        }
        let drawn = draw(self.seed, self.stream, *self.draws);
        *self.draws = self.draws.wrapping_add(1);
        between(drawn, min, max)
    }
}

/// What a handler is handed beside its own node: what it may know, and where what it does is written down.
pub struct Cx<'a, P: Protocol> {
    pub(crate) me: NodeId,
    pub(crate) config: &'a P::Config,
    pub(crate) roster: &'a Roster,
    pub(crate) places: Option<&'a Places>,
    pub(crate) scene: Scene<'a>,
}

impl<'a, P: Protocol> Cx<'a, P> {
    /// The node whose handler runs.
    pub fn me(&self) -> NodeId {
        self.me
    }
    /// How many nodes the cluster has.
    pub fn nodes(&self) -> u32 {
        self.roster.len()
    }
    /// The configuration of the run, as [`Protocol::configure`] made it.
    pub fn config(&self) -> &'a P::Config {
        self.config
    }
    /// The node's own clock, in microseconds; it may be off and it may drift.
    pub fn clock(&self) -> i64 {
        self.scene.clock
    }
    /// How often this machine was started. It is counted outside its disk, as whoever starts a
    /// machine can, so that a wipe does not make it begin again.
    pub fn starts(&self) -> u32 {
        self.scene.starts
    }
    /// How many nodes are more than half.
    pub fn majority(&self) -> u32 {
        self.nodes() / 2 + 1
    }
    /// Every node but this one, in the order of their numbers; also those that are down or have left.
    pub fn others(&self) -> impl Iterator<Item = NodeId> + use<P> {
        let me = self.me();
        (0..self.nodes()).map(NodeId).filter(move |node| *node != me)
    }

    /// Who takes part, and in which groups.
    pub fn roster(&self) -> &'a Roster {
        self.roster
    }
    /// Where this node stands: the number of its place, in a run that has places. It may move.
    pub fn place(&self) -> Option<usize> {
        self.place_of(self.me())
    }
    /// Where a node stands.
    pub fn place_of(&self, node: NodeId) -> Option<usize> {
        self.places.map(|places| places.of(node))
    }
    /// All places, and the round trips between them.
    pub fn places(&self) -> Option<&'a Places> {
        self.places
    }
    /// The run's seed, the same for all nodes. Chance is drawn with [`Cx::draw`] and not from this.
    pub fn seed(&self) -> u64 {
        self.scene.seed
    }

    /// A message to a node. The network decides when it arrives, and whether.
    #[inline]
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.scene.effects.push(Effect::Send { to, message: Opaque::new(message) });
    }
    /// The same message to several nodes; it is kept once.
    #[inline]
    pub fn send_all(&mut self, to: impl IntoIterator<Item = NodeId>, message: P::Message) {
        let message = Opaque::new(message);
        for to in to {
            self.scene.effects.push(Effect::Send { to, message: message.clone() });
        }
    }
    /// A message to a client that is a machine of its own.
    pub fn reply(&mut self, to: ClientId, message: P::Message) {
        const { assert!(P::CLIENTS, "only a protocol that brings its own client can send it messages") }
        self.scene.effects.push(Effect::Reply { to, message: Opaque::new(message) });
    }
    /// The same message to every other node.
    pub fn broadcast(&mut self, message: P::Message) {
        self.send_all(self.others(), message);
    }
    /// Answers a client's command, by the serial number of its [`Request`](crate::protocol::Request).
    pub fn answer(&mut self, client: ClientId, serial: u32, answer: P::Answer) {
        self.scene.effects.push(Effect::Tell { client, serial, verdict: Verdict::Done(Opaque::new(answer)) });
    }
    /// Sends the client to the node that it should ask.
    pub fn redirect(&mut self, client: ClientId, serial: u32, to: NodeId) {
        self.scene.effects.push(Effect::Tell { client, serial, verdict: Verdict::Redirect(to) });
    }
    /// Tells the client that this node cannot take its command and knows nobody who can: after a pause it asks the next.
    pub fn refuse(&mut self, client: ClientId, serial: u32) {
        self.scene.effects.push(Effect::Tell { client, serial, verdict: Verdict::Refused });
    }
    /// Sets or replaces a timer, to go off after a time drawn from `range` on the node's clock.
    #[inline]
    pub fn set_timer(&mut self, timer: P::Timer, range: (Micros, Micros)) {
        let after = self.draw(range.0, range.1);
        self.scene.effects.push(Effect::SetTimer { timer: timer.code(), after });
    }
    /// Takes a timer back; nothing happens where it is not set.
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.scene.effects.push(Effect::CancelTimer { timer: timer.code() });
    }
    /// Forces what the node holds at the end of this handler to its disk. When it is safe, after the disk's
    /// time, the node goes on with `then` as with a timer; what must wait for it is done there.
    pub fn force(&mut self, then: P::Timer) {
        const { assert!(P::FORCED, "only a protocol whose disk keeps no more than what is forced can force") }
        self.scene.effects.push(Effect::Force { timer: then.code() });
    }
    /// A whole number from `min` to `max`, from the node's own stream.
    pub fn draw(&mut self, min: u64, max: u64) -> u64 {
        self.scene.draw(min, max)
    }

    /// Names the rule that acted.
    pub fn fire(&mut self, rule: &'static Rule) {
        self.fire_noting(rule, Noted::default());
    }
    /// Names the rule that acted, with what its sentence is to say beside.
    #[inline]
    pub fn fire_noting(&mut self, rule: &'static Rule, noted: Noted) {
        self.scene.effects.push(Effect::Fire { rule, noted });
    }
    /// Says that a tally was won, at the moment when it is: what stands in its place after the event
    /// is the next one. `have` falls short of `need` only where a rule is broken.
    pub fn won(&mut self, epoch: u32, tally: Tally) {
        self.scene.effects.push(Effect::Won(Rc::new(Won { time: self.scene.now, epoch, tally })));
    }
    /// `guard`, unless this mutant takes the guard away.
    pub fn unless(&self, mutant: &Mutant, guard: bool) -> bool {
        guard || self.broken(mutant)
    }
    /// Whether this mutant is on, for what is done only where its rule is broken.
    pub fn broken(&self, mutant: &Mutant) -> bool {
        self.scene.mutants.contains(&mutant.id)
    }
}

impl Noted {
    /// Only a number.
    pub fn number(a: u32) -> Noted {
        Noted { a, ..Noted::default() }
    }
    /// Only an epoch, where it is another than that in which the node stands.
    pub fn epoch(epoch: u32) -> Noted {
        Noted { epoch: Some(epoch), ..Noted::default() }
    }
    /// Only another node.
    pub fn peer(peer: NodeId) -> Noted {
        Noted { peer: Some(peer), ..Noted::default() }
    }
    /// The same with these nodes. Those above number 63 are left out, as there is a bit for each.
    pub fn with_nodes(mut self, nodes: impl IntoIterator<Item = NodeId>) -> Noted {
        self.nodes = nodes.into_iter().filter(|n| n.0 < 64).fold(self.nodes, |set, n| set | 1 << n.0);
        self
    }
}
