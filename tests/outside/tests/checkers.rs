//! The judge, and two checkers that others wrote, say the same of 10,000 small histories, and of logs that look as
//! Jepsen's of etcd do.

use std::path::{Path, PathBuf};
use std::process::Command;

use synod_judge::{Action, Fate, Level, Operation, Scalar, judge};
use synod_outside::{Do, Store, Told, linearizable, linearizable_too, sequential, serve};
use todc_utils::linearizability::WGLChecker;
use todc_utils::specifications::etcd::{EtcdSpecification, history_from_log};

/// Chance without floats: a multiplier of Knuth's.
struct Lot(u64);

impl Lot {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn holds(history: &[Operation], level: Level) -> Option<bool> {
    judge(history).into_iter().find(|(one, _)| *one == level).and_then(|(_, verdict)| verdict.holds)
}

fn scalar(value: Option<i64>) -> Scalar {
    value.map_or(Scalar::Null, Scalar::Number)
}

fn drawn(lot: &mut Lot, keys: u64) -> Do {
    let key = lot.below(keys) as usize;
    let value = |lot: &mut Lot| Some(1 + lot.below(2) as i64);
    match lot.below(10) {
        0..3 => Do::Put(key, value(lot)),
        3..7 => Do::Get(key),
        7 => Do::Add(key, 1),
        8 => Do::Cas(key, value(lot), value(lot)),
        _ => Do::Put(key, None),
    }
}

fn told(what: &Do, answer: &Told) -> Action {
    match (what, answer) {
        (Do::Put(_, None), _) => Action::Delete,
        (Do::Put(_, value), _) => Action::Put(scalar(*value)),
        (Do::Get(_), Told::Value(value)) => Action::Get(scalar(*value)),
        (Do::Add(_, by), Told::Value(sum)) => Action::Add { by: *by, sum: sum.unwrap_or(0) },
        (Do::Cas(_, from, to), Told::Swapped(swapped)) => {
            Action::Cas { from: scalar(*from), to: scalar(*to), swapped: *swapped }
        }
        _ => unreachable!("an answer of another kind"),
    }
}

/// A run of one copy, whose clients call and are answered in an order drawn by lot, with some answers spoiled and
/// some never given.
fn small(lot: &mut Lot) -> Vec<Operation> {
    let (clients, keys) = (2 + lot.below(3) as usize, 1 + lot.below(2));
    let (mut left, mut store): (u64, Store) = (4 + lot.below(5), [None; 2]);
    let (mut open, mut stuck) = (vec![None; clients], vec![false; clients]);
    let (mut history, mut now) = (Vec::<Operation>::new(), 0);
    while open.iter().any(Option::is_some) || (left > 0 && stuck.contains(&false)) {
        now += 1;
        let client = lot.below(clients as u64) as usize;
        match open[client].take() {
            Some(at) if lot.below(12) > 0 => {
                let one: &mut Operation = &mut history[at];
                one.fate = Fate::Answered(now);
            }
            Some(_) => stuck[client] = true,
            None if left > 0 && !stuck[client] => {
                left -= 1;
                let what = drawn(lot, keys);
                let mut answer = serve(&mut store, &what);
                if lot.below(6) == 0 {
                    answer = serve(&mut [Some(lot.below(3) as i64); 2], &what);
                }
                let key = match what {
                    Do::Put(key, _) | Do::Get(key) | Do::Add(key, _) | Do::Cas(key, ..) => ["x", "y"][key],
                };
                open[client] = Some(history.len());
                let (client, action) = (format!("C{client}"), told(&what, &answer));
                history.push(Operation { client, key: key.into(), action, call: now, fate: Fate::Open });
            }
            None => {}
        }
    }
    history
}

#[test]
fn ten_thousand_small_histories_are_judged_as_others_judge_them() {
    let mut yes = [0, 0];
    for n in 0..10_000 {
        let history = small(&mut Lot(n));
        let [lin, seq] = [Level::Linearizable, Level::Sequential].map(|level| holds(&history, level));
        let what = || format!("{n}: {history:#?}");
        assert_eq!(lin, Some(linearizable(&history)), "{}", what());
        assert_eq!(lin, Some(linearizable_too(&history)), "{}", what());
        assert_eq!(seq, Some(sequential(&history)), "{}", what());
        yes[0] += u32::from(lin == Some(true));
        yes[1] += u32::from(seq == Some(true));
    }
    println!("of 10,000 linearizable {}, sequential {}", yes[0], yes[1]);
    // Both verdicts are common, and there are histories that tell the two levels apart.
    assert!(yes[0] > 2_000 && yes[1] < 9_000 && yes[0] + 300 < yes[1], "{yes:?}");
}

/// A log of Jepsen's test of etcd, as operations. Reads that failed told nothing; what is `:info` may happen yet.
fn of_log(log: &str) -> Vec<Operation> {
    let mut history: Vec<Operation> = Vec::new();
    for (now, line) in (1..).zip(log.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, "jepsen.util", _, client, status, kind, told @ ..] = words.as_slice() else { continue };
        if *client == ":nemesis" {
            continue;
        }
        let number = |text: &str| text.trim_matches(['[', ']']).parse().map_or(Scalar::Null, Scalar::Number);
        let action = |swapped| match *kind {
            ":write" => Action::Put(number(told[0])),
            ":cas" => Action::Cas { from: number(told[0]), to: number(told[1]), swapped },
            _ => Action::Get(number(told[0])),
        };
        if *status == ":invoke" {
            let fate = Fate::Open;
            history.push(Operation {
                client: (*client).into(),
                key: "x".into(),
                action: action(false),
                call: now,
                fate,
            });
            continue;
        }
        let one = history.iter_mut().rev().find(|one| one.client == *client).expect("a call before");
        match (*status, *kind) {
            (":ok", _) | (":fail", ":cas") => (one.action, one.fate) = (action(*status == ":ok"), Fate::Answered(now)),
            (":fail", _) => one.fate = Fate::Failed,
            _ => {}
        }
    }
    history
}

