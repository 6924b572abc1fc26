//! Terms (5.1), leader election (5.2), the election restriction (5.4.1) and the pre-vote
//! (dissertation 9.6).

use synod_engine::cx::Noted;
use synod_engine::names::NodeId;
use synod_engine::protocol::{Node, Rule};

use crate::node_set::NodeSet;

use super::replication::{append, broadcast_entries};
use super::state::*;
use super::{Cx, Raft, mutants, rules};
use crate::timers::Timer;

/// Section 5.1: whoever sees a higher term adopts it, and is a follower.
pub fn update_term(node: &mut Node<Raft>, term: Term, cx: &mut Cx) {
    if term <= node.durable.term {
        return;
    }
    node.durable.term = term;
    node.durable.voted_for = None;
    node.volatile.leader = None;
    let leading = node.volatile.role.is_leader();
    if leading && cx.broken(&mutants::NEVER_STEP_DOWN) {
        return;
    }
    if node.volatile.role != Role::Follower {
        cx.fire(&rules::STEP_DOWN);
    }
    become_follower(node, cx);
}

/// A leader has no election timer, so one that steps down sets it; any other keeps its own.
pub fn become_follower(node: &mut Node<Raft>, cx: &mut Cx) {
    if node.volatile.role.is_leader() {
        cx.cancel_timer(Timer::Heartbeat);
        cx.set_timer(Timer::Election, cx.config().election_timeout);
    }
    node.volatile.role = Role::Follower;
}

/// Section 5.2: the election timeout elapsed without a word from a current leader. Where a lease
/// may count on its vote, it gives that to itself no earlier than to another: a timer can be made
/// to go off too soon.
pub fn time_out(node: &mut Node<Raft>, cx: &mut Cx) {
    if why_wait(node, cx).is_some() {
        cx.fire(&rules::WAIT_FOR_LEASE);
        cx.set_timer(Timer::Election, cx.config().election_timeout);
    } else if cx.config().pre_vote {
        start_pre_vote(node, cx);
    } else {
        start_election(node, cx);
    }
}

/// Dissertation 6.2: the leader's own timeout, set anew by [`heard_by_majority`], went off.
pub fn check_quorum(node: &mut Node<Raft>, cx: &mut Cx) {
    cx.fire(&rules::CHECK_QUORUM);
    node.volatile.leader = None;
    become_follower(node, cx);
}

/// Dissertation 6.2: a leader steps down if an election timeout elapses without a round of
/// heartbeats that a majority answered.
pub fn heard_by_majority(cx: &mut Cx) {
    if cx.config().check_quorum && cx.majority() > 1 {
        let least = cx.config().election_timeout.0;
        cx.set_timer(Timer::Election, (least, least));
    }
}

/// Section 5.2.
fn start_election(node: &mut Node<Raft>, cx: &mut Cx) {
    node.durable.term += 1;
    node.durable.voted_for = Some(cx.me());
    node.volatile.role = Role::Candidate(own_ballot(cx));
    node.volatile.leader = None;
    cx.fire(&rules::START_ELECTION);
    cx.set_timer(Timer::Election, cx.config().election_timeout);
    let (term, log) = (node.durable.term, &node.durable.log);
    let (last_index, last_term) = (log.last_index(), log.last_term());
    cx.broadcast(Message::RequestVote { term, last_index, last_term });
    become_leader_if_elected(node, cx);
}

fn own_ballot(cx: &Cx) -> Ballot {
    let mut ballot = Ballot::default();
    ballot.granted.add(cx.me());
    ballot
}

/// Section 5.4.1: whether a log is at least as up to date as this node's.
fn is_up_to_date(node: &Node<Raft>, last_index: Index, last_term: Term, cx: &Cx) -> bool {
    let log = &node.durable.log;
    let long_enough = last_index >= log.last_index();
    let log_ok = last_term > log.last_term() || (last_term == log.last_term() && long_enough);
    let log_ok = log_ok || (cx.broken(&mutants::LONGEST_LOG_WINS) && long_enough);
    cx.unless(&mutants::ANY_LOG_WINS, log_ok)
}

/// Figure 2, RequestVote RPC, receiver implementation.
pub fn handle_request_vote(
    node: &mut Node<Raft>,
    from: NodeId,
    (term, last_index, last_term): (Term, Index, Term),
    cx: &mut Cx,
) {
    let current = term == node.durable.term;
    let free = node.durable.voted_for.is_none_or(|candidate| candidate == from);
    let free = cx.unless(&mutants::VOTE_TWICE, free);
    let granted = current && free && is_up_to_date(node, last_index, last_term, cx);
    if granted {
        node.durable.voted_for = Some(from);
        cx.fire_noting(&rules::GRANT_VOTE, Noted::peer(from));
        if !node.volatile.role.is_leader() {
            cx.set_timer(Timer::Election, cx.config().election_timeout);
        }
    } else {
        cx.fire_noting(&rules::DENY_VOTE, Noted::peer(from));
    }
    cx.send(from, Message::RequestVoteReply { term: node.durable.term, granted });
}

