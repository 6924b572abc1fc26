//! What holds: one holder at a time, in true time; and what carries it.

use synod_engine::prelude::*;
use synod_engine::units::{micros_to_ms, print_decimal};

use super::Lease;
use super::history::Slip;
use super::state::*;

const GRAY: &str = "Gray and Cheriton 1989, section 2";
const BURROWS: &str = "Burrows 2006, section 2.4";

/// Terms rest on clocks; and on issuers' disks, where they are to remember what was granted, or what they promised one
/// another.
fn promises_terms(config: &Config) -> Promise {
    const CLOCKS: &[Assumption] = &[Assumption::ClocksWithin];
    const AND_DISKS: &[Assumption] = &[Assumption::ClocksWithin, Assumption::DisksKept];
    let because = match config.allows {
        Allows::Issuer => {
            text("the issuer honours a term for longer than its holder counts", "颁发者承认的时间比持有者计的更长")
        }
        _ => text("a holder gives up before the issuer does", "持有者比颁发者先放弃"),
    };
    match (config.after_restart, config.allows) {
        (AfterRestart::Forget, _) => {
            Promise::not(text("a restarted issuer forgets what it granted", "颁发者重启后忘记颁发过什么"))
        }
        (_, Allows::Nobody) => Promise::not(text("nobody leaves room for the clocks", "没有人为时钟误差留余量")),
        (AfterRestart::Wait, _) if config.issuers == 1 => Promise::by(because, CLOCKS),
        _ => Promise::by(because, AND_DISKS),
    }
}

fn promises_order(config: &Config) -> Promise {
    match config.fencing {
        true => Promise::by(text("the storage checks tokens", "存储检查令牌"), &[Assumption::DisksKept]),
        false => Promise::not(text("the storage takes whatever comes", "存储来者不拒")),
    }
}

fn promises_in_term(config: &Config) -> Promise {
    if config.at_storage && config.ends == Ends::Reading && config.allows != Allows::Nobody {
        let because = text("the storage looks at its clock", "存储会看自己的时钟");
        return Promise::by(because, &[Assumption::ClocksWithin]);
    }
    Promise::not(text("who checks before it sends does not know when it arrives", "发送前检查，并不知道何时到达"))
}

fn slipped(seen: &Seen<Lease>, kind: impl Fn(&Slip) -> bool) -> Option<Breach> {
    let slip = *seen.history.slips.iter().find(|slip| kind(slip))?;
    let (words, nodes, with): (Text, Vec<NodeId>, Vec<(&str, Says)>) = match slip {
        Slip::Two(one, other) => (
            text("{a} and {b} both believe that they hold the lease", "{a} 和 {b} 都相信自己持有租约"),
            vec![one, other],
            vec![("a", Says::same(one)), ("b", Says::same(other))],
        ),
        Slip::Outlived(node, token) => (
            text(
                "the issuer has let lease {n} go, and {a} still believes in it",
                "颁发者已不承认租约 {n}，{a} 却仍相信它",
            ),
            vec![node],
            vec![("a", Says::same(node)), ("n", Says::same(token))],
        ),
        Slip::Reused(node, token) => (
            text("{a} grants token {n}, which was granted before", "{a} 颁发了用过的令牌 {n}"),
            vec![node],
            vec![("a", Says::same(node)), ("n", Says::same(token))],
        ),
        Slip::Fell(node, token, highest) => (
            text("{a} took token {n} after {m}", "{a} 在令牌 {m} 之后接受了 {n}"),
            vec![node],
            vec![("a", Says::same(node)), ("n", Says::same(token)), ("m", Says::same(highest))],
        ),
        Slip::Refused(node, since) => (
            text("{a} refuses, and the last term was given {n} ms ago", "{a} 仍在拒绝，而上次颁发已过去 {n} ms"),
            vec![node],
            vec![("a", Says::same(node)), ("n", Says::same(print_decimal(micros_to_ms(since as i64))))],
        ),
        Slip::SentLate(node, token) => (
            text("{a} writes with token {n}, and does not hold it", "{a} 带着令牌 {n} 写入，却不持有它"),
            vec![node],
            vec![("a", Says::same(node)), ("n", Says::same(token))],
        ),
        Slip::TakenLate(node, token) => (
            text("{a} took token {n} when its term had run out", "租期已过，{a} 仍接受了令牌 {n}"),
            vec![node],
            vec![("a", Says::same(node)), ("n", Says::same(token))],
        ),
        Slip::Alone(node, token, count) => (
            text("{a} grants {n}, and {m} of the issuers have it stored", "{a} 颁发了 {n}，只有 {m} 个颁发者存储了它"),
            vec![node],
            vec![
                ("a", Says::same(node)),
                ("n", super::NAMED.fill(&[("n", Says::same(token))])),
                ("m", Says::same(count)),
            ],
        ),
        Slip::Voices(one, other) => (
            text("{b} grants while a grant of {a} is in force", "{a} 颁发的租约仍然有效，{b} 又颁发"),
            vec![one, other],
            vec![("a", Says::same(one)), ("b", Says::same(other))],
        ),
    };
    Some(Breach { nodes, says: words.fill(&with) })
}

fn counted(words: Text, n: u64) -> Says {
    words.fill(&[("n", Says::same(n))])
}

