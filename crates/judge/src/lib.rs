//! What do the answers that clients were given promise? [`judge`] takes any history of operations and says
//! of eight levels of consistency whether it holds, with an order that shows it, or with the few operations that
//! show that it cannot.
//!
//! # Levels
//!
//! | level | holds if | after |
//! |---|---|---|
//! | linearizable | one legal order of everything keeps real time | Herlihy and Wing 1990 |
//! | sequential | one legal order of everything keeps each client's order | Lamport 1979 |
//! | causal | each client has a legal order of its operations and all writes, that keeps causes | Ahamad et al. 1995 |
//! | pram | the same, that keeps each client's order | Lipton and Sandberg 1988 |
//! | read-your-writes, monotonic-reads, monotonic-writes, writes-follow-reads | one order of all writes, and servers that hold some of them, explain what the guarantee speaks of | Terry et al. 1994 |
//!
//! What is linearizable is sequential, what is sequential is causal and has all four guarantees, and what is causal
//! is PRAM. That is all: Terry's servers agree on one order of writes, and causal memory does not ask for one,
//! so two clients that see two writes in two orders for ever are causal and have no monotonic reads. Where
//! each key has one writer that only puts, the two agree, and what is PRAM has the first three guarantees; and
//! where all write by putting, what is causal has the last two.
//!
//! # Operations
//!
//! A key that was never written, or was deleted, holds nothing ([`Scalar::Null`]). `add` counts from 0. What has no
//! answer may have happened at any time after its call, or never, and its client's later operations do not
//! wait for it. At one instant calls come before answers, so that operations which touch overlap; only a
//! client's own call at the instant of its last answer comes after it.
//!
//! # Exact, or unknown
//!
//! A search is cut off after [`BUDGET`] steps, never after a time. Then [`Verdict::holds`] is `None`.

#![no_std]

extern crate alloc;
#[cfg(feature = "read")]
extern crate std;

mod history;
#[cfg(feature = "read")]
pub mod read;
mod serial;
mod sessions;
mod set;
mod total;
mod views;
mod witness;

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use history::History;
use serial::{Budget, Found};
use sessions::Guarantee;
use set::{Set, listed};
use views::Views;

pub use set::MOST;

/// Steps of one level's search, and again of looking for its witnesses. A step looks at one operation.
pub const BUDGET: u64 = 2_000_000;

/// What a key can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    Null,
    Flag(bool),
    Number(i64),
    Text(String),
}

/// What was done, and what was answered. The answer is not looked at where there was none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    Put(Scalar),
    /// With what was read.
    Get(Scalar),
    /// With the sum that was answered.
    Add {
        by: i64,
        sum: i64,
    },
    Cas {
        from: Scalar,
        to: Scalar,
        swapped: bool,
    },
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has taken place by then.
    Answered(u64),
    /// Nobody knows: it may have happened or not, or may still happen.
    Open,
    /// It surely has not happened, and never will.
    Failed,
}

/// One operation of a client. Of a client's operations none is called before the last was answered, unless
/// that is open or has failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub client: String,
    pub key: String,
    pub action: Action,
    pub call: u64,
    pub fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Linearizable,
    Sequential,
    Causal,
    Pram,
    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,
}

impl Level {
    pub const ALL: [Level; 8] = [
        Level::Linearizable,
        Level::Sequential,
        Level::Causal,
        Level::Pram,
        Level::ReadYourWrites,
        Level::MonotonicReads,
        Level::MonotonicWrites,
        Level::WritesFollowReads,
    ];
    pub fn id(self) -> &'static str {
        match self {
            Level::Linearizable => "linearizable",
            Level::Sequential => "sequential",
            Level::Causal => "causal",
            Level::Pram => "pram",
            Level::ReadYourWrites => "read-your-writes",
            Level::MonotonicReads => "monotonic-reads",
            Level::MonotonicWrites => "monotonic-writes",
            Level::WritesFollowReads => "writes-follow-reads",
        }
    }
    /// Whether whatever has this level has the other too.
    pub fn implies(self, other: Level) -> bool {
        match self {
            Level::Linearizable | Level::Sequential => self == other || self.place() < other.place(),
            Level::Causal => matches!(other, Level::Causal | Level::Pram),
            _ => self == other,
        }
    }
    fn place(self) -> usize {
        Level::ALL.iter().position(|one| *one == self).unwrap_or_default()
    }
    fn guarantee(self) -> Option<Guarantee> {
        match self {
            Level::ReadYourWrites => Some(Guarantee::ReadYourWrites),
            Level::MonotonicReads => Some(Guarantee::MonotonicReads),
            Level::MonotonicWrites => Some(Guarantee::MonotonicWrites),
            Level::WritesFollowReads => Some(Guarantee::WritesFollowReads),
            _ => None,
        }
    }
}

/// What is to be said of one level. Operations are meant by their place in the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Nothing if the budget was spent before it was known.
    pub holds: Option<bool>,
    /// It holds since there is nothing to test: nothing was read, or no session has what the guarantee
    /// speaks of.
    pub vacuous: bool,
    /// If it holds: one order that shows it for all clients, where there is one. For a guarantee that is the
    /// order of writes, with each read behind the write that it was told.
    pub order: Option<Vec<usize>>,
    /// If it holds and is causal or PRAM: an order for each client that was answered.
    pub views: Vec<(String, Vec<usize>)>,
    /// If it does not hold: operations that show it, none of which can be spared.
    pub witnesses: Vec<usize>,
}

/// Judges a history of at most [`MOST`] operations, in the order of [`Level::ALL`].
pub fn judge(operations: &[Operation]) -> Vec<(Level, Verdict)> {
    judge_within(operations, BUDGET)
}

