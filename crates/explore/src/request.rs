//! What is asked of the search, read strictly.

use synod_engine::error::{Error, Part, Result, why};
use synod_engine::simulation::Entry;
use synod_engine::text::text;
use synod_engine::value::Value;

use crate::goal::Goal;

/// A search that is asked for.
pub struct Request {
    pub(crate) entry: &'static Entry,
    /// As it was given: what it leaves out the search may choose.
    pub(crate) config: Value,
    pub(crate) goal: Goal,
    pub(crate) allow: Allow,
    pub(crate) limits: Limits,
    pub(crate) seed: u64,
}

/// What the search may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allow {
    pub reorder: bool,
    pub lose: bool,
    pub copy: bool,
    pub timeout: bool,
    pub request: bool,
    pub crash: bool,
    pub restart: bool,
    pub partition: bool,
    pub skew: bool,
}

/// Within what the search looks. What is left out it chooses itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The most steps that a run may have.
    pub steps: Option<u32>,
    /// The most nodes, where the configuration leaves their number open.
    pub nodes: Option<u32>,
    /// The highest epoch, as a term or a ballot.
    pub epochs: Option<u32>,
    /// The most commands of clients.
    pub requests: Option<u32>,
    /// The most crashes.
    pub faults: Option<u32>,
    /// The most work, in steps of any kind.
    pub work: Option<u64>,
}

const ALLOWED: [&str; 9] = ["reorder", "lose", "copy", "timeout", "request", "crash", "restart", "partition", "skew"];
const LIMITS: [&str; 6] = ["steps", "nodes", "epochs", "requests", "faults", "work"];
const KEYS: [&str; 5] = ["config", "goal", "allow", "limits", "seed"];
/// More of anything than a search could do.
const MOST: i64 = 1_000_000_000_000;

impl Request {
    /// The protocol that a request names.
    pub fn protocol(value: &Value) -> Option<&str> {
        value.get("config")?.get("protocol")?.as_text()
    }

    /// Reads a request for a protocol of the registry.
    ///
    /// # Errors
    /// Where it is not one, each with what would be right.
    pub fn read(entry: &'static Entry, value: &Value) -> Result<Request> {
        known(value, &KEYS, text("a request", "请求"))?;
        let config = value.get("config").cloned().unwrap_or(Value::Null);
        entry.open(&config, &mut || 1)?;
        let goal = Goal::read(entry, value.get("goal").unwrap_or(&Value::Null))?;
        let allow = given(value, "allow").map_or(Ok(Allow::ALL), Allow::read)?;
        let limits = given(value, "limits").map_or(Ok(Limits::default()), Limits::read)?;
        let seed = match given(value, "seed") {
            None => 1,
            Some(seed) => whole(seed, "seed", 0)? as u64,
        };
        Ok(Request { entry, config, goal, allow, limits, seed })
    }

    /// Whether the configuration leaves something open.
    pub(crate) fn leaves_open(&self, key: &str) -> bool {
        given(&self.config, key).is_none()
    }
}

impl Allow {
    const ALL: Allow = Allow {
        reorder: true,
        lose: true,
        copy: true,
        timeout: true,
        request: true,
        crash: true,
        restart: true,
        partition: true,
        skew: true,
    };

    fn read(value: &Value) -> Result<Allow> {
        known(value, &ALLOWED, text("allow", "allow"))?;
        let flag = |key: &str| match given(value, key) {
            None => Ok(true),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(other) => {
                let words = text(
                    "{key} of allow is true or false, not {given}",
                    "allow 的 {key} 是 true 或 false，而不是 {given}",
                );
                let key = Part::name(ALLOWED.iter().find(|known| **known == key).copied().unwrap_or_default());
                Err(Error::input(why(words, [("key", key), ("given", Part::given(other))])))
            }
        };
        Ok(Allow {
            reorder: flag("reorder")?,
            lose: flag("lose")?,
            copy: flag("copy")?,
            timeout: flag("timeout")?,
            request: flag("request")?,
            crash: flag("crash")?,
            restart: flag("restart")?,
            partition: flag("partition")?,
            skew: flag("skew")?,
        })
    }

    /// Verbs that a random run does without.
    pub fn avoided(&self) -> Vec<&'static str> {
        let sorts: [(bool, &[&str]); 9] = [
            (self.reorder, &["delay", "hold"]),
            (self.lose, &["drop", "loss"]),
            (self.copy, &["duplicate", "duplication"]),
            (self.timeout, &["fire"]),
            (self.request, &["request"]),
            (self.crash, &["crash", "wipe", "pause"]),
            (self.restart, &["restart"]),
            (self.partition, &["partition", "cut"]),
            (self.skew, &["skew", "offset"]),
        ];
        sorts.iter().filter(|(allowed, _)| !allowed).flat_map(|(_, verbs)| verbs.iter().copied()).collect()
    }
}

impl Limits {
    /// Whether they say themselves within what every run is to be tried.
    pub(crate) fn are_bounds(&self) -> bool {
        self.epochs.is_some() && self.requests.is_some() && self.faults.is_some()
    }

    fn read(value: &Value) -> Result<Limits> {
        known(value, &LIMITS, text("limits", "limits"))?;
        let number = |key: &'static str| given(value, key).map(|value| whole(value, key, 0)).transpose();
        let small = |key| Ok::<_, Error>(number(key)?.map(|n| n.min(i64::from(u32::MAX)) as u32));
        Ok(Limits {
            steps: small("steps")?,
            nodes: small("nodes")?,
            epochs: small("epochs")?,
            requests: small("requests")?,
            faults: small("faults")?,
            work: number("work")?.map(|n| n as u64),
        })
    }
}

/// What stands under a key, if anything does.
fn given<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|value| **value != Value::Null)
}

fn known(value: &Value, keys: &[&str], what: synod_engine::text::Text) -> Result<()> {
    let Value::Map(entries) = value else {
        let words = text("{what} is an object, not {given}", "{what} 应为对象，而不是 {given}");
        return Err(Error::input(why(words, [("what", Part::text(what)), ("given", Part::given(value))])));
    };
    match entries.iter().find(|(key, _)| !keys.contains(&key.as_ref())) {
        None => Ok(()),
        Some((key, _)) => {
            let words = text("{what} has no {key}; it may have {keys}", "{what} 没有 {key}；可以有 {keys}");
            let keys = Part::known(keys.iter().copied());
            Err(Error::input(why(words, [("what", Part::text(what)), ("key", Part::quoted(key)), ("keys", keys)])))
        }
    }
}

fn whole(value: &Value, key: &str, least: i64) -> Result<i64> {
    value.as_whole().filter(|n| (least..=MOST).contains(n)).ok_or_else(|| {
        let words = text(
            "{key} is a whole number from {least} on, not {given}",
            "{key} 是不小于 {least} 的整数，而不是 {given}",
        );
        Error::input(why(
            words,
            [("key", Part::name(key)), ("least", Part::count(least)), ("given", Part::given(value))],
        ))
    })
}
