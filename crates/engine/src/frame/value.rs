//! The frame as it goes across the rim.

use std::borrow::Cow;

use crate::cx::Won;
use crate::erased::About;
use crate::names::{End, NodeId};
use crate::network::Network;
use crate::promise::{Assumption, Promise};
use crate::protocol::{Attempt, Field, FieldValue, LastCommit, Series, SetOf, Strip, Table, Tally, Total};
use crate::text::Says;
use crate::trace::NONE;
use crate::units::{MILLION, Micros};
use crate::value::Value;
use crate::world::{Cost, Traffic};

use super::shown::{self, cell_value};
use super::{Frame, FrameClient, FrameMessage, FrameNode, FramePromise, FrameQuorum, FrameSide, FrameTimer};

impl Frame {
    pub fn value(&self) -> Value {
        let value = Value::map([
            ("now", Value::ms(self.now)),
            ("seq", Value::count(self.seq)),
            ("protocol", Value::word(self.about.meta.id)),
            ("nodes", Value::list(self.nodes.iter().map(|node| node_value(self.about, node)))),
            ("messages", Value::list(self.messages.iter().map(message_value))),
            ("clients", Value::list(self.clients.iter().map(client_value))),
            ("links", links_value(&self.network)),
            ("partition", Value::or_null(self.network.groups(), |groups| groups_value(groups))),
            ("network", crate::config::print_conditions(&self.network.conditions)),
            ("quorum", Value::or_null(self.quorum.as_ref(), quorum_value)),
            ("sides", Value::list(self.sides.iter().map(side_value))),
            ("invariants", Value::list(self.promises.iter().filter(|one| one.promise.promised).map(invariant_value))),
            ("promises", Value::list(self.promises.iter().map(promise_value))),
            ("swarm", Value::or_null(self.totals.as_ref(), |totals| totals_value(totals))),
            ("series", Value::list(self.series.iter().map(series_value))),
            ("traffic", traffic_value(&self.traffic)),
            ("sets", Value::list(self.sets.iter().map(set_value))),
            ("overlaps", Value::List(overlaps(&self.sets))),
            ("table", Value::or_null(self.table.as_ref(), table_value)),
            ("places", Value::or_null(self.network.places(), |places| places.list(&|node| Value::count(node.0)))),
            ("costs", Value::list(self.costs.iter().map(cost_value))),
            ("lastCommit", Value::or_null(self.last_commit.as_ref(), last_commit_value)),
            ("newest", Value::list(self.newest.iter().map(crate::desk::newest_value))),
        ]);
        let Value::Map(mut entries) = value else { return value };
        entries.extend(shown::terms(&self.terms));
        Value::Map(entries)
    }
}

fn cost_value(cost: &Cost) -> Value {
    Value::map([
        ("command", Value::string(&cost.operation)),
        ("client", Value::string(cost.client)),
        ("messages", Value::count(cost.messages)),
        ("crossing", Value::count(cost.crossing)),
    ])
}

fn last_commit_value(last: &LastCommit) -> Value {
    let ack = |(node, took): &(NodeId, Micros)| Value::map([("node", Value::count(node.0)), ("ms", Value::ms(*took))]);
    Value::map([
        ("waited", nodes_value(&last.waited)),
        ("decidedBy", Value::or_null(last.decided_by, |node| Value::count(node.0))),
        ("ms", Value::ms(last.took)),
        ("acks", Value::list(last.acks.iter().map(ack))),
    ])
}

fn quorum_value(quorum: &FrameQuorum) -> Value {
    Value::map([
        ("need", Value::count(quorum.need)),
        ("of", Value::count(quorum.of)),
        ("group", Value::or_null(quorum.group, |group| Value::count(group as u32))),
        ("meets", Value::or_null(quorum.meets.as_ref(), Value::says)),
        ("checks", Value::list(quorum.checks.iter().map(crate::desk::check_value))),
    ])
}

fn nodes_value(nodes: &[NodeId]) -> Value {
    Value::list(nodes.iter().map(|node| Value::count(node.0)))
}

