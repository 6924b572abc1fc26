//! How replicas come to agree without a client: anti-entropy, and hints that are handed over.

use std::collections::BTreeSet;
use std::hash::Hasher;

use synod_engine::cx::Cx;
use synod_engine::prelude::*;

use super::state::*;
use super::version::{Cell, Version, tops};
use super::{Nwr, REPLICAS, mutants, replica, rules};
use crate::store::Key;

/// A sum over the versions that count: equal cells have equal ones.
struct Digest(u32);

impl Hasher for Digest {
    fn finish(&self) -> u64 {
        u64::from(self.0)
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
        }
    }
}

fn digest(cell: Option<&Cell>, cx: &Cx<Nwr>) -> u32 {
    let Some(cell) = cell else { return 0 };
    if cx.broken(&mutants::COMPARE_KEYS) {
        return 1;
    }
    let mut sum = Digest(0x811c_9dc5);
    for Version { stamp, client, serial, .. } in tops(cell, cx.config()).iter().map(|held| held.version) {
        sum.write(&stamp.to_le_bytes());
        sum.write(&client.0.to_le_bytes());
        sum.write(&serial.to_le_bytes());
    }
    sum.0
}

/// Each in turn is told a digest of every key.
pub fn begin(node: &mut Node<Nwr>, cx: &mut Cx<Nwr>) {
    let apart = cx.config().anti_entropy;
    cx.set_timer(Timer::Compare, (apart, apart));
    let me = cx.me();
    let others: Vec<NodeId> = cx.roster().group(REPLICAS).filter(|one| *one != me).collect();
    if others.is_empty() {
        return;
    }
    // The next one after itself first, so that not all turn to the same.
    let with = others[(me.0 as usize + node.volatile.turn as usize) % others.len()];
    node.volatile.turn = (node.volatile.turn + 1) % others.len() as u32;
    let digests = node.durable.registers.iter().map(|(key, cell)| (*key, digest(Some(cell), cx))).collect();
    cx.fire_noting(&rules::COMPARE, Noted::peer(with));
    cx.send(with, Message::Digests(digests));
}

/// Of keys whose digests differ the values are sent; an empty cell asks for the other's.
pub fn compare(node: &mut Node<Nwr>, from: Who, theirs: &[(Key, u32)], cx: &mut Cx<Nwr>) {
    let Who::Node(peer) = from else { return };
    let registers = &node.durable.registers;
    let keys: BTreeSet<Key> = registers.keys().copied().chain(theirs.iter().map(|(key, _)| *key)).collect();
    let told = |key: &Key| theirs.iter().find(|(one, _)| one == key).map_or(0, |(_, digest)| *digest);
    let differ = keys.into_iter().filter(|key| told(key) != digest(registers.get(key), cx));
    let cells: Vec<(Key, Cell)> = differ.map(|key| (key, registers.get(&key).cloned().unwrap_or_default())).collect();
    if !cells.is_empty() {
        cx.fire_noting(&rules::DIFFER, Noted { a: cells.len() as u32, ..Noted::peer(peer) });
        cx.send(peer, Message::Values { cells, back: true });
    }
}

/// What is newer is stored; where the other lacks something, it is sent back.
pub fn take(node: &mut Node<Nwr>, from: Who, cells: Vec<(Key, Cell)>, back: bool, cx: &mut Cx<Nwr>) {
    let theirs: Vec<(Key, u32)> = cells.iter().map(|(key, cell)| (*key, digest_of(cell, cx))).collect();
    let full: Vec<(Key, Cell)> = cells.into_iter().filter(|(_, cell)| !cell.is_empty()).collect();
    replica::store(node, &full, cx);
    replica::serve_waiting(node, cx);
    let Who::Node(peer) = from else { return };
    if !back {
        return;
    }
    let registers = &node.durable.registers;
    let newer = theirs.iter().filter(|(key, digest)| digest_of_key(registers, key, cx) != *digest);
    let cells: Vec<(Key, Cell)> =
        newer.map(|(key, _)| (*key, registers.get(key).cloned().unwrap_or_default())).collect();
    if !cells.is_empty() {
        cx.send(peer, Message::Values { cells, back: false });
    }
}

fn digest_of(cell: &Cell, cx: &Cx<Nwr>) -> u32 {
    digest((!cell.is_empty()).then_some(cell), cx)
}

fn digest_of_key(registers: &Registers, key: &Key, cx: &Cx<Nwr>) -> u32 {
    digest(registers.get(key), cx)
}

/// A fallback tries to hand over all that it keeps, and tries again as long as it keeps any.
pub fn hand_over(node: &mut Node<Nwr>, cx: &mut Cx<Nwr>) {
    let apart = cx.config().handoff;
    for ((owner, key), kept) in node.durable.hints.iter() {
        for held in kept {
            let Version { client, serial, number, .. } = held.version;
            let tag = Tag { client, serial, second: false };
            let (purpose, cell) = (Purpose::Handoff, vec![held.clone()]);
            cx.fire_noting(&rules::HAND_OVER, Noted { a: number, ..Noted::peer(*owner) });
            cx.send(*owner, Message::Put { tag, purpose, key: *key, cell });
        }
    }
    if node.durable.hints.size() > 0 && apart > 0 {
        cx.set_timer(Timer::Handoff, (apart, apart));
    }
}

/// The owner has it: it need not be kept any more.
pub fn handed_over(node: &mut Node<Nwr>, from: Who, key: Key, version: Version) {
    let Who::Node(owner) = from else { return };
    let hints = &mut node.durable.hints;
    let Some(mut kept) = hints.get(&(owner, key)).cloned() else { return };
    kept.retain(|held| held.version != version);
    if kept.is_empty() {
        hints.remove_mut(&(owner, key));
    } else {
        hints.insert_mut((owner, key), kept);
    }
}
