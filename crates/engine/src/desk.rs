//! What a protocol puts on the lab's desk beside the tools: its most telling sizes and options, what a check says of
//! them, and sums over many trials, which a page draws as a chart.

use crate::text::{Says, Text};
use crate::units::Micros;
use crate::value::Value;

/// Sizes and options that are set where the run is seen.
#[derive(Clone, Copy, Debug)]
pub struct Desk {
    /// What stands over them.
    pub title: Text,
    /// In the order in which they stand there.
    pub controls: &'static [Control],
}

/// A size or an option on the desk.
#[derive(Clone, Copy, Debug)]
pub struct Control {
    /// The id of a group of machines or of an option.
    pub id: &'static str,
    /// What it is at most as great as: another control.
    pub at_most: Option<&'static str>,
    /// Short words for its choices, in their order, or for no and yes.
    pub short: &'static [Text],
}

/// A chart of what many trials came to.
#[derive(Clone, Copy, Debug)]
pub struct Odds {
    /// Its name across the rim.
    pub id: &'static str,
    /// What stands over it.
    pub title: Text,
    /// In a sentence or two, what is tried.
    pub says: Text,
    /// What lies along its lower edge, with its unit.
    pub along: Text,
    /// What goes up.
    pub up: Text,
    /// Whether that is a share of the trials, and not a mean.
    pub share: bool,
}

/// What a number of trials came to, along the lower edge.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Its name among those of the chart.
    pub id: &'static str,
    /// What it is called.
    pub name: Text,
    /// Whether it is computed and not tried.
    pub theory: bool,
    /// How many trials there were. Of more batches, trials and sums are added up.
    pub trials: u64,
    /// From left to right: where, in thousandths, and the sum over all trials there.
    pub points: Vec<(Micros, u64)>,
}

/// Whether sets meet that must, as a sentence.
#[derive(Clone, Debug)]
pub struct Check {
    /// Whether they do, whatever is chosen.
    pub holds: bool,
    /// The same in words.
    pub says: Says,
}

/// The newest of something, by its epoch: of what is stored, of what was answered.
#[derive(Clone, Debug)]
pub struct Newest {
    /// Its name among those of a frame.
    pub id: &'static str,
    /// What it is called.
    pub label: Text,
    /// Nothing while there is none.
    pub epoch: Option<u32>,
}

pub(crate) fn desk_value(desk: &Desk) -> Value {
    let control = |control: &Control| {
        Value::map([
            ("id", Value::word(control.id)),
            ("atMost", Value::or_null(control.at_most, Value::word)),
            ("short", Value::list(control.short.iter().map(|short| Value::text(*short)))),
        ])
    };
    Value::map([("title", Value::text(desk.title)), ("controls", Value::list(desk.controls.iter().map(control)))])
}

pub(crate) fn odds_value(odds: &Odds) -> Value {
    Value::map([
        ("id", Value::word(odds.id)),
        ("title", Value::text(odds.title)),
        ("says", Value::text(odds.says)),
        ("along", Value::text(odds.along)),
        ("up", Value::text(odds.up)),
        ("share", Value::Bool(odds.share)),
    ])
}

#[cfg(feature = "random")]
pub(crate) fn curve_value(curve: &Curve) -> Value {
    let point = |(at, sum): &(Micros, u64)| Value::list([Value::ms(*at), Value::count(*sum as i64)]);
    Value::map([
        ("id", Value::word(curve.id)),
        ("name", Value::text(curve.name)),
        ("theory", Value::Bool(curve.theory)),
        ("trials", Value::count(curve.trials as i64)),
        ("points", Value::list(curve.points.iter().map(point))),
    ])
}

pub(crate) fn check_value(check: &Check) -> Value {
    Value::map([("holds", Value::Bool(check.holds)), ("says", Value::says(&check.says))])
}

pub(crate) fn newest_value(newest: &Newest) -> Value {
    Value::map([
        ("id", Value::word(newest.id)),
        ("label", Value::text(newest.label)),
        ("epoch", Value::or_null(newest.epoch, Value::count)),
    ])
}
