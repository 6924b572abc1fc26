//! The leader's side of the three phases.

use synod_engine::prelude::*;

use crate::node_set::NodeSet;

use super::delivery::{answer_waiters, deliver_up_to};
use super::election::look;
use super::state::*;
use super::{Cx, Zab, mutants, rules};

type Server = Node<Zab>;

/// How many are enough, counted with the leader itself.
fn quorum(cx: &Cx) -> u32 {
    let majority = cx.config().majority();
    if cx.broken(&mutants::MINORITY) { majority - 1 } else { majority }
}

/// Those of them who have a vote.
fn voters<'a>(of: impl Iterator<Item = NodeId> + 'a, cx: &Cx<'a>) -> impl Iterator<Item = NodeId> + 'a {
    let config = cx.config();
    of.filter(|one| config.votes(*one))
}

fn observers<'a>(of: impl Iterator<Item = NodeId> + 'a, cx: &Cx<'a>) -> impl Iterator<Item = NodeId> + 'a {
    let config = cx.config();
    of.filter(|one| !config.votes(*one))
}

/// It was elected: it waits for those who would follow.
pub fn lead(node: &mut Server, cx: &mut Cx) {
    cx.fire(&rules::LEAD);
    node.volatile.role = Role::Leading(Leading::default());
    cx.set_timer(Timer::Wait, cx.config().timeout);
    choose_epoch(node, cx);
}

/// Phase 1: somebody would follow. One that comes late is told the epoch at once.
pub fn connect(node: &mut Server, from: NodeId, accepted: Epoch, cx: &mut Cx) {
    let Some(leading) = node.volatile.role.leading_mut() else { return };
    let (stage, history) = (Stage::Connected, None);
    let (current, last, committed) = (0, Zxid::default(), Zxid::default());
    let learner = Learner { stage, accepted, current, last, history, counts: false, committed };
    leading.learners.insert(from, learner);
    leading.heard.add(from);
    match leading.epoch {
        0 => choose_epoch(node, cx),
        epoch => cx.send(from, Message::NewEpoch { epoch }),
    }
}

/// A quorum has said what it accepted: the new epoch is above all of that.
fn choose_epoch(node: &mut Server, cx: &mut Cx) {
    let Some(leading) = node.volatile.role.leading_mut() else { return };
    if voters(leading.learners.keys().copied(), cx).count() as u32 + 1 < quorum(cx) {
        return;
    }
    let greatest = leading.learners.values().map(|learner| learner.accepted).chain([node.durable.accepted]).max();
    let greatest = greatest.unwrap_or_default();
    leading.epoch = greatest + 1;
    let epoch = leading.epoch;
    node.durable.accepted = epoch;
    cx.fire_noting(&rules::NEW_EPOCH, Noted { a: epoch, ..Noted::default() });
    let learners: Vec<NodeId> = leading.learners.keys().copied().collect();
    cx.send_all(learners, Message::NewEpoch { epoch });
    take_history(node, cx);
}

/// Somebody accepts the epoch, and says whose history it has.
pub fn accepted(node: &mut Server, from: NodeId, message: Message, cx: &mut Cx) {
    let Message::AckE { epoch, current, last, history, counts } = message else { return };
    let Some(leading) = node.volatile.role.leading_mut().filter(|leading| leading.epoch == epoch) else { return };
    let Some(learner) = leading.learners.get_mut(&from) else { return };
    (learner.stage, learner.current, learner.last) = (Stage::Promised, current, last);
    (learner.history, learner.counts) = (history, learner.counts || counts);
    leading.heard.add(from);
    match leading.phase {
        Phase::Discovery => take_history(node, cx),
        _ => synchronise(node, from, cx),
    }
}

