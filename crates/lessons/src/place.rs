//! Where in a run the words of a condition point: nodes, clients, messages and totals, as a frame
//! tells them. Whatever is asked for and is not there is an error.

use synod_engine::error::{Error, Result};
use synod_engine::names::NodeId;
use synod_engine::simulation::Simulation;
use synod_engine::trace::Seq;
use synod_engine::value::{Value, quoted};

use crate::markup::TONES;

/// Which messages are meant.
#[derive(Clone, Debug, PartialEq)]
pub struct Flights {
    which: Which,
    link: Option<(String, String)>,
    epoch: Option<i64>,
}

#[derive(Clone, Debug, PartialEq)]
enum Which {
    Kind(String),
    Tone(String),
}

impl Flights {
    /// `request-vote`, `>no C -> A`, `accept under 2`.
    pub fn parse(words: &[&str]) -> Result<Flights> {
        let wrong = || Error::input(format!("{} names no messages", quoted(&words.join(" "))));
        let (which, rest) = words.split_first().ok_or_else(wrong)?;
        let which = match which.strip_prefix('>') {
            Some(tone) if TONES.contains(&tone) => Which::Tone(tone.into()),
            Some(_) => return Err(wrong()),
            None => Which::Kind((*which).into()),
        };
        let (link, rest) = match rest {
            [from, "->", to, rest @ ..] => (Some(((*from).to_string(), (*to).to_string())), rest),
            _ => (None, rest),
        };
        let epoch = match rest {
            [] => None,
            ["under", epoch] => Some(epoch.parse().map_err(|_| wrong())?),
            _ => return Err(wrong()),
        };
        Ok(Flights { which, link, epoch })
    }

    pub fn count(&self, run: &Simulation, lost: bool) -> Result<u64> {
        let names = run.node_names();
        for end in self.link.iter().flat_map(|(from, to)| [from, to]) {
            if !names.contains(end) && !is_client(end) {
                return Err(nobody(end));
            }
        }
        let end = |message: &Value, key: &str| match message.get(key) {
            Some(Value::Text(client)) => client.to_string(),
            Some(node) => node.as_whole().and_then(|at| names.get(at as usize).cloned()).unwrap_or_default(),
            None => String::new(),
        };
        let is = |message: &&Value| {
            let which = match &self.which {
                Which::Kind(kind) => text(message, "kind") == kind,
                Which::Tone(tone) => text(message, "tone") == tone,
            };
            let here =
                self.link.as_ref().is_none_or(|(from, to)| end(message, "from") == *from && end(message, "to") == *to);
            let of = self.epoch.is_none_or(|epoch| message.get("epoch").and_then(Value::as_whole) == Some(epoch));
            which && here && of && (text(message, "fate") == "lost") == lost
        };
        Ok(items(&run.frame(0), "messages").iter().filter(is).count() as u64)
    }
}

pub fn fired(run: &Simulation, from: Seq, rule: &str, node: Option<&str>) -> Result<u64> {
    let place = node.map(|name| node_of(run, name).ok_or_else(|| nobody(name))).transpose()?;
    let mut count = 0;
    run.each_record(from, u64::MAX, &mut |record| {
        let at = record.get("node").and_then(Value::as_whole);
        let here = place.is_none_or(|place| at == Some(i64::from(place.0)));
        count += u64::from(text(&record, "rule") == rule && here);
    });
    Ok(count)
}

pub fn count(run: &Simulation, word: &str) -> u64 {
    let is = |node: &NodeId| {
        run.node(*node, 0).is_ok_and(|node| {
            let status = text(&node, "status");
            status == word || (matches!(status, "up" | "paused") && text(&node, "role") == word)
        })
    };
    (0..run.nodes()).map(NodeId).filter(is).count() as u64
}

pub fn cut(run: &Simulation, from: &str, to: &str) -> Result<u64> {
    let id = |name: &str| node_of(run, name).map(|node| i64::from(node.0)).ok_or_else(|| nobody(name));
    let (from, to) = (id(from)?, id(to)?);
    let frame = run.frame(0);
    let whole = |value: &Value, key: &str| value.get(key).and_then(Value::as_whole);
    let dead = |link: &Value| {
        whole(link, "from") == Some(from)
            && whole(link, "to") == Some(to)
            && link.get("cut").and_then(Value::as_bool) == Some(true)
    };
    let side = |node: i64| {
        let holds = |group: &Value| group.as_list().is_some_and(|ids| ids.iter().any(|id| id.as_whole() == Some(node)));
        items(&frame, "partition").iter().position(holds)
    };
    let apart = matches!((side(from), side(to)), (Some(one), Some(other)) if one != other);
    Ok(u64::from(apart || items(&frame, "links").iter().any(dead)))
}

/// Whether a property was broken by now, of those that are promised and of those that are watched.
pub fn fails(run: &Simulation, property: &str) -> Result<u64> {
    let frame = run.frame(0);
    let kept = items(&frame, "promises").iter().find(|kept| text(kept, "id") == property);
    let kept = kept.ok_or_else(|| Error::input(format!("there is no property {}", quoted(property))))?;
    Ok(u64::from(kept.get("broken").is_some_and(|broken| *broken != Value::Null)))
}

