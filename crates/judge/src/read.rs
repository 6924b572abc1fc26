//! A history out of plain data, strictly, and what is said of it as plain data.

use std::string::ToString;
use std::{string::String, vec::Vec};

use synod_engine::error::{Code, Error, Part, Result, Why, why};
use synod_engine::text::{Text, text};
use synod_engine::units::{END_OF_TIME, ONE};
use synod_engine::value::Value;

use crate::{Action, Fate, Level, MOST, Operation, Scalar, Verdict, judge};

const KEYS: [&str; 9] = ["client", "node", "key", "kind", "value", "result", "call", "answer", "version"];
const NEEDED: [&str; 5] = ["client", "key", "kind", "call", "answer"];
const KINDS: [&str; 5] = ["put", "get", "add", "cas", "delete"];
/// Numbers beyond this are not exact as millionths.
const LARGEST: i64 = 9_000_000_000_000 * ONE;

type Told<T> = std::result::Result<T, Why>;

/// Judges a history that came from outside: a list of operations, `{ client, node, key, kind, value, result,
/// call, answer }`, times in ms. Gives an object by the levels' ids.
pub fn judged(history: &Value) -> Result<Value> {
    let verdicts = judge(&operations(history)?);
    Ok(Value::Map(verdicts.iter().map(|(level, verdict)| (level_id(*level), given(verdict))).collect()))
}

fn level_id(level: Level) -> synod_engine::value::Key {
    level.id().into()
}

fn given(verdict: &Verdict) -> Value {
    let list = |places: &[usize]| Value::list(places.iter().map(|i| Value::count(*i as u64)));
    let view = |(client, order): &(String, Vec<usize>)| {
        Value::map([("client", Value::string(client)), ("order", list(order))])
    };
    Value::map([
        ("holds", Value::or_null(verdict.holds, Value::Bool)),
        ("vacuous", Value::Bool(verdict.vacuous)),
        ("order", Value::or_null(verdict.order.as_deref(), list)),
        ("views", Value::list(verdict.views.iter().map(view))),
        ("witnesses", list(&verdict.witnesses)),
    ])
}

/// Reads a history.
pub fn operations(history: &Value) -> Result<Vec<Operation>> {
    let Value::List(list) = history else {
        let words = text("a history is a list of operations, not {given}", "历史应为操作的列表，而不是{given}");
        return Err(Error::input(why(words, [("given", Part::given(history))])));
    };
    if list.len() > MOST {
        let words = text("a history has at most {most} operations, not {n}", "历史最多有 {most} 个操作，而不是 {n} 个");
        return Err(Error::input(why(
            words,
            [("most", Part::count(MOST as u64)), ("n", Part::count(list.len() as u64))],
        )));
    }
    let mut operations = Vec::new();
    for (at, one) in list.iter().enumerate() {
        operations.push(operation(one).map_err(|wrong| in_place(at, wrong))?);
    }
    one_at_a_time(&operations)?;
    Ok(operations)
}

/// What is wrong, and with which operation.
fn in_place(at: usize, wrong: Why) -> Error {
    let words = text("history[{at}]: {wrong}", "history[{at}]：{wrong}");
    Error::new(Code::BadInput, why(words, [("at", Part::count(at as u64)), ("wrong", Part::why(wrong))]))
}

