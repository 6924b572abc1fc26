//! What each machine keeps and says. Times of a machine are readings of its own clock.
//!
//! ```text
//! holder  -- ACQUIRE(ask) | RENEW(ask, token) --> issuer
//! holder <-- GRANT(ask, token, until) | REFUSE -- issuer     until: a reading of the issuer's clock
//! holder  -- RELEASE(token) --------------------> issuer
//! holder  -- WRITE(token, key, value) ----------> storage
//! holder <-- WRITTEN | REJECTED ----------------- storage    REJECTED: a higher token was here, or the term is over
//! ```
//!
//! What several issuers say to one another is told of in [`super::council`].

use std::collections::BTreeMap;

use synod_engine::prelude::*;

use crate::node_set::NodeSet;
use crate::store::Key;

/// The number of a lease, by which storage tells an old one from a new one.
pub type Token = u32;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    pub term: Micros,
    /// How far apart clocks may be.
    pub error: Micros,
    pub allows: Allows,
    pub ends: Ends,
    pub renew_at: RenewAt,
    pub fencing: bool,
    pub after_restart: AfterRestart,
    /// The storage looks whether a write's term is over.
    pub at_storage: bool,
    /// How many issuers there are: of several, one speaks.
    pub issuers: u32,
}

/// Who leaves room for clocks that are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Allows {
    Issuer,
    Holder,
    Nobody,
}

/// How a holder knows when its term ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ends {
    /// So long after it sent its request, by its own clock.
    Length,
    /// When its clock reads what the issuer's is to read then.
    Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RenewAt {
    Half,
    NineTenths,
    End,
    /// Only when it has something to do, and no lease.
    Demand,
}

/// What an issuer does that is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AfterRestart {
    Wait,
    Remember,
    Forget,
}

impl Config {
    /// How long the issuer honours a term beyond its end.
    pub fn slack(&self) -> Micros {
        if self.allows == Allows::Issuer { self.error } else { 0 }
    }
    /// The term as its holder counts it.
    pub fn held(&self) -> Micros {
        if self.allows == Allows::Holder { self.term - self.error } else { self.term }
    }
    /// How long whoever begins to speak waits for what others may have granted. Their terms end by readings of other
    /// clocks, where terms end so.
    pub fn quiet(&self) -> Micros {
        let other = self.issuers > 1 && self.ends == Ends::Reading && self.allows != Allows::Nobody;
        self.term + self.slack() + if other { self.error } else { 0 }
    }
    /// How often whoever speaks says that it is there.
    pub fn beat(&self) -> (Micros, Micros) {
        let beat = (self.term / 10).max(100 * MS);
        (beat, beat)
    }
    /// How long others hear nothing before they stand for themselves.
    pub fn silence(&self) -> (Micros, Micros) {
        let beat = self.beat().0;
        (beat * 5 / 2, beat * 5)
    }
    /// How long before it asks again that was refused, or that heard nothing.
    pub fn again(&self) -> (Micros, Micros) {
        (self.term / 8, self.term / 6)
    }
}

/// What the issuer honours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Given {
    pub holder: NodeId,
    pub token: Token,
    /// The request that it answers.
    pub ask: u32,
    pub until: i64,
}

/// What a holder believes that it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    pub token: Token,
    pub until: i64,
    /// The end of the term by the issuer's clock, which goes with its writes.
    pub reading: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Write {
    pub number: u32,
    pub client: ClientId,
    pub serial: u32,
    pub key: Key,
    pub value: i64,
    pub stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// It waits for a lease.
    Waits,
    /// The holder has looked at its lease, and works.
    Works,
    /// It was sent to the storage.
    Sent,
}

/// What an issuer of several has stored: the newest is of the highest ballot, and of that the highest number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Kept {
    pub ballot: u32,
    pub number: u32,
    pub given: Option<Given>,
}

impl Kept {
    pub fn newer(one: Option<Kept>, other: Option<Kept>) -> Option<Kept> {
        let age = |kept: &Option<Kept>| kept.map(|kept| (kept.ballot, kept.number));
        if age(&one) > age(&other) { one } else { other }
    }
}

