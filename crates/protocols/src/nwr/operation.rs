//! What clients ask, and what they are told.

use std::fmt;
use std::str::FromStr;

use synod_engine::error::Part;
use synod_engine::prelude::*;
use synod_engine::text::text as said;
use synod_engine::value::Value;

use super::version::{Cell, Held, Version};
use crate::store::{Key, draw_key, held, number};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Put(Key, i64),
    Get(Key),
    Delete(Key),
    /// A read, and then a write of what was read and this.
    Add(Key, i64),
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
            "read a key from R replicas; with a replica named, from it and those after it",
            "从 R 个副本读取一个键；写明副本时，从它起询问",
        ),
    },
    OperationKind {
        id: "delete", example: "delete x", says: text("write a tombstone", "写入一个墓碑，表示删除")
    },
    OperationKind {
        id: "add",
        example: "add x 1",
        says: text("read a key, and then write the sum", "先读取一个键，再写入相加的结果"),
    },
];

/// Few keys and few numbers, so that operations meet; a read as often as a write.
pub fn draw_operation(chance: &mut Chance) -> String {
    let key = draw_key(chance);
    match chance.between(0, 11) {
        0..=5 => format!("get {key}"),
        6 => format!("delete {key}"),
        7 => format!("add {key} {}", chance.between(1, 3)),
        _ => format!("put {key} {}", chance.between(1, 7)),
    }
}

/// What a client is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Stored(Version),
    /// What it is after the addition.
    Added(i64, Version),
    Found(Cell),
}

impl Answer {
    pub fn version(&self) -> Option<Version> {
        match self {
            Answer::Stored(version) | Answer::Added(_, version) => Some(*version),
            Answer::Found(cell) => cell.first().map(|held| held.version),
        }
    }
}

/// Values of siblings are told together, the newest first.
pub fn shown(cell: &[Held]) -> Option<String> {
    let values: Vec<String> = cell.iter().filter_map(|held| held.value).map(|value| value.to_string()).collect();
    (!values.is_empty()).then(|| values.join("|"))
}

impl Operation {
    pub fn key(&self) -> Key {
        let (Operation::Put(key, _) | Operation::Get(key) | Operation::Delete(key) | Operation::Add(key, _)) = self;
        *key
    }
    /// An addition stands as the read with which it begins; it goes on as a write of its own.
    pub fn recorded(&self, answer: Option<&Answer>) -> Recorded {
        let found = match answer {
            Some(Answer::Found(cell)) => match cell.as_slice() {
                [one] => Value::or_null(one.value, held),
                siblings => Value::or_null(shown(siblings), Value::string),
            },
            _ => Value::Null,
        };
        let recorded = match self {
            Operation::Put(key, value) => Recorded::put(key, held(*value)),
            Operation::Delete(key) => {
                Recorded { kind: synod_engine::protocol::RecordedKind::Delete, ..Recorded::put(key, Value::Null) }
            }
            Operation::Get(key) | Operation::Add(key, _) => Recorded::get(key, found),
        };
        Recorded { version: answer.and_then(Answer::version).map(|version| version.to_string()), ..recorded }
    }
}

impl FromStr for Operation {
    type Err = Why;
    fn from_str(text: &str) -> Result<Operation, Why> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["put", key, value] => Ok(Operation::Put(key.parse()?, number(value)?)),
            ["get", key] => Ok(Operation::Get(key.parse()?)),
            ["delete", key] => Ok(Operation::Delete(key.parse()?)),
            ["add", key, by] => Ok(Operation::Add(key.parse()?, number(by)?)),
            [] => Err(said("a request names an operation", "请求要写明操作").into()),
            [verb @ ("put" | "get" | "delete" | "add"), ..] => {
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
            Operation::Delete(key) => write!(f, "delete {key}"),
            Operation::Add(key, by) => write!(f, "add {key} {by}"),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Stored(_) => f.write_str("ok"),
            Answer::Added(sum, _) => write!(f, "{sum}"),
            Answer::Found(cell) => f.write_str(shown(cell).as_deref().unwrap_or("none")),
        }
    }
}
