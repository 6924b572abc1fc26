//! A protocol with its types hidden. The engine is compiled once and carries messages,
//! operations and answers without looking into them; here, and nowhere else, they get their
//! types back. One call of [`Machines::handle`] is one event.

use std::any::Any;
use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::rc::Rc;

use crate::clock::Clock;
use crate::cx::{Cx, Effect, Scene, Verdict};
use crate::error::Why;
use crate::fingerprint::Fingerprint;
use crate::names::{ClientId, NodeId};
use crate::options::{Opt, Settings};
use crate::promise::{Faults, Promise};
use crate::protocol::{
    Breach, Breaks, Cause, Cluster, Evidence, Field, Look, MessageKind, Meta, Mutant, Node, NodeView, Observed,
    OperationKind, Property, Protocol, Request, Rule, Said, Seen, Series, Standing, Start, Summary, Table, TimerCode,
    TimerKind, Told, Total,
};
use crate::quorum::Decision;
use crate::roster::Roster;
use crate::text::Says;
use crate::units::{Micros, Ppm};
use crate::world::World;

/// A value of one of a protocol's own types.
#[derive(Clone)]
pub struct Opaque(Rc<dyn Carried>);

trait Carried: Any {
    fn fingerprint(&self) -> u64;
}

impl<T: Any + Hash> Carried for T {
    fn fingerprint(&self) -> u64 {
        Fingerprint::of(self)
    }
}

impl Opaque {
    pub(crate) fn new<T: Any + Hash>(value: T) -> Opaque {
        Opaque(Rc::new(value))
    }
    pub(crate) fn get<T: Any>(&self) -> &T {
        let any: &dyn Any = &*self.0;
        any.downcast_ref().expect("a world holds values of one protocol")
    }
    /// The value itself, and a copy only if somebody else holds it too.
    fn take<T: Any + Clone>(self) -> T {
        let any: Rc<dyn Any> = self.0;
        Rc::unwrap_or_clone(any.downcast().expect("a world holds values of one protocol"))
    }
}

impl Hash for Opaque {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.fingerprint());
    }
}

/// What a client may ask, and how it is written.
#[derive(Clone, Hash)]
pub struct Operation {
    pub text: Rc<str>,
    pub(crate) value: Opaque,
}

/// A protocol as data.
pub struct About {
    pub meta: Meta,
    pub rules: &'static [&'static Rule],
    pub mutants: &'static [&'static Mutant],
    pub options: &'static [Opt],
    pub messages: &'static [MessageKind],
    pub timers: &'static [TimerKind],
    pub operations: &'static [OperationKind],
    pub starts: &'static [Start],
    pub breaks: &'static [Breaks],
    pub forced: bool,
}

