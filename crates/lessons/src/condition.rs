//! Conditions on a run: `C.role = leader`, `fired grant-vote >= 2`, `passed >= 50`. The left side
//! is a [`Term`], which captions may also name.

use synod_engine::error::{Error, Result};
use synod_engine::names::NodeId;
use synod_engine::simulation::Simulation;
use synod_engine::trace::Seq;
use synod_engine::units::{Micros, ms_to_micros, parse_decimal};
use synod_engine::value::{Value, quoted};

#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// How often a rule fired since the step began, at one node or at any: `fired grant-vote by C`.
    Fired { rule: String, node: Option<String> },
    /// Milliseconds since the step began.
    Passed,
    /// Nodes in a role or a status: `count leader`. A node that is down plays no role.
    Count(String),
    /// Messages under way: `flying request-vote C -> A`, or of every link.
    Flying { kind: String, link: Option<(String, String)> },
    /// Invariants that are broken, or whether one is: `broken election-safety`.
    Broken(Option<String>),
    /// A place in the frame: `C.commitIndex`, `A.log.length`, `C1.state`, `swarm.susceptible`.
    Path(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    Is,
    IsNot,
    AtLeast,
    AtMost,
}

#[derive(Clone, Debug)]
pub struct Condition {
    pub text: String,
    term: Term,
    comparison: Comparison,
    wanted: String,
}

/// What a condition is asked about: a run, and since when rules are counted.
pub struct Scene<'a> {
    pub run: &'a Simulation,
    pub from: Seq,
    pub since: Micros,
}

impl Term {
    pub fn parse(text: &str) -> Result<Term> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let owned = |word: &str| word.to_string();
        Ok(match words[..] {
            ["fired", rule] => Term::Fired { rule: owned(rule), node: None },
            ["fired", rule, "by", node] => Term::Fired { rule: owned(rule), node: Some(owned(node)) },
            ["passed"] => Term::Passed,
            ["count", role] => Term::Count(owned(role)),
            ["flying", kind] => Term::Flying { kind: owned(kind), link: None },
            ["flying", kind, from, "->", to] => {
                Term::Flying { kind: owned(kind), link: Some((owned(from), owned(to))) }
            }
            ["broken"] => Term::Broken(None),
            ["broken", invariant] => Term::Broken(Some(owned(invariant))),
            [path] => Term::Path(path.split('.').map(owned).collect()),
            _ => return Err(Error::input(format!("{} names nothing that can be asked of a run", quoted(text)))),
        })
    }

    /// What it is now; [`Value::Null`] where there is none.
    pub fn value(&self, scene: &Scene) -> Value {
        match self {
            Term::Fired { rule, node } => Value::count(fired(scene, rule, node.as_deref())),
            Term::Passed => Value::ms(scene.run.now() - scene.since),
            Term::Count(word) => Value::count(count(scene.run, word)),
            Term::Flying { kind, link } => Value::count(flying(scene.run, kind, link.as_ref())),
            Term::Broken(None) => Value::count(scene.run.broken() as u64),
            Term::Broken(Some(id)) => {
                let broken = scene.run.violations();
                let is = |violation: &&Value| violation.get("invariant").and_then(Value::as_text) == Some(id);
                Value::count(broken.iter().filter(is).count() as u64)
            }
            Term::Path(path) => at(scene.run, path),
        }
    }

    /// Whether asking costs a frame.
    fn is_dear(&self) -> bool {
        !matches!(self, Term::Passed | Term::Broken(_))
    }
}

impl Condition {
    pub fn parse(text: &str) -> Result<Condition> {
        let signs =
            [(">=", Comparison::AtLeast), ("<=", Comparison::AtMost), ("!=", Comparison::IsNot), ("=", Comparison::Is)];
        let found = signs.iter().find_map(|(sign, comparison)| Some((text.split_once(sign)?, *comparison)));
        let Some(((left, right), comparison)) = found else {
            return Err(Error::input(format!("{} compares nothing; write it as \"C.role = leader\"", quoted(text))));
        };
        let term = Term::parse(left.trim())?;
        Ok(Condition { text: text.into(), term, comparison, wanted: right.trim().into() })
    }

    /// The span that must pass, where that is what is asked.
    pub fn span(&self) -> Option<Micros> {
        let asked = self.term == Term::Passed && self.comparison == Comparison::AtLeast;
        let ms = parse_decimal(&self.wanted).filter(|_| asked)?;
        Micros::try_from(ms_to_micros(ms)).ok()
    }

    pub fn holds(&self, scene: &Scene) -> bool {
        let value = self.term.value(scene);
        let ordered = || Some(value.as_number()?.cmp(&parse_decimal(&self.wanted)?));
        match self.comparison {
            Comparison::Is => shown(&value) == self.wanted,
            Comparison::IsNot => shown(&value) != self.wanted,
            Comparison::AtLeast => ordered().is_some_and(|order| order.is_ge()),
            Comparison::AtMost => ordered().is_some_and(|order| order.is_le()),
        }
    }
}

