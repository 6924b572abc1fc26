//! Which sets of nodes can decide. One type says all of them: a majority, all of n, n - f, weights, two
//! majorities at once, groups of groups; and one check says whether any two such sets meet.

use crate::names::NodeId;
use crate::text::{Says, Text, text};

/// Parts of which enough must agree: nodes, or sets of nodes that are to decide among themselves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quorum {
    /// How much weight is enough.
    pub need: u32,
    /// Each part with its weight.
    pub parts: Vec<(u32, Part)>,
    /// Nodes without which it is not enough.
    pub must: Vec<NodeId>,
}

/// A part of a [`Quorum`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// One node.
    Node(NodeId),
    /// A set that counts as soon as it can decide for itself.
    Set(Quorum),
}

/// What a kind of decision takes, and how a verdict on it is said.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Names it among those of the protocol: `write`, `read`.
    pub id: &'static str,
    /// The sets that can decide.
    pub quorum: Quorum,
    /// What a set that has it can do: "can commit".
    pub can: Text,
    /// What a set that has it not cannot do.
    pub cannot: Text,
}

/// What a set of nodes has of what a decision needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Weight of those on the side.
    pub have: u32,
    /// Weight that is enough.
    pub need: u32,
    /// Weight of all.
    pub of: u32,
    /// Whether it can decide.
    pub can: bool,
}

/// Whether every set that can decide one thing meets every set that can decide another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// Any two share at least so many nodes.
    Always(u32),
    /// Two that share nobody.
    Apart(Vec<NodeId>, Vec<NodeId>),
    /// There are too many nodes to try every set.
    Unknown,
}

/// Up to so many nodes every set is tried, where there is no formula.
const MOST_TRIED: usize = 16;

impl Quorum {
    /// Any so many of these nodes.
    pub fn at_least(need: u32, nodes: impl IntoIterator<Item = NodeId>) -> Quorum {
        Quorum::of_parts(need, nodes.into_iter().map(|node| (1, Part::Node(node))).collect())
    }
    /// More than half of these nodes.
    pub fn majority(nodes: impl IntoIterator<Item = NodeId>) -> Quorum {
        let all = Quorum::at_least(0, nodes);
        Quorum { need: all.of() / 2 + 1, ..all }
    }
    /// Every one of these nodes.
    pub fn all(nodes: impl IntoIterator<Item = NodeId>) -> Quorum {
        let all = Quorum::at_least(0, nodes);
        Quorum { need: all.of(), ..all }
    }
    /// Nodes whose votes count more or less.
    pub fn weighted(need: u32, nodes: impl IntoIterator<Item = (u32, NodeId)>) -> Quorum {
        Quorum::of_parts(need, nodes.into_iter().map(|(weight, node)| (weight, Part::Node(node))).collect())
    }
    /// So many of these sets, each deciding for itself: all of two for a joint decision.
    pub fn of_sets(need: u32, sets: impl IntoIterator<Item = Quorum>) -> Quorum {
        Quorum::of_parts(need, sets.into_iter().map(|set| (1, Part::Set(set))).collect())
    }

    fn of_parts(need: u32, parts: Vec<(u32, Part)>) -> Quorum {
        Quorum { need, parts, must: Vec::new() }
    }
    /// Only those of its sets that this node is in.
    #[must_use]
    pub fn with(mut self, node: NodeId) -> Quorum {
        self.must.push(node);
        self
    }
    /// What is left to be found where these nodes are in every set anyway.
    fn without(&self, nodes: &[NodeId]) -> Quorum {
        let is_in = |part: &Part| matches!(part, Part::Node(node) if nodes.contains(node));
        let (known, left): (Vec<_>, Vec<_>) = self.parts.iter().cloned().partition(|(_, part)| is_in(part));
        let need = self.need.saturating_sub(known.iter().map(|(weight, _)| weight).sum());
        let must = self.must.iter().copied().filter(|node| !nodes.contains(node)).collect();
        Quorum { need, parts: left, must }
    }

    /// The weight of all parts.
    pub fn of(&self) -> u32 {
        self.parts.iter().map(|(weight, _)| weight).sum()
    }

    /// What those on a side have of what is needed.
    pub fn verdict(&self, on_side: &dyn Fn(NodeId) -> bool) -> Verdict {
        let counts = |part: &Part| match part {
            Part::Node(node) => on_side(*node),
            Part::Set(set) => set.verdict(on_side).can,
        };
        let have = self.parts.iter().filter(|(_, part)| counts(part)).map(|(weight, _)| weight).sum();
        let can = have >= self.need && self.must.iter().all(|node| on_side(*node));
        Verdict { have, need: self.need, of: self.of(), can }
    }

    /// Whether the nodes on a side can decide.
    pub fn can(&self, on_side: &dyn Fn(NodeId) -> bool) -> bool {
        self.verdict(on_side).can
    }

