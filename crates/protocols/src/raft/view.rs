//! How a server and its messages look: data for the frame, and nothing about drawing.

use synod_engine::names::NodeId;
use synod_engine::protocol::{
    Cell, CellState, Field, Look, MessageKind, Node, NodeView, Standing, Strip, StripKind, Summary, Tally, Tone,
};
use synod_engine::text::{Says, join, text};

use crate::fields::{many, name, number, said};

use super::Raft;
use super::state::*;

pub const MESSAGES: &[MessageKind] = &[
    MessageKind {
        id: "request-vote",
        name: text("a request for a vote", "投票请求"),
        says: text("{from} asks {to} for its vote in {epoch}.", "{from} 请求 {to} 在{epoch}投票。"),
        reply: false,
    },
    MessageKind {
        id: "request-vote-reply",
        name: text("a vote", "投票响应"),
        says: text("{to} hears from {from} about its vote in {epoch}.", "{from} 就{epoch}的投票响应 {to}。"),
        reply: true,
    },
    MessageKind {
        id: "append-entries",
        name: text("entries", "日志条目"),
        says: text("{from} leads {epoch} and writes to {to}.", "{epoch}的领导者 {from} 写给 {to}。"),
        reply: false,
    },
    MessageKind {
        id: "append-entries-reply",
        name: text("an acknowledgement", "追加响应"),
        says: text("{from} answers {to} in {epoch}.", "{from} 在{epoch}响应 {to}。"),
        reply: true,
    },
    MessageKind {
        id: "pre-vote",
        name: text("a request for a pre-vote", "预投票请求"),
        says: text(
            "{from} asks {to} whether it would vote for it in {epoch}.",
            "{from} 询问 {to} 是否愿意在{epoch}投票给它。",
        ),
        reply: false,
    },
    MessageKind {
        id: "pre-vote-reply",
        name: text("a pre-vote", "预投票响应"),
        says: text("{from} tells {to} whether it would vote for it.", "{from} 告诉 {to} 是否愿意投票给它。"),
        reply: true,
    },
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone, term, quiet) = match message {
        Message::RequestVote { term, .. } => (0, Tone::Ask, *term, false),
        Message::RequestVoteReply { term, granted } => (1, yes_or_no(*granted), *term, false),
        Message::AppendEntries { term, entries, .. } if entries.is_empty() => (2, Tone::Heartbeat, *term, true),
        Message::AppendEntries { term, .. } => (2, Tone::Carry, *term, false),
        Message::AppendEntriesReply { term, result, .. } => match result {
            Appended::UpTo { new, .. } => (3, Tone::Stored, *term, !new),
            Appended::Conflict { .. } | Appended::Stale => (3, Tone::No, *term, false),
        },
        Message::PreVote { term, .. } => (4, Tone::Ask, *term, false),
        Message::PreVoteReply { term, granted } => (5, yes_or_no(*granted), *term, false),
    };
    Summary { kind, tone, epoch: term, quiet }
}

fn yes_or_no(granted: bool) -> Tone {
    if granted { Tone::Yes } else { Tone::No }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    match message {
        Message::RequestVote { last_index, last_term, .. } | Message::PreVote { last_index, last_term, .. } => vec![
            number("lastIndex", text("last index", "最后索引"), *last_index, false),
            number("lastTerm", text("last term", "最后任期"), *last_term, false),
        ],
        Message::RequestVoteReply { granted, .. } | Message::PreVoteReply { granted, .. } => {
            vec![name("granted", text("vote", "投票"), Some(if *granted { "yes" } else { "no" }.into()), false)]
        }
        Message::AppendEntries { prev_index, prev_term, entries, commit, .. } => {
            let carried: Vec<String> = entries.iter().map(ToString::to_string).collect();
            vec![
                number("prevIndex", text("after index", "前一索引"), *prev_index, false),
                number("prevTerm", text("of term", "前一任期"), *prev_term, false),
                name("entries", text("entries", "条目"), (!carried.is_empty()).then(|| join(&carried, ", ")), false),
                many("count", text("how many", "条数"), entries.len()),
                number("commit", text("commit index", "提交索引"), *commit, false),
            ]
        }
        Message::AppendEntriesReply { result, .. } => match result {
            Appended::UpTo { index, .. } => vec![number("match", text("agrees up to", "一致到"), *index, false)],
            Appended::Conflict { index, .. } => {
                vec![number("conflict", text("conflicts from", "冲突起点"), *index, false)]
            }
            Appended::Stale => {
                vec![said("stale", text("refused", "拒绝"), Some(("old term", text("old term", "任期已旧"))), false)]
            }
        },
    }
}

pub fn standing(node: &Node<Raft>) -> Standing {
    let role = match node.volatile.role {
        Role::Follower => 0,
        Role::Candidate(_) => 1,
        Role::Leader(_) => 2,
        Role::PreCandidate(_) => 3,
    };
    Standing::new(role, node.durable.term)
}

