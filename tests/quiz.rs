//! Every question of every quiz is computed: its lesson is played to the step that it names, and one answer holds there.

use std::sync::LazyLock;

use synod_lesson_files::{File, Quiz};
use synod_tests::quizzes::{Asked, all, looking_back, unsound, wrong};

static ALL: LazyLock<(Vec<File>, Vec<Quiz>)> = LazyLock::new(|| all().unwrap_or_else(|why| panic!("{why}")));

#[track_caller]
fn none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn one_answer_is_right_where_the_step_was_played_and_every_other_says_why_not() {
    let (files, quizzes) = &*ALL;
    let mut faults = Vec::new();
    for quiz in quizzes {
        for question in &quiz.questions {
            let found = match Asked::open(question, files) {
                Ok(mut asked) => unsound(&mut asked),
                Err(why) => vec![why],
            };
            faults.extend(found.into_iter().map(|why| format!("{}/{}: {why}", quiz.course, question.id)));
        }
    }
    none(&faults);
}

#[test]
fn a_quiz_is_mixed_from_its_lessons_and_later_lessons_look_back_at_it() {
    let (files, quizzes) = &*ALL;
    let mut faults = Vec::new();
    for quiz in quizzes {
        let found = wrong(quiz, files).unwrap_or_else(|why| panic!("{why}"));
        faults.extend(found.into_iter().map(|why| format!("{}: {why}", quiz.course)));
    }
    none(&faults);
}

#[test]
fn every_course_ends_with_a_quiz() {
    let (files, quizzes) = &*ALL;
    let mut without: Vec<&str> = files.iter().map(|file| file.course.as_str()).collect();
    without.dedup();
    without.retain(|course| !quizzes.iter().any(|quiz| quiz.course == *course));
    none(&without.iter().map(|course| format!("{course} has no quiz")).collect::<Vec<_>>());
    let strays = quizzes.iter().filter(|quiz| !files.iter().any(|file| file.course == quiz.course));
    none(&strays.map(|quiz| format!("{} has a quiz and no lesson", quiz.course)).collect::<Vec<_>>());
}

#[test]
fn every_later_lesson_of_a_course_looks_back_first() {
    let (files, quizzes) = &*ALL;
    let found = looking_back(files, quizzes);
    assert!(found.values().all(|(looking, _)| *looking > 0), "{found:?}");
    none(&found.into_values().flat_map(|(_, not)| not).collect::<Vec<_>>());
}

/// A sound question of a lesson that there is.
const SOUND: &str = r#"
    [[question]]
    id = "one"
    of = "raft/split-vote"
    step = "nobody"
    before = ["raft/log", "raft/partition"]
    says = { en = "What comes of it?", zh = "结果如何？" }
    answer = [
        { says = { en = "Nobody leads", zh = "谁也没当选" }, holds = ["count leader = 0"] },
        { says = { en = "One leads", zh = "一台当选" }, holds = ["count leader = 1"], why = { en = "No.", zh = "不。" } },
        { says = { en = "2", zh = "2" }, holds = ["count leader = 2"], why = { en = "No.", zh = "不。" } },
    ]
"#;

/// What is found wrong with a course that has one question, with something of it replaced.
fn found(from: &str, to: &str) -> String {
    assert!(SOUND.contains(from), "{from}");
    let questions = synod_lesson_files::parse_quiz(&SOUND.replace(from, to)).unwrap_or_else(|why| panic!("{why}"));
    let quiz = Quiz { course: "raft".into(), questions };
    let (files, _) = &*ALL;
    let mut all = wrong(&quiz, files).unwrap_or_else(|why| panic!("{why}"));
    all.retain(|why| !why.contains("1 questions"));
    match Asked::open(&quiz.questions[0], files) {
        Ok(mut asked) => all.extend(unsound(&mut asked)),
        Err(why) => all.push(why),
    }
    all.join("\n")
}

#[test]
fn what_is_wrong_with_a_question_is_found() {
    assert_eq!(found("", ""), "");
    let faults = [
        ("raft/split-vote", "raft/split", "there is no lesson"),
        ("raft/split-vote", "paxos/retry", "no lesson of this course"),
        ("\"nobody\"", "\"somebody\"", "has no step \"somebody\""),
        ("\"nobody\"", "\"close\"", "is the first step"),
        ("raft/partition", "raft/parting", "which is no lesson"),
        ("raft/partition", "raft/split-vote", "comes no later"),
        ("raft/partition", "raft/elect", "comes no later"),
        ("leader = 1", "leader = 0", "answers [0, 1] hold"),
        ("leader = 0", "leader = 3", "answers [] hold"),
        ("count leader = 1", "F.role = leader", "F"),
        ("leader = 0\"]", "leader = 0\"], why = { en = \"So.\", zh = \"是。\" }", "and is right"),
        ("leader = 1\"], why = { en = \"No.\", zh = \"不。\" }", "leader = 1\"]", "does not say why"),
        ("结果如何？", "是不是谁也没当选？", "has its answer in it"),
        ("What comes of it?", "Is it that nobody leads?", "has its answer in it"),
        ("What comes of it?", "What comes of {A}?", "other marks"),
        ("谁也没当选", "nobody", "is not in Chinese"),
    ];
    for (from, to, why) in faults {
        assert!(found(from, to).contains(why), "{to}: {}", found(from, to));
    }
    let long = format!("en = \"{}\", zh = \"{}\"", "no ".repeat(37), "不".repeat(81));
    assert!(found("en = \"No.\", zh = \"不。\"", &long).contains("says too much"));
    let long = format!("en = \"{}\"", "what ".repeat(46));
    assert!(found("en = \"What comes of it?\"", &long).contains("too many words"));
    let same = found("en = \"One leads\", zh = \"一台当选\"", "en = \"Nobody leads\", zh = \"谁也没当选\"");
    assert!(same.contains("two answers say"), "{same}");
}
