//! A client sends to the replicas itself, waits for W of them or R, and takes the newest that it is told.

use synod_engine::prelude::*;
use synod_engine::protocol::Command;

use super::state::*;
use super::{Cx, Nwr, REPLICAS, mutants, rules};
use crate::node_set::NodeSet;

/// Takes up a command. Every replica is sent to; where the request names one, only as many as are waited for,
/// from that one on.
pub fn take_up(client: &mut Client, command: Command<Nwr>, cx: &mut Cx) {
    let Command { serial, operation, node, write: number } = command;
    let (key, write) = match operation {
        Operation::Put(key, value) => (key, Some(Held { value, version: version(serial, number, cx) })),
        Operation::Get(key) => (key, None),
    };
    let me = cx.me();
    let (heard, stage) = (NodeSet::default(), Stage::Waiting);
    let errand = Errand { serial, client: me, key, write, heard, count: 0, newest: None, stage };
    let to = replicas(node, needed(&errand, cx), cx);
    let (rule, message) = match write {
        Some(held) => (&rules::WRITE, Message::Put { serial, key, held }),
        None => (&rules::READ, Message::Get { serial, key }),
    };
    client.errand = Some(errand);
    cx.fire_noting(rule, Noted::number(number).with_nodes(to.iter().copied()));
    cx.send_all(to, message);
    cx.set_timer(Timer::Timeout, (cx.patience(), cx.patience()));
}

fn version(serial: u32, number: u32, cx: &Cx) -> Version {
    let stamp = if cx.unless(&mutants::OWN_COUNT, false) { i64::from(serial) } else { cx.clock() };
    Version { stamp, client: cx.me(), serial, number }
}

fn replicas(named: Option<NodeId>, needed: u32, cx: &Cx) -> Vec<NodeId> {
    let all: Vec<NodeId> = cx.roster().group(REPLICAS).collect();
    match named.and_then(|named| all.iter().position(|node| *node == named)) {
        Some(first) => all.iter().cycle().skip(first).take(needed as usize).copied().collect(),
        None => all,
    }
}

/// How many it waits for: W or R.
fn needed(errand: &Errand, cx: &Cx) -> u32 {
    let config = cx.config();
    if errand.write.is_some() { config.w } else { config.r }
}

/// A replica has stored the write, or says what it holds.
pub fn hear(client: &mut Client, from: NodeId, message: Message, cx: &mut Cx) {
    let Some(errand) = client.errand.as_mut().filter(|errand| errand.stage == Stage::Waiting) else {
        return;
    };
    let (serial, told) = match message {
        Message::Stored { serial, .. } if errand.write.is_some() => (serial, None),
        Message::Found { serial, held } if errand.write.is_none() => (serial, held),
        _ => return,
    };
    let (mine, new) = (serial == errand.serial, !errand.heard.has(from));
    if !cx.unless(&mutants::COUNT_LATE, mine) || !cx.unless(&mutants::COUNT_MESSAGES, new) {
        return;
    }
    errand.heard.add(from);
    errand.count += 1;
    let newer = told.map(|held| held.version) > errand.newest.map(|held| held.version);
    let first = errand.count == 1;
    if newer && (first || !cx.unless(&mutants::TAKE_FIRST, false)) {
        errand.newest = told;
    }
    let fewer = if errand.write.is_some() { &mutants::WRITE_EARLY } else { &mutants::READ_EARLY };
    let less = u32::from(cx.unless(fewer, false));
    if errand.count + less >= needed(errand, cx) {
        finish(errand, from, cx);
    }
}

fn finish(errand: &mut Errand, last: NodeId, cx: &mut Cx) {
    errand.stage = Stage::Done;
    cx.cancel_timer(Timer::Timeout);
    match errand.write {
        Some(held) => {
            cx.fire_noting(&rules::WRITTEN, Noted { a: held.version.number, ..Noted::peer(last) });
            cx.done(Answer::Stored(held.version));
        }
        None => {
            match errand.newest {
                Some(held) => {
                    cx.fire_noting(&rules::RETURN, Noted { a: held.version.number, ..Noted::peer(last) });
                }
                None => cx.fire_noting(&rules::RETURN_NOTHING, Noted::peer(last)),
            }
            cx.done(Answer::Found(errand.newest));
        }
    }
}

/// Whoever asked is told that it failed; what replicas have stored of a write stays there.
pub fn give_up(client: &mut Client, cx: &mut Cx) {
    if let Some(errand) = client.errand.as_mut().filter(|errand| errand.stage == Stage::Waiting) {
        errand.stage = Stage::GivenUp;
        cx.fire_noting(&rules::GIVE_UP, Noted::number(errand.heard.count()));
        cx.fail();
    }
}
