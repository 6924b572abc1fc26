//! Which operations show that a level does not hold: as few as possible, none of which can be spared.

use alloc::vec::Vec;

use crate::history::History;
use crate::serial::Budget;
use crate::set::{Set, listed, sort_by};

/// Takes from `start`, which shows it, whatever can be spared: reads first, since a write that nobody is certain of
/// is rarely needed. What is spared may have been anything, so fewer operations say less, and one that was
/// needed stays needed.
pub(crate) fn fewest(
    history: &History,
    start: Set,
    budget: &mut Budget,
    fails: &dyn Fn(&History, &mut Budget) -> bool,
) -> Vec<usize> {
    let mut best: Option<Set> = None;
    for newest_first in [false, true] {
        let mut line = listed(start.iter());
        sort_by(&mut line, &|i| history.rank[i] as u64);
        if newest_first {
            line.reverse();
        }
        sort_by(&mut line, &|i| u64::from(history.ops[i].leaves.is_some()));
        let kept = without(history, start, &line, budget, fails);
        if best.is_none_or(|best| kept.len() < best.len()) {
            best = Some(kept);
        }
    }
    listed(best.unwrap_or(start).iter())
}

/// Tries to spare many at once, then ever fewer, then each alone.
fn without(
    history: &History,
    start: Set,
    line: &[usize],
    budget: &mut Budget,
    fails: &dyn Fn(&History, &mut Budget) -> bool,
) -> Set {
    let (mut kept, mut size) = (start, line.len().div_ceil(2).max(1));
    loop {
        for some in line.chunks(size) {
            let fewer = kept.minus(&some.iter().copied().collect());
            if fewer != kept && fails(&history.only(&fewer), budget) {
                kept = fewer;
            }
        }
        if size == 1 {
            return kept;
        }
        size = size.div_ceil(2);
    }
}
