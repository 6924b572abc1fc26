//! The issuer: it grants to one at a time, and honours what it granted to the end.

use synod_engine::prelude::*;

use super::mutants::*;
use super::rules::*;
use super::state::*;
use super::{Cx, Lease};

pub fn boot(durable: &mut Durable, volatile: &mut Volatile, cx: &mut Cx) {
    if cx.starts() <= 1 {
        return;
    }
    if cx.broken(&COUNT_IN_MEMORY) {
        durable.token = 0;
    }
    if cx.broken(&AMNESIA) {
        return;
    }
    match cx.config().after_restart {
        AfterRestart::Forget => {}
        AfterRestart::Remember => {
            volatile.given = durable.given;
            watch(volatile, cx);
        }
        AfterRestart::Wait => {
            volatile.quiet_until = Some(cx.clock() + (cx.config().term + cx.config().slack()) as i64);
            wait(volatile, cx);
            cx.fire(&QUIET);
        }
    }
}

/// The reading at which a term is honoured no more.
fn end(given: Given, cx: &Cx) -> i64 {
    let slack = if cx.broken(&NO_MARGIN) { 0 } else { cx.config().slack() };
    let early = if cx.broken(&EARLY_REGRANT) { cx.config().term / 2 } else { 0 };
    given.until + slack as i64 - early as i64
}

fn honoured(volatile: &Volatile, cx: &Cx) -> Option<Given> {
    volatile.given.filter(|given| cx.broken(&NEVER_ENDS) || cx.clock() < end(*given, cx))
}

fn after(reading: i64, cx: &Cx) -> (Micros, Micros) {
    let left = Micros::try_from(reading - cx.clock()).unwrap_or(0);
    (left, left)
}

fn watch(volatile: &Volatile, cx: &mut Cx) {
    match volatile.given {
        Some(given) => cx.set_timer(Timer::Honour, after(end(given, cx), cx)),
        None => cx.cancel_timer(Timer::Honour),
    }
}

fn wait(volatile: &Volatile, cx: &mut Cx) {
    let until = volatile.quiet_until.unwrap_or_default();
    cx.set_timer(Timer::Quiet, after(until, cx));
}

/// A holder asks, and names the token that it has if it has one.
pub fn asked(node: &mut Node<Lease>, from: NodeId, ask: u32, token: Option<Token>, cx: &mut Cx) {
    if node.volatile.quiet_until.is_some_and(|until| cx.clock() < until) {
        cx.fire_noting(&REFUSE_QUIET, Noted::peer(from));
        return cx.send(from, Message::Refuse { ask, token: 0 });
    }
    if let Some(token) = token.filter(|_| cx.broken(&RENEW_LATE)) {
        return extend(node, from, ask, token, cx);
    }
    match honoured(&node.volatile, cx) {
        Some(given) if given.holder != from => refuse(from, ask, given.token, cx),
        // A copy, or one that was overtaken.
        Some(given) if ask < given.ask => {}
        Some(given) if ask == given.ask => reply(&given, cx),
        Some(given) if token == Some(given.token) => extend(node, from, ask, given.token, cx),
        Some(given) if token.is_some() => refuse(from, ask, given.token, cx),
        _ => grant(node, from, ask, cx),
    }
}

fn refuse(from: NodeId, ask: u32, token: Token, cx: &mut Cx) {
    cx.fire_noting(&REFUSE, Noted { epoch: Some(token), ..Noted::peer(from) });
    cx.send(from, Message::Refuse { ask, token });
}

fn grant(node: &mut Node<Lease>, holder: NodeId, ask: u32, cx: &mut Cx) {
    if !cx.broken(&TOKEN_REUSED) || node.durable.token == 0 {
        node.durable.token += 1;
    }
    cx.fire_noting(&GRANT, Noted { epoch: Some(node.durable.token), ..Noted::peer(holder) });
    give(node, holder, ask, node.durable.token, cx);
}

fn extend(node: &mut Node<Lease>, holder: NodeId, ask: u32, token: Token, cx: &mut Cx) {
    cx.fire_noting(&EXTEND, Noted { epoch: Some(token), ..Noted::peer(holder) });
    give(node, holder, ask, token, cx);
}

/// It is on the disk, if it is to be remembered, before it is sent.
fn give(node: &mut Node<Lease>, holder: NodeId, ask: u32, token: Token, cx: &mut Cx) {
    let given = Given { holder, token, ask, until: cx.clock() + cx.config().term as i64 };
    set(node, Some(given), cx);
    reply(&given, cx);
}

fn reply(given: &Given, cx: &mut Cx) {
    let Given { holder, token, ask, until } = *given;
    cx.send(holder, Message::Grant { ask, token, until });
}

fn set(node: &mut Node<Lease>, given: Option<Given>, cx: &mut Cx) {
    node.volatile.given = given;
    if cx.config().after_restart == AfterRestart::Remember {
        node.durable.given = given;
    }
    watch(&node.volatile, cx);
}

pub fn released(node: &mut Node<Lease>, from: NodeId, token: Token, cx: &mut Cx) {
    if node.volatile.given.is_some_and(|given| given.holder == from && given.token == token) {
        set(node, None, cx);
        cx.fire_noting(&TAKE_BACK, Noted { epoch: Some(token), ..Noted::peer(from) });
    }
}

pub fn honour_is_over(node: &mut Node<Lease>, cx: &mut Cx) {
    let Some(given) = node.volatile.given else { return };
    if honoured(&node.volatile, cx).is_none() {
        set(node, None, cx);
        cx.fire_noting(&LET_GO, Noted::epoch(given.token));
    } else if !cx.broken(&NEVER_ENDS) {
        // Its clock was set back meanwhile.
        watch(&node.volatile, cx);
    }
}

pub fn quiet_is_over(node: &mut Node<Lease>, cx: &mut Cx) {
    if node.volatile.quiet_until.is_some_and(|until| cx.clock() < until) {
        return wait(&node.volatile, cx);
    }
    node.volatile.quiet_until = None;
    cx.fire(&GRANT_AGAIN);
}
