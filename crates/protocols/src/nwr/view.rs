//! How replicas, clients and their messages look: data for the frame, and nothing about drawing.

use synod_engine::prelude::*;
use synod_engine::protocol::{Badge, ClientView, Register, SetOf};

use super::operation::Answer;
use super::quest::{Errand, Stage};
use super::safety::coordinated;
use super::state::*;
use super::version::{Cell, Held, tops};
use super::{FALLBACKS, Nwr};
use crate::fields::{many, name, number};
use crate::store::Key;

const fn kind(id: &'static str, name: Text, says: Text, reply: bool) -> MessageKind {
    MessageKind { id, name, says, reply }
}

pub const MESSAGES: &[MessageKind] = &[
    kind("put", text("a write", "写入请求"), text("{from} sends {to} {epoch}.", "{from} 把{epoch}发给 {to}。"), false),
    kind(
        "stored",
        text("an acknowledgement", "写入确认"),
        text("{from} tells {to} that it has {epoch}.", "{from} 告诉 {to}：已有{epoch}。"),
        true,
    ),
    kind(
        "get",
        text("a read", "读取请求"),
        text("{from} asks {to} what it holds.", "{from} 询问 {to} 所存的值。"),
        false,
    ),
    kind(
        "found",
        text("a copy", "所存的值"),
        text("{from} tells {to} what it holds: {epoch}.", "{from} 告诉 {to} 所存的是{epoch}。"),
        true,
    ),
    kind(
        "repair",
        text("a repair", "读修复"),
        text("{from} writes {epoch} back to {to}.", "{from} 把{epoch}写回 {to}。"),
        false,
    ),
    kind(
        "hint",
        text("a hinted write", "代存请求"),
        text("{from} has {to} keep {epoch} for another.", "{from} 让 {to} 替别人代存{epoch}。"),
        false,
    ),
    kind(
        "handoff",
        text("a handoff", "移交"),
        text("{from} hands {epoch} over to {to}.", "{from} 把{epoch}移交给 {to}。"),
        false,
    ),
    kind(
        "undo",
        text("a rollback", "回滚请求"),
        text("{from} has {to} forget a failed write.", "{from} 让 {to} 撤销失败的写入。"),
        false,
    ),
    kind(
        "digests",
        text("digests", "摘要"),
        text("{from} tells {to} a digest of each key.", "{from} 把各键的摘要发给 {to}。"),
        false,
    ),
    kind(
        "values",
        text("what differs", "不同的值"),
        text("{from} sends {to} what differs.", "{from} 把不同的值发给 {to}。"),
        false,
    ),
    kind("ask", text("a request", "协调请求"), text("{from} has {to} coordinate.", "{from} 请 {to} 协调。"), false),
    kind("told", text("an answer", "响应"), text("{from} answers {to}.", "{from} 响应 {to}。"), true),
];

fn top(cell: &[Held]) -> u32 {
    cell.first().map_or(0, |held| held.version.number)
}

pub fn summary(message: &Message) -> Summary {
    let (kind, tone, epoch) = match message {
        Message::Put { purpose, cell, .. } => match purpose {
            Purpose::Write => (0, Tone::Carry, top(cell)),
            Purpose::Repair => (4, Tone::Carry, top(cell)),
            Purpose::Hint(_) => (5, Tone::Carry, top(cell)),
            Purpose::Handoff => (6, Tone::Carry, top(cell)),
        },
        Message::Stored { version, .. } => (1, Tone::Stored, version.number),
        Message::Get { .. } => (2, Tone::Ask, 0),
        Message::Found { cell, .. } => (3, Tone::Yes, top(cell)),
        Message::Undo { .. } => (7, Tone::No, 0),
        Message::Digests(_) => (8, Tone::Heartbeat, 0),
        Message::Values { cells, .. } => (9, Tone::Carry, cells.iter().map(|(_, cell)| top(cell)).max().unwrap_or(0)),
        Message::Ask(order) => (10, Tone::Client, order.write.as_ref().map_or(0, |held| held.version.number)),
        Message::Told { answer, .. } => (11, Tone::Client, answer.version().map_or(0, |version| version.number)),
    };
    Summary { kind, tone, epoch, quiet: matches!(message, Message::Digests(_)) }
}

const KEY: Text = text("key", "键");

fn key(key: &Key) -> Field {
    name("key", KEY, Some(key.to_string()), false)
}

