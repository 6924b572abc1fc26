//! Published histories, operations of every kind, and the limits.

mod stock;

use stock::{STOCK, history};
use synod_judge::{Action, Fate, Level, MOST, Operation, Scalar, Verdict, judge, judge_within};

fn verdict(operations: &[Operation], level: Level) -> Verdict {
    judge(operations).into_iter().find(|(one, _)| *one == level).expect("each level is judged").1
}

fn levels(operations: &[Operation]) -> String {
    let sign = |(_, verdict): &(Level, Verdict)| match verdict.holds {
        Some(true) => 'Y',
        Some(false) => '-',
        None => '?',
    };
    judge(operations).iter().map(sign).collect()
}

#[test]
fn published_histories_are_judged_as_published() {
    for stock in STOCK {
        let got = levels(&history(stock.history));
        let same = got.chars().zip(stock.levels.chars()).all(|(got, want)| want == '.' || got == want);
        assert!(same, "{} ({}): {got}, and not {}", stock.name, stock.source, stock.levels);
    }
}

#[test]
fn what_shows_a_breach_is_little() {
    let shown = |text: &str, level| verdict(&history(text), level).witnesses;
    let inversion = "P1: w(x)1@0-9 | P2: r(x)1@1-2 | P3: r(x)0@3-4";
    assert_eq!(shown(inversion, Level::Linearizable), [1, 2]);
    assert_eq!(shown("P1: w(x)1 r(x)0 | P2: w(y)1 r(y)1", Level::Linearizable), [0, 1]);
    assert_eq!(shown("P1: w(x)1 r(x)0 | P2: w(y)1 r(y)1", Level::ReadYourWrites), [0, 1]);
    assert_eq!(shown("P1: w(x)1 | P2: r(x)1 r(x)0", Level::MonotonicReads), [1, 2]);
    assert_eq!(shown("P1: r(x)7", Level::Pram), [0]);
    let two = "P1: w(x)1 | P2: w(y)1 | P3: r(x)1 r(y)0 | P4: r(y)1 r(x)0";
    assert_eq!(shown(two, Level::Sequential), [2, 3, 4, 5]);
}

fn op(client: &str, action: Action, call: u64, answer: u64) -> Operation {
    Operation { client: client.into(), key: "x".into(), action, call, fate: Fate::Answered(answer) }
}

fn number(n: i64) -> Scalar {
    Scalar::Number(n)
}

fn cas(from: Scalar, to: i64, swapped: bool) -> Action {
    Action::Cas { from, to: number(to), swapped }
}

#[test]
fn operations_of_every_kind_are_judged() {
    let lin = |ops: &[Operation]| verdict(ops, Level::Linearizable).holds;
    let put = |n| Action::Put(number(n));
    let get = |n| Action::Get(number(n));
    let add = |by, sum| Action::Add { by, sum };
    let then = |actions: &[Action]| -> Vec<Operation> {
        actions.iter().zip(0..).map(|(action, at)| op("C1", action.clone(), 2 * at, 2 * at + 1)).collect()
    };
    for right in [
        vec![add(2, 2), add(-3, -1), get(-1)],
        vec![put(5), add(1, 6), Action::Delete, add(1, 1)],
        vec![cas(Scalar::Null, 4, true), cas(number(5), 6, false), cas(number(4), 6, true), get(6)],
        vec![put(1), Action::Delete, Action::Get(Scalar::Null)],
        vec![Action::Put(Scalar::Text("a".into())), Action::Get(Scalar::Text("a".into()))],
        vec![Action::Put(Scalar::Flag(true)), Action::Get(Scalar::Flag(true))],
    ] {
        assert_eq!(lin(&then(&right)), Some(true), "{right:?}");
    }
    for wrong in [
        vec![add(2, 3)],
        vec![put(5), Action::Delete, get(5)],
        vec![put(5), cas(number(5), 6, false)],
        vec![put(5), cas(number(4), 6, true)],
        vec![put(5), cas(number(5), 6, true), get(5)],
        vec![Action::Put(Scalar::Text("a".into())), add(1, 1)],
        vec![Action::Put(Scalar::Text("1".into())), get(1)],
    ] {
        assert_eq!(lin(&then(&wrong)), Some(false), "{wrong:?}");
    }
    // Both read 5 and wrote 6 (the race of a get and a put that should have been one): an add says no.
    let race =
        |action: &dyn Fn() -> Action| [op("C1", put(5), 0, 1), op("C2", action(), 2, 9), op("C3", action(), 3, 8)];
    assert_eq!(lin(&race(&|| add(1, 6))), Some(false));
}

#[test]
fn a_server_that_adds_holds_what_its_client_wrote_and_read() {
    let add = |by, sum| Action::Add { by, sum };
    let own = [op("C1", Action::Put(number(1)), 0, 1), op("C1", add(1, 1), 2, 3)];
    assert_eq!(levels(&own), "-----Y-Y");
    let read =
        [op("C1", Action::Put(number(1)), 0, 1), op("C2", Action::Get(number(1)), 2, 3), op("C2", add(1, 1), 4, 5)];
    assert_eq!(levels(&read), "----Y-Y-");
}

