//! What a site keeps, and what it says.
//!
//! ```text
//! push        A -- Push(values) -----> B      and with feedback: A <- Feedback -- B
//! pull        A -- Digest(versions) -> B      A <- Values(newer) -- B
//! push-pull   A -- Digest(versions) -> B      A <- Values(newer, wanted) -- B
//!             A -- Values(wanted) ---> B
//! ```

use std::fmt;
use std::rc::Rc;
use std::str::FromStr;

use synod_engine::prelude::*;
use synod_engine::text::text as message;

use crate::store::{self, Key};

/// A synchronous round.
pub const ROUND: Micros = 100 * MS;
/// How much an independent round may be longer or shorter.
pub const JITTER: Micros = 20 * MS;

/// A round of a site's own clock, counted from the start of the run.
pub type Round = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    pub style: Style,
    pub exchange: Exchange,
    pub stop: Stop,
    pub feedback: bool,
    pub k: u32,
    pub fanout: u32,
    pub synchronous: bool,
    pub topology: Topology,
    pub degree: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Section 1.4: a site tells what is hot, and loses interest.
    Rumor,
    /// Section 1.3: a site compares all it has, for ever.
    AntiEntropy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exchange {
    Push,
    Pull,
    PushPull,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stop {
    Counter,
    Coin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topology {
    Complete,
    Random,
    Ring,
    Grid,
    TwoSites,
}

/// Newest wins: by count, and then by the site that wrote it. A site that has lost its disk begins
/// to count again, so a version also says since which start of the site it was counted: else two
/// values could have one version, and sites that hold either would differ for ever (scylladb 5801).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    pub count: u32,
    pub origin: u32,
    pub start: u32,
}

/// A key's value as a site has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    pub key: Key,
    pub version: Version,
    pub value: i64,
    /// The round in which it was written.
    pub began: Round,
    /// The round in which this site heard it.
    pub heard: Round,
}

/// The database of a site. Most sites know nothing for a while, and most share what they know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Durable(pub Option<Rc<Vec<Item>>>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    pub hot: Vec<Hot>,
    /// Contacts about the newest version that this site has met.
    pub told: Told,
    /// A round is coming.
    pub ticking: bool,
    /// It joined or restarted, and asks for what it missed.
    pub catching_up: bool,
}

/// A rumour that a site still tells (section 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hot {
    /// Its place in the database.
    pub at: u16,
    pub counter: u16,
    /// In this round somebody asked for it, and somebody needed it.
    pub asked: bool,
    pub needed: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Told {
    pub version: Version,
    pub useful: u32,
    pub wasted: u32,
}

pub type Items = Rc<Vec<Item>>;

#[derive(Clone, Hash)]
pub enum Message {
    Push {
        round: Round,
        items: Items,
    },
    /// For each item that was pushed, whether it was news.
    Feedback {
        items: Items,
        news: Vec<bool>,
    },
    /// Versions of everything, and which of them are offered in return.
    Digest {
        round: Round,
        known: Vec<Line>,
        catch_up: bool,
    },
    /// The third step of push-pull.
    Give {
        round: Round,
        items: Items,
    },
    /// What is newer, which of the offered keys are wanted, and which of them were news.
    Values {
        round: Round,
        items: Items,
        wanted: Vec<Key>,
        answers: Vec<(Key, bool)>,
        catch_up: bool,
    },
}

/// One line of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub key: Key,
    pub version: Version,
    pub offered: bool,
}

timers! {
    pub enum Timer {
        Round => timer("round", text("round", "轮次"), text("A round begins for {node}.", "{node} 开始新的一轮。")),
    }
}

/// `set x 1` and `get x`, at one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    Set(Key, i64),
    Get(Key),
}

pub fn draw_operation(chance: &mut Chance) -> String {
    let key = store::draw_key(chance);
    if chance.one_in(2) { format!("get {key}") } else { format!("set {key} {}", chance.between(1, 7)) }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Done,
    Value(Option<i64>),
}

impl Hot {
    pub fn new(at: usize) -> Hot {
        Hot { at: at as u16, counter: 0, asked: false, needed: false }
    }
}

impl Durable {
    pub fn items(&self) -> &[Item] {
        self.0.as_ref().map_or(&[], |items| items)
    }
    pub fn find(&self, key: Key) -> Option<usize> {
        self.items().iter().position(|item| item.key == key)
    }
    pub fn version(&self, key: Key) -> Version {
        self.find(key).map_or(Version::default(), |at| self.items()[at].version)
    }
    /// The version that was written last, of those that the site knows.
    pub fn newest(&self) -> Option<&Item> {
        self.items().iter().max_by_key(|item| item.version)
    }
    pub fn put(&mut self, item: Item) -> usize {
        let items = Rc::make_mut(self.0.get_or_insert_default());
        match items.iter().position(|known| known.key == item.key) {
            Some(at) => {
                items[at] = item;
                at
            }
            None => {
                items.push(item);
                items.len() - 1
            }
        }
    }
}

impl FromStr for Operation {
    type Err = Why;
    fn from_str(text: &str) -> Result<Operation, Why> {
        match text.parse()? {
            store::Operation::Set(key, value) => Ok(Operation::Set(key, value)),
            store::Operation::Get(key) => Ok(Operation::Get(key)),
            _ => {
                let words = message("a site can set a key or read it, and nothing else", "站点只能写入一个键或读取它");
                Err(words.into())
            }
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Set(key, value) => write!(f, "set {key} {value}"),
            Operation::Get(key) => write!(f, "get {key}"),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Answer::Done => f.write_str("ok"),
            Answer::Value(Some(value)) => write!(f, "{value}"),
            Answer::Value(None) => f.write_str("none"),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.count, NodeId(self.origin))?;
        if self.start > 1 { write!(f, "/{}", self.start) } else { Ok(()) }
    }
}
