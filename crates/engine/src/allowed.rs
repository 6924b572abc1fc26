//! Whether an input is valid now; if it is not, what would be.

use crate::client::Client;
use crate::erased::Operation;
use crate::error::{Error, Part, Result, Why, why};
use crate::flight::{Fate, Ticket};
use std::fmt::Display;

use crate::input::{Deed, Input, Which};
use crate::names::{ClientId, End, NodeId};
use crate::places::Spot;
use crate::text::{Text, text};
use crate::trace::{Loss, Status};
use crate::world::{Armed, World};

/// Above this many entries on a node a request is refused.
pub const MOST_ENTRIES: usize = 1_000_000;
const MOST_CLIENTS: usize = 10_000;
const MOST_FLIGHTS_COPIED: usize = 100_000;

impl World {
    /// Whether a deed is valid now; if not, what would be.
    pub(crate) fn allows(&self, input: &Deed) -> Result<()> {
        match input {
            Input::Crash(node) | Input::CrashAfter(node, _) => {
                self.in_status(*node, &[Status::Up, Status::Paused], "crash")
            }
            Input::Restart(node) => self.in_status(*node, &[Status::Crashed], "restart"),
            Input::Wipe(node) => self.in_status(*node, &[Status::Crashed], "wipe"),
            Input::Pause(End::Node(node)) => self.in_status(*node, &[Status::Up], "pause"),
            Input::Resume(End::Node(node)) => self.in_status(*node, &[Status::Paused], "resume"),
            Input::Pause(End::Client(client)) => self.allows_pause(*client, true),
            Input::Resume(End::Client(client)) => self.allows_pause(*client, false),
            Input::Partition(groups) => self.allows_partition(groups),
            Input::Heal | Input::Loss(_) | Input::Duplication(_) => Ok(()),
            Input::Cut(link) | Input::Mend(link) => self.two_nodes(link.from, link.to),
            Input::Latency(_, Some((from, to))) => self.two_nodes(*from, *to),
            Input::Latency(_, None) => Ok(()),
            Input::Drop(which) => self.message(which, |_| true, text("to drop", "丢弃")).map(|_| ()),
            Input::Hold(which) => self.message(which, |fate| fate == Fate::Flying, text("to hold", "拦截")).map(|_| ()),
            Input::Delay(which, _) => {
                self.message(which, |fate| fate == Fate::Flying, text("to delay", "推迟")).map(|_| ())
            }
            Input::Duplicate(which) => {
                if self.flights.iter().nth(MOST_FLIGHTS_COPIED).is_some() {
                    let words =
                        text("there are too many messages in flight to copy one more", "传输中的消息太多，不能再复制");
                    return Err(Error::too_large(words));
                }
                self.message(which, |fate| fate != Fate::Waiting, text("to duplicate", "复制")).map(|_| ())
            }
            Input::Deliver(which, _) => self.allows_delivery(which),
            Input::Skew(End::Node(node), _) | Input::Offset(End::Node(node), _) => self.known(*node).map(|_| ()),
            Input::Skew(End::Client(client), _) | Input::Offset(End::Client(client), _) => self.known_client(*client),
            Input::Fire(end, timer) => self.armed(*end, timer).map(|_| ()),
            Input::Request { client, node, operation } => self.allows_request(*client, *node, operation),
            Input::Join(node) => self.allows_join(*node),
            Input::Leave(node) => self.allows_leave(*node),
            Input::Move(node, spot) => self.allows_move(*node, spot),
        }
    }

    pub(crate) fn known(&self, node: NodeId) -> Result<Status> {
        self.slots.get(node.at()).map(|slot| slot.status).ok_or_else(|| {
            let (first, last) = (NodeId(0), NodeId(self.len() - 1));
            let words = text(
                "there is no node {node}; the nodes are {first} to {last}",
                "没有节点 {node}；节点是 {first} 到 {last}",
            );
            let with = [("node", Part::name(node)), ("first", Part::name(first)), ("last", Part::name(last))];
            Error::unknown_node(why(words, with))
        })
    }

