//! Small histories, all of a kind or drawn by lot, against a definition that is written differently.

mod brute;
mod stock;

use brute::{Brute, reads, writes};
use synod_judge::{Action, Fate, Level, Operation, Scalar, Verdict, judge};

fn number(n: u64) -> Scalar {
    if n == 0 { Scalar::Null } else { Scalar::Number(n as i64) }
}

/// Chance without floats: a multiplier of Knuth's.
struct Lot(u64);

impl Lot {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

fn agrees(history: &[Operation]) {
    let brute = Brute::new(history);
    for (level, verdict) in judge(history) {
        let what = || format!("{}: {verdict:?}\n{history:#?}", level.id());
        assert_eq!(verdict.holds, Some(brute.holds(level)), "{}", what());
        let vacuous = match level {
            Level::Linearizable | Level::Sequential | Level::Causal | Level::Pram => !history.iter().any(reads),
            _ => brute.pattern(level).is_empty(),
        };
        assert_eq!(verdict.vacuous, vacuous, "{}", what());
        assert!(verdict.holds == Some(true) || !verdict.vacuous, "{}", what());
        assert!(evident(history, &brute, level, &verdict), "{}", what());
    }
}

/// Whether an order that is given is one.
fn evident(history: &[Operation], brute: &Brute, level: Level, verdict: &Verdict) -> bool {
    if verdict.holds == Some(false) {
        return verdict.order.is_none() && verdict.views.is_empty() && !verdict.witnesses.is_empty();
    }
    let answered = |i: &usize| matches!(history[*i].fate, Fate::Answered(_));
    let keeps =
        |line: &[usize], before: &[Vec<bool>]| (0..line.len()).all(|b| (0..b).all(|a| !before[line[b]][line[a]]));
    let all = |line: &[usize], of: &dyn Fn(&usize) -> bool| (0..history.len()).filter(of).all(|i| line.contains(&i));
    let total = |line: &[usize], before: &[Vec<bool>]| {
        keeps(line, before) && all(line, &answered) && brute.legal(line, &|_| true)
    };
    let view = |(client, line): &(String, Vec<usize>)| {
        let own = |i: usize| history[i].client == *client;
        keeps(line, &brute.session())
            && all(line, &|i| answered(i) && (own(*i) || writes(&history[*i])))
            && brute.legal(line, &own)
    };
    verdict.witnesses.is_empty()
        && match (level, &verdict.order) {
            (Level::Linearizable, Some(line)) => total(line, &brute.time()),
            (Level::Sequential, Some(line)) => total(line, &brute.session()),
            (Level::Causal | Level::Pram, line) => {
                let one = line.as_ref().is_none_or(|line| total(line, &brute.session()));
                one && verdict.views.iter().all(view)
            }
            (_, Some(line)) => {
                // What the guarantee speaks of stands in its order, and each read behind what it was told.
                let place = |i: &usize| line.iter().position(|one| one == i);
                let in_turn = |(first, then): &(usize, usize)| {
                    let relevant = level == Level::ReadYourWrites || level == Level::MonotonicWrites;
                    let (a, b) = (place(first), place(then));
                    (reads(&history[*first]) && writes(&history[*first]) && !relevant)
                        || a.zip(b).map_or(!answered(then), |(a, b)| a < b)
                };
                // What an open add or cas left is not known: it may be what any read was told.
                let known =
                    |op: &Operation| op.fate != Fate::Open || matches!(op.action, Action::Put(_) | Action::Delete);
                let known = history.iter().filter(|op| writes(op)).all(known);
                let read = |i: usize| known && reads(&history[i]) && !writes(&history[i]);
                all(line, &|i| answered(i) && writes(&history[*i]))
                    && brute.pattern(level).iter().all(in_turn)
                    && brute.legal(line, &read)
            }
            (_, None) => false,
        }
}

/// Every way in which two clients' calls and answers can follow each other, two operations each.
fn interleavings() -> Vec<Vec<usize>> {
    (0..256u32)
        .filter(|bits| bits.count_ones() == 4)
        .map(|bits| (0..8).map(|n| (bits >> n & 1) as usize).collect())
        .collect()
}

fn timed(programs: &[Vec<(&str, Action)>], events: &[usize]) -> Vec<Operation> {
    let mut history: Vec<Operation> = Vec::new();
    let (mut done, mut open) = (vec![0; programs.len()], vec![None; programs.len()]);
    for (at, client) in events.iter().enumerate() {
        let now = at as u64 + 1;
        if let Some(i) = open[*client].take() {
            let op: &mut Operation = &mut history[i];
            op.fate = Fate::Answered(now);
            continue;
        }
        let (key, action) = programs[*client][done[*client]].clone();
        done[*client] += 1;
        open[*client] = Some(history.len());
        history.push(Operation { client: format!("C{client}"), key: key.into(), action, call: now, fate: Fate::Open });
    }
    history
}

fn put_or_get(n: usize) -> Action {
    match n {
        0 => Action::Put(number(1)),
        1 => Action::Put(number(2)),
        n => Action::Get(number(n as u64 - 2)),
    }
}

#[test]
fn every_history_of_two_clients_with_two_operations_each_on_one_key() {
    let times = interleavings();
    for n in 0..5usize.pow(4) {
        let op = |place: u32| ("x", put_or_get(n / 5usize.pow(place) % 5));
        let programs = [vec![op(0), op(1)], vec![op(2), op(3)]];
        times.iter().for_each(|events| agrees(&timed(&programs, events)));
    }
}

#[test]
fn every_history_of_two_clients_with_two_operations_each_on_two_keys() {
    for n in 0..10usize.pow(4) {
        let one = |place: u32| n / 10usize.pow(place) % 10;
        let op = |place: u32| (if one(place) < 5 { "x" } else { "y" }, put_or_get(one(place) % 5));
        let programs = [vec![op(0), op(1)], vec![op(2), op(3)]];
        agrees(&timed(&programs, &[0, 0, 1, 1, 0, 0, 1, 1]));
        agrees(&timed(&programs, &[0, 1, 0, 1, 1, 1, 0, 0]));
    }
}

fn any_action(lot: &mut Lot, all_kinds: bool) -> Action {
    match lot.below(if all_kinds { 10 } else { 6 }) {
        0 | 1 => Action::Put(number(1 + lot.below(2))),
        2..6 => Action::Get(number(lot.below(3))),
        6 => Action::Add { by: 1, sum: 1 + lot.below(3) as i64 },
        7 => Action::Add { by: 2, sum: 2 + lot.below(2) as i64 },
        8 => Action::Cas { from: number(lot.below(2)), to: number(2), swapped: lot.below(2) == 0 },
        _ => Action::Delete,
    }
}

/// Up to `most` operations of up to three clients, now and then without an answer.
fn drawn(lot: &mut Lot, most: u64, all_kinds: bool) -> Vec<Operation> {
    let (clients, size) = (2 + lot.below(2) as usize, 3 + lot.below(most - 2) as usize);
    let mut history: Vec<Operation> = Vec::new();
    let (mut now, mut open) = (0, vec![None; clients]);
    while history.len() < size || open.iter().any(Option::is_some) {
        now += 1;
        let client = lot.below(clients as u64) as usize;
        if let Some(i) = open[client].take() {
            let op: &mut Operation = &mut history[i];
            op.fate = match lot.below(12) {
                0 => Fate::Open,
                1 if lot.below(3) == 0 => Fate::Failed,
                _ => Fate::Answered(now),
            };
        } else if history.len() < size {
            open[client] = Some(history.len());
            let key = ["x", "x", "y"][lot.below(3) as usize].into();
            let action = any_action(lot, all_kinds);
            history.push(Operation { client: format!("C{client}"), key, action, call: now, fate: Fate::Open });
        }
    }
    history
}

#[test]
fn histories_of_put_and_get_drawn_by_lot() {
    let mut lot = Lot(1);
    (0..6_000).for_each(|_| agrees(&drawn(&mut lot, 6, false)));
}

#[test]
fn histories_of_all_kinds_drawn_by_lot() {
    let mut lot = Lot(2);
    (0..10_000).for_each(|_| agrees(&drawn(&mut lot, 5, true)));
}

/// The history of which only these are certain, as [`Operation`]s.
fn relaxed(history: &[Operation], kept: &[usize]) -> Vec<Operation> {
    let of = |(i, op): (usize, &Operation)| {
        if kept.contains(&i) {
            return op.clone();
        }
        let told = matches!(op.fate, Fate::Answered(_));
        let action = match &op.action {
            Action::Add { sum, .. } if told => Action::Put(Scalar::Number(*sum)),
            Action::Cas { to, swapped: true, .. } if told => Action::Put(to.clone()),
            other => other.clone(),
        };
        let fate = if writes(op) && op.fate != Fate::Failed { Fate::Open } else { Fate::Failed };
        Operation { client: format!("someone {i}"), action, call: 0, fate, ..op.clone() }
    };
    history.iter().enumerate().map(of).collect()
}

#[test]
fn witnesses_suffice_and_none_can_be_spared() {
    let mut lot = Lot(3);
    for n in 0..4_000 {
        let history = drawn(&mut lot, 5, n % 2 == 0);
        for (level, verdict) in judge(&history).into_iter().filter(|(_, verdict)| verdict.holds == Some(false)) {
            let fails = |kept: &[usize]| !Brute::new(&relaxed(&history, kept)).holds(level);
            let what = format!("{} {:?}\n{history:#?}", level.id(), verdict.witnesses);
            assert!(fails(&verdict.witnesses), "{what}");
            for spared in &verdict.witnesses {
                let fewer: Vec<usize> = verdict.witnesses.iter().copied().filter(|i| i != spared).collect();
                assert!(!fails(&fewer), "without {spared}: {what}");
            }
        }
    }
}

#[test]
fn what_has_a_level_has_those_that_it_implies() {
    let mut lot = Lot(4);
    let mut apart = [[false; 8]; 8];
    let drawn: Vec<_> = (0..40_000).map(|n| drawn(&mut lot, 9, n % 2 == 0)).collect();
    for history in stock::STOCK.iter().map(|stock| stock::history(stock.history)).chain(drawn) {
        let verdicts = judge(&history);
        for (a, (strong, one)) in verdicts.iter().enumerate() {
            for (b, (weak, other)) in verdicts.iter().enumerate() {
                let split = one.holds == Some(true) && other.holds == Some(false);
                assert!(!split || !strong.implies(*weak), "{} and not {}\n{history:#?}", strong.id(), weak.id());
                apart[a][b] |= split;
            }
        }
    }
    // What is not implied was seen to come apart.
    for (a, strong) in Level::ALL.into_iter().enumerate() {
        for (b, weak) in Level::ALL.into_iter().enumerate() {
            assert_eq!(apart[a][b], !strong.implies(weak), "{} and not {}", strong.id(), weak.id());
        }
    }
}

#[test]
fn with_one_writer_a_key_pram_has_three_guarantees_and_causal_all_four() {
    let mut lot = Lot(5);
    for _ in 0..40_000 {
        let mut history = drawn(&mut lot, 9, false);
        for op in &mut history {
            let owner = if op.key == "x" { "C0" } else { "C1" };
            if op.client != owner && matches!(op.action, Action::Put(_)) {
                op.action = Action::Get(number(lot.below(3)));
            }
        }
        let verdicts: Vec<Option<bool>> = judge(&history).into_iter().map(|(_, verdict)| verdict.holds).collect();
        if verdicts[3] == Some(true) {
            assert_eq!(verdicts[4..7], [Some(true); 3], "{history:#?}");
        }
        if verdicts[2] == Some(true) {
            assert_eq!(verdicts[7], Some(true), "{history:#?}");
        }
    }
}

#[test]
fn causal_puts_are_monotonic_and_follow_reads() {
    let mut lot = Lot(6);
    for _ in 0..40_000 {
        let history = drawn(&mut lot, 9, false);
        let verdicts: Vec<Option<bool>> = judge(&history).into_iter().map(|(_, verdict)| verdict.holds).collect();
        if verdicts[2] == Some(true) {
            assert_eq!(verdicts[6..], [Some(true); 2], "{history:#?}");
        }
    }
}
