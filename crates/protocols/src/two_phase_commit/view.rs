//! How a machine and its messages look: data for the frame, and nothing about drawing.

use synod_engine::protocol::{
    Badge, Evidence, Field, Look, MessageKind, Node, NodeView, Spans, Standing, State, StateKind, Summary, Table,
    Tally, Tone,
};
use synod_engine::text::{Says, Text, text};
use synod_engine::units::Micros;

use crate::fields::{name, number};
use crate::node_set::NodeSet;
use crate::transactions::coordinates;
use crate::transactions::view::{
    self as transactions, ABORTED, COMMITTED, Lanes, asked, disk, kind, list, outcome, registers, tally, vetoes,
};

use super::TwoPhaseCommit;
use super::history::{Cost, DECIDING, Told, stands};
use super::state::*;

const fn message(id: &'static str, name: Text, says: Text, reply: bool) -> MessageKind {
    MessageKind { id, name, says, reply }
}

pub const MESSAGES: &[MessageKind] = &[
    message(
        "vote-request",
        text("a request to vote", "表决请求"),
        text("{from} asks {to} to vote on {epoch}.", "{from} 请 {to} 对{epoch}表决。"),
        false,
    ),
    message("yes", text("a yes", "同意票"), text("{from} says yes to {epoch}.", "{from} 同意{epoch}。"), true),
    message("no", text("a no", "反对票"), text("{from} says no to {epoch}.", "{from} 反对{epoch}。"), true),
    message(
        "read",
        text("a read vote", "只读票"),
        text("{from} only read for {epoch}.", "{from} 在{epoch}中只读。"),
        true,
    ),
    message(
        "commit",
        text("a commit", "提交"),
        text("{from} tells {to} that {epoch} is committed.", "{from} 告诉 {to} {epoch}已提交。"),
        false,
    ),
    message(
        "abort",
        text("an abort", "中止"),
        text("{from} tells {to} that {epoch} is aborted.", "{from} 告诉 {to} {epoch}已中止。"),
        false,
    ),
    message("ack", text("an acknowledgement", "确认"), text("{from} has it on its disk.", "{from} 已落盘。"), true),
    message(
        "decision-request",
        text("a question", "询问"),
        text("{from} asks {to} what was decided on {epoch}.", "{from} 问 {to} {epoch}的决定是什么。"),
        false,
    ),
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone) = match message {
        Message::VoteReq { .. } => (0, Tone::Ask),
        Message::Yes(_) => (1, Tone::Yes),
        Message::No(_) => (2, Tone::No),
        Message::Read(_) => (3, Tone::Yes),
        Message::Commit(_) => (4, Tone::Decide),
        Message::Abort(_) => (5, Tone::No),
        Message::Ack(_) => (6, Tone::Stored),
        Message::DecisionReq(_) => (7, Tone::Ask),
    };
    Summary { kind, tone, epoch: message.txn(), quiet: false }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    let mut fields = vec![number("transaction", text("transaction", "事务"), message.txn(), false)];
    if let Message::VoteReq { writes, participants, .. } = message {
        fields.extend(asked(writes, *participants));
    }
    fields
}

/// Roles: 0 to 2 are the coordinator's, by what it is at; 3 and 4 the participants'.
pub fn standing(node: &Node<TwoPhaseCommit>) -> Standing {
    let Volatile { newest, tries, works, .. } = &node.volatile;
    let role = if coordinates(node) {
        match tries.get(newest).map(|trying| trying.phase) {
            Some(Phase::Collecting | Phase::Voting | Phase::Deciding(_)) => 1,
            Some(Phase::Telling(Decided::Commit)) => 2,
            Some(Phase::Telling(Decided::Abort)) | None => 0,
        }
    } else {
        3 + u8::from(works.values().any(|work| work.stage == Stage::Uncertain))
    };
    let newest = if *newest > 0 { *newest } else { node.durable.newest() };
    Standing::new(role, newest)
}

/// The votes as they are counted.
pub fn votes(trying: &Trying) -> Tally {
    let of = trying.participants.count();
    let agree = trying.yes.iter().chain(trying.read.iter());
    Tally { have: agree.collect(), refused: trying.no.iter().collect(), need: of, of }
}

/// How a machine stands with a transaction.
pub const STATES: &[StateKind] = &[
    kind("working", text("working", "处理中"), None),
    kind("uncertain", text("uncertain", "未决"), None),
    COMMITTED,
    ABORTED,
];

/// It has heard of no transaction.
const IDLE: &str = "idle";
/// It only read, and has left.
const READ: &str = "read";
/// At work on a transaction whose keys another holds.
const WAITS: &str = "waits";
const COLLECTS: Text = text("collecting votes", "收集投票");

