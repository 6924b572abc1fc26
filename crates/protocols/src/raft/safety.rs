//! The properties of figure 3 and what clients may rely on.

use synod_engine::names::NodeId;
use synod_engine::promise::{Assumption, Promise};
use synod_engine::protocol::{Breach, Evidence, Invariant, Observed, Seen};
use synod_engine::text::{Says, join, text};
use synod_engine::units::Micros;

use super::Raft;
use super::history::{Held, holds, known, newly_leads};
use super::state::*;

fn breach(nodes: impl IntoIterator<Item = NodeId>, says: Says) -> Option<Breach> {
    Some(Breach { nodes: nodes.into_iter().collect(), says })
}

/// A disk that was written keeps it: where one is lost, promises that were written there are lost too.
const KEPT: &[Assumption] = &[Assumption::DisksKept];

pub const INVARIANTS: &[Invariant<Raft>] = &[
    Invariant {
        id: "election-safety",
        title: text("Election safety", "选举安全"),
        says: text("At most one leader is elected in a term.", "一个任期内最多选出一个领导者。"),
        source: "Raft figure 3, 5.2",
        promise: |_| Promise::always(KEPT),
        check: election_safety,
        evidence: |seen| {
            let leaders = &seen.history.leaders;
            let latest = || leaders.iter_from(leaders.len().saturating_sub(4));
            let en: Vec<String> = latest().map(|(t, n, _)| format!("term {t} {n}")).collect();
            let zh: Vec<String> = latest().map(|(t, n, _)| format!("任期 {t} {n}")).collect();
            match leaders.is_empty() {
                true => Says::new("no leader yet", "还没有领导者"),
                false => Says::new(
                    format!("one leader in each: {}", join(&en, ", ")),
                    format!("各有一个领导者：{}", join(&zh, "，")),
                ),
            }
        },
    },
    Invariant {
        id: "leader-append-only",
        title: text("Leader append-only", "领导者只追加"),
        says: text("A leader never overwrites or deletes entries in its log.", "领导者从不覆盖或删除自己的日志。"),
        source: "Raft figure 3, 5.3",
        promise: |_| Promise::always(&[]),
        check: leader_append_only,
        evidence: |seen| {
            let leaders = leaders(seen);
            if leaders.is_empty() {
                return Says::new("nobody leads now", "现在没有领导者");
            }
            let (have, leaders) = (if leaders.len() == 1 { "has" } else { "have" }, Says::list(&leaders));
            Says::new(format!("{} {have} only added entries", leaders.en), format!("{} 只追加过日志", leaders.zh))
        },
    },
    Invariant {
        id: "log-matching",
        title: text("Log matching", "日志匹配"),
        says: text(
            "If two logs have an entry with the same index and term, they agree up to it.",
            "两份日志若有索引和任期都相同的条目，则此前全部相同。",
        ),
        source: "Raft figure 3, 5.3",
        promise: |_| Promise::always(KEPT),
        check: log_matching,
        evidence: |seen| {
            let n = Says::same(seen.history.first.len() + seen.history.others.len());
            text("entries seen: {n}; same index and term, same history", "见过 {n} 条：索引和任期相同则历史相同")
                .fill(&[("n", n)])
        },
    },
    Invariant {
        id: "leader-completeness",
        title: text("Leader completeness", "领导者完整"),
        says: text(
            "An entry committed in a term is in the log of every leader of a later term.",
            "某任期提交的条目必在之后所有任期领导者的日志中。",
        ),
        source: "Raft figure 3, 5.4",
        promise: |_| Promise::always(KEPT),
        check: leader_completeness,
        evidence: |seen| {
            let n = Says::same(seen.history.committed.len());
            let Some((term, node, _)) = seen.history.leaders.last().filter(|_| !seen.history.committed.is_empty())
            else {
                return Says::new("nothing committed yet", "还没有提交任何条目");
            };
            text(
                "{node} of term {t} held all of the {n} committed by then",
                "任期 {t} 的 {node} 持有此前提交的全部条目（共 {n} 条）",
            )
            .fill(&[("node", Says::same(node)), ("t", Says::same(term)), ("n", n)])
        },
    },
    Invariant {
        id: "state-machine-safety",
        title: text("State machine safety", "状态机安全"),
        says: text("No two servers apply different entries at one index.", "没有两台服务器在同一索引应用不同的条目。"),
        source: "Raft figure 3, 5.4.3",
        promise: |_| Promise::always(KEPT),
        check: state_machine_safety,
        evidence: |seen| {
            let n = Says::same(seen.history.committed.len());
            text("indices applied, alike everywhere: {n}", "{n} 个索引上应用的内容都一致").fill(&[("n", n)])
        },
    },
    Invariant {
        id: "answers-survive",
        title: text("Answers survive", "响应不会丢失"),
        says: text(
            "A command that was answered ok stays on a majority of disks.",
            "已响应成功的命令始终保存在多数派的磁盘上。",
        ),
        source: "Raft section 8, 5.4",
        promise: |_| Promise::always(KEPT),
        check: answers_survive,
        evidence: |seen| {
            let n = Says::same(seen.history.answered);
            match seen.history.answered {
                0 => Says::new("no command answered yet", "还没有命令得到响应"),
                _ => text("entry {n}, the last answered, is on a majority", "最后响应的第 {n} 条保存在多数派上")
                    .fill(&[("n", n)]),
            }
        },
    },
    Invariant {
        id: "applied-once",
        title: text("Applied once", "只应用一次"),
        says: text(
            "However often a client retries a command, it is done once.",
            "无论客户端重试多少次，命令只应用一次。",
        ),
        source: "Raft section 8",
        promise: |_| Promise::always(KEPT),
        check: applied_once,
        evidence: |seen| {
            let n = Says::same(seen.history.clients.iter().filter(|seat| seat.done > 0).count());
            text("clients whose commands were each done once: {n}", "{n} 个客户端的命令各只应用一次").fill(&[("n", n)])
        },
    },
    Invariant {
        id: "reads-never-go-back",
        title: text("Reads never go back", "读取不倒退"),
        says: text(
            "With read index, and by lease while clocks keep their bound, a read sees all that was answered before it \
             was asked.",
            "使用 read index，或凭租约且时钟偏差不超出上限时，读请求能看到提问之前已响应的一切。",
        ),
        source: "dissertation 6.4, 6.4.1",
        promise: promises_reads,
        check: reads_never_go_back,
        evidence: reads_so_far,
    },
    Invariant {
        id: "leases-end-in-time",
        title: text("Leases end in time", "租约及时到期"),
        says: text(
            "A leader's lease is over by its clock before another server can be elected.",
            "在别的服务器可能当选之前，按领导者自己的时钟，租约已经到期。",
        ),
        source: "dissertation 6.4.1",
        promise: promises_leases,
        check: leases_end_in_time,
        evidence: leases_so_far,
    },
];

