//! Sums over many trials, and what was published of them.

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;

/// How many in a thousand reads the PBS paper and its fits have seeing a write that was answered just now, of three
/// replicas: with R 1 and W 1, R 1 and W 2, R 2 and W 1, R 2 and W 2.
pub const PUBLISHED_STALENESS: [(&str, [u64; 4]); 4] = [
    ("ssd", [974, 977, 999, 1_000]),
    ("disk", [439, 710, 765, 1_000]),
    ("ymmr", [893, 917, 991, 1_000]),
    ("wan", [330, 1_000, 858, 1_000]),
];

/// A curve: its id, how many trials there were, and where in microseconds what sum was reached.
pub type Counted = (String, u64, Vec<(u64, u64)>);

/// What so many batches of a odds come to.
pub fn odds(run: &Simulation, id: &str, batches: u32) -> Vec<Counted> {
    let mut sums: Vec<Counted> = Vec::new();
    for batch in 0..batches {
        let value = run.odds(id, batch);
        for (at, curve) in value.as_list().unwrap_or_default().iter().enumerate() {
            let whole = |value: &Value| value.as_whole().unwrap_or_default() as u64;
            let part = |key: &str| curve.get(key).cloned().unwrap_or(Value::Null);
            let point = |one: &Value| {
                let [place, sum] = one.as_list().expect("a pair") else { panic!("a pair") };
                (place.as_number().unwrap_or_default() as u64 / 1_000, whole(sum))
            };
            let points: Vec<(u64, u64)> = part("points").as_list().unwrap_or_default().iter().map(point).collect();
            let id = part("id").as_text().unwrap_or_default().to_string();
            match sums.get_mut(at) {
                None => sums.push((id, whole(&part("trials")), points)),
                Some((_, trials, known)) => {
                    *trials += whole(&part("trials"));
                    known.iter_mut().zip(points).for_each(|(known, new)| known.1 += new.1);
                }
            }
        }
    }
    sums
}
