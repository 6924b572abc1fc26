//! How a machine and its messages look: data for the frame, and nothing about drawing.

use synod_engine::names::NodeId;
use synod_engine::protocol::{
    Attempt, Badge, Evidence, Field, Holder, Look, MessageKind, Moment, Node, NodeView, PhaseState, Register, Spans,
    Standing, State, StateKind, Stretch, Summary, Table, Tally, Tone, Written,
};
use synod_engine::text::{Says, Text, text};
use synod_engine::units::Micros;

use crate::fields::{name, number, said};
use crate::node_set::NodeSet;

use super::history::{OnDisk, Reason, Span, Told, id_of, stands};
use super::state::*;
use super::{COORDINATOR, ThreePhaseCommit};

/// As many records of a disk are listed.
const RECORDS: usize = 1_000;

const fn message(id: &'static str, name: Text, says: Text, reply: bool) -> MessageKind {
    MessageKind { id, name, says, reply }
}

pub const MESSAGES: &[MessageKind] = &[
    message(
        "can-commit",
        text("CanCommit", "CanCommit"),
        text("{from} asks {to} whether it can commit {epoch}.", "{from} 询问 {to} 能否提交{epoch}。"),
        false,
    ),
    message("yes", text("a yes", "同意票"), text("{from} says yes to {epoch}.", "{from} 同意{epoch}。"), true),
    message("no", text("a no", "反对票"), text("{from} says no to {epoch}.", "{from} 反对{epoch}。"), true),
    message(
        "pre-commit",
        text("PreCommit", "PreCommit"),
        text("{from} has {to} prepare to commit {epoch}.", "{from} 让 {to} 准备提交{epoch}。"),
        false,
    ),
    message(
        "pre-abort",
        text("PreAbort", "PreAbort"),
        text("{from} has {to} prepare to abort {epoch}.", "{from} 让 {to} 准备中止{epoch}。"),
        false,
    ),
    message("ack", text("an acknowledgement", "确认"), text("{from} is prepared.", "{from} 已预备。"), true),
    message(
        "do-commit",
        text("DoCommit", "DoCommit"),
        text("{from} tells {to} that {epoch} is committed.", "{from} 告诉 {to} {epoch}已提交。"),
        false,
    ),
    message(
        "abort",
        text("an abort", "中止"),
        text("{from} tells {to} that {epoch} is aborted.", "{from} 告诉 {to} {epoch}已中止。"),
        false,
    ),
    message(
        "done",
        text("a decision on disk", "决定已落盘"),
        text("{from} has it on its disk.", "{from} 已落盘。"),
        true,
    ),
    message(
        "decision-request",
        text("a question", "询问"),
        text("{from} asks {to} what was decided on {epoch}.", "{from} 问 {to} {epoch}的决定是什么。"),
        false,
    ),
    message(
        "state-request",
        text("a request for a state", "状态询问"),
        text(
            "{from} takes over, and asks {to} how it stands with {epoch}.",
            "{from} 接替协调者，询问 {to} 在{epoch}中的状态。",
        ),
        false,
    ),
    message(
        "elected",
        text("a number to follow", "要跟随的编号"),
        text("{from} has {to} follow its number for {epoch}.", "{from} 让 {to} 在{epoch}中跟随它的编号。"),
        false,
    ),
    message(
        "state",
        text("a state", "状态"),
        text("{from} says how it stands with {epoch}.", "{from} 报告它在{epoch}中的状态。"),
        true,
    ),
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone) = match message {
        Message::CanCommit { .. } => (0, Tone::Ask),
        Message::Yes(_) => (1, Tone::Yes),
        Message::No(_) => (2, Tone::No),
        Message::PreCommit { .. } => (3, Tone::Carry),
        Message::PreAbort { .. } => (4, Tone::No),
        Message::Ack { .. } => (5, Tone::Stored),
        Message::DoCommit(_) => (6, Tone::Decide),
        Message::Abort(_) => (7, Tone::No),
        Message::Done(_) => (8, Tone::Stored),
        Message::Ask(_) => (9, Tone::Ask),
        Message::StateReq { .. } => (10, Tone::Ask),
        Message::Elected { .. } => (11, Tone::Ask),
        Message::State { .. } => (12, Tone::Yes),
    };
    Summary { kind, tone, epoch: message.txn(), quiet: false }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    let mut fields = vec![number("transaction", text("transaction", "事务"), message.txn(), false)];
    let attempt = |n: u32| number("attempt", text("attempt", "尝试"), n, false);
    match message {
        Message::CanCommit { writes, participants, .. } => {
            fields.push(name("writes", text("writes", "写入"), Some(written(writes)), false));
            fields.push(name("participants", text("participants", "参与者"), Some(names(*participants)), false));
        }
        Message::PreCommit { number, .. }
        | Message::PreAbort { number, .. }
        | Message::Ack { number, .. }
        | Message::StateReq { number, .. }
        | Message::Elected { number, .. } => fields.push(attempt(*number)),
        Message::State { known, .. } => {
            fields.push(name("state", text("state", "状态"), Some(id_of(known.stage).into()), false));
            fields.push(number("elected", text("Last_Elected", "Last_Elected"), known.elected, false));
            fields.push(number("attempt", text("Last_Attempt", "Last_Attempt"), known.attempt, false));
        }
        _ => {}
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
pub fn standing(node: &Node<ThreePhaseCommit>) -> Standing {
    let Volatile { newest, tries, works, .. } = &node.volatile;
    let role = if node.group == Some(COORDINATOR as u32) {
        match tries.get(newest).map(|trying| trying.phase) {
            Some(Phase::Telling(Decided::Commit)) => 2,
            Some(Phase::Telling(Decided::Abort)) | None => 0,
            Some(_) => 1,
        }
    } else {
        3 + u8::from(works.values().any(|work| work.stage != Stage::Waiting))
    };
    Standing::new(role, if *newest > 0 { *newest } else { node.durable.newest() })
}

/// The votes as they are counted.
pub fn votes(trying: &Trying) -> Tally {
    let of = trying.participants.count();
    Tally { have: trying.yes.iter().collect(), refused: trying.no.iter().collect(), need: of, of }
}

/// The acknowledgements of PreCommit.
pub fn acks(trying: &Trying, need: u32) -> Tally {
    Tally { have: trying.acks.iter().collect(), refused: Vec::new(), need, of: trying.participants.count() }
}

/// Those who have moved with whoever took over.
pub fn moved(work: &Work, round: &Round, need: u32) -> Tally {
    Tally { have: round.acks.iter().collect(), refused: Vec::new(), need, of: work.participants.count() }
}

fn tally(node: &Node<ThreePhaseCommit>, config: &Config) -> Option<Tally> {
    let Volatile { newest, tries, works, .. } = &node.volatile;
    let need = |of: u32| if config.quorums() { of / 2 + 1 } else { of };
    if let Some(trying) = tries.get(newest) {
        return match trying.phase {
            Phase::Voting => Some(votes(trying)),
            Phase::Prepared => Some(acks(trying, need(trying.participants.count()))),
            _ => None,
        };
    }
    let work = works.get(newest).filter(|_| config.quorums())?;
    let round = work.round.as_ref().filter(|round| matches!(round.step, Step::Moving(_)))?;
    Some(moved(work, round, need(work.participants.count())))
}

const fn kind(id: &'static str, word: Text, settled: Option<bool>) -> StateKind {
    StateKind { id, word, settled }
}

/// How a machine stands with a transaction.
pub const STATES: &[StateKind] = &[
    kind("waiting", text("waiting", "等待中"), None),
    kind("uncertain", text("uncertain", "未决"), None),
    kind("prepared", text("prepared", "已预备"), None),
    kind("pre-aborted", text("pre-aborted", "预备中止"), None),
    kind("committed", text("committed", "已提交"), Some(true)),
    kind("aborted", text("aborted", "已中止"), Some(false)),
];

fn kind_of(id: &str) -> &'static StateKind {
    STATES.iter().find(|kind| kind.id == id).unwrap_or(&STATES[0])
}

