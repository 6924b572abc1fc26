//! The coordinator's side (7.5), and what it does when it is back.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use synod_engine::cx::Noted;
use synod_engine::names::NodeId;
use synod_engine::protocol::{Node, Request};

use crate::node_set::NodeSet;
use crate::transactions::log::{below_first_number, last_number};
use crate::transactions::operation::{Answer, Operation};
use crate::transactions::shares;

use super::state::*;
use super::{Cx, ThreePhaseCommit, mutants, rules};

type Machine = Node<ThreePhaseCommit>;

/// How many of these are more than half.
pub fn quorum(of: u32, cx: &Cx) -> u32 {
    if cx.broken(&mutants::HALF_QUORUM) { of.div_ceil(2) } else { of / 2 + 1 }
}

pub fn on_request(node: &mut Machine, request: Request<ThreePhaseCommit>, cx: &mut Cx) {
    let Request { client, serial, operation, .. } = request;
    match operation {
        Operation::Tx(writes) => begin(node, (client, serial), &writes, cx),
        Operation::Get(to, _) | Operation::Veto(to) => cx.redirect(client, serial, to),
    }
}

/// Phase 1. A command that is known is not begun again.
fn begin(node: &mut Machine, (client, serial): Command, writes: &[(Option<NodeId>, Write)], cx: &mut Cx) {
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
    let shares = shares(writes, cx);
    let participants: NodeSet = shares.iter().map(|(one, _)| *one).collect();
    cx.fire_noting(&rules::CAN_COMMIT, Noted::epoch(txn));
    for (one, writes) in shares {
        cx.send(one, Message::CanCommit { txn, writes, participants });
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
        Message::Ack { txn, .. } => acknowledged(node, from, txn, cx),
        Message::Done(txn) => done(node, from, txn, cx),
        Message::Ask(txn) => asked(node, from, txn, cx),
        Message::StateReq { txn, number, .. } => state(node, from, (txn, number), cx),
        Message::DoCommit(txn) => told(node, txn, Decided::Commit, cx),
        Message::Abort(txn) => told(node, txn, Decided::Abort, cx),
        _ => {}
    }
}

/// Votes are counted by who gave them.
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
        prepare(node, txn, cx);
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

/// Phase 2: that all said yes is on the disk before anybody hears of it, so that it never aborts alone after that.
fn prepare(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn) else { return };
    trying.phase = Phase::Preparing;
    cx.cancel_timer(Timer::Votes(txn));
    cx.won(txn, super::view::votes(trying));
    node.durable.write(txn, What::PreCommit(FIRST));
    if cx.config().forced { cx.force(Timer::Ready(txn)) } else { pre_commit(node, txn, cx) }
}

pub fn pre_commit(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn).filter(|trying| trying.phase == Phase::Preparing) else {
        return;
    };
    trying.phase = Phase::Prepared;
    cx.fire_noting(&rules::PRE_COMMIT, Noted::epoch(txn));
    cx.send_all(trying.participants.iter(), Message::PreCommit { txn, number: FIRST });
    cx.set_timer(Timer::Acks(txn), (cx.config().timeout, cx.config().timeout));
}

fn acknowledged(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    let quorums = cx.config().quorums();
    let Some(trying) = node.volatile.tries.get_mut(&txn).filter(|trying| trying.phase == Phase::Prepared) else {
        return;
    };
    trying.acks.add(from);
    let of = trying.participants.count();
    let need = if quorums { quorum(of, cx) } else { of };
    let have = trying.acks.count();
    cx.fire_noting(&rules::COUNT_ACK, Noted { a: have, peer: Some(from), ..Noted::epoch(txn) });
    if have >= need {
        cx.won(txn, super::view::acks(trying, need));
        decide(node, txn, Decided::Commit, cx);
    }
}

