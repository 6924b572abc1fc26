//! The rules, each with its section of Dynamo's paper.

use synod_engine::prelude::*;

const fn rule(id: &'static str, section: &'static str, title: Text, says: Text, mark: Option<Mark>) -> Rule {
    Rule { id, section, title, says, mark }
}

const WRITES: Mark = Mark { row: 0, glyph: Glyph::Cell };
const READS: Mark = Mark { row: 1, glyph: Glyph::Cell };

pub static WRITE: Rule = rule(
    "send-write",
    "4.3",
    text("Send a write", "发出写入"),
    text("{node} sends version {a} to {nodes}.", "{node} 把版本 {a} 发给 {nodes}。"),
    None,
);
pub static STORE: Rule = rule(
    "store",
    "4.4",
    text("Store what is newer", "保存更新的版本"),
    text("{node} stores version {a}.", "{node} 保存版本 {a}。"),
    None,
);
pub static KEEP: Rule = rule(
    "keep-newer",
    "4.4",
    text("Keep what is newer", "保留更新的版本"),
    text("{node} keeps what is newer than version {a}.", "{node} 保留比版本 {a} 更新的值。"),
    None,
);
pub static WRITTEN: Rule = rule(
    "written",
    "4.5",
    text("W have stored it", "W 个副本已保存"),
    text(
        "{node} hears from {peer}, and that is W: version {a} is written.",
        "{node} 收到 {peer} 的确认，已够 W 个：版本 {a} 写入完成。",
    ),
    Some(WRITES),
);
pub static READ: Rule = rule(
    "send-read",
    "4.5",
    text("Send a read", "发出读取"),
    text("{node} asks {nodes}.", "{node} 询问 {nodes}。"),
    None,
);
pub static FIND: Rule = rule(
    "find",
    "4.5",
    text("Say what is held", "告知所存版本"),
    text("{node} holds version {a}.", "{node} 存有版本 {a}。"),
    None,
);
pub static RETURN: Rule = rule(
    "return-newest",
    "4.5",
    text("The newest of R", "R 个中最新的"),
    text(
        "{node} hears from {peer}, and that is R: the newest is version {a}.",
        "{node} 收到 {peer} 的响应，已够 R 个：最新的是版本 {a}。",
    ),
    Some(READS),
);
pub static FIND_NOTHING: Rule = rule(
    "find-nothing",
    "4.5",
    text("Say that nothing is held", "告知没有值"),
    text("{node} holds nothing.", "{node} 没有值。"),
    None,
);
pub static RETURN_NOTHING: Rule = rule(
    "return-nothing",
    "4.5",
    text("None of R has any", "R 个都没有值"),
    text(
        "{node} hears from {peer}, and that is R: nobody holds anything.",
        "{node} 收到 {peer} 的响应，已够 R 个：都没有值。",
    ),
    None,
);
pub static GIVE_UP: Rule = rule(
    "give-up",
    "4.5",
    text("Give up", "放弃"),
    text("{node} has heard from only {a}, and gives up.", "{node} 只等到 {a} 个，放弃。"),
    None,
);

pub static ALL: &[&Rule] =
    &[&WRITE, &STORE, &KEEP, &WRITTEN, &READ, &FIND, &FIND_NOTHING, &RETURN, &RETURN_NOTHING, &GIVE_UP];
