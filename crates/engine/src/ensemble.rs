//! All machines of one run under their own types, behind [`Machines`].

use std::collections::VecDeque;
use std::hash::Hash;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::client_cx::{ClientCx, Command};
use crate::clock::Clock;
use crate::cx::{Cx, Effect, Scene, Verdict};
use crate::erased::{Broken, Call, ClientCall, Errand, Fall, Heard, Machines, Opaque};
use crate::fingerprint::Fingerprint;
use crate::names::{ClientId, NodeId};
use crate::places::Places;
use crate::promise::{Faults, Promise};
use crate::protocol::{
    Cause, Check, ClientView, Cluster, Evidence, LastCommit, Look, Newest, Node, NodeView, Observed, Protocol, Request,
    Said, Seen, Series, SetOf, Spans, Standing, Table, Terms, Told, Total,
};
use crate::quorum::Decision;
use crate::roster::Roster;
use crate::text::Says;
use crate::timers::Timers;
use crate::together::Together;
use crate::units::{Micros, Ppm};
use crate::value::Value;

/// All that observers see, of an ensemble that was taken apart so that its history can be written beside it.
macro_rules! cluster {
    ($config:expr, $now:expr, $seed:ident, $roster:ident, $clocks:ident, $faults:ident, $places:ident, $($machines:ident),+) => {
        Cluster {
            config: $config,
            roster: $roster,
            seed: *$seed,
            clocks: $clocks,
            now: $now,
            faults: $faults,
            places: $places.as_deref(),
            $($machines),+
        }
    };
}

/// Its nodes, their disks, and the history that invariants read.
pub(crate) struct Ensemble<P: Protocol> {
    config: Rc<P::Config>,
    seed: u64,
    roster: Roster,
    /// Clocks that do not run true, up to the last such node.
    clocks: Vec<Clock>,
    faults: Faults,
    places: Option<Rc<Places>>,
    nodes: Vec<Node<P>>,
    /// Machines of clients, where the protocol brings its own.
    clients: Vec<P::Client>,
    /// One for each node where disks keep only what was forced, and none elsewhere.
    disks: Vec<Disk<P>>,
    history: P::History,
    together: Together,
}

/// What is on a disk, besides what its node holds.
#[derive(Clone)]
pub(crate) struct Disk<P: Protocol> {
    pub(crate) safe: P::Durable,
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
    /// Every machine switched off and blank.
    pub(crate) fn new(config: P::Config, roster: &Roster, seed: u64) -> Ensemble<P> {
        let mut machines = Ensemble::<P> {
            config: Rc::new(config),
            seed,
            roster: *roster,
            clocks: Vec::new(),
            faults: Faults::default(),
            places: None,
            nodes: Vec::new(),
            clients: Vec::new(),
            disks: Vec::new(),
            history: P::History::default(),
            together: Together::default(),
        };
        machines.nodes.reserve(roster.len() as usize);
        (0..roster.len()).for_each(|n| machines.add(roster.group_of(NodeId(n))));
        machines
    }
    fn cluster(&self, now: Micros) -> Cluster<'_, P> {
        let Ensemble { config, seed, roster, clocks, faults, places, nodes, clients, disks, .. } = self;
        cluster!(&**config, now, seed, roster, clocks, faults, places, nodes, clients, disks)
    }
    fn seen(&self, now: Micros) -> Evidence<'_, P> {
        Evidence { config: &*self.config, history: &self.history, cluster: self.cluster(now) }
    }
    /// Where machines have states, how one stands is held against the others.
    #[inline]
    fn note_state(&mut self, node: NodeId, now: Micros) {
        if P::STATES.is_empty() {
            return;
        }
        let held = &self.nodes[node.at()];
        let safe = self.disks.get(node.at()).map_or(&held.durable, |disk| &disk.safe);
        let stands = P::state(held, &self.history, safe).and_then(|(epoch, id)| {
            let kind = P::STATES.iter().position(|kind| kind.id == id)?;
            Some((epoch, kind as u8))
        });
        self.together.note(node, stands, now);
    }
    /// Writes down what was observed, and asks every invariant that is not known to be broken.
    fn observe(&mut self, observed: &Observed<P>, now: Micros, known: &[usize]) -> Broken {
        let Ensemble { config, seed, roster, clocks, faults, places, nodes, clients, disks, history, .. } = self;
        let cluster = cluster!(&**config, now, seed, roster, clocks, faults, places, nodes, clients, disks);
        let broken = observe((&**config, history), cluster, observed, known);
        note_beyond::<P>(history, faults, now);
        broken
    }
}

