//! The rim: inputs in both forms, configurations, recordings. Whatever comes from outside is
//! taken exactly or refused with what would be right, and a refusal changes nothing.

use synod_engine::erased::Of;
use synod_engine::error::Code;
use synod_engine::input::Vocabulary;
use synod_engine::rng::{Chance, Stream};
use synod_engine::value::Value;
use synod_engine::{grammar, object};
use synod_protocols::ALL;
use synod_protocols::raft::Raft;
use synod_tests::{RandomRun, Script, script};

use drawn::{random_input, with_places};
use languages::assert_in_both_languages;

mod drawn;
mod languages;

#[test]
fn every_input_is_printed_and_parsed_back_in_both_forms() {
    let vocabulary = with_places();
    let mut chance = Chance::new(11, Stream::Outside(2));
    for _ in 0..50_000 {
        let input = random_input(&mut chance, &vocabulary);
        let text = input.to_string();
        assert_eq!(grammar::parse(&text, &vocabulary).as_ref(), Ok(&input), "{text}");
        assert_eq!(object::parse(&object::print(&input), &vocabulary).as_ref(), Ok(&input), "{text}");
    }
}

#[test]
fn text_that_is_no_input_is_refused_with_what_would_be_right() {
    let vocabulary = Vocabulary::of(Of::<Raft>::NEW, None);
    let wrong = [
        ("", "crash"),
        ("crash", "crash A"),
        ("crash a", "names are"),
        ("Crash A", "begins with"),
        ("crash A B", "crash A"),
        ("crash A after 1 sends", "crash A after 1 send or crash A after 2 sends"),
        ("crash A after 1001 sends", "0 to 1000"),
        ("crash A after -1 sends", "0 to 1000"),
        ("crash A after 2", "crash A after 2 sends"),
        ("partition", "on each side"),
        ("partition A |", "on each side"),
        ("partition | A", "on each side"),
        ("cut A B", "cut A -> B"),
        ("cut A => B", "cut A -> B"),
        ("drop 12", "drop #12"),
        ("drop #", "drop #12"),
        ("drop #-1", "drop #12"),
        ("drop vote A -> B", "request-vote"),
        ("delay #1", "delay #12 50ms"),
        ("delay #1 -5ms", "50ms"),
        ("delay #1 50", "50ms"),
        ("latency 20ms..10ms", "not above"),
        ("latency 0ms..60001ms", "60000"),
        ("loss 101%", "100%"),
        ("loss -1%", "0%"),
        ("loss 10", "10%"),
        ("skew A -100%", "above -100"),
        ("skew A +901%", "+900"),
        ("skew A +-5%", "skew A +20%"),
        ("offset A 50", "offset A -50ms"),
        ("fire A vote", "election"),
        ("request", "set x 5"),
        ("request set x", "set x 5"),
        ("request set x five", "whole"),
        ("request by X set x 1", "C1"),
        ("request A", "set x 5"),
        ("heal now", "heal"),
        ("join", "join F"),
        ("drop #99999999999999999999", "drop #12"),
        ("crash ＡA", "names are"),
        ("loss 1e1%", "10%"),
        ("delay #1 1e99ms", "50ms"),
    ];
    for (text, hint) in wrong {
        let error = grammar::parse(text, &vocabulary).expect_err(text);
        assert!(error.message.contains(hint), "{text}: {}", error.message);
        assert_in_both_languages(&error);
    }
}

