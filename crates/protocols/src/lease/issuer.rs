//! The issuer: it grants to one at a time, and honours what it granted to the end.

use synod_engine::prelude::*;

use super::mutants::*;
use super::rules::*;
use super::state::*;
use super::{Cx, Lease, council};

pub fn boot(durable: &mut Durable, volatile: &mut Volatile, cx: &mut Cx) {
    let is_again = cx.starts() > 1;
    if is_again && cx.broken(&COUNT_IN_MEMORY) {
        durable.token = 0;
    }
    if cx.config().issuers > 1 {
        return council::boot(durable, volatile, cx);
    }
    if !is_again {
        return;
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
        AfterRestart::Wait => be_quiet(volatile, cx),
    }
}

fn be_quiet(volatile: &mut Volatile, cx: &mut Cx) {
    volatile.quiet_until = Some(cx.clock() + cx.config().quiet() as i64);
    wait(volatile, cx);
    cx.fire(&QUIET);
}

/// It speaks after another, and this is what a majority knows of its grants. What ended so long after it was asked for
/// ends by this clock that long from now.
pub fn succeed(node: &mut Node<Lease>, known: Option<Given>, cx: &mut Cx) {
    if cx.broken(&SUCCEEDS_AT_ONCE) {
        return;
    }
    match cx.config().after_restart {
        AfterRestart::Forget => {}
        AfterRestart::Wait => be_quiet(&mut node.volatile, cx),
        AfterRestart::Remember => {
            let again = |given: Given| match cx.config().ends {
                Ends::Length => cx.clock() + cx.config().term as i64,
                Ends::Reading => given.until,
            };
            node.volatile.given = known.map(|given| Given { until: again(given), ..given });
            node.volatile.council.adopted = known.is_some();
            watch(&node.volatile, cx);
        }
    }
}

/// The reading at which a term is honoured no more.
fn end(given: Given, cx: &Cx) -> i64 {
    let slack = if cx.broken(&NO_MARGIN) { 0 } else { cx.config().slack() };
    let early = if cx.broken(&EARLY_REGRANT) { cx.config().term / 2 } else { 0 };
    given.until + slack as i64 - early as i64
}

pub fn honoured(volatile: &Volatile, cx: &Cx) -> Option<Given> {
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
    if cx.config().issuers > 1 && node.volatile.council.speaks.is_none() {
        return;
    }
    if node.volatile.quiet_until.is_some_and(|until| cx.clock() < until) {
        cx.fire_noting(&REFUSE_QUIET, Noted::peer(from));
        return cx.send(from, Message::Refuse { ask, token: 0 });
    }
    if let Some(token) = token.filter(|_| cx.broken(&RENEW_LATE)) {
        return extend(node, from, ask, token, cx);
    }
    let pending = node.volatile.council.pending.as_ref().map(|pending| pending.due);
    match honoured(&node.volatile, cx) {
        Some(given) if given.holder != from => refuse(from, ask, given.token, cx),
        // A copy, or one that was overtaken.
        Some(given) if ask < given.ask => {}
        // It is on its way to a majority.
        Some(given) if pending.is_some() && ask == given.ask => {}
        Some(given) if pending.is_some() => {
            offer(node, Asked { holder: from, ask }, given.token, pending.unwrap_or(Due::Grant), cx);
        }
        Some(given) if ask == given.ask && node.volatile.council.adopted => extend(node, from, ask, given.token, cx),
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
    offer(node, Asked { holder, ask }, node.durable.token, Due::Grant, cx);
}

fn extend(node: &mut Node<Lease>, holder: NodeId, ask: u32, token: Token, cx: &mut Cx) {
    offer(node, Asked { holder, ask }, token, Due::Extend, cx);
}

struct Asked {
    holder: NodeId,
    ask: u32,
}

/// It is on the disk, if it is to be remembered, before it is sent; and of several issuers on those of a majority.
fn offer(node: &mut Node<Lease>, asked: Asked, token: Token, due: Due, cx: &mut Cx) {
    let Asked { holder, ask } = asked;
    let given = Given { holder, token, ask, until: cx.clock() + cx.config().term as i64 };
    if cx.config().issuers > 1 {
        set(node, Some(given), cx);
        return council::store(node, Some(due), cx);
    }
    say(given, due, cx);
    set(node, Some(given), cx);
    reply(&given, cx);
}

pub fn send(given: Given, due: Due, cx: &mut Cx) {
    say(given, due, cx);
    reply(&given, cx);
}

fn say(given: Given, due: Due, cx: &mut Cx) {
    let rule = match due {
        Due::Grant => &GRANT,
        Due::Extend => &EXTEND,
    };
    cx.fire_noting(rule, Noted { epoch: Some(given.token), ..Noted::peer(given.holder) });
}

fn reply(given: &Given, cx: &mut Cx) {
    let Given { holder, token, ask, until } = *given;
    cx.send(holder, Message::Grant { ask, token, until });
}

fn set(node: &mut Node<Lease>, given: Option<Given>, cx: &mut Cx) {
    node.volatile.given = given;
    node.volatile.council.pending = None;
    if cx.config().after_restart == AfterRestart::Remember {
        node.durable.given = given;
    }
    watch(&node.volatile, cx);
}

pub fn released(node: &mut Node<Lease>, from: NodeId, token: Token, cx: &mut Cx) {
    if node.volatile.given.is_some_and(|given| given.holder == from && given.token == token) {
        set(node, None, cx);
        cx.fire_noting(&TAKE_BACK, Noted { epoch: Some(token), ..Noted::peer(from) });
        council::store(node, None, cx);
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
