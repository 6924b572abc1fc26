//! Who may talk to whom. Neighbours are computed when they are needed: a million sites keep no
//! lists of them.

use synod_engine::prelude::*;
use synod_engine::rng::Stream;
use synod_engine::rng::draw;

use super::state::{Config, Topology};

/// The part of the wide area that links its two sites: one site in so many has a link.
const SITES_A_LINK: u32 = 25;

#[derive(Clone, Copy)]
pub struct Graph {
    topology: Topology,
    degree: u32,
    sites: u32,
    seed: u64,
}

impl Graph {
    pub fn new(config: &Config, sites: u32, seed: u64) -> Graph {
        Graph { topology: config.topology, degree: config.degree, sites, seed }
    }

    /// How many neighbours a site has; some may be the same, or itself.
    pub fn count(&self, site: NodeId) -> u32 {
        match self.topology {
            Topology::Complete => self.sites - 1,
            Topology::Ring => 2,
            Topology::Grid => 4,
            Topology::Random => self.degree,
            Topology::TwoSites => self.half(site).1.saturating_sub(1) + u32::from(self.linked(site).is_some()),
        }
    }

    /// A neighbour by its number. Nothing where a grid or a line ends, or where it is the site itself.
    pub fn neighbour(&self, site: NodeId, number: u32) -> Option<NodeId> {
        let (n, me) = (self.sites, site.0);
        let found = match self.topology {
            Topology::Complete => (me + 1 + number) % n,
            Topology::Ring => (me + if number == 0 { 1 } else { n - 1 }) % n,
            Topology::Grid => self.beside(me, number)?,
            Topology::Random => self.shuffled(me, number),
            Topology::TwoSites => {
                let (first, size) = self.half(site);
                match number.checked_sub(size.saturating_sub(1)) {
                    None => first + (me - first + 1 + number) % size,
                    Some(_) => self.linked(site)?,
                }
            }
        };
        (found != me && found < n).then_some(NodeId(found))
    }

    /// A square grid, filled row by row.
    fn beside(&self, me: u32, number: u32) -> Option<u32> {
        let wide = (self.sites - 1).isqrt() + 1;
        match number {
            0 => (me % wide + 1 < wide).then_some(me + 1),
            1 => me.checked_sub(1).filter(|_| !me.is_multiple_of(wide)),
            2 => Some(me + wide),
            _ => me.checked_sub(wide),
        }
    }

    /// The union of random permutations: each gives a site one neighbour forwards and one back,
    /// which makes a random regular graph (the permutation model).
    fn shuffled(&self, me: u32, number: u32) -> u32 {
        let key = draw(self.seed, Stream::Outside(2), number / 2);
        let mut at = me;
        // Walking on until it falls inside makes a permutation of fewer than a power of two.
        loop {
            at = permute(at, self.bits(), key, number % 2 == 1);
            if at < self.sites {
                return at;
            }
        }
    }

    fn bits(&self) -> u32 {
        (32 - (self.sites - 1).leading_zeros()).div_ceil(2) * 2
    }

    /// The first of a site's half, and how many there are.
    fn half(&self, site: NodeId) -> (u32, u32) {
        let first = self.sites / 2;
        if site.0 < first { (0, first) } else { (first, self.sites - first) }
    }

    /// The far end of a site's link, if it has one.
    fn linked(&self, site: NodeId) -> Option<u32> {
        let (first, _) = self.half(site);
        let place = site.0 - first;
        let far = if first == 0 { self.sites / 2 } else { 0 };
        (place.is_multiple_of(SITES_A_LINK) && place < self.sites / 2).then_some(far + place)
    }
}

/// A Feistel network of four rounds over an even number of bits.
fn permute(value: u32, bits: u32, key: u64, backwards: bool) -> u32 {
    let half = bits / 2;
    let mask = (1u32 << half) - 1;
    let (mut left, mut right) = (value >> half, value & mask);
    let mix = |part: u32, round: u32| draw(key, Stream::Outside(round), part) as u32 & mask;
    if backwards {
        for round in (0..4).rev() {
            (left, right) = (right ^ mix(left, round), left);
        }
    } else {
        for round in 0..4 {
            (left, right) = (right, left ^ mix(right, round));
        }
    }
    left << half | right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gossip::state::*;

    fn graph(topology: Topology, sites: u32) -> Graph {
        Graph { topology, degree: 4, sites, seed: 7 }
    }

    fn neighbours(graph: &Graph, site: u32) -> Vec<u32> {
        let site = NodeId(site);
        let mut all: Vec<u32> = (0..graph.count(site)).filter_map(|n| graph.neighbour(site, n)).map(|n| n.0).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    #[test]
    fn neighbours_are_mutual_and_never_the_site_itself() {
        for topology in [Topology::Complete, Topology::Ring, Topology::Grid, Topology::Random, Topology::TwoSites] {
            for sites in [2, 3, 4, 7, 60, 101] {
                let graph = graph(topology, sites);
                for site in 0..sites {
                    for near in neighbours(&graph, site) {
                        assert!(near != site && near < sites, "{topology:?} of {sites}: {site} has {near}");
                        assert!(
                            neighbours(&graph, near).contains(&site),
                            "{topology:?} of {sites}: {near} lacks {site}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn every_graph_is_connected() {
        for topology in [Topology::Complete, Topology::Ring, Topology::Grid, Topology::Random, Topology::TwoSites] {
            let graph = graph(topology, 200);
            let mut reached = [false; 200];
            let mut next = vec![0];
            while let Some(site) = next.pop() {
                if !std::mem::replace(&mut reached[site as usize], true) {
                    next.extend(neighbours(&graph, site));
                }
            }
            assert!(reached.iter().all(|reached| *reached), "{topology:?}");
        }
        let degrees: Vec<usize> =
            (0..1_000).map(|site| neighbours(&graph(Topology::Random, 1_000), site).len()).collect();
        assert!(degrees.iter().all(|degree| *degree <= 4) && degrees.iter().sum::<usize>() > 3_950);
    }
}