/// A place in the frame. A node is called by its name, and so is a client.
pub fn at(run: &Simulation, path: &[String]) -> Result<Value> {
    let (head, rest) = (&path[0], &path[1..]);
    let nothing = || Error::input(format!("the run has no {}", quoted(&path.join("."))));
    if let Some(node) = node_of(run, head) {
        return in_node(&run.node(node, usize::MAX)?, rest).ok_or_else(nothing);
    }
    let within = |value: &Value| path.iter().try_fold(value, |value, key| value.get(key)).cloned();
    // Totals are asked of large clusters, and a frame of one is dear.
    if let Some(found) = within(&run.totals()) {
        return Ok(found);
    }
    let frame = run.frame(0);
    if is_client(head) {
        let client = items(&frame, "clients").iter().find(|client| text(client, "name") == head);
        let client = client.ok_or_else(|| nobody(head))?;
        return at_end(rest).and_then(|key| client.get(key)).cloned().ok_or_else(nothing);
    }
    within(&frame).ok_or_else(nothing)
}

fn in_node(node: &Value, path: &[String]) -> Option<Value> {
    let (key, rest) = path.split_first()?;
    if let Some(strip) = items(node, "strips").iter().find(|strip| text(strip, "id") == key) {
        return in_strip(items(strip, "cells"), at_end(rest)?);
    }
    if let Some(register) = items(node, "registers").iter().find(|register| text(register, "key") == key) {
        return register.get(if rest.is_empty() { "value" } else { at_end(rest)? }).cloned();
    }
    match key.as_str() {
        "disk" => return in_disk(node.get(key)?.as_list()?, at_end(rest)?),
        "state" => return node.get(key)?.get(if rest.is_empty() { "id" } else { at_end(rest)? }).cloned(),
        "tally" | "won" => return in_tally(node.get(key)?, rest),
        "clock" => return node.get(key)?.get(at_end(rest)?).cloned(),
        _ if !rest.is_empty() => return None,
        "epoch" => return node.get(key)?.get("value").cloned(),
        "timer" => return node.get(key).map(|timer| timer.get("name").cloned().unwrap_or(Value::Null)),
        _ => {}
    }
    let field = items(node, "fields").iter().find(|field| text(field, "id") == key);
    match (field, node.get(key)) {
        (Some(field), _) => field.get("value").cloned(),
        // What is made of parts is asked for by its parts.
        (None, Some(Value::Map(_) | Value::List(_)) | None) => None,
        (None, Some(value)) => Some(value.clone()),
    }
}

/// How many said yes; `tally.refused` said no, of `tally.of`, of which `tally.need` are wanted.
fn in_tally(tally: &Value, rest: &[String]) -> Option<Value> {
    let key = if rest.is_empty() { "have" } else { at_end(rest)? };
    match tally {
        Value::Null => ["have", "refused", "need", "of"].contains(&key).then_some(Value::Null),
        tally => match tally.get(key)? {
            Value::List(ids) => Some(Value::count(ids.len() as u64)),
            other => Some(other.clone()),
        },
    }
}

/// The records of a disk in words, and how many of them are safe, on their way, or lost.
fn in_disk(records: &[Value], key: &str) -> Option<Value> {
    let count = |forced: &str| records.iter().filter(|record| text(record, "forced") == forced).count() as u64;
    let word = |record: &Value| {
        let epoch = record.get("epoch").map(Value::shown).unwrap_or_default();
        format!("{epoch} {}", text(record, "word"))
    };
    let held = records.iter().filter(|record| text(record, "forced") != "lost");
    Some(match key {
        "text" => Value::string(held.map(word).collect::<Vec<_>>().join(", ")),
        "safe" => Value::count(count("yes")),
        "unforced" => Value::count(count("no")),
        "lost" => Value::count(count("lost")),
        _ => return None,
    })
}

fn in_strip(cells: &[Value], key: &str) -> Option<Value> {
    let of = |key: &str| cells.iter().map(|cell| text(cell, key)).collect::<Vec<_>>();
    let epochs = || cells.iter().filter_map(|cell| Some(cell.get("epoch")?.as_whole()?.to_string()));
    let in_state = |is: &dyn Fn(&str) -> bool| Value::count(of("state").into_iter().filter(|state| is(state)).count());
    Some(match key {
        "length" => Value::count(cells.len() as u64),
        "committed" => in_state(&|state| state != "pending"),
        "applied" => in_state(&|state| state == "applied"),
        "epochs" => Value::string(epochs().collect::<Vec<_>>().join(" ")),
        "text" => Value::string(of("text").join(", ")),
        _ => return None,
    })
}

/// The one key that is left of a path.
fn at_end(path: &[String]) -> Option<&str> {
    match path {
        [key] => Some(key),
        _ => None,
    }
}

fn node_of(run: &Simulation, name: &str) -> Option<NodeId> {
    run.node_names().iter().position(|other| other == name).map(|place| NodeId(place as u32))
}

fn is_client(name: &str) -> bool {
    name.strip_prefix('C').is_some_and(|number| !number.is_empty() && number.chars().all(|c| c.is_ascii_digit()))
}

fn nobody(name: &str) -> Error {
    Error::input(format!("there is nobody called {}", quoted(name)))
}

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}

pub fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}
