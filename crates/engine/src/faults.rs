//! What an input does to the world: first whether it is valid now, then its doing.

use crate::erased::Fall;
use crate::error::{Error, Part, Result, why};
use crate::flight::{Fate, Ticket};
use crate::input::{Input, Link, Which};
use crate::names::{ClientId, End, NodeId};
use crate::network::Latency;
use crate::text::{Text, text};
use crate::trace::{Loss, Recorder, Seq, Status, What};
use crate::units::{END_OF_TIME, MILLION, Micros};
use crate::world::{Armed, STOPPED, World};

/// Above this many entries on a node a request is refused.
pub const MOST_ENTRIES: usize = 1_000_000;
const MOST_CLIENTS: usize = 10_000;
const MOST_FLIGHTS_COPIED: usize = 100_000;

impl World {
    /// Whether the input is valid now; if not, what would be.
    pub fn allows(&self, input: &Input) -> Result<()> {
        match input {
            Input::Crash(node) => self.in_status(*node, &[Status::Up, Status::Paused], "crash"),
            Input::Restart(node) => self.in_status(*node, &[Status::Crashed], "restart"),
            Input::Wipe(node) => self.in_status(*node, &[Status::Crashed], "wipe"),
            Input::Pause(node) => self.in_status(*node, &[Status::Up], "pause"),
            Input::Resume(node) => self.in_status(*node, &[Status::Paused], "resume"),
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
            Input::Deliver(which) => self.allows_delivery(which),
            Input::Skew(node, _) | Input::Offset(node, _) => self.known(*node).map(|_| ()),
            Input::Fire(node, timer) => self.armed(*node, timer).map(|_| ()),
            Input::Request { client, node, operation } => self.allows_request(*client, *node, operation),
            Input::Join(node) => self.allows_join(*node),
            Input::Leave(node) => self.allows_leave(*node),
        }
    }

    /// Does a valid input, and gives the number of its record. `place` is where it stands in its
    /// branch.
    pub fn apply(&mut self, input: &Input, place: u32, recorder: &mut Recorder) -> Seq {
        let refused = self.allows(input).is_err();
        let seq = self.note_input(input, What::Input { place, refused }, recorder);
        if !refused {
            self.perform(input, seq, recorder);
        }
        seq
    }

    /// The record of an input says what it is about: a node, the client of a request, or a message
    /// with its kind and its ends.
    fn note_input(&mut self, input: &Input, what: What, recorder: &mut Recorder) -> Seq {
        let peer = match input {
            Input::Request { client, .. } => Some(End::Client(client.unwrap_or_else(|| self.idle_client()))),
            _ => None,
        };
        let mut record = self.blank(what, self.subject(input), peer);
        if let Some(flight) = input.which().and_then(|which| self.message(which, |_| true, text("", "")).ok()) {
            let flight = self.flights.get(flight);
            if let Some(flight) = flight {
                (record.message, record.a) = (flight.id, u32::from(flight.summary.kind));
                (record.node, record.peer) = flight.node_and_peer();
            }
        }
        self.keep(recorder, record);
        record.seq
    }

