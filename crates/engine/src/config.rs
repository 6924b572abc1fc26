//! A run's configuration: what it is before anything happened. Parsed strictly.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::disk::DiskTimes;
use crate::erased::{About, Definition};
use crate::error::{Error, Part, Result, Why, why};
use crate::input::Vocabulary;
use crate::names::Names;
use crate::network::{Conditions, LONGEST_LATENCY, Latency, slowest};
use crate::options::{Kind, Settings};
use crate::places::{self, Places};
use crate::profile::{PROFILES, Profile};
use crate::protocol::Nodes;
use crate::roster::{Group, Roster};
use crate::text::{Text, text};
use crate::units::{MILLION, Ppm};
use crate::value::Value;

#[derive(Clone)]
pub(crate) struct Setup {
    pub protocol: &'static dyn Definition,
    pub roster: Roster,
    pub seed: u64,
    pub conditions: Conditions,
    /// Where nodes and clients stand at the start, if they stand anywhere.
    pub places: Option<Rc<Places>>,
    /// How long disks take, where nodes wait for them.
    pub disk: DiskTimes,
    pub settings: Settings,
    /// Rules that are broken on purpose, in the catalog's order.
    pub mutants: Vec<&'static str>,
}

impl Hash for Setup {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.about().meta.id, self.roster, self.seed, self.conditions).hash(state);
        self.disk.hash(state);
        if let Some(places) = &self.places {
            places.hash(state);
        }
        self.settings.hash(state);
        self.mutants.hash(state);
    }
}

impl Setup {
    /// The protocol as it is by default.
    pub fn new(protocol: &'static dyn Definition, seed: u64) -> Setup {
        let about = protocol.about();
        let settings = Settings::usual(about.options);
        let (conditions, mutants) = (Conditions::default(), Vec::new());
        let (roster, disk) = (usual_roster(about), DiskTimes::default());
        Setup { protocol, roster, seed, conditions, places: None, disk, settings, mutants }
    }

