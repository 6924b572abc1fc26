//! The rim: one object-safe trait over every protocol, and what the registry holds of each.

use crate::branch::Placed;
use crate::config::Setup;
use crate::error::{Error, Result};
use crate::input::{Input, Vocabulary};
use crate::names::NodeId;
use crate::offers::Target;
use crate::protocol::{Authority, Protocol};
use crate::timeline::{Stop, Timeline};
use crate::trace::{self, Change, Marked, Past, Record, Seq, What};
use crate::units::Micros;
use crate::value::{Value, one_of, quoted};

/// A running simulation of some protocol. Everything is data.
pub trait Simulation {
    fn protocol(&self) -> &'static str;
    fn setup(&self) -> Value;
    fn seed(&self) -> u64;
    fn nodes(&self) -> u32;
    /// Every node's status and the place of its role, as small numbers.
    fn standings(&self) -> Vec<(u8, u8)>;
    fn now(&self) -> Micros;
    fn end(&self) -> Micros;
    fn next_seq(&self) -> Seq;
    fn step(&mut self) -> Option<Value>;
    fn run_to(&mut self, time: Micros) -> u64;
    fn run_until(&mut self, time: Micros, stop: &Value) -> Result<Option<Value>>;
    fn seek(&mut self, time: Micros);
    fn previous(&self) -> Micros;
    fn parse(&self, input: &Value) -> Result<Input>;
    fn inject(&mut self, input: Input) -> Result<Value>;
    fn offers(&self, about: Option<Target>) -> Vec<Value>;
    fn target(&self, value: &Value) -> Result<Target>;
    fn is_beyond(&self, input: &Input) -> bool;
    fn frame(&self, cells: usize) -> Value;
    fn each_record(&self, from: Seq, before: Seq, see: &mut dyn FnMut(Value));
    fn violations(&self) -> Vec<Value>;
    fn inputs(&self) -> Vec<Value>;
    fn window(&self, from: Micros) -> (Vec<Change>, Vec<Past>);
    fn marks(&self) -> Vec<Marked>;
    fn branches(&self) -> Vec<Value>;
    fn branch(&self) -> u32;
    fn switch(&mut self, id: u32) -> Result<()>;
    fn fork(&self) -> Box<dyn Simulation>;
    fn recording(&self) -> String;
    fn fingerprint(&self) -> u64;
    fn bytes(&self) -> usize;
    fn set_watch(&mut self, trace: bool, invariants: bool);
    fn set_budget(&mut self, bytes: usize);
}

pub type Opened = Result<Box<dyn Simulation>>;

/// A protocol in the registry.
pub struct Entry {
    pub id: &'static str,
    /// Opens a configuration; the second is asked for a seed when none was given.
    pub open: fn(&Value, &mut dyn FnMut() -> u64) -> Opened,
    pub replay: fn(&str) -> Opened,
    pub catalog: fn() -> Value,
}

/// The registry's line for a protocol.
pub const fn entry<P: Protocol>(id: &'static str) -> Entry {
    Entry {
        id,
        open: |config, chance| {
            let setup = Setup::<P>::read(config, chance)?;
            Ok(Box::new(Timeline::new(setup, Vec::new())))
        },
        replay: |text| {
            let (setup, inputs) = crate::recording::read::<P>(text)?;
            Ok(Box::new(Timeline::new(setup, inputs)))
        },
        catalog: crate::catalog::describe::<P>,
    }
}

impl<P: Protocol> Timeline<P> {
    fn record_value(&self, record: &Record) -> Value {
        let input = match record.what {
            What::Input { place, .. } => self.inputs().get(place as usize).map(|placed| placed.input.to_string()),
            _ => None,
        };
        trace::value::<P>(record, input.as_deref())
    }

    fn stop(value: &Value) -> Result<Stop> {
        if let Some(id) = value.get("rule").and_then(Value::as_text) {
            let rule = P::RULES.iter().find(|rule| rule.id == id).ok_or_else(|| {
                let rules = one_of(P::RULES.iter().map(|rule| rule.id));
                Error::input(format!("no rule is called {}; the rules are {rules}", quoted(id)))
            })?;
            return Ok(Stop::Rule(rule));
        }
        if let Some(id) = value.get("role").and_then(Value::as_text) {
            let role = P::META.roles.iter().position(|role| role.id == id).ok_or_else(|| {
                let roles = one_of(P::META.roles.iter().map(|role| role.id));
                Error::input(format!("no role is called {}; the roles are {roles}", quoted(id)))
            })?;
            return Ok(Stop::Role(role));
        }
        if value.get("violation").and_then(Value::as_bool) == Some(true) {
            return Ok(Stop::Violation);
        }
        Err(Error::input("a condition is { rule: id }, { role: id } or { violation: true }"))
    }
}

