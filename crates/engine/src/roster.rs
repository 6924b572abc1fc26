//! Who takes part: so many nodes that are all alike, or groups of machines with one role each.

use crate::names::NodeId;

/// The most groups that a protocol may have.
pub const MOST_GROUPS: usize = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Roster {
    nodes: u32,
    groups: [Group; MOST_GROUPS],
}

/// Machines of one role. Its letter begins their names: P1, P2 and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Group {
    pub letter: u8,
    pub count: u32,
}

impl Roster {
    pub const fn alike(nodes: u32) -> Roster {
        Roster { nodes, groups: [Group { letter: 0, count: 0 }; MOST_GROUPS] }
    }

    pub fn grouped(groups: [Group; MOST_GROUPS]) -> Roster {
        Roster { nodes: groups.iter().map(|group| group.count).sum(), groups }
    }

    pub fn len(&self) -> u32 {
        self.nodes
    }
    pub fn is_empty(&self) -> bool {
        self.nodes == 0
    }
    pub fn is_grouped(&self) -> bool {
        self.groups[0].count > 0
    }
    pub fn groups(&self) -> &[Group; MOST_GROUPS] {
        &self.groups
    }
    /// One more node, where all are alike.
    pub fn grow(&mut self) {
        self.nodes += 1;
    }

    /// The place of a node's group, and its number in it from 0.
    fn place(&self, node: NodeId) -> Option<(usize, u32)> {
        let mut first = 0;
        for (place, group) in self.groups.iter().enumerate() {
            if node.0 < first + group.count {
                return Some((place, node.0 - first));
            }
            first += group.count;
        }
        None
    }

    pub fn group_of(&self, node: NodeId) -> Option<u32> {
        if self.is_grouped() { self.place(node).map(|(place, _)| place as u32) } else { None }
    }

    /// The nodes that play a role: those of its group, or all where all play every role.
    pub fn group(&self, place: usize) -> impl Iterator<Item = NodeId> + Clone + use<> {
        let first: u32 = self.groups[..place].iter().map(|group| group.count).sum();
        let all = if self.is_grouped() { first..first + self.groups[place].count } else { 0..self.nodes };
        all.map(NodeId)
    }

    pub fn count(&self, place: usize) -> u32 {
        if self.is_grouped() { self.groups[place].count } else { self.nodes }
    }

    /// The letter and number of a grouped node's name.
    pub(crate) fn name(&self, node: NodeId) -> Option<(u8, u32)> {
        if !self.is_grouped() {
            return None;
        }
        self.place(node).map(|(place, number)| (self.groups[place].letter, number + 1))
    }

    pub(crate) fn named(&self, letter: u8, number: u32) -> Option<NodeId> {
        let place = self.groups.iter().position(|group| group.letter == letter && group.count > 0)?;
        let first: u32 = self.groups[..place].iter().map(|group| group.count).sum();
        (1..=self.groups[place].count).contains(&number).then(|| NodeId(first + number - 1))
    }
}
