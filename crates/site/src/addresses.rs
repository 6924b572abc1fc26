//! A page of its own for every lesson and challenge in every language: the page that runs it, with its words for those
//! who run nothing. Its address stays when a fragment is cut off it, as chats and crawlers do.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use serde_json::{Value as Json, json};
use synod_lessons::Player;

use crate::heads::{Head, Lang, Site, between, replaced};
use crate::html::{escape, plain};
use crate::json::value;
use crate::path;
use crate::watch;

/// A lesson or a challenge, with what is said of it in all languages.
pub struct Told {
    pub kind: Kind,
    pub id: String,
    /// The course or the protocol that it belongs to.
    pub group: Json,
    pub data: Json,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Lesson,
    Challenge,
}

impl Kind {
    pub fn word(self) -> &'static str {
        if self == Kind::Lesson { "lesson" } else { "challenge" }
    }

    pub fn folder(self) -> &'static str {
        if self == Kind::Lesson { "lessons" } else { "challenges" }
    }

    /// Why there is no more to be seen without scripts.
    fn needs(self, lang: &Lang) -> &'static str {
        match (self, lang.id) {
            (Kind::Lesson, "zh") => {
                "课程的每一步都在浏览器里实时计算，需要 JavaScript 和 WebAssembly。以下是它的文字。"
            }
            (_, "zh") => "挑战在浏览器里进行，需要 JavaScript 和 WebAssembly。以下是它的文字。",
            (Kind::Lesson, _) => {
                "Every step is computed in your browser, which takes JavaScript and WebAssembly. These are its words."
            }
            _ => "A challenge is played in your browser, which takes JavaScript and WebAssembly. These are its words.",
        }
    }

    fn next(self, lang: &Lang) -> &'static str {
        match (self, lang.id) {
            (Kind::Lesson, "zh") => "下一课：",
            (_, "zh") => "下一个挑战：",
            (Kind::Lesson, _) => "Next lesson: ",
            _ => "Next challenge: ",
        }
    }
}

/// Words of the data in a language, without marks. What is not there is empty.
pub fn said(words: &Json, lang: &Lang) -> String {
    plain(words[lang.id].as_str().unwrap_or_default())
}

fn each<'a>(data: &'a Json, list: &str) -> impl Iterator<Item = &'a Json> + use<'a> {
    data[list].as_array().into_iter().flatten()
}

impl Told {
    /// The address below the site's own folder, in English.
    pub fn path(&self) -> String {
        format!("{}/{}.html", self.kind.folder(), self.id)
    }

    pub fn href(&self, lang: &Lang) -> String {
        format!("{}{}", lang.folder, self.path())
    }

    pub fn title(&self, lang: &Lang) -> String {
        said(&self.data["title"], lang)
    }

    /// As a preview names it, among all that a chat is sent.
    fn known_as(&self, lang: &Lang) -> String {
        format!("{} · {}", self.title(lang), said(&self.group, lang))
    }

    /// What it is about, and what to watch for; where nothing is said of that, how it begins.
    fn description(&self, lang: &Lang) -> String {
        let about = if self.kind == Kind::Lesson { &self.data["summary"] } else { &self.data["sentence"] };
        let begins = match self.kind {
            Kind::Lesson => &self.data["steps"][0]["say"],
            Kind::Challenge => &self.data["line"],
        };
        let more = if self.data["watch"].is_null() { begins } else { &self.data["watch"] };
        let gap = if lang.id == "zh" { "" } else { " " };
        format!("{}{gap}{}", said(about, lang), said(more, lang))
    }

    /// What the words of an address would say that leads to the same.
    fn address(&self, lang: &Lang) -> String {
        let first = self.data["steps"][0]["id"].as_str();
        let step = first.filter(|_| self.kind == Kind::Lesson).map(|id| format!("&step={id}")).unwrap_or_default();
        format!("{}={}{step}&lang={}", self.kind.word(), self.id, lang.id)
    }

    /// The page: that which runs all of its kind, told which it is.
    pub fn page(&self, template: &str, lang: &Lang, next: Option<&Told>, site: &Site) -> Result<String> {
        let up = "../".repeat(self.href(lang).matches('/').count());
        let [title, preview, description] =
            [self.title(lang), self.known_as(lang), self.description(lang)].map(|text| escape(&text));
        let head = Head { path: &self.path(), lang, twins: true, title: &preview, description: &description };
        let own = format!(
            "<base href=\"{up}\">\n<meta name=\"address\" content=\"{}\">\n{}\n",
            escape(&self.address(lang)),
            head.tags(site)
        );
        let html = replaced(template, "<html lang=\"en\">", &format!("<html lang=\"{}\">", lang.html))?;
        let old = between(&html, "<title>", "</title>")?.to_string();
        let html = replaced(&html, &format!("<title>{old}<"), &format!("<title>{title} · Synod<"))?;
        let old = between(&html, "<meta name=\"description\" content=\"", "\">")?.to_string();
        let html = replaced(&html, &format!("content=\"{old}\""), &format!("content=\"{description}\""))?;
        // The only base that a page may have is its own site's.
        let html = replaced(&html, "base-uri 'none'", "base-uri 'self'")?;
        let protocols = "<meta name=\"protocols\"";
        let html = replaced(&html, protocols, &format!("{own}{protocols}"))?;
        let old = format!("<noscript>{}</noscript>\n", between(&html, "<noscript>", "</noscript>\n")?);
        let html = replaced(&html, &old, "")?;
        let words = format!("{}\n<div id=\"app\">", self.words(lang, next));
        replaced(&html, "<div id=\"app\">", &words)
    }