#[test]
fn an_open_put_may_have_happened_or_not_and_an_open_get_says_nothing() {
    let open = |client: &str, action, call| Operation { fate: Fate::Open, ..op(client, action, call, call) };
    let put = open("C1", Action::Put(number(1)), 0);
    let get = |value: Option<i64>, call| op("C2", Action::Get(value.map_or(Scalar::Null, number)), call, call + 1);
    for (values, right) in
        [([None, None], true), ([None, Some(1)], true), ([Some(1), Some(1)], true), ([Some(1), None], false)]
    {
        let history = [put.clone(), get(values[0], 5), get(values[1], 7), open("C3", Action::Get(number(9)), 6)];
        assert_eq!(verdict(&history, Level::Linearizable).holds, Some(right), "{values:?}");
    }
    // It is in the order only where somebody saw it.
    let unseen = verdict(&[put.clone(), get(None, 5)], Level::Linearizable);
    assert_eq!(unseen.order, Some(vec![1]));
    let seen = verdict(&[put.clone(), get(Some(1), 5)], Level::Linearizable);
    assert_eq!(seen.order, Some(vec![0, 1]));
    // Not before its call, and not at all if it has failed.
    let early = [get(Some(1), 0), open("C1", Action::Put(number(1)), 5)];
    assert_eq!(levels(&early), "-YYYYYYY");
    let failed = [Operation { fate: Fate::Failed, ..put.clone() }, get(Some(1), 5)];
    assert_eq!(levels(&failed), "----YYYY");
    // Its client goes on, and what it does next does not wait for it.
    let late = [put, op("C1", Action::Get(Scalar::Null), 2, 3), get(Some(1), 5)];
    assert_eq!(levels(&late), "YYYYYYYY");
}

#[test]
fn what_touches_overlaps_but_a_client_does_one_after_the_other() {
    let lin = |call| {
        let get = op("C2", Action::Get(Scalar::Null), call, call + 1);
        verdict(&[op("C1", Action::Put(number(1)), 0, 4), get], Level::Linearizable).holds
    };
    assert_eq!((lin(4), lin(5)), (Some(true), Some(false)));
    let own = |answer| {
        let get = op("C1", Action::Get(Scalar::Null), 4, answer);
        verdict(&[op("C1", Action::Put(number(1)), 4, 4), get], Level::Linearizable).holds
    };
    assert_eq!((own(4), own(6)), (Some(false), Some(false)));
    let at_once = [op("C1", Action::Put(number(1)), 0, 4), op("C1", Action::Get(Scalar::Null), 4, 6)];
    assert_eq!(levels(&at_once), "-----YYY");
    // At one instant every level sees the same order, so that what is linearizable stays sequential.
    let on = |key: &str, op: Operation| Operation { key: key.into(), ..op };
    let get = |client, value: Option<i64>, call, answer| {
        op(client, Action::Get(value.map_or(Scalar::Null, number)), call, answer)
    };
    let crossed = [
        get("C1", None, 0, 5),
        on("y", op("C1", Action::Put(number(1)), 5, 9)),
        on("y", get("C2", None, 0, 5)),
        op("C2", Action::Put(number(1)), 5, 9),
    ];
    assert_eq!(&levels(&crossed)[..2], "YY");
}

#[test]
fn nothing_to_test_holds() {
    let of = |text: &str| {
        let history = if text.is_empty() { Vec::new() } else { history(text) };
        let vacuous = judge(&history).into_iter().map(|(_, verdict)| if verdict.vacuous { 'v' } else { '.' });
        vacuous.collect::<String>()
    };
    assert_eq!(of(""), "vvvvvvvv");
    assert_eq!(of("P1: w(x)1 w(y)1"), "vvvvvv.v");
    assert_eq!(of("P1: w(x)1 r(y)0 | P2: r(x)1 r(y)0"), "....vvvv");
    assert_eq!(of("P1: w(x)1 r(x)1 r(x)1 w(y)1"), "........");
}

#[test]
fn the_budget_is_counted_and_its_end_is_said() {
    let history = history("P1: w(x)1 | P2: w(x)2 | P3: r(x)1 r(x)2 | P4: r(x)2 r(x)1");
    let none = judge_within(&history, 0);
    assert!(none.iter().take(4).all(|(_, verdict)| *verdict == Verdict::default()));
    let mut known = 0;
    for budget in [0, 10, 30, 100, 1_000, 100_000] {
        let verdicts = judge_within(&history, budget);
        assert_eq!(verdicts, judge_within(&history, budget));
        let now = verdicts.iter().filter(|(_, verdict)| verdict.holds.is_some()).count();
        assert!(now >= known);
        known = now;
        for ((_, some), (_, all)) in verdicts.iter().zip(judge(&history)) {
            assert!(some.holds.is_none() || some.holds == all.holds);
        }
    }
    assert_eq!(known, 8);
    let too_many = vec![op("C1", Action::Delete, 0, 0); MOST + 1];
    assert!(judge(&too_many).iter().all(|(_, verdict)| verdict.holds.is_none()));
}
