//! The protocol's actions, in the order of the sources: section 7.5 of Bernstein, Hadzilacos and Goodman (1987), which
//! tells Skeen's protocol of 1981; Skeen 1982; Keidar and Dolev 1998. The three phases bear their other names too.

use synod_engine::prelude::*;

const fn mark(row: usize, glyph: Glyph) -> Option<Mark> {
    Some(Mark { row, glyph })
}

macro_rules! rules {
    ($($name:ident = ($id:literal, $section:literal, $en:literal / $zh:literal, $says:literal / $shuo:literal, $mark:expr);)*) => {
        $(pub static $name: Rule = Rule { mark: $mark, ..rule($id, $section, text($en, $zh), text($says, $shuo)) };)*
        pub const ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    CAN_COMMIT = ("can-commit", "7.5, coordinator, step 1: VOTE-REQ",
        "Ask whether all can commit" / "询问能否提交",
        "{node} asks all participants of {epoch} whether they can commit." / "{node} 询问{epoch}的所有参与者能否提交。",
        mark(0, Glyph::Open));
    TAKE_LOCKS = ("take-locks", "3.2, strict two-phase locking",
        "Take the locks" / "取得锁",
        "{node} has the locks of {epoch}." / "{node} 取得了{epoch}的锁。", None);
    WAIT_FOR_LOCK = ("wait-for-lock", "3.2, strict two-phase locking",
        "Wait for a lock" / "等待锁",
        "At {node}, {epoch} waits: transaction {a} holds its key." / "{epoch}在 {node} 等待：键被事务 {a} 锁定。", None);
    VOTE_YES = ("vote-yes", "7.5, participant, step 1",
        "Write yes" / "写下同意",
        "{node} writes a yes for {epoch} to its log." / "{node} 把对{epoch}的同意写入日志。", None);
    SEND_YES = ("send-yes", "7.5, participant, step 1",
        "Say yes" / "表决同意",
        "The yes of {node} is on its disk: it votes, and is uncertain." / "{node} 的同意已落盘：投票，从此处于未决。", None);
    VOTE_NO = ("vote-no", "7.5, participant, step 1",
        "Say no" / "表决反对",
        "{node} votes no and aborts {epoch}." / "{node} 投反对票，并中止{epoch}。", None);
    WAIT_IN_VAIN = ("wait-in-vain", "3.2, deadlocks are ended by timeouts",
        "Stop waiting for a lock" / "不再等锁",
        "{node} has waited for a lock long enough." / "{node} 等锁超时。", None);
    COUNT_YES = ("count-yes", "7.5, coordinator, step 2",
        "Count a yes" / "计一张同意票",
        "{node} counts the yes of {peer} for {epoch}: {a} so far." / "{node} 计入 {peer} 对{epoch}的同意票：已有 {a} 张。", None);
    GIVE_UP = ("give-up", "7.5, coordinator, step 2",
        "Stop waiting for votes" / "不再等待表决",
        "{node} has waited for votes long enough." / "{node} 等待表决超时。", None);
    PRE_COMMIT = ("pre-commit", "7.5, coordinator, step 2: PRE-COMMIT",
        "Tell all that all said yes" / "通知：全体同意",
        "All said yes to {epoch}: {node} sends PreCommit." / "全体同意{epoch}：{node} 发送 PreCommit。",
        mark(2, Glyph::Open));
    MOVE_TO_PRE_COMMIT = ("prepare", "7.5, participant, step 2",
        "Prepare to commit" / "准备提交",
        "{node} writes PreCommit for {epoch}, as {peer} says." / "{node} 按 {peer} 的要求为{epoch}写下 PreCommit。",
        None);
    COUNT_ACK = ("count-ack", "7.5, coordinator, step 3",
        "Count an acknowledgement" / "计一个确认",
        "{node} has the acknowledgement of {peer} for {epoch}: {a} so far." / "{node} 收到 {peer} 对{epoch}的确认：已有 {a} 个。", None);
    IGNORE_SILENT = ("ignore-silent", "7.5, coordinator, step 3",
        "Ignore who is silent" / "不等没有响应者",
        "Whoever has not acknowledged {epoch} must have crashed: {node} goes on." / "没有确认{epoch}的必已宕机：{node} 继续。", None);
    STEP_BACK = ("step-back", "Skeen 1982: a quorum of acknowledgements",
        "Step back without a quorum" / "达不到法定人数，退出",
        "{node} has no quorum for {epoch}: it leaves it to the participants." / "{node} 没有得到{epoch}的多数确认：交给参与者决定。", None);
    DECIDE_COMMIT = ("decide-commit", "7.5, coordinator, step 3",
        "Write the commit" / "写下提交",
        "{node} writes a commit of {epoch} to its log." / "{node} 把{epoch}的提交写入日志。", None);
    DECIDE_ABORT = ("decide-abort", "7.5, coordinator, step 2",
        "Write the abort" / "写下中止",
        "{node} writes an abort of {epoch} to its log." / "{node} 把{epoch}的中止写入日志。", None);
    DO_COMMIT = ("do-commit", "7.5, coordinator, step 3: COMMIT",
        "Tell all to commit" / "通知提交",
        "The commit of {epoch} is on the disk of {node}: it sends DoCommit." / "{epoch}的提交已在 {node} 落盘：发送 DoCommit。",
        mark(3, Glyph::Solid));
    TELL_ABORT = ("tell-abort", "7.5, coordinator, step 2: ABORT",
        "Tell all to abort" / "通知中止",
        "The abort of {epoch} is on the disk of {node}: it tells all." / "{epoch}的中止已在 {node} 落盘：通知所有人。",
        mark(3, Glyph::Open));
    TELL_AGAIN = ("tell-again", "7.4.4",
        "Tell it again" / "再次通知",
        "{nodes} have not acknowledged {epoch}: {node} tells them again." / "{nodes} 还没有确认{epoch}：{node} 再次通知。", None);
    OBEY_COMMIT = ("obey-commit", "7.5, participant, step 3",
        "Commit" / "提交",
        "{node} commits {epoch}." / "{node} 提交{epoch}。", None);
    OBEY_ABORT = ("obey-abort", "7.5, participant, step 2",
        "Abort" / "中止",
        "{node} aborts {epoch}." / "{node} 中止{epoch}。", None);
    UNDO = ("undo", "6.4",
        "Undo what was written" / "撤销写入",
        "{node} puts back what stood there before {epoch}." / "{node} 恢复{epoch}之前的值。", None);
    FORGET = ("forget", "7.4.4",
        "Forget the transaction" / "忘记事务",
        "All have acknowledged {epoch}: {node} forgets it." / "所有人都已确认{epoch}：{node} 可以忘记它。", None);
    ABORT_ALONE = ("abort-alone", "timeouts: no PreCommit",
        "No PreCommit: abort" / "没有 PreCommit：中止",
        "{node} has no PreCommit of {epoch}: nobody can have committed, it thinks, and aborts." / "{node} 没有收到{epoch}的 PreCommit：它以为没有人会提交，于是中止。",
        mark(3, Glyph::Open));
    COMMIT_ALONE = ("commit-alone", "timeouts: no DoCommit",
        "No DoCommit: commit" / "没有 DoCommit：提交",
        "{node} has PreCommit of {epoch}, so all said yes: it commits without DoCommit." / "{node} 有{epoch}的 PreCommit，可见全体同意：没有 DoCommit 也提交。",
        mark(3, Glyph::Solid));
    TAKE_OVER = ("take-over", "7.5.2: elect a coordinator; STATE-REQ",
        "Take over" / "接替协调者",
        "The coordinator of {epoch} is silent: {node} takes over, attempt {a}." / "{epoch}的协调者没有响应：{node} 接替，第 {a} 次尝试。",
        mark(1, Glyph::Open));
    STATE = ("state", "7.5.2: STATE-REQ is answered",
        "Say how it stands" / "报告状态",
        "{node} tells {peer} how it stands with {epoch}." / "{node} 向 {peer} 报告自己在{epoch}中的状态。", None);
    IGNORE_OLDER = ("ignore-older", "7.5.2: older coordinators are ignored",
        "Ignore an older coordinator" / "不理会旧的协调者",
        "{node} follows another attempt for {epoch}: it does not obey {peer}." / "{node} 在{epoch}中已跟随另一次尝试：不听从 {peer}。", None);
    ALL_UNCERTAIN = ("all-uncertain", "7.5.2, TR3",
        "All uncertain: abort" / "全体未决：中止",
        "Nobody that {node} hears of is prepared for {epoch}: it aborts." / "{node} 所知的参与者都没有为{epoch}做好准备：中止。", None);
    SOME_PREPARED = ("some-prepared", "7.5.2, TR4",
        "Some prepared: commit" / "有人已预备：提交",
        "Somebody is prepared for {epoch}: {node} has all prepare, and then commits." / "有人已为{epoch}做好准备：{node} 让其余人也预备，然后提交。", None);
    MOVE_OTHERS = ("move-others", "7.5.2, TR4",
        "Have the others move" / "让其余人转移",
        "{node} has moved in {epoch}, and has {nodes} move as well." / "{node} 在{epoch}中已转移，并让 {nodes} 也转移。",
        mark(2, Glyph::Open));
    TELL_OTHERS = ("tell-others", "7.5.2, TR1 and TR2",
        "Tell the others" / "转告决定",
        "{node} tells {nodes} what became of {epoch}." / "{node} 把{epoch}的结果告诉 {nodes}。", None);
    TOTAL_FAILURE = ("total-failure", "7.5.3, total failure",
        "After a total failure" / "全部宕机之后",
        "Everyone that {node} hears of was down: they end {epoch} among themselves." / "{node} 所知的人都曾宕机：由他们了结{epoch}。", None);
    WAIT_FOR_OTHERS = ("wait-for-others", "7.5.3",
        "Leave it to others" / "交给别人",
        "Others never were down: {node}, who was, leaves {epoch} to them." / "有人从未宕机：曾宕机的 {node} 把{epoch}交给他们。", None);
    MOVE_TO_PRE_ABORT = ("pre-abort", "Skeen 1982: prepared to abort",
        "Prepare to abort" / "准备中止",
        "{node} writes PreAbort for {epoch}, as {peer} says." / "{node} 按 {peer} 的要求为{epoch}写下 PreAbort。",
        None);
    STAY = ("stay", "Skeen 1982: whoever moved stays",
        "Stay on its side" / "不改变方向",
        "{node} has moved the other way in {epoch}: it does not follow {peer}." / "{node} 在{epoch}中已转向另一边：不跟随 {peer}。", None);
    QUORUM_COMMITS = ("quorum-commits", "Skeen 1982: a commit quorum",
        "A quorum may commit" / "达到提交的法定人数",
        "A majority is prepared for {epoch} or may be: {node} has them prepare." / "多数人已为{epoch}预备或可以预备：{node} 让他们预备。", None);
    QUORUM_ABORTS = ("quorum-aborts", "Skeen 1982: an abort quorum",
        "A quorum may abort" / "达到中止的法定人数",
        "A majority may abort {epoch}: {node} has them prepare for that." / "多数人可以中止{epoch}：{node} 让他们准备中止。", None);
    BLOCKED = ("blocked", "Skeen 1982: otherwise, block",
        "Block" / "阻塞",
        "{node} has no quorum for either side of {epoch}: it waits." / "{node} 在{epoch}中两边都凑不够法定人数：等待。", None);
    FOLLOW = ("follow", "Keidar and Dolev 1998: Last_Elected",
        "Follow a number" / "跟随编号",
        "{node} follows attempt {a} for {epoch}, that of {peer}, and none that is older." / "{node} 在{epoch}中跟随 {peer} 的第 {a} 次尝试，不再听从更旧的。", None);
    NEWEST_COMMITS = ("newest-commits", "Keidar and Dolev 1998: IMAC",
        "The newest attempt was to commit" / "最新的尝试是提交",
        "All who moved in attempt {a}, the newest in {epoch}, are prepared: {node} goes on to commit." / "在{epoch}最新的第 {a} 次尝试中转移的人都已预备：{node} 走向提交。", None);
    NEWEST_ABORTS = ("newest-aborts", "Keidar and Dolev 1998: IMAC",
        "The newest attempt was not to commit" / "最新的尝试不是提交",
        "Attempt {a}, the newest in {epoch}, was not to commit: {node} goes on to abort." / "{epoch}最新的第 {a} 次尝试不是提交：{node} 走向中止。", None);
    ASK = ("ask", "7.5.3: a process recovers",
        "Ask what was decided" / "询问决定",
        "{node} asks what became of {epoch}." / "{node} 询问{epoch}的结果。", None);
    ANSWER = ("answer", "7.4.1",
        "Answer with the decision" / "告知决定",
        "{node} tells {peer} what became of {epoch}." / "{node} 告诉 {peer} {epoch}的结果。", None);
    STAY_SILENT = ("stay-silent", "7.4.1",
        "Answer later" / "稍后告知",
        "{node} has not decided {epoch} either: {peer} waits." / "{node} 也还没有决定{epoch}：{peer} 继续等待。", None);
    ABORT_INSTEAD = ("abort-instead", "7.4.1",
        "Abort what it has not voted on" / "中止尚未投票的事务",
        "{node} has not voted on {epoch}, and aborts it when {peer} asks." / "{node} 还没有对{epoch}投票，{peer} 询问时中止了它。", None);
    ABORT_UNDECIDED = ("abort-undecided", "7.5.3",
        "Abort what was not prepared" / "中止未预备的事务",
        "{node} never sent PreCommit for {epoch}, and aborts it." / "{node} 从未为{epoch}发送 PreCommit，于是中止。", None);
    TELL_AFTER_RESTART = ("tell-after-restart", "7.4.3",
        "Tell it after a restart" / "重启后再次通知",
        "{node} is back, and tells what became of {epoch}." / "{node} 恢复运行，告知{epoch}的结果。", None);
    OPEN_AGAIN = ("open-again", "7.5.3",
        "Open again" / "仍未了结",
        "{node} is back, and {epoch} is open still." / "{node} 恢复运行，{epoch}仍未了结。", None);
}
