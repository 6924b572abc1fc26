//! The judge as a module of its own, for pages: no imports, no names, no texts. Operations go in as rows of whole
//! numbers, and verdicts come out as a list of them; `www/history/judge.js` is the other side.
//!
//! A row is client, key, kind, a, b, told, call, answer: the kinds are put 0 (a), get 1 (told), add 2 (by a, told the
//! sum), cas 3 (from a to b, told 1 if it swapped) and delete 4; clients, keys and times are numbers from 0. An answer of -1 is none
//! yet, and -2 never will be. Values are numbers, those that the page gave
//! to texts among them, or [`NOTHING`].

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

#[cfg(target_arch = "wasm32")]
mod bare;

use alloc::string::String;
use alloc::vec::Vec;

use synod_judge::{Action, Fate, Operation, Scalar, Verdict, judge_within};

const ROW: usize = 8;
/// The value of a key that holds nothing.
pub const NOTHING: i64 = i64::MIN;

fn scalar(value: i64) -> Scalar {
    if value == NOTHING { Scalar::Null } else { Scalar::Number(value) }
}

fn name(number: i64) -> String {
    char::from_u32(number as u32 + 0x100).into_iter().collect()
}

fn operation(row: &[i64]) -> Operation {
    let (a, b, told) = (row[3], row[4], row[5]);
    let action = match row[2] {
        0 => Action::Put(scalar(a)),
        1 => Action::Get(scalar(told)),
        2 => Action::Add { by: a, sum: told },
        3 => Action::Cas { from: scalar(a), to: scalar(b), swapped: told == 1 },
        _ => Action::Delete,
    };
    let fate = match row[7] {
        -1 => Fate::Open,
        -2 => Fate::Failed,
        answer => Fate::Answered(answer as u64),
    };
    Operation { client: name(row[0]), key: name(row[1]), action, call: row[6] as u64, fate }
}

/// Of each level: 1 if it holds, 0 if not, -1 if unknown; 1 if there was nothing to test; then its order, its witnesses, and how many views,
/// each with its client. Lists begin with their length, and that of no order is -1.
pub fn judged(rows: &[i64], budget: u64) -> Vec<i64> {
    let operations: Vec<Operation> = rows.chunks_exact(ROW).map(operation).collect();
    let mut out = Vec::new();
    for (_, verdict) in judge_within(&operations, budget) {
        write(&verdict, &operations, &mut out);
    }
    out
}

fn write(verdict: &Verdict, operations: &[Operation], out: &mut Vec<i64>) {
    let list = |some: &[usize], out: &mut Vec<i64>| {
        out.push(some.len() as i64);
        out.extend(some.iter().map(|at| *at as i64));
    };
    out.push(verdict.holds.map_or(-1, i64::from));
    out.push(i64::from(verdict.vacuous));
    match &verdict.order {
        Some(order) => list(order, out),
        None => out.push(-1),
    }
    list(&verdict.witnesses, out);
    out.push(verdict.views.len() as i64);
    for (client, order) in &verdict.views {
        // Whose view it is, by an operation of that client.
        out.push(operations.iter().position(|one| one.client == *client).map_or(-1, |at| at as i64));
        list(order, out);
    }
}
