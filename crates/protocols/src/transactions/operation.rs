//! What clients ask: transactions, reads, and a participant's veto.

use std::fmt;
use std::str::FromStr;

use synod_engine::error::{Part, Why, why};
use synod_engine::names::NodeId;
use synod_engine::protocol::OperationKind;
use synod_engine::rng::Chance;
use synod_engine::roster::Roster;
use synod_engine::text::{Says, text};

use crate::store::Key;

use super::PARTICIPANTS;
use super::log::{Decided, Write};

pub const OPERATIONS: &[OperationKind] = &[
    OperationKind {
        id: "tx",
        example: "tx x=5",
        says: text(
            "write at every participant, or only at some as in tx P1.x=5 P2.y=7: all of it or nothing; P3.x only reads there",
            "在所有参与者上写入，也可像 tx P1.x=5 P2.y=7 那样只写一部分：要么全部生效，要么全不生效；P3.x 表示只读",
        ),
    },
    OperationKind {
        id: "get", example: "get P1 x", says: text("read a key at a participant", "读取某个参与者上的键")
    },
    OperationKind {
        id: "veto",
        example: "veto P1",
        says: text("let a participant vote no on its next request", "让某个参与者对下一次表决投反对票"),
    },
];

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Where nobody is named, it is written at every participant.
    Tx(Vec<(Option<NodeId>, Write)>),
    Get(NodeId, Key),
    Veto(NodeId),
}

/// What a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Decided(Decided),
    Value(Option<i64>),
    Noted,
}

impl Answer {
    pub fn declines(&self) -> bool {
        matches!(self, Answer::Decided(Decided::Abort))
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Decided(Decided::Commit) => f.write_str("committed"),
            Answer::Decided(Decided::Abort) => f.write_str("aborted"),
            Answer::Value(Some(value)) => write!(f, "{value}"),
            Answer::Value(None) => f.write_str("none"),
            Answer::Noted => f.write_str("ok"),
        }
    }
}

impl Answer {
    pub fn says(&self) -> Says {
        match self {
            Answer::Decided(Decided::Commit) => text("committed", "已提交").says(),
            Answer::Decided(Decided::Abort) => text("aborted", "已中止").says(),
            other => crate::fields::answer(other),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Tx(writes) => {
                f.write_str("tx")?;
                for (node, Write { key, value }) in writes {
                    f.write_str(" ")?;
                    node.iter().try_for_each(|node| write!(f, "{node}."))?;
                    key.fmt(f)?;
                    value.iter().try_for_each(|value| write!(f, "={value}"))?;
                }
                Ok(())
            }
            Operation::Get(node, key) => write!(f, "get {node} {key}"),
            Operation::Veto(node) => write!(f, "veto {node}"),
        }
    }
}

/// A participant of this cluster: the coordinator, who is the first machine, holds no data.
fn participant(name: &str) -> Result<NodeId, Why> {
    NodeId::parse(name).filter(|node| node.0 > 0).ok_or_else(|| {
        let words = text("there is no participant {name}", "没有参与者 {name}");
        why(words, [("name", Part::quoted(name))])
    })
}

/// `x=5` and `P1.x=5` write; `P1.x` reads.
fn write(given: &str) -> Result<(Option<NodeId>, Write), Why> {
    let (place, value) = match given.split_once('=') {
        Some((place, value)) => (place, Some(crate::store::number(value)?)),
        None => (given, None),
    };
    match place.split_once('.') {
        Some((node, key)) => Ok((Some(participant(node)?), Write { key: key.parse()?, value })),
        None if value.is_some() => Ok((None, Write { key: place.parse()?, value })),
        None => {
            let words = text(
                "a write is written x=5 or P1.x=5, and a read P1.x, not {given}",
                "写入写成 x=5 或 P1.x=5，读取写成 P1.x，而不是 {given}",
            );
            Err(why(words, [("given", Part::quoted(given))]))
        }
    }
}

