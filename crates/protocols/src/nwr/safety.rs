//! What must hold, and what of it which N, W and R promise; [`super::promised`] says when.

use synod_engine::prelude::*;

use super::history::{Write, has, newest_stored};
use super::quest::Errand;
use super::state::*;
use super::version::{Cell, Held, Version, covers, covers_all, tops};
use super::{FALLBACKS, Nwr, promised};
use crate::node_set::NodeSet;
use crate::store::Key;

/// What a node held before an event.
pub struct Before(pub Registers);

impl Before {
    pub fn of(node: &Node<Nwr>) -> Before {
        Before(node.durable.registers.clone())
    }
}

fn breach(nodes: Vec<NodeId>, says: Text, with: &[(&'static str, Says)]) -> Option<Breach> {
    Some(Breach { nodes, says: says.fill(with) })
}

fn number(version: Option<Version>) -> Says {
    version.map_or_else(|| text("no version", "空值").says(), named)
}

fn named(version: Version) -> Says {
    text("version {n}", "版本 {n}").fill(&[("n", Says::same(version.number))])
}

fn first(cell: &[Held]) -> Says {
    number(cell.first().map(|held| held.version))
}

/// Whom the client, or the node that coordinates for it, has heard of.
fn heard(seen: &Seen<Nwr>, client: ClientId) -> Vec<NodeId> {
    let errand = seen.cluster.clients().get(client.at()).and_then(|client| client.errand.as_ref());
    let errand = errand.and_then(|errand| coordinated(errand, seen.cluster));
    errand.map_or_else(Vec::new, |errand| errand.heard.iter().collect())
}

/// The errand where it is done: at the client, or at the node that coordinates.
pub fn coordinated<'a>(errand: &'a Errand, cluster: Cluster<'a, Nwr>) -> Option<&'a Errand> {
    let Some(by) = errand.by else { return Some(errand) };
    let node = cluster.nodes().get(by.at())?;
    node.volatile.errands.iter().find(|one| one.order.tag == errand.order.tag)
}

/// A regular register: a read is told the last write that was answered before it began, or one that was going on.
fn reads_see_writes(seen: &Seen<Nwr>) -> Option<Breach> {
    let (client, began, found) = seen.history.read()?;
    let over = |write: &Write| write.answered.is_some_and(|answered| answered < began.newest_begun);
    let stale = match (seen.config.conflict, found.first()) {
        (Conflict::Siblings, _) => !covers_all(found, &began.answered, seen.config),
        (_, Some(held)) => seen.history.write(held.version).is_some_and(over),
        // Whoever finds nothing may have found what a deletion left.
        (_, None) => {
            let deletes = |write: &&Write| write.key == began.key && write.held.value.is_none();
            let deleted = seen.history.writes.values().filter(deletes).any(|write| !over(write));
            began.newest_begun > 0 && !deleted
        }
    };
    let says = text(
        "{c} was told {v}, though a later write had been answered before it asked",
        "{c} 读到 {v}，而在它读取之前，更晚的写入已得到响应",
    );
    let with = [("c", Says::same(client)), ("v", first(found))];
    if stale { breach(heard(seen, client), says, &with) } else { None }
}

/// What is answered is on W replicas, or something newer is; what a fallback keeps counts for its replica.
fn stored_by_w(seen: &Seen<Nwr>) -> Option<Breach> {
    let Write { key, held, .. } = seen.history.written()?;
    let owners = |node: &Node<Nwr>| {
        let hints =
            node.durable.hints.iter().filter(|((_, one), cell)| one == key && covers(cell, held.version, seen.config));
        let own = has(node, *key, held.version, seen.config).then_some(node.id);
        own.into_iter().chain(hints.map(|((owner, _), _)| *owner)).collect::<Vec<NodeId>>()
    };
    let nodes: NodeSet = seen.cluster.nodes().iter().flat_map(owners).collect();
    let nodes: Vec<NodeId> = nodes.iter().collect();
    let says =
        text("{v} was answered with {n} of {w} replicas that have it", "{v} 得到响应时，{w} 个副本中只有 {n} 个存有它");
    let with = [("v", named(held.version)), ("n", Says::same(nodes.len())), ("w", Says::same(seen.config.w))];
    if nodes.len() < seen.config.w as usize { breach(nodes, says, &with) } else { None }
}

/// Of two answered writes some replica was reached by both.
fn writes_meet(seen: &Seen<Nwr>) -> Option<Breach> {
    let mine = seen.history.written()?;
    let apart = |other: &&Write| {
        other.held.version != mine.held.version && !other.reached.iter().any(|node| mine.reached.has(node))
    };
    let other = recent(seen, mine.key).find(apart)?;
    let nodes = other.reached.iter().chain(mine.reached.iter()).collect();
    let says = text("{a} and {b} were answered, and no replica saw both", "{a} 与 {b} 都得到响应，却没有副本见过两者");
    breach(nodes, says, &[("a", named(other.held.version)), ("b", named(mine.held.version))])
}

fn recent<'a>(seen: &'a Seen<Nwr>, key: Key) -> impl Iterator<Item = &'a Write> {
    let numbers = seen.history.keys.get(&key).map(|known| known.recent.as_slice()).unwrap_or_default();
    numbers.iter().filter_map(|number| seen.history.writes.get(number))
}

