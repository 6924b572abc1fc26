//! Three-phase commit: Skeen's protocol of 1981 as Bernstein, Hadzilacos and Goodman give it (Concurrency Control and
//! Recovery in Database Systems, 1987, section 7.5), and what came of it.
//!
//! | source | here |
//! |---|---|
//! | 7.3 the atomic commitment problem, AC1 to AC5 | [`safety`] |
//! | 7.5 the coordinator and its three phases | [`coordinator`] |
//! | 7.5 the participant | [`participant`] |
//! | timeouts alone, as many pages tell it | [`participant`], the option `timeouts` |
//! | 7.5.2 election and the rules TR1 to TR4; 7.5.3 recovery | [`recovery`], `termination` |
//! | Skeen 1982, a quorum-based commit protocol | [`recovery`], `quorum` |
//! | Keidar and Dolev 1998, E3PC | [`recovery`], `e3pc` |

mod breaks;
mod coordinator;
mod history;
mod judge;
mod mutants;
mod options;
mod participant;
mod recovery;
mod rules;
mod safety;
mod starts;
pub mod state;
mod stories;
mod view;

use synod_engine::names::NodeId;
use synod_engine::options::{Opt, Settings};
use synod_engine::promise::Assumption;
use synod_engine::protocol::{
    Breaks, Cluster, Evidence, Field, Invariant, Look, MessageKind, Meta, Mutant, Node, NodeView, Observed,
    OperationKind, Protocol, Request, Row, Rule, Spans, Standing, Start, StateKind, Summary, Table,
};
use synod_engine::quorum::{Decision, Quorum};
use synod_engine::rng::Chance;
use synod_engine::roster::Roster;
use synod_engine::text::{Says, text};
use synod_engine::units::Micros;

use crate::transactions::site::Site;
use crate::transactions::{self, Commitment, operation};

use history::Known;
use state::{Config, Durable, Message, Stage, Timer, Txn, Volatile, What, Write};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ThreePhaseCommit;

pub type Cx<'a> = synod_engine::cx::Cx<'a, ThreePhaseCommit>;

