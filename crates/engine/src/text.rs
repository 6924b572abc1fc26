//! Words for people, always in both languages.

/// A fixed text. Templates hold placeholders in braces, which [`Text::fill`] replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// In English.
    pub en: &'static str,
    /// In Chinese; empty where it is still to be written.
    pub zh: &'static str,
}

/// A text that was made when somebody looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Says {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// A fixed text in both languages.
pub const fn text(en: &'static str, zh: &'static str) -> Text {
    Text { en, zh }
}

/// A text of which the Chinese is still to be written: the English stands in its place. A test refuses it before
/// anything is published.
pub const fn en(en: &'static str) -> Text {
    Text { en, zh: "" }
}

impl Text {
    /// Replaces each `{name}` by the text that stands under that name in `with`, and each
    /// `{name:vote|votes}` by the first word where that is 1 and by the second where it is not.
    pub fn fill(self, with: &[(&str, Says)]) -> Says {
        let en = fill_one(self.en, with, |says| &says.en);
        let zh = if self.is_half() { en.clone() } else { fill_one(self.zh, with, |says| &says.zh) };
        Says { en, zh }
    }
    /// The text as it is, without filling anything in.
    pub fn says(self) -> Says {
        Says::new(self.en, self.chinese())
    }
    /// Whether its Chinese is missing.
    pub const fn is_half(self) -> bool {
        self.zh.is_empty() && !self.en.is_empty()
    }
    /// The Chinese, or the English as long as there is none.
    pub const fn chinese(self) -> &'static str {
        if self.is_half() { self.en } else { self.zh }
    }
}

impl Says {
    /// A text in both languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Says {
        Says { en: en.into(), zh: zh.into() }
    }
    /// As [`en`], of a text that was made when somebody looked.
    pub fn en(en: impl Into<String>) -> Says {
        let en = en.into();
        Says { zh: en.clone(), en }
    }
    /// Replaces what a first [`Text::fill`] left.
    pub fn fill(&self, with: &[(&str, Says)]) -> Says {
        Says { en: fill_one(&self.en, with, |says| &says.en), zh: fill_one(&self.zh, with, |says| &says.zh) }
    }
    /// Begins as an English sentence does: with a capital letter.
    pub fn capital(mut self) -> Says {
        if let Some(first) = self.en.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        self
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

impl Says {
    /// Words of which one is meant.
    pub fn one_of(words: &[String]) -> Says {
        match words {
            [] => Says::new("nothing", "无"),
            [one] => Says::same(one),
            [first @ .., last] => {
                let (en, zh) = (join(first, ", "), join(first, "、"));
                Says::new(format!("{en} or {last}"), format!("{zh} 或 {last}"))
            }
        }
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
        join_on(&mut filled, &rest[..open]);
        let close = rest[open..].find('}').map_or(rest.len(), |at| open + at);
        let name = &rest[open + 1..close];
        let (key, forms) = name.split_once(':').map_or((name, None), |(key, forms)| (key, forms.split_once('|')));
        match (with.iter().find(|(known, _)| *known == key), forms) {
            (Some((_, says)), None) => join_on(&mut filled, pick(says)),
            (Some((_, says)), Some((one, many))) => filled.push_str(if pick(says) == "1" { one } else { many }),
            (None, _) => filled.push_str(&rest[open..(close + 1).min(rest.len())]),
        }
        rest = &rest[(close + 1).min(rest.len())..];
    }
    join_on(&mut filled, rest);
    filled
}

/// Sets a Chinese character and a number or a name apart by one space, and two characters by none,
/// whatever it is that a template was filled with.
fn join_on(filled: &mut String, more: &str) {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let is_latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '%' | '#' | '_');
    let (Some(last), Some(first)) = (filled.chars().next_back(), more.chars().next()) else {
        return filled.push_str(more);
    };
    let mut more = more;
    if (is_han(last) && is_latin(first)) || (is_latin(last) && is_han(first)) {
        filled.push(' ');
    } else if last == ' ' && is_han(first) && filled.trim_end().ends_with(is_han) {
        filled.truncate(filled.trim_end().len());
    } else if is_han(last) && first == ' ' && more.trim_start().starts_with(is_han) {
        more = more.trim_start();
    }
    filled.push_str(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_characters_stand_apart_and_characters_together() {
        let zh = |template: &'static str, a: &str| text("", template).fill(&[("a", Says::new("", a))]).zh;
        assert_eq!(zh("在{a}参选", "任期 1"), "在任期 1 参选");
        assert_eq!(zh("{a}的领导者", "A"), "A 的领导者");
        assert_eq!(zh("一边是 {a}，", "其余节点"), "一边是其余节点，");
        assert_eq!(zh("{a} 请求", "客户端"), "客户端请求");
        assert_eq!(zh("丢失{a}的消息", "10%"), "丢失 10% 的消息");
        assert_eq!(zh("收到 {a}。", "投票"), "收到投票。");
        assert_eq!(zh("收到 {a}。", ""), "收到 。");
        assert_eq!(text("{a} and {a}", "").fill(&[("a", Says::same("x"))]).en, "x and x");
        let half = en("{a} waits");
        assert_eq!(half.fill(&[("a", Says::new("one", "某"))]), Says::en("one waits"), "all in one language");
        assert!(half.is_half() && half.chinese() == half.en && !text("", "").is_half() && !text("a", "甲").is_half());
        let votes = text("{n} {n:vote|votes}, {n:it is|they are} new", "");
        assert_eq!(votes.fill(&[("n", Says::same(1))]).en, "1 vote, it is new");
        assert_eq!(votes.fill(&[("n", Says::same(11))]).en, "11 votes, they are new");
    }
}