/// A quorum has accepted the epoch: the history of whoever stands in the newest epoch, and of these the longest, is
/// where the new epoch begins.
fn take_history(node: &mut Server, cx: &mut Cx) {
    let Server { volatile, durable, .. } = node;
    let Some(leading) = volatile.role.leading_mut() else { return };
    let promised = leading.at_least(Stage::Promised).filter(|one| leading.learners[one].counts);
    let promised: Vec<NodeId> = voters(promised, cx).collect();
    if promised.len() as u32 + 1 < quorum(cx) || leading.epoch == 0 {
        return;
    }
    cx.won(leading.epoch, tally(&promised, cx));
    let by_promise = cx.broken(&mutants::PROMISE_FOR_HISTORY);
    let own = (if by_promise { durable.accepted } else { durable.current }, durable.last());
    let has = |one: &NodeId| {
        let learner = &leading.learners[one];
        (if by_promise { learner.accepted } else { learner.current }, learner.last)
    };
    let best = promised.iter().copied().filter(|one| has(one) > own).max_by_key(has);
    if let Some(best) = best {
        if cx.config().sync == Sync::Zookeeper && !cx.broken(&mutants::ELECT_BY_NAME) {
            cx.fire_noting(&rules::GIVE_UP, Noted::peer(best));
            return look(node, cx);
        }
        if let Some(history) = leading.learners[&best].history.clone() {
            cx.fire_noting(&rules::TAKE_HISTORY, Noted::peer(best));
            durable.history = history;
        }
    }
    durable.current = leading.epoch;
    leading.phase = Phase::Synchronisation;
    cx.fire_noting(&rules::BEGIN_EPOCH, Noted { a: durable.history.len() as u32, ..Noted::default() });
    let waiting: Vec<NodeId> = leading.at_least(Stage::Promised).collect();
    for one in waiting {
        synchronise(node, one, cx);
    }
    cx.set_timer(Timer::Ping, (cx.config().heartbeat, cx.config().heartbeat));
    established(node, cx);
}

fn tally(others: &[NodeId], cx: &Cx) -> Tally {
    let agree: NodeSet = others.iter().copied().chain([cx.me()]).collect();
    agree.tally(NodeSet::default(), cx.config().voters)
}

/// Phase 2: it is sent the leader's history, or what it lacks of it.
fn synchronise(node: &mut Server, to: NodeId, cx: &mut Cx) {
    let Server { volatile, durable, .. } = node;
    let delivered = volatile.delivered;
    let Some(leading) = volatile.role.leading_mut() else { return };
    let epoch = leading.epoch;
    // Nothing is proposed to whoever only observes: it hears of the rest once that is committed.
    let only_committed = leading.phase == Phase::Broadcast && !cx.config().votes(to);
    let end = if only_committed { delivered } else { durable.history.len() };
    let whole = || {
        let mut history = durable.history.clone();
        history.truncate(end);
        history
    };
    let Some(learner) = leading.learners.get_mut(&to) else { return };
    (learner.stage, learner.committed, learner.history) = (Stage::Synchronising, durable.at(delivered), None);
    if cx.config().sync == Sync::Paper {
        cx.fire_noting(&rules::NEW_LEADER, Noted::peer(to));
        return cx.send(to, Message::NewLeader { epoch, last: durable.at(end), history: Some(whole()) });
    }
    // LearnerHandler: what both have is the longest beginning up to the follower's last transaction.
    let last = learner.last;
    let same = durable.up_to(last).min(end);
    let oldest = end.saturating_sub(cx.config().kept as usize);
    let about = Noted { a: (end - same) as u32, ..Noted::peer(to) };
    if same < oldest {
        cx.fire_noting(&rules::SEND_SNAP, about);
        cx.send(to, Message::Snap { epoch, history: whole() });
    } else {
        if durable.at(same) != last {
            let cut = durable.at(same);
            cx.fire_noting(&rules::SEND_TRUNC, Noted { a: cut.counter, ..Noted::peer(to) });
            cx.send(to, Message::Trunc { epoch, to: cut });
        }
        let txns: Vec<Txn> = durable.history.iter_from(same).take(end - same).copied().collect();
        if !txns.is_empty() {
            cx.fire_noting(&rules::SEND_DIFF, about);
            cx.send(to, Message::Diff { epoch, after: durable.at(same), txns });
        }
    }
    cx.fire_noting(&rules::NEW_LEADER, Noted::peer(to));
    cx.send(to, Message::NewLeader { epoch, last: durable.at(end), history: None });
}

