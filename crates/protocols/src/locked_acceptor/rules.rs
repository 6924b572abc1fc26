//! The two steps, under the names that the acceptor's operations have.

use synod_engine::prelude::*;

const SECTION: &str = "one acceptor with a lock";

pub static ASK_FOR_LOCK: Rule = marked(
    rule(
        "prepare",
        SECTION,
        text("Ask for the lock", "申请锁"),
        text("{node} asks for the lock.", "{node} 申请互斥锁。"),
    ),
    0,
    Glyph::Open,
);
pub static GRANT_LOCK: Rule = marked(
    rule(
        "grant-lock",
        SECTION,
        text("Grant the lock", "授予锁"),
        text("{node} gives {peer} the lock, and tells what is decided.", "{node} 把锁交给 {peer}，并告知当前的值。"),
    ),
    0,
    Glyph::Solid,
);
pub static REFUSE_LOCK: Rule = rule(
    "refuse-lock",
    SECTION,
    text("Refuse the lock", "拒绝加锁"),
    text("{node} refuses {peer}: somebody else has the lock.", "{node} 拒绝 {peer}：锁在别人手里。"),
);
pub static PROPOSE: Rule = rule(
    "accept",
    SECTION,
    text("Propose", "提交"),
    text(
        "{node} has the lock and nothing is decided: it proposes its value.",
        "{node} 持有锁且尚无取值，提交自己的值。",
    ),
);
pub static DECIDE: Rule = marked(
    rule(
        "decide",
        SECTION,
        text("Decide", "确定取值"),
        text(
            "{node} accepts the value of {peer}: it is decided, and the lock is free.",
            "{node} 接受 {peer} 的值：取值确定，锁被释放。",
        ),
    ),
    1,
    Glyph::Cell,
);
pub static GIVE_BACK: Rule = rule(
    "release",
    SECTION,
    text("Give the lock back", "释放锁"),
    text("{node} finds a value decided, takes it, and gives the lock back.", "{node} 发现取值已定，采用它并释放锁。"),
);
pub static TAKE_BACK: Rule = rule(
    "free-lock",
    SECTION,
    text("Free the lock", "收回锁"),
    text("{node} takes the lock back from {peer}.", "{node} 从 {peer} 收回锁。"),
);

pub static ALL: &[&Rule] = &[&ASK_FOR_LOCK, &GRANT_LOCK, &REFUSE_LOCK, &PROPOSE, &DECIDE, &GIVE_BACK, &TAKE_BACK];
