//! Values and errors across the rim. Nothing here may panic or let an exception of JavaScript
//! through: whatever comes in is walked with calls that catch.

use js_sys::{Array, Reflect};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};
use std::borrow::Cow;
use synod_engine::error::{Code, Error};
use synod_engine::units::ONE;
use synod_engine::value::Value;
use wasm_bindgen::{JsCast, JsValue};

/// How deep an object may be nested: an answer of a lesson is at depth 7.
const DEEPEST: u32 = 8;
const MOST_ITEMS: u32 = 20_000;

/// An `Error` named `SynodError`, with one of the documented codes.
pub fn thrown(error: &Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.message);
    thrown.set_name("SynodError");
    // An ordinary Error takes the property; if it cannot, the message still stands.
    let _ = Reflect::set(&thrown, &"code".into(), &error.code.id().into());
    thrown.into()
}

/// What came from JavaScript as plain data.
pub fn value(js: &JsValue, code: Code) -> Result<Value, Error> {
    let mut items = 0;
    walk(js, 0, &mut items).map_err(|why| Error::new(code, why))
}

fn walk(js: &JsValue, depth: u32, items: &mut u32) -> Result<Value, String> {
    *items += 1;
    if depth > DEEPEST || *items > MOST_ITEMS {
        return Err("plain data is given here, not so large or so deep an object".into());
    }
    if js.is_null() || js.is_undefined() {
        return Ok(Value::Null);
    }
    if let Some(flag) = js.as_bool() {
        return Ok(Value::Bool(flag));
    }
    if let Some(text) = js.as_string() {
        return Ok(Value::Text(Cow::Owned(text)));
    }
    if let Some(number) = js.as_f64() {
        return number_in(number).map(Value::Number);
    }
    if Array::is_array(js) {
        let array: &Array = js.unchecked_ref();
        let item = |at: u32| {
            let item = Reflect::get_u32(array, at).map_err(|_| "a list could not be read".to_string())?;
            walk(&item, depth + 1, items)
        };
        return (0..array.length().min(MOST_ITEMS + 1)).map(item).collect::<Result<_, _>>().map(Value::List);
    }
    if js.is_object() && !js.is_function() {
        return object(js, depth, items);
    }
    Err("plain data is given here: no functions, symbols or bigints".into())
}

fn object(js: &JsValue, depth: u32, items: &mut u32) -> Result<Value, String> {
    let unreadable = |_: JsValue| "an object could not be read".to_string();
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
fn number_in(number: f64) -> Result<i64, String> {
    if !number.is_finite() {
        return Err("a number is finite".into());
    }
    // `as` saturates, and no bound of the engine comes near either end.
    Ok((number * ONE as f64).round() as i64)
}

/// Milliseconds from JavaScript as whole microseconds, within bounds.
pub fn micros(ms: f64, what: &str) -> Result<u64, Error> {
    let end = synod_engine::units::END_OF_TIME;
    if !ms.is_finite() || ms < 0.0 || ms * 1_000.0 > end as f64 {
        return Err(Error::input(format!("{what} is a number of ms from 0 to 10^9")));
    }
    Ok((ms * 1_000.0).round() as u64)
}

/// A whole number from JavaScript.
pub fn whole(number: f64, what: &str) -> Result<u64, Error> {
    if number.fract() != 0.0 || !(0.0..=9_007_199_254_740_991.0).contains(&number) {
        return Err(Error::input(format!("{what} is a whole number from 0")));
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
