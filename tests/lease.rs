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

/// Gray and Cheriton 1989, section 3.1: a holder that acts at a rate R and asks only when its term t is over asks
/// 1 / (1 + R t) as often as without a lease. R is that of the V system, .864 a second.
#[test]
fn who_asks_on_demand_asks_as_often_as_the_paper_says() {
    const RATE: f64 = 0.864;
    const ACTIONS: u32 = 2_500;
    for term in [1, 5, 10, 30] {
        let mut s = Script::new(
            "lease",
            &format!(
                "nodes.holders=1 seed=7 network.latency=1..1 options.renewAt=demand options.term={}",
                term * 1_000
            ),
        );
        let mut chance = Chance::new(term, Stream::Outside(2));
        for action in 0..ACTIONS {
            let drawn = (chance.between(1, 1 << 30) as f64) / (1u64 << 30) as f64;
            let gap = (-drawn.ln() / RATE * 1e6) as u64;
            let until = s.simulation.now() + gap;
            s.simulation.run_to(until);
            s.inject(&format!("request by C{} A write x 1", action % 8 + 1)).unwrap_or_else(|error| panic!("{error}"));
        }
        let load = f64::from(fired(&s, "ask")) / f64::from(ACTIONS);
        let expected = 1.0 / (1.0 + RATE * term as f64);
        let off = load / expected - 1.0;
        println!(
            "term {term} s: {load:.4} of the load without a lease, the paper {expected:.4} ({:+.1} %)",
            off * 100.0
        );
        assert!(off.abs() < 0.05, "{term} s: {load} and not {expected}");
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