fn set_value(set: &SetOf) -> Value {
    Value::map([
        ("id", Value::string(&set.id)),
        ("label", Value::says(&set.label)),
        ("members", nodes_value(&set.members)),
        ("epoch", Value::or_null(set.epoch, Value::count)),
        ("client", Value::or_null(set.client, Value::string)),
        ("kind", Value::word(set.kind)),
    ])
}

/// What each set shares with the older ones that it is to meet.
fn overlaps(sets: &[SetOf]) -> Vec<Value> {
    let mut overlaps = Vec::new();
    for set in sets {
        for older in sets.iter().filter(|older| set.meets.contains(&older.id)) {
            let shared: Vec<NodeId> = older.members.iter().copied().filter(|node| set.members.contains(node)).collect();
            let ids = [Value::string(&older.id), Value::string(&set.id)];
            overlaps.push(Value::map([("sets", Value::list(ids)), ("members", nodes_value(&shared))]));
        }
    }
    overlaps
}

fn side_value(side: &FrameSide) -> Value {
    let verdict = &side.verdict;
    Value::map([
        ("members", Value::list(side.members.iter().map(|node| Value::count(node.0)))),
        ("have", Value::count(verdict.have)),
        ("need", Value::count(verdict.need)),
        ("of", Value::count(verdict.of)),
        ("can", Value::Bool(verdict.can)),
        ("says", Value::says(&side.says)),
    ])
}

