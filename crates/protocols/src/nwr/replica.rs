//! A replica stores what is newer and says what it holds; a fallback keeps what it is given for others.

use synod_engine::cx::Cx;
use synod_engine::prelude::*;

use super::state::*;
use super::version::{Cell, covers, merge, merge_all, put_in, tops};
use super::{FALLBACKS, Nwr, coordinator, exchange, mutants, quest, rules};
use crate::store::Key;

/// So much waits at a replica for something that must be there before.
const MOST_WAITING: usize = 32;

pub fn boot(durable: &mut Durable, cx: &mut Cx<Nwr>) -> Volatile {
    if cx.unless(&mutants::FORGET, false) {
        *durable = Durable::default();
    }
    let config = *cx.config();
    let apart = config.anti_entropy;
    if apart > 0 && cx.roster().group_of(cx.me()) != Some(FALLBACKS as u32) {
        cx.set_timer(Timer::Compare, (apart / 2, apart));
    }
    if durable.hints.size() > 0 {
        hand_over_later(cx);
    }
    if durable.registers.values().flatten().any(|held| held.value.is_none()) {
        purge_later(cx);
    }
    Volatile::default()
}

fn hand_over_later(cx: &mut Cx<Nwr>) {
    let apart = cx.config().handoff;
    if apart > 0 {
        cx.set_timer(Timer::Handoff, (apart, apart));
    }
}

fn purge_later(cx: &mut Cx<Nwr>) {
    let kept = cx.config().tombstones;
    if kept > 0 {
        cx.set_timer(Timer::Purge, (kept, kept));
    }
}

pub fn hear(node: &mut Node<Nwr>, from: Who, message: Message, cx: &mut Cx<Nwr>) {
    match message {
        Message::Ask(order) => coordinator::take_up(node, *order, cx),
        Message::Digests(theirs) => exchange::compare(node, from, &theirs, cx),
        Message::Values { cells, back } => exchange::take(node, from, cells, back, cx),
        Message::Undo { tag, key } => coordinator::undo(node, from, tag, key, cx),
        Message::Stored { purpose: Purpose::Handoff, key, version, .. } => {
            exchange::handed_over(node, from, key, version)
        }
        Message::Stored { .. } | Message::Found { .. } => coordinator::hear(node, from, message, cx),
        Message::Put { .. } | Message::Get { .. } => {
            if let Some(said) = serve(node, from, message, cx) {
                reply(from, said, cx);
            }
            serve_waiting(node, cx);
        }
        Message::Told { .. } => {}
    }
}

pub fn reply(to: Who, message: Message, cx: &mut Cx<Nwr>) {
    match to {
        Who::Client(client) => cx.reply(client, message),
        Who::Node(node) => cx.send(node, message),
    }
}

/// What it says to a write or a read; nothing while something must be there before.
pub fn serve(node: &mut Node<Nwr>, from: Who, message: Message, cx: &mut Cx<Nwr>) -> Option<Message> {
    match message {
        Message::Put { tag, purpose, key, ref cell } => {
            let version = cell.first()?.version;
            match purpose {
                Purpose::Hint(owner) => keep_hint(node, owner, key, cell, cx),
                _ if !store(node, &[(key, cell.clone())], cx) => {
                    cx.fire_noting(&rules::HOLD_BACK, Noted::number(version.number));
                    node.volatile.waiting.push((from, message));
                    let more = node.volatile.waiting.len().saturating_sub(MOST_WAITING);
                    node.volatile.waiting.drain(..more);
                    return None;
                }
                _ => {}
            }
            Some(Message::Stored { tag, purpose, key, version })
        }
        Message::Get { tag, key, since } => {
            let newest = node.durable.registers.values().flatten().map(|held| held.version.stamp).max();
            if since.is_some_and(|since| newest < Some(since)) {
                cx.fire(&rules::STAY_SILENT);
                return None;
            }
            Some(Message::Found { tag, cell: find(node, key, cx) })
        }
        _ => None,
    }
}

