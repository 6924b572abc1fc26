//! A small key-value store: the state machine that replicated logs drive, and its operations.

use std::fmt;
use std::str::FromStr;

use rpds::RedBlackTreeMap;
use synod_engine::error::{Part, Why, why};
use synod_engine::protocol::{OperationKind, Recorded, RecordedKind};
use synod_engine::rng::Chance;
use synod_engine::text::{text, text as message};
use synod_engine::value::Value;

use crate::word::Word;

/// A number as a history holds it: one that is too large to be exact there stands as text.
pub(crate) fn held(number: i64) -> Value {
    let exact = number.unsigned_abs() <= 9_000_000_000_000;
    if exact { Value::count(number) } else { Value::string(number) }
}

/// A key: a short word that begins with a small letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Word);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Set(Key, i64),
    Add(Key, i64),
    Get(Key),
    Cas { key: Key, from: i64, to: i64 },
}

pub const OPERATIONS: &[OperationKind] = &[
    OperationKind { id: "set", example: "set x 5", says: text("set a key to a number", "把键设为一个整数") },
    OperationKind {
        id: "add", example: "add x 2", says: text("add to a key's number", "给键的值加上一个整数")
    },
    OperationKind { id: "get", example: "get x", says: text("read a key", "读取一个键") },
    OperationKind {
        id: "cas",
        example: "cas x 5 6",
        says: text("set a key if it has the number given first", "若键的值等于第一个数，则设为第二个数"),
    },
];

/// Few keys and few numbers, so that operations meet.
pub fn draw_operation(chance: &mut Chance) -> String {
    let key = draw_key(chance);
    let number = chance.between(1, 7);
    match chance.between(0, 3) {
        0 => format!("set {key} {number}"),
        1 => format!("add {key} {number}"),
        2 => format!("get {key}"),
        _ => format!("cas {key} {} {number}", chance.between(1, 7)),
    }
}

pub fn draw_key(chance: &mut Chance) -> &'static str {
    if chance.one_in(4) { "y" } else { "x" }
}

/// What an operation gives back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Outcome {
    #[default]
    Done,
    Value(i64),
    Nothing,
    Swapped(bool),
}

/// The keys and their numbers. Cloning costs O(1).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Store(RedBlackTreeMap<Key, i64>);

impl Store {
    pub fn get(&self, key: Key) -> Option<i64> {
        self.0.get(&key).copied()
    }

