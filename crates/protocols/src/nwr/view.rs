//! How replicas, clients and their messages look: data for the frame, and nothing about drawing.

use synod_engine::prelude::*;
use synod_engine::protocol::{ClientView, Register, SetOf};

use super::Nwr;
use super::state::*;
use crate::fields::{name, number};

pub const MESSAGES: &[MessageKind] = &[
    MessageKind {
        id: "put",
        name: text("a write", "写入请求"),
        says: text("{from} sends {to} {epoch}.", "{from} 把{epoch}发给 {to}。"),
        reply: false,
    },
    MessageKind {
        id: "stored",
        name: text("an acknowledgement", "写入确认"),
        says: text("{from} tells {to} that it has {epoch}.", "{from} 告诉 {to}：已有{epoch}。"),
        reply: true,
    },
    MessageKind {
        id: "get",
        name: text("a read", "读取请求"),
        says: text("{from} asks {to} what it holds.", "{from} 询问 {to} 所存的值。"),
        reply: false,
    },
    MessageKind {
        id: "found",
        name: text("a copy", "所存的值"),
        says: text("{from} tells {to} what it holds: {epoch}.", "{from} 告诉 {to} 所存的是{epoch}。"),
        reply: true,
    },
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone, version) = match message {
        Message::Put { held, .. } => (0, Tone::Carry, Some(held.version)),
        Message::Stored { version, .. } => (1, Tone::Stored, Some(*version)),
        Message::Get { .. } => (2, Tone::Ask, None),
        Message::Found { held, .. } => (3, Tone::Yes, held.map(|held| held.version)),
    };
    Summary { kind, tone, epoch: version.map_or(0, |version| version.number), quiet: false }
}

fn stamp(version: Version) -> Field {
    name("version", text("version", "版本"), Some(version.to_string()), false)
}

fn value(held: Option<Held>) -> Field {
    name("value", text("value", "值"), held.map(|held| held.value.to_string()), false)
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    let key = |key: &crate::store::Key| name("key", text("key", "键"), Some(key.to_string()), false);
    match message {
        Message::Put { key: k, held, .. } => vec![key(k), value(Some(*held)), stamp(held.version)],
        Message::Stored { version, .. } => vec![stamp(*version)],
        Message::Get { key: k, .. } => vec![key(k)],
        Message::Found { held, .. } => {
            let mut fields = vec![value(*held)];
            fields.extend(held.map(|held| stamp(held.version)));
            fields
        }
    }
}

fn newest(node: &Node<Nwr>) -> u32 {
    node.durable.registers.values().map(|held| held.version.number).max().unwrap_or(0)
}

pub fn standing(node: &Node<Nwr>) -> Standing {
    Standing::new(0, newest(node))
}

pub fn view(node: &Node<Nwr>, look: &Look<Nwr>) -> NodeView {
    let registers = &node.durable.registers;
    let register = |(key, held): (&crate::store::Key, &Held)| Register {
        key: key.to_string(),
        value: Some(held.value.to_string()),
        epoch: Some(held.version.number),
        ..Register::default()
    };
    let values: Vec<String> = registers.iter().map(|(key, held)| format!("{key}={}", held.value)).collect();
    let held = (!values.is_empty()).then(|| values.join(" "));
    NodeView {
        fields: vec![
            name("values", text("values", "所存的值"), held, true),
            number("newest", text("newest version", "最新版本"), newest(node), true),
        ],
        registers: registers.iter().map(register).collect(),
        says: match registers.is_empty() {
            _ if look.down => text("down", "已宕机").says(),
            true => text("holds nothing", "空").says(),
            false => Says::default(),
        },
        ..NodeView::default()
    }
}

fn needed(errand: &Errand, config: &Config) -> u32 {
    if errand.write.is_some() { config.w } else { config.r }
}

/// The version that is written, or the newest that a read was told so far.
pub fn client_epoch(client: &Client) -> u32 {
    let version = client.errand.and_then(|errand| errand.write.or(errand.newest));
    version.map_or(0, |held| held.version.number)
}

pub fn client_view(client: &Client, config: &Config) -> ClientView {
    let Some(errand) = &client.errand else {
        return ClientView::default();
    };
    let need = needed(errand, config);
    let (have, count) = (errand.heard.iter().collect::<Vec<NodeId>>(), errand.heard.count());
    let names: Vec<String> = have.iter().map(NodeId::to_string).collect();
    let (n, need_says) = (Says::same(count), Says::same(need));
    let with = [("n", n), ("need", need_says), ("names", Says::list(&names))];
    let says = match (errand.stage, errand.write) {
        (Stage::Waiting, Some(_)) => text("stored by {n}, waits for {need}", "已存 {n} 个，等待 {need} 个"),
        (Stage::Waiting, None) => text("heard from {n}, waits for {need}", "已收到 {n} 个，等待 {need} 个"),
        (Stage::Done, Some(_)) => text("stored by {names}", "已由 {names} 保存"),
        (Stage::Done, None) => text("heard from {names}", "收到 {names} 的响应"),
        (Stage::GivenUp, Some(_)) => text("failed: stored by only {n} of {need}", "失败：{need} 个中只存了 {n} 个"),
        (Stage::GivenUp, None) => text("failed: heard from only {n} of {need}", "失败：{need} 个中只收到 {n} 个"),
    };
    let tally = Tally { have, refused: Vec::new(), need, of: config.n };
    ClientView { tally: Some(tally), says: says.fill(&with) }
}

/// So many sets are shown at the most: those that are waited for, and the last that were.
const MOST_SETS: usize = 4;

/// The write sets and read sets that clients wait for, or waited for last, in the order in which they began.
pub fn sets(seen: &Evidence<Nwr>) -> Vec<SetOf> {
    let errands = seen.cluster.clients().iter().filter_map(|client| client.errand);
    let mut errands: Vec<Errand> = errands.filter(|errand| errand.heard.count() > 0).collect();
    let began = |errand: &Errand| seen.history.began.get(&errand.client).map_or(0, |(when, _)| *when);
    errands.sort_by_key(|errand| (errand.stage == Stage::Waiting, began(errand)));
    let mut errands = errands.split_off(errands.len().saturating_sub(MOST_SETS));
    errands.sort_by_key(began);
    let id = |errand: &Errand| format!("{}-{}", errand.client, errand.serial);
    let mut sets = Vec::new();
    for (at, errand) in errands.iter().enumerate() {
        let write = errand.write.is_some();
        let label = if write {
            text("write set of {c}", "{c} 的写集合")
        } else {
            text("read set of {c}", "{c} 的读集合")
        };
        let older = errands[..at].iter().rev().find(|older| older.write.is_some() && older.key == errand.key);
        sets.push(SetOf {
            id: id(errand),
            label: label.fill(&[("c", Says::same(errand.client))]),
            members: errand.heard.iter().collect(),
            epoch: errand.write.map(|held| held.version.number),
            client: Some(errand.client),
            kind: if write { "write" } else { "read" },
            meets: older.map(id).into_iter().collect(),
        });
    }
    sets
}