fn leaders(seen: &Evidence<Raft>) -> Vec<String> {
    seen.cluster.nodes().iter().filter(|node| node.volatile.role.is_leader()).map(|node| node.id.to_string()).collect()
}

fn election_safety(seen: &Seen<Raft>) -> Option<Breach> {
    let Observed::Handled { after, .. } = seen.observed else {
        return None;
    };
    if !after.volatile.role.is_leader() {
        return None;
    }
    let first = seen.history.leader(after.durable.term)?;
    if first == after.id {
        return None;
    }
    let (a, b, term) = (Says::same(first), Says::same(after.id), Says::same(after.durable.term));
    let says = text("{a} and {b} both lead term {t}", "{a} 和 {b} 都是任期 {t} 的领导者").fill(&[
        ("a", a),
        ("b", b),
        ("t", term),
    ]);
    breach([first, after.id], says)
}

fn leader_append_only(seen: &Seen<Raft>) -> Option<Breach> {
    let Observed::Handled { before, after, .. } = seen.observed else {
        return None;
    };
    let kept = seen.history.kept?;
    let leads_on = before.leads && after.volatile.role.is_leader();
    if !leads_on || before.term != after.durable.term || kept == before.log.last_index() {
        return None;
    }
    let (node, at) = (Says::same(after.id), Says::same(kept + 1));
    breach(
        [after.id],
        text("{node} changed its entry {n} while it led", "{node} 在领导期间改动了第 {n} 条")
            .fill(&[("node", node), ("n", at)]),
    )
}

