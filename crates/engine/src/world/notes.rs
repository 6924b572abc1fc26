//! What is written down of an event: records, changes of standing, and what broke.

use crate::client::Client;
use crate::erased::{Broken, Heard};
use crate::names::{End, NodeId};
use crate::promise::Promise;
use crate::protocol::Breach;
use crate::trace::{Change, Marked, NONE, Record, Seq, What, Write};
use crate::units::Micros;

use super::{Violation, World};

impl World {
    /// Writes a record and gives its number.
    #[inline]
    pub(crate) fn note(&mut self, what: What, node: Option<NodeId>, peer: Option<End>, cause: Seq) -> Seq {
        let record = Record { cause, ..self.blank(what, node, peer) };
        self.keep(record);
        record.seq
    }

    /// The next record, without a cause.
    #[inline]
    pub(crate) fn blank(&mut self, what: What, node: Option<NodeId>, peer: Option<End>) -> Record {
        let seq = self.next_seq;
        self.next_seq += 1;
        let epoch = node.map_or(0, |node| self.slots[node.at()].standing.epoch);
        Record { seq, time: self.now, cause: NONE, message: NONE, nodes: 0, node, peer, epoch, a: 0, what }
    }

    #[inline]
    pub(crate) fn keep(&mut self, record: Record) {
        if !self.traced {
            return;
        }
        if let (What::Rule(rule), Some(node)) = (record.what, record.node)
            && let Some(mark) = rule.mark
        {
            let (row, glyph) = (mark.row as u16, mark.glyph);
            let marked = Marked { time: self.now, row, glyph, epoch: record.epoch, a: record.a, node };
            self.happened.marks.push(marked);
        }
        self.happened.records.push(record);
    }

    #[inline]
    pub(crate) fn note_change(&mut self, id: NodeId) {
        let slot = &mut self.slots[id.at()];
        slot.standing = self.machines.standing(id);
        if self.traced {
            let (status, standing) = (slot.status, slot.standing);
            self.happened.changes.push(Change { time: self.now, node: id, status, standing });
        }
    }

    /// A write is over: what was written is safe, or a crash has taken it.
    pub(crate) fn note_write(&mut self, node: NodeId, from: Micros) {
        if self.traced {
            self.happened.writes.push(Write { node, from, until: self.now });
        }
    }

    /// Tells the history what a client did, and asks every invariant.
    pub(crate) fn check_client(&mut self, client: u32, asked: bool, cause: Seq) {
        if !self.checked {
            return;
        }
        let known = self.known_broken();
        let Client { id, serial, operation, answer, .. } = &self.clients[client as usize];
        let heard = match answer {
            _ if asked => Heard::Asked(operation),
            Some(answer) => Heard::Answered(operation, answer),
            None => return,
        };
        let broken = self.machines.hear(*id, *serial, heard, self.now, &known);
        self.report(broken, cause);
    }

    #[inline]
    pub(crate) fn report(&mut self, broken: Broken, cause: Seq) {
        for (invariant, breach) in broken {
            let Promise { promised, assumes, .. } = self.machines.promises()[invariant];
            let what = What::Violation { invariant: invariant as u16 };
            let seq = if promised { self.note(what, breach.nodes.first().copied(), None, cause) } else { cause };
            let (time, beyond) = (self.now, self.machines.faults().beyond(assumes));
            let Breach { nodes, says } = breach;
            self.violations.push(Violation { invariant, time, seq, nodes, says, promised, beyond });
        }
    }

    /// Those that are promised: the others are only watched.
    pub fn breaches(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter().filter(|violation| violation.promised)
    }

    /// Asks every invariant at each deadline on the way to a time.
    #[inline]
    pub(super) fn pass_deadlines(&mut self, time: Micros) {
        while let Some(deadline) = self.machines.deadline(self.now).filter(|deadline| *deadline <= time) {
            (self.now, self.at_now) = (deadline, 0);
            if self.checked {
                let known = self.known_broken();
                let broken = self.machines.pass(deadline, &known);
                self.report(broken, NONE);
            }
        }
    }
}
