//! The inputs that are valid now: one example of each kind for each target.

use crate::erased::About;
use crate::input::{Deed, Input, Link, Party, Which, Who};
use crate::names::{End, NodeId};
use crate::network::Latency;
use crate::places::Places;
use crate::text::{Says, Text, text};
use crate::trace::Status;
use crate::units::{MS, Ppm};
use crate::value::Value;
use crate::world::World;

pub const MOST_OFFERS: usize = 200;
/// Of so many clients it is offered what may be done to them.
const MOST_CLIENTS: usize = 8;

/// What an offer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The network, places and clients.
    Everything,
    /// One node.
    Node(NodeId),
    /// A message in flight, by its number.
    Message(u64),
}

pub struct Offer {
    pub input: Input,
    pub target: Target,
    pub label: Says,
    /// Outside the protocol's fault model: what breaks after it is really broken.
    pub beyond: bool,
}

impl Offer {
    pub fn value(&self) -> Value {
        let target = match self.target {
            Target::Everything => Value::Null,
            Target::Node(node) => Value::string(node),
            Target::Message(id) => Value::string(format!("#{id}")),
        };
        Value::map([
            ("text", Value::string(&self.input)),
            ("object", crate::object::print(&self.input)),
            ("target", target),
            ("label", Value::says(&self.label)),
            ("beyond", Value::Bool(self.beyond)),
        ])
    }
}

impl World {
    /// At most 200 inputs that are valid now, for one target or for all.
    pub fn offers(&self, about: Option<Target>) -> Vec<Offer> {
        let mut candidates: Vec<(Target, Input)> = Vec::new();
        match about {
            Some(Target::Node(node)) => candidates.extend(self.node_inputs(node)),
            Some(Target::Message(id)) => candidates.extend(message_inputs(id)),
            Some(Target::Everything) => candidates.extend(self.common_inputs()),
            None => {
                candidates.extend(self.common_inputs());
                let nodes = (0..self.len().min(MOST_OFFERS as u32)).map(NodeId);
                candidates.extend(nodes.flat_map(|node| self.node_inputs(node)));
                let ids = crate::order::by_key(self.flights.iter().map(|(_, flight)| flight.id), |id| *id);
                candidates.extend(ids.into_iter().take(MOST_OFFERS).flat_map(message_inputs));
            }
        }
        let valid = candidates.into_iter().filter(|(_, input)| self.prepare(input).is_ok());
        valid.take(MOST_OFFERS).map(|(target, input)| self.offer(target, input)).collect()
    }

    fn offer(&self, target: Target, input: Input) -> Offer {
        let beyond = self.is_beyond(&input);
        let does = label(self.setup.about(), &input);
        let whose = match &input {
            Input::Pause(party)
            | Input::Resume(party)
            | Input::Skew(party, _)
            | Input::Offset(party, _)
            | Input::Fire(party, _) => match party {
                Party::End(end) => end.client(),
                Party::Place(_) => None,
            },
            _ => None,
        };
        // What is done to a node stands in its own menu; a client's has to say whose it is.
        let label = match whose {
            Some(client) => {
                text("{client}: {does}", "{client}：{does}").fill(&[("client", Says::same(client)), ("does", does)])
            }
            None => does,
        };
        Offer { label, target, input, beyond }
    }

    /// Whether an input is outside the protocol's fault model.
    pub fn is_beyond(&self, input: &Input) -> bool {
        self.deeds(input).is_ok_and(|deeds| deeds.iter().any(|deed| self.goes_beyond(deed)))
    }

    pub(crate) fn goes_beyond(&self, deed: &Deed) -> bool {
        match deed {
            Input::Wipe(_) => self.setup.about().meta.trusts_disk,
            Input::Skew(end, rate) => {
                self.clock_bound(*end).is_some_and(|bound| rate.unsigned_abs() > u64::from(bound))
            }
            Input::Offset(end, by) => {
                let clock = match end {
                    End::Node(node) => self.slots.get(node.at()).map(|slot| slot.clock),
                    End::Client(client) => Some(self.client_clock(*client)),
                };
                clock.is_some_and(|clock| clock.offset() != *by) && self.clock_bound(*end).is_some()
            }
            _ => false,
        }
    }

    /// How far this one's clock may be off, where anything rests on it.
    fn clock_bound(&self, end: End) -> Option<Ppm> {
        match end {
            End::Node(_) => self.machines.clock_bound(),
            End::Client(_) => self.machines.client_clock_bound(),
        }
    }

    fn node_inputs(&self, node: NodeId) -> Vec<(Target, Input)> {
        let Some(slot) = self.slots.get(node.at()) else {
            return Vec::new();
        };
        let who = || Who::Node(node);
        let end = || Party::End(End::Node(node));
        let mut inputs = vec![Input::Crash(who()), Input::CrashAfter(who(), 1), Input::Restart(who())];
        inputs.extend([Input::Wipe(who()), Input::Pause(end()), Input::Resume(end())]);
        let timers = slot.timers.iter().map(|armed| self.setup.about().timers[usize::from(armed.timer.kind)].id);
        inputs.extend(timers.map(|timer| Input::Fire(end(), timer)));
        if slot.status != Status::Gone {
            inputs.extend([Input::Skew(end(), 200_000), Input::Offset(end(), 50 * MS as i64)]);
            inputs.extend(self.setup.about().operations.iter().map(|operation| request(Some(node), operation.example)));
            inputs.push(Input::Leave(who()));
            let spots = self.network.places().map(Places::spots).unwrap_or_default();
            inputs.extend(spots.iter().map(|spot| Input::Move(who(), spot.clone())));
        }
        inputs.into_iter().map(|input| (Target::Node(node), input)).collect()
    }

