//! Whether a refusal is said in both languages, and alike.

use synod_engine::error::Error;
use synod_engine::value::Value;

/// Words of the grammar and of configurations, which are the same in every language.
const GRAMMAR: [&str; 26] = [
    "disk",
    "places",
    "rtt",
    "electionTimeout",
    "C1",
    "C2",
    "ms",
    "id",
    "kind",
    "from",
    "to",
    "seed",
    "nodes",
    "mutants",
    "network",
    "options",
    "true",
    "false",
    "min",
    "max",
    "request",
    "operation",
    "rounds",
    "independent",
    "0ms",
    "60000ms",
];

/// Both languages say it, with the same fields, and the Chinese sentence has no English in it.
pub fn assert_in_both_languages(error: &Error) {
    let zh = &error.zh;
    assert!(!error.message.is_empty() && zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{error}: {zh}");
    assert!(!error.message.contains(['{', '}']) || error.message.contains("{ "), "{error}");
    let mut known = Vec::new();
    error.fields.iter().for_each(|(_, value)| texts(value, &mut known));
    let known = known.join(" ");
    let plain = |c: char| c.is_ascii_alphanumeric();
    for word in zh.split(|c| !plain(c)).filter(|word| word.contains(|c: char| c.is_ascii_alphabetic())) {
        let told = known.split(|c| !plain(c)).any(|other| other == word);
        assert!(told || GRAMMAR.contains(&word), "{word} in {zh} ({error})");
    }
    assert!(!zh.contains([',', ';']) || known.contains(','), "{zh}");
}

/// All text in a field; of what is in both languages the Chinese.
fn texts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Text(text) => into.push(text.to_string()),
        Value::List(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Map(_) => texts(value.get("zh").unwrap_or(&Value::Null), into),
        _ => {}
    }
}
