//! How a server and its messages look: data for the frame, and nothing about drawing.

use synod_engine::prelude::*;
use synod_engine::text::join;

use crate::fields::{many, name, number};

use super::MultiPaxos;
use super::state::*;

pub const MESSAGES: &[MessageKind] = &[
    MessageKind {
        id: "prepare",
        name: text("a prepare", "准备请求"),
        says: text(
            "{from} asks {to} to promise {epoch} for all later slots.",
            "{from} 请求 {to} 为之后所有槽位承诺{epoch}。",
        ),
        reply: false,
    },
    MessageKind {
        id: "promise",
        name: text("a promise", "承诺"),
        says: text("{from} promises {epoch} to {to}.", "{from} 向 {to} 承诺{epoch}。"),
        reply: true,
    },
    MessageKind {
        id: "accept",
        name: text("an accept request", "接受请求"),
        says: text("{from} asks {to} to accept a slot in {epoch}.", "{from} 请求 {to} 在{epoch}接受一个槽位。"),
        reply: false,
    },
    MessageKind {
        id: "accepted",
        name: text("an acceptance", "接受通知"),
        says: text("{from} tells {to} that it accepted in {epoch}.", "{from} 告诉 {to} 它在{epoch}接受了。"),
        reply: true,
    },
    MessageKind {
        id: "nack",
        name: text("a refusal", "拒绝"),
        says: text("{from} tells {to} that it has promised {epoch}.", "{from} 告诉 {to} 它已承诺{epoch}。"),
        reply: true,
    },
    MessageKind {
        id: "heartbeat",
        name: text("a heartbeat", "心跳"),
        says: text(
            "{from} leads {epoch} and shows {to} that it is alive.",
            "{epoch}的领导者 {from} 告诉 {to} 自己还在。",
        ),
        reply: false,
    },
    MessageKind {
        id: "heartbeat-reply",
        name: text("an answer to a heartbeat", "心跳响应"),
        says: text("{from} tells {to} how far it has come.", "{from} 告诉 {to} 自己的进度。"),
        reply: true,
    },
    MessageKind {
        id: "chosen",
        name: text("chosen slots", "已选定的槽位"),
        says: text("{from} tells {to} what was chosen.", "{from} 告诉 {to} 选定了什么。"),
        reply: false,
    },
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone, epoch, quiet) = match message {
        Message::Prepare { ballot, .. } => (0, Tone::Ask, *ballot, false),
        Message::Promise { ballot, .. } => (1, Tone::Yes, *ballot, false),
        Message::Accept { ballot, .. } => (2, Tone::Carry, *ballot, false),
        Message::Accepted { ballot, .. } => (3, Tone::Stored, *ballot, false),
        Message::Nack { promised, .. } => (4, Tone::No, *promised, false),
        Message::Heartbeat { ballot, .. } => (5, Tone::Heartbeat, *ballot, true),
        Message::HeartbeatReply { ballot, .. } => (6, Tone::Heartbeat, *ballot, true),
        Message::Chosen { ballot, .. } => (7, Tone::Decide, *ballot, false),
    };
    Summary { kind, tone, epoch, quiet }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    let slot = |slot: Slot| number("slot", text("slot", "槽位"), slot, false);
    let value = |command: &Option<Command>| {
        let shown = command.map_or_else(|| "no-op".to_string(), |command| command.operation.to_string());
        name("value", text("value", "值"), Some(shown), false)
    };
    match message {
        Message::Prepare { first, .. } => vec![number("first", text("from slot", "起始槽位"), *first, false)],
        Message::Promise { votes, .. } => {
            vec![number("votes", text("votes up to slot", "投票直到槽位"), votes.last(), false)]
        }
        Message::Accept { slot: at, command, chosen, .. } => {
            vec![slot(*at), value(command), number("chosen", text("chosen up to", "选定到"), *chosen, false)]
        }
        Message::Accepted { slot: at, .. } => vec![slot(*at)],
        Message::Nack { ballot, promised } => vec![
            number("refused", text("refused", "拒绝的编号"), *ballot, false),
            number("promised", text("promised", "已承诺"), *promised, false),
        ],
        Message::Heartbeat { chosen, .. } => vec![number("chosen", text("chosen up to", "选定到"), *chosen, false)],
        Message::HeartbeatReply { applied, .. } => vec![number("applied", text("applied", "已应用"), *applied, false)],
        Message::Chosen { first, commands, .. } => {
            vec![slot(*first), many("count", text("how many", "个数"), commands.len())]
        }
    }
}