/// Section 5.2: a vote counts for the term that it was given in.
pub fn handle_request_vote_reply(node: &mut Node<Raft>, from: NodeId, term: Term, granted: bool, cx: &mut Cx) {
    let current = term == node.durable.term;
    if !cx.unless(&mutants::COUNT_STALE_VOTES, current) {
        return;
    }
    let Role::Candidate(ballot) = &mut node.volatile.role else {
        return;
    };
    if granted {
        ballot.granted.add(from);
        become_leader_if_elected(node, cx);
    } else {
        ballot.refused.add(from);
    }
}

fn become_leader_if_elected(node: &mut Node<Raft>, cx: &mut Cx) {
    let Role::Candidate(ballot) = &node.volatile.role else {
        return;
    };
    let votes = ballot.granted.count();
    let half = votes * 2 >= cx.nodes() && cx.broken(&mutants::HALF_IS_ENOUGH);
    if votes >= cx.majority() || half {
        let voters = ballot.granted;
        cx.won(node.durable.term, voters.tally(ballot.refused, cx.nodes()));
        become_leader(node, voters, cx);
    }
}

/// Section 5.2, and section 8 for the no-op at the start of the term.
fn become_leader(node: &mut Node<Raft>, voters: NodeSet, cx: &mut Cx) {
    cx.fire_noting(&rules::BECOME_LEADER, Noted::default().with_nodes(voters.iter()));
    cx.cancel_timer(Timer::Election);
    let next_index = node.durable.log.last_index() + 1;
    let progress = Progress { next_index, match_index: 0, sent: next_index - 1, round: 0, learned: 0, lost: 0 };
    node.volatile.leader = Some(cx.me());
    node.volatile.role = Role::Leader(Leadership {
        peers: vec![progress; cx.nodes() as usize],
        round: 0,
        rounds: Vec::new(),
        lease: None,
        reads: Vec::new(),
        waiters: Vec::new(),
    });
    if cx.config().noop {
        append(node, None, cx);
    }
    // Those who voted for it are the first majority that it heard from.
    heard_by_majority(cx);
    broadcast_entries(node, cx);
}

/// Dissertation 9.6.
fn start_pre_vote(node: &mut Node<Raft>, cx: &mut Cx) {
    node.volatile.role = Role::PreCandidate(own_ballot(cx));
    node.volatile.leader = None;
    cx.fire(&rules::START_PRE_VOTE);
    cx.set_timer(Timer::Election, cx.config().election_timeout);
    let (term, log) = (node.durable.term + 1, &node.durable.log);
    let (last_index, last_term) = (log.last_index(), log.last_term());
    cx.broadcast(Message::PreVote { term, last_index, last_term });
    if cx.majority() == 1 {
        start_election(node, cx);
    }
}

/// Dissertation 9.6: it would vote, and has not just heard from a leader. It changes nothing.
pub fn handle_pre_vote(
    node: &mut Node<Raft>,
    from: NodeId,
    (term, last_index, last_term): (Term, Index, Term),
    cx: &mut Cx,
) {
    let needed = current_leader(node, cx).is_none();
    let granted = term > node.durable.term && needed && is_up_to_date(node, last_index, last_term, cx);
    if granted {
        cx.fire_noting(&rules::GRANT_PRE_VOTE, Noted::peer(from));
    }
    let term = if granted { term } else { node.durable.term };
    cx.send(from, Message::PreVoteReply { term, granted });
}

pub fn handle_pre_vote_reply(node: &mut Node<Raft>, from: NodeId, term: Term, granted: bool, cx: &mut Cx) {
    if !granted {
        update_term(node, term, cx);
    }
    let wanted = node.durable.term + 1;
    let Role::PreCandidate(ballot) = &mut node.volatile.role else {
        return;
    };
    if !granted {
        ballot.refused.add(from);
    } else if term == wanted {
        ballot.granted.add(from);
        if ballot.granted.count() >= cx.majority() {
            cx.won(wanted, ballot.granted.tally(ballot.refused, cx.nodes()));
            start_election(node, cx);
        }
    }
}

/// Whether it leads, or heard from a leader less than the least election timeout ago, or may have
/// and has forgotten: and the rule that says so.
fn current_leader(node: &Node<Raft>, cx: &Cx) -> Option<&'static Rule> {
    let least = cx.config().election_timeout.0 as i64;
    let lately = |time: Option<i64>| time.is_some_and(|time| cx.clock() - time < least);
    match () {
        () if node.volatile.role.is_leader() => Some(&rules::IGNORE_WHILE_LEADING),
        () if lately(node.volatile.heard_leader) => Some(&rules::IGNORE_VOTE_REQUEST),
        () if lately(node.volatile.restarted) => Some(&rules::IGNORE_AFTER_RESTART),
        () => None,
    }
}

/// Dissertation 4.2.3 and 6.4.1: leases hold only if nobody helps to elect another leader
/// within the least election timeout of hearing from this one.
pub fn why_wait(node: &Node<Raft>, cx: &Cx) -> Option<&'static Rule> {
    let leases = cx.config().read_mode == ReadMode::Lease;
    current_leader(node, cx).filter(|_| leases && !cx.broken(&mutants::VOTE_DURING_LEASE))
}
