//! Courier: a client carries a number to every node, waits for two of them, and remembers how often it went.

use std::fmt;
use std::str::FromStr;

use synod_engine::cx::Cx;
use synod_engine::error::Why;
use synod_engine::names::{ClientId, NodeId};
use synod_engine::options::{Opt, Settings};
use synod_engine::promise::Promise;
use synod_engine::protocol::{
    Authority, ClientCx, ClientView, Cluster, Command, Evidence, Field, Invariant, Look, MessageKind, Meta, Mutant,
    Node, NodeView, Nodes, Observed, OperationKind, Protocol, Recorded, Role, Rule, SetOf, Standing, Summary, Tally,
    Tone,
};
use synod_engine::text::{Says, text};
use synod_engine::value::Value;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Courier;

/// What lasts over its commands, and the command that it is at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Client {
    me: u32,
    trips: u32,
    serial: u32,
    took: Vec<NodeId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    Carry { serial: u32, number: u32 },
    Took { serial: u32 },
}

/// `put 1` to `put 9`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Put(u32);

/// How often the client went, what its clock read at the end, and which of the run's writes it was.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trip(u32, i64);

/// What was seen to end, for the test: answered or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    pub ended: Vec<&'static str>,
}

pub static TAKE: Rule = Rule {
    id: "take",
    section: "1",
    title: text("Take", "收下"),
    says: text("{node} takes {a} from a client.", "{node} 从客户端收下 {a}。"),
    mark: None,
};
pub static COUNT: Rule = Rule {
    id: "count",
    section: "1",
    title: text("Count", "计数"),
    says: text("{node} hears that {peer} took it, {a} so far.", "{node} 得知 {peer} 已收下，共 {a} 个。"),
    mark: None,
};

impl FromStr for Put {
    type Err = Why;
    fn from_str(written: &str) -> Result<Put, Why> {
        let by = written.strip_prefix("put ").and_then(|digits| digits.parse().ok());
        by.filter(|by| (1..=9).contains(by)).map(Put).ok_or_else(|| text("one puts 1 to 9", "放 1 到 9").into())
    }
}

impl fmt::Display for Put {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "put {}", self.0)
    }
}

impl fmt::Display for Trip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "trip {} at {}", self.0, self.1)
    }
}

synod_engine::timers! {
    pub enum Timer {
        Patience => ring(
            "patience",
            text("patience", "等待时限"),
            text("{node} has waited long enough.", "{node} 已等待足够久。"),
        ),
    }
}