pub fn standing(node: &Node<MultiPaxos>) -> Standing {
    let role = match node.volatile.role {
        Role::Follower => 0,
        Role::Candidate(_) => 1,
        Role::Leader(_) => 2,
    };
    Standing::new(role, node.durable.promised)
}

pub fn view(node: &Node<MultiPaxos>, look: &Look<MultiPaxos>) -> NodeView {
    NodeView {
        tally: if look.down { None } else { tally(node, look.roster.len()) },
        fields: fields(node, look),
        strips: vec![Strip { id: "log", kind: StripKind::Agree, cells: cells(node, look) }],
        says: says(node, look),
        ..NodeView::default()
    }
}

/// Promises for a candidate; for a leader the acceptances of its oldest open slot.
fn tally(node: &Node<MultiPaxos>, of: u32) -> Option<Tally> {
    match &node.volatile.role {
        Role::Follower => None,
        Role::Candidate(candidacy) => Some(candidacy.promises.tally(candidacy.refused, of)),
        Role::Leader(leadership) => leadership.open.first().map(|(_, accepts)| accepts.tally(Default::default(), of)),
    }
}

fn fields(node: &Node<MultiPaxos>, look: &Look<MultiPaxos>) -> Vec<Field> {
    let (durable, volatile) = (&node.durable, &node.volatile);
    let mut fields = vec![
        number("promised", text("promised", "已承诺"), durable.promised, true),
        number("lastSlot", text("last slot", "最后槽位"), durable.log.last(), true),
    ];
    if look.down {
        return fields;
    }
    let pairs: Vec<String> =
        volatile.replica.store.iter().take(8).map(|(key, value)| format!("{key}={value}")).collect();
    fields.extend([
        number("applied", text("applied", "已应用"), volatile.applied, false),
        name("leader", text("leader it knows", "已知领导者"), volatile.leader.map(|node| node.to_string()), false),
        name("store", text("store", "状态机"), (!pairs.is_empty()).then(|| join(&pairs, " ")), false),
    ]);
    fields
}

fn cells(node: &Node<MultiPaxos>, look: &Look<MultiPaxos>) -> Vec<Cell> {
    let log = &node.durable.log;
    let first = log.last().saturating_sub(look.cells as Slot) + 1;
    let state = |slot: Slot| match () {
        () if look.down => CellState::Pending,
        () if slot <= node.volatile.applied => CellState::Applied,
        () if node.volatile.chosen.binary_search(&slot).is_ok() => CellState::Committed,
        () => CellState::Pending,
    };
    let cell = |slot: Slot| match log.get(slot) {
        Some(vote) => {
            Cell { index: slot.into(), epoch: vote.ballot, minor: None, text: vote.to_string(), state: state(slot) }
        }
        None => Cell { index: slot.into(), epoch: 0, minor: None, text: String::new(), state: CellState::Pending },
    };
    (first..=log.last()).map(cell).collect()
}

/// The one fact that is worth a line beside the server.
fn says(node: &Node<MultiPaxos>, look: &Look<MultiPaxos>) -> Says {
    let need = Says::same(look.roster.len() / 2 + 1);
    match &node.volatile.role {
        _ if look.down => text("down", "已宕机").says(),
        Role::Candidate(candidacy) => text("{n} of {need} {need:promise|promises}", "需 {need} 个承诺，已得 {n} 个")
            .fill(&[("n", Says::same(candidacy.promises.count())), ("need", need)]),
        Role::Leader(leadership) if !leadership.open.is_empty() => {
            text("slots open: {n}", "{n} 个槽位待定").fill(&[("n", Says::same(leadership.open.len()))])
        }
        Role::Leader(_) => Says::default(),
        Role::Follower => match node.durable.log.last().saturating_sub(node.volatile.applied) {
            0 => Says::default(),
            n => text("{n} not applied", "{n} 个未应用").fill(&[("n", Says::same(n))]),
        },
    }
}
