//! A configuration as the search plays it: nothing arrives or times out by itself as long as a run lasts, so that only
//! what was chosen happens. It is an ordinary configuration, and what is found under it an ordinary run.

use std::rc::Rc;

use synod_engine::error::Result;
use synod_engine::rng::Chance;
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::units::{MS, Micros};
use synod_engine::untimed::Untimed;
use synod_engine::value::{Key, Value};

/// From one step of a run to the next; a message that is received at a step left at the one before.
pub const STEP: Micros = 20 * MS;
/// The most steps that are made into a run.
pub const MOST_STEPS: usize = 90;
/// How long a message takes that nobody delivers, in milliseconds: longer than a run.
const NEVER: i64 = 2_000;
/// Timers go off later than that.
const LATER: i64 = 2_500;
const MILLIONTHS: i64 = 1_000_000;

/// A cluster to search in.
pub struct Plan {
    /// The whole configuration of the runs that are made of what is found.
    pub config: Value,
    pub start: Untimed,
    /// Whether it is what was asked for, with nothing drawn.
    pub is_own: bool,
}

impl Plan {
    /// Of a configuration. Nothing where it cannot be slow enough.
    pub fn new(entry: &Entry, config: &Value, operations: &[String], is_own: bool) -> Option<Rc<Plan>> {
        let catalog = entry.catalog(&[]);
        let given = entry.open(config, &mut || 1).ok()?;
        let config = slow(given.setup(), &catalog);
        let run = entry.open(&config, &mut || 1).ok()?;
        let start = Untimed::new(&run, operations).ok()?;
        Some(Rc::new(Plan { config, start, is_own }))
    }

    /// A run of it that stands at 0.
    pub fn open(&self, entry: &Entry) -> Result<Simulation> {
        entry.open(&self.config, &mut || 1)
    }
}

/// The configuration that is searched first: where it says nothing of how many nodes there are, as few as can be more
/// than half without being all.
pub fn small(given: &Value, catalog: &Value) -> Value {
    if is_few(catalog, FEW) { filled(given, "nodes", Value::count(FEW)) } else { given.clone() }
}

/// One in which something is otherwise that was left open: how many nodes there are, and what is on or off.
pub fn draw(entry: &Entry, given: &Value, most: Option<u32>, chance: &mut Chance) -> Value {
    let catalog = entry.catalog(&[]);
    let few = *chance.pick(&[FEW, FEW, FEW, FEW, 4, 4, 5, 5, 2]);
    let few = most.map_or(few, |most| few.min(i64::from(most)));
    let mut config = if is_few(&catalog, few) { filled(given, "nodes", Value::count(few)) } else { given.clone() };
    let said = given.get("options").cloned().unwrap_or(Value::Map(Vec::new()));
    let mut options = said.clone();
    for option in catalog.get("options").and_then(Value::as_list).unwrap_or_default() {
        let id = option.get("id").and_then(Value::as_text).unwrap_or_default();
        if !chance.one_in(3) {
            continue;
        }
        if let Some(drawn) = other(option, chance) {
            let tried = filled(&options, id, drawn);
            let with = replaced(&config, "options", tried.clone());
            // What does not go with the rest stays as it was.
            if entry.open(&with, &mut || 1).is_ok() {
                (options, config) = (tried, with);
            }
        }
    }
    config
}

/// Another value of an option that is on or off, or one of several words.
fn other(option: &Value, chance: &mut Chance) -> Option<Value> {
    match option.get("type")?.as_text()? {
        "flag" => Some(Value::Bool(chance.one_in(2))),
        "choice" => chance.pick(option.get("choices")?.as_list()?).get("id").cloned(),
        "count" => Some(Value::count(chance.between(1, 3) as i64)),
        _ => None,
    }
}

/// How many nodes a first search has.
const FEW: i64 = 3;

/// Whether the protocol may have so many nodes that are all alike.
fn is_few(catalog: &Value, nodes: i64) -> bool {
    let number = |key: &str| catalog.get("nodes")?.get(key)?.as_whole();
    let groups = catalog.get("nodes").and_then(|nodes| nodes.get("groups")?.as_list()).unwrap_or_default();
    groups.is_empty() && number("min").is_some_and(|min| min <= nodes) && number("max").is_some_and(|max| max >= nodes)
}

