//! The protocol's actions: asking, granting, ending, writing.

use synod_engine::prelude::*;

const GRAY: &str = "Gray and Cheriton 1989, section 2";
const LAMPORT: &str = "Lamport 2001, section 2.2";
const CHUBBY: &str = "Burrows 2006, section 2.4";

pub static ASK: Rule = rule(
    "ask",
    GRAY,
    text("Ask for the lease", "申请租约"),
    text("{node} asks the issuer for the lease.", "{node} 向颁发者申请租约。"),
);
pub static RENEW: Rule = rule(
    "renew",
    GRAY,
    text("Ask for more", "申请续约"),
    text("{node} asks for another term of {epoch}.", "{node} 申请续约{epoch}。"),
);
pub static GRANT: Rule = marked(
    rule(
        "grant",
        GRAY,
        text("Grant", "颁发"),
        text(
            "{node} grants {epoch} to {peer}, and honours it whether or not it arrives.",
            "{node} 把{epoch}颁发给 {peer}：无论是否送达都会承认。",
        ),
    ),
    0,
    Glyph::Solid,
);
pub static EXTEND: Rule = marked(
    rule(
        "extend",
        GRAY,
        text("Renew", "续约"),
        text("{node} gives {peer} another term of {epoch}.", "{node} 为 {peer} 续约{epoch}。"),
    ),
    0,
    Glyph::Open,
);
pub static REFUSE: Rule = marked(
    rule(
        "refuse",
        GRAY,
        text("Refuse", "拒绝"),
        text("{node} refuses {peer}: it honours {epoch}.", "{node} 拒绝 {peer}：它还承认{epoch}。"),
    ),
    1,
    Glyph::Open,
);
pub static REFUSE_QUIET: Rule = marked(
    rule(
        "refuse-quiet",
        "Gray and Cheriton 1989, section 5",
        text("Refuse while it waits", "等待期间拒绝"),
        text(
            "{node} refuses {peer}: a term that was granted before may still run.",
            "{node} 拒绝 {peer}：之前颁发的租约可能还没到期。",
        ),
    ),
    1,
    Glyph::Open,
);
pub static LET_GO: Rule = rule(
    "let-go",
    GRAY,
    text("Honour no more", "不再承认"),
    text("{node} honours {epoch} no more: its term is over.", "{node} 不再承认{epoch}：租期已过。"),
);
pub static QUIET: Rule = rule(
    "quiet",
    "Gray and Cheriton 1989, section 5",
    text("Wait after a restart", "重启后等待"),
    text(
        "{node} does not know what was granted, and waits for the longest term.",
        "{node} 不知道颁发过什么，等最长的租期过去。",
    ),
);
pub static GRANT_AGAIN: Rule = rule(
    "quiet-over",
    "Gray and Cheriton 1989, section 5",
    text("Grant again", "重新颁发"),
    text(
        "Whatever was granted before has run out: {node} may grant again.",
        "之前颁发的租约都已到期：{node} 可以再颁发。",
    ),
);
pub static HOLD: Rule =
    rule("hold", GRAY, text("Hold the lease", "持有租约"), text("{node} holds {epoch}.", "{node} 持有{epoch}。"));
