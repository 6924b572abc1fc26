//! Raft, after "In Search of an Understandable Consensus Algorithm (Extended Version)" by Ongaro
//! and Ousterhout, 2014, and Ongaro's dissertation for the pre-vote (9.6) and reads (6.4).
//!
//! | section | here |
//! |---|---|
//! | 5.1 terms | [`election::update_term`] |
//! | 5.2 leader election, 5.4.1 restriction | [`election`] |
//! | 5.3 log replication, 5.4.2 commit rule | [`replication`] |
//! | 8 client interaction, dissertation 6.4 reads | [`interaction`] |
//! | figure 2, state | [`state`] |
//! | figure 3, properties | [`safety`], decided by [`history`] |
//! | dissertation 9.6 pre-vote, 6.2 check quorum, 4.2.3 disruptive servers | [`election`] |
//!
//! Membership changes and log compaction (sections 6 and 7) are not here.

mod breaks;
mod election;
mod history;
mod interaction;
mod mutants;
mod options;
mod replication;
mod rules;
mod safety;
mod starts;
pub mod state;
mod stories;
mod view;
mod waits;

use synod_engine::error::Why;
use synod_engine::names::NodeId;
use synod_engine::options::{Opt, Settings};
use synod_engine::promise::Promise;
use synod_engine::protocol::{
    Authority, Breaks, Cluster, Evidence, Field, Invariant, LastCommit, Look, MessageKind, Meta, Mutant, Node,
    NodeView, Nodes, Observed, OperationKind, Protocol, Recorded, Request, Role as RoleKind, Row, Rule, SetOf,
    Standing, Start, Summary,
};
use synod_engine::rng::Chance;
use synod_engine::roster::Roster;
use synod_engine::text::{Says, text};
use synod_engine::units::{MILLION, Micros, Ppm};

use crate::timers::Timer;
use state::{Config, Durable, Message, Volatile};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Raft;

pub type Cx<'a> = synod_engine::cx::Cx<'a, Raft>;

const FOLLOWER: RoleKind = RoleKind {
    id: "follower",
    name: text("follower", "跟随者"),
    authority: Authority::Follows,
    shape: "circle",
    crest: false,
};