    /// For readers without scripts.
    fn words(&self, lang: &Lang, next: Option<&Told>) -> String {
        let p = |words: &Json| match said(words, lang) {
            said if said.is_empty() => String::new(),
            said => format!("<p>{}</p>", escape(&said)),
        };
        let about = match self.kind {
            Kind::Lesson => p(&self.data["summary"]),
            Kind::Challenge => p(&self.data["sentence"]) + &p(&self.data["line"]),
        };
        let step = |step: &Json| {
            let name = escape(&said(&step["name"], lang));
            format!("<li><h2>{name}</h2>{}{}</li>", p(&step["say"]), p(&step["then"]))
        };
        let objective = |one: &Json| format!("<li>{}</li>", p(&one["says"]));
        let list: String = match self.kind {
            Kind::Lesson => each(&self.data, "steps").map(step).collect(),
            Kind::Challenge => each(&self.data, "objectives").map(objective).collect(),
        };
        let link = |href: &str, lang: &Lang, words: &str| {
            format!("<a href=\"{href}\" hreflang=\"{0}\" lang=\"{0}\">{1}</a>", lang.html, escape(words))
        };
        let others = crate::heads::LANGS.iter().filter(|other| other.id != lang.id);
        let mut ways: Vec<String> = others.map(|other| link(&self.href(other), other, other.name)).collect();
        ways.extend(next.map(|next| {
            let said = format!("{}{}", self.kind.next(lang), next.title(lang));
            link(&next.href(lang), lang, &said)
        }));
        format!(
            "<noscript><link rel=\"stylesheet\" href=\"plain.css\"><main class=\"plain\">\
             <p><a href=\"index.html\">Synod</a> · {}</p><h1>{}</h1>{about}<p><em>{}</em></p><ol>{list}</ol>\
             <p>{}</p></main></noscript>",
            escape(&said(&self.group, lang)),
            escape(&self.title(lang)),
            self.kind.needs(lang),
            ways.join(" · "),
        )
    }

    /// The picture of a preview: what is drawn, and what is written beside it.
    pub fn picture(&self, lang: &Lang) -> Json {
        let group = said(&self.group, lang);
        let (step, under, alt) = match self.kind {
            Kind::Lesson => {
                let step = &self.data["steps"][telling(&self.data)];
                let name = said(&step["name"], lang);
                let gap = if lang.id == "zh" { "：" } else { ": " };
                (step["id"].clone(), name.clone(), format!("{name}{gap}{}", said(&step["say"], lang)))
            }
            Kind::Challenge => (Json::Null, said(&self.data["line"], lang), self.description(lang)),
        };
        json!({
            "kind": self.kind.word(), "id": self.id, "lang": lang.id, "step": step,
            "page": self.href(lang), "over": group, "title": self.title(lang), "under": under, "alt": alt,
        })
    }
}

/// The step whose picture tells most, by its place: the one that says most of what is to be seen where it stops, and
/// most of what moves or is counted; of several, the last.
fn telling(lesson: &Json) -> usize {
    let lively = |shown: &str| shown.starts_with("flying") || shown.contains(".tally") || shown.contains(".won");
    let weight = |(at, step): (usize, &Json)| {
        let shown = each(step, "shows").filter_map(Json::as_str);
        (shown.map(|one| if lively(one) { 2 } else { 1 }).sum::<usize>(), at)
    };
    each(lesson, "steps").enumerate().map(weight).max().map_or(0, |(_, at)| at)
}

/// Every lesson, or every challenge, in its order, as it was written for the page.
pub fn all(dist: &Path, kind: Kind) -> Result<Vec<Told>> {
    let folder = dist.join(kind.folder());
    let groups: Json = serde_json::from_slice(&fs::read(folder.join("index.json"))?)?;
    let mut all = Vec::new();
    for group in groups.as_array().into_iter().flatten() {
        let named = if kind == Kind::Lesson { &group["title"] } else { &group["name"] };
        for one in each(group, kind.folder()) {
            let id = one["id"].as_str().context("a listing has an id")?.to_string();
            let mut data = serde_json::from_slice(&fs::read(folder.join(format!("{id}.json")))?)?;
            if kind == Kind::Lesson {
                fill(&mut data).with_context(|| id.clone())?;
            }
            all.push(Told { kind, id, group: named.clone(), data });
        }
    }
    Ok(all)
}

/// A run of more nodes than these is not played for its words: whoever builds would wait for it.
const MOST_PLAYED: usize = 2_000;

/// Puts numbers of the run into the words that have some, for which the lesson is played.
fn fill(data: &mut Json) -> Result<()> {
    let asks = |words: &Json| words["en"].as_str().is_some_and(|text| text.contains("{="));
    let asking = |step: &Json| asks(&step["say"]) || asks(&step["then"]);
    let Some(last) = each(data, "steps").collect::<Vec<_>>().iter().rposition(|step| asking(step)) else {
        return Ok(());
    };
    let lesson = synod_lessons::read(&value(&watch::played(data))?).map_err(|why| anyhow!("{why}"))?;
    let entry = path::entry(&lesson.protocol).with_context(|| format!("no protocol is called {}", lesson.protocol))?;
    let mut player = Player::new(lesson);
    let mut run = player.begin(&mut |config| entry.open(config, &mut || 0)).map_err(|why| anyhow!("{why}"))?;
    if run.nodes() as usize > MOST_PLAYED {
        return Ok(());
    }
    for n in 0..=last {
        let mark = player.reach(&mut run, n).map_err(|why| anyhow!("{why}"))?;
        let step = &mut data["steps"][n];
        step["say"] = json!({ "en": mark.say.en, "zh": mark.say.zh });
        if let Some(then) = &mark.then {
            step["then"] = json!({ "en": then.en, "zh": then.zh });
        }
    }
    Ok(())
}