fn word(id: &str, txn: Txn, coordinates: bool) -> Text {
    match id {
        "waiting" if txn == 0 => text("idle", "空闲"),
        "waiting" if coordinates => text("collecting votes", "收集投票"),
        _ => kind_of(id).word,
    }
}

const PHASES: &[Text] = &[text("Can", "询问"), text("Pre", "预提交"), text("Do", "提交")];

/// How far a machine is: what it waited for in vain stands out.
fn phase(id: &str, txn: Txn, reason: Option<Reason>) -> Option<synod_engine::protocol::Phase> {
    use PhaseState::{Done, Failed, Next, Now};
    let states = match (id, reason) {
        ("uncertain", _) => [Done, Now, Next],
        ("prepared", _) => [Done, Done, Now],
        ("pre-aborted", _) => [Done, Failed, Now],
        ("committed", Some(Reason::NoDoCommit)) => [Done, Done, Failed],
        ("committed", _) => [Done, Done, Done],
        ("aborted", Some(Reason::Vetoed)) => [Failed, Next, Next],
        ("aborted", _) => [Done, Failed, Next],
        _ => [Now, Next, Next],
    };
    (txn > 0).then(|| synod_engine::protocol::Phase { names: PHASES, states: states.to_vec(), epoch: txn })
}