impl Protocol for Raft {
    const META: Meta = Meta {
        id: "raft",
        name: text("Raft", "Raft"),
        summary: text("Who leads, and what is settled?", "谁来领导，什么已成定局？"),
        family: "consensus",
        source: "D. Ongaro, J. Ousterhout: In Search of an Understandable Consensus Algorithm (Extended Version), 2014",
        rules_version: 3,
        epoch: text("term", "任期"),
        epoch_named: text("term {n}", "任期 {n}"),
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
            RoleKind {
                id: "pre-candidate",
                name: text("pre-candidate", "预候选人"),
                authority: Authority::Asks,
                ..FOLLOWER
            },
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
    const INVARIANTS: &'static [Invariant<Raft>] = safety::INVARIANTS;
    const DEADLINES: bool = true;
    const STARTS: &'static [Start] = starts::ALL;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const OPTIONS: &'static [Opt] = options::OPTIONS;
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = crate::store::OPERATIONS;
    const STORIES: &'static [&'static str] = stories::ALL;

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
        options::configure(settings)
    }

    fn check_trips(config: &Config, longest: Micros) -> Result<(), Why> {
        crate::timers::check_trips(config.election_timeout, longest)
    }

    /// Section 5.1: servers begin as followers; all but figure 2's persistent state is new.
    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        if cx.broken(&mutants::FORGET_VOTE) {
            durable.voted_for = None;
        }
        if cx.broken(&mutants::FORGET_TERM) {
            (durable.term, durable.voted_for) = (0, None);
        }
        if cx.broken(&mutants::FORGET_LOG) {
            durable.log = state::Log::default();
        }
        cx.set_timer(Timer::Election, cx.config().election_timeout);
        // It may have heard from a leader just before it crashed, and a lease may count on that. In
        // term 0 there was no leader.
        let leases = cx.config().read_mode == state::ReadMode::Lease && durable.term > 0;
        Volatile { restarted: leases.then(|| cx.clock()), ..Volatile::default() }
    }

    fn on_message(node: &mut Node<Raft>, from: NodeId, message: Message, cx: &mut Cx) {
        match message {
            Message::RequestVote { term, last_index, last_term } => {
                if let Some(rule) = election::why_wait(node, cx) {
                    return cx.fire_noting(rule, synod_engine::cx::Noted::peer(from));
                }
                election::update_term(node, term, cx);
                election::handle_request_vote(node, from, (term, last_index, last_term), cx);
            }
            Message::RequestVoteReply { term, granted } => {
                election::update_term(node, term, cx);
                election::handle_request_vote_reply(node, from, term, granted, cx);
            }
            Message::PreVote { term, last_index, last_term } => {
                election::handle_pre_vote(node, from, (term, last_index, last_term), cx);
            }
            Message::PreVoteReply { term, granted } => {
                election::handle_pre_vote_reply(node, from, term, granted, cx);
            }
            Message::AppendEntries { term, prev_index, prev_term, entries, commit, round } => {
                election::update_term(node, term, cx);
                let message = replication::Entries { term, prev_index, prev_term, entries, commit, round };
                replication::handle_append_entries(node, from, message, cx);
            }
            Message::AppendEntriesReply { term, round, result } => {
                election::update_term(node, term, cx);
                replication::handle_append_entries_reply(node, from, (term, round, result), cx);
            }
        }
    }

    fn on_timer(node: &mut Node<Raft>, timer: Timer, cx: &mut Cx) {
        match timer {
            Timer::Election if node.volatile.role.is_leader() => election::check_quorum(node, cx),
            Timer::Election => election::time_out(node, cx),
            Timer::Heartbeat => replication::broadcast_entries(node, cx),
        }
    }

    fn on_request(node: &mut Node<Raft>, request: Request<Raft>, cx: &mut Cx) {
        interaction::handle_request(node, request, cx);
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
    fn before(node: &Node<Raft>) -> history::Before {
        history::Before::of(node)
    }

    fn observe(history: &mut history::History, seen: &Observed<Raft>, cluster: Cluster<Raft>) {
        history::observe(history, seen, cluster.places().is_some());
    }

    fn recorded(operation: &crate::store::Operation, answer: Option<&state::Answer>) -> Option<Recorded> {
        Some(operation.recorded(answer.map(|answer| answer.outcome)))
    }
    fn levels(config: &Config) -> Vec<(&'static str, Promise)> {
        safety::levels(config)
    }
    fn summary(message: &Message) -> Summary {
        view::summary(message)
    }
    fn message_fields(message: &Message) -> Vec<Field> {
        view::message_fields(message)
    }
    fn standing(node: &Node<Raft>) -> Standing {
        view::standing(node)
    }
    fn view(node: &Node<Raft>, look: &Look<Raft>) -> NodeView {
        view::view(node, look)
    }
    /// When others may stand again after the round that the newest lease rests on.
    fn deadline(config: &Config, history: &history::History, _: Cluster<Raft>, after: Micros) -> Option<Micros> {
        let ends = history.leases.iter().filter_map(|held| safety::lease_ends(config, held));
        ends.filter(|ends| *ends > after).min()
    }
    fn clock_bound(config: &Config) -> Option<Ppm> {
        (config.read_mode == state::ReadMode::Lease).then_some(config.clock_bound * (MILLION / 100))
    }
    fn last_commit(seen: &Evidence<Raft>) -> Option<LastCommit> {
        seen.history.waits.last_commit()
    }
    fn sets(seen: &Evidence<Raft>) -> Vec<SetOf> {
        seen.history.waits.set().into_iter().collect()
    }
    fn entries(node: &Node<Raft>) -> usize {
        node.durable.log.0.len()
    }
    fn weight(node: &Node<Raft>) -> usize {
        let peers = node.volatile.role.leadership().map_or(0, |leadership| leadership.peers.len());
        size_of::<Node<Raft>>() + node.durable.log.0.own_bytes() + peers * size_of::<state::Progress>()
    }
}