    fn in_status(&self, node: NodeId, allowed: &[Status], verb: &str) -> Result<()> {
        let status = self.known(node)?;
        if allowed.contains(&status) {
            return Ok(());
        }
        let (is, instead) = match status {
            Status::Up => (text("is up", "正在运行"), format!("crash {node}")),
            Status::Crashed => (text("has crashed", "已宕机"), format!("restart {node}")),
            Status::Paused => (text("is paused", "已暂停"), format!("resume {node}")),
            Status::Gone => {
                let words = text("{node} has left, so it cannot {verb}", "{node} 已离开集群，不能 {verb}");
                return Err(Error::not_now(why(words, [("node", Part::name(node)), ("verb", Part::name(verb))])));
            }
        };
        let words = text(
            "{node} {status}, so it cannot {verb} now; {instead} would be right",
            "{node} {status}，现在不能 {verb}；可以 {instead}",
        );
        let (node, verb) = (("node", Part::name(node)), ("verb", Part::name(verb)));
        Err(Error::not_now(why(words, [node, verb, ("status", Part::text(is)), ("instead", Part::name(instead))])))
    }

    fn two_nodes(&self, from: NodeId, to: NodeId) -> Result<()> {
        self.known(from)?;
        self.known(to)?;
        if from == to {
            let words =
                text("a link joins two nodes, not {node} with itself", "链路连接两个节点，而不是 {node} 与自己");
            return Err(Error::input(why(words, [("node", Part::name(from))])));
        }
        Ok(())
    }

    fn allows_partition(&self, groups: &[Vec<End>]) -> Result<()> {
        let mut seen = vec![false; self.slots.len()];
        let mut clients: Vec<ClientId> = Vec::new();
        for end in groups.iter().flatten() {
            let again = match end {
                End::Node(node) => {
                    self.known(*node)?;
                    std::mem::replace(&mut seen[node.at()], true)
                }
                End::Client(client) => {
                    self.known_client(*client)?;
                    clients.push(*client);
                    clients[..clients.len() - 1].contains(client)
                }
            };
            if again {
                let words = text("{name} stands in a partition only once", "{name} 在一个分区里只能出现一次");
                return Err(Error::input(why(words, [("name", Part::name(end))])));
            }
        }
        let sides = self.with_the_rest(groups);
        let with_nodes = sides.iter().filter(|side| side.iter().any(|end| end.node().is_some()));
        if with_nodes.count() < 2 {
            let words = text(
                "a partition has nodes on two sides at least, as in: {form}",
                "分区至少两边都有节点，例如：{form}",
            );
            return Err(Error::input(why(words, [("form", Part::name("partition A B | C D E"))])));
        }
        Ok(())
    }

    /// The groups, and one more of all the nodes that they leave out.
    pub(crate) fn with_the_rest(&self, groups: &[Vec<End>]) -> Vec<Vec<End>> {
        let mut listed = vec![false; self.slots.len()];
        groups.iter().flatten().filter_map(|end| end.node()).for_each(|node| listed[node.at()] = true);
        let nodes = (0..).map(|n| End::Node(NodeId(n))).zip(&listed);
        let rest: Vec<End> = nodes.filter(|(_, listed)| !**listed).map(|(end, _)| end).collect();
        let mut sides = groups.to_vec();
        if !rest.is_empty() {
            sides.push(rest);
        }
        sides
    }

    pub(crate) fn message(&self, which: &Which<End>, allowed: impl Fn(Fate) -> bool, to_do: Text) -> Result<Ticket> {
        let found = match which {
            Which::Number(number) => self.flights.find(*number),
            Which::First { kind, from, to } => self
                .flights
                .iter()
                .filter(|(_, f)| f.from == *from && f.to == *to && allowed(f.fate))
                .filter(|(_, f)| crate::frame::message_kind(self.setup.about(), f.summary.kind).id == *kind)
                .min_by_key(|(_, f)| f.id),
        };
        let Some((ticket, flight)) = found else {
            return Err(self.not_in_flight(which));
        };
        if !allowed(flight.fate) {
            let words = text("message #{id} is {fate} and not {verb}", "消息 #{id} {fate}，不能{verb}");
            let fate = match flight.fate {
                Fate::Flying | Fate::Lost(_) => text("flying", "在途中"),
                Fate::Held => text("held", "已被拦截"),
                Fate::Behind => text("waiting for those before it", "在等前面的消息"),
                Fate::Waiting => text("waiting for a paused node", "在等待已暂停的节点"),
            };
            let (id, verb) = (("id", Part::count(flight.id)), ("verb", Part::text(to_do)));
            return Err(Error::not_now(why(words, [id, ("fate", Part::text(fate)), verb])));
        }
        Ok(ticket)
    }

