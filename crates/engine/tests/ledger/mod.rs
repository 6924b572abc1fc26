//! Ledger: every node adds up what it is asked to, and answers when the sum is safe on its disk.

use std::fmt;
use std::str::FromStr;

use synod_engine::cx::Cx;
use synod_engine::error::Why;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::options::{Opt, Settings};
use synod_engine::promise::{Assumption, Promise};
use synod_engine::protocol::{
    Authority, Cluster, Field, FieldValue, Invariant, Look, MessageKind, Meta, Mutant, Node, NodeView, Nodes, Observed,
    OperationKind, Protocol, Request, Role, Rule, Standing, Summary, Tone,
};
use synod_engine::text::{Says, text};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ledger;

#[derive(Clone, Debug, Default, Hash)]
pub struct Sum(u32);

/// Who waits for which sum to be safe.
#[derive(Clone, Debug, Default, Hash)]
pub struct Waiting(Vec<(ClientId, u32, u32)>);

#[derive(Clone, Debug, Hash)]
pub struct Add(u32);

impl FromStr for Add {
    type Err = Why;
    fn from_str(written: &str) -> Result<Add, Why> {
        let by = written.strip_prefix("add ").and_then(|digits| digits.parse().ok());
        by.map(Add).ok_or_else(|| text("one adds a number", "加一个数").into())
    }
}

impl fmt::Display for Add {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "add {}", self.0)
    }
}

synod_engine::timers! {
    pub enum Timer {
        Written => timer("written", text("written", "写入"), text("What {node} wrote is safe.", "{node} 写下的内容已安全。")),
    }
}

impl Protocol for Ledger {
    const META: Meta = Meta {
        id: "ledger",
        name: text("Ledger", "账本"),
        summary: text("What is safe?", "什么是安全的？"),
        family: "example",
        source: "none",
        rules_version: 1,
        epoch: text("sum", "和"),
        epoch_named: text("sum {n}", "和 {n}"),
        roles: &[Role {
            id: "keeper",
            name: text("keeper", "保管者"),
            authority: Authority::Follows,
            shape: "circle",
            crest: false,
        }],
        layout: "ring",
        nodes: Nodes { min: 1, default: 2, max: 9 },
        groups: &[],
        rows: &[],
        totals: &[],
        mark: None,
        membership: false,
        trusts_disk: true,
        can: text("can add", "可以相加"),
        cannot: text("cannot add", "无法相加"),
    };
    const RULES: &'static [&'static Rule] = &[];
    const MUTANTS: &'static [&'static Mutant] = &[];
    const INVARIANTS: &'static [Invariant<Ledger>] = &[Invariant {
        id: "in-order",
        title: text("In order", "按顺序"),
        says: text("What is told is heard in order.", "听到的顺序就是说出的顺序。"),
        source: "none",
        promise: |_| Promise::always(&[Assumption::LinksInOrder]),
        check: |_| None,
        evidence: |_| Says::same("links are in order"),
    }];
    const OPTIONS: &'static [Opt] = &[];
    const MESSAGES: &'static [MessageKind] = &[MessageKind {
        id: "none",
        name: text("nothing", "无"),
        says: text("{from} says nothing to {to}.", "{from} 什么也没对 {to} 说。"),
        reply: false,
    }];
    const OPERATIONS: &'static [OperationKind] =
        &[OperationKind { id: "add", example: "add 1", says: text("add a number", "加一个数") }];
    const FORCED: bool = true;

    type Config = ();
    type Durable = Sum;
    type Volatile = Waiting;
    type Client = ();
    type Message = ();
    type Timer = Timer;
    type Operation = Add;
    type Answer = u32;
    type Before = ();
    type History = ();

    fn in_order(_config: &Self::Config, _broken: &dyn Fn(&Mutant) -> bool) -> bool {
        true
    }
    fn configure(_settings: &Settings) {}
    fn boot(_durable: &mut Sum, _cx: &mut Cx<Self>) -> Waiting {
        Waiting::default()
    }
    fn on_message(_node: &mut Node<Self>, _from: NodeId, _message: (), _cx: &mut Cx<Self>) {}
    fn on_timer(node: &mut Node<Self>, _timer: Timer, cx: &mut Cx<Self>) {
        if !node.volatile.0.is_empty() {
            let (client, serial, sum) = node.volatile.0.remove(0);
            cx.answer(client, serial, sum);
        }
    }
    fn on_request(node: &mut Node<Self>, request: Request<Self>, cx: &mut Cx<Self>) {
        // Nothing to add is to ask where it stands: a thousand for each place up to its own.
        let place = cx.place().map_or(0, |place| 1_000 * (place as u32 + 1));
        node.durable.0 += if request.operation.0 == 0 { place } else { request.operation.0 };
        node.volatile.0.push((request.client, request.serial, node.durable.0));
        cx.force(Timer::Written);
    }
    fn before(_node: &Node<Self>) {}
    fn observe(_history: &mut (), _seen: &Observed<Self>, _cluster: Cluster<Self>) {}
    fn summary(_message: &()) -> Summary {
        Summary { kind: 0, tone: Tone::Carry, epoch: 0, quiet: false }
    }
    fn message_fields(_message: &()) -> Vec<Field> {
        Vec::new()
    }
    fn standing(node: &Node<Self>) -> Standing {
        Standing::new(0, node.durable.0)
    }
    fn view(node: &Node<Self>, look: &Look<Self>) -> NodeView {
        let field = |id, sum: Option<&Sum>| {
            let value = sum.map(|sum| FieldValue::Number(i64::from(sum.0)));
            Field { id, label: text("sum", "和"), value, tone: "plain", durable: true }
        };
        NodeView {
            fields: vec![field("held", Some(&node.durable)), field("safe", look.safe), field("lost", look.lost)],
            says: Says::default(),
            ..NodeView::default()
        }
    }
}
