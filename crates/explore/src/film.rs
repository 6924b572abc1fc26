//! What was found, step by step, as data: what happened, to whom, how everybody stood then, where the rule that is off
//! would have said no, and what broke.

use synod_engine::simulation::{Entry, Simulation};
use synod_engine::trace::Seq;
use synod_engine::units::Micros;
use synod_engine::value::{Key, Value};

use crate::goal::Goal;
use crate::stage::{AT_ONCE, Staged};

/// Cells of each strip in a step's frame.
const CELLS: usize = 12;

/// The steps of a run that was found.
pub fn steps(entry: &Entry, staged: &Staged, goal: &Goal) -> Vec<Value> {
    let mut run = staged.run.clone();
    let inputs = run.inputs();
    let mattered = mattered(entry, staged, &inputs);
    let moves = moves(staged, &inputs);
    run.seek(0);
    let (mut seq, mut broken, mut films) = (run.next_seq(), Vec::new(), Vec::new());
    for (place, at) in staged.steps.iter().enumerate() {
        let shown = shown(staged, place);
        run.seek(shown);
        let next = run.next_seq();
        let (text, event) = told(&run, seq, next);
        let here: Vec<usize> = run.breaks().map(|(property, _)| property).filter(|it| !broken.contains(it)).collect();
        let [verb, from, to, kind, epoch] = moves.get(place).cloned().unwrap_or_else(|| blank("input"));
        films.push(Value::map([
            ("move", verb),
            ("from", from),
            ("to", to),
            ("kind", kind),
            ("epoch", epoch),
            ("text", text),
            ("event", event),
            ("frame", run.frame(CELLS)),
            ("ruleMattered", Value::Bool(mattered == Some(place))),
            ("broken", Value::list(here.iter().map(|property| Value::string(goal.property(*property))))),
            ("at", Value::count(*at)),
        ]));
        broken.extend(here);
        seq = next;
    }
    films
}

/// When a step is looked at: what follows from it at once has happened, and of the next nothing.
fn shown(staged: &Staged, place: usize) -> Micros {
    let at = staged.steps[place];
    match (staged.steps.get(place + 1), &staged.choices) {
        (None, None) => at,
        (None, Some(_)) => at + AT_ONCE,
        (Some(next), _) => (at + AT_ONCE).min(next - 1),
    }
}

fn blank(verb: &'static str) -> [Value; 5] {
    [Value::word(verb), Value::Null, Value::Null, Value::Null, Value::count(0)]
}

/// What was done at each step: what was chosen, or the input.
fn moves(staged: &Staged, inputs: &[Value]) -> Vec<[Value; 5]> {
    let Some((plan, path)) = &staged.choices else {
        let of = |time: &Micros| {
            let input = inputs.iter().find(|input| time_of(input) == *time);
            let [verb, from, to, _, epoch] = blank("input");
            [verb, from, to, input.and_then(|input| input.get("kind").cloned()).unwrap_or(Value::Null), epoch]
        };
        return staged.steps.iter().map(of).collect();
    };
    let mut world = plan.start.clone();
    let word = |word: &Option<String>| word.as_ref().map_or(Value::Null, Value::string);
    let made = path.iter().map(|choice| {
        let told = world.told(*choice);
        world.take(*choice);
        let kind = told.kind.map_or(Value::Null, Value::word);
        [Value::word(told.verb), word(&told.from), word(&told.to), kind, Value::count(told.epoch)]
    });
    made.collect()
}

fn time_of(input: &Value) -> Micros {
    (input.get("time").and_then(Value::as_number).unwrap_or(0) / 1_000) as Micros
}

/// What the records say: the rule that acted last, and what set it off.
fn told(run: &Simulation, from: Seq, before: Seq) -> (Value, Value) {
    let (mut rule, mut event) = (Value::Null, Value::Null);
    run.each_record(from, before, &mut |record| {
        let says = record.get("says").cloned().unwrap_or(Value::Null);
        let what = record.get("what").and_then(Value::as_text).unwrap_or_default();
        match what {
            "rule" => rule = says,
            // What was done to a message is said by its arrival.
            "input" if record.get("message").is_some_and(|message| *message != Value::Null) => {}
            // Who crashes and restarts in one step has two inputs.
            "input" if event != Value::Null => event = joined(&event, &says),
            "input" | "deliver" | "timer" if event == Value::Null => event = says,
            _ => {}
        }
    });
    let text = if rule == Value::Null { event.clone() } else { rule };
    (text, event)
}

/// Two sentences, one after the other, in both languages.
fn joined(one: &Value, other: &Value) -> Value {
    let text = |says: &Value, key: &str| says.get(key).and_then(Value::as_text).unwrap_or_default().to_string();
    let [en, zh] = [("en", " "), ("zh", "")].map(|(key, between)| text(one, key) + between + &text(other, key));
    Value::map([("en", Value::string(en)), ("zh", Value::string(zh))])
}

/// The first step after which the same inputs would have led elsewhere, were no rule broken.
fn mattered(entry: &Entry, staged: &Staged, inputs: &[Value]) -> Option<usize> {
    let mut run = staged.run.clone();
    let mut whole = entry.open(&unbroken(run.setup())?, &mut || 1).ok()?;
    run.seek(0);
    let mut inputs = inputs.iter().peekable();
    for place in 0..staged.steps.len() {
        let until = shown(staged, place);
        while let Some(input) = inputs.next_if(|input| time_of(input) <= until) {
            whole.run_to(time_of(input));
            let text = input.get("text").cloned().unwrap_or(Value::Null);
            if whole.parse(&text).and_then(|input| whole.inject(input)).is_err() {
                return Some(place);
            }
        }
        run.seek(until);
        whole.run_to(until);
        if run.state_print() != whole.state_print() {
            return Some(place);
        }
    }
    None
}

/// The same configuration with every rule on; nothing where none is off.
fn unbroken(setup: Value) -> Option<Value> {
    let is_off = setup.get("mutants").and_then(Value::as_list).is_some_and(|mutants| !mutants.is_empty());
    let Value::Map(entries) = setup else { return None };
    let kept: Vec<(Key, Value)> = entries.into_iter().filter(|(key, _)| key != "mutants").collect();
    is_off.then_some(Value::Map(kept))
}
