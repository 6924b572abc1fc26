//! A lesson out of plain data. Strict: what is not known is refused.

use std::borrow::Cow;

use synod_engine::error::{Error, Result};
use synod_engine::units::{Micros, ms_to_micros, parse_decimal};
use synod_engine::value::{Key, Value, one_of, quoted};

use crate::condition::Condition;
use crate::markup::Text;
use crate::{Answer, Ask, Breach, Leads, Lesson, Line, Link, Step, Task};

pub fn read(value: &Value) -> Result<Lesson> {
    known(value, &["id", "protocol", "title", "summary", "notes", "config", "without", "breaks", "steps"], "a lesson")?;
    let lesson = Lesson {
        id: word(value, "id")?,
        protocol: word(value, "protocol")?,
        title: text(value, "title")?,
        summary: text(value, "summary")?,
        notes: list(value, "notes", &|note| text_of(note, "a note"))?,
        config: config(value)?,
        without: maybe_word(value, "without")?,
        breaks: words(value, "breaks")?,
        steps: list(value, "steps", &step)?,
    };
    if lesson.steps.is_empty() {
        return Err(Error::input("a lesson has steps"));
    }
    twice(&lesson)?;
    for (n, step) in lesson.steps.iter().enumerate() {
        let Some(Link { leads: Leads::Broken(Breach { before: Some(id), .. }), .. }) = &step.link else { continue };
        if !lesson.steps[..=n].iter().any(|step| step.id == *id) {
            return Err(Error::input(format!("{} links to before {}, which is no step up to it", step.id, quoted(id))));
        }
    }
    Ok(lesson)
}

/// A lesson without a rule has steps of a second run, after those of the first, and no other has.
fn twice(lesson: &Lesson) -> Result<()> {
    let wrong = |step: &Step, why: &str| Err(Error::input(format!("{} {why}", step.id)));
    let first = lesson.steps.iter().take_while(|step| step.same.is_none()).count();
    if lesson.without.is_some() && (first == 0 || first == lesson.steps.len()) {
        return Err(Error::input("a lesson without a rule has steps without it, and then steps that say \"same\""));
    }
    for step in &lesson.steps[first..] {
        if lesson.without.is_none() {
            return wrong(step, "says \"same\", and the lesson is without no rule");
        }
        if step.same.as_ref().is_some_and(|id| !lesson.steps[..first].iter().any(|one| one.id == *id)) {
            return wrong(step, "is the same as no step of the first run");
        }
    }
    let broken = |step: &&Step| matches!(&step.link, Some(Link { leads: Leads::Broken(_), .. }));
    match lesson.steps.iter().find(broken) {
        Some(step) if lesson.without.is_some() => wrong(step, "breaks a rule in a lesson that has two runs"),
        _ => Ok(()),
    }
}

fn step(value: &Value) -> Result<Step> {
    let keys = [
        "id", "name", "say", "then", "more", "try", "same", "play", "focus", "lasts", "link", "expect", "shows", "ask",
        "task",
    ];
    known(value, &keys, "a step")?;
    let step = Step {
        id: word(value, "id")?,
        name: text(value, "name")?,
        say: text(value, "say")?,
        then: maybe(value, "then", &|then| text_of(then, "then"))?,
        more: maybe(value, "more", &|more| text_of(more, "more"))?,
        try_it: maybe(value, "try", &|text| text_of(text, "try"))?,
        same: maybe_word(value, "same")?,
        play: lines(value, "play")?,
        focus: words(value, "focus")?,
        lasts: value.get("lasts").and_then(Value::as_whole),
        link: maybe(value, "link", &link)?,
        expect: conditions(value, "expect")?,
        shows: conditions(value, "shows")?,
        ask: maybe(value, "ask", &ask)?,
        task: maybe(value, "task", &task)?,
    };
    let beats = step.play.iter().filter(|line| matches!(line, Line::Then)).count();
    if beats > usize::from(step.then.is_some()) {
        return Err(Error::input(format!("{} has a line \"then\" without its words, or twice", step.id)));
    }
    Ok(step)
}

fn link(value: &Value) -> Result<Link> {
    let says = text(value, "says")?;
    if value.get("broken").is_none() {
        known(value, &["to", "says"], "a link")?;
        return Ok(Link { says, leads: Leads::To(word(value, "to")?) });
    }
    known(value, &["broken", "before", "play", "says"], "a link to a broken rule")?;
    let before = maybe_word(value, "before")?;
    let breach = Breach { mutant: word(value, "broken")?, before, play: lines(value, "play")? };
    if breach.before.is_none() && breach.play.is_empty() {
        return Err(Error::input("a link to a broken rule says before which step it stands, or what it plays"));
    }
    Ok(Link { says, leads: Leads::Broken(breach) })
}

fn ask(value: &Value) -> Result<Ask> {
    known(value, &["says", "answers"], "a question")?;
    let answer = |value: &Value| {
        known(value, &["says", "if", "why", "shows"], "an answer")?;
        Ok(Answer {
            says: text(value, "says")?,
            holds: conditions(value, "if")?,
            why: maybe(value, "why", &|why| text_of(why, "why"))?,
            shows: lines(value, "shows")?,
        })
    };
    let answers = list(value, "answers", &answer)?;
    if answers.len() < 2 || answers.iter().any(|answer| answer.holds.is_empty()) {
        return Err(Error::input("a question has at least two answers, each with its condition under \"if\""));
    }
    Ok(Ask { says: text(value, "says")?, answers })
}