fn cell(cell: &[Held]) -> Vec<Field> {
    let stamp = |held: &Held| name("version", text("version", "版本"), Some(held.version.to_string()), false);
    let value = |held: &Held| match held.value {
        Some(value) => name("value", text("value", "值"), Some(value.to_string()), false),
        None => crate::fields::said("value", text("value", "值"), Some(("deleted", text("deleted", "已删除"))), false),
    };
    match cell {
        [] => vec![name("value", text("value", "值"), None, false)],
        held => held.iter().flat_map(|held| [value(held), stamp(held)]).collect(),
    }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    let mut fields = Vec::new();
    match message {
        Message::Put { key: one, cell: held, purpose, .. } => {
            fields.push(key(one));
            fields.extend(cell(held));
            if let Purpose::Hint(owner) = purpose {
                fields.push(name("owner", text("for", "归属"), Some(owner.to_string()), false));
            }
        }
        Message::Stored { version, .. } => {
            fields.push(name("version", text("version", "版本"), Some(version.to_string()), false));
        }
        Message::Get { key: one, .. } | Message::Undo { key: one, .. } => fields.push(key(one)),
        Message::Found { cell: held, .. } | Message::Told { answer: Answer::Found(held), .. } => {
            fields.extend(cell(held))
        }
        Message::Digests(digests) => fields.push(many("keys", text("keys", "键"), digests.len())),
        Message::Values { cells, .. } => fields.push(many("keys", text("keys", "键"), cells.len())),
        Message::Ask(order) => fields.push(key(&order.key)),
        Message::Told { .. } => {}
    }
    fields
}

fn newest(node: &Node<Nwr>) -> u32 {
    let hints = node.durable.hints.values().flatten();
    node.durable.registers.values().flatten().chain(hints).map(|held| held.version.number).max().unwrap_or(0)
}

pub fn standing(node: &Node<Nwr>) -> Standing {
    Standing::new(u8::from(node.group == Some(FALLBACKS as u32)), newest(node))
}

fn registers<'a>(key: &'a Key, cell: &'a [Held]) -> impl Iterator<Item = Register> + use<'a> {
    cell.iter().map(|held| Register {
        key: key.to_string(),
        value: held.value.map(|value| value.to_string()),
        epoch: Some(held.version.number),
        ..Register::default()
    })
}

/// As it is typed in conditions: `x=5`, siblings with a bar between them, a tombstone with a cross.
fn line(key: &Key, cell: &[Held]) -> String {
    let value = |held: &Held| held.value.map_or_else(|| "†".to_string(), |value| value.to_string());
    format!("{key}={}", cell.iter().map(value).collect::<Vec<String>>().join("|"))
}

pub fn view(node: &Node<Nwr>, look: &Look<Nwr>) -> NodeView {
    let Durable { registers: cells, hints } = &node.durable;
    let counts: Vec<(Key, Cell)> = cells.iter().map(|(key, cell)| (*key, tops(cell, look.config))).collect();
    let values: Vec<String> = counts.iter().map(|(key, cell)| line(key, cell)).collect();
    let held = (!values.is_empty()).then(|| values.join(" "));
    let mut fields = vec![
        name("values", text("values", "所存的值"), held, true),
        number("newest", text("newest version", "最新版本"), newest(node), true),
    ];
    let kept: Vec<String> = hints.iter().map(|((owner, key), cell)| format!("{} {owner}", line(key, cell))).collect();
    if node.group == Some(FALLBACKS as u32) {
        fields.push(name("hints", text("hints", "代存"), (!kept.is_empty()).then(|| kept.join(", ")), true));
    }
    let own = counts.iter().flat_map(|(key, cell)| registers(key, cell));
    let all = own.chain(hints.iter().flat_map(|((_, key), cell)| registers(key, cell)));
    NodeView {
        fields,
        registers: all.collect(),
        badges: badges(node),
        says: match cells.is_empty() && hints.is_empty() {
            _ if look.down => text("down", "已宕机").says(),
            true => text("holds nothing", "空").says(),
            false => Says::default(),
        },
        ..NodeView::default()
    }
}

fn badges(node: &Node<Nwr>) -> Vec<Badge> {
    let mut owners: Vec<String> = node.durable.hints.keys().map(|(owner, _)| owner.to_string()).collect();
    owners.dedup();
    let hint = text("for {names}", "归属 {names}").fill(&[("names", Says::list(&owners))]);
    let waiting = node.volatile.waiting.len();
    let waits = text("{n} {n:write waits|writes wait} for one before", "{n} 个写入等待前置写入")
        .fill(&[("n", Says::same(waiting))]);
    let hint = (!owners.is_empty()).then_some(Badge { id: "hint", says: hint });
    hint.into_iter().chain((waiting > 0).then_some(Badge { id: "blocked", says: waits })).collect()
}

