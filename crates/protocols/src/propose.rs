//! What clients ask of protocols that settle a single value.

use std::fmt;
use std::str::FromStr;

use synod_engine::error::{Part, Why, why};
use synod_engine::protocol::OperationKind;
use synod_engine::rng::Chance;
use synod_engine::text::{text, text as message};

use crate::word::{RULE, Word};

pub const OPERATIONS: &[OperationKind] = &[OperationKind {
    id: "propose",
    example: "propose olive",
    says: text("propose a value, and be told which one was chosen", "提出一个值，并得知最终选定的值"),
}];

/// One of three values: much happens only if several are proposed.
pub fn draw_operation(chance: &mut Chance) -> String {
    format!("propose {}", chance.pick(&["olive", "fig", "plum"]))
}

/// `propose olive`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Propose(pub Word);

/// The chosen value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chosen(pub Word);

impl FromStr for Propose {
    type Err = Why;
    fn from_str(text: &str) -> Result<Propose, Why> {
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["propose", value] => Word::parse(value).map(Propose).ok_or_else(|| {
                let words = message("a value has {rule}, not {given}", "值由 {rule} 组成，而不是 {given}");
                why(words, [("rule", Part::text(RULE)), ("given", Part::quoted(value))])
            }),
            _ => Err(message("a client proposes one value", "客户端一次提出一个值").into()),
        }
    }
}

impl fmt::Display for Propose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "propose {}", self.0)
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
