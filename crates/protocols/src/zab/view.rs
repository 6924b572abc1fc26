//! How a server and its messages look: data for the frame, and nothing about drawing.

use synod_engine::prelude::*;
use synod_engine::protocol::{Phase as Track, PhaseState, Spans, Stretch};

use crate::fields::{many, name, number};

use super::Zab;
use super::state::*;

const fn message(id: &'static str, name: Text, says: Text, reply: bool) -> MessageKind {
    MessageKind { id, name, says, reply }
}

pub const MESSAGES: &[MessageKind] = &[
    message(
        "notification",
        text("a vote", "投票"),
        text("{from} tells {to} whom it would have lead.", "{from} 告诉 {to} 它想让谁领导。"),
        false,
    ),
    message(
        "cepoch",
        text("CEPOCH", "CEPOCH"),
        text(
            "{from} would follow {to}, and says which epoch it has accepted.",
            "{from} 要跟随 {to}，并告知接受过的纪元。",
        ),
        false,
    ),
    message("newepoch", text("NEWEPOCH", "NEWEPOCH"), text("{from} begins {epoch}.", "{from} 开始{epoch}。"), false),
    message(
        "ack-e",
        text("ACK-E", "ACK-E"),
        text("{from} accepts {epoch}, and tells what it has.", "{from} 接受{epoch}，并告知自己拥有什么。"),
        true,
    ),
    message(
        "trunc",
        text("TRUNC", "TRUNC"),
        text("{from} has {to} cut off its end.", "{from} 让 {to} 截去尾部。"),
        false,
    ),
    message(
        "diff",
        text("DIFF", "DIFF"),
        text("{from} sends {to} what it lacks.", "{from} 把 {to} 缺少的发给它。"),
        false,
    ),
    message("snap", text("SNAP", "SNAP"), text("{from} sends {to} everything.", "{from} 把全部发给 {to}。"), false),
    message(
        "newleader",
        text("NEWLEADER", "NEWLEADER"),
        text("{from} has {to} take its history as that of {epoch}.", "{from} 让 {to} 把它的历史当作{epoch}的历史。"),
        false,
    ),
    message(
        "ack-ld",
        text("ACK-LD", "ACK-LD"),
        text("{from} has the history of {to}.", "{from} 已拥有 {to} 的历史。"),
        true,
    ),
    message(
        "commit-ld",
        text("COMMIT-LD", "COMMIT-LD"),
        text("{from} tells {to} that {epoch} is established.", "{from} 告诉 {to} {epoch}已确立。"),
        false,
    ),
    message(
        "propose",
        text("PROPOSE", "PROPOSE"),
        text("{from} proposes a transaction to {to}.", "{from} 向 {to} 提出事务。"),
        false,
    ),
    message("ack", text("ACK", "ACK"), text("{from} has written it.", "{from} 已写下。"), true),
    message(
        "commit",
        text("COMMIT", "COMMIT"),
        text("{from} tells {to} that it is committed.", "{from} 告诉 {to} 已提交。"),
        false,
    ),
    message(
        "inform",
        text("INFORM", "INFORM"),
        text("{from} tells {to} what is committed.", "{from} 把已提交的告诉 {to}。"),
        false,
    ),
    message(
        "request",
        text("REQUEST", "REQUEST"),
        text("{from} passes a write on to {to}.", "{from} 把写入转给 {to}。"),
        false,
    ),
    message(
        "ping",
        text("a ping", "心跳"),
        text("{from} lives, and says how far all is.", "{from} 表明自己还在，并告知进度。"),
        false,
    ),
    message("pong", text("an answer to a ping", "心跳响应"), text("{from} lives too.", "{from} 也还在。"), true),
    message(
        "sync",
        text("a sync", "同步请求"),
        text("{from} asks {to} to be told when it is up to date.", "{from} 请 {to} 在它赶上时告知。"),
        false,
    ),
    message(
        "synced",
        text("an answer to sync", "同步响应"),
        text("{to} has what {from} had.", "{to} 已有 {from} 当时的一切。"),
        true,
    ),
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone, epoch, quiet) = match message {
        Message::Notification { vote, .. } => (0, Tone::Ask, vote.epoch, false),
        Message::CEpoch { accepted } => (1, Tone::Ask, *accepted, false),
        Message::NewEpoch { epoch } => (2, Tone::Ask, *epoch, false),
        Message::AckE { epoch, .. } => (3, Tone::Yes, *epoch, false),
        Message::Trunc { epoch, .. } => (4, Tone::No, *epoch, false),
        Message::Diff { epoch, .. } => (5, Tone::Carry, *epoch, false),
        Message::Snap { epoch, .. } => (6, Tone::Carry, *epoch, false),
        Message::NewLeader { epoch, .. } => (7, Tone::Ask, *epoch, false),
        Message::AckLd { epoch } => (8, Tone::Yes, *epoch, false),
        Message::CommitLd { epoch, .. } => (9, Tone::Decide, *epoch, false),
        Message::Propose { epoch, .. } => (10, Tone::Carry, *epoch, false),
        Message::Ack { epoch, .. } => (11, Tone::Stored, *epoch, false),
        Message::Commit { epoch, .. } => (12, Tone::Decide, *epoch, false),
        Message::Inform { epoch, .. } => (13, Tone::Decide, *epoch, false),
        Message::Request { .. } => (14, Tone::Carry, 0, false),
        Message::Ping { epoch, .. } => (15, Tone::Heartbeat, *epoch, true),
        Message::Pong { epoch, .. } => (16, Tone::Heartbeat, *epoch, true),
        Message::Sync { .. } => (17, Tone::Ask, 0, false),
        Message::Synced { .. } => (18, Tone::Yes, 0, false),
    };
    Summary { kind, tone, epoch, quiet }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    let zxid = |zxid: &Zxid| name("zxid", text("zxid", "zxid"), Some(zxid.to_string()), false);
    let last = |zxid: &Zxid| name("last", text("last zxid", "最后的 zxid"), Some(zxid.to_string()), false);
    match message {
        Message::Notification { round, vote, .. } => vec![
            number("round", text("round", "轮次"), *round, false),
            name("vote", text("votes for", "投给"), Some(NodeId(vote.leader).to_string()), false),
            last(&vote.zxid),
        ],
        Message::CEpoch { accepted } => vec![number("accepted", text("accepted", "已接受"), *accepted, false)],
        Message::AckE { current, last: at, .. } => {
            vec![number("current", text("history of epoch", "历史所属纪元"), *current, false), last(at)]
        }
        Message::Trunc { to, .. } => vec![zxid(to)],
        Message::Diff { txns, .. } => vec![many("count", text("how many", "个数"), txns.len())],
        Message::Snap { history, .. } => vec![many("count", text("how many", "个数"), history.len())],
        Message::NewLeader { history, .. } => {
            history.iter().map(|history| many("count", text("how many", "个数"), history.len())).collect()
        }
        Message::Request { command } => {
            vec![name("value", text("value", "值"), Some(command.operation.to_string()), false)]
        }
        Message::Propose { txn, .. } | Message::Inform { txn, .. } => {
            vec![zxid(&txn.zxid), name("value", text("value", "值"), Some(txn.command.operation.to_string()), false)]
        }
        Message::CommitLd { committed: at, .. } | Message::Ack { zxid: at, .. } | Message::Commit { zxid: at, .. } => {
            vec![zxid(at)]
        }
        Message::Ping { last: at, .. } | Message::Pong { last: at, .. } => vec![last(at)],
        Message::NewEpoch { .. } | Message::AckLd { .. } | Message::Sync { .. } | Message::Synced { .. } => Vec::new(),
    }
}

