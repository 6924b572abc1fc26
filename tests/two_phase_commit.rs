//! Two-phase commit against chapter 7 of Bernstein, Hadzilacos and Goodman and the table of R*.

use std::collections::{BTreeMap, BTreeSet};

use synod_engine::value::Value;
use synod_tests::{RandomRun, Script};

/// A flight takes 12 ms, a disk 9.
const USUAL: &str = "seed=3c41 network.latency=12..12 disk=9";
const BEGIN: &str = "request T tx x=5";

fn script(words: &'static str, lines: &str) -> Script {
    let mut s = Script::new("two-phase-commit", words);
    s.play(lines);
    s
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

/// The records of a disk: the word of each, and whether it is safe.
fn disk(s: &Script, name: &str) -> Vec<String> {
    let record = |record: &Value| format!("{} {}", text(record, "word"), text(record, "forced"));
    list(&s.node(name), "disk").iter().map(record).collect()
}

fn outcomes(s: &Script) -> Vec<String> {
    let frame = s.frame();
    list(frame.get("table").expect("a table"), "rows").iter().map(|row| text(row, "state")).collect()
}

/// R*: the coordinator writes two records (commit and end) and forces one, a participant two and both; two
/// messages go to a participant, and two come back.
#[test]
fn a_commit_costs_what_the_sources_say() {
    let s = script(USUAL, &format!("{BEGIN}\n+200ms"));
    assert_eq!(disk(&s, "T"), ["start yes", "commit yes", "end no"], "start is written with the commit's force");
    for participant in ["P1", "P2", "P3", "P4"] {
        assert_eq!(disk(&s, participant), ["yes yes", "commit yes"]);
    }
    let sent = s.frame().get("traffic").and_then(|traffic| traffic.get("sent")?.as_whole());
    assert_eq!(sent, Some(4 * 4));
}

/// Whoever says no aborts at once and is told nothing more.
#[test]
fn an_abort_undoes_what_was_written() {
    let s = script(USUAL, &format!("{BEGIN}\n+200ms\nrequest P3 veto P3\n+40ms\nrequest T tx x=6\n+200ms"));
    assert_eq!(disk(&s, "P3"), ["yes yes", "commit yes", "abort yes"]);
    assert_eq!(disk(&s, "P1"), ["yes yes", "commit yes", "yes yes", "abort yes"]);
    for participant in ["P1", "P2", "P3", "P4"] {
        let registers = s.node(participant);
        assert_eq!(text(&list(&registers, "registers")[0], "value"), "5", "{participant}");
    }
    assert_eq!(outcomes(&s), ["committed", "aborted"]);
    let sent = s.frame().get("traffic").and_then(|traffic| traffic.get("sent")?.as_whole());
    assert_eq!(sent, Some(16 + 4 + 4 + 3 + 3), "four asked, four votes, three told, three acknowledgements");
}

/// The decision is a disk write: a crash before it is safe aborts, and one behind it commits.
#[test]
fn the_decision_is_the_end_of_the_forced_write() {
    let moment = |s: &mut Script| {
        let window = s.simulation.window(0);
        let spans = s.simulation.spans(0, &window);
        list(&spans, "moments").iter().filter_map(|one| one.get("time")?.as_number()).collect::<Vec<_>>()
    };
    let ms = |n: i64| n * 1_000_000;
    let mut s = script(USUAL, &format!("{BEGIN}\n+60ms"));
    let decided = moment(&mut s);
    assert_eq!(decided, [ms(54)], "12 + 12 + 9 + 12 + 9");
    let crashed = |at: &str| script(USUAL, &format!("{BEGIN}\n+{at}ms\ncrash T\n+50ms\nrestart T\n+300ms"));
    let (before, after) = (crashed("53.999"), crashed("54.001"));
    assert_eq!((state(&before, "P1"), outcomes(&before)), ("aborted".into(), vec!["aborted".into()]));
    assert_eq!((state(&after, "P1"), outcomes(&after)), ("committed".into(), vec!["committed".into()]));
    assert_eq!(disk(&before, "T")[..2], ["start lost", "commit lost"], "what a crash took stays, as lost");
}

/// The window lasts from a yes on the disk to the decision on the disk, and whoever is in it holds its locks.
#[test]
fn uncertain_lasts_from_disk_to_disk() {
    let s = script(USUAL, &format!("{BEGIN}\n+100ms"));
    let window = s.simulation.window(0);
    let spans = s.simulation.spans(0, &window);
    let whole = |value: &Value, key: &str| value.get(key).and_then(Value::as_whole);
    let windows: Vec<_> = list(&spans, "windows").iter().map(|one| (whole(one, "from"), whole(one, "until"))).collect();
    assert_eq!(windows, [(Some(33), Some(75)); 4]);
    let writes: Vec<_> = list(&spans, "writes").iter().map(|one| (whole(one, "node"), whole(one, "from"))).collect();
    assert_eq!(writes.len(), 9, "a yes and a commit at each of four, and one decision: {writes:?}");
    let inside = script(USUAL, &format!("{BEGIN}\n+40ms"));
    assert_eq!(state(&inside, "P2"), "uncertain");
    let register = inside.node("P2");
    let register = &list(&register, "registers")[0];
    assert_eq!((text(register, "pending"), whole(register, "lock")), ("5".into(), Some(1)));
}

/// Pages on a disk lag behind its log: what is shown of a machine that is down is what the log makes of them.
#[test]
fn a_machine_that_is_down_shows_what_it_would_restart_with() {
    let value = |s: &Script| list(&s.node("P1"), "registers").first().map(|one| text(one, "value"));
    let mut s = script(USUAL, &format!("{BEGIN}\n+200ms\ncrash P1"));
    assert_eq!(disk(&s, "P1"), ["yes yes", "commit yes"]);
    assert_eq!(value(&s).as_deref(), Some("5"));
    s.play("restart P1\n+1ms\nrequest T tx x=6\n+45ms\ncrash P1");
    assert_eq!(disk(&s, "P1")[2..], ["yes yes"], "it said yes, and has not heard");
    let down = value(&s);
    s.play("restart P1\n+1ms");
    assert_eq!((down.as_deref(), value(&s).as_deref()), (Some("5"), Some("5")));
}

/// A1 and A1d: the survivors' frames are the same, and what is so is not.
#[test]
fn nobody_can_tell_whether_one_was_told() {
    const EVERYONE: &str = "seed=3c41 network.latency=12..12 disk=9 options.termination=cooperative";
    let nobody = script(EVERYONE, &format!("{BEGIN}\n+50ms\ncrash T\n+30ms\ncrash P1\n+500ms"));
    let one = script(EVERYONE, &format!("{BEGIN}\n+50ms\ncrash T after 1 send\n+30ms\ncrash P1\n+500ms"));
    for survivor in ["P2", "P3", "P4"] {
        for part in ["state", "disk", "registers", "fields", "badges"] {
            assert_eq!(nobody.node(survivor).get(part), one.node(survivor).get(part), "{survivor} {part}");
        }
    }
    assert_eq!((outcomes(&nobody), outcomes(&one)), (vec!["in-doubt".into()], vec!["in-doubt".into()]));
    assert_ne!(disk(&nobody, "T"), disk(&one, "T"));
    assert_ne!(disk(&nobody, "P1"), disk(&one, "P1"));
}

/// Whoever asks while a decision is on its way to the disk is told when it is there, and not before.
#[test]
fn whoever_asks_during_the_write_is_told_after_it() {
    const EVERYONE: &str = "seed=3c41 network.latency=12..12 disk=9 options.termination=cooperative";
    // P1 hears of the commit at 160 and writes it until 169; P2, P3 and P4 have asked at 153, which it hears at 165.
    let late = format!("{BEGIN}\n+50ms\ncrash T after 1 send\n+6ms\ndelay commit T -> P1 94ms");
    let told = |s: &Script| {
        let frame = s.frame();
        list(&frame, "messages").iter().filter(|one| text(one, "kind") == "commit").count()
    };
    let during = script(EVERYONE, &format!("{late}\n+112ms"));
    assert_eq!((disk(&during, "P1").last().cloned(), told(&during)), (Some("commit no".into()), 0));
    let after = script(EVERYONE, &format!("{late}\n+114ms"));
    assert_eq!((disk(&after, "P1").last().cloned(), told(&after)), (Some("commit yes".into()), 3));
    let end = script(EVERYONE, &format!("{late}\n+150ms"));
    assert_eq!(["P1", "P2", "P3", "P4"].map(|one| state(&end, one)), ["committed"; 4]);
}

/// What was begun and has left no record never gives its number to another.
#[test]
fn no_number_is_given_twice() {
    let s = script(
        USUAL,
        &format!("{BEGIN}\n+30ms\ncrash T\nrestart T\n+1ms\ncrash T\nrestart T\nrequest T tx y=1\n+200ms"),
    );
    let frame = s.frame();
    let rows = list(frame.get("table").expect("a table"), "rows");
    let numbers: Vec<_> = rows.iter().filter_map(|row| row.get("epoch")?.as_whole()).collect();
    assert_eq!(numbers, [1, 21]);
}

/// Records and how many of them are forced, at the coordinator and at one participant; messages to it and from it.
fn costs(s: &Script, name: &str) -> ([usize; 2], [usize; 2]) {
    let count = |name: &str| {
        let records: Vec<String> = disk(s, name).into_iter().filter(|record| !record.starts_with("start")).collect();
        let node = s.simulation.node_names().iter().position(|one| one == name).expect("a machine") as i64;
        let spans = s.simulation.spans(0, &s.simulation.window(0));
        let here = |write: &&Value| write.get("node").and_then(Value::as_whole) == Some(node);
        [records.len(), list(&spans, "writes").iter().filter(here).count()]
    };
    (count("T"), count(name))
}

fn sent(s: &Script) -> Option<i64> {
    s.frame().get("traffic").and_then(|traffic| traffic.get("sent")?.as_whole())
}

/// R*, the table of the commit case, for a participant that writes: coordinator 2 and 1, participant 2 and 2, messages
/// 2 and 2, in the basic protocol and with presumed abort; 2 and 2, 2 and 1, 2 and 1 with presumed commit.
#[test]
fn the_commit_case_costs_what_the_table_of_r_star_says() {
    for (logging, coordinator, participant, messages, cell) in [
        ("presumed-nothing", [2, 1], [2, 2], 4, "16, 9"),
        ("presumed-abort", [2, 1], [2, 2], 4, "16, 9"),
        ("presumed-commit", [2, 2], [2, 1], 3, "12, 6"),
    ] {
        let mut s = Script::new("two-phase-commit", &format!("{USUAL} options.logging={logging}"));
        s.play(&format!("{BEGIN}\n+300ms"));
        assert_eq!(outcomes(&s), ["committed"], "{logging}");
        assert_eq!(costs(&s, "P1"), (coordinator, participant), "{logging}");
        assert_eq!(sent(&s), Some(4 * messages), "{logging}");
        let frame = s.frame();
        let row = &list(frame.get("table").expect("a table"), "rows")[0];
        let told = &list(row, "cells")[1];
        assert_eq!(told.as_text().or_else(|| told.get("en")?.as_text()), Some(cell), "{logging}: {told:?}");
    }
}

/// What an abort costs is not in the table that we have: it is printed. An abort that is presumed is forced by nobody.
#[test]
fn what_an_abort_costs_is_known() {
    for logging in ["presumed-nothing", "presumed-abort", "presumed-commit"] {
        let mut s = Script::new("two-phase-commit", &format!("{USUAL} options.logging={logging}"));
        s.play(&format!("request P3 veto P3\n+40ms\n{BEGIN}\n+300ms"));
        assert_eq!(outcomes(&s), ["aborted"], "{logging}");
        let (coordinator, participant) = costs(&s, "P1");
        println!("{logging}: abort: coordinator {coordinator:?}, participant {participant:?}, {:?} messages", sent(&s));
        let forced = usize::from(logging != "presumed-abort");
        assert_eq!(participant[1], 1 + forced, "{logging}: the yes, and the abort unless it is presumed");
        assert_eq!(sent(&s), Some(4 + 4 + 3 + 3 * forced as i64), "{logging}: an abort that is presumed needs no ack");
    }
}

/// Where all only read there is no second phase, and with presumed abort nothing is written at all.
#[test]
fn readers_leave_before_the_second_phase() {
    let mut s =
        Script::new("two-phase-commit", &format!("{USUAL} options.readOnly=true options.logging=presumed-abort"));
    s.play("request T tx P1.x P2.x\n+200ms");
    assert_eq!((outcomes(&s), sent(&s)), (vec!["committed".into()], Some(2 + 2)));
    assert_eq!(costs(&s, "P1"), ([0, 0], [0, 0]));
    s.play("request T tx P1.x=1 P2.x\n+200ms");
    assert_eq!((disk(&s, "P1"), disk(&s, "P2")), (vec!["yes yes".into(), "commit yes".into()], vec![]));
    assert_eq!(sent(&s), Some(4 + 4 + 2), "who only read is told nothing");
}

/// A crash takes the commit that a participant had not forced; it asks, and no record means commit.
#[test]
fn what_has_no_record_is_presumed() {
    let mut s = Script::new("two-phase-commit", &format!("{USUAL} options.logging=presumed-commit"));
    s.play(&format!("{BEGIN}\n+90ms"));
    assert_eq!(disk(&s, "P1"), ["yes yes", "commit no"]);
    s.play("crash P1\nrestart P1\n+1ms");
    assert_eq!((disk(&s, "P1"), state(&s, "P1")), (vec!["yes yes".into(), "commit lost".into()], "uncertain".into()));
    s.play("+200ms");
    assert_eq!(state(&s, "P1"), "committed");
    let mut asked = false;
    s.simulation.each_record(0, s.simulation.next_seq(), &mut |record| {
        asked |= record.get("rule").and_then(Value::as_text) == Some("presume");
    });
    assert!(asked, "the coordinator had forgotten it");
}

/// Whoever decided alone finds out, writes it down, and is marked.
#[test]
fn heuristic_damage_is_written_down() {
    let mut s = Script::new("two-phase-commit", &format!("{USUAL} options.heuristic=abort"));
    s.play(&format!("{BEGIN}\n+57ms\npartition T P1 P3 P4 | P2\n+700ms\nheal\n+300ms"));
    assert_eq!(disk(&s, "P2"), ["yes yes", "heuristic yes", "abort yes", "mixed no"]);
    assert_eq!(text(&list(&s.node("P2"), "badges")[0], "id"), "damaged");
    let frame = s.frame();
    let row = &list(frame.get("table").expect("a table"), "rows")[0];
    assert_eq!(row.get("says").and_then(|says| says.get("en")?.as_text()), Some("heuristic mixed"));
    assert_eq!(disk(&s, "T").last().map(String::as_str), Some("end no"), "and it is over for the coordinator");
}

/// What stands behind a lock in doubt is counted, and for how long.
#[test]
fn what_waits_behind_a_lock_in_doubt_is_counted() {
    let s = script(USUAL, "request T tx P1.x=5 P2.y=5\n+57ms\nhold commit T -> P2\nrequest T tx P2.y=7 P3.z=1\n+74ms");
    let frame = s.frame();
    let promise = |one: &&Value| text(one, "id") == "everyone-decides";
    let says = list(&frame, "promises").iter().find(promise).and_then(|one| one.get("says")?.get("en")?.as_text());
    assert_eq!(says, Some("2 uncertain now; behind their locks 1 waited 50 ms"));
}

/// The records of every disk, whatever the protocol thinks of itself: no transaction is committed on one and aborted on
/// another, in any run within the fault model in which nobody decides alone.
#[test]
fn no_two_disks_ever_disagree() {
    let entry = synod_protocols::ALL.iter().find(|entry| entry.id == "two-phase-commit").expect("registered");
    let (mut drawn, mut both) = (BTreeMap::<String, u32>::new(), 0);
    for seed in 0..10_000 {
        let mut run = RandomRun::new(entry, seed, &[]);
        let setup = run.simulation.setup();
        for option in ["termination", "logging", "readOnly", "heuristic"] {
            let value = setup.get("options").and_then(|options| options.get(option)).expect("an option");
            *drawn.entry(format!("{option} {value:?}")).or_default() += 1;
        }
        if setup.get("options").map(|options| text(options, "heuristic")).as_deref() != Some("none") {
            continue;
        }
        (0..60).for_each(|_| drop(run.go_on()));
        let frame = run.simulation.frame(0);
        let (mut commits, mut aborts) = (BTreeSet::new(), BTreeSet::new());
        for record in list(&frame, "nodes").iter().flat_map(|node| list(node, "disk")) {
            let txn = record.get("epoch").and_then(Value::as_whole);
            match (text(record, "word").as_str(), text(record, "forced").as_str()) {
                (_, "lost") => {}
                ("commit", _) => drop(commits.insert(txn)),
                ("abort", _) => drop(aborts.insert(txn)),
                _ => {}
            }
        }
        assert!(commits.is_disjoint(&aborts), "run {seed}: {commits:?} {aborts:?}");
        both += u32::from(!commits.is_empty() && !aborts.is_empty());
    }
    assert!(both > 1_000, "transactions of both outcomes stand on disks in {both} runs");
    assert!(drawn.values().all(|count| *count >= 500), "{drawn:?}");
}

/// Skeen's theorem, on runs in which machines only crash: beside one who is uncertain stands now one who has committed,
/// now one who has aborted, and so two-phase commit blocks.
#[test]
fn both_outcomes_stand_beside_the_uncertain() {
    let run = script("seed=1 network.latency=8..16 disk=3..9", "").simulation;
    let mut beside = BTreeSet::new();
    for seed in 0..200 {
        let together = run.trial(seed, false);
        for pair in list(&together, "pairs") {
            let states: Vec<&str> = list(pair, "states").iter().filter_map(Value::as_text).collect();
            beside.insert((states[0].to_string(), states[1].to_string()));
        }
    }
    let seen = |a: &str, b: &str| beside.contains(&(a.to_string(), b.to_string()));
    assert!(seen("uncertain", "committed") && seen("uncertain", "aborted"), "{beside:?}");
    assert!(!seen("committed", "aborted") && !seen("working", "committed"), "{beside:?}");
}

#[test]
fn what_names_nobody_is_refused() {
    for (line, why) in [
        ("request veto P9", "there is no participant"),
        ("request get T x", "there is no participant"),
        ("request tx x", "a write is written x=5 or P1.x=5"),
        ("request tx x=5 P1.x=6", "names x once"),
        ("request tx", "a transaction has writes"),
        ("request put x 5", "there are tx, get and veto"),
    ] {
        let mut s = Script::new("two-phase-commit", USUAL);
        let told = s.inject(line).expect_err(line).to_string();
        assert!(told.contains(why), "{line}: {told}");
    }
}
