//! A branch of a run: its inputs, its keyframes, and what was recorded between them. What was
//! dropped to stay within the budget is computed again from the keyframe before it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::config::Setup;
use crate::input::Input;
use crate::recording::Written;
use crate::trace::{Marked, Recorder, Seq};
use crate::units::Micros;
use crate::world::World;

/// An input and when it was done: after every event up to its time, or after so many events of
/// that very instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub time: Micros,
    pub after: Option<u32>,
    pub input: Input,
}

/// A world to start again from, and how many inputs had been done.
pub(crate) struct Keyframe {
    pub now: Micros,
    pub next_seq: Seq,
    /// Nothing where it is the start of a very large cluster, which is made anew when needed.
    world: Option<World>,
    pub cursor: usize,
    pub weight: usize,
}

/// A start heavier than this is not kept twice.
const HEAVY: usize = 8 << 20;

/// From one keyframe to the next.
pub(crate) struct Segment {
    pub key: Rc<Keyframe>,
    /// Nothing, once it was dropped.
    pub kept: Option<Rc<Recorder>>,
}

pub(crate) struct Branch {
    pub id: u32,
    pub from: Micros,
    /// The latest time that was reached or recorded.
    pub end: Micros,
    pub inputs: Vec<Placed>,
    /// The same as a recording has them.
    pub written: RefCell<Written>,
    /// The number of the first record that was never made.
    pub furthest: Seq,
    pub segments: Vec<Segment>,
    /// What the last segment has recorded so far.
    pub open: Recorder,
    /// Some of it was dropped, since the cluster is too large for keyframes to be frequent.
    pub open_cut: bool,
    pub since_key: usize,
    pub overview: Overview,
    /// Bytes of all closed segments.
    pub bytes: usize,
}

impl Clone for Segment {
    fn clone(&self) -> Self {
        Segment { key: self.key.clone(), kept: self.kept.clone() }
    }
}

impl Clone for Branch {
    fn clone(&self) -> Self {
        Branch {
            inputs: self.inputs.clone(),
            written: RefCell::default(),
            segments: self.segments.clone(),
            open: self.open.clone(),
            overview: self.overview.clone(),
            ..*self
        }
    }
}

impl Keyframe {
    pub fn of(world: &World, cursor: usize) -> Rc<Keyframe> {
        let weight = world.weight();
        let again = world.now == 0 && world.at_now == 0 && cursor == 0 && weight > HEAVY;
        let (now, next_seq) = (world.now, world.next_seq);
        let (world, weight) = if again { (None, 0) } else { (Some(world.clone()), weight) };
        Rc::new(Keyframe { now, next_seq, world, cursor, weight })
    }

    /// A copy to go on from.
    pub fn world(&self, setup: &Rc<Setup>) -> World {
        self.look(setup, World::clone)
    }

    pub fn look<T>(&self, setup: &Rc<Setup>, see: impl FnOnce(&World) -> T) -> T {
        match &self.world {
            Some(world) => see(world),
            None => see(&World::new(setup.clone())),
        }
    }
}

impl Segment {
    fn bytes(&self) -> usize {
        self.key.weight + self.kept.as_ref().map_or(0, |kept| kept.bytes())
    }
}

impl Branch {
    /// Closes the open segment and begins the next at `world`.
    pub fn close(&mut self, world: &World, cursor: usize) {
        let kept = std::mem::take(&mut self.open);
        if let Some(last) = self.segments.last_mut() {
            self.bytes += kept.bytes() + last.key.weight;
            last.kept = Some(Rc::new(kept));
        }
        self.segments.push(Segment { key: Keyframe::of(world, cursor), kept: None });
        (self.since_key, self.open_cut) = (0, false);
    }

    /// The last segment that begins at or before a time.
    pub fn segment_at(&self, time: Micros) -> usize {
        self.segments.partition_point(|segment| segment.key.now <= time).saturating_sub(1)
    }

    /// The last segment whose first record is numbered `seq` or less.
    pub fn segment_of(&self, seq: Seq) -> usize {
        self.segments.partition_point(|segment| segment.key.next_seq <= seq).saturating_sub(1)
    }

    /// Drops the oldest records, and when none are left every second keyframe.
    pub fn shed(&mut self) {
        let closed = self.segments.len().saturating_sub(1);
        if let Some(segment) = self.segments[..closed].iter_mut().find(|segment| segment.kept.is_some()) {
            let freed = segment.kept.take().map_or(0, |kept| kept.bytes());
            self.bytes = self.bytes.saturating_sub(freed);
            return;
        }
        let mut place = 0;
        self.segments.retain(|_| {
            place += 1;
            place % 2 == 1 || place > closed
        });
        let closed = self.segments.len() - 1;
        self.bytes = self.segments[..closed].iter().map(Segment::bytes).sum();
    }

    /// Whether shedding could still free something.
    pub fn can_shed(&self) -> bool {
        self.segments.len() > 2 || self.segments[..self.segments.len() - 1].iter().any(|s| s.kept.is_some())
    }
}

/// Marks over the whole run, thinned as it grows: of each row and kind of mark the last in each
/// stretch of time is kept, and the stretches double when there are too many marks.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    pub marks: Vec<Marked>,
    stretch: Micros,
}

const MOST_MARKS: usize = 4_096;
/// More than there are kinds of marks: of one stretch all are found, and thinning comes to an end.
const KINDS: usize = 64;

impl Overview {
    pub fn add(&mut self, marks: &[Marked]) {
        self.marks.extend_from_slice(marks);
        if self.marks.len() <= MOST_MARKS {
            return;
        }
        // What came since is thinned as the rest was; only where that leaves too many do the stretches double.
        self.stretch = self.stretch.max(1_000);
        self.thin();
        while self.marks.len() > MOST_MARKS / 2 {
            self.stretch *= 2;
            self.thin();
        }
    }

    fn thin(&mut self) {
        let place = |mark: &Marked| (mark.row, mark.glyph as u8, mark.time / self.stretch);
        let mut kept: Vec<Marked> = Vec::with_capacity(self.marks.len());
        for mark in &self.marks {
            let same = kept.iter().rev().take(KINDS).position(|other| place(other) == place(mark));
            match same {
                Some(back) => {
                    let at = kept.len() - 1 - back;
                    kept[at] = *mark;
                }
                None => kept.push(*mark),
            }
        }
        self.marks = kept;
    }

    /// Forgets what came after a time.
    pub fn cut(&mut self, time: Micros) {
        self.marks.retain(|mark| mark.time <= time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::NodeId;
    use crate::protocol::Glyph;

    /// However many marks a run makes, the stretches are no longer than it is.
    #[test]
    fn stretches_grow_with_the_run_and_not_with_its_marks() {
        let mut overview = Overview::default();
        for n in 0..1_000_000u64 {
            let (row, glyph) = ((n % 3) as u16, [Glyph::Open, Glyph::Solid, Glyph::Cell][(n / 3 % 3) as usize]);
            overview.add(&[Marked { time: n / 100, row, glyph, epoch: 1, a: 0, node: NodeId(0) }]);
            assert!(overview.marks.len() <= MOST_MARKS, "{n}");
        }
        assert!(overview.stretch <= 20_000, "{}", overview.stretch);
        assert!(overview.marks.last().is_some_and(|mark| mark.time == 9_999));
    }
}
