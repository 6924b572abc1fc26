//! A lesson that runs twice: first with a rule switched off, to the violation; then with it on, under the same seed
//! and the same inputs at the same times. Both runs go by one handle, in which they change places.

use synod_engine::error::{Error, Result};
use synod_engine::simulation::Simulation;
use synod_engine::units::Micros;
use synod_engine::value::Value;

use crate::Player;
use crate::breach::with_mutant;

impl Player {
    /// The run of the story at its beginning; `open` makes a run of a configuration.
    ///
    /// # Errors
    /// Where there is no such run.
    pub fn begin(&mut self, open: &mut dyn FnMut(&Value) -> Result<Simulation>) -> Result<Simulation> {
        (self.marks, self.twin, self.turned) = (Vec::new(), None, false);
        let config = &self.lesson.config;
        let Some(rule) = &self.lesson.without else { return open(config) };
        self.twin = Some(open(config)?);
        open(&with_mutant(config, rule))
    }

    /// The first step of the second run; past the last where there is none.
    pub fn turn(&self) -> usize {
        self.lesson.steps.iter().take_while(|step| step.same.is_none()).count()
    }

    /// Puts the run that a step is of into `run`.
    pub(crate) fn stand(&mut self, run: &mut Simulation, n: usize) -> Result<()> {
        let turned = n >= self.turn();
        if turned != self.turned {
            let twin = self.twin.as_mut().ok_or_else(|| Error::input("the lesson was not begun"))?;
            std::mem::swap(twin, run);
            self.turned = turned;
        }
        Ok(())
    }

    /// Inputs of the first run once more, to the end of the step that this one names. What the run has no place for,
    /// as a message that is not under way in it, is left out.
    pub(crate) fn repeat(&self, run: &mut Simulation, n: usize) -> Result<()> {
        let Some(same) = self.mark_of(n) else { return Ok(()) };
        let before = (self.turn()..n).filter_map(|step| self.mark_of(step)).map(|mark| mark.inputs).max();
        let first = self.twin.as_ref().map(Simulation::inputs).unwrap_or_default();
        for input in first.get(before.unwrap_or(0)..same.inputs).unwrap_or_default() {
            run.run_to(time_of(input).max(run.now()));
            let text = input.get("text").cloned().unwrap_or(Value::Null);
            let _ = run.parse(&text).and_then(|input| run.inject(input));
        }
        run.run_to(same.until.max(run.now()));
        Ok(())
    }

    fn mark_of(&self, n: usize) -> Option<&crate::Mark> {
        let id = self.lesson.steps.get(n)?.same.as_ref()?;
        self.marks.get(self.lesson.steps.iter().position(|step| step.id == *id)?)
    }
}

/// When an input was made.
pub(crate) fn time_of(input: &Value) -> Micros {
    let time = input.get("time").and_then(Value::as_number).unwrap_or_default() / 1_000;
    Micros::try_from(time).unwrap_or_default()
}
