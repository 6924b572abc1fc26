//! A participant's side (7.4): locks, votes, decisions; the termination protocol (7.4.1) and recovery (7.4.3).

use std::collections::btree_map::Entry;
use std::rc::Rc;

use synod_engine::cx::Noted;
use synod_engine::names::NodeId;
use synod_engine::protocol::Node;

use crate::node_set::NodeSet;
use crate::transactions::coordinator;
use crate::transactions::log::written;
use crate::transactions::operation::Answer;
use crate::transactions::site::Released;

use super::state::*;
use super::{Cx, TwoPhaseCommit, mutants, rules};

type Machine = Node<TwoPhaseCommit>;

pub fn receive(node: &mut Machine, from: NodeId, message: Message, cx: &mut Cx) {
    match message {
        Message::VoteReq { txn, writes, participants } => vote(node, txn, writes, participants, cx),
        Message::Commit(txn) => obey(node, txn, Decided::Commit, cx),
        Message::Abort(txn) => obey(node, txn, Decided::Abort, cx),
        Message::DecisionReq(txn) => asked(node, from, txn, cx),
        Message::Yes(_) | Message::No(_) | Message::Read(_) | Message::Ack(_) => {}
    }
}

/// Step 1. Whoever has aborted already says so, however late the request comes.
fn vote(node: &mut Machine, txn: Txn, writes: Rc<[Write]>, participants: NodeSet, cx: &mut Cx) {
    node.volatile.newest = node.volatile.newest.max(txn);
    match node.volatile.works.get(&txn).map(|work| work.stage) {
        Some(Stage::Uncertain) => return cx.send(coordinator(cx), Message::Yes(txn)),
        Some(_) => return,
        None => {}
    }
    match node.volatile.decided.get(&txn) {
        Some(Decided::Abort) if !cx.broken(&mutants::LATE_REQUEST) => {
            return cx.send(coordinator(cx), Message::No(txn));
        }
        Some(Decided::Commit) => return,
        _ => drop(node.volatile.decided.remove_mut(&txn)),
    }
    let asked = NodeSet::default();
    node.volatile.works.insert(txn, Work { writes: writes.clone(), participants, stage: Stage::Waiting, asked });
    if std::mem::take(&mut node.volatile.site.vetoes) {
        return vote_no(node, txn, cx);
    }
    for holder in node.volatile.site.lock(txn, &writes) {
        cx.fire_noting(&rules::WAIT_FOR_LOCK, Noted { a: holder, ..Noted::epoch(txn) });
    }
    go_on(node, txn, cx);
    if node.volatile.works.get(&txn).is_some_and(|work| work.stage == Stage::Waiting) {
        cx.set_timer(Timer::Lock(txn), (cx.config().timeout, cx.config().timeout));
    }
}

/// Step 2, when all locks are held: the writes are done, and the yes is forced before it is said.
fn go_on(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Volatile { works, site, .. } = &mut node.volatile;
    let Some(work) = works.get_mut(&txn).filter(|work| work.stage == Stage::Waiting) else { return };
    if !site.holds_all(txn, &work.writes) {
        return;
    }
    cx.cancel_timer(Timer::Lock(txn));
    cx.fire_noting(&rules::TAKE_LOCKS, Noted::epoch(txn));
    let changes = site.write(txn, &work.writes);
    if cx.config().read_only && changes.is_empty() {
        return vote_read(node, txn, cx);
    }
    work.stage = Stage::Voting;
    let participants = work.participants;
    if cx.broken(&mutants::YES_UNWRITTEN) {
        return voted(node, txn, cx);
    }
    cx.fire_noting(&rules::VOTE_YES, Noted::epoch(txn));
    node.durable.write(txn, What::Yes { changes: changes.into(), participants });
    cx.force(Timer::Voted(txn));
    if cx.broken(&mutants::YES_BEFORE_WRITING) {
        cx.send(coordinator(cx), Message::Yes(txn));
    }
}

/// Its yes is on its disk. From here until the decision it may not decide alone.
pub fn voted(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get_mut(&txn).filter(|work| work.stage == Stage::Voting) else { return };
    work.stage = Stage::Uncertain;
    if !cx.broken(&mutants::YES_BEFORE_WRITING) {
        cx.fire_noting(&rules::SEND_YES, Noted::epoch(txn));
        cx.send(coordinator(cx), Message::Yes(txn));
    }
    if cx.broken(&mutants::UNLOCK_EARLY) {
        release(node, txn, cx);
    }
    wait(txn, cx);
}

fn wait(txn: Txn, cx: &mut Cx) {
    let Config { timeout, heuristic, .. } = *cx.config();
    cx.set_timer(Timer::Decision(txn), (timeout, timeout));
    if heuristic != Heuristic::None {
        cx.set_timer(Timer::Heuristic(txn), (3 * timeout, 3 * timeout));
    }
}

