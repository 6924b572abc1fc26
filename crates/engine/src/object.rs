//! The object form of inputs: the same fields as the text. An object is checked field by field,
//! written as text and parsed by the one grammar, so that both forms always do the same.

use std::borrow::Cow;

use crate::error::{Error, Part, Result, why};
use crate::grammar;
use crate::input::{Input, Party, VERBS, Vocabulary, Which, Who};
use crate::names::{ClientId, End, NodeId};
use crate::text::{Text, text};
use crate::units::{Millionths, ONE, micros_to_ms, print_decimal};
use crate::value::Value;

/// What a field may be.
#[derive(Clone, Copy)]
enum Is {
    /// A node, or a place and with it those who stand there.
    Node,
    /// One node by its name.
    Name,
    Place,
    /// A node or a place, or a client by its name.
    End,
    Client,
    Ends,
    Message,
    Flag,
    Ms,
    Part,
    Rate,
    Sends,
    Word,
}

/// The fields of each kind, in the order of the text; `?` marks those that may be left out.
fn fields(kind: &str) -> Option<&'static [(&'static str, Is)]> {
    Some(match kind {
        "crash" => &[("node", Is::Node), ("after?", Is::Sends)],
        "restart" | "wipe" | "leave" => &[("node", Is::Node)],
        "join" => &[("node", Is::Name)],
        "move" => &[("node", Is::Node), ("place", Is::Place)],
        "pause" | "resume" => &[("node", Is::End)],
        "partition" => &[("groups", Is::Ends)],
        "heal" => &[],
        "cut" | "mend" => &[("from", Is::Node), ("to", Is::Node), ("both?", Is::Flag)],
        "drop" | "hold" | "duplicate" => &[("message", Is::Message)],
        "deliver" => &[("message", Is::Message), ("ms?", Is::Ms)],
        "delay" => &[("message", Is::Message), ("ms", Is::Ms)],
        "latency" => &[("from?", Is::Node), ("to?", Is::Node), ("min", Is::Ms), ("max", Is::Ms)],
        "loss" | "duplication" => &[("probability", Is::Part)],
        "skew" => &[("node", Is::End), ("rate", Is::Rate)],
        "offset" => &[("node", Is::End), ("ms", Is::Ms)],
        "fire" => &[("node", Is::End), ("timer", Is::Word)],
        "request" => &[("client?", Is::Client), ("node?", Is::Node), ("operation", Is::Word)],
        _ => return None,
    })
}

/// Parses an input from its object form.
pub fn parse(value: &Value, vocabulary: &Vocabulary) -> Result<Input> {
    let Value::Map(entries) = value else {
        return Err(Error::input(why(
            text("an input is text or an object, not {given}", "输入是文本或对象，而不是 {given}"),
            [("given", Part::given(value))],
        )));
    };
    let kind = value.get("kind").and_then(Value::as_text).unwrap_or_default();
    let Some(fields) = fields(kind) else {
        return Err(Error::input(why(
            text("an input's kind is {kinds}", "输入的 kind 是以下之一：{kinds}"),
            [("kinds", Part::known(VERBS))],
        )));
    };
    let names = || fields.iter().map(|(name, _)| name.trim_end_matches('?'));
    if let Some((key, _)) = entries.iter().find(|(key, _)| key != "kind" && !names().any(|name| name == key)) {
        let words = text("{kind} takes {fields}, not {key}", "{kind} 的字段是 {fields}，没有 {key}");
        let with = [("kind", Part::name(kind)), ("fields", Part::known(names())), ("key", Part::quoted(key))];
        return Err(Error::input(why(words, with)));
    }
    let mut words: Vec<String> = Vec::new();
    for (name, is) in fields {
        let plain = name.trim_end_matches('?');
        match value.get(plain).filter(|value| **value != Value::Null) {
            Some(field) => words.push(word(field, *is, vocabulary).ok_or_else(|| {
                let words = text(
                    "{field} of {kind} is {wanted}, not {given}",
                    "{kind} 的 {field} 应为 {wanted}，而不是 {given}",
                );
                let (wanted, given) = (("wanted", Part::text(wants(*is))), ("given", Part::given(field)));
                Error::input(why(words, [("field", Part::name(plain)), ("kind", Part::name(kind)), wanted, given]))
            })?),
            None if *name != plain => words.push(String::new()),
            None => {
                let words = text("{field} of {kind} is missing: it is {wanted}", "{kind} 缺少 {field}：应为 {wanted}");
                let wanted = ("wanted", Part::text(wants(*is)));
                return Err(Error::input(why(
                    words,
                    [("field", Part::name(plain)), ("kind", Part::name(kind)), wanted],
                )));
            }
        }
    }
    let input = grammar::parse(&sentence(kind, &words), vocabulary)?;
    match (&input, words.last()) {
        // The operation may not smuggle in a node or a client of its own.
        (Input::Request { operation, .. }, Some(given)) if operation.split(' ').ne(given.split_whitespace()) => {
            let words = text(
                "operation of request is an operation alone, not {given}",
                "request 的 operation 只写操作本身，而不是 {given}",
            );
            Err(Error::input(why(words, [("given", Part::quoted(given))])))
        }
        _ => Ok(input),
    }
}

