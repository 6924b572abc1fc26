//! What participants do among themselves when their coordinator is silent: the termination protocol (Skeen 1981; 7.5.2
//! of Bernstein, Hadzilacos and Goodman), with quorums (Skeen 1982), and with numbers (Keidar and Dolev 1998).
//!
//! Whoever waited in vain asks all how they stand. Whoever is asked by a higher neighbour takes over itself, so that
//! the lowest that is up leads; attempts bear numbers, and nobody who follows a newer one obeys an older.

use std::collections::BTreeMap;

use synod_engine::cx::Noted;
use synod_engine::names::NodeId;

use crate::node_set::NodeSet;

use crate::transactions::coordinator;

use super::coordinator::quorum;
use super::participant::{Machine, abort_instead, decide, move_to, wait, write};
use super::state::*;
use super::{Cx, mutants, rules};

/// It was down, and asks everyone what became of the transaction.
pub fn ask(work: &Work, txn: Txn, cx: &mut Cx) {
    cx.fire_noting(&rules::ASK, Noted::epoch(txn));
    let all = others(work, cx).into_iter().chain([coordinator(cx)]);
    cx.send_all(all, Message::Ask(txn));
    let timer = if work.stage == Stage::Uncertain { Timer::PreCommit(txn) } else { Timer::DoCommit(txn) };
    cx.set_timer(timer, (cx.config().wait(), cx.config().wait()));
}

fn others(work: &Work, cx: &Cx) -> Vec<NodeId> {
    let me = cx.me();
    work.participants.iter().filter(|one| *one != me).collect()
}

/// Whoever was down has no part in a termination that others lead, and none of those in one that it leads: what
/// they did meanwhile it cannot know. Where quorums decide, it makes no difference.
fn is_back(work: &Work, cx: &Cx) -> bool {
    work.back && cx.config().recovery == Recovery::Termination
}

/// The coordinator is silent: it begins an attempt that is newer than any that it knows.
pub fn take_over(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get(&txn) else { return };
    if cx.config().recovery == Recovery::Timeouts {
        return ask(work, txn, cx);
    }
    let number = work.leader.0 + 1;
    begin(node, txn, number, cx);
}

fn begin(node: &mut Machine, txn: Txn, number: u32, cx: &mut Cx) {
    let me = cx.me();
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    work.round = Some(Round { number, step: Step::Asking, known: BTreeMap::new(), acks: NodeSet::default() });
    for timer in [Timer::PreCommit(txn), Timer::DoCommit(txn), Timer::States(txn), Timer::Acks(txn)] {
        cx.cancel_timer(timer);
    }
    cx.fire_noting(&rules::TAKE_OVER, Noted { a: number, ..Noted::epoch(txn) });
    follow(node, txn, (me, number), cx);
}

/// It follows an attempt. In the termination protocol that is on its disk before it says how it stands: after a
/// total failure, those who followed the newest attempt know best.
fn follow(node: &mut Machine, txn: Txn, (leader, number): (NodeId, u32), cx: &mut Cx) {
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    work.leader = (number, leader);
    if cx.config().recovery != Recovery::Termination || work.back {
        return stand(node, txn, (leader, number), cx);
    }
    node.durable.write(txn, What::Elected(number));
    write(node, txn, Then::Follow { to: leader, number }, cx);
}

/// That it follows is on its disk.
pub fn follows(node: &mut Machine, txn: Txn, (to, number): (NodeId, u32), cx: &mut Cx) {
    if let Some(work) = node.volatile.works.get_mut(&txn) {
        work.elected = number;
        stand(node, txn, (to, number), cx);
    }
}

/// It says how it stands; whoever took over asks the others now.
fn stand(node: &mut Machine, txn: Txn, (to, number): (NodeId, u32), cx: &mut Cx) {
    let me = cx.me();
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    let known = work.known();
    if to != me {
        cx.fire_noting(&rules::STATE, Noted { peer: Some(to), ..Noted::epoch(txn) });
        cx.send(to, Message::State { txn, number, known });
        return wait(node, txn, cx);
    }
    let back = is_back(work, cx);
    let Some(step) = work.round.as_mut().map(|round| {
        round.known.insert(me, known);
        round.step
    }) else {
        return;
    };
    let mut asked = others(work, cx);
    if step == Step::Electing {
        cx.send_all(asked, Message::Elected { txn, number });
    } else {
        asked.extend(back.then(|| coordinator(cx)));
        cx.send_all(asked, Message::StateReq { txn, number, back });
    }
    cx.set_timer(Timer::States(txn), (cx.config().timeout, cx.config().timeout));
    go_on_if_all_said(node, txn, cx);
}