/// Whoever does not acknowledge has crashed, if no message is late: it learns of the commit when it is back. Where
/// messages may be late, it takes a quorum.
pub fn acks_are_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn).filter(|trying| trying.phase == Phase::Prepared) else {
        return;
    };
    if cx.config().quorums() {
        trying.phase = Phase::Asking;
        cx.fire_noting(&rules::STEP_BACK, Noted::epoch(txn));
        return again(node, txn, cx);
    }
    cx.fire_noting(&rules::IGNORE_SILENT, Noted::epoch(txn));
    decide(node, txn, Decided::Commit, cx);
}

/// The decision is written, and forced, before anybody is told.
fn decide(node: &mut Machine, txn: Txn, decided: Decided, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn) else { return };
    trying.phase = Phase::Deciding(decided, true);
    for timer in [Timer::Votes(txn), Timer::Acks(txn), Timer::Again(txn)] {
        cx.cancel_timer(timer);
    }
    let rule = if decided == Decided::Commit { &rules::DECIDE_COMMIT } else { &rules::DECIDE_ABORT };
    cx.fire_noting(rule, Noted::epoch(txn));
    if decided == Decided::Commit && cx.broken(&mutants::COMMIT_BEFORE_WRITING) {
        let all: Vec<NodeId> = trying.told().collect();
        cx.send_all(all, Message::DoCommit(txn));
    }
    node.durable.write(txn, decided.into());
    cx.force(Timer::Decided(txn));
}

/// Phase 3: the decision is on the disk, and is told, to the client too.
pub fn tell(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn) else { return };
    let Phase::Deciding(decided, made) = trying.phase else { return };
    node.volatile.decided.insert_mut(txn, decided);
    if let Some((client, serial)) = trying.client {
        cx.answer(client, serial, Answer::Decided(decided));
    }
    if !made {
        node.volatile.tries.remove(&txn);
        return;
    }
    trying.phase = Phase::Telling(decided);
    let rule = if decided == Decided::Commit { &rules::DO_COMMIT } else { &rules::TELL_ABORT };
    cx.fire_noting(rule, Noted { a: txn, ..Noted::epoch(txn) });
    cx.send_all(trying.told(), Message::of(decided, txn));
    cx.set_timer(Timer::Again(txn), (cx.config().timeout, cx.config().timeout));
    forget_if_all_know(node, txn, cx);
}

fn done(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    if let Some(trying) = node.volatile.tries.get_mut(&txn) {
        trying.done.add(from);
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
        cx.cancel_timer(Timer::Again(txn));
    }
}

/// It tells its decision again, or asks again.
pub fn again(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get(&txn) else { return };
    match trying.phase {
        Phase::Telling(decided) => {
            cx.fire_noting(&rules::TELL_AGAIN, Noted::epoch(txn).with_nodes(trying.silent()));
            cx.send_all(trying.silent(), Message::of(decided, txn));
        }
        Phase::Asking => {
            cx.fire_noting(&rules::ASK, Noted::epoch(txn));
            cx.send_all(trying.participants.iter(), Message::Ask(txn));
        }
        _ => return,
    }
    cx.set_timer(Timer::Again(txn), (cx.config().timeout, cx.config().timeout));
}

/// Others have decided. Whoever leads an attempt itself does not listen, where nothing is said to be late; where
/// it may be, a decision is a decision.
fn told(node: &mut Machine, txn: Txn, decided: Decided, cx: &mut Cx) {
    let listens = cx.config().quorums();
    let Some(trying) = node.volatile.tries.get_mut(&txn) else { return };
    let may = match trying.phase {
        Phase::Asking => true,
        Phase::Voting | Phase::Preparing | Phase::Prepared => listens,
        Phase::Deciding(..) | Phase::Telling(_) => false,
    };
    if may {
        decide(node, txn, decided, cx);
        if let Some(trying) = node.volatile.tries.get_mut(&txn) {
            trying.phase = Phase::Deciding(decided, false);
        }
    }
}

/// Somebody asks. Whoever has no record of a transaction never sent PreCommit, and so it is aborted.
fn asked(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    if node.volatile.decided.get(&txn).is_none() && node.volatile.tries.contains_key(&txn) {
        cx.fire_noting(&rules::STAY_SILENT, Noted { peer: Some(from), ..Noted::epoch(txn) });
        return;
    }
    answer(node, from, txn, cx);
}

