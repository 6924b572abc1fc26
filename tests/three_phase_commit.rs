//! Three-phase commit against the sources, and against an exploration made outside of this project: which patterns of
//! delivery split under timeouts, and which states block under quorums.

use synod_engine::value::Value;
use synod_tests::{RandomRun, Script, script};

/// A flight takes 12 ms, a disk 9; a participant waits 80 ms.
const USUAL: &str = "nodes.participants=3 seed=3c41 network.latency=12..12 disk=9 options.timeout=40";
const BEGIN: &str = "request T tx x=5";

fn play(words: &str, lines: &str) -> Script {
    let mut s = Script::new("three-phase-commit", words.to_string().leak());
    s.play(lines);
    s
}

fn with(recovery: &str) -> String {
    format!("{USUAL} options.recovery={recovery}")
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_text).unwrap_or_default().to_string()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn state(s: &Script, name: &str) -> String {
    text(s.node(name).get("state").expect("a state"), "id")
}

/// The words on a disk that are safe.
fn disk(s: &Script, name: &str) -> Vec<String> {
    let node = s.node(name);
    let safe = list(&node, "disk").iter().filter(|record| text(record, "forced") == "yes");
    safe.map(|record| text(record, "word")).collect()
}

fn holds(s: &Script, name: &str, word: &str) -> bool {
    disk(s, name).iter().any(|one| one == word)
}

const PARTICIPANTS: [&str; 3] = ["P1", "P2", "P3"];

/// Five rounds: three out and two back, and the acknowledgement of the last.
#[test]
fn three_phases_are_three_rounds() {
    let s = play(USUAL, &format!("{BEGIN}\n+300ms"));
    assert_eq!(disk(&s, "T"), ["start", "pre-commit", "commit"]);
    for one in PARTICIPANTS {
        assert_eq!(disk(&s, one), ["yes", "pre-commit", "commit"]);
        assert_eq!(state(&s, one), "committed");
    }
    let sent = s.frame().get("traffic").and_then(|traffic| traffic.get("sent")?.as_whole());
    assert_eq!(sent, Some(6 * 3), "CanCommit, yes, PreCommit, ack, DoCommit, and that it is on the disk");
}

/// All 512 schedules of three participants: for each of CanCommit, PreCommit and its acknowledgement whether it arrives.
/// The coordinator crashes when it has sent PreCommit, and it is the participants' disks that are judged.
#[test]
fn six_of_eight_patterns_of_pre_commit_split() {
    let mut split = Vec::new();
    let mut patterns = std::collections::BTreeSet::new();
    for schedule in 0u32..512 {
        let is_lost = |phase: u32, one: u32| schedule >> (3 * phase + one) & 1 == 1;
        let mut s = play(USUAL, &format!("{BEGIN}\n+13ms"));
        (0..3).filter(|one| is_lost(0, *one)).for_each(|one| lose(&mut s, "can-commit", one));
        s.play("+42ms");
        if schedule & 7 == 0 {
            (0..3).filter(|one| is_lost(1, *one)).for_each(|one| lose(&mut s, "pre-commit", one));
            s.play("crash T\n+21ms");
            let acks = (0..3).filter(|one| is_lost(2, *one) && !is_lost(1, *one));
            for one in acks {
                s.play(&format!("drop ack P{} -> T", one + 1));
            }
        }
        s.play("+300ms");
        let some = |word: &str| PARTICIPANTS.iter().any(|one| holds(&s, one, word));
        if some("commit") && some("abort") {
            split.push(schedule);
            patterns.insert(schedule >> 3 & 7);
        }
    }
    assert_eq!(patterns.into_iter().collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6], "all but none lost and all lost");
    assert_eq!(split.len(), 48);
}

fn lose(s: &mut Script, kind: &str, one: u32) {
    s.play(&format!("drop {kind} T -> P{}", one + 1));
}

/// P1 is prepared to commit, P2 to abort, P3 is gone. They are connected, and two of three.
const OPPOSITE: &str = "+50ms\ncrash T after 1 send\n+28ms\npartition P1 | P2 P3 T";

