//! Judges runs of a challenge: which objectives are met and when, how many moves and faults there were, and
//! how many stars that makes. Every event is looked at, in a copy of the run that goes along with it, so that
//! the same run is judged the same however it was played.

use synod_engine::error::{Error, Part, Result, why};
use synod_engine::simulation::Simulation;
use synod_engine::text::text;
use synod_engine::trace::Seq;
use synod_engine::units::Micros;
use synod_engine::value::Value;

use crate::challenge::{Best, Challenge, Objective, is_fault};
use crate::condition::{Scene, all_hold};
use crate::markup::Text;
use crate::player::follow;

/// An objective that is met.
#[derive(Clone)]
pub struct Met {
    pub time: Micros,
    seq: Seq,
    pub done: Option<Text>,
    pub moves: usize,
    pub faults: usize,
}

/// What a run has overstepped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Faults,
    Moves,
    Tools,
    Time,
}

impl Limit {
    pub fn id(self) -> &'static str {
        match self {
            Limit::Faults => "faults",
            Limit::Moves => "moves",
            Limit::Tools => "tools",
            Limit::Time => "time",
        }
    }
}

/// How a run stands.
pub struct State {
    pub met: Vec<Met>,
    /// How the objective stands that is open.
    pub now: Option<Text>,
    pub moves: usize,
    pub faults: usize,
    pub over: Option<Limit>,
    /// None before everything that is asked is met within the limits.
    pub stars: usize,
    /// Whether the judge has not seen all of the run yet, and is to be asked again.
    pub behind: bool,
}

pub struct Referee {
    pub challenge: Challenge,
    began: Option<Began>,
    seen: Option<Seen>,
}

/// The run as the player takes it over.
struct Began {
    time: Micros,
    seq: Seq,
    setup: Value,
    inputs: Vec<Value>,
}

/// A copy of the run, as far as it was judged.
struct Seen {
    copy: Simulation,
    /// The inputs of the run when it was copied.
    inputs: Vec<Value>,
    met: Vec<Met>,
    /// Since when the open objective holds.
    since: Option<Micros>,
}

/// What makes a run of a configuration.
pub type Open<'a> = &'a mut dyn FnMut(&Value) -> Result<Simulation>;

impl Referee {
    pub fn new(challenge: Challenge) -> Referee {
        Referee { challenge, began: None, seen: None }
    }

    /// The run as the player takes it over.
    ///
    /// # Errors
    /// Where its configuration or its beginning is not sound.
    pub fn begin(&mut self, open: Open) -> Result<Simulation> {
        let mut run = open(&self.challenge.config)?;
        let since = (run.next_seq(), run.now());
        self.challenge.begin.iter().try_for_each(|line| follow(line, &mut run, since))?;
        let (time, seq) = (run.now(), run.next_seq());
        self.began = Some(Began { time, seq, setup: run.setup(), inputs: run.inputs() });
        self.seen = None;
        // A seek to the beginning must not find the player's inputs.
        run.run_to(time + 1);
        Ok(run)
    }

    /// When the player begins; nothing before it was asked for.
    pub fn begins(&self) -> Option<Micros> {
        self.began.as_ref().map(|began| began.time + 1)
    }

    /// The stored solution, played to where everything is met.
    ///
    /// # Errors
    /// Where a line of it cannot be played.
    pub fn solve(&mut self, open: Open) -> Result<Simulation> {
        let mut run = self.begin(open)?;
        let since = (run.next_seq(), run.now());
        self.challenge.solution.iter().try_for_each(|line| follow(line, &mut run, since))?;
        let end = self.end()?;
        while self.judge(&run, usize::MAX, false)?.met.len() < self.challenge.objectives.len() && run.now() < end {
            run.run_some(end, 1);
        }
        Ok(run)
    }

    /// The best run that is known: what was worked out, or else what the stored solution takes for what is asked.
    ///
    /// # Errors
    /// As of [`Referee::solve`], and where the solution is none.
    pub fn best(&mut self, open: Open) -> Result<Best> {
        if let Some(best) = self.challenge.best {
            return Ok(best);
        }
        let run = self.solve(open)?;
        let asked = self.asked();
        let state = self.judge(&run, usize::MAX, false)?;
        let last = asked.checked_sub(1).and_then(|at| state.met.get(at));
        let last = last.ok_or_else(|| Error::input(format!("{} is not solved", self.challenge.id)))?;
        Ok(Best { moves: last.moves, faults: last.faults })
    }

    /// How many objectives are asked for.
    fn asked(&self) -> usize {
        self.challenge.objectives.iter().filter(|one| !one.extra).count()
    }

    fn began(&self) -> Result<&Began> {
        self.began.as_ref().ok_or_else(|| Error::input("this challenge has not begun"))
    }