impl Protocol for Courier {
    const META: Meta = Meta {
        id: "courier",
        name: text("Courier", "信使"),
        summary: text("Who took it?", "谁收下了？"),
        family: "example",
        source: "none",
        rules_version: 1,
        epoch: text("number", "数"),
        epoch_named: text("number {n}", "数 {n}"),
        roles: &[Role {
            id: "taker",
            name: text("taker", "收件者"),
            authority: Authority::Follows,
            shape: "circle",
            crest: false,
        }],
        layout: "ring",
        nodes: Nodes { min: 1, default: 3, max: 9 },
        groups: &[],
        rows: &[],
        totals: &[],
        mark: None,
        membership: false,
        trusts_disk: true,
        can: text("can take", "可以收"),
        cannot: text("cannot take", "无法收"),
    };
    const RULES: &'static [&'static Rule] = &[&TAKE, &COUNT];
    const MUTANTS: &'static [&'static Mutant] = &[];
    const INVARIANTS: &'static [Invariant<Courier>] = &[Invariant {
        id: "two-took-it",
        title: text("Two took it", "两个收下"),
        says: text("A client is done when two took it.", "两个节点收下后客户端才完成。"),
        source: "1",
        promise: |_| Promise::always(&[]),
        check: |_| None,
        evidence: |seen| {
            let trips = seen.cluster.clients().iter().map(|client| client.trips).sum::<u32>();
            let ended = seen.history.ended.join(" ");
            Says::same(format!("{trips} trips: {ended}"))
        },
    }];
    const OPTIONS: &'static [Opt] = &[];
    const MESSAGES: &'static [MessageKind] = &[
        MessageKind {
            id: "carry",
            name: text("a number", "一个数"),
            says: text("{from} carries a number to {to}.", "{from} 把一个数送给 {to}。"),
            reply: false,
        },
        MessageKind {
            id: "took",
            name: text("a receipt", "回执"),
            says: text("{from} tells {to} that it took it.", "{from} 告诉 {to} 已收下。"),
            reply: true,
        },
    ];
    const OPERATIONS: &'static [OperationKind] =
        &[OperationKind { id: "put", example: "put 1", says: text("put a number", "放一个数") }];
    const CLIENTS: bool = true;

    type Config = ();
    type Durable = u32;
    type Volatile = ();
    type Client = Client;
    type Message = Message;
    type Timer = Timer;
    type Operation = Put;
    type Answer = Trip;
    type Before = ();
    type History = History;

    fn configure(_settings: &Settings) {}
    fn boot(_durable: &mut u32, _cx: &mut Cx<Self>) {}
    fn on_message(_node: &mut Node<Self>, _from: NodeId, _message: Message, _cx: &mut Cx<Self>) {}
    fn on_timer(_node: &mut Node<Self>, _timer: Timer, _cx: &mut Cx<Self>) {}
    fn on_asked(node: &mut Node<Self>, from: ClientId, message: Message, cx: &mut Cx<Self>) {
        if let Message::Carry { serial, number } = message {
            node.durable = number;
            cx.fire_noting(&TAKE, synod_engine::cx::Noted::number(number));
            cx.reply(from, Message::Took { serial });
        }
    }

    fn on_client_request(client: &mut Client, command: Command<Self>, cx: &mut ClientCx<Self>) {
        *client = Client { me: cx.me().0, trips: client.trips + 1, serial: command.serial, took: Vec::new() };
        let all = cx.roster().group(0);
        let to: Vec<NodeId> = all.filter(|node| command.node.is_none_or(|named| named == *node)).collect();
        cx.send_all(to, Message::Carry { serial: command.serial, number: command.operation.0 });
        cx.set_timer(Timer::Patience, (cx.patience(), cx.patience()));
    }
    fn on_client_message(client: &mut Client, from: NodeId, message: Message, cx: &mut ClientCx<Self>) {
        if message == (Message::Took { serial: client.serial }) && !client.took.contains(&from) {
            client.took.push(from);
            let noted = synod_engine::cx::Noted::peer(from);
            cx.fire_noting(&COUNT, synod_engine::cx::Noted { a: client.took.len() as u32, ..noted });
            if client.took.len() == 2 {
                cx.cancel_timer(Timer::Patience);
                cx.done(Trip(client.trips, cx.clock()));
            }
        }
    }
    fn on_client_timer(_client: &mut Client, _timer: Timer, cx: &mut ClientCx<Self>) {
        cx.fail();
    }

    fn recorded(operation: &Put, _answer: Option<&Trip>) -> Option<Recorded> {
        Some(Recorded::put("x", Value::count(operation.0)))
    }
    fn client_view(client: &Client, _config: &()) -> ClientView {
        let tally = Tally { have: client.took.clone(), refused: Vec::new(), need: 2, of: 3 };
        ClientView { tally: Some(tally), says: Says::same(client.trips) }
    }
    fn sets(seen: &Evidence<Self>) -> Vec<SetOf> {
        let mut sets: Vec<SetOf> = Vec::new();
        for client in seen.cluster.clients().iter().filter(|client| client.trips > 0) {
            let meets = sets.last().map(|set| set.id.clone()).into_iter().collect();
            sets.push(SetOf {
                id: format!("c{}", client.me),
                label: text("took it", "已收下").says(),
                members: client.took.clone(),
                epoch: None,
                client: Some(ClientId(client.me)),
                kind: "write",
                meets,
            });
        }
        sets
    }

    fn before(_node: &Node<Self>) {}
    fn observe(history: &mut History, seen: &Observed<Self>, _cluster: Cluster<Self>) {
        if let Observed::Client { ended: Some(outcome), .. } = seen {
            history.ended.push(outcome.id());
        }
    }
    fn summary(message: &Message) -> Summary {
        let (kind, tone) = match message {
            Message::Carry { .. } => (0, Tone::Carry),
            Message::Took { .. } => (1, Tone::Stored),
        };
        Summary { kind, tone, epoch: 0, quiet: false }
    }
    fn message_fields(_message: &Message) -> Vec<Field> {
        Vec::new()
    }
    fn standing(node: &Node<Self>) -> Standing {
        Standing::new(0, node.durable)
    }
    fn view(_node: &Node<Self>, _look: &Look<Self>) -> NodeView {
        NodeView::default()
    }
}
