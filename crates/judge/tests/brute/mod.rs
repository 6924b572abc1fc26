//! The levels again, by the letter of their definitions: all orders, all choices, all sets of writes.

use synod_judge::{Action, Fate, Level, Operation, Scalar};

pub struct Brute<'a> {
    ops: &'a [Operation],
}

fn answered(op: &Operation) -> Option<u64> {
    match op.fate {
        Fate::Answered(at) => Some(at),
        _ => None,
    }
}

/// What one copy that holds `found` makes of an operation, and whether it would answer so.
fn serve(op: &Operation, found: &Scalar) -> (Scalar, bool) {
    let told = answered(op).is_some();
    match &op.action {
        Action::Put(value) => (value.clone(), true),
        Action::Delete => (Scalar::Null, true),
        Action::Get(value) => (found.clone(), !told || found == value),
        Action::Add { by, sum } => {
            let now = match found {
                Scalar::Null => Some(*by),
                Scalar::Number(n) => Some(n + by),
                _ => None,
            };
            let left = now.map_or(found.clone(), Scalar::Number);
            (left, !told || now == Some(*sum))
        }
        Action::Cas { from, to, swapped } => {
            let swap = found == from;
            (if swap { to.clone() } else { found.clone() }, !told || swap == *swapped)
        }
    }
}

/// What others get to see of an operation: the value that it left, if it was told.
fn spread(op: &Operation, found: &Scalar) -> Scalar {
    match (&op.action, answered(op)) {
        (Action::Add { sum, .. }, Some(_)) => Scalar::Number(*sum),
        (Action::Cas { to, swapped: true, .. }, Some(_)) => to.clone(),
        (Action::Cas { swapped: false, .. }, Some(_)) => found.clone(),
        _ => serve(op, found).0,
    }
}

pub fn writes(op: &Operation) -> bool {
    match op.action {
        Action::Get(_) => false,
        Action::Cas { swapped, .. } => swapped || answered(op).is_none(),
        _ => true,
    }
}

pub fn reads(op: &Operation) -> bool {
    answered(op).is_some() && matches!(op.action, Action::Get(_) | Action::Add { .. } | Action::Cas { .. })
}

/// Whether a read may be told the value that a write left, or that of the beginning.
fn fits(read: &Operation, write: Option<&Operation>) -> bool {
    let value = match write {
        None => Scalar::Null,
        Some(write) if answered(write).is_none() && matches!(write.action, Action::Add { .. } | Action::Cas { .. }) => {
            return true;
        }
        Some(write) => spread(write, &Scalar::Null),
    };
    serve(read, &value).1
}

/// Whether some order of the items, which `may_follow` lets grow one by one, satisfies `good`.
fn some_order(
    items: &[usize],
    line: &mut Vec<usize>,
    may_follow: &dyn Fn(&[usize], usize) -> bool,
    good: &dyn Fn(&[usize]) -> bool,
) -> bool {
    if line.len() == items.len() {
        return good(line);
    }
    items.iter().any(|item| {
        if line.contains(item) || !may_follow(line, *item) {
            return false;
        }
        line.push(*item);
        let found = some_order(items, line, may_follow, good);
        line.pop();
        found
    })
}

type Before = Vec<Vec<bool>>;