/// As [`judge`], with a budget of one's own. Of more than [`MOST`] operations nothing is known.
pub fn judge_within(operations: &[Operation], budget: u64) -> Vec<(Level, Verdict)> {
    if operations.len() > MOST {
        return Level::ALL.map(|level| (level, Verdict::default())).into();
    }
    let bench = Bench { history: History::new(operations), budget };
    Level::ALL.into_iter().zip(bench.sentences()).collect()
}

/// How a level was found to hold.
#[derive(Clone, Debug)]
enum Shown {
    Order(Vec<usize>),
    Views(Views),
}

/// Asks a level on its own.
fn ask(level: Level, history: &History, budget: &mut Budget) -> Found<Shown> {
    let one = |found: Found<Vec<usize>>| match found {
        Found::Yes(order) => Found::Yes(Shown::Order(order)),
        Found::No => Found::No,
        Found::Spent => Found::Spent,
    };
    let each = |found: Found<Views>| match found {
        Found::Yes(views) => Found::Yes(Shown::Views(views)),
        Found::No => Found::No,
        Found::Spent => Found::Spent,
    };
    match (level, level.guarantee()) {
        (_, Some(guarantee)) => one(sessions::guaranteed(history, guarantee, budget)),
        (Level::Linearizable, _) => one(total::linearizable(history, budget)),
        (Level::Sequential, _) => one(total::sequential(history, budget)),
        (Level::Causal, _) => each(views::causal(history, budget)),
        _ => each(views::pram(history, budget)),
    }
}

struct Bench {
    history: History,
    budget: u64,
}

impl Bench {
    fn sentences(&self) -> Vec<Verdict> {
        let mut found = self.find();
        // From the weakest to the strongest: what shows that a weaker level fails shows it of a stronger one.
        let mut shown: Vec<(Level, Set)> = Vec::new();
        let mut verdicts = Vec::new();
        for level in Level::ALL.into_iter().rev() {
            let verdict = match found.pop() {
                Some(Found::Yes(shown)) => self.holds(level, shown),
                Some(Found::No) => self.fails(level, &mut shown),
                _ => Verdict::default(),
            };
            verdicts.push(verdict);
        }
        verdicts.reverse();
        verdicts
    }

    /// Every level, each asked only where its answer does not follow from another's.
    fn find(&self) -> Vec<Found<Shown>> {
        let ask = |level: Level| ask(level, &self.history, &mut self.budget.clone());
        let [lin, seq, causal, pram, sessions @ ..] = Level::ALL;
        let mut found = vec![ask(lin), Found::Spent, Found::Spent, Found::Spent];
        found.extend(sessions.map(ask));
        if let Found::Yes(Shown::Order(order)) = &found[0] {
            let order = order.clone();
            self.follow(&mut found, order);
            return found;
        }
        found[3] = ask(pram);
        found[2] = if matches!(found[3], Found::No) { Found::No } else { ask(causal) };
        let weaker = found[2..].iter().any(|one| matches!(one, Found::No));
        found[1] = if weaker { Found::No } else { ask(seq) };
        match &found[1] {
            Found::No => found[0] = Found::No,
            Found::Yes(Shown::Order(order)) => {
                let order = order.clone();
                self.follow(&mut found, order);
            }
            _ => {}
        }
        found
    }

    /// One order for all shows every level below it; of real time it knows nothing.
    fn follow(&self, found: &mut [Found<Shown>], order: Vec<usize>) {
        for one in &mut found[1..] {
            *one = Found::Yes(Shown::Order(order.clone()));
        }
    }

    fn vacuous(&self, level: Level) -> bool {
        let nothing_read = || self.history.reads().next().is_none();
        level.guarantee().map_or_else(nothing_read, |guarantee| sessions::vacuous(&self.history, guarantee))
    }

    fn holds(&self, level: Level, shown: Shown) -> Verdict {
        let (order, views) = match shown {
            Shown::Views(views) => (None, views),
            Shown::Order(order) if matches!(level, Level::Causal | Level::Pram) => {
                let views = self.views(&order);
                (Some(order), views)
            }
            Shown::Order(order) => (Some(order), Vec::new()),
        };
        let views = views.into_iter().map(|(client, view)| (self.history.clients[client].clone(), view)).collect();
        Verdict { holds: Some(true), vacuous: self.vacuous(level), order, views, witnesses: Vec::new() }
    }

    /// What each client has of one order: its own, and what was written.
    fn views(&self, order: &[usize]) -> Views {
        let ops = &self.history.ops;
        let own = |client: usize| self.history.must.iter().any(|i| ops[i].client == client);
        let has = |client: usize| move |i: &usize| ops[*i].client == client || ops[*i].leaves.is_some();
        let clients = (0..self.history.clients.len()).filter(|client| own(*client));
        clients.map(|client| (client, listed(order.iter().copied().filter(has(client))))).collect()
    }

    fn fails(&self, level: Level, shown: &mut Vec<(Level, Set)>) -> Verdict {
        let fails = |some: &History, budget: &mut Budget| matches!(ask(level, some, budget), Found::No);
        let weaker = shown.iter().filter(|(weaker, _)| level.implies(*weaker)).map(|(_, set)| *set);
        let start = weaker.min_by_key(Set::len).unwrap_or(self.history.live);
        let witnesses = witness::fewest(&self.history, start, &mut self.budget.clone(), &fails);
        shown.push((level, witnesses.iter().copied().collect()));
        Verdict { holds: Some(false), witnesses, ..Verdict::default() }
    }
}
