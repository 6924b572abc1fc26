//! A random run of any protocol: a cluster, a network and a schedule of faults, all from one
//! seed. Which faults a run may see is drawn too (swarm testing, Groce 2012): runs without some
//! faults go deeper into the others.

use std::collections::BTreeMap;

use synod_engine::error::Error;
use synod_engine::input::Input;
use synod_engine::names::NodeId;
use synod_engine::rng::{Chance, Stream};
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::value::Value;

pub struct RandomRun {
    pub simulation: Simulation,
    chance: Chance,
    /// How likely each kind of input is in this run; 0 leaves it out.
    weights: Vec<(&'static str, u64)>,
    operations: Vec<String>,
    kinds: Vec<String>,
    timers: Vec<String>,
    nodes: Vec<String>,
    /// Clients that may be paused, set and fired, and stand in partitions, where they are machines of their own.
    clients: Vec<String>,
    /// The longest pause between two inputs, in microseconds.
    pace: u64,
    /// Whether inputs may be made that are beyond the fault model.
    beyond: bool,
    /// How often each verb was accepted.
    pub accepted: BTreeMap<&'static str, u64>,
}

/// Every kind of input, and how often it comes at the most. What is beyond a protocol's fault model
/// is not made.
const KINDS: [(&str, u64); 32] = [
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
    // Short stories that single inputs rarely make by chance.
    ("bounce", 4),
    ("duel", 8),
    ("reign", 6),
    ("exile", 8),
    ("relapse", 5),
    ("usurp", 12),
    ("half-way", 3),
];

/// What counts as a kind of its own among the verbs that are accepted.
pub const HALF_WAY: &str = "crash after";

/// The value in the example of an operation that proposes one.
const PROPOSED: &str = "olive";

impl RandomRun {
    /// Sets up run number `seed` of a protocol, with some rules broken.
    pub fn new(entry: &Entry, seed: u64, mutants: &[&str]) -> RandomRun {
        let mut chance = Chance::new(seed, Stream::Outside(1));
        let catalog = entry.catalog(&[]);
        let config = random_config(entry, &catalog, &mut chance, seed, mutants);
        // A network that is too slow for what was drawn is left out; so are options that do not go together, and
        // so many nodes as they do not allow.
        let mut opened = entry.open(&config, &mut || seed);
        let mut config = config;
        for part in ["network", "options", "nodes"] {
            if opened.is_err() {
                config = without(config, part);
                opened = entry.open(&config, &mut || seed);
            }
        }
        let simulation = opened.unwrap_or_else(|e| panic!("{}: {e}", entry.id));
        RandomRun::of(simulation, &catalog, chance, false)
    }

    /// A run of this configuration, which may break what its promises rest on.
    pub fn beyond(entry: &Entry, config: &Value, seed: u64) -> RandomRun {
        let simulation = entry.open(config, &mut || seed).unwrap_or_else(|e| panic!("{}: {e}", entry.id));
        RandomRun::of(simulation, &entry.catalog(&[]), Chance::new(seed, Stream::Outside(1)), true)
    }

    fn of(simulation: Simulation, catalog: &Value, mut chance: Chance, beyond: bool) -> RandomRun {
        let weights = KINDS.map(|(kind, most)| {
            let left_out = kind != "request" && chance.one_in(3);
            (kind, if left_out { 0 } else { chance.between(1, most) })
        });
        let ids = |key: &str, field: &str| -> Vec<String> {
            let list = catalog.get(key).and_then(Value::as_list).unwrap_or_default();
            list.iter().filter_map(|item| item.get(field)?.as_text().map(str::to_string)).collect()
        };
        let operations = ids("operations", "example");
        let mut weights = weights.to_vec();
        // Where a value is proposed, much happens only if several are, one after another.
        if operations.iter().any(|operation| operation.ends_with(PROPOSED)) {
            weights.push(("relay", 16));
        }
        RandomRun {
            nodes: simulation.node_names(),
            clients: own_clients(catalog),
            simulation,
            weights,
            operations,
            kinds: ids("messages", "id"),
            timers: ids("timers", "id"),
            pace: *chance.pick(&[2_000, 20_000, 60_000, 200_000]),
            accepted: BTreeMap::new(),
            beyond,
            chance,
        }
    }

