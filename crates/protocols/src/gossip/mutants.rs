//! Rules broken on purpose, each a guard taken away in place.

use synod_engine::prelude::*;

pub static OVERWRITE: Mutant = Mutant {
    id: "overwrite",
    rule: text("The newer version stays", "保留较新的版本"),
    title: text("Takes whatever comes", "来者不拒"),
    says: text("A site takes an incoming value though its own is newer.", "收到的值比自己的旧，站点也照收。"),
    breaks: "versions-never-go-back",
    source: "Demers et al. 1987, 1.2",
};
pub static INVENT: Mutant = Mutant {
    id: "whispers-change",
    rule: text("Pass on what was told", "原样转述"),
    title: text("Whispers change", "以讹传讹"),
    says: text("A site passes on another value than it was told.", "站点转述的值与听到的不同。"),
    breaks: "nothing-invented",
    source: "Demers et al. 1987, 1.2",
};
pub static NEVER_SILENT: Mutant = Mutant {
    id: "never-silent",
    rule: text("Stop telling when interest is lost", "失去兴趣就停止传播"),
    title: text("Never silent", "停不下来"),
    says: text("A site goes on telling after it has lost interest.", "失去兴趣之后站点仍继续传播。"),
    breaks: "removed-stay-silent",
    source: "Demers et al. 1987, 1.4",
};
pub static TELL_AGAIN: Mutant = Mutant {
    id: "tell-again",
    rule: text("Old news stays cold", "旧闻不再传播"),
    title: text("Old news is hot again", "旧闻重传"),
    says: text("Hearing a rumour again makes it hot again.", "再次听到谣言就重新开始传播。"),
    breaks: "removed-stay-removed",
    source: "Demers et al. 1987, 1.4",
};

pub static COUNT_ANEW: Mutant = Mutant {
    id: "count-anew",
    rule: text("A version is used once", "版本号只用一次"),
    title: text("Counts versions anew", "版本重新计数"),
    says: text(
        "A site that has lost its disk uses versions again that it used before.",
        "丢失磁盘的站点再次使用自己用过的版本。",
    ),
    breaks: "versions-never-repeat",
    source: "scylladb 5801, memberlist 311",
};

pub static ALL: &[&Mutant] = &[&OVERWRITE, &INVENT, &NEVER_SILENT, &TELL_AGAIN, &COUNT_ANEW];
