//! What is done with a run that was found: it is shrunk, kept if it is the shortest, and shorter ones that are like it are
//! tried.

use std::rc::Rc;

use synod_engine::untimed::Choice;

use super::{
    Explorer, FINDS, LATE_STATES, LEAST_MORE, LEAST_WALKED, LIKE_STATES, MOST_MORE, MOST_STATES, MUCH, Phase,
    TIMED_FINDS, early,
};
use crate::breadth::{Breadth, Choosing, Outcome, Within};
use crate::plan::Plan;
use crate::stage::{Staged, stage};

impl Explorer {
    pub(super) fn shrink(&mut self, budget: &mut u64) {
        let Some(shrink) = &mut self.shrink else {
            self.phase = self.after;
            return;
        };
        let before = shrink.made;
        let done = shrink.work(budget, &self.request.goal);
        self.ways[3].events += shrink.made - before;
        if done {
            let (plan, path) = (shrink.plan.clone(), shrink.path().to_vec());
            self.shrink = None;
            self.finds += 1;
            let staged = self.stage(&plan, &path);
            self.ways[3].steps = staged.as_ref().map(Staged::len).into_iter().chain(self.ways[3].steps).min();
            self.keep(staged);
            self.phase = self.after;
            self.stop_if_enough();
        }
    }

    pub(super) fn shrink_timed(&mut self, budget: &mut u64) {
        let Some(found) = &mut self.shrink_timed else {
            self.phase = self.after;
            return;
        };
        let before = found.made;
        let done = found.work(budget, self.request.entry, &self.request.goal);
        self.ways[3].events += found.made - before;
        if done {
            let staged = found.staged(self.request.entry, &self.request.goal);
            self.shrink_timed = None;
            self.timed_finds += 1;
            self.keep(staged);
            self.phase = self.after;
            self.stop_if_enough();
        }
    }

    pub(super) fn stage(&self, plan: &Rc<Plan>, path: &[Choice]) -> Option<Staged> {
        let short = self.request.limits.steps.is_none_or(|most| path.len() <= most as usize);
        short.then(|| stage(self.request.entry, plan, path, &self.request.goal)).flatten()
    }

    /// A run that was chosen step by step is better than one with time, in which much happens between two inputs.
    pub(super) fn keep(&mut self, staged: Option<Staged>) {
        let Some(staged) = staged else { return };
        if self.request.limits.steps.is_some_and(|most| staged.len() > most as usize) {
            return;
        }
        if self.best.is_none() {
            (self.found_at, self.walked_at) = (self.explored, self.ways[1].events);
        }
        let rank = |run: &Staged| match run.choices {
            Some(_) => (false, run.len()),
            None => (true, run.run.inputs().len()),
        };
        if self.best.as_ref().is_none_or(|best| rank(&staged) < rank(best)) {
            self.best = Some(staged);
        }
    }

    /// Goes on to the end of the search when enough was found, or much was done since the first.
    pub(super) fn stop_if_enough(&mut self) {
        let Some(best) = &self.best else { return };
        if !matches!(self.phase, Phase::Walks | Phase::Timed) {
            return;
        }
        let timed = best.choices.is_none();
        let walked = self.ways[1].events.saturating_sub(self.walked_at);
        let enough = if timed {
            let walked = self.own.is_none() || walked >= LEAST_WALKED;
            walked && (self.timed_finds >= TIMED_FINDS || self.explored >= self.found_at + MOST_MORE)
        } else {
            self.finds >= FINDS || walked >= self.walked_at.max(LEAST_MORE)
        };
        if enough {
            self.phase = if timed { Phase::Done } else { Phase::Like };
        }
    }

    /// Tries every shorter run of choices like those of the best.
    pub(super) fn like(&mut self, budget: &mut u64) {
        let goal = &self.request.goal;
        if self.like.is_none() {
            self.like = self.best.as_ref().and_then(|best| {
                let (plan, path) = best.choices.as_ref()?;
                let start = goal.run(plan.start.clone());
                let (mut world, mut only) = (plan.start.clone(), Vec::new());
                for choice in path {
                    only.extend(Choosing::of(*choice, &world).filter(|of| !only.contains(of)));
                    world.take(*choice);
                }
                // Who crashes and restarts later may do both at once.
                let bounces = path.iter().filter_map(|choice| match choice {
                    Choice::Restart(node) => Some(Choosing::Other(Choice::Bounce(*node))),
                    _ => None,
                });
                only.extend(bounces);
                let within = Within { epochs: world.epoch(), requests: world.requested(), falls: world.falls() };
                let depth = path.len().saturating_sub(1);
                Some(Breadth::new(start, self.allowed, within, LIKE_STATES, depth).only(only))
            });
        }
        let Some(like) = &mut self.like else {
            self.phase = Phase::Late;
            return;
        };
        let outcome = like.work(budget, goal);
        (self.ways[4].runs, self.ways[4].events) = (like.states() as u64, like.made);
        if outcome == Outcome::Going {
            return;
        }
        if let (Some(path), Some((plan, _))) =
            (like.found().cloned(), self.best.as_ref().and_then(|b| b.choices.clone()))
        {
            let staged = self.stage(&plan, &path);
            self.ways[4].steps = staged.as_ref().map(Staged::len);
            self.keep(staged);
        }
        self.phase = Phase::Late;
        if let Some(breadth) = &mut self.breadth {
            let much = self.request.limits.work.is_some_and(|work| work >= MUCH);
            breadth.widen(if much { MOST_STATES } else { LATE_STATES });
        }
    }

    /// Breadth first as far as it may go, or until it is known that nothing is shorter.
    pub(super) fn late(&mut self, budget: &mut u64) {
        let length = self.best.as_ref().map_or(0, Staged::len) as u32;
        if self.lower() >= length || !self.is_own() {
            self.phase = Phase::Done;
            return;
        }
        match self.breadth(budget) {
            Outcome::Going => {}
            Outcome::Found => {
                let path = self.breadth.as_ref().and_then(|breadth| breadth.found().cloned());
                let staged = self.own.clone().zip(path).and_then(|(plan, path)| self.stage(&plan, &path));
                self.ways[0].steps = staged.as_ref().map(Staged::len);
                self.keep(staged);
                self.phase = Phase::Done;
            }
            Outcome::Exhausted | Outcome::Full => self.phase = Phase::Done,
        }
    }

    /// Whether the best run is one of the configuration that was asked for, step by step.
    pub(super) fn is_own(&self) -> bool {
        let plan = self.best.as_ref().and_then(|best| best.choices.as_ref()).map(|(plan, _)| plan);
        plan.is_some_and(|plan| plan.is_own)
    }

    /// Whether it is known that nothing within the limits is shorter.
    pub(crate) fn is_shortest(&self) -> bool {
        let Some(best) = &self.best else { return false };
        let Some((_, path)) = best.choices.as_ref().filter(|_| self.is_own()) else { return false };
        let copies = path.iter().any(|choice| matches!(choice, Choice::Copy(_)));
        !copies && self.lower() as usize >= path.len() && self.is_within(path)
    }

    /// Whether the search breadth first would have seen it.
    pub(super) fn is_within(&self, path: &[Choice]) -> bool {
        let Some(plan) = &self.own else { return false };
        let mut world = plan.start.clone();
        let within = early(&self.request, world.epoch());
        path.iter().for_each(|choice| {
            world.take(*choice);
        });
        within.holds(&world) && world.requested() <= within.requests && world.falls() <= within.falls
    }
}
