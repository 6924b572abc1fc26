//! The actions under the paper's names, in its order, each with its section.

use synod_engine::prelude::*;

const BALLOTS: usize = 0;
const CHOSEN: usize = 1;

pub static PREPARE: Rule = marked(
    rule(
        "prepare",
        "2.2, phase 1a",
        text("Prepare", "准备"),
        text("{node} begins ballot {a}, and asks for promises.", "{node} 以编号 {a} 发起准备请求。"),
    ),
    BALLOTS,
    Glyph::Open,
);
pub static PROMISE: Rule = rule(
    "promise",
    "2.2, phase 1b",
    text("Promise", "承诺"),
    text(
        "{node} promises {peer} to accept nothing below ballot {a}.",
        "{node} 向 {peer} 承诺不再接受编号小于 {a} 的提案。",
    ),
);
pub static REFUSE: Rule = rule(
    "refuse",
    "2.2, phases 1b and 2b",
    text("Refuse", "拒绝"),
    text(
        "{node} refuses ballot {a} of {peer}: it has promised {epoch}.",
        "{node} 拒绝 {peer} 的编号 {a}：它已承诺{epoch}。",
    ),
);
pub static PROPOSE_OWN: Rule = marked(
    rule(
        "propose-own",
        "2.2, phase 2a",
        text("Propose a value of its own", "提出自己的值"),
        text(
            "{nodes} promised ballot {a} and none had accepted anything: {node} is free to propose its own value.",
            "{nodes} 承诺了编号 {a}，且都未接受过提案：{node} 可以提出自己的值。",
        ),
    ),
    BALLOTS,
    Glyph::Solid,
);
pub static CARRY_VALUE: Rule = marked(
    rule(
        "carry-value",
        "2.2, phase 2a",
        text("Carry a value on", "沿用已有的值"),
        text(
            "{nodes} promised ballot {a}; {node} must propose the value of the highest proposal among them.",
            "{nodes} 承诺了编号 {a}；{node} 必须提出其中编号最大的提案的值。",
        ),
    ),
    BALLOTS,
    Glyph::Solid,
);
pub static ACCEPT: Rule = rule(
    "accept",
    "2.2, phase 2b",
    text("Accept", "接受"),
    text("{node} accepts ballot {a} of {peer}.", "{node} 接受 {peer} 的编号 {a}。"),
);
pub static CHOOSE: Rule = marked(
    rule(
        "learn-chosen",
        "2.3",
        text("Learn the chosen value", "得知被选定的值"),
        text(
            "{node} learns that ballot {a} is chosen: {nodes} accepted it.",
            "{node} 得知编号 {a} 被选定：{nodes} 已接受。",
        ),
    ),
    CHOSEN,
    Glyph::Cell,
);
pub static SPREAD: Rule = rule(
    "tell-learners",
    "2.3",
    text("Tell the other learners", "通知其他学习者"),
    text("{node} tells the other learners what was chosen.", "{node} 把被选定的值告诉其他学习者。"),
);
pub static ASK: Rule = rule(
    "ask-acceptors",
    "2.3",
    text("Ask the acceptors", "询问接受者"),
    text("{node} knows of no chosen value, and asks the acceptors.", "{node} 不知道是否已选定，向接受者询问。"),
);
pub static GIVE_UP: Rule = rule(
    "give-up",
    "2.2, 2.4",
    text("Give a ballot up", "放弃本轮"),
    text("{node} gives its ballot up: {peer} has promised ballot {a}.", "{node} 放弃本轮：{peer} 已承诺编号 {a}。"),
);

pub static ALL: &[&Rule] =
    &[&PREPARE, &PROMISE, &REFUSE, &PROPOSE_OWN, &CARRY_VALUE, &ACCEPT, &CHOOSE, &SPREAD, &ASK, &GIVE_UP];