/// What the engine asks of a protocol apart from any run of it.
pub trait Definition: Sync {
    fn about(&self) -> &'static About;
    fn properties(&self) -> Vec<Property>;
    fn check(&self, settings: &Settings, roster: &Roster, slowest: Micros) -> Result<(), Why>;
    /// Whether the protocol asks for links in order.
    fn in_order(&self, settings: &Settings, mutants: &[&'static str]) -> bool;
    fn operation(&self, text: &str) -> Result<Operation, Why>;
    fn answer_text(&self, answer: &Opaque) -> String;
    fn summary(&self, message: &Opaque) -> Summary;
    fn message_fields(&self, message: &Opaque) -> Vec<Field>;
    /// [`World::step`]. It stands here so that it is compiled with the protocols, for speed, where
    /// the rest of the engine is compiled for size: the functions of one step are `#[inline]`.
    fn step(&self, world: &mut World) -> bool;
    /// All machines of a run, switched off and blank.
    fn machines(&self, settings: &Settings, roster: &Roster, seed: u64) -> Box<dyn Machines>;
}

/// What happens to a machine.
pub enum Call {
    Boot,
    Message { from: NodeId, message: Opaque, summary: Summary },
    Timer(TimerCode),
    Request { client: ClientId, serial: u32, operation: Operation },
}

/// What a client did, for the history.
#[derive(Clone, Copy)]
pub enum Heard<'a> {
    Asked(&'a Operation),
    Answered(&'a Operation, &'a Opaque),
}

/// How a machine is lost: its memory, its disk, or both for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fall {
    Crash,
    Wipe,
    Leave,
}

/// Invariants that broke, by their places.
pub type Broken = Vec<(usize, Breach)>;

/// The machines of one run, and the history of what happened to them.
pub trait Machines {
    fn copy(&self) -> Box<dyn Machines>;
    fn add(&mut self, group: Option<u32>);
    /// One handler of one machine. If `known` is given, the history is kept and every invariant
    /// is asked that is not among these.
    fn handle(&mut self, call: Call, scene: Scene, known: Option<&[usize]>) -> (Standing, Broken);
    fn hear(&mut self, client: ClientId, serial: u32, heard: Heard, now: Micros, known: &[usize]) -> Broken;
    fn fall(&mut self, node: NodeId, fall: Fall, now: Micros, known: &[usize]) -> Broken;
    /// The oldest of a node's writes that are on their way is on its disk.
    fn written(&mut self, node: NodeId);
    fn standing(&self, node: NodeId) -> Standing;
    fn view(&self, node: NodeId, down: bool, cells: usize) -> NodeView;
    /// A [`Protocol::deadline`] passes: every invariant is asked.
    fn pass(&mut self, now: Micros, known: &[usize]) -> Broken;
    /// The next deadline after a time, if there is one.
    fn deadline(&self, after: Micros) -> Option<Micros>;
    /// What there was of faults so far.
    fn faults(&self) -> &Faults;
    fn faults_mut(&mut self) -> &mut Faults;
    /// A node's clock runs or reads otherwise from now on.
    fn set_clock(&mut self, node: NodeId, clock: Clock);
    /// What each property's promise is under this configuration.
    fn promises(&self) -> Vec<Promise>;
    fn decisions(&self, members: &[NodeId], now: Micros) -> Vec<Decision>;
    fn clock_bound(&self) -> Option<Ppm>;
    fn evidence(&self, invariant: usize, now: Micros) -> Says;
    fn table(&self, now: Micros) -> Option<Table>;
    fn totals(&self, members: u32, now: Micros) -> Option<Vec<(&'static str, Total)>>;
    fn series(&self, members: u32, now: Micros) -> Vec<Series>;
    fn edges(&self) -> Vec<(NodeId, NodeId)>;
    /// The most entries that any node keeps for requests.
    fn entries(&self) -> usize;
    fn weight(&self) -> usize;
    fn hash(&self, state: &mut Fingerprint);
}

/// The definition of a typed protocol.
pub struct Of<P>(PhantomData<fn() -> P>);

impl<P: Protocol> Of<P> {
    pub const NEW: &'static dyn Definition = &Of::<P>(PhantomData);
    const ABOUT: &'static About = &About {
        meta: P::META,
        rules: P::RULES,
        mutants: P::MUTANTS,
        options: P::OPTIONS,
        messages: P::MESSAGES,
        timers: P::TIMERS,
        operations: P::OPERATIONS,
        starts: P::STARTS,
        breaks: P::BREAKS,
        forced: P::FORCED,
    };
}

impl<P: Protocol> Definition for Of<P> {
    fn about(&self) -> &'static About {
        Self::ABOUT
    }
    fn properties(&self) -> Vec<Property> {
        let mut properties = Vec::new();
        for invariant in P::INVARIANTS {
            let crate::protocol::Invariant { id, title, says, source, .. } = *invariant;
            properties.push(Property { id, title, says, source });
        }
        properties
    }
    fn check(&self, settings: &Settings, roster: &Roster, slowest: Micros) -> Result<(), Why> {
        P::check_config(&P::configure(settings), roster, slowest)
    }
    fn in_order(&self, settings: &Settings, mutants: &[&'static str]) -> bool {
        P::in_order(&P::configure(settings), &|mutant| mutants.contains(&mutant.id))
    }
    fn operation(&self, text: &str) -> Result<Operation, Why> {
        let value: P::Operation = text.parse()?;
        Ok(Operation { text: value.to_string().into(), value: Opaque::new(value) })
    }
    fn answer_text(&self, answer: &Opaque) -> String {
        answer.get::<P::Answer>().to_string()
    }
    fn summary(&self, message: &Opaque) -> Summary {
        P::summary(message.get())
    }
    fn message_fields(&self, message: &Opaque) -> Vec<Field> {
        P::message_fields(message.get())
    }
    fn step(&self, world: &mut World) -> bool {
        world.step()
    }
    fn machines(&self, settings: &Settings, roster: &Roster, seed: u64) -> Box<dyn Machines> {
        let config = Rc::new(P::configure(settings));
        let mut machines = Ensemble::<P> {
            config,
            seed,
            roster: *roster,
            clocks: Vec::new(),
            faults: Faults::default(),
            nodes: Vec::new(),
            disks: Vec::new(),
            history: P::History::default(),
        };
        machines.nodes.reserve(roster.len() as usize);
        (0..roster.len()).for_each(|n| machines.add(roster.group_of(NodeId(n))));
        Box::new(machines)
    }
}

struct Ensemble<P: Protocol> {
    config: Rc<P::Config>,
    seed: u64,
    roster: Roster,
    /// Clocks that do not run true, up to the last such node.
    clocks: Vec<Clock>,
    faults: Faults,
    nodes: Vec<Node<P>>,
    /// One for each node where disks keep only what was forced, and none elsewhere.
    disks: Vec<Disk<P>>,
    history: P::History,
}

/// What is on a disk, besides what its node holds.
#[derive(Clone)]
struct Disk<P: Protocol> {
    safe: P::Durable,
    /// On its way, in the order in which it was forced.
    writing: VecDeque<P::Durable>,
    /// What the last crash found: for the eye, and no part of the state.
    lost: Option<P::Durable>,
}

impl<P: Protocol> Disk<P> {
    /// What is left of what the node holds.
    fn fall(&mut self, held: &mut P::Durable) {
        self.writing.clear();
        let before = std::mem::replace(held, self.safe.clone());
        let is_lost = Fingerprint::of(&before) != Fingerprint::of(&self.safe);
        self.lost = is_lost.then_some(before);
    }
    fn wipe(&mut self) {
        (self.safe, self.lost) = (P::Durable::default(), None);
        self.writing.clear();
    }
}

impl<P: Protocol> Ensemble<P> {
    fn cluster(&self, now: Micros) -> Cluster<'_, P> {
        let Ensemble { seed, roster, clocks, faults, nodes, .. } = self;
        Cluster { nodes, roster, seed: *seed, clocks, now, faults }
    }
    fn seen(&self, now: Micros) -> Evidence<'_, P> {
        Evidence { config: &*self.config, history: &self.history, cluster: self.cluster(now) }
    }
    /// Writes down what was observed, and asks every invariant that is not known to be broken.
    fn observe(&mut self, observed: &Observed<P>, now: Micros, known: &[usize]) -> Broken {
        let Ensemble { config, seed, roster, clocks, faults, nodes, history, .. } = self;
        let cluster = Cluster { nodes, roster, seed: *seed, clocks, now, faults };
        observe((&**config, history), cluster, observed, known)
    }
}

