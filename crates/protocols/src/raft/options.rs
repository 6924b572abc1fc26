//! Raft's options, with their ranges and sentences.

use synod_engine::options::{Choice, Kind, Opt, Setting, Settings};
use synod_engine::text::text;
use synod_engine::units::MS;

use super::state::{Config, ReadMode};

const READ_MODES: &[Choice] = &[
    Choice {
        id: "read-index",
        says: text("The leader asks a majority whether it still leads.", "领导者先向多数派确认自己仍是领导者。"),
    },
    Choice {
        id: "lease",
        says: text(
            "The leader trusts its clock for as long as no other can be elected: clocks must keep their bound, and \
             without checkQuorum a leader that reaches too few can keep the others from electing.",
            "领导者凭时钟，在别人不可能当选的期间内直接响应：时钟偏差不得超出上限；若不启用 checkQuorum，\
             只连得上少数服务器的领导者可能使其余服务器一直无法选举。",
        ),
    },
    Choice {
        id: "follower",
        says: text(
            "Any server answers from what it has, which may be old.",
            "任何服务器都用本地状态响应，可能是旧值。",
        ),
    },
];

pub const OPTIONS: &[Opt] = &[
    Opt {
        id: "electionTimeout",
        label: text("Election timeout", "选举超时"),
        says: text(
            "A server that hears nothing for a time drawn from this range stands for election.",
            "服务器在此范围内随机取一段时间，期间没有收到消息就参选。",
        ),
        kind: Kind::Times { min: MS, max: 60_000 * MS },
        usual: Setting::Times(150 * MS, 300 * MS),
    },
    Opt {
        id: "heartbeat",
        label: text("Heartbeat", "心跳间隔"),
        says: text("A leader writes to everyone at least this often.", "领导者至少每隔这么久向所有人发送一次消息。"),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(50 * MS),
    },
    Opt {
        id: "preVote",
        label: text("Pre-vote", "预投票"),
        says: text(
            "A server asks whether it could win before it raises its term. Without checkQuorum, a leader that \
             reaches too few can keep the others from electing.",
            "服务器在提升任期之前先询问自己能否当选。若不启用 checkQuorum，只连得上少数服务器的领导者可能使\
             其余服务器一直无法选举。",
        ),
        kind: Kind::Flag,
        usual: Setting::Flag(false),
    },
    Opt {
        id: "checkQuorum",
        label: text("Check the quorum", "检查多数派"),
        says: text(
            "A leader that has heard from no majority for the least election timeout steps down.",
            "领导者若在最短的选举超时内没有得到多数派的响应，就退位。",
        ),
        kind: Kind::Flag,
        usual: Setting::Flag(false),
    },
    Opt {
        id: "noop",
        label: text("No-op at the start of a term", "任期开始时写入空日志条目（no-op）"),
        says: text(
            "A new leader appends an empty entry, so that entries of earlier terms can commit.",
            "新领导者先追加一条空日志条目（no-op），使更早任期的日志得以提交。",
        ),
        kind: Kind::Flag,
        usual: Setting::Flag(true),
    },
    Opt {
        id: "entriesPerMessage",
        label: text("Entries per message", "每条消息的条目数"),
        says: text("A message carries at most this many entries.", "一条消息最多携带这么多条日志。"),
        kind: Kind::Count { min: 1, max: 1_000 },
        usual: Setting::Count(16),
    },
    Opt {
        id: "readMode",
        label: text("Reads", "读取方式"),
        says: text("How a server makes sure that what it reads is not old.", "服务器如何保证读到的不是旧值。"),
        kind: Kind::Choice(READ_MODES),
        usual: Setting::Choice(ReadMode::ReadIndex as u32),
    },
    Opt {
        id: "clockBound",
        label: text("Clock bound (%)", "时钟偏差上限（%）"),
        says: text(
            "Leases are shortened so that reads by lease are right while no clock runs faster or slower by more than \
             this, and none is set.",
            "租约按此缩短：只要没有时钟快慢超过此值、也没有时钟被拨动，凭租约的读取就是正确的。",
        ),
        kind: Kind::Count { min: 0, max: 50 },
        usual: Setting::Count(0),
    },
];

pub fn configure(settings: &Settings) -> Config {
    Config {
        election_timeout: settings.times("electionTimeout"),
        heartbeat: settings.time("heartbeat"),
        pre_vote: settings.flag("preVote"),
        check_quorum: settings.flag("checkQuorum"),
        noop: settings.flag("noop"),
        entries_per_message: settings.count("entriesPerMessage"),
        read_mode: match settings.choice("readMode") {
            0 => ReadMode::ReadIndex,
            1 => ReadMode::Lease,
            _ => ReadMode::Follower,
        },
        clock_bound: settings.count("clockBound"),
    }
}
