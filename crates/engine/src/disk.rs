//! How long a disk takes, as a configuration says it: for all nodes, or for some by name.

use std::hash::{Hash, Hasher};

use crate::error::{Part, Why, why};
use crate::names::NodeId;
use crate::network::{LONGEST_LATENCY, Latency};
use crate::options::{Kind, Setting};
use crate::order::SmallMap;
use crate::roster::Roster;
use crate::text::text;
use crate::units::Micros;
use crate::value::Value;

/// The longest time that a disk may take.
pub const LONGEST_WRITE: Micros = LONGEST_LATENCY;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiskTimes {
    pub(crate) usual: Latency,
    pub(crate) own: SmallMap<NodeId, Latency>,
}

impl Default for DiskTimes {
    fn default() -> Self {
        DiskTimes { usual: Latency { min: 0, max: 0 }, own: SmallMap::default() }
    }
}

impl Hash for DiskTimes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if *self != DiskTimes::default() {
            (self.usual, &self.own).hash(state);
        }
    }
}

impl DiskTimes {
    pub(crate) fn of(&self, node: NodeId) -> (Micros, Micros) {
        let Latency { min, max } = *self.own.get(node).unwrap_or(&self.usual);
        (min, max)
    }

    /// A time, a range of times, or either of them by the names of nodes; a node that is not named
    /// takes no time.
    pub(crate) fn read(value: &Value, roster: &Roster) -> Result<DiskTimes, Why> {
        let mut disk = DiskTimes::default();
        let Value::Map(entries) = value else {
            disk.usual = read_time(value)?;
            return Ok(disk);
        };
        for (name, value) in entries.iter().filter(|(_, value)| *value != Value::Null) {
            let node = NodeId::parse(name).filter(|node| node.0 < roster.len()).ok_or_else(|| {
                let words = text(
                    "there is no node {node}; the nodes are {first} to {last}",
                    "没有节点 {node}；节点是 {first} 到 {last}",
                );
                let (first, last) = (Part::name(NodeId(0)), Part::name(NodeId(roster.len() - 1)));
                why(words, [("node", Part::quoted(name)), ("first", first), ("last", last)])
            })?;
            disk.own.insert(node, read_time(value)?);
        }
        Ok(disk)
    }

    pub(crate) fn value(&self) -> Value {
        let time = |latency: &Latency| Value::list([Value::ms(latency.min), Value::ms(latency.max)]);
        if self.own.is_empty() {
            return time(&self.usual);
        }
        let own = self.own.iter().map(|(node, latency)| (node.to_string().into(), time(latency)));
        Value::Map(own.collect())
    }
}

fn read_time(value: &Value) -> Result<Latency, Why> {
    let kind = match value {
        Value::List(_) => Kind::Times { min: 0, max: LONGEST_WRITE },
        _ => Kind::Time { min: 0, max: LONGEST_WRITE },
    };
    Ok(match kind.read(value)? {
        Setting::Times(min, max) => Latency { min, max },
        Setting::Time(time) => Latency { min: time, max: time },
        _ => Latency { min: 0, max: 0 },
    })
}