    pub fn apply(&mut self, operation: Operation) -> Outcome {
        match operation {
            Operation::Set(key, value) => {
                self.0.insert_mut(key, value);
                Outcome::Done
            }
            Operation::Add(key, by) => {
                let sum = self.get(key).unwrap_or(0).saturating_add(by);
                self.0.insert_mut(key, sum);
                Outcome::Value(sum)
            }
            Operation::Get(key) => self.get(key).map_or(Outcome::Nothing, Outcome::Value),
            Operation::Cas { key, from, to } => {
                let swap = self.get(key) == Some(from);
                if swap {
                    self.0.insert_mut(key, to);
                }
                Outcome::Swapped(swap)
            }
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Key, &i64)> {
        self.0.iter()
    }
}

impl Operation {
    pub fn key(&self) -> Key {
        match self {
            Operation::Set(key, _) | Operation::Add(key, _) | Operation::Get(key) | Operation::Cas { key, .. } => *key,
        }
    }
    /// How it and its outcome read in a history of what clients did.
    pub fn recorded(&self, outcome: Option<Outcome>) -> Recorded {
        let (kind, value) = match self {
            Operation::Set(_, value) => (RecordedKind::Put, held(*value)),
            Operation::Add(_, by) => (RecordedKind::Add, Value::count(*by)),
            Operation::Get(_) => (RecordedKind::Get, Value::Null),
            Operation::Cas { from, to, .. } => (RecordedKind::Cas, Value::list([held(*from), held(*to)])),
        };
        let result = match outcome {
            Some(Outcome::Done) => Value::word("ok"),
            Some(Outcome::Value(value)) if kind == RecordedKind::Add => Value::count(value),
            Some(Outcome::Value(value)) => held(value),
            Some(Outcome::Swapped(swapped)) => Value::Bool(swapped),
            Some(Outcome::Nothing) | None => Value::Null,
        };
        Recorded { kind, key: self.key().to_string(), value, result, version: None }
    }
    pub fn is_read(&self) -> bool {
        matches!(self, Operation::Get(_))
    }
}

impl FromStr for Key {
    type Err = Why;
    fn from_str(text: &str) -> Result<Key, Why> {
        let begins = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        Word::parse(text).filter(|_| begins).map(Key).ok_or_else(|| {
            let words = message(
                "a key begins with a small letter and has {rule}, not {given}",
                "键以小写字母开头，由 {rule} 组成，而不是 {given}",
            );
            why(words, [("rule", Part::text(crate::word::RULE)), ("given", Part::quoted(text))])
        })
    }
}

/// A whole number as it prints: no plus sign, no leading zeros.
pub(crate) fn number(text: &str) -> Result<i64, Why> {
    let parsed = text.parse::<i64>().ok().filter(|n| n.to_string() == text);
    parsed.ok_or_else(|| {
        let words = message(
            "a number is whole and fits 64 bits, such as 5 or -2, not {given}",
            "数应为 64 位以内的整数，例如 5 或 -2，而不是 {given}",
        );
        why(words, [("given", Part::quoted(text))])
    })
}

impl FromStr for Operation {
    type Err = Why;
    fn from_str(text: &str) -> Result<Operation, Why> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["set", key, value] => Ok(Operation::Set(key.parse()?, number(value)?)),
            ["add", key, by] => Ok(Operation::Add(key.parse()?, number(by)?)),
            ["get", key] => Ok(Operation::Get(key.parse()?)),
            ["cas", key, from, to] => Ok(Operation::Cas { key: key.parse()?, from: number(from)?, to: number(to)? }),
            [] => Err(message("a request names an operation", "请求要写明操作").into()),
            [verb, ..] if ["set", "add", "get", "cas"].contains(verb) => {
                let words = message("{verb} is given the wrong number of words", "{verb} 后面的词数不对");
                Err(why(words, [("verb", Part::name(verb))]))
            }
            [verb, ..] => {
                let words = message("no operation is called {verb}", "没有名为 {verb} 的操作");
                Err(why(words, [("verb", Part::quoted(verb))]))
            }
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Set(key, value) => write!(f, "set {key} {value}"),
            Operation::Add(key, by) => write!(f, "add {key} {by}"),
            Operation::Get(key) => write!(f, "get {key}"),
            Operation::Cas { key, from, to } => write!(f, "cas {key} {from} {to}"),
        }
    }
}

impl Outcome {
    /// Whether it says no to what was asked.
    pub fn declines(&self) -> bool {
        matches!(self, Outcome::Swapped(false))
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Done => f.write_str("ok"),
            Outcome::Value(value) => write!(f, "{value}"),
            Outcome::Nothing => f.write_str("none"),
            Outcome::Swapped(swapped) => write!(f, "{swapped}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_print_as_they_were_typed() {
        for text in ["set x 5", "add counter -2", "get x", "cas x 5 6", "set key-1_b 9223372036854775807"] {
            assert_eq!(text.parse::<Operation>().expect(text).to_string(), text);
        }
        for text in [
            "",
            "set",
            "set x",
            "set x 05",
            "set x +5",
            "set X 5",
            "get x y",
            "put x 5",
            "set abcdefghijklmnop 1",
            "set x 9223372036854775808",
        ] {
            assert!(text.parse::<Operation>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_store_does_what_the_operations_say() {
        let mut store = Store::default();
        let told: Vec<String> = ["get x", "add x 3", "cas x 3 9", "cas x 3 1", "get x", "set x -1", "add x 1"]
            .map(|text| store.apply(text.parse().expect(text)).to_string())
            .to_vec();
        assert_eq!(told, ["none", "3", "true", "false", "9", "ok", "0"]);
    }
}
