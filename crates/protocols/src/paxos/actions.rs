//! The two phases (section 2.2), learning (2.3) and progress (2.4) of "Paxos Made Simple".

use synod_engine::prelude::*;

use crate::node_set::NodeSet;

use super::state::*;
use super::{ACCEPTORS, Cx, LEARNERS, PROPOSERS, Paxos, mutants, rules};

/// More than half of the acceptors.
pub fn majority(cx: &Cx) -> u32 {
    cx.roster().count(ACCEPTORS) / 2 + 1
}

/// A machine that plays several roles tells itself at once; anybody else gets a message.
fn send(node: &mut Node<Paxos>, to: NodeId, message: Message, cx: &mut Cx) {
    if to == cx.me() { receive(node, to, message, cx) } else { cx.send(to, message) }
}

fn send_group(node: &mut Node<Paxos>, group: usize, message: Message, cx: &mut Cx) {
    let me = cx.me();
    let members = cx.roster().group(group);
    cx.send_all(members.clone().filter(|to| *to != me), message);
    if members.clone().any(|to| to == me) {
        receive(node, me, message, cx);
    }
}

pub fn receive(node: &mut Node<Paxos>, from: NodeId, message: Message, cx: &mut Cx) {
    match message {
        Message::Prepare { ballot } => prepare(node, from, ballot, cx),
        Message::Promise { ballot, accepted } => promise(node, from, ballot, accepted, cx),
        Message::Accept(proposal) => accept(node, from, proposal, cx),
        Message::Accepted(proposal) => accepted(node, from, proposal, cx),
        Message::Nack { ballot, promised } => nack(node, from, ballot, promised, cx),
        Message::Ask => answer_learner(node, from, cx),
        Message::Chosen(proposal) => learn(node, proposal, cx),
    }
}

/// A client asks for a value. Whoever is no proposer sends it to one.
pub fn propose(node: &mut Node<Paxos>, request: Request<Paxos>, cx: &mut Cx) {
    let Request { client, serial, operation, .. } = request;
    let mut proposers = cx.roster().group(PROPOSERS);
    if !proposers.clone().any(|proposer| proposer == cx.me()) {
        let count = cx.roster().count(PROPOSERS);
        if let Some(proposer) = proposers.nth((client.0 % count) as usize) {
            cx.redirect(client, serial, proposer);
        }
        return;
    }
    if let Some(chosen) = node.volatile.learner.chosen {
        return cx.answer(client, serial, Chosen(chosen.value));
    }
    let proposer = &mut node.volatile.proposer;
    proposer.clients.retain(|(waiting, _)| *waiting != client);
    proposer.clients.push((client, serial));
    proposer.wants.get_or_insert(operation.0);
    let second = operation.0;
    if let Phase::Accepting { value, .. } = &mut proposer.phase
        && cx.broken(&mutants::SECOND_VALUE)
    {
        *value = second;
        send_group(node, ACCEPTORS, Message::Accept(Proposal { ballot: node.durable.highest, value: second }), cx);
    } else if proposer.phase == Phase::Idle {
        start_ballot(node, cx);
    }
}

/// The next ballot of this proposer: above every one that it used or heard of, and its own alone.
fn next_ballot(node: &Node<Paxos>, cx: &Cx) -> Ballot {
    let proposers = cx.roster().count(PROPOSERS);
    let own = cx.roster().group(PROPOSERS).position(|proposer| proposer == cx.me()).unwrap_or(0) as u32 + 1;
    let highest = node.durable.highest.max(node.volatile.proposer.heard).max(node.durable.promised);
    let next = highest + 1;
    next + (own + proposers - next % proposers) % proposers
}

/// Phase 1a: a new number, and a request to promise to accept nothing below it.
pub fn start_ballot(node: &mut Node<Paxos>, cx: &mut Cx) {
    let ballot = next_ballot(node, cx);
    node.durable.highest = ballot;
    node.volatile.proposer.promises = NodeSet::default();
    node.volatile.proposer.phase = Phase::Preparing { refused: NodeSet::default(), carried: None };
    cx.fire_noting(&rules::PREPARE, Noted::number(ballot));
    cx.set_timer(Timer::Retry, (cx.config().retry, cx.config().retry));
    send_group(node, ACCEPTORS, Message::Prepare { ballot }, cx);
}

