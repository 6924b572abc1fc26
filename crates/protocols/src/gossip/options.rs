//! The options, with their ranges and sentences.

use synod_engine::prelude::*;

use super::state::{Config, Exchange, Stop, Style, Topology};

const STYLES: &[Choice] = &[
    Choice {
        id: "rumor",
        says: text("Rumour mongering: who knows tells, and loses interest.", "谣言传播：知道的人去说，渐渐失去兴趣。"),
    },
    Choice {
        id: "anti-entropy",
        says: text("Anti-entropy: everyone compares all it has, for ever.", "反熵：每个站点一直比较全部数据。"),
    },
];
const EXCHANGES: &[Choice] = &[
    Choice { id: "push", says: text("Who knows tells.", "知道者推送。") },
    Choice { id: "pull", says: text("Everyone asks.", "人人去拉取。") },
    Choice { id: "push-pull", says: text("A contact makes both alike.", "一次接触，双方都更新。") },
];
const STOPS: &[Choice] = &[
    Choice { id: "counter", says: text("A site stops after k useless contacts.", "k 次无效接触之后停止。") },
    Choice {
        id: "coin", says: text("It stops with one chance in k after each.", "每次之后以 1/k 的概率停止。")
    },
];
const ROUNDS: &[Choice] = &[
    Choice { id: "synchronous", says: text("All sites act at the same moments.", "所有站点同时行动。") },
    Choice {
        id: "independent",
        says: text("Each site acts by its own clock, with jitter.", "各站点按自己的时钟行动，略有抖动。"),
    },
];
const TOPOLOGIES: &[Choice] = &[
    Choice { id: "complete", says: text("Anyone may contact anyone.", "任何两个站点都可接触。") },
    Choice {
        id: "random", says: text("Each site has so many random neighbours.", "每个站点有若干随机邻居。")
    },
    Choice { id: "ring", says: text("Two neighbours each, in a ring.", "环形，各有两个邻居。") },
    Choice { id: "grid", says: text("Four neighbours each, in a square.", "方格，各有四个邻居。") },
    Choice {
        id: "two-sites", says: text("Two halves, joined by few links.", "两个机房，由少数链路相连。")
    },
];

const fn choice(
    id: &'static str,
    label: synod_engine::text::Text,
    says: synod_engine::text::Text,
    of: &'static [Choice],
) -> Opt {
    Opt { id, label, says, kind: Kind::Choice(of), usual: Setting::Choice(0) }
}
const fn count(
    id: &'static str,
    label: synod_engine::text::Text,
    says: synod_engine::text::Text,
    range: (u32, u32),
    usual: u32,
) -> Opt {
    Opt { id, label, says, kind: Kind::Count { min: range.0, max: range.1 }, usual: Setting::Count(usual) }
}

pub const OPTIONS: &[Opt] = &[
    choice("style", text("Style", "方式"), text("How long news is told.", "消息传播到何时为止。"), STYLES),
    choice(
        "exchange",
        text("Exchange", "交换"),
        text("Which way news goes in a contact.", "接触时消息的流向。"),
        EXCHANGES,
    ),
    choice(
        "stop",
        text("Losing interest", "停止规则"),
        text("What makes a site stop telling.", "什么使站点停止传播。"),
        STOPS,
    ),
    Opt {
        id: "feedback",
        label: text("Feedback", "反馈"),
        says: text("Only contacts with those who knew count against a rumour.", "只有对方早已知道的接触才计数。"),
        kind: Kind::Flag,
        usual: Setting::Flag(true),
    },
    count(
        "k",
        text("k", "k"),
        text(
            "How many useless contacts it takes, or one chance in how many.",
            "需要多少次无效接触，或几分之一的概率。",
        ),
        (1, 100),
        2,
    ),
    count(
        "fanout",
        text("Peers told per round", "每轮接触数"),
        text("How many others a site contacts in a round.", "站点每轮接触多少个其他站点。"),
        (1, 20),
        1,
    ),
    choice("rounds", text("Rounds", "轮次"), text("When sites act.", "站点何时行动。"), ROUNDS),
    choice("topology", text("Topology", "拓扑"), text("Who may contact whom.", "谁可以接触谁。"), TOPOLOGIES),
    count(
        "degree",
        text("Neighbours", "邻居数"),
        text("How many neighbours a site of a random graph has.", "随机图中每个站点的邻居数。"),
        (2, 100),
        6,
    ),
];

pub fn configure(settings: &Settings) -> Config {
    Config {
        style: if settings.choice("style") == 0 { Style::Rumor } else { Style::AntiEntropy },
        exchange: match settings.choice("exchange") {
            0 => Exchange::Push,
            1 => Exchange::Pull,
            _ => Exchange::PushPull,
        },
        stop: if settings.choice("stop") == 0 { Stop::Counter } else { Stop::Coin },
        feedback: settings.flag("feedback"),
        k: settings.count("k"),
        fanout: settings.count("fanout"),
        synchronous: settings.choice("rounds") == 0,
        topology: match settings.choice("topology") {
            0 => Topology::Complete,
            1 => Topology::Random,
            2 => Topology::Ring,
            3 => Topology::Grid,
            _ => Topology::TwoSites,
        },
        degree: settings.count("degree"),
    }
}
