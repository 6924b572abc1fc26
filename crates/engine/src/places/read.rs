//! `network.places` and `network.rtt` of a configuration, read strictly.

use std::rc::Rc;

use crate::erased::About;
use crate::error::{Part, Why, why};
use crate::input::{VERBS, Vocabulary};
use crate::names::{ClientId, NodeId};
use crate::network::Latency;
use crate::options::{Kind, Setting};
use crate::roster::Roster;
use crate::text::{Says, Text, text};
use crate::value::{Key, Value};

use super::{LONGEST_ID, LONGEST_NAME, LONGEST_TRIP, MOST_PLACES, PRESETS, Places, Preset, Spot};

/// Words of the grammar that stand where a place may stand, besides verbs, operations, timers and messages.
const WORDS: [&str; 4] = ["by", "after", "send", "sends"];

/// Places, and how long messages take inside one where these say so.
type Found = (Places, Option<Latency>);

/// The places, and how long messages take inside one where these say so. An error names the key that is wrong.
pub(crate) fn read(
    about: &About,
    vocabulary: &Vocabulary,
    (places, rtt): (Option<&Value>, Option<&Value>),
    roster: &Roster,
) -> Result<Option<Found>, (&'static str, Why)> {
    let at_places = |wrong: Why| ("network.places", wrong);
    match (places, rtt) {
        (None, None) => Ok(None),
        (None, Some(_)) => {
            let words = text(
                "round trips are between places: network.places is missing",
                "往返时间属于各地之间：缺少 network.places",
            );
            Err(("network.rtt", words.into()))
        }
        (Some(Value::Text(id)), rtt) => {
            let preset = Preset::find(id).ok_or_else(|| at_places(no_preset(&Part::quoted(id))))?;
            if rtt.is_some() {
                let words = text(
                    "{id} has its own round trips: leave rtt out, or list the places",
                    "{id} 自带往返时间：请去掉 rtt，或逐一列出各地",
                );
                return Err(("network.rtt", why(words, [("id", Part::name(id))])));
            }
            Ok(Some((preset.places(roster), Some(preset.latency))))
        }
        (Some(Value::List(list)), rtt) => {
            let mut places = listed(list, about, vocabulary, roster).map_err(at_places)?;
            read_trips(rtt.unwrap_or(&Value::Null), &mut places).map_err(|wrong| ("network.rtt", wrong))?;
            Ok(Some((places, None)))
        }
        (Some(other), _) => Err(at_places(no_preset(&Part::given(other)))),
    }
}

fn no_preset(given: &Part) -> Why {
    let words = text(
        "it is one of {presets}, or a list of places, not {given}",
        "应为 {presets} 之一，或由各地组成的列表，而不是 {given}",
    );
    why(words, [("presets", Part::known(PRESETS.iter().map(|preset| preset.id))), ("given", given.clone())])
}

fn listed(list: &[Value], about: &About, vocabulary: &Vocabulary, roster: &Roster) -> Result<Places, Why> {
    if !(1..=MOST_PLACES).contains(&list.len()) {
        let words = text("there are 1 to {most} places, not {given}", "应有 1 到 {most} 个地点，而不是 {given} 个");
        return Err(why(words, [("most", Part::count(MOST_PLACES as i64)), ("given", Part::count(list.len() as i64))]));
    }
    let mut spots: Vec<Rc<Spot>> = Vec::new();
    for value in list {
        let id = read_id(value, about, vocabulary)?;
        if spots.iter().any(|spot| spot.id == id) {
            return Err(of_place(text("{id} is the id of two places", "有两个地点的 id 是 {id}"), &id));
        }
        let name = read_name(value, &id)?;
        spots.push(Rc::new(Spot { id, name }));
    }
    let mut places = Places::new(spots, roster.len());
    let mut stands: Vec<Option<usize>> = vec![None; roster.len() as usize];
    for (place, value) in list.iter().enumerate() {
        read_nodes(value, place, &mut places, &mut stands)?;
        read_clients(value, place, &mut places)?;
    }
    match stands.iter().position(Option::is_none) {
        None => Ok(places),
        Some(node) => {
            let words = text("{node} stands in no place", "{node} 不在任何地点");
            Err(why(words, [("node", Part::name(NodeId(node as u32)))]))
        }
    }
}

fn of_place(words: Text, id: &str) -> Why {
    why(words, [("id", Part::name(id))])
}

