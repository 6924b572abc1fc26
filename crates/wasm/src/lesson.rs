//! Lessons for the page: read from data, played over a [`Simulation`].

use synod_engine::error::{Code, Error};
use synod_engine::value::Value;
use synod_lessons::{Answer, Ask, Leads, Link, Mark, Player, Step, Task, Text, Verdict};
use wasm_bindgen::prelude::*;

use crate::rim::{js, thrown, value};
use crate::{Given, Simulation, Thrown, entropy, find};

#[wasm_bindgen]
pub struct Lesson {
    player: Player,
}

#[wasm_bindgen]
impl Lesson {
    /// A lesson out of its data.
    #[wasm_bindgen(constructor)]
    pub fn new(data: JsValue) -> Thrown<Lesson> {
        let read = || -> Result<_, Error> { synod_lessons::read(&value(&data, Code::BadInput)?) };
        let lesson = read().map_err(|error| thrown(&error))?;
        Ok(Lesson { player: Player::new(lesson) })
    }

    /// What a reader is shown of it, but for the words of the steps.
    #[wasm_bindgen(unchecked_return_type = "LessonPlan")]
    pub fn plan(&self) -> Given {
        let lesson = &self.player.lesson;
        Ok(js(&Value::map([
            ("id", Value::string(&lesson.id)),
            ("protocol", Value::string(&lesson.protocol)),
            ("title", lesson.title.value()),
            ("summary", lesson.summary.value()),
            ("notes", Value::list(lesson.notes.iter().map(Text::value))),
            ("turn", Value::or_null(lesson.without.as_ref(), |_| Value::count(self.player.turn() as u64))),
            ("steps", Value::list(lesson.steps.iter().map(|one| step(&lesson.protocol, one)))),
        ])))
    }

    /// The run of the story, at its beginning.
    pub fn begin(&mut self) -> Thrown<Simulation> {
        let protocol = self.player.lesson.protocol.clone();
        let mut open = |config: &Value| find(Some(&protocol))?.open(config, &mut entropy);
        self.player.begin(&mut open).map(Simulation::of).map_err(|error| thrown(&error))
    }

    /// Stands the run of the story at the end of a step, and gives when the step began and ended
    /// and its words.
    #[wasm_bindgen(unchecked_return_type = "LessonMark")]
    pub fn reach(&mut self, run: &mut Simulation, step: usize) -> Given {
        self.player.reach(&mut run.running, step).map(mark_value).map_err(|error| thrown(&error))
    }

    /// The same of a step that has been reached before, without moving the run; else nothing.
    #[wasm_bindgen(unchecked_return_type = "LessonMark | undefined")]
    pub fn known(&self, step: usize) -> Given {
        Ok(self.player.known(step).map_or(JsValue::UNDEFINED, mark_value))
    }

    /// A copy of the run as it stands, for the reader: what the story does later is not ahead of it.
    pub fn copy(&self, run: &Simulation) -> Simulation {
        Simulation::of(self.player.copy(&run.running))
    }

    /// A copy of the run at the end of a step with another future ahead of it, to its `end`: what would make an answer
    /// true, by its place (`answers[n].shows`), or without one the solution of the step's task.
    pub fn future(&mut self, run: &mut Simulation, step: usize, answer: Option<usize>) -> Thrown<Simulation> {
        let future = self.player.future(&mut run.running, step, answer);
        future.map(Simulation::of).map_err(|error| thrown(&error))
    }

    /// The run of the story with the rule broken that a step's link names (`link.broken`): a
    /// recording, and the moment at which a reader is to stand in it, just before the rule matters.
    /// What then breaks lies ahead.
    #[wasm_bindgen(unchecked_return_type = "{ recording: string; t: number }")]
    pub fn broken(&mut self, run: &mut Simulation, step: usize) -> Thrown<JsValue> {
        let protocol = self.player.lesson.protocol.clone();
        let mut open = |config: &Value| find(Some(&protocol))?.open(config, &mut entropy);
        let broken = self.player.broken(&mut run.running, step, &mut open).map_err(|error| thrown(&error))?;
        Ok(js(&Value::map([("recording", Value::string(broken.run.recording())), ("t", Value::ms(broken.stand))])))
    }

    /// The place of the right answer to a step's question: what the next step makes true.
    pub fn right(&mut self, run: &mut Simulation, step: usize) -> Thrown<Option<usize>> {
        let right = self.player.right(&mut run.running, step).map_err(|error| thrown(&error))?;
        Ok(right.first().copied())
    }

    /// Judges a reader's copy of the run, made at the end of a step with a task.
    #[wasm_bindgen(unchecked_return_type = "\"open\" | \"done\" | \"spent\" | \"too-late\"")]
    pub fn judge(&self, copy: &Simulation, step: usize) -> Thrown<String> {
        let verdict = self.player.judge(&copy.running, step).map_err(|error| thrown(&error))?;
        let word = match verdict {
            Verdict::Open => "open",
            Verdict::Done => "done",
            Verdict::Spent => "spent",
            Verdict::TooLate => "too-late",
        };
        Ok(word.into())
    }
}

fn mark_value(mark: &Mark) -> JsValue {
    js(&Value::map([
        ("from", Value::ms(mark.from)),
        ("until", Value::ms(mark.until)),
        ("say", mark.say.value()),
        ("then", Value::or_null(mark.then.as_ref(), Text::value)),
        ("told", Value::ms(mark.told)),
        ("more", Value::or_null(mark.more.as_ref(), Text::value)),
    ]))
}

fn step(protocol: &str, step: &Step) -> Value {
    Value::map([
        ("id", Value::string(&step.id)),
        ("name", step.name.value()),
        ("focus", Value::list(step.focus.iter().map(Value::string))),
        ("lasts", Value::or_null(step.lasts, Value::count)),
        ("tryIt", Value::or_null(step.try_it.as_ref(), Text::value)),
        ("link", Value::or_null(step.link.as_ref(), |one| link(protocol, one))),
        ("ask", Value::or_null(step.ask.as_ref(), ask)),
        ("task", Value::or_null(step.task.as_ref(), task)),
    ])
}

/// A broken rule has an address too, of the lab's own run: what a page can do at least.
fn link(protocol: &str, link: &Link) -> Value {
    let (to, broken) = match &link.leads {
        Leads::To(to) => (Value::string(to), Value::Null),
        Leads::Broken(breach) => {
            let plain = format!("lab.html#protocol={protocol}&mutant={}", breach.mutant);
            (Value::string(plain), Value::string(&breach.mutant))
        }
    };
    Value::map([("to", to), ("broken", broken), ("says", link.says.value())])
}

fn ask(ask: &Ask) -> Value {
    let answer = |answer: &Answer| {
        Value::map([
            ("en", Value::string(&answer.says.en)),
            ("zh", Value::string(&answer.says.zh)),
            ("why", Value::or_null(answer.why.as_ref(), Text::value)),
            ("shows", Value::Bool(!answer.shows.is_empty())),
        ])
    };
    Value::map([("says", ask.says.value()), ("answers", Value::list(ask.answers.iter().map(answer)))])
}

fn task(task: &Task) -> Value {
    Value::map([
        ("says", task.says.value()),
        ("most", Value::count(task.most as u64)),
        ("allow", Value::list(task.allow.iter().map(Value::string))),
        ("within", Value::ms(task.within)),
        ("hint", Value::or_null(task.hint.as_ref(), Text::value)),
    ])
}
