//! The terms of `docs/terms.toml`, and where a text has them. `www/terms/find.js` finds the same in the page; a test
//! compares the two.

use std::fs;
use std::path::Path;

use toml::Value;

use crate::File;

/// A text in both languages.
#[derive(Clone, Debug, Default)]
pub struct Both {
    pub en: String,
    pub zh: String,
}

impl Both {
    pub fn of(&self, chinese: bool) -> &str {
        if chinese { &self.zh } else { &self.en }
    }
}

#[derive(Clone, Debug)]
pub struct Paper {
    pub id: String,
    pub short: String,
    pub full: String,
}

#[derive(Clone, Debug)]
pub struct Term {
    pub id: String,
    /// The family of courses under which it is listed.
    pub family: String,
    /// The protocols in whose lessons the word means this; all if there are none.
    pub of: Vec<String>,
    /// Forms that are looked for, the headword first.
    pub en: Vec<String>,
    pub zh: Vec<String>,
    /// Longer words that only look like a form.
    pub except: Vec<String>,
    pub says: Both,
    /// The paper, and the place in it.
    pub paper: String,
    pub at: String,
}

pub struct Terms {
    pub papers: Vec<Paper>,
    pub terms: Vec<Term>,
}

/// What `docs/terms.toml` holds; an error where a term lacks something.
pub fn read(path: &Path) -> Result<Terms, String> {
    let text = fs::read_to_string(path).map_err(|why| format!("{}: {why}", path.display()))?;
    let table: toml::Table = toml::from_str(&text).map_err(|why| why.to_string())?;
    let list = |key: &str| table.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let papers = list("paper").iter().map(paper).collect::<Result<_, _>>()?;
    let terms = list("term").iter().map(term).collect::<Result<_, _>>()?;
    Ok(Terms { papers, terms })
}

fn word(from: &Value, key: &str) -> Result<String, String> {
    let text = from.get(key).and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() { Err(format!("no {key} in {from:?}")) } else { Ok(text.to_string()) }
}

fn words(from: &Value, key: &str) -> Vec<String> {
    let list = from.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|one| one.as_str().map(str::to_string)).collect()
}

fn paper(from: &Value) -> Result<Paper, String> {
    Ok(Paper { id: word(from, "id")?, short: word(from, "short")?, full: word(from, "full")? })
}

fn term(from: &Value) -> Result<Term, String> {
    let part = |key: &str| from.get(key).ok_or_else(|| format!("no {key} in {from:?}"));
    let (says, source) = (part("says")?, part("source")?);
    Ok(Term {
        id: word(from, "id")?,
        family: word(from, "family")?,
        of: words(from, "of"),
        en: words(from, "en"),
        zh: words(from, "zh"),
        except: words(from, "except"),
        says: Both { en: word(says, "en")?, zh: word(says, "zh")? },
        paper: word(source, "paper")?,
        at: word(source, "at")?,
    })
}

impl Term {
    pub fn forms(&self, chinese: bool) -> &[String] {
        if chinese { &self.zh } else { &self.en }
    }

    fn is_meant(&self, protocol: &str) -> bool {
        self.of.is_empty() || self.of.iter().any(|one| one == protocol)
    }
}

/// What the steps of a lesson say: its captions.
fn captions(lesson: &File, chinese: bool) -> Vec<&str> {
    let lang = if chinese { "zh" } else { "en" };
    let steps = lesson.data.get("steps").and_then(Value::as_array).into_iter().flatten();
    steps.flat_map(|step| ["say", "then", "more"].map(|key| step.get(key)?.get(lang)?.as_str())).flatten().collect()
}

impl Terms {
    /// The terms that the captions of a lesson have.
    pub fn in_lesson(&self, lesson: &File, chinese: bool) -> Vec<&Term> {
        self.found(&lesson.protocol, chinese, &captions(lesson, chinese))
    }

    /// The terms that captions of a protocol's lesson have, each once, in the order in which they are met. Marks in
    /// braces part a caption: words that wear an epoch's ink are read, names and glyphs are not.
    pub fn found(&self, protocol: &str, chinese: bool, captions: &[&str]) -> Vec<&Term> {
        let mut found: Vec<&Term> = Vec::new();
        for part in captions.iter().flat_map(|caption| parts(caption)) {
            for term in self.in_part(protocol, chinese, part) {
                if !found.iter().any(|one| one.id == term.id) {
                    found.push(term);
                }
            }
        }
        found
    }