pub fn standing(node: &Node<Zab>) -> Standing {
    let broadcasts = node.volatile.role.phase() == Some(Phase::Broadcast);
    let role = match node.volatile.role {
        Role::Following(_) if node.volatile.observes => 5 + u8::from(!broadcasts),
        Role::Following(_) if broadcasts => 0,
        Role::Looking(_) if node.volatile.observes => 7,
        Role::Looking(_) => 1,
        Role::Leading(_) if broadcasts => 2,
        Role::Following(_) => 3,
        Role::Leading(_) => 4,
    };
    Standing::new(role, node.durable.current)
}

pub fn view(node: &Node<Zab>, look: &Look<Zab>) -> NodeView {
    NodeView {
        tally: if look.down { None } else { tally(node, look.config) },
        fields: fields(node, look),
        strips: vec![Strip { id: "history", kind: StripKind::Agree, cells: cells(node, look) }],
        phase: if look.down { None } else { track(node) },
        says: says(node, look),
        ..NodeView::default()
    }
}

/// Those who agree on a vote, follow so far, or have the oldest proposal.
fn tally(node: &Node<Zab>, config: &Config) -> Option<Tally> {
    let set: crate::node_set::NodeSet = match &node.volatile.role {
        Role::Following(_) => return None,
        Role::Looking(looking) => {
            looking.votes.iter().filter(|(_, vote)| **vote == node.volatile.vote).map(|(one, _)| *one).collect()
        }
        Role::Leading(leading) => match leading.phase {
            Phase::Discovery if leading.epoch == 0 => leading.learners.keys().copied().chain([node.id]).collect(),
            Phase::Discovery => leading.at_least(Stage::Promised).chain([node.id]).collect(),
            Phase::Synchronisation => leading.at_least(Stage::Active).chain([node.id]).collect(),
            Phase::Broadcast => leading.open.first()?.1,
        },
    };
    let voters: crate::node_set::NodeSet = set.iter().filter(|one| config.votes(*one)).collect();
    Some(voters.tally(Default::default(), config.voters))
}

const TRACK: &[Text] =
    &[text("election", "选举"), text("discovery", "发现"), text("synchronisation", "同步"), text("broadcast", "广播")];

