//! Two-phase commit against chapter 7 of Bernstein, Hadzilacos and Goodman and the table of R*.

use synod_engine::value::Value;
use synod_tests::Script;

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

#[test]
fn what_names_nobody_is_refused() {
    for (line, why) in [
        ("request veto P9", "there is no participant"),
        ("request get T x", "there is no participant"),
        ("request tx x", "a write is written x=5 or P1.x=5"),
        ("request tx x=5 P1.x=6", "writes x once"),
        ("request tx", "a transaction has writes"),
        ("request put x 5", "there are tx, get and veto"),
    ] {
        let mut s = Script::new("two-phase-commit", USUAL);
        let told = s.inject(line).expect_err(line).to_string();
        assert!(told.contains(why), "{line}: {told}");
    }
}