/// The state by which it is counted: what is told more closely is work.
pub fn kind_of(stands: &'static str) -> &'static StateKind {
    STATES.iter().find(|kind| kind.id == stands).unwrap_or(&STATES[0])
}

fn word(stands: &'static str, coordinates: bool) -> Text {
    match stands {
        IDLE => text("idle", "空闲"),
        READ => text("only read", "只读"),
        WAITS => text("waiting for a lock", "等锁"),
        DECIDING => text("writing its decision", "正在写下决定"),
        "working" if coordinates => COLLECTS,
        _ => kind_of(stands).word,
    }
}

pub fn view(node: &Node<TwoPhaseCommit>, look: &Look<TwoPhaseCommit>) -> NodeView {
    let Volatile { newest, tries, .. } = &node.volatile;
    let is_coordinator = coordinates(node);
    let kept = look.history.kept(node.id);
    let stand = stands(look.history, node, look.safe.unwrap_or(&node.durable));
    let since = kept.map_or(0, |kept| kept.since);
    let stands = stand.map_or(IDLE, |(stands, _)| stands);
    let StateKind { id, settled, .. } = *kind_of(stands);
    let waits = node.volatile.works.get(newest).is_some_and(|work| work.stage == Stage::Waiting);
    let told = look.history.transactions.get(newest);
    let has_left = !node.volatile.works.contains_key(newest) && told.is_some_and(|told| told.own.read.has(node.id));
    let stands = match stands {
        "working" if waits => WAITS,
        "working" if has_left => READ,
        _ => stands,
    };
    let state = Some(State { id, word: word(stands, is_coordinator), since, settled });
    let tally = tries.get(newest).filter(|trying| trying.phase == Phase::Voting).map(votes);
    NodeView {
        tally: tally.filter(|_| !look.down),
        fields: fields(node, is_coordinator),
        badges: badges(node, state.as_ref(), look),
        registers: if is_coordinator { Vec::new() } else { registers(node, look) },
        disk: disk(node.id, look),
        // What there is to say of it, its state says.
        says: if look.down { text("down", "已宕机").says() } else { Says::default() },
        state,
        ..NodeView::default()
    }
}

fn fields(node: &Node<TwoPhaseCommit>, coordinates: bool) -> Vec<Field> {
    let Volatile { tries, works, site, .. } = &node.volatile;
    if coordinates {
        let of = |phase: fn(Phase) -> bool| list(tries.iter().filter(|(_, one)| phase(one.phase)).map(|(txn, _)| *txn));
        return vec![
            name("voting", text("waits for votes on", "等待表决"), of(|phase| phase == Phase::Voting), false),
            name(
                "telling",
                text("waits for acknowledgements of", "等待确认"),
                of(|phase| matches!(phase, Phase::Telling(_))),
                false,
            ),
        ];
    }
    let of = |stage: Stage| list(works.iter().filter(|(_, one)| one.stage == stage).map(|(txn, _)| *txn));
    vec![
        name("uncertain", text("uncertain about", "未决"), of(Stage::Uncertain), true),
        name("waiting", text("wait for a lock", "等锁"), of(Stage::Waiting), false),
        vetoes(site.vetoes),
    ]
}

/// Whoever is uncertain for longer than a timeout is blocked: it has asked in vain. What one decided alone, and wrongly,
/// stays to be seen.
fn badges(node: &Node<TwoPhaseCommit>, state: Option<&State>, look: &Look<TwoPhaseCommit>) -> Vec<Badge> {
    let blocked = state.is_some_and(|state| state.id == "uncertain" && look.now > state.since + look.config.timeout);
    let mixed = look.config.heuristic != Heuristic::None && node.durable.log.iter().any(|one| one.what == What::Mixed);
    let badge = |id, says: Text| Badge { id, says: says.says() };
    let blocked = blocked && !look.down;
    let blocked = blocked
        .then(|| badge("blocked", text("uncertain, and nobody who knows has answered", "未决，且知情者都没有响应")));
    let mixed = mixed
        .then(|| badge("damaged", text("decided alone, and otherwise than the others", "擅自决定，且与其他人相反")));
    blocked.into_iter().chain(mixed).collect()
}

const HEADS: &[Text] = &[
    text("tx", "事务"),
    text("writes", "写入"),
    text("sent, forced", "消息、强写"),
    text("yes", "同意"),
    text("known by", "已知"),
    text("outcome", "结果"),
];

fn told_as(told: &Told, seen: &Evidence<TwoPhaseCommit>) -> (&'static str, Text) {
    let down = seen.cluster.faults().down.iter().any(|(node, _)| node.0 == 0);
    let damage = match seen.config.heuristic {
        Heuristic::None => text("some of each", "有提交有中止"),
        _ => text("heuristic mixed", "启发式混合"),
    };
    match told.decided {
        Some(Decided::Commit) if told.is_split() => (COMMITTED.id, damage),
        Some(Decided::Abort) if told.is_split() => (ABORTED.id, damage),
        _ => outcome(told, down),
    }
}

/// The messages of a transaction, and the writes that were forced for it.
fn cost(cost: &Cost) -> Says {
    Says::same(format!("{}, {}", cost.messages, cost.coordinator.forced + cost.participants.forced))
}

pub fn table(seen: &Evidence<TwoPhaseCommit>) -> Table {
    transactions::table(seen, HEADS, |told| {
        let agree = told.yes.iter().chain(told.own.read.iter()).collect();
        // Who only read is told nothing, and is not waited for.
        let all: NodeSet = told.participants.iter().filter(|one| !told.own.read.has(*one)).collect();
        let known: NodeSet = all.iter().filter(|one| told.knows(*one)).collect();
        let refused = told.no.iter().filter(|one| !told.yes.has(*one)).collect();
        let tallies = vec![tally(told.participants, agree, refused), tally(all, known, NodeSet::default())];
        (vec![Says::same(&told.writes), cost(&told.own.cost)], tallies, told_as(told, seen))
    })
}

pub fn spans(seen: &Evidence<TwoPhaseCommit>, from: Micros) -> Spans {
    let lanes = Lanes {
        window: text("uncertain: may not decide alone", "未决：不能独自决定"),
        doing: |_| COLLECTS,
        moment: |decided| match decided {
            Decided::Commit => text("{n} is committed by this disk write", "这次写盘即提交 {n}"),
            Decided::Abort => text("{n} is aborted by this disk write", "这次写盘即中止 {n}"),
        },
    };
    transactions::spans(seen, from, &lanes)
}
