//! What happened, as invariants and histories see it: what set a handler off, what it did, and all nodes.

use std::marker::PhantomData;

use crate::client::Outcome;
use crate::clock::Clock;
use crate::cx::{Effect, Noted};
use crate::ensemble::Disk;
use crate::names::{ClientId, NodeId};
use crate::places::Places;
use crate::promise::Faults;
use crate::protocol::{Node, Protocol, Rule, Summary};
use crate::roster::Roster;
use crate::timers::Timers;
use crate::units::Micros;

/// What was observed, once for each event.
pub enum Observed<'a, P: Protocol> {
    /// A client made a command and sent it for the first time.
    Asked {
        /// Who asked.
        client: ClientId,
        /// The command's number among those of this client, from 1.
        serial: u32,
        /// What was asked.
        operation: &'a P::Operation,
    },
    /// A node ran a handler or booted: what set it off, and what it did.
    Handled {
        /// What [`Protocol::before`] kept of the node.
        before: &'a P::Before,
        /// The node as the handler left it.
        after: &'a Node<P>,
        /// What set the handler off.
        cause: Cause<'a, P>,
        /// The answers that it sent to the engine's clients, in their order.
        answers: &'a [Told<P>],
        /// The messages that it sent, the timers that it set, and the rules that fired.
        said: Said<'a, P>,
        /// True time.
        time: Micros,
    },
    /// A machine crashed, lost its disk, or left: what is gone is gone without a handler.
    Fell {
        /// What [`Protocol::before`] kept of the node.
        before: &'a P::Before,
        /// The node with what is left of it.
        after: &'a Node<P>,
    },
    /// A client received the answer to its command.
    Answered {
        /// Who was answered.
        client: ClientId,
        /// The command's number among those of this client.
        serial: u32,
        /// What had been asked.
        operation: &'a P::Operation,
        /// What it was told.
        answer: &'a P::Answer,
    },
    /// A client that is a machine of its own ran a handler; `ended` says how its command ended if it did.
    Client {
        /// The client whose machine ran.
        client: ClientId,
        /// The number of the command that it works on, or worked on last.
        serial: u32,
        /// That command.
        operation: &'a P::Operation,
        /// The machine as the handler left it.
        after: &'a P::Client,
        /// Nothing while the command goes on.
        ended: Option<Outcome>,
        /// The messages that it sent, the timers that it set, and the rules that fired.
        said: Said<'a, P>,
    },
    /// What a node forced is safe on its disk; the node itself goes on in a handler of its own.
    Written {
        /// Whose disk it is.
        node: NodeId,
        /// True time.
        time: Micros,
    },
    /// A [`Protocol::deadline`] passes.
    Passed {
        /// True time, which is the deadline.
        time: Micros,
    },
}

/// What set a handler off.
pub enum Cause<'a, P: Protocol> {
    /// The machine was started.
    Boot,
    /// `message` is there where [`Protocol::SHOWS_MESSAGES`] asks for it.
    Message {
        /// Who sent it.
        from: NodeId,
        /// What the engine knows of it.
        summary: Summary,
        /// The message itself.
        message: Option<&'a P::Message>,
    },
    /// A timer went off, or what was forced with it is safe.
    Timer(P::Timer),
    /// A client's command arrived.
    Request {
        /// Who asked.
        client: ClientId,
        /// The command's number, the same for every retry.
        serial: u32,
    },
    /// The same message of a client that is a machine of its own.
    Asked {
        /// Who sent it.
        client: ClientId,
        /// What the engine knows of it.
        summary: Summary,
        /// The message itself, where [`Protocol::SHOWS_MESSAGES`] asks for it.
        message: Option<&'a P::Message>,
    },
}

/// What a handler said: the messages that it sent, and the rules that fired.
#[derive(Clone, Copy)]
pub struct Said<'a, P> {
    pub(crate) effects: &'a [Effect],
    pub(crate) of: PhantomData<P>,
}

