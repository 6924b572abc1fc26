//! Runs that a protocol offers: ready ones, ones that break a promise, and ones that measure.

use crate::text::Text;

/// What an option costs and brings, tried at several of its values: a chart that is measured by running the protocol.
#[derive(Clone, Copy, Debug)]
pub struct Sweep {
    /// Names it among those of the protocol.
    pub id: &'static str,
    /// What is asked, as a title.
    pub title: Text,
    /// In a sentence or two, what there is to see.
    pub says: Text,
    /// The option, and its values as configurations have them.
    pub option: &'static str,
    /// See [`Sweep::option`].
    pub values: &'static [u32],
    /// From where to where the value usually is, and who says so.
    pub usual: Option<(u32, u32, Text)>,
    /// What is measured. Those with one [`Measured::axis`] share it.
    pub lines: &'static [Measured],
}

/// A line of a [`Sweep`]: what is done in a run, and what is counted in it.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Names it among those of the sweep.
    pub id: &'static str,
    /// What the line is called.
    pub name: Text,
    /// What its axis is called.
    pub axis: Text,
    /// As [`crate::script::config`] reads it; the option is added.
    pub config: &'static str,
    /// As [`crate::script::lines`] reads it; done first.
    pub script: &'static str,
    /// Then this is asked for so many times, at random times so many ms apart on average.
    pub acts: Option<(&'static str, u32, u32)>,
    /// What is counted.
    pub measure: Measure,
    /// What theory says of a value, in millionths.
    pub theory: Option<fn(u32) -> i64>,
}

/// What a line of a [`Sweep`] counts.
#[derive(Clone, Copy, Debug)]
pub enum Measure {
    /// How often a second these rules fire: while it acts, or in so many times the value in ms.
    Rate(&'static [&'static str], u32),
    /// How many seconds until this rule fires after the script.
    Until(&'static str),
}

/// A run that is ready to be looked at: a configuration and inputs with their times.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// Its name in addresses; no two of one protocol have the same.
    pub id: &'static str,
    /// What the run shows, as a title.
    pub title: Text,
    /// In a sentence or two, what there is to see.
    pub says: Text,
    /// As [`crate::script::config`] reads it.
    pub config: &'static str,
    /// As [`crate::script::lines`] reads it.
    pub script: &'static str,
    /// When it has shown what it is to show, in ms.
    pub after: u64,
    /// What it must show then, in the conditions of lessons.
    pub expect: &'static [&'static str],
}

/// A run in which a property does not hold, since what it rests on was broken or is not promised.
#[derive(Clone, Copy, Debug)]
pub struct Breaks {
    /// The invariant.
    pub invariant: &'static str,
    /// The assumption that the run breaks; nothing where the configuration does not promise it.
    pub without: Option<crate::promise::Assumption>,
    /// As [`crate::script::config`] reads it.
    pub config: &'static str,
    /// As [`crate::script::lines`] reads it.
    pub script: &'static str,
}

/// A lesson as the catalog lists it. Its steps are data that the page fetches.
#[derive(Clone, Copy, Debug)]
pub struct LessonTitle {
    /// Its name in addresses.
    pub id: &'static str,
    /// The id of the protocol that it runs.
    pub protocol: &'static str,
    /// Its title.
    pub title: Text,
}