/// Somebody took over and asks. Whoever has decided says what; whoever has not voted says no, for ever.
pub fn asked_state(node: &mut Machine, from: NodeId, (txn, number, back): (Txn, u32, bool), cx: &mut Cx) {
    let about = Noted { peer: Some(from), ..Noted::epoch(txn) };
    if let Some(decided) = node.volatile.decided.get(&txn) {
        cx.fire_noting(&rules::ANSWER, about);
        return cx.send(from, Message::of(*decided, txn));
    }
    let me = cx.me();
    let voted = |work: &&mut Work| work.stage != Stage::Waiting;
    let Some(work) = node.volatile.works.get_mut(&txn).filter(voted) else {
        return abort_instead(node, from, txn, cx);
    };
    if is_back(work, cx) != back {
        work.asked.add(from);
        let known = work.known();
        cx.fire_noting(&rules::STATE, about);
        return cx.send(from, Message::State { txn, number, known });
    }
    let (mine, leader) = work.leader;
    if number < mine || (number == mine && from.0 > leader.0 && leader.0 != 0) {
        cx.fire_noting(&rules::IGNORE_OLDER, about);
    } else if me.0 < from.0 {
        if work.round.is_none() || mine < number {
            begin(node, txn, number, cx);
        }
    } else {
        work.round = None;
        cx.cancel_timer(Timer::States(txn));
        cx.cancel_timer(Timer::Acks(txn));
        follow(node, txn, (from, number), cx);
    }
}

/// Keidar and Dolev: it follows the number that whoever took over has found to be the newest.
pub fn elected(node: &mut Machine, from: NodeId, (txn, number): (Txn, u32), cx: &mut Cx) {
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    if from != work.leader.1 || number <= work.elected {
        return cx.fire_noting(&rules::IGNORE_OLDER, Noted { peer: Some(from), ..Noted::epoch(txn) });
    }
    elect(node, txn, (from, number), cx);
}

fn elect(node: &mut Machine, txn: Txn, (to, number): (NodeId, u32), cx: &mut Cx) {
    cx.fire_noting(&rules::FOLLOW, Noted { a: number, peer: Some(to), ..Noted::epoch(txn) });
    cx.cancel_timer(Timer::PreCommit(txn));
    cx.cancel_timer(Timer::DoCommit(txn));
    if cx.broken(&mutants::NUMBER_UNWRITTEN) {
        return follows(node, txn, (to, number), cx);
    }
    node.durable.write(txn, What::Elected(number));
    write(node, txn, Then::Follow { to, number }, cx);
}

/// Somebody says how it stands.
pub fn state(node: &mut Machine, from: NodeId, (txn, number): (Txn, u32), known: Known, cx: &mut Cx) {
    let Some(round) = node.volatile.works.get_mut(&txn).and_then(|work| work.round.as_mut()) else { return };
    let here = match round.step {
        Step::Asking => true,
        Step::Electing => known.elected == number,
        Step::Moving(_) => false,
    };
    if round.number == number && here {
        round.known.insert(from, known);
        go_on_if_all_said(node, txn, cx);
    }
}

fn go_on_if_all_said(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get(&txn) else { return };
    let Some(round) = &work.round else { return };
    let all = work.participants.count() + u32::from(is_back(work, cx));
    if round.known.len() as u32 >= all {
        states_are_in(node, txn, cx);
    }
}

pub fn states_are_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let asks = |round: &Round| !matches!(round.step, Step::Moving(_));
    let work = node.volatile.works.get(&txn).filter(|work| work.writing.is_none());
    if work.and_then(|work| work.round.as_ref()).is_some_and(asks) {
        states_are_in(node, txn, cx);
    }
}

