//! The four guarantees of a session (Terry et al. 1994), as far as a history can tell.
//!
//! Behind the answers stand servers. Each holds some of the writes, and all have them in one order, the
//! write order. A read is told the last write, in that order, to its key among those that its server holds.
//! A level holds if there is one write order, and for each read that the guarantee speaks of a set of writes, that
//! explain the answers. An operation that reads and writes does both at one server, and comes after what
//! that server held. What an `add` or a `cas` without an answer left is not known here: it explains any value.
//!
//! What a read was told is its source, a write or the beginning. From the sources all else follows as pairs of
//! the write order: so sources are chosen, and the pairs must make no circle.

use alloc::vec;
use alloc::vec::Vec;

use crate::history::{History, State};
use crate::serial::{Budget, Found, pay};
use crate::set::{Order, Set, listed, sort_by};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guarantee {
    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,
}

impl Guarantee {
    /// Whether it speaks of two operations of a session, one before the other.
    fn speaks(self, history: &History, first: usize, then: usize) -> bool {
        let (a, b) = (history.ops[first], history.ops[then]);
        let (reads, writes) = ((a.sees.is_some(), b.sees.is_some()), (a.leaves.is_some(), b.leaves.is_some()));
        history.session.has(first, then)
            && match self {
                Guarantee::ReadYourWrites => writes.0 && reads.1 && a.key == b.key,
                Guarantee::MonotonicReads => reads.0 && reads.1 && a.key == b.key,
                Guarantee::MonotonicWrites => writes.0 && writes.1,
                Guarantee::WritesFollowReads => reads.0 && writes.1,
            }
    }
    /// The reads that it speaks of.
    fn reads(self, history: &History, pairs: &[(usize, usize)]) -> Vec<usize> {
        let of = |r: &usize| {
            pairs.iter().any(|(first, then)| match self {
                Guarantee::ReadYourWrites | Guarantee::MonotonicWrites => then == r,
                Guarantee::MonotonicReads | Guarantee::WritesFollowReads => first == r || then == r,
            })
        };
        let mut reads = listed(history.reads().filter(of));
        // Of a session, what was read first has its source first.
        sort_by(&mut reads, &|r| history.rank[r] as u64);
        reads
    }
}

/// Whether no session has two operations that the guarantee speaks of.
pub(crate) fn vacuous(history: &History, guarantee: Guarantee) -> bool {
    pairs(history, guarantee).is_empty()
}

fn pairs(history: &History, guarantee: Guarantee) -> Vec<(usize, usize)> {
    let all = |first: usize| history.live.iter().map(move |then| (first, then));
    let pairs = history.live.iter().flat_map(all);
    pairs.filter(|(first, then)| guarantee.speaks(history, *first, *then)).collect()
}

/// The write order with the reads that were asked about, each behind its source.
pub(crate) fn guaranteed(history: &History, guarantee: Guarantee, budget: &mut Budget) -> Found<Vec<usize>> {
    let pairs = pairs(history, guarantee);
    let reads = guarantee.reads(history, &pairs);
    let mut order = Order(vec![Set::default(); history.ops.len()]);
    if guarantee == Guarantee::MonotonicWrites {
        pairs.iter().for_each(|(first, then)| _ = order.force(*first, *then));
    }
    let updates = reads.iter().any(|r| history.ops[*r].leaves.is_some());
    let sources = vec![None; history.ops.len()];
    let mut choice = Choice { history, guarantee, pairs, reads, updates, sources, budget };
    for part in choice.parts() {
        match choice.go(part, &order) {
            None => return Found::Spent,
            Some(None) => return Found::No,
            Some(Some(more)) => order = more,
        }
    }
    Found::Yes(choice.told(&order))
}

struct Choice<'a> {
    history: &'a History,
    guarantee: Guarantee,
    pairs: Vec<(usize, usize)>,
    reads: Vec<usize>,
    /// Whether some of them write too.
    updates: bool,
    /// Of each read so far, the write that it was told; none for the beginning.
    sources: Vec<Option<usize>>,
    budget: &'a mut Budget,
}

