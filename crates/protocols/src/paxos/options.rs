//! The options, with their ranges and sentences.

use synod_engine::prelude::*;

use super::state::{Backoff, Config, Refusal};

const REFUSALS: &[Choice] = &[
    Choice {
        id: "nack", says: text("An acceptor says what it has promised.", "接受者告知自己已承诺的编号。")
    },
    Choice { id: "silent", says: text("An acceptor says nothing.", "接受者不响应。") },
    Choice {
        id: "accept-only",
        says: text("Silent to a prepare, answered to an accept.", "对准备请求沉默，对接受请求响应。"),
    },
];
const BACKOFFS: &[Choice] = &[
    Choice { id: "none", says: text("It tries again at once.", "立即重试。") },
    Choice { id: "fixed", says: text("It waits for the whole time.", "等待固定时间。") },
    Choice { id: "random", says: text("It waits for a part of the time, drawn anew.", "随机等待一段时间。") },
];

pub const OPTIONS: &[Opt] = &[
    Opt {
        id: "refusal",
        label: text("Refusals", "拒绝方式"),
        says: text("What an acceptor does about a ballot that is too low.", "编号过小时接受者怎么做。"),
        kind: Kind::Choice(REFUSALS),
        usual: Setting::Choice(0),
    },
    Opt {
        id: "backoff",
        label: text("Back-off", "退避"),
        says: text("How long a proposer waits that was overtaken.", "被超越的提议者等待多久。"),
        kind: Kind::Choice(BACKOFFS),
        usual: Setting::Choice(2),
    },
    Opt {
        id: "backoffTime",
        label: text("Back-off time", "退避时间"),
        says: text("The longest that it waits.", "最长等待时间。"),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(100 * MS),
    },
    Opt {
        id: "retry",
        label: text("Timeout", "超时"),
        says: text(
            "A proposer without a majority by then tries a higher ballot.",
            "到时仍无多数派响应，提议者换更大的编号重试。",
        ),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(200 * MS),
    },
    Opt {
        id: "proposeAfter",
        label: text("Time to propose", "提出前的耗时"),
        says: text(
            "How long a proposer takes from its promises to its accept request. A slow one is easily overtaken.",
            "提议者从得到承诺到发出接受请求所花的时间，越慢越容易被超越。",
        ),
        kind: Kind::Time { min: 0, max: 60_000 * MS },
        usual: Setting::Time(0),
    },
    Opt {
        id: "askEvery",
        label: text("Learners ask every", "学习者询问间隔"),
        says: text(
            "A learner that knows no chosen value asks this often.",
            "不知道被选定的值的学习者每隔这么久询问一次。",
        ),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(1_000 * MS),
    },
    Opt {
        id: "distinguishedLearner",
        label: text("Distinguished learner", "主学习者"),
        says: text(
            "Acceptors tell one learner, which tells the others: fewer messages, one more delay.",
            "接受者只告诉一个学习者，由它转告其他人：消息更少，多一次延迟。",
        ),
        kind: Kind::Flag,
        usual: Setting::Flag(false),
    },
];

pub fn configure(settings: &Settings) -> Config {
    Config {
        refusal: match settings.choice("refusal") {
            0 => Refusal::Nack,
            1 => Refusal::Silent,
            _ => Refusal::AcceptOnly,
        },
        backoff: match settings.choice("backoff") {
            0 => Backoff::None,
            1 => Backoff::Fixed,
            _ => Backoff::Random,
        },
        backoff_time: settings.time("backoffTime"),
        retry: settings.time("retry"),
        propose_after: settings.time("proposeAfter"),
        ask_every: settings.time("askEvery"),
        distinguished: settings.flag("distinguishedLearner"),
    }
}
