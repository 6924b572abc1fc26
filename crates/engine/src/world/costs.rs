//! What commands cost, in a run that has places: the messages that each set off, and how many of them go from one
//! place to another. It is for the eye: no handler sees it, and it is no part of the state.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::names::{ClientId, End};

use super::World;

/// Costs are kept of so many commands, the newest.
const KEPT: usize = 8;

/// The command that set something off, by its number from 1 on; 0 where none did. A message hands it on to what
/// is sent because of it; what a timer does is set off by nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin(pub(super) u32);

impl Hash for Origin {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

#[derive(Clone, Debug)]
pub struct Cost {
    number: u32,
    pub client: ClientId,
    pub operation: Rc<str>,
    /// Between nodes, and with clients that are machines of their own.
    pub messages: u32,
    pub crossing: u32,
}

#[derive(Clone, Debug, Default)]
pub struct Costs {
    last: u32,
    /// What is being done now was set off by this command.
    origin: Origin,
    kept: VecDeque<Cost>,
}

impl Costs {
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }
    pub(crate) fn set_off_by(&mut self, origin: Origin) {
        self.origin = origin;
    }
    /// Of the newest commands, in their order.
    pub(crate) fn each(&self) -> impl Iterator<Item = &Cost> {
        self.kept.iter()
    }
}

impl World {
    /// A client takes up a command: what happens now is set off by it.
    pub(crate) fn begin_cost(&mut self, client: ClientId) {
        if self.network.places().is_none() {
            return;
        }
        let costs = &mut self.costs;
        costs.last += 1;
        costs.origin = Origin(costs.last);
        if costs.kept.len() == KEPT {
            costs.kept.pop_front();
        }
        let it = &mut self.clients[client.at()];
        it.origin = costs.origin;
        let operation = it.operation.text.clone();
        costs.kept.push_back(Cost { number: costs.last, client, operation, messages: 0, crossing: 0 });
    }

    /// Counts a message that a command set off.
    #[inline]
    pub(crate) fn count_cost(&mut self, from: End, to: End) {
        let Origin(number) = self.costs.origin;
        if number == 0 {
            return;
        }
        let crosses = self.network.places().is_some_and(|places| places.crosses(from, to));
        if let Some(cost) = self.costs.kept.iter_mut().rev().find(|cost| cost.number == number) {
            cost.messages += 1;
            cost.crossing += u32::from(crosses);
        }
    }
}
