//! A run's configuration: what it is before anything happened. Parsed strictly.

use std::hash::{Hash, Hasher};

use crate::error::{Error, Result};
use crate::network::{Conditions, LONGEST_LATENCY, Latency};
use crate::options::Kind;
use crate::protocol::Protocol;
use crate::units::{MILLION, Ppm};
use crate::value::{Value, one_of, quoted};

#[derive(Clone, Debug)]
pub struct Setup<P: Protocol> {
    pub nodes: u32,
    pub seed: u64,
    pub conditions: Conditions,
    pub options: P::Config,
    /// Rules that are broken on purpose, in the catalog's order.
    pub mutants: Vec<&'static str>,
}

impl<P: Protocol> Hash for Setup<P> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (P::META.id, self.nodes, self.seed, self.conditions).hash(state);
        self.options.hash(state);
        self.mutants.hash(state);
    }
}

impl<P: Protocol> Setup<P> {
    /// The protocol as it is by default.
    pub fn new(seed: u64) -> Setup<P> {
        Setup {
            nodes: P::META.nodes.default,
            seed,
            conditions: Conditions::default(),
            options: P::Config::default(),
            mutants: Vec::new(),
        }
    }

    /// Reads a configuration. `chance` gives the seed when none was given.
    pub fn read(value: &Value, chance: impl FnOnce() -> u64) -> Result<Setup<P>> {
        let entries = object(value, "a configuration")?;
        known(entries, &["protocol", "nodes", "seed", "network", "options", "mutants"], "a configuration")?;
        let seed = match present(value, "seed") {
            None => chance(),
            Some(seed) => read_seed(seed)?,
        };
        let mut setup = Setup::<P>::new(seed);
        if let Some(nodes) = present(value, "nodes") {
            setup.nodes = read_nodes::<P>(nodes)?;
        }
        if let Some(network) = present(value, "network") {
            setup.conditions = read_conditions(network)?;
        }
        if let Some(options) = present(value, "options") {
            read_options::<P>(options, &mut setup.options)?;
        }
        if let Some(mutants) = present(value, "mutants") {
            setup.mutants = read_mutants::<P>(mutants)?;
        }
        P::check_config(&setup.options, setup.nodes).map_err(Error::config)?;
        Ok(setup)
    }

    /// The configuration as it would be given.
    pub fn value(&self) -> Value {
        let options =
            P::OPTIONS.iter().map(|option| (option.id.into(), (option.get)(&self.options).value(&option.kind)));
        Value::map([
            ("protocol", Value::word(P::META.id)),
            ("nodes", Value::count(self.nodes)),
            ("seed", Value::string(format!("{:x}", self.seed))),
            ("network", print_conditions(&self.conditions)),
            ("options", Value::Map(options.collect())),
            ("mutants", Value::list(self.mutants.iter().map(|id| Value::word(id)))),
        ])
    }
}

type Entries = [(crate::value::Key, Value)];

fn object<'a>(value: &'a Value, what: &str) -> Result<&'a Entries> {
    match value {
        Value::Map(entries) => Ok(entries),
        other => Err(Error::config(format!("{what} is an object, not {}", other.shown()))),
    }
}

fn known(entries: &Entries, keys: &[&str], what: &str) -> Result<()> {
    match entries.iter().find(|(key, _)| !keys.contains(&key.as_ref())) {
        None => Ok(()),
        Some((key, _)) => {
            let keys = one_of(keys.iter().copied());
            Err(Error::config(format!("{what} has no {}; it may have {keys}", quoted(key))))
        }
    }
}

/// The value under a key; `undefined` counts as not given.
fn present<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|value| **value != Value::Null)
}

fn read_seed(value: &Value) -> Result<u64> {
    let hex =
        value.as_text().filter(|text| (1..=16).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit()));
    hex.and_then(|text| u64::from_str_radix(text, 16).ok()).ok_or_else(|| {
        Error::config(format!("seed is 1 to 16 hexadecimal digits as text, such as \"7f3a\", not {}", value.shown()))
    })
}

