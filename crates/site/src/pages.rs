//! The pages of the site, with heads that tell what they are; those of lessons and challenges; and a map of them all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value as Json, json};

use crate::addresses::{self, Kind, Told, said};
use crate::heads::{Head, LANGS, Site, alternates, between, replaced};
use crate::html::escape;
use crate::terms;

/// Pages that say nothing by themselves: what they show is asked for behind the `#`, or they are made for frames.
const SHELLS: [&str; 5] = ["lesson", "challenge", "quiz", "embed", "notes"];
const HOME: &str = "index";

/// Where the pages are as they are written.
fn www() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www")
}

/// Writes every page but for what only a finished build knows, and what there is to be drawn for their previews.
pub fn write(dist: &Path, site: &Site) -> Result<()> {
    for lang in LANGS.iter().filter(|lang| !lang.folder.is_empty()) {
        if dist.join(lang.folder).exists() {
            fs::remove_dir_all(dist.join(lang.folder))?;
        }
    }
    let [lessons, challenges] = [addresses::all(dist, Kind::Lesson)?, addresses::all(dist, Kind::Challenge)?];
    let mut pictures = Vec::new();
    let paths = own_pages(dist, site, &[&lessons, &challenges], &mut pictures)?;
    let names = site_pages(dist, site, &lessons, &challenges, &mut pictures)?;
    fs::write(dist.join("pictures.json"), serde_json::to_string(&pictures)?)?;
    let map = dist.join("sitemap.xml");
    match sitemap(site, &names, &paths) {
        Some(text) => fs::write(map, text)?,
        None if map.exists() => fs::remove_file(map)?,
        None => {}
    }
    Ok(())
}

/// The pages of lessons and challenges; their paths, in English.
fn own_pages(dist: &Path, site: &Site, all: &[&Vec<Told>], pictures: &mut Vec<Json>) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    for of_kind in all {
        let kind = of_kind.first().map_or(Kind::Lesson, |one| one.kind);
        let template = fs::read_to_string(www().join(format!("{}.html", kind.word())))?;
        for (at, told) in of_kind.iter().enumerate() {
            for lang in &LANGS {
                let page = told.page(&template, lang, of_kind.get(at + 1), site).with_context(|| told.id.clone())?;
                let path = dist.join(told.href(lang));
                fs::create_dir_all(path.parent().context("a page has a folder")?)?;
                fs::write(path, page)?;
                pictures.push(told.picture(lang));
            }
            paths.push(told.path());
        }
    }
    Ok(paths)
}

/// The pages that are written by hand; the names of those that say something by themselves.
fn site_pages(
    dist: &Path,
    site: &Site,
    lessons: &[Told],
    challenges: &[Told],
    pictures: &mut Vec<Json>,
) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(www())? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "html") {
            names.push(path.file_stem().context("a page has a name")?.to_string_lossy().into_owned());
        }
    }
    // Home is the first of them.
    names.sort_by_key(|name| (name != HOME, name.clone()));
    let stages = stages(dist)?;
    for (at, name) in names.iter().enumerate() {
        let html = fs::read_to_string(www().join(format!("{name}.html")))?;
        let html = match name.as_str() {
            HOME => listed(&html, lessons.chunk_by(|a, b| a.group == b.group).map(|course| (&course[0], true)))?,
            "terms" => terms::listed(&html, dist)?,
            "challenges" => listed(&html, challenges.iter().map(|one| (one, false)))?,
            _ => html,
        };
        let title = between(&html, "<title>", "</title>")?.to_string();
        let description = between(&html, "<meta name=\"description\" content=\"", "\">")?.to_string();
        let path = if name == HOME { String::new() } else { format!("{name}.html") };
        let head = Head { path: &path, lang: &LANGS[0], twins: false, title: &title, description: &description };
        let protocols = "<meta name=\"protocols\"";
        let html = replaced(&html, protocols, &format!("{}\n{protocols}", head.tags(site)))?;
        fs::write(dist.join(format!("{name}.html")), html)?;
        let title = capital(title.strip_prefix("Synod: ").unwrap_or(&title));
        pictures.push(json!({
            "kind": "run", "id": name, "lang": LANGS[0].id, "run": stages[at % stages.len()],
            "page": format!("{name}.html"), "over": "", "title": title, "under": "", "alt": description,
        }));
    }
    names.retain(|name| !SHELLS.contains(&name.as_str()));
    Ok(names)
}

fn capital(words: &str) -> String {
    let mut signs = words.chars();
    signs.next().map_or(String::new(), |first| first.to_uppercase().chain(signs).collect())
}

/// A page with links for who runs no scripts: to the first lesson of each course under its name, or to each.
fn listed<'a>(html: &str, all: impl Iterator<Item = (&'a Told, bool)>) -> Result<String> {
    let link = |(told, of_group): (&Told, bool)| {
        let links = LANGS.iter().map(|lang| {
            let name = if of_group { said(&told.group, lang) } else { told.title(lang) };
            let (href, name) = (told.href(lang), escape(&name));
            format!("<a href=\"{href}\" hreflang=\"{0}\" lang=\"{0}\">{name}</a>", lang.html)
        });
        format!("<li>{}</li>", links.collect::<Vec<_>>().join(" · "))
    };
    replaced(html, "</noscript>", &format!("<ul>{}</ul></noscript>", all.map(link).collect::<String>()))
}

/// Runs for the pictures of pages that are about no run of their own: the courses' stages, in order of the path.
fn stages(dist: &Path) -> Result<Vec<Json>> {
    let path: Json = serde_json::from_slice(&fs::read(dist.join("path.json"))?)?;
    let families = path["families"].as_array().into_iter().flatten();
    let ids = families.flat_map(|family| family["courses"].as_array().into_iter().flatten()).filter_map(Json::as_str);
    let stages: Vec<Json> = ids.map(|id| path["courses"][id]["stage"].clone()).collect();
    ensure!(!stages.is_empty(), "the path has no course");
    Ok(stages)
}

/// A map of the site, whose addresses must be whole.
fn sitemap(site: &Site, names: &[String], paths: &[String]) -> Option<String> {
    let mut urls = String::new();
    for name in names {
        let path = if name == HOME { String::new() } else { format!("{name}.html") };
        urls += &format!("<url><loc>{}</loc></url>\n", site.whole(&path)?);
    }
    for path in paths {
        let links = alternates(path, site);
        let link = |(lang, href)| format!(r#"<xhtml:link rel="alternate" hreflang="{lang}" href="{href}"/>"#);
        let links: String = links.map(link).collect();
        for lang in &LANGS {
            let at = site.whole(&format!("{}{path}", lang.folder))?;
            urls += &format!("<url><loc>{at}</loc>{links}</url>\n");
        }
    }
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n{urls}</urlset>\n"
    ))
}

#[cfg(test)]
mod tests;