fn read_id(value: &Value, about: &About, vocabulary: &Vocabulary) -> Result<String, Why> {
    let Value::Map(entries) = value else {
        let words = text(
            "a place is { id, name, nodes, clients }, not {given}",
            "地点写作 { id, name, nodes, clients }，而不是 {given}",
        );
        return Err(why(words, [("given", Part::given(value))]));
    };
    const KEYS: [&str; 4] = ["id", "name", "nodes", "clients"];
    if let Some((key, _)) = entries.iter().find(|(key, _)| !KEYS.contains(&key.as_ref())) {
        let words = text("a place has no {key}; it may have {keys}", "地点没有 {key}；可以有 {keys}");
        return Err(why(words, [("key", Part::quoted(key)), ("keys", Part::known(KEYS))]));
    }
    let given = value.get("id").unwrap_or(&Value::Null);
    let id = given.as_text().filter(|id| is_id(id)).ok_or_else(|| {
        let words = text(
            "a place's id is 1 to {most} small letters, digits and hyphens, a letter first, not {given}",
            "地点的 id 由 1 到 {most} 个小写字母、数字和连字符组成，以字母开头，而不是 {given}",
        );
        why(words, [("most", Part::count(LONGEST_ID as i64)), ("given", Part::given(given))])
    })?;
    if is_word(id, about, vocabulary) {
        let words =
            text("{id} is a word of inputs, so no place can have this id", "{id} 是输入中的词，不能用作地点的 id");
        return Err(of_place(words, id));
    }
    Ok(id.to_string())
}

/// Names of nodes and clients begin with a capital letter, so none is an id.
pub(crate) fn is_id(id: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(plain) && id.as_bytes()[0].is_ascii_lowercase()
}

/// Whether inputs have this word for something else.
pub(crate) fn is_word(id: &str, about: &About, vocabulary: &Vocabulary) -> bool {
    let first = |example: &str| example.split(' ').next() == Some(id);
    VERBS.contains(&id)
        || WORDS.contains(&id)
        || vocabulary.kinds.contains(&id)
        || about.timers.iter().any(|timer| timer.id == id)
        || about.operations.iter().any(|operation| operation.id == id || first(operation.example))
}

/// A place without a name is called by its id.
fn read_name(value: &Value, id: &str) -> Result<Says, Why> {
    let short = |value: &Value| value.as_text().filter(|name| is_name(name)).map(str::to_string);
    let name = match value.get("name") {
        None | Some(Value::Null) => Some(Says::same(id)),
        Some(name @ Value::Text(_)) => short(name).map(Says::same),
        Some(name @ Value::Map(entries)) if entries.len() == 2 => {
            let both = (name.get("en").and_then(short), name.get("zh").and_then(short));
            if let (Some(en), Some(zh)) = both { Some(Says { en, zh }) } else { None }
        }
        Some(_) => None,
    };
    name.ok_or_else(|| {
        let words = text(
            "the name of {id} is 1 to {most} bytes of text, or { en, zh } of such text",
            "{id} 的 name 应为 1 到 {most} 字节的文本，或由这样的文本组成的 { en, zh }",
        );
        why(words, [("id", Part::name(id)), ("most", Part::count(LONGEST_NAME as i64))])
    })
}

pub(crate) fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && !name.trim().is_empty() && !name.chars().any(char::is_control)
}

/// Those that a place lists under a key.
fn those<'a>(value: &'a Value, key: &'static str, id: &str) -> Result<&'a [Value], Why> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::List(list)) => Ok(list),
        Some(other) => {
            let words =
                text("{key} of {id} is a list of names, not {given}", "{id} 的 {key} 应为名字的列表，而不是 {given}");
            Err(why(words, [("key", Part::name(key)), ("id", Part::name(id)), ("given", Part::given(other))]))
        }
    }
}

fn read_nodes(value: &Value, place: usize, places: &mut Places, stands: &mut [Option<usize>]) -> Result<(), Why> {
    let id = places.spots()[place].id.clone();
    for given in those(value, "nodes", &id)? {
        let node = crate::object::node(given).filter(|node| node.at() < stands.len()).ok_or_else(|| {
            let words = text(
                "{id} has no node {node}; the nodes are {first} to {last}",
                "{id} 中没有节点 {node}；节点是 {first} 到 {last}",
            );
            let (first, last) = (Part::name(NodeId(0)), Part::name(NodeId(stands.len() as u32 - 1)));
            why(words, [("id", Part::name(&id)), ("node", Part::given(given)), ("first", first), ("last", last)])
        })?;
        if let Some(other) = stands[node.at()].replace(place) {
            return Err(twice(Part::name(node), places, other, place));
        }
        places.put(node, place);
    }
    Ok(())
}

