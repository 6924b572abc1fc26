//! Where nodes and clients stand, and how long messages take from place to place.

mod presets;
mod read;

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::input::Who;
use crate::names::{ClientId, End, NodeId};
use crate::network::{LONGEST_LATENCY, Latency};
use crate::order::SmallMap;
use crate::text::Says;
use crate::units::Micros;
use crate::value::Value;

pub use presets::{PRESETS, Preset};
pub(crate) use read::{is_id, is_name, is_word, read};

/// The most places that a run may have.
pub const MOST_PLACES: usize = 12;
/// The longest round trip between two places.
pub const LONGEST_TRIP: Micros = 2 * LONGEST_LATENCY;
/// Clients are numbered up to this.
pub(crate) const MOST_CLIENT: u64 = 1_000_000;
/// The longest id and the longest name of a place, in bytes.
pub(crate) const LONGEST_ID: usize = 24;
pub(crate) const LONGEST_NAME: usize = 80;

/// A place: its id, as inputs have it, and its name for readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// As inputs have it: small letters, digits and hyphens.
    pub id: String,
    /// As readers have it.
    pub name: Says,
}

/// What places are called is no part of a run.
impl Hash for Spot {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// All places of a run, the round trips between them, and who stands where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Places {
    spots: Vec<Rc<Spot>>,
    /// The round trip from each place to each, row by row.
    trips: Vec<Micros>,
    /// The place of each node.
    nodes: Vec<u8>,
    /// The places of those clients that stand anywhere: others are always near the node that they ask.
    clients: SmallMap<ClientId, u8>,
}

impl Places {
    /// Nobody stands anywhere, and no place is away from another.
    pub(crate) fn new(spots: Vec<Rc<Spot>>, nodes: u32) -> Places {
        let trips = vec![0; spots.len() * spots.len()];
        Places { spots, trips, nodes: vec![0; nodes as usize], clients: SmallMap::default() }
    }
    pub(crate) fn set_trip(&mut self, a: usize, b: usize, trip: Micros) {
        let len = self.spots.len();
        (self.trips[a * len + b], self.trips[b * len + a]) = (trip, trip);
    }
    pub(crate) fn put(&mut self, node: NodeId, place: usize) {
        if self.nodes.len() <= node.at() {
            self.nodes.resize(node.at() + 1, 0);
        }
        self.nodes[node.at()] = place as u8;
    }
    pub(crate) fn put_client(&mut self, client: ClientId, place: usize) {
        self.clients.insert(client, place as u8);
    }

    /// Every place, in the order of the configuration: a place's number is its position here.
    pub fn spots(&self) -> &[Rc<Spot>] {
        &self.spots
    }
    /// The number of the place with this id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.spots.iter().position(|spot| spot.id == id)
    }
    /// The number of the place where a node stands.
    #[inline]
    pub fn of(&self, node: NodeId) -> usize {
        self.nodes.get(node.at()).copied().map_or(0, usize::from)
    }
    /// The number of the place where either end of a message stands, if it stands anywhere.
    #[inline]
    pub fn of_end(&self, end: End) -> Option<usize> {
        match end {
            End::Node(node) => Some(self.of(node)),
            End::Client(client) => self.clients.get(client).copied().map(usize::from),
        }
    }
    /// The nodes that stand in a place, in the order of their numbers.
    pub fn nodes(&self, place: usize) -> impl Iterator<Item = NodeId> {
        let here = move |(_, at): &(u32, &u8)| usize::from(**at) == place;
        (0..).zip(&self.nodes).filter(here).map(|(node, _)| NodeId(node))
    }
    /// Those that stand there, also before their first request.
    pub fn clients(&self, place: usize) -> impl Iterator<Item = ClientId> {
        self.clients.iter().filter(move |(_, at)| usize::from(*at) == place).map(|(client, _)| *client)
    }
    /// All that stand there, nodes first.
    pub(crate) fn ends(&self, spot: &Spot) -> Vec<End> {
        let Some(place) = self.find(&spot.id) else {
            return Vec::new();
        };
        let clients = self.clients(place).map(End::Client);
        self.nodes(place).map(End::Node).chain(clients).collect()
    }
    /// Does a move, by whose text it is known.
    pub(crate) fn move_to(&mut self, who: &Who, spot: &Spot) {
        let Some(to) = self.find(&spot.id) else {
            return;
        };
        match who {
            Who::Node(node) => self.put(*node, to),
            Who::Place(from) => {
                let nodes: Vec<NodeId> = self.find(&from.id).map(|from| self.nodes(from).collect()).unwrap_or_default();
                nodes.into_iter().for_each(|node| self.put(node, to));
            }
        }
    }
    /// The round trip between two places.
    #[inline]
    pub fn trip(&self, a: usize, b: usize) -> Micros {
        self.trips[a * self.spots.len() + b]
    }
    /// One way between two ends: half of the round trip, and both ways are the whole. Nothing where they
    /// stand in one place, or one of them in none.
    #[inline]
    pub fn one_way(&self, from: End, to: End) -> Option<Micros> {
        let (a, b) = (self.of_end(from)?, self.of_end(to)?);
        let trip = self.trip(a, b);
        match a.cmp(&b) {
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Less => Some(trip - trip / 2),
            std::cmp::Ordering::Greater => Some(trip / 2),
        }
    }
    /// Whether a message between these goes from one place to another.
    #[inline]
    pub fn crosses(&self, from: End, to: End) -> bool {
        matches!((self.of_end(from), self.of_end(to)), (Some(a), Some(b)) if a != b)
    }
    /// The longest round trip between any two places, whoever stands there: nodes may move.
    pub fn longest_trip(&self) -> Micros {
        self.trips.iter().copied().max().unwrap_or(0)
    }

    /// As a configuration has them: the places, and the round trips.
    pub(crate) fn values(&self) -> [(&'static str, Value); 2] {
        let mut trips = Vec::new();
        for (a, one) in self.spots.iter().enumerate() {
            for (b, other) in self.spots.iter().enumerate().skip(a + 1) {
                trips.push((format!("{} {}", one.id, other.id).into(), Value::ms(self.trip(a, b))));
            }
        }
        [("places", self.list(&|node| Value::string(node))), ("rtt", Value::Map(trips))]
    }

    /// Each place, its nodes as `node` shows them, and its clients by name.
    pub(crate) fn list(&self, node: &dyn Fn(NodeId) -> Value) -> Value {
        Value::list(self.spots.iter().enumerate().map(|(place, spot)| {
            Value::map([
                ("id", Value::string(&spot.id)),
                ("name", Value::says(&spot.name)),
                ("nodes", Value::list(self.nodes(place).map(node))),
                ("clients", Value::list(self.clients(place).map(Value::string))),
            ])
        }))
    }
}

/// A latency that is the same for every message.
pub(crate) fn exactly(time: Micros) -> Latency {
    Latency { min: time, max: time }
}
