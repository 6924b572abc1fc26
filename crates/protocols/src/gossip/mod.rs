//! Gossip, after Demers et al.: "Epidemic Algorithms for Replicated Database Maintenance", 1987
//! (CSL-89-1).
//!
//! | section | here |
//! |---|---|
//! | 1.2 the database: versions, newest wins | [`state`] |
//! | 1.3 anti-entropy, by push, pull and both | [`telling`] |
//! | 1.4 complex epidemics: rumours, feedback or blind, counter or coin | [`telling`] |
//! | 1.4 the differential equations | [`theory`] |
//! | 3 spatial distributions | [`topology`], of five kinds |
//!
//! Deletions and their death certificates (section 2) are not here.

mod history;
mod mutants;
mod options;
mod rules;
mod safety;
pub mod state;
mod stories;
mod telling;
mod theory;
mod topology;
mod view;

use synod_engine::prelude::*;
use synod_engine::protocol::Role;

use state::{Config, Durable, Hot, Message, ROUND, Style, Timer, Volatile};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Gossip;

pub type Cx<'a> = synod_engine::cx::Cx<'a, Gossip>;

const SITE: Role = Role {
    id: "susceptible",
    name: text("has not heard", "未听到"),
    authority: Authority::Follows,
    shape: "circle",
    crest: false,
};

