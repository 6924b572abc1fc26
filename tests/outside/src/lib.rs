//! Histories as the checkers of others take them: Stateright's testers of linearizability and of sequential
//! consistency, and the checker of `todc-utils` (Wing and Gong 1993, with Lowe's memory of 2017).

use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialConsistencyTester, SequentialSpec};
use synod_judge::{Action, Fate, Operation, Scalar};
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::{Action as Step, History};
use todc_utils::specifications::Specification;

/// Two keys.
pub type Store = [Option<i64>; 2];

#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Done,
    Value(Option<i64>),
    Swapped(bool),
}

/// What is done to which key.
#[derive(Clone, Debug)]
pub enum Do {
    Put(usize, Option<i64>),
    Get(usize),
    Add(usize, i64),
    Cas(usize, Option<i64>, Option<i64>),
}

/// The one copy that both checkers measure by.
pub fn serve(store: &mut Store, what: &Do) -> Told {
    match *what {
        Do::Put(key, value) => {
            store[key] = value;
            Told::Done
        }
        Do::Get(key) => Told::Value(store[key]),
        Do::Add(key, by) => {
            store[key] = Some(store[key].unwrap_or(0) + by);
            Told::Value(store[key])
        }
        Do::Cas(key, from, to) => {
            let swaps = store[key] == from;
            if swaps {
                store[key] = to;
            }
            Told::Swapped(swaps)
        }
    }
}

fn held(scalar: &Scalar) -> Option<i64> {
    match scalar {
        Scalar::Number(n) => Some(*n),
        _ => None,
    }
}

/// An operation and its answer; none where it is open.
fn meant(one: &Operation) -> (Do, Option<Told>) {
    let key = usize::from(one.key != "x");
    let (what, told) = match &one.action {
        Action::Put(value) => (Do::Put(key, held(value)), Told::Done),
        Action::Delete => (Do::Put(key, None), Told::Done),
        Action::Get(value) => (Do::Get(key), Told::Value(held(value))),
        Action::Add { by, sum } => (Do::Add(key, *by), Told::Value(Some(*sum))),
        Action::Cas { from, to, swapped } => (Do::Cas(key, held(from), held(to)), Told::Swapped(*swapped)),
    };
    (what, matches!(one.fate, Fate::Answered(_)).then_some(told))
}

/// Each call (true) and each answer, in the order of time. No two are at one moment.
fn events(history: &[Operation]) -> Vec<(u64, usize, bool)> {
    let mut events: Vec<(u64, usize, bool)> = Vec::new();
    for (at, one) in history.iter().enumerate().filter(|(_, one)| one.fate != Fate::Failed) {
        events.push((one.call, at, true));
        if let Fate::Answered(answer) = one.fate {
            events.push((answer, at, false));
        }
    }
    events.sort_unstable();
    events
}

#[derive(Clone)]
struct Copy(Store);

impl SequentialSpec for Copy {
    type Op = Do;
    type Ret = Told;
    fn invoke(&mut self, what: &Do) -> Told {
        serve(&mut self.0, what)
    }
}

fn fed<'a, T: ConsistencyTester<&'a str, Copy>>(mut tester: T, history: &'a [Operation]) -> bool {
    for (_, at, call) in events(history) {
        let (client, (what, told)) = (history[at].client.as_str(), meant(&history[at]));
        match told.filter(|_| !call) {
            Some(told) => _ = tester.on_return(client, told).expect("an answer to a call"),
            None => _ = tester.on_invoke(client, what).expect("one call at a time"),
        }
    }
    tester.is_consistent()
}

/// What Stateright says of it.
pub fn linearizable(history: &[Operation]) -> bool {
    fed(LinearizabilityTester::new(Copy([None; 2])), history)
}

/// What Stateright says of it.
pub fn sequential(history: &[Operation]) -> bool {
    fed(SequentialConsistencyTester::new(Copy([None; 2])), history)
}

struct Spec;

impl Specification for Spec {
    type State = Store;
    type Operation = (Do, Option<Told>);
    fn init() -> Store {
        [None; 2]
    }
    fn apply((what, told): &Self::Operation, store: &Store) -> (bool, Store) {
        let mut after = *store;
        let answer = serve(&mut after, what);
        if told.as_ref().is_none_or(|told| *told == answer) { (true, after) } else { (false, *store) }
    }
}

/// What `todc-utils` says of it. To that checker what is open is answered at the very end, where nobody looks.
pub fn linearizable_too(history: &[Operation]) -> bool {
    let line = events(history);
    let open = (0..history.len()).filter(|at| history[*at].fate == Fate::Open);
    let answers = open.map(|at| (0, at, false));
    // A process has one operation after another: an open one keeps its own for itself.
    let steps = line.into_iter().chain(answers).map(|(_, at, call)| {
        let operation = meant(&history[at]);
        (at, if call { Step::Call(operation) } else { Step::Response(operation) })
    });
    WGLChecker::<Spec>::is_linearizable(History::from_actions(steps.collect()))
}
