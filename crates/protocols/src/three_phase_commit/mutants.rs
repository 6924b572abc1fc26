//! Rules broken on purpose: each is a guard taken away in place.

use synod_engine::protocol::Mutant;
use synod_engine::text::text;

macro_rules! mutants {
    ($($name:ident = ($id:literal, $rule:literal / $gui:literal, $en:literal / $zh:literal, $says:literal / $shuo:literal, $breaks:literal, $source:literal);)*) => {
        $(pub static $name: Mutant =
            Mutant::new($id, text($rule, $gui), text($en, $zh), text($says, $shuo), $breaks, $source);)*
        pub const ALL: &[&Mutant] = &[$(&$name),*];
    };
}

mutants! {
    IGNORE_ATTEMPTS = ("ignore-attempts",
        "The newest attempt counts" / "以最新的尝试为准",
        "Ignores the attempt counters" / "不看尝试编号",
        "Under e3pc, one that is prepared is enough to go on to commit, however old that is." / "在 e3pc 下，只要有人已预备就走向提交，无论那有多旧。",
        "agreement", "Keidar and Dolev 1998, IMAC");
    HALF_QUORUM = ("half-quorum",
        "A quorum is more than half" / "法定人数要过半",
        "Half is a quorum" / "一半就算法定人数",
        "Two halves that share nobody may decide each for itself." / "互不相交的两半可以各自决定。",
        "agreement", "Skeen 1982");
    OBEY_OLDER = ("obey-older",
        "An older coordinator is ignored" / "不理会旧的协调者",
        "Obeys the older of two coordinators" / "听从两个协调者中较旧的",
        "A participant that follows a newer attempt moves as an older one says." / "已跟随新尝试的参与者仍按旧的指示转移。",
        "agreement", "section 7.5.2; Keidar and Dolev 1998, Last_Elected");
    CHANGE_SIDES = ("change-sides",
        "Whoever moved stays" / "转移之后不改变方向",
        "Changes sides" / "改变方向",
        "Under quorum, those who are prepared to abort are counted as if they could still commit, and moved." / "在 quorum 下，已准备中止的参与者仍被算作可以提交，并被转向。",
        "agreement", "Skeen 1982");
    NUMBER_UNWRITTEN = ("number-unwritten",
        "Numbers are on the disk" / "编号要落盘",
        "Keeps numbers in memory" / "编号只在内存",
        "A participant follows a number and does not write it: after a crash it follows an older one." / "参与者跟随编号却不写盘：宕机后又跟随更旧的。",
        "written-first", "Keidar and Dolev 1998, Last_Elected");
    ACK_BEFORE_WRITING = ("ack-before-writing",
        "PreCommit is written before it is acknowledged" / "PreCommit 先落盘后确认",
        "Acknowledges before it is written" / "未落盘就确认",
        "A participant acknowledges a PreCommit that is not on its disk yet." / "参与者确认了尚未落盘的 PreCommit。",
        "written-first", "section 7.5.3");
    COMMIT_BEFORE_WRITING = ("commit-before-writing",
        "Commit is written before it is told" / "提交先落盘后通知",
        "Tells the commit before it is written" / "提交未落盘就通知",
        "The coordinator sends DoCommit, and forces its record afterwards." / "协调者先发 DoCommit，再写记录。",
        "written-first", "section 7.5, coordinator, step 3");
    YES_BEFORE_WRITING = ("yes-before-writing",
        "Yes is written before it is said" / "同意先落盘后发送",
        "Says yes before it is written" / "同意未落盘就发送",
        "A participant sends YES, and forces its record afterwards." / "参与者先发 YES，再写记录。",
        "written-first", "section 7.5, participant, step 1");
    MAJORITY = ("commit-on-majority",
        "All must say yes" / "必须全体同意",
        "A majority of votes is enough" / "多数票即可",
        "The coordinator goes on when more than half have said yes." / "过半同意，协调者就继续。",
        "unanimity", "section 7.3, AC3");
    COUNT_VOTES = ("count-messages",
        "Voters are counted" / "按投票者计票",
        "Messages are counted" / "按消息计票",
        "A yes that arrives twice counts twice." / "到达两次的同意票算作两票。",
        "unanimity", "section 7.3, AC3");
    ANY_ANSWER = ("any-answer",
        "A no aborts" / "反对即中止",
        "Takes a no for a yes" / "把反对当作同意",
        "The coordinator waits for an answer and does not read it." / "协调者只等响应，不看内容。",
        "unanimity", "section 7.5, coordinator, step 2");
    NO_UNDO = ("no-undo",
        "An abort takes back what was written" / "中止会撤销写入",
        "Undoes nothing" / "中止不撤销",
        "A participant aborts and leaves what it wrote." / "参与者中止了事务，却留下写入的内容。",
        "all-or-nothing", "section 6.4");
    NO_REDO = ("no-redo",
        "What is committed is done again after a crash" / "宕机后重做已提交的写入",
        "Redoes nothing" / "恢复时不重做",
        "A participant that is back takes its pages as it finds them." / "参与者恢复后直接使用磁盘上的旧页。",
        "all-or-nothing", "section 6.4");
    UNLOCK_EARLY = ("unlock-early",
        "Locks are kept until the decision" / "锁保持到决定之后",
        "Unlocks when it has voted" / "投票后就释放锁",
        "A participant gives up its locks while it is uncertain." / "参与者在未决时就释放了锁。",
        "undecided-is-locked", "section 7.5");
}
