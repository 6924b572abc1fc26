//! The engine's values as JSON, and back.

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};
use synod_engine::units::{parse_decimal, print_decimal};
use synod_engine::value::Value;

/// A number of the engine's as JSON has it.
pub fn number(millionths: i64) -> Json {
    print_decimal(millionths).parse::<serde_json::Number>().map_or(Json::Null, Json::Number)
}

pub fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(yes) => json!(yes),
        Value::Number(n) => number(*n),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.to_string(), plain(value))).collect())
        }
    }
}

/// What was made by [`plain`], back again.
pub fn value(json: &Json) -> Result<Value> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(yes) => Value::Bool(*yes),
        Json::String(text) => Value::string(text),
        Json::Number(n) => Value::Number(parse_decimal(&n.to_string()).with_context(|| format!("{n}"))?),
        Json::Array(items) => Value::List(items.iter().map(value).collect::<Result<_>>()?),
        Json::Object(entries) => {
            let entry = |(key, one): (&String, &Json)| Ok((key.clone().into(), value(one)?));
            Value::Map(entries.iter().map(entry).collect::<Result<_>>()?)
        }
    })
}
