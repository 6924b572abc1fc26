//! A run: configuration, seed and inputs. It can stand at any of its times, go on from there,
//! and branch; the futures that it had before stay.

mod recall;
mod undo;

use std::rc::Rc;

use crate::branch::{Branch, Keyframe, Overview, Placed, Segment};
use crate::config::Setup;
use crate::error::{Error, Part, Result, why};
use crate::input::Input;
use crate::protocol::Rule;
use crate::text::{Says, text};
use crate::trace::{NONE, Record, Recorder, What};
use crate::units::{END_OF_TIME, Micros};
use crate::world::World;

/// Bytes that trace and keyframes may take, by default.
pub const BUDGET: usize = 64 << 20;
/// A keyframe is made after at least so many events, and fewer the heavier it is.
const EVENTS_A_KEY: usize = 1_024;
const BYTES_AN_EVENT: usize = 64;
/// Records that are held since the last keyframe; a very large cluster makes more in one round.
const MOST_OPEN: usize = 200_000;
/// Beyond this many branches the oldest that nobody stands on is forgotten.
const MOST_BRANCHES: usize = 64;

pub struct Timeline {
    setup: Rc<Setup>,
    branches: Vec<Branch>,
    current: usize,
    next_branch: u32,
    pub(crate) world: World,
    /// The next input of the branch.
    cursor: usize,
    budget: usize,
    /// Takes what is written while known ground is covered again.
    scratch: Recorder,
    /// What was taken back and may be done again, the latest last.
    undone: Vec<undo::Undone>,
    /// What a benchmark may switch off.
    recording: bool,
}