/// Somebody has the leader's history.
pub fn has_history(node: &mut Server, from: NodeId, epoch: Epoch, cx: &mut Cx) {
    let Some(leading) = node.volatile.role.leading_mut().filter(|leading| leading.epoch == epoch) else { return };
    let Some(learner) = leading.learners.get_mut(&from) else { return };
    learner.stage = Stage::Active;
    let then = learner.committed;
    leading.heard.add(from);
    if leading.phase < Phase::Broadcast {
        return established(node, cx);
    }
    let now = node.durable.at(node.volatile.delivered);
    let committed = if cx.broken(&mutants::OLD_COMMIT) { then } else { now };
    cx.send(from, Message::CommitLd { epoch, committed });
}

/// A quorum has the leader's history: all of it is committed, and the leader broadcasts.
fn established(node: &mut Server, cx: &mut Cx) {
    let Some(leading) = node.volatile.role.leading_mut() else { return };
    let active: Vec<NodeId> = leading.at_least(Stage::Active).collect();
    let have: Vec<NodeId> = voters(active.iter().copied(), cx).collect();
    if leading.phase != Phase::Synchronisation || have.len() as u32 + 1 < quorum(cx) {
        return;
    }
    leading.phase = Phase::Broadcast;
    let (epoch, committed) = (leading.epoch, node.durable.last());
    cx.fire_noting(&rules::ESTABLISH, Noted::default().with_nodes(have));
    cx.send_all(active, Message::CommitLd { epoch, committed });
    deliver_up_to(node, committed, cx);
}

/// A client's command.
pub fn asked(node: &mut Server, command: Command, cx: &mut Cx) {
    if let Some(answer) = node.durable.answered(&node.volatile.replica, command.client, command.serial) {
        cx.fire(&rules::ANSWER_AGAIN);
        return cx.answer(command.client, command.serial, answer);
    }
    propose(node, command, Waits::Write, cx);
}

/// A command of a follower's client. What is delivered here the follower hears of as all do.
pub fn forwarded(node: &mut Server, from: NodeId, command: Command, cx: &mut Cx) {
    let Some(leading) = node.volatile.role.leading() else { return };
    let is_active = leading.learners.get(&from).is_some_and(|learner| learner.stage >= Stage::Active);
    if is_active && leading.phase == Phase::Broadcast && node.volatile.replica.done(command.client) < command.serial {
        propose(node, command, Waits::Forwarded, cx);
    }
}

/// Phase 3: it gets the next number. A retry of what is open does not get another.
fn propose(node: &mut Server, command: Command, kind: Waits, cx: &mut Cx) {
    let Server { volatile, durable, .. } = node;
    let Some(leading) = volatile.role.leading_mut() else { return };
    let (client, serial) = (command.client, command.serial);
    let mut same = leading.waiters.iter_mut().filter(|one| (one.client, one.serial) == (client, serial));
    if let Some(open) = same.find(|one| matches!(one.kind, Waits::Write | Waits::Forwarded)) {
        // The client came itself: it is answered here.
        open.kind = if kind == Waits::Write { kind } else { open.kind };
        return;
    }
    let epoch = leading.epoch;
    let zxid = durable.last().next_in(epoch);
    let txn = Txn { zxid, command };
    durable.history.push(txn);
    leading.waiters.push(Waiter { zxid, client, serial, kind });
    leading.open.push((zxid, NodeSet::default()));
    let to = if cx.broken(&mutants::PROPOSE_TO_ACTIVE) { Stage::Active } else { Stage::Synchronising };
    let to: Vec<NodeId> = voters(leading.at_least(to), cx).collect();
    cx.fire_noting(&rules::PROPOSE, Noted { a: zxid.counter, ..Noted::default() });
    cx.send_all(to, Message::Propose { epoch, txn });
    acknowledged(node, cx.me(), epoch, zxid, cx);
}

