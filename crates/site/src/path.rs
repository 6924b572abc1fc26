//! What the home page needs before any module is there: the path of learning, what each course asks,
//! the run of its stage as inputs, and its emblem as a frame that the protocol computed here.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::{Map, Value as Json, json};
use synod_engine::simulation::{Entry, Simulation};
use synod_engine::units::{Micros, micros_to_ms};
use synod_engine::value::Value;
use synod_lesson_files::File;

use crate::json::{number, plain, value};
use crate::protocols;
use crate::quiz;

/// Words that are read in a minute, and how long a step plays that does not say it.
const WORDS_A_MINUTE: u64 = 160;
const STEP_MS: u64 = 4_000;
/// As many cells of a log are in an emblem.
const CELLS: usize = 5;

pub fn write(dist: &Path) -> Result<()> {
    let source = protocols();
    let files = synod_lesson_files::all(&source).map_err(|why| anyhow!(why))?;
    let quizzes = quiz::quizzes()?;
    let mut courses = BTreeMap::new();
    for id in course_ids(&files) {
        let mut course = course(&source.join("src"), &id, &files).with_context(|| id.clone())?;
        course.data["questions"] =
            json!(quizzes.iter().find(|quiz| quiz.course == id).map_or(0, |quiz| quiz.questions.len()));
        courses.insert(id, course);
    }
    let families = families(&listed()?, &courses)?;
    let list: Map<String, Json> = courses.into_iter().map(|(id, course)| (id, course.data)).collect();
    let text = serde_json::to_string(&json!({ "families": families, "courses": list }))?;
    fs::write(dist.join("path.json"), text)?;
    Ok(())
}

struct Course {
    family: String,
    data: Json,
}

fn course_ids(files: &[File]) -> Vec<String> {
    let mut ids: Vec<String> = synod_protocols::ALL.iter().map(|entry| entry.id.to_string()).collect();
    for file in files {
        if !ids.contains(&file.course) {
            ids.push(file.course.clone());
        }
    }
    ids
}

/// The families as the path lists them, each with its name and its courses.
pub fn listed() -> Result<Vec<Json>> {
    let path = table(&protocols().join("src/path.toml"))?;
    path["family"].as_array().cloned().context("the path has families")
}

/// Families in the order of the path; what is not on it stands at the end.
fn families(list: &[Json], courses: &BTreeMap<String, Course>) -> Result<Vec<Json>> {
    // A course may be listed in another family than that of its protocol, and stands there alone.
    let named: Vec<&str> = list
        .iter()
        .flat_map(|family| family["courses"].as_array().into_iter().flatten())
        .filter_map(Json::as_str)
        .collect();
    for (at, course) in named.iter().enumerate() {
        ensure!(!named[..at].contains(course), "the path names {course} twice");
    }
    let mut left: Vec<&String> = courses.keys().filter(|course| !named.contains(&course.as_str())).collect();
    let mut families = Vec::new();
    for family in list {
        let id = family["id"].as_str().context("a family has an id")?;
        let mut ids: Vec<String> = Vec::new();
        for course in family["courses"].as_array().into_iter().flatten() {
            let course = course.as_str().context("a course is named")?;
            ensure!(courses.contains_key(course), "the path names {course}, and there is no such course");
            ids.push(course.to_string());
        }
        left.retain(|course| {
            let here = courses[*course].family == id;
            if here {
                ids.push((*course).clone());
            }
            !here
        });
        families.push(json!({ "id": id, "name": family["name"], "courses": ids }));
    }
    for course in left {
        let id = &courses[course].family;
        match families.iter_mut().find(|family| family["id"] == json!(id)) {
            Some(family) => family["courses"].as_array_mut().context("a list")?.push(json!(course)),
            None => families.push(json!({ "id": id, "name": { "en": id, "zh": id }, "courses": [course] })),
        }
    }
    Ok(families)
}

/// What a course is called: as its folder says, or else as its protocol is.
pub fn name(id: &str) -> Result<Json> {
    let said = said(&protocols().join("src"), id)?;
    let protocol = || entry(id).and_then(|entry| Some(plain(entry.catalog(&[]).get("name")?)));
    let name = said.get("name").cloned().or_else(protocol);
    name.with_context(|| format!("the course {id} has neither a name nor a protocol"))
}

