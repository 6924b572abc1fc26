//! Places: links by where their ends stand, inputs about all who stand there, and nodes that move.

#[path = "driven/mod.rs"]
mod driven;
#[path = "ledger/mod.rs"]
mod ledger;
#[path = "toy/mod.rs"]
mod toy;

use synod_engine::error::Error;
use synod_engine::simulation::{Simulation, entry};
use synod_engine::value::Value;

use driven::{done, play};
use ledger::Ledger;
use toy::Toy;

fn place(id: &'static str, nodes: &[&'static str], clients: &[&'static str]) -> Value {
    let names = |names: &[&'static str]| Value::list(names.iter().map(|name| Value::word(name)));
    Value::map([("id", Value::word(id)), ("nodes", names(nodes)), ("clients", names(clients))])
}

fn ms(ms: i64) -> Value {
    Value::count(ms)
}

/// Two nodes in the west, one in the east, one in the south: 40.001, 80 and 90 ms there and back, and 2 ms
/// one way inside a place.
fn three() -> Vec<(&'static str, Value)> {
    let west = place("west", &["A", "B"], &["C1"]);
    let places = Value::list([west, place("east", &["C"], &["C3"]), place("south", &["D"], &[])]);
    let rtt = Value::map([("west east", Value::Number(40_001_000)), ("south west", ms(80)), ("east south", ms(90))]);
    vec![("places", places), ("rtt", rtt), ("latency", Value::list([ms(2), ms(2)]))]
}

fn open_with(nodes: i64, network: Vec<(&'static str, Value)>) -> Result<Simulation, Error> {
    let network = Value::Map(network.into_iter().map(|(key, value)| (key.into(), value)).collect());
    let config = Value::map([("protocol", Value::word("toy")), ("nodes", ms(nodes)), ("network", network)]);
    entry::<Toy>().open(&config, &mut || 7)
}

fn open() -> Simulation {
    open_with(4, three()).unwrap_or_else(|error| panic!("{error}"))
}

/// What the toy tells every 50 ms: how many microseconds each message flies, `A>B 2000`.
fn flights(sim: &Simulation) -> Vec<String> {
    let frame = sim.frame(0);
    let names = sim.node_names();
    let end = |value: &Value| value.as_whole().map_or_else(|| value.shown(), |node| names[node as usize].clone());
    let all = frame.get("messages").and_then(Value::as_list).unwrap_or_default();
    let flight = |message: &Value| {
        let time = |key: &str| message.get(key).and_then(Value::as_number).unwrap_or(0) / 1_000;
        let ends = ["from", "to"].map(|key| message.get(key).map(end).unwrap_or_default().replace('"', ""));
        format!("{}>{} {}", ends[0], ends[1], time("arrives") - time("sent"))
    };
    all.iter().map(flight).collect()
}

/// `west: A B` for each place.
fn standing(sim: &Simulation) -> String {
    let names = sim.node_names();
    let frame = sim.frame(0);
    let places = frame.get("places").and_then(Value::as_list).expect("places");
    let one = |place: &Value| {
        let nodes = place.get("nodes").and_then(Value::as_list).unwrap_or_default();
        let nodes: Vec<&str> = nodes.iter().map(|node| &*names[node.as_whole().unwrap_or(0) as usize]).collect();
        format!("{}: {}", place.get("id").and_then(Value::as_text).unwrap_or_default(), nodes.join(" "))
    };
    places.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn statuses(sim: &Simulation) -> String {
    let frame = sim.frame(0);
    let nodes = frame.get("nodes").and_then(Value::as_list).unwrap_or_default();
    let status = |node: &Value| node.get("status").and_then(Value::as_text).unwrap_or_default().to_string();
    nodes.iter().map(status).collect::<Vec<_>>().join(" ")
}

fn refused(sim: &mut Simulation, line: &str) -> String {
    let before = sim.fingerprint();
    let error = sim.parse(&Value::string(line)).and_then(|input| sim.inject(input)).expect_err(line);
    assert_eq!(sim.fingerprint(), before, "{line} changed something");
    assert!(!error.zh.is_empty());
    error.message
}

fn sentence(record: Result<Value, Error>) -> String {
    let says = record.unwrap_or_else(|error| panic!("{error}"));
    says.get("says").and_then(|says| says.get("en")?.as_text().map(str::to_string)).unwrap_or_default()
}

fn inject(sim: &mut Simulation, line: &str) -> Result<Value, Error> {
    let input = sim.parse(&Value::string(line))?;
    sim.inject(input)
}

#[test]
fn a_link_takes_half_of_the_round_trip_and_both_ways_the_whole() {
    let mut sim = open();
    play(&mut sim, "+50");
    let of = |sim: &Simulation, link: &str| -> i64 {
        let found = flights(sim).into_iter().find(|flight| flight.starts_with(link));
        found.and_then(|flight| flight.split(' ').nth(1)?.parse().ok()).unwrap_or_else(|| panic!("{link}"))
    };
    assert_eq!((of(&sim, "A>B"), of(&sim, "B>A")), (2_000, 2_000), "inside a place");
    assert_eq!((of(&sim, "A>C"), of(&sim, "C>A")), (20_001, 20_000), "an odd round trip is not rounded");
    assert_eq!((of(&sim, "B>D"), of(&sim, "D>C")), (40_000, 45_000));
    // C1 stands in the west and C3 in the east; C2 stands nowhere and is near whomever it asks.
    play(&mut sim, "request by C1 D count 1; request by C2 D count 1; request by C3 D count 1");
    assert_eq!((of(&sim, "C1>D"), of(&sim, "C2>D"), of(&sim, "C3>D")), (40_000, 2_000, 45_000));
    // A link's own latency comes first; one for all links is the latency inside a place.
    play(&mut sim, "latency A -> D 7ms..7ms; latency west -> east 9ms..9ms; +50");
    assert_eq!((of(&sim, "A>D"), of(&sim, "A>C"), of(&sim, "B>C")), (7_000, 9_000, 9_000));
    let said = sentence(inject(&mut sim, "latency 3ms..3ms"));
    assert_eq!(said, "Messages inside a place now take 3 ms.");
    play(&mut sim, "+50");
    assert_eq!((of(&sim, "A>B"), of(&sim, "A>C"), of(&sim, "A>D")), (3_000, 20_001, 40_000));
}

#[test]
fn a_node_moves_and_messages_in_flight_keep_their_arrival() {
    let mut sim = open();
    play(&mut sim, "+50");
    let before = flights(&sim);
    assert_eq!(standing(&sim), "west: A B, east: C, south: D");
    assert_eq!(sentence(inject(&mut sim, "move B south")), "B moves to south.");
    assert_eq!((standing(&sim).as_str(), flights(&sim)), ("west: A, east: C, south: B D", before));
    play(&mut sim, "+50");
    let now = flights(&sim);
    for link in ["A>B 40000", "B>D 2000", "B>C 45000"] {
        assert!(now.iter().any(|flight| flight == link), "{link}: {now:?}");
    }
    assert!(refused(&mut sim, "move B south").contains("stands in south already"));
    // All who stand in a place move with its name; who stands there already does not.
    play(&mut sim, "crash A; move south west");
    assert_eq!(standing(&sim), "west: A B D, east: C, south: ");
    assert!(refused(&mut sim, "move south east").contains("no node stands in south now"));
    let stood = sim.now();
    play(&mut sim, "+77; move A east; +31");
    let last = (sim.now(), sim.fingerprint());
    sim.seek(stood);
    assert_eq!(standing(&sim), "west: A B D, east: C, south: ");
    sim.seek(last.0);
    assert_eq!((standing(&sim).as_str(), sim.fingerprint()), ("west: B D, east: A C, south: ", last.1));
    let mut again = entry::<Toy>().replay(&sim.recording()).unwrap_or_else(|error| panic!("{error}"));
    again.seek(last.0);
    assert_eq!((again.fingerprint(), again.setup(), again.inputs()), (last.1, sim.setup(), sim.inputs()));
    sim.undo();
    assert_eq!(standing(&sim), "west: A B D, east: C, south: ");
}

#[test]
fn an_input_about_a_place_is_done_to_all_who_stand_there_then() {
    let mut sim = open();
    play(&mut sim, "+60; crash A");
    assert_eq!(sentence(inject(&mut sim, "crash west")), "west crashes.");
    assert_eq!(statuses(&sim), "crashed crashed up up", "A had crashed before, and B does now");
    assert!(refused(&mut sim, "crash west").contains("restart A would be right"));
    assert!(refused(&mut sim, "pause west").contains("A has crashed"));
    play(&mut sim, "move C west; pause west");
    assert_eq!(statuses(&sim), "crashed crashed paused up");
    play(&mut sim, "restart west; resume west; skew west +20%; crash west after 0 sends; +60");
    assert_eq!(statuses(&sim), "crashed crashed crashed up");
    play(&mut sim, "restart west; fire west tell");
    let told = flights(&sim).iter().filter(|flight| flight.ends_with(" 2000") && flight.starts_with("A>")).count();
    assert_eq!(told, 2, "A told B and C");
    // A request to a place is for the first that is up there.
    play(&mut sim, "crash A; request west count 5");
    assert!(flights(&sim).iter().any(|flight| flight.starts_with("C1>B") || flight.starts_with("C2>B")));
}

#[test]
fn a_partition_by_places_takes_nodes_and_clients_that_stand_there() {
    let mut sim = open();
    play(&mut sim, "request A count 3");
    assert_eq!(
        sentence(inject(&mut sim, "partition west | east")),
        "The network is cut into 3 parts: west; east; all other nodes."
    );
    let sides = |sim: &Simulation| sim.frame(0).get("partition").map(|sides| format!("{sides:?}"));
    let first = sides(&sim);
    let groups = |sim: &Simulation, at: usize| sim.inputs()[at].get("groups").cloned();
    let then =
        Some(Value::list([Value::list([ms(0), ms(1), Value::word("C1")]), Value::list([ms(2), Value::word("C3")])]));
    assert_eq!(groups(&sim, 1), then);
    play(&mut sim, "move B south; +200");
    assert_eq!(sides(&sim), first, "who moves stays on its side: the cut is between nodes");
    assert_eq!(groups(&sim, 1), then, "the sides as they were then");
    // C3 has not asked for anything yet, and is cut off all the same.
    play(&mut sim, "heal; partition east | west south; request by C2 A count 1; request by C3 A count 1; +20");
    let lost = |sim: &Simulation, from: &str| {
        let frame = sim.frame(0);
        let all = frame.get("messages").and_then(Value::as_list).unwrap_or_default().to_vec();
        let is = |m: &&Value, key: &str, word: &str| m.get(key).and_then(Value::as_text) == Some(word);
        all.iter().filter(|m| is(m, "from", from) && is(m, "fate", "lost")).count()
    };
    assert_eq!((lost(&sim, "C2"), lost(&sim, "C3")), (0, 1));
    assert!(refused(&mut sim, "partition west A | east").contains("only once"));
    assert!(refused(&mut sim, "partition west east south").contains("two sides"));
    play(&mut sim, "heal; partition west | east south");
    play(&mut sim, "heal; cut west <-> east");
    assert_eq!(sim.frame(0).get("links").and_then(Value::as_list).map(<[Value]>::len), Some(2), "A - C, both ways");
    play(&mut sim, "mend east <-> west");
    assert_eq!(sim.frame(0).get("links").and_then(Value::as_list).map(<[Value]>::len), Some(0));
    assert!(refused(&mut sim, "cut east -> east").contains("not C with itself"));
}

#[test]
fn the_first_message_between_places_is_meant() {
    let mut sim = open();
    play(&mut sim, "+50; drop tell west -> south");
    let frame = sim.frame(0);
    let all = frame.get("messages").and_then(Value::as_list).unwrap_or_default();
    let lost: Vec<&Value> = all.iter().filter(|m| m.get("fate").and_then(Value::as_text) == Some("lost")).collect();
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0].get("from"), lost[0].get("to")), (Some(&ms(0)), Some(&ms(3))), "A told D before B did");
    play(&mut sim, "drop tell west -> south");
    assert!(refused(&mut sim, "drop tell west -> south").contains("tell west -> south is in flight now"));
}

