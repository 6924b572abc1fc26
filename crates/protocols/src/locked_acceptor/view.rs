//! How a machine and its messages look: data for the frame, and nothing about drawing.

use synod_engine::prelude::*;

use crate::fields::name;

use super::LockedAcceptor;
use super::state::*;

pub const MESSAGES: &[MessageKind] = &[
    MessageKind {
        id: "prepare",
        name: text("a request for the lock", "加锁请求"),
        says: text("{from} asks {to} for the lock.", "{from} 向 {to} 申请锁。"),
        reply: false,
    },
    MessageKind {
        id: "locked",
        name: text("the lock", "锁"),
        says: text("{from} gives {to} the lock.", "{from} 把锁交给 {to}。"),
        reply: true,
    },
    MessageKind {
        id: "busy",
        name: text("a refusal", "拒绝"),
        says: text("{from} tells {to} that the lock is taken.", "{from} 告诉 {to} 锁已被占用。"),
        reply: true,
    },
    MessageKind {
        id: "accept",
        name: text("a value", "取值"),
        says: text("{from} asks {to} to take a value.", "{from} 请求 {to} 接受一个值。"),
        reply: false,
    },
    MessageKind {
        id: "release",
        name: text("the lock's return", "释放锁"),
        says: text("{from} gives {to} the lock back.", "{from} 把锁还给 {to}。"),
        reply: false,
    },
    MessageKind {
        id: "decided",
        name: text("the decision", "决定"),
        says: text("{from} tells {to} what is decided.", "{from} 告诉 {to} 确定的值。"),
        reply: true,
    },
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone) = match message {
        Message::Prepare => (0, Tone::Ask),
        Message::Locked(_) => (1, Tone::Yes),
        Message::Busy => (2, Tone::No),
        Message::Accept(_) => (3, Tone::Carry),
        Message::Release => (4, Tone::Decide),
        Message::Decided(_) => (5, Tone::Stored),
    };
    Summary { kind, tone, epoch: 1, quiet: false }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    let value = |value: Option<String>| vec![name("value", text("value", "值"), value, false)];
    match message {
        Message::Locked(decided) => value(decided.map(|word| word.to_string())),
        Message::Accept(word) | Message::Decided(word) => value(Some(word.to_string())),
        Message::Prepare | Message::Busy | Message::Release => Vec::new(),
    }
}

pub fn standing(node: &Node<LockedAcceptor>) -> Standing {
    let role = match (node.group, node.volatile.phase) {
        (Some(1), _) => {
            if node.durable.lock.is_some() {
                4
            } else {
                3
            }
        }
        (_, Phase::Idle) => 0,
        (_, Phase::Locking) => 1,
        (_, Phase::Accepting) => 2,
    };
    Standing::new(role, u32::from(role != 0 && role != 3 || node.durable.value.is_some()))
}

pub fn view(node: &Node<LockedAcceptor>, look: &Look<LockedAcceptor>) -> NodeView {
    let (durable, volatile) = (&node.durable, &node.volatile);
    if node.group == Some(1) {
        let cell = |value: crate::word::Word| Cell {
            index: 1,
            epoch: 1,
            minor: None,
            text: value.to_string(),
            state: CellState::Committed,
        };
        return NodeView {
            tally: None,
            fields: vec![
                name("value", text("value", "取值"), durable.value.map(|value| value.to_string()), true),
                name("lock", text("lock held by", "锁的持有者"), durable.lock.map(|holder| holder.to_string()), true),
            ],
            strips: vec![Strip {
                id: "register",
                kind: StripKind::Single,
                cells: durable.value.map(cell).into_iter().collect(),
            }],
            says: match durable.lock {
                _ if look.down => text("down", "已宕机").says(),
                Some(holder) => text("locked by {node}", "被 {node} 锁定").fill(&[("node", Says::same(holder))]),
                None => text("unlocked", "未加锁").says(),
            },
            ..NodeView::default()
        };
    }
    let mut fields = Vec::new();
    if !look.down {
        fields.push(name("wants", text("wants", "想提出"), volatile.wants.map(|value| value.to_string()), false));
        fields.push(name("chosen", text("knows", "已知"), volatile.known.map(|value| value.to_string()), false));
    }
    let says = match volatile.phase {
        _ if look.down => text("down", "已宕机").says(),
        Phase::Locking => text("wants the lock", "等待锁").says(),
        Phase::Accepting => text("holds the lock", "持有锁").says(),
        Phase::Idle => volatile
            .known
            .map_or(Says::default(), |value| text("knows: {v}", "已知：{v}").fill(&[("v", Says::same(value))])),
    };
    NodeView { fields, says, ..NodeView::default() }
}
