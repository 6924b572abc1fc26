//! The options, with their ranges and sentences.

use synod_engine::options::{Choice, Kind, Opt, Setting, Settings};
use synod_engine::text::text;
use synod_engine::units::MS;

use super::state::{Config, Heuristic, Logging, Termination};

const TERMINATIONS: &[Choice] = &[
    Choice { id: "none", says: text("It waits until it is told.", "一直等到被告知。") },
    Choice { id: "coordinator", says: text("It asks the coordinator.", "询问协调者。") },
    Choice {
        id: "cooperative", says: text("It asks everyone who takes part.", "询问协调者和所有参与者。")
    },
];
const LOGGINGS: &[Choice] = &[
    Choice {
        id: "presumed-nothing",
        says: text("Every decision is forced and acknowledged.", "每个决定都强制写盘并确认。"),
    },
    Choice {
        id: "presumed-abort",
        says: text(
            "No information means abort: an abort is not forced and not acknowledged.",
            "没有记录即中止：中止不强制写盘，也不确认。",
        ),
    },
    Choice {
        id: "presumed-commit",
        says: text(
            "No information means commit: whom it asks is forced first, a commit is not acknowledged.",
            "没有记录即提交：先强制写下参与者名单，提交不必确认。",
        ),
    },
];
const HEURISTICS: &[Choice] = &[
    Choice { id: "none", says: text("It never decides alone.", "绝不独自决定。") },
    Choice { id: "abort", says: text("It aborts after three timeouts.", "三个超时之后中止。") },
    Choice { id: "commit", says: text("It commits after three timeouts.", "三个超时之后提交。") },
];

pub const OPTIONS: &[Opt] = &[
    Opt {
        id: "timeout",
        label: text("Timeout", "超时"),
        says: text(
            "How long a vote, a lock, a decision or an acknowledgement is waited for.",
            "等待表决、锁、决定或确认的时间。",
        ),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(120 * MS),
    },
    Opt {
        id: "termination",
        label: text("After a timeout, ask", "超时后询问"),
        says: text("Whom a participant asks that is uncertain.", "未决的参与者询问谁。"),
        kind: Kind::Choice(TERMINATIONS),
        usual: Setting::Choice(1),
    },
    Opt {
        id: "logging",
        label: text("What no record means", "没有记录意味着"),
        says: text(
            "What is forced to disk and acknowledged, and what the coordinator says of what it knows nothing of.",
            "哪些记录强制写盘并确认，以及协调者对一无所知的事务怎么说。",
        ),
        kind: Kind::Choice(LOGGINGS),
        usual: Setting::Choice(0),
    },
    Opt {
        id: "readOnly",
        label: text("Read votes", "只读票"),
        says: text(
            "A participant that only reads votes so, writes nothing, and has no part in the second phase.",
            "只读的参与者投只读票，不写日志，也不参加第二阶段。",
        ),
        kind: Kind::Flag,
        usual: Setting::Flag(false),
    },
    Opt {
        id: "heuristic",
        label: text("Heuristic decision", "启发式决定"),
        says: text(
            "What a participant does that is uncertain for long. No protocol allows it.",
            "长时间未决的参与者怎么做。任何协议都不允许。",
        ),
        kind: Kind::Choice(HEURISTICS),
        usual: Setting::Choice(0),
    },
];

pub fn configure(settings: &Settings) -> Config {
    let termination = match settings.choice("termination") {
        0 => Termination::None,
        1 => Termination::Coordinator,
        _ => Termination::Cooperative,
    };
    let heuristic = match settings.choice("heuristic") {
        0 => Heuristic::None,
        1 => Heuristic::Abort,
        _ => Heuristic::Commit,
    };
    let logging = match settings.choice("logging") {
        0 => Logging::PresumedNothing,
        1 => Logging::PresumedAbort,
        _ => Logging::PresumedCommit,
    };
    let (timeout, read_only) = (settings.time("timeout"), settings.flag("readOnly"));
    Config { timeout, termination, logging, read_only, heuristic }
}
