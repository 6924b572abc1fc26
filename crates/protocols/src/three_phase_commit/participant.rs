//! A participant's side: locks, votes, PreCommit and decisions. Whatever it says is on its disk before; what comes
//! while the disk writes waits its turn.

use std::rc::Rc;

use synod_engine::cx::Noted;
use synod_engine::names::NodeId;
use synod_engine::protocol::Node;

use crate::node_set::NodeSet;
use crate::transactions::coordinator;
use crate::transactions::log::written;
use crate::transactions::operation::Answer;
use crate::transactions::site::Released;

use super::recovery;
use super::state::*;
use super::{Cx, ThreePhaseCommit, mutants, rules};

pub type Machine = Node<ThreePhaseCommit>;

pub fn receive(node: &mut Machine, from: NodeId, message: Message, cx: &mut Cx) {
    let txn = message.txn();
    if let Some(work) = node.volatile.works.get_mut(&txn).filter(|work| work.writing.is_some()) {
        return work.inbox.push_back((from, message));
    }
    match message {
        Message::CanCommit { txn, writes, participants } => vote(node, txn, writes, participants, cx),
        Message::PreCommit { number, .. } => pre(node, from, (txn, number), Stage::Prepared, cx),
        Message::PreAbort { number, .. } => pre(node, from, (txn, number), Stage::PreAborted, cx),
        Message::DoCommit(_) => obey(node, from, txn, Decided::Commit, cx),
        Message::Abort(_) => obey(node, from, txn, Decided::Abort, cx),
        Message::Ask(_) => asked(node, from, txn, cx),
        Message::StateReq { number, back, .. } => recovery::asked_state(node, from, (txn, number, back), cx),
        Message::Elected { number, .. } => recovery::elected(node, from, (txn, number), cx),
        Message::State { number, known, .. } => recovery::state(node, from, (txn, number), known, cx),
        Message::Ack { number, .. } => recovery::acknowledged(node, from, (txn, number), cx),
        Message::Yes(_) | Message::No(_) | Message::Done(_) => {}
    }
}

/// Phase 1. Whoever has aborted already says so, however late the request comes.
fn vote(node: &mut Machine, txn: Txn, writes: Rc<[Write]>, participants: NodeSet, cx: &mut Cx) {
    node.volatile.newest = node.volatile.newest.max(txn);
    match node.volatile.works.get(&txn).map(|work| work.stage) {
        Some(Stage::Waiting) => return,
        Some(_) => return cx.send(coordinator(cx), Message::Yes(txn)),
        None => {}
    }
    match node.volatile.decided.get(&txn) {
        Some(Decided::Abort) => return cx.send(coordinator(cx), Message::No(txn)),
        Some(Decided::Commit) => return,
        None => {}
    }
    node.volatile.works.insert(txn, Work::new(writes.clone(), participants, coordinator(cx)));
    if std::mem::take(&mut node.volatile.site.vetoes) {
        return vote_no(node, txn, cx);
    }
    for holder in node.volatile.site.lock(txn, &writes) {
        cx.fire_noting(&rules::WAIT_FOR_LOCK, Noted { a: holder, ..Noted::epoch(txn) });
    }
    go_on(node, txn, cx);
    if node.volatile.works.get(&txn).is_some_and(|work| work.stage == Stage::Waiting && work.writing.is_none()) {
        cx.set_timer(Timer::Lock(txn), (cx.config().timeout, cx.config().timeout));
    }
}

/// When all locks are held the writes are done, and the yes is forced before it is said.
fn go_on(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Volatile { works, site, .. } = &mut node.volatile;
    let free = |work: &&mut Work| work.stage == Stage::Waiting && work.writing.is_none();
    let Some(work) = works.get_mut(&txn).filter(free) else { return };
    if !site.holds_all(txn, &work.writes) {
        return;
    }
    cx.cancel_timer(Timer::Lock(txn));
    cx.fire_noting(&rules::TAKE_LOCKS, Noted::epoch(txn));
    let changes = site.write(txn, &work.writes);
    let participants = work.participants;
    cx.fire_noting(&rules::VOTE_YES, Noted::epoch(txn));
    node.durable.write(txn, What::Yes { changes: changes.into(), participants });
    if cx.broken(&mutants::YES_BEFORE_WRITING) {
        cx.send(coordinator(cx), Message::Yes(txn));
    }
    write(node, txn, Then::Vote, cx);
}

