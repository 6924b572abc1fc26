//! How a machine and its messages look: data for the frame, and nothing about drawing.

use synod_engine::prelude::*;

use crate::fields::{name, number};

use super::state::*;
use super::{ACCEPTORS, LEARNERS, PROPOSERS, Paxos};

pub const MESSAGES: &[MessageKind] = &[
    MessageKind {
        id: "prepare",
        name: text("a prepare", "准备请求"),
        says: text("{from} asks {to} to promise {epoch}.", "{from} 请求 {to} 承诺{epoch}。"),
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
        says: text("{from} asks {to} to accept {epoch}.", "{from} 请求 {to} 接受{epoch}。"),
        reply: false,
    },
    MessageKind {
        id: "accepted",
        name: text("an acceptance", "接受通知"),
        says: text("{from} tells {to} that it accepted {epoch}.", "{from} 告诉 {to} 它接受了{epoch}。"),
        reply: true,
    },
    MessageKind {
        id: "nack",
        name: text("a refusal", "拒绝"),
        says: text("{from} tells {to} that it has promised {epoch}.", "{from} 告诉 {to} 它已承诺{epoch}。"),
        reply: true,
    },
    MessageKind {
        id: "ask",
        name: text("a learner's question", "学习者的询问"),
        says: text("{from} asks {to} what it has accepted.", "{from} 询问 {to} 接受了什么。"),
        reply: false,
    },
    MessageKind {
        id: "chosen",
        name: text("the chosen value", "被选定的值"),
        says: text("{from} tells {to} what was chosen.", "{from} 告诉 {to} 选定了什么。"),
        reply: false,
    },
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone, epoch, quiet) = match message {
        Message::Prepare { ballot } => (0, Tone::Ask, *ballot, false),
        Message::Promise { ballot, .. } => (1, Tone::Yes, *ballot, false),
        Message::Accept(proposal) => (2, Tone::Carry, proposal.ballot, false),
        Message::Accepted(proposal) => (3, Tone::Stored, proposal.ballot, false),
        Message::Nack { promised, .. } => (4, Tone::No, *promised, false),
        Message::Ask => (5, Tone::Heartbeat, 0, true),
        Message::Chosen(proposal) => (6, Tone::Decide, proposal.ballot, false),
    };
    Summary { kind, tone, epoch, quiet }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    let proposal = |proposal: &Proposal| name("value", text("value", "值"), Some(proposal.value.to_string()), false);
    match message {
        Message::Prepare { ballot } => vec![number("ballot", text("ballot", "编号"), *ballot, false)],
        Message::Promise { accepted, .. } => {
            let accepted = accepted.map(|accepted| accepted.to_string());
            vec![name("accepted", text("accepted before", "此前接受"), accepted, false)]
        }
        Message::Accept(it) | Message::Accepted(it) | Message::Chosen(it) => vec![proposal(it)],
        Message::Nack { ballot, promised } => vec![
            number("refused", text("refused", "拒绝的编号"), *ballot, false),
            number("promised", text("promised", "已承诺"), *promised, false),
        ],
        Message::Ask => Vec::new(),
    }
}

/// Whether a machine plays a role: all of them where it has no group.
fn plays(node: &Node<Paxos>, role: usize) -> bool {
    node.group.is_none_or(|group| group as usize == role)
}

pub fn standing(node: &Node<Paxos>) -> Standing {
    let proposer = &node.volatile.proposer;
    let leads = matches!(proposer.phase, Phase::Accepting { .. });
    let asks = matches!(proposer.phase, Phase::Preparing { .. } | Phase::Ready { .. });
    let chosen = node.volatile.learner.chosen;
    let role = match node.group {
        Some(0) => {
            if leads {
                2
            } else if asks {
                1
            } else {
                0
            }
        }
        Some(1) => 3,
        Some(_) => {
            if chosen.is_some() {
                5
            } else {
                4
            }
        }
        None => {
            if leads {
                8
            } else if asks {
                7
            } else {
                6
            }
        }
    };
    let epoch = match node.group {
        Some(0) => node.durable.highest,
        Some(1) => node.durable.promised,
        Some(_) => chosen.map_or(0, |chosen| chosen.ballot),
        None => node.durable.promised.max(if leads || asks { node.durable.highest } else { 0 }),
    };
    Standing::new(role, epoch)
}

