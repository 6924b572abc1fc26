//! A running simulation for JavaScript.

use js_sys::{Array, Float64Array, Reflect};
use synod_engine::error::{Code, Error, Part, why};
use synod_engine::simulation::Simulation as Running;
use synod_engine::text::text;
use synod_engine::units::Micros;
use synod_engine::value::Value;
use synod_protocols::COMPARISONS;
use wasm_bindgen::prelude::*;

use crate::registry::{LESSONS, all};
use crate::rim::{js, micros, thrown, value, whole};
use crate::{Given, Thrown, entropy, find, room, swarm};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.ts");

#[wasm_bindgen]
extern "C" {
    /// What a page's module calls where a part of it is needed that is not there yet; see `www/rest.js`.
    #[wasm_bindgen(js_namespace = globalThis, js_name = synodRest)]
    fn bring_rest(missing: i32);
}

/// Nobody calls it: the build has what needs the rest call what it calls, in modules that it parts in two.
#[doc(hidden)]
#[wasm_bindgen(js_name = bringRest, skip_typescript)]
pub fn bring(missing: i32) {
    bring_rest(missing);
}

/// Every protocol that runs, described.
#[wasm_bindgen(unchecked_return_type = "Protocol[]")]
pub fn catalog() -> Given {
    Ok(js(&Value::list(all().iter().map(|entry| entry.catalog(LESSONS)))))
}

/// Pairs of runs that are told best side by side.
#[wasm_bindgen(unchecked_return_type = "Comparison[]")]
pub fn comparisons() -> Given {
    Ok(js(&Value::list(COMPARISONS.iter().map(synod_engine::simulation::Comparison::value))))
}

#[wasm_bindgen]
pub struct Simulation {
    pub(crate) running: Running,
    /// Violations that the console has been told of.
    told: usize,
    rows: Vec<f64>,
    swarm: swarm::Swarm,
    room: room::Room,
}

fn ms(micros: Micros) -> f64 {
    micros as f64 / 1_000.0
}

impl Simulation {
    pub(crate) fn of(running: Running) -> Simulation {
        Simulation { running, told: 0, rows: Vec::new(), swarm: swarm::Swarm::default(), room: room::Room::default() }
    }

    fn retell(&mut self, placed: Option<Value>) -> JsValue {
        self.warn();
        placed.map_or(JsValue::UNDEFINED, |placed| js(&placed))
    }

    /// Tells the console of an invariant that broke since it was last asked, after time has passed or somebody acted.
    fn warn(&mut self) {
        self.room.keep();
        if self.running.broken() <= self.told {
            return;
        }
        let violations = self.running.violations();
        for violation in violations.iter().skip(self.told) {
            let text = |key: &str| violation.get(key).and_then(Value::as_text).unwrap_or_default().to_string();
            let says = violation.get("says").and_then(|says| says.get("en")?.as_text()).unwrap_or_default();
            let line = format!("Synod: {} is broken: {says}", text("invariant"));
            web_sys::console::warn_1(&line.into());
        }
        self.told = self.told.max(violations.len());
    }
}

