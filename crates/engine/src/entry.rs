//! What the registry holds of each protocol, and of pairs that are told best beside each other.

use crate::config::Setup;
use crate::erased::{Definition, Of};
use crate::error::Result;
use crate::protocol::{LessonTitle, Protocol};
use crate::roster::misnamed;
use crate::simulation::Simulation;
use crate::text::Text;
use crate::units::Micros;
use crate::value::Value;

/// A protocol in the registry.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The protocol's id, by which configurations and recordings name it.
    pub id: &'static str,
    definition: &'static dyn Definition,
}

/// Two runs that are told best side by side, under one clock and the same inputs.
pub struct Comparison {
    /// Its name in addresses.
    pub id: &'static str,
    /// What it compares, as a title.
    pub title: Text,
    /// In a sentence or two, what there is to see.
    pub says: Text,
    /// Each a protocol's id, and a configuration as [`crate::script::config`] reads it.
    pub sides: [(&'static str, &'static str); 2],
    /// As [`crate::script::lines`] reads it; an input that a side does not know is for the other, and so is one that
    /// begins with the number of the other, as in `2: crash A`.
    pub script: &'static str,
}

impl Comparison {
    /// The inputs with their times, and for which side alone an input is, if it is.
    pub fn lines(&self) -> impl Iterator<Item = (Micros, &'static str, Option<usize>)> {
        let sides = [("1: ", 0), ("2: ", 1)];
        crate::script::lines(self.script).map(move |(time, line)| {
            let own = sides.iter().find_map(|(mark, side)| Some((line.strip_prefix(mark)?, Some(*side))));
            let (line, side) = own.unwrap_or((line, None));
            (time, line, side)
        })
    }
    /// The comparison as it goes across the rim, its configurations and inputs read.
    pub fn value(&self) -> Value {
        let input = |(time, line, side): (Micros, &'static str, Option<usize>)| {
            let [time, text] = [("time", Value::ms(time)), ("text", Value::word(line))];
            match side {
                Some(side) => Value::map([time, text, ("side", Value::count(side))]),
                None => Value::map([time, text]),
            }
        };
        let side = |(protocol, words): &(&'static str, &'static str)| crate::script::config(protocol, words);
        Value::map([
            ("id", Value::word(self.id)),
            ("title", Value::text(self.title)),
            ("says", Value::text(self.says)),
            ("sides", Value::list(self.sides.iter().map(side))),
            ("inputs", Value::list(self.lines().map(input))),
        ])
    }
}

/// The registry's line for a protocol.
pub const fn entry<P: Protocol>() -> Entry {
    const {
        if let Some(wrong) = misnamed(P::META.groups) {
            panic!("{}", wrong);
        }
    }
    Entry { id: P::META.id, definition: Of::<P>::NEW }
}

impl Entry {
    /// Opens a configuration; `chance` is asked for a seed when none was given.
    pub fn open(&self, config: &Value, chance: &mut dyn FnMut() -> u64) -> Result<Simulation> {
        let setup = Setup::read(self.definition, config, chance)?;
        Ok(Simulation::of(setup, Vec::new()))
    }
    /// A simulation that stands at 0 and makes a recorded run again.
    pub fn replay(&self, text: &str) -> Result<Simulation> {
        let (setup, inputs) = crate::recording::read(self.definition, text)?;
        Ok(Simulation::of(setup, inputs))
    }
    /// Runs that are ready to be looked at.
    pub fn starts(&self) -> &'static [crate::protocol::Start] {
        self.definition.about().starts
    }
    /// Runs in which a promise does not hold, since what it rests on was broken or is not promised.
    pub fn breaks(&self) -> &'static [crate::protocol::Breaks] {
        self.definition.about().breaks
    }
    /// What random runs of it mix in: [`Protocol::STORIES`].
    #[cfg(feature = "random")]
    pub fn stories(&self) -> &'static [&'static str] {
        self.definition.about().stories
    }
    /// Shows every text by which the protocol describes itself, and what it is of.
    pub fn each_text(&self, see: &mut dyn FnMut(&str, Text)) {
        crate::described::each_text(self.definition, see);
    }
    /// The protocol described in data; of the lessons given, those that run it are listed.
    pub fn catalog(&self, lessons: &[LessonTitle]) -> Value {
        crate::catalog::describe(self.definition, lessons)
    }
}