pub fn view(node: &Node<Paxos>, look: &Look<Paxos>) -> NodeView {
    NodeView {
        tally: if look.down { None } else { tally(node, look) },
        fields: fields(node, look),
        strips: if plays(node, ACCEPTORS) { vec![register(node)] } else { Vec::new() },
        says: says(node, look),
        ..NodeView::default()
    }
}

/// Promises, then acceptances, for a proposer; votes for the foremost proposal for a learner.
fn tally(node: &Node<Paxos>, look: &Look<Paxos>) -> Option<Tally> {
    let of = look.roster.count(ACCEPTORS);
    let promises = node.volatile.proposer.promises;
    match &node.volatile.proposer.phase {
        Phase::Preparing { refused, .. } => return Some(promises.tally(*refused, of)),
        Phase::Ready { .. } => return Some(promises.tally(Default::default(), of)),
        Phase::Accepting { accepts, refused, .. } => return Some(accepts.tally(*refused, of)),
        Phase::Idle | Phase::Overtaken => {}
    }
    if node.group != Some(LEARNERS as u32) {
        return None;
    }
    let votes = node.volatile.learner.votes.iter().map(|(_, votes)| *votes);
    Some(votes.max_by_key(|votes| votes.count()).unwrap_or_default().tally(Default::default(), of))
}

/// The accepted proposal, as a register of one cell.
fn register(node: &Node<Paxos>) -> Strip {
    let cell = |accepted: Proposal| {
        let chosen = node.volatile.learner.chosen.is_some_and(|chosen| chosen.value == accepted.value);
        let state = if chosen { CellState::Committed } else { CellState::Pending };
        Cell { index: 1, epoch: accepted.ballot, minor: None, text: accepted.value.to_string(), state }
    };
    Strip { id: "register", kind: StripKind::Single, cells: node.durable.accepted.map(cell).into_iter().collect() }
}

fn fields(node: &Node<Paxos>, look: &Look<Paxos>) -> Vec<Field> {
    let (durable, volatile) = (&node.durable, &node.volatile);
    let mut fields = Vec::new();
    if plays(node, PROPOSERS) {
        fields.push(number("highest", text("highest ballot used", "用过的最大编号"), durable.highest, true));
        if !look.down {
            let wants = volatile.proposer.wants.map(|value| value.to_string());
            fields.push(name("wants", text("wants", "想提出"), wants, false));
        }
    }
    if plays(node, ACCEPTORS) {
        let accepted = durable.accepted.map(|accepted| accepted.to_string());
        fields.push(number("promised", text("promised", "已承诺"), durable.promised, true));
        fields.push(name("accepted", text("accepted", "已接受"), accepted, true));
    }
    if plays(node, LEARNERS) && !look.down {
        let chosen = volatile.learner.chosen.map(|chosen| chosen.value.to_string());
        fields.push(name("chosen", text("chosen", "被选定"), chosen, false));
    }
    fields
}

/// The one fact that is worth a line beside the machine.
fn says(node: &Node<Paxos>, look: &Look<Paxos>) -> Says {
    let volatile = &node.volatile;
    if look.down {
        return text("down", "已宕机").says();
    }
    match &volatile.proposer.phase {
        Phase::Preparing { .. } => return text("asks for promises", "请求承诺").says(),
        Phase::Accepting { value, .. } => return text("proposes {v}", "提出 {v}").fill(&[("v", Says::same(value))]),
        Phase::Ready { .. } => return text("is about to propose", "即将提出").says(),
        Phase::Overtaken => return text("overtaken, waits", "被超越，等待中").says(),
        Phase::Idle => {}
    }
    match volatile.learner.chosen {
        Some(chosen) => text("chosen: {v}", "选定：{v}").fill(&[("v", Says::same(chosen.value))]),
        None if node.group == Some(LEARNERS as u32) => text("no value yet", "还没有值").says(),
        None => Says::default(),
    }
}
