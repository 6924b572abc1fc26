//! Levels with an order for each client: its own operations, and what all clients wrote.
//!
//! Of an operation of another client only what it wrote is in the order: for put and get those are the definitions,
//! and an operation that reads and writes is its read to its own client and its write to all. (Perrin, Mostefaoui and
//! Jard 2016 hide the answers of others too, and let what they did run again.)

use alloc::vec::Vec;

use crate::history::{History, State};
use crate::serial::{Budget, Found, Task, pay, serialise};
use crate::set::{Order, Set, listed};

/// Of each client, by its number, an order.
pub(crate) type Views = Vec<(usize, Vec<usize>)>;

/// Each client's order keeps the order of every client (Lipton and Sandberg 1988).
pub(crate) fn pram(history: &History, budget: &mut Budget) -> Found<Views> {
    views(history, &history.session, budget)
}

/// Each client's order keeps the causal order: what clients did in turn, and each read after the write
/// that it read from (Ahamad et al. 1995). Where a value was written more than once, any of the writes may be the
/// one that was read, if one choice for all makes it right.
pub(crate) fn causal(history: &History, budget: &mut Budget) -> Found<Views> {
    choose(history, &history.session, budget)
}

fn views(history: &History, order: &Order, budget: &mut Budget) -> Found<Views> {
    let mut views = Vec::new();
    let writes: Set = history.writes().collect();
    for client in 0..history.clients.len() {
        let own: Set = history.must.iter().filter(|i| history.ops[*i].client == client).collect();
        if own.is_empty() {
            continue;
        }
        let task = Task { history, live: own.or(&writes), must: own, checked: own, before: order.clone() };
        match serialise(task, budget) {
            Found::Yes(mut line) => {
                // The rest of what was written comes when this client looks no more.
                let rest = history.must.and(&writes).minus(&line.iter().copied().collect());
                line.extend(order.line_up(rest, &history.rank));
                views.push((client, line));
            }
            Found::No => return Found::No,
            Found::Spent => return Found::Spent,
        }
    }
    Found::Yes(views)
}

/// Gives the next read that has none yet a write to have read from, and tries them all.
fn choose(history: &History, order: &Order, budget: &mut Budget) -> Found<Views> {
    // What is not right with fewer certain causes is not right with more.
    let found = views(history, order, budget);
    if !matches!(found, Found::Yes(_)) {
        return found;
    }
    let Some((read, writes)) = history.reads().find_map(|read| Some((read, sources(history, order, read)?))) else {
        return found;
    };
    for write in writes {
        if pay(budget, 1).is_none() {
            return Found::Spent;
        }
        let mut more = order.clone();
        if more.force(write, read) {
            match choose(history, &more, budget) {
                Found::No => {}
                found => return found,
            }
        }
    }
    Found::No
}

/// The writes that a read may have read from, if that adds a cause: one that is known already, or the
/// beginning, adds none and is as good as any. Of two of which one causes the other, the first adds less.
fn sources(history: &History, order: &Order, read: usize) -> Option<Vec<usize>> {
    let sees = history.ops[read].sees?;
    let shows = listed(history.writes().filter(|w| history.may_show(*w, read) && !order.has(read, *w)));
    if sees.admits(State::Null) || shows.iter().any(|w| order.has(*w, read)) {
        return None;
    }
    let first = |w: &usize| !shows.iter().any(|v| order.has(*v, *w));
    Some(listed(shows.iter().copied().filter(first)))
}
