//! Quorums of replicas: a write is stored by W of N, a read hears from R, and the newest version counts.
//!
//! | section | here |
//! |---|---|
//! | Dynamo 4.5, W and R | [`quest`]: at a client (6.4) in [`client`], at a node in [`coordinator`] |
//! | Dynamo 4.4, vector clocks and siblings; or a clock, and the last writer wins | [`version`], [`replica`] |
//! | Dynamo 4.6, sloppy quorums and hinted handoff; 4.7, anti-entropy | [`exchange`] |
//! | Dynamo 5, read repair; Attiya, Bar-Noy and Dolev 1995, who wait for it | [`quest`] |
//! | Terry et al. 1994, sessions | [`client`], and what a write follows in [`replica`] |
//! | Bailis et al. 2012, how soon a read sees a write | [`desk`] |
//! | Gifford 1979, R + W > N and 2W > N; Lamport 1986, regular and atomic registers | [`promised`], [`safety`] |
//!
//! There is no ring: one set of N replicas has all keys. Digests stand in a list and not in a tree.

mod breaks;
mod client;
mod coordinator;
mod desk;
mod exchange;
mod history;
mod mutants;
pub mod operation;
mod options;
mod promised;
pub mod quest;
mod replica;
mod rules;
mod safety;
mod starts;
pub mod state;
mod stories;
pub mod version;
mod view;

use synod_engine::cx::Cx as NodeCx;
use synod_engine::error::Part;
use synod_engine::prelude::*;
use synod_engine::profile::Flights;
use synod_engine::protocol::{Check, ClientCx, ClientView, Command, Curve, Desk, Newest, Odds, Role, SetOf};

use operation::{Answer, Operation};
use state::{Client, Config, Conflict, Durable, Message, Timer, Volatile, Who};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nwr;

pub type Cx<'a> = ClientCx<'a, Nwr>;

/// The home set of every key, and who stands in for it.
pub const REPLICAS: usize = 0;
pub const FALLBACKS: usize = 1;
const MOST: u32 = 9;

const fn role(id: &'static str, name: Text) -> Role {
    Role { id, name, authority: Authority::Follows, shape: "square", crest: false }
}

const fn group(id: &'static str, name: Text, bounds: Nodes) -> GroupKind {
    GroupKind { id, name, named: Named::Alphabet, bounds }
}

