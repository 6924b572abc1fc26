//! What must hold, and what of it which N, W and R promise.

use synod_engine::prelude::*;

use super::Nwr;
use super::history::{Began, Last, newest_stored};
use super::state::*;
use crate::store::Key;

/// What a node held before an event.
pub struct Before(Registers);

impl Before {
    pub fn of(node: &Node<Nwr>) -> Before {
        Before(node.durable.registers.clone())
    }
}

fn breach(nodes: Vec<NodeId>, says: Text, with: &[(&'static str, Says)]) -> Option<Breach> {
    Some(Breach { nodes, says: says.fill(with) })
}

fn number(version: Option<Version>) -> Says {
    version.map_or_else(|| text("no version", "空值").says(), |version| named(version.number))
}

fn named(number: u32) -> Says {
    text("version {n}", "版本 {n}").fill(&[("n", Says::same(number))])
}

/// The read that the last event answered.
fn read<'a>(seen: &'a Seen<Nwr>) -> Option<(ClientId, &'a Began, Option<Held>)> {
    match &seen.history.last {
        Last::Read(client, began, found) => Some((*client, began, *found)),
        _ => None,
    }
}

fn heard(seen: &Seen<Nwr>, client: ClientId) -> Vec<NodeId> {
    let errand = seen.cluster.clients().get(client.at()).and_then(|client| client.errand);
    errand.map_or_else(Vec::new, |errand| errand.heard.iter().collect())
}

/// A regular register: a read is told the last write that was answered before it began, or one that was going on.
fn reads_see_writes(seen: &Seen<Nwr>) -> Option<Breach> {
    let (client, began, found) = read(seen)?;
    let stale = match found {
        None => began.newest_begun > 0,
        Some(held) => {
            let answered = seen.history.write(began.key, held.version).and_then(|write| write.answered);
            answered.is_some_and(|answered| answered < began.newest_begun)
        }
    };
    let (c, v) = (Says::same(client), number(found.map(|held| held.version)));
    let says = text(
        "{c} was told {v}, though a later write had been answered before it asked",
        "{c} 读到 {v}，而在它读取之前，更晚的写入已得到响应",
    );
    if stale { breach(heard(seen, client), says, &[("c", c), ("v", v)]) } else { None }
}

/// What is answered is on W replicas, or something newer is.
fn stored_by_w(seen: &Seen<Nwr>) -> Option<Breach> {
    let Last::Written(key, version) = seen.history.last else {
        return None;
    };
    let has = |node: &&Node<Nwr>| node.durable.registers.get(&key).is_some_and(|held| held.version >= version);
    let nodes: Vec<NodeId> = seen.cluster.nodes().iter().filter(has).map(|node| node.id).collect();
    let says =
        text("{v} was answered with {n} of {w} replicas that have it", "{v} 得到响应时，{w} 个副本中只有 {n} 个存有它");
    let with = [("v", named(version.number)), ("n", Says::same(nodes.len())), ("w", Says::same(seen.config.w))];
    if nodes.len() < seen.config.w as usize { breach(nodes, says, &with) } else { None }
}

/// Of two answered writes some replica was reached by both.
fn writes_meet(seen: &Seen<Nwr>) -> Option<Breach> {
    let Last::Written(key, version) = seen.history.last else {
        return None;
    };
    let reached = |version: Version| seen.history.write(key, version).map(|write| write.reached).unwrap_or_default();
    let mine = reached(version);
    let apart = |other: &&Version| **other != version && !reached(**other).iter().any(|node| mine.has(node));
    let other = *seen.history.keys.get(&key)?.recent.iter().find(apart)?;
    let nodes = reached(other).iter().chain(mine.iter()).collect();
    let says = text("{a} and {b} were answered, and no replica saw both", "{a} 与 {b} 都得到响应，却没有副本见过两者");
    breach(nodes, says, &[("a", named(other.number)), ("b", named(version.number))])
}

fn never_goes_back(seen: &Seen<Nwr>) -> Option<Breach> {
    let (Observed::Handled { before, after, .. } | Observed::Fell { before, after }) = seen.observed else {
        return None;
    };
    let now = |key: &Key| after.durable.registers.get(key).map(|held| held.version);
    let (key, held) = before.0.iter().find(|(key, held)| now(key) < Some(held.version))?;
    let says = text("{node} held {a} of {key}, and then {b}", "{node} 曾存有 {key} 的{a}，后来是{b}");
    let with = [
        ("node", Says::same(after.id)),
        ("key", Says::same(key)),
        ("a", named(held.version.number)),
        ("b", number(now(key))),
    ];
    breach(vec![after.id], says, &with)
}

fn values_were_written(seen: &Seen<Nwr>) -> Option<Breach> {
    let (client, began, found) = read(seen)?;
    let held = found?;
    let written = seen.history.write(began.key, held.version).is_some_and(|write| write.value == held.value);
    let says = text("{c} was told {v}, which nobody wrote", "{c} 读到没有人写过的 {v}");
    let with = [("c", Says::same(client)), ("v", Says::same(held.value))];
    if written { None } else { breach(heard(seen, client), says, &with) }
}

/// A read that begins after another has ended is told nothing older.
fn no_inversion(seen: &Seen<Nwr>) -> Option<Breach> {
    let (client, began, found) = read(seen)?;
    let version = found.map(|held| held.version);
    let says = text("{c} was told {b}, and a read before it {a}", "{c} 读到{b}，而在它之前的读取得到{a}");
    let with = [("c", Says::same(client)), ("a", number(began.read)), ("b", number(version))];
    if version < began.read { breach(heard(seen, client), says, &with) } else { None }
}

fn failed_are_gone(seen: &Seen<Nwr>) -> Option<Breach> {
    let (client, began, found) = read(seen)?;
    let version = found?.version;
    let failed = seen.history.write(began.key, version).is_some_and(|write| write.failed);
    let says = text("{c} was told {v}, which had failed", "{c} 读到{v}，而那次写入已告失败");
    let with = [("c", Says::same(client)), ("v", named(version.number))];
    if failed { breach(heard(seen, client), says, &with) } else { None }
}

/// The newest version that is stored, and the newest that was answered: of the key that was asked for last.
fn newest(seen: &Evidence<Nwr>) -> Says {
    let last = seen.history.began.iter().map(|(_, began)| began).max_by_key(|(when, _)| *when);
    let Some((_, began)) = last else {
        return text("nothing was asked yet", "还没有请求").says();
    };
    let answered = seen.history.keys.get(&began.key).and_then(|known| known.answered);
    text("newest stored: {a}; newest answered: {b}", "已存最新：{a}；已响应最新：{b}")
        .fill(&[("a", number(newest_stored(seen.cluster, began.key))), ("b", number(answered))])
}

fn answered(seen: &Evidence<Nwr>) -> Says {
    text("writes answered: {n}", "已响应写入：{n}").fill(&[("n", Says::same(seen.history.answered))])
}

fn reads(seen: &Evidence<Nwr>) -> Says {
    text("reads answered: {n}", "已响应读取：{n}").fill(&[("n", Says::same(seen.history.reads))])
}

fn regular(config: &Config) -> Promise {
    if config.meets_reads() {
        let because = text("R + W > N: every read set meets every write set", "R + W > N：读集合与写集合必相交");
        Promise::by(because, &[Assumption::ClocksWithin, Assumption::DisksKept])
    } else {
        Promise::not(text(
            "R + W is not above N: a read set may miss a write set",
            "R + W 不大于 N：读集合可能错过写集合",
        ))
    }
}

fn meeting(config: &Config) -> Promise {
    if config.meets_writes() {
        Promise::by(text("2W > N: any two write sets meet", "2W > N：任两个写集合必相交"), &[])
    } else {
        Promise::not(text("2W is not above N: two write sets may miss each other", "2W 不大于 N：两个写集合可能不相交"))
    }
}

pub const INVARIANTS: &[Invariant<Nwr>] = &[
    Invariant {
        id: "reads-see-writes",
        title: text("A read sees the newest answered write", "读到最新的已响应写入"),
        says: text(
            "A read is told the last write that was answered before it began, or one that was still going on.",
            "读取得到它开始之前最后一个已响应的写入，或仍在进行的写入。",
        ),
        source: "Lamport 1986, regular register; Dynamo, 4.5",
        promise: regular,
        check: reads_see_writes,
        evidence: newest,
    },
    Invariant {
        id: "stored-by-w",
        title: text("Answered is stored by W", "已响应即已由 W 个副本保存"),
        says: text("When a write is answered, W replicas have stored it.", "写入得到响应时，已有 W 个副本保存了它。"),
        source: "Dynamo, 4.5",
        promise: |_| Promise::always(&[Assumption::DisksKept]),
        check: stored_by_w,
        evidence: answered,
    },
    Invariant {
        id: "writes-meet",
        title: text("Answered writes meet", "已响应的写入必相遇"),
        says: text("Of two answered writes some replica has seen both.", "任两个已响应的写入，都有副本见过两者。"),
        source: "Gifford 1979",
        promise: meeting,
        check: writes_meet,
        evidence: answered,
    },
    Invariant {
        id: "never-goes-back",
        title: text("No replica goes back", "副本不倒退"),
        says: text("What a replica holds is never replaced by what is older.", "副本所存的值不会被更旧的取代。"),
        source: "Dynamo, 4.4",
        promise: |_| Promise::always(&[Assumption::DisksKept]),
        check: never_goes_back,
        evidence: newest,
    },
    Invariant {
        id: "values-were-written",
        title: text("What is read was written", "读到的都写过"),
        says: text("A read is told what some client wrote, or nothing.", "读取得到某个客户端写过的值，或者空值。"),
        source: "Lamport 1986",
        promise: |_| Promise::always(&[]),
        check: values_were_written,
        evidence: reads,
    },
    Invariant {
        id: "no-inversion",
        title: text("A later read is not told less", "后来的读取不会更旧"),
        says: text(
            "A read that begins after another has ended is told nothing older.",
            "一次读取结束之后才开始的读取，不会得到更旧的版本。",
        ),
        source: "Lamport 1986, atomic register",
        promise: |_| Promise::not(text("nobody writes back what a read was told", "读到的值不会写回")),
        check: no_inversion,
        evidence: reads,
    },
    Invariant {
        id: "failed-are-gone",
        title: text("What failed is never read", "失败的写入不会被读到"),
        says: text(
            "No read is told a write whose client was told that it failed.",
            "读取不会得到已告知客户端失败的写入。",
        ),
        source: "Dynamo, 4.5",
        promise: |_| {
            Promise::not(text(
                "what replicas have stored of a failed write stays there",
                "失败的写入留在已保存它的副本上",
            ))
        },
        check: failed_are_gone,
        evidence: reads,
    },
];

impl Config {
    pub fn meets_reads(&self) -> bool {
        self.r + self.w > self.n
    }
    pub fn meets_writes(&self) -> bool {
        2 * self.w > self.n
    }
}
