//! What can be chosen: how leaders are elected, who has a vote, how followers are synchronised, and how long all wait.

use synod_engine::error::Part;
use synod_engine::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How many servers have a vote: the first ones. The others observe.
    pub voters: u32,
    observers: u32,
    pub election: Election,
    pub writes: Writes,
    /// Whether a server that has delivered less than a client has seen refuses it.
    pub sessions: bool,
    /// How long a server waits for its leader, and a leader for a quorum.
    pub timeout: (Micros, Micros),
    pub heartbeat: Micros,
    /// How long better votes are waited for when a quorum agrees.
    pub finalize: Micros,
    pub sync: Sync,
    /// Of so many committed transactions the leader can send the difference; whoever lacks more gets everything.
    pub kept: u32,
}

/// How servers come to agree on who leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Election {
    /// ZooKeeper's: whoever has most.
    Fast,
    /// The paper's phase 0 asks an oracle, of which it only wants that all trust one and the same in the end. This one
    /// is the greatest name that a quorum has heard of.
    Oracle,
}

/// What a follower does with a client's write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Writes {
    Forward,
    Redirect,
}

/// How a follower comes to have the leader's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sync {
    /// The leader takes the best history of a quorum, and sends all of it with NEWLEADER.
    Paper,
    /// The elected has the best history; it sends what a follower lacks, and has it cut off what it has too much.
    Zookeeper,
}

impl Config {
    pub fn of(settings: &Settings) -> Config {
        Config {
            voters: 0,
            observers: settings.count("observers"),
            election: if settings.choice("election") == 0 { Election::Fast } else { Election::Oracle },
            writes: if settings.choice("writes") == 0 { Writes::Forward } else { Writes::Redirect },
            sessions: settings.flag("sessions"),
            timeout: settings.times("timeout"),
            heartbeat: settings.time("heartbeat"),
            finalize: settings.time("finalizeWait"),
            sync: if settings.choice("sync") == 0 { Sync::Paper } else { Sync::Zookeeper },
            kept: settings.count("committedLog"),
        }
    }

    /// Of so many servers.
    pub fn among(self, servers: u32) -> Config {
        Config { voters: servers.saturating_sub(self.observers), ..self }
    }

    pub fn check(&self) -> Result<(), Why> {
        if self.voters == 0 {
            let words = text(
                "at least one server has a vote, so that there are fewer observers than servers, not {given}",
                "至少一台服务器有选票，所以观察者要少于服务器，而不是 {given}",
            );
            return Err(why(words, [("given", Part::count(self.observers))]));
        }
        if self.election == Election::Oracle && self.sync == Sync::Zookeeper {
            let words = text(
                "whoever an oracle names has to take over the best history: \"oracle\" wants sync \"paper\"",
                "预言机选出的必须接手最优历史：\"oracle\" 需要 sync 为 \"paper\"",
            );
            return Err(words.into());
        }
        Ok(())
    }

    pub fn votes(&self, server: NodeId) -> bool {
        server.0 < self.voters
    }
    pub fn majority(&self) -> u32 {
        self.voters / 2 + 1
    }
}

const SYNCS: &[Choice] = &[
    Choice {
        id: "paper",
        says: text("The leader takes the best history, and sends all of it.", "领导者采用最优历史，并发送全部。"),
    },
    Choice {
        id: "zookeeper",
        says: text(
            "The elected has the best history, and sends only what is missing: TRUNC, DIFF or SNAP.",
            "当选者拥有最优历史，只发送缺少的：TRUNC、DIFF 或 SNAP。",
        ),
    },
];

const ELECTIONS: &[Choice] = &[
    Choice {
        id: "fast",
        says: text("Fast leader election: who has most is elected.", "快速领导者选举：拥有最多者当选。"),
    },
    Choice {
        id: "oracle",
        says: text(
            "The paper's oracle, which looks at names alone: the leader takes over the best history.",
            "论文中的预言机，只看名字：领导者接手最优历史。",
        ),
    },
];

const WRITES: &[Choice] = &[
    Choice {
        id: "forward",
        says: text(
            "A follower passes writes on to the leader, and answers once it has delivered them.",
            "跟随者把写入转给领导者，自己应用后再响应。",
        ),
    },
    Choice {
        id: "redirect", says: text("A follower sends the client to the leader.", "跟随者让客户端去找领导者。")
    },
];

pub const ALL: &[Opt] = &[
    Opt {
        id: "observers",
        label: text("Observers", "观察者"),
        says: text(
            "So many of the last servers have no vote: they hear what is committed, and answer reads.",
            "最后的这么多台服务器没有选票：它们得知已提交的，并响应读取。",
        ),
        kind: Kind::Count { min: 0, max: 98 },
        usual: Setting::Count(0),
    },
    Opt {
        id: "election",
        label: text("Election", "选举方式"),
        says: text("How servers come to agree on who leads.", "服务器怎样就领导者达成一致。"),
        kind: Kind::Choice(ELECTIONS),
        usual: Setting::Choice(0),
    },
    Opt {
        id: "writes",
        label: text("Writes at a follower", "跟随者收到写入"),
        says: text("What becomes of a write that the leader was not asked.", "写入没有发给领导者时怎么办。"),
        kind: Kind::Choice(WRITES),
        usual: Setting::Choice(0),
    },
    Opt {
        id: "sessions",
        label: text("Sessions", "会话"),
        says: text(
            "A client comes with the last zxid that it has seen; a server that has delivered less refuses it.",
            "客户端带着见过的最新 zxid 而来；应用得更少的服务器会拒绝它。",
        ),
        kind: Kind::Flag,
        usual: Setting::Flag(true),
    },
    Opt {
        id: "timeout",
        label: text("Timeout", "超时"),
        says: text(
            "A follower that hears nothing from its leader for so long leaves it, and so does a leader without a quorum.",
            "跟随者这么久收不到领导者的消息就离开它；领导者没有多数时也一样。",
        ),
        kind: Kind::Times { min: MS, max: 60_000 * MS },
        usual: Setting::Times(150 * MS, 300 * MS),
    },
    Opt {
        id: "heartbeat",
        label: text("Ping", "心跳间隔"),
        says: text("A leader shows that it is alive this often.", "领导者每隔这么久表明自己还在。"),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(50 * MS),
    },
    Opt {
        id: "finalizeWait",
        label: text("Wait for better votes", "等待更优的投票"),
        says: text(
            "How long better votes are waited for when a majority agrees. A vote is said again after as long, and each time twice as long.",
            "多数一致后，再等待更优投票的时间。投票也在这么久之后再次发出，之后每次加倍。",
        ),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(200 * MS),
    },
    Opt {
        id: "sync",
        label: text("Synchronisation", "同步方式"),
        says: text("How a follower comes to have the leader's history.", "跟随者怎样得到领导者的历史。"),
        kind: Kind::Choice(SYNCS),
        usual: Setting::Choice(1),
    },
    Opt {
        id: "committedLog",
        label: text("Kept for DIFF", "为 DIFF 保留"),
        says: text(
            "Of so many transactions the leader can send the difference; whoever lacks more is sent everything.",
            "领导者能对这么多事务发送差异；缺得更多的会收到全部。",
        ),
        kind: Kind::Count { min: 1, max: 10_000 },
        usual: Setting::Count(500),
    },
];