    /// Every node that may count, in the order of their numbers.
    pub fn nodes(&self) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        self.collect(&mut nodes);
        let mut nodes = crate::order::by_key(nodes, |node| u64::from(node.0));
        nodes.dedup();
        nodes
    }

    fn collect(&self, nodes: &mut Vec<NodeId>) {
        for (_, part) in &self.parts {
            match part {
                Part::Node(node) => nodes.push(*node),
                Part::Set(set) => set.collect(nodes),
            }
        }
    }

    /// The nodes, where each counts once and no set is within.
    fn plain(&self) -> Option<Vec<NodeId>> {
        let node = |part: &(u32, Part)| match part {
            (1, Part::Node(node)) if self.must.is_empty() => Some(*node),
            _ => None,
        };
        self.parts.iter().map(node).collect()
    }

    /// Whether every set that can decide here meets every set that can decide there.
    pub fn meets(&self, other: &Quorum) -> Meeting {
        let both: Vec<NodeId> = self.must.iter().copied().filter(|node| other.must.contains(node)).collect();
        if !both.is_empty() {
            let shared = both.len() as u32;
            return match self.without(&both).meets(&other.without(&both)) {
                Meeting::Always(more) => Meeting::Always(shared + more),
                Meeting::Apart(..) => Meeting::Always(shared),
                Meeting::Unknown => Meeting::Unknown,
            };
        }
        if let (Some(here), Some(there)) = (self.plain(), other.plain()) {
            return meet_plainly((self.need, &here), (other.need, &there));
        }
        let mut all = self.nodes();
        all.extend(other.nodes());
        let mut all = crate::order::by_key(all, |node| u64::from(node.0));
        all.dedup();
        if all.len() > MOST_TRIED { Meeting::Unknown } else { self.try_each(other, &all) }
    }

    /// The least that any set here and any there share: every pair of least sets is tried.
    fn try_each(&self, other: &Quorum, all: &[NodeId]) -> Meeting {
        let within =
            |set: u32, node: NodeId| all.iter().position(|one| *one == node).is_some_and(|at| set >> at & 1 == 1);
        let least = |quorum: &Quorum| -> Vec<u32> {
            let can = |set: u32| quorum.can(&|node| within(set, node));
            let lean = |set: u32| (0..all.len()).all(|at| set >> at & 1 == 0 || !can(set & !(1 << at)));
            (0..1 << all.len()).filter(|set| can(*set) && lean(*set)).collect()
        };
        let (here, there) = (least(self), least(other));
        let pairs = here.iter().flat_map(|a| there.iter().map(move |b| (*a, *b)));
        let Some((a, b)) = pairs.min_by_key(|(a, b)| (a & b).count_ones()) else {
            // Where nobody can ever decide, no two sets miss each other.
            return Meeting::Always(all.len() as u32);
        };
        let named = |set: u32| (0..all.len()).filter(|at| set >> at & 1 == 1).map(|at| all[at]).collect();
        match (a & b).count_ones() {
            0 => Meeting::Apart(named(a), named(b)),
            shared => Meeting::Always(shared),
        }
    }
}

/// So many of some nodes, and so many of others: the first take those that the others cannot use, as far as
/// these go.
fn meet_plainly((a, here): (u32, &[NodeId]), (b, there): (u32, &[NodeId])) -> Meeting {
    if a as usize > here.len() || b as usize > there.len() {
        return Meeting::Always(here.len().max(there.len()) as u32);
    }
    let (mine, shared): (Vec<NodeId>, Vec<NodeId>) = here.iter().partition(|node| !there.contains(node));
    let from_shared = (a as usize).saturating_sub(mine.len());
    let first: Vec<NodeId> = mine.into_iter().chain(shared.iter().copied()).take(a as usize).collect();
    let left: Vec<NodeId> = there.iter().copied().filter(|node| !shared[..from_shared].contains(node)).collect();
    if left.len() >= b as usize {
        let second = left[left.len() - b as usize..].to_vec();
        return Meeting::Apart(first, second);
    }
    Meeting::Always(b - left.len() as u32)
}