pub static EXPIRE: Rule = rule(
    "expire",
    GRAY,
    text("Give up at the end", "到期放弃"),
    text(
        "By the clock of {node} the term of {epoch} is over: it gives it up.",
        "按 {node} 的时钟，{epoch}到期：放弃。",
    ),
);
pub static RELEASE: Rule = rule(
    "release",
    GRAY,
    text("Give it back", "归还"),
    text("{node} gives {epoch} back before its end.", "{node} 提前归还{epoch}。"),
);
pub static TAKE_BACK: Rule = rule(
    "take-back",
    GRAY,
    text("Take it back", "收回"),
    text("{node} has {epoch} back from {peer}.", "{node} 从 {peer} 收回{epoch}。"),
);
pub static PREPARE: Rule = rule(
    "prepare",
    CHUBBY,
    text("Check, then work", "检查后准备"),
    text("{node} holds {epoch}, and prepares a write.", "{node} 持有{epoch}，准备写入。"),
);
pub static SEND: Rule = rule(
    "send-write",
    CHUBBY,
    text("Check, and send", "检查后发送"),
    text(
        "{node} still holds {epoch}, and sends its write with this token.",
        "{node} 仍持有{epoch}，带着令牌发出写入。",
    ),
);
pub static TOO_LATE: Rule = rule(
    "too-late",
    CHUBBY,
    text("Do not send", "不再发送"),
    text("{node} has no lease any more, and does not write.", "{node} 已没有租约，不再写入。"),
);
pub static ADMIT: Rule = marked(
    rule(
        "admit",
        CHUBBY,
        text("Let a write in", "放行"),
        text("{node} takes a write with token {a}.", "{node} 接受令牌 {a} 的写入。"),
    ),
    2,
    Glyph::Cell,
);
pub static FENCE: Rule = marked(
    rule(
        "fence",
        CHUBBY,
        text("Refuse an old token", "拒绝旧令牌"),
        text("{node} refuses token {a}: it has seen {epoch}.", "{node} 拒绝令牌 {a}：它见过{epoch}。"),
    ),
    2,
    Glyph::Open,
);
pub static OVER: Rule = marked(
    rule(
        "over",
        CHUBBY,
        text("Refuse what is over", "拒绝过期写入"),
        text(
            "{node} refuses token {a}: by its clock that term is over.",
            "{node} 拒绝令牌 {a}：按它的时钟，租期已过。",
        ),
    ),
    2,
    Glyph::Open,
);

pub static STAND: Rule = rule(
    "stand",
    LAMPORT,
    text("Ask for a ballot", "申请编号"),
    text("{node} hears nothing of whoever speaks, and asks for ballot {a}.", "{node} 听不到发言者，申请编号 {a}。"),
);
pub static PROMISE: Rule = rule(
    "promise",
    LAMPORT,
    text("Promise a ballot", "承诺编号"),
    text(
        "{node} promises ballot {a} to {peer}, and stores nothing under a lower one any more.",
        "{node} 向 {peer} 承诺编号 {a}，不再存储更小编号的授权。",
    ),
);
pub static SPEAK: Rule = rule(
    "speak",
    LAMPORT,
    text("Speak for all", "成为发言者"),
    text("A majority has promised ballot {a} to {node}: it speaks.", "多数派承诺了编号 {a}：{node} 成为发言者。"),
);
pub static STORE: Rule = rule(
    "store",
    LAMPORT,
    text("Have it stored", "交由多数派存储"),
    text(
        "{node} has {epoch} for {peer} stored under ballot {a} before it sends it.",
        "{node} 先把给 {peer} 的{epoch}按编号 {a} 交由多数派存储，再发送。",
    ),
);
pub static KEEP: Rule = rule(
    "keep",
    LAMPORT,
    text("Store a grant", "存储授权"),
    text("{node} stores {epoch} of {peer} under ballot {a}.", "{node} 按编号 {a} 存储 {peer} 的{epoch}。"),
);
pub static KEEP_NONE: Rule = rule(
    "keep-none",
    LAMPORT,
    text("Store that nothing is granted", "存储“没有授权”"),
    text(
        "{node} stores under ballot {a} that {peer} honours nothing.",
        "{node} 按编号 {a} 记下：{peer} 没有承认任何租约。",
    ),
);
pub static STEP_DOWN: Rule = rule(
    "step-down",
    LAMPORT,
    text("Speak no more", "不再发言"),
    text("{node} has no majority under ballot {a}, and speaks no more.", "{node} 没有编号 {a} 的多数派，不再发言。"),
);

pub const ALL: &[&Rule] = &[
    &ASK,
    &RENEW,
    &GRANT,
    &EXTEND,
    &REFUSE,
    &REFUSE_QUIET,
    &LET_GO,
    &QUIET,
    &GRANT_AGAIN,
    &HOLD,
    &EXPIRE,
    &RELEASE,
    &TAKE_BACK,
    &PREPARE,
    &SEND,
    &TOO_LATE,
    &ADMIT,
    &FENCE,
    &OVER,
    &STAND,
    &PROMISE,
    &SPEAK,
    &STORE,
    &KEEP,
    &KEEP_NONE,
    &STEP_DOWN,
];
