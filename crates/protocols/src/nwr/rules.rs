//! The rules, each with its section of Dynamo's paper.

use synod_engine::prelude::*;

const WRITES: usize = 0;
const READS: usize = 1;
const REPAIRS: usize = 2;

pub static WRITE: Rule = rule(
    "send-write",
    "4.3",
    text("Send a write", "发出写入"),
    text("{node} sends version {a} to {nodes}.", "{node} 把版本 {a} 发给 {nodes}。"),
);
pub static STORE: Rule = rule(
    "store",
    "4.4",
    text("Store what is newer", "保存更新的版本"),
    text("{node} stores version {a}.", "{node} 保存版本 {a}。"),
);
pub static KEEP: Rule = rule(
    "keep-newer",
    "4.4",
    text("Keep what is newer", "保留更新的版本"),
    text("{node} keeps what is newer than version {a}.", "{node} 保留比版本 {a} 更新的值。"),
);
pub static WRITTEN: Rule = marked(
    rule(
        "written",
        "4.5",
        text("W have stored it", "W 个副本已保存"),
        text(
            "{node} hears from {peer}, and that is W: version {a} is written.",
            "{node} 收到 {peer} 的确认，已够 W 个：版本 {a} 写入完成。",
        ),
    ),
    WRITES,
    Glyph::Cell,
);
pub static READ: Rule =
    rule("send-read", "4.5", text("Send a read", "发出读取"), text("{node} asks {nodes}.", "{node} 询问 {nodes}。"));
