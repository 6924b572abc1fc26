//! What replicas and clients keep, and what they say to each other.
//!
//! ```text
//! client -- Put(key, value, version) --> replicas     to all of them
//! client <- Stored --------------------- replica      W of them are enough
//! client -- Get(key) ------------------> replicas     to all of them
//! client <- Found(value, version) ------ replica      R of them are enough; the newest counts
//! ```

use std::fmt;
use std::str::FromStr;

use rpds::RedBlackTreeMap;
use synod_engine::error::Part;
use synod_engine::prelude::*;
use synod_engine::text::text as said;
use synod_engine::value::Value;

use crate::node_set::NodeSet;
use crate::store::{Key, draw_key, held, number};

/// N, W and R.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How many replicas there are.
    pub n: u32,
    /// A write waits for so many.
    pub w: u32,
    /// A read waits for so many.
    pub r: u32,
}

/// When a write was made, by its client's clock; who made it, and which of its commands it was, tell equal times
/// apart. The highest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    pub stamp: i64,
    pub client: ClientId,
    pub serial: u32,
    /// Which write of the run it is: for the eye, and behind what decides.
    pub number: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.stamp, self.client, self.serial)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    pub value: i64,
    pub version: Version,
}

/// A replica keeps one value a key, with its version. Cloning costs O(1).
pub type Registers = RedBlackTreeMap<Key, Held>;

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    pub registers: Registers,
}

/// A client is at one command at a time. The last one stays to be seen.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Client {
    pub errand: Option<Errand>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Errand {
    pub serial: u32,
    pub client: ClientId,
    pub key: Key,
    /// What is written; nothing of a read.
    pub write: Option<Held>,
    /// Whom it has heard of, and how many messages that were.
    pub heard: NodeSet,
    pub count: u32,
    /// Of a read: the newest that it was told so far.
    pub newest: Option<Held>,
    pub stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Waiting,
    Done,
    GivenUp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    Put { serial: u32, key: Key, held: Held },
    Stored { serial: u32, version: Version },
    Get { serial: u32, key: Key },
    Found { serial: u32, held: Option<Held> },
}

timers! {
    /// Of clients: replicas set none.
    pub enum Timer {
        Timeout => ring(
            "timeout",
            text("client timeout", "客户端超时"),
            text("{node} has waited long enough.", "{node} 已等待足够久。"),
        ),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Put(Key, i64),
    Get(Key),
}

pub const OPERATIONS: &[OperationKind] = &[
    OperationKind {
        id: "put",
        example: "put x 5",
        says: text(
            "write a key at every replica; with a replica named, at it and those after it, W in all",
            "写入一个键，发给所有副本；写明副本时，从它起共发给 W 个",
        ),
    },
    OperationKind {
        id: "get",
        example: "get x",
        says: text(
            "read a key from every replica; with a replica named, from it and those after it, R in all",
            "读取一个键，询问所有副本；写明副本时，从它起共询问 R 个",
        ),
    },
];

/// Few keys and few numbers, so that operations meet; a read as often as a write.
pub fn draw_operation(chance: &mut Chance) -> String {
    let key = draw_key(chance);
    if chance.one_in(2) { format!("get {key}") } else { format!("put {key} {}", chance.between(1, 7)) }
}

/// What a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Stored(Version),
    Found(Option<Held>),
}

impl Operation {
    pub fn recorded(&self, answer: Option<&Answer>) -> Recorded {
        let (found, version) = match answer {
            Some(Answer::Stored(version)) => (None, Some(*version)),
            Some(Answer::Found(found)) => (*found, found.map(|found| found.version)),
            None => (None, None),
        };
        let recorded = match self {
            Operation::Put(key, value) => Recorded::put(key, held(*value)),
            Operation::Get(key) => Recorded::get(key, Value::or_null(found, |found| held(found.value))),
        };
        Recorded { version: version.map(|version| version.to_string()), ..recorded }
    }
}

impl FromStr for Operation {
    type Err = Why;
    fn from_str(text: &str) -> Result<Operation, Why> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["put", key, value] => Ok(Operation::Put(key.parse()?, number(value)?)),
            ["get", key] => Ok(Operation::Get(key.parse()?)),
            [] => Err(said("a request names an operation", "请求要写明操作").into()),
            [verb @ ("put" | "get"), ..] => {
                let words = said("{verb} is given the wrong number of words", "{verb} 后面的词数不对");
                Err(why(words, [("verb", Part::name(verb))]))
            }
            [verb, ..] => {
                let words = said("no operation is called {verb}", "没有名为 {verb} 的操作");
                Err(why(words, [("verb", Part::quoted(verb))]))
            }
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Put(key, value) => write!(f, "put {key} {value}"),
            Operation::Get(key) => write!(f, "get {key}"),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Stored(_) => f.write_str("ok"),
            Answer::Found(Some(held)) => write!(f, "{}", held.value),
            Answer::Found(None) => f.write_str("none"),
        }
    }
}