/// Two additions that start from the same version count as one.
fn adds_count(seen: &Seen<Nwr>) -> Option<Breach> {
    let mine = seen.history.written()?;
    mine.base.as_ref()?;
    let same = |other: &&Write| other.held.version != mine.held.version && other.base == mine.base;
    let other = recent(seen, mine.key).find(same)?;
    let says = text("{a} and {b} add to the same version", "{a} 与 {b} 都从同一版本加起");
    let nodes = mine.reached.iter().collect();
    breach(nodes, says, &[("a", named(other.held.version)), ("b", named(mine.held.version))])
}

fn never_goes_back(seen: &Seen<Nwr>) -> Option<Breach> {
    let (Observed::Handled { before, after, .. } | Observed::Fell { before, after }) = seen.observed else {
        return None;
    };
    let registers = &after.durable.registers;
    if before.0 == *registers {
        return None;
    }
    let lacks =
        |key: &Key, held: &Held| !registers.get(key).is_some_and(|cell| covers(cell, held.version, seen.config));
    let all = before.0.iter().flat_map(|(key, cell)| cell.iter().map(move |held| (key, held)));
    let (key, held) = all.into_iter().find(|(key, held)| lacks(key, held))?;
    let says = text("{node} held {a} of {key}, and then {b}", "{node} 曾存有 {key} 的{a}，后来是{b}");
    let now = registers.get(key).and_then(|cell| cell.first()).map(|held| held.version);
    let with =
        [("node", Says::same(after.id)), ("key", Says::same(key)), ("a", named(held.version)), ("b", number(now))];
    breach(vec![after.id], says, &with)
}

fn values_were_written(seen: &Seen<Nwr>) -> Option<Breach> {
    let (client, _, found) = seen.history.read()?;
    let written = |held: &&Held| seen.history.write(held.version).is_some_and(|write| write.held.value == held.value);
    let held = found.iter().find(|held| !written(held))?;
    let says = text("{c} was told {v}, which nobody wrote", "{c} 读到没有人写过的 {v}");
    breach(heard(seen, client), says, &[("c", Says::same(client)), ("v", named(held.version))])
}

/// A read that begins after another has ended is told nothing older.
fn no_inversion(seen: &Seen<Nwr>) -> Option<Breach> {
    let (client, began, found) = seen.history.read()?;
    let says = text("{c} was told {b}, and a read before it {a}", "{c} 读到{b}，而在它之前的读取得到{a}");
    let with = [("c", Says::same(client)), ("a", first(&began.read)), ("b", first(found))];
    if covers_all(found, &began.read, seen.config) { None } else { breach(heard(seen, client), says, &with) }
}

fn failed_are_gone(seen: &Seen<Nwr>) -> Option<Breach> {
    let (client, _, found) = seen.history.read()?;
    let failed = |held: &&Held| seen.history.write(held.version).is_some_and(|write| write.failed);
    let held = found.iter().find(failed)?;
    let says = text("{c} was told {v}, which had failed", "{c} 读到{v}，而那次写入已告失败");
    breach(heard(seen, client), says, &[("c", Says::same(client)), ("v", named(held.version))])
}