#[test]
fn opposite_sides_block_under_quorum_and_not_under_e3pc() {
    let quorum = play(&with("quorum"), &format!("{BEGIN}\n{OPPOSITE}\n+66ms\ncrash P3\n+20ms"));
    let e3pc = play(&with("e3pc"), &format!("{BEGIN}\n{OPPOSITE}\n+135ms\ncrash P3\n+1ms"));
    for (mut s, expected) in [(quorum, ["prepared", "pre-aborted"]), (e3pc, ["aborted", "aborted"])] {
        assert_eq!((state(&s, "P1"), state(&s, "P2")), ("prepared".into(), "pre-aborted".into()));
        s.play("heal\n+3000ms");
        assert_eq!([state(&s, "P1"), state(&s, "P2")], expected);
        let badges = list(&s.node("P1"), "badges").len();
        assert_eq!(badges, usize::from(expected[0] == "prepared"), "whoever is blocked says so");
    }
}

/// Whatever of PreCommit was heard, and whoever is gone at which time: the two that are left decide, and alike.
#[test]
fn connected_majorities_decide_under_e3pc_whatever_they_heard() {
    for pattern in 0u32..8 {
        for gone in 0u32..4 {
            for pause in [0, 70, 140, 190] {
                let mut s = play(&with("e3pc"), &format!("{BEGIN}\n+55ms"));
                (0..3).filter(|one| pattern >> one & 1 == 1).for_each(|one| lose(&mut s, "pre-commit", one));
                s.play(&format!("crash T\n+{pause}ms"));
                if gone > 0 {
                    s.play(&format!("crash P{gone}"));
                }
                s.play("+2000ms");
                let up = PARTICIPANTS.iter().zip(1..).filter(|(_, n)| *n != gone).map(|(one, _)| *one);
                let states: std::collections::BTreeSet<String> = up.map(|one| state(&s, one)).collect();
                assert_eq!(states.len(), 1, "{pattern} {gone} {pause}: {states:?}");
                let one = states.first().expect("a state");
                assert!(one == "committed" || one == "aborted", "{pattern} {gone} {pause}: {one}");
                assert_eq!(s.simulation.violations(), Vec::<Value>::new());
            }
        }
    }
}

/// The window is from a yes on the disk to the decision on the disk; the phases of whoever leads are on its lane.
#[test]
fn the_time_diagram_has_windows_phases_and_a_moment() {
    let s = play(USUAL, &format!("{BEGIN}\n+300ms"));
    let spans = s.simulation.spans(0, &s.simulation.window(0));
    let whole = |value: &Value, key: &str| value.get(key).and_then(Value::as_whole);
    let ends = |of: &str| -> Vec<_> {
        list(&spans, of).iter().map(|one| (whole(one, "node"), whole(one, "from"), whole(one, "until"))).collect()
    };
    assert_eq!(ends("windows"), [1, 2, 3].map(|one| (Some(one), Some(33), Some(117))));
    assert_eq!(ends("phases"), [(Some(0), Some(12), Some(45)), (Some(0), Some(54), Some(87))]);
    let moments = list(&spans, "moments");
    assert_eq!(moments.len(), 1, "the first decision on any disk is the transaction's");
    assert_eq!(moments[0].get("time").and_then(Value::as_number), Some(96_000_000));
}

/// How far everyone is, and what it waited for in vain.
#[test]
fn the_phase_track_says_what_was_waited_for_in_vain() {
    let track = |s: &Script, name: &str| -> Vec<String> {
        let node = s.node(name);
        let phase = node.get("phase").expect("a phase");
        list(phase, "states").iter().filter_map(|one| one.as_text().map(str::to_string)).collect()
    };
    let mut s = play(USUAL, &format!("{BEGIN}\n+56ms\npartition T P1 | P2 P3\n+27ms\ncrash T"));
    assert_eq!(track(&s, "P1"), ["done", "done", "now"]);
    assert_eq!(track(&s, "P2"), ["done", "now", "next"]);
    s.play("+150ms");
    assert_eq!(track(&s, "P1"), ["done", "done", "failed"]);
    assert_eq!(track(&s, "P2"), ["done", "failed", "next"]);
    let says = |name: &str| text(s.node(name).get("says").expect("says"), "en");
    assert_eq!(says("P2"), "no PreCommit for 80 ms: nobody can have committed");
    assert_eq!(says("P1"), "no DoCommit for 80 ms: all had said yes");
}