fn find(node: &Node<Nwr>, key: Key, cx: &mut Cx<Nwr>) -> Cell {
    let config = *cx.config();
    let mut cell = quest::told(node.durable.registers.get(&key), &config);
    let hints = node.durable.hints.iter().filter(|((_, one), _)| *one == key);
    hints.for_each(|(_, kept)| merge_all(&mut cell, kept, &config));
    let cell = tops(&cell, &config);
    match cell.first() {
        Some(held) => cx.fire_noting(&rules::FIND, Noted::number(held.version.number)),
        None => cx.fire(&rules::FIND_NOTHING),
    }
    cell
}

/// Stores cells, all of them or, where something is not there that must be there before, none.
pub fn store(node: &mut Node<Nwr>, cells: &[(Key, Cell)], cx: &mut Cx<Nwr>) -> bool {
    let config = *cx.config();
    let registers = &mut node.durable.registers;
    let there = |(key, version): &(Key, super::version::Version)| {
        let comes = cells.iter().filter(|(one, _)| one == key).any(|(_, cell)| covers(cell, *version, &config));
        comes || registers.get(key).is_some_and(|cell| covers(cell, *version, &config))
    };
    let follows = cells.iter().flat_map(|(_, cell)| cell).flat_map(|held| &held.needs).all(there);
    if !cx.unless(&mutants::OUT_OF_ORDER, follows) {
        return false;
    }
    for (key, cell) in cells {
        let mut mine = registers.get(key).cloned().unwrap_or_default();
        for held in cell {
            let number = Noted::number(held.version.number);
            let gone = held.value.is_none() && cx.broken(&mutants::DELETE_AT_ONCE);
            let newer = merge(&mut mine, held, &config);
            if !newer && cx.broken(&mutants::OVERWRITE) {
                mine = vec![held.clone()];
            } else if newer && cx.broken(&mutants::DROP_SIBLINGS) {
                mine.clear();
                put_in(&mut mine, held);
            }
            mine.retain(|_| !gone);
            cx.fire_noting(if newer { &rules::STORE } else { &rules::KEEP }, number);
        }
        if mine.iter().any(|held| held.value.is_none()) {
            purge_later(cx);
        }
        if mine.is_empty() {
            registers.remove_mut(key);
        } else {
            registers.insert_mut(*key, mine);
        }
    }
    true
}

fn keep_hint(node: &mut Node<Nwr>, owner: NodeId, key: Key, cell: &Cell, cx: &mut Cx<Nwr>) {
    let config = *cx.config();
    let mut kept = node.durable.hints.get(&(owner, key)).cloned().unwrap_or_default();
    merge_all(&mut kept, cell, &config);
    let number = cell.first().map_or(0, |held| held.version.number);
    cx.fire_noting(&rules::KEEP_HINT, Noted { a: number, ..Noted::peer(owner) });
    node.durable.hints.insert_mut((owner, key), kept);
    hand_over_later(cx);
}

/// What waited for what is there now is stored, and answered.
pub fn serve_waiting(node: &mut Node<Nwr>, cx: &mut Cx<Nwr>) {
    loop {
        let waiting = std::mem::take(&mut node.volatile.waiting);
        let before = waiting.len();
        for (from, message) in waiting {
            let Message::Put { tag, purpose, key, ref cell } = message else { continue };
            if store(node, &[(key, cell.clone())], cx) {
                let version = cell[0].version;
                reply(from, Message::Stored { tag, purpose, key, version }, cx);
            } else {
                node.volatile.waiting.push((from, message));
            }
        }
        if node.volatile.waiting.len() == before || node.volatile.waiting.is_empty() {
            return;
        }
    }
}

/// Tombstones that are old enough are forgotten.
pub fn purge(node: &mut Node<Nwr>, cx: &mut Cx<Nwr>) {
    let (now, kept) = (cx.clock(), cx.config().tombstones as i64);
    let mut left = false;
    let registers = node.durable.registers.clone();
    for (key, cell) in registers.iter() {
        let mut rest = cell.clone();
        rest.retain(|held| held.value.is_some() || now - held.version.stamp < kept);
        if let Some(gone) = cell.iter().find(|held| !rest.contains(held)) {
            cx.fire_noting(&rules::PURGE, Noted::number(gone.version.number));
        }
        left |= rest.iter().any(|held| held.value.is_none());
        if rest.is_empty() {
            node.durable.registers.remove_mut(key);
        } else {
            node.durable.registers.insert_mut(*key, rest);
        }
    }
    if left {
        purge_later(cx);
    }
}