fn log_matching(seen: &Seen<Raft>) -> Option<Breach> {
    let Observed::Handled { after, .. } = seen.observed else {
        return None;
    };
    let log = &after.durable.log;
    for index in seen.history.kept? + 1..=log.last_index() {
        let here = known(log, index);
        if seen.history.known(index, here.term).is_some_and(|there| there != here) {
            let (node, index, term) = (Says::same(after.id), Says::same(index), Says::same(here.term));
            let says = text(
                "{node} has another entry {n} of term {t}, or another before it",
                "{node} 在索引 {n}、任期 {t} 处或其前与别处不同",
            );
            return breach([after.id], says.fill(&[("node", node), ("n", index), ("t", term)]));
        }
    }
    None
}

/// When a leader is elected, and when an entry is committed after a leader of a later term was.
fn leader_completeness(seen: &Seen<Raft>) -> Option<Breach> {
    let Observed::Handled { before, after, .. } = seen.observed else {
        return None;
    };
    let committed = &seen.history.committed;
    let lacks = |node: NodeId, log: &Log, term: Term, index: usize| {
        let entry = committed.get(index)?;
        if entry.in_term >= term || holds(log, index as Index + 1, entry) {
            return None;
        }
        let (node_name, index, term) = (Says::same(node), Says::same(index + 1), Says::same(term));
        let says = text(
            "{node} leads term {t} without entry {n}, which is committed",
            "{node} 是任期 {t} 的领导者，却没有已提交的第 {n} 条",
        );
        breach([node], says.fill(&[("node", node_name), ("t", term), ("n", index)]))
    };
    if newly_leads(before, after) {
        let term = after.durable.term;
        // By log matching the last entry committed before its term stands for all before it.
        let earlier = (0..committed.len()).rev().find(|at| committed.get(*at).is_some_and(|c| c.in_term < term));
        if let Some(found) = earlier.and_then(|at| lacks(after.id, &after.durable.log, term, at)) {
            return Some(found);
        }
    }
    let (old, new) = (before.last_applied as usize, after.volatile.last_applied as usize);
    if new <= old {
        return None;
    }
    let mut later = seen.history.leaders_after(after.durable.term);
    later.find_map(|(term, node, log)| (old..new).find_map(|at| lacks(*node, log, *term, at)))
}

fn state_machine_safety(seen: &Seen<Raft>) -> Option<Breach> {
    let Observed::Handled { before, after, .. } = seen.observed else {
        return None;
    };
    for index in before.last_applied + 1..=after.volatile.last_applied {
        let committed = seen.history.committed.get(index as usize - 1)?;
        if !holds(&after.durable.log, index, committed) {
            let (node, index) = (Says::same(after.id), Says::same(index));
            let says = text("{node} applied another entry at index {n}", "{node} 在索引 {n} 应用了不同的条目");
            return breach([after.id], says.fill(&[("node", node), ("n", index)]));
        }
    }
    None
}

