//! A follower's side of the three phases.

use synod_engine::prelude::*;

use super::delivery::deliver_up_to;
use super::election::look;
use super::state::*;
use super::{Cx, Zab, mutants, rules};

type Server = Node<Zab>;

/// Whether it follows this one, and is this far at least.
fn follows(node: &Server, from: NodeId, phase: Phase) -> bool {
    node.volatile.role.following().is_some_and(|following| following.leader == from && following.phase >= phase)
}

/// The same in the leader's present epoch.
fn in_epoch(node: &Server, from: NodeId, epoch: Epoch, phase: Phase) -> bool {
    follows(node, from, phase) && node.durable.current == epoch
}

/// Phase 1: it takes part in no older epoch from now on. Whoever has accepted this one already does not count again.
/// Whoever has accepted a newer one goes back to phase 0, but not before its wait is over: the others still follow this
/// leader, and would send it there again at once.
pub fn new_epoch(node: &mut Server, from: NodeId, epoch: Epoch, cx: &mut Cx) {
    if !follows(node, from, Phase::Discovery) {
        return;
    }
    let accepted = node.durable.accepted;
    if epoch < accepted {
        return;
    }
    let counts = epoch > accepted;
    node.durable.accepted = epoch;
    if cx.broken(&mutants::EPOCH_BEFORE_HISTORY) {
        node.durable.current = epoch;
    }
    if let Some(following) = node.volatile.role.following_mut() {
        (following.promised, following.phase) = (true, Phase::Discovery);
    }
    cx.fire_noting(&rules::ACCEPT_EPOCH, Noted { a: epoch, ..Noted::peer(from) });
    cx.set_timer(Timer::Wait, cx.config().timeout);
    let history = (cx.config().sync == Sync::Paper).then(|| node.durable.history.clone());
    let (current, last) = (node.durable.current, node.durable.last());
    cx.send(from, Message::AckE { epoch, current, last, history, counts });
}

fn synchronises(node: &Server, from: NodeId, epoch: Epoch) -> bool {
    let promised = node.volatile.role.following().is_some_and(|following| following.promised);
    follows(node, from, Phase::Discovery) && promised && node.durable.accepted == epoch
}

/// TRUNC: what it has too much was never committed. What it has taken of this epoch it has acknowledged, and keeps.
pub fn truncate(node: &mut Server, from: NodeId, epoch: Epoch, to: Zxid, cx: &mut Cx) {
    if synchronises(node, from, epoch) && node.durable.current != epoch && !cx.broken(&mutants::NO_TRUNCATE) {
        cx.fire_noting(&rules::TRUNCATE, Noted { a: to.counter, ..Noted::epoch(to.epoch) });
        let kept = node.durable.up_to(to);
        node.durable.history.truncate(kept);
    }
}

/// DIFF: what it lacks. On one connection a TRUNC before it cannot be lost: here it is looked at what it goes on from.
pub fn extend(node: &mut Server, from: NodeId, epoch: Epoch, (after, txns): (Zxid, &[Txn]), cx: &mut Cx) {
    let has_all = txns.last().is_some_and(|txn| node.durable.has(txn.zxid));
    if !synchronises(node, from, epoch) || has_all {
        return;
    }
    if cx.unless(&mutants::NO_TRUNCATE, node.durable.last() == after) {
        cx.fire_noting(&rules::TAKE_DIFF, Noted::number(txns.len() as u32));
        txns.iter().for_each(|txn| node.durable.history.push(*txn));
    } else {
        cx.fire_noting(&rules::MISS, Noted { a: after.counter, ..Noted::peer(from) });
        look(node, cx);
    }
}

/// SNAP: all of it.
pub fn take_all(node: &mut Server, from: NodeId, epoch: Epoch, history: History, cx: &mut Cx) {
    let is_old = node.durable.current == epoch && history.len() <= node.durable.history.len();
    if synchronises(node, from, epoch) && !is_old {
        cx.fire_noting(&rules::TAKE_SNAP, Noted::number(history.len() as u32));
        node.durable.history = history;
    }
}

/// Phase 2: whose history it has is written together with the history itself.
pub fn new_leader(
    node: &mut Server,
    from: NodeId,
    (epoch, last): (Epoch, Zxid),
    history: Option<History>,
    cx: &mut Cx,
) {
    if !synchronises(node, from, epoch) {
        return;
    }
    // On one connection TRUNC and DIFF cannot be lost and this arrive: here it is looked at.
    let is_same = history.is_some() || node.durable.last() == last;
    if !cx.unless(&mutants::NO_TRUNCATE, is_same) {
        cx.fire_noting(&rules::MISS, Noted { a: last.counter, ..Noted::peer(from) });
        return look(node, cx);
    }
    let is_again = std::mem::replace(&mut node.durable.current, epoch) == epoch;
    if let Some(history) = history {
        let longer = node.durable.history.len() > history.len();
        if !(longer && (is_again || cx.broken(&mutants::NO_TRUNCATE))) {
            node.durable.history = history;
        }
    }
    if let Some(following) = node.volatile.role.following_mut() {
        following.phase = Phase::Synchronisation;
    }
    cx.fire_noting(&rules::ACCEPT_HISTORY, Noted { a: node.durable.history.len() as u32, ..Noted::peer(from) });
    cx.set_timer(Timer::Wait, cx.config().timeout);
    cx.send(from, Message::AckLd { epoch });
}