/// What the log says now is to be safe before it goes on.
pub fn write(node: &mut Machine, txn: Txn, then: Then, cx: &mut Cx) {
    if let Some(work) = node.volatile.works.get_mut(&txn) {
        work.writing = Some(then);
        cx.force(Timer::Safe(txn));
    }
}

/// What it wrote is safe: it says so, and turns to what came meanwhile.
pub fn safe(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    let (then, inbox) = (work.writing.take(), std::mem::take(&mut work.inbox));
    match then {
        None => {}
        Some(Then::Vote) => voted(node, txn, cx),
        Some(Then::Move { to, number, stage }) => moved(node, txn, (to, number), stage, cx),
        Some(Then::Follow { to, number }) => recovery::follows(node, txn, (to, number), cx),
        Some(Then::Decide(decided, reply)) => settled(node, txn, decided, reply, cx),
    }
    for (from, message) in inbox {
        receive(node, from, message, cx);
    }
}

/// Its yes is on its disk. From here until the decision it may not decide alone.
fn voted(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    work.stage = Stage::Uncertain;
    if !cx.broken(&mutants::YES_BEFORE_WRITING) {
        cx.fire_noting(&rules::SEND_YES, Noted::epoch(txn));
        cx.send(coordinator(cx), Message::Yes(txn));
    }
    if cx.broken(&mutants::UNLOCK_EARLY) {
        release(node, txn, cx);
    }
    wait(node, txn, cx);
}

/// It waits for the next word of whom it follows.
pub fn wait(node: &Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get(&txn) else { return };
    let (now, other) = match work.stage {
        Stage::Waiting => return,
        Stage::Uncertain => (Timer::PreCommit(txn), Timer::DoCommit(txn)),
        Stage::Prepared | Stage::PreAborted => (Timer::DoCommit(txn), Timer::PreCommit(txn)),
    };
    cx.cancel_timer(other);
    cx.set_timer(now, (cx.config().wait(), cx.config().wait()));
}

fn vote_no(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    cx.fire_noting(&rules::VOTE_NO, Noted::epoch(txn));
    decide(node, txn, Decided::Abort, Reply::No, cx);
}

pub fn lock_is_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let waits = |work: &Work| work.stage == Stage::Waiting && work.writing.is_none();
    if node.volatile.works.get(&txn).is_some_and(waits) {
        cx.fire_noting(&rules::WAIT_IN_VAIN, Noted::epoch(txn));
        vote_no(node, txn, cx);
    }
}

/// Phase 2: it moves, where it follows whoever says so, and acknowledges it when that is on its disk. What is moved
/// stays so, unless attempts are numbered.
fn pre(node: &mut Machine, from: NodeId, (txn, number): (Txn, u32), to: Stage, cx: &mut Cx) {
    let numbered = cx.config().recovery == Recovery::E3pc;
    let Some(work) = node.volatile.works.get(&txn).filter(|work| work.stage != Stage::Waiting) else { return };
    let follows = from == work.leader.1 && number == if numbered { work.elected } else { work.leader.0 };
    let about = Noted { peer: Some(from), ..Noted::epoch(txn) };
    if !cx.unless(&mutants::OBEY_OLDER, follows) {
        return cx.fire_noting(&rules::IGNORE_OLDER, about);
    }
    let known = work.stage == to && !numbered;
    let may = numbered || work.stage == Stage::Uncertain || cx.broken(&mutants::CHANGE_SIDES);
    if known {
        cx.send(from, Message::Ack { txn, number });
        return wait(node, txn, cx);
    }
    if !may {
        return cx.fire_noting(&rules::STAY, about);
    }
    move_to(node, txn, (from, number), to, cx);
}

/// It writes where it stands from now on.
pub fn move_to(node: &mut Machine, txn: Txn, (to, number): (NodeId, u32), stage: Stage, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get(&txn) else { return };
    let attempt = if cx.config().recovery == Recovery::E3pc { work.elected } else { number };
    let (what, rule) = match stage {
        Stage::PreAborted => (What::PreAbort(attempt), &rules::MOVE_TO_PRE_ABORT),
        _ => (What::PreCommit(attempt), &rules::MOVE_TO_PRE_COMMIT),
    };
    cx.fire_noting(rule, Noted { peer: Some(to), ..Noted::epoch(txn) });
    node.durable.write(txn, what);
    cx.cancel_timer(Timer::PreCommit(txn));
    cx.cancel_timer(Timer::DoCommit(txn));
    if !cx.config().forced {
        return moved(node, txn, (to, number), stage, cx);
    }
    if cx.broken(&mutants::ACK_BEFORE_WRITING) && to != cx.me() {
        cx.send(to, Message::Ack { txn, number });
    }
    write(node, txn, Then::Move { to, number, stage }, cx);
}

