//! What a configuration promises, and why not what it does not.

use synod_engine::prelude::*;

use super::state::*;

const KEPT: &[Assumption] = &[Assumption::DisksKept];
const MISSES: Text =
    text("R + W is not above N: a read set may miss a write set", "R + W 不大于 N：读集合可能错过写集合");
const MEETS: Text = text("R + W > N: every read set meets every write set", "R + W > N：读集合与写集合必相交");
const PRIMARY: Text = text("A is in every write and every read", "每次写入和读取都包括 A");
const FALLBACK: Text = text("a fallback may count for a replica", "后备可以代替副本计数");
const PURGED: Text = text("tombstones are forgotten after a while", "墓碑过一段时间就被清除");
const ROLLED_BACK: Text = text("failed writes are taken back", "失败的写入会被撤销");
const WAITS: Text = text("a session waits for what it has seen", "会话等待它见过的版本");
const NO_SESSION: Text = text("sessions are not asked to", "没有要求会话这样做");

impl Config {
    pub fn meets_reads(&self) -> bool {
        self.r + self.w > self.n
    }
    pub fn meets_writes(&self) -> bool {
        2 * self.w > self.n
    }
    /// Why every read sees every answered write; or why not.
    fn sees(&self) -> Result<Text, Text> {
        match self {
            _ if self.is_sloppy() => Err(FALLBACK),
            _ if self.tombstones > 0 => Err(PURGED),
            _ if self.meets_reads() => Ok(MEETS),
            _ if self.routing == Routing::Primary => Ok(PRIMARY),
            _ => Err(MISSES),
        }
    }
    fn clocks(&self) -> &'static [Assumption] {
        match self.conflict {
            Conflict::LastWriter => &[Assumption::ClocksWithin, Assumption::DisksKept],
            Conflict::Siblings => KEPT,
        }
    }
}

fn either(why: Result<Text, Text>, assumes: &'static [Assumption]) -> Promise {
    why.map_or_else(Promise::not, |because| Promise::by(because, assumes))
}

pub fn regular(config: &Config) -> Promise {
    either(config.sees(), config.clocks())
}

pub fn meeting(config: &Config) -> Promise {
    let why = match config {
        _ if config.is_sloppy() => Err(FALLBACK),
        _ if config.meets_writes() => Ok(text("2W > N: any two write sets meet", "2W > N：任两个写集合必相交")),
        _ if config.has_primary() => Ok(text("A is in every write", "每次写入都包括 A")),
        _ => Err(text("2W is not above N: two write sets may miss each other", "2W 不大于 N：两个写集合可能不相交")),
    };
    either(why, &[])
}

pub fn forward(config: &Config) -> Promise {
    match config {
        _ if config.failed_writes == FailedWrites::RolledBack => Promise::not(ROLLED_BACK),
        _ if config.tombstones > 0 => Promise::not(PURGED),
        _ => Promise::always(KEPT),
    }
}

pub fn stored(config: &Config) -> Promise {
    if config.tombstones > 0 { Promise::not(PURGED) } else { Promise::always(KEPT) }
}

fn written_back(config: &Config) -> Result<Text, Text> {
    match config {
        _ if config.repair != Repair::Wait => {
            Err(text("what a read was told is not written back before", "读到的值没有先写回"))
        }
        _ if config.failed_writes == FailedWrites::RolledBack => Err(ROLLED_BACK),
        _ => config.sees().map(|_| text("what a read was told is on W replicas before", "读到的值先写回 W 个副本")),
    }
}

pub fn atomic(config: &Config) -> Promise {
    either(written_back(config), KEPT)
}

pub fn failed(config: &Config) -> Promise {
    Promise::not(match config.failed_writes {
        FailedWrites::Left => {
            text("what replicas have stored of a failed write stays there", "失败的写入留在已保存它的副本上")
        }
        FailedWrites::RolledBack => text("whoever cannot be told keeps it", "通知不到的副本仍然留着它"),
    })
}

pub fn own_writes(config: &Config) -> Promise {
    if config.read_your_writes { Promise::by(WAITS, &[]) } else { either(config.sees(), KEPT) }
}

pub fn own_reads(config: &Config) -> Promise {
    if config.monotonic_reads { Promise::by(WAITS, &[]) } else { either(written_back(config), KEPT) }
}

/// A replica that takes back what stood for something else holds neither.
fn follows(is_on: bool, config: &Config) -> Promise {
    match config {
        _ if !is_on => Promise::not(NO_SESSION),
        _ if config.tombstones > 0 => Promise::not(PURGED),
        _ if config.failed_writes == FailedWrites::RolledBack => Promise::not(ROLLED_BACK),
        _ => Promise::by(text("a replica waits for what a write follows", "副本等待前置写入"), &[]),
    }
}

pub fn in_order(config: &Config) -> Promise {
    follows(config.monotonic_writes, config)
}

pub fn after_reads(config: &Config) -> Promise {
    follows(config.writes_follow_reads, config)
}

pub fn convergence(config: &Config) -> Promise {
    let assumes = &[Assumption::NothingLost, Assumption::InTime, Assumption::ClocksWithin];
    match config {
        _ if config.anti_entropy == 0 => Promise::not(text("replicas do not compare", "副本之间不做比对")),
        _ if config.tombstones > 0 => Promise::not(PURGED),
        _ => Promise::by(text("any two replicas compare in turn", "任两个副本轮流比对"), assumes),
    }
}

/// What answers to clients have, by the ids of the judge. Siblings are no value of a register, so of them nothing is said.
pub fn levels(config: &Config) -> Vec<(&'static str, Promise)> {
    let forgets = config.tombstones > 0 || config.failed_writes == FailedWrites::RolledBack;
    if config.conflict == Conflict::Siblings || forgets {
        return Vec::new();
    }
    if let Ok(because) = written_back(config) {
        return vec![("linearizable", Promise::by(because, config.clocks()))];
    }
    let sessions = [
        (config.read_your_writes, "read-your-writes", own_writes(config)),
        (config.monotonic_reads, "monotonic-reads", own_reads(config)),
        (config.monotonic_writes, "monotonic-writes", in_order(config)),
        (config.writes_follow_reads, "writes-follow-reads", after_reads(config)),
    ];
    let asked = sessions.into_iter().filter(|(is_on, ..)| *is_on);
    asked.map(|(_, level, promise)| (level, Promise::by(promise.because, config.clocks()))).collect()
}
