//! Phase 2 for each slot, what follows from a choice, and clients.

use synod_engine::prelude::*;

use crate::node_set::NodeSet;

use super::leading::{follow, propose, refuse};
use super::state::*;
use super::{Cx, MultiPaxos, mutants, rules};
use crate::timers::Timer;

type Server = Node<MultiPaxos>;

/// Slots that one message of catching up carries, and that a heartbeat sends again.
const MOST_SLOTS: u32 = 64;

pub fn record(node: &mut Server, slot: Slot, vote: Vote) {
    node.durable.log.set(slot, vote);
}

/// A client's command takes the next slot. Whoever does not lead says who does, if it knows.
pub fn request(node: &mut Server, request: Request<MultiPaxos>, cx: &mut Cx) {
    let Request { client, serial, operation, .. } = request;
    if let Some(answer) = node.volatile.replica.answer(client, serial) {
        cx.fire(&rules::ANSWER_AGAIN);
        return cx.answer(client, serial, answer);
    }
    let leader = node.volatile.leader;
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        match leader.filter(|leader| *leader != cx.me()) {
            Some(leader) => {
                cx.fire_noting(&rules::REDIRECT_CLIENT, Noted::peer(leader));
                cx.redirect(client, serial, leader);
            }
            None => {
                cx.fire(&rules::REFUSE_CLIENT);
                cx.refuse(client, serial);
            }
        }
        return;
    };
    if leadership.waiters.iter().any(|waiter| (waiter.client, waiter.serial) == (client, serial)) {
        return;
    }
    let slot = node.durable.log.last() + 1;
    leadership.waiters.push(Waiter { slot, client, serial });
    cx.fire_noting(&rules::PROPOSE, Noted::number(slot));
    propose(node, slot, Some(Command { client, serial, operation }), cx);
}

/// Phase 2b.
pub fn accept(node: &mut Server, from: NodeId, slot: Slot, vote: Vote, chosen: Slot, cx: &mut Cx) {
    let kept = vote.ballot >= node.durable.promised;
    if !cx.unless(&mutants::ACCEPT_BELOW_PROMISE, kept) {
        return refuse(node, from, vote.ballot, cx);
    }
    follow(node, vote.ballot, Some(from), cx);
    if slot > node.volatile.applied {
        record(node, slot, vote);
    }
    cx.fire_noting(&rules::ACCEPT, Noted { a: slot, ..Noted::peer(from) });
    cx.send(from, Message::Accepted { ballot: vote.ballot, slot });
    told_chosen(node, vote.ballot, chosen, cx);
}

/// A slot is chosen once a majority accepted it in this ballot, whatever the slots before it are.
pub fn accepted(node: &mut Server, from: NodeId, ballot: Ballot, slot: Slot, cx: &mut Cx) {
    let current = ballot == node.durable.promised;
    let Some(leadership) = node.volatile.role.leadership_mut().filter(|_| current) else {
        return;
    };
    let Some(at) = leadership.open.iter().position(|(open, _)| *open == slot) else {
        return;
    };
    leadership.open[at].1.add(from);
    let accepts = leadership.open[at].1;
    let almost = accepts.count() + 1 >= cx.majority() && cx.broken(&mutants::MINORITY_CHOOSES);
    if accepts.count() < cx.majority() && !almost {
        return;
    }
    leadership.open.remove(at);
    cx.won(ballot, accepts.tally(NodeSet::default(), cx.nodes()));
    cx.fire_noting(&rules::CHOOSE, Noted::number(slot).with_nodes(accepts.iter()));
    choose(node, slot);
    apply(node, cx);
}

fn choose(node: &mut Server, slot: Slot) {
    let chosen = &mut node.volatile.chosen;
    if slot > node.volatile.applied
        && let Err(at) = chosen.binary_search(&slot)
    {
        chosen.insert(at, slot);
    }
}

