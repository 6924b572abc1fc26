//! Breadth first: every run of one step, then every run of two. What it finds is the shortest there is, within its limits,
//! and what it does not find up to a depth is not there up to that depth. Of a state no more is kept than from which it came
//! and by which choice: it is made again when its turn comes, and states beside each other share most of their way.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use synod_engine::untimed::{Allowed, Choice, Untimed};

use crate::goal::{Goal, Run};

/// What a search has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is more to do.
    Going,
    /// A run was found.
    Found,
    /// Every run was tried.
    Exhausted,
    /// It may keep no more states.
    Full,
}

/// What a run must keep to. Each can be seen at the state itself, whatever way led to it.
#[derive(Clone, Copy, Debug)]
pub struct Within {
    pub epochs: u32,
    pub requests: u32,
    pub falls: u32,
}

impl Within {
    /// Which choices are left to a run, so that it keeps within.
    pub fn allows(&self, run: &Untimed, allowed: Allowed) -> Allowed {
        Allowed {
            request: allowed.request && run.requested() < self.requests,
            crash: allowed.crash && run.falls() < self.falls,
            ..allowed
        }
    }

    pub fn holds(&self, run: &Untimed) -> bool {
        run.epoch() <= self.epochs
    }
}

/// Prints are spread evenly already.
#[derive(Default)]
struct Plain(u64);

impl Hasher for Plain {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, print: u64) {
        self.0 = print;
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

/// A way to a state: the state before, and what was chosen there.
#[derive(Clone, Copy)]
struct Came {
    from: u32,
    by: Choice,
}

pub struct Breadth {
    allowed: Allowed,
    within: Within,
    /// Choices that are left out: all but these, if some are given.
    only: Option<Vec<Choosing>>,
    most_states: usize,
    most_depth: usize,
    seen: HashSet<u64, BuildHasherDefault<Plain>>,
    came: Vec<Came>,
    /// The state whose turn it is, and the first one of the next depth.
    turn: usize,
    next_depth: usize,
    depth: usize,
    /// States on the way to the one whose turn it was last, the start first.
    way: Vec<(usize, Run)>,
    /// Choices of the state whose turn it is, and which of them is next.
    choices: Vec<Choice>,
    at: usize,
    /// States that were made, seen before or not.
    pub made: u64,
    found: Option<Vec<Choice>>,
}

/// Choices that are alike: a kind of message on a link, a kind of timer at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choosing {
    Deliver(synod_engine::names::End, synod_engine::names::End, u16),
    Copy(synod_engine::names::End, synod_engine::names::End, u16),
    Other(Choice),
}

impl Choosing {
    pub fn of(choice: Choice, run: &Untimed) -> Option<Choosing> {
        Some(match choice {
            Choice::Deliver(id) => {
                let like = run.likeness(id)?;
                Choosing::Deliver(like.from, like.to, like.kind)
            }
            Choice::Copy(id) => {
                let like = run.likeness(id)?;
                Choosing::Copy(like.from, like.to, like.kind)
            }
            other => Choosing::Other(other),
        })
    }
}

const START: usize = 0;

impl Breadth {
    pub fn new(start: Run, allowed: Allowed, within: Within, most_states: usize, most_depth: usize) -> Breadth {
        let mut seen = HashSet::default();
        seen.insert(start.print());
        Breadth {
            allowed,
            within,
            only: None,
            most_states,
            most_depth,
            seen,
            came: vec![Came { from: 0, by: Choice::Deliver(0) }],
            turn: START,
            next_depth: 1,
            depth: 0,
            way: vec![(START, start)],
            choices: Vec::new(),
            at: 0,
            made: 0,
            found: None,
        }
    }

    /// The same of choices like these alone.
    pub fn only(mut self, only: Vec<Choosing>) -> Breadth {
        self.only = Some(only);
        self
    }

    /// It may keep so many states from now on.
    pub fn widen(&mut self, most_states: usize) {
        self.most_states = most_states;
    }

    /// Every run of fewer steps than this was tried.
    pub fn lower(&self) -> u32 {
        self.depth as u32 + 1
    }

    pub fn found(&self) -> Option<&Vec<Choice>> {
        self.found.as_ref()
    }

    /// States that it knows.
    pub fn states(&self) -> usize {
        self.came.len()
    }

    /// Makes states until it has found a run, has no more to do, or has done so much.
    pub fn work(&mut self, budget: &mut u64, goal: &Goal) -> Outcome {
        if self.found.is_some() {
            return Outcome::Found;
        }
        loop {
            if self.at >= self.choices.len() {
                match self.next_turn(goal) {
                    Outcome::Going => continue,
                    other => return other,
                }
            }
            while self.at < self.choices.len() {
                if *budget == 0 {
                    return Outcome::Going;
                }
                *budget -= 1;
                if self.make(goal) {
                    return Outcome::Found;
                }
            }
            self.turn += 1;
        }
    }

    /// The next state's choices.
    fn next_turn(&mut self, goal: &Goal) -> Outcome {
        if self.turn == self.next_depth {
            // All states of a depth had their turn: every run that is a step longer was tried.
            (self.depth, self.next_depth) = (self.depth + 1, self.came.len());
        }
        if self.turn == self.came.len() || self.depth >= self.most_depth {
            return Outcome::Exhausted;
        }
        if self.came.len() >= self.most_states {
            return Outcome::Full;
        }
        self.go_to(self.turn, goal);
        let Some((_, run)) = self.way.last() else { return Outcome::Exhausted };
        let allowed = self.within.allows(&run.world, self.allowed);
        (self.at, self.choices) = (0, Vec::new());
        run.world.choices(&allowed, &mut self.choices);
        if let Some(only) = &self.only {
            self.choices.retain(|choice| Choosing::of(*choice, &run.world).is_some_and(|of| only.contains(&of)));
        }
        if self.choices.is_empty() {
            self.turn += 1;
        }
        Outcome::Going
    }

    /// Makes a state again, from the last on the way that leads to it too.
    fn go_to(&mut self, state: usize, goal: &Goal) {
        let mut missing = Vec::new();
        let mut at = state;
        loop {
            while self.way.last().is_some_and(|(on, _)| *on > at) {
                self.way.pop();
            }
            if self.way.last().is_some_and(|(on, _)| *on == at) {
                break;
            }
            missing.push(at);
            at = self.came[at].from as usize;
        }
        for state in missing.into_iter().rev() {
            let Some((_, before)) = self.way.last() else { return };
            let mut run = before.clone();
            run.take(self.came[state].by, goal);
            self.way.push((state, run));
        }
    }

    /// Makes the next choice of the state whose turn it is. True where that is what was looked for.
    fn make(&mut self, goal: &Goal) -> bool {
        let Some((state, before)) = self.way.last() else { return false };
        let (choice, from) = (self.choices[self.at], *state as u32);
        self.at += 1;
        self.made += 1;
        let mut run = before.clone();
        if !run.take(choice, goal) || !self.within.holds(&run.world) || !self.seen.insert(run.print()) {
            return false;
        }
        self.came.push(Came { from, by: choice });
        let is_met = goal.is_met(&run);
        if is_met {
            self.found = Some(self.path(self.came.len() - 1));
        }
        is_met
    }

    fn path(&self, mut state: usize) -> Vec<Choice> {
        let mut path = Vec::new();
        while state != START {
            path.push(self.came[state].by);
            state = self.came[state].from as usize;
        }
        path.reverse();
        path
    }
}
