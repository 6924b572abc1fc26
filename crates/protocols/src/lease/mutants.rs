//! Rules broken on purpose: each is a guard taken away in place.

use synod_engine::prelude::*;

const GRAY: &str = "Gray and Cheriton 1989";
const LAMPORT: &str = "Lamport 2001, section 2.2";
const KLEPPMANN: &str = "Kleppmann 2016";

pub static FROM_RECEIPT: Mutant = Mutant::new(
    "term-from-receipt",
    text("A term begins when it was asked for", "租期从发出申请时算起"),
    text("Counts the term from the grant's arrival", "租期从收到授权时算起"),
    text("The holder does not know how long the grant was on its way.", "持有者不知道授权在路上走了多久。"),
    "holder-ends-first",
    "Gray and Cheriton 1989, section 3.1",
);
pub static NO_MARGIN: Mutant = Mutant::new(
    "no-margin",
    text("Somebody leaves room for the clocks", "要为时钟误差留余量"),
    text("Leaves no room for the clocks", "不为时钟误差留余量"),
    text(
        "The issuer's clock is a little fast or the holder's slow, and terms overlap.",
        "颁发者的时钟稍快或持有者的稍慢，租期就会重叠。",
    ),
    "holder-ends-first",
    "Gray and Cheriton 1989, section 5",
);
pub static AMNESIA: Mutant = Mutant::new(
    "amnesia",
    text("A restarted issuer minds what it granted", "重启后仍承认之前的授权"),
    text("Grants at once after a restart", "重启后立即颁发"),
    text("What it granted before may still be held.", "之前颁发的租约可能还有人持有。"),
    "holder-ends-first",
    "Gray and Cheriton 1989, section 5",
);
pub static NO_FENCING: Mutant = Mutant::new(
    "no-fencing",
    text("The storage refuses old tokens", "存储拒绝旧令牌"),
    text("The storage takes any token", "存储接受任何令牌"),
    text("A write that was late comes after one of the next holder.", "迟到的写入排在下一个持有者的写入之后。"),
    "tokens-rise",
    KLEPPMANN,
);
pub static CHECK_THEN_ACT: Mutant = Mutant::new(
    "check-then-act",
    text("The holder looks again before it sends", "发送前再检查一次"),
    text("Checks, and acts later", "检查后过一会儿才行动"),
    text(
        "It looked before it began to work, and was paused for longer than its term.",
        "它在准备之前检查过，随后暂停得比租期还久。",
    ),
    "sent-in-term",
    KLEPPMANN,
);
pub static RENEW_LATE: Mutant = Mutant::new(
    "renew-after-end",
    text("What is over is not renewed", "过期的不再续约"),
    text("Renews what is over", "续约已过期的租约"),
    text("A late request renews a lease that another has by now.", "迟到的申请续约了已属于别人的租约。"),
    "holder-ends-first",
    GRAY,
);
pub static TOKEN_REUSED: Mutant = Mutant::new(
    "token-reused",
    text("Every lease has a new token", "每份租约都有新令牌"),
    text("Grants the same token again", "重复使用同一令牌"),
    text("The storage cannot tell the new holder from the old one.", "存储分不清新旧持有者。"),
    "tokens-unique",
    KLEPPMANN,
);
pub static COUNT_IN_MEMORY: Mutant = Mutant::new(
    "count-in-memory",
    text("The last token is on the issuer's disk", "最后的令牌写在磁盘上"),
    text("Counts tokens in memory", "只在内存里记令牌"),
    text("A restarted issuer counts from the beginning.", "重启后从头计数。"),
    "tokens-unique",
    KLEPPMANN,
);
pub static EARLY_REGRANT: Mutant = Mutant::new(
    "early-regrant",
    text("A term is honoured to its end", "租期承认到底"),
    text("Grants again before the end", "没到期就颁发给别人"),
    text(
        "The issuer gives a silent holder up when half of its term is over.",
        "租期过半没有音讯，颁发者就当持有者不在了。",
    ),
    "holder-ends-first",
    GRAY,
);
pub static NEVER_ENDS: Mutant = Mutant::new(
    "never-ends",
    text("A term ends", "租期会结束"),
    text("Honours a lease until it is given back", "租约不归还就一直承认"),
    text("A holder that is down gives nothing back: nobody gets it again.", "宕机的持有者不会归还，别人再也得不到。"),
    "granted-again",
    GRAY,
);
pub static KEEPS_RELEASED: Mutant = Mutant::new(
    "keeps-released",
    text("What is given back is given up", "归还即放弃"),
    text("Goes on with what it gave back", "归还后继续使用"),
    text("The issuer may grant it to another at once.", "颁发者可能立即颁发给别人。"),
    "holder-ends-first",
    GRAY,
);
pub static ANY_GRANT: Mutant = Mutant::new(
    "any-grant",
    text("A grant is matched with its request", "授权与申请一一对应"),
    text("Takes any grant for the last it asked", "把任何授权当作对最近申请的响应"),
    text("An old grant is counted from a later request.", "旧授权被从较晚的申请开始计时。"),
    "holder-ends-first",
    GRAY,
);

pub static GRANTS_ALONE: Mutant = Mutant::new(
    "grants-alone",
    text("A grant is sent when a majority has stored it", "多数派存储之后才发出授权"),
    text("Grants without a majority", "不等多数派就颁发"),
    text(
        "Who speaks next has perhaps asked only those that know nothing of it.",
        "继任者询问的也许恰好都是不知情的颁发者。",
    ),
    "one-voice",
    LAMPORT,
);
pub static SUCCEEDS_AT_ONCE: Mutant = Mutant::new(
    "succeeds-at-once",
    text("Who speaks next waits for terms of others", "继任者等待别人颁发的租期"),
    text("Speaks, and grants at once", "一当上发言者就颁发"),
    text("What the one before it granted may still be held.", "前任颁发的租约可能还有人持有。"),
    "holder-ends-first",
    "Gray and Cheriton 1989, section 5",
);
pub static OLD_BALLOT: Mutant = Mutant::new(
    "old-ballot",
    text("Nothing is stored under a lower ballot", "不存储更小编号的授权"),
    text("Stores for whoever asks", "谁要求都存储"),
    text(
        "Whoever was not heard of finds a majority again, and grants beside the one that speaks now.",
        "被当作宕机的前任又凑齐多数派，与现任同时颁发。",
    ),
    "tokens-unique",
    LAMPORT,
);

pub const ALL: &[&Mutant] = &[
    &FROM_RECEIPT,
    &NO_MARGIN,
    &AMNESIA,
    &NO_FENCING,
    &CHECK_THEN_ACT,
    &RENEW_LATE,
    &TOKEN_REUSED,
    &COUNT_IN_MEMORY,
    &EARLY_REGRANT,
    &NEVER_ENDS,
    &KEEPS_RELEASED,
    &ANY_GRANT,
    &GRANTS_ALONE,
    &SUCCEEDS_AT_ONCE,
    &OLD_BALLOT,
];