/// What the protocol itself found to be broken of what promises rest on.
#[inline]
fn note_beyond<P: Protocol>(history: &P::History, faults: &mut Faults, now: Micros) {
    P::beyond(history).iter().for_each(|assumption| faults.breaks(*assumption, now));
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
        let Ensemble { config, seed, roster, clocks, faults, places, nodes, clients, disks, history, together } = self;
        Box::new(Ensemble {
            config: config.clone(),
            seed: *seed,
            roster: *roster,
            clocks: clocks.clone(),
            faults: faults.clone(),
            places: places.clone(),
            nodes: nodes.clone(),
            clients: clients.clone(),
            disks: disks.clone(),
            history: history.clone(),
            together: together.clone(),
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

    fn handle(&mut self, id: NodeId, call: Call, scene: Scene, known: Option<&[usize]>) -> (Standing, Broken) {
        let at = id.at();
        let Ensemble { config, seed, roster, clocks, faults, places, nodes, clients, disks, history, .. } = self;
        let (config, roster) = (&**config, &*roster);
        let node = &mut nodes[at];
        let before = known.map(|_| P::before(node));
        let now = scene.now;
        let mut cx = Cx::<P> { me: id, config, roster, places: places.as_deref(), scene };
        let shown = match &call {
            Call::Message { message, .. } | Call::Asked { message, .. } if P::SHOWS_MESSAGES && known.is_some() => {
                Some(message.clone())
            }
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
                P::on_timer(node, P::Timer::of(timer), &mut cx);
                Cause::Timer(P::Timer::of(timer))
            }
            Call::Request { client, serial, receipt, operation } => {
                let operation = operation.value.take();
                P::on_request(node, Request { client, serial, receipt, operation }, &mut cx);
                Cause::Request { client, serial }
            }
            Call::Asked { client, message, summary } => {
                P::on_asked(node, client, message.take(), &mut cx);
                Cause::Asked { client, summary, message: shown.as_ref().map(Opaque::get) }
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
        let cluster = cluster!(config, now, seed, roster, clocks, faults, places, nodes, clients, disks);
        let broken = observe((config, history), cluster, &observed, known);
        note_beyond::<P>(history, faults, now);
        self.note_state(id, now);
        (standing, broken)
    }

    fn handle_client(
        &mut self,
        errand: Errand,
        call: ClientCall,
        scene: Scene,
        known: Option<&[usize]>,
    ) -> (u32, Broken) {
        if !P::CLIENTS {
            return (0, Vec::new());
        }
        let Errand { client, serial, operation, write, open, patience } = errand;
        if self.clients.len() <= client.at() {
            self.clients.resize_with(client.at() + 1, P::Client::default);
        }
        let Ensemble { config, seed, roster, clocks, faults, places, nodes, clients, disks, history, .. } = self;
        let (config, now, it) = (&**config, scene.now, &mut clients[client.at()]);
        let operation = operation.value.get::<P::Operation>();
        let mut cx = ClientCx::<P> { me: client, config, roster, patience, open, scene };
        match call {
            ClientCall::Request { node } => {
                let command = Command { serial, operation: operation.clone(), node, write };
                P::on_client_request(it, command, &mut cx);
            }
            ClientCall::Message { from, message } => P::on_client_message(it, from, message.take(), &mut cx),
            ClientCall::Timer(timer) => P::on_client_timer(it, P::Timer::of(timer), &mut cx),
        }
        let epoch = P::client_epoch(it);
        let Some(known) = known else {
            return (epoch, Vec::new());
        };
        let effects = &*cx.scene.effects;
        let ended = effects.iter().find_map(|effect| match effect {
            Effect::Finish { outcome, .. } => Some(*outcome),
            _ => None,
        });
        let (after, said) = (&clients[client.at()], Said { effects, of: PhantomData });
        let observed = Observed::Client { client, serial, operation, after, ended, said };
        let cluster = cluster!(config, now, seed, roster, clocks, faults, places, nodes, clients, disks);
        let broken = observe((config, history), cluster, &observed, known);
        note_beyond::<P>(history, faults, now);
        (epoch, broken)
    }
    fn client_view(&self, client: ClientId) -> ClientView {
        self.clients.get(client.at()).map(|it| P::client_view(it, &self.config)).unwrap_or_default()
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
        let Ensemble { config, seed, roster, clocks, faults, places, nodes, clients, disks, history, .. } = self;
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
        let cluster = cluster!(&**config, now, seed, roster, clocks, faults, places, nodes, clients, disks);
        let broken = observe((&**config, history), cluster, &observed, known);
        note_beyond::<P>(history, faults, now);
        self.together.note(node, None, now);
        broken
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
    fn stand(&mut self, places: Option<Rc<Places>>) {
        self.places = places;
    }
    fn promises(&self) -> Vec<Promise> {
        P::INVARIANTS.iter().map(|invariant| (invariant.promise)(&self.config)).collect()
    }
    fn levels(&self) -> Vec<(&'static str, Promise)> {
        P::levels(&self.config)
    }
    fn written(&mut self, node: NodeId, now: Micros, known: Option<&[usize]>) -> Broken {
        if let Some(disk) = self.disks.get_mut(node.at())
            && let Some(written) = disk.writing.pop_front()
        {
            (disk.safe, disk.lost) = (written, None);
        }
        let Some(known) = known else { return Broken::new() };
        let Ensemble { config, seed, roster, clocks, faults, places, nodes, clients, disks, history, .. } = self;
        let cluster = cluster!(&**config, now, seed, roster, clocks, faults, places, nodes, clients, disks);
        let broken = observe((&**config, history), cluster, &Observed::Written { node, time: now }, known);
        note_beyond::<P>(history, faults, now);
        self.note_state(node, now);
        broken
    }
    fn standing(&self, node: NodeId) -> Standing {
        P::standing(&self.nodes[node.at()])
    }
    fn view(&self, node: NodeId, down: bool, cells: usize, now: Micros) -> NodeView {
        let disk = self.disks.get(node.at());
        let (safe, lost) = (disk.map(|disk| &disk.safe), disk.and_then(|disk| disk.lost.as_ref()));
        let (config, roster, history) = (&*self.config, &self.roster, &self.history);
        let look = Look { config, roster, down, history, now, cells, safe, lost };
        P::view(&self.nodes[node.at()], &look)
    }
    fn decisions(&self, members: &[NodeId], now: Micros) -> Vec<Decision> {
        P::decisions(&self.seen(now), members)
    }
    fn meets(&self, members: &[NodeId], now: Micros) -> Option<Says> {
        P::meets(&self.seen(now), members)
    }
    fn checks(&self, members: &[NodeId], now: Micros) -> Vec<Check> {
        P::checks(&self.seen(now), members)
    }
    fn newest(&self, now: Micros) -> Vec<Newest> {
        P::newest(&self.seen(now))
    }
    #[cfg(feature = "random")]
    fn odds(&self, id: &str, flights: &crate::profile::Flights, batch: u32) -> Vec<crate::protocol::Curve> {
        P::odds(id, &self.config, flights, batch)
    }
    fn clock_bound(&self) -> Option<Ppm> {
        P::clock_bound(&self.config)
    }
    fn client_clock_bound(&self) -> Option<Ppm> {
        P::client_clock_bound(&self.config)
    }
    fn sets(&self, now: Micros) -> Vec<SetOf> {
        P::sets(&self.seen(now))
    }
    fn last_commit(&self, now: Micros) -> Option<LastCommit> {
        P::last_commit(&self.seen(now))
    }
    fn terms(&self, now: Micros) -> Terms {
        P::terms(&self.seen(now))
    }
    fn evidence(&self, invariant: usize, now: Micros) -> Says {
        (P::INVARIANTS[invariant].evidence)(&self.seen(now))
    }
    fn together(&self) -> Value {
        if P::STATES.is_empty() { Value::Null } else { self.together.value(P::STATES) }
    }
    fn table(&self, now: Micros) -> Option<Table> {
        P::table(&self.seen(now))
    }
    fn spans(&self, from: Micros, now: Micros) -> Spans {
        P::spans(&self.seen(now), from)
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
        let clients = self.clients.len() * size_of::<P::Client>();
        clients + self.nodes.iter().map(P::weight).sum::<usize>() + self.disks.iter().map(held).sum::<usize>()
    }
    fn hash(&self, state: &mut Fingerprint) {
        self.config.hash(state);
        self.hash_state(state);
    }
    #[cfg(feature = "untimed")]
    fn hash_held(&self, state: &mut Fingerprint) {
        self.nodes.hash(state);
        self.clients.iter().for_each(|client| client.hash(state));
        self.disks.iter().for_each(|disk| (&disk.safe, &disk.writing).hash(state));
    }
    fn hash_state(&self, state: &mut Fingerprint) {
        self.faults.clock_off.hash(state);
        self.nodes.hash(state);
        self.history.hash(state);
        self.clients.iter().for_each(|client| client.hash(state));
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