fn read_clients(value: &Value, place: usize, places: &mut Places) -> Result<(), Why> {
    let id = places.spots()[place].id.clone();
    for given in those(value, "clients", &id)? {
        let client = given.as_text().and_then(ClientId::parse).ok_or_else(|| {
            let words = text(
                "{id} has no client {given}; clients are C1, C2 and so on",
                "{id} 中没有客户端 {given}；客户端是 C1、C2 等",
            );
            why(words, [("id", Part::name(&id)), ("given", Part::given(given))])
        })?;
        if let Some(other) = places.of_end(client.into()) {
            return Err(twice(Part::name(client), places, other, place));
        }
        places.put_client(client, place);
    }
    Ok(())
}

fn twice(who: Part, places: &Places, one: usize, other: usize) -> Why {
    let id = |place: usize| Part::name(&places.spots()[place].id);
    if one == other {
        let words = text("{who} stands in {one} twice", "{who} 在 {one} 中出现了两次");
        return why(words, [("who", who), ("one", id(one))]);
    }
    let words = text(
        "{who} stands in one place only, not in {one} and {other}",
        "{who} 只能在一个地点，不能既在 {one} 又在 {other}",
    );
    why(words, [("who", who), ("one", id(one)), ("other", id(other))])
}

/// A round trip for each pair of places: `{ "us-east europe": 80 }`.
fn read_trips(value: &Value, places: &mut Places) -> Result<(), Why> {
    let none: &[(Key, Value)] = &[];
    let entries = match value {
        Value::Null => none,
        Value::Map(entries) => entries,
        other => {
            let words = text(
                "round trips are an object such as { \"us-east europe\": 80 }, not {given}",
                "往返时间写作 { \"us-east europe\": 80 } 这样的对象，而不是 {given}",
            );
            return Err(why(words, [("given", Part::given(other))]));
        }
    };
    let len = places.spots().len();
    let mut seen = vec![false; len * len];
    for (key, value) in entries.iter().filter(|(_, value)| *value != Value::Null) {
        let (a, b) = read_pair(key, places)?;
        if seen[a * len + b] {
            let words = text("the round trip of {pair} is given twice", "{pair} 的往返时间给了两次");
            return Err(why(words, [("pair", pair(places, a, b))]));
        }
        (seen[a * len + b], seen[b * len + a]) = (true, true);
        let kind = Kind::Time { min: 0, max: LONGEST_TRIP };
        match kind.read(value) {
            Ok(Setting::Time(trip)) => places.set_trip(a, b, trip),
            Ok(_) => {}
            Err(wrong) => {
                let words = text("{pair}: {wrong}", "{pair}：{wrong}");
                return Err(why(words, [("pair", pair(places, a, b)), ("wrong", Part::why(wrong))]));
            }
        }
    }
    let mut pairs = (0..len).flat_map(|a| (a + 1..len).map(move |b| (a, b)));
    match pairs.find(|(a, b)| !seen[a * len + b]) {
        None => Ok(()),
        Some((a, b)) => {
            let words = text("the round trip of {pair} is missing", "缺少 {pair} 的往返时间");
            Err(why(words, [("pair", pair(places, a, b))]))
        }
    }
}

fn pair(places: &Places, a: usize, b: usize) -> Part {
    let id = |place: usize| &places.spots()[place].id;
    Part::name(format!("{} {}", id(a), id(b)))
}

fn read_pair(key: &str, places: &Places) -> Result<(usize, usize), Why> {
    let words: Vec<&str> = key.split_whitespace().collect();
    let [a, b] = words[..] else {
        let words =
            text("{key} is not the ids of two places with a space between", "{key} 不是以空格分开的两个地点的 id");
        return Err(why(words, [("key", Part::quoted(key))]));
    };
    let find = |id: &str| {
        places.find(id).ok_or_else(|| {
            let words = text("there is no place {id}; the places are {ids}", "没有地点 {id}；地点是 {ids}");
            let ids = Part::known(places.spots().iter().map(|spot| &*spot.id));
            why(words, [("id", Part::quoted(id)), ("ids", ids)])
        })
    };
    let (a, b) = (find(a)?, find(b)?);
    if a == b {
        let words = text("{id} is not away from itself", "{id} 与自己之间没有往返时间");
        return Err(of_place(words, &places.spots()[a].id));
    }
    Ok((a, b))
}
