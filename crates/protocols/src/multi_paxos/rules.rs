//! The actions, each with its section of "Paxos Made Simple".

use synod_engine::prelude::*;

const ELECTIONS: usize = 0;
const CHOSEN: usize = 1;

pub static PREPARE: Rule = marked(
    rule(
        "prepare",
        "2.2, phase 1a; 3",
        text("Prepare", "准备"),
        text(
            "{node} has heard nothing from a leader. It asks for promises of ballot {a}, for all later slots at once.",
            "{node} 没有收到领导者的消息，以编号 {a} 为之后所有槽位发起准备请求。",
        ),
    ),
    ELECTIONS,
    Glyph::Open,
);
pub static PROMISE: Rule = rule(
    "promise",
    "2.2, phase 1b; 3",
    text("Promise", "承诺"),
    text(
        "{node} promises {peer} ballot {a}, and tells what it accepted.",
        "{node} 向 {peer} 承诺编号 {a}，并告知已接受的提案。",
    ),
);
pub static REFUSE: Rule = rule(
    "refuse",
    "2.2",
    text("Refuse", "拒绝"),
    text(
        "{node} refuses ballot {a} of {peer}: it has promised {epoch}.",
        "{node} 拒绝 {peer} 的编号 {a}：它已承诺{epoch}。",
    ),
);
pub static BECOME_LEADER: Rule = marked(
    rule(
        "become-leader",
        "3",
        text("Become leader", "成为领导者"),
        text("{node} leads {epoch}: {nodes} promised.", "{nodes} 已承诺，{node} 以{epoch}成为领导者。"),
    ),
    ELECTIONS,
    Glyph::Solid,
);
pub static PROPOSE_AGAIN: Rule = rule(
    "propose-again",
    "3",
    text("Propose again", "重新提出"),
    text(
        "{node} proposes slot {a} again: its value may have been chosen.",
        "{node} 重新提出槽位 {a}：它的值可能已被选定。",
    ),
);
pub static FILL_HOLE: Rule = rule(
    "fill-hole",
    "3",
    text("Fill a hole", "填补空洞"),
    text(
        "{node} fills slot {a} with a no-op, so that later ones can be applied.",
        "{node} 用空日志条目（no-op）填补槽位 {a}，使后面的槽位可以应用。",
    ),
);
pub static PROPOSE: Rule = rule(
    "propose",
    "3; 2.2, phase 2a",
    text("Propose", "提出"),
    text("{node} proposes the client's command for slot {a}.", "{node} 为槽位 {a} 提出客户端的命令。"),
);
pub static ACCEPT: Rule = rule(
    "accept",
    "2.2, phase 2b",
    text("Accept", "接受"),
    text("{node} accepts slot {a} from {peer}.", "{node} 接受 {peer} 的槽位 {a}。"),
);
pub static CHOOSE: Rule = marked(
    rule(
        "choose",
        "2.3",
        text("Choose", "选定"),
        text(
            "{node} learns that slot {a} is chosen: {nodes} accepted it.",
            "{node} 得知槽位 {a} 已选定：{nodes} 已接受。",
        ),
    ),
    CHOSEN,
    Glyph::Cell,
);
pub static LEARN_CHOSEN: Rule = rule(
    "learn-chosen",
    "2.3",
    text("Learn what is chosen", "得知选定"),
    text("{node} has applied every slot up to {a}.", "{node} 已应用到槽位 {a}。"),
);
pub static CATCH_UP: Rule = rule(
    "catch-up",
    "3",
    text("Catch somebody up", "帮助追赶"),
    text("{node} sends {peer} what was chosen from slot {a} on.", "{node} 把槽位 {a} 起选定的值发给 {peer}。"),
);
pub static STEP_DOWN: Rule = rule(
    "step-down",
    "2.4",
    text("Step down", "退位"),
    text("{node} hears of a higher ballot and follows.", "{node} 得知更大的编号，转为跟随。"),
);
pub static REDIRECT_CLIENT: Rule = rule(
    "redirect-client",
    "3",
    text("Redirect a client", "重定向客户端"),
    text("{node} sends the client to {peer}.", "{node} 让客户端去找 {peer}。"),
);
pub static REFUSE_CLIENT: Rule = rule(
    "refuse-client",
    "3",
    text("Refuse a client", "拒绝客户端"),
    text("{node} knows no leader, and cannot help the client.", "{node} 不知道谁是领导者，无法处理请求。"),
);
pub static ANSWER_AGAIN: Rule = rule(
    "answer-again",
    "3",
    text("Answer a retry", "响应重试"),
    text(
        "{node} has applied this command before, and answers without doing it again.",
        "{node} 已应用过这条命令，直接响应而不再应用。",
    ),
);

pub static ALL: &[&Rule] = &[
    &PREPARE,
    &PROMISE,
    &REFUSE,
    &BECOME_LEADER,
    &PROPOSE_AGAIN,
    &FILL_HOLE,
    &PROPOSE,
    &ACCEPT,
    &CHOOSE,
    &LEARN_CHOSEN,
    &CATCH_UP,
    &STEP_DOWN,
    &REDIRECT_CLIENT,
    &REFUSE_CLIENT,
    &ANSWER_AGAIN,
];