impl Protocol for Gossip {
    const META: Meta = Meta {
        id: "gossip",
        name: text("Gossip", "Gossip"),
        summary: text("How does news reach everyone, with nobody in charge?", "没有人负责，消息如何传遍所有人？"),
        family: "epidemic",
        source: "A. Demers et al.: Epidemic Algorithms for Replicated Database Maintenance, 1987",
        rules_version: 4,
        epoch: text("rumour", "谣言"),
        epoch_named: text("rumour {n}", "谣言 {n}"),
        roles: &[
            SITE,
            Role { id: "infective", name: text("is telling", "正在传播"), authority: Authority::Commands, ..SITE },
            Role {
                id: "removed", name: text("has stopped telling", "已停止传播"), authority: Authority::Asks, ..SITE
            },
        ],
        layout: "field",
        nodes: Nodes { min: 2, default: 60, max: 1_000_000 },
        groups: &[],
        rows: &[Row { id: "rumours", name: text("Rumours", "谣言") }],
        totals: TOTALS,
        mark: Some(text("round heard", "听到的轮次")),
        membership: true,
        trusts_disk: false,
        can: text("can agree", "可以一致"),
        cannot: text("cannot agree", "无法一致"),
    };
    const RULES: &'static [&'static Rule] = rules::ALL;
    const MUTANTS: &'static [&'static Mutant] = mutants::ALL;
    const INVARIANTS: &'static [Invariant<Gossip>] = safety::INVARIANTS;
    const OPTIONS: &'static [Opt] = options::OPTIONS;
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = &[
        OperationKind {
            id: "set",
            example: "set x 1",
            says: text("write a value at one site", "在一个站点写入一个值"),
        },
        OperationKind { id: "get", example: "get x", says: text("read what one site has", "读取一个站点的值") },
    ];
    const STORIES: &'static [&'static str] = stories::ALL;
    const STARTS: &'static [Start] = &[
        Start {
            id: "push",
            title: text("A rumour by push", "推送谣言"),
            says: text(
                "Who knows tells one other a round, until it has met two who knew.",
                "知道者每轮告诉一个人，遇到两个早已知道的就停。",
            ),
            config: "nodes=60 seed=7f3a options.topology=random",
            script: "request A set x 1",
            after: 3000,
            expect: &["swarm.infective = 0", "swarm.removed >= 40"],
        },
        Start {
            id: "push-pull",
            title: text("By push and pull", "推拉结合"),
            says: text("Each contact makes both alike: far fewer rounds.", "每次接触使双方一致：轮数少得多。"),
            config: "nodes=60 seed=7f3a options.topology=random options.exchange=push-pull",
            script: "request A set x 1",
            after: 1200,
            expect: &["swarm.infective = 0", "swarm.susceptible <= 5"],
        },
        Start {
            id: "never-hears",
            title: text("Who never hears", "总有人听不到"),
            says: text(
                "With k = 1 a fifth of a thousand sites never hear it.",
                "k = 1 时，一千个站点里约有五分之一永远听不到。",
            ),
            config: "nodes=1000 seed=7f3a options.k=1",
            script: "request A set x 1",
            after: 4000,
            expect: &["swarm.infective = 0", "swarm.susceptible >= 150", "swarm.susceptible <= 250"],
        },
        Start {
            id: "anti-entropy",
            title: text("Anti-entropy mends it", "反熵补齐"),
            says: text(
                "Everybody compares with somebody in every round: everyone hears.",
                "人人每轮与别人比较一次：最终都会听到。",
            ),
            config: "nodes=60 seed=7f3a options.style=anti-entropy options.exchange=push-pull",
            script: "request A set x 1",
            after: 3000,
            expect: &["swarm.susceptible = 0"],
        },
        Start {
            id: "ten-thousand",
            title: text("Ten thousand sites", "一万个站点"),
            says: text("Doubling, round after round.", "一轮接一轮地翻倍。"),
            config: "nodes=10000 seed=7f3a",
            script: "request A set x 1",
            after: 1500,
            expect: &["swarm.susceptible <= 9900"],
        },
        Start {
            id: "two-sites",
            title: text("Two sites, few links", "两个机房，少数链路"),
            says: text("The news crosses seldom, and then spreads at once.", "消息很少越过链路，一旦越过便迅速传开。"),
            config: "nodes=100 seed=7f3a options.topology=two-sites options.style=anti-entropy",
            script: "request A set x 1",
            after: 3000,
            expect: &["swarm.susceptible = 0"],
        },
    ];

    type Config = Config;
    type Durable = Durable;
    type Volatile = Volatile;
    type Client = ();
    type Message = Message;
    type Timer = Timer;
    type Operation = state::Operation;
    type Answer = state::Answer;
    type Before = history::Before;
    type History = history::History;

    fn configure(settings: &Settings) -> Config {
        options::configure(settings)
    }

    fn check_config(config: &Config, _roster: &Roster, slowest: Micros) -> Result<(), Why> {
        if config.synchronous && 2 * slowest > ROUND {
            let words = text(
                "a synchronous round lasts 100 ms, so a round trip may take no longer: a latency of at most 50 ms, \
                 or rounds \"independent\"",
                "同步轮次一轮 100 ms，往返不能更久：延迟最多 50 ms，或把 rounds 设为 \"independent\"",
            );
            return Err(words.into());
        }
        Ok(())
    }

    /// A site that joins a run that has begun, or restarts in it, asks for what it missed.
    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        let anti_entropy = cx.config().style == Style::AntiEntropy;
        let hot = if anti_entropy { (0..durable.items().len()).map(Hot::new).collect() } else { Vec::new() };
        let catching_up = cx.clock() > 0 && !anti_entropy;
        let mut node = Node { id: cx.me(), group: None, durable: durable.clone(), volatile: Volatile::default() };
        node.volatile = Volatile { hot, catching_up, ..Volatile::default() };
        telling::tick(&mut node, cx);
        node.volatile
    }
    fn on_message(node: &mut Node<Self>, from: NodeId, message: Message, cx: &mut Cx) {
        telling::receive(node, from, message, cx);
    }
    fn on_timer(node: &mut Node<Self>, _timer: Timer, cx: &mut Cx) {
        telling::begin_round(node, cx);
    }
    fn on_request(node: &mut Node<Self>, request: Request<Self>, cx: &mut Cx) {
        telling::request(node, request, cx);
    }

    fn draw_operation(chance: &mut Chance, _: &Roster) -> String {
        state::draw_operation(chance)
    }

    fn answer_says(answer: &Self::Answer) -> Says {
        crate::fields::answer(answer)
    }
    fn before(node: &Node<Self>) -> history::Before {
        history::Before::of(node)
    }
    fn observe(history: &mut history::History, seen: &Observed<Self>, _cluster: Cluster<Self>) {
        history::observe(history, seen);
    }

    fn summary(message: &Message) -> Summary {
        view::summary(message)
    }
    fn message_fields(message: &Message) -> Vec<Field> {
        view::message_fields(message)
    }
    fn standing(node: &Node<Self>) -> Standing {
        view::standing(node)
    }
    fn view(node: &Node<Self>, look: &Look<Self>) -> NodeView {
        view::view(node, look)
    }
    /// Nobody decides together.
    fn decisions(_seen: &Evidence<Self>, _members: &[NodeId]) -> Vec<Decision> {
        Vec::new()
    }

    fn totals(seen: &Evidence<Self>, members: u32, now: Micros) -> Vec<Total> {
        let count = |n: u64| Total::Count(n);
        let Some(newest) = &seen.history.newest else {
            let mut totals = vec![count(0); TOTALS.len()];
            totals[..2].fill(count(members.into()));
            return totals;
        };
        let know = newest.infective + newest.removed;
        let rounds = ((now / ROUND) as u32).saturating_sub(newest.began);
        let mean = (newest.heard_sum * 1_000_000).checked_div(newest.heard).unwrap_or(0);
        vec![
            count(members.into()),
            count(members.saturating_sub(know).into()),
            count(newest.infective.into()),
            count(newest.removed.into()),
            count(rounds.into()),
            count(newest.useful),
            count(newest.wasted),
            Total::Mean(mean as i64),
            count(newest.heard_last.into()),
        ]
    }

    fn series(seen: &Evidence<Self>, members: u32) -> Vec<Series> {
        let Some(newest) = &seen.history.newest else {
            return Vec::new();
        };
        let simulated = |id, name, chart, value: fn(&history::Point) -> u64| Series {
            id,
            name,
            chart,
            theory: false,
            values: newest.points().map(|point| value(&point)).collect(),
        };
        let rounds = newest.points().count().max(16);
        vec![
            simulated("know", text("know", "知道"), "sites", |point| point.know.into()),
            simulated("tell", text("are telling", "正在传播"), "sites", |point| point.tell.into()),
            Series {
                id: "theory",
                name: text("theory, complete graph", "理论（完全图）"),
                chart: "sites",
                theory: true,
                values: theory::know_by_round(seen.config, members, rounds),
            },
            simulated("useful", text("useful", "有用"), "contacts", |point| point.useful),
            simulated("wasted", text("wasted", "无效"), "contacts", |point| point.wasted),
        ]
    }

    fn edges(config: &Config, cluster: Cluster<Self>) -> Vec<(NodeId, NodeId)> {
        if config.topology == state::Topology::Complete {
            return Vec::new();
        }
        let graph = topology::Graph::new(config, cluster.len(), cluster.seed());
        let mut edges = Vec::new();
        for site in (0..cluster.len()).map(NodeId) {
            for near in (0..graph.count(site)).filter_map(|number| graph.neighbour(site, number)) {
                if site < near && !edges.contains(&(site, near)) {
                    edges.push((site, near));
                }
            }
        }
        edges
    }

    fn weight(node: &Node<Self>) -> usize {
        size_of::<Node<Self>>() + std::mem::size_of_val(node.durable.items())
    }
}

/// What is counted for the newest rumour; a site that never heard is the paper's residue.
const TOTALS: &[TotalKind] = &[
    total("count", text("nodes", "节点")),
    TotalKind { share: true, compared: true, ..total("susceptible", text("have not heard (residue)", "未听到")) },
    TotalKind { share: true, ..total("infective", text("are telling", "正在传播")) },
    TotalKind { share: true, ..total("removed", text("have stopped telling", "已停止传播")) },
    TotalKind { compared: true, newest: true, ..total("round", text("rounds", "轮次")) },
    TotalKind { compared: true, ..total("useful", text("contacts that were useful", "有用的接触")) },
    TotalKind { compared: true, ..total("wasted", text("contacts wasted", "无效接触")) },
    total("meanHeard", text("mean round of hearing", "平均听到轮次")),
    total("lastHeard", text("last round of hearing", "最后听到轮次")),
];

const fn total(id: &'static str, name: Text) -> TotalKind {
    TotalKind { id, name, share: false, compared: false, newest: false }
}
