//! The search as a whole: breadth first as far as that goes, then walks and runs with time in turns; of the first few that
//! are found, each shrunk, the shortest is kept; at last every shorter run is tried that is like it, and breadth first as far
//! as it may go.

use std::rc::Rc;

use synod_engine::error::Result;
use synod_engine::rng::{Chance, Stream};
use synod_engine::untimed::Allowed;

use crate::breadth::{Breadth, Outcome, Within};
use crate::plan::{MOST_STEPS, Plan, draw, operations, small};
use crate::request::Request;
use crate::shrink::Shrink;
use crate::stage::Staged;
use crate::timed::{Found, Timed};
use crate::walks::Walks;

mod shorter;

/// States of the first search breadth first, and of the last; and of that where the request asks for much work.
const EARLY_STATES: usize = 12_000;
const LATE_STATES: usize = 60_000;
const MOST_STATES: usize = 200_000;
/// So much work is much.
const MUCH: u64 = 20_000_000;
/// States of the search among runs that are like the one found.
const LIKE_STATES: usize = 60_000;
/// Finds that are shrunk, of which the shortest is kept.
const FINDS: usize = 5;
/// Steps of walks after the first find: at least as many as before it, and so many.
const LEAST_MORE: u64 = 100_000;
/// Where only runs with time have come to it: how many finds are shrunk, how many steps walks still get, and how much work
/// there may be in all after the first.
const TIMED_FINDS: usize = 4;
const LEAST_WALKED: u64 = 600_000;
const MOST_MORE: u64 = 4_000_000;
/// Steps of walks, and events of runs with time, in turns.
const WALKING: u64 = 45_000;
const TIMED: u64 = 15_000;
/// So much is done at a time.
const QUANTUM: u64 = 1_000;
/// Steps under a configuration that was drawn.
const UNDER_ONE: u64 = 5_000;
/// Work before it gives up, unless the request says so.
const WORK: u64 = 40_000_000;

/// What the search does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Early,
    Walks,
    Timed,
    Shrink,
    ShrinkTimed,
    Like,
    Late,
    Done,
}

/// How far it has come.
#[derive(Clone, Debug)]
pub struct Progress {
    /// It has found the shortest run that it can, or there is none within its limits.
    pub done: bool,
    /// Steps, states and events so far.
    pub explored: u64,
    /// What it does: `breadth`, `walks`, `timed`, `shrink`, `tighten` or `done`.
    pub phase: &'static str,
    /// Steps of the best run so far, and of the first that was found.
    pub best: Option<usize>,
    pub first: Option<usize>,
    /// Every run of fewer steps than this was tried, within the limits.
    pub lower: u32,
}

/// A line of how it was found.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Way {
    pub by: &'static str,
    pub runs: u64,
    pub events: u64,
    pub steps: Option<usize>,
}

/// A search. It does as much as it is told to, and can be asked at any time how far it has come.
pub struct Explorer {
    pub(crate) request: Request,
    allowed: Allowed,
    phase: Phase,
    /// What shrinking goes back to.
    after: Phase,
    pub(crate) own: Option<Rc<Plan>>,
    breadth: Option<Breadth>,
    like: Option<Breadth>,
    walks: Option<Walks>,
    timed: Timed,
    shrink: Option<Shrink>,
    shrink_timed: Option<Found>,
    chance: Chance,
    /// What is left of the turn of walks, or of runs with time.
    turn: u64,
    pub(crate) best: Option<Staged>,
    first: Option<usize>,
    finds: usize,
    timed_finds: usize,
    pub(crate) explored: u64,
    /// Work when the first run was found, and steps of walks.
    found_at: u64,
    walked_at: u64,
    pub(crate) exhausted: bool,
    pub(crate) ways: [Way; 5],
}

const WAYS: [&str; 5] = ["breadth", "walks", "timed", "shrink", "tighten"];

