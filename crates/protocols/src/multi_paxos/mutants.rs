//! Rules broken on purpose, each a guard taken away in place.

use synod_engine::prelude::*;

pub static OWN_VALUE: Mutant = Mutant::new(
    "own-value",
    text("An accepted value is carried on", "沿用已接受的值"),
    text("Ignores what others accepted", "无视他人已接受的值"),
    text("A new leader looks at its own votes only.", "新领导者只看自己的投票。"),
    "value-carried",
    "2.2, P2c",
);
pub static SKIP_PHASE_ONE: Mutant = Mutant::new(
    "skip-phase-one",
    text("Phase one comes first", "先完成第一阶段"),
    text("Skips phase one", "跳过第一阶段"),
    text("A new leader proposes without asking for promises.", "新领导者不请求承诺就提出提案。"),
    "value-carried",
    "2.2, P2c",
);
pub static MINORITY_CHOOSES: Mutant = Mutant::new(
    "minority-chooses",
    text("A majority chooses", "多数派才能选定"),
    text("One less than a majority", "少一票也算"),
    text("One acceptance less than a majority is taken for a choice.", "比多数派少一个接受就当作选定。"),
    "applied-chosen",
    "MultiPaxos-SMR, accept quorum",
);
pub static APPLY_WITH_HOLE: Mutant = Mutant::new(
    "apply-with-hole",
    text("Apply without holes", "有空洞就不应用"),
    text("Applies past a hole", "跳过空洞应用"),
    text("A server applies a chosen slot though one before it is not.", "前面的槽位尚未选定，服务器就应用后面的。"),
    "applied-in-order",
    "dslabs, logs with holes",
);
pub static BARE_COMMIT_NOTICE: Mutant = Mutant::new(
    "bare-commit-notice",
    text("A notice names its ballot", "选定通知要带编号"),
    text("Trusts a bare notice", "轻信提交通知"),
    text(
        "A follower takes whatever it accepted for what was chosen, in whichever ballot.",
        "跟随者把自己接受过的值当作选定的值，不看编号。",
    ),
    "applied-chosen",
    "MultiPaxos-SMR, commit notice",
);
pub static FORGET_PROMISE: Mutant = Mutant::new(
    "forget-promise",
    text("The promise is kept on disk", "承诺写入磁盘"),
    text("Forgets its promise", "忘记承诺"),
    text("A restart clears the promise that should have been on disk.", "重启后丢失本应落盘的承诺。"),
    "promises-kept",
    "2.5",
);
pub static FORGET_VOTES: Mutant = Mutant::new(
    "forget-votes",
    text("Votes are kept on disk", "投票写入磁盘"),
    text("Forgets its votes", "忘记投票"),
    text("A restart clears what was accepted.", "重启后丢失已接受的提案。"),
    "value-carried",
    "2.5",
);
pub static ACCEPT_BELOW_PROMISE: Mutant = Mutant::new(
    "accept-below-promise",
    text("A promise binds when accepting", "接受时遵守承诺"),
    text("Accepts below its promise", "违背承诺"),
    text("An acceptor accepts a ballot below the one it promised.", "接受者接受编号小于其承诺的提案。"),
    "promises-kept",
    "2.2, P1a",
);
pub static APPLY_TWICE: Mutant = Mutant::new(
    "apply-twice",
    text("A command is applied once", "一条命令只应用一次"),
    text("Applies retries again", "重复应用重试的命令"),
    text(
        "A command that was retried is done once for each slot that it stands in.",
        "重试过的命令在每个槽位都应用一次。",
    ),
    "applied-in-order",
    "Raft section 8",
);

pub static ALL: &[&Mutant] = &[
    &OWN_VALUE,
    &SKIP_PHASE_ONE,
    &MINORITY_CHOOSES,
    &APPLY_WITH_HOLE,
    &BARE_COMMIT_NOTICE,
    &FORGET_PROMISE,
    &FORGET_VOTES,
    &ACCEPT_BELOW_PROMISE,
    &APPLY_TWICE,
];