#[test]
fn objects_are_as_strict_as_text() {
    let vocabulary = Vocabulary::of(Of::<Raft>::NEW, None);
    let map =
        |entries: &[(&'static str, Value)]| Value::Map(entries.iter().map(|(k, v)| ((*k).into(), v.clone())).collect());
    let (word, n) = (Value::word, |n: i64| Value::count(n));
    let right = [
        (map(&[("kind", word("crash")), ("node", n(0))]), "crash A"),
        (map(&[("kind", word("crash")), ("node", n(0)), ("after", n(2))]), "crash A after 2 sends"),
        (map(&[("kind", word("crash")), ("node", n(0)), ("after", n(1))]), "crash A after 1 send"),
        (map(&[("kind", word("cut")), ("from", n(0)), ("to", word("B")), ("both", Value::Bool(true))]), "cut A <-> B"),
        (map(&[("kind", word("loss")), ("probability", Value::Number(125_000))]), "loss 12.5%"),
        (map(&[("kind", word("skew")), ("node", word("A")), ("rate", Value::Number(200_000))]), "skew A +20%"),
        (map(&[("kind", word("request")), ("operation", word("set x 5")), ("client", n(1))]), "request by C2 set x 5"),
        (map(&[("kind", word("move")), ("node", n(2)), ("place", word("europe"))]), "move C europe"),
        (map(&[("kind", word("wipe")), ("node", word("us-east"))]), "wipe us-east"),
    ];
    for (value, text) in right {
        assert_eq!(object::parse(&value, &with_places()).map(|input| input.to_string()).as_deref(), Ok(text));
    }
    let wrong = [
        map(&[]),
        map(&[("kind", word("crash"))]),
        map(&[("kind", word("crash")), ("node", n(0)), ("after", Value::Number(1_500_000))]),
        map(&[("kind", word("crash")), ("node", n(0)), ("after", n(1_001))]),
        map(&[("kind", word("pause")), ("node", n(0)), ("after", n(1))]),
        map(&[("kind", word("crash")), ("node", Value::Number(500_000))]),
        map(&[("kind", word("crash")), ("node", n(-1))]),
        map(&[("kind", word("crash")), ("node", word("A")), ("more", n(1))]),
        map(&[("kind", word("boom")), ("node", word("A"))]),
        Value::List(vec![]),
        n(5),
        map(&[("kind", word("partition")), ("groups", Value::list([Value::list([])]))]),
        map(&[("kind", word("loss")), ("probability", n(2))]),
        map(&[("kind", word("drop")), ("message", map(&[("kind", word("request-vote"))]))]),
        map(&[("kind", word("delay")), ("message", n(1)), ("ms", n(-1))]),
        map(&[("kind", word("request")), ("operation", word("A set x 5"))]),
        map(&[("kind", word("fire")), ("node", word("A")), ("timer", word("election\nheal"))]),
    ];
    for value in wrong {
        let error = object::parse(&value, &vocabulary).expect_err("no input");
        assert!(error.code == Code::BadInput, "{value:?}: {error}");
        assert_in_both_languages(&error);
    }
}

#[test]
fn configurations_are_strict() {
    let refuse = |words: &'static str, hint: &str| {
        let entry = script::entry("raft");
        let error = entry
            .open(&synod_engine::script::config("raft", words), &mut || 1)
            .err()
            .unwrap_or_else(|| panic!("{words} is taken"));
        assert!(error.code == Code::BadConfig && error.message.contains(hint), "{words}: {}", error.message);
        assert_in_both_languages(&error);
    };
    refuse("nodes=0", "from 1 to 99");
    refuse("nodes=100", "from 1 to 99");
    refuse("nodes=2.5", "whole");
    refuse("seed=xyz", "hexadecimal");
    refuse("seed=11112222333344445", "hexadecimal");
    refuse("network.latency=20..10", "min <= max");
    refuse("network.latency=0..60001", "60000");
    refuse("network.loss=1.5", "0 to 1");
    refuse("network.reorder=5", "true or false");
    refuse("network.jitter=5", "latency, loss, duplicate, reorder, places or rtt");
    refuse("options.electionTimeout=300..150", "min <= max");
    refuse("options.electionTimeout=0.5..150", "from 1 to 60000");
    refuse("options.electionTimeout=150", "[min, max]");
    refuse("options.heartbeat=fast", "time");
    refuse("options.preVote=1", "true or false");
    refuse("options.readMode=dirty", "read-index, lease or follower");
    refuse("options.colour=1", "electionTimeout");
    refuse("network.places=moon", "three-regions, three-zones or five-regions");
    refuse("network.rtt=5", "network.places is missing");
    refuse("network.places=three-regions network.rtt=5", "has its own");
    refuse("network.places=five-regions", "longest round trip between places, 239 ms: [478, 956] would be right");
    refuse("mutants=none", "vote-twice");
    refuse("disk=5", "never wait for their disks");
    for right in [
        "nodes=1",
        "nodes=99",
        "seed=ffffffffffffffff",
        "options.electionTimeout=1..1",
        "options.electionTimeout=150..150",
        "network.latency=0..0",
        "network.places=three-zones",
        "network.places=five-regions options.electionTimeout=240..240",
        "mutants=vote-twice",
    ] {
        Script::new("raft", right);
    }
}

#[test]
fn places_are_refused_in_both_languages() {
    let text = |text: &str| Value::string(text);
    let map = |entries: &[(&str, Value)]| {
        Value::Map(entries.iter().map(|(key, value)| (key.to_string().into(), value.clone())).collect())
    };
    let list = |names: &str| Value::list(names.split_whitespace().map(Value::string));
    let place = |id: &str, nodes: &str| map(&[("id", text(id)), ("nodes", list(nodes)), ("clients", list("C1"))]);
    let (west, away) = (|| place("west", "A B C"), || map(&[("west east", Value::count(40))]));
    let with = |other: Value, rtt: Value| (Value::list([west(), other]), rtt);
    let east = || map(&[("id", text("east")), ("nodes", list("D E"))]);
    let wrong = [
        with(Value::count(1), away()),
        with(map(&[("id", text("East"))]), away()),
        with(map(&[("id", text("east")), ("x", text(""))]), away()),
        with(map(&[("id", text("heal"))]), away()),
        with(place("west", "D E"), away()),
        with(place("east", "D E"), away()),
        with(map(&[("id", text("east")), ("name", text(""))]), away()),
        with(map(&[("id", text("east")), ("nodes", text("D"))]), away()),
        with(map(&[("id", text("east")), ("nodes", list("C D"))]), away()),
        with(map(&[("id", text("east")), ("nodes", list("D D"))]), away()),
        with(map(&[("id", text("east")), ("nodes", list("D F"))]), away()),
        with(map(&[("id", text("east")), ("nodes", list("D"))]), away()),
        with(map(&[("id", text("east")), ("clients", list("D"))]), away()),
        with(east(), Value::Null),
        with(east(), Value::count(40)),
        with(east(), map(&[("west", Value::count(40))])),
        with(east(), map(&[("west moon", Value::count(40))])),
        with(east(), map(&[("west west", Value::count(40))])),
        with(east(), map(&[("west east", Value::count(40)), ("east west", Value::count(40))])),
        with(east(), map(&[("west east", Value::count(-1))])),
        (Value::list([]), Value::Null),
    ];
    let open = |(places, rtt): (Value, Value)| {
        let network = map(&[("places", places), ("rtt", rtt)]);
        script::entry("raft").open(&map(&[("protocol", text("raft")), ("network", network)]), &mut || 1)
    };
    let mut sim = open(with(east(), away())).unwrap_or_else(|error| panic!("{error}"));
    for places in wrong {
        let error = open(places).err().expect("refused");
        assert_eq!(error.code, Code::BadConfig);
        assert_in_both_languages(&error);
    }
    sim.inject(sim.parse(&text("move west east")).expect("an input")).expect("valid now");
    for line in ["crash moon", "crash west", "partition moon | A", "move A", "move A moon", "move A east", "cut A -> A"]
    {
        let refused = sim.parse(&text(line)).and_then(|input| sim.inject(input));
        assert_in_both_languages(&refused.expect_err(line));
    }
    let mut plain = Script::new("raft", "");
    for line in ["crash west", "move A west"] {
        assert_in_both_languages(&plain.inject(line).expect_err(line));
    }
}

#[test]
fn every_protocol_s_own_refusals_are_in_both_languages() {
    for (protocol, words, lines) in [
        ("raft", "nodes=3", "request set x\nrequest put x 1\nrequest set X 1\nrequest set x 05\nrequest"),
        ("paxos", "", "request propose a b\nrequest propose a!b\ncrash A\nfire P1 election\ndrop vote P1 -> A1"),
        ("gossip", "nodes=4", "request cas x 1 2\nrequest set x"),
    ] {
        let mut s = Script::new(protocol, words);
        for line in lines.lines() {
            assert_in_both_languages(&s.inject(line).expect_err(line));
        }
    }
    let config = |protocol, words: &'static str| {
        let config = synod_engine::script::config(protocol, words);
        script::entry(protocol).open(&config, &mut || 1).err().unwrap_or_else(|| panic!("{words} is taken"))
    };
    let wrong = [
        ("gossip", "nodes=4 options.rounds=synchronous network.latency=60..80"),
        ("paxos", "nodes.proposers=0"),
        ("paxos", "nodes.judges=1"),
        ("paxos", "nodes=0"),
        ("raft", "nodes.proposers=1"),
        ("raft", "options=5"),
        ("raft", "more=1"),
        ("raft", "mutants="),
    ];
    for (protocol, words) in wrong {
        assert_in_both_languages(&config(protocol, words));
    }
}

