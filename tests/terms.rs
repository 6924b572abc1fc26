//! The terms of `docs/terms.toml`: each is explained in both languages with its source, and the lessons say them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use synod_lesson_files::File;
use synod_lesson_files::terms::Terms;
use synod_tests::terms;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn lessons() -> Vec<File> {
    synod_lesson_files::all(&root().join("crates/protocols")).unwrap_or_else(|why| panic!("{why}"))
}

fn found(terms: &Terms, lesson: &File, chinese: bool) -> Vec<String> {
    terms.in_lesson(lesson, chinese).iter().map(|term| term.id.clone()).collect()
}

#[test]
fn every_term_is_explained_in_both_languages_and_says_whose_it_is() {
    let all = terms();
    assert!(all.terms.len() >= 100, "{} terms", all.terms.len());
    let papers: BTreeSet<&str> = all.papers.iter().map(|paper| paper.id.as_str()).collect();
    let protocols: BTreeSet<&str> = synod_protocols::ALL.iter().map(|entry| entry.id).collect();
    let path: toml::Table =
        toml::from_str(&std::fs::read_to_string(root().join("crates/protocols/src/path.toml")).unwrap()).unwrap();
    let families: BTreeSet<&str> =
        path["family"].as_array().unwrap().iter().filter_map(|one| one["id"].as_str()).collect();
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let mut ids = BTreeSet::new();
    for term in &all.terms {
        let id = &term.id;
        assert!(ids.insert(id), "{id} is there twice");
        assert!(!term.en.is_empty() && !term.zh.is_empty(), "{id} has no word to look for");
        assert!(papers.contains(term.paper.as_str()), "{id} is of {}, which is no paper here", term.paper);
        assert!(families.contains(term.family.as_str()), "{id} is of {}, which is no family of the path", term.family);
        for protocol in &term.of {
            assert!(protocols.contains(protocol.as_str()), "{id} is of {protocol}, which is no protocol");
        }
        assert!(!term.says.en.chars().any(is_han) && term.says.en.ends_with('.'), "{id}: {:?}", term.says.en);
        assert!(term.says.zh.chars().any(is_han) && term.says.zh.ends_with('。'), "{id}: {:?}", term.says.zh);
        assert!(term.says.en.len() <= 200 && term.says.zh.chars().count() <= 90, "{id} is not short");
    }
    let used: BTreeSet<&str> = all.terms.iter().map(|term| term.paper.as_str()).collect();
    assert_eq!(used, papers, "papers that no term is of");
}

/// Two terms may share a word only where no lesson could mean both.
#[test]
fn a_word_means_one_thing_in_a_lesson() {
    let all = terms();
    let mut means: BTreeMap<(&str, String), &str> = BTreeMap::new();
    for term in &all.terms {
        let every: Vec<&str> = synod_protocols::ALL.iter().map(|entry| entry.id).collect();
        let of: Vec<&str> = if term.of.is_empty() { every } else { term.of.iter().map(String::as_str).collect() };
        for form in term.en.iter().chain(&term.zh).collect::<BTreeSet<_>>() {
            for protocol in &of {
                let before = means.insert((protocol, form.clone()), &term.id);
                assert_eq!(before, None, "{form} in {protocol}, also {}", term.id);
            }
        }
    }
}

/// What stands at the beginning of each course is not taken for granted.
#[test]
fn the_first_lesson_of_a_course_says_its_core_terms_and_they_are_found() {
    let all = terms();
    let core: &[(&str, &[&str])] = &[
        ("basics", &["term", "disk", "apply", "log", "crash"]),
        ("raft", &["leader", "follower", "election-timeout", "term", "vote", "majority", "heartbeat", "candidate"]),
        ("locked-acceptor", &[]),
        ("paxos", &["proposer", "acceptor", "mutual-exclusion", "crash"]),
        ("multi-paxos", &["slot", "ballot", "promise", "leader", "accept", "chosen"]),
        ("zab", &["epoch", "leader", "history", "zab-transaction", "commit", "majority"]),
        ("nwr", &["version", "replica"]),
        ("consistency", &["read-your-writes", "receipt"]),
        ("two-phase-commit", &["disk", "transaction", "commit-transaction", "abort"]),
        (
            "three-phase-commit",
            &["participant", "transaction", "uncertain", "two-phase-commit", "prepared", "commit-transaction"],
        ),
        ("lease", &["lease", "token", "holder"]),
        ("gossip", &["site", "round", "wasted-contact"]),
    ];
    let lessons = lessons();
    let mut courses = BTreeSet::new();
    for lesson in &lessons {
        let course = lesson.id.split('/').next().unwrap_or_default();
        if !courses.insert(course) {
            continue;
        }
        let (_, wanted) =
            core.iter().find(|(id, _)| *id == course).unwrap_or_else(|| panic!("no core terms of {course}"));
        for chinese in [false, true] {
            let found = found(&all, lesson, chinese);
            for id in *wanted {
                assert!(
                    found.iter().any(|one| one == id),
                    "{}: {id} is not found, chinese: {chinese}: {found:?}",
                    lesson.id
                );
            }
        }
    }
}

/// A reader of either language finds what the other does, for nearly every term: another word may have slipped in.
#[test]
fn both_languages_say_the_same_terms() {
    let (all, lessons) = (terms(), lessons());
    let (mut both, mut one) = (0, BTreeMap::<String, Vec<String>>::new());
    for lesson in &lessons {
        let [en, zh] = [false, true].map(|chinese| found(&all, lesson, chinese).into_iter().collect::<BTreeSet<_>>());
        both += en.intersection(&zh).count();
        for id in en.symmetric_difference(&zh) {
            one.entry(id.clone()).or_default().push(format!(
                "{}{}",
                lesson.id,
                if en.contains(id) { " en" } else { " zh" }
            ));
        }
    }
    let alone: usize = one.values().map(Vec::len).sum();
    assert!(alone * 3 < both, "{alone} of {both}: {one:#?}");
}