impl<P: Protocol> Simulation for Timeline<P> {
    fn protocol(&self) -> &'static str {
        P::META.id
    }
    fn setup(&self) -> Value {
        self.setup().value()
    }
    fn seed(&self) -> u64 {
        self.setup().seed
    }
    fn nodes(&self) -> u32 {
        self.world().len()
    }
    fn standings(&self) -> Vec<(u8, u8)> {
        self.world().slots.iter().map(|slot| (slot.status as u8, slot.standing.role as u8)).collect()
    }
    fn now(&self) -> Micros {
        self.now()
    }
    fn end(&self) -> Micros {
        self.end()
    }
    fn next_seq(&self) -> Seq {
        self.world().next_seq
    }
    fn step(&mut self) -> Option<Value> {
        self.step().map(|record| self.record_value(&record))
    }
    fn run_to(&mut self, time: Micros) -> u64 {
        self.run_to(time)
    }
    fn run_until(&mut self, time: Micros, stop: &Value) -> Result<Option<Value>> {
        let stop = Self::stop(stop)?;
        Ok(self.run_until(time, stop).map(|record| self.record_value(&record)))
    }
    fn seek(&mut self, time: Micros) {
        self.seek(time);
    }
    fn previous(&self) -> Micros {
        self.previous()
    }
    fn parse(&self, input: &Value) -> Result<Input> {
        let vocabulary = Vocabulary::of::<P>();
        match input {
            Value::Text(text) => crate::grammar::parse(text, &vocabulary),
            other => crate::object::parse(other, &vocabulary),
        }
    }
    fn inject(&mut self, input: Input) -> Result<Value> {
        let record = self.inject(input)?;
        Ok(self.record_value(&record))
    }
    fn offers(&self, about: Option<Target>) -> Vec<Value> {
        self.world().offers(about).iter().map(crate::offers::Offer::value).collect()
    }
    fn target(&self, value: &Value) -> Result<Target> {
        let wants = || {
            Error::input(format!("a target is a node's name or number, or a message as \"#12\", not {}", value.shown()))
        };
        let message = value.as_text().and_then(|text| text.strip_prefix('#')).map(str::to_string);
        if let Some(digits) = message {
            return digits.parse().map(Target::Message).map_err(|_| wants());
        }
        if let Some(id) = value.get("message").and_then(Value::as_whole) {
            return u64::try_from(id).map(Target::Message).map_err(|_| wants());
        }
        let node: NodeId = crate::object::node(value.get("node").unwrap_or(value)).ok_or_else(wants)?;
        if node.at() >= self.world().len() as usize {
            let last = NodeId(self.world().len() - 1);
            return Err(Error::unknown_node(format!("there is no node {node}; the nodes are A to {last}")));
        }
        Ok(Target::Node(node))
    }
    fn is_beyond(&self, input: &Input) -> bool {
        self.world().is_beyond(input)
    }
    fn frame(&self, cells: usize) -> Value {
        self.world().frame(cells).value::<P>()
    }
    fn each_record(&self, from: Seq, before: Seq, see: &mut dyn FnMut(Value)) {
        self.each_record(from, before, |record| see(self.record_value(record)));
    }
    fn violations(&self) -> Vec<Value> {
        let violation = |violation: &crate::world::Violation| {
            Value::map([
                ("invariant", Value::word(P::INVARIANTS[violation.invariant].id)),
                ("time", Value::ms(violation.time)),
                ("seq", Value::count(violation.seq)),
                ("nodes", Value::list(violation.nodes.iter().map(|node| Value::count(node.0)))),
                ("says", Value::says(&violation.says)),
            ])
        };
        self.world().violations.iter().map(violation).collect()
    }
    fn inputs(&self) -> Vec<Value> {
        let input = |placed: &Placed| {
            Value::map([
                ("time", Value::ms(placed.time)),
                ("kind", Value::word(placed.input.verb())),
                ("text", Value::string(&placed.input)),
            ])
        };
        self.inputs().iter().map(input).collect()
    }
    fn window(&self, from: Micros) -> (Vec<Change>, Vec<Past>) {
        self.window(from)
    }
    fn marks(&self) -> Vec<Marked> {
        self.branch().overview.marks.clone()
    }
    fn branches(&self) -> Vec<Value> {
        let branch = |(id, from, end): (u32, Micros, Micros)| {
            let current = Value::Bool(id == self.current_branch());
            Value::map([
                ("id", Value::count(id)),
                ("from", Value::ms(from)),
                ("end", Value::ms(end)),
                ("current", current),
            ])
        };
        self.branches().map(branch).collect()
    }
    fn branch(&self) -> u32 {
        self.current_branch()
    }
    fn switch(&mut self, id: u32) -> Result<()> {
        self.switch(id)
    }
    fn fork(&self) -> Box<dyn Simulation> {
        Box::new(self.clone())
    }
    fn recording(&self) -> String {
        crate::recording::write(self.setup(), self.inputs())
    }
    fn fingerprint(&self) -> u64 {
        self.world().fingerprint()
    }
    fn bytes(&self) -> usize {
        self.bytes() + self.world().weight()
    }
    fn set_watch(&mut self, trace: bool, invariants: bool) {
        self.set_watch(trace, invariants);
    }
    fn set_budget(&mut self, bytes: usize) {
        self.set_budget(bytes);
    }
}

impl Authority {
    pub fn id(self) -> &'static str {
        match self {
            Authority::Follows => "follows",
            Authority::Asks => "asks",
            Authority::Commands => "commands",
        }
    }
}