    fn perform(&mut self, input: &Input, seq: Seq, recorder: &mut Recorder) {
        match input {
            Input::Crash(node) => self.crash(*node, Fall::Crash, seq, recorder),
            Input::Restart(node) => self.boot(*node, seq, recorder),
            Input::Wipe(node) => self.fall(*node, Fall::Wipe, seq, recorder),
            Input::Pause(node) => self.pause(*node, recorder),
            Input::Resume(node) => self.resume(*node, recorder),
            Input::Partition(groups) => {
                self.network.partition(self.with_the_rest(groups));
                self.lose_unreachable(seq, recorder);
            }
            Input::Heal => self.network.heal(),
            Input::Cut(link) => {
                self.each_way(*link, |world, from, to| world.network.cut(from, to));
                self.lose_unreachable(seq, recorder);
            }
            Input::Mend(link) => self.each_way(*link, |world, from, to| world.network.mend(from, to)),
            Input::Latency(latency, link) => self.set_latency(*latency, *link),
            Input::Loss(part) => self.network.conditions.loss = *part,
            Input::Duplication(part) => self.network.conditions.duplicate = *part,
            Input::Skew(node, rate) => self.skew(*node, *rate),
            Input::Offset(node, by) => self.slots[node.at()].clock.set_offset(*by),
            Input::Fire(node, timer) => self.fire_now(*node, timer, seq, recorder),
            Input::Join(node) => {
                self.network.grow(node.0 + 1);
                self.machines.add(None);
                self.add_slot();
                self.boot(*node, seq, recorder);
            }
            Input::Leave(node) => {
                self.gone += 1;
                self.crash(*node, Fall::Leave, seq, recorder);
            }
            Input::Request { client, node, operation } => {
                let client = client.unwrap_or_else(|| self.idle_client());
                if let Ok(operation) = self.setup.protocol.operation(operation) {
                    self.begin(client, *node, operation, seq, recorder);
                }
            }
            Input::Drop(which) | Input::Hold(which) | Input::Duplicate(which) | Input::Deliver(which) => {
                self.perform_on_message(input, which, seq, recorder);
            }
            Input::Delay(which, by) => {
                if let Ok(ticket) = self.message(which, |_| true, text("", "")) {
                    self.delay(ticket, *by);
                }
            }
        }
    }

    fn perform_on_message(&mut self, input: &Input, which: &Which, seq: Seq, recorder: &mut Recorder) {
        let Ok(ticket) = self.message(which, |_| true, text("", "")) else {
            return;
        };
        match input {
            Input::Drop(_) => self.lose_for(ticket, Loss::Dropped, seq, recorder),
            Input::Hold(_) => {
                if let Some((_, flight)) = self.flights.renew(ticket) {
                    flight.mark_place(self.now);
                    flight.fate = Fate::Held;
                }
            }
            Input::Duplicate(_) => self.duplicate(ticket),
            _ => self.deliver_now(ticket),
        }
    }

    fn subject(&self, input: &Input) -> Option<NodeId> {
        let node = match input {
            Input::Crash(node)
            | Input::Restart(node)
            | Input::Wipe(node)
            | Input::Pause(node)
            | Input::Resume(node)
            | Input::Skew(node, _)
            | Input::Offset(node, _)
            | Input::Fire(node, _)
            | Input::Leave(node) => *node,
            Input::Request { node, .. } => (*node)?,
            _ => return None,
        };
        (node.at() < self.slots.len()).then_some(node)
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
        let mut seen: Vec<End> = Vec::new();
        for end in groups.iter().flatten() {
            match end {
                End::Node(node) => self.known(*node).map(|_| ())?,
                End::Client(client) if client.at() >= self.clients.len() => {
                    let words = text("there is no client {client} yet", "还没有客户端 {client}");
                    return Err(Error::input(why(words, [("client", Part::name(client))])));
                }
                End::Client(_) => {}
            }
            if seen.contains(end) {
                let words = text("{name} stands in a partition only once", "{name} 在一个分区里只能出现一次");
                return Err(Error::input(why(words, [("name", Part::name(end))])));
            }
            seen.push(*end);
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
    fn with_the_rest(&self, groups: &[Vec<End>]) -> Vec<Vec<End>> {
        let left_out = |end: &End| !groups.iter().any(|group| group.contains(end));
        let rest: Vec<End> = (0..self.len()).map(|n| End::Node(NodeId(n))).filter(left_out).collect();
        let mut sides = groups.to_vec();
        if !rest.is_empty() {
            sides.push(rest);
        }
        sides
    }

    fn message(&self, which: &Which, allowed: impl Fn(Fate) -> bool, to_do: Text) -> Result<Ticket> {
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
                Fate::Waiting => text("waiting for a paused node", "在等待已暂停的节点"),
            };
            let (id, verb) = (("id", Part::count(flight.id)), ("verb", Part::text(to_do)));
            return Err(Error::not_now(why(words, [id, ("fate", Part::text(fate)), verb])));
        }
        Ok(ticket)
    }

