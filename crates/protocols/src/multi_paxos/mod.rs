//! Multi-Paxos: a sequence of decisions under a stable leader, after section 3 of Lamport's
//! "Paxos Made Simple", 2001, and the revised MultiPaxos-SMR specification for its practice.
//!
//! | section | here |
//! |---|---|
//! | 2.2 phases 1 and 2, 3 phase 1 for all instances at once | [`leading`] |
//! | 2.2 phase 2b, 2.3 learning, 3 applying in order, gaps and no-ops | [`choosing`] |
//! | 2.4 a distinguished proposer, by heartbeats | [`leading`] |
//! | 2.5 what is on disk, ballots | [`state`] |
//! | properties | [`safety`], decided by [`history`] |
//!
//! Every command takes a slot, reads too. Changes of membership are not here.

mod breaks;
mod choosing;
mod history;
mod leading;
mod mutants;
mod rules;
mod safety;
pub mod state;
mod stories;
mod view;

use synod_engine::prelude::*;
use synod_engine::protocol::Role as RoleKind;

use crate::timers::Timer;
use state::{Config, Durable, Message, Volatile, Vote};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MultiPaxos;

pub type Cx<'a> = synod_engine::cx::Cx<'a, MultiPaxos>;

const FOLLOWER: RoleKind = RoleKind {
    id: "follower",
    name: text("follower", "跟随者"),
    authority: Authority::Follows,
    shape: "circle",
    crest: false,
};

impl Protocol for MultiPaxos {
    const META: Meta = Meta {
        id: "multi-paxos",
        name: text("Multi-Paxos", "Multi-Paxos"),
        summary: text("How does one leader settle a whole log?", "一个领导者如何确定整份日志？"),
        family: "consensus",
        source: "L. Lamport: Paxos Made Simple, 2001, section 3",
        rules_version: 3,
        epoch: text("ballot", "编号"),
        epoch_named: text("ballot {n}", "编号 {n}"),
        roles: &[
            FOLLOWER,
            RoleKind {
                id: "candidate",
                name: text("candidate", "候选人"),
                authority: Authority::Asks,
                crest: true,
                ..FOLLOWER
            },
            RoleKind {
                id: "leader",
                name: text("leader", "领导者"),
                authority: Authority::Commands,
                crest: true,
                ..FOLLOWER
            },
        ],
        layout: "ring",
        nodes: Nodes { min: 1, default: 5, max: 99 },
        groups: &[],
        rows: &[
            Row { id: "elections", name: text("Elections", "选举") },
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
    const INVARIANTS: &'static [Invariant<MultiPaxos>] = safety::INVARIANTS;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const OPTIONS: &'static [Opt] = &[
        Opt {
            id: "electionTimeout",
            label: text("Election timeout", "选举超时"),
            says: text(
                "A server that hears nothing for a time drawn from this range asks for promises.",
                "服务器在此范围内随机取一段时间，期间没有收到消息就请求承诺。",
            ),
            kind: Kind::Times { min: MS, max: 60_000 * MS },
            usual: Setting::Times(150 * MS, 300 * MS),
        },
        Opt {
            id: "heartbeat",
            label: text("Heartbeat", "心跳间隔"),
            says: text("A leader shows that it is alive this often.", "领导者每隔这么久表明自己还在。"),
            kind: Kind::Time { min: MS, max: 60_000 * MS },
            usual: Setting::Time(50 * MS),
        },
    ];
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = crate::store::OPERATIONS;
    const STORIES: &'static [&'static str] = stories::ALL;
    const STARTS: &'static [Start] = &[
        Start {
            id: "many-commands",
            title: text("Elect once, accept many", "一次选举，多次接受"),
            says: text(
                "Phase one runs once; each command after it costs one round trip.",
                "第一阶段只做一次，之后每条命令只需一次往返。",
            ),
            config: "nodes=3 seed=7f3a",
            script: "+500ms\nrequest set x 1\n+80ms\nrequest add x 2\n+80ms\nrequest add x 3",
            after: 900,
            expect: &["fired prepare <= 3", "C1.state = ok"],
        },
        Start {
            id: "hole",
            title: text("A hole", "空洞"),
            says: text(
                "Slot 1 reaches nobody, slot 2 is accepted; the next leader fills slot 1 with a no-op.",
                "槽位 1 没有送到，槽位 2 已被接受；下一任领导者用空日志条目（no-op）填补槽位 1。",
            ),
            config: "nodes=3 seed=7f3a network.latency=10..10 options.electionTimeout=200..200",
            script: "fire A election\n+60ms\nrequest A set x 1\n+10ms\ndrop accept A -> B\ndrop accept A -> C\nrequest A set y 2\n+25ms\ncrash A",
            after: 1000,
            expect: &["A.status = crashed"],
        },
        Start {
            id: "change-of-leader",
            title: text("A change of leader", "更换领导者"),
            says: text(
                "The leader crashes. The next one asks once, catches up, and goes on.",
                "领导者宕机，下一任询问一次、补齐日志后继续。",
            ),
            config: "nodes=5 seed=7f3a network.latency=10..10",
            script: "fire A election\n+60ms\nrequest set x 1\n+60ms\ncrash A\nrequest set x 2",
            after: 1200,
            expect: &["count leader = 1", "A.status = crashed", "C1.state = ok"],
        },
    ];

