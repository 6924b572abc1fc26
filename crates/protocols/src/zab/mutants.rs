//! Rules broken on purpose, each a guard taken away in place.

use synod_engine::prelude::*;

macro_rules! mutants {
    ($($name:ident = $id:literal, $rule:literal, $rule_zh:literal, $title:literal, $title_zh:literal, $says:literal, $zh:literal, $breaks:literal, $source:literal;)+) => {
        $(pub static $name: Mutant = Mutant::new(
            $id, text($rule, $rule_zh), text($title, $title_zh), text($says, $zh), $breaks, $source,
        );)+
        pub static ALL: &[&Mutant] = &[$(&$name),+];
    };
}

mutants! {
    PROPOSE_TO_ACTIVE = "propose-to-active", "Proposals go to all that were sent the history", "提议发给所有已收到历史者",
        "Only to those who have acknowledged it", "只发给已确认者",
        "A proposal is not sent to one that is being synchronised.", "不把提议发给正在同步的服务器。",
        "nothing-unexpected", "Zab.tla, issue 1";
    TAKE_TWICE = "take-twice", "What is there is not taken again", "已有的不再接受",
        "Takes a proposal twice", "重复接受提议",
        "A follower appends a proposal that its history has already.", "跟随者把历史中已有的提议再追加一次。",
        "total-order", "Zab.tla, issue 2";
    OLD_COMMIT = "old-commit", "A newcomer hears of the newest commit", "新来者得知最新的提交",
        "Tells it an old one", "告知旧的提交",
        "A newcomer is told what was committed when it was sent the history.", "只告诉新来者发送历史时已提交的部分。",
        "nothing-unexpected", "Zab.tla, issue 3";
    OUT_OF_ORDER = "out-of-order", "Links keep their order", "链路保持顺序",
        "Links out of order", "链路乱序",
        "Messages overtake one another.", "消息可以互相超越。",
        "nothing-unexpected", "Junqueira, Reed and Serafini 2011, section II";
    NO_TRUNCATE = "no-truncate", "What the leader lacks is cut off", "领导者没有的要截去",
        "Keeps its own tail", "保留自己的尾部",
        "A follower keeps what was never committed.", "跟随者保留从未提交的部分。",
        "total-order", "ZOOKEEPER-2832";
    EPOCH_BEFORE_HISTORY = "epoch-before-history", "Epoch and history are written together", "纪元与历史一起写入",
        "Writes the epoch first", "先写纪元",
        "A follower says that it has the history of an epoch before it has it.", "跟随者在拥有某纪元的历史之前就声称拥有。",
        "primary-integrity", "ZOOKEEPER-4643";
    PROMISE_FOR_HISTORY = "promise-for-history", "Histories are compared by their own epoch", "按历史自身的纪元比较",
        "By the promised epoch", "按承诺的纪元比较",
        "Whoever promised the newest epoch is taken to have the newest history.", "承诺了最新纪元的，被当作拥有最新历史。",
        "primary-integrity", "Junqueira, Reed and Serafini 2011, f.p and f.a";
    ELECT_BY_NAME = "elect-by-name", "The elected has most", "当选者拥有最多",
        "Elected by name alone", "只按名字选举",
        "Votes are compared by the server's name, and the elected does not look who has more.",
        "只按服务器名字比较投票，当选者也不检查谁拥有更多。",
        "primary-integrity", "ZooKeeper 3.4.3, totalOrderPredicate";
    MINORITY = "minority", "A quorum follows", "需要多数跟随",
        "One less than a majority", "少一个也行",
        "A leader begins an epoch with one follower less than a majority.", "领导者少一个跟随者就开始纪元。",
        "leadership", "phase 1";
    FORGET_EPOCH = "forget-epoch", "An accepted epoch is on disk", "接受的纪元写入磁盘",
        "Forgets what it accepted", "忘记接受过的纪元",
        "A restart clears the epoch that was accepted and has no history yet.", "重启后丢失已接受、但还没有历史的纪元。",
        "epochs-grow", "phase 1, step f.1.2";
    COMMIT_EARLY = "commit-early", "A quorum has it", "多数已写下才提交",
        "Commits with one less", "少一个就提交",
        "A transaction is committed by one acknowledgement less than a majority.", "少一个确认就提交事务。",
        "committed-only", "phase 3, step l.3.2";
    PROPOSE_UNSYNCHRONISED = "propose-unsynchronised", "A leader is established before it broadcasts", "先确立再广播",
        "Broadcasts too early", "过早广播",
        "A leader takes commands before a quorum has its history.", "多数尚未拥有其历史，领导者就接受命令。",
        "primary-integrity", "phase 2";
    TAKE_ANY_SESSION = "take-any-session", "A session goes on where as much is delivered", "会话只在已应用足够处继续",
        "Takes any session", "接受任何会话",
        "A server answers a client that has seen more than the server has delivered.",
        "服务器会响应见过比自己更多的客户端。",
        "sessions-in-order", "ZooKeeper, last zxid seen";
    DELIVER_EARLY = "deliver-early", "Only what is committed is delivered", "只应用已提交的",
        "Delivers proposals", "应用尚未提交的提议",
        "A follower delivers a proposal when it gets it.", "跟随者收到提议就应用。",
        "committed-only", "phase 3, step f.3.2";
}