    fn end(&self) -> Result<Micros> {
        Ok(self.began()?.time + self.challenge.within)
    }

    /// An error if a run does not begin as this challenge does.
    ///
    /// # Errors
    /// If it is of another configuration, or its first inputs are others.
    pub fn check(&self, run: &Simulation) -> Result<()> {
        let began = self.began()?;
        let inputs = run.inputs();
        let own = inputs.get(began.inputs.len()).and_then(time_of);
        if run.setup() == began.setup && inputs.starts_with(&began.inputs) && own.is_none_or(|own| own > began.time) {
            return Ok(());
        }
        Err(Error::input(text("this run does not begin as the challenge does", "这次运行的开头与挑战不同")))
    }

    /// An error if an input may not be made now: it names what is used up, and how to get on.
    ///
    /// # Errors
    /// Where the input is no tool of this challenge, or a limit is reached.
    pub fn allows(&self, run: &Simulation, input: &Value) -> Result<()> {
        let verb = run.parse(input)?.verb();
        let challenge = &self.challenge;
        if run.now() <= self.began()?.time || run.now() > self.end()? {
            return Err(Error::not_now(text(
                "moves count from where the challenge begins to where its time is over",
                "只有在挑战开始之后、时限之内的操作才算数",
            )));
        }
        if !challenge.tools.iter().any(|tool| tool == verb) {
            let words = text(
                "this challenge is done without {verb}; its tools are {tools}",
                "这个挑战不能用 {verb}；可用的是 {tools}",
            );
            let tools = Part::known(challenge.tools.iter().map(String::as_str));
            return Err(Error::not_now(why(words, [("verb", Part::name(verb)), ("tools", tools)])));
        }
        let (moves, faults) = self.counted(run);
        let most = |words, n: usize| Err(Error::not_now(why(words, [("n", Part::count(n as i64))])));
        if is_fault(verb) && faults >= challenge.faults {
            let words = if challenge.faults == 0 {
                text("this challenge is done without any fault", "这个挑战不允许任何故障")
            } else {
                text(
                    "{n} of {n} faults are used: undo takes the last move back",
                    "{n} 次故障已用完：撤销可以收回上一步",
                )
            };
            return most(words, challenge.faults);
        }
        if moves >= challenge.moves {
            let words =
                text("{n} of {n} moves are made: undo takes the last one back", "{n} 步已走完：撤销可以收回上一步");
            return most(words, challenge.moves);
        }
        Ok(())
    }

    /// What the player has done so far; inputs that lie ahead are none of it.
    fn own(&self, run: &Simulation) -> Vec<Value> {
        let first = self.began.as_ref().map_or(0, |began| began.inputs.len());
        let mut inputs = run.inputs();
        inputs.truncate(run.done());
        inputs.split_off(first.min(inputs.len()))
    }

    /// Moves and faults so far.
    fn counted(&self, run: &Simulation) -> (usize, usize) {
        let own = self.own(run);
        (own.len(), own.iter().filter(|input| is_fault(verb_of(input))).count())
    }

    fn overstepped(&self, run: &Simulation) -> Result<Option<Limit>> {
        let (moves, faults) = self.counted(run);
        let foreign = |input: &Value| !self.challenge.tools.iter().any(|tool| tool == verb_of(input));
        Ok(if self.own(run).iter().any(foreign) {
            Some(Limit::Tools)
        } else if faults > self.challenge.faults {
            Some(Limit::Faults)
        } else if moves > self.challenge.moves {
            Some(Limit::Moves)
        } else {
            (run.now() > self.end()?).then_some(Limit::Time)
        })
    }

    /// Judges a run up to where it stands. Of what it has not seen yet it looks at so many events at most. A hint
    /// costs a star, and the last star stays.
    ///
    /// # Errors
    /// Where the run is not one of this challenge, or an objective asks for what the run has not.
    pub fn judge(&mut self, run: &Simulation, most: usize, hinted: bool) -> Result<State> {
        self.check(run)?;
        let inputs = run.inputs();
        self.follow(run, &inputs);
        let behind = self.look(run, most)?;
        let over = self.overstepped(run)?;
        let (moves, faults) = self.counted(run);
        let seen = self.seen.as_ref().map_or(&[][..], |seen| &seen.met);
        let met: Vec<Met> =
            seen.iter().take_while(|met| met.seq <= run.next_seq() && met.time <= run.now()).cloned().collect();
        let now = self.challenge.objectives.get(met.len()).and_then(|one| self.told(one.now.as_ref(), run));
        let all = met.get(self.asked() - 1).filter(|_| matches!(over, None | Some(Limit::Time)));
        let stars = all.map_or(0, |all| self.stars(all.moves, hinted));
        Ok(State { met, now, moves, faults, over, stars, behind })
    }