/// The leader is established: all of its history counts.
pub fn commit_leader(node: &mut Server, from: NodeId, epoch: Epoch, committed: Zxid, cx: &mut Cx) {
    if !in_epoch(node, from, epoch, Phase::Synchronisation) {
        return;
    }
    if let Some(following) = node.volatile.role.following_mut() {
        following.phase = Phase::Broadcast;
    }
    cx.fire_noting(&rules::GO_ACTIVE, Noted::peer(from));
    deliver_up_to(node, committed, cx);
}

/// Phase 3: it takes the next transaction only; what it has is acknowledged again.
pub fn propose(node: &mut Server, from: NodeId, epoch: Epoch, txn: Txn, cx: &mut Cx) {
    if !in_epoch(node, from, epoch, Phase::Synchronisation) {
        return;
    }
    let last = node.durable.last();
    let known = txn.zxid <= last && !cx.broken(&mutants::TAKE_TWICE);
    if !known && txn.zxid > last.next_in(epoch) {
        cx.fire_noting(&rules::MISS, Noted { a: txn.zxid.counter, ..Noted::peer(from) });
        return look(node, cx);
    }
    if !known {
        cx.fire_noting(&rules::ACCEPT_PROPOSAL, Noted { a: txn.zxid.counter, ..Noted::peer(from) });
        node.durable.history.push(txn);
        if cx.broken(&mutants::DELIVER_EARLY) {
            deliver_up_to(node, txn.zxid, cx);
        }
    }
    cx.send(from, Message::Ack { epoch, zxid: txn.zxid });
}

/// What is committed is delivered, in its order.
pub fn commit(node: &mut Server, from: NodeId, epoch: Epoch, zxid: Zxid, cx: &mut Cx) {
    if !in_epoch(node, from, epoch, Phase::Broadcast) {
        return;
    }
    let at = node.durable.up_to(zxid);
    if !node.durable.has(zxid) || at > node.volatile.delivered + 1 {
        cx.fire_noting(&rules::MISS, Noted { a: zxid.counter, ..Noted::peer(from) });
        if !node.durable.has(zxid) {
            return look(node, cx);
        }
    }
    deliver_up_to(node, zxid, cx);
}

/// What is committed, for one that it was not proposed to: it writes it, and delivers it once its epoch is established.
pub fn inform(node: &mut Server, from: NodeId, epoch: Epoch, txn: Txn, cx: &mut Cx) {
    if !in_epoch(node, from, epoch, Phase::Synchronisation) {
        return;
    }
    let last = node.durable.last();
    if txn.zxid > last.next_in(epoch) {
        cx.fire_noting(&rules::MISS, Noted { a: txn.zxid.counter, ..Noted::peer(from) });
        return look(node, cx);
    }
    if txn.zxid > last {
        cx.fire_noting(&rules::TAKE_INFORM, Noted { a: txn.zxid.counter, ..Noted::peer(from) });
        node.durable.history.push(txn);
    }
    if follows(node, from, Phase::Broadcast) {
        deliver_up_to(node, txn.zxid, cx);
    }
}

/// A sign of life of its leader, which tells how far all is: what was lost on the way is missed now.
pub fn ping(node: &mut Server, from: NodeId, epoch: Epoch, (last, committed): (Zxid, Zxid), cx: &mut Cx) {
    if !in_epoch(node, from, epoch, Phase::Synchronisation) {
        return;
    }
    cx.set_timer(Timer::Wait, cx.config().timeout);
    if !node.durable.has(last) {
        cx.fire_noting(&rules::MISS, Noted { a: last.counter, ..Noted::peer(from) });
        return look(node, cx);
    }
    if follows(node, from, Phase::Broadcast) {
        deliver_up_to(node, committed, cx);
    }
    cx.send(from, Message::Pong { epoch, last: node.durable.last() });
}

/// What the leader had proposed is delivered here: the client may read.
pub fn synced(node: &mut Server, from: NodeId, (client, serial): (ClientId, u32), cx: &mut Cx) {
    if !follows(node, from, Phase::Broadcast) {
        return;
    }
    let index = node.volatile.delivered as u32;
    let Some(following) = node.volatile.role.following_mut() else { return };
    let waits = following.syncing.iter().position(|one| *one == (client, serial));
    if let Some(at) = waits {
        following.syncing.remove(at);
        cx.fire(&rules::SYNC);
        cx.answer(client, serial, node.durable.answer(Default::default(), index));
    }
}

/// Its leader is silent.
pub fn waited(node: &mut Server, cx: &mut Cx) {
    cx.fire(&rules::LEAVE);
    look(node, cx);
}