impl Protocol for ThreePhaseCommit {
    const META: Meta = Meta {
        id: "three-phase-commit",
        name: text("Three-phase commit", "三阶段提交"),
        summary: text("May one go on when the coordinator is gone?", "协调者不在了，还能继续吗？"),
        family: "transactions",
        source: "D. Skeen: Nonblocking commit protocols, 1981; I. Keidar, D. Dolev: Increasing the resilience of distributed and replicated database systems, 1998",
        rules_version: 2,
        epoch: text("transaction", "事务"),
        epoch_named: text("transaction {n}", "事务 {n}"),
        roles: transactions::ROLES,
        layout: "star",
        nodes: transactions::NODES,
        groups: transactions::GROUPS,
        rows: &[
            Row { id: "votes", name: text("Votes", "表决") },
            Row { id: "attempts", name: text("Attempts", "接替") },
            Row { id: "phases", name: text("PreCommit", "PreCommit") },
            Row { id: "decisions", name: text("Decisions", "决定") },
        ],
        totals: &[],
        mark: None,
        membership: false,
        trusts_disk: true,
        can: text("may decide", "可以决定"),
        cannot: text("may not decide", "不得决定"),
    };
    const RULES: &'static [&'static Rule] = rules::ALL;
    const MUTANTS: &'static [&'static Mutant] = mutants::ALL;
    const INVARIANTS: &'static [Invariant<ThreePhaseCommit>] = safety::INVARIANTS;
    const OPTIONS: &'static [Opt] = options::OPTIONS;
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = operation::OPERATIONS;
    const STARTS: &'static [Start] = starts::ALL;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const STORIES: &'static [&'static str] = stories::ALL;
    const STATES: &'static [StateKind] = view::STATES;
    const DEADLINES: bool = true;
    const FORCED: bool = true;

    type Config = Config;
    type Durable = Durable;
    type Volatile = Volatile;
    type Client = ();
    type Message = Message;
    type Timer = Timer;
    type Operation = operation::Operation;
    type Answer = operation::Answer;
    type Before = ();
    type History = history::History;

    fn configure(settings: &Settings) -> Config {
        options::configure(settings)
    }
    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        let newest = durable.newest();
        let mut volatile = Volatile { newest, ..Volatile::default() };
        if cx.me() == transactions::coordinator(cx) {
            coordinator::boot(durable, &mut volatile, cx);
        } else {
            participant::boot(durable, &mut volatile, cx);
        }
        volatile
    }
    fn on_message(node: &mut Node<Self>, from: NodeId, message: Message, cx: &mut Cx) {
        if cx.me() == transactions::coordinator(cx) {
            coordinator::receive(node, from, &message, cx);
        } else {
            participant::receive(node, from, message, cx);
        }
    }
    fn on_timer(node: &mut Node<Self>, timer: Timer, cx: &mut Cx) {
        let coordinates = cx.me() == transactions::coordinator(cx);
        match timer {
            Timer::Votes(txn) => coordinator::votes_are_late(node, txn, cx),
            Timer::Acks(txn) if coordinates => coordinator::acks_are_late(node, txn, cx),
            Timer::Acks(txn) => recovery::acks_are_late(node, txn, cx),
            Timer::Again(txn) => coordinator::again(node, txn, cx),
            Timer::Lock(txn) => participant::lock_is_late(node, txn, cx),
            Timer::PreCommit(txn) => participant::pre_commit_is_late(node, txn, cx),
            Timer::DoCommit(txn) => participant::do_commit_is_late(node, txn, cx),
            Timer::States(txn) => recovery::states_are_late(node, txn, cx),
            Timer::Safe(txn) => participant::safe(node, txn, cx),
            Timer::Ready(txn) => coordinator::pre_commit(node, txn, cx),
            Timer::Decided(txn) => coordinator::tell(node, txn, cx),
        }
    }
    fn on_request(node: &mut Node<Self>, request: Request<Self>, cx: &mut Cx) {
        if cx.me() == transactions::coordinator(cx) {
            coordinator::on_request(node, request, cx);
        } else {
            transactions::ask_participant(node, request, cx);
        }
    }
    fn declines(answer: &Self::Answer) -> bool {
        answer.declines()
    }
    fn answer_says(answer: &Self::Answer) -> Says {
        answer.says()
    }
    fn before(_node: &Node<Self>) {}
    fn observe(history: &mut history::History, seen: &Observed<Self>, cluster: Cluster<Self>) {
        history::observe(history, seen, cluster);
    }
    fn beyond(history: &history::History) -> &[Assumption] {
        &history.own.beyond
    }
    fn draw_operation(chance: &mut Chance, roster: &Roster) -> String {
        operation::draw(chance, roster)
    }
    fn deadline(config: &Config, history: &history::History, _cluster: Cluster<Self>, after: Micros) -> Option<Micros> {
        safety::deadline(config, history, after)
    }
    fn state(node: &Node<Self>, _history: &history::History, safe: &Durable) -> Option<(u32, &'static str)> {
        history::takes_part(node, safe).map(|(stands, txn)| (txn, stands))
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
    fn table(seen: &Evidence<Self>) -> Option<Table> {
        Some(view::table(seen))
    }
    fn spans(seen: &Evidence<Self>, from: Micros) -> Spans {
        view::spans(seen, from)
    }
    /// A majority of the participants, where quorums decide. Elsewhere whoever is there decides, on every side.
    fn decisions(seen: &Evidence<Self>, members: &[NodeId]) -> Vec<Decision> {
        if !seen.config.quorums() {
            return Vec::new();
        }
        let quorum = Quorum::majority(members.iter().copied().filter(|node| node.0 > 0));
        vec![Decision { id: "commit", quorum, can: Self::META.can, cannot: Self::META.cannot }]
    }
}

impl Commitment for ThreePhaseCommit {
    type Record = What;
    type Known = Known;

    fn site(volatile: &Volatile) -> &Site {
        &volatile.site
    }
    fn site_mut(volatile: &mut Volatile) -> &mut Site {
        &mut volatile.site
    }
    fn waits(volatile: &Volatile, txn: Txn) -> Option<bool> {
        volatile.works.get(&txn).map(|work| work.stage == Stage::Waiting && work.writing.is_none())
    }
    fn undecided(volatile: &Volatile) -> impl Iterator<Item = (Txn, &[Write])> {
        let said_yes = volatile.works.iter().filter(|(_, work)| work.stage != Stage::Waiting);
        said_yes.map(|(txn, work)| (*txn, &*work.writes))
    }
}