fn operation(one: &Value) -> Told<Operation> {
    let Value::Map(entries) = one else {
        let words =
            text("an operation is an object with {keys}, not {given}", "操作应为含有 {keys} 的对象，而不是{given}");
        return Err(why(words, [("keys", Part::known(KEYS)), ("given", Part::given(one))]));
    };
    if let Some((key, _)) = entries.iter().find(|(key, _)| !KEYS.contains(&key.as_ref())) {
        let words = text("an operation has no {key}; it has {keys}", "操作没有 {key}；它有 {keys}");
        return Err(why(words, [("key", Part::quoted(key)), ("keys", Part::known(KEYS))]));
    }
    if let Some(missing) = NEEDED.into_iter().find(|key| one.get(key).is_none()) {
        let words = text("{key} is missing; an operation has {keys}", "缺少 {key}；操作有 {keys}");
        return Err(why(words, [("key", Part::name(missing)), ("keys", Part::known(NEEDED))]));
    }
    let part = |key: &str| one.get(key).unwrap_or(&Value::Null);
    let kind = part("kind").as_text().and_then(|kind| KINDS.into_iter().find(|one| *one == kind));
    let Some(kind) = kind else {
        let words = text("kind is {kinds}, not {given}", "kind 应为 {kinds}，而不是 {given}");
        return Err(why(words, [("kinds", Part::one_of(KINDS)), ("given", Part::given(part("kind")))]));
    };
    let call = time("call", part("call"))?;
    let answer = Some(part("answer")).filter(|answer| **answer != Value::Null);
    let answer = answer.map(|answer| time("answer", answer)).transpose()?;
    if answer.is_some_and(|answer| answer < call) {
        return Err(text("the answer comes before the call", "answer 早于 call").into());
    }
    let (fate, result) = fate(kind, answer, one.get("result"))?;
    let action = action(kind, part("value"), result)?;
    Ok(Operation { client: name("client", part("client"))?, key: name("key", part("key"))?, action, call, fate })
}

/// What became of it, and what it was told if that counts.
fn fate<'a>(kind: &str, answer: Option<u64>, result: Option<&'a Value>) -> Told<(Fate, Option<&'a Value>)> {
    let word = result.and_then(Value::as_text).filter(|_| kind != "get");
    match (answer, result, word) {
        (_, _, Some("failed")) => Ok((Fate::Failed, None)),
        (_, _, Some("unknown")) => Ok((Fate::Open, None)),
        (None, None | Some(Value::Null), _) => Ok((Fate::Open, None)),
        (None, Some(result), _) => {
            let words = text(
                "what has no answer (null) has no result, so null and not {given}",
                "没有应答（answer 为 null）就没有结果：result 应为 null，而不是 {given}",
            );
            Err(why(words, [("given", Part::given(result))]))
        }
        (Some(_), None, _) => Err(text("result is missing: it was answered", "缺少 result：它已得到应答").into()),
        (Some(answer), Some(result), _) => Ok((Fate::Answered(answer), Some(result))),
    }
}

fn action(kind: &str, value: &Value, result: Option<&Value>) -> Told<Action> {
    if matches!(kind, "get" | "delete") && *value != Value::Null {
        let words =
            text("a {kind} has no value, so null and not {given}", "{kind} 没有值：value 应为 null，而不是 {given}");
        return Err(why(words, [("kind", Part::name(kind)), ("given", Part::given(value))]));
    }
    match kind {
        "put" | "delete" => {
            if result.is_some_and(|result| result.as_text() != Some("ok")) {
                return Err(wrong_result(kind, text("\"ok\"", "\"ok\""), result));
            }
            if kind == "delete" { Ok(Action::Delete) } else { Ok(Action::Put(scalar("value", value)?)) }
        }
        "get" => Ok(Action::Get(result.map_or(Ok(Scalar::Null), |result| scalar("result", result))?)),
        "add" => {
            let by = number("value", value)?;
            let sum = match result {
                None => 0,
                Some(result) => result
                    .as_number()
                    .ok_or_else(|| wrong_result(kind, text("the sum as a number", "作为数的和"), Some(result)))?,
            };
            Ok(Action::Add { by, sum: bounded("result", sum)? })
        }
        _ => {
            let Value::List(pair) = value else { return Err(no_pair(value)) };
            let [from, to] = pair.as_slice() else { return Err(no_pair(value)) };
            let (from, to) = (scalar("value", from)?, scalar("value", to)?);
            let swapped = match result {
                None => false,
                Some(result) => result
                    .as_bool()
                    .ok_or_else(|| wrong_result(kind, text("true or false", "true 或 false"), Some(result)))?,
            };
            Ok(Action::Cas { from, to, swapped })
        }
    }
}

fn no_pair(value: &Value) -> Why {
    let words = text("the value of a cas is [from, to], not {given}", "cas 的 value 应为 [from, to]，而不是{given}");
    why(words, [("given", Part::given(value))])
}

