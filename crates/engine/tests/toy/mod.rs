//! Toy: what it is, after which paper.
//!
//! This is the smallest protocol that does something: a counter of which every node keeps the
//! highest value it has heard of. Replace it, and keep the shape.
//!
//! | section | here |
//! |---|---|
//! | counting | [`rules`] |

mod mutants;
pub mod rules;
mod safety;
mod state;
mod view;

use synod_engine::prelude::*;
use synod_engine::protocol::Role;

pub use state::{Config, Count, Durable, Message, Operation, Timer, Volatile};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Toy;

pub type Cx<'a> = synod_engine::cx::Cx<'a, Toy>;

impl Protocol for Toy {
    const META: Meta = Meta {
        id: "toy",
        name: text("Toy", "Toy"),
        summary: text("How far has anyone counted?", "数到多少了？"),
        family: "example",
        source: "none",
        rules_version: 1,
        epoch: text("count", "计数"),
        epoch_named: text("count {n}", "计数 {n}"),
        roles: &[Role {
            id: "counter",
            name: text("counter", "计数者"),
            authority: Authority::Follows,
            shape: "circle",
            crest: false,
        }],
        layout: "ring",
        nodes: Nodes { min: 1, default: 3, max: 99 },
        groups: &[],
        rows: &[Row { id: "counts", name: text("Counts", "计数") }],
        totals: &[],
        mark: None,
        membership: true,
        trusts_disk: true,
        can: text("can count", "可以计数"),
        cannot: text("cannot count", "无法计数"),
    };
    const RULES: &'static [&'static Rule] = rules::ALL;
    const MUTANTS: &'static [&'static Mutant] = mutants::ALL;
    const INVARIANTS: &'static [Invariant<Toy>] = safety::INVARIANTS;
    const OPTIONS: &'static [Opt] = &[Opt {
        id: "every",
        label: text("Tell every", "广播间隔"),
        says: text("How often a node tells the others.", "节点多久告诉其他节点一次。"),
        kind: Kind::Time { min: MS, max: 60_000 * MS },
        usual: Setting::Time(50 * MS),
    }];
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = view::OPERATIONS;
    /// Whoever has just counted goes down in the middle of telling.
    const STORIES: &'static [&'static str] = &["
request ?node ?operation
crash ?node after ?n sends
+20..200ms
restart ?node
"];

    type Config = Config;
    type Durable = Durable;
    type Volatile = Volatile;
    type Client = ();
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Answer = Count;
    type Before = Count;
    type History = safety::History;

    fn configure(settings: &Settings) -> Config {
        Config { every: settings.time("every") }
    }

    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        if cx.broken(&mutants::FORGET) {
            durable.count = 0;
        }
        cx.set_timer(Timer::Tell, (cx.config().every, cx.config().every));
        Volatile { agree: vec![cx.me()] }
    }

    fn on_message(node: &mut Node<Self>, from: NodeId, message: Message, cx: &mut Cx) {
        rules::hear(node, from, message.count, cx);
    }

    fn on_timer(node: &mut Node<Self>, _timer: Timer, cx: &mut Cx) {
        cx.broadcast(Message { count: node.durable.count });
        cx.fire_noting(&rules::TELL, Noted::number(node.durable.count));
        cx.set_timer(Timer::Tell, (cx.config().every, cx.config().every));
    }

    fn on_request(node: &mut Node<Self>, request: Request<Self>, cx: &mut Cx) {
        rules::count(node, request.operation.by, cx);
        cx.answer(request.client, request.serial, Count(node.durable.count));
    }

    fn before(node: &Node<Self>) -> Count {
        Count(node.durable.count)
    }
    fn observe(history: &mut safety::History, seen: &Observed<Self>, _cluster: Cluster<Self>) {
        safety::observe(history, seen);
    }
    fn summary(message: &Message) -> Summary {
        view::summary(message)
    }
    fn message_fields(message: &Message) -> Vec<Field> {
        view::message_fields(message)
    }
    fn standing(node: &Node<Self>) -> Standing {
        Standing::new(0, node.durable.count)
    }
    fn view(node: &Node<Self>, look: &Look<Self>) -> NodeView {
        view::view(node, look)
    }
}