fn reasoned(reason: Reason, wait: Micros) -> Says {
    let ms = synod_engine::units::print_decimal(synod_engine::units::micros_to_ms(wait as i64));
    let words = match reason {
        Reason::NoPreCommit => {
            text("no PreCommit for {t} ms: nobody can have committed", "{t} ms 没有 PreCommit：不会有人提交")
        }
        Reason::NoDoCommit => text("no DoCommit for {t} ms: all had said yes", "{t} ms 没有 DoCommit：全体都已同意"),
        Reason::Vetoed => text("it voted no", "投了反对票"),
    };
    words.fill(&[("t", Says::same(ms))])
}

/// Under which numbers an undecided machine follows and has moved, where there are numbers.
fn numbered(node: &Node<ThreePhaseCommit>, config: &Config) -> Says {
    let work = node.volatile.works.get(&node.volatile.newest).filter(|_| config.recovery == Recovery::E3pc);
    let Some(Work { elected, attempt, .. }) = work else { return Says::default() };
    let words = match attempt {
        0 => text("follows {n}, has not moved", "跟随编号 {n}，尚未转移"),
        _ => text("follows {n}, moved in {m}", "跟随编号 {n}，在 {m} 中转移"),
    };
    words.fill(&[("n", Says::same(elected)), ("m", Says::same(attempt))])
}

pub fn view(node: &Node<ThreePhaseCommit>, look: &Look<ThreePhaseCommit>) -> NodeView {
    let coordinates = node.group == Some(COORDINATOR as u32);
    let kept = look.history.kept(node.id);
    let stand = stands(node, look.safe.unwrap_or(&node.durable));
    let since = kept.map_or(0, |kept| kept.since);
    let (id, txn) = stand.unwrap_or(("waiting", 0));
    let settled = kind_of(id).settled;
    let reason = kept.and_then(|kept| kept.reasons.get(&txn)).copied().filter(|_| settled.is_some());
    let state = Some(State { id, word: word(id, txn, coordinates), since, settled });
    NodeView {
        tally: tally(node, look.config).filter(|_| !look.down),
        fields: fields(node, coordinates, look),
        badges: badges(state.as_ref(), coordinates, look),
        registers: if coordinates { Vec::new() } else { registers(node, look) },
        disk: kept
            .map(|kept| kept.disk.iter_from(kept.disk.len().saturating_sub(RECORDS)).map(record).collect())
            .unwrap_or_default(),
        phase: phase(id, txn, reason).filter(|_| !coordinates),
        // What else there is to say of it, its state says.
        says: match reason {
            _ if look.down => text("down", "已宕机").says(),
            Some(reason) => reasoned(reason, look.config.wait()),
            None => numbered(node, look.config),
        },
        state,
        ..NodeView::default()
    }
}

fn fields(node: &Node<ThreePhaseCommit>, coordinates: bool, look: &Look<ThreePhaseCommit>) -> Vec<Field> {
    let Volatile { newest, tries, works, vetoes, .. } = &node.volatile;
    let list = |txns: Vec<Txn>| {
        let words: Vec<String> = txns.iter().map(Txn::to_string).collect();
        (!words.is_empty()).then(|| words.join(" "))
    };
    if coordinates {
        let of =
            |phase: fn(Phase) -> bool| tries.iter().filter(|(_, one)| phase(one.phase)).map(|(txn, _)| *txn).collect();
        let voting: Vec<Txn> = of(|phase| phase == Phase::Voting);
        let prepared: Vec<Txn> = of(|phase| phase == Phase::Prepared);
        let asking: Vec<Txn> = of(|phase| phase == Phase::Asking);
        return vec![
            name("voting", text("waits for votes on", "等待表决"), list(voting), false),
            name("preparing", text("waits for acknowledgements of", "等待确认"), list(prepared), false),
            name("asking", text("asks about", "询问"), list(asking), false),
        ];
    }
    let of = |stage: Stage| works.iter().filter(|(_, one)| one.stage == stage).map(|(txn, _)| *txn).collect();
    let open: Vec<Txn> = works.iter().filter(|(_, one)| one.stage != Stage::Waiting).map(|(txn, _)| *txn).collect();
    let waiting: Vec<Txn> = of(Stage::Waiting);
    let mut fields = vec![
        name("undecided", text("undecided", "尚未决定"), list(open), true),
        name("waiting", text("wait for a lock", "等锁"), list(waiting), false),
        said("vetoes", text("votes no next", "下次反对"), vetoes.then_some(("yes", text("yes", "是"))), false),
    ];
    if look.config.recovery == Recovery::E3pc {
        let work = works.get(newest);
        let counter = |id, label, of: Option<u32>| name(id, label, of.map(|n| n.to_string()), true);
        fields.push(counter("elected", text("Last_Elected", "Last_Elected"), work.map(|work| work.elected)));
        fields.push(counter("attempt", text("Last_Attempt", "Last_Attempt"), work.map(|work| work.attempt)));
    }
    fields
}