/// Writes what was observed into the history, and asks every invariant that is not known to be
/// broken.
fn observe<P: Protocol>(
    (config, history): (&P::Config, &mut P::History),
    cluster: Cluster<P>,
    observed: &Observed<P>,
    known: &[usize],
) -> Broken {
    P::observe(history, observed, cluster);
    let seen = Seen { config, history, observed, cluster };
    let mut broken = Vec::new();
    for (place, invariant) in P::INVARIANTS.iter().enumerate() {
        if known.contains(&place) {
            continue;
        }
        if let Some(breach) = (invariant.check)(&seen) {
            broken.push((place, breach));
        }
    }
    broken
}

impl<P: Protocol> Machines for Ensemble<P> {
    fn copy(&self) -> Box<dyn Machines> {
        let Ensemble { config, seed, roster, clocks, faults, nodes, disks, history } = self;
        Box::new(Ensemble {
            config: config.clone(),
            seed: *seed,
            roster: *roster,
            clocks: clocks.clone(),
            faults: faults.clone(),
            nodes: nodes.clone(),
            disks: disks.clone(),
            history: history.clone(),
        })
    }

    fn add(&mut self, group: Option<u32>) {
        let id = NodeId(self.nodes.len() as u32);
        if id.0 >= self.roster.len() {
            self.roster.grow();
        }
        if P::FORCED {
            self.disks.push(Disk { safe: P::Durable::default(), writing: VecDeque::new(), lost: None });
        }
        self.nodes.push(Node { id, group, durable: P::Durable::default(), volatile: P::Volatile::default() });
    }