impl<'a, P: Protocol> Said<'a, P> {
    /// The messages that it sent, one for each receiver, in their order.
    pub fn messages(&self) -> impl Iterator<Item = &'a P::Message> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Send { message, .. } | Effect::Reply { message, .. } => Some(message.get()),
            _ => None,
        })
    }
    /// The timers that it set, and for how long on its own clock.
    pub fn timers(&self) -> impl Iterator<Item = (P::Timer, Micros)> + use<'a, P> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::SetTimer { timer, after } => Some((P::Timer::of(*timer), *after)),
            _ => None,
        })
    }
    /// The rules that fired, in their order.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> + use<'a, P> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Fire { rule, .. } => Some(*rule),
            _ => None,
        })
    }
    /// The same with what each noted: of what it was done, and how many.
    pub fn rules_noting(&self) -> impl Iterator<Item = (&'static Rule, Noted)> + use<'a, P> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Fire { rule, noted } => Some((*rule, *noted)),
            _ => None,
        })
    }
    /// What it forces to its disk: each by the timer with which it goes on when that is safe.
    pub fn forces(&self) -> impl Iterator<Item = P::Timer> + use<'a, P> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Force { timer } => Some(P::Timer::of(*timer)),
            _ => None,
        })
    }
    /// Whether a rule fired.
    pub fn fired(&self, rule: &'static Rule) -> bool {
        self.rules().any(|fired| std::ptr::eq(fired, rule))
    }
}

/// An answer that a node sent.
#[derive(Clone, Debug)]
pub struct Told<P: Protocol> {
    /// Whom it told.
    pub client: ClientId,
    /// Which of this client's commands it answers.
    pub serial: u32,
    /// What it told.
    pub answer: P::Answer,
}

/// What an invariant sees when it is asked.
pub struct Seen<'a, P: Protocol> {
    /// The configuration of the run.
    pub config: &'a P::Config,
    /// What happened so far, this event included.
    pub history: &'a P::History,
    /// What has just happened.
    pub observed: &'a Observed<'a, P>,
    /// All nodes after it.
    pub cluster: Cluster<'a, P>,
}

/// What the evidence for an invariant is made from.
pub struct Evidence<'a, P: Protocol> {
    /// The configuration of the run.
    pub config: &'a P::Config,
    /// What happened so far.
    pub history: &'a P::History,
    /// All nodes as they are now.
    pub cluster: Cluster<'a, P>,
}

/// All nodes, for properties of the whole.
pub struct Cluster<'a, P: Protocol> {
    pub(crate) config: &'a P::Config,
    pub(crate) nodes: &'a [Node<P>],
    pub(crate) clients: &'a [P::Client],
    pub(crate) disks: &'a [Disk<P>],
    pub(crate) roster: &'a Roster,
    pub(crate) seed: u64,
    pub(crate) clocks: &'a [Clock],
    pub(crate) now: Micros,
    pub(crate) faults: &'a Faults,
    pub(crate) places: Option<&'a Places>,
}

impl<P: Protocol> Clone for Cluster<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Protocol> Copy for Cluster<'_, P> {}

impl<'a, P: Protocol> Cluster<'a, P> {
    /// How many nodes there are, also those that are down or have left.
    pub fn len(&self) -> u32 {
        self.nodes.len() as u32
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
    /// The configuration of the run.
    pub fn config(&self) -> &'a P::Config {
        self.config
    }
    /// Every node, also those that are down: their disks are still there.
    pub fn nodes(&self) -> &'a [Node<P>] {
        self.nodes
    }
    /// Every client's machine, by its number.
    pub fn clients(&self) -> &'a [P::Client] {
        self.clients
    }
    /// What a node's disk keeps for certain: all that it holds, where disks keep more than what was forced.
    pub fn safe(&self, node: NodeId) -> Option<&'a P::Durable> {
        let held = self.nodes.get(node.at()).map(|node| &node.durable);
        self.disks.get(node.at()).map(|disk| &disk.safe).or(held)
    }
    /// Who takes part, and in which groups.
    pub fn roster(&self) -> &'a Roster {
        self.roster
    }
    /// The run's seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }
    /// True time.
    pub fn now(&self) -> Micros {
        self.now
    }
    /// What a node's own clock reads, in microseconds.
    pub fn clock(&self, node: NodeId) -> i64 {
        self.clocks.get(node.at()).map_or(self.now as i64, |clock| clock.reading(self.now))
    }
    /// The first true time, from now on, at which a node's own clock reads at least so much, as it runs now.
    pub fn when_reads(&self, node: NodeId, reading: i64) -> Micros {
        let clock = self.clocks.get(node.at()).copied().unwrap_or_default();
        clock.when(reading).max(self.now)
    }
    /// Where nodes stand, in a run that has places.
    pub fn places(&self) -> Option<&'a Places> {
        self.places
    }
    /// The faults there were so far.
    pub fn faults(&self) -> &'a Faults {
        self.faults
    }
}
