//! Which states have been seen together: the concurrency sets of Skeen (Nonblocking Commit Protocols, 1981), as far as a
//! run has shown them. Two machines are together in their states while both are up and both speak of the same epoch.

use crate::meta::StateKind;
use crate::names::NodeId;
use crate::order::SmallMap;
use crate::units::Micros;
use crate::value::Value;

/// The place of a state in [`crate::protocol::Protocol::STATES`].
type Kind = u8;

#[derive(Clone, Default)]
pub(crate) struct Together {
    /// How each machine stands, and of what epoch; nothing of those that are down.
    stands: Vec<Option<(u32, Kind)>>,
    /// By the two states, the lesser first: when they were first seen together, and at whom.
    seen: SmallMap<(Kind, Kind), (Micros, [NodeId; 2])>,
}

impl Together {
    /// A machine stands otherwise than before, or is down.
    pub fn note(&mut self, node: NodeId, stands: Option<(u32, Kind)>, time: Micros) {
        if self.stands.len() <= node.at() {
            self.stands.resize(node.at() + 1, None);
        }
        if std::mem::replace(&mut self.stands[node.at()], stands) == stands {
            return;
        }
        let Some((epoch, kind)) = stands else { return };
        for (at, other) in self.stands.iter().enumerate() {
            let Some((_, theirs)) = other.filter(|(theirs, _)| *theirs == epoch && at != node.at()) else { continue };
            let (states, nodes) = if kind <= theirs {
                ((kind, theirs), [node, NodeId(at as u32)])
            } else {
                ((theirs, kind), [NodeId(at as u32), node])
            };
            if self.seen.get(states).is_none() {
                self.seen.insert(states, (time, nodes));
            }
        }
    }

    pub fn value(&self, kinds: &[StateKind]) -> Value {
        let state = |kind: &StateKind| {
            let settled = kind.settled.map_or(Value::Null, Value::Bool);
            Value::map([("id", Value::word(kind.id)), ("word", Value::text(kind.word)), ("settled", settled)])
        };
        let id = |kind: Kind| Value::word(kinds[usize::from(kind)].id);
        let pair = |(states, (time, nodes)): &((Kind, Kind), (Micros, [NodeId; 2]))| {
            let nodes = nodes.iter().map(|node| Value::count(node.0));
            Value::map([
                ("states", Value::list([id(states.0), id(states.1)])),
                ("time", Value::ms(*time)),
                ("nodes", Value::list(nodes)),
            ])
        };
        Value::map([
            ("states", Value::list(kinds.iter().map(state))),
            ("pairs", Value::list(self.seen.iter().map(pair))),
        ])
    }
}
