//! One acceptor guarded by a lock, which proposers take in turn: the first step towards Paxos. It
//! decides, and it blocks for ever when the holder of the lock dies.
//!
//! | step | here |
//! |---|---|
//! | `Acceptor::prepare`, `accept`, `release` | [`actions`] |
//! | the proposer's two steps | [`actions`] |
//! | what holds, and what does not | [`safety`] |

mod actions;
mod breaks;
mod rules;
mod safety;
pub mod state;
mod stories;
mod view;

use safety::mutants;
use synod_engine::prelude::*;
use synod_engine::protocol::Role;

use crate::propose::{Chosen, Propose};
use state::{Config, Durable, Message, Timer, Volatile};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LockedAcceptor;

pub type Cx<'a> = synod_engine::cx::Cx<'a, LockedAcceptor>;

pub const PROPOSERS: usize = 0;
pub const ACCEPTOR: usize = 1;

const fn role(id: &'static str, name: Text, authority: Authority, shape: &'static str) -> Role {
    Role { id, name, authority, shape, crest: false }
}

impl Protocol for LockedAcceptor {
    const META: Meta = Meta {
        id: "locked-acceptor",
        name: text("One locked acceptor", "带锁的单个接受者"),
        summary: text("Why is one acceptor not enough?", "为什么一个接受者不够？"),
        family: "consensus",
        source: "a first step towards Paxos: L. Lamport: Paxos Made Simple, 2001, section 2.2",
        rules_version: 3,
        epoch: text("decision", "决定"),
        epoch_named: text("decision {n}", "决定 {n}"),
        roles: &[
            role("proposer", text("proposer", "提议者"), Authority::Follows, "hexagon"),
            role("proposer", text("proposer", "提议者"), Authority::Asks, "hexagon"),
            role("proposer", text("proposer", "提议者"), Authority::Commands, "hexagon"),
            role("acceptor", text("acceptor", "接受者"), Authority::Follows, "square"),
            role("acceptor", text("acceptor", "接受者"), Authority::Asks, "square"),
        ],
        layout: "columns",
        nodes: Nodes { min: 1, default: 3, max: 0 },
        groups: &[
            GroupKind {
                id: "proposers",
                name: text("Proposers", "提议者"),
                named: Named::Numbered(b'P'),
                bounds: Nodes { min: 1, default: 2, max: 9 },
            },
            GroupKind {
                id: "acceptors",
                name: text("Acceptors", "接受者"),
                named: Named::Numbered(b'A'),
                bounds: Nodes { min: 1, default: 1, max: 1 },
            },
        ],
        rows: &[Row { id: "lock", name: text("Lock", "锁") }, Row { id: "decided", name: text("Decided", "决定") }],
        totals: &[],
        mark: None,
        membership: false,
        trusts_disk: true,
        can: text("can decide", "可以决定"),
        cannot: text("cannot decide", "无法决定"),
    };
    const RULES: &'static [&'static Rule] = rules::ALL;
    const MUTANTS: &'static [&'static Mutant] = mutants::ALL;
    const INVARIANTS: &'static [Invariant<LockedAcceptor>] = safety::INVARIANTS;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const OPTIONS: &'static [Opt] = &[Opt {
        id: "retry",
        label: text("Timeout", "超时"),
        says: text("A proposer without an answer asks again after this.", "没有收到响应的提议者在这之后重试。"),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(100 * MS),
    }];
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = crate::propose::OPERATIONS;
    const STORIES: &'static [&'static str] = stories::ALL;
    const STARTS: &'static [Start] = &[
        Start {
            id: "decides",
            title: text("It decides", "确定取值"),
            says: text(
                "Two proposers take the lock in turn. The second finds what the first decided.",
                "两个提议者依次取得锁，后者发现前者已确定的取值。",
            ),
            config: "nodes.proposers=2 seed=1a",
            script: "request P1 propose olive\n+20ms\nrequest P2 propose fig",
            after: 300,
            expect: &["A1.value = olive", "C1.answer = olive", "C2.answer = olive"],
        },
        Start {
            id: "blocks",
            title: text("It blocks for ever", "永远阻塞"),
            says: text(
                "P1 crashes while it holds the lock. Nobody can take it back.",
                "P1 持有锁时宕机，谁也拿不回锁。",
            ),
            config: "nodes.proposers=2 seed=1a network.latency=15..15",
            script: "request P1 propose olive\n+35ms\ncrash P1\nrequest P2 propose fig",
            after: 600,
            expect: &["A1.value = none", "P1.status = crashed", "C2.state != ok"],
        },
    ];

    type Config = Config;
    type Durable = Durable;
    type Volatile = Volatile;
    type Client = ();
    type Message = Message;
    type Timer = Timer;
    type Operation = Propose;
    type Answer = Chosen;
    type Before = safety::Before;
    type History = safety::History;

    fn configure(settings: &Settings) -> Config {
        Config { retry: settings.time("retry") }
    }
    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        if cx.broken(&mutants::FORGET) {
            durable.value = None;
        }
        Volatile::default()
    }
    fn on_message(node: &mut Node<Self>, from: NodeId, message: Message, cx: &mut Cx) {
        actions::receive(node, from, message, cx);
    }
    fn on_timer(node: &mut Node<Self>, _timer: Timer, cx: &mut Cx) {
        actions::retry(node, cx);
    }
    fn on_request(node: &mut Node<Self>, request: Request<Self>, cx: &mut Cx) {
        actions::propose(node, request, cx);
    }
    fn draw_operation(chance: &mut Chance, _: &Roster) -> String {
        crate::propose::draw_operation(chance)
    }

    fn before(node: &Node<Self>) -> safety::Before {
        safety::Before::of(node)
    }
    fn observe(history: &mut safety::History, seen: &Observed<Self>, cluster: Cluster<Self>) {
        safety::observe(history, seen, cluster);
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
    /// The one acceptor decides.
    fn decisions(seen: &Evidence<Self>, _members: &[NodeId]) -> Vec<Decision> {
        let quorum = Quorum::all(seen.cluster.roster().group(ACCEPTOR));
        vec![Decision { id: "decide", quorum, can: Self::META.can, cannot: Self::META.cannot }]
    }
}
