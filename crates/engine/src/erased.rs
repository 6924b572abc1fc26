//! A protocol with its types hidden. The engine is compiled once and carries messages,
//! operations and answers without looking into them; here, and nowhere else, they get their
//! types back. One call of [`Machines::handle`] is one event.

use std::any::Any;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::rc::Rc;

use crate::clock::Clock;
use crate::cx::Scene;
use crate::ensemble::Ensemble;
use crate::error::Why;
use crate::fingerprint::Fingerprint;
use crate::names::{ClientId, NodeId};
use crate::options::{Opt, Settings};
use crate::places::Places;
use crate::promise::{Faults, Promise};
use crate::protocol::{
    Breach, Breaks, Check, ClientView, Desk, Field, LastCommit, MessageKind, Meta, Mutant, Newest, NodeView, Odds,
    OperationKind, Property, Protocol, Recorded, Rule, Series, SetOf, Spans, Standing, Start, Summary, Sweep, Table,
    Terms, TimerCode, TimerKind, Total,
};
use crate::quorum::Decision;
use crate::roster::Roster;
use crate::text::Says;
use crate::timers::Timers;
use crate::units::{Micros, Ppm};
use crate::value::Value;
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
    pub(crate) fn take<T: Any + Clone>(self) -> T {
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
    pub desk: Option<Desk>,
    pub odds: &'static [Odds],
    pub breaks: &'static [Breaks],
    pub sweeps: &'static [Sweep],
    #[cfg(feature = "random")]
    pub stories: &'static [&'static str],
    pub forced: bool,
    pub seconds: bool,
    /// Whether it brings machines of its own for clients.
    pub clients: bool,
}

