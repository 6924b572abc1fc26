//! What clients ask of a holder.

use std::fmt;
use std::str::FromStr;

use synod_engine::error::Part;
use synod_engine::prelude::*;

use crate::store::{Key, number};

use super::state::Token;

pub const OPERATIONS: &[OperationKind] = &[
    OperationKind {
        id: "acquire",
        example: "acquire",
        says: text("let a holder ask for the lease, and keep it", "让持有者申请租约，并不断续约"),
    },
    OperationKind {
        id: "release", example: "release", says: text("let a holder give it back", "让持有者归还租约")
    },
    OperationKind {
        id: "write",
        example: "write x 5",
        says: text("let a holder write to the storage", "让持有者写入存储"),
    },
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Acquire,
    Release,
    Write(Key, i64),
}

/// What a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Granted(Token),
    Refused,
    Done,
    NoLease,
    Rejected,
}

impl Answer {
    pub fn declines(&self) -> bool {
        matches!(self, Answer::Refused | Answer::NoLease | Answer::Rejected)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Granted(token) => write!(f, "lease {token}"),
            Answer::Refused => f.write_str("refused"),
            Answer::Done => f.write_str("ok"),
            Answer::NoLease => f.write_str("no lease"),
            Answer::Rejected => f.write_str("rejected"),
        }
    }
}

impl Answer {
    pub fn says(&self) -> Says {
        match self {
            Answer::Granted(token) => super::NAMED.fill(&[("n", Says::same(token))]),
            Answer::Refused => text("refused", "被拒绝").says(),
            Answer::NoLease => text("no lease", "没有租约").says(),
            Answer::Rejected => text("rejected", "不予写入").says(),
            Answer::Done => crate::fields::answer(self),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Acquire => f.write_str("acquire"),
            Operation::Release => f.write_str("release"),
            Operation::Write(key, value) => write!(f, "write {key} {value}"),
        }
    }
}

impl FromStr for Operation {
    type Err = Why;
    fn from_str(given: &str) -> Result<Operation, Why> {
        match given.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["acquire"] => Ok(Operation::Acquire),
            ["release"] => Ok(Operation::Release),
            ["write", key, value] => Ok(Operation::Write(key.parse()?, number(value)?)),
            _ => {
                let words = text(
                    "a holder is asked to acquire, to release, or to write as in write x 5, not to {given}",
                    "可以请求 acquire、release，或像 write x 5 那样写入，而不是 {given}",
                );
                Err(why(words, [("given", Part::quoted(given))]))
            }
        }
    }
}

pub fn draw(chance: &mut Chance) -> String {
    match chance.between(0, 5) {
        0 | 1 => "acquire".into(),
        2 => "release".into(),
        _ => format!("write x {}", chance.between(1, 7)),
    }
}