pub fn view(node: &Node<Raft>, look: &Look<Raft>) -> NodeView {
    NodeView {
        tally: if look.down { None } else { tally(node, look.roster.len()) },
        fields: fields(node, look),
        strips: vec![Strip { id: "log", kind: StripKind::Agree, cells: cells(node, look) }],
        says: says(node, look),
        ..NodeView::default()
    }
}

/// Votes for a candidate; for a leader the holders of its oldest entry that is not committed.
fn tally(node: &Node<Raft>, nodes: u32) -> Option<Tally> {
    match &node.volatile.role {
        Role::Follower => None,
        Role::Candidate(ballot) | Role::PreCandidate(ballot) => Some(ballot.granted.tally(ballot.refused, nodes)),
        Role::Leader(leadership) => {
            let oldest = node.volatile.commit_index + 1;
            if oldest > node.durable.log.last_index() {
                return None;
            }
            let holds = |(n, progress): (usize, &Progress)| {
                let peer = NodeId(n as u32);
                (peer == node.id || progress.match_index >= oldest).then_some(peer)
            };
            let have = leadership.peers.iter().enumerate().filter_map(holds).collect();
            Some(Tally { have, refused: Vec::new(), need: nodes / 2 + 1, of: nodes })
        }
    }
}

fn fields(node: &Node<Raft>, look: &Look<Raft>) -> Vec<Field> {
    let (durable, volatile) = (&node.durable, &node.volatile);
    let mut fields = vec![
        number("term", text("term", "任期"), durable.term, true),
        name("votedFor", text("voted for", "投票给"), durable.voted_for.map(|node| node.to_string()), true),
        number("lastIndex", text("last index", "最后索引"), durable.log.last_index(), true),
    ];
    if look.down {
        return fields;
    }
    fields.extend([
        number("commitIndex", text("commit index", "提交索引"), volatile.commit_index, false),
        number("lastApplied", text("last applied", "已应用索引"), volatile.last_applied, false),
        name("leader", text("leader it knows", "已知领导者"), volatile.leader.map(|node| node.to_string()), false),
    ]);
    let pairs: Vec<String> =
        volatile.replica.store.iter().take(8).map(|(key, value)| format!("{key}={value}")).collect();
    fields.push(name("store", text("store", "状态机"), (!pairs.is_empty()).then(|| join(&pairs, " ")), false));
    if let Role::Leader(leadership) = &volatile.role {
        let others = leadership.peers.iter().enumerate().filter(|(n, _)| *n != node.id.at()).take(16);
        let progress = |(n, p): (usize, &Progress)| format!("{}:{}/{}", NodeId(n as u32), p.match_index, p.next_index);
        let progress: Vec<String> = others.map(progress).collect();
        fields.push(name("progress", text("match/next", "匹配/下一条"), Some(join(&progress, " ")), false));
    }
    fields
}

fn cells(node: &Node<Raft>, look: &Look<Raft>) -> Vec<Cell> {
    let log = &node.durable.log;
    let first = log.0.len().saturating_sub(look.cells);
    let state = |index: Index| match () {
        // The commit index is volatile: a server that is down knows of nothing committed.
        () if look.down || index > node.volatile.commit_index => CellState::Pending,
        () if index > node.volatile.last_applied => CellState::Committed,
        () => CellState::Applied,
    };
    let cell = |(at, entry): (usize, &Entry)| {
        let index = (first + at + 1) as Index;
        Cell { index: u64::from(index), epoch: entry.term, minor: None, text: entry.to_string(), state: state(index) }
    };
    log.0.iter_from(first).enumerate().map(cell).collect()
}

/// The one fact that is worth a line beside the server.
fn says(node: &Node<Raft>, look: &Look<Raft>) -> Says {
    let voted = node.durable.voted_for.filter(|candidate| *candidate != node.id);
    match &node.volatile.role {
        _ if look.down => text("down", "已宕机").says(),
        Role::Candidate(ballot) => votes(ballot, look.roster.len()),
        Role::PreCandidate(_) => text("asks whether it could win", "询问能否当选").says(),
        Role::Leader(leadership) if !leadership.waiters.is_empty() => {
            let waiting = Says::same(leadership.waiters.len());
            text("{n} waiting", "{n} 个请求等待").fill(&[("n", waiting)])
        }
        Role::Leader(_) => Says::default(),
        Role::Follower => match (node.volatile.leader, voted) {
            (None, Some(candidate)) => {
                text("voted for {node}", "投票给 {node}").fill(&[("node", Says::same(candidate))])
            }
            _ => Says::default(),
        },
    }
}

fn votes(ballot: &Ballot, nodes: u32) -> Says {
    text("{have} of {of} {of:vote|votes}", "{of} 票中得 {have} 票")
        .fill(&[("have", Says::same(ballot.granted.count())), ("of", Says::same(nodes))])
}
