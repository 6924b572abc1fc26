//! The options, with their ranges and sentences.

use synod_engine::prelude::*;

use super::state::*;
use super::{FALLBACKS, MOST, REPLICAS};

const fn choice(id: &'static str, says: Text) -> Choice {
    Choice { id, says }
}

const CONTACTS: &[Choice] = &[
    choice("all", text("A read asks all N and takes the first R.", "读取询问全部 N 个，取最先的 R 个。")),
    choice("quorum", text("A read asks R, and the others if they do not answer.", "读取只问 R 个，没有响应再问其他。")),
];
const COORDINATORS: &[Choice] = &[
    choice("client", text("Clients send to replicas themselves.", "客户端自己发给各副本。")),
    choice("node", text("A replica does it for them.", "由一个副本代为收发。")),
];
const CONFLICTS: &[Choice] = &[
    choice(
        "last-writer",
        text("The highest time wins, by the clock of who sent it.", "时间最大者胜，按发出者的时钟。"),
    ),
    choice(
        "siblings",
        text(
            "Vector clocks: versions that know nothing of each other are both kept.",
            "向量时钟：互不知晓的版本都保留。",
        ),
    ),
];
const REPAIRS: &[Choice] = &[
    choice("none", text("What a replica missed it does not get.", "副本错过的就错过了。")),
    choice("async", text("A read is answered, and then repairs.", "先响应读取，再写回。")),
    choice("wait", text("A read is answered when W have what it found.", "读到的版本写回 W 个副本后才响应。")),
];
const FAILURES: &[Choice] = &[
    choice("left", text("What was stored of it stays.", "已保存的部分留下。")),
    choice("rolled-back", text("It is taken back where that can be told.", "能通知到的副本都撤销它。")),
];
const ROUTES: &[Choice] = &[
    choice("any", text("Reads go to any replicas.", "读取任意副本。")),
    choice("primary", text("A is in every write and every read.", "每次写入和读取都包括 A。")),
    choice("window", text("A is in every read for a while after a write.", "写入后的一段时间内，读取都包括 A。")),
    choice(
        "stamp",
        text(
            "Replicas that hold nothing as new as the client's last write do not answer.",
            "没有像客户端上次写入那么新的值的副本不响应。",
        ),
    ),
    choice("hash", text("A client reads from one replica, by its number.", "按客户端编号固定读一个副本。")),
];

const fn one_of(id: &'static str, label: Text, says: Text, of: &'static [Choice]) -> Opt {
    Opt { id, label, says, kind: Kind::Choice(of), usual: Setting::Choice(0) }
}
const fn flag(id: &'static str, label: Text, says: Text) -> Opt {
    Opt { id, label, says, kind: Kind::Flag, usual: Setting::Flag(false) }
}
const fn time(id: &'static str, label: Text, says: Text, min: Micros, usual: Micros) -> Opt {
    Opt { id, label, says, kind: Kind::Time { min, max: 600_000 * MS }, usual: Setting::Time(usual) }
}
const fn count(id: &'static str, label: Text, says: Text) -> Opt {
    Opt { id, label, says, kind: Kind::Count { min: 1, max: MOST }, usual: Setting::Count(2) }
}

