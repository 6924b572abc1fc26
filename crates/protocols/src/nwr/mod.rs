//! Quorums of replicas: a write is stored by W of N, a read hears from R, and the newest version counts.
//!
//! | section | here |
//! |---|---|
//! | Dynamo 4.5, W and R, coordinated by the client (6.4) | [`client`] |
//! | Dynamo 4.4, versions; here a client's clock, last writer wins | [`state::Version`], [`replica`] |
//! | Gifford 1979, R + W > N and 2W > N | [`safety`] |
//! | Lamport 1986, regular and atomic registers | [`safety`], decided by [`history`] |
//!
//! There is no ring, no sloppy quorum, no repair and no anti-entropy: what a replica missed it does not get.

mod breaks;
mod client;
mod history;
mod mutants;
mod replica;
mod rules;
mod safety;
mod starts;
pub mod state;
mod view;

use synod_engine::error::Part;
use synod_engine::prelude::*;
use synod_engine::protocol::{ClientCx, ClientView, Command, Role, SetOf};

use state::{Answer, Client, Config, Durable, Message, Operation, Timer};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nwr;

pub type Cx<'a> = ClientCx<'a, Nwr>;

/// The one group.
pub const REPLICAS: usize = 0;
const MOST: u32 = 9;

impl Protocol for Nwr {
    const META: Meta = Meta {
        id: "nwr",
        name: text("Quorums (N, W, R)", "法定人数（N、W、R）"),
        summary: text("How many must have it, and how many must be asked?", "写几个副本，读几个副本？"),
        family: "replication",
        source: "G. DeCandia et al.: Dynamo: Amazon's Highly Available Key-value Store, 2007",
        rules_version: 1,
        epoch: text("version", "版本"),
        epoch_named: text("version {n}", "版本 {n}"),
        roles: &[Role {
            id: "replica",
            name: text("replica", "副本"),
            authority: Authority::Follows,
            shape: "square",
            crest: false,
        }],
        layout: "row",
        nodes: Nodes { min: 1, default: 3, max: 0 },
        groups: &[GroupKind {
            id: "replicas",
            name: text("Replicas, N", "副本数 N"),
            named: Named::Alphabet,
            bounds: Nodes { min: 1, default: 3, max: MOST },
        }],
        rows: &[Row { id: "writes", name: text("Writes", "写入") }, Row { id: "reads", name: text("Reads", "读取") }],
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
    const STORIES: &'static [&'static str] = &[
        // A client writes and another reads, from replicas of their own choice.
        "request by C1 ?node put x ?n\n+0..60ms\nrequest by C2 ?other get x",
        // A write is given up, and the next begins while answers to it are still on their way.
        "request by C1 put x ?n\n+0..20ms\nfire C1 timeout\nrequest by C1 put x ?n\n+60ms\nrequest get x",
        // One is told twice as much by one replica.
        "crash ?node\nduplication 50%\nrequest put x ?n\n+60ms\nrequest get x",
        "request put x ?n\n+0..60ms\ncrash ?node\nrestart ?node\nrequest get x",
    ];
    const STARTS: &'static [Start] = starts::STARTS;
    const OPTIONS: &'static [Opt] = &[
        Opt {
            id: "w",
            label: text("Write waits for, W", "写入等待数 W"),
            says: text(
                "A write is answered when so many replicas have stored it; if nothing is said, a majority.",
                "这么多副本保存后，写入才得到响应；不写明则为多数。",
            ),
            kind: Kind::Count { min: 1, max: MOST },
            usual: Setting::Count(2),
        },
        Opt {
            id: "r",
            label: text("Read waits for, R", "读取等待数 R"),
            says: text(
                "A read is answered when it has heard from so many replicas; if nothing is said, a majority.",
                "收到这么多副本的响应后，读取才完成；不写明则为多数。",
            ),
            kind: Kind::Count { min: 1, max: MOST },
            usual: Setting::Count(2),
        },
    ];
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = state::OPERATIONS;
    const CLIENTS: bool = true;
    const SHOWS_MESSAGES: bool = true;

    type Config = Config;
    type Durable = Durable;
    type Volatile = ();
    type Client = Client;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Answer = Answer;
    type Before = safety::Before;
    type History = history::History;

    fn configure(settings: &Settings) -> Config {
        Config { n: 0, w: settings.count("w"), r: settings.count("r") }
    }
    /// A majority, which every cluster has: any two meet.
    fn usual_for(roster: &Roster) -> Vec<(&'static str, Setting)> {
        let majority = roster.count(REPLICAS) / 2 + 1;
        vec![("w", Setting::Count(majority)), ("r", Setting::Count(majority))]
    }
    fn configure_for(config: Config, roster: &Roster) -> Config {
        Config { n: roster.count(REPLICAS), ..config }
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

    fn boot(durable: &mut Durable, cx: &mut synod_engine::cx::Cx<Self>) {
        if cx.unless(&mutants::FORGET, false) {
            *durable = Durable::default();
        }
    }
    /// Replicas say nothing to each other.
    fn on_message(_: &mut Node<Self>, _: NodeId, _: Message, _: &mut synod_engine::cx::Cx<Self>) {}
    fn on_timer(_: &mut Node<Self>, _: Timer, _: &mut synod_engine::cx::Cx<Self>) {}
    fn on_asked(node: &mut Node<Self>, from: ClientId, message: Message, cx: &mut synod_engine::cx::Cx<Self>) {
        replica::hear(node, from, message, cx);
    }
    fn on_client_request(client: &mut Client, command: Command<Self>, cx: &mut Cx) {
        client::take_up(client, command, cx);
    }
    fn on_client_message(client: &mut Client, from: NodeId, message: Message, cx: &mut Cx) {
        client::hear(client, from, message, cx);
    }
    fn on_client_timer(client: &mut Client, _: Timer, cx: &mut Cx) {
        client::give_up(client, cx);
    }

    fn answer_says(answer: &Self::Answer) -> Says {
        crate::fields::answer(answer)
    }
    fn before(node: &Node<Self>) -> safety::Before {
        safety::Before::of(node)
    }
    fn observe(history: &mut history::History, seen: &Observed<Self>, _: Cluster<Self>) {
        history::observe(history, seen);
    }
    fn recorded(operation: &Operation, answer: Option<&Answer>) -> Option<Recorded> {
        Some(operation.recorded(answer))
    }
    fn draw_operation(chance: &mut Chance, _: &Roster) -> String {
        state::draw_operation(chance)
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
    /// Any W replicas can write, and any R can read.
    fn decisions(seen: &Evidence<Self>, members: &[NodeId]) -> Vec<Decision> {
        let of = |need: u32| Quorum::at_least(need, members.iter().copied());
        let (can, cannot) = (text("can read", "可以读取"), text("cannot read", "无法读取"));
        vec![
            Decision { id: "write", quorum: of(seen.config.w), can: Self::META.can, cannot: Self::META.cannot },
            Decision { id: "read", quorum: of(seen.config.r), can, cannot },
        ]
    }
    fn meets(seen: &Evidence<Self>, members: &[NodeId]) -> Option<Says> {
        let [write, read] = &Self::decisions(seen, members)[..] else {
            return None;
        };
        let (reads, writes) = (text("read set", "读集合").says(), text("write set", "写集合").says());
        Some(read.quorum.meets(&write.quorum).says(reads, writes))
    }
    /// Versions are readings of clients' clocks, so these must agree. Replicas look at none.
    fn client_clock_bound(_: &Config) -> Option<Ppm> {
        Some(0)
    }
    fn entries(node: &Node<Self>) -> usize {
        node.durable.registers.size()
    }
}
