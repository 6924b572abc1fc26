//! Big clusters as flat arrays and as pixels, without an object a node.

use js_sys::{Float32Array, Object, Reflect, Uint8Array};
use synod_engine::names::End;
use synod_engine::simulation::Simulation;
use synod_engine::value::Value;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::ImageData;

/// Clients are numbered down from -1 where nodes are numbered up from 0.
pub fn end(end: End) -> f64 {
    match end {
        End::Node(node) => f64::from(node.0),
        End::Client(client) => -1.0 - f64::from(client.0),
    }
}

#[derive(Default)]
pub struct Swarm {
    state: Vec<u8>,
    x: Vec<f32>,
    y: Vec<f32>,
    flights: Vec<f32>,
    pixels: Vec<u8>,
}

/// The angle between two neighbours of a sunflower, which never lines up.
const GOLDEN: f64 = 2.399_963_229_728_653;

impl Swarm {
    /// Takes the state of every node, in a sunflower within the unit square, and every flight.
    pub fn look(&mut self, running: &Simulation) {
        let count = running.nodes() as usize;
        self.state.clear();
        self.state.extend(running.standings().map(|(status, standing)| status as u8 * 16 + standing.role));
        if self.x.len() != count {
            let place = |n: usize| {
                let radius = 0.5 * ((n as f32 + 0.5) / count as f32).sqrt();
                let angle = n as f64 * GOLDEN;
                let (c, s) = (js_sys::Math::cos(angle), js_sys::Math::sin(angle));
                (0.5 + radius * c as f32, 0.5 + radius * s as f32)
            };
            (self.x, self.y) = (0..count).map(place).unzip();
        }
        self.flights.clear();
        let frame = running.frame(0);
        for message in frame.get("messages").and_then(Value::as_list).unwrap_or_default() {
            let number = |key: &str| message.get(key).and_then(Value::as_number).map(|n| n as f32 / 1e6);
            if let (Some(from), Some(to), Some(sent), Some(arrives)) =
                (number("from"), number("to"), number("sent"), number("arrives"))
            {
                let now = running.now() as f32 / 1_000.0;
                let done = ((now - sent) / (arrives - sent).max(0.001)).clamp(0.0, 1.0);
                self.flights.extend([from, to, done]);
            }
        }
    }

    pub fn views(&self) -> Result<JsValue, JsValue> {
        let views = Object::new();
        Reflect::set(&views, &"count".into(), &(self.state.len() as f64).into())?;
        // SAFETY: views are read before the module's memory can grow again; the types say so.
        #[allow(unsafe_code)]
        let (state, x, y, flights) = unsafe {
            (
                Uint8Array::view(&self.state),
                Float32Array::view(&self.x),
                Float32Array::view(&self.y),
                Float32Array::view(&self.flights),
            )
        };
        Reflect::set(&views, &"state".into(), &state)?;
        Reflect::set(&views, &"x".into(), &x)?;
        Reflect::set(&views, &"y".into(), &y)?;
        Reflect::set(&views, &"flights".into(), &flights)?;
        Ok(views.into())
    }

    /// A square dot a node. States beyond the palette take its last colour.
    pub fn image(&mut self, width: u32, height: u32, palette: &[u8]) -> Result<ImageData, JsValue> {
        let (w, h) = (width as usize, height as usize);
        self.pixels.clear();
        self.pixels.resize(w * h * 4, 0);
        let colours: Vec<&[u8]> = palette.chunks_exact(4).collect();
        let side = width.min(height) as f32;
        let dot = ((side / (self.state.len() as f32).sqrt() / 2.0) as usize).clamp(1, 6);
        let (left, top) = ((width as f32 - side) / 2.0, (height as f32 - side) / 2.0);
        for (n, state) in self.state.iter().enumerate() {
            let Some(colour) = colours.get(usize::from(*state)).or(colours.last()) else {
                break;
            };
            let (x, y) = ((left + self.x[n] * side) as usize, (top + self.y[n] * side) as usize);
            for row in y..(y + dot).min(h) {
                for at in x..(x + dot).min(w) {
                    self.pixels[(row * w + at) * 4..][..4].copy_from_slice(colour);
                }
            }
        }
        ImageData::new_with_u8_clamped_array_and_sh(Clamped(&self.pixels), width, height)
    }
}
