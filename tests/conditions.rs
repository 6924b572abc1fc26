//! What a lesson may ask of a run, and that a slip of its author's pen is told and not passed over.

use synod_engine::simulation::Simulation;
use synod_lessons::Player;
use synod_tests::lessons;

/// A lesson of one step, in which A leads and a client has been answered.
fn one_step(member: &str) -> Result<(Player, Simulation), String> {
    let says = "{ en = \"a\", zh = \"甲\" }";
    let play =
        "play = [\"fire A election\", \"until A.role = leader\", \"request A set x 1\", \"until C1.state = ok\"]";
    let play = if member.starts_with("play") { "" } else { play };
    let text = format!(
        "title = {says}\nsummary = {says}\nconfig = {{ nodes = 3, seed = \"1\" }}\n[[step]]\nid = \"one\"\nname = {says}\n\
         say = {says}\n{play}\n{member}\n"
    );
    lessons::parse(&text).and_then(lessons::open)
}

fn checked(member: &str) -> Result<(), String> {
    let (mut player, mut run) = one_step(member)?;
    player.check(&mut run, 0).map_err(|why| why.to_string())
}

fn refused(member: &str, because: &str) {
    let why = checked(member).expect_err(member);
    assert!(why.contains(because), "{member}: {why}");
}

#[test]
fn what_is_shown_is_judged_where_the_step_stops() {
    for holds in [
        "A.role = leader",
        "A.epoch = 1",
        "A.log.text = no-op, set x 1",
        "A.store = x=1",
        "A.tally = none",
        "B.timer = election",
        "A.timer = none",
        "A.clock.rate = 0",
        "flying append-entries-reply A -> B = 0",
        "flying >yes under 7 = 0",
        "lost >ask = 0",
        "cut A -> B = 0",
        "C1.answer = ok",
        "swarm = none",
        "count crashed <= 0",
    ] {
        checked(&format!("shows = [\"{holds}\"]")).unwrap_or_else(|why| panic!("{why}"));
    }
    refused("shows = [\"A.role = follower\"]", "one shows: A.role = follower does not hold: it is leader");
    refused("expect = [\"A.store = x=2\"]", "one expect: A.store = x=2 does not hold: it is x=1");
}

#[test]
fn what_is_not_there_is_an_error_and_not_nothing() {
    for member in ["expect", "shows"] {
        for slip in [
            "A.rol != leader",
            "A.logs.length != 1",
            "A.log.lenght != 1",
            "A.log != 1",
            "A.epoch.valu != 2",
            "A.tally.ned != 3",
            "A.timers != none",
            "F.role != leader",
            "C9.state != ok",
            "C1.stat != ok",
            "swarm.infected != 1",
            "fired grant-vote by F != 1",
            "flying request-vote A -> F != 1",
            "cut A -> F != 1",
        ] {
            let why = checked(&format!("{member} = [\"{slip}\"]")).expect_err(slip);
            assert!(why.contains("has no") || why.contains("nobody called"), "{slip}: {why}");
        }
    }
}

#[test]
fn a_condition_is_read_strictly() {
    for wrong in [
        "A.role leader",
        "A.role =",
        "A.epoch >= many",
        "flying",
        "flying >maybe = 1",
        "flying accept A B = 1",
        "flying accept under two = 1",
        "lost = 1",
        "one two three = 4",
    ] {
        let why = one_step(&format!("shows = [\"{wrong}\"]")).err();
        assert!(why.is_some(), "{wrong} is read");
    }
    refused("shows = \"A.role = leader\"", "shows is a list");
    refused("shows = [1]", "shows is a list of conditions");
    refused("show = [\"A.role = leader\"]", "a step has no \"show\"");
}

#[test]
fn waiting_for_what_never_comes_says_what_it_is() {
    assert!(checked("").is_ok(), "a client may be waited for before it is there");
    let one = one_step("play = [\"until A.rol != leader\"]");
    let (mut player, mut run) = one.unwrap_or_else(|why| panic!("{why}"));
    let why = player.reach(&mut run, 0).map(|_| ()).expect_err("nothing is called rol").to_string();
    assert!(why.contains("waited in vain until A.rol != leader: the run has no \"A.rol\""), "{why}");
}