/// A read of a session that does not see what the session has seen.
fn behind(seen: &Seen<Nwr>, must: fn(&super::history::Began) -> &Vec<Version>, says: Text) -> Option<Breach> {
    let (client, began, found) = seen.history.read()?;
    let missed = must(began).iter().find(|version| !covers(found, **version, seen.config))?;
    let with = [("c", Says::same(client)), ("a", named(*missed)), ("b", first(found))];
    breach(heard(seen, client), says, &with)
}

/// A replica that holds a write, and not what it follows.
fn follows(seen: &Seen<Nwr>, needs: fn(&Write) -> &super::version::Needs, says: Text) -> Option<Breach> {
    let Observed::Handled { before, after, .. } = seen.observed else { return None };
    let registers = &after.durable.registers;
    if before.0 == *registers {
        return None;
    }
    let there = |key: &Key, version: Version| registers.get(key).is_some_and(|cell| covers(cell, version, seen.config));
    for held in registers.values().flatten() {
        let missed = seen
            .history
            .write(held.version)
            .and_then(|write| needs(write).iter().find(|(key, version)| !there(key, *version)));
        if let Some((_, version)) = missed {
            let with = [("node", Says::same(after.id)), ("a", named(held.version)), ("b", named(*version))];
            return breach(vec![after.id], says, &with);
        }
    }
    None
}

/// After so long without any change or cut, every two replicas have compared what they hold; where they do not compare,
/// they are looked at all the same.
fn converge_within(config: &Config, slowest: Micros) -> Micros {
    let apart = if config.anti_entropy > 0 { config.anti_entropy } else { 50 * MS };
    apart * u64::from(2 * config.n + 2) + 6 * slowest + 100 * MS
}

pub fn deadline(config: &Config, stirred: Micros, slowest: Micros, after: Micros) -> Option<Micros> {
    let at = stirred + converge_within(config, slowest);
    (at > after).then_some(at)
}

fn converges(seen: &Seen<Nwr>) -> Option<Breach> {
    let Observed::Passed { time } = seen.observed else { return None };
    let faults = seen.cluster.faults();
    let due = seen.history.stirred + converge_within(seen.config, faults.slowest_flight);
    if *time < due || faults.cut.is_some() {
        return None;
    }
    let up = |node: &&Node<Nwr>| node.group != Some(FALLBACKS as u32) && faults.down.get(node.id).is_none();
    let nodes: Vec<&Node<Nwr>> = seen.cluster.nodes().iter().filter(up).collect();
    let (one, other) = nodes.iter().zip(nodes.iter().skip(1)).find(|(one, other)| {
        let counts = |node: &Node<Nwr>| -> Vec<(Key, Cell)> {
            node.durable.registers.iter().map(|(key, cell)| (*key, tops(cell, seen.config))).collect()
        };
        counts(one) != counts(other)
    })?;
    let says = text("{a} and {b} still differ", "{a} 与 {b} 仍然不同");
    breach(vec![one.id, other.id], says, &[("a", Says::same(one.id)), ("b", Says::same(other.id))])
}

/// The newest version that is stored, and the newest that was answered: of the key that was asked for last.
fn newest(seen: &Evidence<Nwr>) -> Says {
    let Some(began) = seen.history.began.values().max_by_key(|began| began.at) else {
        return text("nothing was asked yet", "还没有请求").says();
    };
    let answered = seen.history.keys.get(&began.key).map(|known| first(&known.answered));
    text("newest stored: {a}; newest answered: {b}", "已存最新：{a}；已响应最新：{b}")
        .fill(&[("a", number(newest_stored(seen.cluster, began.key))), ("b", answered.unwrap_or_else(|| number(None)))])
}

fn answered(seen: &Evidence<Nwr>) -> Says {
    text("writes answered: {n}", "已响应写入：{n}").fill(&[("n", Says::same(seen.history.answered))])
}

fn reads(seen: &Evidence<Nwr>) -> Says {
    text("reads answered: {n}", "已响应读取：{n}").fill(&[("n", Says::same(seen.history.reads))])
}

const OLDER: Text = text("{c} was told {b}, and had itself written {a}", "{c} 读到{b}，而它自己写过{a}");
const AGAIN: Text = text("{c} was told {b}, and had itself read {a}", "{c} 读到{b}，而它自己读过{a}");
const BEFORE: Text =
    text("{node} holds {a}, and not {b}, which its client wrote before", "{node} 存有{a}，却没有同一客户端更早写的{b}");