    fn stars(&self, moves: usize, hinted: bool) -> usize {
        let [three, two] = self.challenge.stars;
        let stars = if moves <= three { 3 } else { 1 + usize::from(moves <= two) };
        if hinted { (stars - 1).max(1) } else { stars }
    }

    /// Words with the numbers of the run; nothing where the run has no such number yet.
    fn told(&self, words: Option<&Text>, run: &Simulation) -> Option<Text> {
        let began = self.began.as_ref()?;
        words?.filled(&Scene { run, from: began.seq, since: began.time }).ok()
    }

    /// Keeps of what was seen what is true of this run too.
    fn follow(&mut self, run: &Simulation, inputs: &[Value]) {
        let Some(began) = &self.began else { return };
        let Some(seen) = &mut self.seen else {
            let copy = copy_at(run, began.time);
            self.seen = Some(Seen { copy, inputs: inputs.to_vec(), met: Vec::new(), since: None });
            return;
        };
        if seen.inputs == inputs {
            return;
        }
        let same = seen.inputs.iter().zip(inputs).take_while(|(a, b)| a == b).count();
        let other = [seen.inputs.get(same), inputs.get(same)].into_iter().flatten().filter_map(time_of);
        let from = other.chain([seen.copy.now()]).chain(seen.since).min().unwrap_or_default();
        // What was met in the very instant is judged again: the input may have come before it.
        seen.met.retain(|met| met.time < from);
        seen.since = None;
        seen.copy = copy_at(run, from.saturating_sub(1).max(began.time));
        seen.inputs = inputs.to_vec();
    }

    /// Looks at the run, event by event, up to where it stands. Whether there is more to be seen.
    fn look(&mut self, run: &Simulation, most: usize) -> Result<bool> {
        let end = run.now().min(self.end()?);
        for _ in 0..most {
            self.meet()?;
            let (lasts, left) = match self.open() {
                Some(objective) => (objective.lasts, run.next_seq()),
                None => return Ok(false),
            };
            let Some(seen) = &mut self.seen else { return Ok(false) };
            // What must last is met at a moment at which nothing need happen.
            let due = seen.since.map(|since| since + lasts).filter(|due| *due > seen.copy.now());
            let due = due.map_or(end, |due| due.min(end));
            if seen.copy.next_seq() >= left || seen.copy.now() > end {
                if seen.copy.now() >= due {
                    return Ok(false);
                }
                seen.copy.run_to(due);
                continue;
            }
            if seen.copy.run_some(due, 1) == 0 && seen.copy.now() >= end {
                self.meet()?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn open(&self) -> Option<&Objective> {
        self.challenge.objectives.get(self.seen.as_ref()?.met.len())
    }

    /// Notes every objective that holds where the copy stands.
    fn meet(&mut self) -> Result<()> {
        while let Some(met) = self.met_now()? {
            if let Some(seen) = &mut self.seen {
                seen.met.push(met);
                seen.since = None;
            }
        }
        Ok(())
    }

    fn met_now(&mut self) -> Result<Option<Met>> {
        let (Some(began), Some(seen)) = (&self.began, &self.seen) else { return Ok(None) };
        let Some(objective) = self.challenge.objectives.get(seen.met.len()) else { return Ok(None) };
        let (copy, now) = (&seen.copy, seen.copy.now());
        let scene = Scene { run: copy, from: began.seq, since: began.time };
        // Who is yet to come, as a client is before its request, is no error while one waits.
        let holds = now > began.time && all_hold(&objective.when, &scene).unwrap_or(false);
        let since = holds.then(|| seen.since.unwrap_or(now));
        let lasted = since.is_some_and(|since| now >= since + objective.lasts);
        let (moves, faults) = self.counted(copy);
        let within = objective.faults.is_none_or(|most| faults <= most);
        let met = (lasted && within).then(|| Met {
            time: now,
            seq: copy.next_seq(),
            done: self.told(objective.done.as_ref(), copy),
            moves,
            faults,
        });
        if let Some(seen) = &mut self.seen {
            seen.since = since;
        }
        Ok(met)
    }
}

/// A copy of the run that stands at a time, without the time's later inputs.
fn copy_at(run: &Simulation, time: Micros) -> Simulation {
    let mut copy = run.clone();
    copy.seek(time);
    copy
}

fn time_of(input: &Value) -> Option<Micros> {
    Micros::try_from(input.get("time")?.as_number()? / 1_000).ok()
}

fn verb_of(input: &Value) -> &str {
    input.get("kind").and_then(Value::as_text).unwrap_or_default()
}
