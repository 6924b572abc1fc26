//! ZAB, ZooKeeper's atomic broadcast: Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup
//! systems", 2011, with ZooKeeper's fast leader election and its way of synchronising followers.
//!
//! | source | here |
//! |---|---|
//! | phase 0: ZooKeeper, FastLeaderElection | [`election`] |
//! | phases 1 to 3, the leader's steps | [`leading`] |
//! | phases 1 to 3, the follower's steps; TRUNC, DIFF, SNAP (LearnerHandler) | [`following`] |
//! | delivery, sessions, reads at any server, `sync` | [`delivery`] |
//! | section III, properties | [`safety`], decided by [`history`] |
//!
//! Observers and an oracle in place of the election are [`options`]; weights are not here.

mod breaks;
mod delivery;
mod election;
mod following;
mod history;
mod leading;
mod mutants;
mod operation;
mod options;
mod rules;
mod safety;
mod starts;
pub mod state;
mod stories;
mod view;

use synod_engine::prelude::*;
use synod_engine::protocol::{Role as RoleKind, Spans};

use options::Config;
use state::{Durable, Message, Timer, Volatile, Waits};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Zab;

pub type Cx<'a> = synod_engine::cx::Cx<'a, Zab>;

const FOLLOWER: RoleKind = RoleKind {
    id: "follower",
    name: text("follower", "跟随者"),
    authority: Authority::Follows,
    shape: "circle",
    crest: false,
};

const LOOKING: RoleKind = RoleKind {
    id: "looking",
    name: text("looking for a leader", "寻找领导者"),
    authority: Authority::Asks,
    ..FOLLOWER
};

/// Whoever has no vote has another silhouette, in whatever phase it is.
const OBSERVER: RoleKind =
    RoleKind { id: "observer", name: text("observer", "观察者"), shape: "square", ..FOLLOWER };

