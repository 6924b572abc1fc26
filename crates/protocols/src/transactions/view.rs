//! How transactions, disks and data look: what is drawn alike for all of atomic commitment.

use synod_engine::names::NodeId;
use synod_engine::protocol::{
    Attempt, Evidence, Field, Holder, Look, Moment, Node, Register, Spans, StateKind, Stretch, Table, Tally, Written,
};
use synod_engine::text::{Says, Text, text};
use synod_engine::units::Micros;

use crate::fields::{name, said};
use crate::node_set::NodeSet;
use crate::store::Key;

use super::Commitment;
use super::history::{Extra, OnDisk, Span, Told};
use super::log::{Cell, Decided, Txn, Write};
use super::site::Waiter;

/// As many records of a disk are listed.
const RECORDS: usize = 1_000;

pub const COMMITTED: StateKind = kind("committed", text("committed", "已提交"), Some(true));
pub const ABORTED: StateKind = kind("aborted", text("aborted", "已中止"), Some(false));

pub const fn kind(id: &'static str, word: Text, settled: Option<bool>) -> StateKind {
    StateKind { id, word, settled }
}

/// What a request to vote asks for, and of whom.
pub fn asked(writes: &[Write], participants: NodeSet) -> [Field; 2] {
    let one = |write: &Write| match write.value {
        Some(value) => format!("{}={value}", write.key),
        None => write.key.to_string(),
    };
    let writes = writes.iter().map(one).collect::<Vec<_>>().join(" ");
    let names = participants.iter().map(|node| node.to_string()).collect::<Vec<_>>().join(" ");
    [
        name("writes", text("writes", "写入"), Some(writes), false),
        name("participants", text("participants", "参与者"), Some(names), false),
    ]
}

/// Transactions, as one field lists them.
pub fn list(txns: impl Iterator<Item = Txn>) -> Option<String> {
    let words: Vec<String> = txns.map(|txn| txn.to_string()).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

pub fn vetoes(vetoes: bool) -> Field {
    said("vetoes", text("votes no next", "下次反对"), vetoes.then_some(("yes", text("yes", "是"))), false)
}

/// Every key with its value, what is to come of it, and its lock; of a machine that is down, what it would restart with.
pub fn registers<P: Commitment>(node: &Node<P>, look: &Look<P>) -> Vec<Register> {
    if look.down {
        let page = |(key, cell): (&Key, &Cell)| Register {
            key: key.to_string(),
            value: Some(cell.value.to_string()),
            epoch: Some(cell.by),
            ..Register::default()
        };
        return node.durable.mended().iter().map(page).collect();
    }
    let site = P::site(&node.volatile);
    let mut keys: Vec<Key> = site.cache.keys().chain(site.locks.keys()).copied().collect();
    keys.sort();
    keys.dedup();
    keys.into_iter().map(|key| register(node, key)).collect()
}

fn register<P: Commitment>(node: &Node<P>, key: Key) -> Register {
    let site = P::site(&node.volatile);
    let lock = site.locks.get(&key);
    let writer = lock.map(|lock| lock.holder).filter(|txn| P::waits(&node.volatile, *txn) == Some(false));
    let changes = writer.and_then(|txn| node.durable.changes(txn));
    let change = changes.and_then(|changes| changes.iter().find(|change| change.key == key));
    let stands = match change {
        Some(change) => change.before,
        None => site.cache.get(&key).copied(),
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
}

/// The newest records of a machine's disk, also those that a crash took.
pub fn disk<P: Commitment>(node: NodeId, look: &Look<P>) -> Vec<Written> {
    let record = |one: &OnDisk| {
        let settled = one.word == "commit" || one.word == "abort";
        Written { epoch: one.txn, word: one.word, forced: one.forced, at: one.at, settled }
    };
    let Some(kept) = look.history.kept(node) else { return Vec::new() };
    kept.disk.iter_from(kept.disk.len().saturating_sub(RECORDS)).map(record).collect()
}

/// So many of those that are asked, and all are needed.
pub fn tally(of: NodeSet, have: NodeSet, refused: NodeSet) -> Tally {
    Tally { have: have.iter().collect(), refused: refused.iter().collect(), need: of.count(), of: of.count() }
}

/// The outcome of a transaction, where nothing else is to be said of it. It is in doubt where a participant waits for
/// a decision and those who know are out of reach.
pub fn outcome<T>(told: &Told<T>, out_of_reach: bool) -> (&'static str, Text) {
    match told.decided {
        _ if told.in_doubt() && out_of_reach => ("in-doubt", text("in doubt", "未定")),
        Some(Decided::Commit) => (COMMITTED.id, COMMITTED.word),
        Some(Decided::Abort) => (ABORTED.id, ABORTED.word),
        None => ("open", text("open", "进行中")),
    }
}

/// What stands in a row besides the transaction: cells, tallies, its state and that in words.
pub type Line = (Vec<Says>, Vec<Tally>, (&'static str, Text));

pub fn table<P: Commitment>(
    seen: &Evidence<P>,
    heads: &'static [Text],
    line: impl Fn(&Told<<P::Known as Extra>::Told>) -> Line,
) -> Table {
    let begun = seen.history.transactions.iter().filter(|(_, told)| told.participants.count() > 0);
    let row = |(txn, told): (&Txn, &Told<_>)| {
        let (cells, tallies, (state, says)) = line(told);
        Attempt { epoch: *txn, cells, tallies, state, says: says.says() }
    };
    let rows: Vec<Attempt> = begun.map(row).collect();
    let doubt = rows.iter().filter(|row| row.state == "in-doubt").count();
    Table {
        title: text("Transactions", "事务"),
        says: text("{n} begun, {m} in doubt", "开始 {n} 个，未定 {m} 个")
            .fill(&[("n", Says::same(rows.len())), ("m", Says::same(doubt))]),
        heads,
        rows,
    }
}

/// The words of lanes: of a window, of what a machine does, and of a decision's moment (`{n}` at `{a}`).
pub struct Lanes {
    pub window: Text,
    pub doing: fn(&str) -> Text,
    pub moment: fn(Decided) -> Text,
}

/// Windows from a yes on disk to the decision on disk, waits for locks, and the moments of decision.
pub fn spans<P: Commitment>(seen: &Evidence<P>, from: Micros, lanes: &Lanes) -> Spans {
    let shown = |span: &&Span| span.until.is_none_or(|until| until >= from);
    let stretch = |span: &Span, word: Says| Stretch {
        node: span.node,
        from: span.from,
        until: span.until,
        word,
        epoch: Some(span.txn),
    };
    let waits = |span: &Span| {
        text("{n} waits for {m}", "{n} 等待 {m}").fill(&[("n", Says::same(span.txn)), ("m", Says::same(span.holder))])
    };
    let moment = |(time, node, txn, decided): &(Micros, NodeId, Txn, Decided)| Moment {
        time: *time,
        node: None,
        word: (lanes.moment)(*decided).fill(&[("n", Says::same(txn)), ("a", Says::same(node))]),
        kind: "decision",
    };
    let history = seen.history;
    Spans {
        windows: history.windows.iter().filter(shown).map(|span| stretch(span, lanes.window.says())).collect(),
        waits: history.waits.iter().filter(shown).map(|span| stretch(span, waits(span))).collect(),
        phases: history
            .phases
            .iter()
            .filter(shown)
            .map(|span| stretch(span, (lanes.doing)(span.word).says()))
            .collect(),
        moments: history.moments.iter().filter(|moment| moment.0 >= from).map(moment).collect(),
    }
}
