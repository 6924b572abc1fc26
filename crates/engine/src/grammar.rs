//! The text form of inputs, parsed strictly.

use crate::error::{Error, Result};
use crate::input::{Input, Link, VERBS, Vocabulary, Which};
use crate::names::{ClientId, End, NodeId};
use crate::network::{LONGEST_LATENCY, Latency};
use crate::units::{END_OF_TIME, MILLION, Micros, Millionths, ONE, Ppm, ms_to_micros, parse_decimal, round_div};
use crate::value::{one_of, quoted};

/// The slowest and the fastest clock: above -100 % and up to +900 %.
pub const SKEW: (i64, i64) = (-999_999, 9_000_000);
/// The longest text that is looked at.
const LONGEST: usize = 4_096;

/// Parses one input.
pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Input> {
    if text.len() > LONGEST {
        return Err(Error::input(format!("an input has at most {LONGEST} bytes, not {}", text.len())));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((verb, rest)) = words.split_first() else {
        return Err(Error::input(format!("an input begins with {}", one_of(VERBS))));
    };
    match *verb {
        "crash" => Ok(Input::Crash(only_node(rest, "crash A")?)),
        "restart" => Ok(Input::Restart(only_node(rest, "restart A")?)),
        "wipe" => Ok(Input::Wipe(only_node(rest, "wipe A")?)),
        "pause" => Ok(Input::Pause(only_node(rest, "pause A")?)),
        "resume" => Ok(Input::Resume(only_node(rest, "resume A")?)),
        "join" => Ok(Input::Join(only_node(rest, "join F")?)),
        "leave" => Ok(Input::Leave(only_node(rest, "leave B")?)),
        "partition" => partition(rest),
        "heal" => nothing(rest, "heal").map(|()| Input::Heal),
        "cut" => Ok(Input::Cut(link(rest, "cut A -> B or cut A <-> B")?)),
        "mend" => Ok(Input::Mend(link(rest, "mend A -> B or mend A <-> B")?)),
        "drop" => Ok(Input::Drop(which(rest, vocabulary, "drop #12")?)),
        "hold" => Ok(Input::Hold(which(rest, vocabulary, "hold #12")?)),
        "duplicate" => Ok(Input::Duplicate(which(rest, vocabulary, "duplicate #12")?)),
        "deliver" => Ok(Input::Deliver(which(rest, vocabulary, "deliver #12")?)),
        "delay" => delay(rest, vocabulary),
        "latency" => latency(rest),
        "loss" => Ok(Input::Loss(part(rest, "loss 10%")?)),
        "duplication" => Ok(Input::Duplication(part(rest, "duplication 5%")?)),
        "skew" => skew(rest),
        "offset" => offset(rest),
        "fire" => fire(rest, vocabulary),
        "request" => request(rest, vocabulary),
        other => {
            Err(Error::input(format!("no input begins with {}; one begins with {}", quoted(other), one_of(VERBS))))
        }
    }
}

fn wrong(form: &str) -> Error {
    Error::input(format!("this is written like {form}"))
}

fn nothing(rest: &[&str], form: &str) -> Result<()> {
    if rest.is_empty() { Ok(()) } else { Err(wrong(form)) }
}

fn node(word: &str) -> Result<NodeId> {
    NodeId::parse(word)
        .ok_or_else(|| Error::unknown_node(format!("{} is no node's name; names are A, B, C and so on", quoted(word))))
}

fn only_node(rest: &[&str], form: &str) -> Result<NodeId> {
    match rest {
        [name] => node(name),
        _ => Err(wrong(form)),
    }
}

fn end(word: &str) -> Result<End> {
    End::parse(word).ok_or_else(|| {
        let names = "nodes are A, B, C and so on, clients C1, C2 and so on";
        Error::unknown_node(format!("{} is neither a node nor a client; {names}", quoted(word)))
    })
}

fn partition(rest: &[&str]) -> Result<Input> {
    let groups: Vec<Vec<End>> = rest
        .split(|word| *word == "|")
        .map(|group| group.iter().map(|word| end(word)).collect())
        .collect::<Result<_>>()?;
    if groups.iter().any(Vec::is_empty) {
        return Err(wrong("partition A B | C D E, with a node on each side"));
    }
    Ok(Input::Partition(groups))
}

fn link(rest: &[&str], form: &str) -> Result<Link> {
    match rest {
        [from, "->", to] => Ok(Link { from: node(from)?, to: node(to)?, both: false }),
        [from, "<->", to] => Ok(Link { from: node(from)?, to: node(to)?, both: true }),
        _ => Err(wrong(form)),
    }
}

fn which(rest: &[&str], vocabulary: &Vocabulary, form: &str) -> Result<Which> {
    match rest {
        [number] => number
            .strip_prefix('#')
            .filter(|digits| !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .map(Which::Number)
            .ok_or_else(|| wrong(form)),
        [kind, from, "->", to] => first(kind, end(from)?, end(to)?, vocabulary),
        _ => Err(wrong(&format!("{form}, or with {} A -> B in place of the number", vocabulary.kinds[0]))),
    }
}

/// The first message of a kind on a link, if there is such a kind.
fn first(kind: &str, from: End, to: End, vocabulary: &Vocabulary) -> Result<Which> {
    let known = vocabulary.kinds.iter().find(|known| **known == kind);
    known.map(|kind| Which::First { kind, from, to }).ok_or_else(|| {
        let kinds = one_of(vocabulary.kinds.iter().copied());
        Error::input(format!("{} is no kind of message here; the kinds are {kinds}", quoted(kind)))
    })
}

fn delay(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let form = "delay #12 50ms";
    let Some((by, message)) = rest.split_last() else {
        return Err(wrong(form));
    };
    let by = time(by).ok_or_else(|| wrong(form))?;
    Ok(Input::Delay(which(message, vocabulary, "delay #12").map_err(|_| wrong(form))?, by))
}

/// A time from 0 on, such as `12.5ms`.
fn time(word: &str) -> Option<Micros> {
    let ms = parse_decimal(word.strip_suffix("ms")?).filter(|ms| *ms >= 0)?;
    let micros = ms_to_micros(ms) as Micros;
    (micros <= END_OF_TIME).then_some(micros)
}

fn latency(rest: &[&str]) -> Result<Input> {
    let form = "latency 10ms..20ms or latency A -> B 10ms..20ms, from 0ms to 60000ms";
    let (link, range) = match rest {
        [range] => (None, range),
        [from, "->", to, range] => (Some((node(from)?, node(to)?)), range),
        _ => return Err(wrong(form)),
    };
    let (min, max) = range.split_once("..").ok_or_else(|| wrong(form))?;
    let (min, max) = time(min).zip(time(max)).ok_or_else(|| wrong(form))?;
    Ok(Input::Latency(checked_latency(min, max)?, link))
}

fn checked_latency(min: Micros, max: Micros) -> Result<Latency> {
    if min > max {
        return Err(Error::input("the least latency is not above the greatest"));
    }
    if max > LONGEST_LATENCY {
        return Err(Error::input("a latency is from 0 to 60000 ms"));
    }
    Ok(Latency { min, max })
}

fn percent(word: &str) -> Option<Millionths> {
    parse_decimal(word.strip_suffix('%')?).map(|percent| round_div(percent, 100))
}

fn part(rest: &[&str], form: &str) -> Result<Ppm> {
    let form = format!("{form}, from 0% to 100%");
    let [word] = rest else {
        return Err(wrong(&form));
    };
    let parts = percent(word).ok_or_else(|| wrong(&form))?;
    checked_part(parts).ok_or_else(|| wrong(&form))
}

fn checked_part(parts: Millionths) -> Option<Ppm> {
    (0..=i64::from(MILLION)).contains(&parts).then_some(parts as Ppm)
}

fn signed(word: &str) -> &str {
    match word.strip_prefix('+') {
        Some(rest) if !rest.starts_with('-') => rest,
        _ => word,
    }
}

fn skew(rest: &[&str]) -> Result<Input> {
    let form = "skew A +20%, above -100% and up to +900%";
    let [name, rate] = rest else {
        return Err(wrong(form));
    };
    let rate = percent(signed(rate)).ok_or_else(|| wrong(form))?;
    checked_skew(node(name)?, rate)
}

fn checked_skew(node: NodeId, rate: Millionths) -> Result<Input> {
    if !(SKEW.0..=SKEW.1).contains(&rate) {
        return Err(Error::input("a clock's rate is above -100 % and up to +900 %"));
    }
    Ok(Input::Skew(node, rate))
}

fn offset(rest: &[&str]) -> Result<Input> {
    let form = "offset A -50ms";
    let [name, by] = rest else {
        return Err(wrong(form));
    };
    let ms = signed(by).strip_suffix("ms").and_then(parse_decimal).ok_or_else(|| wrong(form))?;
    checked_offset(node(name)?, ms)
}

fn checked_offset(node: NodeId, ms: Millionths) -> Result<Input> {
    if ms.abs() > 1_000_000_000 * ONE {
        return Err(Error::input("a clock's offset is at most 10^9 ms either way"));
    }
    Ok(Input::Offset(node, ms_to_micros(ms)))
}

fn fire(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    match rest {
        [name, timer] => Ok(Input::Fire(node(name)?, timer_id(timer, vocabulary)?)),
        _ => Err(wrong(&format!("fire A {}", vocabulary.timers.first().map_or("", |timer| timer.id)))),
    }
}

fn timer_id(word: &str, vocabulary: &Vocabulary) -> Result<&'static str> {
    let known = vocabulary.timers.iter().find(|timer| timer.id == word);
    known.map(|timer| timer.id).ok_or_else(|| {
        let timers = one_of(vocabulary.timers.iter().map(|timer| timer.id));
        Error::input(format!("{} is no timer here; the timers are {timers}", quoted(word)))
    })
}

fn request(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let (client, rest) = match rest {
        ["by", name, rest @ ..] => (Some(client(name)?), rest),
        _ => (None, rest),
    };
    let (node, rest) = match rest.split_first() {
        Some((name, after)) if NodeId::parse(name).is_some() => (NodeId::parse(name), after),
        _ => (None, rest),
    };
    let words: Vec<String> = rest.iter().map(|word| (*word).to_string()).collect();
    let operation = operation(&crate::text::join(&words, " "), vocabulary)?;
    Ok(Input::Request { client, node, operation })
}

fn client(word: &str) -> Result<ClientId> {
    ClientId::parse(word)
        .ok_or_else(|| Error::input(format!("{} is no client's name; clients are C1, C2 and so on", quoted(word))))
}

fn operation(text: &str, vocabulary: &Vocabulary) -> Result<String> {
    let parsed = vocabulary.protocol.operation(text).map(|operation| operation.text.to_string());
    parsed.map_err(|why| {
        let known = one_of(vocabulary.operations.iter().map(|operation| operation.example));
        Error::input(format!("{why}; an operation is written like {known}"))
    })
}