/// Somebody that was down as well asks how it stands.
fn state(node: &mut Machine, from: NodeId, (txn, number): (Txn, u32), cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get(&txn).filter(|_| node.volatile.decided.get(&txn).is_none()) else {
        return answer(node, from, txn, cx);
    };
    let back = trying.phase == Phase::Asking;
    let prepared = back || matches!(trying.phase, Phase::Prepared | Phase::Deciding(Decided::Commit, _));
    let stage = if prepared { Stage::Prepared } else { Stage::Uncertain };
    cx.fire_noting(&rules::STATE, Noted { peer: Some(from), ..Noted::epoch(txn) });
    let known = Known { stage, elected: FIRST, attempt: 0, back };
    cx.send(from, Message::State { txn, number, known });
}

/// Tells one participant what is decided; nothing while it is being decided.
fn answer(node: &mut Machine, to: NodeId, txn: Txn, cx: &mut Cx) {
    if let Some(decided) = node.volatile.decided.get(&txn) {
        cx.fire_noting(&rules::ANSWER, Noted { peer: Some(to), ..Noted::epoch(txn) });
        return cx.send(to, Message::of(*decided, txn));
    }
    if let Entry::Vacant(nothing) = node.volatile.tries.entry(txn) {
        nothing.insert(Trying::of(NodeSet::of(to), Phase::Deciding(Decided::Abort, true)));
        cx.fire_noting(&rules::ABORT_UNDECIDED, Noted::epoch(txn));
        node.durable.write(txn, What::Abort);
        cx.force(Timer::Decided(txn));
    }
}

/// What a log says of a transaction at the coordinator.
#[derive(Default)]
struct Left {
    participants: NodeSet,
    prepared: bool,
    decided: Option<Decided>,
}

/// The coordinator is back: what it had not prepared is aborted, what it had decided is told again; of what lies
/// between it asks, since others may have decided meanwhile.
pub fn boot(durable: &mut Durable, volatile: &mut Volatile, cx: &mut Cx) {
    let mut open: BTreeMap<Txn, Left> = BTreeMap::new();
    for Record { txn, what } in durable.log.iter() {
        match what {
            What::Start(participants, (client, serial)) => {
                open.insert(*txn, Left { participants: *participants, ..Left::default() });
                volatile.commands.insert(*client, (*serial, *txn));
            }
            What::PreCommit(_) => open.entry(*txn).or_default().prepared = true,
            What::End => drop(open.remove(txn)),
            _ => {
                if let Some(decided) = what.decision() {
                    volatile.decided.insert_mut(*txn, decided);
                    open.entry(*txn).or_default().decided = Some(decided);
                }
            }
        }
    }
    volatile.below = below_first_number(durable.newest(), cx.starts());
    volatile.given = volatile.below;
    for (txn, left) in open {
        resume(txn, &left, (durable, volatile), cx);
    }
}

fn resume(txn: Txn, left: &Left, (durable, volatile): (&mut Durable, &mut Volatile), cx: &mut Cx) {
    let phase = match left.decided {
        Some(_) if left.participants.count() == 0 => return,
        Some(decided) => {
            cx.fire_noting(&rules::TELL_AFTER_RESTART, Noted::epoch(txn));
            cx.send_all(left.participants.iter(), Message::of(decided, txn));
            Phase::Telling(decided)
        }
        None if left.prepared => {
            cx.fire_noting(&rules::ASK, Noted::epoch(txn));
            cx.send_all(left.participants.iter(), Message::Ask(txn));
            Phase::Asking
        }
        None => {
            cx.fire_noting(&rules::ABORT_UNDECIDED, Noted::epoch(txn));
            durable.write(txn, What::Abort);
            cx.force(Timer::Decided(txn));
            Phase::Deciding(Decided::Abort, true)
        }
    };
    volatile.tries.insert(txn, Trying::of(left.participants, phase));
    if !matches!(phase, Phase::Deciding(..)) {
        cx.set_timer(Timer::Again(txn), (cx.config().timeout, cx.config().timeout));
    }
}
