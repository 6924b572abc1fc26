//! What every protocol's folder is written with, in one line: `use synod_engine::prelude::*;`. What only some need
//! is not here (spans, badges, clients' machines, phases): those are plain words, and protocols have their own.

pub use crate::cx::Noted;
pub use crate::error::{Why, why};
pub use crate::names::{ClientId, NodeId};
pub use crate::options::{Choice, Kind, Opt, Setting, Settings};
pub use crate::promise::{Assumption, Promise};
pub use crate::protocol::{
    Attempt, Authority, Breach, Breaks, Cell, CellState, Cluster, Evidence, Field, FieldValue, Glyph, GroupKind,
    Invariant, Look, Mark, MessageKind, Meta, Mutant, Named, Node, NodeView, Nodes, Observed, OperationKind, Protocol,
    Recorded, Request, Row, Rule, Said, Seen, Series, Standing, Start, Strip, StripKind, Summary, Table, Tally, Tone,
    Total, TotalKind, marked, rule,
};
pub use crate::quorum::{Decision, Quorum};
pub use crate::rng::Chance;
pub use crate::roster::Roster;
pub use crate::text::{Says, Text, en, text};
pub use crate::timers;
pub use crate::units::{MILLION, MS, Micros, Ppm};