impl Protocol for Nwr {
    const META: Meta = Meta {
        id: "nwr",
        name: text("Quorums (N, W, R)", "法定人数（N、W、R）"),
        summary: text("How many must have it, and how many must be asked?", "写几个副本，读几个副本？"),
        family: "replication",
        source: "G. DeCandia et al.: Dynamo: Amazon's Highly Available Key-value Store, 2007",
        rules_version: 2,
        epoch: text("version", "版本"),
        epoch_named: text("version {n}", "版本 {n}"),
        roles: &[role("replica", text("replica", "副本")), role("fallback", text("fallback", "后备"))],
        layout: "row",
        nodes: Nodes { min: 1, default: 3, max: 0 },
        groups: &[
            group("replicas", text("Replicas, N", "副本数 N"), Nodes { min: 1, default: 3, max: MOST }),
            group("fallbacks", text("Fallbacks", "后备"), Nodes { min: 0, default: 2, max: 4 }),
        ],
        rows: &[
            Row { id: "writes", name: text("Writes", "写入") },
            Row { id: "reads", name: text("Reads", "读取") },
            Row { id: "repairs", name: text("Catching up", "补齐") },
        ],
        totals: &[],
        mark: None,
        membership: false,
        trusts_disk: true,
        can: text("can write", "可以写入"),
        cannot: text("cannot write", "无法写入"),
    };
    const RULES: &'static [&'static Rule] = rules::ALL;
    const MUTANTS: &'static [&'static Mutant] = mutants::ALL;
    const INVARIANTS: &'static [Invariant<Nwr>] = safety::INVARIANTS;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const STORIES: &'static [&'static str] = stories::ALL;
    const STARTS: &'static [Start] = starts::STARTS;
    const OPTIONS: &'static [Opt] = options::OPTIONS;
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = operation::OPERATIONS;
    const DESK: Option<Desk> = Some(desk::DESK);
    const ODDS: &'static [Odds] = desk::ODDS;
    const CLIENTS: bool = true;
    const DEADLINES: bool = true;

    type Config = Config;
    type Durable = Durable;
    type Volatile = Volatile;
    type Client = Client;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Answer = Answer;
    type Before = safety::Before;
    type History = history::History;

    fn configure(settings: &Settings) -> Config {
        options::configure(settings)
    }
    /// A majority, which every cluster has: any two meet.
    fn usual_for(roster: &Roster) -> Vec<(&'static str, Setting)> {
        let majority = roster.count(REPLICAS) / 2 + 1;
        vec![("w", Setting::Count(majority)), ("r", Setting::Count(majority))]
    }
    fn configure_for(config: Config, roster: &Roster) -> Config {
        options::configure_for(config, roster)
    }
    fn check_config(config: &Config, _roster: &Roster, _slowest: Micros) -> Result<(), Why> {
        let most = config.w.max(config.r);
        if most <= config.n {
            return Ok(());
        }
        let words = text(
            "W and R are at most N, the number of replicas: {n}, not {given}",
            "W 和 R 不能大于副本数 N：N 是 {n}，而不是 {given}",
        );
        Err(why(words, [("n", Part::count(config.n)), ("given", Part::count(most))]))
    }

    fn boot(durable: &mut Durable, cx: &mut NodeCx<Self>) -> Volatile {
        replica::boot(durable, cx)
    }
    fn on_message(node: &mut Node<Self>, from: NodeId, message: Message, cx: &mut NodeCx<Self>) {
        replica::hear(node, Who::Node(from), message, cx);
    }
    fn on_timer(node: &mut Node<Self>, timer: Timer, cx: &mut NodeCx<Self>) {
        match timer {
            Timer::Others(client) => coordinator::late(node, client, cx),
            Timer::Handoff => exchange::hand_over(node, cx),
            Timer::Compare => exchange::begin(node, cx),
            Timer::Purge => replica::purge(node, cx),
            // Of clients.
            Timer::Timeout => {}
        }
    }
    fn on_asked(node: &mut Node<Self>, from: ClientId, message: Message, cx: &mut NodeCx<Self>) {
        replica::hear(node, Who::Client(from), message, cx);
    }
    fn on_client_request(client: &mut Client, command: Command<Self>, cx: &mut Cx) {
        client::take_up(client, command, cx);
    }
    fn on_client_message(client: &mut Client, from: NodeId, message: Message, cx: &mut Cx) {
        client::hear(client, from, message, cx);
    }
    fn on_client_timer(client: &mut Client, timer: Timer, cx: &mut Cx) {
        client::expire(client, timer, cx);
    }

    fn answer_says(answer: &Self::Answer) -> Says {
        crate::fields::answer(answer)
    }
    fn before(node: &Node<Self>) -> safety::Before {
        safety::Before::of(node)
    }
    fn observe(history: &mut history::History, seen: &Observed<Self>, cluster: Cluster<Self>) {
        history::observe(history, seen, cluster);
    }
    fn recorded(operation: &Operation, answer: Option<&Answer>) -> Option<Recorded> {
        Some(operation.recorded(answer))
    }
    fn levels(config: &Config) -> Vec<(&'static str, Promise)> {
        promised::levels(config)
    }
    fn writes(operation: &Operation) -> bool {
        !matches!(operation, Operation::Get(_))
    }
    fn draw_operation(chance: &mut Chance, _: &Roster) -> String {
        operation::draw_operation(chance)
    }
    fn summary(message: &Message) -> Summary {
        view::summary(message)
    }
    fn message_fields(message: &Message) -> Vec<Field> {
        view::message_fields(message)
    }
    fn standing(node: &Node<Self>) -> Standing {
        view::standing(node)
    }
    fn view(node: &Node<Self>, look: &Look<Self>) -> NodeView {
        view::view(node, look)
    }
    fn client_epoch(client: &Client) -> u32 {
        view::client_epoch(client)
    }
    fn client_view(client: &Client, config: &Config) -> ClientView {
        view::client_view(client, config)
    }
    fn sets(seen: &Evidence<Self>) -> Vec<SetOf> {
        view::sets(seen)
    }
    fn decisions(seen: &Evidence<Self>, members: &[NodeId]) -> Vec<Decision> {
        desk::decisions(seen, members)
    }
    fn meets(seen: &Evidence<Self>, members: &[NodeId]) -> Option<Says> {
        Self::checks(seen, members).into_iter().next().map(|check| check.says)
    }
    fn checks(seen: &Evidence<Self>, members: &[NodeId]) -> Vec<Check> {
        desk::checks(seen, members)
    }
    fn newest(seen: &Evidence<Self>) -> Vec<Newest> {
        desk::newest(seen)
    }
    fn odds(_id: &str, config: &Config, flights: &Flights, batch: u32) -> Vec<Curve> {
        desk::odds(config, flights, batch)
    }
    /// Fallbacks talk to replicas only where they may stand in for them.
    fn edges(config: &Config, cluster: Cluster<Self>) -> Vec<(NodeId, NodeId)> {
        let all: Vec<NodeId> = cluster.nodes().iter().map(|node| node.id).collect();
        let is_home = |node: NodeId| cluster.roster().group_of(node) != Some(FALLBACKS as u32);
        let pairs = all.iter().flat_map(|a| all.iter().filter(move |b| a < *b).map(move |b| (*a, *b)));
        pairs.filter(|(a, b)| is_home(*a) && (is_home(*b) || config.is_sloppy())).collect()
    }
    fn deadline(config: &Config, history: &history::History, cluster: Cluster<Self>, after: Micros) -> Option<Micros> {
        safety::deadline(config, history.stirred, cluster.faults().slowest_flight, after)
    }
    /// Nodes' clocks tell when to compare.
    fn clock_bound(config: &Config) -> Option<Ppm> {
        (config.anti_entropy > 0).then_some(MILLION as Ppm / 10)
    }
    /// Versions are readings of clients' clocks where the last writer wins, so these must agree.
    fn client_clock_bound(config: &Config) -> Option<Ppm> {
        (config.conflict == Conflict::LastWriter).then_some(0)
    }
    fn entries(node: &Node<Self>) -> usize {
        node.durable.registers.size()
    }
}
