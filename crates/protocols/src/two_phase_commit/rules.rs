//! The protocol's actions, in the order of section 7.4 of Bernstein, Hadzilacos and Goodman (1987).

use synod_engine::prelude::*;

pub static REQUEST_VOTES: Rule = marked(
    rule(
        "request-votes",
        "7.4, coordinator, step 1",
        text("Ask for votes", "请求表决"),
        text("{node} asks all participants of {epoch} for their votes.", "{node} 请{epoch}的所有参与者表决。"),
    ),
    0,
    Glyph::Open,
);
pub static COLLECT: Rule = rule(
    "collect",
    "R*, presumed commit",
    text("Write whom it asks", "写下参与者名单"),
    text(
        "{node} forces the participants of {epoch} to its disk before it asks them.",
        "{node} 先把{epoch}的参与者名单强制写盘，再请求表决。",
    ),
);
pub static TAKE_LOCKS: Rule = rule(
    "take-locks",
    "3.2, strict two-phase locking",
    text("Take the locks", "取得锁"),
    text("{node} has the locks of {epoch}.", "{node} 取得了{epoch}的锁。"),
);
pub static WAIT_FOR_LOCK: Rule = rule(
    "wait-for-lock",
    "3.2, strict two-phase locking",
    text("Wait for a lock", "等待锁"),
    text("At {node}, {epoch} waits: transaction {a} holds its key.", "{epoch}在 {node} 等待：键被事务 {a} 锁定。"),
);
pub static VOTE_YES: Rule = rule(
    "vote-yes",
    "7.4, participant, step 2",
    text("Write yes", "写下同意"),
    text("{node} writes a yes for {epoch} to its log.", "{node} 把对{epoch}的同意写入日志。"),
);
pub static SEND_YES: Rule = rule(
    "send-yes",
    "7.4, participant, step 2",
    text("Say yes", "表决同意"),
    text("The yes of {node} is on its disk: it votes, and is uncertain.", "{node} 的同意已落盘：投票，从此处于未决。"),
);
pub static VOTE_NO: Rule = rule(
    "vote-no",
    "7.4, participant, step 3",
    text("Say no", "表决反对"),
    text("{node} votes no and aborts {epoch}.", "{node} 投反对票，并中止{epoch}。"),
);
pub static VOTE_READ: Rule = rule(
    "vote-read",
    "R*, read-only participants",
    text("Vote read", "投只读票"),
    text(
        "{node} only read for {epoch}: it gives up its locks, writes nothing, and leaves.",
        "{node} 在{epoch}中只读：释放锁，不写日志，就此退出。",
    ),
);
pub static COUNT_YES: Rule = rule(
    "count-yes",
    "7.4, coordinator, step 2",
    text("Count a yes", "计一张同意票"),
    text(
        "{node} counts the yes of {peer} for {epoch}: {a} so far.",
        "{node} 计入 {peer} 对{epoch}的同意票：已有 {a} 张。",
    ),
);
pub static COUNT_READ: Rule = rule(
    "count-read",
    "R*, read-only participants",
    text("Count a reader", "计一张只读票"),
    text(
        "{peer} only read for {epoch}: {node} has nothing to tell it.",
        "{peer} 在{epoch}中只读：{node} 不必再通知它。",
    ),
);
pub static GIVE_UP: Rule = rule(
    "give-up",
    "7.4, coordinator, step 2",
    text("Stop waiting for votes", "不再等待表决"),
    text("{node} has waited for votes long enough.", "{node} 等待表决超时。"),
);
pub static DECIDE_COMMIT: Rule = marked(
    rule(
        "decide-commit",
        "7.4, coordinator, step 3",
        text("Write commit", "写下提交"),
        text("All said yes: {node} writes commit for {epoch}.", "全部同意：{node} 为{epoch}写下提交记录。"),
    ),
    0,
    Glyph::Solid,
);
pub static DECIDE_ABORT: Rule = rule(
    "decide-abort",
    "7.4, coordinator, step 3",
    text("Write abort", "写下中止"),
    text("{node} writes abort for {epoch}.", "{node} 为{epoch}写下中止记录。"),
);
pub static TELL_COMMIT: Rule = marked(
    rule(
        "tell-commit",
        "7.4, coordinator, step 3",
        text("Tell the commit", "通知提交"),
        text(
            "The commit of {epoch} is on disk: {node} tells everyone.",
            "{epoch}的提交已落盘：{node} 通知所有参与者。",
        ),
    ),
    1,
    Glyph::Cell,
);
pub static TELL_ABORT: Rule = marked(
    rule(
        "tell-abort",
        "7.4, coordinator, step 3",
        text("Tell the abort", "通知中止"),
        text("The abort of {epoch} is written: {node} tells everyone.", "{epoch}的中止已写下：{node} 通知所有参与者。"),
    ),
    1,
    Glyph::Open,
);
pub static TELL_AGAIN: Rule = rule(
    "tell-again",
    "7.4.2",
    text("Tell it again", "再次通知"),
    text("{node} tells those who have not acknowledged.", "{node} 再次通知尚未确认的参与者。"),
);
pub static PRESUME: Rule = rule(
    "presume",
    "R*, presumed abort and presumed commit",
    text("Presume what has no record", "按推定告知"),
    text(
        "{node} knows nothing of {epoch}, and tells {peer} what that means.",
        "{node} 对{epoch}一无所知，按约定的推定告知 {peer}。",
    ),
);
pub static OBEY_COMMIT: Rule = rule(
    "commit",
    "7.4, participant, step 2",
    text("Commit", "提交"),
    text("{node} writes commit for {epoch}.", "{node} 为{epoch}写下提交记录。"),
);
pub static OBEY_ABORT: Rule = rule(
    "abort",
    "7.4, participant, step 2",
    text("Abort", "中止"),
    text("{node} writes abort for {epoch}.", "{node} 为{epoch}写下中止记录。"),
);
pub static UNDO: Rule = rule(
    "undo",
    "1.2 and 6.4",
    text("Undo", "撤销"),
    text("{node} takes back what {epoch} wrote.", "{node} 撤销{epoch}的写入。"),
);
pub static FORGET: Rule = rule(
    "forget",
    "7.4.2",
    text("Forget", "遗忘"),
    text("All have acknowledged {epoch}: {node} may forget it.", "{epoch}已全部确认：{node} 可以遗忘它。"),
);
pub static ASK: Rule = rule(
    "ask-decision",
    "7.4.1",
    text("Ask what was decided", "询问决定"),
    text("{node} is uncertain about {epoch} and asks what was decided.", "{node} 对{epoch}未决，询问决定是什么。"),
);
pub static ANSWER: Rule = rule(
    "answer-decision",
    "7.4.1",
    text("Answer with the decision", "告知决定"),
    text("{node} tells {peer} what was decided.", "{node} 告诉 {peer} 决定是什么。"),
);
pub static STAY_SILENT: Rule = rule(
    "stay-silent",
    "7.4.1",
    text("Stay silent", "沉默"),
    text("{node} does not know either, and cannot help {peer}.", "{node} 也不知道，帮不了 {peer}。"),
);
pub static ABORT_INSTEAD: Rule = rule(
    "abort-instead",
    "7.4.1",
    text("Abort before voting", "未表决先中止"),
    text("{node} has not voted: it aborts, and tells {peer}.", "{node} 尚未表决：直接中止，并告知 {peer}。"),
);
pub static WAIT_IN_VAIN: Rule = rule(
    "wait-in-vain",
    "7.4, participant, step 1",
    text("Stop waiting for a lock", "不再等待锁"),
    text("{node} has waited for a lock long enough: it votes no.", "{node} 等锁超时：投反对票。"),
);
pub static DECIDE_ALONE: Rule = rule(
    "decide-alone",
    "X/Open XA, heuristic completion",
    text("Decide alone", "擅自决定"),
    text("{node} is uncertain and decides alone.", "{node} 处于未决，却擅自决定。"),
);
pub static FIND_DAMAGE: Rule = rule(
    "find-damage",
    "X/Open XA, heuristic mixed",
    text("Find the damage", "发现不一致"),
    text(
        "{node} had decided {epoch} alone, and the others decided otherwise: heuristic mixed.",
        "{node} 曾对{epoch}擅自决定，其他人的决定却相反：启发式混合。",
    ),
);
pub static ABORT_UNDECIDED: Rule = rule(
    "abort-undecided",
    "7.4.3, coordinator",
    text("Abort what was not decided", "中止未决定的事务"),
    text("{node} is back, finds no decision on {epoch}, and aborts.", "{node} 恢复后没有找到{epoch}的决定，于是中止。"),
);
pub static TELL_AFTER_RESTART: Rule = rule(
    "tell-after-restart",
    "7.4.3, coordinator",
    text("Tell what was decided", "恢复后通知决定"),
    text("{node} is back, finds its decision, and tells it.", "{node} 恢复后找到了决定，再次通知。"),
);
pub static UNCERTAIN_AGAIN: Rule = rule(
    "uncertain-again",
    "7.4.3, participant",
    text("Find itself uncertain", "恢复后未决"),
    text("{node} is back and finds a yes without a decision.", "{node} 恢复后发现自己同意过，却没有决定。"),
);

pub const ALL: &[&Rule] = &[
    &COLLECT,
    &REQUEST_VOTES,
    &TAKE_LOCKS,
    &WAIT_FOR_LOCK,
    &VOTE_YES,
    &SEND_YES,
    &VOTE_NO,
    &VOTE_READ,
    &COUNT_YES,
    &COUNT_READ,
    &GIVE_UP,
    &DECIDE_COMMIT,
    &DECIDE_ABORT,
    &TELL_COMMIT,
    &TELL_ABORT,
    &TELL_AGAIN,
    &PRESUME,
    &OBEY_COMMIT,
    &OBEY_ABORT,
    &UNDO,
    &FORGET,
    &ASK,
    &ANSWER,
    &STAY_SILENT,
    &ABORT_INSTEAD,
    &WAIT_IN_VAIN,
    &DECIDE_ALONE,
    &FIND_DAMAGE,
    &ABORT_UNDECIDED,
    &TELL_AFTER_RESTART,
    &UNCERTAIN_AGAIN,
];
