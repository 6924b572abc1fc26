//! Rules broken on purpose. Each is a guard taken away in place, and names the invariant that
//! must fall.

use synod_engine::protocol::Mutant;
use synod_engine::text::text;

pub static VOTE_TWICE: Mutant = Mutant {
    id: "vote-twice",
    rule: text("One vote in a term", "一个任期只投一票"),
    title: text("Votes twice", "一任期投两票"),
    says: text(
        "A server grants its vote without looking whether it has given it.",
        "服务器不检查是否已投票就再次投票。",
    ),
    breaks: "election-safety",
    source: "Raft 5.2",
};
pub static FORGET_VOTE: Mutant = Mutant {
    id: "forget-vote",
    rule: text("The vote is kept on disk", "选票写入磁盘"),
    title: text("Forgets its vote", "忘记投过的票"),
    says: text("A restart clears the vote that should have been on disk.", "重启后丢失本应落盘的投票记录。"),
    breaks: "election-safety",
    source: "Raft figure 2, persistent state",
};
pub static FORGET_TERM: Mutant = Mutant {
    id: "forget-term",
    rule: text("The term is kept on disk", "任期写入磁盘"),
    title: text("Forgets its term", "忘记任期"),
    says: text("A restart clears the term and the vote.", "重启后丢失任期和投票记录。"),
    breaks: "election-safety",
    source: "Raft figure 2, persistent state",
};
pub static FORGET_LOG: Mutant = Mutant {
    id: "forget-log",
    rule: text("The log is kept on disk", "日志写入磁盘"),
    title: text("Forgets its log", "忘记日志"),
    says: text("A restart clears the log that should have been on disk.", "重启后丢失本应落盘的日志。"),
    breaks: "answers-survive",
    source: "Raft figure 2, persistent state",
};
pub static COUNT_STALE_VOTES: Mutant = Mutant {
    id: "count-stale-votes",
    rule: text("Only votes of this term count", "只计本任期的选票"),
    title: text("Counts old votes", "计入过期选票"),
    says: text("A candidate counts votes that were given for an earlier term.", "候选人把更早任期的选票也算进来。"),
    breaks: "election-safety",
    source: "Raft 5.2",
};
pub static HALF_IS_ENOUGH: Mutant = Mutant {
    id: "half-is-enough",
    rule: text("A majority elects", "多数派才能选出领导者"),
    title: text("Half is enough", "半数即当选"),
    says: text(
        "A candidate wins with half the votes, which two can have at once.",
        "候选人得到一半选票就当选，可能同时有两人当选。",
    ),
    breaks: "election-safety",
    source: "Raft 5.2",
};
pub static ANY_LOG_WINS: Mutant = Mutant {
    id: "any-log-wins",
    rule: text("A vote only for an up-to-date log", "只投给日志足够新的候选人"),
    title: text("Any log may win", "不比较日志"),
    says: text("Voters do not ask whether the candidate's log is up to date.", "投票者不检查候选人的日志是否足够新。"),
    breaks: "leader-completeness",
    source: "Raft 5.4.1",
};
pub static LONGEST_LOG_WINS: Mutant = Mutant {
    id: "longest-log-wins",
    rule: text("The newer last term goes first", "先比最后一条的任期"),
    title: text("The longest log wins", "只比日志长度"),
    says: text(
        "Voters compare the lengths of logs and not their last terms.",
        "投票者只比较日志长度，不比较最后一条的任期。",
    ),
    breaks: "leader-completeness",
    source: "Raft 5.4.1",
};
pub static COMMIT_OLD_TERMS: Mutant = Mutant {
    id: "commit-old-terms",
    rule: text("Only entries of the own term are counted", "只对本任期的条目计数"),
    title: text("Commits old terms by counting", "靠计数提交旧任期"),
    says: text(
        "A leader commits an entry of an earlier term once a majority has it.",
        "领导者凭多数派副本就提交旧任期的条目。",
    ),
    breaks: "leader-completeness",
    source: "Raft 5.4.2, figure 8",
};
pub static ALWAYS_TRUNCATE: Mutant = Mutant {
    id: "always-truncate",
    rule: text("Cut back only on conflict", "有冲突才截断"),
    title: text("Always truncates", "总是截断"),
    says: text(
        "A follower cuts its log after the entries of a message, even when nothing conflicts.",
        "即使没有冲突，跟随者也把消息之后的日志全部删掉。",
    ),
    breaks: "answers-survive",
    source: "Raft 5.3",
};
pub static KEEP_CONFLICTS: Mutant = Mutant {
    id: "keep-conflicts",
    rule: text("Conflicting entries are cut", "冲突的条目要截断"),
    title: text("Keeps conflicting entries", "保留冲突条目"),
    says: text(
        "A follower keeps an entry that conflicts, and acknowledges the leader's.",
        "跟随者保留冲突的条目，却确认了领导者的条目。",
    ),
    breaks: "state-machine-safety",
    source: "Raft 5.3",
};
pub static SKIP_CONSISTENCY_CHECK: Mutant = Mutant {
    id: "skip-consistency-check",
    rule: text("The entry before must match", "前一条必须吻合"),
    title: text("Skips the consistency check", "跳过一致性检查"),
    says: text(
        "A follower appends without comparing the term of the entry before.",
        "跟随者不比较前一条的任期就追加。",
    ),
    breaks: "log-matching",
    source: "Raft 5.3",
};
pub static OBEY_OLD_LEADERS: Mutant = Mutant {
    id: "obey-old-leaders",
    rule: text("Old leaders are refused", "拒绝旧任期的领导者"),
    title: text("Obeys old leaders", "服从旧领导者"),
    says: text("A follower accepts entries from a leader of an earlier term.", "跟随者接受更早任期领导者的条目。"),
    breaks: "answers-survive",
    source: "Raft 5.1",
};
pub static NEVER_STEP_DOWN: Mutant = Mutant {
    id: "never-step-down",
    rule: text("A higher term ends a leadership", "见到更高任期就退位"),
    title: text("Never steps down", "从不退位"),
    says: text(
        "A leader that sees a higher term adopts it and goes on leading.",
        "领导者看到更高任期后沿用新任期继续领导。",
    ),
    breaks: "election-safety",
    source: "Raft 5.1",
};
pub static ACK_WHOLE_LOG: Mutant = Mutant {
    id: "ack-whole-log",
    rule: text("Acknowledge only what was sent", "只确认收到的条目"),
    title: text("Acknowledges its whole log", "确认整个日志"),
    says: text(
        "A follower acknowledges up to its last entry, also what the leader never sent.",
        "跟随者确认到自己最后一条，包括领导者没发过的。",
    ),
    breaks: "answers-survive",
    source: "Raft 5.3",
};
pub static APPLY_TWICE: Mutant = Mutant {
    id: "apply-twice",
    rule: text("A command is applied once", "一条命令只应用一次"),
    title: text("Applies retries again", "重复应用重试的命令"),
    says: text("The state machine does not look at serial numbers.", "状态机不检查序列号。"),
    breaks: "applied-once",
    source: "Raft section 8",
};
pub static READ_WITHOUT_ASKING: Mutant = Mutant {
    id: "read-without-asking",
    rule: text("Ask a majority before a read", "读之前先问多数派"),
    title: text("Reads without asking", "不确认就读"),
    says: text(
        "A leader answers reads without a round of heartbeats, though it may be deposed.",
        "领导者不经一轮心跳确认就响应读请求，可能早已被取代。",
    ),
    breaks: "reads-never-go-back",
    source: "dissertation 6.4",
};
pub static READ_BEFORE_COMMITTING: Mutant = Mutant {
    id: "read-before-committing",
    rule: text("Commit in this term before a read", "读之前先提交本任期的条目"),
    title: text("Reads before it commits", "未提交本任期就读"),
    says: text(
        "A new leader answers reads before it has committed an entry of its term.",
        "新领导者在提交本任期条目之前就响应读请求。",
    ),
    breaks: "reads-never-go-back",
    source: "dissertation 6.4, step 1",
};