impl Explorer {
    /// # Errors
    /// Where the configuration of the request cannot be opened.
    pub fn new(request: Request) -> Result<Explorer> {
        let catalog = request.entry.catalog(&[]);
        let config = small(&request.config, &catalog);
        let run = request.entry.open(&config, &mut || 1)?;
        let mut chance = Chance::new(request.seed, Stream::Outside(4));
        let asked = operations(&run, &catalog, &mut Chance::new(1, Stream::Outside(5)), 3);
        let quick = request.goal.is_quick();
        let own = quick.then(|| Plan::new(request.entry, &config, &asked, true)).flatten();
        let allow = request.allow;
        let allowed = Allowed {
            reorder: allow.reorder,
            copy: false,
            timeout: allow.timeout,
            request: allow.request,
            crash: allow.crash,
            restart: allow.restart,
        };
        let most_depth = request.limits.steps.map_or(MOST_STEPS, |steps| (steps as usize).min(MOST_STEPS));
        let breadth = own.as_ref().map(|plan| {
            let start = request.goal.run(plan.start.clone());
            let within = early(&request, start.world.epoch());
            // Where the request says within what, every run there is wanted.
            let most_states = if request.limits.are_bounds() { MOST_STATES } else { EARLY_STATES };
            Breadth::new(start, allowed, within, most_states, most_depth)
        });
        let timed = Timed::new(chance.draw());
        let phase = if breadth.is_some() { Phase::Early } else { Phase::Timed };
        Ok(Explorer {
            allowed: Allowed { copy: allow.copy, ..allowed },
            phase,
            after: Phase::Walks,
            own,
            breadth,
            like: None,
            walks: None,
            timed,
            shrink: None,
            shrink_timed: None,
            chance,
            turn: if phase == Phase::Timed { TIMED } else { WALKING },
            best: None,
            first: None,
            finds: 0,
            timed_finds: 0,
            explored: 0,
            found_at: 0,
            walked_at: 0,
            exhausted: false,
            ways: WAYS.map(|by| Way { by, ..Way::default() }),
            request,
        })
    }

    /// Does so much work or a little more, and says how far it has come.
    pub fn work(&mut self, steps: u64) -> Progress {
        let mut left = steps;
        while left > 0 && self.phase != Phase::Done {
            // Always as much at a time, so that what is found does not depend on how the work is sliced.
            let mut budget = QUANTUM;
            self.go_on(&mut budget);
            self.explored += QUANTUM - budget;
            left = left.saturating_sub((QUANTUM - budget).max(1));
            if self.best.is_none() && self.explored >= self.request.limits.work.unwrap_or(WORK) {
                self.phase = Phase::Done;
            }
        }
        self.progress()
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let phase = match self.phase {
            Phase::Early | Phase::Late => "breadth",
            Phase::Walks => "walks",
            Phase::Timed => "timed",
            Phase::Shrink | Phase::ShrinkTimed => "shrink",
            Phase::Like => "tighten",
            Phase::Done => "done",
        };
        Progress {
            done: self.phase == Phase::Done,
            explored: self.explored,
            phase,
            best: self.best.as_ref().map(Staged::len),
            first: self.first,
            lower: self.lower(),
        }
    }

    /// The best run so far.
    pub fn best(&self) -> Option<&Staged> {
        self.best.as_ref()
    }

    pub(crate) fn lower(&self) -> u32 {
        self.breadth.as_ref().map_or(0, Breadth::lower)
    }

    fn go_on(&mut self, budget: &mut u64) {
        match self.phase {
            Phase::Early => self.early(budget),
            Phase::Walks => self.walk(budget),
            Phase::Timed => self.run(budget),
            Phase::Shrink => self.shrink(budget),
            Phase::ShrinkTimed => self.shrink_timed(budget),
            Phase::Like => self.like(budget),
            Phase::Late => self.late(budget),
            Phase::Done => {}
        }
    }

    fn early(&mut self, budget: &mut u64) {
        let outcome = self.breadth(budget);
        match outcome {
            Outcome::Going => {}
            Outcome::Found => {
                let path = self.breadth.as_ref().and_then(|breadth| breadth.found().cloned());
                let staged = self.own.clone().zip(path).and_then(|(plan, path)| self.stage(&plan, &path));
                self.ways[0].steps = staged.as_ref().map(Staged::len);
                self.phase = if staged.is_some() { Phase::Done } else { Phase::Walks };
                self.keep(staged);
            }
            Outcome::Exhausted if self.request.limits.are_bounds() => {
                (self.phase, self.exhausted) = (Phase::Done, true)
            }
            Outcome::Exhausted | Outcome::Full => self.phase = Phase::Walks,
        }
    }

