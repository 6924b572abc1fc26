//! Histories of clients' operations, judged.

use synod_engine::error::{Code, Error};
use wasm_bindgen::prelude::*;

use crate::Given;
use crate::rim::{js, thrown, value};

/// What a history of operations has of each level of consistency: whether it holds, with an order that shows
/// it, or with the operations that show that it does not.
#[wasm_bindgen(unchecked_return_type = "Judgement")]
pub fn judge(#[wasm_bindgen(unchecked_param_type = "Operation[]")] history: JsValue) -> Given {
    let judged = || -> Result<_, Error> { synod_judge::read::judged(&value(&history, Code::BadInput)?) };
    judged().map(|judged| js(&judged)).map_err(|error| thrown(&error))
}