const AFTER: Text =
    text("{node} holds {a}, and not {b}, which its client had read", "{node} 存有{a}，却没有写它的客户端读过的{b}");

pub const INVARIANTS: &[Invariant<Nwr>] = &[
    Invariant {
        id: "reads-see-writes",
        title: text("A read sees the newest answered write", "读到最新的已响应写入"),
        says: text(
            "A read is told the last write that was answered before it began, or one that was still going on.",
            "读取得到它开始之前最后一个已响应的写入，或仍在进行的写入。",
        ),
        source: "Lamport 1986, regular register; Dynamo, 4.5",
        promise: promised::regular,
        check: reads_see_writes,
        evidence: newest,
    },
    Invariant {
        id: "stored-by-w",
        title: text("Answered is stored by W", "已响应即已由 W 个副本保存"),
        says: text("When a write is answered, W replicas have stored it.", "写入得到响应时，已有 W 个副本保存了它。"),
        source: "Dynamo, 4.5",
        promise: promised::stored,
        check: stored_by_w,
        evidence: answered,
    },
    Invariant {
        id: "writes-meet",
        title: text("Answered writes meet", "已响应的写入必相遇"),
        says: text("Of two answered writes some replica has seen both.", "任两个已响应的写入，都有副本见过两者。"),
        source: "Gifford 1979",
        promise: promised::meeting,
        check: writes_meet,
        evidence: answered,
    },
    Invariant {
        id: "never-goes-back",
        title: text("No replica goes back", "副本不倒退"),
        says: text("What a replica holds is never replaced by what is older.", "副本所存的值不会被更旧的取代。"),
        source: "Dynamo, 4.4",
        promise: promised::forward,
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
        source: "Lamport 1986, atomic register; Attiya, Bar-Noy, Dolev 1995",
        promise: promised::atomic,
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
        promise: promised::failed,
        check: failed_are_gone,
        evidence: reads,
    },
    Invariant {
        id: "read-your-writes",
        title: text("Read your writes", "读己之写"),
        says: text("A client reads what it wrote, or something newer.", "客户端读到自己写过的版本，或更新的。"),
        source: "Terry et al. 1994, 2",
        promise: promised::own_writes,
        check: |seen| behind(seen, |began| &began.wrote, OLDER),
        evidence: reads,
    },
    Invariant {
        id: "monotonic-reads",
        title: text("Monotonic reads", "单调读"),
        says: text("A client reads nothing older than it has read.", "客户端不会读到比自己读过的更旧的版本。"),
        source: "Terry et al. 1994, 2",
        promise: promised::own_reads,
        check: |seen| behind(seen, |began| &began.seen, AGAIN),
        evidence: reads,
    },
    Invariant {
        id: "monotonic-writes",
        title: text("Monotonic writes", "单调写"),
        says: text(
            "A replica that holds a write holds what its client wrote before to other keys.",
            "存有某次写入的副本，也存有同一客户端更早写到其他键的版本。",
        ),
        source: "Terry et al. 1994, 2",
        promise: promised::in_order,
        check: |seen| follows(seen, |write| &write.wrote, BEFORE),
        evidence: answered,
    },
    Invariant {
        id: "writes-follow-reads",
        title: text("Writes follow reads", "写随读后"),
        says: text(
            "A replica that holds a write holds what its client had read of other keys.",
            "存有某次写入的副本，也存有写它的客户端读过的其他键的版本。",
        ),
        source: "Terry et al. 1994, 2",
        promise: promised::after_reads,
        check: |seen| follows(seen, |write| &write.read, AFTER),
        evidence: answered,
    },
    Invariant {
        id: "adds-count",
        title: text("Every addition counts", "每次相加都有效"),
        says: text("No two additions start from the same version.", "没有两次相加从同一版本开始。"),
        source: "Herlihy 1991",
        promise: |_| Promise::not(text("reads and writes are no compare-and-set", "读取和写入不等于比较并交换")),
        check: adds_count,
        evidence: answered,
    },
    Invariant {
        id: "converges",
        title: text("Replicas come to agree", "副本最终一致"),
        says: text(
            "When nothing changes for a while, all replicas that are up hold the same.",
            "一段时间没有变化后，在线的副本所存的都相同。",
        ),
        source: "Dynamo, 4.7",
        promise: promised::convergence,
        check: converges,
        evidence: newest,
    },
];
