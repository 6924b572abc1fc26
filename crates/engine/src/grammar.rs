//! The text form of inputs, parsed strictly.

use crate::error::{Error, Part, Result, why};
use std::rc::Rc;

use crate::input::{Input, Link, Party, VERBS, Vocabulary, Which, Who};
use crate::names::{ClientId, End, NodeId};
use crate::network::{LONGEST_LATENCY, Latency};
use crate::places::Spot;
use crate::text::{Text, text as said};
use crate::units::{END_OF_TIME, MILLION, Micros, Millionths, ONE, Ppm, ms_to_micros, parse_decimal, round_div};

/// The slowest and the fastest clock: above -100 % and up to +900 %.
pub const SKEW: (i64, i64) = (-999_999, 9_000_000);
/// The longest text that is looked at.
const LONGEST: usize = 4_096;

/// Parses one input.
pub fn parse(text: &str, vocabulary: &Vocabulary) -> Result<Input> {
    if text.len() > LONGEST {
        let words = said("an input has at most {most} bytes, not {given}", "一个输入最多 {most} 字节，而不是 {given}");
        return Err(Error::input(why(
            words,
            [("most", Part::count(LONGEST as i64)), ("given", Part::count(text.len() as i64))],
        )));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some((verb, rest)) = words.split_first() else {
        let words = said("an input begins with {verbs}", "输入以下列动词之一开头：{verbs}");
        return Err(Error::input(why(words, [("verbs", Part::known(VERBS))])));
    };
    match *verb {
        "crash" => crash(rest, vocabulary),
        "restart" => Ok(Input::Restart(only(rest, vocabulary, "restart A")?)),
        "wipe" => Ok(Input::Wipe(only(rest, vocabulary, "wipe A")?)),
        "pause" => Ok(Input::Pause(only_machine(rest, vocabulary, "pause A")?)),
        "resume" => Ok(Input::Resume(only_machine(rest, vocabulary, "resume A")?)),
        "join" => Ok(Input::Join(only_node(rest, "join F")?.into())),
        "leave" => Ok(Input::Leave(only(rest, vocabulary, "leave B")?)),
        "partition" => partition(rest, vocabulary),
        "heal" => nothing(rest, "heal").map(|()| Input::Heal),
        "cut" => Ok(Input::Cut(link(rest, vocabulary, ["cut A -> B", "cut A <-> B"])?)),
        "mend" => Ok(Input::Mend(link(rest, vocabulary, ["mend A -> B", "mend A <-> B"])?)),
        "drop" => Ok(Input::Drop(which(rest, vocabulary, "drop #12")?)),
        "hold" => Ok(Input::Hold(which(rest, vocabulary, "hold #12")?)),
        "duplicate" => Ok(Input::Duplicate(which(rest, vocabulary, "duplicate #12")?)),
        "deliver" => deliver(rest, vocabulary),
        "delay" => delay(rest, vocabulary),
        "latency" => latency(rest, vocabulary),
        "loss" => Ok(Input::Loss(part(rest, "loss 10%")?)),
        "duplication" => Ok(Input::Duplication(part(rest, "duplication 5%")?)),
        "skew" => skew(rest, vocabulary),
        "offset" => offset(rest, vocabulary),
        "fire" => fire(rest, vocabulary),
        "request" => request(rest, vocabulary),
        "move" => move_to(rest, vocabulary),
        other => {
            let words = said(
                "no input begins with {verb}; one begins with {verbs}",
                "没有以 {verb} 开头的输入；可用的动词是 {verbs}",
            );
            Err(Error::input(why(words, [("verb", Part::quoted(other)), ("verbs", Part::known(VERBS))])))
        }
    }
}

fn wrong(form: &str) -> Error {
    wrong_form(Part::name(form))
}

fn wrong_form(form: Part) -> Error {
    Error::input(why(said("this is written like {form}", "应写作：{form}"), [("form", form)]))
}

/// The same, with what the form must keep to.
fn wrong_within(form: Part, bound: Text) -> Error {
    let words = said("this is written like {form}, {bound}", "应写作：{form}，{bound}");
    Error::input(why(words, [("form", form), ("bound", Part::text(bound))]))
}

fn nothing(rest: &[&str], form: &str) -> Result<()> {
    if rest.is_empty() { Ok(()) } else { Err(wrong(form)) }
}

fn node(word: &str) -> Result<NodeId> {
    NodeId::parse(word).ok_or_else(|| {
        let (words, names) =
            (said("{name} is no node's name; names are {names}", "{name} 不是节点的名字；名字是 {names}"), names());
        Error::unknown_node(why(words, [("name", Part::quoted(word)), ("names", names)]))
    })
}

/// A node, or a place and with it all nodes that stand there.
fn who(word: &str, vocabulary: &Vocabulary) -> Result<Who> {
    match vocabulary.place(word) {
        Some(spot) => Ok(Who::Place(spot.clone())),
        None => node(word).map(Who::Node).map_err(|wrong| or_place(wrong, word, vocabulary)),
    }
}

/// What is no node's name is no place either: where there are places, the refusal names them.
fn or_place(wrong: Error, word: &str, vocabulary: &Vocabulary) -> Error {
    if vocabulary.places.is_empty() {
        return wrong;
    }
    let words = said(
        "{name} is neither a node nor a place; nodes are {names}, places {places}",
        "{name} 既不是节点也不是地点；节点是 {names}，地点是 {places}",
    );
    Error::unknown_node(why(words, [("name", Part::quoted(word)), ("names", names()), ("places", ids(vocabulary))]))
}

fn ids(vocabulary: &Vocabulary) -> Part {
    Part::known(vocabulary.places.iter().map(|spot| &*spot.id))
}

fn spot(word: &str, vocabulary: &Vocabulary) -> Result<Rc<Spot>> {
    if vocabulary.places.is_empty() {
        let words = said(
            "this run has no places: network.places of its configuration would give it some",
            "这次运行没有地点：可在配置的 network.places 中给出",
        );
        return Err(Error::input(words));
    }
    vocabulary.place(word).cloned().ok_or_else(|| {
        let words = said("there is no place {id}; the places are {ids}", "没有地点 {id}；地点是 {ids}");
        Error::input(why(words, [("id", Part::quoted(word)), ("ids", ids(vocabulary))]))
    })
}

fn move_to(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    match rest {
        [name, place] => Ok(Input::Move(who(name, vocabulary)?, spot(place, vocabulary)?)),
        _ => Err(wrong(&format!("move A {}", vocabulary.places.first().map_or("europe", |spot| &*spot.id)))),
    }
}

/// How nodes are called.
fn names() -> Part {
    Part::says(NodeId::manner())
}

fn only_node(rest: &[&str], form: &str) -> Result<NodeId> {
    match rest {
        [name] => node(name),
        _ => Err(wrong(form)),
    }
}

fn only(rest: &[&str], vocabulary: &Vocabulary, form: &str) -> Result<Who> {
    match rest {
        [name] => who(name, vocabulary),
        _ => Err(wrong(form)),
    }
}

/// A node, a place, or a client where the protocol brings machines of its own for them.
fn machine(word: &str, vocabulary: &Vocabulary) -> Result<Party> {
    if vocabulary.protocol.about().clients { party(word, vocabulary) } else { who(word, vocabulary).map(Party::from) }
}

fn only_machine(rest: &[&str], vocabulary: &Vocabulary, form: &str) -> Result<Party> {
    match rest {
        [name] => machine(name, vocabulary),
        _ => Err(wrong(form)),
    }
}

/// The most messages that a handler may still send before it is cut short.
const MOST_SENDS: u32 = 1_000;

/// At once, or as soon as the node sends more than so many messages at a stroke.
fn crash(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let [name, "after", count, unit] = rest else {
        return match rest {
            [_, "after", ..] => Err(wrong_within(Part::name("crash A after 2 sends"), SENDS)),
            _ => Ok(Input::Crash(only(rest, vocabulary, "crash A")?)),
        };
    };
    let plain = count.len() <= 4 && count.bytes().all(|b| b.is_ascii_digit());
    let after = plain.then(|| count.parse().ok()).flatten().filter(|after| *after <= MOST_SENDS);
    let after = after.filter(|after| *unit == if *after == 1 { "send" } else { "sends" });
    let after =
        after.ok_or_else(|| wrong_within(Part::one_of(["crash A after 1 send", "crash A after 2 sends"]), SENDS))?;
    Ok(Input::CrashAfter(who(name, vocabulary)?, after))
}

const SENDS: Text = said("with 0 to 1000 sends", "发送次数为 0 到 1000");

fn end(word: &str) -> Result<End> {
    End::parse(word).ok_or_else(|| {
        let words = said(
            "{name} is neither a node nor a client; nodes are {names}, clients C1, C2 and so on",
            "{name} 既不是节点也不是客户端；节点是 {names}，客户端是 C1、C2 等",
        );
        Error::unknown_node(why(words, [("name", Part::quoted(word)), ("names", names())]))
    })
}

fn party(word: &str, vocabulary: &Vocabulary) -> Result<Party> {
    match vocabulary.place(word) {
        Some(spot) => Ok(Party::Place(spot.clone())),
        None => end(word).map(Party::End).map_err(|wrong| or_place(wrong, word, vocabulary)),
    }
}

fn partition(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let groups: Vec<Vec<Party>> = rest
        .split(|word| *word == "|")
        .map(|group| group.iter().map(|word| party(word, vocabulary)).collect())
        .collect::<Result<_>>()?;
    if groups.iter().any(Vec::is_empty) {
        let bound = said("with a node on each side", "每一边至少一个节点");
        return Err(wrong_within(Part::name("partition A B | C D E"), bound));
    }
    Ok(Input::Partition(groups))
}

fn link(rest: &[&str], vocabulary: &Vocabulary, forms: [&str; 2]) -> Result<Link> {
    let (from, to, both) = match rest {
        [from, "->", to] => (from, to, false),
        [from, "<->", to] => (from, to, true),
        _ => return Err(wrong_form(Part::one_of(forms))),
    };
    Ok(Link { from: who(from, vocabulary)?, to: who(to, vocabulary)?, both })
}

fn which(rest: &[&str], vocabulary: &Vocabulary, form: &str) -> Result<Which> {
    match rest {
        [number] => number
            .strip_prefix('#')
            .filter(|digits| !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .map(Which::Number)
            .ok_or_else(|| wrong(form)),
        [kind, from, "->", to] => first(kind, party(from, vocabulary)?, party(to, vocabulary)?, vocabulary),
        _ => {
            let verb = form.split(' ').next().unwrap_or_default();
            Err(wrong_form(Part::one_of([form, &format!("{verb} {} A -> B", vocabulary.kinds[0])])))
        }
    }
}

/// The first message of a kind on a link, if there is such a kind.
fn first(kind: &str, from: Party, to: Party, vocabulary: &Vocabulary) -> Result<Which> {
    let known = vocabulary.kinds.iter().find(|known| **known == kind);
    known.map(|kind| Which::First { kind, from, to }).ok_or_else(|| {
        let words = said(
            "{kind} is no kind of message here; the kinds are {kinds}",
            "这里没有 {kind} 这种消息；消息种类有 {kinds}",
        );
        let kinds = Part::known(vocabulary.kinds.iter().copied());
        Error::input(why(words, [("kind", Part::quoted(kind)), ("kinds", kinds)]))
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

/// Now, or so much later than now.
fn deliver(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let [message @ .., "in", after] = rest else {
        return Ok(Input::Deliver(which(rest, vocabulary, "deliver #12")?, None));
    };
    let form = "deliver #12 in 20ms";
    let after = time(after).ok_or_else(|| wrong(form))?;
    Ok(Input::Deliver(which(message, vocabulary, form)?, Some(after)))
}

/// A time from 0 on, such as `12.5ms`.
fn time(word: &str) -> Option<Micros> {
    let ms = parse_decimal(word.strip_suffix("ms")?).filter(|ms| *ms >= 0)?;
    let micros = ms_to_micros(ms) as Micros;
    (micros <= END_OF_TIME).then_some(micros)
}

fn latency(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let wrong = || {
        let forms = Part::one_of(["latency 10ms..20ms", "latency A -> B 10ms..20ms"]);
        wrong_within(forms, said("from 0ms to 60000ms", "从 0ms 到 60000ms"))
    };
    let (link, range) = match rest {
        [range] => (None, range),
        [from, "->", to, range] => (Some((who(from, vocabulary)?, who(to, vocabulary)?)), range),
        _ => return Err(wrong()),
    };
    let (min, max) = range.split_once("..").ok_or_else(wrong)?;
    let (min, max) = time(min).zip(time(max)).ok_or_else(wrong)?;
    Ok(Input::Latency(checked_latency(min, max)?, link))
}

fn checked_latency(min: Micros, max: Micros) -> Result<Latency> {
    if min > max {
        return Err(Error::input(said("the least latency is not above the greatest", "最小延迟不能大于最大延迟")));
    }
    if max > LONGEST_LATENCY {
        return Err(Error::input(said("a latency is from 0 to 60000 ms", "延迟为 0 到 60000 ms")));
    }
    Ok(Latency { min, max })
}

fn percent(word: &str) -> Option<Millionths> {
    parse_decimal(word.strip_suffix('%')?).map(|percent| round_div(percent, 100))
}

fn part(rest: &[&str], form: &str) -> Result<Ppm> {
    let wrong = || wrong_within(Part::name(form), said("from 0% to 100%", "从 0% 到 100%"));
    let [word] = rest else {
        return Err(wrong());
    };
    percent(word).and_then(checked_part).ok_or_else(wrong)
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

fn skew(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let wrong =
        || wrong_within(Part::name("skew A +20%"), said("above -100% and up to +900%", "高于 -100%，不超过 +900%"));
    let [name, rate] = rest else {
        return Err(wrong());
    };
    let rate = percent(signed(rate)).ok_or_else(wrong)?;
    checked_skew(machine(name, vocabulary)?, rate)
}

fn checked_skew(party: Party, rate: Millionths) -> Result<Input> {
    if !(SKEW.0..=SKEW.1).contains(&rate) {
        return Err(Error::input(said(
            "a clock's rate is above -100% and up to +900%",
            "时钟的快慢高于 -100%，不超过 +900%",
        )));
    }
    Ok(Input::Skew(party, rate))
}

fn offset(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let form = "offset A -50ms";
    let [name, by] = rest else {
        return Err(wrong(form));
    };
    let ms = signed(by).strip_suffix("ms").and_then(parse_decimal).ok_or_else(|| wrong(form))?;
    checked_offset(machine(name, vocabulary)?, ms)
}

fn checked_offset(party: Party, ms: Millionths) -> Result<Input> {
    if ms.abs() > 1_000_000_000 * ONE {
        return Err(Error::input(said("a clock's offset is at most 10^9 ms either way", "时钟的偏差前后最多 10^9 ms")));
    }
    Ok(Input::Offset(party, ms_to_micros(ms)))
}

fn fire(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    match rest {
        [name, timer] => Ok(Input::Fire(machine(name, vocabulary)?, timer_id(timer, vocabulary)?)),
        _ => Err(wrong(&format!("fire A {}", vocabulary.timers.first().map_or("", |timer| timer.id)))),
    }
}

fn timer_id(word: &str, vocabulary: &Vocabulary) -> Result<&'static str> {
    let known = vocabulary.timers.iter().find(|timer| timer.id == word);
    known.map(|timer| timer.id).ok_or_else(|| {
        let words =
            said("{timer} is no timer here; the timers are {timers}", "这里没有 {timer} 这个定时器；定时器有 {timers}");
        let timers = Part::known(vocabulary.timers.iter().map(|timer| timer.id));
        Error::input(why(words, [("timer", Part::quoted(word)), ("timers", timers)]))
    })
}

fn request(rest: &[&str], vocabulary: &Vocabulary) -> Result<Input> {
    let (client, rest) = match rest {
        ["by", name, rest @ ..] => (Some(client(name)?), rest),
        _ => (None, rest),
    };
    let (node, rest) = match rest.split_first() {
        Some((name, after)) if NodeId::parse(name).is_some() || vocabulary.place(name).is_some() => {
            (Some(who(name, vocabulary)?), after)
        }
        _ => (None, rest),
    };
    let words: Vec<String> = rest.iter().map(|word| (*word).to_string()).collect();
    let operation = operation(&crate::text::join(&words, " "), vocabulary)?;
    Ok(Input::Request { client, node, operation })
}

fn client(word: &str) -> Result<ClientId> {
    ClientId::parse(word).ok_or_else(|| {
        let words = said(
            "{name} is no client's name; clients are C1, C2 and so on",
            "{name} 不是客户端的名字；客户端是 C1、C2 等",
        );
        Error::input(why(words, [("name", Part::quoted(word))]))
    })
}

fn operation(text: &str, vocabulary: &Vocabulary) -> Result<String> {
    let parsed = vocabulary.protocol.operation(text).map(|operation| operation.text.to_string());
    parsed.map_err(|wrong| {
        let words = said("{wrong}; an operation is written like {forms}", "{wrong}；操作应写作：{forms}");
        let forms = Part::one_of(vocabulary.operations.iter().map(|operation| operation.example));
        Error::input(why(words, [("wrong", Part::why(wrong)), ("forms", forms)]))
    })
}
