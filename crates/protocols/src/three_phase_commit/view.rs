//! How a machine and its messages look: data for the frame, and nothing about drawing.

use synod_engine::protocol::{
    Badge, Evidence, Field, Look, MessageKind, Node, NodeView, PhaseState, Spans, Standing, State, StateKind, Summary,
    Table, Tally, Tone,
};
use synod_engine::text::{Says, Text, text};
use synod_engine::units::Micros;

use crate::fields::{name, number};
use crate::node_set::NodeSet;
use crate::transactions::coordinates;
use crate::transactions::safety::in_ms;
use crate::transactions::view::{
    self as transactions, ABORTED, COMMITTED, Lanes, asked, disk, kind, list, outcome, registers, tally, vetoes,
};

use super::ThreePhaseCommit;
use super::history::{Reason, Told, id_of, stands};
use super::state::*;

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
            fields.extend(asked(writes, *participants));
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

/// Roles: 0 to 2 are the coordinator's, by what it is at; 3 and 4 the participants'.
pub fn standing(node: &Node<ThreePhaseCommit>) -> Standing {
    let Volatile { newest, tries, works, .. } = &node.volatile;
    let role = if coordinates(node) {
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

fn tally_of(node: &Node<ThreePhaseCommit>, config: &Config) -> Option<Tally> {
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

/// How a machine stands with a transaction.
pub const STATES: &[StateKind] = &[
    kind("waiting", text("waiting", "等待中"), None),
    kind("uncertain", text("uncertain", "未决"), None),
    kind("prepared", text("prepared", "已预备"), None),
    kind("pre-aborted", text("pre-aborted", "预备中止"), None),
    COMMITTED,
    ABORTED,
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
    let ms = in_ms(wait);
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
    let is_coordinator = coordinates(node);
    let kept = look.history.kept(node.id);
    let stand = stands(node, look.safe.unwrap_or(&node.durable));
    let since = kept.map_or(0, |kept| kept.since);
    let (id, txn) = stand.unwrap_or(("waiting", 0));
    let settled = kind_of(id).settled;
    let reason = look.history.own.reasons.get(&(node.id, txn)).copied().filter(|_| settled.is_some());
    let state = Some(State { id, word: word(id, txn, is_coordinator), since, settled });
    NodeView {
        tally: tally_of(node, look.config).filter(|_| !look.down),
        fields: fields(node, is_coordinator, look),
        badges: badges(state.as_ref(), is_coordinator, look),
        registers: if is_coordinator { Vec::new() } else { registers(node, look) },
        disk: disk(node.id, look),
        phase: phase(id, txn, reason).filter(|_| !is_coordinator),
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
    let Volatile { newest, tries, works, site, .. } = &node.volatile;
    if coordinates {
        let of = |phase: Phase| list(tries.iter().filter(|(_, one)| one.phase == phase).map(|(txn, _)| *txn));
        return vec![
            name("voting", text("waits for votes on", "等待表决"), of(Phase::Voting), false),
            name("preparing", text("waits for acknowledgements of", "等待确认"), of(Phase::Prepared), false),
            name("asking", text("asks about", "询问"), of(Phase::Asking), false),
        ];
    }
    let of =
        |waits: bool| list(works.iter().filter(|(_, one)| (one.stage == Stage::Waiting) == waits).map(|(txn, _)| *txn));
    let mut fields = vec![
        name("undecided", text("undecided", "尚未决定"), of(false), true),
        name("waiting", text("wait for a lock", "等锁"), of(true), false),
        vetoes(site.vetoes),
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

const HEADS: &[Text] = &[
    text("transaction", "事务"),
    text("writes", "写入"),
    text("yes", "同意"),
    text("prepared", "已预备"),
    text("known by", "已知"),
    text("outcome", "结果"),
];

fn told_as(told: &Told, seen: &Evidence<ThreePhaseCommit>) -> (&'static str, Text) {
    let faults = seen.cluster.faults();
    let out_of_reach = faults.down.iter().any(|(node, _)| node.0 == 0) || faults.cut.is_some();
    match told.is_split() {
        true => ("split", text("split", "不一致")),
        false => outcome(told, out_of_reach),
    }
}

pub fn table(seen: &Evidence<ThreePhaseCommit>) -> Table {
    transactions::table(seen, HEADS, |told| {
        let (all, none) = (told.participants, NodeSet::default());
        let known: NodeSet = all.iter().filter(|one| told.knows(*one)).collect();
        let refused = told.no.iter().filter(|one| !told.yes.has(*one)).collect();
        let tallies = vec![tally(all, told.yes, refused), tally(all, told.own.prepared, none), tally(all, known, none)];
        (vec![Says::same(&told.writes)], tallies, told_as(told, seen))
    })
}

fn doing(word: &str) -> Text {
    match word {
        "voting" => text("collects votes: CanCommit", "收集投票：CanCommit"),
        "preparing" => text("waits for acknowledgements: PreCommit", "等待确认：PreCommit"),
        "moving" => text("has the others move", "让其余人转移"),
        _ => text("asks how all stand", "询问各方状态"),
    }
}

pub fn spans(seen: &Evidence<ThreePhaseCommit>, from: Micros) -> Spans {
    let lanes = Lanes {
        window: text("may not decide alone", "不能独自决定"),
        doing,
        moment: |decided| match decided {
            Decided::Commit => text("{n} is committed first at {a}", "{a} 最先提交 {n}"),
            Decided::Abort => text("{n} is aborted first at {a}", "{a} 最先中止 {n}"),
        },
    };
    transactions::spans(seen, from, &lanes)
}
