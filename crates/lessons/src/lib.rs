//! Lessons are data: a cluster, and steps that say something, do inputs and wait for conditions.
//! This crate reads them and plays them over any simulation, in the page and in the tests alike.
//! A lesson never writes state: all that it can do is an input.

mod again;
mod ahead;
mod breach;
mod challenge;
mod condition;
mod markup;
mod place;
mod player;
mod read;
mod referee;

pub use breach::Broken;
pub use challenge::{Best, Challenge, Objective, is_fault, read_challenge};
pub use condition::{Condition, Scene, Term};
pub use markup::Text;
pub use player::{Mark, Player, Verdict};
pub use read::read;
pub use referee::{Limit, Met, Referee, State};

use synod_engine::units::Micros;
use synod_engine::value::Value;

pub struct Lesson {
    pub id: String,
    pub protocol: String,
    pub title: Text,
    pub summary: Text,
    /// What is simpler here than in the paper, each with the section.
    pub notes: Vec<Text>,
    /// As the module takes it.
    pub config: Value,
    /// The rule that the first run of its steps does without: a mutant of the protocol. The steps
    /// that say `same` are then of a second run, with the rule and under the same inputs.
    pub without: Option<String>,
    /// Invariants that this lesson breaks on purpose; no other may break.
    pub breaks: Vec<String>,
    pub steps: Vec<Step>,
}

pub struct Step {
    pub id: String,
    pub name: Text,
    pub say: Text,
    /// What is told when it has happened, where `say` is only what is about to be.
    pub then: Option<Text>,
    pub more: Option<Text>,
    /// One action and one question, for who leaves the story here.
    pub try_it: Option<Text>,
    /// The step of the first run to whose end the inputs of that run are made once more, at their times.
    pub same: Option<String>,
    pub play: Vec<Line>,
    /// Nodes that the step is about, by name.
    pub focus: Vec<String>,
    /// Wall milliseconds that the step takes to play; left out, it follows from its span.
    pub lasts: Option<i64>,
    /// A page of the site that shows more, or this run with a rule broken.
    pub link: Option<Link>,
    /// What holds when the step has been played.
    pub expect: Vec<Condition>,
    /// What its words say that can be seen, which must be seen where it stops: messages in flight,
    /// tallies, values, what nodes are. Readers are not given it; tests judge it.
    pub shows: Vec<Condition>,
    pub ask: Option<Ask>,
    pub task: Option<Task>,
}

pub struct Link {
    pub says: Text,
    pub leads: Leads,
}

pub enum Leads {
    /// An address of the site.
    To(String),
    /// The lesson's own run with a rule broken, just before the moment it matters.
    Broken(Breach),
}

pub struct Breach {
    /// The mutant of the protocol.
    pub mutant: String,
    /// The step before which the reader stands; left out, it is the end of the link's own step.
    pub before: Option<String>,
    /// What then lies ahead of the reader, if it is not what the story does from there on.
    pub play: Vec<Line>,
}

/// A line of a step: done in order.
pub enum Line {
    Input(String),
    /// Time passes until all of it holds.
    Until(Vec<Condition>),
    Wait(Micros),
    /// From here on the second beat of the step is told.
    Then,
}

/// A question. The right answer is the one whose condition the next step makes true.
pub struct Ask {
    pub says: Text,
    pub answers: Vec<Answer>,
}

pub struct Answer {
    pub says: Text,
    pub holds: Vec<Condition>,
    /// Why it is wrong; the right one has nothing here.
    pub why: Option<Text>,
    /// What would make it true: a run that goes on otherwise than the story.
    pub shows: Vec<Line>,
}

/// Something for the reader to bring about in a copy of the run.
pub struct Task {
    pub says: Text,
    pub goal: Vec<Condition>,
    /// Kinds of input that may be used, and how many inputs at most.
    pub allow: Vec<String>,
    pub most: usize,
    pub within: Micros,
    /// Said to who failed twice.
    pub hint: Option<Text>,
    pub solution: Vec<Line>,
}