/// What the engine asks of a protocol apart from any run of it.
pub trait Definition: Sync {
    fn about(&self) -> &'static About;
    fn properties(&self) -> Vec<Property>;
    /// `trip` is the longest round trip between places, where there are places.
    fn check(&self, settings: &Settings, roster: &Roster, slowest: Micros, trip: Option<Micros>) -> Result<(), Why>;
    /// The usual settings of a cluster of so many machines.
    fn usual(&self, roster: &Roster) -> Settings;
    /// Whether the protocol asks for links in order.
    fn in_order(&self, settings: &Settings, mutants: &[&'static str]) -> bool;
    fn operation(&self, text: &str) -> Result<Operation, Why>;
    #[cfg(feature = "random")]
    fn draw_operation(&self, chance: &mut crate::rng::Chance, roster: &Roster) -> String;
    fn answer_text(&self, answer: &Opaque) -> String;
    /// How it reads to people.
    fn answer_says(&self, answer: &Opaque) -> Says;
    fn declines(&self, answer: &Opaque) -> bool;
    /// What a client keeps of an answer.
    fn receipt(&self, answer: &Opaque) -> u64;
    fn receipt_says(&self, receipt: u64) -> Says;
    /// How an operation and its answer read in a history of what clients did.
    fn recorded(&self, operation: &Opaque, answer: Option<&Opaque>) -> Option<Recorded>;
    /// Whether an operation writes.
    fn writes(&self, operation: &Opaque) -> bool;
    fn summary(&self, message: &Opaque) -> Summary;
    fn message_fields(&self, message: &Opaque) -> Vec<Field>;
    /// `World::step`. It stands here so that it is compiled with the protocols, for speed, where
    /// the rest of the engine is compiled for size: the functions of one step are `#[inline]`.
    fn step(&self, world: &mut World) -> bool;
    /// All machines of a run, switched off and blank.
    fn machines(&self, settings: &Settings, roster: &Roster, seed: u64) -> Box<dyn Machines>;
}

/// What happens to a machine.
pub enum Call {
    Boot,
    Message {
        from: NodeId,
        message: Opaque,
        summary: Summary,
    },
    Timer(TimerCode),
    Request {
        client: ClientId,
        serial: u32,
        receipt: u64,
        operation: Operation,
    },
    /// A message of a client that is a machine of its own.
    Asked {
        client: ClientId,
        message: Opaque,
        summary: Summary,
    },
}

/// What happens to a client's machine.
pub enum ClientCall {
    Request { node: Option<NodeId> },
    Message { from: NodeId, message: Opaque },
    Timer(TimerCode),
}

/// The command that a client's machine works on, and how long it may take.
#[derive(Clone, Copy)]
pub struct Errand<'a> {
    pub client: ClientId,
    pub serial: u32,
    pub operation: &'a Operation,
    /// Which of the run's writes it is, or 0.
    pub write: u32,
    pub open: bool,
    pub patience: Micros,
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
    fn handle(&mut self, node: NodeId, call: Call, scene: Scene, known: Option<&[usize]>) -> (Standing, Broken);
    /// One handler of one client's machine, and the epoch of what it is at then.
    fn handle_client(
        &mut self,
        errand: Errand,
        call: ClientCall,
        scene: Scene,
        known: Option<&[usize]>,
    ) -> (u32, Broken);
    fn client_view(&self, client: ClientId) -> ClientView;
    fn hear(&mut self, client: ClientId, serial: u32, heard: Heard, now: Micros, known: &[usize]) -> Broken;
    fn fall(&mut self, node: NodeId, fall: Fall, now: Micros, known: &[usize]) -> Broken;
    /// The oldest of a node's writes that are on their way is on its disk.
    fn written(&mut self, node: NodeId, now: Micros, known: Option<&[usize]>) -> Broken;
    fn standing(&self, node: NodeId) -> Standing;
    fn view(&self, node: NodeId, down: bool, cells: usize, now: Micros) -> NodeView;
    /// A [`Protocol::deadline`] passes: every invariant is asked.
    fn pass(&mut self, now: Micros, known: &[usize]) -> Broken;
    /// The next deadline after a time, if there is one.
    fn deadline(&self, after: Micros) -> Option<Micros>;
    /// What there was of faults so far.
    fn faults(&self) -> &Faults;
    fn faults_mut(&mut self) -> &mut Faults;
    /// A node's clock runs or reads otherwise from now on.
    fn set_clock(&mut self, node: NodeId, clock: Clock);
    /// Where nodes stand from now on, if anywhere.
    fn stand(&mut self, places: Option<Rc<Places>>);
    /// What each property's promise is under this configuration.
    fn promises(&self) -> Vec<Promise>;
    /// What is promised of the answers to clients, by levels of consistency.
    fn levels(&self) -> Vec<(&'static str, Promise)>;
    fn decisions(&self, members: &[NodeId], now: Micros) -> Vec<Decision>;
    fn meets(&self, members: &[NodeId], now: Micros) -> Option<Says>;
    fn checks(&self, members: &[NodeId], now: Micros) -> Vec<Check>;
    fn newest(&self, now: Micros) -> Vec<Newest>;
    /// What a batch of trials came to.
    #[cfg(feature = "random")]
    fn odds(&self, id: &str, flights: &crate::profile::Flights, batch: u32) -> Vec<crate::protocol::Curve>;
    fn clock_bound(&self) -> Option<Ppm>;
    /// The same of clients' clocks.
    fn client_clock_bound(&self) -> Option<Ppm>;
    /// Sets of nodes that somebody waits for, or waited for last.
    fn sets(&self, now: Micros) -> Vec<SetOf>;
    fn last_commit(&self, now: Micros) -> Option<LastCommit>;
    fn terms(&self, now: Micros) -> Terms;
    fn evidence(&self, invariant: usize, now: Micros) -> Says;
    fn table(&self, now: Micros) -> Option<Table>;
    /// Which states were seen together; nothing where machines have none.
    fn together(&self) -> Value;
    fn spans(&self, from: Micros, now: Micros) -> Spans;
    fn totals(&self, members: u32, now: Micros) -> Option<Vec<(&'static str, Total)>>;
    fn series(&self, members: u32, now: Micros) -> Vec<Series>;
    fn edges(&self) -> Vec<(NodeId, NodeId)>;
    /// The most entries that any node keeps for requests.
    fn entries(&self) -> usize;
    fn weight(&self) -> usize;
    fn hash(&self, state: &mut Fingerprint);
    /// What machines hold, and nothing of what was observed.
    #[cfg(feature = "untimed")]
    fn hash_held(&self, state: &mut Fingerprint);
    /// The same without the configuration, which no event changes.
    fn hash_state(&self, state: &mut Fingerprint);
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
        timers: P::Timer::KINDS,
        operations: P::OPERATIONS,
        starts: P::STARTS,
        desk: P::DESK,
        odds: P::ODDS,
        breaks: P::BREAKS,
        sweeps: P::SWEEPS,
        #[cfg(feature = "random")]
        stories: P::STORIES,
        forced: P::FORCED,
        seconds: P::SECONDS,
        clients: P::CLIENTS,
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
    fn check(&self, settings: &Settings, roster: &Roster, slowest: Micros, trip: Option<Micros>) -> Result<(), Why> {
        let config = P::configure_for(P::configure(settings), roster);
        trip.map_or(Ok(()), |trip| P::check_trips(&config, trip))?;
        P::check_config(&config, roster, slowest)
    }
    fn usual(&self, roster: &Roster) -> Settings {
        let mut settings = Settings::usual(P::OPTIONS);
        for (id, setting) in P::usual_for(roster) {
            if let Some(place) = P::OPTIONS.iter().position(|option| option.id == id) {
                settings.set(place, setting);
            }
        }
        settings
    }
    fn in_order(&self, settings: &Settings, mutants: &[&'static str]) -> bool {
        P::in_order(&P::configure(settings), &|mutant| mutants.contains(&mutant.id))
    }
    fn operation(&self, text: &str) -> Result<Operation, Why> {
        let value: P::Operation = text.parse()?;
        Ok(Operation { text: value.to_string().into(), value: Opaque::new(value) })
    }
    #[cfg(feature = "random")]
    fn draw_operation(&self, chance: &mut crate::rng::Chance, roster: &Roster) -> String {
        P::draw_operation(chance, roster)
    }
    fn answer_text(&self, answer: &Opaque) -> String {
        answer.get::<P::Answer>().to_string()
    }
    fn answer_says(&self, answer: &Opaque) -> Says {
        P::answer_says(answer.get())
    }
    fn declines(&self, answer: &Opaque) -> bool {
        P::declines(answer.get())
    }
    fn receipt(&self, answer: &Opaque) -> u64 {
        P::receipt(answer.get())
    }
    fn receipt_says(&self, receipt: u64) -> Says {
        P::receipt_says(receipt)
    }
    fn recorded(&self, operation: &Opaque, answer: Option<&Opaque>) -> Option<Recorded> {
        P::recorded(operation.get(), answer.map(Opaque::get))
    }
    fn writes(&self, operation: &Opaque) -> bool {
        P::writes(operation.get())
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
        let config = P::configure_for(P::configure(settings), roster);
        Box::new(Ensemble::<P>::new(config, roster, seed))
    }
}