pub(super) fn totals_value(totals: &[(&'static str, Total)]) -> Value {
    let total = |total: &Total| match total {
        Total::Count(n) => Value::count(*n),
        Total::Mean(mean) => Value::Number(*mean),
        Total::Unknown => Value::Null,
    };
    Value::Map(totals.iter().map(|(id, value)| ((*id).into(), total(value))).collect())
}

fn series_value(series: &Series) -> Value {
    Value::map([
        ("id", Value::word(series.id)),
        ("name", Value::text(series.name)),
        ("chart", Value::word(series.chart)),
        ("theory", Value::Bool(series.theory)),
        ("values", Value::list(series.values.iter().map(|value| Value::count(*value)))),
    ])
}

/// A word that is the same in every language is a name, or a number.
fn said(says: &Says) -> Value {
    if says.en == says.zh { Value::string(&says.en) } else { Value::says(says) }
}

fn table_value(table: &Table) -> Value {
    let row = |row: &Attempt| {
        Value::map([
            ("epoch", Value::count(row.epoch)),
            ("cells", Value::list(row.cells.iter().map(said))),
            ("tallies", Value::list(row.tallies.iter().map(tally_value))),
            ("state", Value::word(row.state)),
            ("says", Value::says(&row.says)),
        ])
    };
    Value::map([
        ("title", Value::text(table.title)),
        ("says", Value::says(&table.says)),
        ("heads", Value::list(table.heads.iter().map(|text| Value::text(*text)))),
        ("rows", Value::list(table.rows.iter().map(row))),
    ])
}

pub(super) fn traffic_value(traffic: &Traffic) -> Value {
    Value::map([
        ("sent", Value::count(traffic.sent)),
        ("quiet", Value::count(traffic.quiet)),
        ("answered", Value::count(traffic.answered)),
    ])
}

fn hue(epoch: u32) -> Value {
    Value::count(if epoch == 0 { 0 } else { (epoch - 1) % 8 + 1 })
}

/// The sides of a partition.
fn groups_value(groups: &[Vec<End>]) -> Value {
    Value::list(groups.iter().map(|group| Value::list(group.iter().map(end_value))))
}

/// A node by its number, a client by its name.
pub(crate) fn end_value(end: &End) -> Value {
    match end {
        End::Node(node) => Value::count(node.0),
        End::Client(client) => Value::string(client),
    }
}

pub(super) fn node_value(about: &About, node: &FrameNode) -> Value {
    let epoch = Value::map([
        ("label", Value::word(about.meta.epoch.en)),
        ("value", Value::count(node.epoch)),
        ("hue", hue(node.epoch)),
    ]);
    let clock = clock_value(node.offset, node.rate);
    let value = Value::map([
        ("id", Value::count(node.id.0)),
        ("name", Value::string(node.id)),
        ("group", Value::or_null(node.group, Value::count)),
        ("role", Value::word(node.role.id)),
        ("authority", Value::word(node.role.authority.id())),
        ("status", Value::word(node.status.id())),
        ("epoch", epoch),
        ("mark", Value::or_null(node.mark, Value::count)),
        ("timer", Value::or_null(node.timer, |timer| timer_value(&timer))),
        ("timers", Value::list(node.timers.iter().map(timer_value))),
        ("tally", Value::or_null(node.view.tally.as_ref(), tally_value)),
        ("won", Value::or_null(node.won.as_deref(), won_value)),
        ("fields", Value::list(node.view.fields.iter().map(field_value))),
        ("strips", Value::list(node.view.strips.iter().map(strip_value))),
        ("clock", clock),
        ("writes", Value::list(node.writes.iter().map(write_value))),
        ("crashAfter", Value::or_null(node.crash_after, Value::count)),
        ("says", Value::says(&node.view.says)),
    ]);
    let Value::Map(mut entries) = value else { return value };
    entries.extend(shown::entries(&node.view));
    Value::Map(entries)
}

fn timer_value(timer: &FrameTimer) -> Value {
    Value::map([("name", Value::word(timer.name)), ("from", Value::ms(timer.from)), ("until", Value::ms(timer.until))])
}

fn write_value(write: &FrameTimer) -> Value {
    let (from, until) = (("from", Value::ms(write.from)), ("until", Value::ms(write.until)));
    Value::map([("timer", Value::word(write.name)), from, until])
}

fn tally_entries(tally: &Tally) -> [(&'static str, Value); 4] {
    let ids = |nodes: &[NodeId]| Value::list(nodes.iter().map(|node| Value::count(node.0)));
    [
        ("have", ids(&tally.have)),
        ("refused", ids(&tally.refused)),
        ("need", Value::count(tally.need)),
        ("of", Value::count(tally.of)),
    ]
}

fn tally_value(tally: &Tally) -> Value {
    Value::map(tally_entries(tally))
}

fn won_value(won: &Won) -> Value {
    let when = [("time", Value::ms(won.time)), ("epoch", Value::count(won.epoch))];
    let entries = when.into_iter().chain(tally_entries(&won.tally));
    Value::Map(entries.map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn field_value(field: &Field) -> Value {
    let says = match &field.value {
        Some(FieldValue::Said(_, says)) => Some(("says", Value::says(says))),
        _ => None,
    };
    let entries = [
        ("id", Value::word(field.id)),
        ("label", Value::text(field.label)),
        (
            "value",
            Value::or_null(field.value.as_ref(), |value| match value {
                FieldValue::Number(n) => Value::count(*n),
                FieldValue::Name(name) | FieldValue::Said(name, _) => Value::string(name),
            }),
        ),
        ("tone", Value::word(field.tone)),
        ("durable", Value::Bool(field.durable)),
    ];
    Value::Map(entries.into_iter().chain(says).map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

fn strip_value(strip: &Strip) -> Value {
    Value::map([
        ("id", Value::word(strip.id)),
        ("kind", Value::word(strip.kind.id())),
        ("cells", Value::list(strip.cells.iter().map(cell_value))),
    ])
}

fn message_value(message: &FrameMessage) -> Value {
    let time = |time: Option<Micros>| Value::or_null(time, Value::ms);
    let moved = |(at, gone)| Value::map([("at", Value::ms(at)), ("u", Value::Number(i64::from(gone)))]);
    Value::map([
        ("id", Value::count(message.id)),
        ("from", end_value(&message.from)),
        ("to", end_value(&message.to)),
        ("kind", Value::word(message.kind)),
        ("reply", Value::Bool(message.reply)),
        ("tone", Value::word(message.tone)),
        ("epoch", Value::count(message.epoch)),
        ("sent", Value::ms(message.sent)),
        ("arrives", Value::ms(message.arrives)),
        ("fate", Value::word(message.fate.id())),
        ("moved", Value::or_null(message.moved, moved)),
        ("ended", time(message.ended)),
        ("copyOf", Value::or_null(message.copy_of.filter(|id| *id != NONE), Value::count)),
        ("delayedUntil", time(message.delayed_until)),
        ("quiet", Value::Bool(message.quiet)),
        ("fields", Value::list(message.fields.iter().map(field_value))),
        ("says", Value::says(&message.says)),
    ])
}

/// The clock of a node or of a client that is a machine of its own.
fn clock_value(offset: i64, rate: u32) -> Value {
    Value::map([
        ("offset", Value::Number(crate::units::micros_to_ms(offset))),
        ("rate", Value::Number(i64::from(rate) - i64::from(MILLION))),
    ])
}

fn client_value(client: &FrameClient) -> Value {
    let machine = client.machine.as_ref();
    let tally = machine.and_then(|machine| machine.view.tally.as_ref());
    let ring = machine.and_then(|machine| machine.timers.iter().find(|timer| timer.ring));
    Value::map([
        ("id", Value::count(client.id)),
        ("name", Value::string(&client.name)),
        ("operation", Value::string(&client.operation)),
        ("state", Value::word(client.state.id())),
        ("from", Value::count(client.from.0)),
        ("since", Value::ms(client.since)),
        ("finished", Value::or_null(client.finished, Value::ms)),
        ("answer", Value::or_null(client.answer.as_ref(), |(answer, _)| Value::string(answer))),
        ("answered", Value::or_null(client.answer.as_ref(), |(_, says)| Value::says(says))),
        ("serial", Value::count(client.serial)),
        ("status", Value::or_null(machine, |machine| Value::word(if machine.paused { "paused" } else { "up" }))),
        ("clock", Value::or_null(machine, |machine| clock_value(machine.offset, machine.rate))),
        ("timer", Value::or_null(ring, timer_value)),
        ("timers", Value::or_null(machine, |machine| Value::list(machine.timers.iter().map(timer_value)))),
        ("tally", Value::or_null(tally, tally_value)),
        ("says", Value::or_null(client.says.as_ref(), Value::says)),
    ])
}

/// Links that are unlike the others: cut, or with a latency of their own.
fn links_value(network: &Network) -> Value {
    let pairs = network.cuts().chain(network.links.keys());
    let mut pairs = crate::order::by_key(pairs, |(from, to)| u64::from(from.0) << 32 | u64::from(to.0));
    pairs.dedup();
    Value::list(pairs.into_iter().map(|(from, to)| {
        let latency = network.links.get((from, to));
        Value::map([
            ("from", Value::count(from.0)),
            ("to", Value::count(to.0)),
            ("cut", Value::Bool(network.is_cut(from, to))),
            ("latency", Value::or_null(latency, |l| Value::list([Value::ms(l.min), Value::ms(l.max)]))),
        ])
    }))
}

fn invariant_value(invariant: &FramePromise) -> Value {
    Value::map([
        ("id", Value::word(invariant.property.id)),
        ("holds", Value::Bool(invariant.broken.is_none())),
        ("says", Value::says(&invariant.says)),
        ("time", Value::or_null(invariant.broken.as_ref(), |violation| Value::ms(violation.time))),
    ])
}

fn ids(assumptions: &[Assumption]) -> Value {
    Value::list(assumptions.iter().map(|one| Value::word(one.id())))
}

/// Whether a level of consistency is promised to clients, and what of its assumptions is broken.
pub(crate) fn level_value(level: &'static str, promise: Promise, beyond: &[Assumption]) -> Value {
    Value::map([
        ("level", Value::word(level)),
        ("promised", Value::Bool(promise.promised)),
        ("because", Value::text(promise.because)),
        ("assumes", ids(promise.assumes)),
        ("beyond", ids(beyond)),
    ])
}

fn promise_value(promise: &FramePromise) -> Value {
    let broken = promise.broken.as_ref();
    let beyond = broken.map_or(&promise.beyond, |violation| &violation.beyond);
    let witnesses = broken.map(|violation| &violation.nodes[..]).unwrap_or_default();
    Value::map([
        ("id", Value::word(promise.property.id)),
        ("title", Value::text(promise.property.title)),
        ("promised", Value::Bool(promise.promise.promised)),
        ("because", Value::text(promise.promise.because)),
        ("assumes", ids(promise.promise.assumes)),
        ("beyond", ids(beyond)),
        ("holds", Value::Bool(broken.is_none())),
        ("says", Value::says(&promise.says)),
        ("broken", Value::or_null(broken, |violation| Value::ms(violation.time))),
        ("witnesses", Value::list(witnesses.iter().map(|node| Value::count(node.0)))),
    ])
}
