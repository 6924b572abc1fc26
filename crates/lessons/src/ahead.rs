//! Futures that a lesson offers: what a wrong answer would look like, and how a task is solved.

use synod_engine::error::{Error, Result};
use synod_engine::simulation::Simulation;

use crate::Player;
use crate::condition::{Scene, all_hold};
use crate::player::{ASKED_EVERY, Verdict, follow};

impl Player {
    /// A copy of the run at the end of a step, with another future ahead of it: that of an answer, by its place, or
    /// the solution of the step's task. `run` stands at the end of the step after it.
    ///
    /// # Errors
    /// Where there is no such answer or task, or its lines cannot be played.
    pub fn future(&mut self, run: &mut Simulation, n: usize, answer: Option<usize>) -> Result<Simulation> {
        let mark = self.reach(run, n)?.clone();
        let mut copy = self.copy(run);
        // As a step begins: what is done now must not be found at the end of the step before.
        copy.run_to(mark.until + 1);
        let Some(place) = answer else {
            self.solve(&mut copy, n)?;
            copy.seek(mark.until);
            return Ok(copy);
        };
        let ask = self.lesson.steps[n].ask.as_ref();
        let answer = ask.and_then(|ask| ask.answers.get(place)).filter(|answer| !answer.shows.is_empty());
        let answer = answer.ok_or_else(|| Error::input("nothing shows this answer"))?;
        let since = (copy.next_seq(), copy.now());
        answer.shows.iter().try_for_each(|line| follow(line, &mut copy, since))?;
        if !all_hold(&answer.holds, &Scene { run: &copy, from: since.0, since: since.1 })? {
            return Err(Error::input(format!("{}: what shows answer {place} does not make it true", self.lesson.id)));
        }
        copy.seek(mark.until);
        Ok(copy)
    }

    /// Solves a task in a copy of the run that stands at the end of its step, and lets time pass until it is judged.
    pub(crate) fn solve(&self, copy: &mut Simulation, n: usize) -> Result<Verdict> {
        let (task, mark) = self.task(n)?;
        let scene = (mark.from_seq, mark.until);
        task.solution.iter().try_for_each(|line| follow(line, copy, scene))?;
        self.let_pass(copy, n)
    }

    /// Time passes until a task is done or its time is over. A run in which nothing happens any more reaches the end of
    /// the time all the same.
    pub(crate) fn let_pass(&self, copy: &mut Simulation, n: usize) -> Result<Verdict> {
        let (task, mark) = self.task(n)?;
        let over = mark.until + task.within + 1;
        loop {
            let verdict = self.judge(copy, n)?;
            if verdict != Verdict::Open {
                return Ok(verdict);
            }
            if copy.nodes() > synod_engine::frame::MOST_NODES_SHOWN {
                copy.run_to(over.min(copy.now() + ASKED_EVERY));
            } else {
                copy.run_some(over, 1);
            }
        }
    }
}
