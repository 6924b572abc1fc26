//! The coordinator's side (7.4), and what it does when it is back (7.4.3).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use synod_engine::cx::Noted;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::protocol::{Node, Request};

use crate::node_set::NodeSet;

use super::operation::{Answer, Operation};
use super::state::*;
use super::{COORDINATOR, Cx, PARTICIPANTS, TwoPhaseCommit, mutants, rules};

type Machine = Node<TwoPhaseCommit>;

pub fn coordinator(cx: &Cx) -> NodeId {
    cx.roster().group(COORDINATOR).next().unwrap_or(NodeId(0))
}

pub fn on_request(node: &mut Machine, request: Request<TwoPhaseCommit>, cx: &mut Cx) {
    let Request { client, serial, operation } = request;
    match operation {
        Operation::Tx(writes) => begin(node, (client, serial), &writes, cx),
        Operation::Get(to, _) | Operation::Veto(to) => cx.redirect(client, serial, to),
    }
}

/// Step 1. A command that is known is not begun again.
fn begin(node: &mut Machine, (client, serial): (ClientId, u32), writes: &[(Option<NodeId>, Write)], cx: &mut Cx) {
    let Volatile { commands, decided, tries, given, below, newest, .. } = &mut node.volatile;
    if let Some((_, txn)) = commands.get(&client).filter(|(known, _)| *known == serial) {
        if let Some(decided) = decided.get(txn) {
            cx.answer(client, serial, Answer::Decided(*decided));
        } else if let Some(trying) = tries.get_mut(txn) {
            trying.client = Some((client, serial));
        }
        return;
    }
    if *given >= last_number(decided.last().map_or(0, |(txn, _)| *txn).max(*below)) {
        return cx.refuse(client, serial);
    }
    *given += 1;
    let txn = *given;
    commands.insert(client, (serial, txn));
    let mut shares: BTreeMap<NodeId, Vec<Write>> = BTreeMap::new();
    for (place, write) in writes {
        match place {
            Some(one) => shares.entry(*one).or_default().push(*write),
            None => cx.roster().group(PARTICIPANTS).for_each(|one| shares.entry(one).or_default().push(*write)),
        }
    }
    let participants: NodeSet = shares.keys().copied().collect();
    cx.fire_noting(&rules::REQUEST_VOTES, Noted::epoch(txn));
    for (one, share) in shares {
        cx.send(one, Message::VoteReq { txn, writes: Rc::from(share), participants });
    }
    node.durable.write(txn, What::Start(participants, (client, serial)));
    cx.set_timer(Timer::Votes(txn), (cx.config().timeout, cx.config().timeout));
    let mut trying = Trying::of(participants, Phase::Voting);
    trying.client = Some((client, serial));
    *newest = txn;
    tries.insert(txn, trying);
}

pub fn receive(node: &mut Machine, from: NodeId, message: &Message, cx: &mut Cx) {
    match *message {
        Message::Yes(txn) => yes(node, from, txn, cx),
        Message::No(txn) => no(node, from, txn, cx),
        Message::Ack(txn) => acknowledged(node, from, txn, cx),
        Message::DecisionReq(txn) => asked(node, from, txn, cx),
        _ => {}
    }
}

/// Step 2: votes are counted by who gave them.
fn yes(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn).filter(|trying| trying.phase == Phase::Voting) else {
        return answer(node, from, txn, cx);
    };
    trying.yes.add(from);
    trying.said_yes += 1;
    cx.fire_noting(&rules::COUNT_YES, Noted { a: trying.yes.count(), peer: Some(from), ..Noted::epoch(txn) });
    let of = trying.participants.count();
    let need = if cx.broken(&mutants::MAJORITY) { of / 2 + 1 } else { of };
    let have = if cx.broken(&mutants::COUNT_VOTES) { trying.said_yes } else { trying.yes.count() };
    if have >= need {
        decide(node, txn, Decided::Commit, cx);
    }
}

fn no(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    if cx.broken(&mutants::ANY_ANSWER) {
        return yes(node, from, txn, cx);
    }
    if let Some(trying) = node.volatile.tries.get_mut(&txn).filter(|trying| trying.phase == Phase::Voting) {
        trying.no.add(from);
        decide(node, txn, Decided::Abort, cx);
    }
}

pub fn votes_are_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    if node.volatile.tries.get(&txn).is_some_and(|trying| trying.phase == Phase::Voting) {
        cx.fire_noting(&rules::GIVE_UP, Noted::epoch(txn));
        decide(node, txn, Decided::Abort, cx);
    }
}

/// Step 3: the decision is written, and forced, before anybody is told.
fn decide(node: &mut Machine, txn: Txn, decided: Decided, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn) else { return };
    trying.phase = Phase::Deciding(decided);
    cx.cancel_timer(Timer::Votes(txn));
    cx.fire_noting(
        if decided == Decided::Commit { &rules::DECIDE_COMMIT } else { &rules::DECIDE_ABORT },
        Noted::epoch(txn),
    );
    if decided == Decided::Commit {
        cx.won(txn, super::view::votes(trying));
        if cx.broken(&mutants::COMMIT_UNWRITTEN) {
            return tell(node, txn, cx);
        }
        if cx.broken(&mutants::COMMIT_BEFORE_WRITING) {
            let all: Vec<NodeId> = trying.told().collect();
            cx.send_all(all, Message::Commit(txn));
        }
    }
    node.durable.write(txn, decided.record());
    cx.force(Timer::Decided(txn));
}

