//! The rim: a running simulation as plain data.

use crate::branch::Placed;
use crate::config::Setup;
pub use crate::entry::{Comparison, Entry, entry};
use crate::erased::Definition;
use crate::error::{Error, Part, Result, why};
use crate::frame::end_value;
use crate::input::{Input, Party};
use crate::names::{Names, NodeId};
pub use crate::offers::Target;
use crate::protocol::{Authority, Standing};
use crate::text::text;
pub use crate::timeline::Window;
use crate::timeline::{Stop, Timeline};
use crate::told::{Known, Size, sentence};
use crate::trace::{self, Marked, Record, Seq, Status, What};
use crate::units::{Micros, Ppm};
use crate::value::Value;
use crate::world::Violation;

/// A running simulation of some protocol. Everything that comes out is data; names of nodes are
/// those of its cluster.
#[derive(Clone)]
pub struct Simulation(Timeline);

impl Simulation {
    pub(crate) fn of(setup: Setup, inputs: Vec<Placed>) -> Simulation {
        let _names = Names::of(&setup.roster);
        Simulation(Timeline::new(setup, inputs))
    }
    fn names(&self) -> Names {
        Names::of(&self.0.setup().roster)
    }
    #[cfg(feature = "untimed")]
    pub(crate) fn setup_of(&self) -> std::rc::Rc<Setup> {
        self.0.setup().clone().into()
    }
    /// A hash of what machines hold and what is on its way: the same in two runs of which one has a rule broken, as long as
    /// that rule made no difference.
    #[cfg(feature = "untimed")]
    pub fn state_print(&self) -> u64 {
        self.0.world().state_print()
    }
    fn definition(&self) -> &'static dyn Definition {
        self.0.setup().protocol
    }

    /// The id of the protocol that runs.
    pub fn protocol(&self) -> &'static str {
        self.0.setup().about().meta.id
    }
    /// The whole configuration, with what was not given filled in. [`Entry::open`] of it makes the same cluster.
    pub fn setup(&self) -> Value {
        self.0.setup().value()
    }
    /// The seed, given or drawn.
    pub fn seed(&self) -> u64 {
        self.0.setup().seed
    }
    /// How many nodes there are, also those that are down or have left.
    pub fn nodes(&self) -> u32 {
        self.0.world().len()
    }
    /// The name of every node, in order.
    pub fn node_names(&self) -> Vec<String> {
        let _names = self.names();
        (0..self.nodes()).map(|n| NodeId(n).to_string()).collect()
    }
    /// Every node's status and standing.
    pub fn standings(&self) -> impl Iterator<Item = (Status, Standing)> {
        let standing = |slot: &crate::world::Slot| (slot.status, slot.standing);
        self.0.world().slots.iter().map(standing)
    }
    /// What a client might ask in a random run.
    #[cfg(feature = "random")]
    pub fn draw_operation(&self, chance: &mut crate::rng::Chance) -> String {
        let _names = self.names();
        self.definition().draw_operation(chance, &self.0.setup().roster)
    }
    /// What a role, by its number in a standing, may do.
    pub fn authority(&self, role: u8) -> Option<crate::protocol::Authority> {
        self.0.setup().about().meta.roles.get(usize::from(role)).map(|role| role.authority)
    }
    /// Every message in flight between nodes: from, to, and how much of its way it has gone.
    pub fn each_flight(&self, see: &mut dyn FnMut(NodeId, NodeId, Ppm)) {
        for (_, flight) in self.0.world().flights.iter() {
            if let (Some(from), Some(to)) = (flight.from.node(), flight.to.node()) {
                see(from, to, flight.gone(self.0.now()));
            }
        }
    }
    /// Who talks to whom, where not everyone does.
    pub fn edges(&self) -> Vec<(NodeId, NodeId)> {
        self.0.world().machines.edges()
    }
    /// Virtual time now, from 0.
    pub fn now(&self) -> Micros {
        self.0.now()
    }
    /// The latest time that this branch has reached.
    pub fn end(&self) -> Micros {
        self.0.end()
    }
    /// The number that the next record gets.
    pub fn next_seq(&self) -> Seq {
        self.0.world().next_seq
    }

    /// Handles one event, or one input that lies ahead. Gives its first record; nothing where none is left.
    pub fn step(&mut self) -> Option<Value> {
        let _names = self.names();
        self.0.step().map(|record| self.record_value(&record))
    }
    /// Handles every event up to a time, and stands there. Gives how many there were.
    pub fn run_to(&mut self, time: Micros) -> u64 {
        let _names = self.names();
        self.0.run_to(time)
    }
    /// The same of at most so many events; it stands at the time only if none is left before it.
    pub fn run_some(&mut self, time: Micros, most: u64) -> u64 {
        let _names = self.names();
        self.0.run_some(time, most)
    }
    /// One node of the frame, at every size of the cluster.
    pub fn node(&self, id: NodeId, cells: usize) -> Result<Value> {
        let _names = self.names();
        self.0.world().known(id)?;
        Ok(self.0.world().node_value(id, cells))
    }
    /// Runs until a condition is met, at the longest to a time. Gives the record that met it, and nothing if none did.
    pub fn run_until(&mut self, time: Micros, stop: &Value) -> Result<Option<Value>> {
        let _names = self.names();
        let stop = self.stop(stop)?;
        Ok(self.0.run_until(time, stop).map(|record| self.record_value(&record)))
    }
    /// Stands at any time, earlier or later. The same run is made again: nothing is changed by it.
    pub fn seek(&mut self, time: Micros) {
        let _names = self.names();
        self.0.seek(time);
    }
    /// Starts a branch without the inputs that lie ahead, if any do, so that the run goes on as it would alone.
    pub fn leave_what_is_ahead(&mut self) {
        let _names = self.names();
        self.0.leave_what_is_ahead();
    }
    /// The time of the last event before now; 0 where there is none.
    pub fn previous(&self) -> Micros {
        self.0.previous()
    }

    /// Reads an input, as text or as an object. Whether it can be done now is not asked yet.
    pub fn parse(&self, input: &Value) -> Result<Input> {
        let _names = self.names();
        let vocabulary = self.0.setup().vocabulary();
        match input {
            Value::Text(text) => crate::grammar::parse(text, &vocabulary),
            other => crate::object::parse(other, &vocabulary),
        }
    }
    /// Does an input now, in a branch of its own if time was gone back. Gives its record. Refused, it changes nothing.
    pub fn inject(&mut self, input: Input) -> Result<Value> {
        let _names = self.names();
        let record = self.0.inject(input)?;
        Ok(self.record_value(&record))
    }
    /// Inputs that can be done now, at most 200: for one target, or for all.
    pub fn offers(&self, about: Option<Target>) -> Vec<Value> {
        let _names = self.names();
        self.0.world().offers(about).iter().map(crate::offers::Offer::value).collect()
    }
    /// Reads what offers may be asked about: a node, or a message in flight as `#12`.
    pub fn target(&self, value: &Value) -> Result<Target> {
        let _names = self.names();
        let wants = || {
            let words = text(
                "a target is a node's name or number, or a message as \"#12\", not {given}",
                "目标应为节点的名字或编号，或写作 \"#12\" 的消息，而不是 {given}",
            );
            Error::input(why(words, [("given", Part::given(value))]))
        };
        let message = value.as_text().and_then(|text| text.strip_prefix('#')).map(str::to_string);
        if let Some(digits) = message {
            return digits.parse().map(Target::Message).map_err(|_| wants());
        }
        if let Some(id) = value.get("message").and_then(Value::as_whole) {
            return u64::try_from(id).map(Target::Message).map_err(|_| wants());
        }
        let node: NodeId = crate::object::node(value.get("node").unwrap_or(value)).ok_or_else(wants)?;
        self.0.world().known(node)?;
        Ok(Target::Node(node))
    }
    /// Whether an input is outside the protocol's fault model: what breaks after it is really broken.
    pub fn is_beyond(&self, input: &Input) -> bool {
        self.0.world().is_beyond(input)
    }

    /// Everything that the stage can show now, with at most so many of the newest cells of each strip.
    pub fn frame(&self, cells: usize) -> Value {
        let _names = self.names();
        self.0.world().frame(cells).value()
    }
    /// The frame's totals and traffic alone, which cost no look at every node.
    pub fn totals(&self) -> Value {
        self.0.world().totals_value()
    }
    /// Shows each record of this branch from one number to before another, as far as it has happened by now.
    pub fn each_record(&self, from: Seq, before: Seq, see: &mut dyn FnMut(Value)) {
        let _names = self.names();
        self.0.each_record(from, before, |record| see(self.record_value(record)));
    }
    /// Promises that are broken by now: which, when, at whom, and how, in the order in which they broke.
    pub fn violations(&self) -> Vec<Value> {
        let _names = self.names();
        let properties = self.definition().properties();
        let violation = |violation: &Violation| {
            Value::map([
                ("invariant", Value::word(properties[violation.invariant].id)),
                ("time", Value::ms(violation.time)),
                ("seq", Value::count(violation.seq)),
                ("nodes", Value::list(violation.nodes.iter().map(|node| Value::count(node.0)))),
                ("says", Value::says(&violation.says)),
                ("beyond", Value::list(violation.beyond.iter().map(|assumption| Value::word(assumption.id())))),
            ])
        };
        self.0.world().breaches().map(violation).collect()
    }
    /// The places of all properties that are broken by now, those that are only watched too: each with whether it is
    /// promised and nothing that it assumes was broken.
    #[cfg(feature = "untimed")]
    pub fn breaks(&self) -> impl Iterator<Item = (usize, bool)> {
        self.0.world().violations.iter().map(|it| (it.invariant, it.promised && it.beyond.is_empty()))
    }
    /// When the property at this place broke, if it did.
    #[cfg(feature = "untimed")]
    pub fn broke_at(&self, place: usize) -> Option<Micros> {
        self.0.world().violations.iter().find(|violation| violation.invariant == place).map(|violation| violation.time)
    }
    /// How many promises are broken now.
    pub fn broken(&self) -> usize {
        self.0.world().breaches().count()
    }
    /// The inputs of this branch, in their order; those that lie ahead too.
    pub fn inputs(&self) -> Vec<Value> {
        let _names = self.names();
        self.0.inputs().iter().map(|placed| self.placed_value(placed)).collect()
    }
    /// How many of them have been done; those after lie ahead.
    pub fn done(&self) -> usize {
        self.0.done()
    }
    /// Whether [`Simulation::undo`] has anything to take back.
    pub fn can_undo(&self) -> bool {
        self.0.can_undo()
    }
    /// Whether [`Simulation::redo`] has anything to go back to.
    pub fn can_redo(&self) -> bool {
        self.0.can_redo()
    }
    /// Takes back the last input that was done at or before now, and stands at the same time: in a
    /// branch without it and without the inputs that lie ahead. The branch with it is kept. Gives the
    /// input, as [`Simulation::inputs`] does; nothing where there is none.
    pub fn undo(&mut self) -> Option<Value> {
        let _names = self.names();
        self.0.undo().map(|placed| self.placed_value(&placed))
    }
    /// Goes back to the branch that the last undo left, and stands at the same time. Gives the input
    /// that is there again; nothing where one was made since, or that branch was left.
    pub fn redo(&mut self) -> Option<Value> {
        let _names = self.names();
        self.0.redo().map(|placed| self.placed_value(&placed))
    }
    /// What the time diagram shows, from a time up to now. Nothing where nodes are too many to be listed.
    pub fn window(&self, from: Micros) -> Window {
        if self.nodes() > crate::frame::MOST_NODES_SHOWN {
            return Window::default();
        }
        self.0.window(from)
    }
    /// What the protocol says of the run's course in the window: what lasts on which lane, and the moments that
    /// hold for all. An object, with nothing in it where there is none.
    pub fn spans(&self, from: Micros, window: &Window) -> Value {
        let _names = self.names();
        let spans = self.0.world().machines.spans(from, self.now());
        crate::frame::spans_value(&spans, &window.writes)
    }
    /// What the overview of this branch marks, over the whole run.
    pub fn marks(&self) -> &[Marked] {
        &self.0.branch().overview.marks
    }

    /// What clients did up to now, in the order of their calls: each with its client, key, kind, value, result, call
    /// and answer, as a judge of histories takes them. Nothing of operations that neither read nor write. The newest
    /// 16,384 at least are kept.
    pub fn history(&self) -> Value {
        let _names = self.names();
        self.0.world().calls.value(self.definition())
    }

    /// Which levels of consistency this configuration promises its clients, and which not: `{ level, promised, because,
    /// assumes, beyond }`, the last being what was broken up to now of what it assumes. Empty where clients neither read nor
    /// write.
    pub fn levels(&self) -> Value {
        let machines = &self.0.world().machines;
        let levels = machines.levels().into_iter();
        Value::list(levels.map(|(level, promise)| {
            crate::frame::level_value(level, promise, &machines.faults().beyond(promise.assumes))
        }))
    }
    /// Which states of machines were seen together up to now, with one epoch: `{ states, pairs }`, or null where the
    /// protocol's machines have no states.
    pub fn together(&self) -> Value {
        let _names = self.names();
        self.0.world().machines.together()
    }
    /// The same of a run under the same configuration in which chance asks and crashes machines, and, if `cuts` is true,
    /// parts the network.
    #[cfg(feature = "random")]
    pub fn trial(&self, seed: u64, cuts: bool) -> Value {
        let setup = Setup { seed, ..self.0.setup().clone() };
        let mut run = Simulation::of(setup, Vec::new());
        crate::trial::play(&mut run, cuts);
        run.together()
    }

    /// What a batch of trials came to under this configuration and as the network is now: curves for one of the catalog's
    /// `odds`, the same for the same batch. Nothing where there is no such odds, or none of this configuration.
    #[cfg(feature = "random")]
    pub fn odds(&self, id: &str, batch: u32) -> Value {
        let world = self.0.world();
        let conditions = &world.network.conditions;
        let between = (conditions.latency.min, conditions.latency.max);
        let flights = crate::profile::Flights::new(conditions.profile, between);
        Value::list(world.machines.odds(id, &flights, batch).iter().map(crate::desk::curve_value))
    }

    /// Every branch that is kept: its number, where it begins and ends, and whether it is this one.
    pub fn branches(&self) -> Vec<Value> {
        let branch = |(id, from, end): (u32, Micros, Micros)| {
            let current = Value::Bool(id == self.0.current_branch());
            Value::map([
                ("id", Value::count(id)),
                ("from", Value::ms(from)),
                ("end", Value::ms(end)),
                ("current", current),
            ])
        };
        self.0.branches().map(branch).collect()
    }
    /// Goes to another branch, at this time or at its end if it is shorter. An unknown number is refused.
    pub fn switch(&mut self, id: u32) -> Result<()> {
        let _names = self.names();
        self.0.switch(id)
    }
    /// This branch as a text that may stand in an address: configuration and inputs. [`Entry::replay`] reads it.
    pub fn recording(&self) -> String {
        let _names = self.names();
        self.0.recording()
    }
    /// A hash of all that makes the run go on as it does: equal for equal states, natively and in wasm.
    pub fn fingerprint(&self) -> u64 {
        self.0.world().fingerprint()
    }
    /// About how many bytes the run holds in memory.
    pub fn bytes(&self) -> usize {
        self.0.bytes() + self.0.world().weight()
    }
    /// For benchmarks: whether records are kept, and whether invariants are asked.
    pub fn set_watch(&mut self, trace: bool, invariants: bool) {
        self.0.set_watch(trace, invariants);
    }
    /// How many bytes records and keyframes may take; what is dropped is computed again when somebody looks.
    pub fn set_budget(&mut self, bytes: usize) {
        self.0.set_budget(bytes);
    }

    fn record_value(&self, record: &Record) -> Value {
        let input = match record.what {
            What::Input { place, .. } => self.0.inputs().get(place as usize).map(|placed| &placed.input),
            _ => None,
        };
        trace::value(self.definition(), self.size(), record, input)
    }

    fn size(&self) -> Size {
        let places = self.0.setup().places.as_ref().map_or(0, |places| places.spots().len());
        Size { nodes: self.nodes(), places }
    }

    fn placed_value(&self, placed: &Placed) -> Value {
        let about = self.definition().about();
        let known = Known { about, size: self.size(), client: None, message: None, listed: None };
        let mut entries = vec![
            ("time".into(), Value::ms(placed.time)),
            ("kind".into(), Value::word(placed.input.verb())),
            ("text".into(), Value::string(&placed.input)),
            ("says".into(), Value::says(&sentence(&placed.input, &known))),
        ];
        if let Input::Partition(groups) = &placed.input {
            entries.push(("groups".into(), self.groups_value(placed, groups)));
        }
        Value::Map(entries)
    }

    /// The sides of a partition as they were then: whoever stood in a place that is a side.
    fn groups_value(&self, placed: &Placed, groups: &[Vec<Party>]) -> Value {
        let mut places = self.0.setup().places.as_deref().cloned();
        for before in self.0.inputs().iter().take_while(|before| *before != placed && before.time <= placed.time) {
            if let (Input::Move(who, spot), Some(places)) = (&before.input, &mut places) {
                places.move_to(who, spot);
            }
        }
        let ends = |party: &Party| match party {
            Party::End(end) => vec![*end],
            Party::Place(spot) => places.as_ref().map(|places| places.ends(spot)).unwrap_or_default(),
        };
        let side = |group: &Vec<Party>| Value::list(group.iter().flat_map(ends).map(|end| end_value(&end)));
        Value::list(groups.iter().map(side))
    }

    fn stop(&self, value: &Value) -> Result<Stop> {
        let about = self.definition().about();
        if let Some(id) = value.get("rule").and_then(Value::as_text) {
            let rule = about.rules.iter().find(|rule| rule.id == id).ok_or_else(|| {
                let words =
                    text("no rule is called {rule}; the rules are {rules}", "没有名为 {rule} 的规则；规则有 {rules}");
                let rules = Part::known(about.rules.iter().map(|rule| rule.id));
                Error::input(why(words, [("rule", Part::quoted(id)), ("rules", rules)]))
            })?;
            return Ok(Stop::Rule(rule));
        }
        if let Some(id) = value.get("role").and_then(Value::as_text) {
            let role = about.meta.roles.iter().find(|role| role.id == id).ok_or_else(|| {
                let words =
                    text("no role is called {role}; the roles are {roles}", "没有名为 {role} 的角色；角色有 {roles}");
                let roles = Part::known(about.meta.roles.iter().map(|role| role.id));
                Error::input(why(words, [("role", Part::quoted(id)), ("roles", roles)]))
            })?;
            return Ok(Stop::Role(role.id));
        }
        if value.get("violation").and_then(Value::as_bool) == Some(true) {
            return Ok(Stop::Violation);
        }
        let forms = Part::one_of(["{ rule: id }", "{ role: id }", "{ violation: true }"]);
        Err(Error::input(why(text("a condition is {forms}", "条件写作 {forms}"), [("forms", forms)])))
    }
}

impl Authority {
    /// Its name across the rim.
    pub fn id(self) -> &'static str {
        match self {
            Authority::Follows => "follows",
            Authority::Asks => "asks",
            Authority::Commands => "commands",
        }
    }
}
