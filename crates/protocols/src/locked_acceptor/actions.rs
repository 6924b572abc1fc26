//! Both sides of the lock: `prepare`, `accept`, `release`, and the proposer's two steps.

use synod_engine::prelude::*;

use crate::propose::{Chosen, Propose};
use crate::word::Word;

use super::state::*;
use super::{ACCEPTOR, Cx, LockedAcceptor, PROPOSERS, mutants, rules};

type Machine = Node<LockedAcceptor>;

fn acceptor(cx: &Cx) -> NodeId {
    cx.roster().group(ACCEPTOR).next().unwrap_or(NodeId(0))
}

/// A client asks for a value. The acceptor sends it to a proposer.
pub fn propose(node: &mut Machine, request: Request<LockedAcceptor>, cx: &mut Cx) {
    let Request { client, serial, operation: Propose(value), .. } = request;
    if cx.me() == acceptor(cx) {
        let count = cx.roster().count(PROPOSERS);
        if let Some(proposer) = cx.roster().group(PROPOSERS).nth((client.0 % count) as usize) {
            cx.redirect(client, serial, proposer);
        }
        return;
    }
    let volatile = &mut node.volatile;
    if let Some(known) = volatile.known {
        return cx.answer(client, serial, Chosen(known));
    }
    volatile.clients.retain(|(waiting, _)| *waiting != client);
    volatile.clients.push((client, serial));
    volatile.wants.get_or_insert(value);
    if volatile.phase == Phase::Idle {
        begin(node, cx);
    }
}

/// Step 1: ask for the lock, and for what is decided so far.
fn begin(node: &mut Machine, cx: &mut Cx) {
    if let Some(value) = node.volatile.wants.filter(|_| cx.broken(&mutants::NO_LOCK)) {
        node.volatile.phase = Phase::Accepting;
        return say(Message::Accept(value), cx);
    }
    node.volatile.phase = Phase::Locking;
    cx.fire(&rules::ASK_FOR_LOCK);
    say(Message::Prepare, cx);
}

fn say(message: Message, cx: &mut Cx) {
    cx.send(acceptor(cx), message);
    cx.set_timer(Timer::Retry, (cx.config().retry, cx.config().retry));
}

/// No answer came in time, or the lock was taken.
pub fn retry(node: &mut Machine, cx: &mut Cx) {
    match (node.volatile.phase, node.volatile.wants) {
        (Phase::Locking, _) => begin(node, cx),
        (Phase::Accepting, Some(value)) => say(Message::Accept(value), cx),
        _ => {}
    }
}

pub fn receive(node: &mut Machine, from: NodeId, message: Message, cx: &mut Cx) {
    match message {
        Message::Prepare => lock(node, from, cx),
        Message::Accept(value) => accept(node, from, value, cx),
        Message::Release => release(node, from, cx),
        Message::Locked(decided) => locked(node, decided, cx),
        Message::Busy => busy(node, cx),
        Message::Decided(value) => learn(node, value, cx),
    }
}

/// `Acceptor::prepare`: one at a time. Whoever holds the lock already is told so again.
fn lock(node: &mut Machine, from: NodeId, cx: &mut Cx) {
    let free = node.durable.lock.is_none_or(|holder| holder == from);
    if !cx.unless(&mutants::GRANT_TWICE, free) {
        cx.fire_noting(&rules::REFUSE_LOCK, Noted::peer(from));
        return cx.send(from, Message::Busy);
    }
    node.durable.lock = Some(from);
    cx.fire_noting(&rules::GRANT_LOCK, Noted::peer(from));
    cx.send(from, Message::Locked(node.durable.value));
}

/// Step 2: if nothing is decided, decide; if something is, give the lock back and take it.
fn locked(node: &mut Machine, decided: Option<Word>, cx: &mut Cx) {
    if let Some(value) = decided.filter(|_| !cx.broken(&mutants::OVERWRITE)) {
        cx.fire(&rules::GIVE_BACK);
        cx.send(acceptor(cx), Message::Release);
        return learn(node, value, cx);
    }
    // A lock that it no longer waits for came late: it gives it back.
    let Some(value) = node.volatile.wants.filter(|_| node.volatile.phase == Phase::Locking) else {
        if node.volatile.phase == Phase::Idle {
            cx.send(acceptor(cx), Message::Release);
        }
        return;
    };
    node.volatile.phase = Phase::Accepting;
    cx.fire(&rules::PROPOSE);
    say(Message::Accept(value), cx);
}

/// `Acceptor::accept`: from the holder of the lock, and only while nothing is decided.
fn accept(node: &mut Machine, from: NodeId, value: Word, cx: &mut Cx) {
    let undecided = node.durable.value.is_none();
    if !cx.unless(&mutants::OVERWRITE, undecided) {
        if let Some(decided) = node.durable.value {
            cx.send(from, Message::Decided(decided));
        }
        return;
    }
    let holds = node.durable.lock == Some(from);
    if !cx.unless(&mutants::NO_LOCK, holds) {
        return cx.send(from, Message::Busy);
    }
    node.durable.value = Some(value);
    node.durable.lock = None;
    cx.fire_noting(&rules::DECIDE, Noted::peer(from));
    cx.send(from, Message::Decided(value));
}

/// `Acceptor::release`.
fn release(node: &mut Machine, from: NodeId, cx: &mut Cx) {
    if node.durable.lock == Some(from) {
        node.durable.lock = None;
        cx.fire_noting(&rules::TAKE_BACK, Noted::peer(from));
    }
}

fn busy(node: &mut Machine, cx: &mut Cx) {
    if node.volatile.phase != Phase::Idle {
        node.volatile.phase = Phase::Locking;
        cx.set_timer(Timer::Retry, (cx.config().retry, cx.config().retry));
    }
}

fn learn(node: &mut Machine, value: Word, cx: &mut Cx) {
    cx.cancel_timer(Timer::Retry);
    node.volatile.phase = Phase::Idle;
    node.volatile.known = Some(value);
    for (client, serial) in std::mem::take(&mut node.volatile.clients) {
        cx.answer(client, serial, Chosen(value));
    }
}
