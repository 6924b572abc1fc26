//! The futures that a run has had: its branches, which of them it stands on, and the memory that they may take.

use crate::branch::{Branch, Placed};
use crate::error::{Error, Part, Result, why};
use crate::text::{Says, text};
use crate::trace::Recorder;
use crate::world::World;

/// Bytes that trace and keyframes may take, by default.
const BUDGET: usize = 64 << 20;
/// A keyframe is made after at least so many events, and fewer the heavier it is.
const EVENTS_A_KEY: usize = 1_024;
const BYTES_AN_EVENT: usize = 64;
/// Records that are held since the last keyframe; a very large cluster makes more in one round.
const MOST_OPEN: usize = 200_000;
/// Beyond this many branches the oldest that nobody stands on is forgotten.
const MOST_BRANCHES: usize = 64;

#[derive(Clone)]
pub(crate) struct Futures {
    branches: Vec<Branch>,
    /// The place of the one that the run stands on.
    current: usize,
    next_id: u32,
    budget: usize,
}

impl Futures {
    pub fn of(first: Branch) -> Futures {
        Futures { next_id: first.id + 1, branches: vec![first], current: 0, budget: BUDGET }
    }

    /// The branch that the run stands on.
    pub fn here(&self) -> &Branch {
        &self.branches[self.current]
    }
    pub fn here_mut(&mut self) -> &mut Branch {
        &mut self.branches[self.current]
    }
    pub fn all(&self) -> &[Branch] {
        &self.branches
    }
    /// Bytes held for trace and keyframes.
    pub fn bytes(&self) -> usize {
        self.branches.iter().map(|branch| branch.bytes + branch.open.bytes()).sum()
    }
    pub fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
        self.keep_within_budget();
    }

    /// One more branch, on which the run stands from now on; the number that it has is the next.
    pub fn add(&mut self, make: impl FnOnce(u32) -> Branch) {
        self.branches.push(make(self.next_id));
        self.next_id += 1;
        if self.branches.len() > MOST_BRANCHES {
            let oldest = usize::from(self.current == 0);
            self.branches.remove(oldest);
        }
        self.current = self.branches.len() - 1;
    }

    /// Stands on the branch of this number; whether it is another than before.
    pub fn go_to(&mut self, id: u32) -> Result<bool> {
        let Some(at) = self.branches.iter().position(|branch| branch.id == id) else {
            let known: Vec<String> = self.branches.iter().map(|branch| branch.id.to_string()).collect();
            let words = text("there is no branch {id}; the branches are {ids}", "没有分支 {id}；分支有 {ids}");
            let ids = Part::says(Says::list(&known));
            return Err(Error::input(why(words, [("id", Part::count(id)), ("ids", ids)])));
        };
        Ok(std::mem::replace(&mut self.current, at) != at)
    }

    /// Stands on a branch of these inputs, best on the one of this number, if there is one.
    pub fn find(&mut self, inputs: &[Placed], best: Option<u32>) -> bool {
        let same = |branch: &Branch| branch.inputs == inputs;
        let known = self.branches.iter().position(|branch| Some(branch.id) == best && same(branch));
        let found = known.or_else(|| self.branches.iter().position(same));
        self.current = found.unwrap_or(self.current);
        found.is_some()
    }

    /// Keeps what an event wrote in a world that stands at the end of what is known.
    pub fn keep(&mut self, written: &Recorder, world: &World, cursor: usize) {
        let bounded = self.budget < usize::MAX;
        let branch = self.here_mut();
        branch.open.extend(written);
        if !written.marks.is_empty() {
            branch.overview.add(&written.marks);
        }
        branch.since_key += 1;
        if branch.open.records.len() > MOST_OPEN && bounded {
            branch.open.clear();
            branch.open_cut = true;
        }
        if branch.since_key >= EVENTS_A_KEY {
            self.close_if_worth_it(world, cursor);
        }
    }

    fn close_if_worth_it(&mut self, world: &World, cursor: usize) {
        let budget = self.budget;
        let branch = self.here_mut();
        // Weighing a large cluster takes as long as its size: the least it can weigh comes first.
        let least = world.slots.len() * size_of::<crate::world::Slot>();
        let early = branch.since_key * BYTES_AN_EVENT < least || least > budget / 2;
        if early || !branch.since_key.is_multiple_of(EVENTS_A_KEY) {
            return;
        }
        let weight = world.weight();
        if branch.since_key * BYTES_AN_EVENT < weight || weight > budget / 2 {
            return;
        }
        branch.close(world, cursor);
        self.keep_within_budget();
    }

    fn keep_within_budget(&mut self) {
        while self.bytes() > self.budget {
            let others = (0..self.branches.len()).filter(|at| *at != self.current);
            let Some(at) = others.chain([self.current]).find(|at| self.branches[*at].can_shed()) else {
                return;
            };
            self.branches[at].shed();
        }
    }
}
