//! The catalog: a protocol described in data, for menus, controls and readers.

use std::borrow::Cow;

use crate::erased::Definition;
use crate::options::Opt;
use crate::places::{PRESETS, Preset};
use crate::promise::Assumption;
use crate::protocol::{
    GroupKind, LessonTitle, Measure, Measured, MessageKind, Mutant, OperationKind, Property, Role, Row, Rule, Start,
    Sweep, TimerKind, TotalKind,
};
use crate::text::Text;
use crate::value::Value;

pub fn describe(protocol: &dyn Definition, lessons: &[LessonTitle]) -> Value {
    let about = protocol.about();
    let meta = &about.meta;
    let nodes = Value::map([
        ("min", Value::count(meta.nodes.min)),
        ("default", Value::count(meta.nodes.default)),
        ("max", Value::count(meta.nodes.max)),
        ("groups", Value::list(meta.groups.iter().map(group))),
    ]);
    let quorum = Value::map([("can", Value::text(meta.can)), ("cannot", Value::text(meta.cannot))]);
    let epoch = Value::map([("label", Value::text(meta.epoch)), ("named", Value::text(meta.epoch_named))]);
    // Clients that are machines of their own speak in the protocol's own kinds.
    let client = [0, 1].into_iter().filter(|_| !about.clients);
    let client = client.map(|client| crate::frame::message_kind(about, about.messages.len() as u16 + client));
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
        ("totals", Value::list(meta.totals.iter().map(total))),
        ("mark", Value::or_null(meta.mark, Value::text)),
        ("options", Value::list(about.options.iter().map(option))),
        ("desk", Value::or_null(about.desk.as_ref(), crate::desk::desk_value)),
        ("odds", Value::list(about.odds.iter().map(crate::desk::odds_value))),
        ("operations", Value::list(about.operations.iter().map(operation))),
        ("messages", Value::list(about.messages.iter().chain(client).map(message))),
        ("timers", Value::list(about.timers.iter().map(timer))),
        ("rules", Value::list(about.rules.iter().map(|r| rule(r)))),
        ("mutants", Value::list(about.mutants.iter().map(|m| mutant(m)))),
        ("invariants", Value::list(protocol.properties().iter().map(invariant))),
        ("assumptions", Value::list(Assumption::ALL.into_iter().map(assumption))),
        ("places", Value::list(PRESETS.iter().map(Preset::value))),
        ("layout", Value::word(meta.layout)),
        ("membership", Value::Bool(meta.membership)),
        ("forced", Value::Bool(about.forced)),
        ("clients", Value::Bool(about.clients)),
        ("seconds", Value::Bool(about.seconds)),
        ("starts", Value::list(about.starts.iter().map(|start| describe_start(meta.id, start)))),
        ("sweeps", Value::list(about.sweeps.iter().map(|sweep| describe_sweep(meta.id, sweep)))),
        ("lessons", Value::list(lessons.iter().filter(|lesson| lesson.protocol == meta.id).map(lesson))),
    ])
}

fn lesson(lesson: &LessonTitle) -> Value {
    Value::map([("id", Value::word(lesson.id)), ("title", Value::text(lesson.title))])
}

fn describe_start(protocol: &'static str, start: &Start) -> Value {
    Value::map([
        ("id", Value::word(start.id)),
        ("title", Value::text(start.title)),
        ("says", Value::text(start.says)),
        ("config", crate::script::config(protocol, start.config)),
        ("inputs", script_value(start.script)),
    ])
}

fn describe_sweep(protocol: &'static str, sweep: &Sweep) -> Value {
    let usual = |(from, to, says): (u32, u32, Text)| {
        Value::map([("from", Value::count(from)), ("to", Value::count(to)), ("says", Value::text(says))])
    };
    Value::map([
        ("id", Value::word(sweep.id)),
        ("title", Value::text(sweep.title)),
        ("says", Value::text(sweep.says)),
        ("option", Value::word(sweep.option)),
        ("values", Value::list(sweep.values.iter().map(|value| Value::count(*value)))),
        ("usual", Value::or_null(sweep.usual, usual)),
        ("lines", Value::list(sweep.lines.iter().map(|line| measured(protocol, line, sweep.values)))),
    ])
}

fn measured(protocol: &'static str, line: &Measured, values: &[u32]) -> Value {
    let acts = |(text, count, apart): (&'static str, u32, u32)| {
        Value::map([("text", Value::word(text)), ("count", Value::count(count)), ("apart", Value::count(apart))])
    };
    let (rules, measure, times) = match line.measure {
        Measure::Rate(rules, times) => (rules.to_vec(), "rate", times),
        Measure::Until(rule) => (vec![rule], "until", 0),
    };
    let theory = |of: fn(u32) -> i64| Value::list(values.iter().map(|value| Value::Number(of(*value))));
    Value::map([
        ("id", Value::word(line.id)),
        ("name", Value::text(line.name)),
        ("axis", Value::text(line.axis)),
        ("config", crate::script::config(protocol, line.config)),
        ("inputs", script_value(line.script)),
        ("acts", Value::or_null(line.acts, acts)),
        ("measure", Value::word(measure)),
        ("rules", Value::list(rules.into_iter().map(Value::word))),
        ("times", Value::count(times)),
        ("theory", Value::or_null(line.theory, theory)),
    ])
}

/// Inputs with their times.
pub(crate) fn script_value(script: &'static str) -> Value {
    let line = |(time, input): (crate::units::Micros, &'static str)| {
        Value::map([("time", Value::ms(time)), ("text", Value::word(input))])
    };
    Value::list(crate::script::lines(script).map(line))
}

fn group(group: &GroupKind) -> Value {
    Value::map([
        ("id", Value::word(group.id)),
        ("name", Value::text(group.name)),
        ("min", Value::count(group.bounds.min)),
        ("default", Value::count(group.bounds.default)),
        ("max", Value::count(group.bounds.max)),
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

fn total(total: &TotalKind) -> Value {
    Value::map([
        ("id", Value::word(total.id)),
        ("name", Value::text(total.name)),
        ("share", Value::Bool(total.share)),
        ("compared", Value::Bool(total.compared)),
        ("newest", Value::Bool(total.newest)),
    ])
}

fn option(option: &Opt) -> Value {
    let mut entries = vec![
        (Cow::Borrowed("id"), Value::word(option.id)),
        (Cow::Borrowed("label"), Value::text(option.label)),
        (Cow::Borrowed("says"), Value::text(option.says)),
        (Cow::Borrowed("default"), option.usual.value(&option.kind)),
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
        ("rule", Value::text(mutant.rule)),
        ("title", Value::text(mutant.title)),
        ("says", Value::text(mutant.says)),
        ("breaks", Value::word(mutant.breaks)),
        ("source", Value::word(mutant.source)),
    ])
}

fn assumption(assumption: Assumption) -> Value {
    Value::map([("id", Value::word(assumption.id())), ("name", Value::text(assumption.name()))])
}

fn invariant(invariant: &Property) -> Value {
    Value::map([
        ("id", Value::word(invariant.id)),
        ("title", Value::text(invariant.title)),
        ("says", Value::text(invariant.says)),
        ("source", Value::word(invariant.source)),
    ])
}