/// It wrote nothing, and what becomes of the transaction is nothing to it (R*): no record, and no second phase.
fn vote_read(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    cx.fire_noting(&rules::VOTE_READ, Noted::epoch(txn));
    cx.send(coordinator(cx), Message::Read(txn));
    leave(node, txn, cx);
}

fn leave(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    release(node, txn, cx);
    node.volatile.works.remove(&txn);
}

/// Step 3. A reader's no needs no record either.
fn vote_no(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    cx.fire_noting(&rules::VOTE_NO, Noted::epoch(txn));
    if node.volatile.works.get(&txn).is_some_and(|work| leaves(work, cx.config())) {
        cx.cancel_timer(Timer::Lock(txn));
        cx.send(coordinator(cx), Message::No(txn));
        return leave(node, txn, cx);
    }
    decide(node, txn, Decided::Abort, Reply::No, cx);
}

/// Whether this share of a transaction only reads, and has no part in the second phase.
fn leaves(work: &Work, config: &Config) -> bool {
    config.read_only && only_reads(&work.writes)
}

pub fn lock_is_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    if node.volatile.works.get(&txn).is_some_and(|work| work.stage == Stage::Waiting) {
        cx.fire_noting(&rules::WAIT_IN_VAIN, Noted::epoch(txn));
        vote_no(node, txn, cx);
    }
}

/// The decision comes. Whoever has it safe already only says so again.
fn obey(node: &mut Machine, txn: Txn, decided: Decided, cx: &mut Cx) {
    if let Some(known) = node.volatile.decided.get(&txn).copied() {
        note_damage(node, txn, known != decided, cx);
        return if cx.config().presumed() != Some(decided) {
            cx.send(coordinator(cx), Message::Ack(txn))
        };
    }
    match node.volatile.works.get(&txn).map(|work| work.stage) {
        Some(Stage::Deciding(..)) => return,
        Some(_) => {}
        None => {
            node.volatile.works.insert(txn, Work::unasked(Stage::Waiting));
            node.volatile.newest = node.volatile.newest.max(txn);
        }
    }
    decide(node, txn, decided, Reply::Ack, cx);
}

/// What it decided alone was not what was decided (XA: heuristic mixed). That too is written down.
fn note_damage(node: &mut Machine, txn: Txn, differs: bool, cx: &mut Cx) {
    let durable = &mut node.durable;
    if differs && durable.has(txn, &What::Heuristic) && !durable.has(txn, &What::Mixed) {
        cx.fire_noting(&rules::FIND_DAMAGE, Noted::epoch(txn));
        durable.write(txn, What::Mixed);
    }
}

/// Writes a decision and forces it; locks are kept until it is safe. What the absence of a record means is not forced:
/// but nobody is told of a participant's own abort before it is.
fn decide(node: &mut Machine, txn: Txn, decided: Decided, reply: Reply, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get_mut(&txn) else { return };
    work.stage = Stage::Deciding(decided, reply);
    for timer in [Timer::Decision(txn), Timer::Heuristic(txn), Timer::Lock(txn)] {
        cx.cancel_timer(timer);
    }
    cx.fire_noting(
        if decided == Decided::Commit { &rules::OBEY_COMMIT } else { &rules::OBEY_ABORT },
        Noted::epoch(txn),
    );
    node.durable.write(txn, decided.into());
    let undoes = decided == Decided::Abort && !cx.broken(&mutants::NO_UNDO);
    if undoes && node.volatile.site.undo(node.durable.changes(txn)) {
        cx.fire_noting(&rules::UNDO, Noted::epoch(txn));
    }
    let asked = node.volatile.works.get(&txn).is_some_and(|work| work.asked.count() > 0);
    if cx.config().presumed() == Some(decided) && reply != Reply::Nothing && !asked {
        if reply == Reply::No {
            node.volatile.own.insert(txn);
            cx.send(coordinator(cx), Message::No(txn));
        }
        return finish(node, txn, decided, cx);
    }
    cx.force(Timer::Decided(txn));
    if cx.broken(&mutants::ACK_BEFORE_WRITING) && reply == Reply::Ack {
        cx.send(coordinator(cx), Message::Ack(txn));
    }
}

/// The decision is safe, and is said.
pub fn decided(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(Work { stage: Stage::Deciding(decided, reply), asked, .. }) = node.volatile.works.get(&txn).cloned()
    else {
        return;
    };
    node.volatile.own.remove(&txn);
    finish(node, txn, decided, cx);
    match reply {
        Reply::Ack if !cx.broken(&mutants::ACK_BEFORE_WRITING) => cx.send(coordinator(cx), Message::Ack(txn)),
        Reply::No => cx.send(coordinator(cx), Message::No(txn)),
        _ => {}
    }
    cx.send_all(asked.iter(), Message::of(decided, txn));
}

/// Locks are given up, and pages are written back some time.
fn finish(node: &mut Machine, txn: Txn, decided: Decided, cx: &mut Cx) {
    node.volatile.decided.insert_mut(txn, decided);
    leave(node, txn, cx);
    node.durable.pages = node.volatile.site.cache.clone();
}

