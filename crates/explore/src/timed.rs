//! Random runs with time, where what is looked for is about time, and inputs taken away from what they find.

use synod_engine::simulation::{Entry, Simulation};
use synod_engine::units::{MS, Micros};
use synod_engine::value::{Key, Value};

use crate::goal::Goal;
use crate::plan::MOST_STEPS;
use crate::random_run::RandomRun;
use crate::request::Request;
use crate::stage::Staged;

/// Inputs of one random run at the most.
const INPUTS: u32 = 60;
/// How long a run goes on after its last input.
const GOES_ON: Micros = 400 * MS;

/// An input and when it is made.
type Made = (Micros, String);

/// Random runs, one after another.
pub struct Timed {
    seed: u64,
    run: Option<(RandomRun, u32)>,
    pub runs: u64,
    pub made: u64,
}

impl Timed {
    pub fn new(seed: u64) -> Timed {
        Timed { seed, run: None, runs: 0, made: 0 }
    }

    /// Goes on until a run comes to the goal or so many events were handled.
    pub fn work(&mut self, budget: &mut u64, request: &Request) -> Option<Found> {
        while *budget > 0 {
            let (mut run, inputs) = match self.run.take() {
                Some(going) => going,
                None => (self.begin(request)?, 0),
            };
            let before = run.simulation.next_seq();
            run.go_on();
            let made = run.simulation.next_seq().saturating_sub(before).max(1);
            (*budget, self.made) = (budget.saturating_sub(made), self.made + made);
            if request.goal.is_met_by(&run.simulation) {
                return Some(Found::new(&run.simulation, request));
            }
            if inputs < INPUTS {
                self.run = Some((run, inputs + 1));
            }
        }
        None
    }

    fn begin(&mut self, request: &Request) -> Option<RandomRun> {
        self.runs += 1;
        let seed = self.seed.wrapping_mul(0x9e37_79b9).wrapping_add(self.runs);
        let run = RandomRun::under(request.entry, &request.config, seed).ok()?;
        Some(run.avoiding(request.allow.avoided()))
    }
}

/// A run with time that comes to the goal, being shrunk.
pub struct Found {
    config: Value,
    inputs: Vec<Made>,
    /// Stretches of this length are left out, of which the one at this place is next.
    size: usize,
    at: usize,
    rounds: usize,
    /// How many inputs it had, and events that were handled since.
    pub first: usize,
    pub made: u64,
}

/// Times are rounded to these, the roughest first.
const ROUND: [Micros; 3] = [10 * MS, 5 * MS, MS];

impl Found {
    fn new(run: &Simulation, request: &Request) -> Found {
        let inputs: Vec<Made> = run.inputs().iter().map(made).collect();
        // What seed it had is a part of it.
        let config = with(run.setup(), &request.config);
        let (size, first) = ((inputs.len() / 2).max(1), inputs.len());
        Found { config, inputs, size, at: 0, rounds: 0, first, made: 0 }
    }

    /// Goes on until it is done or has done so much. True where it is done.
    pub fn work(&mut self, budget: &mut u64, entry: &Entry, goal: &Goal) -> bool {
        while *budget > 0 {
            let before = self.made;
            if self.size == 0 && !self.round(entry, goal) {
                return true;
            }
            if self.size > 0 {
                self.leave_out(entry, goal);
            }
            *budget = budget.saturating_sub((self.made - before).max(1));
        }
        false
    }

    fn leave_out(&mut self, entry: &Entry, goal: &Goal) {
        if self.at >= self.inputs.len() {
            (self.size, self.at) = (self.size / 2, 0);
            return;
        }
        let mut fewer = self.inputs.clone();
        fewer.drain(self.at..(self.at + self.size).min(self.inputs.len()));
        match self.play(&fewer, entry, goal) {
            // What came after it is not needed either.
            Some((_, end)) => self.inputs = fewer.into_iter().filter(|(time, _)| *time <= end).collect(),
            None => self.at += self.size,
        }
    }

    /// Rounds the times, as roughly as can be. False where that was done.
    fn round(&mut self, entry: &Entry, goal: &Goal) -> bool {
        let Some(unit) = ROUND.get(self.rounds) else { return false };
        self.rounds += 1;
        let rounded: Vec<Made> = self.inputs.iter().map(|(time, text)| (time / unit * unit, text.clone())).collect();
        if self.play(&rounded, entry, goal).is_some() {
            (self.inputs, self.rounds) = (rounded, ROUND.len());
        }
        true
    }

    /// Plays inputs at their times and goes on for a while. Gives the run if it comes to the goal, and when.
    fn play(&mut self, inputs: &[Made], entry: &Entry, goal: &Goal) -> Option<(Simulation, Micros)> {
        let mut run = entry.open(&self.config, &mut || 1).ok()?;
        let mut end = None;
        for (time, text) in inputs {
            self.made += run.run_to(*time);
            if goal.is_met_by(&run) {
                end = Some(run.now());
                break;
            }
            let input = run.parse(&Value::string(text)).ok()?;
            run.inject(input).ok()?;
            self.made += 1;
        }
        let until = run.now() + GOES_ON;
        while end.is_none() && run.now() <= until {
            if goal.is_met_by(&run) {
                end = Some(run.now());
                break;
            }
            self.made += 1;
            if run.step().is_none() {
                break;
            }
        }
        end.map(|end| (run, end))
    }

    /// The run that is left, and its moments: its inputs, and the goal.
    pub fn staged(&mut self, entry: &Entry, goal: &Goal) -> Option<Staged> {
        let inputs = self.inputs.clone();
        let (run, end) = self.play(&inputs, entry, goal)?;
        // It may have broken before anybody asked.
        let end = goal.moment(&run).unwrap_or(end).min(end);
        let mut steps: Vec<Micros> = inputs.iter().map(|(time, _)| *time).filter(|time| *time < end).collect();
        steps.dedup();
        steps.push(end);
        (steps.len() <= MOST_STEPS).then_some(Staged { run, steps, choices: None })
    }
}

fn made(input: &Value) -> Made {
    let time = input.get("time").and_then(Value::as_number).unwrap_or(0) / 1_000;
    (time as Micros, input.get("text").and_then(Value::as_text).unwrap_or_default().to_string())
}

/// The configuration of a run. Only what was given or differs from the usual would do; all of it says the same.
fn with(setup: Value, given: &Value) -> Value {
    let (Value::Map(setup), Value::Map(given)) = (setup, given) else { return Value::Null };
    let kept = |key: &Key| given.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    // What is off is said by being left out.
    Value::Map(
        setup
            .into_iter()
            .map(|(key, value)| {
                let value = if value == Value::Null { kept(&key).unwrap_or(value) } else { value };
                (key, value)
            })
            .collect(),
    )
}
