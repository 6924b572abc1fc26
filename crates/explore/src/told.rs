//! What a search has come to, as it goes across the rim.

use synod_engine::value::Value;

use crate::explorer::{Explorer, Way, early};
use crate::film;

impl Explorer {
    /// What was found, as it goes across the rim.
    pub fn result(&self) -> Value {
        let how = ("how", self.how());
        let (lower, explored) =
            (("lower", Value::count(self.lower())), ("explored", Value::count(self.explored as i64)));
        let Some(best) = &self.best else {
            let exhausted = ("exhausted", Value::Bool(self.exhausted));
            return Value::map([
                ("found", Value::Bool(false)),
                exhausted,
                explored,
                lower,
                ("within", self.within()),
                how,
            ]);
        };
        let goal = &self.request.goal;
        let invariant = goal.first_broken(&best.run).map_or(Value::Null, |place| Value::string(goal.property(place)));
        Value::map([
            ("found", Value::Bool(true)),
            ("recording", Value::string(best.run.recording())),
            ("steps", Value::list(film::steps(self.request.entry, best, goal))),
            ("inputs", Value::count(best.run.inputs().len() as i64)),
            ("shortest", Value::word(if self.is_shortest() { "proved" } else { "best" })),
            lower,
            ("within", self.within()),
            ("invariant", invariant),
            explored,
            how,
        ])
    }

    /// How far it has come, as it goes across the rim.
    pub fn progress_value(&self) -> Value {
        let progress = self.progress();
        let number = |n: Option<usize>| n.map_or(Value::Null, |n| Value::count(n as i64));
        Value::map([
            ("done", Value::Bool(progress.done)),
            ("explored", Value::count(progress.explored as i64)),
            ("phase", Value::word(progress.phase)),
            ("best", number(progress.best)),
            ("first", number(progress.first)),
            ("lower", Value::count(progress.lower)),
            ("within", self.within()),
            ("how", self.how()),
        ])
    }

    /// Within what every run of fewer steps than `lower` was tried; nothing where none was.
    fn within(&self) -> Value {
        let Some(plan) = &self.own else { return Value::Null };
        let within = early(&self.request, plan.start.epoch());
        Value::map([
            ("nodes", Value::count(plan.start.standings().count() as i64)),
            ("epochs", Value::count(within.epochs)),
            ("requests", Value::count(within.requests)),
            ("faults", Value::count(within.falls)),
        ])
    }

    fn how(&self) -> Value {
        let order = [1, 2, 3, 4, 0].map(|place| self.ways[place]);
        let row = |way: &Way| {
            Value::map([
                ("by", Value::word(way.by)),
                ("runs", Value::count(way.runs as i64)),
                ("events", Value::count(way.events as i64)),
                ("steps", way.steps.map_or(Value::Null, |steps| Value::count(steps as i64))),
            ])
        };
        Value::list(order.iter().filter(|way| way.events > 0).map(row))
    }
}