/// The object with a value under a key, unless it has one.
fn filled(object: &Value, key: &str, value: Value) -> Value {
    let has = object.get(key).is_some_and(|value| *value != Value::Null);
    if has { object.clone() } else { replaced(object, key, value) }
}

fn replaced(object: &Value, key: &str, value: Value) -> Value {
    let Value::Map(entries) = object else { return object.clone() };
    let mut entries: Vec<(Key, Value)> = entries.iter().filter(|(known, _)| known != key).cloned().collect();
    entries.push((key.to_string().into(), value));
    Value::Map(entries)
}

/// A few operations that have to do with one another, those of the first kind first.
pub fn operations(run: &Simulation, catalog: &Value, chance: &mut Chance, most: usize) -> Vec<String> {
    let kinds = catalog.get("operations").and_then(Value::as_list).unwrap_or_default();
    let example = |kind: &Value| kind.get("example").and_then(Value::as_text).unwrap_or_default().to_string();
    let mut found: Vec<String> = kinds.iter().take(1).map(example).collect();
    for _ in 0..12 {
        if found.len() >= most {
            break;
        }
        let drawn = run.draw_operation(chance);
        if !found.contains(&drawn) {
            found.push(drawn);
        }
    }
    found
}

/// The configuration with messages and timers that take longer than a run, and disks that take no time.
fn slow(setup: Value, catalog: &Value) -> Value {
    let Value::Map(entries) = setup else { return setup };
    let changed = entries.into_iter().map(|(key, value)| {
        let value = match key.as_ref() {
            "network" => network(value),
            "disk" => Value::list([Value::count(0), Value::count(0)]),
            "options" => later(value, catalog),
            _ => value,
        };
        (key, value)
    });
    Value::Map(changed.collect())
}

fn network(value: Value) -> Value {
    let kept = ["reorder"];
    let Value::Map(entries) = value else { return value };
    let mut entries: Vec<(Key, Value)> = entries.into_iter().filter(|(key, _)| kept.contains(&key.as_ref())).collect();
    entries.push(("latency".into(), Value::list([Value::count(NEVER), Value::count(NEVER)])));
    Value::Map(entries)
}

/// Every time of the options so many times as long that the shortest outlasts a run.
fn later(options: Value, catalog: &Value) -> Value {
    let Value::Map(entries) = options else { return options };
    let kinds = catalog.get("options").and_then(Value::as_list).unwrap_or_default();
    let kind = |id: &str| kinds.iter().find(|kind| kind.get("id").and_then(Value::as_text) == Some(id));
    let most = |id: &str| {
        let kind = kind(id)
            .filter(|kind| matches!(kind.get("type").and_then(Value::as_text), Some("time" | "times" | "range")));
        kind.and_then(|kind| kind.get("max")?.as_number())
    };
    let shortest = entries.iter().filter(|(id, _)| most(id).is_some()).flat_map(|(_, value)| times(value));
    let shortest = shortest.filter(|time| *time > 0).min().unwrap_or(LATER * MILLIONTHS);
    let factor = (LATER * MILLIONTHS).div_euclid(shortest).max(0) + 1;
    let longer = |value: Value, most: i64| match value {
        Value::Number(time) => Value::Number((time * factor).min(most)),
        Value::List(times) => {
            Value::list(times.iter().filter_map(Value::as_number).map(|time| Value::Number((time * factor).min(most))))
        }
        other => other,
    };
    Value::Map(
        entries
            .into_iter()
            .map(|(id, value)| match most(&id) {
                Some(most) => (id, longer(value, most)),
                None => (id, value),
            })
            .collect(),
    )
}

fn times(value: &Value) -> Vec<i64> {
    match value {
        Value::Number(time) => vec![*time],
        Value::List(times) => times.iter().filter_map(Value::as_number).collect(),
        _ => Vec::new(),
    }
}