fn place(phase: Option<Phase>) -> usize {
    match phase {
        None => 0,
        Some(Phase::Discovery) => 1,
        Some(Phase::Synchronisation) => 2,
        Some(Phase::Broadcast) => 3,
    }
}

fn track(node: &Node<Zab>) -> Option<Track> {
    let now = place(node.volatile.role.phase());
    let state = |at: usize| match at.cmp(&now) {
        std::cmp::Ordering::Less => PhaseState::Done,
        std::cmp::Ordering::Equal => PhaseState::Now,
        std::cmp::Ordering::Greater => PhaseState::Next,
    };
    Some(Track { names: TRACK, states: (0..TRACK.len()).map(state).collect(), epoch: node.durable.accepted })
}

fn fields(node: &Node<Zab>, look: &Look<Zab>) -> Vec<Field> {
    let (durable, volatile) = (&node.durable, &node.volatile);
    let mut fields = vec![
        number("accepted", text("accepted epoch", "接受的纪元"), durable.accepted, true),
        number("current", text("history of epoch", "历史所属纪元"), durable.current, true),
        name("last", text("last zxid", "最后的 zxid"), Some(durable.last().to_string()), true),
    ];
    if look.down {
        return fields;
    }
    let pairs: Vec<String> =
        volatile.replica.store.iter().take(8).map(|(key, value)| format!("{key}={value}")).collect();
    let vote = (matches!(volatile.role, Role::Looking(_)) && volatile.round > 0 && !volatile.observes)
        .then(|| NodeId(volatile.vote.leader).to_string());
    let leader = volatile.role.following().map(|following| following.leader.to_string());
    fields.extend([
        number("delivered", text("delivered", "已应用"), volatile.delivered as u32, false),
        number("round", text("round", "轮次"), volatile.round, false),
        name("vote", text("votes for", "投给"), vote, false),
        name("leader", text("leader it follows", "跟随的领导者"), leader, false),
        name("store", text("store", "状态机"), (!pairs.is_empty()).then(|| pairs.join(" ")), false),
    ]);
    fields
}

/// What it has; while it is synchronised also what it is to cut off, and then what it is to get.
fn cells(node: &Node<Zab>, look: &Look<Zab>) -> Vec<Cell> {
    let history = &node.durable.history;
    let handed = look.history.handed.get(node.id).filter(|_| !look.down);
    let same = handed.map_or(usize::MAX, |handed| handed.same);
    let state = |at: usize| match at {
        at if at >= same => CellState::Cut,
        at if !look.down && at < node.volatile.delivered => CellState::Applied,
        _ => CellState::Pending,
    };
    let cell = |at: usize, txn: &Txn, state: CellState| Cell {
        index: at as u64 + 1,
        epoch: txn.zxid.epoch,
        minor: Some(txn.zxid.counter),
        text: txn.command.operation.to_string(),
        state,
    };
    let coming = handed.filter(|_| history.len() <= same);
    let all = coming.map_or(history.len(), |handed| handed.history.len().max(history.len()));
    let first = all.saturating_sub(look.cells);
    let mut cells: Vec<Cell> =
        (first..).zip(history.iter_from(first)).map(|(at, txn)| cell(at, txn, state(at))).collect();
    if let Some(handed) = coming {
        let from = history.len().max(first);
        cells.extend((from..).zip(handed.history.iter_from(from)).map(|(at, txn)| cell(at, txn, CellState::Expected)));
    }
    cells
}

/// The one fact that is worth a line beside the server.
fn says(node: &Node<Zab>, look: &Look<Zab>) -> Says {
    let Durable { accepted, current, .. } = &node.durable;
    match &node.volatile.role {
        _ if look.down => text("down", "已宕机").says(),
        Role::Looking(_) if node.volatile.round == 0 => Says::default(),
        Role::Looking(_) if node.volatile.observes => text("asks who leads", "询问谁是领导者").says(),
        Role::Looking(_) => {
            text("votes for {a}", "投给 {a}").fill(&[("a", Says::same(NodeId(node.volatile.vote.leader)))])
        }
        Role::Following(_) if accepted > current => {
            text("promised epoch {n}", "已承诺纪元 {n}").fill(&[("n", Says::same(accepted))])
        }
        Role::Leading(leading) if !leading.open.is_empty() => {
            text("open: {n}", "待提交 {n} 个").fill(&[("n", Says::same(leading.open.len()))])
        }
        _ => Says::default(),
    }
}

/// The phases of each server, as stretches on its lane; broadcast is what all are in most of the time.
pub fn spans(seen: &Evidence<Zab>, from: Micros) -> Spans {
    let shown = seen.history.phases.iter().filter(|span| span.until.is_none_or(|until| until >= from));
    let stretch = |span: &super::history::Span| Stretch {
        node: span.node,
        from: span.from,
        until: span.until,
        word: TRACK[place(span.phase)].says(),
        epoch: None,
    };
    let phases = shown.filter(|span| span.phase != Some(Phase::Broadcast)).map(stretch).collect();
    Spans { phases, ..Spans::default() }
}
