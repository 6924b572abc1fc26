//! Conditions on a run: `C.role = leader`, `fired grant-vote >= 2`, `passed >= 50`. The left side
//! is a [`Term`], which captions may also name. A term that names nothing in the run is an error,
//! and no condition on it holds: a slip of the pen must not pass for "none".

use synod_engine::error::{Error, Result};
use synod_engine::simulation::Simulation;
use synod_engine::trace::Seq;
use synod_engine::units::{Micros, ms_to_micros, parse_decimal};
use synod_engine::value::{Value, quoted};

use crate::place;
use crate::place::Flights;

#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// How often a rule fired since the step began, at one node or at any: `fired grant-vote by C`.
    Fired { rule: String, node: Option<String> },
    /// Milliseconds since the step began.
    Passed,
    /// Nodes in a role or a status: `count leader`. A node that is down plays no role.
    Count(String),
    /// Messages under way: `flying request-vote C -> A under 2`; also of every link, of every epoch,
    /// or of a look: `flying >no`.
    Flying(Flights),
    /// Messages that were lost and can still be seen: `lost request-vote C -> A`.
    Lost(Flights),
    /// Whether a link is dead, by a cut or by a partition: `cut A -> C`.
    Cut(String, String),
    /// Invariants that are broken, or whether one is: `broken election-safety`.
    Broken(Option<String>),
    /// Whether a property no longer holds, be it promised or only watched: `fails everyone-decides`.
    Fails(String),
    /// A place in the frame: `C.commitIndex`, `A.log.length`, `C1.state`, `swarm.susceptible`.
    Path(Vec<String>),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    Is,
    IsNot,
    AtLeast,
    AtMost,
}

#[derive(Clone, Debug)]
pub struct Condition {
    pub text: String,
    term: Term,
    comparison: Comparison,
    wanted: String,
}

/// What a condition is asked about: a run, and since when rules are counted.
pub struct Scene<'a> {
    pub run: &'a Simulation,
    pub from: Seq,
    pub since: Micros,
}

impl Term {
    pub fn parse(text: &str) -> Result<Term> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let owned = |word: &str| word.to_string();
        Ok(match words[..] {
            ["fired", rule] => Term::Fired { rule: owned(rule), node: None },
            ["fired", rule, "by", node] => Term::Fired { rule: owned(rule), node: Some(owned(node)) },
            ["passed"] => Term::Passed,
            ["count", role] => Term::Count(owned(role)),
            ["flying", ref which @ ..] => Term::Flying(Flights::parse(which)?),
            ["lost", ref which @ ..] => Term::Lost(Flights::parse(which)?),
            ["cut", from, "->", to] => Term::Cut(owned(from), owned(to)),
            ["broken"] => Term::Broken(None),
            ["broken", invariant] => Term::Broken(Some(owned(invariant))),
            ["fails", property] => Term::Fails(owned(property)),
            [path] => Term::Path(path.split('.').map(owned).collect()),
            _ => return Err(Error::input(format!("{} names nothing that can be asked of a run", quoted(text)))),
        })
    }

    /// What it is now; [`Value::Null`] where its place is empty.
    ///
    /// # Errors
    /// Where the run has no such place.
    pub fn value(&self, scene: &Scene) -> Result<Value> {
        let run = scene.run;
        Ok(match self {
            Term::Fired { rule, node } => Value::count(place::fired(run, scene.from, rule, node.as_deref())?),
            Term::Passed => Value::ms(run.now() - scene.since),
            Term::Count(word) => Value::count(place::count(run, word)),
            Term::Flying(flights) => Value::count(flights.count(run, false)?),
            Term::Lost(flights) => Value::count(flights.count(run, true)?),
            Term::Cut(from, to) => Value::count(place::cut(run, from, to)?),
            Term::Broken(None) => Value::count(run.broken() as u64),
            Term::Broken(Some(id)) => {
                let broken = run.violations();
                let is = |violation: &&Value| violation.get("invariant").and_then(Value::as_text) == Some(id);
                Value::count(broken.iter().filter(is).count() as u64)
            }
            Term::Fails(property) => Value::count(place::fails(run, property)?),
            Term::Path(path) => place::at(run, path)?,
        })
    }

    /// Whether asking costs a frame.
    fn is_dear(&self) -> bool {
        !matches!(self, Term::Passed | Term::Broken(_))
    }
}

impl Condition {
    pub fn parse(text: &str) -> Result<Condition> {
        let signs =
            [(">=", Comparison::AtLeast), ("<=", Comparison::AtMost), ("!=", Comparison::IsNot), ("=", Comparison::Is)];
        let found = signs.iter().find_map(|(sign, comparison)| Some((text.split_once(sign)?, *comparison)));
        let Some(((left, right), comparison)) = found else {
            return Err(Error::input(format!("{} compares nothing; write it as \"C.role = leader\"", quoted(text))));
        };
        let (term, wanted) = (Term::parse(left.trim())?, right.trim());
        let ordered = matches!(comparison, Comparison::AtLeast | Comparison::AtMost);
        if wanted.is_empty() || (ordered && parse_decimal(wanted).is_none()) {
            return Err(Error::input(format!("{} compares with nothing that can be compared", quoted(text))));
        }
        Ok(Condition { text: text.into(), term, comparison, wanted: wanted.into() })
    }

    /// The span that must pass, where that is what is asked.
    pub fn span(&self) -> Option<Micros> {
        let asked = self.term == Term::Passed && self.comparison == Comparison::AtLeast;
        let ms = parse_decimal(&self.wanted).filter(|_| asked)?;
        Micros::try_from(ms_to_micros(ms)).ok()
    }

    /// # Errors
    /// Where the run has nothing of the name that is asked for.
    pub fn holds(&self, scene: &Scene) -> Result<bool> {
        let value = self.term.value(scene)?;
        let ordered = || Some(value.as_number()?.cmp(&parse_decimal(&self.wanted)?));
        Ok(match self.comparison {
            Comparison::Is => shown(&value) == self.wanted,
            Comparison::IsNot => shown(&value) != self.wanted,
            Comparison::AtLeast => ordered().is_some_and(|order| order.is_ge()),
            Comparison::AtMost => ordered().is_some_and(|order| order.is_le()),
        })
    }

    /// Nothing where it holds; else what is so instead.
    ///
    /// # Errors
    /// As of [`Condition::holds`].
    pub fn contrary(&self, scene: &Scene) -> Result<Option<String>> {
        if self.holds(scene)? {
            return Ok(None);
        }
        Ok(Some(format!("{} does not hold: it is {}", self.text, shown(&self.term.value(scene)?))))
    }
}

/// Whether all of them hold; what is cheap is asked first. A client that is yet to come, say, is an
/// error here: who waits goes on waiting.
///
/// # Errors
/// As of [`Condition::holds`].
pub fn all_hold(conditions: &[Condition], scene: &Scene) -> Result<bool> {
    let cheap_first = [false, true]
        .into_iter()
        .flat_map(|dear| conditions.iter().filter(move |condition| condition.term.is_dear() == dear));
    for condition in cheap_first {
        if !condition.holds(scene)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A value as a caption shows it: thousands are grouped.
pub fn printed(value: &Value) -> String {
    let text = shown(value);
    if value.as_number().is_none() || text.contains('.') {
        return text;
    }
    let digits: Vec<char> = text.chars().collect();
    let groups: Vec<String> = digits.rchunks(3).rev().map(|group| group.iter().collect()).collect();
    groups.join(",")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".into(),
        Value::Text(text) => text.to_string(),
        other => other.shown(),
    }
}