#[test]
fn an_error_carries_what_its_sentence_speaks_of() {
    let mut s = Script::new("raft", "nodes=3 seed=4");
    let error = s.inject("restart A").expect_err("A is up");
    assert_eq!(
        (error.code.id(), error.message.as_str()),
        ("not-now", "A is up, so it cannot restart now; crash A would be right")
    );
    assert_eq!(error.zh, "A 正在运行，现在不能 restart；可以 crash A");
    let field = |key: &str| error.fields().get(key).and_then(Value::as_text).map(str::to_string);
    assert_eq!(
        [field("node"), field("verb"), field("instead")].map(Option::unwrap_or_default),
        ["A", "restart", "crash A"]
    );
    let error = s.inject("crash Z").expect_err("no Z");
    assert_eq!((error.code.id(), error.zh.as_str()), ("unknown-node", "没有节点 Z；节点是 A 到 C"));
    let error = s.inject("fire A vote").expect_err("no timer");
    assert_eq!(error.fields().get("timers").and_then(Value::as_list).map(<[Value]>::len), Some(2));
}

#[test]
fn a_refusal_changes_nothing() {
    let mut s = Script::new("raft", "nodes=3 seed=4");
    s.play("+500ms\nrequest set x 1\n+15ms");
    let (before, recording) = (s.simulation.fingerprint(), s.simulation.recording());
    for text in [
        "restart A",
        "resume A",
        "wipe A",
        "crash Z",
        "join D",
        "leave A",
        "drop #99999",
        "partition A B C",
        "cut A -> A",
        "request by C9 get x",
        "deliver drop",
        "fire A nothing",
    ] {
        let error = s.inject(text).expect_err(text);
        assert_in_both_languages(&error);
        assert_eq!(s.simulation.fingerprint(), before, "{text}");
    }
    assert_eq!(s.simulation.recording(), recording);
}

