//! The actions: the paper's steps, and those of ZooKeeper's election and synchronisation.

use synod_engine::prelude::*;

const ELECTIONS: usize = 0;
const COMMITS: usize = 1;

macro_rules! rules {
    ($($(#[$row:ident $glyph:ident])? $name:ident = $id:literal, $section:literal, $title:expr, $zh_title:expr, $says:expr, $zh:expr;)+) => {
        $(pub static $name: Rule = rules!(@ $([$row $glyph])? rule($id, $section, text($title, $zh_title), text($says, $zh)));)+
        pub static ALL: &[&Rule] = &[$(&$name),+];
    };
    (@ [$row:ident $glyph:ident] $rule:expr) => { marked($rule, $row, Glyph::$glyph) };
    (@ $rule:expr) => { $rule };
}

rules! {
    #[ELECTIONS Open]
    LOOK = "look", "phase 0", "Look for a leader", "寻找领导者",
        "{node} has no leader: it votes for itself, in round {a}.", "{node} 没有领导者：在第 {a} 轮投票给自己。";
    ASK_WHO_LEADS = "ask-who-leads", "ZooKeeper, observers", "Ask who leads", "询问谁领导",
        "{node} has no leader and no vote: it asks who leads.", "{node} 没有领导者，也没有选票：询问谁领导。";
    VOTE = "vote", "phase 0", "Vote for a better one", "改投更优者",
        "{node} hears of {peer}, who has more, and votes for it.", "{node} 得知 {peer} 拥有更多，改投给它。";
    FOLLOW = "follow", "phase 0", "Follow", "跟随",
        "A quorum agrees on {peer}, and {node} follows it.", "多数同意由 {peer} 领导，{node} 跟随它。";
    OBSERVE = "observe", "ZooKeeper, observers", "Observe", "观察",
        "A quorum agrees on {peer}, and {node} observes what it commits.", "多数同意由 {peer} 领导，{node} 观察它的提交。";
    LEAD = "lead", "phase 0", "Lead", "领导",
        "A quorum agrees on {node}: it waits for those who would follow.", "多数同意由 {node} 领导：它等待跟随者。";
    NEW_EPOCH = "new-epoch", "phase 1, step l.1.1", "Choose an epoch", "选定纪元",
        "{node} has heard from a quorum, and begins epoch {a}, above all that they accepted.",
        "{node} 收到多数的消息，开始纪元 {a}，大于他们接受过的一切。";
    ACCEPT_EPOCH = "accept-epoch", "phase 1, step f.1.2", "Accept the epoch", "接受纪元",
        "{node} accepts epoch {a} of {peer}, and tells what it has.", "{node} 接受 {peer} 的纪元 {a}，并告知自己拥有什么。";
    GIVE_UP = "give-up", "ZooKeeper, waitForEpochAck", "Give up for one with more", "让位给拥有更多者",
        "{node} sees that {peer} has more, and does not lead.", "{node} 发现 {peer} 拥有更多，不再领导。";
    TAKE_HISTORY = "take-history", "phase 1, step l.1.2", "Take the best history", "采用最优历史",
        "{node} takes the history of {peer}: the newest epoch, and in it the longest.",
        "{node} 采用 {peer} 的历史：纪元最新，其中最长。";
    BEGIN_EPOCH = "begin-epoch", "phase 2, step l.2.1", "Begin to synchronise", "开始同步",
        "A quorum has accepted {epoch}: its history begins with {a} {a:transaction|transactions}.",
        "多数已接受{epoch}：它的历史从 {a} 个事务开始。";
    NEW_LEADER = "new-leader", "phase 2, step l.2.1", "Hand over the history", "交付历史",
        "{node} has {peer} take its history as that of {epoch}.", "{node} 让 {peer} 把它的历史当作{epoch}的历史。";
    SEND_TRUNC = "send-trunc", "ZooKeeper, LearnerHandler", "TRUNC", "TRUNC",
        "{peer} has what {node} does not know: it is to be cut off.", "{peer} 拥有 {node} 所没有的：要截去。";
    SEND_DIFF = "send-diff", "ZooKeeper, LearnerHandler", "DIFF", "DIFF",
        "{node} sends {peer} the {a} {a:transaction|transactions} that it lacks.", "{node} 把 {peer} 缺少的 {a} 个事务发给它。";
    SEND_SNAP = "send-snap", "ZooKeeper, LearnerHandler", "SNAP", "SNAP",
        "{peer} lacks {a} {a:transaction|transactions}, more than {node} keeps apart: it is sent everything.",
        "{peer} 缺少 {a} 个事务，超过 {node} 单独保留的：发送全部。";
    TRUNCATE = "truncate", "ZooKeeper, TRUNC", "Cut off", "截去",
        "{node} cuts off what comes after {a} of {epoch}: it was never committed.", "{node} 截去{epoch}第 {a} 个之后的部分：它从未提交。";
    TAKE_DIFF = "take-diff", "ZooKeeper, DIFF", "Take what is missing", "补上缺少的",
        "{node} takes {a} {a:transaction|transactions} that it lacked.", "{node} 补上缺少的 {a} 个事务。";
    TAKE_SNAP = "take-snap", "ZooKeeper, SNAP", "Take everything", "接收全部",
        "{node} takes all {a} {a:transaction|transactions}.", "{node} 接收全部 {a} 个事务。";
    ACCEPT_HISTORY = "accept-history", "phase 2, step f.2.1", "Accept the history", "接受历史",
        "{node} has the history of {peer}, {a} {a:transaction|transactions}, and writes that it is of {epoch}.",
        "{node} 拥有 {peer} 的历史，共 {a} 个事务，并写下它属于{epoch}。";
    #[ELECTIONS Solid]
    ESTABLISH = "establish", "phase 2, step l.2.2", "Establish the epoch", "确立纪元",
        "With {nodes}, a quorum has the history of {node}: it is committed, and {node} may broadcast.",
        "{nodes} 已拥有 {node} 的历史：它已提交，{node} 可以广播。";
    GO_ACTIVE = "go-active", "phase 2, step f.2.2", "Deliver the history", "交付应用历史",
        "{node} hears that {epoch} is established, and delivers its history.", "{node} 得知{epoch}已确立，应用其历史。";
    PROPOSE = "propose", "phase 3, step l.3.1", "Propose", "提出",
        "{node} proposes a transaction, number {a} of {epoch}.", "{node} 提出事务，{epoch}的第 {a} 个。";
    ACCEPT_PROPOSAL = "accept-proposal", "phase 3, step f.3.1", "Accept a proposal", "接受提议",
        "{node} writes number {a} of {epoch}, and acknowledges it.", "{node} 写下{epoch}的第 {a} 个，并确认。";
    #[COMMITS Cell]
    COMMIT = "commit", "phase 3, step l.3.2", "Commit", "提交",
        "A quorum has number {a} of {epoch} ({nodes}): it is committed.", "{nodes} 已有{epoch}的第 {a} 个：提交。";
    DELIVER = "deliver", "phase 3, step f.3.2", "Deliver", "应用",
        "{node} delivers what is committed, up to number {a} of {epoch}.", "{node} 应用已提交的，直到{epoch}的第 {a} 个。";
    TAKE_INFORM = "take-inform", "ZooKeeper, INFORM", "Take what is committed", "接收已提交的",
        "{node}, without a vote, is told of number {a} of {epoch} once it is committed.",
        "{node} 没有选票，在{epoch}的第 {a} 个提交后才得知它。";
    MISS = "miss", "phase 3, step f.3.1", "Miss something", "发现缺失",
        "{node} is told of number {a} by {peer}, and lacks it or one before it.", "{peer} 告诉 {node} 第 {a} 个，而它或它之前的缺失。";
    LEAVE = "leave", "phase 3", "Leave", "离开",
        "{node} has not heard of whom it needs, and looks for a leader.", "{node} 没有收到所需的消息，去寻找领导者。";
    READ = "read", "ZooKeeper", "Read here", "就地读取",
        "{node} answers from what it has delivered.", "{node} 用已应用的数据响应。";
    SYNC = "sync", "ZooKeeper", "Sync", "同步读",
        "{node} has delivered what the leader had proposed.", "{node} 已应用领导者当时提出的一切。";
    FORWARD = "forward", "ZooKeeper", "Forward a write", "转发写入",
        "{node} passes the write on to {peer}.", "{node} 把写入转给 {peer}。";
    REDIRECT_CLIENT = "redirect-client", "in place of forwarding", "Send the client on", "让客户端改找领导者",
        "{node} sends the client to {peer}.", "{node} 让客户端去找 {peer}。";
    REFUSE_CLIENT = "refuse-client", "ZooKeeper", "Refuse a client", "拒绝客户端",
        "{node} is in no epoch that counts, and cannot help the client.", "{node} 不在已确立的纪元中，无法处理请求。";
    REFUSE_SESSION = "refuse-session", "ZooKeeper, last zxid seen", "Refuse a session", "拒绝会话",
        "{node} has delivered less than the client has seen, and does not take its session.",
        "{node} 应用的少于该客户端见过的，不接受它的会话。";
    ANSWER_AGAIN = "answer-again", "ZooKeeper", "Answer a retry", "响应重试",
        "{node} has delivered this command before, and answers without doing it again.",
        "{node} 已应用过这条命令，直接响应而不再应用。";
}
