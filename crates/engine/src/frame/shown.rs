//! What only some protocols' frames hold, as it goes across the rim: a member that a protocol has nothing for is
//! left out.

use std::borrow::Cow;

use crate::trace::Write;
use crate::value::Value;
use crate::view::{
    Admission, Badge, Cell, Gate, Grant, Holder, Moment, NodeView, Phase, Register, Spans, State, Stretch, Terms,
    Written,
};

type Entry = (Cow<'static, str>, Value);

fn list<T>(key: &'static str, items: &[T], value: impl Fn(&T) -> Value) -> Option<Entry> {
    (!items.is_empty()).then(|| (key.into(), Value::list(items.iter().map(value))))
}

/// The members of a node's view beside those that every node has.
pub(super) fn entries(view: &NodeView) -> impl Iterator<Item = Entry> {
    let state = view.state.as_ref().map(|state| ("state".into(), state_value(state)));
    let phase = view.phase.as_ref().map(|phase| ("phase".into(), phase_value(phase)));
    let badges = list("badges", &view.badges, badge_value);
    let registers = list("registers", &view.registers, register_value);
    let disk = list("disk", &view.disk, written_value);
    [state, badges, registers, disk, phase].into_iter().flatten()
}

fn state_value(state: &State) -> Value {
    Value::map([
        ("id", Value::word(state.id)),
        ("word", Value::text(state.word)),
        ("since", Value::ms(state.since)),
        ("settled", Value::or_null(state.settled, Value::Bool)),
    ])
}

fn badge_value(badge: &Badge) -> Value {
    Value::map([("id", Value::word(badge.id)), ("says", Value::says(&badge.says))])
}

fn holder_value(holder: &Holder) -> Value {
    match holder {
        Holder::Epoch(epoch) => Value::count(*epoch),
        Holder::Name(name) => Value::string(name),
    }
}

fn register_value(register: &Register) -> Value {
    Value::map([
        ("key", Value::string(&register.key)),
        ("value", Value::or_null(register.value.as_ref(), Value::string)),
        ("epoch", Value::or_null(register.epoch, Value::count)),
        ("pending", Value::or_null(register.pending.as_ref(), Value::string)),
        ("lock", Value::or_null(register.lock.as_ref(), holder_value)),
        ("queue", Value::list(register.queue.iter().map(holder_value))),
    ])
}

fn written_value(written: &Written) -> Value {
    Value::map([
        ("epoch", Value::count(written.epoch)),
        ("word", Value::word(written.word)),
        ("forced", Value::word(written.forced.id())),
        ("at", Value::ms(written.at)),
        ("settled", Value::Bool(written.settled)),
    ])
}

fn phase_value(phase: &Phase) -> Value {
    Value::map([
        ("names", Value::list(phase.names.iter().map(|name| Value::text(*name)))),
        ("states", Value::list(phase.states.iter().map(|state| Value::word(state.id())))),
        ("epoch", Value::count(phase.epoch)),
    ])
}

pub(super) fn cell_value(cell: &Cell) -> Value {
    let value = Value::map([
        ("index", Value::count(cell.index)),
        ("epoch", Value::count(cell.epoch)),
        ("text", Value::string(&cell.text)),
        ("state", Value::word(cell.state.id())),
    ]);
    let Value::Map(mut entries) = value else { return value };
    entries.extend(cell.minor.map(|minor| ("minor".into(), Value::count(minor))));
    Value::Map(entries)
}

/// What was granted for a time, and where numbers are checked.
pub(super) fn terms(terms: &Terms) -> impl Iterator<Item = Entry> {
    let grant = |grant: &Grant| {
        Value::map([
            ("token", Value::count(grant.token)),
            ("issuer", Value::count(grant.issuer.0)),
            ("holder", Value::count(grant.holder.0)),
            ("from", Value::ms(grant.from)),
            ("until", Value::ms(grant.until)),
            ("slack", Value::ms(grant.slack)),
            ("believedUntil", Value::ms(grant.believed_until)),
        ])
    };
    let admission = |one: &Admission| {
        let (token, at) = (Value::count(one.token), Value::ms(one.at));
        Value::map([("token", token), ("at", at), ("admitted", Value::Bool(one.admitted))])
    };
    let gate = |gate: &Gate| {
        Value::map([
            ("node", Value::count(gate.node.0)),
            ("highest", Value::count(gate.highest)),
            ("admissions", Value::list(gate.admissions.iter().map(admission))),
        ])
    };
    let row = (!terms.grants.is_empty()).then(|| ("grantsRow".into(), Value::count(terms.row)));
    [list("grants", &terms.grants, grant), row, list("gates", &terms.gates, gate)].into_iter().flatten()
}

fn stretch_value(stretch: &Stretch) -> Value {
    Value::map([
        ("node", Value::count(stretch.node.0)),
        ("from", Value::ms(stretch.from)),
        ("until", Value::or_null(stretch.until, Value::ms)),
        ("word", Value::says(&stretch.word)),
        ("epoch", Value::or_null(stretch.epoch, Value::count)),
    ])
}

fn moment_value(moment: &Moment) -> Value {
    Value::map([
        ("time", Value::ms(moment.time)),
        ("node", Value::or_null(moment.node, |node| Value::count(node.0))),
        ("word", Value::says(&moment.word)),
        ("kind", Value::word(moment.kind)),
    ])
}

fn write_value(write: &Write) -> Value {
    Value::map([
        ("node", Value::count(write.node.0)),
        ("from", Value::ms(write.from)),
        ("until", Value::ms(write.until)),
    ])
}

/// The spans of a time diagram; nothing where a protocol has none.
pub(crate) fn spans_value(spans: &Spans, writes: &[Write]) -> Value {
    let stretches = |key, stretches: &[Stretch]| list(key, stretches, stretch_value);
    let parts = [
        stretches("windows", &spans.windows),
        stretches("waits", &spans.waits),
        list("writes", writes, write_value),
        stretches("phases", &spans.phases),
        list("moments", &spans.moments, moment_value),
    ];
    Value::Map(parts.into_iter().flatten().collect())
}