/// Whoever stays undecided for long is blocked: it has asked in vain.
fn badges(state: Option<&State>, coordinates: bool, look: &Look<ThreePhaseCommit>) -> Vec<Badge> {
    let open = |state: &State| ["uncertain", "prepared", "pre-aborted"].contains(&state.id);
    let blocked = state.is_some_and(|state| open(state) && look.now > state.since + 4 * look.config.timeout);
    let says =
        || text("undecided, and those who answer may not decide either", "尚未决定，有响应的人也不能决定").says();
    if blocked && !coordinates && !look.down { vec![Badge { id: "blocked", says: says() }] } else { Vec::new() }
}

fn registers(node: &Node<ThreePhaseCommit>, look: &Look<ThreePhaseCommit>) -> Vec<Register> {
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
    text("transaction", "事务"),
    text("writes", "写入"),
    text("yes", "同意"),
    text("prepared", "已预备"),
    text("known by", "已知"),
    text("outcome", "结果"),
];

fn outcome(told: &Told, seen: &Evidence<ThreePhaseCommit>) -> (&'static str, Text) {
    let knows = |one: NodeId| told.commits.has(one) || told.aborts.has(one);
    let in_doubt = told.participants.iter().any(|one| told.yes.has(one) && !knows(one));
    let down = seen.cluster.faults().down.iter().any(|(node, _)| node.0 == 0) || seen.cluster.faults().cut.is_some();
    match told.decided {
        _ if told.commits.count() > 0 && told.aborts.count() > 0 => ("split", text("split", "不一致")),
        _ if in_doubt && down => ("in-doubt", text("in doubt", "未定")),
        Some(Decided::Commit) => ("committed", text("committed", "已提交")),
        Some(Decided::Abort) => ("aborted", text("aborted", "已中止")),
        None => ("open", text("open", "进行中")),
    }
}

pub fn table(seen: &Evidence<ThreePhaseCommit>) -> Table {
    let begun = || seen.history.transactions.iter().filter(|(_, told)| told.participants.count() > 0);
    let row = |(txn, told): (&Txn, &Told)| {
        let of = told.participants.count();
        let (state, says) = outcome(told, seen);
        let known: NodeSet =
            told.participants.iter().filter(|one| told.commits.has(*one) || told.aborts.has(*one)).collect();
        let tally = |have: NodeSet, refused: NodeSet| Tally {
            have: have.iter().collect(),
            refused: refused.iter().collect(),
            need: of,
            of,
        };
        Attempt {
            epoch: *txn,
            cells: vec![Says::same(&told.writes)],
            tallies: vec![
                tally(told.yes, told.no.iter().filter(|one| !told.yes.has(*one)).collect()),
                tally(told.prepared, NodeSet::default()),
                tally(known, NodeSet::default()),
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

fn doing(word: &str) -> Text {
    match word {
        "voting" => text("collects votes: CanCommit", "收集投票：CanCommit"),
        "preparing" => text("waits for acknowledgements: PreCommit", "等待确认：PreCommit"),
        "moving" => text("has the others move", "让其余人转移"),
        _ => text("asks how all stand", "询问各方状态"),
    }
}

/// Windows from a yes on disk to the decision on disk, waits for locks, and the moments of the first decisions.
pub fn spans(seen: &Evidence<ThreePhaseCommit>, from: Micros) -> Spans {
    let shown = |span: &&Span| span.until.is_none_or(|until| until >= from);
    let stretch = |span: &Span, word: Says| Stretch {
        node: span.node,
        from: span.from,
        until: span.until,
        word,
        epoch: Some(span.txn),
    };
    let history = seen.history;
    let uncertain = text("may not decide alone", "不能独自决定");
    let waits = |span: &Span| {
        text("{n} waits for {m}", "{n} 等待 {m}").fill(&[("n", Says::same(span.txn)), ("m", Says::same(span.holder))])
    };
    let moment = |(time, node, txn, decided): &(Micros, NodeId, Txn, Decided)| Moment {
        time: *time,
        node: None,
        word: match decided {
            Decided::Commit => text("{n} is committed first at {a}", "{a} 最先提交 {n}"),
            Decided::Abort => text("{n} is aborted first at {a}", "{a} 最先中止 {n}"),
        }
        .fill(&[("n", Says::same(txn)), ("a", Says::same(node))]),
        kind: "decision",
    };
    Spans {
        windows: history.windows.iter().filter(shown).map(|span| stretch(span, uncertain.says())).collect(),
        waits: history.waits.iter().filter(shown).map(|span| stretch(span, waits(span))).collect(),
        phases: history.phases.iter().filter(shown).map(|span| stretch(span, doing(span.word).says())).collect(),
        moments: history.moments.iter().filter(|moment| moment.0 >= from).map(moment).collect(),
    }
}
