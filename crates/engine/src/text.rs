//! Words for people, always in both languages.

/// A fixed text. Templates hold placeholders in braces, which [`Text::fill`] replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    pub en: &'static str,
    pub zh: &'static str,
}

/// A text that was made when somebody looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Says {
    pub en: String,
    pub zh: String,
}

pub const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

impl Text {
    /// Replaces each `{name}` by the text that stands under that name in `with`.
    pub fn fill(self, with: &[(&str, Says)]) -> Says {
        Says { en: fill_one(self.en, with, |says| &says.en), zh: fill_one(self.zh, with, |says| &says.zh) }
    }
    pub fn says(self) -> Says {
        Says::new(self.en, self.zh)
    }
}

impl Says {
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Says {
        Says { en: en.into(), zh: zh.into() }
    }
    /// A name or a number, which reads the same in every language.
    pub fn same(word: impl ToString) -> Says {
        let word = word.to_string();
        Says { zh: word.clone(), en: word }
    }
    /// Words joined as each language joins a list.
    pub fn list(words: &[String]) -> Says {
        let en = match words {
            [] => "nobody".to_string(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} and {last}", join(first, ", ")),
        };
        let zh = match words {
            [] => "无人".to_string(),
            _ => join(words, "、"),
        };
        Says { en, zh }
    }
}

/// Words with something between them.
pub fn join(words: &[String], between: &str) -> String {
    let mut joined = String::new();
    for word in words {
        if !joined.is_empty() {
            joined.push_str(between);
        }
        joined.push_str(word);
    }
    joined
}

fn fill_one(template: &str, with: &[(&str, Says)], pick: impl Fn(&Says) -> &String) -> String {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        let close = rest[open..].find('}').map_or(rest.len(), |at| open + at);
        let name = &rest[open + 1..close];
        match with.iter().find(|(key, _)| *key == name) {
            Some((_, says)) => filled.push_str(pick(says)),
            None => filled.push_str(&rest[open..(close + 1).min(rest.len())]),
        }
        rest = &rest[(close + 1).min(rest.len())..];
    }
    filled.push_str(rest);
    filled
}
