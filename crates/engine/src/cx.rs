//! `Cx`: all that a handler may know and do.

use crate::names::{ClientId, NodeId};
use crate::protocol::{Mutant, Protocol, Rule};
use crate::rng::{Stream, between, draw};
use crate::units::Micros;

/// What a handler did, in its order. The world drains it once, after the handler.
#[derive(Clone)]
pub(crate) enum Effect<P: Protocol> {
    Send { to: NodeId, message: P::Message },
    SetTimer { timer: P::Timer, after: Micros },
    CancelTimer { timer: P::Timer },
    Tell { client: ClientId, serial: u32, verdict: Verdict<P> },
    Fire { rule: &'static Rule, noted: Noted },
}

/// What a node tells a client.
#[derive(Clone, Hash)]
pub enum Verdict<P: Protocol> {
    Done(P::Answer),
    Redirect(NodeId),
    Refused,
}

/// Details of a rule that fired: a number, another node, a set of nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    pub a: u32,
    pub peer: Option<NodeId>,
    /// One bit for each of the first 64 nodes.
    pub nodes: u64,
}

pub struct Cx<'a, P: Protocol> {
    pub(crate) me: NodeId,
    pub(crate) nodes: u32,
    pub(crate) config: &'a P::Config,
    pub(crate) mutants: &'a [&'static str],
    pub(crate) clock: i64,
    pub(crate) seed: u64,
    pub(crate) draws: &'a mut u32,
    pub(crate) effects: &'a mut Vec<Effect<P>>,
}

impl<'a, P: Protocol> Cx<'a, P> {
    pub fn me(&self) -> NodeId {
        self.me
    }
    /// How many nodes the cluster has.
    pub fn nodes(&self) -> u32 {
        self.nodes
    }
    pub fn config(&self) -> &'a P::Config {
        self.config
    }
    /// The node's own clock, in microseconds; it may be off and it may drift.
    pub fn clock(&self) -> i64 {
        self.clock
    }
    /// How many nodes are more than half.
    pub fn majority(&self) -> u32 {
        self.nodes / 2 + 1
    }
    pub fn others(&self) -> impl Iterator<Item = NodeId> + use<P> {
        let me = self.me;
        (0..self.nodes).map(NodeId).filter(move |node| *node != me)
    }

    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.effects.push(Effect::Send { to, message });
    }
    pub fn broadcast(&mut self, message: P::Message) {
        for to in self.others() {
            self.send(to, message.clone());
        }
    }
    pub fn answer(&mut self, client: ClientId, serial: u32, answer: P::Answer) {
        self.effects.push(Effect::Tell { client, serial, verdict: Verdict::Done(answer) });
    }
    /// Sends the client to the node that it should ask.
    pub fn redirect(&mut self, client: ClientId, serial: u32, to: NodeId) {
        self.effects.push(Effect::Tell { client, serial, verdict: Verdict::Redirect(to) });
    }
    pub fn refuse(&mut self, client: ClientId, serial: u32) {
        self.effects.push(Effect::Tell { client, serial, verdict: Verdict::Refused });
    }
    /// Sets or replaces a timer, to go off after a time drawn from `range` on the node's clock.
    pub fn set_timer(&mut self, timer: P::Timer, range: (Micros, Micros)) {
        let after = self.draw(range.0, range.1);
        self.effects.push(Effect::SetTimer { timer, after });
    }
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.effects.push(Effect::CancelTimer { timer });
    }
    /// A whole number from `min` to `max`, from the node's own stream.
    pub fn draw(&mut self, min: u64, max: u64) -> u64 {
        if min == max {
            return min;
        }
        let drawn = draw(self.seed, Stream::Node(self.me.0), *self.draws);
        *self.draws = self.draws.wrapping_add(1);
        between(drawn, min, max)
    }

    /// Names the rule that acted.
    pub fn fire(&mut self, rule: &'static Rule) {
        self.fire_noting(rule, Noted::default());
    }
    pub fn fire_noting(&mut self, rule: &'static Rule, noted: Noted) {
        self.effects.push(Effect::Fire { rule, noted });
    }
    /// `guard`, unless this mutant takes the guard away.
    pub fn unless(&self, mutant: &Mutant, guard: bool) -> bool {
        guard || self.mutants.contains(&mutant.id)
    }
}

impl Noted {
    pub fn number(a: u32) -> Noted {
        Noted { a, ..Noted::default() }
    }
    pub fn peer(peer: NodeId) -> Noted {
        Noted { peer: Some(peer), ..Noted::default() }
    }
    pub fn with_nodes(mut self, nodes: impl IntoIterator<Item = NodeId>) -> Noted {
        self.nodes = nodes.into_iter().filter(|n| n.0 < 64).fold(self.nodes, |set, n| set | 1 << n.0);
        self
    }
}