/// What the folder of a course says of it.
fn said(source: &Path, id: &str) -> Result<Json> {
    let path = source.join(id.replace('-', "_")).join("course.toml");
    if path.exists() { table(&path) } else { Ok(json!({})) }
}

/// A course as its folder, its protocol and its lessons describe it.
fn course(source: &Path, id: &str, files: &[File]) -> Result<Course> {
    let said = said(source, id)?;
    let own: Vec<&File> = files.iter().filter(|file| file.course == id).collect();
    // A protocol without lessons of its own has those that run it.
    let of = |file: &&File| file.course == id || (own.is_empty() && file.protocol == id);
    let lessons: Vec<&File> = files.iter().filter(of).collect();
    let protocol = own.first().filter(|_| entry(id).is_none()).map_or(id, |file| &file.protocol);
    let entry = entry(protocol).with_context(|| format!("no protocol is called {protocol}"))?;
    let catalog = entry.catalog(&[]);
    // The stage of a course before any protocol is that of the protocol which it runs.
    let stage = stage(&self::said(source, protocol)?["stage"], entry)?;
    let emblem = match &said["emblem"] {
        Json::Null => emblem(&stage, entry, "")?,
        said => emblem(&run(said, entry)?, entry, said["show"].as_str().unwrap_or_default())?,
    };
    let question = said.get("question").cloned().or_else(|| catalog.get("summary").map(plain));
    let beside = synod_protocols::COMPARISONS.iter().filter(|pair| pair.sides.iter().any(|(side, _)| *side == id));
    let pairs = beside.map(|pair| json!({ "id": pair.id, "title": plain(&Value::text(pair.title)) }));
    let data = json!({
        "protocol": protocol,
        "name": name(id)?,
        "question": question,
        "lessons": lessons.iter().map(|file| json!(file.id)).collect::<Vec<_>>(),
        "minutes": minutes(&lessons),
        "beside": pairs.collect::<Vec<_>>(),
        // One who has no protocol of its own follows no paper of its own either.
        "source": if protocol == id { catalog.get("source").map_or(Json::Null, plain) } else { Json::Null },
        "stage": stage,
        "emblem": emblem,
    });
    let family = if protocol == id { catalog.get("family").and_then(Value::as_text) } else { None };
    Ok(Course { family: family.unwrap_or("start").to_string(), data })
}

pub fn entry(id: &str) -> Option<&'static Entry> {
    synod_protocols::ALL.iter().find(|entry| entry.id == id)
}

/// What a course's stage plays, how often it is asked for something, and what.
fn stage(said: &Json, entry: &Entry) -> Result<Json> {
    let catalog = entry.catalog(&[]);
    let example = catalog.get("operations").and_then(|all| all.as_list()?.first()?.get("example")?.as_text());
    let request = said["request"].as_str().or(example).unwrap_or_default().to_string();
    let every = said["every"].as_u64().unwrap_or(100);
    let usual = json!({ "config": "seed=3", "script": format!("+320ms\nrequest {request}\n+20ms") });
    let mut stage = run(if said.is_null() { &usual } else { said }, entry)?;
    stage["request"] = json!(request);
    stage["every"] = json!(every);
    Ok(stage)
}

/// A configuration and inputs as ready runs have them, and the moment at the end of the script.
fn run(said: &Json, entry: &Entry) -> Result<Json> {
    let word = |key: &str| Ok::<_, anyhow::Error>(said[key].as_str().with_context(|| format!("no {key}"))?.to_string());
    // The engine's readers keep what they read for ever, as what is compiled in is kept.
    let [config, script] = [word("config")?, word("script")?].map(|text| &*text.leak());
    // An empty input after the last pause is the moment itself.
    let ended: &'static str = format!("{script}\nend").leak();
    let mut lines: Vec<(Micros, &str)> = synod_engine::script::lines(ended).collect();
    let (at, _) = lines.pop().context("a script ends")?;
    let inputs = lines.iter().map(|(time, text)| json!({ "time": ms(*time), "text": text }));
    let config = plain(&synod_engine::script::config(entry.id, config));
    Ok(json!({ "config": config, "inputs": inputs.collect::<Vec<_>>(), "at": ms(at) }))
}