/// Where cargo keeps the sources of a package.
fn sources(package: &str) -> PathBuf {
    let cargo = std::env::var("CARGO").unwrap_or("cargo".into());
    let words =
        ["metadata", "--format-version=1", "--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")];
    let out = Command::new(cargo).args(words).output().expect("cargo tells where packages are");
    let text = String::from_utf8(out.stdout).expect("text");
    let at = text.match_indices("\"manifest_path\":\"").map(|(at, start)| &text[at + start.len()..]);
    let mut paths = at.filter_map(|rest| Some(Path::new(rest.split_once('"')?.0)));
    let of = |path: &&Path| path.to_string_lossy().contains(&format!("/{package}-"));
    paths.find(of).and_then(Path::parent).expect("it is there").into()
}

/// Of the 102 published logs one comes with the package; it is published as linearizable (Horn and Kroening 2015).
#[test]
fn a_published_log_of_etcd_is_judged_as_published() {
    let path = sources("todc-utils").join("benches/static/etcd_log_005.log");
    let history = of_log(&std::fs::read_to_string(path).expect("the log"));
    assert!(history.len() > 60, "{}", history.len());
    assert_eq!(holds(&history, Level::Linearizable), Some(true));
    // One answer made wrong shows that it was looked at.
    let mut wrong = history.clone();
    let reads = |one: &&mut Operation| matches!((&one.action, one.fate), (Action::Get(_), Fate::Answered(_)));
    wrong.iter_mut().rev().find(reads).expect("a read").action = Action::Get(Scalar::Number(77));
    assert_eq!(holds(&wrong, Level::Linearizable), Some(false));
}

/// A log as Jepsen writes it: five processes on one register of five values, each of which dies when it does not
/// know what became of its operation, and is followed by another. Some reads are served by a copy that lags.
fn written(lot: &mut Lot) -> String {
    let (mut store, mut late): (Store, Store) = ([None; 2], [None; 2]);
    let (mut pids, mut open): (Vec<u64>, Vec<Option<(String, String)>>) = ((0..5).collect(), vec![None; 5]);
    let (mut log, mut left, stale) = (String::new(), 90, lot.below(16) + 4);
    while left > 0 || open.iter().any(Option::is_some) {
        let slot = lot.below(5) as usize;
        let mut say = |words: &str| log.push_str(&format!("INFO  jepsen.util - {}\t{words}\n", pids[slot]));
        if let Some((known, unknown)) = open[slot].take() {
            let lost = lot.below(15) == 0 && !unknown.is_empty();
            say(if lost { &unknown } else { &known });
            pids[slot] += if lost { 5 } else { 0 };
            continue;
        }
        if left == 0 {
            continue;
        }
        left -= 1;
        if lot.below(4) == 0 {
            late = store;
        }
        let (a, b) = (lot.below(5) as i64, lot.below(5) as i64);
        let (call, known, unknown) = match lot.below(3) {
            0 => {
                let held = if lot.below(stale) == 0 { late[0] } else { store[0] };
                let held = held.map_or("nil".into(), |n| n.to_string());
                (":read nil".into(), format!(":ok :read {held}"), String::new())
            }
            1 => {
                store[0] = Some(a);
                (format!(":write {a}"), format!(":ok :write {a}"), format!(":info :write {a}"))
            }
            _ => {
                let Told::Swapped(swapped) = serve(&mut store, &Do::Cas(0, Some(a), Some(b))) else { unreachable!() };
                let words = format!(":cas [{a} {b}]");
                (words.clone(), format!("{} {words}", if swapped { ":ok" } else { ":fail" }), format!(":info {words}"))
            }
        };
        say(&format!(":invoke {call}"));
        open[slot] = Some((known, unknown));
    }
    log
}

/// As many as were published (their files are not to be had in a package); the other checker reads the same log.
#[test]
fn a_hundred_and_two_logs_in_the_manner_of_jepsen_are_judged_as_another_judges_them() {
    let folder = std::env::temp_dir().join(format!("synod-logs-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut yes = 0;
    for n in 0..102 {
        let log = written(&mut Lot(n));
        let path = folder.join(format!("{n}.log"));
        std::fs::write(&path, &log).expect("a file");
        let theirs =
            WGLChecker::<EtcdSpecification>::is_linearizable(history_from_log(path.to_string_lossy().into_owned()));
        assert_eq!(holds(&of_log(&log), Level::Linearizable), Some(theirs), "{n}\n{log}");
        yes += u32::from(theirs);
    }
    std::fs::remove_dir_all(&folder).expect("the folder");
    println!("of 102 linearizable {yes}");
    assert!((20..82).contains(&yes), "{yes}");
}