fn read_nodes<P: Protocol>(value: &Value) -> Result<u32> {
    let bounds = P::META.nodes;
    value
        .as_whole()
        .filter(|n| (i64::from(bounds.min)..=i64::from(bounds.max)).contains(n))
        .map(|n| n as u32)
        .ok_or_else(|| {
            let (min, max, name) = (bounds.min, bounds.max, P::META.name.en);
            Error::config(format!("nodes of {name} is a whole number from {min} to {max}, not {}", value.shown()))
        })
}

fn read_conditions(value: &Value) -> Result<Conditions> {
    let entries = object(value, "network")?;
    known(entries, &["latency", "loss", "duplicate", "reorder"], "network")?;
    let mut conditions = Conditions::default();
    if let Some(latency) = present(value, "latency") {
        let kind = Kind::Times { min: 0, max: LONGEST_LATENCY };
        conditions.latency = match kind.read(latency) {
            Ok(crate::options::Setting::Times(min, max)) => Latency { min, max },
            Ok(_) => conditions.latency,
            Err(why) => return Err(Error::config(format!("network.latency: {why}"))),
        };
    }
    for (key, part) in [("loss", &mut conditions.loss), ("duplicate", &mut conditions.duplicate)] {
        if let Some(value) = present(value, key) {
            *part = read_part(value, key)?;
        }
    }
    if let Some(reorder) = present(value, "reorder") {
        conditions.reorder = reorder
            .as_bool()
            .ok_or_else(|| Error::config(format!("network.reorder is true or false, not {}", reorder.shown())))?;
    }
    Ok(conditions)
}

fn read_part(value: &Value, key: &str) -> Result<Ppm> {
    let parts = value.as_number().filter(|n| (0..=i64::from(MILLION)).contains(n));
    parts
        .map(|n| n as Ppm)
        .ok_or_else(|| Error::config(format!("network.{key} is a probability from 0 to 1, not {}", value.shown())))
}

fn read_options<P: Protocol>(value: &Value, options: &mut P::Config) -> Result<()> {
    for (key, value) in object(value, "options")?.iter().filter(|(_, value)| *value != Value::Null) {
        let option = P::OPTIONS.iter().find(|option| option.id == key).ok_or_else(|| {
            let known = one_of(P::OPTIONS.iter().map(|option| option.id));
            Error::config(format!("{} has no option {}; it has {known}", P::META.name.en, quoted(key)))
        })?;
        let setting = option.kind.read(value).map_err(|why| Error::config(format!("options.{key}: {why}")))?;
        (option.set)(options, setting);
    }
    Ok(())
}

fn read_mutants<P: Protocol>(value: &Value) -> Result<Vec<&'static str>> {
    let known = || one_of(P::MUTANTS.iter().map(|mutant| mutant.id));
    let list = value.as_list().ok_or_else(|| {
        Error::config(format!("mutants is a list of ids, not {}; the ids are {}", value.shown(), known()))
    })?;
    for id in list {
        if !P::MUTANTS.iter().any(|mutant| id.as_text() == Some(mutant.id)) {
            return Err(Error::config(format!("mutants has no {}; the ids are {}", id.shown(), known())));
        }
    }
    let chosen = |id: &str| list.iter().any(|value| value.as_text() == Some(id));
    Ok(P::MUTANTS.iter().map(|mutant| mutant.id).filter(|id| chosen(id)).collect())
}

pub fn print_conditions(conditions: &Conditions) -> Value {
    let Latency { min, max } = conditions.latency;
    Value::map([
        ("latency", Value::list([Value::ms(min), Value::ms(max)])),
        ("loss", Value::Number(i64::from(conditions.loss))),
        ("duplicate", Value::Number(i64::from(conditions.duplicate))),
        ("reorder", Value::Bool(conditions.reorder)),
    ])
}
