//! The one error of Synod: what was wrong, and what would be right, in both languages.

use std::fmt;

use crate::text::{Says, Text};
use crate::units::ONE;
use crate::value::{Value, quoted};

/// Why something from outside was refused. These are the documented codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// No protocol in the registry has this id.
    UnknownProtocol,
    /// There is no such node in this run.
    UnknownNode,
    /// An input, a target or a condition cannot be read.
    BadInput,
    /// A configuration cannot be read, or its settings do not fit together.
    BadConfig,
    /// A recording is damaged, or was made under other rules of its protocol.
    BadRecording,
    /// It can be read, and cannot be done at this moment of the run.
    NotNow,
    /// It would go beyond a limit of the engine: nodes, clients, entries, time.
    TooLarge,
}

impl Code {
    /// Its name across the rim.
    pub fn id(self) -> &'static str {
        match self {
            Code::UnknownProtocol => "unknown-protocol",
            Code::UnknownNode => "unknown-node",
            Code::BadInput => "bad-input",
            Code::BadConfig => "bad-config",
            Code::BadRecording => "bad-recording",
            Code::NotNow => "not-now",
            Code::TooLarge => "too-large",
        }
    }
}

/// A refusal. Whatever raised it has changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which kind of refusal it is: what programs go by.
    pub code: Code,
    /// In English.
    pub message: String,
    /// The same in Chinese.
    pub zh: String,
    /// What the sentence speaks of, each under its name.
    pub fields: Vec<(&'static str, Value)>,
}

/// What a call gives that refuses what it cannot do.
pub type Result<T> = std::result::Result<T, Error>;

/// What is wrong, before it is known what it is wrong with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// The sentence, in both languages.
    pub says: Says,
    /// What the sentence speaks of, each under its name.
    pub fields: Vec<(&'static str, Value)>,
}

/// What a sentence is filled with: the words, and what they stand for as data.
#[derive(Clone, Debug)]
pub struct Part {
    says: Says,
    value: Value,
    within: Vec<(&'static str, Value)>,
}

/// A sentence, filled.
pub fn why<const N: usize>(words: Text, with: [(&'static str, Part); N]) -> Why {
    filled(words, Box::new(with))
}

/// One piece of code for however many parts.
fn filled(words: Text, with: Box<[(&'static str, Part)]>) -> Why {
    let mut says: Vec<(&str, Says)> = Vec::with_capacity(with.len());
    let mut fields = Vec::new();
    for (key, part) in with.into_vec() {
        says.push((key, part.says));
        fields.push((key, part.value));
        fields.extend(part.within);
    }
    Why { says: words.fill(&says), fields }
}

impl Part {
    fn of(says: Says, value: Value) -> Part {
        Part { says, value, within: Vec::new() }
    }
    /// A name, an id, or words of the grammar: the same in every language.
    pub fn name(name: impl ToString) -> Part {
        let name = name.to_string();
        Part::of(Says::same(&name), Value::Text(name.into()))
    }
    /// A whole number.
    pub fn count(n: impl TryInto<i64>) -> Part {
        let n = n.try_into().unwrap_or(i64::MAX / ONE);
        Part::of(Says::same(n), Value::count(n))
    }
    /// Somebody's text, cut short and in quotes.
    pub fn quoted(text: &str) -> Part {
        let shown = quoted(text);
        let plain = shown.trim_matches('"').to_string();
        Part::of(Says::same(&shown), Value::Text(plain.into()))
    }
    /// What was given where something else was wanted.
    pub fn given(value: &Value) -> Part {
        let kind = |words: Text| Part::of(words.says(), Value::text(words));
        match value {
            Value::Null => kind(crate::text::text("nothing", "空值")),
            Value::List(_) => kind(crate::text::text("a list", "列表")),
            Value::Map(_) => kind(crate::text::text("an object", "对象")),
            Value::Text(text) => Part::quoted(text),
            Value::Bool(_) | Value::Number(_) => Part::of(Says::same(value.shown()), value.clone()),
        }
    }
    /// "a, b or c": what would be right.
    pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Part {
        let words: Vec<String> = words.into_iter().map(str::to_string).collect();
        Part::of(Says::one_of(&words), Value::list(words.iter().map(Value::string)))
    }
    /// All that there is: Chinese names them one after another, without an "or".
    pub fn known<'a>(words: impl IntoIterator<Item = &'a str>) -> Part {
        let mut part = Part::one_of(words);
        part.says.zh = part.says.zh.replace(" 或 ", "、");
        part
    }
    /// A fixed text.
    pub fn text(words: Text) -> Part {
        Part::of(words.says(), Value::text(words))
    }
    /// A sentence that was made before.
    pub fn says(says: Says) -> Part {
        let value = Value::says(&says);
        Part::of(says, value)
    }
    /// A sentence within a sentence.
    pub fn why(why: Why) -> Part {
        Part { within: why.fields, ..Part::says(why.says) }
    }
}

impl From<Text> for Why {
    fn from(words: Text) -> Why {
        Why { says: words.says(), fields: Vec::new() }
    }
}

/// In English only: for what nobody but the writer of a lesson meets.
impl From<String> for Why {
    fn from(message: String) -> Why {
        Why { says: Says::same(message), fields: Vec::new() }
    }
}

impl From<&str> for Why {
    fn from(message: &str) -> Why {
        message.to_string().into()
    }
}

impl Error {
    /// A refusal of this kind; a text, a sentence or a [`Why`] says what is wrong.
    pub fn new(code: Code, why: impl Into<Why>) -> Error {
        let Why { says, fields } = why.into();
        Error { code, message: says.en, zh: says.zh, fields }
    }
    /// [`Code::BadInput`].
    pub fn input(why: impl Into<Why>) -> Error {
        Error::new(Code::BadInput, why)
    }
    /// [`Code::BadConfig`].
    pub fn config(why: impl Into<Why>) -> Error {
        Error::new(Code::BadConfig, why)
    }
    /// [`Code::BadRecording`].
    pub fn recording(why: impl Into<Why>) -> Error {
        Error::new(Code::BadRecording, why)
    }
    /// [`Code::NotNow`].
    pub fn not_now(why: impl Into<Why>) -> Error {
        Error::new(Code::NotNow, why)
    }
    /// [`Code::UnknownNode`].
    pub fn unknown_node(why: impl Into<Why>) -> Error {
        Error::new(Code::UnknownNode, why)
    }
    /// [`Code::TooLarge`].
    pub fn too_large(why: impl Into<Why>) -> Error {
        Error::new(Code::TooLarge, why)
    }
    /// The sentence in both languages.
    pub fn says(&self) -> Says {
        Says::new(&self.message, &self.zh)
    }
    /// The fields as one object.
    pub fn fields(&self) -> Value {
        Value::Map(self.fields.iter().map(|(key, value)| ((*key).into(), value.clone())).collect())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