    fn handle(&mut self, call: Call, scene: Scene, known: Option<&[usize]>) -> (Standing, Broken) {
        let at = scene.me.at();
        let Ensemble { config, seed, roster, clocks, faults, nodes, disks, history } = self;
        let (config, roster) = (&**config, &*roster);
        let node = &mut nodes[at];
        let before = known.map(|_| P::before(node));
        let now = scene.now;
        let mut cx = Cx::<P> { config, roster, scene };
        let shown = match &call {
            Call::Message { message, .. } if P::SHOWS_MESSAGES && known.is_some() => Some(message.clone()),
            _ => None,
        };
        let cause = match call {
            Call::Boot => {
                node.volatile = P::boot(&mut node.durable, &mut cx);
                Cause::Boot
            }
            Call::Message { from, message, summary } => {
                P::on_message(node, from, message.take(), &mut cx);
                Cause::Message { from, summary, message: shown.as_ref().map(Opaque::get) }
            }
            Call::Timer(timer) => {
                P::on_timer(node, P::timer_of(timer), &mut cx);
                Cause::Timer(P::timer_of(timer))
            }
            Call::Request { client, serial, operation } => {
                let operation = operation.value.take();
                P::on_request(node, Request { client, serial, operation }, &mut cx);
                Cause::Request { client, serial }
            }
        };
        cx.scene.cut_short();
        if P::FORCED {
            let forces = cx.scene.effects.iter().filter(|effect| matches!(effect, Effect::Force { .. }));
            disks[at].writing.extend(forces.map(|_| node.durable.clone()));
        }
        let standing = P::standing(node);
        let (Some(known), Some(before)) = (known, &before) else {
            return (standing, Vec::new());
        };
        let effects = &*cx.scene.effects;
        let answers = told::<P>(effects);
        let said = Said { effects, of: PhantomData };
        let observed = Observed::Handled { before, after: &nodes[at], cause, answers: &answers, said, time: now };
        let cluster = Cluster { nodes, roster, seed: *seed, clocks, now, faults };
        (standing, observe((config, history), cluster, &observed, known))
    }

    fn hear(&mut self, client: ClientId, serial: u32, heard: Heard, now: Micros, known: &[usize]) -> Broken {
        let observed = match heard {
            Heard::Asked(operation) => Observed::Asked { client, serial, operation: operation.value.get() },
            Heard::Answered(operation, answer) => {
                Observed::Answered { client, serial, operation: operation.value.get(), answer: answer.get() }
            }
        };
        self.observe(&observed, now, known)
    }

