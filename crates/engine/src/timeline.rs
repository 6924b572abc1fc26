//! A run: configuration, seed and inputs. It can stand at any of its times, go on from there,
//! and branch; the futures that it had before stay.

mod futures;
mod head;
mod recall;
mod undo;

use std::cell::RefCell;
use std::rc::Rc;

use crate::branch::{Branch, Keyframe, Overview, Placed, Segment};
use crate::config::Setup;
use crate::error::{Error, Result};
use crate::input::Input;
use crate::protocol::Rule;
use crate::text::text;
use crate::trace::{NONE, Record, Seq, What};
use crate::units::{END_OF_TIME, Micros};
use crate::world::World;
use futures::Futures;
use head::Head;
pub use recall::Window;

#[derive(Clone)]
pub struct Timeline {
    setup: Rc<Setup>,
    head: Head,
    futures: Futures,
    /// What was taken back and may be done again, the latest last.
    undone: Vec<undo::Undone>,
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
        let mut world = World::new(setup.clone());
        let open = std::mem::take(&mut world.happened);
        let mut overview = Overview::default();
        overview.add(&open.marks);
        let branch = Branch {
            id: 0,
            from: 0,
            end: inputs.last().map_or(0, |placed| placed.time),
            inputs,
            written: RefCell::default(),
            furthest: world.next_seq,
            segments: vec![Segment { key: Keyframe::of(&world, 0), kept: None }],
            open,
            open_cut: false,
            since_key: 0,
            overview,
            bytes: 0,
        };
        Timeline { setup, head: Head { world, cursor: 0 }, futures: Futures::of(branch), undone: Vec::new() }
    }

    pub fn setup(&self) -> &Setup {
        &self.setup
    }
    pub fn world(&self) -> &World {
        &self.head.world
    }
    pub fn now(&self) -> Micros {
        self.head.world.now
    }
    pub fn end(&self) -> Micros {
        self.branch().end.max(self.head.world.now)
    }
    pub(crate) fn branch(&self) -> &Branch {
        self.futures.here()
    }
    pub fn inputs(&self) -> &[Placed] {
        &self.branch().inputs
    }
    /// The run as one text.
    pub fn recording(&self) -> String {
        crate::recording::write(&self.setup, self.inputs(), &mut self.branch().written.borrow_mut())
    }
    /// Bytes held for trace and keyframes, beside the world itself.
    pub fn bytes(&self) -> usize {
        self.futures.bytes()
    }
    pub fn set_budget(&mut self, bytes: usize) {
        self.futures.set_budget(bytes);
    }
    /// For benchmarks: whether a trace is kept and whether invariants are asked.
    pub fn set_watch(&mut self, trace: bool, invariants: bool) {
        (self.head.world.traced, self.head.world.checked) = (trace, invariants);
    }

    /// Handles exactly one event or replayed input. Gives its first record.
    pub fn step(&mut self) -> Option<Record> {
        let first = self.head.world.next_seq;
        if self.step_up_to(END_OF_TIME) { self.record(first) } else { None }
    }

    /// One event or input that is due by a time, if there is one; what it wrote is kept if it is new.
    fn step_up_to(&mut self, limit: Micros) -> bool {
        let first = self.head.world.next_seq;
        let stepped = self.head.step(&self.futures.here().inputs, limit);
        if stepped {
            self.keep(first);
        }
        stepped
    }

    /// Keeps what the last event wrote, whose first record has this number, unless it is known.
    fn keep(&mut self, first: Seq) {
        let (world, branch) = (&self.head.world, self.futures.here_mut());
        let new = first >= branch.furthest;
        branch.furthest = branch.furthest.max(world.next_seq);
        branch.end = branch.end.max(world.now);
        if new && world.traced && world.next_seq > first {
            self.futures.keep(&world.happened, world, self.head.cursor);
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
        self.move_to(time);
        handled
    }

    /// Lets time pass in which no event is; what breaks at a deadline on the way is kept.
    fn move_to(&mut self, time: Micros) {
        let first = self.head.world.next_seq;
        self.head.move_to(time);
        self.keep(first);
    }

    /// Runs until something happens, at the longest to `time`. Gives the record of it.
    pub fn run_until(&mut self, time: Micros, stop: Stop) -> Option<Record> {
        loop {
            let first = self.head.world.next_seq;
            let stepped = self.step_up_to(time);
            if !stepped {
                self.run_to(time);
            }
            let record = self.record(first)?;
            let met = match stop {
                Stop::Rule(rule) => (first..self.head.world.next_seq)
                    .filter_map(|seq| self.record(seq))
                    .find(|record| matches!(record.what, What::Rule(fired) if std::ptr::eq(fired, rule))),
                Stop::Role(role) => {
                    let mut up = self.head.world.slots.iter().filter(|slot| slot.status == crate::trace::Status::Up);
                    let roles = self.setup.about().meta.roles;
                    up.any(|slot| roles[usize::from(slot.standing.role)].id == role).then_some(record)
                }
                Stop::Violation => self.head.world.breaches().any(|v| v.seq >= first).then_some(record),
            };
            if met.is_some() || !stepped {
                return met;
            }
        }
    }

    /// Stands at any time of the run: from where it stands, or from a keyframe that is nearer.
    pub fn seek(&mut self, time: Micros) {
        let branch = self.branch();
        let nearest = &branch.segments[branch.segment_at(time)].key;
        if time < self.head.world.now || nearest.next_seq > self.head.world.next_seq {
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
        let (traced, checked) = (self.head.world.traced, self.head.world.checked);
        self.head = Head::on(key, &self.setup);
        (self.head.world.traced, self.head.world.checked) = (traced, checked);
    }

    /// Does an input now. On known ground it starts a branch. Changes nothing when not valid.
    pub fn inject(&mut self, input: Input) -> Result<Record> {
        let deeds = self.head.world.prepare(&input)?;
        if self.head.world.now >= END_OF_TIME {
            return Err(Error::too_large(text("the run is at its end of time", "这次运行已到时间的尽头")));
        }
        let ahead = self.branch().inputs.len() > self.head.cursor;
        if ahead || self.head.world.next_seq < self.branch().furthest || self.head.world.now < self.branch().end {
            self.start_branch();
        }
        self.undone.clear();
        let now = self.head.world.now;
        let mid_instant = self.head.world.next_time().is_some_and(|next| next <= now);
        let after = mid_instant.then_some(self.head.world.at_now);
        self.futures.here_mut().inputs.push(Placed { time: now, after, input });
        let first = self.head.world.next_seq;
        let place = self.head.cursor;
        self.head.apply(&self.futures.here().inputs[place], Some(deeds));
        self.keep(first);
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
            what: What::Input { place: place as u32, refused: false },
        });
        self.run_to(now);
        Ok(record)
    }

    /// Starts a branch without the inputs that lie ahead, if there are any.
    pub fn leave_what_is_ahead(&mut self) {
        if self.branch().inputs.len() > self.head.cursor {
            self.start_branch();
        }
    }

    fn start_branch(&mut self) {
        let old = self.branch();
        let at = old.segment_of(self.head.world.next_seq).min(old.segment_at(self.head.world.now));
        let (open, events) = self.replay_open(at);
        let mut segments: Vec<Segment> = old.segments[..=at].to_vec();
        segments[at].kept = None;
        let mut overview = old.overview.clone();
        overview.cut(self.head.world.now);
        let bytes = segments[..at].iter().map(|s| s.key.weight + s.kept.as_ref().map_or(0, |k| k.bytes())).sum();
        let (now, furthest) = (self.head.world.now, self.head.world.next_seq);
        let inputs = old.inputs[..self.head.cursor].to_vec();
        self.futures.add(|id| Branch {
            id,
            from: now,
            end: now,
            inputs,
            written: RefCell::default(),
            furthest,
            segments,
            open,
            open_cut: false,
            since_key: events,
            overview,
            bytes,
        });
    }

    /// Every branch: its number, where it begins, and its latest time.
    pub fn branches(&self) -> impl Iterator<Item = (u32, Micros, Micros)> {
        self.futures.all().iter().map(|branch| (branch.id, branch.from, branch.end))
    }

    pub fn current_branch(&self) -> u32 {
        self.branch().id
    }

    /// Goes to another branch, at this time or at its end if it does not come that far.
    pub fn switch(&mut self, id: u32) -> Result<()> {
        if self.futures.go_to(id)? {
            self.seek_from_key(self.head.world.now.min(self.branch().end));
        }
        Ok(())
    }
}
