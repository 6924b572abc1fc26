//! "Break this rule in the lab": every such link of a lesson stands the reader just before the
//! moment, in the lesson's own run, and what lies ahead breaks what the rule guards.

use std::path::Path;

use synod_engine::simulation::{Entry, Simulation};
use synod_engine::value::Value;
use synod_lessons::{Leads, Lesson, Link, Player};
use synod_tests::lessons;

fn all() -> Vec<Lesson> {
    let protocols = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/protocols");
    lessons::all(&protocols).unwrap_or_else(|why| panic!("{why}"))
}

fn entry(lesson: &Lesson) -> &'static Entry {
    let entry = synod_protocols::ALL.iter().find(|entry| entry.id == lesson.protocol);
    entry.unwrap_or_else(|| panic!("{} runs {}", lesson.id, lesson.protocol))
}

/// What a mutant is said to break.
fn guarded(entry: &Entry, mutant: &str) -> Option<String> {
    let catalog = entry.catalog(&[]);
    let mutants = catalog.get("mutants").and_then(Value::as_list).unwrap_or_default();
    let text = |one: &Value, key: &str| one.get(key).and_then(Value::as_text).map(str::to_string);
    mutants.iter().find(|one| text(one, "id").as_deref() == Some(mutant)).and_then(|one| text(one, "breaks"))
}

fn fallen(run: &Simulation) -> Vec<String> {
    let id = |violation: &Value| violation.get("invariant").and_then(Value::as_text).map(str::to_string);
    run.violations().iter().filter_map(id).collect()
}

fn picture(run: &Simulation) -> (Option<Value>, Option<Value>) {
    let frame = run.frame(usize::MAX);
    (frame.get("nodes").cloned(), frame.get("messages").cloned())
}

#[test]
fn the_run_ahead_of_the_reader_breaks_what_the_rule_guards() {
    let mut links = 0;
    for lesson in all() {
        let entry = entry(&lesson);
        let (mut player, mut story) = lessons::open(lesson).unwrap_or_else(|why| panic!("{why}"));
        for n in 0..player.lesson.steps.len() {
            let place = format!("{} step {n}", player.lesson.id);
            let Some(Link { leads: Leads::Broken(breach), .. }) = &player.lesson.steps[n].link else { continue };
            let mutant = breach.mutant.clone();
            let guarded = guarded(entry, &mutant).unwrap_or_else(|| panic!("{place}: {mutant} breaks nothing"));
            let mut open = |config: &Value| entry.open(config, &mut || 0);
            let broken = player.broken(&mut story, n, &mut open).unwrap_or_else(|why| panic!("{place}: {why}"));
            let mut lab = entry.replay(&broken.run.recording()).unwrap_or_else(|why| panic!("{place}: {why}"));
            lab.seek(broken.stand);
            assert_eq!(fallen(&lab), Vec::<String>::new(), "{place}: too late");
            story.seek(broken.stand);
            assert!(picture(&lab) == picture(&story), "{place}: another moment than the story's");
            lab.run_to(broken.run.now());
            assert!(fallen(&lab).contains(&guarded), "{place}: {mutant} breaks {:?}, not {guarded}", fallen(&lab));
            links += 1;
        }
    }
    assert!(links >= 7, "{links} links");
}

#[test]
fn a_link_is_read_strictly() {
    let says = "says = { en = \"a\", zh = \"甲\" }";
    let read = |link: &str| {
        let both = "{ en = \"a\", zh = \"甲\" }";
        let text = format!(
            "title = {both}\nsummary = {both}\nconfig = {{ seed = \"1\" }}\n\
             [[step]]\nid = \"one\"\nname = {both}\nsay = {both}\nlink = {{ {link}, {says} }}\n\
             [[step]]\nid = \"two\"\nname = {both}\nsay = {both}\n"
        );
        lessons::parse(&text).map(|_| ())
    };
    for good in [
        "to = \"lab.html\"",
        "broken = \"vote-twice\", before = \"one\"",
        "broken = \"vote-twice\", play = [\"crash A\"]",
    ] {
        read(good).unwrap_or_else(|why| panic!("{good}: {why}"));
    }
    for (wrong, because) in [
        ("broken = \"vote-twice\"", "before which step"),
        ("broken = \"vote-twice\", before = \"two\"", "no step up to it"),
        ("broken = \"vote-twice\", before = \"three\"", "no step up to it"),
        ("broken = \"vote-twice\", to = \"lab.html\", before = \"one\"", "has no \"to\""),
        ("broken = \"vote-twice\", at = \"one\"", "has no \"at\""),
        ("to = \"lab.html\", before = \"one\"", "has no \"before\""),
        ("broken = 3, before = \"one\"", "broken is a word"),
    ] {
        let why = read(wrong).expect_err(wrong);
        assert!(why.contains(because), "{wrong}: {why}");
    }
}

#[test]
fn a_lesson_without_a_rule_breaks_what_it_guards_and_with_it_nothing_under_the_same_inputs() {
    let mut rules = std::collections::BTreeSet::new();
    for lesson in all() {
        let Some(mutant) = lesson.without.clone() else { continue };
        let place = format!("{} without {mutant}", lesson.id);
        // The property that its mutant names, or another that the lesson says it breaks: the shortest run may break that.
        let breaks = lesson.breaks.clone();
        assert!(!breaks.is_empty(), "{place}: it breaks nothing");
        let falls = |run: &Simulation| breaks.iter().all(|one| fallen(run).contains(one));
        let (mut player, mut run) = lessons::open(lesson).unwrap_or_else(|why| panic!("{why}"));
        let (turn, last) = (player.turn(), player.lesson.steps.len() - 1);
        let reach = |player: &mut Player, run: &mut Simulation, n: usize| {
            player.reach(run, n).map(|_| ()).unwrap_or_else(|why| panic!("{place}: {why}"));
        };
        reach(&mut player, &mut run, turn - 1);
        assert!(falls(&run), "{place} breaks {:?}, not {breaks:?}", fallen(&run));
        let (without, seed) = (run.inputs(), run.seed());
        reach(&mut player, &mut run, last);
        assert_eq!((fallen(&run), run.seed()), (Vec::new(), seed), "{place}: with the rule");
        let made = |input: &Value| (input.get("time").cloned(), input.get("text").cloned());
        let with: Vec<_> = run.inputs().iter().map(made).collect();
        assert_eq!(with, without.iter().map(made).collect::<Vec<_>>(), "{place}: the inputs of both");
        // Back in the first run, it is as it was.
        reach(&mut player, &mut run, turn - 1);
        assert!(falls(&run), "{place}: back again");
        rules.insert(format!("{} {mutant}", player.lesson.protocol));
    }
    for protocol in ["raft", "paxos"] {
        let told = rules.iter().filter(|rule| rule.starts_with(protocol)).count();
        assert!(told >= 7, "{told} rules of {protocol}");
    }
}
