//! The search for short runs. It works in slices, so that whoever waits can stop it or be told how far it has come.

use synod_engine::error::{Code, Error};
use synod_explore::{Explorer, Request};
use wasm_bindgen::prelude::*;

use crate::rim::{js, thrown, value};
use crate::{Given, Thrown, find};

/// Steps of one slice at the most.
const MOST: f64 = 10_000_000.0;

/// A search for a short run that breaks a property or comes to a condition.
#[wasm_bindgen]
pub struct Finder(Explorer);

#[wasm_bindgen]
impl Finder {
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "ExploreRequest")] request: JsValue) -> Thrown<Finder> {
        let begin = || -> Result<_, Error> {
            let request = value(&request, Code::BadInput)?;
            let entry = find(Request::protocol(&request))?;
            Explorer::new(Request::read(entry, &request)?)
        };
        begin().map(Finder).map_err(|error| thrown(&error))
    }

    /// Does so many steps of work, and says how far it has come.
    #[wasm_bindgen(unchecked_return_type = "ExploreProgress")]
    pub fn work(&mut self, steps: f64) -> Given {
        self.0.work(if steps.is_finite() { steps.clamp(1.0, MOST) as u64 } else { 1 });
        Ok(js(&self.0.progress_value()))
    }

    /// What was found so far.
    #[wasm_bindgen(unchecked_return_type = "ExploreResult")]
    pub fn result(&self) -> Given {
        Ok(js(&self.0.result()))
    }
}