/// Whether all of them hold; what is cheap is asked first.
pub fn all_hold(conditions: &[Condition], scene: &Scene) -> bool {
    let mut cheap_first = [false, true]
        .into_iter()
        .flat_map(|dear| conditions.iter().filter(move |condition| condition.term.is_dear() == dear));
    cheap_first.all(|condition| condition.holds(scene))
}

/// A value as a caption shows it: thousands are grouped.
pub fn printed(value: &Value) -> String {
    let text = shown(value);
    if value.as_number().is_none() || text.contains('.') {
        return text;
    }
    let digits: Vec<char> = text.chars().collect();
    let groups: Vec<String> = digits.rchunks(3).rev().map(|group| group.iter().collect()).collect();
    groups.join(",")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".into(),
        Value::Text(text) => text.to_string(),
        other => other.shown(),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}

fn items<'a>(frame: &'a Value, key: &str) -> &'a [Value] {
    frame.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn named<'a>(items: &'a [Value], name: &str) -> Option<&'a Value> {
    items.iter().find(|item| text(item, "name") == name)
}

fn fired(scene: &Scene, rule: &str, node: Option<&str>) -> u64 {
    let place = node.and_then(|name| scene.run.node_names().iter().position(|other| other == name));
    let mut count = 0;
    scene.run.each_record(scene.from, u64::MAX, &mut |record| {
        let at = record.get("node").and_then(Value::as_whole);
        let here = node.is_none() || (place.is_some() && at == place.map(|place| place as i64));
        count += u64::from(text(&record, "rule") == rule && here);
    });
    count
}

fn count(run: &Simulation, word: &str) -> u64 {
    let is = |node: &NodeId| {
        run.node(*node, 0).is_ok_and(|node| {
            let status = text(&node, "status");
            status == word || (matches!(status, "up" | "paused") && text(&node, "role") == word)
        })
    };
    (0..run.nodes()).map(NodeId).filter(is).count() as u64
}

fn flying(run: &Simulation, kind: &str, link: Option<&(String, String)>) -> u64 {
    let frame = run.frame(0);
    let names = run.node_names();
    let end = |message: &Value, key: &str| match message.get(key) {
        Some(Value::Text(client)) => client.to_string(),
        Some(node) => node.as_whole().and_then(|at| names.get(at as usize).cloned()).unwrap_or_default(),
        None => String::new(),
    };
    let is = |message: &&Value| {
        let here = link.is_none_or(|(from, to)| end(message, "from") == *from && end(message, "to") == *to);
        text(message, "kind") == kind && text(message, "fate") != "lost" && here
    };
    items(&frame, "messages").iter().filter(is).count() as u64
}

/// A place in the frame. A node is called by its name, and so is a client.
fn at(run: &Simulation, path: &[String]) -> Value {
    let (head, rest) = (&path[0], &path[1..]);
    if let Some(place) = run.node_names().iter().position(|name| name == head) {
        return run.node(NodeId(place as u32), usize::MAX).map_or(Value::Null, |node| in_node(&node, rest));
    }
    let within = |value: &Value| path.iter().try_fold(value, |value, key| value.get(key)).cloned();
    // Totals are asked of large clusters, and a frame of one is dear.
    if let Some(found) = within(&run.totals()) {
        return found;
    }
    let frame = run.frame(0);
    if let Some(client) = named(items(&frame, "clients"), head) {
        return rest.first().and_then(|key| client.get(key)).cloned().unwrap_or(Value::Null);
    }
    within(&frame).unwrap_or(Value::Null)
}

fn in_node(node: &Value, path: &[String]) -> Value {
    let key = path.first().map_or("", String::as_str);
    let field = items(node, "fields").iter().find(|field| text(field, "id") == key);
    if let Some(field) = field {
        return field.get("value").cloned().unwrap_or(Value::Null);
    }
    if let Some(strip) = items(node, "strips").iter().find(|strip| text(strip, "id") == key) {
        return in_strip(items(strip, "cells"), path.get(1).map_or("", String::as_str));
    }
    match key {
        "epoch" => node.get("epoch").and_then(|epoch| epoch.get("value")).cloned().unwrap_or(Value::Null),
        "tally" => node.get("tally").map_or(Value::Null, |tally| Value::count(items(tally, "have").len() as u64)),
        _ => node.get(key).cloned().unwrap_or(Value::Null),
    }
}

fn in_strip(cells: &[Value], key: &str) -> Value {
    let committed = |cell: &&Value| text(cell, "state") != "pending";
    match key {
        "length" => Value::count(cells.len() as u64),
        "committed" => Value::count(cells.iter().filter(committed).count() as u64),
        "epochs" => {
            let epochs: Vec<String> =
                cells.iter().filter_map(|cell| Some((cell.get("epoch")?.as_whole()?).to_string())).collect();
            Value::string(epochs.join(" "))
        }
        "text" => Value::string(cells.iter().map(|cell| text(cell, "text")).collect::<Vec<_>>().join(", ")),
        _ => Value::Null,
    }
}
