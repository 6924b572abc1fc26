//! Rules broken on purpose: each is a guard taken away in place.

use synod_engine::protocol::Mutant;
use synod_engine::text::text;

pub static COMMIT_BEFORE_WRITING: Mutant = Mutant::new(
    "commit-before-writing",
    text("Commit is written before it is told", "提交先落盘后通知"),
    text("Tells the commit before it is written", "提交未落盘就通知"),
    text("The coordinator sends COMMIT, and forces its record afterwards.", "协调者先发 COMMIT，再写记录。"),
    "written-first",
    "section 7.4, coordinator, step 3",
);
pub static COMMIT_UNWRITTEN: Mutant = Mutant::new(
    "commit-unwritten",
    text("The decision is logged", "决定写入日志"),
    text("Does not log the decision", "决定不写日志"),
    text("The coordinator tells its decision and writes nothing.", "协调者通知了决定，却什么也没写。"),
    "written-first",
    "section 7.4, coordinator, step 3",
);
pub static YES_BEFORE_WRITING: Mutant = Mutant::new(
    "yes-before-writing",
    text("Yes is written before it is said", "同意先落盘后发送"),
    text("Says yes before it is written", "同意未落盘就发送"),
    text("A participant sends YES, and forces its record afterwards.", "参与者先发 YES，再写记录。"),
    "written-first",
    "section 7.4, participant, step 2",
);
pub static YES_UNWRITTEN: Mutant = Mutant::new(
    "yes-unwritten",
    text("A yes is logged", "同意写入日志"),
    text("Does not log its yes", "同意不写日志"),
    text(
        "A participant says yes and writes nothing: after a crash it knows nothing of it.",
        "参与者表示同意却不写日志：宕机后毫不知情。",
    ),
    "unanimity",
    "section 7.4, participant, step 2",
);
pub static ACK_BEFORE_WRITING: Mutant = Mutant::new(
    "ack-before-writing",
    text("A decision is written before it is acknowledged", "决定先落盘后确认"),
    text("Acknowledges before it is written", "未落盘就确认"),
    text("A participant acknowledges a decision that is not on its disk yet.", "参与者确认了尚未落盘的决定。"),
    "written-first",
    "section 7.4.2",
);
pub static MAJORITY: Mutant = Mutant::new(
    "commit-on-majority",
    text("All must say yes", "必须全体同意"),
    text("A majority is enough", "多数同意即可"),
    text("The coordinator commits when more than half have said yes.", "过半同意，协调者就提交。"),
    "unanimity",
    "section 7.3, AC3",
);
pub static COUNT_VOTES: Mutant = Mutant::new(
    "count-messages",
    text("Voters are counted", "按投票者计票"),
    text("Messages are counted", "按消息计票"),
    text("A yes that arrives twice counts twice.", "到达两次的同意票算作两票。"),
    "unanimity",
    "section 7.3, AC3",
);
pub static ANY_ANSWER: Mutant = Mutant::new(
    "any-answer",
    text("A no aborts", "反对即中止"),
    text("Takes a no for a yes", "把反对当作同意"),
    text("The coordinator waits for an answer and does not read it.", "协调者只等响应，不看内容。"),
    "unanimity",
    "section 7.4, coordinator, step 2",
);
pub static ABORT_UNCERTAIN: Mutant = Mutant::new(
    "abort-uncertain",
    text("Whoever is uncertain waits", "未决者等待"),
    text("Aborts when uncertain", "未决时擅自中止"),
    text("A participant that has said yes aborts after a timeout.", "同意过的参与者超时后中止。"),
    "agreement",
    "section 7.4.1",
);
pub static COMMIT_UNCERTAIN: Mutant = Mutant::new(
    "commit-uncertain",
    text("Whoever is uncertain asks", "未决者询问"),
    text("Commits when uncertain", "未决时擅自提交"),
    text("A participant that has said yes commits after a timeout.", "同意过的参与者超时后提交。"),
    "agreement",
    "section 7.4.1",
);
pub static LATE_REQUEST: Mutant = Mutant::new(
    "late-request",
    text("Whoever has aborted never votes yes", "已中止者不再同意"),
    text("Votes on what it has aborted", "对已中止的事务投票"),
    text("A participant that has aborted obeys a request that comes late.", "已中止的参与者又响应了迟到的请求。"),
    "no-reversal",
    "section 7.4.1",
);
pub static NO_UNDO: Mutant = Mutant::new(
    "no-undo",
    text("An abort takes back what was written", "中止会撤销写入"),
    text("Undoes nothing", "中止不撤销"),
    text("A participant aborts and leaves what it wrote.", "参与者中止了事务，却留下写入的内容。"),
    "all-or-nothing",
    "section 6.4",
);
pub static NO_REDO: Mutant = Mutant::new(
    "no-redo",
    text("What is committed is done again after a crash", "宕机后重做已提交的写入"),
    text("Redoes nothing", "恢复时不重做"),
    text("A participant that is back takes its pages as it finds them.", "参与者恢复后直接使用磁盘上的旧页。"),
    "all-or-nothing",
    "section 6.4",
);
pub static UNLOCK_EARLY: Mutant = Mutant::new(
    "unlock-early",
    text("Locks are kept until the decision", "锁保持到决定之后"),
    text("Unlocks when it has voted", "投票后就释放锁"),
    text("A participant gives up its locks while it is uncertain.", "参与者在未决时就释放了锁。"),
    "uncertain-is-locked",
    "section 7.4",
);

pub static FORGET_EARLY: Mutant = Mutant::new(
    "forget-early",
    text("Nothing is forgotten before all have it", "全部确认后才可遗忘"),
    text("Forgets what it has told", "通知完就遗忘"),
    text("The coordinator forgets a decision as soon as it has sent it.", "协调者一发出决定就把它遗忘。"),
    "agreement",
    "section 7.4.2",
);
pub static NO_COLLECTING: Mutant = Mutant::new(
    "no-collecting",
    text("Whom it asks is written before it asks", "先写参与者名单再请求"),
    text("Presumes commit of what it never wrote", "没写名单就推定提交"),
    text(
        "No information means commit, and the coordinator asks for votes without a record.",
        "没有记录即提交，协调者却不写名单就请求表决。",
    ),
    "written-first",
    "R*, presumed commit",
);
pub static TELL_UNFORCED: Mutant = Mutant::new(
    "tell-unforced",
    text("An abort that others rely on is on disk", "告知他人的中止先落盘"),
    text("Tells an abort that is not on its disk", "未落盘的中止就告知他人"),
    text(
        "A participant that voted no answers another before its own abort is safe.",
        "投过反对票的参与者在自己的中止落盘之前就告知他人。",
    ),
    "written-first",
    "section 7.4.1",
);

pub const ALL: &[&Mutant] = &[
    &COMMIT_BEFORE_WRITING,
    &COMMIT_UNWRITTEN,
    &YES_BEFORE_WRITING,
    &YES_UNWRITTEN,
    &ACK_BEFORE_WRITING,
    &MAJORITY,
    &COUNT_VOTES,
    &ANY_ANSWER,
    &ABORT_UNCERTAIN,
    &COMMIT_UNCERTAIN,
    &LATE_REQUEST,
    &NO_UNDO,
    &NO_REDO,
    &UNLOCK_EARLY,
    &FORGET_EARLY,
    &NO_COLLECTING,
    &TELL_UNFORCED,
];
