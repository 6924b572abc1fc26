//! The network: latency, loss, duplication, order, cuts and partitions. No message is here.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::names::{End, NodeId};
use crate::order::SmallMap;
use crate::places::{Places, exactly};
use crate::profile::{PROFILES, is_near};
use crate::protocol::Tone;
use crate::rng::{Stream, between};
use crate::units::{MS, Micros, Ppm};

/// A message takes at least this long, so that no instant holds endless events.
pub const SHORTEST_FLIGHT: Micros = 1;
/// The longest latency that may be set: a minute.
pub const LONGEST_LATENCY: Micros = 60_000 * MS;

/// A range of latencies, from the least to the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Latency {
    /// The least.
    pub min: Micros,
    /// The greatest; chance draws between the two, both included.
    pub max: Micros,
}

/// How the network is at the start of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conditions {
    pub latency: Latency,
    /// Which of [`PROFILES`] latencies are drawn from; then `latency` is their bounds.
    pub profile: Option<u8>,
    pub loss: Ppm,
    pub duplicate: Ppm,
    /// False makes each link first in, first out.
    pub reorder: bool,
}

/// Without a profile there is nothing of it in fingerprints.
impl Hash for Conditions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.latency, self.loss, self.duplicate, self.reorder).hash(state);
        if let Some(profile) = self.profile {
            profile.hash(state);
        }
    }
}

impl Conditions {
    /// Latencies come from this profile.
    pub fn follow(&mut self, profile: u8) {
        let (min, max) = PROFILES[usize::from(profile)].bounds();
        (self.latency, self.profile) = (Latency { min, max }, Some(profile));
    }
}

impl Default for Conditions {
    fn default() -> Self {
        let latency = Latency { min: 10 * MS, max: 20 * MS };
        Conditions { latency, profile: None, loss: 0, duplicate: 0, reorder: true }
    }
}

/// The longest that a message flies: inside a place, or from any place to any other.
pub(crate) fn slowest(conditions: &Conditions, places: Option<&Places>) -> Micros {
    let trip = places.map_or(0, Places::longest_trip);
    conditions.latency.max.max(trip - trip / 2)
}

#[derive(Clone, Debug, Hash)]
pub(crate) struct Network {
    /// Inside a place, where there are places.
    pub conditions: Conditions,
    pub(crate) places: Grounds,
    /// Links with a latency of their own.
    pub links: SmallMap<(NodeId, NodeId), Latency>,
    cuts: SmallMap<(NodeId, NodeId), ()>,
    partition: Option<Rc<Partition>>,
    counts: Counts,
    /// When the last message of each link arrives; kept only where order is.
    last: SmallMap<(End, End), Micros>,
}

/// Places, if the run has any. Without them they are no part of a fingerprint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grounds(pub(crate) Option<Rc<Places>>);

impl Hash for Grounds {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if let Some(places) = &self.0 {
            places.hash(state);
        }
    }
}

/// A network cut into groups, none of which reaches another.
#[derive(Debug)]
struct Partition {
    groups: Vec<Vec<End>>,
    /// The place of each node's group, so that a send costs the same however many nodes there are.
    sides: Vec<Option<u32>>,
}

impl Hash for Partition {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.groups.hash(state);
    }
}

impl Partition {
    fn of(groups: Vec<Vec<End>>) -> Partition {
        let mut sides = Vec::new();
        for (side, group) in (0..).zip(&groups) {
            for node in group.iter().filter_map(|end| end.node()) {
                if sides.len() <= node.at() {
                    sides.resize(node.at() + 1, None);
                }
                sides[node.at()] = Some(side);
            }
        }
        Partition { groups, sides }
    }

    #[inline]
    fn side(&self, end: End) -> Option<u32> {
        match end {
            End::Node(node) => self.sides.get(node.at()).copied().flatten(),
            End::Client(_) => self.groups.iter().position(|group| group.contains(&end)).map(|side| side as u32),
        }
    }
}

/// How often each stream of a link was drawn from: one count a link in small clusters, one a
/// sender in large ones, where most pairs never talk.
#[derive(Clone, Debug, Hash)]
enum Counts {
    Links { nodes: u32, drawn: Vec<u32> },
    Senders(Vec<u32>),
}

const LINKS_COUNTED_UP_TO: u32 = 100;

impl Network {
    pub fn new(conditions: Conditions, places: Option<Rc<Places>>, nodes: u32) -> Network {
        let counts = if nodes <= LINKS_COUNTED_UP_TO {
            Counts::Links { nodes, drawn: vec![0; (nodes * nodes) as usize] }
        } else {
            Counts::Senders(vec![0; nodes as usize])
        };
        let (links, cuts, last) = (SmallMap::default(), SmallMap::default(), SmallMap::default());
        Network { conditions, places: Grounds(places), links, cuts, partition: None, counts, last }
    }