/// The decision is on the disk: it is told, to the client too.
pub fn tell(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn) else { return };
    let Phase::Deciding(decided) = trying.phase else { return };
    trying.phase = Phase::Telling(decided);
    let rule = if decided == Decided::Commit { &rules::TELL_COMMIT } else { &rules::TELL_ABORT };
    cx.fire_noting(rule, Noted { a: txn, ..Noted::epoch(txn) });
    cx.send_all(trying.told(), Message::of(decided, txn));
    if let Some((client, serial)) = trying.client {
        cx.answer(client, serial, Answer::Decided(decided));
    }
    node.volatile.decided.insert_mut(txn, decided);
    cx.set_timer(Timer::Acks(txn), (cx.config().timeout, cx.config().timeout));
    forget_if_all_know(node, txn, cx);
}

fn acknowledged(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    if let Some(trying) = node.volatile.tries.get_mut(&txn) {
        trying.acks.add(from);
        forget_if_all_know(node, txn, cx);
    }
}

fn forget_if_all_know(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let telling = |trying: &&Trying| matches!(trying.phase, Phase::Telling(_));
    let Some(trying) = node.volatile.tries.get(&txn).filter(telling) else { return };
    if trying.silent().next().is_none() {
        cx.fire_noting(&rules::FORGET, Noted::epoch(txn));
        node.durable.write(txn, What::End);
        node.volatile.tries.remove(&txn);
        cx.cancel_timer(Timer::Acks(txn));
    }
}

pub fn acks_are_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get(&txn) else { return };
    if let Phase::Telling(decided) = trying.phase {
        cx.fire_noting(&rules::TELL_AGAIN, Noted::epoch(txn).with_nodes(trying.silent()));
        cx.send_all(trying.silent(), Message::of(decided, txn));
        cx.set_timer(Timer::Acks(txn), (cx.config().timeout, cx.config().timeout));
    }
}

/// A participant asks. Whoever has no record of a transaction never decided it, and so it is aborted.
fn asked(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    match node.volatile.tries.get_mut(&txn).filter(|_| node.volatile.decided.get(&txn).is_none()) {
        // What it decides is on its way to the disk: who asks meanwhile is told with the others.
        Some(trying) if matches!(trying.phase, Phase::Deciding(_)) => trying.participants.add(from),
        Some(_) => cx.fire_noting(&rules::STAY_SILENT, Noted { peer: Some(from), ..Noted::epoch(txn) }),
        None => answer(node, from, txn, cx),
    }
}

/// Tells one participant what is decided; nothing while it is being decided.
fn answer(node: &mut Machine, to: NodeId, txn: Txn, cx: &mut Cx) {
    if let Some(decided) = node.volatile.decided.get(&txn) {
        cx.fire_noting(&rules::ANSWER, Noted { peer: Some(to), ..Noted::epoch(txn) });
        return cx.send(to, Message::of(*decided, txn));
    }
    if let Entry::Vacant(nothing) = node.volatile.tries.entry(txn) {
        nothing.insert(Trying::of(NodeSet::of(to), Phase::Deciding(Decided::Abort)));
        node.volatile.newest = node.volatile.newest.max(txn);
        cx.fire_noting(&rules::ABORT_UNDECIDED, Noted::epoch(txn));
        node.durable.write(txn, What::Abort);
        cx.force(Timer::Decided(txn));
    }
}

/// The coordinator is back (7.4.3): what it had not decided is aborted, what it had is told again.
pub fn boot(durable: &mut Durable, volatile: &mut Volatile, cx: &mut Cx) {
    let mut open: BTreeMap<Txn, (NodeSet, Option<Decided>)> = BTreeMap::new();
    for Record { txn, what } in durable.log.iter() {
        match what {
            What::Start(participants, (client, serial)) => {
                open.insert(*txn, (*participants, None));
                volatile.commands.insert(*client, (*serial, *txn));
            }
            What::End => drop(open.remove(txn)),
            _ => {
                if let Some(decided) = what.decision() {
                    volatile.decided.insert_mut(*txn, decided);
                    open.entry(*txn).or_default().1 = Some(decided);
                }
            }
        }
    }
    volatile.below = below_first_number(durable.newest(), cx.starts());
    volatile.given = volatile.below;
    for (txn, (participants, decided)) in open {
        if decided.is_none() {
            cx.fire_noting(&rules::ABORT_UNDECIDED, Noted::epoch(txn));
            durable.write(txn, What::Abort);
            cx.force(Timer::Decided(txn));
            volatile.tries.insert(txn, Trying::of(participants, Phase::Deciding(Decided::Abort)));
        } else if let Some(decided) = decided.filter(|_| participants.count() > 0) {
            cx.fire_noting(&rules::TELL_AFTER_RESTART, Noted::epoch(txn));
            cx.send_all(participants.iter(), Message::of(decided, txn));
            volatile.tries.insert(txn, Trying::of(participants, Phase::Telling(decided)));
            cx.set_timer(Timer::Acks(txn), (cx.config().timeout, cx.config().timeout));
        }
    }
}