/// It has heard from all who are there.
fn states_are_in(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    cx.cancel_timer(Timer::States(txn));
    match cx.config().recovery {
        Recovery::Timeouts => {}
        Recovery::Termination => terminate(node, txn, cx),
        Recovery::Quorum => decide_by_quorum(node, txn, cx),
        Recovery::E3pc => decide_by_number(node, txn, cx),
    }
}

/// The rules TR3 and TR4 of the termination protocol; TR1 and TR2 are what happens when somebody answers with a
/// decision.
fn terminate(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get(&txn) else { return };
    let Some(round) = &work.round else { return };
    let about = Noted::epoch(txn).with_nodes(round.known.keys().copied());
    let prepared = |known: &Known| known.stage == Stage::Prepared;
    let commits = if work.back {
        if round.known.values().any(|known| !known.back) {
            return give_up(node, txn, &rules::WAIT_FOR_OTHERS, cx);
        }
        cx.fire_noting(&rules::TOTAL_FAILURE, about);
        let newest = round.known.values().map(|known| known.elected).max();
        round.known.values().any(|known| Some(known.elected) == newest && prepared(known))
    } else {
        round.known.values().any(|known| !known.back && prepared(known))
    };
    if commits {
        cx.fire_noting(&rules::SOME_PREPARED, about);
        lead(node, txn, Decided::Commit, cx);
    } else {
        cx.fire_noting(&rules::ALL_UNCERTAIN, about);
        decide(node, txn, Decided::Abort, Reply::Nothing, cx);
    }
}

/// Skeen 1982: whoever is prepared stays so, and a quorum decides.
fn decide_by_quorum(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get(&txn) else { return };
    let Some(round) = &work.round else { return };
    let need = quorum(work.participants.count(), cx) as usize;
    let count = |stage: Stage| round.known.values().filter(|known| known.stage == stage).count();
    let (uncertain, prepared, pre_aborted) =
        (count(Stage::Uncertain), count(Stage::Prepared), count(Stage::PreAborted));
    let about = Noted::epoch(txn).with_nodes(round.known.keys().copied());
    let changes = if cx.broken(&mutants::CHANGE_SIDES) { pre_aborted } else { 0 };
    if prepared > 0 && prepared + uncertain + changes >= need {
        cx.fire_noting(&rules::QUORUM_COMMITS, about);
        lead(node, txn, Decided::Commit, cx);
    } else if pre_aborted + uncertain >= need {
        cx.fire_noting(&rules::QUORUM_ABORTS, about);
        lead(node, txn, Decided::Abort, cx);
    } else {
        give_up(node, txn, &rules::BLOCKED, cx);
    }
}

/// Keidar and Dolev 1998: those who moved last say where it goes.
fn decide_by_number(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let me = cx.me();
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    let need = quorum(work.participants.count(), cx) as usize;
    let Some(round) = &mut work.round else { return };
    if round.known.len() < need {
        return give_up(node, txn, &rules::BLOCKED, cx);
    }
    if round.step == Step::Asking {
        let newest = round.known.values().map(|known| known.elected).max().unwrap_or(FIRST);
        (round.step, round.number) = (Step::Electing, newest + 1);
        round.known.clear();
        return elect(node, txn, (me, newest + 1), cx);
    }
    let newest = round.known.values().map(|known| known.attempt).max().unwrap_or(0);
    let prepared = |known: &&Known| known.stage == Stage::Prepared;
    let commits = if cx.broken(&mutants::IGNORE_ATTEMPTS) {
        round.known.values().any(|known| prepared(&known))
    } else {
        newest > 0 && round.known.values().filter(|known| known.attempt == newest).all(|known| prepared(&known))
    };
    let about = Noted { a: newest, ..Noted::epoch(txn).with_nodes(round.known.keys().copied()) };
    cx.fire_noting(if commits { &rules::NEWEST_COMMITS } else { &rules::NEWEST_ABORTS }, about);
    lead(node, txn, if commits { Decided::Commit } else { Decided::Abort }, cx);
}

