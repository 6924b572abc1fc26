//! Two-phase commit, as Bernstein, Hadzilacos and Goodman give it (Concurrency Control and Recovery in Database
//! Systems, 1987, chapter 7). Everything that its safety rests on is a record on a disk before it is a message.
//!
//! | chapter 7 | here |
//! |---|---|
//! | 7.3 the atomic commitment problem, AC1 to AC5 | [`safety`] |
//! | 7.4 the coordinator, and its recovery | [`coordinator`] |
//! | 7.4 the participant, termination (7.4.1), recovery (7.4.3) | [`participant`] |
//! | presumed nothing, presumed abort, presumed commit, READ votes (Mohan, Lindsay, Obermarck 1986) | both |

mod breaks;
mod coordinator;
mod history;
mod mutants;
mod options;
mod participant;
mod rules;
mod safety;
mod starts;
pub mod state;
mod view;

use synod_engine::names::NodeId;
use synod_engine::options::{Opt, Settings};
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
pub struct TwoPhaseCommit;

pub type Cx<'a> = synod_engine::cx::Cx<'a, TwoPhaseCommit>;

impl Protocol for TwoPhaseCommit {
    const META: Meta = Meta {
        id: "two-phase-commit",
        name: text("Two-phase commit", "两阶段提交"),
        summary: text("All of it, or nothing?", "要么全做，要么全不做？"),
        family: "transactions",
        source: "P. Bernstein, V. Hadzilacos, N. Goodman: Concurrency Control and Recovery in Database Systems, 1987",
        rules_version: 3,
        epoch: text("transaction", "事务"),
        epoch_named: text("transaction {n}", "事务 {n}"),
        roles: transactions::ROLES,
        layout: "star",
        nodes: transactions::NODES,
        groups: transactions::GROUPS,
        rows: &[
            Row { id: "votes", name: text("Votes", "表决") },
            Row { id: "decisions", name: text("Decisions", "决定") },
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
    const INVARIANTS: &'static [Invariant<TwoPhaseCommit>] = safety::INVARIANTS;
    const OPTIONS: &'static [Opt] = options::OPTIONS;
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = operation::OPERATIONS;
    const STARTS: &'static [Start] = starts::ALL;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const STORIES: &'static [&'static str] = operation::STORIES;
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
        let mut volatile = Volatile { newest: durable.newest(), ..Volatile::default() };
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
        match timer {
            Timer::Votes(txn) => coordinator::votes_are_late(node, txn, cx),
            Timer::Collected(txn) => coordinator::collected(node, txn, cx),
            Timer::Acks(txn) => coordinator::acks_are_late(node, txn, cx),
            Timer::Lock(txn) => participant::lock_is_late(node, txn, cx),
            Timer::Decision(txn) => participant::decision_is_late(node, txn, cx),
            Timer::Heuristic(txn) => participant::operator_decides(node, txn, cx),
            Timer::Voted(txn) => participant::voted(node, txn, cx),
            Timer::Decided(txn) if cx.me() == transactions::coordinator(cx) => coordinator::decided(node, txn, cx),
            Timer::Decided(txn) => participant::decided(node, txn, cx),
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
    fn draw_operation(chance: &mut Chance, roster: &Roster) -> String {
        operation::draw(chance, roster)
    }
    fn deadline(config: &Config, history: &history::History, _cluster: Cluster<Self>, after: Micros) -> Option<Micros> {
        safety::deadline(config, history, after)
    }
    fn state(node: &Node<Self>, history: &history::History, safe: &Durable) -> Option<(u32, &'static str)> {
        history::stands(history, node, safe).map(|(stands, txn)| (txn, view::kind_of(stands).id))
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
    /// Everyone is needed: the coordinator, and every participant that a transaction writes at.
    fn decisions(_seen: &Evidence<Self>, members: &[NodeId]) -> Vec<Decision> {
        let quorum = Quorum::all(members.iter().copied());
        vec![Decision { id: "commit", quorum, can: Self::META.can, cannot: Self::META.cannot }]
    }
}

impl Commitment for TwoPhaseCommit {
    type Record = What;
    type Known = Known;

    fn site(volatile: &Volatile) -> &Site {
        &volatile.site
    }
    fn site_mut(volatile: &mut Volatile) -> &mut Site {
        &mut volatile.site
    }
    fn waits(volatile: &Volatile, txn: Txn) -> Option<bool> {
        volatile.works.get(&txn).map(|work| work.stage == Stage::Waiting)
    }
    fn undecided(volatile: &Volatile) -> impl Iterator<Item = (Txn, &[Write])> {
        let said_yes = volatile.works.iter().filter(|(_, work)| work.stage == Stage::Uncertain);
        said_yes.map(|(txn, work)| (*txn, &*work.writes))
    }
}
