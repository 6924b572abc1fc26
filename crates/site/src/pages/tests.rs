//! The pages as they are written: all of them, in a folder of their own.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::*;

const SITE: &str = "https://example.org/synod";

fn site() -> Site {
    Site::at(SITE).unwrap()
}

/// Every page of the site, written once.
fn written() -> &'static Path {
    static WRITTEN: OnceLock<PathBuf> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/test-pages");
        fs::create_dir_all(&dist).unwrap();
        crate::data(&dist).unwrap();
        write(&dist, &site()).unwrap();
        dist
    })
}

fn read(page: &str) -> String {
    fs::read_to_string(written().join(page)).unwrap_or_else(|why| panic!("{page}: {why}"))
}

fn every() -> &'static [Told] {
    static EVERY: OnceLock<Vec<Told>> = OnceLock::new();
    let all = |kind| addresses::all(written(), kind).unwrap();
    EVERY.get_or_init(|| [Kind::Lesson, Kind::Challenge].into_iter().flat_map(all).collect())
}

/// What a page says are its other languages, and the address it has for its own.
fn links(html: &str) -> (String, BTreeSet<(String, String)>) {
    let canonical = between(html, "<link rel=\"canonical\" href=\"", "\">").unwrap().to_string();
    let others = html.split("<link rel=\"alternate\" hreflang=\"").skip(1);
    let pair = |rest: &str| {
        let (lang, rest) = rest.split_once("\" href=\"").unwrap();
        (lang.to_string(), rest.split_once('"').unwrap().0.to_string())
    };
    (canonical, others.map(pair).collect())
}

#[test]
fn every_lesson_and_challenge_has_a_page_in_each_language_with_its_words() {
    let files = synod_lesson_files::all(&crate::protocols()).unwrap().into_iter().map(|one| ("lessons", one));
    let more = synod_lesson_files::challenges(&crate::protocols()).unwrap().into_iter().map(|one| ("challenges", one));
    for (folder, file) in files.chain(more) {
        let data = serde_json::to_value(&file.data).unwrap();
        for lang in &LANGS {
            let page = read(&format!("{}{folder}/{}.html", lang.folder, file.id));
            let (_, words) = page.split_once("<noscript>").unwrap();
            let (words, _) = words.split_once("</noscript>").unwrap();
            let has = |text: &Json| {
                let raw = text[lang.id].as_str().unwrap_or_default();
                let said = escape(&said(text, lang));
                // What the run counts is known when it is played.
                assert!(raw.contains("{=") || words.contains(&said), "{} misses {said}", file.id);
            };
            has(&data["title"]);
            for one in data["steps"].as_array().into_iter().flatten() {
                [&one["name"], &one["say"], &one["then"]].into_iter().for_each(has);
            }
            for one in data["objectives"].as_array().into_iter().flatten() {
                has(&one["says"]);
            }
            [&data["summary"], &data["sentence"]].into_iter().for_each(has);
            assert!(!words.contains('{'), "{} shows a mark: {words}", file.id);
            assert!(page.contains(&format!("<html lang=\"{}\">", lang.html)), "{}", file.id);
        }
    }
}

#[test]
fn numbers_of_a_run_are_in_its_words_where_it_is_small_enough_to_be_played() {
    let two = read("lessons/gossip/push.html");
    assert!(!two.contains('…') && !two.contains("{="), "{two}");
    assert!(read("lessons/gossip/hundred-thousand.html").contains('…'));
}

#[test]
fn languages_lead_to_each_other_and_each_page_to_itself() {
    for told in every() {
        let pages = LANGS.each_ref().map(|lang| (lang, links(&read(&told.href(lang)))));
        for (lang, (canonical, others)) in &pages {
            assert_eq!(*canonical, format!("{SITE}/{}", told.href(lang)));
            assert!(others.contains(&(lang.id.to_string(), canonical.clone())), "{}: {others:?}", told.id);
            assert!(others.contains(&("x-default".to_string(), pages[0].1.0.clone())), "{}: {others:?}", told.id);
            assert_eq!(others.len(), LANGS.len() + 1, "{}", told.id);
            assert_eq!(*others, pages[0].1.1, "{}: both say the same", told.id);
        }
    }
}

#[test]
fn a_page_says_in_its_preview_what_it_is() {
    let page = read("zh/lessons/raft/elect.html");
    for tag in [
        "<title>选出领导者 · Synod</title>",
        "<meta property=\"og:title\" content=\"选出领导者 · Raft\">",
        "<meta property=\"og:type\" content=\"article\">",
        "<meta property=\"og:url\" content=\"https://example.org/synod/zh/lessons/raft/elect.html\">",
        "<meta property=\"og:locale\" content=\"zh_CN\">",
        "<meta property=\"og:locale:alternate\" content=\"en_US\">",
        "<meta name=\"twitter:card\" content=\"summary\">",
        "<base href=\"../../../\">",
        "<meta name=\"address\" content=\"lesson=raft/elect&amp;step=followers&amp;lang=zh\">",
    ] {
        assert!(page.contains(tag), "{tag}\n{page}");
    }
    let summary = "角色、任期、随机超时、投票与心跳。";
    for name in ["name=\"description\"", "property=\"og:description\""] {
        assert!(page.contains(&format!("<meta {name} content=\"{summary}")), "{name}");
    }
    for entry in fs::read_dir(www()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if name.ends_with(".html") {
            let page = read(&name);
            for tag in ["og:title", "og:description", "og:url", "twitter:card", "rel=\"canonical\""] {
                assert_eq!(page.matches(tag).count(), 1, "{name}: {tag}");
            }
        }
    }
}

