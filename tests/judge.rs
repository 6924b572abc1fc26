//! Histories from outside: taken exactly, or refused with what would be right.

use synod_engine::error::Code;
use synod_engine::value::Value;
use synod_judge::read::{judged, operations};
use synod_judge::{Action, Fate, Level, Scalar};

type Part = (&'static str, Result<Value, ()>);

/// A right put, with some of its parts changed; `Err` leaves one out.
fn operation(parts: &[Part]) -> Value {
    let mut entries: Vec<(&'static str, Value)> = vec![
        ("client", Value::word("C1")),
        ("node", Value::Null),
        ("key", Value::word("x")),
        ("kind", Value::word("put")),
        ("value", Value::count(1)),
        ("result", Value::word("ok")),
        ("call", Value::count(2)),
        ("answer", Value::Number(3_500_000)),
    ];
    for (key, value) in parts {
        entries.retain(|(one, _)| one != key);
        entries.extend(value.clone().ok().map(|value| (*key, value)));
    }
    Value::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn refused(history: &Value, says: &str) {
    let error = operations(history).expect_err(says);
    assert_eq!((error.code, error.message.as_str()), (Code::BadInput, says));
    assert!(!error.zh.is_empty() && error.zh != error.message, "{}", error.zh);
    assert_eq!(judged(history).expect_err("the same").message, says);
}

#[test]
fn an_operation_is_read_exactly() {
    let read = |parts: &[Part]| operations(&Value::List(vec![operation(parts)])).expect("a right history").remove(0);
    let put = read(&[]);
    assert_eq!((put.client.as_str(), put.key.as_str(), put.call), ("C1", "x", 2_000));
    assert_eq!((put.action, put.fate), (Action::Put(Scalar::Number(1_000_000)), Fate::Answered(3_500)));
    let word = |word| Ok(Value::word(word));
    let number = |n: i64| Ok(Value::count(n));
    let get = read(&[("kind", word("get")), ("value", Err(())), ("result", Ok(Value::Null))]);
    assert_eq!(get.action, Action::Get(Scalar::Null));
    // A value may be called as the outcome of a write is.
    let get = read(&[("kind", word("get")), ("value", Err(())), ("result", word("failed"))]);
    assert_eq!((get.action, get.fate), (Action::Get(Scalar::Text("failed".into())), Fate::Answered(3_500)));
    let add = read(&[("kind", word("add")), ("result", number(4))]);
    assert_eq!(add.action, Action::Add { by: 1_000_000, sum: 4_000_000 });
    let pair = Ok(Value::List(vec![Value::Null, Value::Bool(true)]));
    let cas = read(&[("kind", word("cas")), ("value", pair), ("result", Ok(Value::Bool(true)))]);
    assert_eq!(cas.action, Action::Cas { from: Scalar::Null, to: Scalar::Flag(true), swapped: true });
    let delete = read(&[("kind", word("delete")), ("value", Ok(Value::Null))]);
    assert_eq!(delete.action, Action::Delete);
    assert_eq!(read(&[("result", word("failed"))]).fate, Fate::Failed);
    assert_eq!(read(&[("result", word("unknown"))]).fate, Fate::Open);
    assert_eq!(read(&[("answer", Ok(Value::Null)), ("result", Ok(Value::Null))]).fate, Fate::Open);
    assert_eq!(read(&[("client", number(7)), ("version", number(3))]).client, "7");
}

#[test]
fn what_is_wrong_is_named_with_what_would_be_right() {
    refused(&Value::Null, "a history is a list of operations, not nothing");
    let many = vec![operation(&[]); 513];
    refused(&Value::List(many), "a history has at most 512 operations, not 513");
    let word = |word| Ok(Value::word(word));
    let all = "client, node, key, kind, value, result, call, answer or version";
    let cases: Vec<(Vec<Part>, String)> = vec![
        (vec![("colour", word("red"))], format!("an operation has no \"colour\"; it has {all}")),
        (vec![("call", Err(()))], "call is missing; an operation has client, key, kind, call or answer".into()),
        (vec![("kind", word("read"))], "kind is put, get, add, cas or delete, not \"read\"".into()),
        (vec![("call", word("now"))], "call is a number of ms from 0 to 10^9, not \"now\"".into()),
        (vec![("answer", Ok(Value::count(-1)))], "answer is a number of ms from 0 to 10^9, not -1".into()),
        (vec![("call", Ok(Value::count(4)))], "the answer comes before the call".into()),
        (vec![("answer", Ok(Value::Null))], "what has no answer (null) has no result, so null and not \"ok\"".into()),
        (vec![("result", Err(()))], "result is missing: it was answered".into()),
        (vec![("result", word("yes"))], "the result of put is \"ok\", \"failed\" or \"unknown\", not \"yes\"".into()),
        (vec![("kind", word("get"))], "a get has no value, so null and not 1".into()),
        (
            vec![("kind", word("add"))],
            "the result of add is the sum as a number, \"failed\" or \"unknown\", not \"ok\"".into(),
        ),
        (vec![("kind", word("add")), ("value", word("a"))], "value is a number, not \"a\"".into()),
        (vec![("kind", word("cas"))], "the value of a cas is [from, to], not 1".into()),
        (
            vec![("value", Ok(Value::List(Vec::new())))],
            "value is a number, text, true, false or null, not a list".into(),
        ),
        (vec![("value", Ok(Value::Number(i64::MAX)))], "value is a number from -9·10^12 to 9·10^12".into()),
        (vec![("client", Ok(Value::Null))], "client is text or a number, not nothing".into()),
        (vec![("key", word(""))], "key is text or a number, not \"\"".into()),
    ];
    for (parts, says) in cases {
        let history = Value::List(vec![operation(&[("client", Ok(Value::word("C2")))]), operation(&parts)]);
        refused(&history, &format!("history[1]: {says}"));
    }
    let says = format!("history[0]: an operation is an object with {all}, not \"x\"");
    refused(&Value::List(vec![Value::word("x")]), &says);
    let twice = Value::List(vec![operation(&[]), operation(&[("call", Ok(Value::count(3)))])]);
    let says = "history[1]: \"C1\" calls before it has its answer of history[0]; a client does one at a time, so give it another name";
    refused(&twice, says);
}

#[test]
fn the_verdicts_stand_under_the_ids_of_the_levels() {
    let stale = operation(&[
        ("client", Ok(Value::word("C2"))),
        ("kind", Ok(Value::word("get"))),
        ("value", Err(())),
        ("result", Ok(Value::Null)),
        ("call", Ok(Value::count(5))),
        ("answer", Ok(Value::count(6))),
    ]);
    let said = judged(&Value::List(vec![operation(&[]), stale])).expect("a right history");
    let Value::Map(levels) = &said else { panic!("an object") };
    assert_eq!(levels.len(), 8);
    let part = |level: Level, key: &str| said.get(level.id()).and_then(|one| one.get(key)).expect(key).clone();
    let list = |places: &[u64]| Value::list(places.iter().map(|i| Value::count(*i)));
    assert_eq!(part(Level::Linearizable, "holds"), Value::Bool(false));
    assert_eq!(part(Level::Linearizable, "order"), Value::Null);
    assert_eq!(part(Level::Linearizable, "witnesses"), list(&[0, 1]));
    assert_eq!(part(Level::Sequential, "order"), list(&[1, 0]));
    assert_eq!(part(Level::MonotonicReads, "vacuous"), Value::Bool(true));
    let views = part(Level::Causal, "views");
    let view = &views.as_list().expect("a list")[1];
    assert_eq!((view.get("client"), view.get("order")), (Some(&Value::string("C2")), Some(&list(&[1, 0]))));
}

/// What clients of a run did goes to the judge as it comes.
fn judged_run(protocol: &str, config: &str, script: &str) -> (Value, Value) {
    let mut run = synod_tests::Script::new(protocol, config);
    run.play(script);
    let history = run.simulation.history();
    let said = judged(&history).unwrap_or_else(|error| panic!("{protocol}: {error}"));
    (history, said)
}

fn holds(said: &Value, level: Level) -> Option<Value> {
    said.get(level.id()).and_then(|one| one.get("holds")).cloned()
}

#[test]
fn the_history_of_a_replicated_log_is_linearizable() {
    let script = "+500ms\nrequest by C1 set x 5\n+100ms\nrequest by C2 get x\n+100ms\nrequest by C1 add x 2\n+100ms
        request by C2 cas x 7 8\n+100ms\nrequest by C1 cas x 7 9\n+100ms\nrequest by C1 get y\n+100ms\nrequest by C1 get x\n+5ms";
    for protocol in ["raft", "multi-paxos"] {
        let (history, said) = judged_run(protocol, "nodes=3 seed=7", script);
        let list = history.as_list().expect("a list");
        let part = |at: usize, key: &str| list[at].get(key).cloned().expect("a part");
        let text =
            |at: usize| format!("{} {}", part(at, "kind").as_text().expect("a word"), part(at, "result").shown());
        let told: Vec<String> = (0..list.len()).map(text).collect();
        let results = ["put \"ok\"", "get 5", "add 7", "cas true", "cas false", "get nothing", "get nothing"];
        assert_eq!(told, results, "{protocol}");
        assert_eq!(
            (part(0, "client"), part(0, "key"), part(0, "value")),
            (Value::word("C1"), Value::word("x"), Value::count(5))
        );
        assert_eq!(part(6, "answer"), Value::Null, "it is open");
        assert!(part(0, "call") == Value::count(500) && part(0, "node") != Value::Null);
        for level in Level::ALL {
            assert_eq!(holds(&said, level), Some(Value::Bool(true)), "{protocol}: {}", level.id());
        }
    }
}

/// A deposed leader answers out of its own log, and the judge sees it.
#[test]
fn a_local_read_of_a_leader_that_was_cut_off_is_not_linearizable() {
    let config = "nodes=3 seed=7 network.latency=10..10 options.readMode=follower";
    let script =
        "fire A election\n+60ms\npartition A B | C\nrequest by C1 A set x 1\n+60ms\nrequest by C2 C get x\n+60ms";
    let (_, said) = judged_run("raft", config, script);
    assert_eq!(holds(&said, Level::Linearizable), Some(Value::Bool(false)));
    assert_eq!(holds(&said, Level::Sequential), Some(Value::Bool(true)));
}

/// A write that was refused or given up may have been done; a read has then seen nothing.
#[test]
fn what_was_not_answered_is_unknown() {
    let config = "nodes=3 seed=7 network.latency=10..10";
    let (history, said) =
        judged_run("raft", config, "fire A election\n+60ms\nrequest B set x 1\nrequest by C2 B get x\n+60ms");
    let list = history.as_list().expect("a list");
    let part = |at: usize, key: &str| list[at].get(key).cloned().expect("a part");
    assert_eq!((part(0, "result"), part(0, "answer")), (Value::word("unknown"), Value::count(80)));
    assert_eq!((part(1, "result"), part(1, "answer")), (Value::Null, Value::Null));
    assert_eq!(holds(&said, Level::Linearizable), Some(Value::Bool(true)));
}
