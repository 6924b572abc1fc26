//! How a machine and its messages look: data for the frame, and nothing about drawing.

use synod_engine::names::NodeId;
use synod_engine::protocol::{
    Attempt, Badge, Evidence, Field, Holder, Look, MessageKind, Moment, Node, NodeView, Register, Spans, Standing,
    State, StateKind, Stretch, Summary, Table, Tally, Tone, Written,
};
use synod_engine::text::{Says, Text, text};
use synod_engine::units::Micros;

use crate::fields::{name, number, said};
use crate::node_set::NodeSet;

use super::history::{DECIDING, OnDisk, Span, Told, stands};
use super::state::*;
use super::{COORDINATOR, TwoPhaseCommit};

/// As many records of a disk are listed.
const RECORDS: usize = 1_000;

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
        fields.push(name("writes", text("writes", "写入"), Some(written(writes)), false));
        fields.push(name("participants", text("participants", "参与者"), Some(names(*participants)), false));
    }
    fields
}

fn written(writes: &[Write]) -> String {
    let one = |write: &Write| match write.value {
        Some(value) => format!("{}={value}", write.key),
        None => write.key.to_string(),
    };
    writes.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn names(nodes: NodeSet) -> String {
    nodes.iter().map(|node| node.to_string()).collect::<Vec<_>>().join(" ")
}

/// Roles: 0 to 2 are the coordinator's, by what it is at; 3 and 4 the participants'.
pub fn standing(node: &Node<TwoPhaseCommit>) -> Standing {
    let Volatile { newest, tries, works, .. } = &node.volatile;
    let role = if node.group == Some(COORDINATOR as u32) {
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

const fn kind(id: &'static str, word: Text, settled: Option<bool>) -> StateKind {
    StateKind { id, word, settled }
}

/// How a machine stands with a transaction.
pub const STATES: &[StateKind] = &[
    kind("working", text("working", "处理中"), None),
    kind("uncertain", text("uncertain", "未决"), None),
    kind("committed", text("committed", "已提交"), Some(true)),
    kind("aborted", text("aborted", "已中止"), Some(false)),
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
    let coordinates = node.group == Some(COORDINATOR as u32);
    let kept = look.history.kept(node.id);
    let stand = stands(look.history, node, look.safe.unwrap_or(&node.durable));
    let since = kept.map_or(0, |kept| kept.since);
    let stands = stand.map_or(IDLE, |(stands, _)| stands);
    let StateKind { id, settled, .. } = *kind_of(stands);
    let waits = node.volatile.works.get(newest).is_some_and(|work| work.stage == Stage::Waiting);
    let told = look.history.transactions.get(newest);
    let has_left = !node.volatile.works.contains_key(newest) && told.is_some_and(|told| told.read.has(node.id));
    let stands = match stands {
        "working" if waits => WAITS,
        "working" if has_left => READ,
        _ => stands,
    };
    let state = Some(State { id, word: word(stands, coordinates), since, settled });
    let tally = tries.get(newest).filter(|trying| trying.phase == Phase::Voting).map(votes);
    NodeView {
        tally: tally.filter(|_| !look.down),
        fields: fields(node, coordinates),
        badges: badges(node, state.as_ref(), look),
        registers: if coordinates { Vec::new() } else { registers(node, look) },
        disk: kept
            .map(|kept| kept.disk.iter_from(kept.disk.len().saturating_sub(RECORDS)).map(record).collect())
            .unwrap_or_default(),
        // What there is to say of it, its state says.
        says: if look.down { text("down", "已宕机").says() } else { Says::default() },
        state,
        ..NodeView::default()
    }
}

fn fields(node: &Node<TwoPhaseCommit>, coordinates: bool) -> Vec<Field> {
    let Volatile { tries, works, vetoes, .. } = &node.volatile;
    let list = |txns: Vec<Txn>| {
        let words: Vec<String> = txns.iter().map(Txn::to_string).collect();
        (!words.is_empty()).then(|| words.join(" "))
    };
    if coordinates {
        let of =
            |phase: fn(Phase) -> bool| tries.iter().filter(|(_, one)| phase(one.phase)).map(|(txn, _)| *txn).collect();
        let voting: Vec<Txn> = of(|phase| phase == Phase::Voting);
        let telling: Vec<Txn> = of(|phase| matches!(phase, Phase::Telling(_)));
        return vec![
            name("voting", text("waits for votes on", "等待表决"), list(voting), false),
            name("telling", text("waits for acknowledgements of", "等待确认"), list(telling), false),
        ];
    }
    let of = |stage: fn(Stage) -> bool| works.iter().filter(|(_, one)| stage(one.stage)).map(|(txn, _)| *txn).collect();
    let uncertain: Vec<Txn> = of(|stage| stage == Stage::Uncertain);
    let waiting: Vec<Txn> = of(|stage| stage == Stage::Waiting);
    vec![
        name("uncertain", text("uncertain about", "未决"), list(uncertain), true),
        name("waiting", text("wait for a lock", "等锁"), list(waiting), false),
        said("vetoes", text("votes no next", "下次反对"), vetoes.then_some(("yes", text("yes", "是"))), false),
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

fn registers(node: &Node<TwoPhaseCommit>, look: &Look<TwoPhaseCommit>) -> Vec<Register> {
    let Volatile { cache, locks, works, .. } = &node.volatile;
    if look.down {
        let page = |(key, cell): (&crate::store::Key, &Cell)| Register {
            key: key.to_string(),
            value: Some(cell.value.to_string()),
            epoch: Some(cell.by),
            ..Register::default()
        };
        return node.durable.pages.iter().map(page).collect();
    }
    let mut keys: Vec<_> = cache.keys().chain(locks.keys()).copied().collect();
    keys.sort();
    keys.dedup();
    let register = |key: crate::store::Key| {
        let lock = locks.get(&key);
        let writes = lock.and_then(|lock| works.get(&lock.holder)).filter(|work| work.stage != Stage::Waiting);
        let change = writes.and_then(|_| {
            let changes = node.durable.changes(lock?.holder)?;
            changes.iter().find(|change| change.key == key).copied()
        });
        let stands = match change {
            Some(change) => change.before,
            None => cache.get(&key).copied(),
        };
        let waiter = |waiter: &Waiter| match waiter {
            Waiter::Txn(txn) => Holder::Epoch(*txn),
            Waiter::Reader(client, _) => Holder::Name(client.to_string()),
        };
        Register {
            key: key.to_string(),
            value: stands.map(|cell| cell.value.to_string()),
            epoch: stands.map(|cell| cell.by),
            pending: change.map(|change| change.after.to_string()),
            lock: lock.map(|lock| Holder::Epoch(lock.holder)),
            queue: lock.into_iter().flat_map(|lock| lock.queue.iter().map(waiter)).collect(),
        }
    };
    keys.into_iter().map(register).collect()
}

fn record(one: &OnDisk) -> Written {
    let settled = one.word == "commit" || one.word == "abort";
    Written { epoch: one.txn, word: one.word, forced: one.forced, at: one.at, settled }
}

const HEADS: &[Text] = &[
    text("tx", "事务"),
    text("writes", "写入"),
    text("sent, forced", "消息、强写"),
    text("yes", "同意"),
    text("known by", "已知"),
    text("outcome", "结果"),
];

fn outcome(told: &Told, seen: &Evidence<TwoPhaseCommit>) -> (&'static str, Text) {
    let knows = |one: NodeId| told.commits.has(one) || told.aborts.has(one);
    let in_doubt = told.participants.iter().any(|one| told.yes.has(one) && !knows(one));
    let down = seen.cluster.faults().down.iter().any(|(node, _)| node.0 == 0);
    let mixed = told.commits.count() > 0 && told.aborts.count() > 0;
    let damage = match seen.config.heuristic {
        Heuristic::None => text("some of each", "有提交有中止"),
        _ => text("heuristic mixed", "启发式混合"),
    };
    match told.decided {
        Some(Decided::Commit) if mixed => ("committed", damage),
        Some(Decided::Abort) if mixed => ("aborted", damage),
        _ if in_doubt && down => ("in-doubt", text("in doubt", "未定")),
        Some(Decided::Commit) => ("committed", text("committed", "已提交")),
        Some(Decided::Abort) => ("aborted", text("aborted", "已中止")),
        None => ("open", text("open", "进行中")),
    }
}

/// The messages of a transaction, and the writes that were forced for it.
fn cost(told: &Told) -> Says {
    Says::same(format!("{}, {}", told.cost.messages, told.cost.coordinator.forced + told.cost.participants.forced))
}

pub fn table(seen: &Evidence<TwoPhaseCommit>) -> Table {
    let begun = || seen.history.transactions.iter().filter(|(_, told)| told.participants.count() > 0);
    let row = |(txn, told): (&Txn, &Told)| {
        let (state, says) = outcome(told, seen);
        let agree = told.yes.iter().chain(told.read.iter()).collect();
        // Who only read is told nothing, and is not waited for.
        let all: NodeSet = told.participants.iter().filter(|one| !told.read.has(*one)).collect();
        let known: NodeSet = all.iter().filter(|one| told.commits.has(*one) || told.aborts.has(*one)).collect();
        let tally = |of: NodeSet, have: NodeSet, refused: NodeSet| Tally {
            have: have.iter().collect(),
            refused: refused.iter().collect(),
            need: of.count(),
            of: of.count(),
        };
        Attempt {
            epoch: *txn,
            cells: vec![Says::same(&told.writes), cost(told)],
            tallies: vec![
                tally(told.participants, agree, told.no.iter().filter(|one| !told.yes.has(*one)).collect()),
                tally(all, known, NodeSet::default()),
            ],
            state,
            says: says.says(),
        }
    };
    let rows: Vec<Attempt> = begun().map(row).collect();
    let doubt = rows.iter().filter(|row| row.state == "in-doubt").count();
    Table {
        title: text("Transactions", "事务"),
        says: text("{n} begun, {m} in doubt", "开始 {n} 个，未定 {m} 个")
            .fill(&[("n", Says::same(rows.len())), ("m", Says::same(doubt))]),
        heads: HEADS,
        rows,
    }
}

/// Windows from a yes on disk to the decision on disk, waits for locks, and the moments of decision.
pub fn spans(seen: &Evidence<TwoPhaseCommit>, from: Micros) -> Spans {
    let shown = |span: &&Span| span.until.is_none_or(|until| until >= from);
    let stretch = |span: &Span, word: Says| Stretch {
        node: span.node,
        from: span.from,
        until: span.until,
        word,
        epoch: Some(span.txn),
    };
    let history = seen.history;
    let uncertain = text("uncertain: may not decide alone", "未决：不能独自决定");
    let waits = |span: &Span| {
        text("{n} waits for {m}", "{n} 等待 {m}").fill(&[("n", Says::same(span.txn)), ("m", Says::same(span.holder))])
    };
    let moment = |(time, txn, decided): &(Micros, Txn, Decided)| Moment {
        time: *time,
        node: None,
        word: match decided {
            Decided::Commit => text("{n} is committed by this disk write", "这次写盘即提交 {n}"),
            Decided::Abort => text("{n} is aborted by this disk write", "这次写盘即中止 {n}"),
        }
        .fill(&[("n", Says::same(txn))]),
        kind: "decision",
    };
    Spans {
        windows: history.windows.iter().filter(shown).map(|span| stretch(span, uncertain.says())).collect(),
        waits: history.waits.iter().filter(shown).map(|span| stretch(span, waits(span))).collect(),
        phases: history.phases.iter().filter(shown).map(|span| stretch(span, COLLECTS.says())).collect(),
        moments: history.moments.iter().filter(|moment| moment.0 >= from).map(moment).collect(),
    }
}