pub static LEASE_NEVER_ENDS: Mutant = Mutant {
    id: "lease-never-ends",
    rule: text("A lease ends", "租约会到期"),
    title: text("The lease never ends", "租约永不到期"),
    says: text(
        "A leader that has had a lease once goes on answering reads by it.",
        "领导者得到过一次租约后，就一直凭它响应读请求。",
    ),
    breaks: "reads-never-go-back",
    source: "dissertation 6.4.1",
};
pub static VOTE_DURING_LEASE: Mutant = Mutant {
    id: "vote-during-lease",
    rule: text("No votes while a leader is heard", "听到领导者时不投票"),
    title: text("Votes during a lease", "租约期间投票"),
    says: text(
        "A server helps to elect another leader though it has just heard from this one.",
        "服务器刚收到领导者的消息，就投票给别人。",
    ),
    breaks: "reads-never-go-back",
    source: "dissertation 4.2.3, 6.4.1",
};

pub static ALL: &[&Mutant] = &[
    &VOTE_TWICE,
    &FORGET_VOTE,
    &FORGET_TERM,
    &FORGET_LOG,
    &COUNT_STALE_VOTES,
    &HALF_IS_ENOUGH,
    &ANY_LOG_WINS,
    &LONGEST_LOG_WINS,
    &COMMIT_OLD_TERMS,
    &ALWAYS_TRUNCATE,
    &KEEP_CONFLICTS,
    &SKIP_CONSISTENCY_CHECK,
    &OBEY_OLD_LEADERS,
    &NEVER_STEP_DOWN,
    &ACK_WHOLE_LOG,
    &APPLY_TWICE,
    &READ_WITHOUT_ASKING,
    &READ_BEFORE_COMMITTING,
    &LEASE_NEVER_ENDS,
    &VOTE_DURING_LEASE,
];