    /// Makes room for a node that joins.
    pub fn grow(&mut self, nodes: u32) {
        match &mut self.counts {
            Counts::Links { nodes: old, drawn } => {
                let mut wider = vec![0; (nodes * nodes) as usize];
                for from in 0..*old {
                    for to in 0..*old {
                        wider[(from * nodes + to) as usize] = drawn[(from * *old + to) as usize];
                    }
                }
                (*old, *drawn) = (nodes, wider);
            }
            Counts::Senders(drawn) => drawn.resize(nodes as usize, 0),
        }
    }

    /// The stream and count of the next message from one node to another.
    #[inline]
    pub fn next_draw(&mut self, from: NodeId, to: NodeId) -> (Stream, u32) {
        let count = match &mut self.counts {
            Counts::Links { nodes, drawn } => &mut drawn[(from.0 * *nodes + to.0) as usize],
            Counts::Senders(drawn) => &mut drawn[from.at()],
        };
        let drawn = *count;
        *count = count.wrapping_add(1);
        (Stream::Link(from.0, to.0), drawn)
    }

    #[inline]
    pub fn latency(&self, from: End, to: End) -> Latency {
        if let (End::Node(from), End::Node(to)) = (from, to)
            && !self.links.is_empty()
            && let Some(own) = self.links.get((from, to))
        {
            return *own;
        }
        let away = self.places.0.as_ref().and_then(|places| places.one_way(from, to));
        away.map_or(self.conditions.latency, exactly)
    }

    /// How long a message flies, by a draw.
    #[inline]
    pub fn flight(&self, from: End, to: End, tone: Tone, draw: u64) -> Micros {
        let latency = self.latency(from, to);
        if let Some(profile) = self.conditions.profile
            && latency == self.conditions.latency
        {
            let nodes = match &self.counts {
                Counts::Links { nodes, .. } => *nodes,
                Counts::Senders(drawn) => drawn.len() as u32,
            };
            return PROFILES[usize::from(profile)].flight(tone, is_near(from, to, nodes), draw);
        }
        between(draw, latency.min, latency.max)
    }

    pub fn places(&self) -> Option<&Places> {
        self.places.0.as_deref()
    }
    /// A node stands in this place from now on. Messages in flight arrive when they would have.
    pub(crate) fn put(&mut self, node: NodeId, place: usize) {
        if let Some(places) = &mut self.places.0 {
            Rc::make_mut(places).put(node, place);
        }
    }
    /// The longest that a message flies, but for links that have a latency of their own.
    pub fn slowest(&self) -> Micros {
        slowest(&self.conditions, self.places())
    }

    /// A latency for every link takes back those that single links had. Between places the round trips stand.
    pub fn set_latency(&mut self, latency: Latency) {
        (self.conditions.latency, self.conditions.profile) = (latency, None);
        self.links.clear();
    }

    /// The arrival, put off where the link keeps its order.
    #[inline]
    pub fn arrival(&mut self, from: End, to: End, drawn: Micros) -> Micros {
        if self.conditions.reorder {
            return drawn;
        }
        let arrival = self.last.get((from, to)).map_or(drawn, |last| drawn.max(last + 1));
        self.last.insert((from, to), arrival);
        arrival
    }

    #[inline]
    pub fn reachable(&self, from: End, to: End) -> bool {
        if let (End::Node(from), End::Node(to)) = (from, to)
            && self.cuts.get((from, to)).is_some()
        {
            return false;
        }
        self.same_side(from, to)
    }

    #[inline]
    fn same_side(&self, a: End, b: End) -> bool {
        let Some(partition) = &self.partition else {
            return true;
        };
        let side = |end: End| partition.side(end);
        match (a, b) {
            (End::Node(_), End::Node(_)) => side(a) == side(b),
            // A client that no group lists reaches everyone.
            (End::Client(_), node) | (node, End::Client(_)) => {
                let client = if node == a { b } else { a };
                side(client).is_none() || side(client) == side(node)
            }
        }
    }

    pub fn cut(&mut self, from: NodeId, to: NodeId) {
        self.cuts.insert((from, to), ());
    }
    pub fn mend(&mut self, from: NodeId, to: NodeId) {
        self.cuts.remove((from, to));
    }
    pub fn partition(&mut self, groups: Vec<Vec<End>>) {
        self.partition = Some(Rc::new(Partition::of(groups)));
    }
    pub fn heal(&mut self) {
        self.cuts.clear();
        self.partition = None;
    }
    /// Whether every node reaches every other.
    pub fn is_whole(&self) -> bool {
        self.partition.is_none() && self.cuts.is_empty()
    }
    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        self.cuts.get((from, to)).is_some()
    }
    pub fn cuts(&self) -> impl Iterator<Item = (NodeId, NodeId)> {
        self.cuts.keys()
    }
    pub fn groups(&self) -> Option<&Vec<Vec<End>>> {
        self.partition.as_deref().map(|partition| &partition.groups)
    }
    pub fn weight(&self) -> usize {
        let counts = match &self.counts {
            Counts::Links { drawn, .. } | Counts::Senders(drawn) => drawn.len() * 4,
        };
        counts + (self.links.len() + self.cuts.len() + self.last.len()) * 48
    }
}
