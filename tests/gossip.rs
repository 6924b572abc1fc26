//! Gossip against the tables of Demers et al. 1987 and against the law of its epidemics.

use synod_engine::value::Value;
use synod_tests::script::Script;

fn total(s: &Script, key: &str) -> f64 {
    let frame = s.simulation.frame(0);
    frame.get("swarm").and_then(|swarm| swarm.get(key)?.as_number()).unwrap_or(-1_000_000) as f64 / 1e6
}

/// Runs until nobody tells any more, or for so many rounds.
fn until_it_dies(s: &mut Script, rounds: u32) {
    for _ in 0..rounds {
        s.play("+100ms");
        if total(s, "infective") == 0.0 {
            return;
        }
    }
}

/// Mean and standard error of the residue, the traffic a site, and the last round in which
/// somebody heard.
fn epidemics(words: &str, runs: u32) -> [(f64, f64); 3] {
    let mut seen: Vec<[f64; 3]> = Vec::new();
    for seed in 1..=runs {
        let mut s = Script::new("gossip", &format!("nodes=1000 seed={seed:x} {words}"));
        s.simulation.set_watch(false, true);
        s.play("request A set x 1\n+50ms");
        until_it_dies(&mut s, 100);
        assert_eq!(s.violations(), Vec::<String>::new());
        let residue = total(&s, "susceptible") / 1_000.0;
        let traffic = (total(&s, "useful") + total(&s, "wasted")) / 1_000.0;
        seen.push([residue, traffic, total(&s, "lastHeard")]);
    }
    [0, 1, 2].map(|at| {
        let n = seen.len() as f64;
        let mean = seen.iter().map(|row| row[at]).sum::<f64>() / n;
        let variance = seen.iter().map(|row| (row[at] - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, (variance / n).sqrt())
    })
}

/// The paper rounds to two digits, so half of the last one is added to four standard errors.
fn within((mean, error): (f64, f64), published: f64, rounding: f64) {
    let bound = 4.0 * error + rounding;
    assert!((mean - published).abs() < bound, "{mean} is not {published} within {bound}");
}

/// Table 1: push, feedback, counter. Residue, traffic, last delay.
#[test]
fn the_first_table_of_the_paper() {
    for (k, residue, traffic, last) in [(1, 0.18, 1.7, 16.8), (2, 0.037, 3.3, 16.9)] {
        let [s, m, t] = epidemics(&format!("options.k={k}"), 60);
        within(s, residue, 0.005);
        within(m, traffic, 0.05);
        within(t, last, 0.05);
        // The law of every push variant: the residue is e to the minus traffic.
        let law = (-m.0).exp();
        assert!((s.0 - law).abs() < 4.0 * (s.1 + law * m.1) + 0.002, "{} is not e^-{}", s.0, m.0);
    }
}

#[test]
fn anti_entropy_without_faults_reaches_everyone_within_ten_log_n_rounds() {
    for exchange in ["push", "pull", "push-pull"] {
        for (sites, log) in [(2, 1), (10, 4), (100, 7), (1_000, 10)] {
            for seed in 1..=8 {
                let words = format!("nodes={sites} seed={seed} options.style=anti-entropy options.exchange={exchange}");
                let mut s = Script::new("gossip", &words);
                s.simulation.set_watch(false, true);
                s.play("request A set x 1\n+50ms");
                for _ in 0..10 * log {
                    s.play("+100ms");
                }
                assert_eq!(total(&s, "infective"), f64::from(sites), "{words}");
            }
        }
    }
}

#[test]
fn totals_are_what_counting_the_sites_gives() {
    for words in ["options.k=1", "options.exchange=pull", "options.rounds=independent options.topology=grid"] {
        let mut s = Script::new("gossip", &format!("nodes=60 seed=5 {words}"));
        s.play("request A set x 1\n+650ms\ncrash B\nwipe B\nleave C\njoin BI\n+200ms\nrestart B\n+300ms\nrequest D set x 2\n+400ms");
        let frame = s.frame();
        let nodes = frame.get("nodes").and_then(Value::as_list).unwrap_or_default();
        let newest = |node: &&Value| node.get("epoch").and_then(|epoch| epoch.get("value")?.as_whole()) == Some(2);
        let role = |role: &str| {
            let has = |node: &&Value| node.get("role").and_then(Value::as_text) == Some(role);
            nodes.iter().filter(newest).filter(has).count() as f64
        };
        assert_eq!(total(&s, "count"), nodes.len() as f64);
        assert_eq!((total(&s, "infective"), total(&s, "removed")), (role("infective"), role("removed")), "{words}");
        assert_eq!(total(&s, "susceptible"), nodes.len() as f64 - role("infective") - role("removed"));
    }
}

#[test]
fn who_joins_late_catches_up_though_the_rumour_is_dead() {
    let mut s = Script::new("gossip", "nodes=20 seed=5 options.k=5");
    s.play("request A set x 7\n+50ms");
    until_it_dies(&mut s, 60);
    s.play("join U\n+500ms\nrequest U get x\n+100ms");
    assert_eq!(s.client("C1"), "ok 7");
    assert_eq!(s.role("U"), "removed", "old news is not told again");
}

#[test]
fn the_newest_value_wins_everywhere() {
    let mut s = Script::new("gossip", "nodes=30 seed=5 options.style=anti-entropy");
    s.play("request A set x 1\nrequest B set y 9\n+1200ms\nrequest C set x 2\n+3000ms\nrequest Z get x\n+100ms\nrequest T get y\n+100ms");
    assert_eq!((s.client("C1"), s.violations().len()), ("ok 9".into(), 0));
    for site in s.names() {
        let values = s.field(&site, "values").and_then(|value| value.as_text().map(str::to_string)).unwrap_or_default();
        assert!(values.contains("x=2") && values.contains("y=9"), "{site} has {values}");
    }
}

#[test]
fn totals_follow_the_greatest_version_and_not_the_last_write() {
    let mut s = Script::new(
        "gossip",
        "nodes=30 seed=5 network.latency=10..10 options.style=anti-entropy options.exchange=push-pull",
    );
    // Both write in the same round; the version of the later one may be the smaller.
    for (first, second) in [("C", "B"), ("B", "C")] {
        s.play(&format!("request {first} set x 1\n+1ms\nrequest {second} set x 2\n+3000ms"));
        assert_eq!(total(&s, "susceptible"), 0.0, "{first} then {second}");
    }
    assert_eq!(s.violations(), Vec::<String>::new());
}

#[test]
fn a_round_trip_fits_into_a_synchronous_round() {
    let open = |words: &'static str| {
        let config = synod_engine::script::config("gossip", words);
        synod_tests::script::entry("gossip").open(&config, &mut || 1).err().map(|error| error.message)
    };
    assert_eq!(open("nodes=5 network.latency=10..50"), None);
    assert!(open("nodes=5 network.latency=10..51").is_some_and(|why| why.contains("at most 50 ms")));
    assert_eq!(open("nodes=5 network.latency=10..51 options.rounds=independent"), None);
    assert!(open("nodes=1").is_some());
}

#[test]
fn a_partition_keeps_news_on_its_side_until_it_heals() {
    let mut s = Script::new("gossip", "nodes=4 seed=2 options.style=anti-entropy options.exchange=push-pull");
    s.play("partition A B | C D\nrequest A set x 1\n+1500ms");
    assert_eq!(total(&s, "infective"), 2.0);
    s.play("heal\n+1500ms");
    assert_eq!(total(&s, "infective"), 4.0);
}

#[test]
fn a_write_whose_site_goes_down_before_it_answers_was_made_by_a_client() {
    let mut s = Script::new("gossip", "nodes=4 seed=2 options.style=anti-entropy options.exchange=push-pull");
    s.play("crash A after 0 sends\nrequest A set x 1\n+200ms\nrestart A\n+1500ms");
    assert_eq!((s.violations(), total(&s, "infective")), (Vec::<String>::new(), 4.0));
}
