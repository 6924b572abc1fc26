//! The distributed transaction log (section 7.4), and the pages that it mends. Which records there are, each protocol
//! says.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::rc::Rc;

use rpds::RedBlackTreeMap;
use synod_engine::names::ClientId;
use synod_engine::shared::SharedList;

use crate::node_set::NodeSet;
use crate::store::Key;

/// A transaction, by the number that the coordinator gave it.
pub type Txn = u32;

/// Numbers come in blocks, so that none is given twice although a crash may take every record of it: a block is
/// begun only when something of the one before is on the disk, and each start skips one more than the one before.
const BLOCK: u32 = 10;

/// The last number that may be given while `newest` is the greatest on the disk.
pub fn last_number(newest: Txn) -> Txn {
    (newest / BLOCK + 1) * BLOCK
}

/// Whether the next number waits for a record of this one.
pub fn ends_block(txn: Txn) -> bool {
    txn.is_multiple_of(BLOCK)
}

/// The number below those that a coordinator gives which is started for the so-manieth time.
pub fn below_first_number(newest: Txn, starts: u32) -> Txn {
    (newest / BLOCK + starts.saturating_sub(1)) * BLOCK
}

/// A client's command.
pub type Command = (ClientId, u32);

/// What a transaction asks of a participant: to write a value, or, where there is none, to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Write {
    pub key: Key,
    pub value: Option<i64>,
}

/// Whether nothing is written.
pub fn only_reads(writes: &[Write]) -> bool {
    writes.iter().all(|write| write.value.is_none())
}

/// What was written, and what stood there: to do it again, or to take it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    pub key: Key,
    pub before: Option<Cell>,
    pub after: i64,
}

/// What a transaction wrote, read from the log.
pub fn written(changes: &[Change]) -> Rc<[Write]> {
    changes.iter().map(|change| Write { key: change.key, value: Some(change.after) }).collect()
}

/// A value, and the transaction that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    pub value: i64,
    pub by: Txn,
}

pub type Pages = RedBlackTreeMap<Key, Cell>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decided {
    Commit,
    Abort,
}

/// What a record says, as far as all protocols have it.
pub trait Word: Clone + Eq + Hash + 'static {
    fn word(&self) -> &'static str;
    /// The coordinator begins: whom it asks, and for whom.
    fn begins(&self) -> Option<(NodeSet, Command)>;
    /// A participant says yes: what it wrote.
    fn yes(&self) -> Option<&Rc<[Change]>>;
    fn decision(&self) -> Option<Decided>;
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record<W> {
    pub txn: Txn,
    pub what: W,
}

/// The log, and the pages as they were last written back: they may lack what was committed since, and may
/// hold what is not decided yet. The log mends both.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Durable<W: Word> {
    pub log: SharedList<Record<W>>,
    pub pages: Pages,
}

impl<W: Word> Default for Durable<W> {
    fn default() -> Durable<W> {
        Durable { log: SharedList::default(), pages: Pages::default() }
    }
}

impl<W: Word> Durable<W> {
    pub fn write(&mut self, txn: Txn, what: W) {
        self.log.push(Record { txn, what });
    }
    /// The newest transaction of which it has a record; an older one may have ended after it.
    pub fn newest(&self) -> Txn {
        self.log.iter().map(|record| record.txn).max().unwrap_or(0)
    }
    /// The records of a transaction, the newest first.
    pub fn records(&self, txn: Txn) -> impl Iterator<Item = &W> {
        let newest_first = (0..self.log.len()).rev().filter_map(|at| self.log.get(at));
        newest_first.filter(move |record| record.txn == txn).map(|record| &record.what)
    }
    /// The last that was decided of a transaction, if anything was.
    pub fn decision(&self, txn: Txn) -> Option<Decided> {
        self.records(txn).find_map(W::decision)
    }
    pub fn has(&self, txn: Txn, what: &W) -> bool {
        self.records(txn).any(|record| record == what)
    }
    /// The pages as the log would mend them: what is committed is done, and what is not is taken back.
    pub fn mended(&self) -> Pages {
        let decision = |record: &Record<W>| record.what.decision().map(|decided| (record.txn, decided));
        let decided: BTreeMap<Txn, Decided> = self.log.iter().filter_map(decision).collect();
        let mut pages = self.pages.clone();
        for Record { txn, what } in self.log.iter() {
            let done = decided.get(txn) == Some(&Decided::Commit);
            for change in what.yes().into_iter().flat_map(|changes| changes.iter()) {
                let stands = if done { Some(Cell { value: change.after, by: *txn }) } else { change.before };
                match stands {
                    Some(cell) => pages.insert_mut(change.key, cell),
                    None => drop(pages.remove_mut(&change.key)),
                }
            }
        }
        pages
    }
    /// What a transaction wrote here.
    pub fn changes(&self, txn: Txn) -> Option<&Rc<[Change]>> {
        self.records(txn).find_map(W::yes)
    }
}