/// It moves first, and has the others move.
fn lead(node: &mut Machine, txn: Txn, decided: Decided, cx: &mut Cx) {
    let me = cx.me();
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    let Some(round) = &mut work.round else { return };
    round.step = Step::Moving(decided);
    let (number, to) = (round.number, stage_of(decided));
    if work.stage == to && cx.config().recovery != Recovery::E3pc {
        return moved_first(node, txn, cx);
    }
    move_to(node, txn, (me, number), to, cx);
}

fn stage_of(decided: Decided) -> Stage {
    match decided {
        Decided::Commit => Stage::Prepared,
        Decided::Abort => Stage::PreAborted,
    }
}

/// It has moved: now the others, of whom some stand there already.
pub fn moved_first(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let (me, recovery) = (cx.me(), cx.config().recovery);
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    let Some(round) = &mut work.round else { return wait(node, txn, cx) };
    let Step::Moving(decided) = round.step else { return };
    let (number, to, back) = (round.number, stage_of(decided), work.back);
    round.acks.add(me);
    let mut rest = Vec::new();
    for (one, known) in round.known.iter().filter(|(one, _)| **one != me && one.0 != 0) {
        if recovery == Recovery::Termination && known.back != back {
            continue;
        }
        if known.stage == to && recovery != Recovery::E3pc { round.acks.add(*one) } else { rest.push(*one) }
    }
    let message = match decided {
        Decided::Commit => Message::PreCommit { txn, number },
        Decided::Abort => Message::PreAbort { txn, number },
    };
    cx.fire_noting(&rules::MOVE_OTHERS, Noted::epoch(txn).with_nodes(rest.iter().copied()));
    cx.send_all(rest, message);
    cx.set_timer(Timer::Acks(txn), (cx.config().timeout, cx.config().timeout));
    decide_if_enough(node, txn, cx);
}

/// Another has moved.
pub fn acknowledged(node: &mut Machine, from: NodeId, (txn, number): (Txn, u32), cx: &mut Cx) {
    let Some(round) = node.volatile.works.get_mut(&txn).and_then(|work| work.round.as_mut()) else { return };
    if round.number == number && matches!(round.step, Step::Moving(_)) {
        round.acks.add(from);
        let have = round.acks.count();
        cx.fire_noting(&rules::COUNT_ACK, Noted { a: have, peer: Some(from), ..Noted::epoch(txn) });
        decide_if_enough(node, txn, cx);
    }
}

fn decide_if_enough(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let quorums = cx.config().quorums();
    let Some(work) = node.volatile.works.get(&txn) else { return };
    let Some(round) = &work.round else { return };
    let Step::Moving(decided) = round.step else { return };
    let of = work.participants.count();
    let need = if quorums { quorum(of, cx) } else { awaited(work, round) };
    if round.acks.count() >= need {
        if quorums {
            cx.won(txn, super::view::moved(work, round, need));
        }
        decide(node, txn, decided, Reply::Nothing, cx);
    }
}

/// How many are there whose acknowledgement it waits for.
fn awaited(work: &Work, round: &Round) -> u32 {
    round.known.iter().filter(|(one, known)| one.0 != 0 && known.back == work.back).count() as u32
}

/// Whoever is silent has crashed, if no message is late; where one may be, it tries again.
pub fn acks_are_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let work = node.volatile.works.get(&txn).filter(|work| work.writing.is_none());
    let Some(round) = work.and_then(|work| work.round.as_ref()) else { return };
    let Step::Moving(decided) = round.step else { return };
    if cx.config().quorums() {
        return give_up(node, txn, &rules::BLOCKED, cx);
    }
    cx.fire_noting(&rules::IGNORE_SILENT, Noted::epoch(txn));
    decide(node, txn, decided, Reply::Nothing, cx);
}

/// Nothing can be decided by those who are there: it waits, and tries again.
fn give_up(node: &mut Machine, txn: Txn, because: &'static synod_engine::protocol::Rule, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    let nodes = work.round.take().map(|round| round.known.into_keys().collect::<Vec<_>>()).unwrap_or_default();
    cx.cancel_timer(Timer::Acks(txn));
    cx.fire_noting(because, Noted::epoch(txn).with_nodes(nodes));
    wait(node, txn, cx);
}
