//! A holder: it asks for the lease, renews it, gives it up at the end by its own clock, and writes while it has it.

use synod_engine::prelude::*;

use super::mutants::*;
use super::operation::{Answer, Operation};
use super::rules::*;
use super::state::*;
use super::{Cx, ISSUERS, Lease, STORAGE};

/// From when it looks at its lease until a write is ready to be sent, and as many writes may be under way.
const WORK: Micros = 20 * MS;
const MOST_WRITES: usize = 64;

pub fn requested(node: &mut Node<Lease>, request: Request<Lease>, cx: &mut Cx) {
    let (client, serial) = (request.client, request.serial);
    let held = node.volatile.believes(cx.clock());
    match (request.operation, held) {
        (Operation::Acquire, Some(held)) => {
            node.volatile.wants = cx.config().renew_at != RenewAt::Demand;
            cx.answer(client, serial, Answer::Granted(held.token));
        }
        (Operation::Acquire, None) => {
            node.volatile.wants = true;
            if !node.volatile.clients.contains(&(client, serial)) {
                node.volatile.clients.push((client, serial));
            }
            ask_once(node, cx);
        }
        (Operation::Release, held) => {
            release(node, held, cx);
            cx.answer(client, serial, Answer::Done);
        }
        (Operation::Write(key, value), held) => {
            let known = node.volatile.writes.iter().find(|one| one.client == client && one.serial == serial).cloned();
            match (known, held) {
                (Some(write), Some(held)) if write.stage == Stage::Sent => send(&write, held, cx),
                (Some(_), _) => {}
                _ if node.volatile.writes.len() >= MOST_WRITES => cx.refuse(client, serial),
                (None, None) if cx.config().renew_at != RenewAt::Demand => cx.answer(client, serial, Answer::NoLease),
                (None, held) => {
                    node.volatile.numbers += 1;
                    let number = (cx.starts() << 16) + node.volatile.numbers;
                    node.volatile.writes.push(Write { number, client, serial, key, value, stage: Stage::Waits });
                    if held.is_some() { prepare(node, cx) } else { ask_once(node, cx) }
                }
            }
        }
    }
}

fn ask_once(node: &mut Node<Lease>, cx: &mut Cx) {
    if node.volatile.asking.is_none() {
        ask(node, cx);
    }
}

/// Numbers of requests go on after a restart, so that an old grant answers none of the new.
fn ask(node: &mut Node<Lease>, cx: &mut Cx) {
    node.volatile.asks += 1;
    let number = (cx.starts() << 16) + node.volatile.asks;
    node.volatile.asking = Some((number, cx.clock()));
    let message = match node.volatile.held {
        Some(held) => Message::Renew(number, held.token),
        None => Message::Acquire(number),
    };
    cx.fire(if node.volatile.held.is_some() { &RENEW } else { &ASK });
    cx.send_all(cx.roster().group(ISSUERS), message);
    cx.set_timer(Timer::Ask, cx.config().again());
}

pub fn time_to_ask(node: &mut Node<Lease>, cx: &mut Cx) {
    if node.volatile.wants || node.volatile.writes.iter().any(|write| write.stage == Stage::Waits) {
        ask(node, cx);
    }
}

fn left(until: i64, cx: &Cx) -> (Micros, Micros) {
    let left = Micros::try_from(until - cx.clock()).unwrap_or(0);
    (left, left)
}

