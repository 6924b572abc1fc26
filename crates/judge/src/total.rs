//! Levels with one order for all: linearizable and sequential.

use alloc::vec;
use alloc::vec::Vec;

use crate::history::{History, State};
use crate::serial::{Budget, Found, Task, serialise};
use crate::set::{Order, Set, listed};

/// One legal order in which each operation takes effect between its call and its answer (Herlihy and Wing
/// 1990). It is local (their theorem 1), so each key is asked alone, and the orders are put together.
pub(crate) fn linearizable(history: &History, budget: &mut Budget) -> Found<Vec<usize>> {
    let mut order = history.time.clone();
    let (mut placed, mut spent) = (Set::default(), false);
    for key in 0..history.keys {
        let here: Set = history.live.iter().filter(|i| history.ops[*i].key == key).collect();
        match one_order(history, here, history.time.clone(), budget) {
            Found::No => return Found::No,
            Found::Spent => spent = true,
            Found::Yes(line) => {
                for pair in line.windows(2) {
                    spent |= !order.force(pair[0], pair[1]);
                }
                placed = placed.or(&line.into_iter().collect());
            }
        }
    }
    if spent { Found::Spent } else { Found::Yes(order.line_up(placed, &history.rank)) }
}

/// One legal order of everything, in which each client's own order is kept (Lamport 1979). It is not local:
/// all keys are asked at once.
pub(crate) fn sequential(history: &History, budget: &mut Budget) -> Found<Vec<usize>> {
    one_order(history, history.live, history.session.clone(), budget)
}

fn one_order(history: &History, live: Set, before: Order, budget: &mut Budget) -> Found<Vec<usize>> {
    let must = history.must.and(&live);
    let found = serialise(Task { history, live, must, checked: must, before }, budget);
    let Found::Yes(mut line) = found else { return found };
    // What was never answered is in the order only where somebody saw it.
    for i in live.minus(&must).iter() {
        let without = listed(line.iter().copied().filter(|one| *one != i));
        if legal(history, &without) {
            line = without;
        }
    }
    Found::Yes(line)
}

/// Whether each operation was told what one copy would tell it.
pub(crate) fn legal(history: &History, line: &[usize]) -> bool {
    let mut states = vec![State::Null; history.keys];
    line.iter().all(|i| {
        let op = history.ops[*i];
        let state = &mut states[op.key];
        let right = !history.must.has(*i) || op.sees.is_none_or(|sees| sees.admits(*state));
        *state = op.leaves.map_or(*state, |leaves| leaves.of(*state));
        right
    })
}