/// The version that is written, or the newest that a read was told so far.
pub fn client_epoch(client: &Client) -> u32 {
    client.errand.as_ref().map_or(0, Errand::number)
}

pub fn client_view(client: &Client, config: &Config) -> ClientView {
    let Some(errand) = &client.errand else {
        return ClientView::default();
    };
    let need = errand.needs(config);
    let (have, count) = (errand.heard.iter().collect::<Vec<NodeId>>(), errand.owners.count());
    let names: Vec<String> = have.iter().map(NodeId::to_string).collect();
    let (n, need_says) = (Says::same(count), Says::same(need));
    let by = Says::same(errand.by.unwrap_or(NodeId(0)));
    let with =
        [("n", n), ("count", Says::same(have.len())), ("need", need_says), ("names", Says::list(&names)), ("by", by)];
    let write = errand.order.write.is_some();
    let behind = count >= need && errand.order.write.is_none();
    let says = match (errand.stage, write) {
        _ if errand.by.is_some() && errand.is_open() => text("{by} coordinates", "由 {by} 协调"),
        _ if errand.by.is_some() => text("{by} coordinated", "已由 {by} 协调"),
        (Stage::Waiting, true) => text("{n} acknowledged, waits for {need}", "已有 {n} 个确认，等待 {need} 个"),
        (Stage::Waiting, false) if behind => text("{names} {count:is|are} behind its session", "{names} 落后于会话"),
        (Stage::Waiting, false) => text("heard from {n}, waits for {need}", "已收到 {n} 个，等待 {need} 个"),
        (Stage::Repairing, _) => text("writes back what it found", "正在写回读到的值"),
        (Stage::Done, true) => text("acknowledged by {names}", "{names} 已确认"),
        (Stage::Done, false) => text("heard from {names}", "收到 {names} 的响应"),
        (Stage::GivenUp, true) => text("failed: only {n} of {need} acknowledged", "失败：{need} 个确认只等到 {n} 个"),
        (Stage::GivenUp, false) if behind => {
            text("failed: {names} {count:is|are} behind its session", "失败：{names} 落后于会话")
        }
        (Stage::GivenUp, false) => text("failed: heard from only {n} of {need}", "失败：{need} 个中只收到 {n} 个"),
    };
    let tally =
        errand.by.is_none().then_some(Tally { have, refused: Vec::new(), need, of: config.n + config.fallbacks });
    ClientView { tally, says: says.fill(&with) }
}

/// So many sets are shown at the most: those that are waited for, and the last that were.
const MOST_SETS: usize = 4;

/// The write sets and read sets that clients wait for, or waited for last, in the order in which they began.
pub fn sets(seen: &Evidence<Nwr>) -> Vec<SetOf> {
    let errands = seen.cluster.clients().iter().filter_map(|client| client.errand.as_ref());
    let errands = errands.filter_map(|errand| coordinated(errand, seen.cluster));
    let mut errands: Vec<&Errand> = errands.filter(|errand| errand.heard.count() > 0).collect();
    let began = |errand: &Errand| seen.history.began.get(&errand.order.tag.client).map_or(0, |began| began.at);
    errands.sort_by_key(|errand| (errand.is_open(), began(errand)));
    let mut errands = errands.split_off(errands.len().saturating_sub(MOST_SETS));
    errands.sort_by_key(|errand| began(errand));
    let id = |errand: &Errand| format!("{}-{}", errand.order.tag.client, errand.order.tag.serial);
    let mut sets = Vec::new();
    for (at, errand) in errands.iter().enumerate() {
        let write = errand.order.write.as_ref();
        let label = if write.is_some() {
            text("write set of {c}", "{c} 的写集合")
        } else {
            text("read set of {c}", "{c} 的读集合")
        };
        let is_before = |older: &&&Errand| older.order.write.is_some() && older.order.key == errand.order.key;
        let older = errands[..at].iter().rev().find(is_before);
        sets.push(SetOf {
            id: id(errand),
            label: label.fill(&[("c", Says::same(errand.order.tag.client))]),
            members: errand.heard.iter().collect(),
            epoch: write.map(|held| held.version.number),
            client: Some(errand.order.tag.client),
            kind: if write.is_some() { "write" } else { "read" },
            meets: older.map(|older| id(older)).into_iter().collect(),
        });
    }
    sets
}