impl Choice<'_> {
    /// The reads, in parts that have nothing to do with each other: where a guarantee speaks of one key at a
    /// time, each key by itself.
    fn parts(&self) -> Vec<Vec<usize>> {
        if matches!(self.guarantee, Guarantee::MonotonicWrites | Guarantee::WritesFollowReads) {
            return vec![self.reads.clone()];
        }
        let of = |key: usize| listed(self.reads.iter().copied().filter(move |r| self.history.ops[*r].key == key));
        (0..self.history.keys).map(of).collect()
    }

    /// Gives each of these reads a source; the write order that follows, or nothing in it if there is none.
    fn go(&mut self, reads: Vec<usize>, order: &Order) -> Option<Option<Order>> {
        let Some((at, sources)) = self.next(&reads, order)? else { return Some(Some(order.clone())) };
        let mut rest = reads;
        let read = rest.remove(at);
        for (source, mut more) in sources {
            self.sources[read] = source;
            pay(self.budget, self.pairs.len())?;
            if self.servers_agree(&rest, &mut more)
                && let Some(order) = self.go(rest.clone(), &more)?
            {
                return Some(Some(order));
            }
        }
        Some(None)
    }

    /// The read that is given its source next, and each source with what follows from it: the one that has
    /// the fewest, where they do not look at each other's.
    #[allow(clippy::type_complexity)]
    fn next(&mut self, reads: &[usize], order: &Order) -> Option<Option<(usize, Vec<(Option<usize>, Order)>)>> {
        let in_turn = self.guarantee == Guarantee::MonotonicReads;
        let mut best: Option<(usize, Vec<(Option<usize>, Order)>)> = None;
        for (at, read) in reads.iter().enumerate() {
            let sources = self.possible(*read, order)?;
            if in_turn || sources.len() < 2 {
                return Some(Some((at, sources)));
            }
            if best.as_ref().is_none_or(|(_, fewest)| sources.len() < fewest.len()) {
                best = Some((at, sources));
            }
        }
        Some(best)
    }

    fn possible(&mut self, read: usize, order: &Order) -> Option<Vec<(Option<usize>, Order)>> {
        let history = self.history;
        let shows = |w: &usize| history.may_show(*w, read) && !history.session.has(read, *w);
        let mut sources: Vec<Option<usize>> = history.writes().filter(shows).map(Some).collect();
        if history.ops[read].sees.is_some_and(|sees| sees.admits(State::Null)) {
            sources.insert(0, None);
        }
        let mut possible = Vec::new();
        for source in sources {
            pay(self.budget, self.pairs.len() + 1)?;
            let mut more = order.clone();
            self.sources[read] = source;
            if !self.follows(read, &mut more) {
                continue;
            }
            // What adds nothing is as good as any: servers that also write may ask for more.
            if more == *order && !self.updates && self.guarantee == Guarantee::WritesFollowReads {
                return Some(vec![(source, more)]);
            }
            possible.push((source, more));
        }
        Some(possible)
    }

    /// Puts into the write order what follows from the source of a read. False if that cannot be.
    fn follows(&self, read: usize, order: &mut Order) -> bool {
        let (ops, source) = (&self.history.ops, self.sources[read]);
        let after_its_source = ops[read].leaves.is_none() || source.is_none_or(|w| order.force(w, read));
        after_its_source
            && self.pairs.iter().all(|&(first, then)| match self.guarantee {
                Guarantee::ReadYourWrites => then != read || not_after(first, source, order),
                Guarantee::MonotonicReads => {
                    then != read || self.sources[first].is_none_or(|w| not_after(w, source, order))
                }
                Guarantee::MonotonicWrites => {
                    then != read || ops[first].key != ops[read].key || not_after(first, source, order)
                }
                Guarantee::WritesFollowReads => {
                    first != read || source.is_none_or(|w| w != then && order.force(w, then))
                }
            })
    }

    /// A server that holds a write holds what its client had read before, and what that had followed: an
    /// operation that reads there and writes there was told the last of it. `open` have no source yet.
    fn servers_agree(&self, open: &[usize], order: &mut Order) -> bool {
        if self.guarantee != Guarantee::WritesFollowReads || !self.updates {
            return true;
        }
        let ops = &self.history.ops;
        let mut followed = vec![Set::default(); ops.len()];
        for (first, then) in self.pairs.iter().filter(|(first, _)| !open.contains(first)) {
            self.sources[*first].into_iter().for_each(|w| followed[*then].add(w));
        }
        // No circle: each pair is in the write order.
        let Some(followed) = Order::closed(followed) else { return false };
        let mut updates = self.reads.iter().filter(|u| ops[**u].leaves.is_some() && !open.contains(u));
        updates.all(|u| {
            let held = followed.0[*u];
            held.iter().filter(|w| ops[*w].key == ops[*u].key).all(|w| not_after(w, self.sources[*u], order))
        })
    }

    fn told(&self, order: &Order) -> Vec<usize> {
        let history = self.history;
        let seen: Set = self.reads.iter().filter_map(|r| self.sources[*r]).collect();
        let writes = history.writes().filter(|w| history.must.has(*w) || seen.has(*w)).collect();
        let pure = |source: Option<usize>| {
            let of = move |r: &usize| history.ops[*r].leaves.is_none() && self.sources[*r] == source;
            self.reads.iter().copied().filter(of)
        };
        let mut told = listed(pure(None));
        for write in order.line_up(writes, &history.rank) {
            told.push(write);
            told.extend(pure(Some(write)));
        }
        told
    }
}

/// A server that held this write told of `source`: they are the same, or it comes first.
fn not_after(write: usize, source: Option<usize>, order: &mut Order) -> bool {
    source.is_some_and(|source| write == source || order.force(write, source))
}
