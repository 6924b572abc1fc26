//! A protocol's options: one table from which the catalog, the strict parser and the recording
//! are all made.

use std::hash::{Hash, Hasher};

use crate::error::{Part, Why, why};
use crate::text::{Text, text};
use crate::units::{MS, Micros, Millionths, ms_to_micros, print_decimal};
use crate::value::Value;

/// The value of an option, in integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    /// On or off.
    Flag(bool),
    /// A whole number.
    Count(u32),
    /// A time.
    Time(Micros),
    /// The least and the greatest of a range of times.
    Times(Micros, Micros),
    /// The position in the option's list of choices.
    Choice(u32),
}

/// One of the values of a [`Kind::Choice`].
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// Its name in configurations.
    pub id: &'static str,
    /// What choosing it means.
    pub says: Text,
}

/// What an option may be. Times are whole microseconds inside and milliseconds outside.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// On or off.
    Flag,
    /// A whole number within bounds, both included.
    Count {
        /// The least.
        min: u32,
        /// The greatest.
        max: u32,
    },
    /// A time within bounds, both included.
    Time {
        /// The least.
        min: Micros,
        /// The greatest.
        max: Micros,
    },
    /// A range of times, from its least to its greatest.
    Times {
        /// The least that the range may begin with.
        min: Micros,
        /// The greatest that it may end with.
        max: Micros,
    },
    /// One of several words.
    Choice(&'static [Choice]),
}

/// An option of a protocol: a row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Opt {
    /// Its name in configurations, by which [`Settings`] are asked for it.
    pub id: &'static str,
    /// What stands beside the control.
    pub label: Text,
    /// What it changes, in a sentence.
    pub says: Text,
    /// What it may be.
    pub kind: Kind,
    /// What it is unless a configuration says otherwise.
    pub usual: Setting,
}

/// A setting for each option of a protocol. Read by the option's id, and only ever holding what
/// its kind allows: asking for another kind or for an unknown option is a mistake of the protocol.
#[derive(Clone, Debug)]
pub struct Settings {
    options: &'static [Opt],
    chosen: Vec<Setting>,
}

impl Settings {
    /// Every option as it is unless a configuration says otherwise.
    pub fn usual(options: &'static [Opt]) -> Settings {
        let mut chosen = Vec::new();
        options.iter().for_each(|option| chosen.push(option.usual));
        Settings { options, chosen }
    }
    /// Each option with its setting, in the order of the table.
    pub fn each(&self) -> impl Iterator<Item = (&'static Opt, Setting)> {
        self.options.iter().zip(self.chosen.iter().copied())
    }
    /// Sets the option at a place of the table. The setting must be of its kind.
    pub fn set(&mut self, place: usize, setting: Setting) {
        self.chosen[place] = setting;
    }
    fn get(&self, id: &str) -> Setting {
        let place = self.options.iter().position(|option| option.id == id);
        place.map(|place| self.chosen[place]).unwrap_or_else(|| panic!("there is no option {id}"))
    }
    /// Whether an option is on.
    pub fn flag(&self, id: &str) -> bool {
        self.get(id) == Setting::Flag(true)
    }
    /// The whole number of an option.
    pub fn count(&self, id: &str) -> u32 {
        match self.get(id) {
            Setting::Count(count) => count,
            _ => panic!("{id} is no count"),
        }
    }
    /// The time of an option; the least one of a range.
    pub fn time(&self, id: &str) -> Micros {
        self.times(id).0
    }
    /// A range of times; a single one counts as its own least and greatest.
    pub fn times(&self, id: &str) -> (Micros, Micros) {
        match self.get(id) {
            Setting::Times(min, max) => (min, max),
            Setting::Time(time) => (time, time),
            _ => panic!("{id} is no time"),
        }
    }
    /// The place of the choice in the option's list.
    pub fn choice(&self, id: &str) -> u32 {
        match self.get(id) {
            Setting::Choice(place) => place,
            _ => panic!("{id} is no choice"),
        }
    }
}

impl Hash for Settings {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.chosen.hash(state);
    }
}

