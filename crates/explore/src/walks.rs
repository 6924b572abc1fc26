//! Random walks: whatever may happen next, one thing after another, with weights and budgets that are drawn for each walk.
//! Walks without something go deeper into the rest.

use std::rc::Rc;

use synod_engine::names::End;
use synod_engine::rng::{Chance, Stream};
use synod_engine::untimed::{Allowed, Choice, Untimed};

use crate::breadth::Within;
use crate::goal::{Goal, Run};
use crate::plan::Plan;

/// Walks under one plan, one after another.
pub struct Walks {
    pub plan: Rc<Plan>,
    allowed: Allowed,
    partition: bool,
    most: Within,
    chance: Chance,
    start: Run,
    walk: Option<Walk>,
    choices: Vec<Choice>,
    /// Walks that were begun, and steps that were made.
    pub runs: u64,
    pub made: u64,
}

/// One of them.
struct Walk {
    run: Run,
    path: Vec<Choice>,
    steps: usize,
    within: Within,
    weights: Weights,
    /// A bit for each node of one side of a passing partition: the sides do not hear each other.
    side: Option<u64>,
    /// Which messages are received first.
    order: Order,
}

#[derive(Clone, Copy)]
struct Weights {
    deliver: u64,
    copy: u64,
    fire: u64,
    request: u64,
    crash: u64,
    restart: u64,
}

#[derive(Clone, Copy)]
enum Order {
    Any,
    Newest,
    Oldest,
}

/// How far a walk goes at the most.
const LENGTHS: [usize; 5] = [24, 40, 60, 90, 140];

impl Walks {
    pub fn new(plan: Rc<Plan>, allowed: Allowed, partition: bool, most: Within, seed: u64, goal: &Goal) -> Walks {
        let start = goal.run(plan.start.clone());
        let chance = Chance::new(seed, Stream::Outside(3));
        Walks { plan, allowed, partition, most, chance, start, walk: None, choices: Vec::new(), runs: 0, made: 0 }
    }

    /// Walks until one comes to the goal or so many steps were made. Gives the way there.
    pub fn work(&mut self, budget: &mut u64, goal: &Goal) -> Option<Vec<Choice>> {
        while *budget > 0 {
            let mut walk = match self.walk.take() {
                Some(walk) => walk,
                None => self.begin(),
            };
            while *budget > 0 && walk.path.len() < walk.steps {
                *budget -= 1;
                if !self.step(&mut walk, goal) {
                    walk.steps = 0;
                } else if goal.is_met(&walk.run) {
                    return Some(walk.path);
                }
            }
            if walk.path.len() < walk.steps {
                self.walk = Some(walk);
            }
        }
        None
    }

    fn begin(&mut self) -> Walk {
        self.runs += 1;
        let Walks { chance, allowed, most, .. } = self;
        let mut weight = |may: bool, most: u64| {
            let left_out = !may || chance.one_in(3);
            if left_out { 0 } else { chance.between(1, most) }
        };
        let weights = Weights {
            copy: weight(allowed.copy, 3),
            crash: weight(allowed.crash, 4),
            restart: 8,
            request: weight(allowed.request, 8).max(u64::from(allowed.request)),
            fire: weight(allowed.timeout, 10).max(u64::from(allowed.timeout)),
            deliver: 0,
        };
        let weights = Weights { deliver: chance.between(8, 40), ..weights };
        let drawn = |chance: &mut Chance, usual: &[u64], most: u32| (*chance.pick(usual) as u32).min(most);
        let within = Within {
            epochs: drawn(chance, &[2, 2, 3, 3, 4, 6], most.epochs).saturating_add(self.start.world.epoch()),
            requests: drawn(chance, &[1, 1, 2, 2, 3, 4], most.requests),
            falls: drawn(chance, &[0, 1, 1, 2, 3], most.falls),
        };
        let order = *chance.pick(&[Order::Any, Order::Any, Order::Newest, Order::Oldest]);
        let steps = *chance.pick(&LENGTHS);
        Walk { run: self.start.clone(), path: Vec::new(), steps, within, weights, side: None, order }
    }

    /// Makes one step. False where there is none, or it leaves what the walk keeps within.
    fn step(&mut self, walk: &mut Walk, goal: &Goal) -> bool {
        let allowed = walk.within.allows(&walk.run.world, self.allowed);
        self.choices.clear();
        walk.run.world.choices(&allowed, &mut self.choices);
        self.part(walk);
        let Some(choice) = self.pick(walk) else { return false };
        self.made += 1;
        let done = walk.run.take(choice, goal);
        walk.path.push(choice);
        done && walk.within.holds(&walk.run.world)
    }

    /// Now and then the network parts or is whole again, for this walk.
    fn part(&mut self, walk: &mut Walk) {
        if !self.partition {
            return;
        }
        if self.chance.one_in(10) {
            walk.side = if self.chance.one_in(3) { None } else { Some(self.chance.draw()) };
        }
        let Some(side) = walk.side else { return };
        let of = |end: End| end.node().map(|node| side >> (node.0 % 64) & 1);
        let together = |world: &Untimed, id: u64| {
            world.likeness(id).is_none_or(|like| of(like.from).zip(of(like.to)).is_none_or(|(from, to)| from == to))
        };
        let world = &walk.run.world;
        self.choices.retain(|choice| match choice {
            Choice::Deliver(id) | Choice::Copy(id) => together(world, *id),
            _ => true,
        });
    }

    fn pick(&mut self, walk: &Walk) -> Option<Choice> {
        let weights = walk.weights;
        let weight = |choice: &Choice| match choice {
            Choice::Deliver(_) => weights.deliver,
            Choice::Copy(_) => weights.copy,
            Choice::Fire(..) => weights.fire,
            Choice::Request(..) => weights.request,
            Choice::Crash(_) => weights.crash,
            Choice::Restart(_) => weights.restart,
            Choice::Bounce(_) => weights.crash,
        };
        let kinds = [0, 1, 2, 3, 4, 5, 6];
        let kind = |choice: &Choice| match choice {
            Choice::Deliver(_) => 0,
            Choice::Copy(_) => 1,
            Choice::Fire(..) => 2,
            Choice::Request(..) => 3,
            Choice::Crash(_) => 4,
            Choice::Restart(_) => 5,
            Choice::Bounce(_) => 6,
        };
        // One of its kind is as likely as many, so that many messages do not drown the rest.
        let mut counts = [0u64; 7];
        let mut of_kind = [0u64; 7];
        for choice in &self.choices {
            counts[kind(choice)] += 1;
            of_kind[kind(choice)] = weight(choice);
        }
        let total: u64 = kinds.iter().filter(|kind| counts[**kind] > 0).map(|kind| of_kind[*kind]).sum();
        if total == 0 {
            return None;
        }
        let mut at = self.chance.between(1, total);
        let picked = kinds.into_iter().filter(|kind| counts[*kind] > 0).find(|kind| {
            let here = at <= of_kind[*kind];
            at = at.saturating_sub(of_kind[*kind]);
            here
        })?;
        let mut place = self.chance.between(1, counts[picked]);
        let toward = if picked == 0 && self.chance.one_in(2) { walk.order } else { Order::Any };
        let among = self.choices.iter().filter(|choice| kind(choice) == picked);
        let number = |choice: &&Choice| match choice {
            Choice::Deliver(id) => *id,
            _ => 0,
        };
        match toward {
            Order::Newest => among.max_by_key(number).copied(),
            Order::Oldest => among.min_by_key(number).copied(),
            Order::Any => among
                .into_iter()
                .find(|_| {
                    place -= 1;
                    place == 0
                })
                .copied(),
        }
    }
}
