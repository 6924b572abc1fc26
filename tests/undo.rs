//! Inputs taken back and done again.

use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use synod_protocols::ALL;
use synod_tests::{RandomRun, Script};

fn texts(sim: &Simulation) -> Vec<String> {
    sim.inputs().iter().map(text).collect()
}

fn text(placed: &Value) -> String {
    placed.get("text").and_then(Value::as_text).unwrap_or_default().to_string()
}

fn undo(sim: &mut Simulation) -> Option<String> {
    sim.undo().as_ref().map(text)
}

fn redo(sim: &mut Simulation) -> Option<String> {
    sim.redo().as_ref().map(text)
}

/// Where a run stands: state, time, inputs, and everything that its trace tells.
fn stand(sim: &Simulation) -> (u64, u64, Vec<String>, Vec<Value>) {
    let mut records = Vec::new();
    sim.each_record(0, u64::MAX, &mut |record| records.push(record));
    (sim.fingerprint(), sim.now(), texts(sim), records)
}

fn fresh(lines: &str) -> Simulation {
    let mut script = Script::new("raft", "nodes=5 seed=7f3a");
    script.play(lines);
    script.simulation
}

#[test]
fn the_last_input_is_taken_back_and_done_again() {
    let mut sim = fresh("+300ms\ncrash A\n+40ms\nrequest set x 1\n+60.5ms");
    let whole = stand(&sim);
    assert_eq!(undo(&mut sim).as_deref(), Some("request set x 1"));
    assert_eq!(stand(&sim), stand(&fresh("+300ms\ncrash A\n+100.5ms")), "as if it had never been made");
    assert_eq!(sim.branches().len(), 2, "the old branch is kept");
    assert_eq!(undo(&mut sim).as_deref(), Some("crash A"));
    assert_eq!(stand(&sim), stand(&fresh("+400.5ms")));
    assert_eq!((undo(&mut sim), sim.can_undo()), (None, false));
    assert_eq!(redo(&mut sim).as_deref(), Some("crash A"));
    assert_eq!(redo(&mut sim).as_deref(), Some("request set x 1"));
    assert_eq!(stand(&sim), whole);
    assert_eq!((redo(&mut sim), sim.can_redo()), (None, false));
    assert_eq!(sim.branches().len(), 3);
    undo(&mut sim);
    assert_eq!(sim.branches().len(), 3, "the branch without it is there already");
}

#[test]
fn at_the_start_and_after_a_seek_back() {
    let mut sim = fresh("");
    assert_eq!((undo(&mut sim), redo(&mut sim)), (None, None));
    let mut sim = fresh("crash A\n+100ms\ncrash B\n+100ms\nrequest set x 1\n+400ms");
    sim.seek(150_000);
    assert_eq!(undo(&mut sim).as_deref(), Some("crash B"));
    assert_eq!((texts(&sim), sim.now()), (vec!["crash A".to_string()], 150_000), "what lay ahead stays behind");
    sim.seek(0);
    assert_eq!(undo(&mut sim).as_deref(), Some("crash A"), "it was made at 0");
    assert_eq!(stand(&sim), stand(&fresh("")));
    assert_eq!(redo(&mut sim).as_deref(), Some("crash A"));
    assert_eq!(redo(&mut sim).as_deref(), Some("crash B"), "ahead of now");
    assert_eq!((texts(&sim).len(), sim.now()), (3, 0));
    sim.seek(600_000);
    assert_eq!(stand(&sim), stand(&fresh("crash A\n+100ms\ncrash B\n+100ms\nrequest set x 1\n+400ms")));
    sim.seek(50_000);
    assert!(sim.can_undo());
    sim.seek(0);
    assert!(sim.can_undo(), "what was done at this very instant");
}

#[test]
fn redo_stands_at_the_present_time() {
    let mut sim = fresh("+100ms\ncrash A\n+100ms");
    undo(&mut sim);
    sim.run_to(900_000);
    assert_eq!(redo(&mut sim).as_deref(), Some("crash A"));
    assert_eq!(stand(&sim), stand(&fresh("+100ms\ncrash A\n+800ms")));
}

#[test]
fn another_input_is_the_end_of_redo() {
    let mut sim = fresh("+100ms\ncrash A\n+100ms");
    undo(&mut sim);
    let input = sim.parse(&Value::word("crash B")).expect("an input");
    sim.inject(input).expect("B is up");
    assert_eq!((sim.can_redo(), redo(&mut sim)), (false, None));
    undo(&mut sim);
    sim.switch(0).expect("the first branch");
    assert_eq!((sim.can_redo(), redo(&mut sim)), (false, None), "its branch was left");
}

#[test]
fn inputs_of_one_instant_go_one_by_one() {
    let mut sim = fresh("+207ms\nrequest set x 1\nrequest set x 2\ncrash B\nrestart B\nfire C election");
    let mut stands = vec![stand(&sim)];
    for text in ["fire C election", "restart B", "crash B", "request set x 2", "request set x 1"] {
        assert_eq!(undo(&mut sim).as_deref(), Some(text));
        assert_eq!(sim.now(), 207_000);
        stands.push(stand(&sim));
    }
    assert_eq!(stands[5], stand(&fresh("+207ms")));
    assert_eq!(stands[3], stand(&fresh("+207ms\nrequest set x 1\nrequest set x 2")));
    for before in stands.iter().rev().skip(1) {
        assert!(sim.redo().is_some());
        assert_eq!(stand(&sim), *before);
    }
}

/// Also where the run stands within an instant, and in a copy.
#[test]
fn redo_is_exact_wherever_one_stood() {
    for entry in ALL {
        for seed in (0..30).step_by(3) {
            let mut run = RandomRun::new(entry, seed, &[]);
            for _ in 0..40 {
                run.go_on();
            }
            let mut sim = run.simulation;
            let end = sim.now();
            sim.seek(end / 100 * (seed * 3 + 10));
            (0..seed % 4).for_each(|_| drop(sim.step()));
            let whole = stand(&sim);
            let undone: Vec<String> = std::iter::from_fn(|| undo(&mut sim)).collect();
            assert_eq!(sim.now(), whole.1);
            let mut copy = sim.clone();
            let redone: Vec<String> = std::iter::from_fn(|| redo(&mut sim)).collect();
            assert!(redone.iter().eq(undone.iter().rev()), "{} run {seed}", entry.id);
            assert_eq!(stand(&sim), whole, "{} run {seed}", entry.id);
            while copy.redo().is_some() {}
            assert_eq!(copy.fingerprint(), whole.0);
        }
    }
}

#[test]
fn more_inputs_than_branches_are_kept() {
    let lines: String = (0..100).map(|n| format!("+9ms\nrequest add x {n}\n")).collect();
    let mut sim = fresh(&lines);
    let whole = stand(&sim);
    (0..100).for_each(|_| assert!(sim.undo().is_some()));
    assert_eq!(stand(&sim), stand(&fresh("+900ms")));
    (0..100).for_each(|_| assert!(sim.redo().is_some()));
    assert_eq!(stand(&sim), whole);
}