impl Kind {
    /// Takes a value from outside, or says what would be right.
    pub fn read(&self, value: &Value) -> Result<Setting, Why> {
        let read = match self {
            Kind::Flag => value.as_bool().map(Setting::Flag),
            Kind::Count { min, max } => value
                .as_whole()
                .filter(|n| (i64::from(*min)..=i64::from(*max)).contains(n))
                .map(|n| Setting::Count(n as u32)),
            Kind::Time { min, max } => value.as_number().and_then(|n| within(n, *min, *max)).map(Setting::Time),
            Kind::Times { min, max } => match value.as_list() {
                Some([low, high]) => both(low, high)
                    .and_then(|(l, h)| Some((within(l, *min, *max)?, within(h, *min, *max)?)))
                    .filter(|(l, h)| l <= h)
                    .map(|(l, h)| Setting::Times(l, h)),
                _ => None,
            },
            Kind::Choice(choices) => value
                .as_text()
                .and_then(|id| choices.iter().position(|choice| choice.id == id))
                .map(|at| Setting::Choice(at as u32)),
        };
        read.ok_or_else(|| {
            let words = text("it is {wanted}, not {given}", "应为 {wanted}，而不是 {given}");
            why(words, [("wanted", Part::why(self.wants())), ("given", Part::given(value))])
        })
    }

    /// Takes a setting out of a recording, if this option allows it.
    pub fn allows(&self, setting: Setting) -> bool {
        match (self, setting) {
            (Kind::Flag, Setting::Flag(_)) => true,
            (Kind::Count { min, max }, Setting::Count(n)) => (*min..=*max).contains(&n),
            (Kind::Time { min, max }, Setting::Time(t)) => (*min..=*max).contains(&t),
            (Kind::Times { min, max }, Setting::Times(low, high)) => *min <= low && low <= high && high <= *max,
            (Kind::Choice(choices), Setting::Choice(at)) => (at as usize) < choices.len(),
            _ => false,
        }
    }

    fn wants(&self) -> Why {
        let bounds = |min: Part, max: Part| [("min", min), ("max", max)];
        let times = |min: Micros, max: Micros| bounds(Part::name(ms(min)), Part::name(ms(max)));
        match self {
            Kind::Flag => text("true or false", "true 或 false").into(),
            Kind::Count { min, max } => why(
                text("a whole number from {min} to {max}", "{min} 到 {max} 的整数"),
                bounds(Part::count(*min), Part::count(*max)),
            ),
            Kind::Time { min, max } => {
                why(text("a time from {min} to {max} ms", "{min} 到 {max} ms 的时间"), times(*min, *max))
            }
            Kind::Times { min, max } => why(
                text(
                    "[min, max] in ms, from {min} to {max}, min <= max",
                    "[min, max]，单位 ms，从 {min} 到 {max}，min <= max",
                ),
                times(*min, *max),
            ),
            Kind::Choice(choices) => {
                let ids = Part::one_of(choices.iter().map(|choice| choice.id));
                why(text("{ids}", "{ids}"), [("ids", ids)])
            }
        }
    }

    /// The kind as the catalog has it: its type, and its bounds or choices.
    pub fn describe(&self) -> Vec<(&'static str, Value)> {
        match self {
            Kind::Flag => vec![("type", Value::word("flag"))],
            Kind::Count { min, max } => {
                vec![("type", Value::word("count")), ("min", Value::count(*min)), ("max", Value::count(*max))]
            }
            Kind::Time { min, max } => time_kind("time", *min, *max),
            Kind::Times { min, max } => time_kind("range", *min, *max),
            Kind::Choice(choices) => {
                let choice = |c: &Choice| Value::map([("id", Value::word(c.id)), ("says", Value::text(c.says))]);
                vec![("type", Value::word("choice")), ("choices", Value::list(choices.iter().map(choice)))]
            }
        }
    }
}

impl Setting {
    /// The setting as it stands in a configuration.
    pub fn value(self, kind: &Kind) -> Value {
        match (self, kind) {
            (Setting::Choice(at), Kind::Choice(choices)) => Value::word(choices[at as usize].id),
            (Setting::Flag(b), _) => Value::Bool(b),
            (Setting::Count(n) | Setting::Choice(n), _) => Value::count(n),
            (Setting::Time(t), _) => Value::ms(t),
            (Setting::Times(low, high), _) => Value::list([Value::ms(low), Value::ms(high)]),
        }
    }
}

fn time_kind(name: &'static str, min: Micros, max: Micros) -> Vec<(&'static str, Value)> {
    vec![("type", Value::word(name)), ("min", Value::ms(min)), ("max", Value::ms(max)), ("unit", Value::word("ms"))]
}

fn both(low: &Value, high: &Value) -> Option<(Millionths, Millionths)> {
    Some((low.as_number()?, high.as_number()?))
}

/// A time in milliseconds that lies within bounds, as microseconds. The bounds are compared
/// before rounding, so that 0.9999999 is not taken for a minimum of 1.
fn within(ms: Millionths, min: Micros, max: Micros) -> Option<Micros> {
    let inside = ms >= min as i64 * 1_000 && ms <= max as i64 * 1_000;
    inside.then(|| ms_to_micros(ms) as Micros)
}

fn ms(micros: Micros) -> String {
    print_decimal((micros * 1_000_000 / MS) as i64)
}
