//! Values and errors across the rim. Nothing here may panic or let an exception of JavaScript
//! through: whatever comes in is walked with calls that catch.

use js_sys::{Array, Reflect};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use std::borrow::Cow;
use synod_engine::error::{Code, Error};
#[cfg(feature = "stage")]
use synod_engine::error::{Part, why};
use synod_engine::text::{Text, text};
use synod_engine::units::ONE;
use synod_engine::value::Value;
use wasm_bindgen::{JsCast, JsValue};

/// How deep an object may be nested: an answer of a lesson is at depth 7.
const DEEPEST: u32 = 8;
const MOST_ITEMS: u32 = 20_000;

/// An `Error` named `SynodError`, with one of the documented codes, what it speaks of, and its sentence in both languages.
pub fn thrown(error: &Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.message);
    thrown.set_name("SynodError");
    // An ordinary Error takes the property; if it cannot, the message still stands.
    let _ = Reflect::set(&thrown, &"code".into(), &error.code.id().into());
    let _ = Reflect::set(&thrown, &"fields".into(), &js(&error.fields()));
    let _ = Reflect::set(&thrown, &"says".into(), &js(&Value::says(&error.says())));
    thrown.into()
}

/// What came from JavaScript as plain data.
pub fn value(js: &JsValue, code: Code) -> Result<Value, Error> {
    let mut items = 0;
    walk(js, 0, &mut items).map_err(|wrong| Error::new(code, wrong))
}

fn walk(js: &JsValue, depth: u32, items: &mut u32) -> Result<Value, Text> {
    *items += 1;
    if depth > DEEPEST || *items > MOST_ITEMS {
        return Err(text(
            "plain data is given here, not so large or so deep an object",
            "这里要的是普通数据，这个对象太大或太深",
        ));
    }
    if js.is_null() || js.is_undefined() {
        return Ok(Value::Null);
    }
    if let Some(flag) = js.as_bool() {
        return Ok(Value::Bool(flag));
    }
    if let Some(string) = js.as_string() {
        return Ok(Value::Text(Cow::Owned(string)));
    }
    if let Some(number) = js.as_f64() {
        return number_in(number).map(Value::Number);
    }
    if Array::is_array(js) {
        let array: &Array = js.unchecked_ref();
        let item = |at: u32| {
            let item = Reflect::get_u32(array, at).map_err(|_| text("a list could not be read", "列表无法读取"))?;
            walk(&item, depth + 1, items)
        };
        return (0..array.length().min(MOST_ITEMS + 1)).map(item).collect::<Result<_, _>>().map(Value::List);
    }
    if js.is_object() && !js.is_function() {
        return object(js, depth, items);
    }
    Err(text(
        "plain data is given here: no functions, symbols or bigints",
        "这里要的是普通数据：不能有函数、Symbol 或 BigInt",
    ))
}

fn object(js: &JsValue, depth: u32, items: &mut u32) -> Result<Value, Text> {
    let unreadable = |_: JsValue| text("an object could not be read", "对象无法读取");
    let keys = Reflect::own_keys(js).map_err(unreadable)?;
    let mut entries = Vec::new();
    for key in keys.iter() {
        let Some(name) = key.as_string() else {
            continue;
        };
        let value = Reflect::get(js, &key).map_err(unreadable)?;
        entries.push((Cow::Owned(name), walk(&value, depth + 1, items)?));
    }
    Ok(Value::Map(entries))
}

/// A finite number in millionths. What is too large for them stays too large for every bound.
fn number_in(number: f64) -> Result<i64, Text> {
    if !number.is_finite() {
        return Err(text("a number is finite", "数必须有限"));
    }
    // `as` saturates, and no bound of the engine comes near either end.
    Ok((number * ONE as f64).round() as i64)
}

#[cfg(feature = "stage")]
/// Milliseconds from JavaScript as whole microseconds, within bounds.
pub fn micros(ms: f64, what: &str) -> Result<u64, Error> {
    let end = synod_engine::units::END_OF_TIME;
    if !ms.is_finite() || ms < 0.0 || ms * 1_000.0 > end as f64 {
        let words = text("{what} is a number of ms from 0 to 10^9", "{what} 应为 0 到 10^9 的毫秒数");
        return Err(Error::input(why(words, [("what", Part::name(what))])));
    }
    Ok((ms * 1_000.0).round() as u64)
}

#[cfg(feature = "stage")]
/// A whole number from JavaScript.
pub fn whole(number: f64, what: Text) -> Result<u64, Error> {
    if number.fract() != 0.0 || !(0.0..=9_007_199_254_740_991.0).contains(&number) {
        let words = text("{what} is a whole number from 0", "{what} 应为从 0 开始的整数");
        return Err(Error::input(why(words, [("what", Part::text(what))])));
    }
    Ok(number as u64)
}

/// Plain objects, arrays, strings, booleans and numbers: no Map, no BigInt, no undefined.
pub fn js(value: &Value) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    Js(value).serialize(&serializer).unwrap_or(JsValue::NULL)
}

struct Js<'a>(&'a Value);

impl Serialize for Js<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => to.serialize_unit(),
            Value::Bool(flag) => to.serialize_bool(*flag),
            Value::Number(n) => to.serialize_f64(*n as f64 / ONE as f64),
            // A constant is made into a string of JavaScript once, as the names of fields are.
            Value::Text(Cow::Borrowed(word)) => to.serialize_unit_variant("", 0, word),
            Value::Text(Cow::Owned(text)) => to.serialize_str(text),
            Value::List(list) => {
                let mut seq = to.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|item| seq.serialize_element(&Js(item)))?;
                seq.end()
            }
            Value::Map(entries) => self.serialize_entries(entries, to),
        }
    }
}

impl Js<'_> {
    /// Keys that are constants go as a struct's fields, whose names are made into JavaScript
    /// strings once and not once a frame.
    fn serialize_entries<S: Serializer>(
        &self,
        entries: &[(Cow<'static, str>, Value)],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        if entries.iter().all(|(key, _)| matches!(key, Cow::Borrowed(_))) {
            let mut fields = to.serialize_struct("", entries.len())?;
            for (key, value) in entries {
                if let Cow::Borrowed(key) = key {
                    fields.serialize_field(key, &Js(value))?;
                }
            }
            return fields.end();
        }
        let mut map = to.serialize_map(Some(entries.len()))?;
        entries.iter().try_for_each(|(key, value)| map.serialize_entry(key.as_ref(), &Js(value)))?;
        map.end()
    }
}