    pub fn about(&self) -> &'static About {
        self.protocol.about()
    }

    /// Reads a configuration. `chance` gives the seed when none was given.
    pub fn read(protocol: &'static dyn Definition, value: &Value, chance: &mut dyn FnMut() -> u64) -> Result<Setup> {
        let entries = object(value, CONFIGURATION)?;
        known(entries, &["protocol", "nodes", "seed", "network", "disk", "options", "mutants"], CONFIGURATION)?;
        let seed = match present(value, "seed") {
            None => chance(),
            Some(seed) => read_seed(seed)?,
        };
        let mut setup = Setup::new(protocol, seed);
        let about = setup.about();
        if let Some(nodes) = present(value, "nodes") {
            setup.roster = read_roster(about, nodes)?;
        }
        setup.settings = protocol.usual(&setup.roster);
        if let Some(network) = present(value, "network") {
            setup.conditions = read_conditions(network)?;
            setup.read_places(network)?;
        }
        if let Some(disk) = present(value, "disk") {
            setup.disk = read_disk(about, disk, &setup.roster)?;
        }
        if let Some(options) = present(value, "options") {
            read_options(about, options, &mut setup.settings)?;
        }
        if let Some(mutants) = present(value, "mutants") {
            setup.mutants = read_mutants(about, mutants)?;
        }
        let order = present(value, "network").and_then(|network| present(network, "reorder"));
        if order.is_none() && setup.asks_for_order() {
            setup.conditions.reorder = false;
        }
        setup.check().map_err(Error::config)?;
        Ok(setup)
    }

    /// A preset says how long messages take inside a place, unless the network does.
    fn read_places(&mut self, network: &Value) -> Result<()> {
        let _names = Names::of(&self.roster);
        let given = (present(network, "places"), present(network, "rtt"));
        let vocabulary = Vocabulary::of(self.protocol, None);
        let read = places::read(self.about(), &vocabulary, given, &self.roster);
        let Some((places, latency)) = read.map_err(|(key, wrong)| wrong_at(key, wrong))? else {
            return Ok(());
        };
        self.places = Some(Rc::new(places));
        if let (Some(latency), None) = (latency, present(network, "latency")) {
            self.conditions.latency = latency;
        }
        Ok(())
    }

    /// The words that inputs of this run may have.
    pub fn vocabulary(&self) -> Vocabulary {
        Vocabulary::of(self.protocol, self.places.as_deref())
    }

    /// Whether the protocol, as it is set, rests on links that keep their order.
    pub fn asks_for_order(&self) -> bool {
        self.protocol.in_order(&self.settings, &self.mutants)
    }

    /// What only makes sense together.
    pub fn check(&self) -> std::result::Result<(), Why> {
        let trip = self.places.as_ref().map(|places| places.longest_trip());
        let slowest = slowest(&self.conditions, self.places.as_deref());
        self.protocol.check(&self.settings, &self.roster, slowest, trip)
    }

    fn network_value(&self) -> Value {
        let mut network = print_conditions(&self.conditions);
        if let (Value::Map(entries), Some(profile)) = (&mut network, self.conditions.profile) {
            let named = Value::word(PROFILES[usize::from(profile)].id);
            entries.iter_mut().filter(|(key, _)| key == "latency").for_each(|(_, value)| *value = named.clone());
        }
        if let (Value::Map(entries), Some(places)) = (&mut network, &self.places) {
            let _names = Names::of(&self.roster);
            entries.extend(places.values().map(|(key, value)| (key.into(), value)));
        }
        network
    }

    /// The configuration as it would be given.
    pub fn value(&self) -> Value {
        let options = self.settings.each().map(|(option, setting)| (option.id.into(), setting.value(&option.kind)));
        let mut entries = vec![
            ("protocol", Value::word(self.about().meta.id)),
            ("nodes", print_roster(self.about(), &self.roster)),
            ("seed", Value::string(format!("{:x}", self.seed))),
            ("network", self.network_value()),
            ("options", Value::Map(options.collect())),
            ("mutants", Value::list(self.mutants.iter().map(|id| Value::word(id)))),
        ];
        if self.about().forced {
            entries.push(("disk", self.disk.value()));
        }
        Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

fn read_disk(about: &About, value: &Value, roster: &Roster) -> Result<DiskTimes> {
    if !about.forced {
        let words = text(
            "the nodes of {protocol} never wait for their disks, so disk would have no effect",
            "{protocol} 的节点从不等待磁盘，disk 不会起作用",
        );
        return Err(Error::config(why(words, [("protocol", Part::text(about.meta.name))])));
    }
    let _names = Names::of(roster);
    DiskTimes::read(value, roster).map_err(|wrong| wrong_at("disk", wrong))
}

type Entries = [(crate::value::Key, Value)];

const CONFIGURATION: Text = text("a configuration", "配置");

fn object(value: &Value, what: Text) -> Result<&Entries> {
    match value {
        Value::Map(entries) => Ok(entries),
        other => {
            let words = text("{what} is an object, not {given}", "{what} 应为对象，而不是 {given}");
            Err(Error::config(why(words, [("what", Part::text(what)), ("given", Part::given(other))])))
        }
    }
}

fn known(entries: &Entries, keys: &[&str], what: Text) -> Result<()> {
    match entries.iter().find(|(key, _)| !keys.contains(&key.as_ref())) {
        None => Ok(()),
        Some((key, _)) => {
            let words = text("{what} has no {key}; it may have {keys}", "{what} 没有 {key}；可以有 {keys}");
            let keys = Part::known(keys.iter().copied());
            Err(Error::config(why(words, [("what", Part::text(what)), ("key", Part::quoted(key)), ("keys", keys)])))
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
        let words = text(
            "seed is 1 to 16 hexadecimal digits as text, such as {example}, not {given}",
            "seed 应为 1 到 16 位十六进制数字的文本，例如 {example}，而不是 {given}",
        );
        Error::config(why(words, [("example", Part::quoted("7f3a")), ("given", Part::given(value))]))
    })
}

fn usual_roster(about: &About) -> Roster {
    if about.meta.groups.is_empty() {
        return Roster::alike(about.meta.nodes.default);
    }
    Roster::grouped(each_group(about, |group| group.bounds.default))
}

fn each_group(about: &About, mut count: impl FnMut(&crate::protocol::GroupKind) -> u32) -> [Group; 3] {
    let mut groups = [Group::default(); 3];
    for (place, kind) in groups.iter_mut().zip(about.meta.groups) {
        *place = Group { named: kind.named, count: count(kind) };
    }
    groups
}

/// A number of nodes that are all alike, or a number of machines for each role.
fn read_roster(about: &About, value: &Value) -> Result<Roster> {
    let groups = about.meta.groups;
    let Value::Map(entries) = value else {
        return read_count(value, about.meta.nodes).map(Roster::alike).ok_or_else(|| wants_nodes(about, value));
    };
    if groups.is_empty() {
        return Err(wants_nodes(about, value));
    }
    let ids: Vec<&str> = groups.iter().map(|group| group.id).collect();
    known(entries, &ids, text("nodes", "nodes"))?;
    let mut wrong = None;
    let read = each_group(about, |group| {
        let given = present(value, group.id);
        let count = given.map_or(Some(group.bounds.default), |given| read_count(given, group.bounds));
        count.unwrap_or_else(|| {
            let Nodes { min, max, .. } = group.bounds;
            let words = text(
                "nodes.{group} is a whole number from {min} to {max}, not {given}",
                "nodes.{group} 应为 {min} 到 {max} 的整数，而不是 {given}",
            );
            let bounds = [
                ("group", Part::name(group.id)),
                ("min", Part::count(min)),
                ("max", Part::count(max)),
                ("given", Part::given(given.unwrap_or(&Value::Null))),
            ];
            wrong = Some(why(words, bounds));
            0
        })
    });
    wrong.map_or(Ok(Roster::grouped(read)), |wrong| Err(Error::config(wrong)))
}

fn wants_nodes(about: &About, value: &Value) -> Error {
    let Nodes { min, max, .. } = about.meta.nodes;
    let number = text("a whole number from {min} to {max}", "{min} 到 {max} 的整数");
    let each = text("a number for each role as an object", "写明各角色数目的对象");
    let both = text(
        "a whole number from {min} to {max}, or a number for each role as an object",
        "{min} 到 {max} 的整数，或写明各角色数目的对象",
    );
    let wanted = match (about.meta.groups.is_empty(), max) {
        (true, _) => number,
        (false, 0) => each,
        (false, _) => both,
    };
    let wanted = Part::why(why(wanted, [("min", Part::count(min)), ("max", Part::count(max))]));
    let words =
        text("nodes of {protocol} is {wanted}, not {given}", "{protocol} 的 nodes 应为 {wanted}，而不是 {given}");
    let protocol = ("protocol", Part::text(about.meta.name));
    Error::config(why(words, [protocol, ("wanted", wanted), ("given", Part::given(value))]))
}

fn read_count(value: &Value, bounds: Nodes) -> Option<u32> {
    let within = (i64::from(bounds.min)..=i64::from(bounds.max)).contains(&value.as_whole()?);
    within.then(|| value.as_whole().unwrap_or(0) as u32)
}

fn print_roster(about: &About, roster: &Roster) -> Value {
    if !roster.is_grouped() {
        return Value::count(roster.len());
    }
    let kinds = about.meta.groups.iter().zip(roster.groups());
    Value::Map(kinds.map(|(kind, group)| (kind.id.into(), Value::count(group.count))).collect())
}

const NETWORK: Text = text("network", "network");

fn read_conditions(value: &Value) -> Result<Conditions> {
    let entries = object(value, NETWORK)?;
    known(entries, &["latency", "loss", "duplicate", "reorder", "places", "rtt"], NETWORK)?;
    let mut conditions = Conditions::default();
    let profile = present(value, "latency").and_then(|latency| Profile::named(latency.as_text()?));
    if let Some(profile) = profile {
        conditions.follow(profile);
    } else if let Some(latency) = present(value, "latency") {
        let kind = Kind::Times { min: 0, max: LONGEST_LATENCY };
        conditions.latency = match kind.read(latency) {
            Ok(crate::options::Setting::Times(min, max)) => Latency { min, max },
            Ok(_) => conditions.latency,
            Err(wrong) => return Err(wrong_at("network.latency", or_profile(wrong))),
        };
    }
    for (key, part) in [("loss", &mut conditions.loss), ("duplicate", &mut conditions.duplicate)] {
        if let Some(value) = present(value, key) {
            *part = read_part(value, key)?;
        }
    }
    if let Some(reorder) = present(value, "reorder") {
        conditions.reorder = match Kind::Flag.read(reorder) {
            Ok(flag) => flag == crate::options::Setting::Flag(true),
            Err(wrong) => return Err(wrong_at("network.reorder", wrong)),
        };
    }
    Ok(conditions)
}

fn or_profile(wrong: Why) -> Why {
    let words = text("{wrong}; or one of {profiles}", "{wrong}；也可以是 {profiles}");
    let profiles = Part::one_of(PROFILES.iter().map(|profile| profile.id));
    why(words, [("wrong", Part::why(wrong)), ("profiles", profiles)])
}

fn read_part(value: &Value, key: &str) -> Result<Ppm> {
    let parts = value.as_number().filter(|n| (0..=i64::from(MILLION)).contains(n));
    parts.map(|n| n as Ppm).ok_or_else(|| {
        let words = text("it is a probability from 0 to 1, not {given}", "应为 0 到 1 的概率，而不是 {given}");
        wrong_at(&format!("network.{key}"), why(words, [("given", Part::given(value))]))
    })
}

/// What is wrong with the value under this key.
fn wrong_at(key: &str, wrong: Why) -> Error {
    Error::config(why(
        text("{key}: {wrong}", "{key}：{wrong}"),
        [("key", Part::name(key)), ("wrong", Part::why(wrong))],
    ))
}

fn read_options(about: &About, value: &Value, settings: &mut Settings) -> Result<()> {
    for (key, value) in object(value, text("options", "options"))?.iter().filter(|(_, value)| *value != Value::Null) {
        let place = about.options.iter().position(|option| option.id == key).ok_or_else(|| {
            let words =
                text("{protocol} has no option {key}; it has {options}", "{protocol} 没有选项 {key}；它有 {options}");
            let options = Part::known(about.options.iter().map(|option| option.id));
            let protocol = ("protocol", Part::text(about.meta.name));
            Error::config(why(words, [protocol, ("key", Part::quoted(key)), ("options", options)]))
        })?;
        let kind = &about.options[place].kind;
        let setting = kind.read(value).map_err(|wrong| wrong_at(&format!("options.{key}"), wrong))?;
        settings.set(place, setting);
    }
    Ok(())
}

fn read_mutants(about: &About, value: &Value) -> Result<Vec<&'static str>> {
    let wrong = |words: Text, given: &Value| {
        let ids = Part::known(about.mutants.iter().map(|mutant| mutant.id));
        Error::config(why(words, [("given", Part::given(given)), ("ids", ids)]))
    };
    let no_list = text(
        "mutants is a list of ids, not {given}; the ids are {ids}",
        "mutants 应为 id 的列表，而不是 {given}；可用的 id 是 {ids}",
    );
    let unknown = text("mutants has no {given}; the ids are {ids}", "mutants 没有 {given}；可用的 id 是 {ids}");
    let list = value.as_list().ok_or_else(|| wrong(no_list, value))?;
    for id in list {
        if !about.mutants.iter().any(|mutant| id.as_text() == Some(mutant.id)) {
            return Err(wrong(unknown, id));
        }
    }
    let chosen = |id: &str| list.iter().any(|value| value.as_text() == Some(id));
    Ok(about.mutants.iter().map(|mutant| mutant.id).filter(|id| chosen(id)).collect())
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