/// The last lease that its holder stopped to believe in and the issuer let go: how much earlier.
fn spare(seen: &Evidence<Lease>) -> Says {
    let over = seen.history.leases.iter().rev().find_map(|told| {
        let (stopped, let_go) = (told.stopped?, told.let_go?);
        Some((told, let_go.checked_sub(stopped)?))
    });
    match over {
        None => Says::new("no lease is over yet", "还没有租约结束"),
        Some((told, spare)) => {
            let ms = print_decimal(micros_to_ms(spare as i64));
            text("{a} gave {n} up {t} ms before the issuer let it go", "{a} 放弃 {n}，比颁发者早 {t} ms").fill(&[
                ("a", Says::same(told.holder)),
                ("n", super::NAMED.fill(&[("n", Says::same(told.token))])),
                ("t", Says::same(ms)),
            ])
        }
    }
}

pub const INVARIANTS: &[Invariant<Lease>] = &[
    Invariant {
        id: "one-holder",
        title: text("One holder at a time", "同一时刻只有一个持有者"),
        says: text(
            "In true time, no two believe that they hold the lease.",
            "在真实时间里，不会有两个节点同时相信自己持有租约。",
        ),
        source: GRAY,
        promise: promises_terms,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Two(..))),
        evidence: |seen| {
            counted(
                text("{n} {n:lease|leases} granted, none at the same time", "颁发 {n} 份租约，没有重叠"),
                seen.history.granted,
            )
        },
    },
    Invariant {
        id: "holder-ends-first",
        title: text("A grant outlives its holder's belief", "颁发者晚于持有者放弃"),
        says: text(
            "The issuer honours a term until its holder has given it up.",
            "在持有者放弃之前，颁发者一直承认租约。",
        ),
        source: GRAY,
        promise: promises_terms,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Outlived(..))),
        evidence: spare,
    },
    Invariant {
        id: "one-voice",
        title: text("Issuers speak with one voice", "颁发者只有一个声音"),
        says: text(
            "A grant is sent when a majority of the issuers has stored it, and not while one of another issuer is in force.",
            "多数颁发者存储之后才发出授权；别的颁发者的授权仍然有效时，不会再颁发。",
        ),
        source: "Lamport 2001, section 2.2",
        promise: promises_terms,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Alone(..) | Slip::Voices(..))),
        evidence: |seen| match seen.config.issuers {
            1 => Says::new("there is only one", "只有一个颁发者"),
            _ => counted(
                text("{n} {n:lease|leases} granted, each stored by a majority", "颁发 {n} 份租约，都由多数派存储"),
                seen.history.granted,
            ),
        },
    },
    Invariant {
        id: "granted-again",
        title: text("It is granted again", "终会重新颁发"),
        says: text(
            "Whoever asks when every term has run out is not refused: a holder that is down blocks for a term and no longer.",
            "所有租期都过去之后，申请不会被拒绝：持有者宕机最多阻塞一个租期。",
        ),
        source: GRAY,
        promise: |_| Promise::always(&[Assumption::ClocksWithin]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Refused(..))),
        evidence: |seen| {
            counted(
                text("{n} refused, each while a term might last", "拒绝 {n} 次，都在租期之内"),
                seen.history.refused,
            )
        },
    },
    Invariant {
        id: "tokens-unique",
        title: text("Every lease has its own token", "每份租约都有自己的令牌"),
        says: text("A token is higher than all that were granted before.", "令牌比之前颁发的都大。"),
        source: BURROWS,
        promise: |_| Promise::always(&[Assumption::DisksKept]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Reused(..))),
        evidence: |seen| counted(text("the highest is {n}", "最大的是 {n}"), u64::from(seen.history.highest_granted)),
    },
    Invariant {
        id: "tokens-rise",
        title: text("Tokens only rise", "令牌只增不减"),
        says: text("The storage never takes a token after a higher one.", "存储不会在更大的令牌之后接受更小的。"),
        source: "Kleppmann 2016",
        promise: promises_order,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::Fell(..))),
        evidence: |seen| {
            counted(text("{n} {n:write|writes} taken, in order", "接受 {n} 次写入，顺序不乱"), seen.history.admitted)
        },
    },
    Invariant {
        id: "sent-in-term",
        title: text("Only a holder writes", "持有者才写入"),
        says: text(
            "A write is sent only while its sender believes that it holds its token.",
            "只有相信自己持有令牌时才发出写入。",
        ),
        source: "Kleppmann 2016",
        promise: |_| Promise::always(&[]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::SentLate(..))),
        evidence: |seen| {
            counted(
                text("{n} {n:write|writes} sent, each with a lease", "发出 {n} 次写入，均持有租约"),
                seen.history.sent,
            )
        },
    },
    Invariant {
        id: "taken-in-term",
        title: text("Nothing is taken after its term", "过期的不接受"),
        says: text(
            "The storage takes a write only while the issuer may honour its term.",
            "只在颁发者可能承认其租期时，存储才接受写入。",
        ),
        source: BURROWS,
        promise: promises_in_term,
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::TakenLate(..))),
        evidence: |seen| {
            counted(
                text("{n} {n:write|writes} taken, each in its term", "接受 {n} 次写入，均在租期内"),
                seen.history.admitted,
            )
        },
    },
];
