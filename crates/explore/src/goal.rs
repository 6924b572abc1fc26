//! What is looked for: a property that breaks, or conditions that come true.

use synod_engine::error::{Error, Part, Result, why};
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::text::text;
use synod_engine::trace::Status;
use synod_engine::units::{Micros, parse_decimal};
use synod_engine::untimed::{Choice, Untimed};
use synod_engine::value::Value;
use synod_lessons::{Comparison, Condition, Scene, Term, all_hold};

/// What a run is to come to.
pub struct Goal {
    wanted: Wanted,
    /// Ids of the properties and of the roles, by their places.
    properties: Vec<String>,
    roles: Vec<String>,
}

enum Wanted {
    /// Any promise, while all that it assumes holds.
    Any,
    /// The property at this place, promised or only watched.
    Property(usize),
    /// Conditions of the lessons' language; those that can be read of a run at every step.
    Conditions(Vec<Condition>, Vec<Quick>),
}

/// A condition that costs nothing to ask.
struct Quick {
    of: Of,
    comparison: Comparison,
    wanted: i64,
}

enum Of {
    Count(String),
    Broken(Option<usize>),
    /// The place of its count.
    Fired(usize),
}

/// A run without time, and how often the rules fired that are asked for.
#[derive(Clone)]
pub struct Run {
    pub world: Untimed,
    fired: Vec<u32>,
}

fn ids(catalog: &Value, key: &str) -> Vec<String> {
    let list = catalog.get(key).and_then(Value::as_list).unwrap_or_default();
    list.iter().filter_map(|item| item.get("id")?.as_text().map(str::to_string)).collect()
}

impl Goal {
    /// Reads `{ violation: id | true }` or `{ when: [condition] }`.
    ///
    /// # Errors
    /// Where it is neither, or names what the protocol has not.
    pub fn read(entry: &Entry, value: &Value) -> Result<Goal> {
        let catalog = entry.catalog(&[]);
        let (properties, roles) = (ids(&catalog, "invariants"), ids(&catalog, "roles"));
        let wanted = match (value.get("violation"), value.get("when").and_then(Value::as_list)) {
            (Some(Value::Bool(true)), None) => Wanted::Any,
            (Some(Value::Text(id)), None) => Wanted::Property(place_of(&properties, id)?),
            (None, Some(conditions)) if !conditions.is_empty() => conditions_of(conditions, &properties)?,
            _ => {
                let words = text("a goal is {forms}, not {given}", "目标写作 {forms}，而不是 {given}");
                let forms = Part::one_of(["{ violation: true }", "{ violation: id }", "{ when: [condition] }"]);
                return Err(Error::input(why(words, [("forms", forms), ("given", Part::given(value))])));
            }
        };
        Ok(Goal { wanted, properties, roles })
    }

    /// Whether it can be seen at every step of a run without time.
    pub fn is_quick(&self) -> bool {
        !matches!(&self.wanted, Wanted::Conditions(_, quick) if quick.is_empty())
    }

    /// The id of a property.
    pub fn property(&self, place: usize) -> &str {
        &self.properties[place]
    }

    /// A run at its start.
    pub fn run(&self, mut world: Untimed) -> Run {
        let fired = self.counted().count();
        if fired > 0 {
            world.keep_records();
        }
        Run { world, fired: vec![0; fired] }
    }

    fn counted(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let conditions: &[Condition] = match &self.wanted {
            Wanted::Conditions(all, _) => all,
            _ => &[],
        };
        conditions.iter().filter_map(|condition| match condition.parts().0 {
            Term::Fired { rule, node } => Some((rule.as_str(), node.as_deref())),
            _ => None,
        })
    }

    /// Whether a run without time has come to it, as far as that can be seen there.
    pub fn is_met(&self, run: &Run) -> bool {
        match &self.wanted {
            Wanted::Any => run.world.broken().any(|(_, within)| within),
            Wanted::Property(place) => run.world.broken().any(|(broken, _)| broken == *place),
            Wanted::Conditions(_, quick) => quick.iter().all(|condition| self.holds(condition, run)),
        }
    }