    fn breadth(&mut self, budget: &mut u64) -> Outcome {
        let Some(breadth) = &mut self.breadth else { return Outcome::Full };
        let outcome = breadth.work(budget, &self.request.goal);
        (self.ways[0].runs, self.ways[0].events) = (breadth.states() as u64, breadth.made);
        outcome
    }

    fn walk(&mut self, budget: &mut u64) {
        if self.own.is_none() || self.turn == 0 {
            (self.phase, self.turn) = (Phase::Timed, TIMED);
            return;
        }
        let old = self.walks.as_ref().is_some_and(|walks| walks.made >= UNDER_ONE);
        if (old && self.draws_plans() || self.walks.is_none()) && !self.draw_plan() {
            self.turn = 0;
            return;
        }
        let Some(walks) = &mut self.walks else { return };
        let (mut slice, before) = ((*budget).min(self.turn), (walks.runs, walks.made));
        let whole = slice;
        let found = walks.work(&mut slice, &self.request.goal);
        let used = (whole - slice).max(1);
        (*budget, self.turn) = (budget.saturating_sub(used), self.turn.saturating_sub(used));
        self.ways[1].runs += walks.runs - before.0;
        self.ways[1].events += walks.made - before.1;
        let plan = walks.plan.clone();
        if let Some(path) = found {
            self.first.get_or_insert(path.len());
            let way = &mut self.ways[1];
            way.steps = Some(way.steps.map_or(path.len(), |steps| steps.min(path.len())));
            self.shrink = Some(Shrink::new(plan, &path, &self.request.goal));
            (self.phase, self.after) = (Phase::Shrink, Phase::Walks);
        }
        self.stop_if_enough();
    }

    /// Whether configurations are drawn: the request leaves something open.
    fn draws_plans(&self) -> bool {
        ["nodes", "options", "network"].iter().any(|key| self.request.leaves_open(key))
    }

    /// Walks go on under the configuration that was given, or under one that is drawn where it leaves something open.
    fn draw_plan(&mut self) -> bool {
        let request = &self.request;
        let seed = self.chance.draw();
        let drawn = (self.walks.is_some() && self.draws_plans()).then(|| {
            let mut chance = Chance::new(seed, Stream::Outside(5));
            let config = draw(request.entry, &request.config, request.limits.nodes, &mut chance);
            let run = request.entry.open(&config, &mut || 1).ok()?;
            let asked = operations(&run, &request.entry.catalog(&[]), &mut chance, 3);
            Plan::new(request.entry, &config, &asked, false)
        });
        let plan = drawn.flatten().or_else(|| self.own.clone());
        let most = Within {
            epochs: request.limits.epochs.unwrap_or(u32::MAX),
            requests: request.limits.requests.unwrap_or(u32::MAX),
            falls: request.limits.faults.unwrap_or(u32::MAX),
        };
        let partition = request.allow.partition;
        self.walks = plan.map(|plan| Walks::new(plan, self.allowed, partition, most, seed, &self.request.goal));
        self.walks.is_some()
    }

    fn run(&mut self, budget: &mut u64) {
        if self.turn == 0 {
            (self.phase, self.turn) = (Phase::Walks, WALKING);
            if self.own.is_none() {
                (self.phase, self.turn) = (Phase::Timed, TIMED);
            }
            return;
        }
        let (mut slice, before) = ((*budget).min(self.turn), (self.timed.runs, self.timed.made));
        let whole = slice;
        let found = self.timed.work(&mut slice, &self.request);
        let used = (whole - slice).max(1);
        (*budget, self.turn) = (budget.saturating_sub(used), self.turn.saturating_sub(used));
        self.ways[2].runs += self.timed.runs - before.0;
        self.ways[2].events += self.timed.made - before.1;
        if let Some(found) = found {
            self.first.get_or_insert(found.first);
            let way = &mut self.ways[2];
            way.steps = Some(way.steps.map_or(found.first, |steps| steps.min(found.first)));
            self.shrink_timed = Some(found);
            (self.phase, self.after) = (Phase::ShrinkTimed, Phase::Timed);
        }
        self.stop_if_enough();
    }
}

/// Within what the search breadth first looks, where the request does not say.
pub(crate) fn early(request: &Request, epoch: u32) -> Within {
    let limits = &request.limits;
    Within {
        epochs: limits.epochs.unwrap_or(epoch + 2),
        requests: limits.requests.unwrap_or(1),
        falls: limits.faults.unwrap_or(1),
    }
}
