//! How a site and its messages look: data for the frame, and nothing about drawing.

use synod_engine::prelude::*;
use synod_engine::protocol::Register;
use synod_engine::text::join;

use crate::fields::{name, number};

use super::Gossip;
use super::state::*;

pub const MESSAGES: &[MessageKind] = &[
    MessageKind {
        id: "push",
        name: text("a rumour", "谣言"),
        says: text("{from} tells {to}.", "{from} 告诉 {to}。"),
        reply: false,
    },
    MessageKind {
        id: "feedback",
        name: text("feedback", "反馈"),
        says: text("{from} tells {to} whether it knew.", "{from} 告诉 {to} 自己是否早已知道。"),
        reply: true,
    },
    MessageKind {
        id: "digest",
        name: text("a digest", "摘要"),
        says: text("{from} tells {to} which versions it has.", "{from} 把自己的版本摘要发给 {to}。"),
        reply: false,
    },
    MessageKind {
        id: "values",
        name: text("newer values", "更新的值"),
        says: text("{from} gives {to} what is newer.", "{from} 把更新的值给 {to}。"),
        reply: true,
    },
    MessageKind {
        id: "give",
        name: text("wanted values", "所要的值"),
        says: text("{from} gives {to} what it wanted.", "{from} 把 {to} 要的值给它。"),
        reply: false,
    },
];

pub fn summary(message: &Message) -> Summary {
    let epoch = |items: &Items| items.iter().map(|item| item.version.count).max().unwrap_or(0);
    let (kind, tone, epoch, quiet) = match message {
        Message::Push { items, .. } => (0, Tone::Carry, epoch(items), false),
        Message::Feedback { items, news } if news.contains(&true) => (1, Tone::Stored, epoch(items), true),
        Message::Feedback { items, .. } => (1, Tone::No, epoch(items), true),
        Message::Digest { known, .. } => {
            let offered = known.iter().filter(|line| line.offered).map(|line| line.version.count).max();
            (2, Tone::Ask, offered.unwrap_or(0), offered.is_none())
        }
        Message::Values { items, .. } => (3, Tone::Carry, epoch(items), items.is_empty()),
        Message::Give { items, .. } => (4, Tone::Carry, epoch(items), false),
    };
    Summary { kind, tone, epoch, quiet }
}

/// Values that are listed of a site or a message.
const SHOWN: usize = 8;

/// The first values in order of their keys, so that sites that know the same look the same.
fn list(items: &[Item]) -> Option<String> {
    let mut first: Vec<&Item> = Vec::new();
    for item in items {
        first.insert(first.partition_point(|known| known.key < item.key), item);
        first.truncate(SHOWN);
    }
    let pairs: Vec<String> = first.iter().map(|item| format!("{}={}", item.key, item.value)).collect();
    (!pairs.is_empty()).then(|| join(&pairs, " "))
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    match message {
        Message::Push { items, .. } | Message::Values { items, .. } | Message::Give { items, .. } => {
            vec![name("values", text("values", "值"), list(items), false)]
        }
        Message::Feedback { news, .. } => {
            let fresh = news.iter().filter(|news| **news).count() as u32;
            vec![number("news", text("were news", "是新消息"), fresh, false)]
        }
        Message::Digest { known, .. } => {
            vec![number("versions", text("versions", "版本数"), known.len() as u32, false)]
        }
    }
}

pub fn standing(node: &Node<Gossip>) -> Standing {
    let Some(newest) = node.durable.newest() else {
        return Standing::new(0, 0);
    };
    let hot = node.volatile.hot.iter().any(|hot| node.durable.items()[usize::from(hot.at)].version == newest.version);
    let heard = newest.heard.saturating_sub(newest.began).min(u32::from(u16::MAX)) as u16;
    Standing { role: if hot { 1 } else { 2 }, epoch: newest.version.count, mark: Some(heard) }
}

/// Among no more sites than these, each shows what it holds.
const FEW: u32 = 12;

fn register(item: &Item) -> Register {
    let (value, epoch) = (Some(item.value.to_string()), Some(item.version.count));
    Register { key: item.key.to_string(), value, epoch, ..Register::default() }
}

pub fn view(node: &Node<Gossip>, look: &Look<Gossip>) -> NodeView {
    let items = node.durable.items();
    let shown = if look.roster.len() > FEW { &[] } else { &items[..items.len().min(SHOWN)] };
    let newest = node.durable.newest();
    let heard = newest.map(|item| item.heard.saturating_sub(item.began).to_string());
    let counter = node.volatile.hot.first().map(|hot| hot.counter.to_string());
    let says = match newest {
        _ if look.down => text("down", "已宕机").says(),
        None => Says::default(),
        Some(item) if item.heard == item.began => text("started here", "从这里开始").says(),
        Some(item) => text("heard in round {n}", "第 {n} 轮听到")
            .fill(&[("n", Says::same(item.heard.saturating_sub(item.began)))]),
    };
    NodeView {
        tally: None,
        fields: vec![
            name("values", text("values", "值"), list(items), true),
            name("heard", text("heard in round", "听到的轮次"), heard, true),
            number("hot", text("still telling", "仍在传播"), node.volatile.hot.len() as u32, false),
            name("counter", text("useless contacts", "无效接触"), counter, false),
        ],
        registers: shown.iter().map(register).collect(),
        says,
        ..NodeView::default()
    }
}
