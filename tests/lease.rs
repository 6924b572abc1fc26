//! Leases: what a term costs, how long a holder that is down blocks, and what clocks may do.

use synod_engine::rng::{Chance, Stream};
use synod_engine::value::Value;
use synod_tests::script::entry;
use synod_tests::{RandomRun, Script};

fn fired(s: &Script, rule: &str) -> u32 {
    let mut count = 0;
    s.simulation.each_record(0, u64::MAX, &mut |record| {
        count += u32::from(record.get("rule").and_then(Value::as_text) == Some(rule));
    });
    count
}

/// A line of a sweep at one value, as the page plays it.
fn measured(sweep: &Value, line: &Value, value: i64) -> f64 {
    let text = |of: &Value, key: &str| of.get(key).and_then(Value::as_text).unwrap_or_default().to_string();
    let whole = |of: &Value, key: &str| of.get(key).and_then(Value::as_whole).unwrap_or_default();
    let config = line.get("config").expect("a configuration").clone();
    let config = with_option(config, &text(sweep, "option"), value);
    let mut s =
        Script { simulation: entry("lease").open(&config, &mut || 7).unwrap_or_else(|error| panic!("{error}")) };
    for input in list(line, "inputs") {
        let time = input.get("time").and_then(Value::as_number).unwrap_or_default() / 1_000;
        s.simulation.run_to(time as u64);
        s.inject(&text(input, "text")).unwrap_or_else(|error| panic!("{error}"));
    }
    let rules: Vec<String> = list(line, "rules").iter().filter_map(|rule| rule.as_text().map(String::from)).collect();
    let begun = s.simulation.now();
    if text(line, "measure") == "until" {
        s.until_rule(&rules[0], 1_000_000).expect("the rule fires");
        return (s.simulation.now() - begun) as f64 / 1e6;
    }
    if let Some(acts) = line.get("acts").filter(|acts| **acts != Value::Null) {
        let mut chance = Chance::new(value as u64, Stream::Outside(2));
        for _ in 0..whole(acts, "count") {
            let drawn = (chance.between(1, 1 << 30) as f64) / (1u64 << 30) as f64;
            let gap = (-drawn.ln() * whole(acts, "apart") as f64 * 1e3) as u64;
            let until = s.simulation.now() + gap;
            s.simulation.run_to(until);
            s.inject(&text(acts, "text")).unwrap_or_else(|error| panic!("{error}"));
        }
    } else {
        s.simulation.run_to(begun + (whole(line, "times") * value * 1_000) as u64);
    }
    let count: u32 = rules.iter().map(|rule| fired(&s, rule)).sum();
    f64::from(count) / ((s.simulation.now() - begun) as f64 / 1e6)
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn with_option(config: Value, option: &str, value: i64) -> Value {
    let set = |all: Value| {
        let Value::Map(mut all) = all else { return Value::map([]) };
        all.retain(|(key, _)| *key != option);
        all.push((option.to_string().into(), Value::count(value)));
        Value::Map(all)
    };
    let Value::Map(all) = config else { panic!("a configuration is a map") };
    Value::Map(all.into_iter().map(|(key, of)| if key == "options" { (key, set(of)) } else { (key, of) }).collect())
}

/// Gray and Cheriton 1989, section 3.1: a holder that acts at a rate R and asks only when its term t is over asks
/// 1 / (1 + R t) as often as without a lease, which is R times a second. Whoever renews at a part of its term asks once
/// in that part. R is that of the V system, .864 a second.
#[test]
fn the_chart_measures_what_the_paper_says() {
    const RATE: f64 = 0.864;
    let catalog = entry("lease").catalog(&[]);
    let [sweep] = list(&catalog, "sweeps") else { panic!("one sweep") };
    let line = |id: &str| list(sweep, "lines").iter().find(|one| one.get("id").and_then(Value::as_text) == Some(id));
    let mut waited = 0.0;
    for (at, value) in list(sweep, "values").iter().filter_map(Value::as_whole).enumerate() {
        let term = value as f64 / 1e3;
        let says = |id: &str| list(line(id).expect("a line"), "theory")[at].as_number().expect("a number") as f64 / 1e6;
        let of = |id: &str| measured(sweep, line(id).expect("a line"), value);
        for (id, paper) in
            [("demand", RATE / (1.0 + RATE * term)), ("half", 1.0 / (0.5 * term)), ("nine-tenths", 1.0 / (0.9 * term))]
        {
            let (load, theory) = (of(id), says(id));
            println!("{id}, {term} s: {load:.4} a second, {:.4} of none; the paper {paper:.4}", load / RATE);
            assert!(
                (theory / paper - 1.0).abs() < 0.002,
                "{id} at {term} s: the chart says {theory}, the paper {paper}"
            );
            assert!((load / paper - 1.0).abs() < 0.05, "{id} at {term} s: {load} and not {paper}");
        }
        let wait = of("wait");
        assert!((term..term * 7.0 / 6.0 + 0.6).contains(&wait), "{wait} s after a crash at {term} s");
        assert!(wait > waited, "a longer term blocks longer");
        waited = wait;
    }
}

/// Whoever renews at a part of its term asks once in that part, and waits for a holder that is down for the rest.
#[test]
fn a_longer_term_costs_less_and_blocks_longer() {
    let mut before = 0.0;
    for term in [1_000u64, 5_000, 10_000, 30_000] {
        let mut s = Script::new("lease", &format!("seed=7 network.latency=1..1 options.term={term}"));
        s.play(&format!("request A acquire\n+{}ms", 100 * term));
        let renewals = fired(&s, "renew");
        assert!((199..=201).contains(&renewals), "{renewals} renewals in 100 terms");
        s.play("crash A\nrequest B acquire");
        let crashed = s.simulation.now() as f64 / 1e3;
        assert_eq!(s.until_rule("hold", 2 * term + 600).as_deref(), Some("B"));
        let waited = s.simulation.now() as f64 / 1e3 - crashed;
        let (least, most) = (term as f64 * 0.49 + 500.0, term as f64 * 1.17 + 510.0);
        assert!((least..most).contains(&waited), "term {term} ms: waited {waited} ms");
        assert!(waited > before, "a longer term blocks longer");
        before = waited;
    }
}

/// The end of a grant for its issuer and for its holder, as frames tell of it, in ms.
fn ends(s: &Script) -> Vec<(i64, i64, i64)> {
    let frame = s.frame();
    let grants = frame.get("grants").and_then(Value::as_list).unwrap_or_default();
    let ms = |grant: &Value, key: &str| grant.get(key).and_then(Value::as_number).unwrap_or(-1) / 1_000_000;
    grants.iter().map(|one| (ms(one, "until"), ms(one, "slack"), ms(one, "believedUntil"))).collect()
}

#[test]
fn a_frame_tells_when_a_grant_ends_for_both_also_before_it_does() {
    let mut s = Script::new("lease", "seed=7 network.latency=10..10 options.ends=reading options.renewAt=end");
    s.play("offset A -400ms\nrequest A acquire\n+100ms");
    assert_eq!(ends(&s), [(10_020, 500, 10_420)]);
    s.play("skew A +100%");
    assert_eq!(ends(&s), [(10_020, 500, 100 + (10_020 + 300) / 2)]);
    s.play("skew A +0%\ncrash A\n+12000ms");
    assert_eq!(ends(&s), [(10_020, 500, 100)], "what is over stays as it was");
}

/// Where the storage compares readings, nothing is taken after its term whatever the network does; beyond the clocks'
/// bound it is.
/// With `renewAt=end` a holder gives its lease up, asks, and gets another term of the same one.
#[test]
fn another_term_of_what_was_given_up_is_held_again() {
    let mut s = Script::new("lease", "seed=90be network.latency=100..100 options.renewAt=end");
    s.play("request A acquire\n+15000ms");
    let frame = s.frame();
    assert_eq!(s.epoch("A"), 1, "it is the same lease");
    let (_, _, believed) = *ends(&s).last().expect("a grant");
    assert!(believed > s.simulation.now() as i64 / 1_000, "{believed}");
    let rows = frame.get("table").and_then(|table| table.get("rows")).and_then(Value::as_list).unwrap_or_default();
    let says = rows.last().and_then(|row| row.get("says")).and_then(|says| says.get("en")).and_then(Value::as_text);
    assert_eq!(says, Some("held"));
}

#[test]
fn readings_at_the_storage_hold_while_clocks_do() {
    let words = "nodes.holders=2 options.ends=reading options.check=at-storage options.fencing=false";
    let config = synod_engine::script::config("lease", words);
    for seed in 0..400 {
        let mut run = RandomRun::beyond(entry("lease"), &config, seed);
        (0..40).for_each(|_| drop(run.go_on()));
        assert_eq!(run.broken(), Vec::<String>::new(), "run {seed}");
    }
    let mut s = Script::new("lease", &format!("seed=7 network.latency=10..10 {words}"));
    s.play("request A acquire\n+60ms\nrequest A write x 1\n+32ms\nhold write A -> S\ncrash A\noffset S -6000ms\n+15000ms\ndeliver write A -> S\n+20ms");
    assert_eq!(s.violations(), ["taken-in-term"]);
}

/// The tones of what flies to clients, as soon as something does.
fn until_told(s: &mut Script) -> Vec<String> {
    (0..200)
        .find_map(|_| {
            s.play("+5ms");
            Some(tones(s)).filter(|tones| !tones.is_empty())
        })
        .expect("an answer")
}

fn tones(s: &Script) -> Vec<String> {
    let frame = s.frame();
    let messages = frame.get("messages").and_then(Value::as_list).unwrap_or_default().to_vec();
    let is_answer = |one: &&Value| one.get("kind").and_then(Value::as_text) == Some("answer");
    messages.iter().filter(is_answer).map(|one| one.get("tone").and_then(Value::as_text).unwrap_or("").into()).collect()
}

#[test]
fn an_answer_that_says_no_is_drawn_as_a_refusal() {
    let mut s = Script::new("lease", "seed=7 network.latency=10..10");
    s.play("request A acquire\n+200ms\nrequest B acquire");
    assert_eq!(until_told(&mut s), ["no"]);
    let mut s = Script::new("two-phase-commit", "seed=7 network.latency=10..10");
    s.play("request P2 veto P2\n+60ms\nrequest T tx x=5");
    assert_eq!(until_told(&mut s), ["no"]);
    let mut s = Script::new("raft", "nodes=3 seed=7 network.latency=10..10");
    s.play("+1000ms\nrequest cas x 5 6");
    assert_eq!(until_told(&mut s), ["no"]);
    s.play("+100ms\nrequest set x 5");
    assert_eq!(until_told(&mut s), ["client"]);
}
