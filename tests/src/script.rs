//! Short ways to drive a simulation by text and to look at it, for tests that read like a story.

use synod_engine::script::config;
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::value::Value;
use synod_protocols::ALL;

pub struct Script {
    pub simulation: Simulation,
}

pub fn entry(id: &str) -> &'static Entry {
    ALL.iter().find(|entry| entry.id == id).unwrap_or_else(|| panic!("no protocol {id}"))
}

impl Script {
    pub fn new(protocol: &str, words: &str) -> Script {
        let simulation = entry(protocol).open(&config(protocol, String::from(words).leak()), &mut || 1);
        Script { simulation: simulation.unwrap_or_else(|error| panic!("{words}: {error}")) }
    }

    /// A run that is ready to be looked at, by its id.
    pub fn start(protocol: &str, id: &str) -> Script {
        let catalog = entry(protocol).catalog(&[]);
        let starts = catalog.get("starts").and_then(Value::as_list).unwrap_or_default();
        let start = starts.iter().find(|start| start.get("id").and_then(Value::as_text) == Some(id));
        let start = start.unwrap_or_else(|| panic!("no start {id}"));
        let config = start.get("config").cloned().unwrap_or(Value::Null);
        let simulation = entry(protocol).open(&config, &mut || 1).unwrap_or_else(|error| panic!("{id}: {error}"));
        let mut script = Script { simulation };
        for input in start.get("inputs").and_then(Value::as_list).unwrap_or_default() {
            let time = input.get("time").and_then(Value::as_number).unwrap_or(0) / 1_000;
            script.simulation.run_to(time as u64);
            let line = input.get("text").and_then(Value::as_text).unwrap_or_default();
            script.inject(line).unwrap_or_else(|error| panic!("{id}: {line}: {error}"));
        }
        script
    }

    /// Does each line: an input, or `+50ms` to let time pass.
    pub fn play(&mut self, lines: &str) -> &mut Script {
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.strip_prefix('+').and_then(|line| line.strip_suffix("ms")) {
                Some(ms) => {
                    let micros = synod_engine::units::parse_decimal(ms).unwrap_or_else(|| panic!("{line}")) / 1_000;
                    let until = self.simulation.now() + micros as u64;
                    self.simulation.run_to(until);
                }
                None => self.inject(line).unwrap_or_else(|error| panic!("{line}: {error}")),
            }
        }
        self
    }

    pub fn inject(&mut self, text: &str) -> Result<(), synod_engine::error::Error> {
        let input = self.simulation.parse(&Value::string(text))?;
        self.simulation.inject(input).map(|_| ())
    }

    /// Runs until a rule fires, at most for some milliseconds. Gives the node.
    pub fn until_rule(&mut self, rule: &str, ms: u64) -> Option<String> {
        let until = self.simulation.now() + ms * 1_000;
        let stop = Value::map([("rule", Value::string(rule))]);
        let record = self.simulation.run_until(until, &stop).unwrap_or_else(|error| panic!("{error}"))?;
        let node = record.get("node").and_then(Value::as_whole)?;
        self.simulation.node_names().into_iter().nth(node as usize)
    }

    /// Of the state, as the page prints it.
    pub fn fingerprint(&self) -> String {
        format!("{:016x}", self.simulation.fingerprint())
    }
    pub fn frame(&self) -> Value {
        self.simulation.frame(1_000)
    }

    pub fn node(&self, name: &str) -> Value {
        let frame = self.frame();
        let nodes = frame.get("nodes").and_then(Value::as_list).unwrap_or_default();
        let named = |node: &&Value| node.get("name").and_then(Value::as_text) == Some(name);
        nodes.iter().find(named).cloned().unwrap_or_else(|| panic!("no node {name}"))
    }

    pub fn role(&self, name: &str) -> String {
        self.node(name).get("role").and_then(Value::as_text).unwrap_or_default().to_string()
    }

    pub fn epoch(&self, name: &str) -> i64 {
        self.node(name).get("epoch").and_then(|epoch| epoch.get("value")?.as_whole()).unwrap_or(-1)
    }

    pub fn field(&self, name: &str, id: &str) -> Option<Value> {
        let node = self.node(name);
        let fields = node.get("fields").and_then(Value::as_list).unwrap_or_default();
        let field = fields.iter().find(|field| field.get("id").and_then(Value::as_text) == Some(id));
        field.and_then(|field| field.get("value")).filter(|value| **value != Value::Null).cloned()
    }

    pub fn number(&self, name: &str, id: &str) -> i64 {
        self.field(name, id).and_then(|value| value.as_whole()).unwrap_or(0)
    }

    fn cells(&self, name: &str) -> Vec<Value> {
        let node = self.node(name);
        let strips = node.get("strips").and_then(Value::as_list).unwrap_or_default();
        strips.first().and_then(|strip| strip.get("cells")?.as_list()).unwrap_or_default().to_vec()
    }

    /// The epochs of a node's log: `1 1 2`.
    pub fn epochs(&self, name: &str) -> String {
        let epoch = |cell: &Value| cell.get("epoch").and_then(Value::as_whole).unwrap_or(0).to_string();
        self.cells(name).iter().map(epoch).collect::<Vec<_>>().join(" ")
    }

    /// The operations of a node's log that are in a state, or in any: `set x 1, no-op`.
    pub fn log(&self, name: &str, state: Option<&str>) -> String {
        let wanted =
            |cell: &&Value| state.is_none_or(|state| cell.get("state").and_then(Value::as_text) == Some(state));
        let text = |cell: &Value| cell.get("text").and_then(Value::as_text).unwrap_or_default().to_string();
        self.cells(name).iter().filter(wanted).map(text).collect::<Vec<_>>().join(", ")
    }

    pub fn names(&self) -> Vec<String> {
        self.simulation.node_names()
    }

    pub fn leaders(&self) -> Vec<String> {
        self.names().into_iter().filter(|name| self.role(name) == "leader").collect()
    }

    /// A client's state and answer: `ok 5`, `waiting`.
    pub fn client(&self, name: &str) -> String {
        let frame = self.frame();
        let clients = frame.get("clients").and_then(Value::as_list).unwrap_or_default();
        let named = |client: &&Value| client.get("name").and_then(Value::as_text) == Some(name);
        let Some(client) = clients.iter().find(named) else {
            return "absent".into();
        };
        let text = |key: &str| client.get(key).and_then(Value::as_text).unwrap_or_default().to_string();
        format!("{} {}", text("state"), text("answer")).trim().to_string()
    }

    pub fn violations(&self) -> Vec<String> {
        let id = |violation: &Value| violation.get("invariant").and_then(Value::as_text).map(str::to_string);
        self.simulation.violations().iter().filter_map(id).collect()
    }
}
