//! Every text by which a protocol describes itself, and where it stands. Structures are taken apart to the last
//! member, so that whoever adds one is asked here whether it is a text.

use crate::erased::{About, Definition};
use crate::options::{Kind, Opt};
use crate::protocol::{
    Control, Desk, GroupKind, Measured, MessageKind, Meta, Mutant, Odds, OperationKind, Property, Role, Row, Rule,
    Start, Sweep, TimerKind, TotalKind,
};
use crate::text::Text;

/// Shows every text to `see`, and what it is of: `rule grant-vote`.
pub(crate) fn each_text(protocol: &dyn Definition, see: &mut dyn FnMut(&str, Text)) {
    let About { meta, rules, mutants, options, messages, timers, operations, starts, desk, odds, sweeps, .. } =
        protocol.about();
    of_meta(meta, see);
    for rule in *rules {
        let Rule { id, section: _, title, says, mark: _ } = rule;
        each(see, "rule", id, &[*title, *says]);
    }
    for mutant in *mutants {
        let Mutant { id, rule, title, says, breaks: _, source: _ } = mutant;
        each(see, "mutant", id, &[*rule, *title, *says]);
    }
    for property in protocol.properties() {
        let Property { id, title, says, source: _ } = property;
        each(see, "invariant", id, &[title, says]);
    }
    options.iter().for_each(|option| of_option(option, see));
    for message in *messages {
        let MessageKind { id, name, says, reply: _ } = message;
        each(see, "message", id, &[*name, *says]);
    }
    for timer in *timers {
        let TimerKind { id, name, ring: _, says } = timer;
        each(see, "timer", id, &[*name, *says]);
    }
    for operation in *operations {
        let OperationKind { id, example: _, says } = operation;
        each(see, "operation", id, &[*says]);
    }
    if let Some(Desk { title, controls }) = desk {
        see("desk", *title);
        for Control { id, at_most: _, short } in *controls {
            each(see, "control", id, short);
        }
    }
    for odds in *odds {
        let Odds { id, title, says, along, up, share: _ } = odds;
        each(see, "odds", id, &[*title, *says, *along, *up]);
    }
    for start in *starts {
        let Start { id, title, says, config: _, script: _, after: _, expect: _ } = start;
        each(see, "start", id, &[*title, *says]);
    }
    sweeps.iter().for_each(|sweep| of_sweep(sweep, see));
}

fn of_sweep(sweep: &Sweep, see: &mut dyn FnMut(&str, Text)) {
    let Sweep { id, title, says, option: _, values: _, usual, lines } = sweep;
    each(see, "sweep", id, &[*title, *says]);
    usual.iter().for_each(|(_, _, words)| see("sweep usual", *words));
    for line in *lines {
        let Measured { id, name, axis, config: _, script: _, acts: _, measure: _, theory: _ } = line;
        each(see, "sweep line", id, &[*name, *axis]);
    }
}

fn each(see: &mut dyn FnMut(&str, Text), kind: &str, id: &str, texts: &[Text]) {
    texts.iter().for_each(|text| see(&format!("{kind} {id}"), *text));
}

fn of_meta(meta: &Meta, see: &mut dyn FnMut(&str, Text)) {
    let Meta {
        id,
        name,
        summary,
        family: _,
        source: _,
        rules_version: _,
        epoch,
        epoch_named,
        roles,
        layout: _,
        nodes: _,
        groups,
        rows,
        totals,
        mark,
        membership: _,
        trusts_disk: _,
        can,
        cannot,
    } = meta;
    each(see, "protocol", id, &[*name, *summary, *epoch, *epoch_named, *can, *cannot]);
    mark.iter().for_each(|mark| see("mark", *mark));
    for role in *roles {
        let Role { id, name, authority: _, shape: _, crest: _ } = role;
        each(see, "role", id, &[*name]);
    }
    for group in *groups {
        let GroupKind { id, name, named: _, bounds: _ } = group;
        each(see, "group", id, &[*name]);
    }
    for row in *rows {
        let Row { id, name } = row;
        each(see, "row", id, &[*name]);
    }
    for total in *totals {
        let TotalKind { id, name, share: _, compared: _, newest: _ } = total;
        each(see, "total", id, &[*name]);
    }
}

fn of_option(option: &Opt, see: &mut dyn FnMut(&str, Text)) {
    let Opt { id, label, says, kind, usual: _ } = option;
    each(see, "option", id, &[*label, *says]);
    match kind {
        Kind::Choice(choices) => choices.iter().for_each(|choice| each(see, "choice", choice.id, &[choice.says])),
        Kind::Flag | Kind::Count { .. } | Kind::Time { .. } | Kind::Times { .. } => {}
    }
}