fn wrong_result(kind: &str, right: Text, result: Option<&Value>) -> Why {
    let words = text(
        "the result of {kind} is {right}, \"failed\" or \"unknown\", not {given}",
        "{kind} 的 result 应为 {right}、\"failed\" 或 \"unknown\"，而不是 {given}",
    );
    let given = Part::given(result.unwrap_or(&Value::Null));
    why(words, [("kind", Part::name(kind)), ("right", Part::text(right)), ("given", given)])
}

fn scalar(what: &'static str, value: &Value) -> Told<Scalar> {
    match value {
        Value::Null => Ok(Scalar::Null),
        Value::Bool(flag) => Ok(Scalar::Flag(*flag)),
        Value::Number(n) => Ok(Scalar::Number(bounded(what, *n)?)),
        Value::Text(text) => Ok(Scalar::Text(text.to_string())),
        Value::List(_) | Value::Map(_) => {
            let words = text(
                "{what} is a number, text, true, false or null, not {given}",
                "{what} 应为数、文本、true、false 或 null，而不是{given}",
            );
            Err(why(words, [("what", Part::name(what)), ("given", Part::given(value))]))
        }
    }
}

fn number(what: &'static str, value: &Value) -> Told<i64> {
    let wrong = || {
        let words = text("{what} is a number, not {given}", "{what} 应为数，而不是 {given}");
        why(words, [("what", Part::name(what)), ("given", Part::given(value))])
    };
    bounded(what, value.as_number().ok_or_else(wrong)?)
}

fn bounded(what: &'static str, n: i64) -> Told<i64> {
    if (-LARGEST..=LARGEST).contains(&n) {
        return Ok(n);
    }
    let words = text("{what} is a number from -9·10^12 to 9·10^12", "{what} 应在 -9·10^12 到 9·10^12 之间");
    Err(why(words, [("what", Part::name(what))]))
}

/// Milliseconds, as whole microseconds.
fn time(what: &'static str, value: &Value) -> Told<u64> {
    let micros = value.as_number().map(|n| n.saturating_add(500).div_euclid(1_000));
    let micros = micros.and_then(|n| u64::try_from(n).ok()).filter(|n| *n <= END_OF_TIME);
    micros.ok_or_else(|| {
        let words = text(
            "{what} is a number of ms from 0 to 10^9, not {given}",
            "{what} 应为 0 到 10^9 的毫秒数，而不是 {given}",
        );
        why(words, [("what", Part::name(what)), ("given", Part::given(value))])
    })
}

/// A client or a key: text, or a number, which is the same as its text.
fn name(what: &'static str, value: &Value) -> Told<String> {
    match value {
        Value::Text(text) if !text.is_empty() => Ok(text.to_string()),
        Value::Number(_) => Ok(value.shown()),
        _ => {
            let words = text("{what} is text or a number, not {given}", "{what} 应为文本或数，而不是 {given}");
            Err(why(words, [("what", Part::name(what)), ("given", Part::given(value))]))
        }
    }
}

/// Refuses a client that calls before it has its answer.
fn one_at_a_time(operations: &[Operation]) -> Result<()> {
    let mut line: Vec<usize> = (0..operations.len()).collect();
    line.sort_by_key(|at| (operations[*at].call, *at));
    for (n, at) in line.iter().enumerate() {
        let then = &operations[*at];
        let waits = |first: &&usize| {
            let first = &operations[**first];
            first.client == then.client && matches!(first.fate, Fate::Answered(answer) if answer > then.call)
        };
        if let Some(first) = line[..n].iter().find(waits) {
            let words = text(
                "{client} calls before it has its answer of history[{first}]; a client does one at a time, so give it another name",
                "{client} 还没得到 history[{first}] 的应答就发出调用；一个客户端一次只做一个操作，请换一个名字",
            );
            let wrong = why(words, [("client", Part::quoted(&then.client)), ("first", Part::count(*first as u64))]);
            return Err(in_place(*at, wrong));
        }
    }
    Ok(())
}