    fn not_in_flight(&self, which: &Which) -> Error {
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

    fn allows_delivery(&self, which: &Which) -> Result<()> {
        let ticket = self.message(which, |fate| fate != Fate::Waiting, text("to be delivered", "立即送达"))?;
        match self.flights.get(ticket).and_then(|flight| flight.doom) {
            Some((_, Loss::Cut)) => {
                let words =
                    text("its link was cut on its way, so it cannot be delivered", "它的链路在途中被切断，无法送达");
                Err(Error::not_now(words))
            }
            _ => Ok(()),
        }
    }

    fn armed(&self, node: NodeId, timer: &str) -> Result<Armed> {
        if self.known(node)? != Status::Up {
            let words = text("{node} is not up, so none of its timers runs", "{node} 没有运行，定时器都已停止");
            return Err(Error::not_now(why(words, [("node", Part::name(node))])));
        }
        let name = |armed: &&Armed| self.setup.about().timers[usize::from(armed.timer.kind)].id;
        let timers = &self.slots[node.at()].timers;
        timers.iter().find(|armed| name(armed) == timer).copied().ok_or_else(|| {
            let words = text(
                "{node} has set no timer {timer} now; it has set {set}",
                "{node} 现在没有定时器 {timer}；已设置的：{set}",
            );
            let set = Part::known(timers.iter().map(|armed| name(&armed)));
            Error::not_now(why(words, [("node", Part::name(node)), ("timer", Part::name(timer)), ("set", set)]))
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
        self.setup.protocol.operation(operation).map_err(Error::input)?;
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

    /// The lowest-numbered client that waits for nothing, or a new one.
    pub(crate) fn idle_client(&self) -> ClientId {
        let idle = self.clients.iter().position(|client| !client.waiting());
        ClientId(idle.unwrap_or(self.clients.len()) as u32)
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

    fn crash(&mut self, id: NodeId, fall: Fall, seq: Seq, recorder: &mut Recorder) {
        let slot = &mut self.slots[id.at()];
        slot.status = if fall == Fall::Leave { Status::Gone } else { Status::Crashed };
        slot.timers.clear();
        slot.won = None;
        for ticket in std::mem::take(&mut slot.waiting) {
            self.lose_for(ticket, Loss::Down, seq, recorder);
        }
        self.fall(id, fall, seq, recorder);
    }

    /// The machine loses what it loses, and the history is told.
    fn fall(&mut self, id: NodeId, fall: Fall, seq: Seq, recorder: &mut Recorder) {
        let known = self.known_broken();
        let broken = self.machines.fall(id, fall, &known);
        self.note_change(id, recorder);
        if self.checked {
            self.report(broken, seq, recorder);
        }
    }

    /// Its timers stop where they are: what remains of each is kept until it resumes.
    fn pause(&mut self, id: NodeId, recorder: &mut Recorder) {
        let now = self.now;
        let slot = &mut self.slots[id.at()];
        slot.status = Status::Paused;
        for armed in &mut slot.timers {
            armed.stop(now);
        }
        self.note_change(id, recorder);
    }

    fn resume(&mut self, id: NodeId, recorder: &mut Recorder) {
        let slot = &mut self.slots[id.at()];
        slot.status = Status::Up;
        let timers = std::mem::take(&mut slot.timers);
        let waiting = std::mem::take(&mut slot.waiting);
        for mut armed in timers {
            armed.go_on(self.now);
            self.rearm(id, armed);
        }
        for ticket in waiting {
            self.deliver_now(ticket);
        }
        self.note_change(id, recorder);
    }

    fn skew(&mut self, id: NodeId, rate: i64) {
        let new = (i64::from(MILLION) + rate) as u32;
        let (now, slot) = (self.now, &mut self.slots[id.at()]);
        let old = slot.clock;
        slot.clock.set_rate(now, new);
        let clock = slot.clock;
        let stretch = |truth: Micros| clock.true_time(old.local(truth));
        if slot.status == Status::Paused {
            slot.timers.iter_mut().for_each(|armed| armed.stretch_stopped(stretch));
            return;
        }
        for armed in std::mem::take(&mut slot.timers) {
            let from = now.saturating_sub(stretch(now - armed.from.min(now)));
            let until = now + stretch(armed.until - now);
            self.rearm(id, Armed { from, until, ..armed });
        }
    }

    fn fire_now(&mut self, id: NodeId, timer: &str, seq: Seq, recorder: &mut Recorder) {
        let Ok(armed) = self.armed(id, timer) else {
            return;
        };
        self.slots[id.at()].timers.retain(|other| other.timer != armed.timer);
        self.ring(id, armed.timer, seq, recorder);
    }

    fn each_way(&mut self, link: Link, change: impl Fn(&mut Self, NodeId, NodeId)) {
        change(self, link.from, link.to);
        if link.both {
            change(self, link.to, link.from);
        }
    }

    fn set_latency(&mut self, latency: Latency, link: Option<(NodeId, NodeId)>) {
        match link {
            Some(link) => self.network.links.insert(link, latency),
            None => self.network.set_latency(latency),
        }
    }

    /// A message is lost if its link is cut at any moment of its flight.
    fn lose_unreachable(&mut self, seq: Seq, recorder: &mut Recorder) {
        let lost = |fate: Fate| fate == Fate::Flying || fate == Fate::Held;
        let cut = self
            .flights
            .iter()
            .filter(|(_, f)| lost(f.fate) && !self.network.reachable(f.from, f.to))
            // What was doomed to be cut before goes on to its own end.
            .filter(|(_, f)| !matches!(f.doom, Some((_, Loss::Cut))))
            .map(|(ticket, flight)| (flight.id, ticket));
        for (_, ticket) in crate::order::by_key(cut, |(id, _)| *id) {
            self.lose_for(ticket, Loss::Cut, seq, recorder);
        }
    }

    fn deliver_now(&mut self, ticket: Ticket) {
        let now = self.now;
        let Some((ticket, flight)) = self.flights.renew(ticket) else {
            return;
        };
        flight.mark_place(now);
        (flight.fate, flight.doom, flight.arrives) = (Fate::Flying, None, now);
        self.schedule_flight(ticket, now, None);
    }

    fn delay(&mut self, ticket: Ticket, by: Micros) {
        let Some((ticket, flight)) = self.flights.renew(ticket) else {
            return;
        };
        flight.mark_place(self.now);
        flight.arrives = (flight.arrives + by).min(END_OF_TIME * 2);
        flight.delayed_until = Some(flight.arrives);
        flight.doom = flight.doom.map(|(time, why)| (time + by, why));
        let (arrives, doom) = (flight.arrives, flight.doom);
        self.schedule_flight(ticket, arrives, doom);
    }

    /// A copy that arrives just behind its original.
    fn duplicate(&mut self, ticket: Ticket) {
        let Some(original) = self.flights.get(ticket) else {
            return;
        };
        let mut copy = original.clone();
        (copy.copy_of, copy.id) = (original.id, self.next_message);
        self.next_message += 1;
        let gap = ((copy.arrives - copy.sent) / 8).max(1);
        copy.mark_place(self.now);
        copy.arrives = copy.arrives.max(self.now) + gap;
        copy.fate = Fate::Flying;
        let (arrives, doom) = (copy.arrives, copy.doom);
        let ticket = self.flights.add(copy);
        self.schedule_flight(ticket, arrives, doom);
    }
}

impl Armed {
    /// From now on `from` and `until` are how long it has run and how long it has still to run.
    fn stop(&mut self, now: Micros) {
        self.from = now - self.from.min(now);
        self.until -= now;
        self.order = STOPPED;
    }
    fn go_on(&mut self, now: Micros) {
        self.from = now.saturating_sub(self.from);
        self.until += now;
    }
    fn stretch_stopped(&mut self, stretch: impl Fn(Micros) -> Micros) {
        self.from = stretch(self.from);
        self.until = stretch(self.until);
    }
    /// When it runs from and until, as seen at `now`.
    pub(crate) fn span(&self, now: Micros, stopped: bool) -> (Micros, Micros) {
        if stopped { (now.saturating_sub(self.from), now + self.until) } else { (self.from, self.until) }
    }
}