#[wasm_bindgen]
impl Simulation {
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "Config")] config: JsValue) -> Thrown<Simulation> {
        let open = || -> Result<_, Error> {
            let config = value(&config, Code::BadConfig)?;
            if !matches!(config, Value::Map(_)) {
                let words = text("a configuration is an object such as {example}", "配置应为对象，例如 {example}");
                return Err(Error::config(why(words, [("example", Part::name("{ protocol: \"raft\" }"))])));
            }
            let entry = find(config.get("protocol").and_then(Value::as_text))?;
            entry.open(&config, &mut entropy)
        };
        open().map(Simulation::of).map_err(|error| thrown(&error))
    }

    /// A simulation that stands at 0 and makes a recorded run again.
    pub fn replay(recording: &str) -> Thrown<Simulation> {
        let open = || -> Result<_, Error> {
            let protocol = synod_engine::recording::protocol_of(recording)?;
            let entry = find(Some(&protocol)).map_err(|_| {
                let words =
                    text("the recording is of {protocol}, which is not here", "这份记录属于 {protocol}，这里没有");
                Error::recording(why(words, [("protocol", Part::quoted(&protocol))]))
            })?;
            entry.replay(recording)
        };
        open().map(Simulation::of).map_err(|error| thrown(&error))
    }

    /// Virtual time in ms.
    #[wasm_bindgen(getter)]
    pub fn now(&self) -> f64 {
        ms(self.running.now())
    }
    /// The latest time that this run has reached or recorded, in ms.
    #[wasm_bindgen(getter)]
    pub fn end(&self) -> f64 {
        ms(self.running.end())
    }
    /// The seed, as a hex string.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> String {
        format!("{:x}", self.running.seed())
    }
    /// The whole configuration, defaults included.
    #[wasm_bindgen(getter, unchecked_return_type = "FullConfig")]
    pub fn config(&self) -> Given {
        Ok(js(&self.running.setup()))
    }
    /// The number of the next trace record: it changes whenever anything happened.
    #[wasm_bindgen(getter)]
    pub fn seq(&self) -> f64 {
        self.running.next_seq() as f64
    }
    /// Bytes held for the run, its trace and its keyframes.
    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> f64 {
        self.running.bytes() as f64
    }
    /// The time of the last event before now, in ms.
    #[wasm_bindgen(getter)]
    pub fn previous(&self) -> f64 {
        ms(self.running.previous())
    }

    /// Handles exactly one event, and gives its first trace record.
    #[wasm_bindgen(unchecked_return_type = "Trace | undefined")]
    pub fn step(&mut self) -> Given {
        let record = self.running.step();
        self.warn();
        Ok(record.map_or(JsValue::UNDEFINED, |record| js(&record)))
    }

    /// Handles every event up to `now + ms`, and gives how many. If `most` is given, it stops after
    /// so many, at the time of the last: a large cluster has many events in one instant.
    pub fn advance(&mut self, ms: f64, most: Option<f64>) -> Thrown<f64> {
        let run = || -> Result<_, Error> {
            let most = most.map_or(Ok(u64::MAX), |most| whole(most, text("a number of events", "事件数")))?;
            Ok((self.until(ms)?, most))
        };
        let (until, most) = run().map_err(|error| thrown(&error))?;
        let handled = self.running.run_some(until, most);
        self.warn();
        Ok(handled as f64)
    }

    fn until(&self, ms: f64) -> Result<Micros, Error> {
        let until = self.running.now() + micros(ms, "advance")?;
        if until > synod_engine::units::END_OF_TIME {
            return Err(Error::input(text("a run ends at 10^9 ms of virtual time", "一次运行到虚拟时间 10^9 ms 为止")));
        }
        Ok(until)
    }

    /// As `advance`, but stops at the first event after which a condition is met, and gives the
    /// record of it.
    #[wasm_bindgen(js_name = runUntil, unchecked_return_type = "Trace | undefined")]
    pub fn run_until(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Condition")] condition: JsValue,
        ms: f64,
    ) -> Given {
        let mut run = || -> Result<_, Error> {
            let until = self.until(ms)?;
            let condition = value(&condition, Code::BadInput)?;
            self.running.run_until(until, &condition)
        };
        let record = run().map_err(|error| thrown(&error))?;
        self.warn();
        Ok(record.map_or(JsValue::UNDEFINED, |record| js(&record)))
    }

    /// Does an input now, in its text or its object form, and gives its trace record.
    #[wasm_bindgen(unchecked_return_type = "Trace")]
    pub fn inject(&mut self, #[wasm_bindgen(unchecked_param_type = "string | Input")] input: JsValue) -> Given {
        let mut inject = || -> Result<_, Error> {
            let input = self.running.parse(&value(&input, Code::BadInput)?)?;
            self.running.inject(input)
        };
        let record = inject().map_err(|error| thrown(&error))?;
        self.warn();
        Ok(js(&record))
    }

    /// Inputs that are valid now, for one target or for all: at most 200.
    #[wasm_bindgen(unchecked_return_type = "Offer[]")]
    pub fn inputs(&self, #[wasm_bindgen(unchecked_param_type = "Target | undefined")] target: JsValue) -> Given {
        let offers = || -> Result<_, Error> {
            let about = match value(&target, Code::BadInput)? {
                Value::Null => None,
                target => Some(self.running.target(&target)?),
            };
            Ok(self.running.offers(about))
        };
        offers().map(|offers| js(&Value::List(offers))).map_err(|error| thrown(&error))
    }

    /// The view model at `now`, with at most `cells` of the newest cells of each strip.
    #[wasm_bindgen(unchecked_return_type = "Frame")]
    pub fn frame(&self, cells: Option<f64>) -> Given {
        let most = synod_engine::frame::MOST_CELLS;
        let cells = cells.filter(|cells| cells.is_finite()).map_or(most, |cells| (cells.max(0.0) as usize).min(most));
        Ok(js(&self.running.frame(cells)))
    }

    /// One node as the frame would have it, at every size of the cluster.
    #[wasm_bindgen(unchecked_return_type = "NodeFrame")]
    pub fn node(&self, id: f64) -> Given {
        let node = || -> Result<_, Error> {
            let id = u32::try_from(whole(id, text("a node", "节点"))?)
                .map_err(|_| Error::unknown_node(text("there is no such node", "没有这个节点")))?;
            self.running.node(synod_engine::names::NodeId(id), synod_engine::frame::MOST_CELLS)
        };
        node().map(|node| js(&node)).map_err(|error| thrown(&error))
    }

    /// Who talks to whom, as pairs of numbers; empty where everyone does.
    pub fn edges(&self) -> Vec<u32> {
        if self.running.nodes() > synod_engine::frame::MOST_NODES_SHOWN {
            return Vec::new();
        }
        self.running.edges().iter().flat_map(|(a, b)| [a.0, b.0]).collect()
    }

    /// Trace records of this branch from a number on, up to `now`, or to before another number.
    #[wasm_bindgen(unchecked_return_type = "Trace[]")]
    pub fn trace(&self, from: Option<f64>, before: Option<f64>) -> Given {
        let number = |n: f64| whole(n, text("a record's number", "事件的编号")).map_err(|error| thrown(&error));
        let (from, before) = (number(from.unwrap_or(0.0))?, before.map_or(Ok(u64::MAX), number)?);
        let records = Array::new();
        self.running.each_record(from, before, &mut |record| {
            records.push(&js(&record));
        });
        Ok(records.into())
    }

    /// The first time that each broken invariant broke.
    #[wasm_bindgen(unchecked_return_type = "Violation[]")]
    pub fn violations(&self) -> Given {
        Ok(js(&Value::List(self.running.violations())))
    }

    /// What clients did up to now, in the order of their calls, as `judge` takes it. Operations that neither read nor
    /// write are left out; of a run with very many the newest 16,384 at least are kept.
    #[wasm_bindgen(unchecked_return_type = "Operation[]")]
    pub fn history(&self) -> Given {
        Ok(js(&self.running.history()))
    }

    /// Which levels of consistency this configuration promises its clients, and which not; empty where clients neither
    /// read nor write.
    #[wasm_bindgen(unchecked_return_type = "PromisedLevel[]")]
    pub fn levels(&self) -> Given {
        Ok(js(&self.running.levels()))
    }

    /// Which states of machines were seen together up to now, with one epoch; null where they have no states.
    #[wasm_bindgen(unchecked_return_type = "Together | null")]
    pub fn together(&self) -> Given {
        Ok(js(&self.running.together()))
    }

    /// The same of a run under the same configuration and another seed, 0 to 2^32 - 1, in which chance asks and crashes
    /// machines and, if `cuts` is true, parts the network.
    #[cfg(feature = "random")]
    #[wasm_bindgen(unchecked_return_type = "Together | null")]
    pub fn trial(&self, seed: u32, cuts: bool) -> Given {
        Ok(js(&self.running.trial(seed.into(), cuts)))
    }

    /// What a batch of trials, 0 to 2^32 - 1, came to under this configuration and as the network is now, for one of the
    /// catalog's `odds`: sums and trials of several batches are added up. Empty where there are none.
    #[cfg(feature = "random")]
    #[wasm_bindgen(unchecked_return_type = "Curve[]")]
    pub fn odds(&self, id: &str, batch: u32) -> Given {
        Ok(js(&self.running.odds(id, batch)))
    }

    /// Every input of this branch, also those that lie ahead.
    #[wasm_bindgen(unchecked_return_type = "Placed[]")]
    pub fn done(&self) -> Given {
        Ok(js(&Value::List(self.running.inputs())))
    }

    /// Stands at any time of the run, in ms.
    pub fn seek(&mut self, ms: f64) -> Thrown<()> {
        let time = micros(ms, "seek").map_err(|error| thrown(&error))?;
        self.running.seek(time);
        self.warn();
        Ok(())
    }

    /// Whether an input was made at or before now: what `undo` would take back.
    #[wasm_bindgen(getter, js_name = canUndo)]
    pub fn can_undo(&self) -> bool {
        self.running.can_undo()
    }
    /// Whether the last `undo` can be taken back: no input was made since, and its branch was not left.
    #[wasm_bindgen(getter, js_name = canRedo)]
    pub fn can_redo(&self) -> bool {
        self.running.can_redo()
    }

    /// Takes back the last input of this branch at or before now, and gives it: goes to a branch
    /// without it and without the inputs that lie ahead, at the same time. The branch with it is kept.
    #[wasm_bindgen(unchecked_return_type = "Placed | undefined")]
    pub fn undo(&mut self) -> Given {
        let undone = self.running.undo();
        Ok(self.retell(undone))
    }

    /// Goes back to the branch that the last `undo` left, at the same time, and gives the input that is
    /// there again. No longer possible after another input.
    #[wasm_bindgen(unchecked_return_type = "Placed | undefined")]
    pub fn redo(&mut self) -> Given {
        let redone = self.running.redo();
        Ok(self.retell(redone))
    }

    #[wasm_bindgen(unchecked_return_type = "Branch[]")]
    pub fn branches(&self) -> Given {
        Ok(js(&Value::List(self.running.branches())))
    }

    /// Goes to another branch.
    #[wasm_bindgen(js_name = "switch")]
    pub fn switch_to(&mut self, id: f64) -> Thrown<()> {
        let mut switch = || -> Result<(), Error> {
            let id = u32::try_from(whole(id, text("a branch", "分支"))?)
                .map_err(|_| Error::input(text("a branch is a small number", "分支是一个小的编号")))?;
            self.running.switch(id)
        };
        switch().map_err(|error| thrown(&error))
    }

    /// An independent copy at `now`.
    pub fn fork(&self) -> Simulation {
        let told = self.told;
        Simulation { told, ..Simulation::of(self.running.clone()) }
    }

    /// The run as one short text that may stand in an address.
    pub fn recording(&self) -> String {
        self.running.recording()
    }

    /// Equal for equal state, the same natively and in wasm.
    pub fn fingerprint(&self) -> String {
        format!("{:016x}", self.running.fingerprint())
    }

    /// What the time diagram shows from a time up to `now`, as rows in views of the module's
    /// memory: take them afresh after each call.
    #[wasm_bindgen(unchecked_return_type = "Diagram")]
    pub fn diagram(&mut self, from: f64) -> Given {
        let from = micros(from, "diagram").map_err(|error| thrown(&error))?;
        let window = self.running.window(from);
        let spans = self.running.spans(from, &window);
        let (changes, past) = (&window.changes, &window.past);
        let marks = self.running.marks();
        self.rows.clear();
        for change in changes {
            let (standing, status) = (change.standing, change.status as u8);
            let row = [ms(change.time), f64::from(change.node.0), f64::from(status), f64::from(standing.role)];
            self.rows.extend(row);
            self.rows.push(f64::from(standing.epoch));
        }
        let flights = self.rows.len();
        for past in past {
            let row = [past.id as f64, swarm::end(past.from), swarm::end(past.to), f64::from(past.kind)];
            self.rows.extend(row);
            self.rows.extend([f64::from(past.tone as u8), f64::from(u8::from(past.quiet)), f64::from(past.epoch)]);
            let lost = f64::from(past.lost.map_or(0, |why| why as u8 + 1));
            self.rows.extend([ms(past.sent), ms(past.arrives), ms(past.ended), lost]);
        }
        let first_mark = self.rows.len();
        for mark in marks {
            let row = [ms(mark.time), f64::from(mark.row), f64::from(mark.glyph as u8), f64::from(mark.epoch)];
            self.rows.extend(row);
            self.rows.extend([f64::from(mark.a), f64::from(mark.node.0)]);
        }
        let diagram = js(&spans);
        let parts = [("changes", 0..flights), ("flights", flights..first_mark), ("marks", first_mark..self.rows.len())];
        for (key, range) in parts {
            // SAFETY: the view is read before the module's memory can grow again; the types say so.
            #[allow(unsafe_code)]
            let view = unsafe { Float64Array::view(&self.rows[range]) };
            Reflect::set(&diagram, &key.into(), &view)?;
        }
        Ok(diagram)
    }

    /// Typed-array views for clusters too large for one object a node, arranged by number or by
    /// mark. Take them afresh.
    #[wasm_bindgen(unchecked_return_type = "Swarm")]
    pub fn swarm(&mut self, #[wasm_bindgen(js_name = byMark)] by_mark: Option<bool>) -> Given {
        self.swarm.look(&self.running, by_mark.unwrap_or(false));
        self.swarm.views()
    }

    /// The swarm as pixels, as it was last looked at: a dot a node. The palette has RGBA bytes for
    /// a node without a mark, marked with `newest`, with an even and an odd one, stopped, down. Marked nodes
    /// are drawn over all others, and are at least `least` pixels large.
    #[wasm_bindgen(js_name = swarmImage)]
    pub fn swarm_image(
        &mut self,
        width: u32,
        height: u32,
        palette: &[u8],
        newest: u16,
        least: Option<u32>,
    ) -> Thrown<web_sys::ImageData> {
        if !(1..=8_192).contains(&width) || !(1..=8_192).contains(&height) {
            return Err(thrown(&Error::input(text(
                "an image is 1 to 8192 pixels wide and high",
                "图像的宽和高为 1 到 8192 像素",
            ))));
        }
        self.swarm.image((width, height), palette, newest, least.unwrap_or(1).min(14) as usize)
    }

    /// For benchmarks: whether a trace is kept and whether invariants are asked.
    #[wasm_bindgen(js_name = setWatch)]
    pub fn set_watch(&mut self, trace: bool, invariants: bool) {
        self.running.set_watch(trace, invariants);
    }
}
