//! Taking inputs back and doing them again. A branch is its inputs: to undo is to go to the branch
//! without the last one, to redo is to go back to the one with it.

use crate::branch::Placed;
use crate::trace::Seq;
use crate::units::{END_OF_TIME, Micros};

use super::Timeline;

/// The oldest of more is forgotten.
const MOST_UNDONE: usize = 1_024;

/// A moment of a run, exact also within an instant.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Moment {
    time: Micros,
    seq: Seq,
}

/// An input that was taken back, and what lay ahead of it.
#[derive(Clone)]
pub(super) struct Undone {
    /// The branch that it was taken back from, and the one without it.
    left: u32,
    made: u32,
    /// Where it stood among the inputs; it is the first of `rest`.
    place: usize,
    rest: Vec<Placed>,
    before: Moment,
    after: Moment,
}

impl Timeline {
    /// How many inputs of this branch have been done.
    pub fn done(&self) -> usize {
        self.head.cursor
    }

    pub fn can_undo(&self) -> bool {
        self.head.cursor > 0
    }

    /// Takes back the last input that was done at or before now, and stands at the same time. The
    /// branch with it stays as it is, and so do the inputs that lie ahead in it: the one without it
    /// has none of these, since they were made for another run. Gives the input.
    pub fn undo(&mut self) -> Option<Placed> {
        let place = self.head.cursor.checked_sub(1)?;
        let (left, before) = (self.current_branch(), self.moment());
        let rest = self.inputs()[place..].to_vec();
        let undone = rest[0].clone();
        let without = self.inputs()[..place].to_vec();
        self.go_to(without, None);
        self.seek_from_key(before.time);
        let (made, after) = (self.current_branch(), self.moment());
        if self.undone.len() == MOST_UNDONE {
            self.undone.remove(0);
        }
        self.undone.push(Undone { left, made, place, rest, before, after });
        Some(undone)
    }

    /// Whether the last undo can be taken back: nobody has made an input or left its branch.
    pub fn can_redo(&self) -> bool {
        self.undone.last().is_some_and(|undone| undone.made == self.current_branch())
    }

    /// Goes back to the branch that the last undo left, and stands at the same time. Gives the input
    /// that is there again.
    pub fn redo(&mut self) -> Option<Placed> {
        let made = self.current_branch();
        let undone = self.undone.pop_if(|undone| undone.made == made)?;
        let now = self.moment();
        let mut inputs = self.inputs()[..undone.place].to_vec();
        inputs.extend_from_slice(&undone.rest);
        self.go_to(inputs, Some(undone.left));
        // A branch that was forgotten meanwhile is made again, under another number.
        let here = self.current_branch();
        self.undone.iter_mut().filter(|other| other.made == undone.left).for_each(|other| other.made = here);
        if now == undone.after {
            self.stand_at(undone.before);
        } else {
            self.seek_from_key(now.time);
        }
        undone.rest.into_iter().next()
    }

    fn moment(&self) -> Moment {
        Moment { time: self.head.world.now, seq: self.head.world.next_seq }
    }

    /// Stands at a moment of this branch that has been reached before.
    fn stand_at(&mut self, moment: Moment) {
        let branch = self.branch();
        let at = branch.segment_of(moment.seq).min(branch.segment_at(moment.time));
        let key = branch.segments[at].key.clone();
        self.stand_on(&key);
        while self.head.world.next_seq < moment.seq && self.step_up_to(moment.time) {}
        self.move_to(moment.time);
    }

    /// Goes to the branch of these inputs, best to the one of this number, and makes it if there is
    /// none. Whoever calls this takes the world to where it is to stand.
    fn go_to(&mut self, inputs: Vec<Placed>, known: Option<u32>) {
        if self.futures.find(&inputs, known) {
            return;
        }
        let shared = self.inputs().iter().zip(&inputs).take_while(|(a, b)| a == b).count();
        let Some(first) = self.inputs().get(shared).or_else(|| inputs.get(shared)).cloned() else {
            return;
        };
        self.stand_before(shared, &first);
        self.start_branch();
        let branch = self.futures.here_mut();
        branch.end = inputs.last().map_or(branch.end, |last| branch.end.max(last.time));
        branch.inputs = inputs;
        branch.written.take();
    }

    /// Stands where so many inputs are done and another one is due.
    fn stand_before(&mut self, place: usize, placed: &Placed) {
        let keys = &self.branch().segments;
        let early = |key: &crate::branch::Keyframe| key.cursor <= place && key.now < placed.time;
        let at = keys.partition_point(|segment| early(&segment.key)).saturating_sub(1);
        let key = keys[at].key.clone();
        self.stand_on(&key);
        while (self.head.cursor < place || !self.head.comes_next(placed)) && self.step_up_to(END_OF_TIME) {}
        self.move_to(placed.time);
    }
}