fn moved(node: &mut Machine, txn: Txn, (to, number): (NodeId, u32), stage: Stage, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    work.stage = stage;
    work.attempt = if cx.config().recovery == Recovery::E3pc { work.elected } else { number };
    if to == cx.me() {
        return recovery::moved_first(node, txn, cx);
    }
    if !cx.broken(&mutants::ACK_BEFORE_WRITING) || !cx.config().forced {
        cx.send(to, Message::Ack { txn, number });
    }
    wait(node, txn, cx);
}

/// Phase 3: the decision comes. Whoever has it safe already only says so again.
fn obey(node: &mut Machine, from: NodeId, txn: Txn, decided: Decided, cx: &mut Cx) {
    let reply = if from == coordinator(cx) { Reply::Done } else { Reply::Nothing };
    if node.volatile.decided.get(&txn).is_some() {
        if reply == Reply::Done {
            cx.send(from, Message::Done(txn));
        }
        return;
    }
    let ordered = !cx.config().quorums() && from == coordinator(cx);
    match node.volatile.works.get(&txn) {
        // Whoever has answered another coordinator does not listen to the older any more.
        Some(work) if ordered && work.leader.1 != from && !work.back => {
            return cx.fire_noting(&rules::IGNORE_OLDER, Noted { peer: Some(from), ..Noted::epoch(txn) });
        }
        Some(_) => {}
        None => know(node, txn, cx),
    }
    decide(node, txn, decided, reply, cx);
}

/// A transaction that it never heard of: it has no part in it but to decide.
pub fn know(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let (none, writes) = (NodeSet::default(), Rc::from(Vec::new()));
    node.volatile.works.insert(txn, Work::new(writes, none, coordinator(cx)));
    node.volatile.newest = node.volatile.newest.max(txn);
}

/// Writes a decision and forces it; locks are kept until it is safe.
pub fn decide(node: &mut Machine, txn: Txn, decided: Decided, reply: Reply, cx: &mut Cx) {
    let timers = [Timer::PreCommit(txn), Timer::DoCommit(txn), Timer::Lock(txn), Timer::States(txn), Timer::Acks(txn)];
    timers.into_iter().for_each(|timer| cx.cancel_timer(timer));
    cx.fire_noting(
        if decided == Decided::Commit { &rules::OBEY_COMMIT } else { &rules::OBEY_ABORT },
        Noted::epoch(txn),
    );
    node.durable.write(txn, decided.into());
    let undoes = decided == Decided::Abort && !cx.broken(&mutants::NO_UNDO);
    if undoes && node.volatile.site.undo(node.durable.changes(txn)) {
        cx.fire_noting(&rules::UNDO, Noted::epoch(txn));
    }
    write(node, txn, Then::Decide(decided, reply), cx);
}

/// The decision is safe: locks are given up, pages are written back some time, and it is said, to all where it took
/// over.
fn settled(node: &mut Machine, txn: Txn, decided: Decided, reply: Reply, cx: &mut Cx) {
    node.volatile.decided.insert_mut(txn, decided);
    release(node, txn, cx);
    let Some(work) = node.volatile.works.remove(&txn) else { return };
    node.durable.pages = node.volatile.site.cache.clone();
    match reply {
        Reply::Done => cx.send(coordinator(cx), Message::Done(txn)),
        Reply::No => cx.send(coordinator(cx), Message::No(txn)),
        Reply::Nothing => {}
    }
    let mut told = work.asked;
    if work.round.is_some() {
        work.participants.iter().for_each(|one| told.add(one));
    }
    let told = told.without(cx.me());
    if told.count() > 0 {
        cx.fire_noting(&rules::TELL_OTHERS, Noted::epoch(txn).with_nodes(told.iter()));
        cx.send_all(told.iter(), Message::of(decided, txn));
    }
}

/// Gives up the locks of a transaction, and its places in queues. Who is first in a queue has the key then.
fn release(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Released { readers, granted } = node.volatile.site.release(txn);
    for ((client, serial), value) in readers {
        cx.answer(client, serial, Answer::Value(value));
    }
    granted.into_iter().for_each(|next| go_on(node, next, cx));
}

