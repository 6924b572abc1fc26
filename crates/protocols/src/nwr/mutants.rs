//! Rules that can be broken on purpose: each a guard that is taken away.

use synod_engine::prelude::*;

pub static COUNT_MESSAGES: Mutant = Mutant {
    id: "count-messages",
    rule: text("A replica counts once", "每个副本只计一次"),
    title: text("Counts messages", "按消息计数"),
    says: text("A client counts messages and not who sent them.", "客户端数消息，而不管是谁发的。"),
    breaks: "stored-by-w",
    source: "Dynamo, 4.5",
};
pub static WRITE_EARLY: Mutant = Mutant {
    id: "write-early",
    rule: text("A write waits for W", "写入等 W 个副本"),
    title: text("Waits for W - 1", "只等 W - 1 个"),
    says: text("A write is answered when one fewer have stored it.", "少一个副本保存就响应写入。"),
    breaks: "stored-by-w",
    source: "Dynamo, 4.5",
};
pub static READ_EARLY: Mutant = Mutant {
    id: "read-early",
    rule: text("A read waits for R", "读取等 R 个副本"),
    title: text("Waits for R - 1", "只等 R - 1 个"),
    says: text("A read is answered when one fewer have said what they hold.", "少一个副本告知就响应读取。"),
    breaks: "reads-see-writes",
    source: "Dynamo, 4.5",
};
pub static TAKE_FIRST: Mutant = Mutant {
    id: "take-first",
    rule: text("The newest version counts", "取最新的版本"),
    title: text("Takes the first", "取最先到的"),
    says: text("A read returns what it was told first.", "读取返回最先收到的值。"),
    breaks: "reads-see-writes",
    source: "Dynamo, 4.5",
};
pub static COUNT_LATE: Mutant = Mutant {
    id: "count-late",
    rule: text("Only answers to this command count", "只计本次命令的响应"),
    title: text("Counts late answers", "计入迟到的响应"),
    says: text("An answer to an earlier command counts for this one.", "之前命令的响应也算在这次里。"),
    breaks: "stored-by-w",
    source: "Dynamo, 4.5",
};
pub static OVERWRITE: Mutant = Mutant {
    id: "overwrite-newer",
    rule: text("Only what is newer is stored", "只保存更新的版本"),
    title: text("Stores what is older", "旧版本也覆盖"),
    says: text("A replica stores whatever arrives last.", "副本总是保存最后到达的。"),
    breaks: "never-goes-back",
    source: "Dynamo, 4.4",
};
pub static FORGET: Mutant = Mutant {
    id: "forget",
    rule: text("What is stored is on disk", "保存即写入磁盘"),
    title: text("Forgets", "忘记"),
    says: text("A restart clears what a replica holds.", "重启后副本丢失所存的值。"),
    breaks: "never-goes-back",
    source: "Dynamo, 4.6",
};
pub static OWN_COUNT: Mutant = Mutant {
    id: "own-count",
    rule: text("A version is a time", "版本取自时钟"),
    title: text("Counts its own commands", "用自己的命令数"),
    says: text("A version is how often its client has asked, and not when.", "版本是客户端的命令数，而不是时间。"),
    breaks: "reads-see-writes",
    source: "Lamport 1978",
};

pub static WRITE_BACK_LATER: Mutant = Mutant {
    id: "write-back-later",
    rule: text("A read is answered when W have what it found", "读到的版本写回 W 个副本后才响应"),
    title: text("Answers before the write-back", "写回之前就响应"),
    says: text("A later read may ask those that do not have it yet.", "后来的读取可能问到还没有它的副本。"),
    breaks: "no-inversion",
    source: "Attiya, Bar-Noy, Dolev 1995",
};
pub static DROP_SIBLINGS: Mutant = Mutant {
    id: "drop-siblings",
    rule: text("Concurrent versions are both kept", "并发版本都保留"),
    title: text("Keeps the last that came", "只留最后到达的"),
    says: text("A version that knows nothing of another takes its place.", "互不知晓的版本被后到的取代。"),
    breaks: "reads-see-writes",
    source: "Dynamo, 4.4",
};
pub static DELETE_AT_ONCE: Mutant = Mutant {
    id: "delete-at-once",
    rule: text("A deletion is a version too", "删除也是一个版本"),
    title: text("Deletes without a tombstone", "删除不留墓碑"),
    says: text(
        "Nobody knows of the deletion, and a replica that missed it brings the value back.",
        "无人记得这次删除，错过它的副本会把旧值带回来。",
    ),
    breaks: "reads-see-writes",
    source: "Dynamo, 4.4",
};
pub static HINT_TWICE: Mutant = Mutant {
    id: "hint-twice",
    rule: text("A hint counts for its replica", "代存只算被代的副本"),
    title: text("Counts a hint beside its replica", "代存与本副本重复计数"),
    says: text("A replica and the fallback that stood in for it count twice.", "副本和替它代存的后备各计一次。"),
    breaks: "stored-by-w",
    source: "Dynamo, 4.6",
};
pub static FORGET_WRITES: Mutant = Mutant {
    id: "forget-writes",
    rule: text("A session remembers its writes", "会话记得自己的写入"),
    title: text("Forgets what it wrote", "忘记写过什么"),
    says: text("A read does not wait for what its own client has written.", "读取不等待本客户端写过的版本。"),
    breaks: "read-your-writes",
    source: "Terry et al. 1994, 4",
};
pub static FORGET_READS: Mutant = Mutant {
    id: "forget-reads",
    rule: text("A session remembers its reads", "会话记得自己的读取"),
    title: text("Forgets what it read", "忘记读过什么"),
    says: text("A read does not wait for what its client has seen before.", "读取不等待本客户端见过的版本。"),
    breaks: "monotonic-reads",
    source: "Terry et al. 1994, 4",
};
pub static OUT_OF_ORDER: Mutant = Mutant {
    id: "out-of-order",
    rule: text("What a write follows is stored before it", "前置写入先保存"),
    title: text("Stores in any order", "不论先后都保存"),
    says: text("A replica stores a write though it lacks what it follows.", "缺少前置写入的副本也照样保存。"),
    breaks: "monotonic-writes",
    source: "Terry et al. 1994, 4",
};
pub static COMPARE_KEYS: Mutant = Mutant {
    id: "compare-keys",
    rule: text("A digest is of the versions", "摘要取自版本"),
    title: text("Compares only keys", "只比对有哪些键"),
    says: text(
        "Replicas that hold different versions of a key find no difference.",
        "同一个键版本不同，也看不出差别。",
    ),
    breaks: "converges",
    source: "Dynamo, 4.7",
};

pub static ALL: &[&Mutant] = &[
    &COUNT_MESSAGES,
    &WRITE_EARLY,
    &READ_EARLY,
    &TAKE_FIRST,
    &COUNT_LATE,
    &OVERWRITE,
    &FORGET,
    &OWN_COUNT,
    &WRITE_BACK_LATER,
    &DROP_SIBLINGS,
    &DELETE_AT_ONCE,
    &HINT_TWICE,
    &FORGET_WRITES,
    &FORGET_READS,
    &OUT_OF_ORDER,
    &COMPARE_KEYS,
];
