//! Takes choices away as long as the rest still comes to the goal: stretches of half the length, a quarter, down to one,
//! then pairs. A message is found again by what it is, since numbers change when something before is left out.

use std::rc::Rc;

use synod_engine::untimed::{Choice, Likeness};

use crate::goal::{Goal, Run};
use crate::plan::Plan;

/// A choice, and the message that it is about.
#[derive(Clone, Copy)]
struct Step {
    choice: Choice,
    like: Option<Likeness>,
}

/// How far it has come.
enum Pass {
    /// Stretches of this length, of which the one at this place is next.
    Stretch(usize, usize),
    /// A pair.
    Pair(usize, usize),
    Done,
}

pub struct Shrink {
    pub plan: Rc<Plan>,
    start: Run,
    steps: Vec<Step>,
    path: Vec<Choice>,
    pass: Pass,
    /// Steps that were played.
    pub made: u64,
}

impl Shrink {
    pub fn new(plan: Rc<Plan>, path: &[Choice], goal: &Goal) -> Shrink {
        let start = goal.run(plan.start.clone());
        let mut run = start.clone();
        let mut steps = Vec::new();
        for choice in path {
            let like = match choice {
                Choice::Deliver(id) | Choice::Copy(id) => run.world.likeness(*id),
                _ => None,
            };
            steps.push(Step { choice: *choice, like });
            run.take(*choice, goal);
        }
        let pass = Pass::Stretch((steps.len() / 2).max(1), 0);
        Shrink { plan, start, path: path.to_vec(), steps, pass, made: 0 }
    }

    /// What is left.
    pub fn path(&self) -> &[Choice] {
        &self.path
    }

    /// Goes on until it is done or has done so much. True where it is done.
    pub fn work(&mut self, budget: &mut u64, goal: &Goal) -> bool {
        while *budget > 0 {
            let before = self.made;
            match self.pass {
                Pass::Done => return true,
                Pass::Stretch(size, at) => self.stretch(size, at, goal),
                Pass::Pair(one, other) => self.pair(one, other, goal),
            }
            *budget = budget.saturating_sub((self.made - before).max(1));
        }
        false
    }

    fn stretch(&mut self, size: usize, at: usize, goal: &Goal) {
        if at >= self.steps.len() {
            self.pass = match size {
                1 => Pass::Pair(0, 1),
                size => Pass::Stretch((size / 2).max(1), 0),
            };
            return;
        }
        let without = (at, (at + size).min(self.steps.len()));
        if !self.try_without(&|place| (without.0..without.1).contains(&place), goal) {
            self.pass = Pass::Stretch(size, at + size);
        }
    }

    fn pair(&mut self, one: usize, other: usize, goal: &Goal) {
        let len = self.steps.len();
        if one + 1 >= len {
            self.pass = Pass::Done;
        } else if other >= len {
            self.pass = Pass::Pair(one + 1, one + 2);
        } else if self.try_without(&|place| place == one || place == other, goal) {
            // With a pair gone single ones may go too.
            self.pass = Pass::Stretch(1, 0);
        } else {
            self.pass = Pass::Pair(one, other + 1);
        }
    }

    /// Plays what is left without these. It stays so if that comes to the goal.
    fn try_without(&mut self, left_out: &dyn Fn(usize) -> bool, goal: &Goal) -> bool {
        let mut run = self.start.clone();
        let (mut steps, mut path) = (Vec::new(), Vec::new());
        for (place, step) in self.steps.iter().enumerate() {
            if left_out(place) {
                continue;
            }
            let Some(choice) = again(step, &run) else { continue };
            let like = step.like.and_then(|_| match choice {
                Choice::Deliver(id) | Choice::Copy(id) => run.world.likeness(id),
                _ => None,
            });
            if !run.take(choice, goal) {
                continue;
            }
            self.made += 1;
            steps.push(Step { choice, like });
            path.push(choice);
            if goal.is_met(&run) {
                break;
            }
        }
        let shorter = goal.is_met(&run) && steps.len() < self.steps.len();
        if shorter {
            (self.steps, self.path) = (steps, path);
        }
        shorter
    }
}

/// The choice as it is here.
fn again(step: &Step, run: &Run) -> Option<Choice> {
    let like = || run.world.most_like(step.like.as_ref()?);
    Some(match step.choice {
        Choice::Deliver(_) => Choice::Deliver(like()?),
        Choice::Copy(_) => Choice::Copy(like()?),
        Choice::Request(_, node, operation) => Choice::Request(run.world.idle(), node, operation),
        other => other,
    })
}