#[test]
fn pages_of_their_own_run_what_the_page_of_all_runs_and_nothing_else() {
    let template = fs::read_to_string(www().join("lesson.html")).unwrap();
    let policy = |html: &str| between(html, "Content-Security-Policy\" content=\"", "\">").unwrap().to_string();
    for told in every().iter().filter(|told| told.kind == Kind::Lesson) {
        let page = read(&told.href(&LANGS[1]));
        assert_eq!(policy(&page), policy(&template).replace("base-uri 'none'", "base-uri 'self'"));
        let scripts =
            |html: &str| html.split("<script").skip(1).map(|it| it.split('>').next().map(String::from)).collect();
        let [own, all]: [Vec<Option<String>>; 2] = [scripts(&page), scripts(&template)];
        assert_eq!(own, all, "{}", told.id);
    }
}

#[test]
fn what_a_lesson_is_called_cannot_leave_its_place() {
    let hostile = r#""><script>alert('x')</script>&amp;{A}"#;
    let both = json!({ "en": hostile, "zh": hostile });
    let step = json!({ "id": "one", "name": both, "say": both, "then": both });
    let data = json!({ "title": both, "summary": both, "steps": [step], "watch": both });
    let told = Told { kind: Kind::Lesson, id: "a/b".into(), group: both.clone(), data };
    let template = fs::read_to_string(www().join("lesson.html")).unwrap();
    let page = told.page(&template, &LANGS[0], Some(&told), &site()).unwrap();
    assert!(!page.contains("<script>") && !page.contains("alert('x')"), "{page}");
    let safe = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;A";
    assert!(page.contains(&format!("<h1>{safe}</h1>")), "{page}");
    assert!(page.contains(&format!("<meta name=\"description\" content=\"{safe} {safe}\">")), "{page}");
    assert!(page.contains(&format!("<meta property=\"og:title\" content=\"{safe} · {safe}\">")), "{page}");
}

#[test]
fn the_map_lists_every_page_where_the_sites_address_is_known() {
    let map = fs::read_to_string(written().join("sitemap.xml")).unwrap();
    let listed: BTreeSet<&str> = map.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()).collect();
    let mut wanted: BTreeSet<String> = BTreeSet::from([format!("{SITE}/")]);
    for entry in fs::read_dir(www()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        // These show what is asked for behind the #, and home is the site's own folder.
        let asked = ["lesson.html", "challenge.html", "quiz.html", "embed.html", "notes.html", "index.html"];
        let by_itself = !asked.contains(&&name[..]);
        if name.ends_with(".html") && by_itself {
            wanted.insert(format!("{SITE}/{name}"));
        }
    }
    for told in every() {
        wanted.extend(LANGS.iter().map(|lang| format!("{SITE}/{}", told.href(lang))));
    }
    assert_eq!(listed, wanted.iter().map(String::as_str).collect());
    assert!(sitemap(&Site::at("").unwrap(), &["index".into()], &[]).is_none());
}

#[test]
fn without_the_sites_address_links_lead_from_its_folder() {
    let told = &every()[0];
    let template = fs::read_to_string(www().join("lesson.html")).unwrap();
    let page = told.page(&template, &LANGS[1], None, &Site::at("").unwrap()).unwrap();
    let (canonical, others) = links(&page);
    assert_eq!(canonical, told.href(&LANGS[1]));
    assert!(others.contains(&("x-default".into(), told.path())), "{others:?}");
    assert!(!page.contains("og:url"));
}

#[test]
fn a_picture_is_drawn_of_every_page_and_of_the_step_that_shows_most() {
    let pictures: Vec<Json> = serde_json::from_slice(&fs::read(written().join("pictures.json")).unwrap()).unwrap();
    let pages: BTreeSet<&str> = pictures.iter().filter_map(|one| one["page"].as_str()).collect();
    assert_eq!(pages.len(), pictures.len(), "a page has one");
    for told in every() {
        assert!(LANGS.iter().all(|lang| pages.contains(&told.href(lang)[..])), "{}", told.id);
    }
    let elect = pictures.iter().find(|one| one["page"] == "zh/lessons/raft/elect.html").unwrap();
    let lesson: Json = serde_json::from_slice(&fs::read(written().join("lessons/raft/elect.json")).unwrap()).unwrap();
    let shows = |step: &Json| step["shows"].as_array().map_or(0, Vec::len);
    let steps = lesson["steps"].as_array().unwrap();
    let chosen = steps.iter().find(|step| step["id"] == elect["step"]).unwrap();
    assert!(steps.iter().all(|step| shows(step) <= shows(chosen)), "{}", elect["step"]);
    assert!(elect["alt"].as_str().unwrap().starts_with(chosen["name"]["zh"].as_str().unwrap()));
}
