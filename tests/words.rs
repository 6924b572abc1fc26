//! One concept, one word, in each language: what `docs/words.md` rules out occurs in no lesson, in
//! no catalog, and in no words of the page.

use std::fs;
use std::path::{Path, PathBuf};

use synod_engine::value::Value;
use synod_lessons::{Challenge, Lesson, Text};

/// A text, where it stands, and whether it is Chinese.
struct Said {
    place: String,
    text: String,
    chinese: bool,
}

/// What must not be said, unless it is a part of something that may.
struct Banned {
    word: String,
    unless: Option<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// The last column of each table: words in backticks, and after "but not" what may be said.
fn banned() -> Vec<Banned> {
    let page = read("docs/words.md");
    let rows = page.lines().filter(|line| line.starts_with("| ") && line.matches(" |").count() >= 4);
    let quoted = |text: &str| -> Vec<String> { text.split('`').skip(1).step_by(2).map(str::to_string).collect() };
    let mut all = Vec::new();
    for row in rows {
        let last = row.trim_end_matches('|').rsplit(" | ").next().unwrap_or_default();
        let (bans, unless) = last.split_once("but not").unwrap_or((last, ""));
        let unless = quoted(unless).into_iter().next();
        all.extend(quoted(bans).into_iter().map(|word| Banned { word, unless: unless.clone() }));
    }
    all
}

fn both(all: &mut Vec<Said>, place: &str, en: &str, zh: &str) {
    all.push(Said { place: place.into(), text: en.into(), chinese: false });
    all.push(Said { place: place.into(), text: zh.into(), chinese: true });
}

fn of_lesson(all: &mut Vec<Said>, lesson: &Lesson) {
    let mut say = |place: &str, text: &Text| both(all, &format!("{} {place}", lesson.id), &text.en, &text.zh);
    [&lesson.title, &lesson.summary].into_iter().chain(&lesson.notes).for_each(|text| say("", text));
    for step in &lesson.steps {
        let own = [&step.name, &step.say].into_iter().chain(&step.more).chain(&step.try_it);
        let ask = step
            .ask
            .iter()
            .flat_map(|ask| std::iter::once(&ask.says).chain(ask.answers.iter().map(|answer| &answer.says)));
        let rest = step.link.iter().map(|link| &link.says).chain(step.task.iter().map(|task| &task.says));
        own.chain(ask).chain(rest).for_each(|text| say(&step.id, text));
    }
}

fn of_challenge(all: &mut Vec<Said>, one: &Challenge) {
    let told = one.objectives.iter().flat_map(|goal| std::iter::once(&goal.says).chain(&goal.now).chain(&goal.done));
    let own = [&one.title, &one.line, &one.sentence, &one.hint, &one.watch];
    own.into_iter().chain(told).for_each(|text| both(all, &one.id, &text.en, &text.zh));
}

/// What to watch for and what was seen, of lessons, challenges and ready runs.
fn of_said(all: &mut Vec<Said>) {
    let protocols = root().join("crates/protocols");
    let files = [synod_lesson_files::all(&protocols), synod_lesson_files::challenges(&protocols)];
    let files = files.into_iter().flat_map(|files| files.unwrap_or_else(|why| panic!("{why}")));
    let starts = synod_lesson_files::starts(&protocols).unwrap_or_else(|why| panic!("{why}"));
    let said = files.map(|file| (file.id, file.said));
    for (place, said) in said.chain(starts.into_iter().map(|one| (format!("{} {}", one.protocol, one.id), one.said))) {
        for text in [said.watch, said.saw] {
            both(all, &place, &text.en, &text.zh);
        }
    }
}

/// Every text of both languages in a value, whatever it is of.
fn of_value(all: &mut Vec<Said>, place: &str, value: &Value) {
    match value {
        Value::Map(entries) => {
            let text = |key: &str| value.get(key).and_then(Value::as_text);
            if let (Some(en), Some(zh)) = (text("en"), text("zh")) {
                both(all, place, en, zh);
            }
            for (key, value) in entries {
                of_value(all, &format!("{place}.{key}"), value);
            }
        }
        Value::List(items) => items.iter().for_each(|item| of_value(all, place, item)),
        _ => {}
    }
}

/// What stands in double quotes, and its line; keys too, which do no harm.
fn of_source(all: &mut Vec<Said>, path: &Path, chinese: Option<bool>) {
    let source = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let name = path.strip_prefix(root()).unwrap_or(path).display().to_string();
    for (at, line) in source.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        for text in line.split('"').skip(1).step_by(2) {
            let is = chinese.unwrap_or_else(|| text.chars().any(is_han));
            if chinese.is_some() || is {
                all.push(Said { place: format!("{name}:{}", at + 1), text: text.into(), chinese: is });
            }
        }
    }
}

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            all.push(path);
        }
    }
}