/// It waited for PreCommit in vain.
pub fn pre_commit_is_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    if waits_in(node, txn, |stage| stage == Stage::Uncertain) {
        if cx.config().recovery != Recovery::Timeouts || is_back(node, txn) {
            return recovery::take_over(node, txn, cx);
        }
        cx.fire_noting(&rules::ABORT_ALONE, Noted { a: txn, ..Noted::epoch(txn) });
        decide(node, txn, Decided::Abort, Reply::Nothing, cx);
    }
}

/// It waited for DoCommit in vain.
pub fn do_commit_is_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    if waits_in(node, txn, |stage| matches!(stage, Stage::Prepared | Stage::PreAborted)) {
        if cx.config().recovery != Recovery::Timeouts || is_back(node, txn) {
            return recovery::take_over(node, txn, cx);
        }
        cx.fire_noting(&rules::COMMIT_ALONE, Noted { a: txn, ..Noted::epoch(txn) });
        decide(node, txn, Decided::Commit, Reply::Nothing, cx);
    }
}

fn waits_in(node: &Machine, txn: Txn, stage: impl Fn(Stage) -> bool) -> bool {
    node.volatile.works.get(&txn).is_some_and(|work| work.writing.is_none() && stage(work.stage))
}

fn is_back(node: &Machine, txn: Txn) -> bool {
    node.volatile.works.get(&txn).is_some_and(|work| work.back)
}

/// Somebody who was down, or has stepped back, asks. Whoever has not voted can still say no, and so aborts; whoever
/// is undecided too tells when it is not any more.
fn asked(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    let about = Noted { peer: Some(from), ..Noted::epoch(txn) };
    if let Some(decided) = node.volatile.decided.get(&txn) {
        cx.fire_noting(&rules::ANSWER, about);
        return cx.send(from, Message::of(*decided, txn));
    }
    match node.volatile.works.get_mut(&txn) {
        Some(work) if work.stage != Stage::Waiting => {
            work.asked.add(from);
            cx.fire_noting(&rules::STAY_SILENT, about);
        }
        _ => abort_instead(node, from, txn, cx),
    }
}

/// Whoever has not voted says no, for ever.
pub fn abort_instead(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    if !node.volatile.works.contains_key(&txn) {
        know(node, txn, cx);
    }
    if let Some(work) = node.volatile.works.get_mut(&txn) {
        work.asked.add(from);
    }
    cx.fire_noting(&rules::ABORT_INSTEAD, Noted { peer: Some(from), ..Noted::epoch(txn) });
    decide(node, txn, Decided::Abort, Reply::No, cx);
}

/// A participant is back: the log mends the pages, and what it said yes to is open again.
pub fn boot(durable: &Durable, volatile: &mut Volatile, cx: &mut Cx) {
    volatile.site.cache = durable.pages.clone();
    for Record { txn, what } in durable.log.iter() {
        match what {
            What::Yes { changes, participants } => {
                if !cx.broken(&mutants::NO_REDO) {
                    volatile.site.redo(*txn, changes);
                }
                let work = Work::new(written(changes), *participants, coordinator(cx));
                volatile.works.insert(*txn, Work { stage: Stage::Uncertain, back: true, ..work });
            }
            What::Commit | What::Abort => {
                if *what == What::Abort && !cx.broken(&mutants::NO_UNDO) {
                    volatile.site.undo(durable.changes(*txn));
                }
                volatile.works.remove(txn);
                what.decision().into_iter().for_each(|decided| volatile.decided.insert_mut(*txn, decided));
            }
            What::PreCommit(_) | What::PreAbort(_) | What::Elected(_) => {
                if let Some(work) = volatile.works.get_mut(txn) {
                    reread(work, what);
                }
            }
            What::Start(..) | What::End => {}
        }
    }
    let open: Vec<Txn> = volatile.works.keys().copied().collect();
    for txn in open {
        volatile.site.lock(txn, &volatile.works[&txn].writes);
        cx.fire_noting(&rules::OPEN_AGAIN, Noted::epoch(txn));
        recovery::ask(&volatile.works[&txn], txn, cx);
    }
}

/// Where it stood, and whose attempt it followed.
fn reread(work: &mut Work, what: &What) {
    match what {
        What::PreCommit(attempt) => (work.stage, work.attempt) = (Stage::Prepared, *attempt),
        What::PreAbort(attempt) => (work.stage, work.attempt) = (Stage::PreAborted, *attempt),
        What::Elected(number) => {
            work.elected = *number;
            work.leader.0 = *number;
        }
        _ => {}
    }
}
