//! Paxos for a single value, after Lamport: "Paxos Made Simple", 2001.
//!
//! | section | here |
//! |---|---|
//! | 2.1 the problem | [`safety`] |
//! | 2.2 choosing a value: phases 1 and 2 | [`actions`] |
//! | 2.3 learning a chosen value | [`actions`] |
//! | 2.4 progress | [`actions`], by pauses; no leader is elected here |
//! | 2.5 the implementation: what is on disk, ballots | [`state`], [`actions`] |
//!
//! Machines play one role each, or all three (2.5).

mod actions;
mod breaks;
mod mutants;
mod options;
mod rules;
mod safety;
mod starts;
pub mod state;
mod stories;
mod view;

use synod_engine::prelude::*;
use synod_engine::protocol::Role;

use state::{Chosen, Config, Durable, Message, Propose, Timer, Volatile};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Paxos;

pub type Cx<'a> = synod_engine::cx::Cx<'a, Paxos>;

pub const PROPOSERS: usize = 0;
pub const ACCEPTORS: usize = 1;
pub const LEARNERS: usize = 2;

const fn role(id: &'static str, name: synod_engine::text::Text, authority: Authority, shape: &'static str) -> Role {
    Role { id, name, authority, shape, crest: false }
}

impl Protocol for Paxos {
    const META: Meta = Meta {
        id: "paxos",
        name: text("Paxos", "Paxos"),
        summary: text("How can many choose one value?", "众多机器如何选定一个值？"),
        family: "consensus",
        source: "L. Lamport: Paxos Made Simple, 2001",
        rules_version: 3,
        epoch: text("ballot", "编号"),
        epoch_named: text("ballot {n}", "编号 {n}"),
        roles: &[
            role("proposer", text("proposer", "提议者"), Authority::Follows, "hexagon"),
            role("proposer", text("proposer", "提议者"), Authority::Asks, "hexagon"),
            role("proposer", text("proposer", "提议者"), Authority::Commands, "hexagon"),
            role("acceptor", text("acceptor", "接受者"), Authority::Follows, "square"),
            role("learner", text("learner", "学习者"), Authority::Follows, "double"),
            role("learner", text("learner", "学习者"), Authority::Commands, "double"),
            role("server", text("server", "服务器"), Authority::Follows, "square"),
            role("server", text("server", "服务器"), Authority::Asks, "square"),
            role("server", text("server", "服务器"), Authority::Commands, "square"),
        ],
        layout: "columns",
        nodes: Nodes { min: 1, default: 3, max: 99 },
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
                bounds: Nodes { min: 1, default: 3, max: 25 },
            },
            GroupKind {
                id: "learners",
                name: text("Learners", "学习者"),
                named: Named::Numbered(b'L'),
                bounds: Nodes { min: 1, default: 2, max: 9 },
            },
        ],
        rows: &[
            Row { id: "ballots", name: text("Ballots", "编号") },
            Row { id: "chosen", name: text("Chosen", "选定") },
        ],
        totals: &[],
        mark: None,
        membership: false,
        trusts_disk: true,
        can: text("can choose", "可以选定"),
        cannot: text("cannot choose", "无法选定"),
    };
    const RULES: &'static [&'static Rule] = rules::ALL;
    const MUTANTS: &'static [&'static Mutant] = mutants::ALL;
    const INVARIANTS: &'static [Invariant<Paxos>] = safety::INVARIANTS;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const OPTIONS: &'static [Opt] = options::OPTIONS;
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = crate::propose::OPERATIONS;
    const STORIES: &'static [&'static str] = stories::ALL;
    const STARTS: &'static [Start] = starts::STARTS;

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
        options::configure(settings)
    }

    /// Section 2.5: what must survive is read from the disk.
    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        if cx.broken(&mutants::FORGET_PROMISE) {
            durable.promised = durable.accepted.map_or(0, |accepted| accepted.ballot);
        }
        if cx.broken(&mutants::FORGET_ALL) {
            (durable.promised, durable.accepted) = (0, None);
        }
        if cx.roster().group(LEARNERS).any(|learner| learner == cx.me()) {
            cx.set_timer(Timer::Ask, (cx.config().ask_every, cx.config().ask_every));
        }
        Volatile::default()
    }

    fn on_message(node: &mut Node<Paxos>, from: NodeId, message: Message, cx: &mut Cx) {
        actions::receive(node, from, message, cx);
    }
    fn on_timer(node: &mut Node<Paxos>, timer: Timer, cx: &mut Cx) {
        match timer {
            Timer::Retry => actions::retry(node, cx),
            Timer::Ask => actions::ask(node, cx),
            Timer::Propose => actions::issue(node, cx),
        }
    }
    fn on_request(node: &mut Node<Paxos>, request: Request<Paxos>, cx: &mut Cx) {
        actions::propose(node, request, cx);
    }

    fn draw_operation(chance: &mut Chance, _: &Roster) -> String {
        crate::propose::draw_operation(chance)
    }

    fn before(node: &Node<Paxos>) -> safety::Before {
        safety::Before::of(node)
    }
    fn observe(history: &mut safety::History, seen: &Observed<Paxos>, cluster: Cluster<Paxos>) {
        safety::observe(history, seen, cluster.roster());
    }

    fn summary(message: &Message) -> Summary {
        view::summary(message)
    }
    fn message_fields(message: &Message) -> Vec<Field> {
        view::message_fields(message)
    }
    fn standing(node: &Node<Paxos>) -> Standing {
        view::standing(node)
    }
    fn view(node: &Node<Paxos>, look: &Look<Paxos>) -> NodeView {
        view::view(node, look)
    }
    /// Acceptors decide; where machines have one role each, the others do not count.
    fn decisions(seen: &Evidence<Self>, _members: &[NodeId]) -> Vec<Decision> {
        let quorum = Quorum::majority(seen.cluster.roster().group(ACCEPTORS));
        vec![Decision { id: "choose", quorum, can: Self::META.can, cannot: Self::META.cannot }]
    }
    fn table(seen: &Evidence<Paxos>) -> Option<Table> {
        Some(safety::table(seen))
    }
}
