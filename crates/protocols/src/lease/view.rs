//! How a machine and its messages look: data for the frame, and nothing about drawing.

use synod_engine::prelude::*;
use synod_engine::protocol::{Gate, Grant, Register, SetOf, Spans, Stretch, Terms};

use crate::fields::{name, number};
use crate::node_set::NodeSet;

use super::history::Told;
use super::state::*;
use super::{HOLDERS, ISSUERS, Lease, NAMED, STORAGE};

/// So many grants are drawn and listed.
const GRANTS: usize = 24;

const fn message(id: &'static str, name: Text, says: Text, reply: bool) -> MessageKind {
    MessageKind { id, name, says, reply }
}

pub const MESSAGES: &[MessageKind] = &[
    message(
        "acquire",
        text("a request for the lease", "租约申请"),
        text("{from} asks {to} for the lease.", "{from} 向 {to} 申请租约。"),
        false,
    ),
    message(
        "renew",
        text("a renewal", "续约申请"),
        text("{from} asks {to} for another term of {epoch}.", "{from} 向 {to} 申请续约{epoch}。"),
        false,
    ),
    message(
        "grant",
        text("a grant", "授权"),
        text("{from} grants {epoch} to {to}.", "{from} 把{epoch}颁发给 {to}。"),
        true,
    ),
    message("refuse", text("a refusal", "拒绝"), text("{from} refuses {to}.", "{from} 拒绝 {to}。"), true),
    message("release", text("a release", "归还"), text("{from} gives {epoch} back.", "{from} 归还{epoch}。"), false),
    message(
        "write",
        text("a write", "写入"),
        text("{from} writes to {to} with {epoch}.", "{from} 凭{epoch}写入 {to}。"),
        false,
    ),
    message("written", text("an acknowledgement", "确认"), text("{from} has written it.", "{from} 已写入。"), true),
    message(
        "rejected",
        text("a rejection", "不予写入"),
        text("{from} does not take the write of {to}.", "{from} 不接受 {to} 的写入。"),
        true,
    ),
    message(
        "stand",
        text("a request for a ballot", "编号申请"),
        text("{from} asks {to} to promise its ballot.", "{from} 请 {to} 承诺自己的编号。"),
        false,
    ),
    message(
        "promise",
        text("a promise", "承诺"),
        text(
            "{from} promises {to} its ballot, and tells what it has stored.",
            "{from} 向 {to} 作出承诺，并告知存储的内容。",
        ),
        true,
    ),
    message(
        "store",
        text("what is to be stored", "存储请求"),
        text("{from} speaks, and tells {to} what to store.", "{from} 是发言者，告知 {to} 存储什么。"),
        false,
    ),
    message("stored", text("a confirmation", "存储确认"), text("{from} has stored it.", "{from} 已存储。"), true),
];

pub fn summary(message: &Message) -> Summary {
    let (kind, tone, epoch) = match message {
        Message::Acquire(_) => (0, Tone::Ask, 0),
        Message::Renew(_, token) => (1, Tone::Ask, *token),
        Message::Grant { token, .. } => (2, Tone::Yes, *token),
        Message::Refuse { token, .. } => (3, Tone::No, *token),
        Message::Release(token) => (4, Tone::Decide, *token),
        Message::Write { token, .. } => (5, Tone::Carry, *token),
        Message::Written { token, .. } => (6, Tone::Stored, *token),
        Message::Rejected { token, .. } => (7, Tone::No, *token),
        Message::Stand(_) => (8, Tone::Ask, 0),
        Message::Promise { token, .. } => (9, Tone::Yes, *token),
        Message::Store { kept, again, .. } => {
            let tone = if *again { Tone::Heartbeat } else { Tone::Carry };
            (10, tone, kept.given.map_or(0, |given| given.token))
        }
        Message::Stored { again, .. } => (11, if *again { Tone::Heartbeat } else { Tone::Stored }, 0),
    };
    let quiet = matches!(message, Message::Store { again: true, .. } | Message::Stored { again: true, .. });
    Summary { kind, tone, epoch, quiet }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    match message {
        Message::Grant { token, until, .. } => vec![
            number("token", text("token", "令牌"), *token, false),
            name("until", text("until, by the issuer's clock", "至（颁发者时钟）"), Some(clock_text(*until)), false),
        ],
        Message::Write { token, key, value, .. } => vec![
            number("token", text("token", "令牌"), *token, false),
            name("write", text("write", "写入"), Some(format!("{key}={value}")), false),
        ],
        Message::Rejected { token, .. } => vec![number("highest", text("highest token", "最大令牌"), *token, false)],
        Message::Stand(ballot) | Message::Stored { ballot, .. } => vec![number("ballot", BALLOT, *ballot, false)],
        Message::Promise { ballot, token, kept } => vec![
            number("ballot", BALLOT, *ballot, false),
            number("token", text("last token", "最后的令牌"), *token, false),
            name("kept", text("has stored", "已存储"), kept.map(kept_text), false),
        ],
        Message::Store { kept, .. } => vec![
            number("ballot", BALLOT, kept.ballot, false),
            name("kept", text("to store", "要存储"), Some(kept_text(*kept)), false),
        ],
        _ => Vec::new(),
    }
}

