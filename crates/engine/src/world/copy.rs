//! A world as a value: copied for keyframes, hashed for fingerprints.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};

use crate::trace::Recorder;

use super::World;

impl Clone for World {
    fn clone(&self) -> Self {
        World {
            setup: self.setup.clone(),
            slots: self.slots.clone(),
            flights: self.flights.clone(),
            lost: self.lost.clone(),
            queue: self.queue.clone(),
            network: self.network.clone(),
            costs: self.costs.clone(),
            clients: self.clients.clone(),
            client_slots: self.client_slots.clone(),
            calls: self.calls.clone(),
            machines: self.machines.copy(),
            violations: self.violations.clone(),
            happened: Recorder::default(),
            effects: Vec::new(),
            parsed: RefCell::new(None),
            ..*self
        }
    }
}

impl Hash for World {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.setup.hash(state);
        (self.now, self.at_now, self.next_seq, self.next_message).hash(state);
        for slot in &self.slots {
            (slot.status, slot.clock, slot.starts, slot.draws).hash(state);
            if let Some(doom) = slot.crash_after {
                doom.hash(state);
            }
            for write in &slot.writes {
                (write.until, write.from, write.timer, write.safe).hash(state);
            }
            if slot.disk_draws > 0 {
                slot.disk_draws.hash(state);
            }
            for armed in super::by_code(&slot.timers) {
                (armed.until, armed.from, armed.timer).hash(state);
            }
        }
        for flight in crate::order::by_key(self.flights.iter().map(|(_, flight)| flight), |flight| flight.id) {
            flight.hash(state);
        }
        let live = self.queue.iter().filter(|due| self.is_live(due));
        for due in crate::order::by_key(live, |due| due.order) {
            due.time.hash(state);
        }
        self.network.hash(state);
        self.clients.hash(state);
        self.client_slots.iter().for_each(|slot| slot.hash(state));
        for violation in &self.violations {
            (violation.invariant, violation.time, violation.seq).hash(state);
        }
    }
}