/// Of several issuers, what each knows of who speaks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Council {
    /// Its ballot, if it speaks; how many times it had something stored, and what it waits to grant.
    pub speaks: Option<u32>,
    pub number: u32,
    pub pending: Option<Pending>,
    /// It honours what another granted, and has not had that stored under its own ballot.
    pub adopted: bool,
    /// Who has answered it since its last beat, and how many beats it heard no majority.
    pub heard: NodeSet,
    pub misses: u32,
    /// It asks for a ballot.
    pub stands: Option<Candidacy>,
    /// When it last heard of whoever speaks.
    pub heard_at: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pending {
    pub number: u32,
    pub due: Due,
    pub stored: NodeSet,
}

/// What is due when a majority has stored it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Due {
    Grant,
    Extend,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Candidacy {
    pub ballot: u32,
    pub promises: NodeSet,
    pub token: Token,
    pub kept: Option<Kept>,
}

/// What is on a disk: of the issuer its last token, and what it honours if it is to remember that, and of several what
/// they promised and stored; of the storage all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Durable {
    pub token: Token,
    pub given: Option<Given>,
    /// The highest ballot that it knows: it stores nothing under a lower one.
    pub promised: u32,
    pub kept: Option<Kept>,
    pub highest: Token,
    pub cells: BTreeMap<Key, (i64, Token)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Volatile {
    /// The issuer's: what it honours, and until when it grants nothing.
    pub given: Option<Given>,
    pub quiet_until: Option<i64>,
    pub council: Council,
    /// A holder's: its lease, the last that it had, and the request that it waits for, with its own clock's
    /// reading when it sent it.
    pub held: Option<Held>,
    pub latest: Option<Held>,
    pub asking: Option<(u32, i64)>,
    pub asks: u32,
    /// It is to hold the lease, and goes on asking for it.
    pub wants: bool,
    /// Who waits to be told.
    pub clients: Vec<(ClientId, u32)>,
    pub writes: Vec<Write>,
    pub numbers: u32,
}

impl Volatile {
    /// The lease that it believes in when its clock reads so.
    pub fn believes(&self, clock: i64) -> Option<Held> {
        self.held.filter(|held| clock < held.until)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    Acquire(u32),
    Renew(u32, Token),
    Grant { ask: u32, token: Token, until: i64 },
    Refuse { ask: u32, token: Token },
    Release(Token),
    Write { number: u32, token: Token, key: Key, value: i64, until: i64 },
    Written { number: u32, token: Token },
    Rejected { number: u32, token: Token },
    Stand(u32),
    Promise { ballot: u32, token: Token, kept: Option<Kept> },
    Store { kept: Kept, token: Token, again: bool },
    Stored { ballot: u32, number: u32, again: bool },
}

timers! {
    pub enum Timer {
        /// What the issuer honours ends.
        Honour => ring(
            "honour",
            text("honour a term", "承认租期"),
            text("The term that {node} honours has run out.", "{node} 承认的租期已到。"),
        ),
        /// After a restart it grants nothing before this.
        Quiet => ring(
            "quiet",
            text("wait after a restart", "重启后的等待"),
            text("{node} has waited for every term to run out.", "{node} 已等到所有租期结束。"),
        ),
        /// A holder's lease ends.
        Term => ring(
            "term",
            text("rest of the term", "租期剩余"),
            text("The lease of {node} has run out by its clock.", "按 {node} 的时钟，租约已到期。"),
        ),
        /// It asks, for the first time or again.
        Ask => timer(
            "ask", text("time to ask", "申请时间"), text("{node} asks for its lease.", "{node} 该申请租约了。")
        ),
        /// It has prepared a write.
        Act(number: u32) => timer(
            "act", text("work on a write", "准备写入"), text("{node} is ready to send a write.", "{node} 准备好发送写入。")
        ),
        /// Whoever speaks says that it is there.
        Beat => timer(
            "beat", text("beat", "心跳"), text("{node} tells the others that it speaks.", "{node} 告知其他颁发者自己是发言者。")
        ),
        /// It hears nothing of whoever speaks.
        Stand => ring(
            "stand",
            text("silence of the speaker", "发言者静默"),
            text("{node} has heard nothing of whoever speaks.", "{node} 一直没有收到发言者的消息。"),
        ),
    }
}