impl Brute<'_> {
    pub fn new(ops: &[Operation]) -> Brute<'_> {
        Brute { ops }
    }
    fn all(&self, which: impl Fn(&Operation) -> bool) -> Vec<usize> {
        (0..self.ops.len()).filter(|i| which(&self.ops[*i])).collect()
    }
    fn relation(&self, holds: impl Fn(usize, usize) -> bool) -> Before {
        let all = 0..self.ops.len();
        all.clone().map(|a| all.clone().map(|b| holds(a, b)).collect()).collect()
    }
    /// The moments of these histories all differ.
    pub fn time(&self) -> Before {
        self.relation(|a, b| answered(&self.ops[a]).is_some_and(|at| at < self.ops[b].call))
    }
    pub fn session(&self) -> Before {
        let time = self.time();
        self.relation(|a, b| time[a][b] && self.ops[a].client == self.ops[b].client)
    }

    /// An order of `must` and some of `may`, in which what is `checked` is told what it was told.
    fn order(&self, must: &[usize], may: &[usize], before: &Before, checked: &dyn Fn(usize) -> bool) -> bool {
        (0..1 << may.len()).any(|some: u32| {
            let chosen = may.iter().enumerate().filter(|(n, _)| some >> n & 1 == 1).map(|(_, i)| *i);
            let items: Vec<usize> = must.iter().copied().chain(chosen).collect();
            let may_follow = |line: &[usize], next: usize| !line.iter().any(|one| before[next][*one]);
            let legal = |line: &[usize]| self.legal(line, checked);
            some_order(&items, &mut Vec::new(), &may_follow, &legal)
        })
    }
    pub fn legal(&self, line: &[usize], checked: &dyn Fn(usize) -> bool) -> bool {
        let mut copy: Vec<(&str, Scalar)> = Vec::new();
        line.iter().all(|i| {
            let op = &self.ops[*i];
            if !copy.iter().any(|(key, _)| *key == op.key) {
                copy.push((&op.key, Scalar::Null));
            }
            let found = copy.iter_mut().find(|(key, _)| *key == op.key).expect("just put there");
            let (left, right) = if checked(*i) { serve(op, &found.1) } else { (spread(op, &found.1), true) };
            found.1 = left;
            right
        })
    }

    fn views(&self, before: &Before) -> bool {
        let open = self.all(|op| op.fate == Fate::Open && writes(op));
        let clients = self.all(|op| answered(op).is_some()).into_iter().map(|i| &self.ops[i].client);
        clients.collect::<std::collections::BTreeSet<_>>().into_iter().all(|client| {
            let must = self.all(|op| answered(op).is_some() && (op.client == *client || writes(op)));
            self.order(&must, &open, before, &|i| self.ops[i].client == *client)
        })
    }

    /// Some choice of what each read read from, whose closure has no circle, is kept by everyone.
    fn causal(&self, reads: &[usize], before: &Before) -> bool {
        let Some((read, rest)) = reads.split_first() else {
            let mut order = before.clone();
            for k in 0..order.len() {
                for a in 0..order.len() {
                    for b in 0..order.len() {
                        order[a][b] |= order[a][k] && order[k][b];
                    }
                }
            }
            return (0..order.len()).all(|i| !order[i][i]) && self.views(&order);
        };
        let op = &self.ops[*read];
        let source = |w: &usize| {
            let write = &self.ops[*w];
            w != read && write.fate != Fate::Failed && writes(write) && write.key == op.key && fits(op, Some(write))
        };
        (fits(op, None) && self.causal(rest, before))
            || (0..self.ops.len()).filter(source).any(|w| {
                let mut more = before.clone();
                more[w][*read] = true;
                self.causal(rest, &more)
            })
    }

    /// Of each session the two operations that the guarantee speaks of.
    pub fn pattern(&self, level: Level) -> Vec<(usize, usize)> {
        let session = self.session();
        let mut found = Vec::new();
        for (a, first) in self.ops.iter().enumerate() {
            for (b, then) in self.ops.iter().enumerate() {
                let same = first.key == then.key;
                let lives = then.fate != Fate::Failed;
                let (told, makes) = (reads(then), lives && writes(then));
                let speaks = match level {
                    Level::ReadYourWrites => writes(first) && told && same,
                    Level::MonotonicReads => reads(first) && told && same,
                    Level::MonotonicWrites => writes(first) && makes,
                    _ => reads(first) && makes,
                };
                if session[a][b] && speaks {
                    found.push((a, b));
                }
            }
        }
        found
    }

    /// Terry's words: for one write order, a set of writes for each read.
    fn guarantee(&self, level: Level) -> bool {
        let pattern = self.pattern(level);
        let all = self.all(|op| op.fate != Fate::Failed && writes(op));
        let spoken: Vec<usize> = (0..self.ops.len())
            .filter(|r| reads(&self.ops[*r]))
            .filter(|r| match level {
                Level::ReadYourWrites => pattern.iter().any(|(_, then)| then == r),
                Level::MonotonicWrites => !writes(&self.ops[*r]) || pattern.iter().any(|(_, then)| then == r),
                _ => pattern.iter().any(|(first, then)| first == r || then == r),
            })
            .collect();
        // Of a write that was seen, any server holds what its writer had written before, in that order.
        let write_order = |line: &[usize]| {
            let place = |w: usize| line.iter().position(|one| *one == w).expect("all writes");
            let kept = level != Level::MonotonicWrites || pattern.iter().all(|(a, b)| place(*a) < place(*b));
            kept && self.servers(level, &pattern, &spoken, line, &mut Vec::new())
        };
        some_order(&all, &mut Vec::new(), &|_, _| true, &write_order)
    }

    /// Chooses for each read what its server holds.
    fn servers(
        &self,
        level: Level,
        pattern: &[(usize, usize)],
        spoken: &[usize],
        line: &[usize],
        held: &mut Vec<Vec<usize>>,
    ) -> bool {
        let Some(read) = spoken.get(held.len()) else {
            return self.kept(level, pattern, spoken, line, held);
        };
        let op = &self.ops[*read];
        let session = self.session();
        let sets = (0..1u32 << line.len()).map(|some| {
            line.iter().enumerate().filter(|(n, _)| some >> n & 1 == 1).map(|(_, w)| *w).collect::<Vec<usize>>()
        });
        let sets: Vec<Vec<usize>> = sets
            .filter(|set| !set.contains(read) && !set.iter().any(|w| session[*read][*w]))
            .filter(|set| fits(op, self.last(set, &op.key).map(|w| &self.ops[w])))
            .filter(|set| {
                let place = |w: usize| line.iter().position(|one| *one == w);
                !writes(op) || set.iter().all(|w| place(*w) < place(*read))
            })
            .collect();
        if sets.is_empty() && level == Level::MonotonicWrites && !writes(op) {
            // The guarantee does not speak of a read that nothing explains.
            return self.servers(level, pattern, &without(spoken, *read), line, held);
        }
        sets.into_iter().any(|set| {
            held.push(set);
            let found = self.servers(level, pattern, spoken, line, held);
            held.pop();
            found
        })
    }

    /// The last write to a key of a set that is in write order.
    fn last(&self, set: &[usize], key: &str) -> Option<usize> {
        set.iter().rev().copied().find(|w| self.ops[*w].key == key)
    }

    fn kept(
        &self,
        level: Level,
        pattern: &[(usize, usize)],
        spoken: &[usize],
        line: &[usize],
        held: &[Vec<usize>],
    ) -> bool {
        let at = |read: usize| &held[spoken.iter().position(|one| *one == read).expect("spoken of")];
        let told = |read: usize| self.last(at(read), &self.ops[read].key);
        let place = |w: usize| line.iter().position(|one| *one == w).expect("a write");
        // Whoever holds `then` holds `first`, and the server at which `then` was made did.
        let carried = |first: usize, then: usize| {
            spoken.iter().zip(held).all(|(read, set)| (!set.contains(&then) && *read != then) || set.contains(&first))
        };
        pattern.iter().all(|(first, then)| match level {
            Level::ReadYourWrites => at(*then).contains(first),
            Level::MonotonicReads => told(*first).is_none_or(|w| at(*then).contains(&w)),
            Level::MonotonicWrites => carried(*first, *then),
            _ => told(*first).is_none_or(|w| w != *then && place(w) < place(*then) && carried(w, *then)),
        })
    }

    pub fn holds(&self, level: Level) -> bool {
        let must = self.all(|op| answered(op).is_some());
        let open = self.all(|op| op.fate == Fate::Open && writes(op));
        match level {
            Level::Linearizable => self.order(&must, &open, &self.time(), &|_| true),
            Level::Sequential => self.order(&must, &open, &self.session(), &|_| true),
            Level::Pram => self.views(&self.session()),
            Level::Causal => self.causal(&self.all(reads), &self.session()),
            level => self.pattern(level).is_empty() || self.guarantee(level),
        }
    }
}

fn without(list: &[usize], one: usize) -> Vec<usize> {
    list.iter().copied().filter(|item| *item != one).collect()
}