fn everything() -> Vec<Said> {
    let mut all = Vec::new();
    let lessons = synod_tests::lessons::all(&root().join("crates/protocols")).unwrap_or_else(|why| panic!("{why}"));
    lessons.iter().for_each(|lesson| of_lesson(&mut all, lesson));
    synod_tests::challenges::all().iter().for_each(|challenge| of_challenge(&mut all, challenge));
    let (_, quizzes) = synod_tests::quizzes::all().unwrap_or_else(|why| panic!("{why}"));
    for (quiz, question) in quizzes.iter().flat_map(|quiz| quiz.questions.iter().map(move |one| (quiz, one))) {
        let place = format!("{}/{}", quiz.course, question.id);
        of_value(&mut all, &place, &synod_tests::quizzes::value(question));
    }
    of_said(&mut all);
    for entry in synod_protocols::ALL {
        of_value(&mut all, &format!("catalog of {}", entry.id), &entry.catalog(&[]));
    }
    for term in synod_tests::terms().terms {
        both(&mut all, &format!("the term {}", term.id), &term.says.en, &term.says.zh);
        both(&mut all, &format!("the term {}", term.id), &term.en.join(" "), &term.zh.join("、"));
    }
    for part in ["", "site-", "lab-", "home-"] {
        for (lang, chinese) in [("en", false), ("zh", true)] {
            of_source(&mut all, &root().join(format!("www/words/{part}{lang}.js")), Some(chinese));
        }
    }
    // Both languages are in one file here.
    for name in ["more", "panels", "history", "find", "futures", "challenge", "quiz", "terms", "present"] {
        of_source(&mut all, &root().join(format!("www/words/{name}.js")), None);
    }
    let mut files = Vec::new();
    for crate_name in ["engine", "protocols", "wasm"] {
        sources(&root().join(format!("crates/{crate_name}/src")), &mut files);
    }
    files.sort();
    files.iter().for_each(|path| of_source(&mut all, path, None));
    all
}

/// English comes first, and nothing is published before the Chinese stands beside it.
#[test]
fn no_chinese_is_missing() {
    let (mut missing, mut seen) = (Vec::new(), 0);
    for entry in synod_protocols::ALL {
        entry.each_text(&mut |place, text| {
            seen += 1;
            if text.is_half() {
                missing.push(format!("{}, {place}: {:?}", entry.id, text.en));
            }
        });
    }
    assert!(seen > 400, "{seen} texts were read");
    let mut files = Vec::new();
    for crate_name in ["engine", "protocols", "wasm"] {
        sources(&root().join(format!("crates/{crate_name}/src")), &mut files);
    }
    files.sort();
    for path in files.iter().filter(|path| !path.ends_with("engine/src/text.rs")) {
        let source = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        missing.extend(half_texts(&source).map(|text| format!("{}: {text:?}", path.display())));
    }
    assert!(missing.is_empty(), "{} texts have no Chinese:\n{}", missing.len(), missing.join("\n"));
}

/// Texts that are made by `en`, or with nothing for their Chinese, of a run too.
fn half_texts(source: &str) -> impl Iterator<Item = &str> {
    let empty = source.match_indices("\", \"\")").filter_map(|(at, _)| {
        let text = source[..at].rsplit('"').next().unwrap_or_default();
        (!text.is_empty()).then_some(text)
    });
    let english = source.match_indices("en(").filter_map(move |(at, _)| {
        let before = source[..at].chars().next_back();
        let is_called = !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.');
        let rest = source[at + 3..].trim_start();
        let text = rest.strip_prefix("format!(").unwrap_or(rest).strip_prefix('"')?;
        is_called.then(|| text.split('"').next().unwrap_or(text))
    });
    english.chain(empty)
}