#[test]
fn damaged_recordings_are_refused() {
    let mut s = Script::new("raft", "nodes=5 seed=4 options.preVote=true network.loss=0.1 mutants=vote-twice");
    s.play("+500ms\nrequest set x 1\n+15ms\npartition A B | C D E\n+15.5ms\ncrash A\nskew B +20%\n+9ms");
    let text = s.simulation.recording();
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b)), "{text}");
    assert!(text.len() < 160, "short: {} characters", text.len());
    let replay = ALL[0].replay(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(replay.setup(), s.simulation.setup());
    let mut chance = Chance::new(7, Stream::Outside(3));
    for _ in 0..20_000 {
        let mut bytes = text.clone().into_bytes();
        match chance.between(0, 3) {
            0 => bytes.truncate(chance.between(0, bytes.len() as u64 - 1) as usize),
            1 => bytes.push(*chance.pick(b"Az09-_")),
            _ => {
                let at = chance.between(0, bytes.len() as u64 - 1) as usize;
                bytes[at] = *chance.pick(b"ABCxyz019-_.~ %");
            }
        }
        let damaged = String::from_utf8(bytes).unwrap_or_default();
        if damaged == text {
            continue;
        }
        let protocol = synod_engine::recording::protocol_of(&damaged);
        let error = protocol.and_then(|_| ALL[0].replay(&damaged).map(|_| ())).expect_err(&damaged);
        assert_eq!(error.code, Code::BadRecording);
        assert_in_both_languages(&error);
    }
}

