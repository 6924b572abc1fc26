//! Fields of nodes and messages, as views list them.

use synod_engine::protocol::{Field, FieldValue};
use synod_engine::text::{Says, Text, text};

pub fn number(id: &'static str, label: Text, value: u32, durable: bool) -> Field {
    Field { id, label, value: Some(FieldValue::Number(i64::from(value))), tone: "plain", durable }
}

/// How many things a message carries.
pub fn many(id: &'static str, label: Text, count: usize) -> Field {
    Field { tone: "many", ..number(id, label, count as u32, false) }
}

pub fn name(id: &'static str, label: Text, value: Option<String>, durable: bool) -> Field {
    Field { id, label, value: value.map(FieldValue::Name), tone: "plain", durable }
}

/// A value that is a word: by its id, and as it reads.
pub fn said(id: &'static str, label: Text, value: Option<(&'static str, Text)>, durable: bool) -> Field {
    let words = |(value, says): (&'static str, Text)| FieldValue::Said(value.into(), says.says());
    Field { id, label, value: value.map(words), tone: "plain", durable }
}

/// An answer whose words are those that all protocols share.
pub fn answer(answer: &impl std::fmt::Display) -> Says {
    match answer.to_string().as_str() {
        "ok" => text("ok", "成功").says(),
        "none" => text("none", "无").says(),
        other => Says::same(other),
    }
}
