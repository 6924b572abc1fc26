//! The options, with their ranges and sentences.

use synod_engine::options::{Choice, Kind, Opt, Setting, Settings};
use synod_engine::text::text;
use synod_engine::units::MS;

use super::state::{Config, Recovery};

const RECOVERIES: &[Choice] = &[
    Choice {
        id: "timeouts",
        says: text(
            "It aborts while it waits for PreCommit, and commits while it waits for DoCommit.",
            "等待 PreCommit 时中止，等待 DoCommit 时提交。",
        ),
    },
    Choice {
        id: "termination",
        says: text(
            "Those who are left elect a coordinator, who asks how everyone stands (Skeen 1981).",
            "其余参与者选出新的协调者，由它询问各方状态（Skeen 1981）。",
        ),
    },
    Choice {
        id: "quorum",
        says: text(
            "The same, and it needs a majority to commit or to abort (Skeen 1982).",
            "同上，但提交或中止都需要多数（Skeen 1982）。",
        ),
    },
    Choice {
        id: "e3pc",
        says: text(
            "The same, and attempts are numbered, so that a later one may go the other way (Keidar and Dolev 1998).",
            "同上，并给每次尝试编号，后来的尝试可以改变方向（Keidar 与 Dolev 1998）。",
        ),
    },
];

pub const OPTIONS: &[Opt] = &[
    Opt {
        id: "timeout",
        label: text("Timeout", "超时"),
        says: text(
            "How long a coordinator waits for answers. A participant waits twice as long for its coordinator.",
            "协调者等待响应的时间。参与者等待协调者的时间是它的两倍。",
        ),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(120 * MS),
    },
    Opt {
        id: "recovery",
        label: text("When the coordinator is silent", "协调者没有响应时"),
        says: text(
            "What a participant does that has waited for its coordinator in vain.",
            "参与者等不到协调者的消息时怎么做。",
        ),
        kind: Kind::Choice(RECOVERIES),
        usual: Setting::Choice(0),
    },
    Opt {
        id: "precommitForced",
        label: text("PreCommit on disk", "PreCommit 落盘"),
        says: text(
            "PreCommit is on the disk before it is acknowledged. Without it, a crash forgets it.",
            "PreCommit 先落盘再确认。否则宕机就会忘记它。",
        ),
        kind: Kind::Flag,
        usual: Setting::Flag(true),
    },
];

pub fn configure(settings: &Settings) -> Config {
    let recovery = match settings.choice("recovery") {
        0 => Recovery::Timeouts,
        1 => Recovery::Termination,
        2 => Recovery::Quorum,
        _ => Recovery::E3pc,
    };
    Config { timeout: settings.time("timeout"), recovery, forced: settings.flag("precommitForced") }
}
