//! The catalog: a protocol described in data, for menus, controls and readers.

use std::borrow::Cow;

use crate::options::Opt;
use crate::protocol::{Invariant, MessageKind, Mutant, OperationKind, Protocol, Role, Row, Rule, TimerKind};
use crate::value::Value;

pub fn describe<P: Protocol>() -> Value {
    let meta = &P::META;
    let nodes = Value::map([
        ("min", Value::count(meta.nodes.min)),
        ("default", Value::count(meta.nodes.default)),
        ("max", Value::count(meta.nodes.max)),
    ]);
    let quorum = Value::map([("can", Value::text(meta.can)), ("cannot", Value::text(meta.cannot))]);
    let epoch = Value::map([("label", Value::text(meta.epoch)), ("named", Value::text(meta.epoch_named))]);
    let client = [P::MESSAGES.len(), P::MESSAGES.len() + 1].map(crate::frame::message_kind::<P>);
    Value::map([
        ("id", Value::word(meta.id)),
        ("name", Value::text(meta.name)),
        ("summary", Value::text(meta.summary)),
        ("family", Value::word(meta.family)),
        ("source", Value::word(meta.source)),
        ("rulesVersion", Value::count(meta.rules_version)),
        ("roles", Value::list(meta.roles.iter().map(role))),
        ("nodes", nodes),
        ("epoch", epoch),
        ("quorum", quorum),
        ("rows", Value::list(meta.rows.iter().map(row))),
        ("options", Value::list(P::OPTIONS.iter().map(option))),
        ("operations", Value::list(P::OPERATIONS.iter().map(operation))),
        ("messages", Value::list(P::MESSAGES.iter().chain(client).map(message))),
        ("timers", Value::list(P::TIMERS.iter().map(timer))),
        ("rules", Value::list(P::RULES.iter().map(|r| rule(r)))),
        ("mutants", Value::list(P::MUTANTS.iter().map(|m| mutant(m)))),
        ("invariants", Value::list(P::INVARIANTS.iter().map(invariant))),
        ("layout", Value::word(meta.layout)),
        ("membership", Value::Bool(meta.membership)),
        ("lessons", Value::list([])),
    ])
}

fn role(role: &Role) -> Value {
    Value::map([
        ("id", Value::word(role.id)),
        ("name", Value::text(role.name)),
        ("authority", Value::word(role.authority.id())),
        ("shape", Value::word(role.shape)),
        ("crest", Value::Bool(role.crest)),
    ])
}

fn row(row: &Row) -> Value {
    Value::map([("id", Value::word(row.id)), ("name", Value::text(row.name))])
}

fn option<C: Default>(option: &Opt<C>) -> Value {
    let mut entries = vec![
        (Cow::Borrowed("id"), Value::word(option.id)),
        (Cow::Borrowed("label"), Value::text(option.label)),
        (Cow::Borrowed("says"), Value::text(option.says)),
        (Cow::Borrowed("default"), (option.get)(&C::default()).value(&option.kind)),
    ];
    entries.extend(option.kind.describe().into_iter().map(|(key, value)| (Cow::Borrowed(key), value)));
    Value::Map(entries)
}

fn operation(operation: &OperationKind) -> Value {
    Value::map([
        ("id", Value::word(operation.id)),
        ("example", Value::word(operation.example)),
        ("says", Value::text(operation.says)),
    ])
}

fn message(kind: &MessageKind) -> Value {
    Value::map([("id", Value::word(kind.id)), ("name", Value::text(kind.name)), ("reply", Value::Bool(kind.reply))])
}

fn timer(kind: &TimerKind) -> Value {
    Value::map([("id", Value::word(kind.id)), ("name", Value::text(kind.name)), ("ring", Value::Bool(kind.ring))])
}

fn rule(rule: &Rule) -> Value {
    Value::map([
        ("id", Value::word(rule.id)),
        ("section", Value::word(rule.section)),
        ("title", Value::text(rule.title)),
        ("mark", Value::or_null(rule.mark, |mark| Value::count(mark.row as i64))),
    ])
}

fn mutant(mutant: &Mutant) -> Value {
    Value::map([
        ("id", Value::word(mutant.id)),
        ("title", Value::text(mutant.title)),
        ("says", Value::text(mutant.says)),
        ("breaks", Value::word(mutant.breaks)),
        ("source", Value::word(mutant.source)),
    ])
}

fn invariant<P: Protocol>(invariant: &Invariant<P>) -> Value {
    Value::map([
        ("id", Value::word(invariant.id)),
        ("title", Value::text(invariant.title)),
        ("says", Value::text(invariant.says)),
        ("source", Value::word(invariant.source)),
    ])
}
