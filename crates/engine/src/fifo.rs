//! Links that keep their order: whoever arrives while one before it is still on its way waits for it.

use crate::flight::{Fate, Flight, Ticket};
use crate::names::End;
use crate::trace::What;
use crate::world::World;

impl World {
    /// Whether links are in order: first in, first out.
    pub fn in_order(&self) -> bool {
        !self.network.conditions.reorder
    }

    /// The one that is next on a flight's link and before it, whatever keeps that one.
    pub(crate) fn before(&self, flight: &Flight) -> Option<&Flight> {
        let on_its_way = |fate: Fate| matches!(fate, Fate::Flying | Fate::Held | Fate::Behind);
        let link = self.flights.iter().map(|(_, other)| other).filter(|f| f.from == flight.from && f.to == flight.to);
        let before = link.filter(|f| on_its_way(f.fate) && f.place() < flight.place());
        before.min_by_key(|f| f.place())
    }

    pub(crate) fn wait_behind(&mut self, ticket: Ticket) {
        let Some(flight) = self.flights.get_mut(ticket) else {
            return;
        };
        flight.mark_place(self.now);
        flight.fate = Fate::Behind;
        let flight = flight.clone();
        self.note_flight(&flight, What::Behind { kind: flight.summary.kind }, flight.cause);
    }

    /// One on a link has ended or waits for its node: the next that waited for it arrives now.
    #[inline]
    pub(crate) fn go_on_behind(&mut self, link: (End, End)) {
        if self.in_order() {
            self.next_on_link(link);
        }
    }

    fn next_on_link(&mut self, (from, to): (End, End)) {
        let behind = self.flights.iter().filter(|(_, f)| f.fate == Fate::Behind && f.from == from && f.to == to);
        let Some((ticket, flight)) = behind.min_by_key(|(_, f)| f.place()) else {
            return;
        };
        if self.before(flight).is_none() {
            self.deliver_now(ticket);
        }
    }
}