/// The text of the fields, which stand in the order of the text.
fn sentence(kind: &str, words: &[String]) -> String {
    match (kind, words) {
        ("cut" | "mend", [from, to, both]) => {
            format!("{kind} {from} {} {to}", if both == "true" { "<->" } else { "->" })
        }
        ("crash", [node, after]) if after.is_empty() => format!("crash {node}"),
        ("crash", [node, after]) => {
            format!("crash {node} after {after} {}", if after == "1" { "send" } else { "sends" })
        }
        ("deliver", [message, ms]) if ms.is_empty() => format!("deliver {message}"),
        ("deliver", [message, ms]) => format!("deliver {message} in {ms}ms"),
        ("delay", [message, ms]) => format!("delay {message} {ms}ms"),
        ("latency", [from, to, min, max]) if from.is_empty() && to.is_empty() => {
            format!("latency {min}ms..{max}ms")
        }
        ("latency", [from, to, min, max]) => format!("latency {from} -> {to} {min}ms..{max}ms"),
        ("offset", [node, ms]) => format!("offset {node} {ms}ms"),
        ("request", [client, node, operation]) if client.is_empty() => {
            format!("request {node} {operation}")
        }
        ("request", [client, node, operation]) => format!("request by {client} {node} {operation}"),
        (_, []) => kind.to_string(),
        (_, [first]) => format!("{kind} {first}"),
        (_, [first, rest @ ..]) => format!("{kind} {first} {}", rest[0]),
    }
}

fn wants(is: Is) -> Text {
    match is {
        Is::Node | Is::Name | Is::End => text("a node's name or number", "节点的名字或编号"),
        Is::Place => text("a place's id", "地点的 id"),
        Is::Client => text("a client's name or number", "客户端的名字或编号"),
        Is::Ends => text("a list of lists of nodes, none of them empty", "由节点列表组成的列表，且都不为空"),
        Is::Message => text("a message's number, or { kind, from, to }", "消息的编号，或 { kind, from, to }"),
        Is::Flag => text("true or false", "true 或 false"),
        Is::Ms => text("a number of ms", "毫秒数"),
        Is::Part => text("a probability from 0 to 1", "0 到 1 的概率"),
        Is::Rate => text("a number above -1 and up to 9", "大于 -1、不超过 9 的数"),
        Is::Sends => text("a whole number from 0 to 1000", "0 到 1000 的整数"),
        Is::Word => text("text", "文本"),
    }
}

fn word(value: &Value, is: Is, vocabulary: &Vocabulary) -> Option<String> {
    let percent = |parts: Millionths| parts.checked_mul(100).map(|parts| print_decimal(parts) + "%");
    match is {
        Is::Node => place(value, vocabulary).or_else(|| node(value).map(|node| node.to_string())),
        Is::Name => node(value).map(|node| node.to_string()),
        // Which places there are, the grammar says.
        Is::Place => value.as_text().filter(|id| crate::places::is_id(id)).map(str::to_string),
        Is::End => party(value, vocabulary),
        Is::Client => match value {
            Value::Text(name) => ClientId::parse(name).map(|client| client.to_string()),
            number => whole(number).map(|n| ClientId(n).to_string()),
        },
        Is::Ends => ends(value, vocabulary),
        Is::Message => message(value, vocabulary),
        Is::Flag => value.as_bool().map(|flag| flag.to_string()),
        Is::Ms => value.as_number().map(print_decimal),
        Is::Part => value.as_number().filter(|n| (0..=ONE).contains(n)).and_then(percent),
        Is::Rate => value.as_number().and_then(percent),
        Is::Sends => whole(value).filter(|sends| *sends <= 1_000).map(|sends| sends.to_string()),
        Is::Word => value.as_text().map(str::to_string),
    }
}

