//! "Break this rule": the run of the story again, with a rule broken, as far as its inputs are
//! still valid. A broken rule changes nothing before it is first needed, so that the reader finds
//! the moment as the story left it.

use synod_engine::error::{Error, Result};
use synod_engine::simulation::Simulation;
use synod_engine::units::Micros;
use synod_engine::value::{Key, Value};

use crate::again::time_of;
use crate::player::follow;
use crate::{Breach, Leads, Player};

/// A run in which a rule is broken, played to its end, and where in it a reader is to stand.
pub struct Broken {
    pub run: Simulation,
    pub stand: Micros,
}

impl Player {
    fn breach(&self, n: usize) -> Result<&Breach> {
        match self.lesson.steps.get(n).and_then(|step| step.link.as_ref()).map(|link| &link.leads) {
            Some(Leads::Broken(breach)) => Ok(breach),
            _ => Err(Error::input("this step breaks no rule")),
        }
    }

    /// The run of the story with the rule broken that a step's link names. `run` is the story's, and
    /// stands where it stood; `open` makes a run of a configuration.
    ///
    /// # Errors
    /// Where the step breaks no rule, or its own lines cannot be played.
    pub fn broken(
        &mut self,
        run: &mut Simulation,
        n: usize,
        open: &mut dyn FnMut(&Value) -> Result<Simulation>,
    ) -> Result<Broken> {
        self.breach(n)?;
        let now = run.now();
        let end = self.reach(run, n)?.clone();
        run.seek(now);
        let breach = self.breach(n)?;
        let before = breach.before.as_ref();
        let first = before.and_then(|id| self.lesson.steps.iter().position(|step| step.id == *id)).unwrap_or(n + 1);
        let stand = first.checked_sub(1).and_then(|step| self.known(step)).map_or(0, |mark| mark.until);
        let mut broken = open(&with_mutant(&self.lesson.config, &breach.mutant))?;
        let own = !breach.play.is_empty();
        for input in &run.inputs()[..end.inputs] {
            let time = time_of(input);
            if own && time > stand {
                break;
            }
            broken.run_to(time);
            // What the broken run has no place for is left out.
            let text = input.get("text").cloned().unwrap_or(Value::Null);
            let _ = broken.parse(&text).and_then(|input| broken.inject(input));
        }
        if own {
            broken.run_to(stand + 1);
            let since = (broken.next_seq(), broken.now());
            breach.play.iter().try_for_each(|line| follow(line, &mut broken, since))?;
        } else {
            broken.run_to(end.until);
        }
        Ok(Broken { run: broken, stand })
    }
}

pub(crate) fn with_mutant(config: &Value, mutant: &str) -> Value {
    let Value::Map(entries) = config else { return config.clone() };
    let mut mutants: Vec<Value> = config.get("mutants").and_then(Value::as_list).unwrap_or_default().to_vec();
    if !mutants.iter().any(|one| one.as_text() == Some(mutant)) {
        mutants.push(Value::string(mutant));
    }
    let others = entries.iter().filter(|(key, _)| key != "mutants").cloned();
    let mutants: (Key, Value) = ("mutants".into(), Value::List(mutants));
    Value::Map(others.chain([mutants]).collect())
}
