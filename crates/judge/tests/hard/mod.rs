//! Large histories: a run of one copy, told by clients that lag behind it, with some answers spoiled.

use synod_judge::{Action, Fate, Operation, Scalar};

/// Chance without floats: a multiplier of Knuth's.
pub struct Lot(pub u64);

impl Lot {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

pub struct Shape {
    pub clients: u64,
    pub keys: u64,
    /// Operations a key.
    pub each: u64,
    /// How many values there are: few make many sources possible.
    pub values: u64,
    /// How many answers are spoiled.
    pub wrong: u64,
    /// Of ten operations, how many read and write.
    pub rmw: u64,
}

pub fn history(lot: &mut Lot, shape: &Shape) -> Vec<Operation> {
    let size = shape.keys * shape.each;
    let mut keys: Vec<u64> = (0..size).map(|n| n % shape.keys).collect();
    (1..keys.len()).rev().for_each(|n| keys.swap(n, lot.below(n as u64 + 1) as usize));
    let mut copies = vec![None; shape.keys as usize];
    let mut history: Vec<Operation> = Vec::new();
    let mut free = vec![0; shape.clients as usize];
    for (at, key) in keys.into_iter().enumerate() {
        let (copy, client) = (&mut copies[key as usize], lot.below(shape.clients) as usize);
        let kind = lot.below(10);
        let action = if kind < shape.rmw {
            let sum = copy.unwrap_or(0) + 1;
            *copy = Some(sum);
            Action::Add { by: 1, sum }
        } else if kind < 6 {
            *copy = Some(1 + lot.below(shape.values) as i64);
            Action::Put(copy.map_or(Scalar::Null, Scalar::Number))
        } else {
            Action::Get(copy.map_or(Scalar::Null, Scalar::Number))
        };
        // The moment lies within the bar, which begins when the client is free.
        let moment = 100 * (at as u64 + 1);
        let call = free[client].max(moment - lot.below(100 * shape.clients).min(moment - 1));
        let answer = moment.max(call) + 1 + lot.below(40);
        free[client] = answer + 1;
        let (client, key) = (format!("C{client}"), format!("k{key}"));
        history.push(Operation { client, key, action, call, fate: Fate::Answered(answer) });
    }
    for _ in 0..shape.wrong {
        let at = lot.below(size) as usize;
        let told = 1 + lot.below(shape.values) as i64;
        if let Action::Get(value) = &mut history[at].action {
            *value = Scalar::Number(told);
        }
    }
    history
}