/// Asked when an answer goes out, and whenever a log loses what it had: by a message, or by a hand.
fn answers_survive(seen: &Seen<Raft>) -> Option<Breach> {
    let (before, after, answers) = match seen.observed {
        Observed::Handled { before, after, answers, .. } => (before, after, !answers.is_empty()),
        Observed::Fell { before, after } => (before, after, false),
        _ => return None,
    };
    let only_grew = seen.history.kept.is_none_or(|kept| kept == before.log.last_index());
    let index = seen.history.answered;
    if index == 0 || (only_grew && !answers) {
        return None;
    }
    let committed = seen.history.committed.get(index as usize - 1)?;
    let holders: Vec<NodeId> = seen
        .cluster
        .nodes()
        .iter()
        .filter(|node| holds(&node.durable.log, index, committed))
        .map(|node| node.id)
        .collect();
    if holders.len() as u32 > seen.cluster.len() / 2 {
        return None;
    }
    let names = Says::list(&holders.iter().map(ToString::to_string).collect::<Vec<_>>());
    let says = match holders.len() {
        0 => text("entry {n} was answered ok, and nobody holds it any more", "第 {n} 条已响应成功，却已无人持有"),
        1 => text(
            "entry {n} was answered ok, and only {nodes} still holds it",
            "第 {n} 条已响应成功，却只有 {nodes} 还持有",
        ),
        _ => text(
            "entry {n} was answered ok, and only {nodes} still hold it",
            "第 {n} 条已响应成功，却只有 {nodes} 还持有",
        ),
    };
    breach([after.id], says.fill(&[("n", Says::same(index)), ("nodes", names)]))
}

fn applied_once(seen: &Seen<Raft>) -> Option<Breach> {
    let Observed::Handled { before, after, .. } = seen.observed else {
        return None;
    };
    let mut looked_at = Vec::new();
    for index in (before.last_applied + 1..=after.volatile.last_applied).rev() {
        let committed = seen.history.committed.get(index as usize - 1)?;
        let Some(command) = after.durable.log.get(index).and_then(|entry| entry.command) else {
            continue;
        };
        let key = command.operation.key();
        // Another entry here is a matter for state machine safety.
        let same = holds(&after.durable.log, index, committed);
        if looked_at.contains(&key) {
            continue;
        }
        looked_at.push(key);
        if same && after.volatile.replica.store.get(key) != committed.after {
            let value = |value: Option<i64>| Says::same(value.map_or("none".to_string(), |v| v.to_string()));
            let (node, is, be) =
                (Says::same(after.id), value(after.volatile.replica.store.get(key)), value(committed.after));
            let says = text(
                "{node} has {key} = {is}, and each command done once gives {be}",
                "{node} 的 {key} = {is}，每条命令只应用一次应为 {be}",
            );
            return breach([after.id], says.fill(&[("node", node), ("key", Says::same(key)), ("is", is), ("be", be)]));
        }
    }
    None
}

/// What makes reads right, by how they are done.
fn promises_reads(config: &Config) -> Promise {
    match config.read_mode {
        ReadMode::ReadIndex => Promise::by(
            text("a leader hears from a majority before it answers a read", "领导者听到多数的响应之后才响应读取"),
            KEPT,
        ),
        ReadMode::Lease => Promise::by(
            text("a leader answers reads only while its lease lasts", "领导者只在租约有效期内响应读取"),
            &[Assumption::DisksKept, Assumption::ClocksWithin],
        ),
        ReadMode::Follower => Promise::not(text(
            "servers answer reads from what they happen to have",
            "服务器用自己恰好拥有的数据响应读取",
        )),
    }
}

/// What clients may rely on. Local reads are told the state of some moment, of each server another; but every server
/// applies one log in its order, so what it holds is never a later write without an earlier one.
pub fn levels(config: &Config) -> Vec<(&'static str, Promise)> {
    let reads = promises_reads(config);
    if reads.promised {
        return vec![("linearizable", reads)];
    }
    let words = text("every server applies the same log in its order", "每台服务器都按同一份日志的顺序应用");
    let not = ["linearizable", "sequential", "causal", "pram", "read-your-writes", "monotonic-reads"];
    let kept = ["monotonic-writes", "writes-follow-reads"].map(|level| (level, Promise::by(words, KEPT)));
    not.map(|level| (level, reads)).into_iter().chain(kept).collect()
}