pub const OPTIONS: &[Opt] = &[
    count(
        "w",
        text("Write waits for, W", "写入等待数 W"),
        text(
            "A write is answered when so many replicas have stored it; if nothing is said, a majority.",
            "这么多副本保存后，写入才得到响应；不写明则为多数。",
        ),
    ),
    count(
        "r",
        text("Read waits for, R", "读取等待数 R"),
        text(
            "A read is answered when it has heard from so many replicas; if nothing is said, a majority.",
            "收到这么多副本的响应后，读取才完成；不写明则为多数。",
        ),
    ),
    one_of("contacts", text("A read asks", "读取询问"), text("Whom a read asks.", "读取询问哪些副本。"), CONTACTS),
    one_of(
        "repair",
        text("Read repair", "读修复"),
        text("What becomes of replicas that a read found behind.", "读取发现落后的副本时怎么做。"),
        REPAIRS,
    ),
    flag(
        "sloppy",
        text("Sloppy quorum", "松散法定人数"),
        text(
            "A fallback counts for a replica that does not answer, and keeps a hint whose it is.",
            "副本没有响应时由后备代存并计数，同时记下归属。",
        ),
    ),
    time(
        "handoff",
        text("Handoff every, 0 never", "移交间隔，0 为不移交"),
        text("How often fallbacks try to hand over what they keep.", "后备多久尝试移交一次。"),
        0,
        200 * MS,
    ),
    one_of(
        "conflict",
        text("Of two versions", "两个版本取"),
        text("Which of two versions is kept.", "两个版本保留哪一个。"),
        CONFLICTS,
    ),
    time(
        "antiEntropy",
        text("Anti-entropy every, 0 never", "反熵间隔，0 为不做"),
        text("How often replicas compare digests of what they hold.", "副本多久比对一次所存值的摘要。"),
        0,
        0,
    ),
    one_of(
        "failedWrites",
        text("A failed write", "失败的写入"),
        text("What becomes of a write that failed.", "失败的写入怎么处理。"),
        FAILURES,
    ),
    time(
        "tombstones",
        text("Tombstones kept for, 0 for ever", "墓碑保留时间，0 为永久"),
        text("How long a replica remembers that a key was deleted.", "副本记住删除的时间。"),
        0,
        0,
    ),
    one_of(
        "coordinator",
        text("Who coordinates", "由谁协调"),
        text("Who sends to the replicas and counts.", "由谁发给各副本并计数。"),
        COORDINATORS,
    ),
    one_of(
        "routing",
        text("Reads go to", "读取路由"),
        text("How a client finds replicas to read from.", "客户端如何选择读取的副本。"),
        ROUTES,
    ),
    time(
        "window",
        text("Window", "时间窗口"),
        text("How long after a write its client reads from A too.", "写入后多久之内，读取都包括 A。"),
        MS,
        1_000 * MS,
    ),
    flag(
        "readYourWrites",
        text("Read your writes", "读己之写"),
        text("A client's read waits until it sees what the client wrote.", "读取等到见到本客户端写过的版本为止。"),
    ),
    flag(
        "monotonicReads",
        text("Monotonic reads", "单调读"),
        text("A client's read waits until it sees what the client has read.", "读取等到见到本客户端读过的版本为止。"),
    ),
    flag(
        "monotonicWrites",
        text("Monotonic writes", "单调写"),
        text(
            "A replica stores a write after those that its client made before.",
            "副本先保存客户端更早的写入，再保存后来的。",
        ),
    ),
    flag(
        "writesFollowReads",
        text("Writes follow reads", "写随读后"),
        text(
            "A replica stores a write after what its client had read.",
            "副本先保存客户端读过的版本，再保存它的写入。",
        ),
    ),
    time(
        "timeout",
        text("Asks others after", "多久后另询他人"),
        text(
            "After so long without enough answers others are asked, or the same again.",
            "这么久没有收到足够的响应，就另询他人或再次询问。",
        ),
        MS,
        100 * MS,
    ),
];

pub fn configure(settings: &Settings) -> Config {
    Config {
        n: 0,
        fallbacks: 0,
        w: settings.count("w"),
        r: settings.count("r"),
        asks_all: settings.choice("contacts") == 0,
        nodes_coordinate: settings.choice("coordinator") == 1,
        conflict: if settings.choice("conflict") == 0 { Conflict::LastWriter } else { Conflict::Siblings },
        repair: match settings.choice("repair") {
            0 => Repair::None,
            1 => Repair::Async,
            _ => Repair::Wait,
        },
        failed_writes: if settings.choice("failedWrites") == 0 { FailedWrites::Left } else { FailedWrites::RolledBack },
        tombstones: settings.time("tombstones"),
        sloppy: settings.flag("sloppy"),
        handoff: settings.time("handoff"),
        anti_entropy: settings.time("antiEntropy"),
        timeout: settings.time("timeout"),
        routing: match settings.choice("routing") {
            0 => Routing::Any,
            1 => Routing::Primary,
            2 => Routing::Window,
            3 => Routing::Stamp,
            _ => Routing::Hash,
        },
        window: settings.time("window"),
        read_your_writes: settings.flag("readYourWrites"),
        monotonic_reads: settings.flag("monotonicReads"),
        monotonic_writes: settings.flag("monotonicWrites"),
        writes_follow_reads: settings.flag("writesFollowReads"),
    }
}

pub fn configure_for(config: Config, roster: &Roster) -> Config {
    Config { n: roster.count(REPLICAS), fallbacks: roster.count(FALLBACKS), ..config }
}
