//! A random run of any protocol: a cluster, a network and a schedule of faults, all from one
//! seed. Which faults a run may see is drawn too (swarm testing, Groce 2012): runs without some
//! faults go deeper into the others. What clients ask, and stories that single inputs rarely make, are drawn
//! by the protocol.

use std::collections::BTreeMap;

use synod_engine::error::Error;
use synod_engine::input::Input;
use synod_engine::names::NodeId;
use synod_engine::rng::{Chance, Stream};
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::trace::Status;
use synod_engine::value::Value;

use crate::story::{self, Cast, Line, Telling};

pub struct RandomRun {
    pub simulation: Simulation,
    chance: Chance,
    /// How likely each kind of input is in this run; 0 leaves it out.
    weights: Vec<(&'static str, u64)>,
    /// The protocol's stories, how likely each is in this run, and who can play in them.
    stories: Vec<(&'static str, u64)>,
    cast: Cast,
    kinds: Vec<String>,
    timers: Vec<String>,
    nodes: Vec<String>,
    /// Clients that may be paused, set and fired, and stand in partitions, where they are machines of their own.
    clients: Vec<String>,
    /// The longest pause between two inputs, in microseconds.
    pace: u64,
    /// Whether inputs may be made that are beyond the fault model.
    beyond: bool,
    /// Verbs that are left out, so that what a promise assumes holds for longer.
    avoided: Vec<&'static str>,
    /// How often each verb was accepted.
    pub accepted: BTreeMap<&'static str, u64>,
    /// How often each line of a story was accepted: the story, and the number of the line.
    pub told: BTreeMap<(&'static str, usize), u64>,
}

/// Every kind of input, and how often it comes at the most. What is beyond a protocol's fault model
/// is not made.
const KINDS: [(&str, u64); 27] = [
    ("request", 12),
    ("crash", 4),
    ("restart", 5),
    ("pause", 2),
    ("resume", 4),
    ("partition", 3),
    ("heal", 3),
    ("cut", 3),
    ("mend", 2),
    ("drop", 4),
    ("hold", 3),
    ("deliver", 4),
    ("delay", 4),
    ("duplicate", 3),
    ("fire", 7),
    ("latency", 1),
    ("loss", 1),
    ("skew", 1),
    ("offset", 1),
    ("duplication", 1),
    ("wipe", 2),
    ("join", 2),
    ("leave", 1),
    ("drop-kind", 2),
    ("delay-kind", 3),
    ("bounce", 4),
    ("half-way", 3),
];

/// What counts as a kind of its own among the verbs that are accepted.
pub const HALF_WAY: &str = "crash after";

/// How often a story comes at the most.
const STORY: u64 = 8;

/// What is done next.
#[derive(Clone, Copy)]
enum Pick {
    Kind(&'static str),
    Story(&'static str),
}

impl RandomRun {
    /// Sets up run number `seed` of a protocol, with some rules broken.
    pub fn new(entry: &Entry, seed: u64, mutants: &[&str]) -> RandomRun {
        let config = Value::map([
            ("protocol", Value::word(entry.id)),
            ("seed", Value::string(format!("{seed:x}"))),
            ("mutants", Value::list(mutants.iter().map(Value::string))),
        ]);
        RandomRun::under(entry, &config, seed).unwrap_or_else(|e| panic!("{}: {e}", entry.id))
    }

    /// The same of a configuration that says some of it: what it leaves out is drawn.
    ///
    /// # Errors
    /// Where the configuration is none.
    pub fn under(entry: &Entry, given: &Value, seed: u64) -> Result<RandomRun, Error> {
        let mut chance = Chance::new(seed, Stream::Outside(1));
        let catalog = entry.catalog(&[]);
        let drawn = random_config(&catalog, &mut chance, seed);
        // A network that is too slow for what was drawn is left out; so are options that do not go together, and
        // so many nodes as they do not allow.
        let mut drawn = drawn;
        let mut opened = entry.open(&filled(given, &drawn), &mut || seed);
        for part in ["network", "options", "nodes", "disk"] {
            if opened.is_err() {
                drawn = without(drawn, part);
                opened = entry.open(&filled(given, &drawn), &mut || seed);
            }
        }
        Ok(RandomRun::of(entry, opened?, &catalog, chance, false))
    }

    /// A run of this configuration, which may break what its promises rest on.
    pub fn beyond(entry: &Entry, config: &Value, seed: u64) -> RandomRun {
        let simulation = entry.open(config, &mut || seed).unwrap_or_else(|e| panic!("{}: {e}", entry.id));
        RandomRun::of(entry, simulation, &entry.catalog(&[]), Chance::new(seed, Stream::Outside(1)), true)
    }

    /// The same run without some verbs.
    pub fn avoiding(mut self, verbs: impl Into<Vec<&'static str>>) -> RandomRun {
        self.avoided = verbs.into();
        self
    }

    fn of(entry: &Entry, simulation: Simulation, catalog: &Value, mut chance: Chance, beyond: bool) -> RandomRun {
        let mut weight = |kind: &str, most: u64| {
            let left_out = kind != "request" && chance.one_in(3);
            if left_out { 0 } else { chance.between(1, most) }
        };
        let weights = KINDS.map(|(kind, most)| (kind, weight(kind, most))).to_vec();
        let stories = entry.stories().iter().map(|story| (*story, weight(story, STORY))).collect();
        let ids = |key: &str| -> Vec<String> {
            let list = catalog.get(key).and_then(Value::as_list).unwrap_or_default();
            list.iter().filter_map(|item| item.get("id")?.as_text().map(str::to_string)).collect()
        };
        let mut weights = weights;
        if simulation.setup().get("network").is_some_and(|network| network.get("places").is_some()) {
            weights.push(("move", 3));
        }
        RandomRun {
            cast: Cast::of(catalog, &simulation),
            nodes: simulation.node_names(),
            clients: own_clients(catalog),
            simulation,
            weights,
            stories,
            kinds: ids("messages"),
            timers: ids("timers"),
            pace: *chance.pick(&[2_000, 20_000, 60_000, 200_000]),
            accepted: BTreeMap::new(),
            told: BTreeMap::new(),
            beyond,
            avoided: Vec::new(),
            chance,
        }
    }

    /// Lets time pass and makes one random input, or tells a story. Gives the text of what was done last.
    pub fn go_on(&mut self) -> Option<String> {
        let pause = self.chance.between(0, self.pace);
        self.wait(pause);
        match self.pick() {
            Pick::Story(story) => self.tell(story),
            Pick::Kind(kind) => {
                let text = self.random_input(kind);
                self.inject(&text).ok().map(|()| text)
            }
        }
    }

    fn wait(&mut self, time: u64) {
        let until = self.simulation.now() + time;
        self.simulation.run_to(until);
    }

    fn pick(&mut self) -> Pick {
        let kinds = self.weights.iter().map(|(kind, weight)| (Pick::Kind(kind), *weight));
        let all: Vec<(Pick, u64)> =
            kinds.chain(self.stories.iter().map(|(story, weight)| (Pick::Story(story), *weight))).collect();
        let mut at = self.chance.between(1, all.iter().map(|(_, weight)| weight).sum());
        let picked = all.iter().find(|(_, weight)| {
            let here = at <= *weight;
            at = at.saturating_sub(*weight);
            here
        });
        picked.map_or(Pick::Kind("request"), |(pick, _)| *pick)
    }

    /// Tells a story as far as somebody is there to play in it. Lines that are not valid now are left out, as
    /// inputs are everywhere in a random run.
    fn tell(&mut self, story: &'static str) -> Option<String> {
        let (mut telling, mut last) = (Telling::new(), None);
        for (number, line) in story::lines(story).enumerate() {
            let line = match line {
                Line::Wait(from, to) => {
                    let time = self.chance.between(from, to);
                    self.wait(time);
                    continue;
                }
                Line::Whole => {
                    self.end_faults();
                    continue;
                }
                Line::Until(rule) => {
                    let stop = Value::map([("rule", Value::string(rule))]);
                    let until = self.simulation.now() + story::PATIENCE;
                    self.simulation.run_until(until, &stop).unwrap_or_else(|error| panic!("until {rule}: {error}"));
                    // The instant is passed to its end, so that whoever comes back to this time finds the same.
                    self.wait(0);
                    continue;
                }
                Line::Input(line) => line,
            };
            let filled = telling.fill(line, &self.cast, &mut self.simulation, &mut self.chance);
            let Some(text) = filled else { break };
            if self.inject(&text).is_ok() {
                *self.told.entry((story, number)).or_default() += 1;
                last = Some(text);
            }
        }
        last
    }

    pub fn inject(&mut self, text: &str) -> Result<(), Error> {
        let input = self.simulation.parse(&Value::string(text))?;
        if !self.beyond && self.simulation.is_beyond(&input) {
            return Err(Error::not_now("a random run stays within the fault model"));
        }
        if self.avoided.contains(&input.verb()) {
            return Err(Error::not_now("this run does without"));
        }
        let verb = if matches!(input, Input::CrashAfter(..)) { HALF_WAY } else { input.verb() };
        self.simulation.inject(input)?;
        *self.accepted.entry(verb).or_default() += 1;
        if verb == "join" {
            self.nodes = self.simulation.node_names();
        }
        Ok(())
    }

    /// Ends every fault: the network is whole and loses nothing, and everybody runs.
    pub fn make_whole(&mut self) {
        for text in ["loss 0%", "duplication 0%", "latency 1ms..2ms"] {
            self.inject(text).ok();
        }
        self.end_faults();
        for node in self.nodes.clone() {
            self.inject(&format!("skew {node} +0%")).ok();
        }
    }

    /// The network is whole, and everybody runs.
    fn end_faults(&mut self) {
        let frame = self.simulation.frame(0);
        let list = |of: Option<&Value>| of.and_then(Value::as_list).unwrap_or_default().to_vec();
        let name = |node: Option<&Value>| node.and_then(Value::as_whole).map(|node| self.nodes[node as usize].clone());
        let is_cut = |link: &Value| link.get("cut").and_then(Value::as_bool) == Some(true);
        let cuts = list(frame.get("links")).into_iter().filter(is_cut).filter_map(|cut| {
            let ends = name(cut.get("from")).zip(name(cut.get("to")));
            ends.map(|(from, to)| format!("mend {from} -> {to}"))
        });
        let mut inputs: Vec<String> = cuts.collect();
        for (node, (status, _)) in self.nodes.iter().zip(self.simulation.standings()) {
            match status {
                Status::Crashed => inputs.push(format!("restart {node}")),
                Status::Paused => inputs.push(format!("resume {node}")),
                Status::Up | Status::Gone => {}
            }
        }
        inputs.push("heal".into());
        for input in inputs {
            self.inject(&input).ok();
        }
    }

    /// Ids of the invariants that are broken now while what they assume holds.
    pub fn broken(&self) -> Vec<String> {
        let id = |violation: &Value| {
            let beyond = violation.get("beyond").and_then(Value::as_list).unwrap_or_default();
            let id = violation.get("invariant").and_then(Value::as_text).filter(|_| beyond.is_empty());
            id.map(str::to_string)
        };
        self.simulation.violations().iter().filter_map(id).collect()
    }

    fn random_input(&mut self, kind: &str) -> String {
        let (mut a, b) = (self.node(), self.node());
        if ["pause", "resume", "fire", "skew", "offset"].contains(&kind) {
            a = self.machine(a);
        }
        match kind {
            "request" => self.request(&a),
            "crash" | "restart" | "pause" | "resume" | "wipe" | "leave" => format!("{kind} {a}"),
            "half-way" => self.half_way(&a),
            "join" => format!("join {}", NodeId(self.nodes.len() as u32)),
            "partition" => format!("partition {}", story::sides(&self.ends(), &mut self.chance)),
            "heal" => "heal".into(),
            "cut" | "mend" => format!("{kind} {a} {} {b}", self.chance.pick(&["->", "<->"])),
            "drop" | "hold" | "deliver" | "duplicate" => format!("{kind} {}", self.message()),
            "delay" => format!("delay {} {}ms", self.message(), self.chance.between(1, 400)),
            "drop-kind" => format!("drop {} {a} -> {b}", self.chance.pick(&self.kinds)),
            "delay-kind" => {
                format!("delay {} {a} -> {b} {}ms", self.chance.pick(&self.kinds), self.chance.between(1, 400))
            }
            "bounce" => {
                self.inject(&format!("crash {a}")).ok();
                let pause = self.chance.between(0, 10_000);
                self.wait(pause);
                format!("restart {a}")
            }
            "fire" if !self.timers.is_empty() => format!("fire {a} {}", self.chance.pick(&self.timers)),
            "latency" => format!("latency {}", self.chance.pick(&["1ms..2ms", "5ms..60ms", "10ms..20ms", "0ms..0ms"])),
            "loss" => format!("loss {}%", self.chance.pick(&["0", "5", "30"])),
            "duplication" => format!("duplication {}%", self.chance.pick(&["0", "10", "50"])),
            "offset" => format!("offset {a} {}ms", self.chance.pick(&["+50", "-50", "+700", "+0"])),
            "move" => self.in_places(&a),
            _ => format!("skew {a} {}%", self.chance.pick(&["+50", "-50", "+0", "+2", "-2"])),
        }
    }

    /// A node moves, or something happens to a whole place.
    fn in_places(&mut self, node: &str) -> String {
        let (zone, other) = (self.chance.between(1, 3), self.chance.between(1, 3));
        match self.chance.between(0, 9) {
            0 => format!("crash zone-{zone}"),
            1 => format!("restart zone-{zone}"),
            2 => format!("partition zone-{zone} | zone-{other}"),
            3 => format!("cut zone-{zone} -> zone-{other}"),
            4 => format!("request zone-{zone} {}", self.simulation.draw_operation(&mut self.chance)),
            _ => format!("move {node} zone-{zone}"),
        }
    }

    /// The node is to go down in the middle of what it sends next.
    fn half_way(&mut self, node: &str) -> String {
        match self.chance.between(0, 3) {
            1 => format!("crash {node} after 1 send"),
            sends => format!("crash {node} after {sends} sends"),
        }
    }

    /// Who may stand on a side of a partition.
    fn ends(&self) -> Vec<String> {
        self.nodes.iter().chain(&self.clients).cloned().collect()
    }

    /// The node, or a client where clients are machines of their own.
    fn machine(&mut self, node: String) -> String {
        if self.clients.is_empty() || self.chance.one_in(2) { node } else { self.chance.pick(&self.clients).clone() }
    }

    fn node(&mut self) -> String {
        self.chance.pick(&self.nodes).clone()
    }

    fn request(&mut self, node: &str) -> String {
        let operation = self.simulation.draw_operation(&mut self.chance);
        match self.chance.between(0, 3) {
            0 => format!("request {node} {operation}"),
            _ => format!("request {operation}"),
        }
    }

    /// One of the messages in flight, newer ones more often.
    fn message(&mut self) -> String {
        let frame = self.simulation.frame(0);
        let flying = frame.get("messages").and_then(Value::as_list).unwrap_or_default();
        let held_first = self.chance.one_in(2);
        let ids: Vec<i64> = flying
            .iter()
            .filter(|message| message.get("fate").and_then(Value::as_text) != Some("lost"))
            .filter(|message| !held_first || message.get("fate").and_then(Value::as_text) == Some("held"))
            .filter_map(|message| message.get("id")?.as_whole())
            .collect();
        if ids.is_empty() { "#0".into() } else { format!("#{}", self.chance.pick(&ids)) }
    }
}

/// The first clients, where the protocol brings its own.
fn own_clients(catalog: &Value) -> Vec<String> {
    let own = catalog.get("clients").and_then(Value::as_bool) == Some(true);
    (1..=3).filter(|_| own).map(|n| format!("C{n}")).collect()
}

fn without(config: Value, key: &str) -> Value {
    match config {
        Value::Map(entries) => Value::Map(entries.into_iter().filter(|(known, _)| known != key).collect()),
        other => other,
    }
}

/// Some runs have places.
fn has_places(seed: u64) -> bool {
    seed % 8 == 5
}

/// A configuration, and where it leaves something out what was drawn.
fn filled(given: &Value, drawn: &Value) -> Value {
    let (Value::Map(given), Value::Map(drawn)) = (given, drawn) else { return given.clone() };
    let said = |key: &str| given.iter().any(|(known, value)| known == key && *value != Value::Null);
    let mut entries = given.clone();
    entries.retain(|(_, value)| *value != Value::Null);
    entries.extend(drawn.iter().filter(|(key, _)| !said(key)).cloned());
    Value::Map(entries)
}

fn random_config(catalog: &Value, chance: &mut Chance, seed: u64) -> Value {
    let nodes = random_nodes(catalog, chance);
    let ms = |a: i64, b: i64| Value::list([Value::count(a), Value::count(b)]);
    let latency = chance.pick(&[(1, 2), (10, 20), (10, 20), (5, 80), (15, 15), (0, 30)]);
    let part = |chance: &mut Chance, of: &[i64]| Value::Number(*chance.pick(of));
    let network = Value::map([
        ("latency", ms(latency.0, latency.1)),
        ("loss", part(chance, &[0, 0, 0, 20_000, 100_000])),
        ("duplicate", part(chance, &[0, 0, 50_000, 200_000])),
        // As the protocol has it by default, or in order.
        ("reorder", if chance.one_in(4) { Value::Bool(false) } else { Value::Null }),
        ("places", if has_places(seed) { Value::word("three-zones") } else { Value::Null }),
    ]);
    let forced = catalog.get("forced").and_then(Value::as_bool) == Some(true);
    let disk = if forced { *chance.pick(&[(0, 0), (1, 5), (5, 60)]) } else { (0, 0) };
    Value::map([
        ("disk", if forced { ms(disk.0, disk.1) } else { Value::Null }),
        ("nodes", nodes),
        ("seed", Value::string(format!("{seed:x}"))),
        ("network", network),
        ("options", random_options(catalog, chance, seed)),
    ])
}

/// A few nodes, in groups or not where both may be.
fn random_nodes(catalog: &Value, chance: &mut Chance) -> Value {
    let nodes = catalog.get("nodes");
    let groups = nodes.and_then(|nodes| nodes.get("groups")?.as_list()).unwrap_or_default();
    let most = nodes.and_then(|nodes| nodes.get("max")?.as_whole()).unwrap_or(0);
    if groups.is_empty() || (most > 0 && chance.one_in(2)) {
        let least = nodes.and_then(|nodes| nodes.get("min")?.as_whole()).unwrap_or(1);
        return Value::count((*chance.pick(&[1, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 7])).max(least));
    }
    let mut counts = Vec::new();
    for group in groups {
        let number = |key: &str| group.get(key).and_then(Value::as_whole).unwrap_or(1) as u64;
        let id = group.get("id").and_then(Value::as_text).unwrap_or_default().to_string();
        counts.push((id.into(), Value::count(chance.between(number("min"), number("max").min(4)) as i64)));
    }
    Value::Map(counts)
}

/// Proposers that are slow on purpose duel for as long as a run lasts, which at flights of a microsecond is a thousand
/// ballots a millisecond.
const ENDLESS: &[&str] = &["proposeAfter"];

/// Each option stays as it is, or is drawn anew by its kind.
fn random_options(catalog: &Value, chance: &mut Chance, seed: u64) -> Value {
    let mut drawn = Vec::new();
    let mut times = Chance::new(seed, Stream::Outside(2));
    for option in catalog.get("options").and_then(Value::as_list).unwrap_or_default() {
        if chance.one_in(2) {
            continue;
        }
        let text = |key: &str| option.get(key).and_then(Value::as_text).unwrap_or_default().to_string();
        let value = match text("type").as_str() {
            "flag" => Value::Bool(chance.one_in(2)),
            "count" => {
                let least = option.get("min").and_then(Value::as_whole).unwrap_or(1);
                Value::count((chance.between(1, 4) as i64).max(least))
            }
            "choice" => {
                let choices = option.get("choices").and_then(Value::as_list).unwrap_or_default();
                let picked = chance.pick(choices);
                picked.get("id").cloned().unwrap_or(Value::Null)
            }
            // What is off unless somebody asks for it is on in some runs.
            "time"
                if option.get("default").and_then(Value::as_number) == Some(0)
                    && !ENDLESS.iter().any(|id| *id == text("id")) =>
            {
                Value::count(*times.pick(&[0, 60, 250, 1_000]))
            }
            _ => continue,
        };
        drawn.push((text("id").into(), value));
    }
    Value::Map(drawn)
}