    fn fall(&mut self, node: NodeId, fall: Fall, now: Micros, known: &[usize]) -> Broken {
        let Ensemble { config, seed, roster, clocks, faults, nodes, disks, history } = self;
        let it = &mut nodes[node.at()];
        let before = P::before(it);
        if fall != Fall::Wipe {
            it.volatile = P::Volatile::default();
        }
        if fall != Fall::Crash {
            it.durable = P::Durable::default();
            disks.get_mut(node.at()).into_iter().for_each(Disk::wipe);
        } else if let Some(disk) = disks.get_mut(node.at()) {
            disk.fall(&mut it.durable);
        }
        let observed = Observed::Fell { before: &before, after: &nodes[node.at()] };
        let cluster = Cluster { nodes, roster, seed: *seed, clocks, now, faults };
        observe((&**config, history), cluster, &observed, known)
    }
    fn pass(&mut self, now: Micros, known: &[usize]) -> Broken {
        self.observe(&Observed::Passed { time: now }, now, known)
    }
    #[inline]
    fn deadline(&self, after: Micros) -> Option<Micros> {
        if P::DEADLINES { P::deadline(&self.config, &self.history, self.cluster(after), after) } else { None }
    }
    fn faults(&self) -> &Faults {
        &self.faults
    }
    fn faults_mut(&mut self) -> &mut Faults {
        &mut self.faults
    }
    fn set_clock(&mut self, node: NodeId, clock: Clock) {
        if self.clocks.len() <= node.at() {
            self.clocks.resize(node.at() + 1, Clock::default());
        }
        self.clocks[node.at()] = clock;
    }
    fn promises(&self) -> Vec<Promise> {
        P::INVARIANTS.iter().map(|invariant| (invariant.promise)(&self.config)).collect()
    }
    fn written(&mut self, node: NodeId) {
        if let Some(disk) = self.disks.get_mut(node.at())
            && let Some(written) = disk.writing.pop_front()
        {
            (disk.safe, disk.lost) = (written, None);
        }
    }
    fn standing(&self, node: NodeId) -> Standing {
        P::standing(&self.nodes[node.at()])
    }
    fn view(&self, node: NodeId, down: bool, cells: usize) -> NodeView {
        let disk = self.disks.get(node.at());
        let (safe, lost) = (disk.map(|disk| &disk.safe), disk.and_then(|disk| disk.lost.as_ref()));
        let look = Look { config: &*self.config, roster: &self.roster, down, cells, safe, lost };
        P::view(&self.nodes[node.at()], &look)
    }
    fn decisions(&self, members: &[NodeId], now: Micros) -> Vec<Decision> {
        P::decisions(&self.seen(now), members)
    }
    fn clock_bound(&self) -> Option<Ppm> {
        P::clock_bound(&self.config)
    }
    fn evidence(&self, invariant: usize, now: Micros) -> Says {
        (P::INVARIANTS[invariant].evidence)(&self.seen(now))
    }
    fn table(&self, now: Micros) -> Option<Table> {
        P::table(&self.seen(now))
    }
    fn totals(&self, members: u32, now: Micros) -> Option<Vec<(&'static str, Total)>> {
        let totals = P::totals(&self.seen(now), members, now);
        (!totals.is_empty()).then(|| P::META.totals.iter().map(|kind| kind.id).zip(totals).collect())
    }
    fn series(&self, members: u32, now: Micros) -> Vec<Series> {
        P::series(&self.seen(now), members)
    }
    fn edges(&self) -> Vec<(NodeId, NodeId)> {
        P::edges(&self.config, self.cluster(0))
    }
    fn entries(&self) -> usize {
        self.nodes.iter().map(P::entries).max().unwrap_or(0)
    }
    fn weight(&self) -> usize {
        let held = |disk: &Disk<P>| (disk.writing.len() + 2) * size_of::<P::Durable>();
        self.nodes.iter().map(P::weight).sum::<usize>() + self.disks.iter().map(held).sum::<usize>()
    }
    fn hash(&self, state: &mut Fingerprint) {
        self.config.hash(state);
        self.faults.clock_off.hash(state);
        self.nodes.hash(state);
        self.history.hash(state);
        for disk in &self.disks {
            (&disk.safe, &disk.writing).hash(state);
        }
    }
}

/// The answers among what a handler did.
fn told<P: Protocol>(effects: &[Effect]) -> Vec<Told<P>> {
    let mut answers = Vec::new();
    for effect in effects {
        if let Effect::Tell { client, serial, verdict: Verdict::Done(answer) } = effect {
            answers.push(Told { client: *client, serial: *serial, answer: answer.get::<P::Answer>().clone() });
        }
    }
    answers
}
