//! What follows from a commit, and clients.

use synod_engine::prelude::*;

use super::leading;
use super::operation::Operation;
use super::state::*;
use super::{Cx, Zab, mutants, rules};

type Server = Node<Zab>;

/// Delivers what is committed, in its order, and answers whoever waits for it.
pub fn deliver_up_to(node: &mut Server, zxid: Zxid, cx: &mut Cx) {
    let until = node.durable.up_to(zxid);
    let Server { volatile, durable, .. } = node;
    if until <= volatile.delivered {
        return;
    }
    while let Some(txn) = durable.history.get(volatile.delivered).filter(|_| volatile.delivered < until) {
        volatile.delivered += 1;
        if txn.command.serial > volatile.replica.done(txn.command.client) {
            volatile.replica.apply(&txn.command, volatile.delivered as u32);
        }
    }
    answer_forwarded(volatile, durable, cx);
    cx.fire_noting(&rules::DELIVER, Noted { a: zxid.counter, ..Noted::epoch(zxid.epoch) });
    answer_waiters(node, cx);
}

/// The leader answers those whose transaction is delivered, or all before their `sync`.
pub fn answer_waiters(node: &mut Server, cx: &mut Cx) {
    let Server { volatile: Volatile { role, replica, delivered, .. }, durable, .. } = node;
    let Some(leading) = role.leading_mut() else { return };
    let (reached, index) = (durable.at(*delivered), *delivered as u32);
    leading.waiters.retain(|waiter| {
        let Waiter { zxid, client, serial, kind } = *waiter;
        if zxid > reached {
            return true;
        }
        match kind {
            Waits::Write => {
                let answer = durable.answered(replica, client, serial);
                answer.into_iter().for_each(|answer| cx.answer(client, serial, answer));
            }
            Waits::Sync => cx.answer(client, serial, durable.answer(Default::default(), index)),
            Waits::SyncAt(at) => cx.send(at, Message::Synced { client, serial }),
            Waits::Forwarded => {}
        }
        false
    });
}

/// A follower answers those whose writes it passed on, once it has delivered them itself.
fn answer_forwarded(Volatile { role, replica, .. }: &mut Volatile, durable: &Durable, cx: &mut Cx) {
    let Some(following) = role.following_mut() else { return };
    following.forwarded.retain(|(client, serial)| {
        let answer = durable.answered(replica, *client, *serial);
        answer.into_iter().for_each(|answer| cx.answer(*client, *serial, answer));
        answer.is_none()
    });
}

/// Reads are answered by the server that is asked, and writes by the leader.
pub fn request(node: &mut Server, request: Request<Zab>, cx: &mut Cx) {
    let Request { client, serial, receipt, operation } = request;
    if node.volatile.role.phase() != Some(Phase::Broadcast) {
        let may = matches!(&node.volatile.role, Role::Leading(leading) if leading.phase == Phase::Synchronisation)
            && cx.broken(&mutants::PROPOSE_UNSYNCHRONISED);
        if !may {
            cx.fire(&rules::REFUSE_CLIENT);
            return cx.refuse(client, serial);
        }
    }
    // A client comes with the last zxid that it has seen, and is taken where as much is delivered.
    let behind = Zxid::of(receipt) > node.durable.at(node.volatile.delivered);
    if behind && cx.config().sessions && !cx.broken(&mutants::TAKE_ANY_SESSION) {
        cx.fire(&rules::REFUSE_SESSION);
        return cx.refuse(client, serial);
    }
    if let Operation::Store(operation) = operation
        && operation.is_read()
    {
        let Volatile { replica, delivered, .. } = &node.volatile;
        let outcome = replica.store.get(operation.key());
        let outcome = outcome.map_or(crate::store::Outcome::Nothing, crate::store::Outcome::Value);
        cx.fire(&rules::READ);
        return cx.answer(client, serial, node.durable.answer(outcome, *delivered as u32));
    }
    match (&mut node.volatile.role, operation) {
        (Role::Following(following), Operation::Sync) => {
            if !following.syncing.contains(&(client, serial)) {
                following.syncing.push((client, serial));
            }
            cx.send(following.leader, Message::Sync { client, serial });
        }
        (Role::Following(_), Operation::Store(operation)) if cx.config().writes == Writes::Forward => {
            forward(node, Command { client, serial, operation }, cx);
        }
        (Role::Following(following), _) => {
            cx.fire_noting(&rules::REDIRECT_CLIENT, Noted::peer(following.leader));
            cx.redirect(client, serial, following.leader);
        }
        (_, Operation::Sync) => leading::sync(node, Waits::Sync, (client, serial), cx),
        (_, Operation::Store(operation)) => leading::asked(node, Command { client, serial, operation }, cx),
    }
}

/// It passes a write on to its leader, and answers when it has delivered it: what its client reads here then holds it.
fn forward(node: &mut Server, command: Command, cx: &mut Cx) {
    let Command { client, serial, .. } = command;
    if let Some(answer) = node.durable.answered(&node.volatile.replica, client, serial) {
        cx.fire(&rules::ANSWER_AGAIN);
        return cx.answer(client, serial, answer);
    }
    let Some(following) = node.volatile.role.following_mut() else { return };
    if !following.forwarded.contains(&(client, serial)) {
        following.forwarded.push((client, serial));
    }
    cx.fire_noting(&rules::FORWARD, Noted::peer(following.leader));
    cx.send(following.leader, Message::Request { command });
}
