//! Rules broken on purpose, each with the invariant that must fall.

use synod_engine::prelude::*;

pub static FORGET: Mutant = Mutant {
    id: "forget",
    rule: text("The count is kept on disk", "计数写入磁盘"),
    title: text("Forgets", "忘记"),
    says: text("A restart clears the count.", "重启后计数清零。"),
    breaks: "never-goes-back",
    source: "section 1",
};
pub static BELIEVE_ANYTHING: Mutant = Mutant {
    id: "believe-anything",
    rule: text("Only a higher count is taken", "只接受更大的计数"),
    title: text("Believes anything", "轻信"),
    says: text("A node takes any count that it hears.", "节点接受听到的任何计数。"),
    breaks: "never-goes-back",
    source: "section 2",
};

pub static ALL: &[&Mutant] = &[&FORGET, &BELIEVE_ANYTHING];