const BALLOT: Text = text("ballot", "编号");

/// As in 33 A.
fn kept_text(kept: Kept) -> String {
    kept.given.map_or("–".into(), |given| format!("{} {}", given.token, given.holder))
}

/// A reading as minutes and seconds: 01:10.5.
fn clock_text(micros: i64) -> String {
    let tenths = micros.unsigned_abs() / 100_000;
    let sign = if micros < 0 { "-" } else { "" };
    format!("{sign}{:02}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// Roles: 0 to 2 are the issuer's, by whether it grants nothing, waits, or honours a term, or speaks for several; 3 to 5
/// a holder's.
pub fn standing(node: &Node<Lease>) -> Standing {
    let Volatile { given, quiet_until, council, held, latest, wants, .. } = &node.volatile;
    match node.group.map(|group| group as usize) {
        Some(ISSUERS) => {
            let waits = quiet_until.is_some() || council.stands.is_some();
            let role = if given.is_some() || (council.speaks.is_some() && !waits) { 2 } else { u8::from(waits) };
            Standing::new(role, node.durable.token)
        }
        Some(HOLDERS) => {
            let role = if held.is_some() { 5 } else { 3 + u8::from(*wants) };
            Standing::new(role, latest.map_or(0, |latest| latest.token))
        }
        _ => Standing::new(6, node.durable.highest),
    }
}

pub fn view(node: &Node<Lease>, look: &Look<Lease>) -> NodeView {
    let named = |words: Text, token: Token| words.fill(&[("lease", NAMED.fill(&[("n", Says::same(token))]))]);
    let Volatile { given, quiet_until, council, held, latest, wants, asking, writes, .. } = &node.volatile;
    let mut view = NodeView::default();
    match node.group.map(|group| group as usize) {
        Some(ISSUERS) => {
            view.says = match (given, quiet_until) {
                (Some(given), _) => text("honours {lease} of {a}", "承认 {a} 的{lease}")
                    .fill(&[("lease", NAMED.fill(&[("n", Says::same(given.token))])), ("a", Says::same(given.holder))]),
                (None, Some(_)) => Says::new("may not grant yet", "还不能颁发"),
                (None, None) if look.config.issuers > 1 && council.speaks.is_none() => of_several(node),
                (None, None) => Says::new("free to grant", "可以颁发"),
            };
            view.fields = vec![
                number("token", text("last token", "最后的令牌"), node.durable.token, true),
                name("holder", text("holder", "持有者"), given.map(|given| given.holder.to_string()), false),
            ];
            if look.config.issuers > 1 {
                view.fields.extend(fields_of_several(node));
                let promises = council.stands.as_ref().map(|stands| stands.promises);
                let stored = council.pending.as_ref().map(|pending| pending.stored);
                view.tally = promises.or(stored).map(|have| have.tally(NodeSet::default(), look.config.issuers));
            }
        }
        Some(STORAGE) => {
            view.registers = node.durable.cells.iter().map(register).collect();
            view.fields = vec![number("highest", text("highest token", "最大令牌"), node.durable.highest, true)];
        }
        _ => {
            view.says = match (held, latest) {
                (Some(held), _) => named(text("holds {lease}", "持有{lease}"), held.token),
                (None, Some(latest)) if !wants => {
                    named(text("held {lease}, gave it up", "曾持有{lease}，已放弃"), latest.token)
                }
                _ if *wants => Says::new("asks for the lease", "正在申请租约"),
                _ => Says::default(),
            };
            view.fields = vec![
                name("held", text("holds", "持有"), held.map(|held| held.token.to_string()), false),
                name(
                    "until",
                    text("until, by its own clock", "至（自己的时钟）"),
                    held.map(|held| clock_text(held.until)),
                    false,
                ),
                name(
                    "asking",
                    text("asked at, by its own clock", "申请于（自己的时钟）"),
                    asking.map(|asking| clock_text(asking.1)),
                    false,
                ),
                number("writes", text("writes under way", "进行中的写入"), writes.len() as u32, false),
            ];
        }
    }
    if look.down {
        view.says = text("down", "已宕机").says();
    }
    view
}

fn of_several(node: &Node<Lease>) -> Says {
    let given = node.durable.kept.and_then(|kept| kept.given);
    match (&node.volatile.council.stands, given) {
        (Some(stands), _) => text("asks for ballot {n}", "申请编号 {n}").fill(&[("n", Says::same(stands.ballot))]),
        (None, Some(given)) => text("has stored {lease}", "已存储{lease}")
            .fill(&[("lease", NAMED.fill(&[("n", Says::same(given.token))]))]),
        (None, None) => Says::new("has nothing stored", "没有存储租约"),
    }
}

fn fields_of_several(node: &Node<Lease>) -> Vec<Field> {
    let speaks = text("speaks under ballot", "发言所用编号");
    vec![
        number("promised", text("highest ballot", "最大编号"), node.durable.promised, true),
        name("speaks", speaks, node.volatile.council.speaks.map(|ballot| ballot.to_string()), false),
        name("kept", text("has stored", "已存储"), node.durable.kept.map(kept_text), true),
    ]
}

/// Of several issuers, those that have promised the ballot of whoever speaks, or are about to.
pub fn sets(seen: &Evidence<Lease>) -> Vec<SetOf> {
    let cluster = seen.cluster;
    let issuers = || cluster.roster().group(ISSUERS).map(|id| &cluster.nodes()[id.at()]);
    let Some(ballot) = issuers().filter_map(|node| node.volatile.council.speaks).max() else { return Vec::new() };
    let members: Vec<NodeId> = issuers().filter(|node| node.durable.promised == ballot).map(|node| node.id).collect();
    let label = text("ballot {n}", "编号 {n}").fill(&[("n", Says::same(ballot))]);
    let set = SetOf {
        id: format!("ballot {ballot}"),
        label,
        members,
        epoch: None,
        client: None,
        kind: "quorum",
        meets: Vec::new(),
    };
    if seen.config.issuers > 1 { vec![set] } else { Vec::new() }
}

fn register((key, (value, token)): (&crate::store::Key, &(i64, Token))) -> Register {
    Register { key: key.to_string(), value: Some(value.to_string()), epoch: Some(*token), ..Register::default() }
}

fn shown<'a>(seen: &Evidence<'a, Lease>) -> impl Iterator<Item = &'a Told> {
    let leases = &seen.history.leases;
    leases[leases.len().saturating_sub(GRANTS)..].iter()
}

