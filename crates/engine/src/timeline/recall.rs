//! What happened, read back: out of what was kept, or computed again.

use crate::names::NodeId;
use crate::trace::{Change, Past, Record, Recorder, Seq, Write};
use crate::units::Micros;

use super::Timeline;
use super::head::Head;

/// Messages that ended, nodes that came to stand otherwise, and writes to disks, from a time on. The first
/// changes tell how every node stood at that time.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// How nodes stand, in order of time.
    pub changes: Vec<Change>,
    /// Messages whose flights ended.
    pub past: Vec<Past>,
    /// Writes to disks, those on their way last.
    pub writes: Vec<Write>,
}

impl Timeline {
    /// Runs a segment again from its keyframe, up to a time and a record's number. Gives what was written,
    /// and how many events there were.
    pub(super) fn replay(&self, segment: usize, until: Seq, time: Micros) -> (Recorder, usize) {
        let branch = self.branch();
        let mut head = Head::on(&branch.segments[segment].key, &self.setup);
        let (mut written, mut events) = (Recorder::default(), 0);
        while head.world.next_seq < until && head.step(&branch.inputs, time) {
            written.extend(&head.world.happened);
            events += 1;
        }
        if head.world.next_seq < until {
            head.move_to(time);
            written.extend(&head.world.happened);
        }
        (written, events)
    }

    /// The same up to where it stands.
    pub(super) fn replay_open(&self, segment: usize) -> (Recorder, usize) {
        self.replay(segment, self.head.world.next_seq, self.head.world.now)
    }

    /// Gives what a segment recorded to `see`, computing it again if it was dropped.
    pub(super) fn with_segment<T>(&self, at: usize, see: impl FnOnce(&Recorder) -> T) -> T {
        let branch = self.branch();
        if at + 1 == branch.segments.len() {
            return if branch.open_cut { see(&self.replay_open(at).0) } else { see(&branch.open) };
        }
        match &branch.segments[at].kept {
            Some(kept) => see(kept),
            None => {
                let next = &branch.segments[at + 1].key;
                see(&self.replay(at, next.next_seq, next.now).0)
            }
        }
    }

    pub(super) fn record(&self, seq: Seq) -> Option<Record> {
        let find = |recorder: &Recorder| {
            let at = recorder.records.partition_point(|record| record.seq < seq);
            recorder.records.get(at).filter(|record| record.seq == seq).copied()
        };
        find(&self.head.world.happened).or_else(|| find(&self.branch().open)).or_else(|| {
            let branch = self.branch();
            (seq < branch.furthest).then(|| self.with_segment(branch.segment_of(seq), find)).flatten()
        })
    }

    /// Gives each record of this branch from a number on, up to now or to before another.
    pub fn each_record(&self, from: Seq, before: Seq, mut see: impl FnMut(&Record)) {
        let branch = self.branch();
        let upto = self.head.world.next_seq.min(before);
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

    /// What the time diagram shows, from a time up to now.
    pub fn window(&self, from: Micros) -> Window {
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
        let (mut changes, mut past, mut writes) = (Vec::new(), Vec::new(), Vec::new());
        for at in first..branch.segments.len() {
            if branch.segments[at].key.now > self.head.world.now {
                break;
            }
            self.with_segment(at, |recorder| {
                for change in recorder.changes.iter().take_while(|change| change.time <= self.head.world.now) {
                    if change.time > from {
                        changes.push(*change);
                    } else if let Some(known) = standing.get_mut(change.node.at()) {
                        *known = Change { time: from, ..*change };
                    }
                }
                let ended = recorder.past.iter().take_while(|past| past.ended <= self.head.world.now);
                past.extend(ended.filter(|past| past.ended >= from));
                let over = recorder.writes.iter().take_while(|write| write.until <= self.head.world.now);
                writes.extend(over.filter(|write| write.until >= from));
            });
        }
        standing.extend(changes);
        writes.extend(self.head.world.open_writes());
        Window { changes: standing, past, writes }
    }

    /// The time of the last event before now, or the start.
    pub fn previous(&self) -> Micros {
        let branch = self.branch();
        let now = self.head.world.now;
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
