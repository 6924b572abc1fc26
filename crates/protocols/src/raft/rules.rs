//! The rules under the paper's names, in its order, each with its section.

use synod_engine::prelude::*;

const ELECTIONS: usize = 0;
const COMMITS: usize = 1;

pub static STEP_DOWN: Rule = rule(
    "step-down",
    "5.1",
    text("Step down", "退位"),
    text("{node} learns of {epoch} and becomes a follower.", "{node} 得知{epoch}，成为跟随者。"),
);
pub static START_PRE_VOTE: Rule = rule(
    "start-pre-vote",
    "dissertation 9.6",
    text("Start a pre-vote", "发起预投票"),
    text(
        "{node} has heard nothing from a leader. It asks whether it could win.",
        "{node} 没有收到领导者的消息，先询问自己能否当选。",
    ),
);
pub static GRANT_PRE_VOTE: Rule = rule(
    "grant-pre-vote",
    "dissertation 9.6",
    text("Grant a pre-vote", "同意预投票"),
    text("{node} would vote for {peer}.", "{node} 表示愿意投票给 {peer}。"),
);
pub static START_ELECTION: Rule = marked(
    rule(
        "start-election",
        "5.2",
        text("Start an election", "发起选举"),
        text(
            "{node} stands in {epoch}, votes for itself, and asks for votes.",
            "{node} 在{epoch}参选，投自己一票，并请求投票。",
        ),
    ),
    ELECTIONS,
    Glyph::Open,
);
pub static GRANT_VOTE: Rule = rule(
    "grant-vote",
    "5.2, 5.4.1",
    text("Grant a vote", "投票"),
    text("{node} votes for {peer} in {epoch}.", "{node} 在{epoch}投票给 {peer}。"),
);
pub static DENY_VOTE: Rule = rule(
    "deny-vote",
    "5.2, 5.4.1",
    text("Refuse a vote", "拒绝投票"),
    text("{node} refuses {peer} its vote in {epoch}.", "{node} 在{epoch}拒绝投票给 {peer}。"),
);
pub static IGNORE_VOTE_REQUEST: Rule = rule(
    "ignore-vote-request",
    "dissertation 4.2.3, 6.4.1",
    text("Ignore a request for votes", "忽略投票请求"),
    text("{node} ignores {peer}: it has just heard from its leader.", "{node} 忽略 {peer}：刚刚收到过领导者的消息。"),
);
pub static IGNORE_WHILE_LEADING: Rule = rule(
    "ignore-while-leading",
    "dissertation 4.2.3, 6.4.1",
    text("Ignore a request while leading", "领导期间忽略投票请求"),
    text("{node} ignores {peer}: it leads {epoch}.", "{node} 忽略 {peer}：它是{epoch}的领导者。"),
);
pub static IGNORE_AFTER_RESTART: Rule = rule(
    "ignore-after-restart",
    "dissertation 6.4.1",
    text("Ignore a request after a restart", "重启后忽略投票请求"),
    text(
        "{node} ignores {peer}: it has just restarted, and a lease may still count on it.",
        "{node} 忽略 {peer}：它刚刚重启，可能仍有租约依赖它。",
    ),
);
pub static WAIT_FOR_LEASE: Rule = rule(
    "wait-for-lease",
    "dissertation 6.4.1",
    text("Wait for a lease to end", "等待租约结束"),
    text(
        "{node} does not stand yet: a leader's lease may still count on its vote.",
        "{node} 暂不参选：可能仍有领导者的租约依赖它的选票。",
    ),
);
pub static CHECK_QUORUM: Rule = rule(
    "check-quorum",
    "dissertation 6.2",
    text("Check the quorum", "检查多数派"),
    text(
        "{node} has heard from no majority for an election timeout, and stops leading {epoch}.",
        "{node} 在一个选举超时内没有得到多数派的响应，不再领导{epoch}。",
    ),
);
pub static BECOME_LEADER: Rule = marked(
    rule(
        "become-leader",
        "5.2",
        text("Become leader", "当选领导者"),
        text("{node} leads {epoch} with the votes of {nodes}.", "{node} 凭 {nodes} 的选票成为{epoch}的领导者。"),
    ),
    ELECTIONS,
    Glyph::Solid,
);
pub static RECOGNISE_LEADER: Rule = rule(
    "recognise-leader",
    "5.2",
    text("Recognise a leader", "承认领导者"),
    text("{node} gives up: {peer} leads {epoch}.", "{node} 放弃参选：{peer} 是{epoch}的领导者。"),
);
pub static APPEND_ENTRY: Rule = rule(
    "append-entry",
    "5.3",
    text("Append an entry", "追加条目"),
    text("{node} appends entry {a} in {epoch}.", "{node} 在{epoch}追加第 {a} 条日志。"),
);
pub static ACCEPT_ENTRIES: Rule = rule(
    "accept-entries",
    "5.3",
    text("Accept entries", "接受条目"),
    text("{node} accepts entries up to {a} from {peer}.", "{node} 接受 {peer} 的日志，直到第 {a} 条。"),
);
pub static TRUNCATE_CONFLICT: Rule = rule(
    "truncate-conflict",
    "5.3",
    text("Drop conflicting entries", "删除冲突条目"),
    text(
        "{node} drops its entries from {a} on: they conflict with those of {peer}.",
        "{node} 删除第 {a} 条起的日志：与 {peer} 的冲突。",
    ),
);
pub static REJECT_ENTRIES: Rule = rule(
    "reject-entries",
    "5.3",
    text("Refuse entries", "拒绝条目"),
    text(
        "{node} refuses: it has no entry {a} that agrees with {peer}'s.",
        "{node} 拒绝：它没有与 {peer} 一致的第 {a} 条。",
    ),
);
pub static REJECT_STALE_LEADER: Rule = rule(
    "reject-stale-leader",
    "5.1",
    text("Refuse an old leader", "拒绝旧领导者"),
    text("{node} refuses {peer}: it is in {epoch}.", "{node} 拒绝 {peer}：它已在{epoch}。"),
);
pub static BACK_OFF: Rule = rule(
    "back-off",
    "5.3, last paragraphs",
    text("Back off", "回退"),
    text("{node} goes back to entry {a} for {peer}.", "{node} 为 {peer} 回退到第 {a} 条。"),
);
pub static ADVANCE_COMMIT_INDEX: Rule = marked(
    rule(
        "advance-commit-index",
        "5.3, 5.4.2",
        text("Commit", "提交"),
        text("{node} commits entry {a}: it is held by {nodes}.", "{node} 提交第 {a} 条：{nodes} 已持有。"),
    ),
    COMMITS,
    Glyph::Cell,
);
pub static LEARN_COMMIT_INDEX: Rule = rule(
    "learn-commit-index",
    "5.3",
    text("Learn of a commit", "得知提交"),
    text("{node} learns that entries up to {a} are committed.", "{node} 得知直到第 {a} 条都已提交。"),
);
pub static REDIRECT_CLIENT: Rule = rule(
    "redirect-client",
    "8",
    text("Redirect a client", "重定向客户端"),
    text("{node} sends the client to {peer}.", "{node} 让客户端去找 {peer}。"),
);
pub static REFUSE_CLIENT: Rule = rule(
    "refuse-client",
    "8",
    text("Refuse a client", "拒绝客户端"),
    text("{node} knows no leader, and cannot help the client.", "{node} 不知道谁是领导者，无法处理请求。"),
);
pub static ANSWER_AGAIN: Rule = rule(
    "answer-again",
    "8",
    text("Answer a retry", "响应重试"),
    text("{node} has applied this command before, and answers at once.", "{node} 已应用过这条命令，立即响应。"),
);
pub static CONFIRM_LEADERSHIP: Rule = rule(
    "confirm-leadership",
    "dissertation 6.4",
    text("Confirm leadership", "确认领导权"),
    text(
        "{node} asks everyone whether it still leads, before it answers a read.",
        "{node} 在响应读请求前先向所有人确认自己仍是领导者。",
    ),
);
pub static SERVE_READ: Rule = rule(
    "serve-read",
    "dissertation 6.4",
    text("Serve a read", "响应读请求"),
    text(
        "{node} answers a read at index {a}, as leader of its term.",
        "{node} 以本任期领导者的身份，在第 {a} 条处响应读请求。",
    ),
);
pub static SERVE_LEASE_READ: Rule = rule(
    "serve-lease-read",
    "dissertation 6.4.1",
    text("Serve a read by lease", "凭租约响应读请求"),
    text(
        "{node} answers a read at index {a} by its lease, asking nobody.",
        "{node} 凭租约在第 {a} 条处响应读请求，不询问任何人。",
    ),
);
pub static SERVE_LOCAL_READ: Rule = rule(
    "serve-local-read",
    "not in the paper",
    text("Serve a local read", "本地读"),
    text(
        "{node} answers a read from what it has: index {a}. It may be old.",
        "{node} 直接用本地状态响应读请求：第 {a} 条，可能是旧值。",
    ),
);

pub static ALL: &[&Rule] = &[
    &STEP_DOWN,
    &START_PRE_VOTE,
    &GRANT_PRE_VOTE,
    &START_ELECTION,
    &GRANT_VOTE,
    &DENY_VOTE,
    &IGNORE_VOTE_REQUEST,
    &IGNORE_WHILE_LEADING,
    &IGNORE_AFTER_RESTART,
    &WAIT_FOR_LEASE,
    &CHECK_QUORUM,
    &BECOME_LEADER,
    &RECOGNISE_LEADER,
    &APPEND_ENTRY,
    &ACCEPT_ENTRIES,
    &TRUNCATE_CONFLICT,
    &REJECT_ENTRIES,
    &REJECT_STALE_LEADER,
    &BACK_OFF,
    &ADVANCE_COMMIT_INDEX,
    &LEARN_COMMIT_INDEX,
    &REDIRECT_CLIENT,
    &REFUSE_CLIENT,
    &ANSWER_AGAIN,
    &CONFIRM_LEADERSHIP,
    &SERVE_READ,
    &SERVE_LEASE_READ,
    &SERVE_LOCAL_READ,
];