#[test]
fn a_node_may_ask_where_it_stands() {
    let places = ("places", Value::word("three-zones"));
    let network = Value::Map([places].into_iter().map(|(key, value)| (key.into(), value)).collect());
    let config = Value::map([("protocol", Value::word("ledger")), ("nodes", ms(3)), ("network", network)]);
    let mut sim = entry::<Ledger>().open(&config, &mut || 7).unwrap_or_else(|error| panic!("{error}"));
    let answers = |sim: &Simulation| {
        let frame = sim.frame(0);
        let clients = frame.get("clients").and_then(Value::as_list).unwrap_or_default();
        let answer = |client: &Value| client.get("answer").and_then(Value::as_text).unwrap_or("-").to_string();
        clients.iter().map(answer).collect::<Vec<_>>().join(" ")
    };
    play(&mut sim, "request B add 0; +10");
    assert_eq!(answers(&sim), "2000");
    play(&mut sim, "move B zone-3; request B add 0; +10");
    assert_eq!(answers(&sim), "5000", "and a move is known at once");
}

#[test]
fn what_can_be_done_to_places_is_offered() {
    let mut sim = open();
    play(&mut sim, "crash west");
    let texts = |sim: &Simulation| -> Vec<String> {
        let text = |offer: &Value| offer.get("text").and_then(Value::as_text).unwrap_or_default().to_string();
        sim.offers(None).iter().map(text).collect()
    };
    let offered = texts(&sim);
    for right in ["crash east", "restart west", "partition south", "move A east", "move C south"] {
        assert!(offered.iter().any(|text| text == right), "{right}: {offered:?}");
    }
    for wrong in ["crash west", "restart east", "move A west"] {
        assert!(!offered.iter().any(|text| text == wrong), "{wrong} is not valid now");
    }
    let plain = open_with(3, Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    assert!(texts(&plain).iter().all(|text| !text.starts_with("move")));
}

#[test]
fn places_are_configured_strictly() {
    let wrong = |network: Vec<(&'static str, Value)>| {
        let error = open_with(4, network).err().expect("refused");
        assert!(error.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{error}: {}", error.zh);
        error.message
    };
    let (west, east) = (|| place("west", &["A", "B"], &[]), || place("east", &["C", "D"], &[]));
    let two = |a: Value, b: Value, rtt: Value| vec![("places", Value::list([a, b])), ("rtt", rtt)];
    let trip = || Value::map([("west east", ms(40))]);
    assert!(open_with(4, two(west(), east(), trip())).is_ok());
    let named = |name: Value| {
        let Value::Map(mut entries) = west() else { unreachable!() };
        entries.push(("name".into(), name));
        two(Value::Map(entries), east(), trip())
    };
    assert!(open_with(4, named(Value::map([("en", Value::word("The West")), ("zh", Value::word("西部"))]))).is_ok());
    let cases: Vec<(Vec<(&'static str, Value)>, &str)> = vec![
        (
            vec![("places", Value::word("moon"))],
            "three-regions, three-zones or five-regions, or a list of places, not \"moon\"",
        ),
        (vec![("places", ms(3))], "or a list of places, not 3"),
        (vec![("rtt", trip())], "network.places is missing"),
        (vec![("places", Value::word("three-zones")), ("rtt", trip())], "has its own round trips"),
        (vec![("places", Value::list([]))], "1 to 12 places, not 0"),
        (two(west(), ms(1), trip()), "a place is { id, name, nodes, clients }, not 1"),
        (two(west(), place("West", &["C", "D"], &[]), trip()), "not \"West\""),
        (two(west(), place("", &["C", "D"], &[]), trip()), "small letters"),
        (two(west(), place("4th", &["C", "D"], &[]), trip()), "a letter first"),
        (two(west(), place("a-place-with-quite-a-long-id", &["C", "D"], &[]), trip()), "1 to 24"),
        (two(west(), Value::map([("nodes", Value::list([]))]), trip()), "not nothing"),
        (two(west(), Value::map([("id", Value::word("east")), ("x", ms(1))]), trip()), "a place has no \"x\""),
        (two(west(), place("west", &["C", "D"], &[]), trip()), "west is the id of two places"),
        (two(west(), place("heal", &["C", "D"], &[]), trip()), "heal is a word of inputs"),
        (two(west(), place("by", &["C", "D"], &[]), trip()), "by is a word of inputs"),
        (two(west(), place("tell", &["C", "D"], &[]), trip()), "tell is a word of inputs"),
        (two(west(), place("count", &["C", "D"], &[]), trip()), "count is a word of inputs"),
        (two(west(), place("answer", &["C", "D"], &[]), trip()), "answer is a word of inputs"),
        (two(west(), place("east", &["C", "E"], &[]), trip()), "east has no node \"E\"; the nodes are A to D"),
        (two(west(), place("east", &["C", "north"], &[]), trip()), "east has no node \"north\""),
        (two(west(), place("east", &["C"], &[]), trip()), "D stands in no place"),
        (two(west(), place("east", &["B", "C", "D"], &[]), trip()), "not in west and east"),
        (two(west(), place("east", &["C", "D", "C"], &[]), trip()), "C stands in east twice"),
        (
            two(place("west", &["A", "B"], &["C1"]), place("east", &["C", "D"], &["C1"]), trip()),
            "C1 stands in one place only",
        ),
        (two(west(), place("east", &["C", "D"], &["D"]), trip()), "east has no client \"D\""),
        (two(west(), east(), Value::Null), "the round trip of west east is missing"),
        (two(west(), east(), ms(40)), "an object such as"),
        (two(west(), east(), Value::map([("west", ms(40))])), "\"west\" is not the ids of two places"),
        (
            two(west(), east(), Value::map([("west moon", ms(40))])),
            "there is no place \"moon\"; the places are west or east",
        ),
        (two(west(), east(), Value::map([("west west", ms(40))])), "west is not away from itself"),
        (two(west(), east(), Value::map([("west east", ms(40)), ("east west", ms(50))])), "given twice"),
        (two(west(), east(), Value::map([("west east", ms(-1))])), "west east: it is a time from 0 to 120000 ms"),
        (two(west(), east(), Value::map([("west east", ms(120_001))])), "120000"),
        (two(west(), east(), Value::map([("west east", Value::list([ms(1), ms(2)]))])), "not a list"),
        (named(Value::word("")), "1 to 80 bytes"),
        (named(Value::map([("en", Value::word("West"))])), "{ en, zh }"),
        (named(Value::map([("en", Value::word("a\nb")), ("zh", Value::word("西"))])), "{ en, zh }"),
    ];
    for (network, hint) in cases {
        let said = wrong(network);
        assert!(said.starts_with("network.") && said.contains(hint), "{hint}: {said}");
    }
}

#[test]
fn what_is_no_place_is_refused_and_changes_nothing() {
    let mut sim = open();
    assert_eq!(
        refused(&mut sim, "crash moon"),
        "\"moon\" is neither a node nor a place; nodes are A, B, C and so on, places west, east or south"
    );
    assert!(refused(&mut sim, "partition west | moon").contains("nor a place"));
    assert!(refused(&mut sim, "move A").contains("move A west"));
    assert!(refused(&mut sim, "move A moon").contains("there is no place \"moon\""));
    assert!(refused(&mut sim, "move A B").contains("there is no place \"B\""));
    assert!(refused(&mut sim, "move Z west").contains("there is no node Z"));
    assert!(refused(&mut sim, "join west").contains("no node's name"));
    let object = Value::map([("kind", Value::word("move")), ("node", Value::word("A")), ("place", ms(1))]);
    let error = sim.parse(&object).expect_err("a number is no place");
    assert_eq!(error.message, "place of move is a place's id, not 1");
    // A run without places has none of this.
    let mut plain = open_with(3, Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    assert!(refused(&mut plain, "move A west").contains("this run has no places"));
    assert!(refused(&mut plain, "crash west").contains("no node's name"));
    assert_eq!(plain.frame(0).get("places"), Some(&Value::Null));
    // An input of another run with places is refused too.
    let input = sim.parse(&Value::word("crash west")).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(plain.inject(input).expect_err("no such place").message, "this run has no place west");
}

#[test]
fn a_node_that_joins_stands_in_the_first_place_and_one_that_left_stands_nowhere() {
    let mut sim = open();
    play(&mut sim, "join E; move E south; leave D; crash south");
    assert_eq!(standing(&sim), "west: A B, east: C, south: D E");
    assert_eq!(statuses(&sim), "up up up crashed", "D is gone and is not listed among nodes");
    assert!(done(&mut sim, "move D west").is_err());
}

#[test]
fn presets_are_in_the_catalog_and_open_as_they_say() {
    let catalog = entry::<Toy>().catalog(&[]);
    for preset in catalog.get("places").and_then(Value::as_list).unwrap_or_default() {
        let id = preset.get("id").and_then(Value::as_text).expect("an id").to_string();
        let sim = open_with(4, vec![("places", Value::string(&id))]).unwrap_or_else(|error| panic!("{error}"));
        let setup = sim.setup();
        let network = setup.get("network").expect("a network");
        assert_eq!((network.get("rtt"), network.get("latency")), (preset.get("rtt"), preset.get("latency")), "{id}");
        let own = open_with(4, vec![("places", Value::string(&id)), ("latency", Value::list([ms(5), ms(6)]))]);
        let own = own.unwrap_or_else(|error| panic!("{error}")).setup();
        assert_eq!(
            own.get("network").and_then(|network| network.get("latency").cloned()),
            Some(Value::list([ms(5), ms(6)]))
        );
        // The configuration as it is printed opens the same run, and so does its recording.
        let same = entry::<Toy>().open(&setup, &mut || 0).unwrap_or_else(|error| panic!("{error}"));
        let again = entry::<Toy>().replay(&sim.recording()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((same.setup(), again.setup()), (setup.clone(), setup.clone()));
        assert_eq!((same.fingerprint(), again.fingerprint()), (sim.fingerprint(), sim.fingerprint()));
    }
}

/// The text form in which tests and ready runs have a configuration.
#[test]
fn places_can_be_written_in_words() {
    let words = "nodes=4 network.latency=2..2 network.places=west:A,B,C1;east:C,C3;south:D \
                 network.rtt=west/east:40.001;south/west:80;east/south:90";
    let config = synod_engine::script::config("toy", words);
    let sim = entry::<Toy>().open(&config, &mut || 7).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((sim.setup(), sim.fingerprint()), (open().setup(), open().fingerprint()));
}

/// What a run without places was, it is still: its link has the first format and no byte more.
#[test]
fn a_run_without_places_has_the_link_that_it_had() {
    let mut sim = open_with(3, Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    play(&mut sim, "+60; crash A; +10; restart A");
    assert!(sim.recording().starts_with("AQN0b3kBAwcAAAAAAAAA"), "{}", sim.recording());
    let with = open().recording();
    assert!(with.starts_with("Ag"), "{with}");
    // A damaged place, a trip too long, a part of tomorrow: refused, and no panic.
    for at in 0..with.len() {
        for digit in ['A', 'Q', '_'] {
            let mut damaged: Vec<char> = with.chars().collect();
            damaged[at] = digit;
            let damaged: String = damaged.into_iter().collect();
            assert!(damaged == with || entry::<Toy>().replay(&damaged).is_err());
        }
    }
}