fn transaction(words: &[&str]) -> Result<Operation, Why> {
    let writes = words.iter().map(|word| write(word)).collect::<Result<Vec<_>, Why>>()?;
    let same = |a: &(Option<NodeId>, Write), b: &(Option<NodeId>, Write)| {
        a.1.key == b.1.key && (a.0 == b.0 || a.0.is_none() || b.0.is_none())
    };
    if let Some((_, one)) =
        writes.iter().enumerate().find(|(at, one)| writes[..*at].iter().any(|other| same(one, other)))
    {
        let words = text("a transaction names {key} once at a participant", "一个事务在同一参与者上只能提到一次 {key}");
        return Err(why(words, [("key", Part::name(one.1.key))]));
    }
    match writes.len() {
        0 => Err(text("a transaction has writes, as in tx x=5", "事务要写明写入，例如 tx x=5").into()),
        1..=9 => Ok(Operation::Tx(writes)),
        _ => Err(text("a transaction has at most nine writes", "一个事务最多九次写入").into()),
    }
}

impl FromStr for Operation {
    type Err = Why;
    fn from_str(given: &str) -> Result<Operation, Why> {
        let words: Vec<&str> = given.split_whitespace().collect();
        match words.as_slice() {
            ["tx", writes @ ..] => transaction(writes),
            ["get", node, key] => Ok(Operation::Get(participant(node)?, key.parse()?)),
            ["get", ..] => {
                Err(text("one reads a key at a participant, as in get P1 x", "读取要写明参与者和键，例如 get P1 x")
                    .into())
            }
            ["veto", node] => Ok(Operation::Veto(participant(node)?)),
            ["veto", ..] => {
                Err(text("a veto names one participant, as in veto P1", "veto 要写明一个参与者，例如 veto P1").into())
            }
            [] => Err(text("a request names an operation", "请求要写明操作").into()),
            [verb, ..] => {
                let words = text(
                    "no operation is called {verb}; there are tx, get and veto",
                    "没有名为 {verb} 的操作；有 tx、get 和 veto",
                );
                Err(why(words, [("verb", Part::quoted(verb))]))
            }
        }
    }
}

/// Two keys and a few values, so that transactions meet: now and then at some participants only.
pub fn draw(chance: &mut Chance, roster: &Roster) -> String {
    let participants: Vec<NodeId> = roster.group(PARTICIPANTS).collect();
    let key = |chance: &mut Chance| *chance.pick(&["x", "y"]);
    let one = *chance.pick(&participants);
    match chance.between(0, 9) {
        0 => format!("get {one} {}", key(chance)),
        1 => format!("veto {one}"),
        2 | 3 => format!("tx {}={}", key(chance), chance.between(1, 7)),
        4 => format!("tx x={} y={}", chance.between(1, 7), chance.between(1, 7)),
        _ => {
            let mut writes = vec![format!("{one}.{}={}", key(chance), chance.between(1, 7))];
            let other = *chance.pick(&participants);
            if other != one {
                let value = if chance.one_in(3) { String::new() } else { format!("={}", chance.between(1, 7)) };
                writes.push(format!("{other}.{}{value}", key(chance)));
            }
            format!("tx {}", writes.join(" "))
        }
    }
}

/// What chance alone seldom makes: the coordinator falls between two of its sends and comes back; a participant
/// falls when its yes is written and not said; a request comes a second time, after a no.
pub const STORIES: &[&str] = &[
    "request ?coordinator ?operation\nuntil decide-commit\ncrash ?coordinator after ?n sends\n+0..300ms\n\
     restart ?coordinator",
    "request ?coordinator tx x=1 y=2\nuntil vote-yes\ncrash ?participant after 0 sends\n+0..90ms\n\
     restart ?participant",
    "request ?participant veto ?participant\n+0..60ms\nrequest ?coordinator tx x=1\nuntil request-votes\n\
     duplicate vote-request ?coordinator -> ?participant",
    "request ?participant veto ?participant\n+0..60ms\nrequest ?coordinator tx x=2\nuntil vote-no\n\
     crash ?coordinator\n+100..300ms\nrestart ?coordinator",
];