fn reads_so_far(seen: &Evidence<Raft>) -> Says {
    let (reads, stale) = (Says::same(seen.history.reads), Says::same(seen.history.stale));
    let off = seen.cluster.faults().clock_off;
    let words = match (seen.config.read_mode, off) {
        (ReadMode::ReadIndex, _) => text("reads, none of them old: {n}", "{n} 次读取，没有旧值"),
        (ReadMode::Lease, None) => text(
            "reads, none of them old: {n}; every clock kept its bound of {b} %",
            "{n} 次读取，没有旧值；时钟偏差都在 {b}% 以内",
        ),
        (ReadMode::Lease, Some(_)) => text(
            "the clock of {node} is beyond the bound of {b} %; old reads: {s} of {n}",
            "{node} 的时钟偏差超出上限 {b}%；{n} 次读取中 {s} 次是旧值",
        ),
        (ReadMode::Follower, _) => text("old reads: {s} of {n}", "{n} 次读取中 {s} 次是旧值"),
    };
    let node = Says::same(off.map_or_else(String::new, |node| node.to_string()));
    words.fill(&[("n", reads), ("s", stale), ("b", Says::same(seen.config.clock_bound)), ("node", node)])
}

fn reads_never_go_back(seen: &Seen<Raft>) -> Option<Breach> {
    let Observed::Answered { .. } = seen.observed else {
        return None;
    };
    let (client, floor, index) = seen.history.went_back?;
    let says = text(
        "{client} read at index {n}, though index {f} had been answered before it asked",
        "{client} 读到索引 {n}，但提问之前已响应到索引 {f}",
    );
    let (client, n, f) = (Says::same(client), Says::same(index), Says::same(floor));
    breach([], says.fill(&[("client", client), ("n", n), ("f", f)]))
}

fn promises_leases(config: &Config) -> Promise {
    match config.read_mode {
        ReadMode::Lease => Promise::by(
            text("leases are as much shorter as clocks may be off", "租约已按时钟偏差上限缩短"),
            &[Assumption::ClocksWithin],
        ),
        _ => Promise::by(text("no lease is held: reads do without", "没有租约：读取不用租约"), &[]),
    }
}

/// Dissertation 6.4.1: the true time at which the first of those that the lease's round reached may stand,
/// if its clock is as fast as the bound lets it be. Rounded up by what two clocks may round.
pub(super) fn lease_ends(config: &Config, held: &Held) -> Option<Micros> {
    held.began.map(|began| began + config.election_timeout.0 * 100 / (100 + u64::from(config.clock_bound)) + 2)
}

/// Asked when others may stand again.
fn leases_end_in_time(seen: &Seen<Raft>) -> Option<Breach> {
    let Observed::Passed { time } = seen.observed else {
        return None;
    };
    let trusts = |held: &&Held| {
        let leadership = seen.cluster.nodes()[held.holder.at()].volatile.role.leadership();
        let lease = leadership.and_then(|leadership| leadership.lease);
        lease.is_some_and(|lease| seen.cluster.clock(held.holder) < lease.until)
    };
    let mut ended = seen.history.leases.iter().filter(|held| lease_ends(seen.config, held) == Some(*time));
    let holder = ended.find(trusts)?.holder;
    let says = text(
        "{node} still trusts its lease, though another server may be elected now",
        "{node} 仍相信自己的租约有效，但别的服务器此刻已可能当选",
    );
    breach([holder], says.fill(&[("node", Says::same(holder))]))
}

fn leases_so_far(seen: &Evidence<Raft>) -> Says {
    let holders: Vec<String> = seen.history.leases.iter().map(|held| held.holder.to_string()).collect();
    match holders.is_empty() {
        true => Says::new("no lease yet", "还没有租约"),
        false => text("held a lease so far: {nodes}", "持有过租约的：{nodes}").fill(&[("nodes", Says::list(&holders))]),
    }
}