/// 20,000 random inputs, valid and not: nothing traps, and within the fault model nothing breaks.
#[test]
fn a_storm_of_inputs_breaks_nothing() {
    let vocabulary = with_places();
    let mut chance = Chance::new(5, Stream::Outside(4));
    for seed in 0..40 {
        let mut run = RandomRun::new(&ALL[0], 50_000 + seed, &[]);
        for _ in 0..500 {
            run.go_on();
            let input = random_input(&mut chance, &vocabulary);
            if !run.simulation.is_beyond(&input) {
                // Most are not valid now; that is the point.
                run.inject(&input.to_string()).ok();
            }
        }
        assert_eq!(run.broken(), Vec::<String>::new(), "run {seed}");
    }
}

#[test]
fn every_offer_is_valid_and_says_what_it_is() {
    let mut run = RandomRun::new(&ALL[0], 77, &[]);
    for _ in 0..60 {
        run.go_on();
        let offers = run.simulation.offers(None);
        assert!(!offers.is_empty() && offers.len() <= 200);
        for offer in offers {
            let text = offer.get("text").and_then(Value::as_text).unwrap_or_default().to_string();
            let mut copy = run.simulation.clone();
            let input = copy.parse(&Value::string(&text)).unwrap_or_else(|error| panic!("{text}: {error}"));
            let from_object = copy.parse(offer.get("object").unwrap_or(&Value::Null));
            assert_eq!(from_object.as_ref(), Ok(&input));
            copy.inject(input).unwrap_or_else(|error| panic!("{text}: {error}"));
        }
    }
}

#[test]
fn an_input_in_the_past_starts_a_branch_and_keeps_the_old() {
    let mut s = Script::new("raft", "nodes=3 seed=9");
    s.play("+600ms\nrequest set x 1\n+200ms");
    let (end, old) = (s.simulation.end(), s.simulation.fingerprint());
    s.simulation.seek(300_000);
    s.play("crash A\n+700ms");
    assert_eq!(s.simulation.branches().len(), 2);
    let new = s.simulation.fingerprint();
    s.simulation.switch(0).expect("the old branch is there");
    s.simulation.seek(end);
    assert_eq!(s.simulation.fingerprint(), old);
    s.simulation.switch(1).expect("and so is the new one");
    s.simulation.seek(1_000_000);
    assert_eq!(s.simulation.fingerprint(), new);
    assert_in_both_languages(&s.simulation.switch(7).expect_err("no such branch"));
}

#[test]
fn a_small_budget_loses_nothing() {
    let mut whole = Script::new("raft", "nodes=5 seed=12");
    let mut small = Script::new("raft", "nodes=5 seed=12");
    small.simulation.set_budget(200_000);
    for s in [&mut whole, &mut small] {
        for n in 0..120 {
            s.play(&format!("request add x {n}\n+500ms"));
        }
    }
    let trace = |s: &Script| {
        let mut records = Vec::new();
        s.simulation.each_record(0, u64::MAX, &mut |record| records.push(record));
        records
    };
    assert!(small.simulation.bytes() < 400_000, "{} bytes", small.simulation.bytes());
    assert!(whole.simulation.bytes() > 1_000_000);
    assert!(trace(&whole) == trace(&small), "what was dropped is computed again");
    for time in [59_000_000, 10_000_000, 33_333_333, 1, 0] {
        whole.simulation.seek(time);
        small.simulation.seek(time);
        assert_eq!(whole.simulation.fingerprint(), small.simulation.fingerprint());
    }
}