/// What a task or a challenge allows is told by its verb.
#[test]
fn every_verb_has_its_words_in_both_languages() {
    let page = read("www/words/challenge.js");
    for verb in synod_engine::input::VERBS {
        assert_eq!(page.matches(&format!("\"verb-{verb}\": ")).count(), 2, "verb-{verb}");
    }
}

#[test]
fn a_text_without_chinese_is_found() {
    let source = "a(text(\"x\", \"甲\"), en(\"one\"), Says::en(format!(\"two {n}\")), open(\"three\"), says.en(),\n en(\n \"four\",\n), text(\"\", \"\"), text(\"five\", \"\"))";
    assert_eq!(half_texts(source).collect::<Vec<_>>(), ["one", "two {n}", "four", "five"]);
}

#[test]
fn one_concept_has_one_word() {
    let banned = banned();
    assert!(banned.len() >= 60, "{} words are ruled out", banned.len());
    let mut wrong = Vec::new();
    for said in everything() {
        for ban in banned.iter().filter(|ban| ban.word.chars().any(is_han) == said.chinese) {
            let text = ban.unless.as_ref().map_or(said.text.clone(), |unless| said.text.replace(unless, ""));
            let found = if said.chinese { text.contains(&ban.word) } else { text.to_lowercase().contains(&ban.word) };
            if found {
                wrong.push(format!("{}: {} in {:?}", said.place, ban.word, said.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

/// A text as it is read: glyphs and rings are no letters, and names and numbers are Latin ones.
fn as_read(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (mark, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(before);
        match mark.chars().next() {
            Some('>' | '~') => {}
            Some('=') => out.push('7'),
            Some(c) if c.is_ascii_digit() => out.push_str(mark.split_once(':').map_or(mark, |(_, words)| words)),
            Some(c) if c.is_ascii_uppercase() => out.push_str(mark),
            // What takes the place of a word's slot brings its own script along.
            _ => out.push(' '),
        }
        rest = after;
    }
    out + rest
}

/// Han next to Latin without a space, or a half-width mark behind Han.
fn is_tight(text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    text.windows(2).any(|pair| {
        let latin = |c: char| c.is_ascii_alphanumeric();
        let tight = (is_han(pair[0]) && latin(pair[1])) || (latin(pair[0]) && is_han(pair[1]));
        tight || (is_han(pair[0]) && [',', ';', ':', '?', '!'].contains(&pair[1]))
    })
}

#[test]
fn chinese_keeps_its_marks_and_its_spaces() {
    let chinese = everything().into_iter().filter(|said| said.chinese);
    let wrong: Vec<String> = chinese
        .filter(|said| is_tight(&as_read(&said.text)))
        .map(|said| format!("{}: {:?}", said.place, said.text))
        .collect();
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn so_does_what_a_run_says_with_its_names_and_numbers() {
    let (mut wrong, mut heard) = (std::collections::BTreeSet::new(), 0);
    let lessons = synod_tests::lessons::all(&root().join("crates/protocols")).unwrap_or_else(|why| panic!("{why}"));
    let small = |lesson: &Lesson| lesson.config.get("nodes").and_then(Value::as_whole).is_none_or(|nodes| nodes <= 60);
    for lesson in lessons.into_iter().filter(small) {
        let (mut player, mut run) = synod_tests::lessons::open(lesson).unwrap_or_else(|why| panic!("{why}"));
        let mut said = Vec::new();
        for n in 0..player.lesson.steps.len() {
            let reached = player.reach(&mut run, n).map(|_| ());
            reached.unwrap_or_else(|why| panic!("{} step {n}: {why}", player.lesson.id));
            of_value(&mut said, &format!("{} step {n}", player.lesson.id), &run.frame(usize::MAX));
        }
        run.each_record(0, u64::MAX, &mut |record| of_value(&mut said, &player.lesson.id, &record));
        heard += said.len();
        wrong.extend(said.into_iter().filter(|said| said.chinese && is_tight(&said.text)).map(|said| said.text));
    }
    assert!(heard > 10_000, "{heard} texts were heard");
    let wrong: Vec<&str> = wrong.iter().map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.join("\n"));
}