/// Which side may decide under a partition, where quorums do; the coordinator counts for nothing there.
#[test]
fn a_side_is_judged_by_its_participants() {
    let sides = |recovery: &str| -> Vec<(i64, bool)> {
        let s = play(&with(recovery), &format!("{BEGIN}\n+20ms\npartition T P1 | P2 P3"));
        let side = |side: &Value| side.get("have")?.as_whole().zip(side.get("can")?.as_bool());
        list(&s.frame(), "sides").iter().filter_map(side).collect()
    };
    assert_eq!(sides("quorum"), [(1, false), (2, true)]);
    assert_eq!(sides("timeouts"), [], "each side decides by itself, and that is what goes wrong");
}

/// What makes silence mean something else than a crash.
const UNTIMELY: &[&str] = &[
    "partition",
    "cut",
    "drop",
    "hold",
    "delay",
    "pause",
    "loss",
    "latency",
    "skew",
    "offset",
    "fire",
    "wipe",
    "move",
];

/// For every transaction of random faulty runs, shared over the options: no disk holds a commit where another holds an
/// abort, as long as what the promise assumes holds.
#[test]
fn no_disk_holds_what_another_contradicts() {
    let runs = synod_tests::runs(2_000);
    let entry = script::entry("three-phase-commit");
    let (mut judged, mut decided) = (std::collections::BTreeMap::<&str, u64>::new(), 0);
    for seed in 0..runs {
        let recovery = ["timeouts", "termination", "quorum", "e3pc"][seed as usize % 4];
        let words =
            format!("seed={seed:x} network.latency=4..12 disk=2 options.timeout=60 options.recovery={recovery}");
        let config = synod_engine::script::config(entry.id, words.leak());
        // What some rest on is soon broken: most of their runs have crashes and little else, and are judged at their end;
        // the others are judged for as long as it holds.
        let (quorums, calm) = (seed % 4 > 1, seed / 4 % 4 > 0);
        let avoided = if quorums { &["wipe"][..] } else { UNTIMELY };
        let mut run = RandomRun::beyond(entry, &config, seed).avoiding(if calm { avoided } else { &[] });
        for step in 1..=40 {
            run.go_on();
            if calm && step < 40 {
                continue;
            }
            let frame = run.simulation.frame(0);
            let kept = list(&frame, "promises")
                .iter()
                .any(|promise| text(promise, "id") == "agreement" && list(promise, "beyond").is_empty());
            if !kept {
                break;
            }
            decided += contradictions(&frame, recovery, seed);
            *judged.entry(recovery).or_default() += 1;
        }
    }
    println!("moments that were judged: {judged:?}; decisions seen: {decided}");
    assert!(judged.values().all(|count| *count >= runs / 10), "{judged:?}");
}

/// How many transactions are decided in a frame, of which none is both.
fn contradictions(frame: &Value, recovery: &str, seed: u64) -> u64 {
    let mut found: std::collections::BTreeMap<i64, std::collections::BTreeSet<String>> = Default::default();
    for node in list(frame, "nodes") {
        for record in list(node, "disk").iter().filter(|record| text(record, "forced") == "yes") {
            let word = text(record, "word");
            if word == "commit" || word == "abort" {
                found.entry(record.get("epoch").and_then(Value::as_whole).unwrap_or(0)).or_default().insert(word);
            }
        }
    }
    for (txn, words) in &found {
        assert!(words.len() == 1, "{recovery}, run {seed}: transaction {txn} is committed and aborted");
    }
    found.len() as u64
}

type Pairs = std::collections::BTreeSet<(String, String)>;

fn pairs(together: &Value) -> impl Iterator<Item = (String, String)> + '_ {
    list(together, "pairs").iter().map(|pair| {
        let states: Vec<&str> = list(pair, "states").iter().filter_map(Value::as_text).collect();
        (states[0].to_string(), states[1].to_string())
    })
}

fn has(pairs: &Pairs, one: &str, other: &str) -> bool {
    pairs.contains(&(one.to_string(), other.to_string())) || pairs.contains(&(other.to_string(), one.to_string()))
}

