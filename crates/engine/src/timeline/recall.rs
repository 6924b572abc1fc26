//! What happened, read back: out of what was kept, or computed again.

use crate::branch::{Branch, Overview};
use crate::names::NodeId;
use crate::trace::{Change, Past, Record, Recorder, Seq};
use crate::units::{END_OF_TIME, Micros};
use crate::world::World;

use super::Timeline;

impl Timeline {
    /// Runs a segment again from its keyframe, up to a record's number.
    pub(super) fn replay(&self, segment: usize, until: Seq) -> (World, Recorder, usize) {
        let branch = self.branch();
        let key = &branch.segments[segment].key;
        let mut again = Timeline {
            setup: self.setup.clone(),
            branches: vec![Branch {
                segments: vec![],
                open: Recorder::default(),
                open_cut: false,
                furthest: key.next_seq,
                inputs: branch.inputs.clone(),
                overview: Overview::default(),
                violations: vec![],
                ..*branch
            }],
            current: 0,
            next_branch: 0,
            world: key.world(&self.setup),
            cursor: key.cursor,
            budget: usize::MAX,
            scratch: Recorder::default(),
            undone: Vec::new(),
            recording: true,
        };
        let mut events = 0;
        again.branches[0].since_key = 0;
        while again.world.next_seq < until {
            // Stays below a keyframe's due, since no segment is longer than one.
            again.branches[0].since_key = 0;
            if !again.step_up_to(END_OF_TIME) {
                break;
            }
            events += 1;
        }
        let open = std::mem::take(&mut again.branches[0].open);
        (again.world, open, events)
    }

    /// Gives what a segment recorded to `see`, computing it again if it was dropped.
    pub(super) fn with_segment<T>(&self, at: usize, see: impl FnOnce(&Recorder) -> T) -> T {
        let branch = self.branch();
        if at + 1 == branch.segments.len() {
            return if branch.open_cut { see(&self.replay(at, self.world.next_seq).1) } else { see(&branch.open) };
        }
        match &branch.segments[at].kept {
            Some(kept) => see(kept),
            None => see(&self.replay(at, branch.segments[at + 1].key.next_seq).1),
        }
    }

    pub(super) fn record(&self, seq: Seq) -> Option<Record> {
        let find = |recorder: &Recorder| {
            let at = recorder.records.partition_point(|record| record.seq < seq);
            recorder.records.get(at).filter(|record| record.seq == seq).copied()
        };
        find(&self.scratch).or_else(|| find(&self.branch().open)).or_else(|| {
            let branch = self.branch();
            (seq < branch.furthest).then(|| self.with_segment(branch.segment_of(seq), find)).flatten()
        })
    }

    /// Gives each record of this branch from a number on, up to now or to before another.
    pub fn each_record(&self, from: Seq, before: Seq, mut see: impl FnMut(&Record)) {
        let branch = self.branch();
        let upto = self.world.next_seq.min(before);
        let here = |recorder: &Recorder, see: &mut dyn FnMut(&Record)| {
            let first = recorder.records.partition_point(|record| record.seq < from);
            recorder.records[first..].iter().take_while(|record| record.seq < upto).for_each(see);
        };
        // The newest records are at hand, also where older ones of their segment were dropped.
        if branch.open.records.first().is_some_and(|first| first.seq <= from) {
            return here(&branch.open, &mut see);
        }
        for at in branch.segment_of(from)..branch.segments.len() {
            if branch.segments[at].key.next_seq >= upto && at > 0 {
                break;
            }
            self.with_segment(at, |recorder| here(recorder, &mut see));
        }
    }

    /// Messages that ended, and nodes that came to stand otherwise, from a time up to now. The
    /// first changes tell how every node stood at that time.
    pub fn window(&self, from: Micros) -> (Vec<Change>, Vec<Past>) {
        let branch = self.branch();
        let first = branch.segment_at(from);
        let mut standing: Vec<Change> = branch.segments[first].key.look(&self.setup, |world| {
            let stood = |(slot, n): (&crate::world::Slot, u32)| Change {
                time: from,
                node: NodeId(n),
                status: slot.status,
                standing: slot.standing,
            };
            world.slots.iter().zip(0..).map(stood).collect()
        });
        let (mut changes, mut past) = (Vec::new(), Vec::new());
        for at in first..branch.segments.len() {
            if branch.segments[at].key.now > self.world.now {
                break;
            }
            self.with_segment(at, |recorder| {
                for change in recorder.changes.iter().take_while(|change| change.time <= self.world.now) {
                    if change.time > from {
                        changes.push(*change);
                    } else if let Some(known) = standing.get_mut(change.node.at()) {
                        *known = Change { time: from, ..*change };
                    }
                }
                let ended = recorder.past.iter().take_while(|past| past.ended <= self.world.now);
                past.extend(ended.filter(|past| past.ended >= from));
            });
        }
        standing.extend(changes);
        (standing, past)
    }

    /// The time of the last event before now, or the start.
    pub fn previous(&self) -> Micros {
        let branch = self.branch();
        let now = self.world.now;
        for at in (0..=branch.segment_at(now)).rev() {
            let found = self.with_segment(at, |recorder| {
                recorder.records.iter().rev().map(|record| record.time).find(|time| *time < now)
            });
            if let Some(time) = found {
                return time;
            }
        }
        0
    }
}