/// Applies what is chosen, in order and without a gap, and answers whoever waits for it.
fn apply(node: &mut Server, cx: &mut Cx) {
    let volatile = &mut node.volatile;
    while let Some(&slot) = volatile.chosen.first() {
        let next = slot == volatile.applied + 1;
        if !cx.unless(&mutants::APPLY_WITH_HOLE, next) {
            break;
        }
        volatile.chosen.remove(0);
        volatile.applied = slot;
        let Some(command) = node.durable.log.get(slot).and_then(|vote| vote.command) else {
            continue;
        };
        let new = command.serial > volatile.replica.done(command.client);
        if cx.unless(&mutants::APPLY_TWICE, new) {
            volatile.replica.apply(&command, slot);
        }
    }
    let (applied, replica) = (volatile.applied, &volatile.replica);
    if let Some(leadership) = volatile.role.leadership_mut() {
        leadership.waiters.retain(|waiter| {
            if waiter.slot > applied {
                return true;
            }
            if let Some(answer) = replica.answer(waiter.client, waiter.serial) {
                cx.answer(waiter.client, waiter.serial, answer);
            }
            false
        });
    }
}

/// The leader says that everything up to a slot is chosen. What a follower accepted in the
/// leader's own ballot is what was chosen; a vote of an older ballot may be something else.
fn told_chosen(node: &mut Server, ballot: Ballot, chosen: Slot, cx: &mut Cx) {
    let before = node.volatile.applied;
    for slot in before + 1..=chosen {
        let Some(vote) = node.durable.log.get(slot) else {
            break;
        };
        let same_ballot = vote.ballot == ballot;
        if !cx.unless(&mutants::BARE_COMMIT_NOTICE, same_ballot) {
            break;
        }
        choose(node, slot);
    }
    apply(node, cx);
    if node.volatile.applied > before {
        cx.fire_noting(&rules::LEARN_CHOSEN, Noted::number(node.volatile.applied));
    }
}

/// The leader shows that it is alive, and asks again for what is not accepted yet.
pub fn heartbeat(node: &mut Server, cx: &mut Cx) {
    let (ballot, chosen) = (node.durable.promised, node.volatile.applied);
    let last = node.durable.log.last();
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    cx.set_timer(Timer::Heartbeat, (cx.config().heartbeat, cx.config().heartbeat));
    let old = std::mem::replace(&mut leadership.proposed_before, last);
    for (slot, accepts) in leadership.open.iter().filter(|(slot, _)| *slot <= old).take(MOST_SLOTS as usize) {
        let command = node.durable.log.get(*slot).and_then(|vote| vote.command);
        let message = Message::Accept { ballot, slot: *slot, command, chosen };
        cx.send_all(cx.others().filter(|peer| !accepts.has(*peer)), message);
    }
    cx.broadcast(Message::Heartbeat { ballot, chosen });
}

pub fn hear_heartbeat(node: &mut Server, from: NodeId, ballot: Ballot, chosen: Slot, cx: &mut Cx) {
    if ballot < node.durable.promised {
        return refuse(node, from, ballot, cx);
    }
    follow(node, ballot, Some(from), cx);
    told_chosen(node, ballot, chosen, cx);
    cx.send(from, Message::HeartbeatReply { ballot, applied: node.volatile.applied, told: chosen });
}

/// Who could not apply what it was told of lacks a vote of this ballot: it is sent what was chosen.
pub fn hear_progress(node: &mut Server, from: NodeId, ballot: Ballot, applied: Slot, told: Slot, cx: &mut Cx) {
    let leads = node.volatile.role.leadership().is_some() && ballot == node.durable.promised;
    if !leads || applied >= told {
        return;
    }
    let last = told.min(applied + MOST_SLOTS);
    let commands = (applied + 1..=last).map(|slot| node.durable.log.get(slot).and_then(|vote| vote.command)).collect();
    cx.fire_noting(&rules::CATCH_UP, Noted { a: applied + 1, ..Noted::peer(from) });
    cx.send(from, Message::Chosen { ballot, first: applied + 1, commands, told });
}

/// Learns what was chosen from the present leader. A chosen value is the only one that can ever
/// be proposed in its slot, so this counts as a vote in the leader's ballot.
pub fn learn(node: &mut Server, from: NodeId, ballot: Ballot, first: Slot, commands: &[Option<Command>], cx: &mut Cx) {
    if ballot < node.durable.promised {
        return refuse(node, from, ballot, cx);
    }
    follow(node, ballot, Some(from), cx);
    let before = node.volatile.applied;
    for (command, slot) in commands.iter().zip(first..).filter(|(_, slot)| *slot > before) {
        record(node, slot, Vote { ballot, command: *command });
        choose(node, slot);
    }
    apply(node, cx);
    if node.volatile.applied > before {
        cx.fire_noting(&rules::LEARN_CHOSEN, Noted::number(node.volatile.applied));
    }
}
