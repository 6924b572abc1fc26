//! Plays a lesson over a simulation. Steps are played ahead and remembered by their times, so
//! that going back is a seek, and going on again the same run.

use synod_engine::error::{Error, Result};
use synod_engine::simulation::Simulation;
use synod_engine::trace::Seq;
use synod_engine::units::Micros;
use synod_engine::value::Value;

use crate::condition::{Condition, Scene, all_hold};
use crate::markup::Text;
use crate::{Lesson, Line, Step, Task};

/// A line that waits for longer than this is a mistake of the lesson.
const LONGEST_WAIT: Micros = 60_000_000;
/// Above as many nodes as a frame lists, conditions are asked once in this time.
pub(crate) const ASKED_EVERY: Micros = 10_000;

/// When a step began and ended, and its words with the numbers of its end.
#[derive(Clone)]
pub struct Mark {
    pub from: Micros,
    pub until: Micros,
    pub(crate) from_seq: Seq,
    /// Inputs of the run when the step had been played.
    pub(crate) inputs: usize,
    pub say: Text,
    pub then: Option<Text>,
    /// When the second beat begins to be told.
    pub told: Micros,
    pub more: Option<Text>,
}

/// Whether a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Open,
    Done,
    /// Another input than those allowed, or more of them.
    Spent,
    TooLate,
}

pub struct Player {
    pub lesson: Lesson,
    pub(crate) marks: Vec<Mark>,
    /// The run of the two that is not on the stage, in a lesson without a rule.
    pub(crate) twin: Option<Simulation>,
    /// Whether the second run is on the stage.
    pub(crate) turned: bool,
}

impl Player {
    pub fn new(lesson: Lesson) -> Player {
        Player { lesson, marks: Vec::new(), twin: None, turned: false }
    }

    /// Plays a step from where the run stands.
    fn play(&self, run: &mut Simulation, n: usize) -> Result<Mark> {
        let step = self.step(n)?;
        // A seek to the end of the step before must not find this one's inputs at the same instant.
        run.run_to(run.now() + 1);
        let (from, from_seq) = (run.now(), run.next_seq());
        self.repeat(run, n)?;
        let mut told = None;
        for line in &step.play {
            if matches!(line, Line::Then) {
                told = Some(run.now());
            }
            follow(line, run, (from_seq, from))?;
        }
        let scene = Scene { run, from: from_seq, since: from };
        let filled = |text: &Option<Text>| text.as_ref().map(|text| text.filled(&scene)).transpose();
        Ok(Mark {
            from,
            until: run.now(),
            from_seq,
            inputs: run.inputs().len(),
            say: step.say.filled(&scene)?,
            then: filled(&step.then)?,
            told: told.unwrap_or(run.now()),
            more: filled(&step.more)?,
        })
    }

    fn step(&self, n: usize) -> Result<&Step> {
        let count = self.lesson.steps.len();
        self.lesson.steps.get(n).ok_or_else(|| Error::input(format!("the lesson has steps 0 to {}", count - 1)))
    }

    /// Stands at the end of a step; what has not been played yet is played.
    pub fn reach(&mut self, run: &mut Simulation, n: usize) -> Result<&Mark> {
        self.step(n)?;
        while self.marks.len() <= n {
            let next = self.marks.len();
            self.stand(run, next)?;
            run.seek(if next == self.turn() { 0 } else { self.marks.last().map_or(0, |mark| mark.until) });
            let mark = self.play(run, next)?;
            self.marks.push(mark);
        }
        self.stand(run, n)?;
        run.seek(self.marks[n].until);
        Ok(&self.marks[n])
    }

    /// A step that has been played already; it costs nothing.
    pub fn known(&self, n: usize) -> Option<&Mark> {
        self.marks.get(n)
    }

    /// What a step states, checked where it ends: the first that does not hold.
    pub fn check(&mut self, run: &mut Simulation, n: usize) -> Result<()> {
        let mark = self.reach(run, n)?.clone();
        let scene = Scene { run, from: mark.from_seq, since: mark.from };
        let step = self.step(n)?;
        let stated = [("expect", &step.expect), ("shows", &step.shows)];
        for (member, condition) in stated.into_iter().flat_map(|(of, all)| all.iter().map(move |one| (of, one))) {
            let contrary = condition.contrary(&scene).unwrap_or_else(|why| Some(format!("{}: {why}", condition.text)));
            if let Some(contrary) = contrary {
                return Err(Error::input(format!("{} {member}: {contrary}", step.id)));
            }
        }
        let broken = |violation: &Value| violation.get("invariant").and_then(Value::as_text).map(str::to_string);
        let broken: Vec<String> = run.violations().iter().filter_map(broken).collect();
        let mended = n >= self.turn();
        if let Some(id) = broken.iter().find(|id| mended || !self.lesson.breaks.contains(id)) {
            return Err(Error::input(format!("{}: {id} is broken", step.id)));
        }
        Ok(())
    }

