//! What a caption claims by its looks, and whether the stage bears it out: a glyph is the look of a
//! message, an inked word that of an epoch, and a ring that of a tally.

use synod_engine::value::Value;
use synod_lessons::Text;

/// What the marks of a text claim and the frame does not show.
pub fn unseen(words: &Text, frame: &Value) -> Vec<String> {
    let mut missing: Vec<String> = [&words.en, &words.zh].into_iter().flat_map(|text| unseen_in(text, frame)).collect();
    missing.dedup();
    missing
}

fn unseen_in(text: &str, frame: &Value) -> Vec<String> {
    let whole = |value: &Value, key: &str| value.get(key).and_then(Value::as_whole);
    let nodes = list(frame, "nodes");
    let of_node = |node: &Value| node.get("epoch").and_then(|epoch| whole(epoch, "value")).unwrap_or(0);
    // As the page draws captions: a glyph wears the ink of the last epoch that was named before it.
    let mut ink = nodes.iter().map(of_node).max().unwrap_or(0);
    let mut missing = Vec::new();
    for mark in text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(mark, _)| mark) {
        if let Some(tone) = mark.strip_prefix('>') {
            let inked = |message: &&Value| tone == "client" || whole(message, "epoch") == Some(ink);
            let is = |message: &&Value| word(message, "tone") == tone && inked(message);
            if !list(frame, "messages").iter().any(|message| is(&message)) {
                missing.push(format!("{mark} in the ink of {ink}"));
            }
        } else if let Some(name) = mark.strip_prefix('~') {
            let node = nodes.iter().find(|node| word(node, "name") == name);
            let tallied = |node: &&Value| {
                ["tally", "won"].iter().any(|key| node.get(key).is_some_and(|tally| *tally != Value::Null))
            };
            if node.filter(tallied).is_none() {
                missing.push(mark.to_string());
            }
        } else if let Some(epoch) = mark.split_once(':').and_then(|(epoch, _)| epoch.parse::<i64>().ok()) {
            ink = epoch;
            let cells = nodes.iter().flat_map(|node| list(node, "strips")).flat_map(|strip| list(strip, "cells"));
            let inked = nodes.iter().any(|node| of_node(node) == epoch)
                || list(frame, "messages").iter().chain(cells).any(|one| whole(one, "epoch") == Some(epoch));
            if !inked {
                missing.push(mark.to_string());
            }
        }
    }
    missing
}

/// What is in flight, in a line: `request-vote ?ask 1 A->B`, with how far it has come in percent.
pub fn in_flight(frame: &Value) -> Vec<String> {
    let names: Vec<&str> = list(frame, "nodes").iter().map(|node| word(node, "name")).collect();
    let end = |message: &Value, key: &str| match message.get(key) {
        Some(Value::Text(client)) => client.to_string(),
        Some(node) => node.as_whole().and_then(|at| names.get(at as usize)).unwrap_or(&"?").to_string(),
        None => String::new(),
    };
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_number).unwrap_or_default();
    let line = |message: &Value| {
        let (sent, arrives) = (number(message, "sent"), number(message, "arrives"));
        let gone = (number(frame, "now") - sent) * 100 / (arrives - sent).max(1);
        let fate = match word(message, "fate") {
            "flying" => format!("{gone}%"),
            other => other.to_string(),
        };
        let epoch = message.get("epoch").map(Value::shown).unwrap_or_default();
        let (from, to) = (end(message, "from"), end(message, "to"));
        format!("{} >{} under {epoch} {from}->{to} {fate}", word(message, "kind"), word(message, "tone"))
    };
    list(frame, "messages").iter().map(line).collect()
}

pub fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_list).unwrap_or_default()
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_text).unwrap_or_default()
}
