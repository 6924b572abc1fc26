//! The largest histories that are promised to be judged exactly: 12 operations a key, 60 in all.

mod hard;

use hard::{Lot, Shape, history};
use synod_judge::{Verdict, judge};

const CLIENTS: [u64; 7] = [2, 3, 5, 8, 12, 20, 60];

/// Of histories of every such shape, verdicts by level; a third of them right, the rest with one answer or three
/// spoiled; half with operations that read and write.
fn judged(keys: u64, values: &[u64], each: &mut dyn FnMut(&[Verdict], &str)) {
    for clients in CLIENTS {
        for (values, n) in values.iter().flat_map(|values| (0..30).map(move |n| (*values, n))) {
            let shape = Shape { clients, keys, each: 12, values, wrong: [0, 1, 3][n as usize % 3], rmw: n % 2 * 3 };
            let history = history(&mut Lot(clients * 1_000 + values * 100 + n), &shape);
            let verdicts: Vec<Verdict> = judge(&history).into_iter().map(|(_, verdict)| verdict).collect();
            each(&verdicts, &format!("{clients} clients, {keys} keys, {values} values, {n}"));
        }
    }
}

#[test]
fn twelve_operations_on_a_key_are_judged_exactly() {
    judged(1, &[1, 2, 3, 100], &mut |verdicts, what| {
        assert!(verdicts.iter().all(|verdict| verdict.holds.is_some()), "{what}");
    });
}

#[test]
fn sixty_operations_with_values_that_differ_are_judged_exactly() {
    judged(5, &[1_000_000], &mut |verdicts, what| {
        assert!(verdicts.iter().all(|verdict| verdict.holds.is_some()), "{what}");
    });
}

/// Whether there is one order of so many is hard where values repeat (Gibbons and Korach 1997); what is asked of one key
/// at a time is not.
#[test]
fn sixty_operations_with_few_values_are_judged_but_for_few() {
    let (mut unknown, mut all) = (0, 0);
    judged(5, &[1, 2, 3], &mut |verdicts, what| {
        assert!([0, 4, 5].iter().all(|at| verdicts[*at].holds.is_some()), "{what}");
        unknown += verdicts.iter().filter(|verdict| verdict.holds.is_none()).count();
        all += verdicts.len();
    });
    println!("{unknown} of {all} verdicts unknown");
    assert!(unknown * 200 < all, "{unknown} of {all}");
}