    /// The answers to a step's question that the next step makes true; one, in a sound lesson.
    pub fn right(&mut self, run: &mut Simulation, n: usize) -> Result<Vec<usize>> {
        let mark = self.reach(run, n + 1)?.clone();
        let scene = Scene { run, from: mark.from_seq, since: mark.from };
        let Some(ask) = &self.lesson.steps[n].ask else { return Ok(Vec::new()) };
        let mut right = Vec::new();
        for (at, answer) in ask.answers.iter().enumerate() {
            if all_hold(&answer.holds, &scene)? {
                right.push(at);
            }
        }
        Ok(right)
    }

    pub(crate) fn task(&self, n: usize) -> Result<(&Task, &Mark)> {
        let task = self.step(n)?.task.as_ref().ok_or_else(|| Error::input("this step has no task"))?;
        let mark = self.marks.get(n).ok_or_else(|| Error::input("this step has not been reached"))?;
        Ok((task, mark))
    }

    /// The run as it stands, for the reader: what the story does later lies not ahead of it.
    pub fn copy(&self, run: &Simulation) -> Simulation {
        let mut copy = run.clone();
        copy.leave_what_is_ahead();
        copy
    }

    /// Judges what the reader did in a copy of the run that was made at the end of a step.
    pub fn judge(&self, copy: &Simulation, n: usize) -> Result<Verdict> {
        let (task, mark) = self.task(n)?;
        let inputs = copy.inputs();
        let own = &inputs[mark.inputs.min(inputs.len())..];
        let kind = |input: &Value| input.get("kind").and_then(Value::as_text).unwrap_or_default().to_string();
        if own.len() > task.most || own.iter().any(|input| !task.allow.contains(&kind(input))) {
            return Ok(Verdict::Spent);
        }
        let scene = Scene { run: copy, from: mark.from_seq, since: mark.until };
        Ok(if copy.now() > mark.until + task.within {
            Verdict::TooLate
        } else if all_hold(&task.goal, &scene).unwrap_or(false) {
            Verdict::Done
        } else {
            Verdict::Open
        })
    }

    /// What becomes of a task if nothing is done.
    ///
    /// # Errors
    /// Where the step cannot be reached, or has no task.
    pub fn attempt(&mut self, run: &mut Simulation, n: usize) -> Result<Verdict> {
        self.reach(run, n)?;
        let mut copy = self.copy(run);
        self.let_pass(&mut copy, n)
    }
}

pub(crate) fn follow(line: &Line, run: &mut Simulation, (from, since): (Seq, Micros)) -> Result<()> {
    match line {
        Line::Input(text) => {
            let input = run.parse(&Value::string(text))?;
            run.inject(input)?;
        }
        Line::Wait(span) => {
            run.run_to(run.now() + span);
        }
        Line::Until(conditions) => wait(conditions, run, (from, since))?,
        Line::Then => {}
    }
    Ok(())
}

fn wait(conditions: &[Condition], run: &mut Simulation, (from, since): (Seq, Micros)) -> Result<()> {
    let end = run.now() + LONGEST_WAIT;
    let large = run.nodes() > synod_engine::frame::MOST_NODES_SHOWN;
    // A span of time ends on its own, also where no event does.
    let span = conditions.iter().filter_map(Condition::span).max().map(|span| since + span);
    // What is asked for may be yet to come, as a client is before its request.
    let hold = |run: &Simulation| all_hold(conditions, &Scene { run, from, since });
    while run.now() < end && !hold(run).unwrap_or(false) {
        let limit = span.filter(|span| *span > run.now()).unwrap_or(end);
        if large {
            run.run_to(limit.min(run.now() + ASKED_EVERY));
        } else {
            run.run_some(limit, 1);
        }
    }
    // The instant is finished, so that a seek to it is exact.
    run.run_to(run.now());
    let texts = || conditions.iter().map(|condition| condition.text.as_str()).collect::<Vec<_>>().join("; ");
    match hold(run) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Error::input(format!("waited in vain until {}", texts()))),
        Err(why) => Err(Error::input(format!("waited in vain until {}: {why}", texts()))),
    }
}
