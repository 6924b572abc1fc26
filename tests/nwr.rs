//! Quorums of N, W and R: what is promised, what is not, and histories for the judge.

use synod_engine::value::Value;
use synod_judge::Level;
use synod_judge::read::judged;
use synod_tests::script::entry;
use synod_tests::{RandomRun, Script, runs};

fn holds(s: &Script, level: Level) -> Option<bool> {
    let history = s.simulation.history();
    let said = judged(&history).unwrap_or_else(|error| panic!("{error}"));
    said.get(level.id()).and_then(|one| one.get("holds")).and_then(Value::as_bool)
}

/// What a property's promise is, and when it broke.
fn promise(s: &Script, id: &str) -> (bool, bool, String) {
    let frame = s.frame();
    let promises = frame.get("promises").and_then(Value::as_list).unwrap_or_default();
    let it = promises.iter().find(|one| one.get("id").and_then(Value::as_text) == Some(id)).expect("a property");
    let flag = |key: &str| it.get(key).and_then(Value::as_bool).unwrap_or_default();
    let says = it.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
    (flag("promised"), flag("holds"), says.to_string())
}

fn option(s: &Script, id: &str) -> Value {
    s.simulation.setup().get("options").and_then(|all| all.get(id)).cloned().unwrap_or(Value::Null)
}

#[test]
fn the_inversion_is_seen_by_the_property_and_by_the_judge() {
    let mut s = Script::start("nwr", "inversion");
    s.play("+70ms");
    assert_eq!((s.client("C2"), s.client("C3")), ("ok 7".into(), "ok 3".into()));
    let (promised, holds_so_far, says) = promise(&s, "no-inversion");
    assert_eq!((promised, holds_so_far), (false, false));
    assert_eq!(says, "C3 was told version 1, and a read before it version 2");
    assert_eq!(
        promise(&s, "reads-see-writes"),
        (true, true, "newest stored: version 2; newest answered: version 1".into())
    );
    assert_eq!(s.violations(), Vec::<String>::new());
    assert_eq!(holds(&s, Level::Linearizable), Some(false));
    assert_eq!(holds(&s, Level::Sequential), Some(true), "C3 may be placed before the write");
    for level in [Level::MonotonicReads, Level::ReadYourWrites] {
        assert_eq!(holds(&s, level), Some(true));
    }
}

#[test]
fn a_history_says_what_became_of_each_operation() {
    let mut s = Script::start("nwr", "failed-write");
    s.play("+70ms");
    let history = s.simulation.history();
    let list = history.as_list().expect("a list");
    let line = |one: &Value| {
        let part = |key: &str| one.get(key).map(Value::shown).unwrap_or_default();
        ["client", "kind", "value", "result", "call", "answer"].map(part).join(" ").replace('"', "")
    };
    let lines: Vec<String> = list.iter().map(line).collect();
    assert_eq!(
        lines,
        ["C1 put 1 ok 0 20", "C1 put 2 unknown 100 640", "C2 get nothing 2 700 720", "C3 get nothing 1 760 780"]
    );
    assert_eq!(holds(&s, Level::Linearizable), Some(false));
    assert_eq!(list[2].get("version"), Some(&Value::word("100000/C1/2")));
}

#[test]
fn a_read_that_had_no_answer_stays_open() {
    let mut s = Script::new("nwr", "nodes.replicas=3 seed=1 network.latency=10..10");
    s.play("crash A\ncrash B\nrequest by C1 get x\n+600ms");
    assert_eq!(s.client("C1"), "failed");
    let history = s.simulation.history();
    let one = &history.as_list().expect("a list")[0];
    assert_eq!((one.get("answer"), one.get("result")), (Some(&Value::Null), Some(&Value::Null)));
}

