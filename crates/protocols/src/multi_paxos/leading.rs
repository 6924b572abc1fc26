//! Phase 1, run once for all later slots (section 3 of "Paxos Made Simple"), and who leads.

use synod_engine::prelude::*;

use crate::node_set::NodeSet;

use super::choosing::{accepted, heartbeat, record};
use super::state::*;
use super::{Cx, MultiPaxos, mutants, rules};
use crate::timers::Timer;

type Server = Node<MultiPaxos>;

/// The next ballot of this server: above every one that it heard of, and its own alone.
fn next_ballot(node: &Server, cx: &Cx) -> Ballot {
    let (servers, own) = (cx.nodes(), cx.me().0 + 1);
    let next = node.durable.promised.max(node.volatile.heard) + 1;
    next + (own + servers - next % servers) % servers
}

/// It has heard nothing from a leader: it asks for promises about every slot that it does not
/// know to be chosen.
pub fn time_out(node: &mut Server, cx: &mut Cx) {
    if node.volatile.role.leadership().is_some() {
        return;
    }
    let ballot = next_ballot(node, cx);
    node.durable.promised = ballot;
    let (promises, refused, votes) = (NodeSet::of(cx.me()), NodeSet::default(), node.durable.log.clone());
    node.volatile.role = Role::Candidate(Candidacy { promises, refused, votes });
    node.volatile.leader = None;
    cx.fire_noting(&rules::PREPARE, Noted::number(ballot));
    cx.set_timer(Timer::Election, cx.config().election_timeout);
    cx.broadcast(Message::Prepare { ballot, first: node.volatile.applied + 1 });
    lead_if_promised(node, cx);
}

/// Phase 1b, for every slot at once. The ballot that was promised last is promised again: it is the
/// same server's, whose request was repeated (phxpaxos 34). Who leads may be known by then.
pub fn prepare(node: &mut Server, from: NodeId, ballot: Ballot, cx: &mut Cx) {
    if ballot < node.durable.promised {
        return refuse(node, from, ballot, cx);
    }
    if ballot > node.durable.promised {
        follow(node, ballot, None, cx);
    }
    cx.fire_noting(&rules::PROMISE, Noted { a: ballot, ..Noted::peer(from) });
    cx.send(from, Message::Promise { ballot, votes: node.durable.log.clone() });
}

pub fn refuse(node: &Server, to: NodeId, ballot: Ballot, cx: &mut Cx) {
    cx.fire_noting(&rules::REFUSE, Noted { a: ballot, ..Noted::peer(to) });
    cx.send(to, Message::Nack { ballot, promised: node.durable.promised });
}

/// Somebody has this ballot, which is not below what was promised: whoever led or stood gives up.
pub fn follow(node: &mut Server, ballot: Ballot, leader: Option<NodeId>, cx: &mut Cx) {
    node.durable.promised = node.durable.promised.max(ballot);
    step_down(node, cx);
    node.volatile.leader = leader;
    cx.set_timer(Timer::Election, cx.config().election_timeout);
}

fn step_down(node: &mut Server, cx: &mut Cx) {
    if node.volatile.role == Role::Follower {
        return;
    }
    cx.fire(&rules::STEP_DOWN);
    cx.cancel_timer(Timer::Heartbeat);
    node.volatile.role = Role::Follower;
}

pub fn promise(node: &mut Server, from: NodeId, ballot: Ballot, votes: &Log, cx: &mut Cx) {
    let Role::Candidate(candidacy) = &mut node.volatile.role else {
        return;
    };
    if ballot != node.durable.promised {
        return;
    }
    candidacy.promises.add(from);
    for slot in node.volatile.applied + 1..=votes.last() {
        let known = candidacy.votes.get(slot).map_or(0, |vote| vote.ballot);
        if let Some(vote) = votes.get(slot).filter(|vote| vote.ballot > known) {
            candidacy.votes.set(slot, vote);
        }
    }
    lead_if_promised(node, cx);
}

/// A majority has promised: it leads. What may have been chosen before it proposes again, under
/// its own ballot, and holes it fills with no-ops.
fn lead_if_promised(node: &mut Server, cx: &mut Cx) {
    let Role::Candidate(candidacy) = &node.volatile.role else {
        return;
    };
    let promised = candidacy.promises.count() >= cx.majority();
    if !cx.unless(&mutants::SKIP_PHASE_ONE, promised) {
        return;
    }
    let (promises, heard) = (candidacy.promises, candidacy.votes.clone());
    cx.won(node.durable.promised, promises.tally(candidacy.refused, cx.nodes()));
    let votes = if cx.broken(&mutants::OWN_VALUE) { node.durable.log.clone() } else { heard };
    cx.fire_noting(&rules::BECOME_LEADER, Noted::default().with_nodes(promises.iter()));
    cx.cancel_timer(Timer::Election);
    node.volatile.leader = Some(cx.me());
    node.volatile.role = Role::Leader(Leadership::default());
    for slot in node.volatile.applied + 1..=votes.last() {
        let rule = if votes.get(slot).is_some() { &rules::PROPOSE_AGAIN } else { &rules::FILL_HOLE };
        cx.fire_noting(rule, Noted::number(slot));
        propose(node, slot, votes.get(slot).and_then(|vote| vote.command), cx);
    }
    heartbeat(node, cx);
}

/// Phase 2a. The leader is an acceptor too, and accepts first.
pub fn propose(node: &mut Server, slot: Slot, command: Option<Command>, cx: &mut Cx) {
    let ballot = node.durable.promised;
    record(node, slot, Vote { ballot, command });
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    leadership.open.push((slot, NodeSet::default()));
    cx.broadcast(Message::Accept { ballot, slot, command, chosen: node.volatile.applied });
    accepted(node, cx.me(), ballot, slot, cx);
}

pub fn nack(node: &mut Server, from: NodeId, ballot: Ballot, promised: Ballot, cx: &mut Cx) {
    node.volatile.heard = node.volatile.heard.max(promised);
    if ballot != node.durable.promised || promised <= ballot {
        return;
    }
    match &mut node.volatile.role {
        Role::Candidate(candidacy) => {
            candidacy.refused.add(from);
            step_down(node, cx);
        }
        Role::Leader(_) => {
            step_down(node, cx);
            node.volatile.leader = None;
            cx.set_timer(Timer::Election, cx.config().election_timeout);
        }
        Role::Follower => {}
    }
}