pub static FIND: Rule = rule(
    "find",
    "4.5",
    text("Say what is held", "告知所存版本"),
    text("{node} holds version {a}.", "{node} 存有版本 {a}。"),
);
pub static RETURN: Rule = marked(
    rule(
        "return-newest",
        "4.5",
        text("The newest of R", "R 个中最新的"),
        text(
            "{node} hears from {peer}, and that is R: the newest is version {a}.",
            "{node} 收到 {peer} 的响应，已够 R 个：最新的是版本 {a}。",
        ),
    ),
    READS,
    Glyph::Cell,
);
pub static RETURN_SIBLINGS: Rule = marked(
    rule(
        "return-siblings",
        "4.4",
        text("Siblings", "并发版本"),
        text(
            "{node} hears from {peer}, and that is R: version {a} and others know nothing of each other.",
            "{node} 收到 {peer} 的响应，已够 R 个：版本 {a} 与其他版本互不知晓。",
        ),
    ),
    READS,
    Glyph::Cell,
);
pub static FIND_NOTHING: Rule = rule(
    "find-nothing",
    "4.5",
    text("Say that nothing is held", "告知没有值"),
    text("{node} holds nothing.", "{node} 没有值。"),
);
pub static RETURN_NOTHING: Rule = rule(
    "return-nothing",
    "4.5",
    text("None of R has any", "R 个都没有值"),
    text(
        "{node} hears from {peer}, and that is R: nobody holds anything.",
        "{node} 收到 {peer} 的响应，已够 R 个：都没有值。",
    ),
);
pub static GIVE_UP: Rule = rule(
    "give-up",
    "4.5",
    text("Give up", "放弃"),
    text("{node} has heard from only {a}, and gives up.", "{node} 只等到 {a} 个，放弃。"),
);
pub static ASK_OTHERS: Rule = rule(
    "ask-others",
    "4.6",
    text("Ask others", "另询他人"),
    text("{node} does not wait on, and sends to {nodes}.", "{node} 不再等待，改发给 {nodes}。"),
);
pub static KEEP_HINT: Rule = rule(
    "keep-hint",
    "4.6",
    text("Keep a hint", "代存并记下归属"),
    text("{node} keeps version {a} for {peer}.", "{node} 替 {peer} 代存版本 {a}。"),
);
pub static HAND_OVER: Rule = marked(
    rule(
        "hand-over",
        "4.6",
        text("Hinted handoff", "移交代存的值"),
        text("{node} hands version {a} over to {peer}.", "{node} 把版本 {a} 移交给 {peer}。"),
    ),
    REPAIRS,
    Glyph::Open,
);
pub static REPAIR: Rule = marked(
    rule(
        "read-repair",
        "5",
        text("Read repair", "读修复"),
        text("{node} writes version {a} back to {nodes}.", "{node} 把版本 {a} 写回 {nodes}。"),
    ),
    REPAIRS,
    Glyph::Open,
);
pub static COMPARE: Rule = rule(
    "compare",
    "4.7",
    text("Compare digests", "比对摘要"),
    text("{node} tells {peer} a digest of each key.", "{node} 把各键的摘要发给 {peer}。"),
);
pub static DIFFER: Rule = marked(
    rule(
        "differ",
        "4.7",
        text("Send what differs", "只发不同的值"),
        text("{node} sends {peer} {a} {a:key|keys} that differ.", "{node} 把 {a} 个不同的键的值发给 {peer}。"),
    ),
    REPAIRS,
    Glyph::Open,
);
pub static BEHIND: Rule = rule(
    "behind-session",
    "Terry 1994, 4",
    text("Behind the session", "落后于会话"),
    text(
        "{node} hears from {peer}, and what it was told is older than what its session has seen.",
        "{node} 收到 {peer} 的响应，但比会话见过的更旧。",
    ),
);
pub static HOLD_BACK: Rule = rule(
    "hold-back",
    "Terry 1994, 4",
    text("Wait for what comes before", "等待前置写入"),
    text("{node} lacks what version {a} follows, and holds it back.", "{node} 缺少版本 {a} 之前的写入，暂不保存。"),
);
pub static STAY_SILENT: Rule = rule(
    "stay-silent",
    "6.1",
    text("Too old to answer", "过旧则不响应"),
    text("{node} holds nothing so new, and does not answer.", "{node} 没有这么新的值，不予响应。"),
);
pub static ROLL_BACK: Rule = rule(
    "roll-back",
    "4.5",
    text("Take a failed write back", "回滚失败的写入"),
    text("{node} takes version {a} back from {nodes}.", "{node} 通知 {nodes} 回滚版本 {a}。"),
);
pub static TAKE_BACK: Rule = rule(
    "take-back",
    "4.5",
    text("Forget a failed write", "撤销失败的写入"),
    text("{node} takes version {a} out again.", "{node} 撤销版本 {a}。"),
);
pub static PURGE: Rule = rule(
    "purge",
    "4.4",
    text("Forget a tombstone", "清除墓碑"),
    text("{node} forgets that version {a} deleted anything.", "{node} 清除版本 {a} 的墓碑。"),
);
pub static ADD: Rule = rule(
    "add",
    "4.3",
    text("Write the sum", "写入相加的结果"),
    text("{node} has read, and writes the sum as version {a}.", "{node} 已读取，把相加的结果写为版本 {a}。"),
);
pub static ASK: Rule = rule(
    "ask-coordinator",
    "6.4",
    text("Ask a coordinator", "请求协调者"),
    text("{node} has {peer} coordinate.", "{node} 请 {peer} 协调。"),
);
pub static TELL: Rule = rule(
    "tell-client",
    "6.4",
    text("Tell the client", "告知客户端"),
    text("{node} tells the client.", "{node} 告知客户端。"),
);

pub static ALL: &[&Rule] = &[
    &WRITE,
    &STORE,
    &KEEP,
    &WRITTEN,
    &READ,
    &FIND,
    &FIND_NOTHING,
    &RETURN,
    &RETURN_SIBLINGS,
    &RETURN_NOTHING,
    &GIVE_UP,
    &ASK_OTHERS,
    &KEEP_HINT,
    &HAND_OVER,
    &REPAIR,
    &COMPARE,
    &DIFFER,
    &BEHIND,
    &HOLD_BACK,
    &STAY_SILENT,
    &ROLL_BACK,
    &TAKE_BACK,
    &PURGE,
    &ADD,
    &ASK,
    &TELL,
];
