//! The WebAssembly module: the public interface of Synod. Types across, errors across, views
//! across; what they mean is in the engine.

#[cfg(feature = "lessons")]
mod challenge;
#[cfg(feature = "explore")]
mod explore;
#[cfg(feature = "judge")]
mod judge;
#[cfg(feature = "lessons")]
mod lesson;
mod registry;
mod rim;
#[cfg(feature = "stage")]
mod room;
#[cfg(feature = "stage")]
mod stage;
#[cfg(feature = "stage")]
mod swarm;

use registry::all;
use synod_engine::error::{Code, Error, Part, why};
use synod_engine::simulation::Entry;
use synod_engine::text::text;
use wasm_bindgen::prelude::*;

#[cfg(feature = "lessons")]
pub use challenge::Challenge;
#[cfg(feature = "explore")]
pub use explore::Finder;
#[cfg(feature = "judge")]
pub use judge::judge;
#[cfg(feature = "lessons")]
pub use lesson::Lesson;
#[cfg(feature = "stage")]
pub use stage::{Simulation, bring, catalog, comparisons};

type Thrown<T> = Result<T, JsValue>;

/// An object for JavaScript. It is never an export's only result, which a `Result` keeps it from
/// being: V8 11.3, that of Node 20, inlines calls of such exports, and dies when the caller
/// is deoptimized meanwhile (`Deoptimizer::DoComputeBuiltinContinuation` knows no reference).
type Given = Thrown<JsValue>;

fn find(id: Option<&str>) -> Result<&'static Entry, Error> {
    let known = || ("protocols", Part::known(all().iter().map(|entry| entry.id)));
    let Some(id) = id else {
        let words = text("a configuration names its protocol: {protocols}", "配置要写明协议：{protocols}");
        return Err(Error::config(why(words, [known()])));
    };
    all().iter().find(|entry| entry.id == id).ok_or_else(|| {
        let words = text(
            "no protocol is called {protocol}; there is {protocols}",
            "没有名为 {protocol} 的协议；可用的有 {protocols}",
        );
        Error::new(Code::UnknownProtocol, why(words, [("protocol", Part::quoted(id)), known()]))
    })
}

#[cfg(feature = "stage")]
/// Where chance comes from when no seed was given. 32 bits keep links short.
fn entropy() -> u64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u64::from(u32::from_le_bytes(bytes)),
        Err(_) => 1,
    }
}
