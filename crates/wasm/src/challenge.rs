//! Challenges for the page: read from data, and judged over a [`Simulation`].

use synod_engine::error::{Code, Error};
use synod_engine::value::Value;
use synod_lessons::{Met, Objective, Referee, State, Text, is_fault};
use wasm_bindgen::prelude::*;

use crate::rim::{js, thrown, value};
use crate::{Given, Simulation, Thrown, entropy, find};

/// So many events of a run are judged at once; the rest is when it is asked again.
const AT_ONCE: usize = 400;

#[wasm_bindgen]
pub struct Challenge {
    referee: Referee,
}

fn open(config: &Value) -> Result<synod_engine::simulation::Simulation, Error> {
    find(config.get("protocol").and_then(Value::as_text))?.open(config, &mut entropy)
}

#[wasm_bindgen]
impl Challenge {
    /// A challenge out of its data.
    #[wasm_bindgen(constructor)]
    pub fn new(data: JsValue) -> Thrown<Challenge> {
        let read = || -> Result<_, Error> { synod_lessons::read_challenge(&value(&data, Code::BadInput)?) };
        let mut referee = Referee::new(read().map_err(|error| thrown(&error))?);
        referee.begin(&mut open).map_err(|error| thrown(&error))?;
        Ok(Challenge { referee })
    }

    /// What a player is shown of it, with a recording of the stored solution.
    #[wasm_bindgen(unchecked_return_type = "ChallengePlan")]
    pub fn plan(&mut self) -> Given {
        let mut plan = || -> Result<_, Error> {
            let best = self.referee.best(&mut open)?;
            let solution = self.referee.solve(&mut open)?.recording();
            let from = Value::or_null(self.referee.begins(), Value::ms);
            let one = &self.referee.challenge;
            Ok(js(&Value::map([
                ("id", Value::string(&one.id)),
                ("protocol", Value::string(&one.protocol)),
                ("title", one.title.value()),
                ("sentence", one.sentence.value()),
                ("hint", one.hint.value()),
                ("watch", one.watch.value()),
                ("tools", Value::list(one.tools.iter().map(Value::string))),
                ("faulty", Value::list(one.tools.iter().filter(|tool| is_fault(tool)).map(Value::string))),
                ("faults", Value::count(one.faults as u64)),
                ("moves", Value::count(one.moves as u64)),
                ("stars", Value::list(one.stars.iter().map(|n| Value::count(*n as u64)))),
                ("from", from),
                ("within", Value::ms(one.within)),
                ("objectives", Value::list(one.objectives.iter().map(objective))),
                (
                    "best",
                    Value::map([
                        ("moves", Value::count(best.moves as u64)),
                        ("faults", Value::count(best.faults as u64)),
                    ]),
                ),
                ("solution", Value::string(solution)),
            ])))
        };
        plan().map_err(|error| thrown(&error))
    }

    /// The run as the player takes it over.
    pub fn begin(&mut self) -> Thrown<Simulation> {
        self.referee.begin(&mut open).map(Simulation::of).map_err(|error| thrown(&error))
    }

    /// How a run stands; one that does not begin as the challenge does is refused. Where `behind` is true, it is to be
    /// asked again: a long way is judged in parts. A hint that was read costs a star.
    #[wasm_bindgen(unchecked_return_type = "ChallengeState")]
    pub fn judge(&mut self, run: &Simulation, hinted: bool) -> Given {
        let state = self.referee.judge(&run.running, AT_ONCE, hinted);
        state.map(|state| js(&told(&state))).map_err(|error| thrown(&error))
    }

    /// Throws where an input may not be made now, as it is no tool of this challenge or a limit is reached.
    pub fn allows(
        &self,
        run: &Simulation,
        #[wasm_bindgen(unchecked_param_type = "string | Input")] input: JsValue,
    ) -> Thrown<()> {
        let input = value(&input, Code::BadInput).map_err(|error| thrown(&error))?;
        self.referee.allows(&run.running, &input).map_err(|error| thrown(&error))
    }
}

fn objective(one: &Objective) -> Value {
    Value::map([
        ("says", one.says.value()),
        ("faults", Value::or_null(one.faults, |n| Value::count(n as u64))),
        ("extra", Value::Bool(one.extra)),
    ])
}

fn told(state: &State) -> Value {
    let met = |met: &Met| {
        Value::map([
            ("time", Value::ms(met.time)),
            ("says", Value::or_null(met.done.as_ref(), Text::value)),
            ("moves", Value::count(met.moves as u64)),
            ("faults", Value::count(met.faults as u64)),
        ])
    };
    Value::map([
        ("met", Value::list(state.met.iter().map(met))),
        ("now", Value::or_null(state.now.as_ref(), Text::value)),
        ("moves", Value::count(state.moves as u64)),
        ("faults", Value::count(state.faults as u64)),
        ("over", Value::or_null(state.over, |over| Value::word(over.id()))),
        ("stars", Value::count(state.stars as u64)),
        ("behind", Value::Bool(state.behind)),
    ])
}