/// What is yet to come is told as clocks run now.
pub fn terms(seen: &Evidence<Lease>) -> Terms {
    let (cluster, slack) = (seen.cluster, seen.config.slack() as i64);
    let grant = |told: &Told| {
        let end = told.let_go.filter(|_| told.released);
        let until = end.or(told.ended).unwrap_or_else(|| cluster.when_reads(told.issuer, told.until));
        let run_out = end.or(told.run_out).unwrap_or_else(|| cluster.when_reads(told.issuer, told.until + slack));
        let believed = told.believes.map(|until| cluster.when_reads(told.holder, until));
        Grant {
            token: told.token,
            issuer: told.issuer,
            holder: told.holder,
            from: told.from,
            until,
            slack: run_out.saturating_sub(until),
            believed_until: told.stopped.or(believed).unwrap_or(told.from),
        }
    };
    let storage = cluster.roster().group(STORAGE).next();
    let gate = |node: NodeId| {
        let highest = cluster.nodes()[node.at()].durable.highest;
        Gate { node, highest, admissions: seen.history.admissions.clone() }
    };
    Terms { grants: shown(seen).map(grant).collect(), row: 0, gates: storage.map(gate).into_iter().collect() }
}

/// While an issuer may grant nothing, as it was started again.
pub fn spans(seen: &Evidence<Lease>, from: Micros) -> Spans {
    let shown = seen.history.quiet.iter().filter(|quiet| quiet.2.is_none_or(|until| until >= from));
    let stretch = |(node, from, until): &(NodeId, Micros, Option<Micros>)| Stretch {
        node: *node,
        from: *from,
        until: *until,
        word: text("may not grant yet", "还不能颁发").says(),
        epoch: None,
    };
    Spans { windows: shown.map(stretch).collect(), ..Spans::default() }
}

const HEADS: &[Text] = &[
    text("lease", "租约"),
    text("holder", "持有者"),
    text("granted", "颁发"),
    text("until", "至"),
    text("state", "状态"),
];

pub fn table(seen: &Evidence<Lease>) -> Table {
    let row = |told: &Told| {
        let believes = told.began.is_some() && told.stopped.is_none();
        let (state, says) = match (told.let_go, told.began) {
            (None, _) if believes => ("open", text("held", "持有中")),
            (None, None) => ("open", text("honoured, not held", "已承认，未持有")),
            (None, Some(_)) => ("open", text("given up, honoured", "已放弃，仍承认")),
            (Some(_), _) if believes => ("aborted", text("still held!", "仍被持有！")),
            (Some(_), _) if told.released => ("committed", text("given back", "已归还")),
            (Some(_), None) => ("committed", text("never held", "从未持有")),
            (Some(_), Some(_)) => ("committed", text("ran out", "已到期")),
        };
        let time = |micros: i64| Says::same(clock_text(micros));
        let cells = vec![Says::same(told.holder), time(told.from as i64), time(told.until)];
        Attempt { epoch: told.token, cells, tallies: Vec::new(), state, says: says.says() }
    };
    let refused = Says::same(seen.history.refused);
    Table {
        title: text("Leases", "租约"),
        says: text("{n} {n:refusal|refusals}", "拒绝 {n} 次").fill(&[("n", refused)]),
        heads: HEADS,
        rows: shown(seen).map(row).collect(),
    }
}
