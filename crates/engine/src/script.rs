//! Short texts from which ready runs and tests are made. They are ours, so a mistake panics.

use std::borrow::Cow;

use crate::names::ClientId;
use crate::units::{Micros, ms_to_micros, parse_decimal};
use crate::value::{Key, Value};

/// A configuration as `key=value` words: `nodes=5 seed=7f3a network.loss=0.1`. Ranges are
/// written `150..300`, lists with commas; groups of nodes as `nodes.proposers=2`; places as
/// `network.places=west:A,B,C1;east:C`, those who stand there by name, with `network.rtt=west/east:40`.
pub fn config(protocol: &str, words: &'static str) -> Value {
    let mut top: Vec<(Key, Value)> = vec![("protocol".into(), Value::string(protocol))];
    for word in words.split_whitespace() {
        let (key, text) = word.split_once('=').unwrap_or_else(|| panic!("{word} is not key=value"));
        let value = match key {
            "seed" => Value::word(text),
            "mutants" => Value::list(text.split(',').map(Value::word)),
            "network.places" if text.contains(':') => Value::list(text.split(';').map(place)),
            "network.rtt" => Value::Map(text.split(';').map(trip).collect()),
            _ => scalar(text),
        };
        match key.split_once('.') {
            None => top.push((Cow::Borrowed(key), value)),
            Some((part, key)) => entry(&mut top, part).push((Cow::Borrowed(key), value)),
        }
    }
    Value::Map(top)
}

/// `west:A,B,C1`: a name that is a client's is not a node's.
fn place(text: &'static str) -> Value {
    let (id, names) = text.split_once(':').unwrap_or((text, ""));
    let all = || names.split(',').filter(|name| !name.is_empty());
    let is_client = |name: &&str| ClientId::parse(name).is_some();
    Value::map([
        ("id", Value::word(id)),
        ("nodes", Value::list(all().filter(|name| !is_client(name)).map(Value::word))),
        ("clients", Value::list(all().filter(is_client).map(Value::word))),
    ])
}

/// `west/east:40`.
fn trip(text: &'static str) -> (Key, Value) {
    let (pair, ms) = text.split_once(':').unwrap_or((text, ""));
    (pair.replace('/', " ").into(), parse_decimal(ms).map_or(Value::Null, Value::Number))
}

/// The entries of the object that stands under a key.
fn entry<'a>(top: &'a mut Vec<(Key, Value)>, part: &'static str) -> &'a mut Vec<(Key, Value)> {
    let at = top.iter().position(|(key, _)| key == part).unwrap_or_else(|| {
        top.push((Cow::Borrowed(part), Value::Map(Vec::new())));
        top.len() - 1
    });
    match &mut top[at].1 {
        Value::Map(entries) => entries,
        _ => panic!("{part} is given twice"),
    }
}

fn scalar(text: &'static str) -> Value {
    let number = |text: &str| parse_decimal(text).map(Value::Number);
    match text {
        "true" | "false" => Value::Bool(text == "true"),
        _ => match text.split_once("..") {
            Some((low, high)) => Value::list([number(low).unwrap_or(Value::Null), number(high).unwrap_or(Value::Null)]),
            None => number(text).unwrap_or(Value::word(text)),
        },
    }
}

/// Inputs with their times: a line each, and `+50ms` lets time pass.
pub fn lines(script: &'static str) -> impl Iterator<Item = (Micros, &'static str)> {
    let mut time = 0;
    script.lines().map(str::trim).filter(|line| !line.is_empty()).filter_map(move |line| {
        match line.strip_prefix('+').and_then(|line| line.strip_suffix("ms")) {
            Some(ms) => {
                time += ms_to_micros(parse_decimal(ms).unwrap_or_else(|| panic!("{line}"))) as Micros;
                None
            }
            None => Some((time, line)),
        }
    })
}
