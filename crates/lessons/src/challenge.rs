//! A challenge: a run to be brought somewhere, with few tools and few faults. Objectives are conditions as
//! lessons have them, and open one after the other.

use synod_engine::error::{Error, Result};
use synod_engine::units::Micros;
use synod_engine::value::{Value, quoted};

use crate::Line;
use crate::condition::Condition;
use crate::markup::Text;
use crate::read::{conditions, config, known, lines, list, maybe, text, text_of, whole, word, words};

/// What counts as a fault; whatever else is done is a move and no fault.
const FAULTS: [&str; 15] = [
    "crash",
    "restart",
    "wipe",
    "partition",
    "cut",
    "drop",
    "hold",
    "delay",
    "duplicate",
    "pause",
    "skew",
    "offset",
    "latency",
    "loss",
    "duplication",
];

/// Whether an input of this verb counts as a fault.
pub fn is_fault(verb: &str) -> bool {
    FAULTS.contains(&verb)
}

pub struct Challenge {
    pub id: String,
    pub protocol: String,
    pub title: Text,
    /// What is asked, in a line.
    pub line: Text,
    /// The same in a sentence that names the limits.
    pub sentence: Text,
    /// Costs a star.
    pub hint: Text,
    /// What there is to see in a run that does it.
    pub watch: Text,
    /// As the module takes it.
    pub config: Value,
    /// What has happened when the player begins.
    pub begin: Vec<Line>,
    /// Verbs of inputs that may be used.
    pub tools: Vec<String>,
    /// The most faults, and the most inputs of all kinds.
    pub faults: usize,
    pub moves: usize,
    /// Three stars up to so many moves, and two up to so many.
    pub stars: [usize; 2],
    /// So long from where the player begins.
    pub within: Micros,
    pub objectives: Vec<Objective>,
    pub solution: Vec<Line>,
    /// What a card's picture shows: `logs`; left out, the nodes where they stand.
    pub picture: Option<String>,
    /// Another challenge that is to be done before, by its id.
    pub after: Option<String>,
    /// The best run that is known, where somebody has worked it out.
    pub best: Option<Best>,
}

pub struct Objective {
    pub says: Text,
    pub when: Vec<Condition>,
    /// So long it must hold without a break.
    pub lasts: Micros,
    /// It is met only while there were at most so many faults.
    pub faults: Option<usize>,
    /// How it stands, while it is open.
    pub now: Option<Text>,
    /// The fact, once it is met.
    pub done: Option<Text>,
    /// Whether it is asked over and above: stars are there without it.
    pub extra: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Best {
    pub moves: usize,
    pub faults: usize,
}

const KEYS: [&str; 19] = [
    "id",
    "protocol",
    "title",
    "line",
    "sentence",
    "hint",
    "watch",
    "config",
    "begin",
    "tools",
    "faults",
    "moves",
    "stars",
    "within",
    "objectives",
    "solution",
    "after",
    "picture",
    "best",
];

/// A challenge out of plain data. Strict: what is not known is refused.
///
/// # Errors
/// Where it says what is not known, or leaves out what it must say.
pub fn read_challenge(value: &Value) -> Result<Challenge> {
    known(value, &KEYS, "a challenge")?;
    let challenge = Challenge {
        id: word(value, "id")?,
        protocol: word(value, "protocol")?,
        title: text(value, "title")?,
        line: text(value, "line")?,
        sentence: text(value, "sentence")?,
        hint: text(value, "hint")?,
        watch: text(value, "watch")?,
        config: config(value)?,
        begin: lines(value, "begin")?,
        tools: words(value, "tools")?,
        faults: whole(value, "faults")?,
        moves: whole(value, "moves")?,
        stars: stars(value)?,
        within: whole(value, "within")? as Micros * 1_000,
        objectives: list(value, "objectives", &objective)?,
        solution: lines(value, "solution")?,
        picture: value.get("picture").map(|_| word(value, "picture")).transpose()?,
        after: value.get("after").map(|_| word(value, "after")).transpose()?,
        best: maybe(value, "best", &best)?,
    };
    sound(&challenge).map(|()| challenge)
}

fn sound(challenge: &Challenge) -> Result<()> {
    let wrong = |why: &str| Err(Error::input(format!("{}: {why}", challenge.id)));
    let [three, two] = challenge.stars;
    if three == 0 || three > two || two > challenge.moves || challenge.faults > challenge.moves {
        return wrong("stars are for few moves, and faults are moves");
    }
    let first_extra = challenge.objectives.iter().position(|one| one.extra).unwrap_or(challenge.objectives.len());
    if first_extra == 0 || challenge.objectives[first_extra..].iter().any(|one| !one.extra) {
        return wrong("there is something to do, and what is extra comes last");
    }
    if let Some(one) = challenge.objectives.iter().find(|one| one.when.is_empty()) {
        return wrong(&format!("{} has no condition under \"when\"", quoted(&one.says.en)));
    }
    if challenge.objectives.iter().flat_map(|one| &one.when).any(|one| one.span().is_some()) {
        return wrong("an objective says how long it lasts, and not what has passed");
    }
    Ok(())
}

fn objective(value: &Value) -> Result<Objective> {
    known(value, &["says", "when", "lasts", "faults", "now", "done", "extra"], "an objective")?;
    let maybe_whole = |key: &str| value.get(key).map(|_| whole(value, key)).transpose();
    Ok(Objective {
        says: text(value, "says")?,
        when: conditions(value, "when")?,
        lasts: maybe_whole("lasts")?.unwrap_or_default() as Micros * 1_000,
        faults: maybe_whole("faults")?,
        now: maybe(value, "now", &|text| text_of(text, "now"))?,
        done: maybe(value, "done", &|text| text_of(text, "done"))?,
        extra: value.get("extra").and_then(Value::as_bool).unwrap_or(false),
    })
}

fn best(value: &Value) -> Result<Best> {
    known(value, &["moves", "faults"], "the best that is known")?;
    Ok(Best { moves: whole(value, "moves")?, faults: whole(value, "faults")? })
}

fn stars(value: &Value) -> Result<[usize; 2]> {
    let wrong = || Error::input("stars are two numbers: three stars up to so many moves, two up to so many");
    let of = |value: &Value| value.as_whole().and_then(|n| usize::try_from(n).ok()).ok_or_else(wrong);
    match list(value, "stars", &of)?[..] {
        [three, two] => Ok([three, two]),
        _ => Err(wrong()),
    }
}