    type Config = Config;
    type Durable = Durable;
    type Volatile = Volatile;
    type Client = ();
    type Message = Message;
    type Timer = Timer;
    type Operation = crate::store::Operation;
    type Answer = state::Answer;
    type Before = history::Before;
    type History = history::History;

    fn configure(settings: &Settings) -> Config {
        Config { election_timeout: settings.times("electionTimeout"), heartbeat: settings.time("heartbeat") }
    }

    fn check_trips(config: &Config, longest: Micros) -> Result<(), Why> {
        crate::timers::check_trips(config.election_timeout, longest)
    }

    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        if cx.broken(&mutants::FORGET_PROMISE) {
            durable.promised = 0;
        }
        if cx.broken(&mutants::FORGET_VOTES) {
            durable.log = state::Log::default();
        }
        cx.set_timer(Timer::Election, cx.config().election_timeout);
        Volatile::default()
    }

    fn on_message(node: &mut Node<Self>, from: NodeId, message: Message, cx: &mut Cx) {
        match message {
            Message::Prepare { ballot, .. } => leading::prepare(node, from, ballot, cx),
            Message::Promise { ballot, votes } => leading::promise(node, from, ballot, &votes, cx),
            Message::Accept { ballot, slot, command, chosen } => {
                choosing::accept(node, from, slot, Vote { ballot, command }, chosen, cx);
            }
            Message::Accepted { ballot, slot } => choosing::accepted(node, from, ballot, slot, cx),
            Message::Nack { ballot, promised } => leading::nack(node, from, ballot, promised, cx),
            Message::Heartbeat { ballot, chosen } => choosing::hear_heartbeat(node, from, ballot, chosen, cx),
            Message::HeartbeatReply { ballot, applied, told } => {
                choosing::hear_progress(node, from, ballot, applied, told, cx);
            }
            Message::Chosen { ballot, first, commands, told } => {
                choosing::learn(node, from, ballot, first, &commands, cx);
                cx.send(from, Message::HeartbeatReply { ballot, applied: node.volatile.applied, told });
            }
        }
    }
    fn on_timer(node: &mut Node<Self>, timer: Timer, cx: &mut Cx) {
        match timer {
            Timer::Election => leading::time_out(node, cx),
            Timer::Heartbeat => choosing::heartbeat(node, cx),
        }
    }
    fn on_request(node: &mut Node<Self>, request: Request<Self>, cx: &mut Cx) {
        choosing::request(node, request, cx);
    }

    fn draw_operation(chance: &mut Chance, _: &Roster) -> String {
        crate::store::draw_operation(chance)
    }

    fn declines(answer: &Self::Answer) -> bool {
        answer.outcome.declines()
    }
    fn answer_says(answer: &Self::Answer) -> Says {
        crate::fields::answer(answer)
    }
    fn before(node: &Node<Self>) -> history::Before {
        history::Before::of(node)
    }
    fn observe(history: &mut history::History, seen: &Observed<Self>, cluster: Cluster<Self>) {
        history::observe(history, seen, cluster.len());
    }

    fn recorded(operation: &crate::store::Operation, answer: Option<&state::Answer>) -> Option<Recorded> {
        Some(operation.recorded(answer.map(|answer| answer.outcome)))
    }
    fn levels(_: &Self::Config) -> Vec<(&'static str, Promise)> {
        vec![("linearizable", safety::LINEARIZABLE)]
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
    fn entries(node: &Node<Self>) -> usize {
        node.durable.log.0.len()
    }
    fn weight(node: &Node<Self>) -> usize {
        size_of::<Node<Self>>() + node.durable.log.0.own_bytes()
    }
}