/// States that are no decision, and were there beside a commit and beside an abort.
fn blocking(pairs: &Pairs) -> Vec<&'static str> {
    let open = ["waiting", "uncertain", "prepared", "pre-aborted"];
    open.into_iter().filter(|one| has(pairs, one, "committed") && has(pairs, one, "aborted")).collect()
}

/// Skeen's theorem, where silence means a crash and a crash is all that happens: nobody stands beside both outcomes, and
/// nobody who is not prepared beside a commit. With cuts, somebody does.
#[test]
fn nobody_stands_beside_both_outcomes_while_silence_means_a_crash() {
    let words = "seed=1 network.latency=8..16 disk=3..9 options.timeout=60 options.recovery=termination";
    let run = play(words, "").simulation;
    let trials =
        |cuts: bool| -> Pairs { (0..200).flat_map(|seed| pairs(&run.trial(seed, cuts)).collect::<Vec<_>>()).collect() };
    let calm = trials(false);
    assert!(has(&calm, "prepared", "committed") && has(&calm, "uncertain", "aborted"), "{calm:?}");
    for one in ["waiting", "uncertain", "aborted"] {
        assert!(!has(&calm, one, "committed"), "{one}: {calm:?}");
    }
    assert_eq!(blocking(&calm), Vec::<&str>::new());
    let cut = trials(true);
    assert!(has(&cut, "committed", "aborted") && !blocking(&cut).is_empty(), "{cut:?}");
}

/// The same with everything that comes and goes, and comes back: as long as nothing is lost, cut, late or paused.
#[test]
fn whoever_comes_back_stands_beside_nobody_until_it_knows() {
    let entry = script::entry("three-phase-commit");
    let mut seen = Pairs::new();
    for seed in 0..300u64 {
        let words =
            format!("seed={seed:x} network.latency=4..12 disk=2 options.timeout=60 options.recovery=termination");
        let config = synod_engine::script::config(entry.id, words.leak());
        let mut run = RandomRun::beyond(entry, &config, seed).avoiding(UNTIMELY);
        (0..30).for_each(|_| drop(run.go_on()));
        let frame = run.simulation.frame(0);
        if list(&frame, "promises").iter().all(|one| list(one, "beyond").is_empty()) {
            seen.extend(pairs(&run.simulation.together()));
        }
    }
    assert!(has(&seen, "prepared", "committed") && has(&seen, "uncertain", "aborted"), "{seen:?}");
    for one in ["waiting", "uncertain", "aborted"] {
        assert!(!has(&seen, one, "committed"), "{one}: {seen:?}");
    }
    assert_eq!(blocking(&seen), Vec::<&str>::new(), "{seen:?}");
}

/// A coordinator that comes back with PreCommit on its disk may not decide alone, and is drawn so; one that has nothing
/// on its disk has promised nothing.
#[test]
fn a_coordinator_that_comes_back_is_as_its_disk_says() {
    let looks = |s: &Script| (state(s, "T"), text(&s.node("T"), "authority"));
    for recovery in ["termination", "quorum", "e3pc"] {
        let back = |at: u64| play(&with(recovery), &format!("{BEGIN}\n+{at}ms\ncrash T\n+5ms\nrestart T\n+2ms"));
        assert_eq!(looks(&back(40)), ("waiting".into(), "follows".into()), "{recovery}");
        assert_eq!(looks(&back(60)), ("prepared".into(), "asks".into()), "{recovery}");
    }
}

/// Under E3PC whoever followed and moved keeps the newest number of both on its disk, and shows it.
#[test]
fn the_newest_number_outlives_a_crash() {
    let numbers = |s: &Script, name: &str| {
        let node = s.node(name);
        let of =
            |id: &str| list(&node, "fields").iter().find(|one| text(one, "id") == id).map(|one| text(one, "value"));
        (of("elected").unwrap_or_default(), of("attempt").unwrap_or_default())
    };
    let mut s = play(&with("e3pc"), &format!("{BEGIN}\n+50ms\ncrash T\n+200ms"));
    for one in ["P2", "P3"] {
        assert_eq!(numbers(&s, one), ("2".into(), "2".into()), "{one}");
    }
    s.play("crash P3\n+5ms\nrestart P3\n+2ms");
    assert_eq!(numbers(&s, "P3"), ("2".into(), "2".into()));
}
