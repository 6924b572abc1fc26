//! Rules broken on purpose, each a guard taken away in place.

use synod_engine::prelude::*;

pub static OWN_VALUE: Mutant = Mutant::new(
    "own-value",
    text("An accepted value is carried on", "沿用已接受的值"),
    text("Proposes its own value", "坚持自己的值"),
    text("A proposer ignores what acceptors had accepted.", "提议者无视接受者已接受的提案。"),
    "value-carried",
    "2.2, P2c",
);
pub static ANY_ACCEPTED_VALUE: Mutant = Mutant::new(
    "any-accepted-value",
    text("The value of the highest ballot is carried", "沿用编号最大的值"),
    text("Takes any accepted value", "任取一个已接受的值"),
    text("It takes the last value it was told, not that of the highest ballot.", "取最后听到的值，而不是编号最大的。"),
    "value-carried",
    "2.2, P2c",
);
pub static ACCEPT_BELOW_PROMISE: Mutant = Mutant::new(
    "accept-below-promise",
    text("A promise binds when accepting", "接受时遵守承诺"),
    text("Forgets promises when accepting", "接受时不看承诺"),
    text("An acceptor accepts a ballot below the one it promised.", "接受者接受编号小于其承诺的提案。"),
    "promises-kept",
    "2.2, P1a",
);
pub static NO_PROMISE_ON_ACCEPT: Mutant = Mutant::new(
    "no-promise-on-accept",
    text("Accepting is a promise too", "接受也是承诺"),
    text("Accepting promises nothing", "接受不算承诺"),
    text("Accepting a ballot does not raise the promise.", "接受提案时不提高承诺的编号。"),
    "promises-kept",
    "M. Brooker: The Bug in Paxos Made Simple, 2021",
);
pub static FORGET_PROMISE: Mutant = Mutant::new(
    "forget-promise",
    text("The promise is kept on disk", "承诺写入磁盘"),
    text("Forgets its promise", "忘记承诺"),
    text("A restart lowers the promise to what was accepted.", "重启后承诺退回到已接受的编号。"),
    "promises-kept",
    "2.5",
);
pub static FORGET_ALL: Mutant = Mutant::new(
    "acceptor-amnesia",
    text("Promise and acceptance are kept on disk", "承诺和接受写入磁盘"),
    text("Forgets everything", "失忆"),
    text("A restart clears an acceptor's promise and what it accepted.", "重启后接受者的承诺和已接受的提案全部丢失。"),
    "promises-kept",
    "2.5",
);
pub static SECOND_VALUE: Mutant = Mutant::new(
    "second-value",
    text("One value in a ballot", "一个编号只提一个值"),
    text("Proposes a second value", "同一编号提出两个值"),
    text(
        "A proposer asked by another client proposes that value too, in the same ballot.",
        "又有客户端请求时，提议者在同一编号再提出那个值。",
    ),
    "one-value-a-ballot",
    "2.2; OneValuePerBallot",
);
pub static COUNT_STALE_PROMISES: Mutant = Mutant::new(
    "count-stale-promises",
    text("Only promises of this ballot count", "只计本编号的承诺"),
    text("Counts old promises", "计入过期承诺"),
    text("Promises of an earlier ballot count for this one.", "把更早编号的承诺也算进来。"),
    "value-carried",
    "2.2; luohaha/MyPaxos#18",
);
pub static HALF_IS_ENOUGH: Mutant = Mutant::new(
    "half-is-enough",
    text("A majority promises", "多数派作出承诺"),
    text("Half is enough", "半数即可"),
    text("Half of the acceptors' promises are taken for a majority.", "把半数接受者的承诺当作多数派。"),
    "value-carried",
    "2.2",
);
pub static MIX_BALLOTS: Mutant = Mutant::new(
    "mix-ballots",
    text("Acceptances of one ballot are counted", "只对同一编号的接受计数"),
    text("Mixes ballots", "混算不同编号"),
    text("A learner counts acceptances of different ballots together.", "学习者把不同编号的接受合在一起计数。"),
    "learning",
    "2.3",
);
pub static BELIEVE_THE_FIRST: Mutant = Mutant::new(
    "believe-the-first",
    text("A majority chooses", "多数派才能选定"),
    text("Believes the first", "听到一个就信"),
    text(
        "A learner takes the first accepted value for the chosen one.",
        "学习者把听到的第一个已接受的值当作被选定的值。",
    ),
    "learning",
    "2.3",
);

pub static ALL: &[&Mutant] = &[
    &OWN_VALUE,
    &ANY_ACCEPTED_VALUE,
    &ACCEPT_BELOW_PROMISE,
    &NO_PROMISE_ON_ACCEPT,
    &FORGET_PROMISE,
    &FORGET_ALL,
    &SECOND_VALUE,
    &COUNT_STALE_PROMISES,
    &HALF_IS_ENOUGH,
    &MIX_BALLOTS,
    &BELIEVE_THE_FIRST,
];