fn ends(value: &Value, vocabulary: &Vocabulary) -> Option<String> {
    let mut text = String::new();
    for group in value.as_list()? {
        if !text.is_empty() {
            text.push_str(" |");
        }
        for value in group.as_list().filter(|group| !group.is_empty())? {
            text.push(' ');
            text.push_str(&party(value, vocabulary)?);
        }
    }
    Some(text)
}

fn message(value: &Value, vocabulary: &Vocabulary) -> Option<String> {
    if let Some(number) = value.as_whole() {
        return Some(format!("#{number}"));
    }
    let Value::Map(entries) = value else {
        return None;
    };
    let kind = value.get("kind")?.as_text().filter(|_| entries.len() == 3)?;
    let end = |key: &str| party(value.get(key)?, vocabulary);
    Some(format!("{kind} {} -> {}", end("from")?, end("to")?))
}

fn whole(value: &Value) -> Option<u32> {
    value.as_whole().filter(|n| (0..=1_000_000).contains(n)).map(|n| n as u32)
}

/// What looks like the id of a place, in a run that has places: the grammar knows them.
fn place(value: &Value, vocabulary: &Vocabulary) -> Option<String> {
    let id = value.as_text().filter(|id| !vocabulary.places.is_empty() && crate::places::is_id(id));
    id.map(str::to_string)
}

fn party(value: &Value, vocabulary: &Vocabulary) -> Option<String> {
    place(value, vocabulary).or_else(|| end(value).map(|end| end.to_string()))
}

/// A node by its number or its name.
pub fn node(value: &Value) -> Option<NodeId> {
    match value {
        Value::Text(name) => NodeId::parse(name),
        number => whole(number).map(NodeId),
    }
}

fn end(value: &Value) -> Option<End> {
    match value {
        Value::Text(name) => End::parse(name),
        number => whole(number).map(|n| End::Node(NodeId(n))),
    }
}

/// The object form of an input.
pub fn print(input: &Input) -> Value {
    let mut entries = vec![("kind", Value::word(input.verb()))];
    let name = |who: &Who| Value::string(who);
    match input {
        Input::Crash(node) | Input::Restart(node) | Input::Wipe(node) | Input::Join(node) | Input::Leave(node) => {
            entries.push(("node", name(node)))
        }
        Input::Pause(end) | Input::Resume(end) => entries.push(("node", Value::string(end))),
        Input::CrashAfter(node, after) => entries.extend([("node", name(node)), ("after", Value::count(*after))]),
        Input::Partition(groups) => {
            let group = |ends: &Vec<Party>| Value::list(ends.iter().map(Value::string));
            entries.push(("groups", Value::list(groups.iter().map(group))));
        }
        Input::Heal => {}
        Input::Cut(link) | Input::Mend(link) => {
            entries.extend([("from", name(&link.from)), ("to", name(&link.to)), ("both", Value::Bool(link.both))]);
        }
        Input::Drop(which) | Input::Hold(which) | Input::Duplicate(which) | Input::Deliver(which, None) => {
            entries.push(("message", print_which(which)));
        }
        Input::Deliver(which, Some(after)) => {
            entries.extend([("message", print_which(which)), ("ms", Value::ms(*after))]);
        }
        Input::Delay(which, by) => entries.extend([("message", print_which(which)), ("ms", Value::ms(*by))]),
        Input::Latency(latency, link) => {
            entries.extend([("min", Value::ms(latency.min)), ("max", Value::ms(latency.max))]);
            if let Some((from, to)) = link {
                entries.extend([("from", name(from)), ("to", name(to))]);
            }
        }
        Input::Loss(part) | Input::Duplication(part) => {
            entries.push(("probability", Value::Number(i64::from(*part))));
        }
        Input::Skew(end, rate) => entries.extend([("node", Value::string(end)), ("rate", Value::Number(*rate))]),
        Input::Offset(end, by) => {
            entries.extend([("node", Value::string(end)), ("ms", Value::Number(micros_to_ms(*by)))]);
        }
        Input::Fire(end, timer) => entries.extend([("node", Value::string(end)), ("timer", Value::word(timer))]),
        Input::Move(node, spot) => entries.extend([("node", name(node)), ("place", Value::string(&spot.id))]),
        Input::Request { client, node, operation } => {
            entries.extend(client.iter().map(|client| ("client", Value::string(client))));
            entries.extend(node.iter().map(|node| ("node", name(node))));
            entries.push(("operation", Value::string(operation)));
        }
    }
    Value::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn print_which(which: &Which) -> Value {
    match which {
        Which::Number(number) => Value::count(*number),
        Which::First { kind, from, to } => {
            Value::map([("kind", Value::word(kind)), ("from", Value::string(from)), ("to", Value::string(to))])
        }
    }
}
