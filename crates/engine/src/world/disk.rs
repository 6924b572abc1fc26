//! Disks that take their time: what a node forces is safe after a while, and then it goes on.

use crate::names::NodeId;
use crate::protocol::TimerCode;
use crate::rng::{Stream, between, draw};
use crate::trace::{Seq, Status, What};
use crate::units::Micros;

use super::{Event, Origin, STOPPED, World};

/// A write on its way to the disk, and what the node does when it is safe.
#[derive(Clone, Copy, Debug)]
pub struct Write {
    pub timer: TimerCode,
    pub from: Micros,
    pub until: Micros,
    /// It is on the disk, and its node is paused or has only just resumed.
    pub(crate) safe: bool,
    pub(super) order: u64,
    cause: Seq,
    pub(super) origin: Origin,
}

impl World {
    /// What the node holds is on its way to its disk. Writes are safe in the order in which they were asked.
    pub(super) fn force(&mut self, id: NodeId, timer: TimerCode, cause: Seq) {
        let (min, max) = self.setup.disk.of(id);
        let slot = &mut self.slots[id.at()];
        let takes = between(draw(self.setup.seed, Stream::Disk(id.0), slot.disk_draws), min, max);
        slot.disk_draws = slot.disk_draws.wrapping_add(1);
        // As every timer it takes a while, so that no instant holds endless events.
        let before = slot.writes.last().map_or(0, |write| write.until);
        let until = (self.now + takes.max(1)).max(before);
        let faults = self.machines.faults_mut();
        faults.slowest_write = faults.slowest_write.max(until - self.now);
        let order = self.schedule(until, Event::Written(id));
        let origin = self.costs.origin();
        self.slots[id.at()].writes.push(Write { timer, from: self.now, until, safe: false, order, cause, origin });
    }

    /// A write is safe, and the node goes on with what waited for it; a paused one when it resumes.
    pub(super) fn written(&mut self, id: NodeId, order: u64) {
        let Some(at) = self.slots[id.at()].writes.iter().position(|write| write.order == order) else {
            return;
        };
        let write = &mut self.slots[id.at()].writes[at];
        let cause = write.cause;
        if !std::mem::replace(&mut write.safe, true) {
            let from = write.from;
            self.note_write(id, from);
            let known = self.checked.then(|| self.known_broken());
            let broken = self.machines.written(id, self.now, known.as_deref());
            self.report(broken, cause);
        }
        let write = self.slots[id.at()].writes[at];
        if self.slots[id.at()].status == Status::Paused {
            self.slots[id.at()].writes[at].order = STOPPED;
            self.note(What::Written, Some(id), None, write.cause);
            return;
        }
        // One before it may have waited for the node to resume and be due at this very instant: it goes
        // first, and this one in its turn.
        let slot = &mut self.slots[id.at()];
        slot.writes[at].order = slot.writes[0].order;
        let first = slot.writes.remove(0);
        self.costs.set_off_by(first.origin);
        let seq = self.note(What::Timer { kind: first.timer.kind }, Some(id), None, first.cause);
        self.handle(id, seq, crate::erased::Call::Timer(first.timer));
    }

    /// Writes that are on their way.
    pub(crate) fn open_writes(&self) -> impl Iterator<Item = crate::trace::Write> {
        self.slots.iter().zip(0..).flat_map(|(slot, node)| {
            let going = slot.writes.iter().filter(|write| !write.safe);
            going.map(move |write| crate::trace::Write { node: NodeId(node), from: write.from, until: write.until })
        })
    }

    /// The node resumes: it goes on with what became safe meanwhile.
    pub(crate) fn resume_writes(&mut self, id: NodeId) {
        for at in 0..self.slots[id.at()].writes.len() {
            if self.slots[id.at()].writes[at].order == STOPPED {
                self.slots[id.at()].writes[at].order = self.schedule(self.now, Event::Written(id));
            }
        }
    }
}