#[test]
fn w_and_r_are_at_most_n_and_usually_a_majority() {
    let open =
        |words: &str| entry("nwr").open(&synod_engine::script::config("nwr", words.to_string().leak()), &mut || 1);
    let error = open("nodes.replicas=3 options.w=4").map(|_| ()).expect_err("refused");
    assert_eq!(error.message, "W and R are at most N, the number of replicas: 3, not 4");
    let usual = |words: &str| {
        let run = open(words).unwrap_or_else(|error| panic!("{error}"));
        let setup = run.setup();
        let count = |id: &str| setup.get("options").and_then(|options| options.get(id)?.as_whole()).unwrap_or(0);
        // A recording keeps what was said, also where it is what is usual of another number.
        let again = entry("nwr").replay(&run.recording()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(again.setup(), setup);
        (count("w"), count("r"))
    };
    assert_eq!([1, 2, 3, 5].map(|n| usual(&format!("nodes.replicas={n}"))), [(1, 1), (2, 2), (2, 2), (3, 3)]);
    assert_eq!(usual("nodes.replicas=5 options.w=2"), (2, 3));
}

/// The sets of clients, each with its members, and whether it meets the write before it.
#[test]
fn sets_say_whom_each_client_heard_of_and_whether_they_meet() {
    let mut s = Script::start("nwr", "inversion");
    s.play("+70ms");
    let frame = s.frame();
    let list = |key: &str| frame.get(key).and_then(Value::as_list).unwrap_or_default().to_vec();
    let says = |set: &Value| {
        let label = set.get("label").and_then(|label| label.get("en")?.as_text()).unwrap_or_default().to_string();
        let members: Vec<String> =
            set.get("members").and_then(Value::as_list).unwrap_or_default().iter().map(Value::shown).collect();
        format!("{label}: {}", members.join(" "))
    };
    let sets: Vec<String> = list("sets").iter().map(says).collect();
    assert_eq!(sets, ["write set of C1: 0", "read set of C2: 0 1", "read set of C3: 1 2"]);
    let shared: Vec<usize> = list("overlaps")
        .iter()
        .map(|one| one.get("members").and_then(Value::as_list).unwrap_or_default().len())
        .collect();
    assert_eq!(shared, [1, 0]);
    let newest: Vec<(String, Option<i64>)> = list("newest")
        .iter()
        .map(|one| (one.get("id").map(Value::shown).unwrap_or_default(), one.get("epoch").and_then(Value::as_whole)))
        .collect();
    assert_eq!(newest, [("\"stored\"".to_string(), Some(2)), ("\"answered\"".to_string(), Some(1))]);
}

/// What the checks say of R + W and of 2W, and whether it holds.
fn checks(words: &str) -> Vec<(bool, String)> {
    let frame = Script::new("nwr", &format!("seed=1 {words}")).frame();
    let quorum = frame.get("quorum").expect("a quorum");
    let says = |one: &Value| one.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default().to_string();
    let list = quorum.get("checks").and_then(Value::as_list).unwrap_or_default();
    let holds = |one: &Value| one.get("holds").and_then(Value::as_bool).unwrap_or_default();
    let checks: Vec<(bool, String)> = list.iter().map(|one| (holds(one), says(one))).collect();
    assert_eq!(quorum.get("meets").and_then(|meets| meets.get("en")?.as_text()), Some(checks[0].1.as_str()));
    checks
}

#[test]
fn checks_say_what_the_sums_come_to() {
    let three = "nodes.replicas=3 nodes.fallbacks=2";
    let meet = |holds: bool, words: &str| (holds, words.to_string());
    assert_eq!(
        checks(three),
        [
            meet(true, "R + W = 4, above 3: every read set meets every write set in at least 1 node"),
            meet(true, "2W = 4, above 3: every write set meets every write set in at least 1 node"),
        ]
    );
    assert_eq!(
        checks(&format!("{three} options.w=1"))[1],
        meet(false, "2W = 2, not above 3: a write set may miss a write set: A and C")
    );
    // Where fallbacks may count, there are more to be met.
    assert_eq!(
        checks(&format!("{three} options.sloppy=true"))[0],
        meet(false, "R + W = 4, not above 5: a read set may miss a write set: A and B and D and E")
    );
    // A is in all sets: they meet in it, whatever the sums.
    let primary = checks(&format!("{three} options.w=1 options.r=1 options.routing=primary"));
    assert_eq!(primary.iter().map(|(holds, _)| *holds).collect::<Vec<bool>>(), [true, true]);
    let window = checks(&format!("{three} options.w=1 options.r=1 options.routing=window"));
    assert_eq!(window.iter().map(|(holds, _)| *holds).collect::<Vec<bool>>(), [false, true]);
}

/// Where A is in every write, a side without it cannot write, however many it has.
#[test]
fn a_side_without_the_first_replica_cannot_write_where_it_is_in_every_write() {
    for (routing, can) in [("any", true), ("primary", false), ("window", false)] {
        let mut s = Script::new("nwr", &format!("nodes.replicas=3 nodes.fallbacks=0 seed=1 options.routing={routing}"));
        s.play("partition A | B C C1\nrequest by C1 put x 1\n+900ms");
        let frame = s.frame();
        let sides = frame.get("sides").and_then(Value::as_list).unwrap_or_default();
        let can_write = |side: &Value| side.get("can").and_then(Value::as_bool).unwrap_or_default();
        assert_eq!(sides.iter().map(can_write).collect::<Vec<bool>>(), [false, can], "{routing}");
        assert_eq!(s.client("C1").starts_with("ok"), can, "{routing}: {}", s.client("C1"));
    }
}

#[test]
fn one_replica_is_behind_and_two_are() {
    for (r, says) in [(1, "B is behind its session"), (2, "B and C are behind its session")] {
        let words = format!(
            "nodes.replicas=3 nodes.fallbacks=0 seed=1 network.latency=10..10 options.w=1 options.r={r} options.readYourWrites=true options.contacts=quorum"
        );
        let mut s = Script::new("nwr", &words);
        s.play("partition A C1 | B C\nrequest by C1 A put x 1\n+40ms\nheal\nrequest by C1 B get x\n+25ms");
        let frame = s.frame();
        let client = &frame.get("clients").and_then(Value::as_list).expect("clients")[0];
        let said = client.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
        assert_eq!(said, says, "R {r}");
    }
}

/// The schedules of the reference (C1 to C7, D1 to D4), and what becomes of them where something is done about it.
#[test]
fn each_schedule_breaks_what_it_is_known_to_break() {
    for (start, more, property, promised, holds) in [
        ("sloppy", "+60ms", "reads-see-writes", false, false),
        ("inversion", "+60ms", "no-inversion", false, false),
        ("write-back", "+60ms", "no-inversion", true, true),
        ("failed-write", "+60ms", "failed-are-gone", false, false),
        ("clock", "+60ms\nrequest by C3 get x\n+60ms", "reads-see-writes", true, false),
        ("siblings", "+60ms", "reads-see-writes", true, true),
        ("restored", "+60ms", "reads-see-writes", true, false),
        ("resurrected", "+60ms", "reads-see-writes", false, false),
        ("increments", "+60ms", "adds-count", false, false),
        ("rehashed", "+300ms", "monotonic-reads", false, false),
        ("session-waits", "+900ms", "monotonic-reads", true, true),
        ("comment-first", "+60ms", "writes-follow-reads", false, false),
        ("comment-waits", "+900ms", "writes-follow-reads", true, true),
        ("reversed", "+60ms", "monotonic-writes", false, false),
        ("short-window", "+60ms", "read-your-writes", false, false),
        ("newer-but-without", "+60ms", "read-your-writes", false, false),
        ("anti-entropy", "+3000ms", "converges", true, true),
    ] {
        let mut s = Script::start("nwr", start);
        s.play(more);
        let (is, so_far, says) = promise(&s, property);
        assert_eq!((is, so_far), (promised, holds), "{start}: {property}: {says}");
    }
}

#[test]
fn siblings_are_told_together_and_a_write_that_knows_them_takes_their_place() {
    let mut s = Script::new("nwr", "seed=1 network.latency=10..10 options.conflict=siblings");
    s.play("request by C1 put x 1\nrequest by C2 put x 2\n+60ms\nrequest by C3 get x\n+60ms");
    assert_eq!(s.client("C3"), "ok 2|1");
    s.play("request by C3 put x 3\n+60ms\nrequest by C1 get x\n+60ms");
    assert_eq!(s.client("C1"), "ok 3");
}

#[test]
fn an_addition_is_a_read_and_then_a_write() {
    let mut s = Script::start("nwr", "increments");
    s.play("+60ms");
    let history = s.simulation.history();
    let line = |one: &Value| {
        let part = |key: &str| one.get(key).map(Value::shown).unwrap_or_default();
        ["client", "kind", "value", "result"].map(part).join(" ").replace('"', "")
    };
    let lines: Vec<String> = history.as_list().expect("a list").iter().map(line).collect();
    assert_eq!(lines, ["C1 put 5 ok", "C1 get nothing 5", "C2 get nothing 5", "C1 put 6 ok", "C2 put 6 ok"]);
    assert_eq!(holds(&s, Level::Linearizable), Some(true), "of reads and writes it is");
}

/// For every N up to 5 a stale read is found at once where R + W <= N.
#[test]
fn a_stale_read_is_found_at_once_where_sets_may_miss_each_other() {
    for (n, w, r) in triples(5) {
        let mut s = Script::new("nwr", &format!("nodes.replicas={n} options.w={w} options.r={r} seed=5"));
        // Writes go to the first W; the read is of the last R.
        let last = char::from(b'A' + (n - r) as u8);
        s.play(&format!("request by C1 A put x 1\n+70ms\nrequest by C2 {last} get x\n+70ms"));
        let (promised, holds, _) = promise(&s, "reads-see-writes");
        assert_eq!((promised, holds), (r + w > n, r + w > n), "N {n}, W {w}, R {r}");
    }
}

fn triples(most: u64) -> impl Iterator<Item = (u64, u64, u64)> {
    (1..=most).flat_map(|n| (1..=n).flat_map(move |w| (1..=n).map(move |r| (n, w, r))))
}

const CLOCKS_AND_DISKS: &[&str] = &["wipe", "offset", "skew"];

fn random(words: String, seed: u64, inputs: u32) -> RandomRun {
    let config = synod_engine::script::config("nwr", words.leak());
    let mut run = RandomRun::beyond(entry("nwr"), &config, seed).avoiding(CLOCKS_AND_DISKS);
    (0..inputs).for_each(|_| drop(run.go_on()));
    run
}

/// And elsewhere none in random runs, whatever else they do to messages and nodes.
#[test]
fn no_stale_read_is_found_where_every_read_set_meets_every_write_set() {
    for (n, w, r) in triples(5).filter(|(n, w, r)| r + w > *n) {
        for seed in 0..runs(12) {
            let words = format!("nodes.replicas={n} options.w={w} options.r={r} seed={seed:x}");
            let s = Script { simulation: random(words, seed, 40).simulation };
            let (promised, holds, says) = promise(&s, "reads-see-writes");
            assert!(promised && holds, "N {n}, W {w}, R {r}, run {seed}: {says}");
        }
    }
}

/// Reads that write back are atomic, additions being a read and a write; so says the judge, who knows no versions.
#[test]
fn the_judge_finds_every_history_of_reads_that_write_back_linearizable() {
    let mut known = 0;
    for seed in 0..runs(250) {
        let words = format!("nodes.replicas=3 options.repair=wait seed={seed:x}");
        let s = Script { simulation: random(words, seed, 30).simulation };
        let verdict = holds(&s, Level::Linearizable);
        assert_ne!(verdict, Some(false), "run {seed}: {:?}", s.simulation.history());
        known += u64::from(verdict.is_some());
    }
    assert!(known * 2 > runs(250), "{known} are judged");
}

/// Sessions hold where one copy is enough to write and to read; without them histories break each.
#[test]
fn the_judge_finds_that_sessions_hold_what_they_are_asked_to() {
    let levels = [Level::ReadYourWrites, Level::MonotonicReads, Level::MonotonicWrites, Level::WritesFollowReads];
    let (mut without, flags) = ([0; 4], ["readYourWrites", "monotonicReads", "monotonicWrites", "writesFollowReads"]);
    for seed in 0..runs(250) {
        let words = format!("nodes.replicas=3 options.w=1 options.r=1 seed={seed:x}");
        let on: Vec<String> = flags.iter().map(|flag| format!("options.{flag}=true")).collect();
        let s = Script { simulation: random(format!("{words} {}", on.join(" ")), seed, 10).simulation };
        let free = Script { simulation: random(words, seed, 10).simulation };
        for (at, level) in levels.into_iter().enumerate() {
            assert_ne!(holds(&s, level), Some(false), "run {seed}: {level:?}: {:?}", s.simulation.history());
            without[at] += u32::from(holds(&free, level) == Some(false));
        }
    }
    assert!(without[0] > 0 && without[1] > 0, "{without:?}");
}

/// A write survives N - W crashes, and a read N - R.
#[test]
fn what_is_available_agrees_with_the_closed_form() {
    for (n, w, r) in triples(7) {
        for down in 0..n {
            let words = format!("nodes.replicas={n} options.w={w} options.r={r} seed=5 network.latency=10..10");
            let mut s = Script::new("nwr", &words);
            for at in 0..down {
                s.play(&format!("crash {}", char::from(b'A' + at as u8)));
            }
            s.play("request by C1 put x 1\nrequest by C2 get x\n+600ms");
            let done = |client: &str| s.client(client).starts_with("ok");
            assert_eq!((done("C1"), done("C2")), (n - down >= w, n - down >= r), "N {n}, W {w}, R {r}, {down} down");
        }
    }
}

/// What the judge finds in a history, the properties have found in the run: where clocks agree, a register whose reads
/// see every answered write and never go back is atomic.
#[test]
fn the_judge_refuses_no_history_whose_properties_hold() {
    let (mut refused, mut agreed) = (0, 0);
    for seed in 0..500 {
        let mut run = RandomRun::new(entry("nwr"), seed, &[]);
        (0..30).for_each(|_| drop(run.go_on()));
        let s = Script { simulation: run.simulation };
        // Siblings are no value of a register.
        if option(&s, "conflict") == Value::word("siblings") {
            continue;
        }
        match holds(&s, Level::Linearizable) {
            Some(false) => {
                let broken = ["reads-see-writes", "no-inversion"].iter().any(|id| !promise(&s, id).1);
                assert!(broken, "run {seed}: {:?}", s.simulation.history());
                refused += 1;
            }
            Some(true) => agreed += 1,
            None => {}
        }
    }
    assert!(refused > 10 && agreed > 200, "{refused} refused, {agreed} agreed");
}

/// How often a read of three replicas sees a write that was answered so long before, in thousandths; and after how many
/// microseconds 999 of 1,000 do.
fn staleness(profile: &str, (r, w): (u64, u64)) -> (u64, Option<u64>) {
    let words =
        format!("nodes.replicas=3 nodes.fallbacks=0 seed=1 options.r={r} options.w={w} network.latency={profile}");
    let run = Script::new("nwr", &words).simulation;
    let sums = synod_tests::odds(&run, "staleness", 20);
    let (_, trials, points) = sums.iter().find(|(id, ..)| id == "tried").expect("a curve");
    let soon = points.iter().find(|(_, sum)| sum * 1_000 >= trials * 999).map(|(at, _)| *at);
    (points[0].1 * 1_000 / trials, soon)
}

/// The profiles give what the paper publishes and what was computed from its fits, within a percentage point.
#[test]
fn reads_right_after_a_write_see_it_as_often_as_was_published() {
    for (profile, published) in synod_tests::PUBLISHED_STALENESS {
        for ((r, w), published) in [(1, 1), (1, 2), (2, 1), (2, 2)].into_iter().zip(published) {
            let (at_once, soon) = staleness(profile, (r, w));
            assert!(at_once.abs_diff(published) <= 10, "{profile}, R {r}, W {w}: {at_once}, not {published}");
            assert!(soon.is_some() || at_once < 999, "{profile}, R {r}, W {w}");
        }
    }
}

/// Where sets may miss each other copies are in time at least as often as if they never spread further; a first replica
/// that is in all sets makes every read see the write.
#[test]
fn odds_lie_above_what_is_known_of_them_and_are_the_same_for_the_same_batch() {
    for (words, bound) in [("options.r=1 options.w=1", 333_334), ("options.r=1 options.w=2", 666_667)] {
        for more in ["network.latency=disk", "network.latency=5..50", "network.latency=disk options.contacts=quorum"] {
            let run = Script::new("nwr", &format!("nodes.replicas=3 seed=1 {words} {more}")).simulation;
            let sums = synod_tests::odds(&run, "staleness", 5);
            assert_eq!(format!("{sums:?}"), format!("{:?}", synod_tests::odds(&run, "staleness", 5)));
            let [(_, trials, points), (_, million, least)] = &sums[..] else { panic!("two curves: {sums:?}") };
            assert_eq!(least[0].1 * 1_000_000 / million, bound, "{words}");
            assert!(points.is_sorted_by_key(|(_, sum)| *sum), "{words} {more}");
            assert!(points[0].1 * 1_000_000 / trials + 15_000 >= bound, "{words} {more}: {points:?}");
        }
    }
    let primary = "nodes.replicas=3 seed=1 options.r=1 options.w=1 options.routing=primary network.latency=wan";
    let sums = synod_tests::odds(&Script::new("nwr", primary).simulation, "staleness", 1);
    assert!(sums.iter().all(|(_, trials, points)| points.iter().all(|(_, sum)| sum == trials)), "{sums:?}");
    let nodes = "nodes.replicas=3 seed=1 options.coordinator=node";
    assert!(synod_tests::odds(&Script::new("nwr", nodes).simulation, "staleness", 1).is_empty());
    assert!(synod_tests::odds(&Script::new("raft", "seed=1").simulation, "staleness", 1).is_empty());
}

#[test]
fn a_run_follows_a_profile_until_a_latency_is_set() {
    let mut s = Script::new("nwr", "nodes.fallbacks=0 seed=5 network.latency=wan");
    let latency = |run: &synod_engine::simulation::Simulation| {
        run.setup().get("network").and_then(|network| network.get("latency")).map(Value::shown)
    };
    assert_eq!(latency(&s.simulation).as_deref(), Some("\"wan\""));
    // C1 is near A, and far from the others.
    s.play("request by C1 A put x 1\n+40ms");
    assert_eq!(s.client("C1"), "waiting");
    s.play("+1000ms");
    assert_eq!(s.client("C1"), "ok ok");
    let again = entry("nwr").replay(&s.simulation.recording()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again.setup(), s.simulation.setup());
    s.play("latency 10ms..10ms\nrequest by C1 put x 2\n+20ms");
    assert_eq!(s.client("C1"), "ok ok");
    let config = synod_engine::script::config("nwr", "network.latency=lan");
    let error = entry("nwr").open(&config, &mut || 1).map(|_| ()).expect_err("refused");
    assert!(error.message.contains("ssd, disk, ymmr or wan"), "{}", error.message);
}