    /// Lets time pass and makes one random input. Gives its text if it was done.
    pub fn go_on(&mut self) -> Option<String> {
        let pause = self.chance.between(0, self.pace);
        let until = self.simulation.now() + pause;
        self.simulation.run_to(until);
        let text = self.random_input();
        self.inject(&text).ok().map(|()| text)
    }

    pub fn inject(&mut self, text: &str) -> Result<(), Error> {
        let input = self.simulation.parse(&Value::string(text))?;
        if !self.beyond && self.simulation.is_beyond(&input) {
            return Err(Error::not_now("a random run stays within the fault model"));
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
        let links = self.nodes.clone();
        for text in ["heal", "loss 0%", "duplication 0%", "latency 1ms..2ms"] {
            self.inject(text).ok();
        }
        for a in &links {
            for text in [format!("restart {a}"), format!("resume {a}"), format!("skew {a} +0%")] {
                self.inject(&text).ok();
            }
            for b in &links {
                self.inject(&format!("mend {a} -> {b}")).ok();
            }
        }
    }

    /// Ids of the invariants that are broken now.
    pub fn broken(&self) -> Vec<String> {
        let id = |violation: &Value| violation.get("invariant").and_then(Value::as_text).map(str::to_string);
        self.simulation.violations().iter().filter_map(id).collect()
    }

    fn random_input(&mut self) -> String {
        let total: u64 = self.weights.iter().map(|(_, weight)| weight).sum();
        let mut at = self.chance.between(1, total);
        let kind = self.weights.iter().find(|(_, weight)| {
            let here = at <= *weight;
            at = at.saturating_sub(*weight);
            here
        });
        let kind = kind.map_or("request", |(kind, _)| *kind);
        let (mut a, b) = (self.node(), self.node());
        if ["pause", "resume", "fire", "skew", "offset"].contains(&kind) {
            a = self.machine(a);
        }
        match kind {
            "request" => self.request(&a),
            "crash" | "restart" | "pause" | "resume" | "wipe" | "leave" => format!("{kind} {a}"),
            "half-way" => self.half_way(&a),
            "join" => format!("join {}", NodeId(self.nodes.len() as u32)),
            "partition" => self.partition(),
            "heal" => "heal".into(),
            "cut" | "mend" => format!("{kind} {a} {} {b}", self.chance.pick(&["->", "<->"])),
            "drop" | "hold" | "deliver" | "duplicate" => format!("{kind} {}", self.message()),
            "delay" => format!("delay {} {}ms", self.message(), self.chance.between(1, 400)),
            "drop-kind" => format!("drop {} {a} -> {b}", self.chance.pick(&self.kinds)),
            "delay-kind" => {
                format!("delay {} {a} -> {b} {}ms", self.chance.pick(&self.kinds), self.chance.between(1, 400))
            }
            "bounce" => self.story(&[&format!("crash {a}"), &format!("restart {a}")], 10_000),
            "duel" => self.duel(&a, &b),
            "reign" => self.reign(a),
            "exile" => self.exile(a),
            "relay" => self.relay(),
            "relapse" => self.relapse(a),
            "usurp" => self.usurp(a, &b),
            "fire" => format!("fire {a} {}", self.chance.pick(&self.timers)),
            "latency" => format!("latency {}", self.chance.pick(&["1ms..2ms", "5ms..60ms", "10ms..20ms", "0ms..0ms"])),
            "loss" => format!("loss {}%", self.chance.pick(&["0", "5", "30"])),
            "duplication" => format!("duplication {}%", self.chance.pick(&["0", "10", "50"])),
            "offset" => format!("offset {a} {}ms", self.chance.pick(&["+50", "-50", "+700", "+0"])),
            _ => format!("skew {a} {}%", self.chance.pick(&["+50", "-50", "+0", "+2", "-2"])),
        }
    }

    /// Does all but the last of some inputs, with short pauses, and gives the last.
    fn story(&mut self, inputs: &[&str], pause: u64) -> String {
        let (last, before) = inputs.split_last().expect("a story has an end");
        for input in before {
            // What is not valid now is left out, as it is everywhere in a random run.
            self.inject(input).ok();
            let until = self.simulation.now() + self.chance.between(0, pause);
            self.simulation.run_to(until);
        }
        (*last).to_string()
    }

    /// The node is to go down in the middle of what it sends next.
    fn half_way(&mut self, node: &str) -> String {
        match self.chance.between(0, 3) {
            1 => format!("crash {node} after 1 send"),
            sends => format!("crash {node} after {sends} sends"),
        }
    }

    /// Two rise against each other: one after another; or at once, while whoever hears of both
    /// restarts between them; or one tries a second time just as the other rises, so that answers to
    /// its first try come late.
    fn duel(&mut self, one: &str, two: &str) -> String {
        let timer = self.timers[0].clone();
        let (first, second) = (format!("fire {one} {timer}"), format!("fire {two} {timer}"));
        let others: Vec<String> = self.nodes.iter().filter(|node| *node != one && *node != two).cloned().collect();
        let form = self.chance.between(0, 2);
        if form == 0 || others.is_empty() {
            let pause = *self.chance.pick(&[4_000, 30_000]);
            return self.story(&[&first, &second], pause);
        }
        let voter = self.chance.pick(&others).clone();
        self.inject("heal").ok();
        self.inject(&first).ok();
        if form == 1 {
            self.inject(&second).ok();
        }
        let until = self.simulation.now() + self.chance.between(2_000, 25_000);
        self.simulation.run_to(until);
        match form {
            1 => self.story(&[&format!("crash {voter}"), &format!("restart {voter}")], 0),
            _ => self.story(&[&first, &second], 0),
        }
    }

    /// A node rises, is asked something, and falls, often before anybody has heard of it.
    fn reign(&mut self, node: String) -> String {
        let rise = format!("fire {node} {}", self.timers[0]);
        self.inject(&rise).ok();
        let until = self.simulation.now() + self.chance.between(0, 90_000);
        self.simulation.run_to(until);
        let ask = format!("request {node} {}", self.operation());
        let fall = match self.chance.between(0, 3) {
            0 => format!("crash {node}"),
            1 => self.partition(),
            2 => format!("pause {node}"),
            _ => format!("restart {node}"),
        };
        let pause = *self.chance.pick(&[12_000, 30_000, 60_000]);
        let again = format!("restart {}", self.other(&node));
        self.story(&[&ask, &fall, &again], pause)
    }

    /// A node rises, is cut off, is asked something that nobody else hears of, and crashes. It
    /// comes back with what the others lack.
    fn exile(&mut self, node: String) -> String {
        let rise = format!("fire {node} {}", self.timers[0]);
        self.inject(&rise).ok();
        let until = self.simulation.now() + self.chance.between(20_000, 90_000);
        self.simulation.run_to(until);
        let alone = format!("partition {node}");
        let ask = format!("request {node} {}", self.operation());
        let more = self.chance.between(0, 2);
        let (crash, restart) = (format!("crash {node}"), format!("restart {node}"));
        self.inject(&alone).ok();
        for _ in 0..=more {
            self.inject(&ask).ok();
        }
        let until = self.simulation.now() + 25_000;
        self.simulation.run_to(until);
        if self.chance.one_in(2) {
            return self.story(&[&crash, "heal", &restart], 3_000);
        }
        let heir = self.other(&node);
        let last = self.story(&[&crash, "heal", &restart, &format!("fire {heir} {}", self.timers[0])], 3_000);
        self.inject(&last).ok();
        let until = self.simulation.now() + self.chance.between(4_000, 90_000);
        self.simulation.run_to(until);
        format!("request {heir} {}", self.operation())
    }

    /// One after another is asked, and each is interrupted by a new partition.
    fn relay(&mut self) -> String {
        for _ in 0..3 {
            let node = self.node();
            let ask = format!("request {node} {}", self.operation());
            let cut = self.partition();
            let pause = *self.chance.pick(&[25_000, 45_000, 70_000]);
            self.inject("heal").ok();
            let last = self.story(&[&ask, &cut], pause);
            self.inject(&last).ok();
        }
        "heal".into()
    }

    /// A node is asked something, loses its disk where that is within the fault model, and is asked
    /// something again, often before it has heard from anybody.
    fn relapse(&mut self, node: String) -> String {
        let ask = format!("request {node} {}", self.operation());
        self.inject(&ask).ok();
        let until = self.simulation.now() + self.chance.between(20_000, 90_000);
        self.simulation.run_to(until);
        let (crash, wipe, restart) = (format!("crash {node}"), format!("wipe {node}"), format!("restart {node}"));
        let again = format!("request {node} {}", self.operation());
        self.story(&[&crash, &wipe, &restart, &again], 5_000)
    }

    /// A node rises and is cut off; at once or after a while another rises on the other side, and is
    /// asked something; and then the first is asked what it knows.
    fn usurp(&mut self, node: String, other: &str) -> String {
        let timer = self.timers[0].clone();
        self.inject("heal").ok();
        self.inject(&format!("fire {node} {timer}")).ok();
        let until = self.simulation.now() + self.chance.between(4_000, 150_000);
        self.simulation.run_to(until);
        self.inject(&format!("partition {node}")).ok();
        let until = self.simulation.now() + *self.chance.pick(&[0, 200_000]);
        self.simulation.run_to(until);
        self.inject(&format!("fire {other} {timer}")).ok();
        let until = self.simulation.now() + self.chance.between(4_000, 90_000);
        self.simulation.run_to(until);
        let told = format!("request {other} {}", self.operation());
        self.inject(&told).ok();
        let longest = *self.chance.pick(&[30_000, 120_000]);
        let until = self.simulation.now() + self.chance.between(0, longest);
        self.simulation.run_to(until);
        let asks: Vec<String> = self.operations.iter().map(|operation| format!("request {node} {operation}")).collect();
        let asks: Vec<&str> = asks.iter().map(String::as_str).collect();
        self.story(&asks, 0)
    }

    fn other(&mut self, node: &str) -> String {
        let at = self.nodes.iter().position(|name| name == node).unwrap_or(0);
        self.nodes[(at + self.chance.between(1, 3) as usize) % self.nodes.len()].clone()
    }

    /// The node, or a client where clients are machines of their own.
    fn machine(&mut self, node: String) -> String {
        if self.clients.is_empty() || self.chance.one_in(2) { node } else { self.chance.pick(&self.clients).clone() }
    }

    fn node(&mut self) -> String {
        self.chance.pick(&self.nodes).clone()
    }

    /// An operation, and where it proposes a word or ends in a number one of several.
    fn operation(&mut self) -> String {
        let operation = self.chance.pick(&self.operations).clone();
        if operation.ends_with(PROPOSED) {
            let word: &&str = self.chance.pick(&[PROPOSED, "fig", "plum"]);
            return operation.replace(PROPOSED, word);
        }
        if let Some((before, last)) = operation.rsplit_once(' ')
            && last.parse::<i64>().is_ok()
        {
            return format!("{before} {}", self.chance.between(1, 7));
        }
        operation
    }

    fn request(&mut self, node: &str) -> String {
        let operation = self.operation();
        match self.chance.between(0, 3) {
            0 => format!("request {node} {operation}"),
            _ => format!("request {operation}"),
        }
    }

    fn partition(&mut self) -> String {
        let mut sides: Vec<Vec<String>> = vec![Vec::new(); if self.chance.one_in(5) { 3 } else { 2 }];
        for node in self.nodes.clone().into_iter().chain(self.clients.clone()) {
            let side = self.chance.between(0, sides.len() as u64 - 1) as usize;
            sides[side].push(node);
        }
        // Clients alone are no side.
        sides.retain(|side| side.iter().any(|end| self.nodes.contains(end)));
        let sides: Vec<String> = sides.iter().map(|side| side.join(" ")).collect();
        format!("partition {}", sides.join(" | "))
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

fn random_config(entry: &Entry, catalog: &Value, chance: &mut Chance, seed: u64, mutants: &[&str]) -> Value {
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
    ]);
    let forced = catalog.get("forced").and_then(Value::as_bool) == Some(true);
    let disk = if forced { *chance.pick(&[(0, 0), (1, 5), (5, 60)]) } else { (0, 0) };
    Value::map([
        ("protocol", Value::word(entry.id)),
        ("disk", if forced { ms(disk.0, disk.1) } else { Value::Null }),
        ("nodes", nodes),
        ("seed", Value::string(format!("{seed:x}"))),
        ("network", network),
        ("options", random_options(catalog, chance)),
        ("mutants", Value::list(mutants.iter().map(Value::string))),
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

/// Each option stays as it is, or is drawn anew by its kind.
fn random_options(catalog: &Value, chance: &mut Chance) -> Value {
    let mut drawn = Vec::new();
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
            _ => continue,
        };
        drawn.push((text("id").into(), value));
    }
    Value::Map(drawn)
}