/// What ends a run before its time.
#[derive(Clone, Copy)]
pub enum Stop {
    Rule(&'static Rule),
    /// Some node stands in a role of this id.
    Role(&'static str),
    Violation,
}

impl Timeline {
    /// A run at its beginning, with inputs that lie ahead.
    pub fn new(setup: Setup, inputs: Vec<Placed>) -> Timeline {
        let setup = Rc::new(setup);
        let mut open = Recorder::default();
        let world = World::new(setup.clone(), &mut open);
        let mut overview = Overview::default();
        overview.add(&open.marks);
        let branch = Branch {
            id: 0,
            from: 0,
            end: inputs.last().map_or(0, |placed| placed.time),
            inputs,
            furthest: world.next_seq,
            segments: vec![Segment { key: Keyframe::of(&world, 0), kept: None }],
            open,
            open_cut: false,
            since_key: 0,
            overview,
            violations: world.violations.clone(),
            bytes: 0,
        };
        Timeline {
            setup,
            branches: vec![branch],
            current: 0,
            next_branch: 1,
            world,
            cursor: 0,
            budget: BUDGET,
            scratch: Recorder::default(),
            undone: Vec::new(),
            recording: true,
        }
    }

    pub fn setup(&self) -> &Setup {
        &self.setup
    }
    pub fn world(&self) -> &World {
        &self.world
    }
    pub fn now(&self) -> Micros {
        self.world.now
    }
    pub fn end(&self) -> Micros {
        self.branch().end.max(self.world.now)
    }
    pub(crate) fn branch(&self) -> &Branch {
        &self.branches[self.current]
    }
    pub fn inputs(&self) -> &[Placed] {
        &self.branch().inputs
    }
    /// Bytes held for trace and keyframes, beside the world itself.
    pub fn bytes(&self) -> usize {
        self.branches.iter().map(|branch| branch.bytes + branch.open.bytes()).sum()
    }
    pub fn set_budget(&mut self, bytes: usize) {
        self.budget = bytes;
        self.keep_within_budget();
    }
    /// For benchmarks: whether a trace is kept and whether invariants are asked.
    pub fn set_watch(&mut self, trace: bool, invariants: bool) {
        self.recording = trace;
        self.world.checked = invariants;
    }

    /// Handles exactly one event or replayed input. Gives its first record.
    pub fn step(&mut self) -> Option<Record> {
        let first = self.world.next_seq;
        if self.step_up_to(END_OF_TIME) { self.record(first) } else { None }
    }

    /// One event that is due by a time, if there is one.
    fn step_up_to(&mut self, limit: Micros) -> bool {
        let input_due = self.input_due();
        let next = if input_due { Some(self.branch().inputs[self.cursor].time) } else { self.world.next_time() };
        if next.is_none_or(|time| time > limit) {
            return false;
        }
        self.write(|timeline, recorder| {
            if input_due {
                timeline.do_next_input(recorder);
            } else {
                timeline.setup.protocol.step(&mut timeline.world, recorder);
            }
        });
        true
    }

    /// Whether the next input comes before the next event.
    fn input_due(&mut self) -> bool {
        let Some(placed) = self.branches[self.current].inputs.get(self.cursor) else {
            return false;
        };
        let (time, after) = (placed.time, placed.after);
        self.comes_next(time, after)
    }

    fn is_due(&mut self, placed: &Placed) -> bool {
        self.comes_next(placed.time, placed.after)
    }

    /// Whether an input of this time, after so many events of its instant, comes before the next
    /// event.
    fn comes_next(&mut self, time: Micros, after: Option<u32>) -> bool {
        let done = if self.world.now == time { self.world.at_now } else { 0 };
        match self.world.next_time() {
            None => true,
            Some(next) => next > time || (next == time && after.is_some_and(|after| done >= after)),
        }
    }

    fn do_next_input(&mut self, recorder: &mut Recorder) {
        let placed = &self.branches[self.current].inputs[self.cursor];
        self.world.move_to(placed.time);
        self.world.apply(&placed.input, self.cursor as u32, recorder);
        self.cursor += 1;
    }

    /// Runs one event; what it writes is kept if it is new.
    fn write(&mut self, run: impl FnOnce(&mut Self, &mut Recorder)) {
        let new = self.world.next_seq >= self.branch().furthest;
        let mut recorder = if new && self.recording {
            std::mem::take(&mut self.branches[self.current].open)
        } else {
            self.scratch.clear();
            std::mem::take(&mut self.scratch)
        };
        recorder.off = !self.recording;
        let marks = recorder.marks.len();
        run(self, &mut recorder);
        let branch = &mut self.branches[self.current];
        if !new || !self.recording {
            self.scratch = recorder;
            branch.furthest = branch.furthest.max(self.world.next_seq);
            branch.end = branch.end.max(self.world.now);
            return;
        }
        if recorder.marks.len() > marks {
            branch.overview.add(&recorder.marks[marks..]);
        }
        branch.open = recorder;
        branch.furthest = self.world.next_seq;
        branch.end = branch.end.max(self.world.now);
        if branch.violations.len() < self.world.violations.len() {
            branch.violations = self.world.violations.clone();
        }
        branch.since_key += 1;
        if branch.open.records.len() > MOST_OPEN && self.budget < usize::MAX {
            branch.open.clear();
            branch.open_cut = true;
        }
        if branch.since_key >= EVENTS_A_KEY {
            self.close_if_worth_it();
        }
    }

    fn close_if_worth_it(&mut self) {
        let branch = &mut self.branches[self.current];
        // Weighing a large cluster takes as long as its size: the least it can weigh comes first.
        let least = self.world.slots.len() * size_of::<crate::world::Slot>();
        let early = branch.since_key * BYTES_AN_EVENT < least || least > self.budget / 2;
        if early || !branch.since_key.is_multiple_of(EVENTS_A_KEY) {
            return;
        }
        let weight = self.world.weight();
        if branch.since_key * BYTES_AN_EVENT < weight || weight > self.budget / 2 {
            return;
        }
        branch.close(&self.world, self.cursor);
        self.keep_within_budget();
    }

    fn keep_within_budget(&mut self) {
        while self.bytes() > self.budget {
            let others = (0..self.branches.len()).filter(|at| *at != self.current);
            let Some(at) = others.chain([self.current]).find(|at| self.branches[*at].can_shed()) else {
                return;
            };
            self.branches[at].shed();
        }
    }

    /// Handles at most so many events up to a time, and stands there if none is left before it.
    pub fn run_some(&mut self, time: Micros, most: u64) -> u64 {
        let mut handled = 0;
        while handled < most {
            if !self.step_up_to(time) {
                self.run_to(time);
                break;
            }
            handled += 1;
        }
        handled
    }

    /// Handles every event up to a time, and stands there. Gives how many.
    pub fn run_to(&mut self, time: Micros) -> u64 {
        let mut handled = 0;
        while self.step_up_to(time) {
            handled += 1;
        }
        self.world.move_to(time);
        let now = self.world.now;
        let branch = &mut self.branches[self.current];
        branch.end = branch.end.max(now);
        handled
    }

    /// Runs until something happens, at the longest to `time`. Gives the record of it.
    pub fn run_until(&mut self, time: Micros, stop: Stop) -> Option<Record> {
        loop {
            let first = self.world.next_seq;
            if !self.step_up_to(time) {
                self.run_to(time);
                return None;
            }
            let record = self.record(first)?;
            let met = match stop {
                Stop::Rule(rule) => (first..self.world.next_seq)
                    .filter_map(|seq| self.record(seq))
                    .find(|record| matches!(record.what, What::Rule(fired) if std::ptr::eq(fired, rule))),
                Stop::Role(role) => {
                    let mut up = self.world.slots.iter().filter(|slot| slot.status == crate::trace::Status::Up);
                    let roles = self.setup.about().meta.roles;
                    up.any(|slot| roles[usize::from(slot.standing.role)].id == role).then_some(record)
                }
                Stop::Violation => self.world.violations.iter().any(|v| v.seq >= first).then_some(record),
            };
            if met.is_some() {
                return met;
            }
        }
    }

    /// Stands at any time of the run.
    pub fn seek(&mut self, time: Micros) {
        if time < self.world.now {
            self.seek_from_key(time);
        } else {
            self.run_to(time);
        }
    }

    /// The same from the last keyframe before it, wherever the world stands.
    fn seek_from_key(&mut self, time: Micros) {
        let branch = self.branch();
        let key = branch.segments[branch.segment_at(time)].key.clone();
        self.stand_on(&key);
        self.run_to(time);
    }

    fn stand_on(&mut self, key: &Keyframe) {
        let checked = self.world.checked;
        self.world = key.world(&self.setup);
        self.world.checked = checked;
        self.cursor = key.cursor;
    }

    /// Does an input now. On known ground it starts a branch. Changes nothing when not valid.
    pub fn inject(&mut self, input: Input) -> Result<Record> {
        self.world.allows(&input)?;
        if self.world.now >= END_OF_TIME {
            return Err(Error::too_large(text("the run is at its end of time", "这次运行已到时间的尽头")));
        }
        let ahead = self.branch().inputs.len() > self.cursor;
        if ahead || self.world.next_seq < self.branch().furthest || self.world.now < self.branch().end {
            self.start_branch();
        }
        self.undone.clear();
        let now = self.world.now;
        let mid_instant = self.world.next_time().is_some_and(|next| next <= now);
        let after = mid_instant.then_some(self.world.at_now);
        self.branches[self.current].inputs.push(Placed { time: now, after, input });
        let first = self.world.next_seq;
        self.write(|timeline, recorder| timeline.do_next_input(recorder));
        let place = self.cursor as u32 - 1;
        // Without a trace, as in a benchmark, the record is made up from what is known.
        let record = self.record(first).unwrap_or(Record {
            seq: first,
            time: now,
            cause: NONE,
            message: NONE,
            nodes: 0,
            node: None,
            peer: None,
            epoch: 0,
            a: 0,
            what: What::Input { place, refused: false },
        });
        self.run_to(now);
        Ok(record)
    }

    /// Starts a branch without the inputs that lie ahead, if there are any.
    pub fn leave_what_is_ahead(&mut self) {
        if self.branch().inputs.len() > self.cursor {
            self.start_branch();
        }
    }

    fn start_branch(&mut self) {
        let old = self.branch();
        let at = old.segment_of(self.world.next_seq).min(old.segment_at(self.world.now));
        let (_, open, events) = self.replay(at, self.world.next_seq);
        let mut segments: Vec<Segment> = old.segments[..=at].to_vec();
        segments[at].kept = None;
        let mut overview = old.overview.clone();
        overview.cut(self.world.now);
        let bytes = segments[..at].iter().map(|s| s.key.weight + s.kept.as_ref().map_or(0, |k| k.bytes())).sum();
        let branch = Branch {
            id: self.next_branch,
            from: self.world.now,
            end: self.world.now,
            inputs: old.inputs[..self.cursor].to_vec(),
            furthest: self.world.next_seq,
            segments,
            open,
            open_cut: false,
            since_key: events,
            overview,
            violations: self.world.violations.clone(),
            bytes,
        };
        self.next_branch += 1;
        self.branches.push(branch);
        if self.branches.len() > MOST_BRANCHES {
            let oldest = usize::from(self.current == 0);
            self.branches.remove(oldest);
        }
        self.current = self.branches.len() - 1;
    }

    /// Every branch: its number, where it begins, and its latest time.
    pub fn branches(&self) -> impl Iterator<Item = (u32, Micros, Micros)> {
        self.branches.iter().map(|branch| (branch.id, branch.from, branch.end))
    }

    pub fn current_branch(&self) -> u32 {
        self.branch().id
    }

    /// Goes to another branch, at this time or at its end if it does not come that far.
    pub fn switch(&mut self, id: u32) -> Result<()> {
        let Some(at) = self.branches.iter().position(|branch| branch.id == id) else {
            let known: Vec<String> = self.branches.iter().map(|branch| branch.id.to_string()).collect();
            let words = text("there is no branch {id}; the branches are {ids}", "没有分支 {id}；分支有 {ids}");
            let ids = Part::says(Says::list(&known));
            return Err(Error::input(why(words, [("id", Part::count(id)), ("ids", ids)])));
        };
        if at == self.current {
            return Ok(());
        }
        let time = self.world.now.min(self.branches[at].end);
        self.current = at;
        self.seek_from_key(time);
        Ok(())
    }
}

impl Clone for Timeline {
    fn clone(&self) -> Self {
        Timeline {
            setup: self.setup.clone(),
            branches: self.branches.clone(),
            world: self.world.clone(),
            scratch: Recorder::default(),
            undone: self.undone.clone(),
            ..*self
        }
    }
}
