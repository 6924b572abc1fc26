//! What must hold.

use synod_engine::prelude::*;

use crate::store::Key;

use super::Gossip;
use super::history::Slip;
use super::state::Style;

fn slipped(seen: &Seen<Gossip>, key: fn(Slip) -> Option<Key>, words: synod_engine::text::Text) -> Option<Breach> {
    let key = key(seen.history.slip?)?;
    let (Observed::Handled { after, .. } | Observed::Fell { after, .. }) = seen.observed else {
        return None;
    };
    let says = words.fill(&[("node", Says::same(after.id)), ("key", Says::same(key))]);
    Some(Breach { nodes: vec![after.id], says })
}

pub const INVARIANTS: &[Invariant<Gossip>] = &[
    Invariant {
        id: "versions-never-go-back",
        title: text("Versions never go back", "版本不倒退"),
        says: text("No site replaces a value by an older one.", "没有站点会用旧值替换新值。"),
        source: "Demers et al. 1987, 1.2",
        promise: |_| Promise::always(&[]),
        check: |seen| {
            let went_back = |slip| if let Slip::WentBack(key) = slip { Some(key) } else { None };
            slipped(seen, went_back, text("{node} went back to an older {key}", "{node} 的 {key} 退回了旧版本"))
        },
        evidence: |seen| match &seen.history.newest {
            None => Says::new("nothing written yet", "还没有写入"),
            Some(newest) => {
                text("the newest version is {v}", "最新版本是 {v}").fill(&[("v", Says::same(newest.version))])
            }
        },
    },
    Invariant {
        id: "versions-never-repeat",
        title: text("Versions never repeat", "版本不重复"),
        says: text(
            "No two writes have the same version, even if a site lost its disk between them.",
            "任何两次写入的版本都不同，即使站点在其间丢失了磁盘。",
        ),
        source: "Demers et al. 1987, 1.2: timestamps are unique",
        promise: |_| Promise::always(&[]),
        check: |seen| {
            let repeated = |slip| if let Slip::Repeated(key) = slip { Some(key) } else { None };
            slipped(
                seen,
                repeated,
                text("{node} wrote {key} under a version that was used before", "{node} 写入 {key} 时用了已用过的版本"),
            )
        },
        evidence: |seen| {
            text("writes, each with a version of its own: {n}", "{n} 次写入，版本各不相同")
                .fill(&[("n", Says::same(seen.history.writes()))])
        },
    },
    Invariant {
        id: "nothing-invented",
        title: text("Nothing invented", "不无中生有"),
        says: text("Every value that a site holds was written by a client.", "站点持有的每个值都是客户端写入过的。"),
        source: "Demers et al. 1987, 1.2",
        promise: |_| Promise::always(&[]),
        check: |seen| {
            let invented = |slip| if let Slip::Invented(key) = slip { Some(key) } else { None };
            slipped(
                seen,
                invented,
                text("{node} holds a value of {key} that nobody wrote", "{node} 持有没有人写过的 {key}"),
            )
        },
        evidence: |seen| match &seen.history.newest {
            None => Says::new("nobody knows anything", "谁也不知道任何事"),
            Some(newest) => text("sites that know what was written: {n}", "{n} 个站点知道写入的内容")
                .fill(&[("n", Says::same(newest.infective + newest.removed))]),
        },
    },
    Invariant {
        id: "removed-stay-silent",
        title: text("Removed stay silent", "停止者沉默"),
        says: text("A site that has lost interest does not tell the rumour.", "失去兴趣的站点不再传播谣言。"),
        source: "Demers et al. 1987, 1.4",
        promise: |_| Promise::always(&[]),
        check: |seen| {
            let talked = |slip| if let Slip::Talked(key) = slip { Some(key) } else { None };
            slipped(
                seen,
                talked,
                text("{node} tells {key}, which it had stopped telling", "{node} 已停止传播 {key}，却又说了出来"),
            )
        },
        evidence: |seen| {
            let n = seen.history.newest.as_ref().map_or(0, |newest| newest.removed);
            text("{n} {n:site has|sites have} stopped telling, and {n:says|say} nothing", "{n} 个站点已停止传播")
                .fill(&[("n", Says::same(n))])
        },
    },
    Invariant {
        id: "removed-stay-removed",
        title: text("Removed stay removed", "停止者不再开始"),
        says: text("A site that has lost interest does not find it again.", "失去兴趣的站点不会重新开始传播。"),
        source: "Demers et al. 1987, 1.4",
        promise: |_| Promise::always(&[]),
        check: |seen| {
            // In anti-entropy nobody loses interest: who restarts goes on.
            if seen.config.style == Style::AntiEntropy {
                return None;
            }
            let again = |slip| if let Slip::HotAgain(key) = slip { Some(key) } else { None };
            slipped(seen, again, text("{node} has begun to tell {key} again", "{node} 又开始传播 {key}"))
        },
        evidence: |seen| {
            let n = seen.history.newest.as_ref().map_or(0, |newest| newest.infective);
            text("{n} {n:site is|sites are} telling, each for the first time", "{n} 个站点正在传播，都是第一次")
                .fill(&[("n", Says::same(n))])
        },
    },
];