/// Phase 1b: a higher number than any it has promised gets a promise, and the highest proposal
/// that it has accepted. The number that it has promised gets the same again: it is the same
/// proposer's, whose request was repeated, or whose answer was lost (phxpaxos 34).
fn prepare(node: &mut Node<Paxos>, from: NodeId, ballot: Ballot, cx: &mut Cx) {
    if ballot < node.durable.promised {
        return refuse(node, from, ballot, cx.config().refusal == Refusal::Nack, cx);
    }
    node.durable.promised = ballot;
    cx.fire_noting(&rules::PROMISE, Noted { a: ballot, ..Noted::peer(from) });
    send(node, from, Message::Promise { ballot, accepted: node.durable.accepted }, cx);
}

fn refuse(node: &mut Node<Paxos>, to: NodeId, ballot: Ballot, answered: bool, cx: &mut Cx) {
    let promised = node.durable.promised;
    cx.fire_noting(&rules::REFUSE, Noted { a: ballot, ..Noted::peer(to) });
    if answered {
        send(node, to, Message::Nack { ballot, promised }, cx);
    }
}

/// Phase 1, at the proposer: promises of its present ballot, and the highest proposal that came
/// with one, until a majority has promised.
fn promise(node: &mut Node<Paxos>, from: NodeId, ballot: Ballot, accepted: Option<Proposal>, cx: &mut Cx) {
    let current = ballot == node.durable.highest;
    if !cx.unless(&mutants::COUNT_STALE_PROMISES, current) {
        return;
    }
    let proposer = &mut node.volatile.proposer;
    let Phase::Preparing { carried, refused } = &mut proposer.phase else {
        return;
    };
    let promises = &mut proposer.promises;
    promises.add(from);
    let higher = carried.map_or(0, |known| known.ballot) < accepted.map_or(0, |new| new.ballot);
    if higher || (accepted.is_some() && cx.broken(&mutants::ANY_ACCEPTED_VALUE)) {
        *carried = accepted;
    }
    let half = promises.count() * 2 >= cx.roster().count(ACCEPTORS) && cx.broken(&mutants::HALF_IS_ENOUGH);
    if promises.count() < majority(cx) && !half {
        return;
    }
    cx.won(ballot, promises.tally(*refused, cx.roster().count(ACCEPTORS)));
    proposer.phase = Phase::Ready { carried: *carried };
    match cx.config().propose_after {
        0 => issue(node, cx),
        after => cx.set_timer(Timer::Propose, (after, after)),
    }
}

/// Phase 2a: the value of the highest proposal that came with a promise, or its own if none did.
pub fn issue(node: &mut Node<Paxos>, cx: &mut Cx) {
    let (ballot, proposer) = (node.durable.highest, &mut node.volatile.proposer);
    let Phase::Ready { carried } = proposer.phase else {
        return;
    };
    let from_promises = carried.map(|proposal| proposal.value);
    let own = cx.unless(&mutants::OWN_VALUE, from_promises.is_none());
    let Some(value) = (if own { proposer.wants } else { from_promises }) else {
        return;
    };
    let (accepts, refused) = (NodeSet::default(), NodeSet::default());
    proposer.phase = Phase::Accepting { value, accepts, refused };
    let rule = if from_promises.is_some() { &rules::CARRY_VALUE } else { &rules::PROPOSE_OWN };
    cx.fire_noting(rule, Noted::number(ballot).with_nodes(proposer.promises.iter()));
    cx.set_timer(Timer::Retry, (cx.config().retry, cx.config().retry));
    send_group(node, ACCEPTORS, Message::Accept(Proposal { ballot, value }), cx);
}

/// Phase 2b: accepts unless it has promised a higher number, and tells whoever is to learn.
fn accept(node: &mut Node<Paxos>, from: NodeId, proposal: Proposal, cx: &mut Cx) {
    let kept = proposal.ballot >= node.durable.promised;
    if !cx.unless(&mutants::ACCEPT_BELOW_PROMISE, kept) {
        return refuse(node, from, proposal.ballot, cx.config().refusal != Refusal::Silent, cx);
    }
    if !cx.broken(&mutants::NO_PROMISE_ON_ACCEPT) {
        node.durable.promised = node.durable.promised.max(proposal.ballot);
    }
    node.durable.accepted = Some(proposal);
    cx.fire_noting(&rules::ACCEPT, Noted { a: proposal.ballot, ..Noted::peer(from) });
    let told = cx.roster().group(LEARNERS).take(if cx.config().distinguished { 1 } else { usize::MAX });
    let me = cx.me();
    let others = told.clone().filter(|learner| *learner != me && *learner != from);
    cx.send_all(others, Message::Accepted(proposal));
    if from != me {
        cx.send(from, Message::Accepted(proposal));
    }
    if from == me || told.clone().any(|learner| learner == me) {
        accepted(node, me, proposal, cx);
    }
}

