//! The terms as the pages fetch them: what each means, whose definition it is, and the first lessons that say it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow};
use serde_json::{Map, Value as Json, json};
use synod_lesson_files::terms::{Term, Terms, read};
use synod_lesson_files::{File, all};

use crate::heads::{LANGS, replaced};
use crate::html::escape;
use crate::path;
use crate::protocols;

/// So many lessons are named that say a term.
const SEEN: usize = 3;

pub fn write(dist: &Path) -> Result<()> {
    let terms = read(&protocols().join("../../docs/terms.toml")).map_err(|why| anyhow!(why))?;
    let families = path::listed()?;
    let seen = seen(&terms, &in_order(&families)?);
    let papers = terms.papers.iter().map(|one| (one.id.clone(), json!({ "short": one.short, "full": one.full })));
    let one = |term: &Term| {
        let lessons = seen.get(term.id.as_str()).cloned().unwrap_or_default();
        json!({
            "id": term.id, "family": term.family, "of": term.of, "en": term.en, "zh": term.zh, "except": term.except,
            "says": { "en": term.says.en, "zh": term.says.zh }, "paper": term.paper, "at": term.at, "seen": lessons,
        })
    };
    let data = json!({
        "families": families.iter().map(|one| json!({ "id": one["id"], "name": one["name"] })).collect::<Vec<_>>(),
        "papers": papers.collect::<Map<String, Json>>(),
        "terms": terms.terms.iter().map(one).collect::<Vec<_>>(),
    });
    fs::write(dist.join("terms.json"), serde_json::to_string(&data)?)?;
    Ok(())
}

/// Every lesson, in the order in which home leads along the courses.
fn in_order(families: &[Json]) -> Result<Vec<File>> {
    let courses = families.iter().flat_map(|family| family["courses"].as_array().into_iter().flatten());
    let courses: Vec<&str> = courses.filter_map(Json::as_str).collect();
    let place = |file: &File| {
        let course = file.id.split('/').next().unwrap_or_default();
        courses.iter().position(|one| *one == course).unwrap_or(courses.len())
    };
    let mut files = all(&protocols()).map_err(|why| anyhow!(why))?;
    files.sort_by_key(place);
    Ok(files)
}

/// The first lessons whose captions say a term, in the order of the courses.
fn seen<'t>(terms: &'t Terms, lessons: &[File]) -> BTreeMap<&'t str, Vec<String>> {
    let mut seen: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for lesson in lessons {
        for term in terms.in_lesson(lesson, false) {
            let list = seen.entry(&term.id).or_default();
            if list.len() < SEEN {
                list.push(lesson.id.clone());
            }
        }
    }
    seen
}

/// A page with all terms for who runs no scripts: in every language, and whose definition it is.
pub fn listed(html: &str, dist: &Path) -> Result<String> {
    let all: Json = serde_json::from_slice(&fs::read(dist.join("terms.json"))?)?;
    let text = |words: &Json| escape(words.as_str().unwrap_or_default());
    let entry = |term: &Json| {
        let said = |lang: &str| format!("<dt>{}</dt><dd>{}</dd>", text(&term[lang][0]), text(&term["says"][lang]));
        let paper = text(&all["papers"][term["paper"].as_str().unwrap_or_default()]["full"]);
        let said: String = LANGS.iter().map(|lang| said(lang.id)).collect();
        format!("{said}<dd>{paper}: {}</dd>", text(&term["at"]))
    };
    let entries: String = all["terms"].as_array().into_iter().flatten().map(entry).collect();
    replaced(html, "<dl class=\"terms\"></dl>", &format!("<dl class=\"terms\">{entries}</dl>"))
}