fn ms(time: Micros) -> Json {
    number(micros_to_ms(time as i64))
}

fn micros(time: &Json) -> Micros {
    (time.as_f64().unwrap_or_default() * 1000.0).round() as Micros
}

/// The moment of a run, with what can be seen of it at the size of a thumbnail.
fn emblem(run: &Json, entry: &Entry, show: &str) -> Result<Json> {
    let mut sim = entry.open(&value(&run["config"])?, &mut || 3).map_err(|why| anyhow!("{why:?}"))?;
    for input in run["inputs"].as_array().into_iter().flatten() {
        sim.run_to(micros(&input["time"]));
        let text = Value::string(input["text"].as_str().unwrap_or_default());
        let input = sim.parse(&text).map_err(|why| anyhow!("{text:?}: {why:?}"))?;
        sim.inject(input).map_err(|why| anyhow!("{text:?}: {why:?}"))?;
    }
    sim.run_to(micros(&run["at"]));
    Ok(seen(&sim, entry, show))
}

pub fn seen(sim: &Simulation, entry: &Entry, show: &str) -> Json {
    let (frame, catalog) = (plain(&sim.frame(CELLS)), plain(&entry.catalog(&[])));
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let nodes = list(&frame["nodes"]).into_iter().map(|one| {
        let role = list(&catalog["roles"]).into_iter().find(|role| role["id"] == one["role"]).unwrap_or(Json::Null);
        let mut node = json!({
            "id": one["id"], "shape": role["shape"], "authority": one["authority"],
            "epoch": one["epoch"]["value"], "status": one["status"],
        });
        if !one["group"].is_null() {
            node["group"] = one["group"].clone();
        }
        if show == "logs" {
            let cells = list(&one["strips"][0]["cells"]);
            node["cells"] = cells.iter().map(|cell| json!([cell["epoch"], cell["state"]])).collect();
        }
        node
    });
    let now = micros(&frame["now"]) as f64;
    let between = |one: &Json| one["from"].is_number() && one["to"].is_number() && one["fate"] == "flying";
    let messages = list(&frame["messages"]).into_iter().filter(between).map(|one| {
        let (sent, arrives) = (micros(&one["sent"]) as f64, micros(&one["arrives"]) as f64);
        let way = (((now - sent) / (arrives - sent).max(1.0)).clamp(0.0, 1.0) * 100.0).round() / 100.0;
        json!({
            "from": one["from"], "to": one["to"], "tone": one["tone"], "reply": one["reply"],
            "quiet": one["quiet"], "epoch": one["epoch"], "way": way,
        })
    });
    let edges: Vec<u32> = sim.edges().iter().flat_map(|(a, b)| [a.0, b.0]).collect();
    json!({
        "layout": if show.is_empty() { catalog["layout"].as_str().unwrap_or_default() } else { show },
        "nodes": nodes.collect::<Vec<_>>(), "messages": messages.collect::<Vec<_>>(), "edges": edges,
    })
}

/// How long the lessons take: their words are read, and their steps play.
fn minutes(lessons: &[&File]) -> u64 {
    let mut ms = 0;
    for file in lessons {
        for step in file.data.get("steps").and_then(|steps| steps.as_array()).into_iter().flatten() {
            let words = |key: &str| {
                let text = step.get(key).and_then(|text| text.get("en")?.as_str()).unwrap_or_default();
                text.split_whitespace().count() as u64
            };
            ms += (words("say") + words("more")) * 60_000 / WORDS_A_MINUTE;
            ms += step.get("lasts").and_then(|ms| ms.as_integer()).map_or(STEP_MS, |ms| ms as u64);
        }
    }
    ms.div_ceil(60_000)
}

fn table(path: &Path) -> Result<Json> {
    let read =
        || -> Result<Json> { Ok(serde_json::to_value(toml::from_str::<toml::Table>(&fs::read_to_string(path)?)?)?) };
    match read() {
        Ok(table) => Ok(table),
        Err(why) => bail!("{}: {why}", path.display()),
    }
}
