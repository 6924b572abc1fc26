//! Who takes part: so many nodes that are all alike, or groups of machines with one role each.

use std::hash::{Hash, Hasher};

use crate::meta::GroupKind;
use crate::names::NodeId;

/// The most groups that a protocol may have.
pub const MOST_GROUPS: usize = 3;

/// How many machines a cluster has, and of which groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Roster {
    nodes: u32,
    groups: [Group; MOST_GROUPS],
}

/// Machines of one role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Group {
    /// How its machines are called.
    pub named: Named,
    /// How many there are.
    pub count: u32,
}

/// How the machines of a group are called. Clients are C1, C2 and so on, so C is no group's letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Named {
    /// By the letters of one alphabet, which all groups share that are named so, in their order: the first is
    /// A, B and C, and the next goes on with D.
    #[default]
    Alphabet,
    /// A letter and a number: P1, P2 and so on.
    Numbered(u8),
    /// A bare letter: T. For a group that never has more than one.
    Bare(u8),
}

impl Hash for Named {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(match self {
            Named::Alphabet => 0,
            Named::Numbered(letter) => *letter,
            Named::Bare(letter) => letter | 0x80,
        });
    }
}

/// What is wrong with how a protocol names its groups, if anything is: two machines might have one name.
/// Every registry entry is held to it while compiling.
pub const fn misnamed(groups: &[GroupKind]) -> Option<&'static str> {
    if groups.len() > MOST_GROUPS {
        return Some("a protocol has three groups at the most");
    }
    let mut lettered = 0;
    let mut place = 0;
    while place < groups.len() {
        if let Named::Alphabet = groups[place].named {
            lettered += groups[place].bounds.max;
        }
        place += 1;
    }
    place = 0;
    while place < groups.len() {
        let wrong = match groups[place].named {
            Named::Alphabet => None,
            Named::Numbered(letter) => wrong_letter(groups, place, letter),
            Named::Bare(_) if groups[place].bounds.max != 1 => Some("a bare letter is for a group of one"),
            Named::Bare(letter) if b'A' as u32 + lettered > letter as u32 => {
                Some("the alphabet of other groups comes as far as this bare letter")
            }
            Named::Bare(letter) => wrong_letter(groups, place, letter),
        };
        if wrong.is_some() {
            return wrong;
        }
        place += 1;
    }
    None
}

const fn wrong_letter(groups: &[GroupKind], place: usize, letter: u8) -> Option<&'static str> {
    if !letter.is_ascii_uppercase() {
        return Some("a group's letter is a capital one");
    }
    if letter == b'C' {
        return Some("C is the clients' letter");
    }
    let mut before = 0;
    while before < place {
        if let Named::Numbered(other) | Named::Bare(other) = groups[before].named
            && other == letter
        {
            return Some("two groups have one letter");
        }
        before += 1;
    }
    None
}

impl Roster {
    /// So many nodes that all play every role.
    pub const fn alike(nodes: u32) -> Roster {
        Roster { nodes, groups: [Group { named: Named::Alphabet, count: 0 }; MOST_GROUPS] }
    }

    /// Groups of machines, numbered through from the first of the first; unused groups are empty.
    pub fn grouped(groups: [Group; MOST_GROUPS]) -> Roster {
        Roster { nodes: groups.iter().map(|group| group.count).sum(), groups }
    }

    /// How many nodes there are.
    pub fn len(&self) -> u32 {
        self.nodes
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes == 0
    }
    /// Whether machines have one role each.
    pub fn is_grouped(&self) -> bool {
        self.groups.iter().any(|group| group.count > 0)
    }
    /// Every group, in the order of [`crate::protocol::Meta::groups`]; all are empty where nodes are alike.
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

    /// The place of a node's group; nothing where all nodes are alike.
    pub fn group_of(&self, node: NodeId) -> Option<u32> {
        if self.is_grouped() { self.place(node).map(|(place, _)| place as u32) } else { None }
    }

    /// The nodes that play a role: those of its group, or all where all play every role.
    pub fn group(&self, place: usize) -> impl Iterator<Item = NodeId> + Clone + use<> {
        let first: u32 = self.groups[..place].iter().map(|group| group.count).sum();
        let all = if self.is_grouped() { first..first + self.groups[place].count } else { 0..self.nodes };
        all.map(NodeId)
    }

    /// How many nodes play a role: those of its group, or all where all play every role.
    pub fn count(&self, place: usize) -> u32 {
        if self.is_grouped() { self.groups[place].count } else { self.nodes }
    }

    /// How many nodes of other groups come before this group in the alphabet.
    fn lettered_before(&self, place: usize) -> u32 {
        let shared = self.groups[..place].iter().filter(|group| group.named == Named::Alphabet);
        shared.map(|group| group.count).sum()
    }

    /// The name of a grouped node: in its group's manner, and its number there from 1, or its number in the
    /// alphabet from 0.
    pub(crate) fn name(&self, node: NodeId) -> Option<(Named, u32)> {
        if !self.is_grouped() {
            return None;
        }
        let (place, number) = self.place(node)?;
        let named = self.groups[place].named;
        let number = if named == Named::Alphabet { self.lettered_before(place) + number } else { number + 1 };
        Some((named, number))
    }

    /// The node of a group that bears this letter, and this number where it is named so.
    pub(crate) fn numbered(&self, named: Named, number: u32) -> Option<NodeId> {
        let place = self.groups.iter().position(|group| group.named == named && group.count > 0)?;
        let first: u32 = self.groups[..place].iter().map(|group| group.count).sum();
        (1..=self.groups[place].count).contains(&number).then(|| NodeId(first + number - 1))
    }

    /// The node with this number, from 0, in the alphabet that groups share.
    pub(crate) fn lettered(&self, number: u32) -> Option<NodeId> {
        let mut first = 0;
        for (place, group) in self.groups.iter().enumerate() {
            let before = self.lettered_before(place);
            if group.named == Named::Alphabet && (before..before + group.count).contains(&number) {
                return Some(NodeId(first + number - before));
            }
            first += group.count;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::Nodes;
    use crate::text::text;

    fn group(named: Named, max: u32) -> GroupKind {
        GroupKind { id: "some", name: text("Some", "若干"), named, bounds: Nodes { min: 1, default: 1, max } }
    }

    #[test]
    fn no_two_machines_can_have_one_name() {
        use Named::{Alphabet, Bare, Numbered};
        for right in [
            vec![],
            vec![group(Bare(b'T'), 1), group(Numbered(b'P'), 9)],
            vec![group(Alphabet, 9), group(Alphabet, 5)],
            vec![group(Numbered(b'I'), 9), group(Alphabet, 18), group(Bare(b'S'), 1)],
        ] {
            assert_eq!(misnamed(&right), None);
        }
        for (wrong, why) in [
            (vec![group(Numbered(b'C'), 3)], "clients"),
            (vec![group(Bare(b'C'), 1)], "clients"),
            (vec![group(Numbered(b'p'), 3)], "capital"),
            (vec![group(Bare(b'T'), 2)], "a group of one"),
            (vec![group(Numbered(b'P'), 3), group(Bare(b'P'), 1)], "one letter"),
            (vec![group(Bare(b'S'), 1), group(Alphabet, 15), group(Alphabet, 4)], "as far as"),
            (vec![group(Alphabet, 1), group(Alphabet, 1), group(Alphabet, 1), group(Alphabet, 1)], "three groups"),
        ] {
            assert!(misnamed(&wrong).is_some_and(|said| said.contains(why)), "{why}: {:?}", misnamed(&wrong));
        }
    }
}