/// Whoever has a transaction has all before it. One is committed when a quorum has it, and all before it are.
pub fn acknowledged(node: &mut Server, from: NodeId, epoch: Epoch, zxid: Zxid, cx: &mut Cx) {
    let me = cx.me();
    let majority = cx.config().majority();
    let need = if cx.broken(&mutants::COMMIT_EARLY) { majority - 1 } else { majority };
    let Some(leading) = node.volatile.role.leading_mut().filter(|leading| leading.epoch == epoch) else { return };
    if from != me && leading.learners.get(&from).is_none_or(|learner| learner.stage < Stage::Active) {
        return;
    }
    leading.heard.add(from);
    if !cx.config().votes(from) {
        return;
    }
    leading.open.iter_mut().filter(|(open, _)| *open <= zxid).for_each(|(_, acks)| acks.add(from));
    while let Some(leading) = node.volatile.role.leading_mut()
        && let Some((open, acks)) = leading.open.first().copied().filter(|(_, acks)| acks.count() >= need)
    {
        leading.open.remove(0);
        cx.won(epoch, acks.tally(NodeSet::default(), cx.config().voters));
        cx.fire_noting(&rules::COMMIT, Noted { a: open.counter, ..Noted::default() }.with_nodes(acks.iter()));
        tell_committed(leading, &node.durable, open, cx);
        deliver_up_to(node, open, cx);
    }
}

/// Followers have it, and are told its number. Whoever only observes is told what it is.
fn tell_committed(leading: &Leading, durable: &Durable, zxid: Zxid, cx: &mut Cx) {
    let epoch = leading.epoch;
    let followers: Vec<NodeId> = voters(leading.at_least(Stage::Active), cx).collect();
    cx.send_all(followers, Message::Commit { epoch, zxid });
    let observers: Vec<NodeId> = observers(leading.at_least(Stage::Synchronising), cx).collect();
    if let Some(txn) = durable.up_to(zxid).checked_sub(1).and_then(|at| durable.history.get(at)) {
        cx.send_all(observers, Message::Inform { epoch, txn: *txn });
    }
}

/// A client's `sync` comes after all that was proposed before it.
pub fn sync(node: &mut Server, kind: Waits, (client, serial): (ClientId, u32), cx: &mut Cx) {
    let last = node.volatile.role.leading().and_then(|leading| leading.open.last()).map(|(zxid, _)| *zxid);
    let Some(leading) = node.volatile.role.leading_mut().filter(|leading| leading.phase == Phase::Broadcast) else {
        return;
    };
    leading.waiters.retain(|one| (one.client, one.serial) != (client, serial));
    leading.waiters.push(Waiter { zxid: last.unwrap_or_default(), client, serial, kind });
    answer_waiters(node, cx);
}

pub fn ping(node: &mut Server, cx: &mut Cx) {
    let (last, committed) = (node.durable.last(), node.durable.at(node.volatile.delivered));
    let Some(leading) = node.volatile.role.leading() else { return };
    let epoch = leading.epoch;
    let to: Vec<NodeId> = voters(leading.at_least(Stage::Synchronising), cx).collect();
    cx.send_all(to, Message::Ping { epoch, last, committed });
    let to: Vec<NodeId> = observers(leading.at_least(Stage::Synchronising), cx).collect();
    cx.send_all(to, Message::Ping { epoch, last: committed, committed });
    cx.set_timer(Timer::Ping, (cx.config().heartbeat, cx.config().heartbeat));
}

/// A follower lives; what it has counts as acknowledged.
pub fn pong(node: &mut Server, from: NodeId, epoch: Epoch, last: Zxid, cx: &mut Cx) {
    acknowledged(node, from, epoch, last, cx);
}

/// Whether a quorum was heard of since it last looked; if not, it leads no more.
pub fn looked_around(node: &mut Server, cx: &mut Cx) {
    let me = cx.me();
    let Some(leading) = node.volatile.role.leading_mut() else { return };
    let mut heard = std::mem::take(&mut leading.heard);
    heard.add(me);
    let is_late = leading.phase != Phase::Broadcast;
    if is_late || (voters(heard.iter(), cx).count() as u32) < cx.config().majority() {
        cx.fire(&rules::LEAVE);
        return look(node, cx);
    }
    cx.set_timer(Timer::Wait, cx.config().timeout);
}
