//! The object form of inputs: the same fields as the text, parsed as strictly.

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::grammar::{
    checked_latency, checked_offset, checked_part, checked_skew, client, first, operation, timer_id,
};
use crate::input::{Input, Link, VERBS, Vocabulary, Which};
use crate::names::{ClientId, End, NodeId};
use crate::units::{END_OF_TIME, Micros, Millionths, ms_to_micros};
use crate::value::{Value, one_of};

/// Parses an input from its object form.
pub fn parse(value: &Value, vocabulary: &Vocabulary) -> Result<Input> {
    let Value::Map(entries) = value else {
        return Err(Error::input(format!("an input is text or an object, not {}", value.shown())));
    };
    let kind = value.get("kind").and_then(Value::as_text).unwrap_or_default();
    let fields = Fields { kind, entries };
    let (allowed, input) = match kind {
        "crash" => (NODE, Input::Crash(fields.node("node")?)),
        "restart" => (NODE, Input::Restart(fields.node("node")?)),
        "wipe" => (NODE, Input::Wipe(fields.node("node")?)),
        "pause" => (NODE, Input::Pause(fields.node("node")?)),
        "resume" => (NODE, Input::Resume(fields.node("node")?)),
        "join" => (NODE, Input::Join(fields.node("node")?)),
        "leave" => (NODE, Input::Leave(fields.node("node")?)),
        "partition" => (&["groups"][..], Input::Partition(fields.groups()?)),
        "heal" => (&[][..], Input::Heal),
        "cut" => (LINK, Input::Cut(fields.link()?)),
        "mend" => (LINK, Input::Mend(fields.link()?)),
        "drop" => (MESSAGE, Input::Drop(fields.message(vocabulary)?)),
        "hold" => (MESSAGE, Input::Hold(fields.message(vocabulary)?)),
        "duplicate" => (MESSAGE, Input::Duplicate(fields.message(vocabulary)?)),
        "deliver" => (MESSAGE, Input::Deliver(fields.message(vocabulary)?)),
        "delay" => (&["message", "ms"][..], Input::Delay(fields.message(vocabulary)?, fields.time("ms")?)),
        "latency" => (&["min", "max", "from", "to"][..], fields.latency()?),
        "loss" => (PART, Input::Loss(fields.part()?)),
        "duplication" => (PART, Input::Duplication(fields.part()?)),
        "skew" => (&["node", "rate"][..], checked_skew(fields.node("node")?, fields.number("rate")?)?),
        "offset" => (&["node", "ms"][..], checked_offset(fields.node("node")?, fields.number("ms")?)?),
        "fire" => {
            let timer = timer_id(fields.text("timer")?, vocabulary)?;
            (&["node", "timer"][..], Input::Fire(fields.node("node")?, timer))
        }
        "request" => (&["node", "client", "operation"][..], fields.request(vocabulary)?),
        _ => return Err(Error::input(format!("an input's kind is {}", one_of(VERBS)))),
    };
    fields.nothing_but(allowed)?;
    Ok(input)
}

const NODE: &[&str] = &["node"];
const LINK: &[&str] = &["from", "to", "both"];
const MESSAGE: &[&str] = &["message"];
const PART: &[&str] = &["probability"];

struct Fields<'a> {
    kind: &'a str,
    entries: &'a [(Cow<'static, str>, Value)],
}

