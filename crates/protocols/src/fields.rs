//! Fields of nodes and messages, as views list them.

use synod_engine::protocol::{Field, FieldValue};
use synod_engine::text::Text;

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