/// Gives up the locks of a transaction, and its places in queues. Who is first in a queue has the key then.
fn release(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Released { readers, granted } = node.volatile.site.release(txn);
    for ((client, serial), value) in readers {
        cx.answer(client, serial, Answer::Value(value));
    }
    granted.into_iter().for_each(|next| go_on(node, next, cx));
}

/// The termination protocol (7.4.1): it asks, and asks again.
pub fn decision_is_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(work) = node.volatile.works.get(&txn).filter(|work| work.stage == Stage::Uncertain) else { return };
    let (participants, me) = (work.participants, cx.me());
    if cx.broken(&mutants::ABORT_UNCERTAIN) {
        return decide(node, txn, Decided::Abort, Reply::Nothing, cx);
    }
    if cx.broken(&mutants::COMMIT_UNCERTAIN) {
        return decide(node, txn, Decided::Commit, Reply::Nothing, cx);
    }
    let Config { timeout, termination, .. } = *cx.config();
    if termination != Termination::None {
        let others = participants.iter().filter(|one| termination == Termination::Cooperative && *one != me);
        let asked: Vec<NodeId> = std::iter::once(coordinator(cx)).chain(others).collect();
        cx.fire_noting(&rules::ASK, Noted::epoch(txn));
        cx.send_all(asked, Message::DecisionReq(txn));
        cx.set_timer(Timer::Decision(txn), (timeout, timeout));
    }
}

/// Another participant asks. Whoever has not voted can still say no, and so aborts; whoever is uncertain too
/// cannot help, and nor can a reader, who may have voted and forgotten.
fn asked(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    let about = Noted { peer: Some(from), ..Noted::epoch(txn) };
    if let Some(decided) = node.volatile.decided.get(&txn).copied() {
        if !node.volatile.own.contains(&txn) || cx.broken(&mutants::TELL_UNFORCED) {
            cx.fire_noting(&rules::ANSWER, about);
            return cx.send(from, Message::of(decided, txn));
        }
        // Its own abort is to be on its disk before another relies on it.
        if let Entry::Vacant(nothing) = node.volatile.works.entry(txn) {
            nothing.insert(Work::unasked(Stage::Deciding(decided, Reply::Nothing)));
            cx.force(Timer::Decided(txn));
        }
    }
    let config = cx.config();
    match node.volatile.works.get_mut(&txn) {
        Some(work) if matches!(work.stage, Stage::Deciding(..)) => return work.asked.add(from),
        Some(work) if work.stage != Stage::Waiting || leaves(work, config) => {
            return cx.fire_noting(&rules::STAY_SILENT, about);
        }
        Some(work) => work.asked.add(from),
        None if config.read_only => return cx.fire_noting(&rules::STAY_SILENT, about),
        None => {
            let work = Work { asked: NodeSet::of(from), ..Work::unasked(Stage::Waiting) };
            node.volatile.works.insert(txn, work);
            node.volatile.newest = node.volatile.newest.max(txn);
        }
    }
    cx.fire_noting(&rules::ABORT_INSTEAD, about);
    decide(node, txn, Decided::Abort, Reply::No, cx);
}

/// Nothing a protocol allows: its operator wants the locks back.
pub fn operator_decides(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let decided = match cx.config().heuristic {
        Heuristic::None => return,
        Heuristic::Abort => Decided::Abort,
        Heuristic::Commit => Decided::Commit,
    };
    if node.volatile.works.get(&txn).is_some_and(|work| work.stage == Stage::Uncertain) {
        cx.fire_noting(&rules::DECIDE_ALONE, Noted::epoch(txn));
        node.durable.write(txn, What::Heuristic);
        decide(node, txn, decided, Reply::Nothing, cx);
    }
}

/// A participant is back (7.4.3): the log mends the pages, and what it said yes to is uncertain again.
pub fn boot(durable: &Durable, volatile: &mut Volatile, cx: &mut Cx) {
    volatile.site.cache = durable.pages.clone();
    for Record { txn, what } in durable.log.iter() {
        match what {
            What::Yes { changes, participants } => {
                if !cx.broken(&mutants::NO_REDO) {
                    volatile.site.redo(*txn, changes);
                }
                let writes = written(changes);
                let (participants, asked) = (*participants, NodeSet::default());
                volatile.works.insert(*txn, Work { writes, participants, stage: Stage::Uncertain, asked });
            }
            What::Commit | What::Abort => {
                if *what == What::Abort && !cx.broken(&mutants::NO_UNDO) {
                    volatile.site.undo(durable.changes(*txn));
                }
                volatile.works.remove(txn);
                what.decision().into_iter().for_each(|decided| volatile.decided.insert_mut(*txn, decided));
            }
            What::Start(..) | What::Collecting(..) | What::Heuristic | What::Mixed | What::End => {}
        }
    }
    for (txn, work) in &volatile.works {
        volatile.site.lock(*txn, &work.writes);
        cx.fire_noting(&rules::UNCERTAIN_AGAIN, Noted::epoch(*txn));
        wait(*txn, cx);
    }
}