impl Protocol for Zab {
    const META: Meta = Meta {
        id: "zab",
        name: text("ZAB", "ZAB"),
        summary: text("How does a new primary take up the old one's order?", "新的主服务器怎样接续旧的顺序？"),
        family: "consensus",
        source: "F. Junqueira, B. Reed, M. Serafini: Zab: High-performance broadcast for primary-backup systems, 2011",
        rules_version: 3,
        epoch: text("epoch", "纪元"),
        epoch_named: text("epoch {n}", "纪元 {n}"),
        roles: &[
            FOLLOWER,
            LOOKING,
            RoleKind {
                id: "leader",
                name: text("leader", "领导者"),
                authority: Authority::Commands,
                crest: true,
                ..FOLLOWER
            },
            // Before broadcast: it has promised, and has no part in commits yet.
            RoleKind { authority: Authority::Asks, ..FOLLOWER },
            RoleKind {
                id: "prospective",
                name: text("prospective leader", "准领导者"),
                authority: Authority::Asks,
                ..FOLLOWER
            },
            OBSERVER,
            RoleKind { authority: Authority::Asks, ..OBSERVER },
            RoleKind { id: "asking", shape: OBSERVER.shape, ..LOOKING },
        ],
        layout: "ring",
        nodes: Nodes { min: 1, default: 5, max: 99 },
        groups: &[],
        rows: &[
            Row { id: "elections", name: text("Elections", "选举") },
            Row { id: "commits", name: text("Commits", "提交") },
        ],
        totals: &[],
        mark: None,
        membership: false,
        trusts_disk: true,
        can: text("can commit", "可以提交"),
        cannot: text("cannot commit", "无法提交"),
    };
    const RULES: &'static [&'static Rule] = rules::ALL;
    const MUTANTS: &'static [&'static Mutant] = mutants::ALL;
    const INVARIANTS: &'static [Invariant<Zab>] = safety::INVARIANTS;
    const OPTIONS: &'static [Opt] = options::ALL;
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = operation::OPERATIONS;
    const STARTS: &'static [Start] = starts::ALL;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const STORIES: &'static [&'static str] = stories::ALL;

    type Config = Config;
    type Durable = Durable;
    type Volatile = Volatile;
    type Client = ();
    type Message = Message;
    type Timer = Timer;
    type Operation = operation::Operation;
    type Answer = state::Answer;
    type Before = history::Before;
    type History = history::History;

    fn configure(settings: &Settings) -> Config {
        Config::of(settings)
    }
    fn configure_for(config: Config, roster: &Roster) -> Config {
        config.among(roster.len())
    }
    fn check_config(config: &Config, _roster: &Roster, _slowest: Micros) -> Result<(), Why> {
        config.check()
    }
    fn in_order(_config: &Config, broken: &dyn Fn(&Mutant) -> bool) -> bool {
        !broken(&mutants::OUT_OF_ORDER)
    }
    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        if cx.broken(&mutants::FORGET_EPOCH) {
            durable.accepted = durable.current;
        }
        // It looks for a leader as soon as it can run handlers: a boot sends nothing that depends on memory.
        cx.set_timer(Timer::Notify, (0, 0));
        let role = state::Role::Looking(state::Looking { patience: cx.config().finalize, ..Default::default() });
        Volatile { role, observes: !cx.config().votes(cx.me()), ..Volatile::default() }
    }
    fn on_message(node: &mut Node<Self>, from: NodeId, message: Message, cx: &mut Cx) {
        match message {
            Message::Notification { round, vote, stands } => election::hear(node, from, (round, vote), stands, cx),
            Message::CEpoch { accepted } => leading::connect(node, from, accepted, cx),
            Message::NewEpoch { epoch } => following::new_epoch(node, from, epoch, cx),
            message @ Message::AckE { .. } => leading::accepted(node, from, message, cx),
            Message::Trunc { epoch, to } => following::truncate(node, from, epoch, to, cx),
            Message::Diff { epoch, after, txns } => following::extend(node, from, epoch, (after, &txns), cx),
            Message::Snap { epoch, history } => following::take_all(node, from, epoch, history, cx),
            Message::NewLeader { epoch, last, history } => {
                following::new_leader(node, from, (epoch, last), history, cx)
            }
            Message::AckLd { epoch } => leading::has_history(node, from, epoch, cx),
            Message::CommitLd { epoch, committed } => following::commit_leader(node, from, epoch, committed, cx),
            Message::Propose { epoch, txn } => following::propose(node, from, epoch, txn, cx),
            Message::Ack { epoch, zxid } => leading::acknowledged(node, from, epoch, zxid, cx),
            Message::Commit { epoch, zxid } => following::commit(node, from, epoch, zxid, cx),
            Message::Inform { epoch, txn } => following::inform(node, from, epoch, txn, cx),
            Message::Ping { epoch, last, committed } => following::ping(node, from, epoch, (last, committed), cx),
            Message::Pong { epoch, last } => leading::pong(node, from, epoch, last, cx),
            Message::Request { command } => leading::forwarded(node, from, command, cx),
            Message::Sync { client, serial } => leading::sync(node, Waits::SyncAt(from), (client, serial), cx),
            Message::Synced { client, serial } => following::synced(node, from, (client, serial), cx),
        }
    }
    fn on_timer(node: &mut Node<Self>, timer: Timer, cx: &mut Cx) {
        match timer {
            Timer::Notify => election::notify_again(node, cx),
            Timer::Finalize => election::finalized(node, cx),
            Timer::Wait if node.volatile.role.leading().is_some() => leading::looked_around(node, cx),
            Timer::Wait => following::waited(node, cx),
            Timer::Ping => leading::ping(node, cx),
        }
    }
    fn on_request(node: &mut Node<Self>, request: Request<Self>, cx: &mut Cx) {
        delivery::request(node, request, cx);
    }
    fn draw_operation(chance: &mut Chance, _: &Roster) -> String {
        operation::draw(chance)
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
        history::observe(history, seen, cluster);
    }
    fn recorded(operation: &operation::Operation, answer: Option<&state::Answer>) -> Option<Recorded> {
        match operation {
            operation::Operation::Store(operation) => Some(operation.recorded(answer.map(|answer| answer.outcome))),
            operation::Operation::Sync => None,
        }
    }
    fn levels(config: &Config) -> Vec<(&'static str, Promise)> {
        safety::levels(config)
    }
    fn receipt(answer: &state::Answer) -> u64 {
        answer.zxid.packed()
    }
    fn receipt_says(receipt: u64) -> Says {
        text("has seen {z}", "见过 {z}").fill(&[("z", Says::same(state::Zxid::of(receipt)))])
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
    /// Those who have a vote decide.
    fn decisions(seen: &Evidence<Self>, members: &[NodeId]) -> Vec<Decision> {
        let voters = members.iter().copied().filter(|one| seen.cluster.config().votes(*one));
        let (can, cannot) = (Self::META.can, Self::META.cannot);
        vec![Decision { id: "decide", quorum: Quorum::majority(voters), can, cannot }]
    }
    fn spans(seen: &Evidence<Self>, from: Micros) -> Spans {
        view::spans(seen, from)
    }
    fn entries(node: &Node<Self>) -> usize {
        node.durable.history.len()
    }
    fn weight(node: &Node<Self>) -> usize {
        size_of::<Node<Self>>() + node.durable.history.own_bytes()
    }
}