pub fn granted(node: &mut Node<Lease>, number: u32, token: Token, until: i64, cx: &mut Cx) {
    let answers = |asking: &(u32, i64)| cx.unless(&ANY_GRANT, asking.0 == number);
    let Some((_, asked)) = node.volatile.asking.filter(answers) else { return };
    let config = cx.config();
    let from = if cx.broken(&FROM_RECEIPT) { cx.clock() } else { asked };
    let spare = (config.term - config.held()) as i64;
    let end = match config.ends {
        Ends::Length => from + config.held() as i64,
        Ends::Reading => until - spare,
    };
    node.volatile.asking = None;
    // It was longer on its way than its term: it is asked for again in time.
    if end <= cx.clock() {
        return;
    }
    let held = Held { token, until: end, reading: until - spare };
    (node.volatile.held, node.volatile.latest) = (Some(held), Some(held));
    cx.fire(&HOLD);
    cx.set_timer(Timer::Term, left(end, cx));
    let rest = match config.renew_at {
        RenewAt::Half => Some(config.held() / 2),
        RenewAt::NineTenths => Some(config.held() / 10),
        RenewAt::End | RenewAt::Demand => None,
    };
    match rest {
        // Not at once, though by its clock much of the term is over already.
        Some(rest) => {
            let due = left(end - rest as i64, cx).0.max(config.again().0);
            cx.set_timer(Timer::Ask, (due, due));
        }
        None => cx.cancel_timer(Timer::Ask),
    }
    if config.renew_at == RenewAt::Demand {
        node.volatile.wants = false;
    }
    for (client, serial) in std::mem::take(&mut node.volatile.clients) {
        cx.answer(client, serial, Answer::Granted(token));
    }
    prepare(node, cx);
}

/// It asks again by and by; whoever waits is told.
pub fn refused(node: &mut Node<Lease>, number: u32, cx: &mut Cx) {
    if node.volatile.asking.is_none_or(|asking| asking.0 != number) {
        return;
    }
    node.volatile.asking = None;
    for (client, serial) in std::mem::take(&mut node.volatile.clients) {
        cx.answer(client, serial, Answer::Refused);
    }
}

fn release(node: &mut Node<Lease>, held: Option<Held>, cx: &mut Cx) {
    (node.volatile.wants, node.volatile.asking) = (false, None);
    for (client, serial) in std::mem::take(&mut node.volatile.clients) {
        cx.answer(client, serial, Answer::Refused);
    }
    cx.cancel_timer(Timer::Ask);
    let Some(held) = held else { return };
    if !cx.broken(&KEEPS_RELEASED) {
        node.volatile.held = None;
        cx.cancel_timer(Timer::Term);
    }
    cx.fire(&RELEASE);
    cx.send_all(cx.roster().group(ISSUERS), Message::Release(held.token));
}

pub fn term_is_over(node: &mut Node<Lease>, cx: &mut Cx) {
    let Some(held) = node.volatile.held else { return };
    if cx.clock() < held.until {
        // Its clock was set back meanwhile.
        return cx.set_timer(Timer::Term, left(held.until, cx));
    }
    if cx.config().renew_at == RenewAt::End && node.volatile.wants {
        ask(node, cx);
    }
    node.volatile.held = None;
    cx.fire(&EXPIRE);
}

/// It holds the lease: what waited for it is begun.
fn prepare(node: &mut Node<Lease>, cx: &mut Cx) {
    for write in node.volatile.writes.iter_mut().filter(|write| write.stage == Stage::Waits) {
        write.stage = Stage::Works;
        cx.fire(&PREPARE);
        cx.set_timer(Timer::Act(write.number), (WORK, WORK));
    }
}

fn send(write: &Write, held: Held, cx: &mut Cx) {
    let (number, key, value) = (write.number, write.key, write.value);
    let message = Message::Write { number, token: held.token, key, value, until: held.reading };
    cx.send_all(cx.roster().group(STORAGE), message);
}

/// It looks once more: it may have been paused, or have worked for long.
pub fn act(node: &mut Node<Lease>, number: u32, cx: &mut Cx) {
    let Some(at) = node.volatile.writes.iter().position(|write| write.number == number) else { return };
    let held = match cx.broken(&CHECK_THEN_ACT) {
        true => node.volatile.latest,
        false => node.volatile.believes(cx.clock()),
    };
    let write = &mut node.volatile.writes[at];
    let Some(held) = held else {
        cx.answer(write.client, write.serial, Answer::NoLease);
        node.volatile.writes.remove(at);
        return cx.fire(&TOO_LATE);
    };
    write.stage = Stage::Sent;
    cx.fire(&SEND);
    send(write, held, cx);
}

pub fn written(node: &mut Node<Lease>, number: u32, answer: Answer, cx: &mut Cx) {
    if let Some(at) = node.volatile.writes.iter().position(|write| write.number == number) {
        let write = node.volatile.writes.remove(at);
        cx.answer(write.client, write.serial, answer);
    }
}
