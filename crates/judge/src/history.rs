//! A history as the levels see it: what each operation saw and left, and what came before it.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::set::{Order, Set, sort_by};
use crate::{Action, Fate, Operation, Scalar};

/// What a key holds. Texts are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Null,
    Flag(bool),
    Number(i64),
    Text(usize),
}

/// What an operation was told of the state that it found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sees {
    Is(State),
    Not(State),
    /// What counts as this number: a key that holds nothing counts as 0.
    Counts(i64),
}

/// What an operation makes of the state that it found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaves {
    Value(State),
    /// An `add` whose sum was not told.
    Plus(i64),
    /// A `cas` of which it was not told whether it swapped.
    Swap(State, State),
}

impl Sees {
    pub fn admits(self, state: State) -> bool {
        match self {
            Sees::Is(wanted) => state == wanted,
            Sees::Not(other) => state != other,
            Sees::Counts(n) => state == State::Number(n) || (n == 0 && state == State::Null),
        }
    }
}

impl Leaves {
    pub fn of(self, found: State) -> State {
        match (self, found) {
            (Leaves::Value(state), _) => state,
            (Leaves::Plus(by), State::Null) => State::Number(by),
            (Leaves::Plus(by), State::Number(n)) => State::Number(n.saturating_add(by)),
            (Leaves::Swap(from, to), _) if found == from => to,
            _ => found,
        }
    }
    /// Whether someone who comes next may see this.
    pub fn may_show(self, sees: Sees) -> bool {
        match self {
            Leaves::Value(state) => sees.admits(state),
            Leaves::Plus(_) | Leaves::Swap(..) => true,
        }
    }
    /// Whether this may be what wrote what was seen. A swap that did not happen is as if it had never been called.
    pub fn may_be_source(self, sees: Sees) -> bool {
        match self {
            Leaves::Swap(_, to) => sees.admits(to),
            leaves => leaves.may_show(sees),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Op {
    pub client: usize,
    pub key: usize,
    pub sees: Option<Sees>,
    pub leaves: Option<Leaves>,
}

#[derive(Clone, Debug)]
pub(crate) struct History {
    pub ops: Vec<Op>,
    pub clients: Vec<String>,
    pub keys: usize,
    /// What is part of it: not the failed, and of the open ones those that may leave something.
    pub live: Set,
    /// What was answered, and so took place.
    pub must: Set,
    /// Of each operation, those of its client that were answered before it was called.
    pub session: Order,
    /// Of each operation, those of anyone that were answered before it was called.
    pub time: Order,
    /// The place of each in the order of their calls.
    pub rank: Vec<usize>,
}

/// A moment; at one instant there is an order too.
type Moment = (u64, u64);

fn number<T: PartialEq>(of: T, known: &mut Vec<T>) -> usize {
    known.iter().position(|one| *one == of).unwrap_or_else(|| {
        known.push(of);
        known.len() - 1
    })
}

impl History {
    pub fn new(operations: &[Operation]) -> History {
        let (mut clients, mut keys, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let mut ops = Vec::new();
        for one in operations {
            let client = number(one.client.clone(), &mut clients);
            let key = number(one.key.clone(), &mut keys);
            let (sees, leaves) = meaning(one, &mut texts);
            ops.push(Op { client, key, sees, leaves });
        }
        let all = 0..ops.len();
        let answered = |i: &usize| matches!(operations[*i].fate, Fate::Answered(_));
        let failed = |i: usize| matches!(operations[i].fate, Fate::Failed);
        let must: Set = all.clone().filter(answered).collect();
        let live = all.clone().filter(|i| !failed(*i) && (must.has(*i) || ops[*i].leaves.is_some())).collect();
        let mut line: Vec<usize> = all.clone().collect();
        sort_by(&mut line, &|i| operations[i].call);
        let mut rank = vec![0; ops.len()];
        line.iter().enumerate().for_each(|(at, i)| rank[*i] = at);
        let moments = moments(operations, &ops, &line);
        let before = |a: usize, b: usize| must.has(a) && moments[a].1 < moments[b].0;
        let session = |b: usize| all.clone().filter(|a| ops[*a].client == ops[b].client && before(*a, b)).collect();
        let session = Order(all.clone().map(session).collect());
        let time = Order(all.clone().map(|b| all.clone().filter(|a| before(*a, b)).collect()).collect());
        History { ops, clients, keys: keys.len(), live, must, session, time, rank }
    }

    /// The same, of which only these operations are certain: what others saw is forgotten, and what they
    /// wrote may have happened at any time, or never.
    pub fn only(&self, kept: &Set) -> History {
        let mut some = self.clone();
        for i in self.live.minus(kept).iter() {
            some.ops[i].sees = None;
            some.session.0[i] = Set::default();
            some.time.0[i] = Set::default();
            if self.ops[i].leaves.is_none() {
                some.live.remove(i);
            }
        }
        some.must = self.must.and(kept);
        for set in some.session.0.iter_mut().chain(&mut some.time.0) {
            *set = set.and(kept);
        }
        some
    }

    pub fn writes(&self) -> impl Iterator<Item = usize> {
        self.live.iter().filter(|i| self.ops[*i].leaves.is_some())
    }
    /// What was answered with something about the state.
    pub fn reads(&self) -> impl Iterator<Item = usize> {
        self.must.iter().filter(|i| self.ops[*i].sees.is_some())
    }
    /// Whether `a` may be the last write before the read `b`.
    pub fn may_show(&self, a: usize, b: usize) -> bool {
        let (write, read) = (self.ops[a], self.ops[b]);
        let shows = |(leaves, sees): (Leaves, Sees)| leaves.may_show(sees);
        a != b && write.key == read.key && write.leaves.zip(read.sees).is_some_and(shows)
    }
    /// Whether the read `b` may have what `a` wrote.
    pub fn may_be_source(&self, a: usize, b: usize) -> bool {
        let (write, read) = (self.ops[a], self.ops[b]);
        let wrote = |(leaves, sees): (Leaves, Sees)| leaves.may_be_source(sees);
        a != b && write.key == read.key && write.leaves.zip(read.sees).is_some_and(wrote)
    }
}

fn state(scalar: &Scalar, texts: &mut Vec<String>) -> State {
    match scalar {
        Scalar::Null => State::Null,
        Scalar::Flag(flag) => State::Flag(*flag),
        Scalar::Number(n) => State::Number(*n),
        Scalar::Text(text) => State::Text(number(text.clone(), texts)),
    }
}

/// What an operation saw and left. What has no answer saw nothing, and leaves what follows from the state.
fn meaning(one: &Operation, texts: &mut Vec<String>) -> (Option<Sees>, Option<Leaves>) {
    let told = matches!(one.fate, Fate::Answered(_));
    let (sees, leaves) = match &one.action {
        Action::Put(value) => (None, Some(Leaves::Value(state(value, texts)))),
        Action::Delete => (None, Some(Leaves::Value(State::Null))),
        Action::Get(value) => (Some(Sees::Is(state(value, texts))), None),
        Action::Add { by, .. } if !told => (None, Some(Leaves::Plus(*by))),
        Action::Add { by, sum } => {
            (Some(Sees::Counts(sum.saturating_sub(*by))), Some(Leaves::Value(State::Number(*sum))))
        }
        Action::Cas { from, to, swapped } => {
            let (from, to) = (state(from, texts), state(to, texts));
            match (told, swapped) {
                (false, _) => (None, Some(Leaves::Swap(from, to))),
                (true, true) => (Some(Sees::Is(from)), Some(Leaves::Value(to))),
                (true, false) => (Some(Sees::Not(from)), None),
            }
        }
    };
    (sees.filter(|_| told), leaves)
}

/// When each operation begins and ends. At one instant calls come before answers, so that operations
/// which touch overlap; but a client that calls at the instant of its last answer calls after it.
fn moments(operations: &[Operation], ops: &[Op], line: &[usize]) -> Vec<(Moment, Moment)> {
    let mut last = vec![(0, 0); ops.len()];
    let mut moments = vec![((0, 0), (u64::MAX, u64::MAX)); ops.len()];
    for i in line {
        let (one, client) = (&operations[*i], ops[*i].client);
        let call = if last[client].0 == one.call && last[client].1 > 0 { last[client].1 + 1 } else { 0 };
        moments[*i].0 = (one.call, call);
        if let Fate::Answered(answer) = one.fate {
            let answered = (answer, if answer == one.call { call + 1 } else { 1 });
            moments[*i].1 = answered;
            last[client] = answered;
        }
    }
    moments
}
