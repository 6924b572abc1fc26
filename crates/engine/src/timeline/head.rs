//! A run going on: a world, and which of a branch's inputs it does next.

use crate::branch::{Keyframe, Placed};
use crate::config::Setup;
use crate::input::Deed;
use crate::units::Micros;
use crate::world::World;
use std::rc::Rc;

#[derive(Clone)]
pub(crate) struct Head {
    pub world: World,
    /// The place of the next input.
    pub cursor: usize,
}

impl Head {
    pub fn on(key: &Keyframe, setup: &Rc<Setup>) -> Head {
        Head { world: key.world(setup), cursor: key.cursor }
    }

    /// Handles one event or one input that is due by a time. What it writes down is the world's `happened`.
    pub fn step(&mut self, inputs: &[Placed], limit: Micros) -> bool {
        let input = inputs.get(self.cursor).filter(|placed| self.comes_next(placed));
        let next = input.map(|placed| placed.time).or_else(|| self.world.next_time());
        if next.is_none_or(|time| time > limit) {
            return false;
        }
        match input {
            Some(placed) => self.apply(placed, None),
            None => {
                self.world.happened.clear();
                let protocol = self.world.setup.protocol;
                protocol.step(&mut self.world);
            }
        }
        true
    }

    /// Does the next input, of which it may be known already what it does.
    pub fn apply(&mut self, placed: &Placed, deeds: Option<Vec<Deed>>) {
        self.world.happened.clear();
        self.world.move_to(placed.time);
        match deeds {
            Some(deeds) => self.world.do_all(&deeds, self.cursor as u32),
            None => self.world.apply(&placed.input, self.cursor as u32),
        };
        self.cursor += 1;
    }

    /// Lets time pass in which no event is. Only a deadline may be on the way.
    pub fn move_to(&mut self, time: Micros) {
        self.world.happened.clear();
        self.world.move_to(time);
    }

    /// Whether an input comes before the next event.
    pub fn comes_next(&mut self, placed: &Placed) -> bool {
        let done = if self.world.now == placed.time { self.world.at_now } else { 0 };
        match self.world.next_time() {
            None => true,
            Some(next) => {
                next > placed.time || (next == placed.time && placed.after.is_some_and(|after| done >= after))
            }
        }
    }
}