impl Fields<'_> {
    fn find(&self, key: &str) -> Option<&Value> {
        let found = self.entries.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        found.filter(|value| **value != Value::Null)
    }

    fn wrong(&self, key: &str, wants: &str) -> Error {
        let found = self.find(key).map_or_else(|| "nothing".into(), Value::shown);
        Error::input(format!("{key} of {} is {wants}, not {found}", self.kind))
    }

    fn nothing_but(&self, allowed: &[&str]) -> Result<()> {
        let unknown = self.entries.iter().find(|(key, _)| key != "kind" && !allowed.contains(&key.as_ref()));
        match unknown {
            None => Ok(()),
            Some((key, _)) => {
                let allowed = one_of(allowed.iter().copied());
                Err(Error::input(format!("{} takes {allowed}, not {}", self.kind, crate::value::quoted(key))))
            }
        }
    }

    fn node(&self, key: &str) -> Result<NodeId> {
        self.find(key).and_then(node).ok_or_else(|| self.wrong(key, "a node's name or number"))
    }

    fn optional_node(&self, key: &str) -> Result<Option<NodeId>> {
        if self.find(key).is_none() { Ok(None) } else { self.node(key).map(Some) }
    }

    fn number(&self, key: &str) -> Result<Millionths> {
        self.find(key).and_then(Value::as_number).ok_or_else(|| self.wrong(key, "a number"))
    }

    fn text(&self, key: &str) -> Result<&str> {
        self.find(key).and_then(Value::as_text).ok_or_else(|| self.wrong(key, "text"))
    }

    fn time(&self, key: &str) -> Result<Micros> {
        let ms = self.number(key)?;
        let micros = ms_to_micros(ms);
        if ms < 0 || micros as Micros > END_OF_TIME {
            return Err(self.wrong(key, "a time in ms from 0 to 10^9"));
        }
        Ok(micros as Micros)
    }

    fn part(&self) -> Result<crate::units::Ppm> {
        checked_part(self.number("probability")?)
            .ok_or_else(|| self.wrong("probability", "a probability from 0 to 1"))
    }

    fn groups(&self) -> Result<Vec<Vec<End>>> {
        let wants = || self.wrong("groups", "a list of lists of nodes, none of them empty");
        let groups = self.find("groups").and_then(Value::as_list).ok_or_else(wants)?;
        let group = |value: &Value| {
            let ends = value.as_list().filter(|ends| !ends.is_empty())?;
            ends.iter().map(end).collect::<Option<Vec<End>>>()
        };
        let groups: Option<Vec<Vec<End>>> = groups.iter().map(group).collect();
        groups.filter(|groups| !groups.is_empty()).ok_or_else(wants)
    }

    fn link(&self) -> Result<Link> {
        let both = match self.find("both") {
            None => false,
            Some(value) => value.as_bool().ok_or_else(|| self.wrong("both", "true or false"))?,
        };
        Ok(Link { from: self.node("from")?, to: self.node("to")?, both })
    }

    fn message(&self, vocabulary: &Vocabulary) -> Result<Which> {
        let wants = || self.wrong("message", "a message's number, or { kind, from, to }");
        let value = self.find("message").ok_or_else(wants)?;
        if let Some(number) = value.as_whole().filter(|number| *number >= 0) {
            return Ok(Which::Number(number as u64));
        }
        let Value::Map(entries) = value else { return Err(wants()) };
        let kind = value.get("kind").and_then(Value::as_text).ok_or_else(wants)?;
        let from = value.get("from").and_then(end).ok_or_else(wants)?;
        let to = value.get("to").and_then(end).ok_or_else(wants)?;
        if entries.len() != 3 {
            return Err(wants());
        }
        first(kind, from, to, vocabulary)
    }

    fn latency(&self) -> Result<Input> {
        let latency = checked_latency(self.time("min")?, self.time("max")?)?;
        let link = match (self.optional_node("from")?, self.optional_node("to")?) {
            (Some(from), Some(to)) => Some((from, to)),
            (None, None) => None,
            (Some(_), None) => return Err(self.wrong("to", "a node's name or number")),
            (None, Some(_)) => return Err(self.wrong("from", "a node's name or number")),
        };
        Ok(Input::Latency(latency, link))
    }

    fn request(&self, vocabulary: &Vocabulary) -> Result<Input> {
        let client = match self.find("client") {
            None => None,
            Some(Value::Text(name)) => Some(client(name)?),
            Some(number) => Some(whole(number).map(ClientId).ok_or_else(|| {
                self.wrong("client", "a client's name or number")
            })?),
        };
        let operation = operation(self.text("operation")?, vocabulary)?;
        Ok(Input::Request { client, node: self.optional_node("node")?, operation })
    }
}

fn whole(value: &Value) -> Option<u32> {
    value.as_whole().filter(|n| (0..=1_000_000).contains(n)).map(|n| n as u32)
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
    let name = |node: &NodeId| Value::string(node);
    match input {
        Input::Crash(node)
        | Input::Restart(node)
        | Input::Wipe(node)
        | Input::Pause(node)
        | Input::Resume(node)
        | Input::Join(node)
        | Input::Leave(node) => entries.push(("node", name(node))),
        Input::Partition(groups) => {
            let group = |ends: &Vec<End>| Value::list(ends.iter().map(Value::string));
            entries.push(("groups", Value::list(groups.iter().map(group))));
        }
        Input::Heal => {}
        Input::Cut(link) | Input::Mend(link) => {
            entries.extend([("from", name(&link.from)), ("to", name(&link.to)), ("both", Value::Bool(link.both))]);
        }
        Input::Drop(which) | Input::Hold(which) | Input::Duplicate(which) | Input::Deliver(which) => {
            entries.push(("message", print_which(which)));
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
        Input::Skew(node, rate) => entries.extend([("node", name(node)), ("rate", Value::Number(*rate))]),
        Input::Offset(node, by) => {
            entries.extend([("node", name(node)), ("ms", Value::Number(crate::units::micros_to_ms(*by)))]);
        }
        Input::Fire(node, timer) => entries.extend([("node", name(node)), ("timer", Value::word(timer))]),
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
        Which::First { kind, from, to } => Value::map([
            ("kind", Value::word(kind)),
            ("from", Value::string(from)),
            ("to", Value::string(to)),
        ]),
    }
}