/// A majority that accepted one proposal has chosen its value (2.3). The proposer listens too,
/// so that it can answer its client.
fn accepted(node: &mut Node<Paxos>, from: NodeId, proposal: Proposal, cx: &mut Cx) {
    if let Phase::Accepting { accepts, .. } = &mut node.volatile.proposer.phase
        && proposal.ballot == node.durable.highest
    {
        accepts.add(from);
    }
    if node.volatile.learner.chosen.is_some() {
        return;
    }
    let votes = &mut node.volatile.learner.votes;
    let mixed = cx.broken(&mutants::MIX_BALLOTS);
    let same = |known: &Proposal| if mixed { true } else { *known == proposal };
    let at = votes.iter().position(|(known, _)| same(known)).unwrap_or_else(|| {
        votes.push((proposal, NodeSet::default()));
        votes.len() - 1
    });
    votes[at].1.add(from);
    let votes = votes[at].1;
    let enough = votes.count() >= majority(cx);
    if cx.unless(&mutants::BELIEVE_THE_FIRST, enough) {
        tell_won(node, proposal.ballot, votes, cx);
        cx.fire_noting(&rules::CHOOSE, Noted::number(proposal.ballot).with_nodes(votes.iter()));
        learn(node, proposal, cx);
    }
}

/// Whoever shows these votes as its tally, the proposer of the ballot or a learner, has won it.
fn tell_won(node: &Node<Paxos>, ballot: Ballot, votes: NodeSet, cx: &mut Cx) {
    let refused = match &node.volatile.proposer.phase {
        Phase::Accepting { refused, .. } if ballot == node.durable.highest => *refused,
        _ if node.group == Some(LEARNERS as u32) => NodeSet::default(),
        _ => return,
    };
    cx.won(ballot, votes.tally(refused, cx.roster().count(ACCEPTORS)));
}

/// The value is chosen. Whoever waits for it is told.
fn learn(node: &mut Node<Paxos>, proposal: Proposal, cx: &mut Cx) {
    if node.volatile.learner.chosen.is_some() {
        return;
    }
    node.volatile.learner.chosen = Some(proposal);
    cx.cancel_timer(Timer::Ask);
    cx.cancel_timer(Timer::Retry);
    node.volatile.proposer.phase = Phase::Idle;
    for (client, serial) in std::mem::take(&mut node.volatile.proposer.clients) {
        cx.answer(client, serial, Chosen(proposal.value));
    }
    let first = cx.roster().group(LEARNERS).next();
    if cx.config().distinguished && first == Some(cx.me()) {
        cx.fire(&rules::SPREAD);
        let me = cx.me();
        cx.send_all(cx.roster().group(LEARNERS).filter(|learner| *learner != me), Message::Chosen(proposal));
    }
}

/// Section 2.4: a proposer that learns of a higher number gives its own up. A refusal that names
/// its own number, or a lower one, tells it of none.
fn nack(node: &mut Node<Paxos>, from: NodeId, ballot: Ballot, promised: Ballot, cx: &mut Cx) {
    let proposer = &mut node.volatile.proposer;
    proposer.heard = proposer.heard.max(promised);
    if ballot != node.durable.highest || promised <= ballot {
        return;
    }
    match &mut proposer.phase {
        Phase::Preparing { refused, .. } | Phase::Accepting { refused, .. } => refused.add(from),
        Phase::Ready { .. } => cx.cancel_timer(Timer::Propose),
        Phase::Idle | Phase::Overtaken => return,
    }
    cx.fire_noting(&rules::GIVE_UP, Noted { a: promised, ..Noted::peer(from) });
    let time = cx.config().backoff_time;
    let wait = match cx.config().backoff {
        Backoff::None => return start_ballot(node, cx),
        Backoff::Fixed => (time, time),
        Backoff::Random => (0, time),
    };
    proposer.phase = Phase::Overtaken;
    cx.set_timer(Timer::Retry, wait);
}

/// Its pause is over, or no majority answered in time.
pub fn retry(node: &mut Node<Paxos>, cx: &mut Cx) {
    if node.volatile.proposer.phase != Phase::Idle {
        start_ballot(node, cx);
    }
}

/// Section 2.3: a learner that missed what was accepted asks the acceptors.
pub fn ask(node: &mut Node<Paxos>, cx: &mut Cx) {
    cx.fire(&rules::ASK);
    cx.set_timer(Timer::Ask, (cx.config().ask_every, cx.config().ask_every));
    send_group(node, ACCEPTORS, Message::Ask, cx);
}

fn answer_learner(node: &mut Node<Paxos>, from: NodeId, cx: &mut Cx) {
    if let Some(proposal) = node.durable.accepted {
        send(node, from, Message::Accepted(proposal), cx);
    }
}
