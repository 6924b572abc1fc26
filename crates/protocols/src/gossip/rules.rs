//! What sites do, each with its section of the paper.

use synod_engine::prelude::*;

pub static BEGIN: Rule = Rule {
    mark: Some(Mark { row: 0, glyph: Glyph::Solid }),
    ..rule(
        "begin-rumor",
        "1.4",
        text("Begin a rumour", "开始谣言"),
        text("{node} is told something new, and will tell others.", "{node} 得到一条新消息，将告诉别人。"),
    )
};
pub static PUSH: Rule = rule(
    "push",
    "1.3, 1.4",
    text("Push", "推送"),
    text("{node} tells {peer} what is hot.", "{node} 把热门消息推送给 {peer}。"),
);
pub static GIVE: Rule = rule(
    "give",
    "1.3",
    text("Give what is newer", "给出更新的值"),
    text("{node} gives {peer} the values that are newer: {a}.", "{node} 把更新的 {a} 个值给 {peer}。"),
);
pub static HEAR: Rule = rule(
    "hear",
    "1.4",
    text("Hear", "听到"),
    text("{node} hears it from {peer} for the first time.", "{node} 第一次从 {peer} 听到。"),
);
pub static LOSE_INTEREST: Rule = rule(
    "lose-interest",
    "1.4",
    text("Lose interest", "失去兴趣"),
    text("{node} has told too many who knew, and stops.", "{node} 告诉的人多已知道，不再传播。"),
);

pub static ALL: &[&Rule] = &[&BEGIN, &PUSH, &GIVE, &HEAR, &LOSE_INTEREST];
