//! What was found, made into an ordinary recording, and played again: what does not come to the goal there is thrown away.

use std::rc::Rc;

use synod_engine::input::Input;
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::units::{MS, Micros};
use synod_engine::untimed::Choice;

use crate::goal::Goal;
use crate::plan::{MOST_STEPS, Plan, STEP};

/// How long a message flies that is received at a step: what follows from the step before has happened when it leaves.
const FLIGHT: Micros = 19 * MS;
/// What follows from a step at once has happened by then.
pub const AT_ONCE: Micros = 100;

/// A run that comes to the goal, and its moments.
pub struct Staged {
    /// It stands where the goal is reached.
    pub run: Simulation,
    /// The times of its steps, the last of which comes to the goal.
    pub steps: Vec<Micros>,
    /// What was chosen at each, where it was found without time; else its inputs are its steps.
    pub(crate) choices: Option<(Rc<Plan>, Vec<Choice>)>,
}

impl Staged {
    /// How many steps it takes.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether it needs none: the goal is reached at the start.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Plays choices at one step after another. A message that is received at a step leaves at the one before.
pub fn stage(entry: &Entry, plan: &Rc<Plan>, path: &[Choice], goal: &Goal) -> Option<Staged> {
    if path.len() > MOST_STEPS {
        return None;
    }
    let mut run = plan.open(entry).ok()?;
    let mut world = plan.start.clone();
    let mut steps = Vec::new();
    for (place, choice) in path.iter().enumerate() {
        let here = (place as Micros + 1) * STEP;
        for input in world.input(*choice, FLIGHT) {
            run.run_to(if is_ahead(&input) { here - FLIGHT } else { here });
            run.inject(input).ok()?;
        }
        run.run_to(here + AT_ONCE);
        world.take(*choice).then_some(())?;
        steps.push(here);
    }
    goal.is_met_by(&run).then(|| Staged { run, steps, choices: Some((plan.clone(), path.to_vec())) })
}

/// Whether it is done a step before, so that a message is on its way meanwhile.
fn is_ahead(input: &Input) -> bool {
    matches!(input, Input::Deliver(..) | Input::Duplicate(_))
}