    fn holds(&self, condition: &Quick, run: &Run) -> bool {
        let value = match &condition.of {
            Of::Count(word) => {
                let plays = |role: u8| self.roles.get(usize::from(role)).is_some_and(|role| role == word);
                let runs = |status| matches!(status, Status::Up | Status::Paused);
                let is = |(status, role): (Status, u8)| status.id() == word || (runs(status) && plays(role));
                run.world.standings().filter(|(status, standing)| is((*status, standing.role))).count()
            }
            Of::Broken(None) => run.world.broken().filter(|(_, within)| *within).count(),
            Of::Broken(Some(place)) => run.world.broken().filter(|(broken, _)| broken == place).count(),
            Of::Fired(place) => run.fired[*place] as usize,
        } as i64;
        match condition.comparison {
            Comparison::Is => value == condition.wanted,
            Comparison::IsNot => value != condition.wanted,
            Comparison::AtLeast => value >= condition.wanted,
            Comparison::AtMost => value <= condition.wanted,
        }
    }

    /// Whether a run with time has come to it now.
    pub fn is_met_by(&self, run: &Simulation) -> bool {
        match &self.wanted {
            Wanted::Any => run.breaks().any(|(_, within)| within),
            Wanted::Property(place) => run.breaks().any(|(broken, _)| broken == *place),
            Wanted::Conditions(all, _) => {
                let scene = Scene { run, from: 0, since: 0 };
                all_hold(all, &scene).unwrap_or(false)
            }
        }
    }

    /// When the property broke that is looked for, if one is.
    pub fn moment(&self, run: &Simulation) -> Option<Micros> {
        match &self.wanted {
            Wanted::Conditions(..) => None,
            _ => run.broke_at(self.first_broken(run)?),
        }
    }

    /// The place of the property that broke first, if one did.
    pub fn first_broken(&self, run: &Simulation) -> Option<usize> {
        match &self.wanted {
            Wanted::Property(place) => Some(*place),
            Wanted::Any => run.breaks().find(|(_, within)| *within).map(|(place, _)| place),
            Wanted::Conditions(..) => run.breaks().next().map(|(place, _)| place),
        }
    }
}

impl Run {
    /// Does what was chosen. False where it cannot be done now.
    pub fn take(&mut self, choice: Choice, goal: &Goal) -> bool {
        let done = self.world.take(choice);
        if !self.fired.is_empty() {
            for (count, (rule, node)) in self.fired.iter_mut().zip(goal.counted()) {
                let here = |at: Option<synod_engine::names::NodeId>| {
                    node.is_none_or(|name| at.is_some_and(|at| at.to_string() == name))
                };
                *count += self.world.fired().filter(|(fired, at)| *fired == rule && here(*at)).count() as u32;
            }
        }
        done
    }

    /// Equal for runs that may go on alike.
    pub fn print(&self) -> u64 {
        let counts = self.fired.iter().fold(0, |sum: u64, count| sum.wrapping_mul(31).wrapping_add(u64::from(*count)));
        self.world.shape() ^ counts.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

fn place_of(properties: &[String], id: &str) -> Result<usize> {
    properties.iter().position(|known| known == id).ok_or_else(|| {
        let words = text("no property is called {id}; the properties are {ids}", "没有名为 {id} 的性质；性质有 {ids}");
        let ids = Part::known(properties.iter().map(String::as_str));
        Error::input(why(words, [("id", Part::quoted(id)), ("ids", ids)]))
    })
}

fn conditions_of(conditions: &[Value], properties: &[String]) -> Result<Wanted> {
    let parse = |value: &Value| match value.as_text() {
        Some(text) => Condition::parse(text),
        None => {
            let words = text("a condition is text, not {given}", "条件是文本，而不是 {given}");
            Err(Error::input(why(words, [("given", Part::given(value))])))
        }
    };
    let all: Vec<Condition> = conditions.iter().map(parse).collect::<Result<_>>()?;
    let (mut quick, mut fired) = (Vec::new(), 0);
    for condition in &all {
        let (term, comparison, wanted) = condition.parts();
        let of = match term {
            Term::Count(word) => Some(Of::Count(word.clone())),
            Term::Broken(None) => Some(Of::Broken(None)),
            Term::Broken(Some(id)) => Some(Of::Broken(Some(place_of(properties, id)?))),
            Term::Fired { .. } => {
                fired += 1;
                Some(Of::Fired(fired - 1))
            }
            _ => None,
        };
        let wanted = parse_decimal(wanted).filter(|wanted| wanted % 1_000_000 == 0).map(|wanted| wanted / 1_000_000);
        quick.extend(of.zip(wanted).map(|(of, wanted)| Quick { of, comparison, wanted }));
    }
    Ok(Wanted::Conditions(all, quick))
}