    fn in_part(&self, protocol: &str, chinese: bool, text: &str) -> Vec<&Term> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < text.len() {
            match self.longest(protocol, chinese, text, at) {
                Some((length, term)) => {
                    found.extend(term);
                    at += length;
                }
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        found
    }

    /// The longest word that begins here, and what it means; nothing if it only looks like a term.
    fn longest(&self, protocol: &str, chinese: bool, text: &str, at: usize) -> Option<(usize, Option<&Term>)> {
        let mut best: Option<(usize, Option<&Term>)> = None;
        for term in self.terms.iter().filter(|term| term.is_meant(protocol)) {
            let forms = term.forms(chinese).iter().map(|form| (form, Some(term)));
            for (form, means) in forms.chain(term.except.iter().map(|form| (form, None))) {
                let longer = best.is_none_or(|(length, _)| form.len() > length);
                if longer && begins(text, at, form) {
                    best = Some((form.len(), means));
                }
            }
        }
        best
    }
}

/// What a caption's marks leave to be read as running text, part by part.
fn parts(caption: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in caption.split('{') {
        match part.split_once('}') {
            Some((mark, after)) => {
                let inked =
                    mark.split_once(':').filter(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
                parts.extend(inked.map(|(_, words)| words));
                parts.push(after);
            }
            None => parts.push(part),
        }
    }
    parts
}

/// Whether a form stands at this place of a text, as a whole word. Capitals of a form must be capitals; others may be.
fn begins(text: &str, at: usize, form: &str) -> bool {
    let Some(here) = text.get(at..at + form.len()) else { return false };
    let exact = form.bytes().any(|b| b.is_ascii_uppercase());
    let same = if exact { here == form } else { here.eq_ignore_ascii_case(form) };
    let (first, last) = (form.chars().next(), form.chars().next_back());
    let (before, mut after) = (text[..at].chars().next_back(), text[at + form.len()..].chars());
    let (next, over) = (after.next(), after.next());
    // A hyphen joins two words into another one.
    let joined = next == Some('-') && is_letter(over);
    same && !(is_letter(first) && (is_letter(before) || before == Some('-')))
        && !(is_letter(last) && (is_letter(next) || joined))
}

fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(id: &str, of: &[&str], en: &[&str], zh: &[&str], except: &[&str]) -> Term {
        let list = |from: &[&str]| from.iter().map(ToString::to_string).collect::<Vec<String>>();
        let (id, both) = (id.to_string(), Both { en: "x".into(), zh: "x".into() });
        let (en, zh, except, of) = (list(en), list(zh), list(except), list(of));
        Term { id, family: "f".into(), of, en, zh, except, says: both, paper: "p".into(), at: "1".into() }
    }

    fn ids(terms: &Terms, protocol: &str, chinese: bool, caption: &str) -> Vec<String> {
        terms.found(protocol, chinese, &[caption]).iter().map(|term| term.id.clone()).collect()
    }

    fn some() -> Terms {
        let terms = vec![
            term("timeout", &[], &["timeout", "timeouts"], &["超时"], &[]),
            term("election", &[], &["election"], &["选举"], &[]),
            term("election-timeout", &[], &["election timeout"], &["选举超时"], &[]),
            term("majority", &[], &["majority"], &["多数派", "多数"], &["大多数"]),
            term("term", &["raft"], &["term"], &["任期"], &[]),
            term("lease-term", &["lease"], &["term"], &["租期"], &[]),
            term("cap", &[], &["CAP"], &["CAP"], &[]),
            term("push", &[], &["push"], &["推送"], &[]),
        ];
        Terms { papers: Vec::new(), terms }
    }

    #[test]
    fn the_longest_word_counts_and_each_once() {
        assert_eq!(
            ids(&some(), "raft", false, "An election timeout, a timeout, timeouts."),
            ["election-timeout", "timeout"]
        );
        assert_eq!(
            ids(&some(), "raft", true, "选举超时之后发起选举，得到多数派"),
            ["election-timeout", "election", "majority"]
        );
        assert_eq!(ids(&some(), "raft", true, "大多数人"), [""; 0]);
    }

    #[test]
    fn a_part_of_a_word_is_no_word() {
        assert_eq!(ids(&some(), "raft", false, "Elections, determine, push-pull, capped, CAPs, a-push"), [""; 0]);
        assert_eq!(ids(&some(), "raft", false, "The election's CAP."), ["election", "cap"]);
        assert_eq!(ids(&some(), "raft", true, "由CAP得知"), ["cap"]);
    }

    #[test]
    fn words_in_an_epochs_ink_are_read_and_names_are_not() {
        assert_eq!(
            ids(&some(), "raft", false, "{A} leads {1:term 1} {>ask} election {~push}timeout"),
            ["term", "election", "timeout"]
        );
    }

    #[test]
    fn a_word_means_what_it_means_in_its_protocol() {
        assert_eq!(ids(&some(), "lease", false, "a term"), ["lease-term"]);
        assert_eq!(ids(&some(), "gossip", false, "a term"), [""; 0]);
    }
}