impl Meeting {
    /// The sentence of the check, about sets of these names.
    pub fn says(&self, here: Says, there: Says) -> Says {
        let names = |nodes: &[NodeId]| crate::told::names(nodes, |node| Says::same(node));
        let (words, with) = match self {
            Meeting::Always(n) => (
                text(
                    "every {a} meets every {b} in at least {n} {n:node|nodes}",
                    "任一{a}与任一{b}至少有 {n} 个公共节点",
                ),
                [("n", Says::same(n)), ("x", Says::default()), ("y", Says::default())],
            ),
            Meeting::Apart(x, y) => (
                text("a {a} may miss a {b}: {x} and {y}", "{a}与{b}可能不相交：{x} 与 {y}"),
                [("n", Says::default()), ("x", names(x)), ("y", names(y))],
            ),
            Meeting::Unknown => (
                text(
                    "too many nodes to try whether every {a} meets every {b}",
                    "节点太多，无法逐一检查{a}与{b}是否相交",
                ),
                [("n", Says::default()), ("x", Says::default()), ("y", Says::default())],
            ),
        };
        let mut with = with.to_vec();
        with.extend([("a", here), ("b", there)]);
        words.fill(&with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(range: std::ops::Range<u32>) -> impl Iterator<Item = NodeId> {
        range.map(NodeId)
    }

    fn on(side: &[u32]) -> impl Fn(NodeId) -> bool + '_ {
        |node| side.contains(&node.0)
    }

    #[test]
    fn a_verdict_counts_who_is_on_the_side() {
        let majority = Quorum::majority(nodes(0..5));
        assert_eq!(majority.verdict(&on(&[0, 1])), Verdict { have: 2, need: 3, of: 5, can: false });
        assert!(majority.can(&on(&[0, 1, 4])));
        assert!(!Quorum::all(nodes(0..3)).can(&on(&[0, 1])));
        let heavy = Quorum::weighted(3, [(3, NodeId(0)), (1, NodeId(1)), (1, NodeId(2))]);
        assert!(heavy.can(&on(&[0])) && !heavy.can(&on(&[1, 2])));
        let joint = Quorum::of_sets(2, [Quorum::majority(nodes(0..3)), Quorum::majority(nodes(2..5))]);
        assert_eq!(joint.verdict(&on(&[0, 1, 2])), Verdict { have: 1, need: 2, of: 2, can: false });
        assert!(joint.can(&on(&[0, 2, 3])));
        assert_eq!(joint.nodes().len(), 5);
    }

    #[test]
    fn the_check_agrees_with_trying_every_pair_of_sets() {
        for n in 1..=5 {
            for (a, b) in (1..=n).flat_map(|a| (1..=n).map(move |b| (a, b))) {
                for shift in 0..=2 {
                    let (here, there) =
                        (Quorum::at_least(a, nodes(0..n)), Quorum::at_least(b, nodes(shift..n + shift)));
                    let all: Vec<NodeId> = nodes(0..n + shift).collect();
                    match (here.meets(&there), here.try_each(&there, &all)) {
                        (Meeting::Apart(x, y), Meeting::Apart(..)) => {
                            assert!(here.can(&|node| x.contains(&node)) && there.can(&|node| y.contains(&node)));
                            assert!(x.iter().all(|node| !y.contains(node)));
                        }
                        (formula, tried) => assert_eq!(formula, tried, "{a} and {b} of {n}, shifted by {shift}"),
                    }
                }
            }
        }
    }

    #[test]
    fn sets_that_all_have_a_node_meet_in_it() {
        let with = |need: u32, n: u32| Quorum::at_least(need, nodes(0..n)).with(NodeId(0));
        assert_eq!(with(2, 5).meets(&with(2, 5)), Meeting::Always(1));
        assert_eq!(with(3, 5).meets(&with(4, 5)), Meeting::Always(2));
        assert_eq!(with(1, 1).meets(&with(1, 1)), Meeting::Always(1));
        assert!(with(2, 3).can(&on(&[0, 2])) && !with(2, 3).can(&on(&[1, 2])));
        assert_eq!(with(2, 3).verdict(&on(&[1, 2])), Verdict { have: 2, need: 2, of: 3, can: false });
        // With one that need not have it, every set is tried.
        assert!(matches!(with(2, 5).meets(&Quorum::at_least(3, nodes(0..5))), Meeting::Apart(..)));
        for (n, a, b) in (1..=5).flat_map(|n| (1..=n).flat_map(move |a| (1..=n).map(move |b| (n, a, b)))) {
            let all: Vec<NodeId> = nodes(0..n).collect();
            assert_eq!(with(a, n).meets(&with(b, n)), with(a, n).try_each(&with(b, n), &all), "{a} and {b} of {n}");
        }
    }

    #[test]
    fn joint_majorities_meet_each_of_the_two() {
        let (old, new) = (Quorum::majority(nodes(0..3)), Quorum::majority(nodes(3..6)));
        let joint = Quorum::of_sets(2, [old.clone(), new.clone()]);
        assert_eq!(joint.meets(&old), Meeting::Always(1));
        assert_eq!(joint.meets(&new), Meeting::Always(1));
        assert!(matches!(old.meets(&new), Meeting::Apart(..)));
        // Groups of groups, as a grid of three by three: two of three groups, each by two of three.
        let group = |first: u32| Quorum::majority(nodes(first..first + 3));
        let grid = Quorum::of_sets(2, [group(0), group(3), group(6)]);
        assert_eq!(grid.meets(&grid), Meeting::Always(1));
        let hundred = Quorum::of_sets(1, [Quorum::majority(nodes(0..100))]);
        assert_eq!(hundred.meets(&hundred), Meeting::Unknown);
    }
}