    pub(crate) fn not_in_flight(&self, which: &impl Display) -> Error {
        let ids = crate::order::by_key(self.flights.iter().map(|(_, flight)| flight.id), |id| *id);
        let shown: Vec<String> = ids.iter().take(8).map(|id| format!("#{id}")).collect();
        let message = ("message", Part::name(which));
        if shown.is_empty() {
            let words =
                text("no message {message} is in flight now; none is", "现在传输中没有消息 {message}，一条也没有");
            return Error::not_now(why(words, [message]));
        }
        let words = text(
            "no message {message} is in flight now; in flight: {ids}",
            "现在传输中没有消息 {message}；传输中的有 {ids}",
        );
        Error::not_now(why(words, [message, ("ids", Part::name(crate::text::join(&shown, " ")))]))
    }

    fn allows_delivery(&self, which: &Which<End>) -> Result<()> {
        let ticket = self.message(which, |fate| fate != Fate::Waiting, text("to be delivered", "立即送达"))?;
        let first = self.flights.get(ticket).filter(|_| self.in_order()).and_then(|flight| self.before(flight));
        if let Some(first) = first {
            let words = text(
                "this link keeps its order, so {first} comes first: {instead} would be right",
                "这条链路保持顺序，{first} 在前；可以 {instead}",
            );
            let first = format!("#{}", first.id);
            let instead = ("instead", Part::name(format!("deliver {first}")));
            return Err(Error::not_now(why(words, [("first", Part::name(first)), instead])));
        }
        match self.flights.get(ticket).and_then(|flight| flight.doom) {
            Some((_, Loss::Cut)) => {
                let words =
                    text("its link was cut on its way, so it cannot be delivered", "它的链路在途中被切断，无法送达");
                Err(Error::not_now(words))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn armed(&self, end: End, timer: &str) -> Result<Armed> {
        let (up, timers) = match end {
            End::Node(node) => (self.known(node)? == Status::Up, &self.slots[node.at()].timers[..]),
            End::Client(client) => {
                self.known_client(client)?;
                let slot = self.client_slots.get(client.at());
                (slot.is_none_or(|slot| !slot.paused), slot.map_or(&[][..], |slot| &slot.timers))
            }
        };
        if !up {
            let words = text("{node} is not up, so none of its timers runs", "{node} 没有运行，定时器都已停止");
            return Err(Error::not_now(why(words, [("node", Part::name(end))])));
        }
        let name = |armed: &&Armed| self.setup.about().timers[usize::from(armed.timer.kind)].id;
        timers.iter().find(|armed| name(armed) == timer).copied().ok_or_else(|| {
            let words = text(
                "{node} has set no timer {timer} now; it has set {set}",
                "{node} 现在没有定时器 {timer}；已设置的：{set}",
            );
            let set = Part::known(timers.iter().map(|armed| name(&armed)));
            Error::not_now(why(words, [("node", Part::name(end)), ("timer", Part::name(timer)), ("set", set)]))
        })
    }

    fn allows_request(&self, client: Option<ClientId>, node: Option<NodeId>, operation: &str) -> Result<()> {
        if let Some(node) = node {
            self.known(node)?;
        }
        if self.machines.entries() >= MOST_ENTRIES {
            let words = text("a node holds {most} entries, and takes no more", "有节点已保存 {most} 个条目，不再接收");
            return Err(Error::too_large(why(words, [("most", Part::count(MOST_ENTRIES as i64))])));
        }
        self.operation(operation).map_err(Error::input)?;
        let client = client.unwrap_or_else(|| self.idle_client());
        if client.at() >= MOST_CLIENTS {
            let words = text("{most} clients wait already", "已有 {most} 个客户端在等待");
            return Err(Error::too_large(why(words, [("most", Part::count(MOST_CLIENTS as i64))])));
        }
        match self.clients.get(client.at()) {
            Some(busy) if busy.waiting() => {
                let words =
                    text("{client} waits for {operation}; {idle} is idle", "{client} 在等待 {operation}；{idle} 空闲");
                let (operation, idle) = (Part::name(&busy.operation.text), Part::name(self.idle_client()));
                let with = [("client", Part::name(client)), ("operation", operation), ("idle", idle)];
                Err(Error::not_now(why(words, with)))
            }
            _ if self.is_paused(client) => {
                let words =
                    text("{client} is paused; resume {client} would be right", "{client} 已暂停；可以 resume {client}");
                Err(Error::not_now(why(words, [("client", Part::name(client))])))
            }
            None if client.at() > self.clients.len() => {
                let next = ClientId(self.clients.len() as u32);
                let words = text(
                    "there is no client {client} yet; the next new one is {next}",
                    "还没有客户端 {client}；下一个新的是 {next}",
                );
                Err(Error::not_now(why(words, [("client", Part::name(client)), ("next", Part::name(next))])))
            }
            _ => Ok(()),
        }
    }

    /// The operation that a text says. Whoever asks whether it is one asks for it next.
    pub(crate) fn operation(&self, text: &str) -> std::result::Result<Operation, Why> {
        if let Some((last, operation)) = &*self.parsed.borrow()
            && **last == *text
        {
            return Ok(operation.clone());
        }
        let operation = self.setup.protocol.operation(text)?;
        *self.parsed.borrow_mut() = Some((text.into(), operation.clone()));
        Ok(operation)
    }

    /// The lowest-numbered client that waits for nothing, or a new one.
    pub(crate) fn idle_client(&self) -> ClientId {
        let idle = |client: &Client| !client.waiting() && !self.is_paused(client.id);
        ClientId(self.clients.iter().position(idle).unwrap_or(self.clients.len()) as u32)
    }

    fn allows_join(&self, node: NodeId) -> Result<()> {
        self.membership()?;
        if node.0 != self.len() {
            let words = text("the next node to join is {node}", "下一个加入的节点是 {node}");
            return Err(Error::not_now(why(words, [("node", Part::name(NodeId(self.len())))])));
        }
        let most = self.setup.about().meta.nodes.max;
        if self.len() >= most {
            let words = text("there are at most {most} nodes", "最多 {most} 个节点");
            return Err(Error::too_large(why(words, [("most", Part::count(most))])));
        }
        Ok(())
    }

    fn allows_leave(&self, node: NodeId) -> Result<()> {
        self.membership()?;
        self.in_status(node, &[Status::Up, Status::Paused, Status::Crashed], "leave")
    }

    /// Whether a client has a place of its own, also before its first request.
    pub(crate) fn stands(&self, client: ClientId) -> bool {
        self.network.places().is_some_and(|places| places.of_end(End::Client(client)).is_some())
    }

    fn allows_move(&self, node: NodeId, spot: &Spot) -> Result<()> {
        self.in_status(node, &[Status::Up, Status::Paused, Status::Crashed], "move")?;
        let (places, place) = self.place(spot)?;
        if places.of(node) == place {
            let words = text("{node} stands in {place} already", "{node} 已在 {place}");
            return Err(Error::not_now(why(words, [("node", Part::name(node)), ("place", Part::name(&spot.id))])));
        }
        Ok(())
    }

    fn membership(&self) -> Result<()> {
        let meta = &self.setup.about().meta;
        if meta.membership {
            return Ok(());
        }
        let words = text(
            "the nodes of {protocol} cannot change; they can crash and restart",
            "{protocol} 的节点不能增减，但可以宕机和重启",
        );
        Err(Error::not_now(why(words, [("protocol", Part::text(meta.name))])))
    }
}
