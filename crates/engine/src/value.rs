//! Plain data across the rim: what JavaScript calls objects, without JavaScript.

use std::borrow::Cow;

use crate::text::{Says, Text};
use crate::units::{Micros, Millionths, ONE, micros_to_ms, print_decimal};

/// A key or a text: borrowed where it is a fixed word, so that frames cost few allocations.
pub type Key = Cow<'static, str>;

/// Numbers are millionths in an integer; they become floats in the module and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing: `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, to six decimals.
    Number(Millionths),
    /// A text.
    Text(Key),
    /// Values in an order.
    List(Vec<Value>),
    /// Values under names, in the order in which they are to be read.
    Map(Vec<(Key, Value)>),
}

impl Value {
    /// A whole number; beyond 9.2 million millions, the most that millionths can say, it is cut off there.
    pub fn count(n: impl TryInto<i64>) -> Value {
        Value::Number(n.try_into().unwrap_or(i64::MAX / ONE).saturating_mul(ONE))
    }
    /// A time, as milliseconds.
    pub fn ms(micros: Micros) -> Value {
        Value::Number(micros_to_ms(micros as i64))
    }
    /// A fixed word.
    pub fn word(word: &'static str) -> Value {
        Value::Text(Cow::Borrowed(word))
    }
    /// A text that was made when somebody looked.
    pub fn string(text: impl ToString) -> Value {
        Value::Text(Cow::Owned(text.to_string()))
    }
    /// A text in both languages, as `{ en, zh }`.
    pub fn says(says: &Says) -> Value {
        Value::map([("en", Value::string(&says.en)), ("zh", Value::string(&says.zh))])
    }
    /// A fixed text in both languages, as `{ en, zh }`.
    pub fn text(text: Text) -> Value {
        Value::map([("en", Value::word(text.en)), ("zh", Value::word(text.chinese()))])
    }
    /// An object.
    pub fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
        Value::of_words(Box::new(entries))
    }
    /// One piece of code for objects of every size.
    fn of_words(entries: Box<[(&'static str, Value)]>) -> Value {
        let mut map = Vec::with_capacity(entries.len());
        for (key, value) in entries.into_vec() {
            map.push((Cow::Borrowed(key), value));
        }
        Value::Map(map)
    }
    /// A list.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Value {
        let mut items = items.into_iter();
        Value::collect(&mut || items.next())
    }
    /// One piece of code for every list, whatever makes its items: the module is smaller for it.
    #[inline(never)]
    fn collect(next: &mut dyn FnMut() -> Option<Value>) -> Value {
        let mut list = Vec::new();
        while let Some(item) = next() {
            list.push(item);
        }
        Value::List(list)
    }
    /// What is made of an item, or `null` where there is none.
    pub fn or_null<T>(item: Option<T>, make: impl FnOnce(T) -> Value) -> Value {
        item.map_or(Value::Null, make)
    }

    /// What an object has under a name; nothing where it has none or this is no object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
    /// The number, if it is one.
    pub fn as_number(&self) -> Option<Millionths> {
        match self {
            Value::Number(n) => Some(*n),
            _ => None,
        }
    }
    /// A whole number, if it is one.
    pub fn as_whole(&self) -> Option<i64> {
        self.as_number().filter(|n| n % ONE == 0).map(|n| n / ONE)
    }
    /// The flag, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }
    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// What this is, for the sentence that refuses it. Long text is cut short.
    pub fn shown(&self) -> String {
        match self {
            Value::Null => "nothing".into(),
            Value::Bool(b) => b.to_string(),
            Value::Number(n) => print_decimal(*n),
            Value::Text(text) => quoted(text),
            Value::List(_) => "a list".into(),
            Value::Map(_) => "an object".into(),
        }
    }
}

/// Somebody's text in quotes, at most 40 characters of it, and none that control a terminal.
pub fn quoted(text: &str) -> String {
    let mut short = String::from("\"");
    short.extend(text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }));
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short.push('"');
    short
}

/// "a, b or c", for refusals that list what would be right.
pub fn one_of<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut words = words.into_iter();
    join(&mut || words.next(), " or ")
}

#[inline(never)]
fn join<'a>(words: &mut dyn FnMut() -> Option<&'a str>, last: &str) -> String {
    let mut joined = String::new();
    let mut next = words();
    while let Some(word) = next {
        next = words();
        if !joined.is_empty() {
            joined.push_str(if next.is_some() { ", " } else { last });
        }
        joined.push_str(word);
    }
    if joined.is_empty() { "nothing".into() } else { joined }
}