fn task(value: &Value) -> Result<Task> {
    known(value, &["says", "goal", "allow", "most", "within", "hint", "solution"], "a task")?;
    let whole = |key: &str| value.get(key).and_then(Value::as_whole).filter(|n| *n >= 0);
    let wants = |key: &str| Error::input(format!("a task says {key}, a whole number"));
    Ok(Task {
        says: text(value, "says")?,
        goal: conditions(value, "goal")?,
        allow: words(value, "allow")?,
        most: whole("most").ok_or_else(|| wants("most"))? as usize,
        within: whole("within").ok_or_else(|| wants("within"))? as Micros * 1_000,
        hint: maybe(value, "hint", &|hint| text_of(hint, "hint"))?,
        solution: lines(value, "solution")?,
    })
}

/// `until C.role = leader; passed >= 20`, `+50ms`, `then`, or an input.
fn line(text: &str) -> Result<Line> {
    if let Some(rest) = text.strip_prefix("until ") {
        return rest.split(';').map(|one| Condition::parse(one.trim())).collect::<Result<_>>().map(Line::Until);
    }
    if let Some(ms) = text.strip_prefix('+').and_then(|text| text.strip_suffix("ms")) {
        let ms = parse_decimal(ms).filter(|ms| *ms >= 0);
        let ms = ms.ok_or_else(|| Error::input(format!("{} is no span of time", quoted(text))))?;
        return Ok(Line::Wait(ms_to_micros(ms) as Micros));
    }
    Ok(if text == "then" { Line::Then } else { Line::Input(text.into()) })
}

pub(crate) fn lines(value: &Value, key: &str) -> Result<Vec<Line>> {
    list(value, key, &|item| line(item.as_text().ok_or_else(|| wanted(key, "a list of lines"))?))
}

pub(crate) fn conditions(value: &Value, key: &str) -> Result<Vec<Condition>> {
    list(value, key, &|item| Condition::parse(item.as_text().ok_or_else(|| wanted(key, "a list of conditions"))?))
}

pub(crate) fn config(value: &Value) -> Result<Value> {
    let mut entries: Vec<(Key, Value)> = vec![("protocol".into(), Value::string(word(value, "protocol")?))];
    match value.get("config") {
        None => {}
        Some(Value::Map(more)) => {
            entries.extend(more.iter().map(|(key, value)| (Cow::Owned(key.to_string()), value.clone())))
        }
        Some(_) => return Err(wanted("config", "an object")),
    }
    Ok(Value::Map(entries))
}

pub(crate) fn known(value: &Value, keys: &[&str], what: &str) -> Result<()> {
    let Value::Map(entries) = value else {
        return Err(Error::input(format!("{what} is an object")));
    };
    match entries.iter().find(|(key, _)| !keys.contains(&key.as_ref())) {
        None => Ok(()),
        Some((key, _)) => {
            Err(Error::input(format!("{what} has no {}; it has {}", quoted(key), one_of(keys.iter().copied()))))
        }
    }
}

fn wanted(key: &str, what: &str) -> Error {
    Error::input(format!("{key} is {what}"))
}

pub(crate) fn word(value: &Value, key: &str) -> Result<String> {
    value.get(key).and_then(Value::as_text).map(str::to_string).ok_or_else(|| wanted(key, "a word"))
}

/// A whole number that is not below 0.
pub(crate) fn whole(value: &Value, key: &str) -> Result<usize> {
    let given = value.get(key).and_then(Value::as_whole);
    given.and_then(|n| usize::try_from(n).ok()).ok_or_else(|| wanted(key, "a whole number"))
}

fn maybe_word(value: &Value, key: &str) -> Result<Option<String>> {
    value.get(key).map(|_| word(value, key)).transpose()
}

pub(crate) fn text(value: &Value, key: &str) -> Result<Text> {
    text_of(value.get(key).unwrap_or(&Value::Null), key)
}

pub(crate) fn text_of(value: &Value, what: &str) -> Result<Text> {
    let both = (value.get("en").and_then(Value::as_text), value.get("zh").and_then(Value::as_text));
    let (Some(en), Some(zh)) = both else {
        return Err(wanted(what, "a text as { en, zh }"));
    };
    Text::new(en, zh)
}

pub(crate) type Reader<'a, T> = &'a dyn Fn(&Value) -> Result<T>;

pub(crate) fn maybe<T>(value: &Value, key: &str, read: Reader<T>) -> Result<Option<T>> {
    value.get(key).filter(|value| **value != Value::Null).map(read).transpose()
}

pub(crate) fn list<T>(value: &Value, key: &str, read: Reader<T>) -> Result<Vec<T>> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::List(items)) => items.iter().map(read).collect(),
        Some(_) => Err(wanted(key, "a list")),
    }
}

pub(crate) fn words(value: &Value, key: &str) -> Result<Vec<String>> {
    list(value, key, &|item| item.as_text().map(str::to_string).ok_or_else(|| wanted(key, "a list of words")))
}
