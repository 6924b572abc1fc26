//! Who there is: nodes and clients, by number and by name.

use std::cell::Cell;
use std::fmt::{self, Write};

use crate::roster::{Named, Roster};
use crate::text::{Says, join};

thread_local! {
    /// The cluster that is spoken of. Names are words at the rim and no part of any state, so
    /// they are settled where a call comes in and not carried to every place that prints one.
    static SPOKEN_OF: Cell<Roster> = const { Cell::new(Roster::alike(0)) };
}

/// While it lives, nodes are named as in its cluster.
pub struct Names(Roster);

impl Names {
    /// From now on nodes are named as in this cluster, until what it gives is dropped.
    pub fn of(roster: &Roster) -> Names {
        Names(SPOKEN_OF.replace(*roster))
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        SPOKEN_OF.set(self.0);
    }
}

/// A node, numbered from 0 and named A to Z, then AA, AB and so on, or as its group says ([`Named`]) where
/// machines have one role each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// A client of the engine, numbered from 0 and named C1, C2 and so on. Clients are never nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u32);

/// Either end of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// A node.
    Node(NodeId),
    /// A client.
    Client(ClientId),
}

impl NodeId {
    /// Its number, as a place in a list of nodes.
    pub fn at(self) -> usize {
        self.0 as usize
    }

    /// The node of this name in the cluster that is spoken of ([`Names`]). By letters also one that it has not.
    pub fn parse(name: &str) -> Option<NodeId> {
        let spoken_of = SPOKEN_OF.get();
        if !spoken_of.is_grouped() {
            return lettered(name).map(NodeId);
        }
        let (letter, digits) = name.split_at_checked(1)?;
        let letter = letter.as_bytes()[0];
        if !digits.is_empty() && digits.as_bytes()[0].is_ascii_digit() {
            return spoken_of.numbered(Named::Numbered(letter), ordinal(digits)?);
        }
        let bare = if digits.is_empty() { spoken_of.numbered(Named::Bare(letter), 1) } else { None };
        bare.or_else(|| spoken_of.lettered(lettered(name)?))
    }
}

/// A to Z, then AA, AB and so on, as a number from 0.
fn lettered(name: &str) -> Option<u32> {
    if name.is_empty() || name.len() > 5 || !name.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    Some(name.bytes().fold(0u32, |n, b| n * 26 + u32::from(b - b'A') + 1) - 1)
}

impl NodeId {
    /// How the nodes of this cluster are called: by letters, or by the names of each group.
    pub fn manner() -> Says {
        let spoken_of = SPOKEN_OF.get();
        if !spoken_of.is_grouped() {
            return Says::new("A, B, C and so on", "A、B、C 等");
        }
        let mut groups = Vec::new();
        for place in 0..crate::roster::MOST_GROUPS {
            groups.extend(spoken_of.group(place).take(2).map(|node| node.to_string()));
        }
        let (en, zh) = (join(&groups, ", "), join(&groups, "、"));
        Says::new(format!("{en} and so on"), format!("{zh} 等"))
    }
}

impl ClientId {
    /// Its number, as a place in a list of clients.
    pub fn at(self) -> usize {
        self.0 as usize
    }

    /// The client of this name: C1 up to C1000000.
    pub fn parse(name: &str) -> Option<ClientId> {
        ordinal(name.strip_prefix('C')?).map(|number| ClientId(number - 1))
    }
}

/// A number from 1 to a million, without leading zeros.
fn ordinal(digits: &str) -> Option<u32> {
    let plain = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    let number: u32 = plain.then(|| digits.parse().ok()).flatten()?;
    (number <= 1_000_000).then_some(number)
}

impl From<NodeId> for End {
    fn from(node: NodeId) -> End {
        End::Node(node)
    }
}

impl From<ClientId> for End {
    fn from(client: ClientId) -> End {
        End::Client(client)
    }
}

impl End {
    /// The node or the client of this name.
    pub fn parse(name: &str) -> Option<End> {
        let client = ClientId::parse(name).map(End::Client);
        client.or_else(|| NodeId::parse(name).map(End::Node))
    }
    /// The node, if it is one.
    pub fn node(self) -> Option<NodeId> {
        match self {
            End::Node(node) => Some(node),
            End::Client(_) => None,
        }
    }
    /// The client, if it is one.
    pub fn client(self) -> Option<ClientId> {
        match self {
            End::Client(client) => Some(client),
            End::Node(_) => None,
        }
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = match SPOKEN_OF.get().name(*self) {
            Some((Named::Numbered(letter), number)) => return write!(f, "{}{number}", char::from(letter)),
            Some((Named::Bare(letter), _)) => return f.write_char(char::from(letter)),
            Some((Named::Alphabet, number)) => number,
            None => self.0,
        };
        let mut letters = Vec::new();
        let mut rest = u64::from(number) + 1;
        while rest > 0 {
            rest -= 1;
            letters.push(b'A' + (rest % 26) as u8);
            rest /= 26;
        }
        letters.reverse();
        letters.iter().try_for_each(|letter| f.write_char(char::from(*letter)))
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C{}", u64::from(self.0) + 1)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Node(node) => node.fmt(f),
            End::Client(client) => client.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Group;

    #[test]
    fn names_go_both_ways() {
        for number in (0..2_000).chain([18_277, 999_999]) {
            assert_eq!(NodeId::parse(&NodeId(number).to_string()), Some(NodeId(number)));
            assert_eq!(ClientId::parse(&ClientId(number).to_string()), Some(ClientId(number)));
        }
        assert_eq!(NodeId(26).to_string(), "AA");
        for bad in ["", "a", "A1", "C0", "C01", "ABCDEF", "Ä"] {
            assert_eq!(End::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn groups_are_named_in_their_own_ways() {
        let group = |named, count| Group { named, count };
        let (one, numbered) = (group(Named::Bare(b'T'), 1), group(Named::Numbered(b'P'), 3));
        let (replicas, fallbacks) = (group(Named::Alphabet, 3), group(Named::Alphabet, 2));
        let cases = [
            ([one, numbered, Group::default()], "T P1 P2 P3"),
            ([replicas, fallbacks, Group::default()], "A B C D E"),
            ([numbered, group(Named::Alphabet, 2), group(Named::Bare(b'S'), 1)], "P1 P2 P3 A B S"),
            ([group(Named::Alphabet, 0), group(Named::Alphabet, 2), one], "A B T"),
            ([replicas, numbered, fallbacks], "A B C P1 P2 P3 D E"),
        ];
        for (groups, expected) in cases {
            let roster = Roster::grouped(groups);
            let _names = Names::of(&roster);
            let names: Vec<String> = (0..roster.len()).map(|n| NodeId(n).to_string()).collect();
            assert_eq!(join(&names, " "), expected);
            for (number, name) in (0..).zip(&names) {
                assert_eq!(End::parse(name), Some(End::Node(NodeId(number))), "{name} of {expected}");
            }
            for bad in ["", "a", "Z", "P", "T1", "P0", "P01", "P4", "AB", "Ä", "S1"] {
                assert_eq!(NodeId::parse(bad), None, "{bad} of {expected}");
            }
        }
    }
}
