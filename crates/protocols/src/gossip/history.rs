//! What happened: what was ever written, and how the newest rumour fares among all sites.

use synod_engine::prelude::*;

use crate::store::Key;

use super::Gossip;
use super::rules;
use super::state::*;

/// A site before an event. Its database is shared, so this costs O(1).
pub struct Before {
    pub(super) durable: Durable,
    /// Which of its first 64 items were hot.
    hot: u64,
    told: Told,
}

impl Before {
    pub fn of(node: &Node<Gossip>) -> Before {
        Before { durable: node.durable.clone(), hot: hot(node), told: node.volatile.told }
    }
}

fn hot(node: &Node<Gossip>) -> u64 {
    node.volatile.hot.iter().filter(|hot| hot.at < 64).fold(0, |set, hot| set | 1 << hot.at)
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct History {
    written: Vec<(Key, Version, i64)>,
    pub(super) newest: Option<Rumour>,
    pub(super) slip: Option<Slip>,
}

/// The rumour that was begun last.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rumour {
    pub key: Key,
    pub version: Version,
    pub began: Round,
    pub infective: u32,
    pub removed: u32,
    pub useful: u64,
    pub wasted: u64,
    /// How many heard it from others, and the sum and the last of their rounds since it began.
    pub heard: u64,
    pub heard_sum: u64,
    pub heard_last: Round,
    /// How it stood at the end of each round.
    pub rounds: Vec<Point>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Point {
    pub know: u32,
    pub tell: u32,
    pub useful: u64,
    pub wasted: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slip {
    WentBack(Key),
    Repeated(Key),
    Invented(Key),
    Talked(Key),
    HotAgain(Key),
}

/// Rounds that are remembered one by one.
const MOST_ROUNDS: usize = 2_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Susceptible,
    Infective,
    Removed,
}

impl Rumour {
    fn state(&self, durable: &Durable, hot: u64) -> State {
        match durable.find(self.key).filter(|at| durable.items()[*at].version == self.version) {
            None => State::Susceptible,
            Some(at) if hot >> at.min(63) & 1 == 1 => State::Infective,
            Some(_) => State::Removed,
        }
    }

    fn moved(&mut self, before: State, after: State) {
        // Where a rule is broken, a version may come again, and what was counted for it is not there.
        for (state, by) in [(before, -1), (after, 1)] {
            match state {
                State::Susceptible => {}
                State::Infective => self.infective = self.infective.saturating_add_signed(by),
                State::Removed => self.removed = self.removed.saturating_add_signed(by),
            }
        }
    }

    fn close_rounds(&mut self, now: Round) {
        let point = Point {
            know: self.infective + self.removed,
            tell: self.infective,
            useful: self.useful,
            wasted: self.wasted,
        };
        while self.rounds.len() < MOST_ROUNDS && (self.rounds.len() as Round) < now.saturating_sub(self.began) {
            self.rounds.push(point);
        }
    }

    /// How it stood at the end of each round, up to now.
    pub fn points(&self) -> impl Iterator<Item = Point> {
        let now = Point {
            know: self.infective + self.removed,
            tell: self.infective,
            useful: self.useful,
            wasted: self.wasted,
        };
        self.rounds.iter().copied().chain([now])
    }
}

pub fn observe(history: &mut History, seen: &Observed<Gossip>) {
    history.slip = None;
    match seen {
        Observed::Handled { before, after, said, time, .. } => {
            let now = (*time / ROUND) as Round;
            if let Some(newest) = &mut history.newest {
                newest.close_rounds(now);
            }
            // A site that goes down half-way has written, and told its client nothing.
            let wrote = said.fired(&rules::BEGIN);
            history.learned(before, after, wrote);
            history.changed(before, after);
            history.silent(before, after, said);
        }
        Observed::Fell { before, after } => history.changed(before, after),
        _ => {}
    }
}

impl History {
    /// What a site knows now that it did not know before, or knew otherwise, by a write or by others.
    fn learned(&mut self, before: &Before, after: &Node<Gossip>, wrote: bool) {
        if before.durable.0.as_ref().map(std::rc::Rc::as_ptr) == after.durable.0.as_ref().map(std::rc::Rc::as_ptr) {
            return;
        }
        for item in after.durable.items() {
            let old = before.durable.find(item.key).map(|at| before.durable.items()[at]);
            if old.is_some_and(|old| old == *item) {
                continue;
            }
            if old.is_some_and(|old| old.version > item.version) {
                self.slip = Some(Slip::WentBack(item.key));
            }
            if wrote {
                if self.written.iter().any(|(_, version, _)| *version == item.version) {
                    self.slip = Some(Slip::Repeated(item.key));
                }
                self.begin(item);
            } else if !self.was_written(item) {
                self.slip = Some(Slip::Invented(item.key));
            }
        }
    }

    pub(super) fn writes(&self) -> usize {
        self.written.len()
    }

    fn was_written(&self, item: &Item) -> bool {
        self.written.iter().rev().any(|known| *known == (item.key, item.version, item.value))
    }

    fn begin(&mut self, item: &Item) {
        self.written.push((item.key, item.version, item.value));
        // A write that a greater version of its key has overtaken already is no news to anyone.
        let overtakes = |known: &Rumour| known.key == item.key && known.version > item.version;
        if self.newest.as_ref().is_some_and(overtakes) {
            return;
        }
        self.newest = Some(Rumour {
            key: item.key,
            version: item.version,
            began: item.began,
            infective: 0,
            removed: 0,
            useful: 0,
            wasted: 0,
            heard: 0,
            heard_sum: 0,
            heard_last: 0,
            rounds: Vec::new(),
        });
    }

    fn changed(&mut self, before: &Before, after: &Node<Gossip>) {
        let Some(newest) = &mut self.newest else {
            return;
        };
        let hot = hot(after);
        let (old, new) = (newest.state(&before.durable, before.hot), newest.state(&after.durable, hot));
        newest.moved(old, new);
        if old == State::Susceptible && new != State::Susceptible && newest.version.origin != after.id.0 {
            let heard = after.durable.find(newest.key).map_or(0, |at| after.durable.items()[at].heard);
            let rounds = heard.saturating_sub(newest.began);
            newest.heard += 1;
            newest.heard_sum += u64::from(rounds);
            newest.heard_last = newest.heard_last.max(rounds);
        }
        let told = after.volatile.told;
        if told.version == newest.version {
            let earlier = if before.told.version == newest.version { before.told } else { Told::default() };
            newest.useful += u64::from(told.useful.saturating_sub(earlier.useful));
            newest.wasted += u64::from(told.wasted.saturating_sub(earlier.wasted));
        }
        if old == State::Removed && new == State::Infective {
            self.slip = Some(Slip::HotAgain(newest.key));
        }
    }

    /// Who has lost interest tells nothing more, but for what it is asked to make good.
    fn silent(&mut self, before: &Before, after: &Node<Gossip>, said: &Said<Gossip>) {
        let now = hot(after);
        let is_hot = |key: Key| {
            let was = before.durable.find(key).is_some_and(|at| before.hot >> at.min(63) & 1 == 1);
            was || after.durable.find(key).is_some_and(|at| now >> at.min(63) & 1 == 1)
        };
        for message in said.messages() {
            let talked = match message {
                Message::Push { items, .. } | Message::Values { items, catch_up: false, .. } => {
                    items.iter().map(|item| item.key).find(|key| !is_hot(*key))
                }
                Message::Digest { known, .. } => {
                    known.iter().filter(|line| line.offered).map(|line| line.key).find(|key| !is_hot(*key))
                }
                _ => None,
            };
            if let Some(key) = talked {
                self.slip = Some(Slip::Talked(key));
            }
        }
    }
}
