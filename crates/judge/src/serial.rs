//! Is there one legal order? First what follows of itself, then a search that remembers where it was.
//!
//! The search is that of Wing and Gong (1993) with Lowe's memory of configurations (2017).

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use crate::history::{History, State};
use crate::set::{Order, Set, listed, sort_by};

/// What a search found. `Spent`: the budget ended first.
#[derive(Clone, Debug)]
pub(crate) enum Found<T> {
    Yes(T),
    No,
    Spent,
}

/// Steps that may still be made: one is one operation looked at.
pub(crate) type Budget = u64;

pub(crate) fn pay(budget: &mut Budget, steps: usize) -> Option<()> {
    *budget = budget.checked_sub(steps as u64)?;
    Some(())
}

/// An order is wanted of all of `must`, with what it needs of `live`, in which each of `checked` is told
/// what it was told.
pub(crate) struct Task<'a> {
    pub history: &'a History,
    pub live: Set,
    pub must: Set,
    pub checked: Set,
    pub before: Order,
}

pub(crate) fn serialise(mut task: Task, budget: &mut Budget) -> Found<Vec<usize>> {
    for set in &mut task.before.0 {
        *set = set.and(&task.live);
    }
    match conclude(&mut task, budget) {
        None => return Found::Spent,
        Some(false) => return Found::No,
        Some(true) => {}
    }
    let history = task.history;
    let mut observers = vec![Set::default(); history.keys];
    for i in task.checked.iter().filter(|i| history.ops[*i].sees.is_some()) {
        observers[history.ops[i].key].add(i);
    }
    let mut line = listed(task.live.iter());
    sort_by(&mut line, &|i| history.rank[i] as u64);
    let mut search = Search { task, observers, line, seen: BTreeSet::new(), order: Vec::new(), budget };
    match search.go(&Set::default(), &vec![State::Null; history.keys]) {
        None => Found::Spent,
        Some(false) => Found::No,
        Some(true) => Found::Yes(search.order),
    }
}

/// Who is before whom in every order, because a read has one source only: that comes first, and no other
/// write between the two (as in Gibbons and Korach 1997). False if there can be no order.
fn conclude(task: &mut Task, budget: &mut Budget) -> Option<bool> {
    let history = task.history;
    let mut size = usize::MAX;
    loop {
        for r in task.checked.iter() {
            let Some(sees) = history.ops[r].sees else { continue };
            let other = |w: &usize| task.live.has(*w) && *w != r && history.ops[*w].key == history.ops[r].key;
            let others = listed(history.writes().filter(other));
            pay(budget, others.len() + 1)?;
            let order = &mut task.before;
            let hidden = |w: usize| others.iter().any(|v| order.has(w, *v) && order.has(*v, r));
            let shows = |w: &usize| history.may_be_source(*w, r) && !order.has(r, *w) && !hidden(*w);
            let sources = listed(others.iter().copied().filter(shows));
            let first = sees.admits(State::Null) && !others.iter().any(|w| order.has(*w, r));
            let source = match (first, sources.as_slice()) {
                (false, []) => return Some(false),
                (true, []) => None,
                (false, [one]) => Some(*one),
                _ => continue,
            };
            if source.is_some_and(|w| !order.force(w, r)) {
                return Some(false);
            }
            for v in others.into_iter().filter(|v| Some(*v) != source && !history.may_show(*v, r)) {
                let after = source.is_none_or(|w| order.has(w, v));
                let earlier = source.filter(|_| order.has(v, r));
                if after && !order.force(r, v) || earlier.is_some_and(|w| !order.force(v, w)) {
                    return Some(false);
                }
            }
        }
        let now = task.before.0.iter().map(Set::len).sum();
        if size == now {
            return Some(true);
        }
        size = now;
    }
}

struct Search<'a, 'b> {
    task: Task<'a>,
    /// By key, the operations that look at it.
    observers: Vec<Set>,
    /// What is live, in the order of calls.
    line: Vec<usize>,
    seen: BTreeSet<(Set, Vec<State>)>,
    order: Vec<usize>,
    budget: &'b mut Budget,
}

impl Search<'_, '_> {
    /// Goes on from here; true with the whole order made, nothing if the budget is spent.
    fn go(&mut self, placed: &Set, states: &[State]) -> Option<bool> {
        let (mut placed, mut states, length) = (*placed, states.to_vec(), self.order.len());
        self.hurry(&mut placed, &mut states)?;
        if self.task.must.within(&placed) {
            return Some(true);
        }
        let memory = states.iter().zip(&self.observers);
        let memory = memory.map(|(state, who)| if who.within(&placed) { State::Null } else { *state }).collect();
        if self.seen.insert((placed, memory)) && self.hopeful(&placed, &states)? {
            for at in 0..self.line.len() {
                let i = self.line[at];
                pay(self.budget, 1)?;
                let op = self.task.history.ops[i];
                let wanted = op.leaves.is_some() && !self.observers[op.key].within(&placed);
                if !wanted || !self.can(i, &placed, &states) {
                    continue;
                }
                let (mut then, mut left) = (placed, states.clone());
                self.place(i, &mut then, &mut left);
                if self.go(&then, &left)? {
                    return Some(true);
                }
                self.order.pop();
            }
        }
        self.order.truncate(length);
        Some(false)
    }

    /// Places what is best placed at once: a read that is right now, and a write that nobody will look at.
    fn hurry(&mut self, placed: &mut Set, states: &mut [State]) -> Option<()> {
        let mut moved = true;
        while moved {
            moved = false;
            for at in 0..self.line.len() {
                let i = self.line[at];
                if placed.has(i) {
                    continue;
                }
                pay(self.budget, 1)?;
                let op = self.task.history.ops[i];
                let mut others = self.observers[op.key].minus(placed);
                others.remove(i);
                if (op.leaves.is_none() || others.is_empty()) && self.can(i, placed, states) {
                    self.place(i, placed, states);
                    moved = true;
                }
            }
        }
        Some(())
    }

    fn can(&self, i: usize, placed: &Set, states: &[State]) -> bool {
        let op = self.task.history.ops[i];
        let right = |sees: crate::history::Sees| sees.admits(states[op.key]);
        !placed.has(i)
            && self.task.before.0[i].within(placed)
            && (!self.task.checked.has(i) || op.sees.is_none_or(right))
    }

    fn place(&mut self, i: usize, placed: &mut Set, states: &mut [State]) {
        let op = self.task.history.ops[i];
        placed.add(i);
        self.order.push(i);
        if let Some(leaves) = op.leaves {
            states[op.key] = leaves.of(states[op.key]);
        }
    }

    /// Whether each read to come is right now, or has a write to come that it may see.
    fn hopeful(&mut self, placed: &Set, states: &[State]) -> Option<bool> {
        let history = self.task.history;
        for r in self.task.checked.minus(placed).iter() {
            let Some(sees) = history.ops[r].sees else { continue };
            pay(self.budget, 1)?;
            let comes = |w: usize| history.may_be_source(w, r) && !self.task.before.has(r, w);
            if !sees.admits(states[history.ops[r].key]) && !self.task.live.minus(placed).iter().any(comes) {
                return Some(false);
            }
        }
        Some(true)
    }
}
