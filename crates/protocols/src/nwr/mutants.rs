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

pub static ALL: &[&Mutant] =
    &[&COUNT_MESSAGES, &WRITE_EARLY, &READ_EARLY, &TAKE_FIRST, &COUNT_LATE, &OVERWRITE, &FORGET, &OWN_COUNT];
