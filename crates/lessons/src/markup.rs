//! Words of a lesson, in both languages, with marks in braces that wear the look of what they name:
//!
//! | mark | what it is |
//! |---|---|
//! | `{C}` | a node or a client |
//! | `{2:term 2}` | words in the ink of an epoch |
//! | `{>ask}` | the glyph of a message, by its tone |
//! | `{~C}` | the tally of a node, as it stands on the stage |
//! | `{=swarm.susceptible}` | a number that the run has at the end of the step |

use synod_engine::error::{Error, Result};
use synod_engine::value::{Value, quoted};

use crate::condition::{Scene, Term, printed};

pub const TONES: [&str; 8] = ["ask", "carry", "decide", "yes", "stored", "no", "client", "heartbeat"];

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    pub en: String,
    pub zh: String,
}

impl Text {
    pub fn new(en: &str, zh: &str) -> Result<Text> {
        let (mut left, mut right) = (marks(en)?, marks(zh)?);
        left.sort_unstable();
        right.sort_unstable();
        if left != right {
            return Err(Error::input(format!("the languages have other marks in {} and {}", quoted(en), quoted(zh))));
        }
        Ok(Text { en: en.into(), zh: zh.into() })
    }

    /// The text with every number of the run in its place.
    ///
    /// # Errors
    /// Where the run has no such number.
    pub fn filled(&self, scene: &Scene) -> Result<Text> {
        let filled = |text: &str| -> Result<String> {
            let mut out = String::new();
            for part in parts(text) {
                match part.strip_prefix("{=").and_then(|part| part.strip_suffix('}')) {
                    Some(term) => out.push_str(&printed(&Term::parse(term)?.value(scene)?)),
                    None => out.push_str(part),
                }
            }
            Ok(out)
        };
        Ok(Text { en: filled(&self.en)?, zh: filled(&self.zh)? })
    }

    pub fn value(&self) -> Value {
        Value::map([("en", Value::string(&self.en)), ("zh", Value::string(&self.zh))])
    }

    /// Every name that is marked as a node's or a client's.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        parts(&self.en).filter_map(|part| {
            let mark = part.strip_prefix('{')?.strip_suffix('}')?;
            let name = mark.strip_prefix('~').unwrap_or(mark);
            name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()).then_some(name)
        })
    }
}

/// The text in pieces: marks with their braces, and what stands between.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = match rest.strip_prefix('{') {
            Some(_) => rest.find('}').map_or(rest.len(), |at| at + 1),
            None => rest.find('{').unwrap_or(rest.len()),
        };
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

/// What each mark means, whatever words it bears.
fn marks(text: &str) -> Result<Vec<String>> {
    let mark = |part: &str| {
        let wrong = || Error::input(format!("{} is no mark", quoted(part)));
        let mark = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).ok_or_else(wrong)?;
        if let Some(tone) = mark.strip_prefix('>') {
            return if TONES.contains(&tone) { Ok(mark.to_string()) } else { Err(wrong()) };
        }
        if let Some(term) = mark.strip_prefix('=') {
            Term::parse(term)?;
            return Ok(mark.to_string());
        }
        if let Some((epoch, _)) = mark.split_once(':') {
            return epoch.parse::<u32>().map(|epoch| epoch.to_string()).map_err(|_| wrong());
        }
        let name = mark.strip_prefix('~').unwrap_or(mark);
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if is_name { Ok(mark.to_string()) } else { Err(wrong()) }
    };
    parts(text).filter(|part| part.starts_with('{')).map(mark).collect()
}
