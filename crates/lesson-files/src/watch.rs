//! What a lesson, a challenge and a ready run tell a reader to watch for before they play, and what was to be seen at
//! their end. Pages alone say it, so it is no part of what a module reads.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::{name, sorted};

/// So many words at most in English, and so many signs in Chinese.
pub const LONGEST: (usize, usize) = (20, 40);
/// How each begins, so that it reads by itself wherever it stands.
const WATCH: [&str; 2] = ["Watch ", "留意"];
const SAW: [&str; 2] = ["You saw ", "你看到了"];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub watch: Both,
    pub saw: Both,
}

/// A sentence in each language, without marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Both {
    pub en: String,
    pub zh: String,
}

/// What is said of a ready run.
pub struct Start {
    pub protocol: String,
    pub id: String,
    pub said: Said,
}

impl Said {
    /// Out of the data of a lesson, a challenge or a ready run.
    ///
    /// # Errors
    /// Where a sentence is missing, in whichever language, or is not of its form.
    pub fn read(data: &toml::Table) -> Result<Said, String> {
        Ok(Said { watch: sentence(data, "watch", WATCH)?, saw: sentence(data, "saw", SAW)? })
    }
}

fn sentence(data: &toml::Table, key: &str, begins: [&str; 2]) -> Result<Both, String> {
    let given = data.get(key).ok_or_else(|| format!("it has no {key} = {{ en, zh }}"))?;
    let entries = given.as_table().ok_or_else(|| format!("{key} is a text as {{ en, zh }}"))?;
    if let Some(other) = entries.keys().find(|other| !["en", "zh"].contains(&other.as_str())) {
        return Err(format!("{key} has no {other:?}; it has en and zh"));
    }
    let of = |lang: &str, begin: &str| {
        let text = given.get(lang).and_then(toml::Value::as_str).ok_or_else(|| format!("{key} has no {lang}"))?;
        if !text.starts_with(begin) {
            return Err(format!("{key}.{lang} begins with {begin:?}, and not {text:?}"));
        }
        if text.contains(['{', '}', '\n']) {
            return Err(format!("{key}.{lang} is plain words in one line, and not {text:?}"));
        }
        Ok(text.to_string())
    };
    let both = Both { en: of("en", begins[0])?, zh: of("zh", begins[1])? };
    let long = [("en", "words", both.en.split_whitespace().count(), LONGEST.0)];
    let long = long.into_iter().chain([("zh", "signs", both.zh.chars().count(), LONGEST.1)]);
    match long.into_iter().find(|(_, _, n, most)| n > most) {
        Some((lang, what, n, most)) => Err(format!("{key}.{lang} has {n} {what}, and {most} are the most")),
        None => Ok(both),
    }
}

/// What `starts.toml` in each protocol's folder says of its ready runs, by their ids.
///
/// # Errors
/// Where a file cannot be read, or says something of another form.
pub fn starts(protocols: &Path) -> Result<Vec<Start>, String> {
    let mut all = Vec::new();
    for folder in sorted(&protocols.join("src"))? {
        let path = folder.join("starts.toml");
        if path.exists() {
            let wrong = |why: String| format!("{}: {why}", path.display());
            let text = fs::read_to_string(&path).map_err(|why| wrong(why.to_string()))?;
            let protocol = name(&folder);
            let tables: BTreeMap<String, toml::Table> = toml::from_str(&text).map_err(|why| wrong(why.to_string()))?;
            for (id, data) in tables {
                let known = |key: &&String| !["watch", "saw"].contains(&key.as_str());
                if let Some(key) = data.keys().find(known) {
                    return Err(wrong(format!("{id} has no {key:?}; it has watch and saw")));
                }
                let said = Said::read(&data).map_err(|why| wrong(format!("{id}: {why}")))?;
                all.push(Start { protocol: protocol.clone(), id, said });
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"
watch = { en = "Watch the rings.", zh = "留意外圈。" }
saw = { en = "You saw one run out.", zh = "你看到了：一圈走完。" }
"#;

    fn read(text: &str) -> Result<Said, String> {
        Said::read(&toml::from_str(text).unwrap())
    }

    #[test]
    fn what_is_sound_is_read() {
        let said = read(SOUND).unwrap();
        assert_eq!((said.watch.en.as_str(), said.saw.zh.as_str()), ("Watch the rings.", "你看到了：一圈走完。"));
    }

    #[test]
    fn what_is_not_is_refused_and_told_why() {
        let many = "Watch one two three four five six seven eight nine ten and so on to the end of it all here.";
        let long = format!("留意{}。", "一".repeat(40));
        let cases = [
            ("saw = ", "was = ", "it has no saw"),
            ("zh = \"留意外圈。\"", "fr = \"\"", "watch has no \"fr\""),
            (", zh = \"留意外圈。\"", "", "watch has no zh"),
            ("Watch the rings.", "See the rings.", "watch.en begins with \"Watch \""),
            ("留意外圈。", "看外圈。", "watch.zh begins with \"留意\""),
            ("You saw one", "You saw {A}", "saw.en is plain words"),
            ("Watch the rings.", many, "watch.en has 21 words, and 20 are the most"),
            ("留意外圈。", &long, "watch.zh has 43 signs, and 40 are the most"),
        ];
        for (old, new, why) in cases {
            assert!(SOUND.contains(old), "{old}");
            let refused = read(&SOUND.replace(old, new)).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
    }
}