    /// What may be done to clients that are machines of their own: the first few.
    fn client_inputs(&self) -> Vec<Input> {
        let mut inputs = Vec::new();
        for client in self.clients.iter().take(MOST_CLIENTS).filter(|_| self.setup.about().clients) {
            let party = || Party::End(End::Client(client.id));
            inputs.extend([Input::Pause(party()), Input::Resume(party())]);
            inputs.extend([Input::Skew(party(), 200_000), Input::Offset(party(), 50 * MS as i64)]);
            let timers = self.client_slots.get(client.id.at()).map_or(&[][..], |slot| &slot.timers);
            let name = |armed: &crate::world::Armed| self.setup.about().timers[usize::from(armed.timer.kind)].id;
            inputs.extend(timers.iter().map(|armed| Input::Fire(party(), name(armed))));
        }
        inputs
    }

    /// What may be done to a whole place.
    fn place_inputs(&self) -> Vec<Input> {
        let mut inputs = Vec::new();
        for spot in self.network.places().map(Places::spots).unwrap_or_default() {
            let who = || Who::Place(spot.clone());
            inputs.extend([Input::Crash(who()), Input::Restart(who())]);
            inputs.push(Input::Partition(vec![vec![who().into()]]));
        }
        inputs
    }

    fn common_inputs(&self) -> Vec<(Target, Input)> {
        let mut inputs: Vec<Input> =
            self.setup.about().operations.iter().map(|operation| request(None, operation.example)).collect();
        let end = |node: u32| Party::End(End::Node(NodeId(node)));
        let (minority, nodes) = ((self.len() - 1) / 2, self.len());
        if minority > 0 {
            let sides = vec![(0..minority).map(end).collect(), (minority..nodes).map(end).collect()];
            inputs.push(Input::Partition(sides));
        }
        inputs.extend(self.place_inputs());
        inputs.push(Input::Heal);
        if nodes > 1 {
            let (from, to) = (|| Who::Node(NodeId(0)), || Who::Node(NodeId(1)));
            inputs.push(Input::Cut(Link { from: from(), to: to(), both: false }));
            inputs.push(Input::Cut(Link { from: from(), to: to(), both: true }));
            inputs.push(Input::Mend(Link { from: from(), to: to(), both: false }));
            inputs.push(Input::Latency(Latency { min: 10 * MS, max: 20 * MS }, Some((from(), to()))));
        }
        inputs.push(Input::Latency(Latency { min: 10 * MS, max: 20 * MS }, None));
        inputs.extend([Input::Loss(100_000), Input::Duplication(50_000), Input::Join(NodeId(nodes).into())]);
        inputs.extend(self.client_inputs());
        inputs.into_iter().map(|input| (Target::Everything, input)).collect()
    }
}

fn request(node: Option<NodeId>, operation: &str) -> Input {
    Input::Request { client: None, node: node.map(Who::Node), operation: operation.to_string() }
}

fn message_inputs(id: u64) -> Vec<(Target, Input)> {
    let which = || Which::Number(id);
    let inputs = [
        Input::Drop(which()),
        Input::Hold(which()),
        Input::Delay(which(), 50 * MS),
        Input::Duplicate(which()),
        Input::Deliver(which(), None),
    ];
    inputs.into_iter().map(|input| (Target::Message(id), input)).collect()
}

/// What a button that does the input says.
fn label(about: &About, input: &Input) -> Says {
    let words: Text = match input {
        Input::Crash(_) => text("Crash", "宕机"),
        Input::CrashAfter(_, after) => {
            let words = text("Crash after {n} {n:send|sends}", "发送 {n} 条后宕机");
            return words.fill(&[("n", Says::same(after))]);
        }
        Input::Restart(_) => text("Restart", "重启"),
        Input::Wipe(_) => text("Wipe its disk", "清空磁盘"),
        Input::Pause(_) => text("Pause", "暂停"),
        Input::Resume(_) => text("Resume", "恢复运行"),
        Input::Partition(_) => text("Partition", "网络分区"),
        Input::Heal => text("Heal the network", "恢复网络"),
        Input::Cut(_) => text("Cut a link", "切断链路"),
        Input::Mend(_) => text("Mend a link", "恢复链路"),
        Input::Drop(_) => text("Drop", "丢弃"),
        Input::Hold(_) => text("Hold", "拦截"),
        Input::Delay(..) => text("Delay by 50 ms", "延迟 50 ms"),
        Input::Duplicate(_) => text("Duplicate", "复制"),
        Input::Deliver(..) => text("Deliver now", "立即送达"),
        Input::Latency(..) => text("Set the latency", "设置延迟"),
        Input::Loss(_) => text("Lose messages", "丢包"),
        Input::Duplication(_) => text("Duplicate messages", "重复消息"),
        Input::Skew(..) => text("Skew its clock", "时钟走快"),
        Input::Offset(..) => text("Set its clock ahead", "时钟拨快"),
        Input::Join(_) => text("Join", "加入"),
        Input::Leave(_) => text("Leave", "离开"),
        Input::Move(_, spot) => return text("Move to {place}", "移到{place}").fill(&[("place", spot.name.clone())]),
        Input::Fire(_, timer) => {
            let name = about.timers.iter().find(|kind| kind.id == *timer).map_or(text("", ""), |kind| kind.name);
            return text("Time out now: {timer}", "立即超时：{timer}").fill(&[("timer", name.says())]);
        }
        Input::Request { operation, .. } => {
            return text("Send {operation}", "发送 {operation}").fill(&[("operation", Says::same(operation))]);
        }
    };
    words.says()
}
