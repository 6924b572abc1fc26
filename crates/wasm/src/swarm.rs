//! Big clusters as flat arrays and as pixels, without an object a node.

use js_sys::{Float32Array, Object, Reflect, Uint8Array, Uint16Array};
use synod_engine::names::End;
use synod_engine::protocol::Authority;
use synod_engine::simulation::Simulation;
use synod_engine::units::MILLION;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::ImageData;

/// Clients are numbered down from -1 where nodes are numbered up from 0.
pub fn end(end: End) -> f64 {
    match end {
        End::Node(node) => f64::from(node.0),
        End::Client(client) => -1.0 - f64::from(client.0),
    }
}

/// No number is written on this node.
const UNMARKED: u16 = u16::MAX;

#[derive(Default)]
pub struct Swarm {
    state: Vec<u8>,
    mark: Vec<u16>,
    x: Vec<f32>,
    y: Vec<f32>,
    flights: Vec<f32>,
    pixels: Vec<u8>,
    /// Whether the dots lie by their marks.
    by_mark: bool,
    /// Roles of those that are done with what they were marked for, a bit each.
    done: u16,
}

/// The angle between two neighbours of a sunflower, which never lines up.
const GOLDEN: f64 = 2.399_963_229_728_653;

impl Swarm {
    /// Takes the state of every node, in a sunflower within the unit square: by number, or those
    /// with small marks inside.
    pub fn look(&mut self, running: &Simulation, by_mark: bool) {
        let count = running.nodes() as usize;
        self.state.clear();
        let done = |role: &u8| running.authority(*role) == Some(Authority::Asks);
        self.done = (0..16).filter(done).fold(0, |bits, role| bits | 1 << role);
        self.mark.clear();
        for (status, standing) in running.standings() {
            self.state.push(status as u8 * 16 + standing.role);
            self.mark.push(standing.mark.unwrap_or(UNMARKED));
        }
        if by_mark {
            let mut order: Vec<u64> =
                self.mark.iter().zip(0u64..).map(|(mark, n)| u64::from(*mark) << 32 | n).collect();
            order.sort_unstable();
            self.x.resize(count, 0.0);
            self.y.resize(count, 0.0);
            for (place, key) in order.into_iter().enumerate() {
                let n = (key & u64::from(u32::MAX)) as usize;
                (self.x[n], self.y[n]) = sunflower(place, count);
            }
        } else if self.x.len() != count || self.by_mark {
            (self.x, self.y) = (0..count).map(|n| sunflower(n, count)).unzip();
        }
        self.by_mark = by_mark;
        self.flights.clear();
        running.each_flight(&mut |from, to, gone| {
            self.flights.extend([from.0 as f32, to.0 as f32, gone as f32 / MILLION as f32]);
        });
    }

    pub fn views(&self) -> Result<JsValue, JsValue> {
        let views = Object::new();
        Reflect::set(&views, &"count".into(), &(self.state.len() as f64).into())?;
        // SAFETY: views are read before the module's memory can grow again; the types say so.
        #[allow(unsafe_code)]
        let (state, mark, x, y, flights) = unsafe {
            (
                Uint8Array::view(&self.state),
                Uint16Array::view(&self.mark),
                Float32Array::view(&self.x),
                Float32Array::view(&self.y),
                Float32Array::view(&self.flights),
            )
        };
        Reflect::set(&views, &"state".into(), &state)?;
        Reflect::set(&views, &"mark".into(), &mark)?;
        Reflect::set(&views, &"x".into(), &x)?;
        Reflect::set(&views, &"y".into(), &y)?;
        Reflect::set(&views, &"flights".into(), &flights)?;
        Ok(views.into())
    }

    /// A dot a node. Colours are four bytes each, for: a node without a mark; marked in this
    /// round (`newest`), in an odd and in an even one, each while it tells and when it stopped;
    /// and down. Marked ones are drawn over all others, and at least `least` pixels large.
    pub fn image(
        &mut self,
        (width, height): (u32, u32),
        palette: &[u8],
        newest: u16,
        least: usize,
    ) -> Result<ImageData, JsValue> {
        let (w, h) = (width as usize, height as usize);
        self.pixels.clear();
        self.pixels.resize(w * h * 4, 0);
        let colours: Vec<&[u8]> = palette.chunks_exact(4).collect();
        let side = width.min(height) as f32 * 0.94;
        let dot = ((side / (self.state.len() as f32).sqrt() * 0.66).round() as usize).clamp(1, 14);
        let (left, top) = ((width as f32 - side) / 2.0, (height as f32 - side) / 2.0);
        for over in [false, true] {
            for n in 0..self.state.len() {
                let (status, role, mark) = (self.state[n] / 16, self.state[n] % 16, self.mark[n]);
                let colour = match mark {
                    _ if status == 3 || over != (mark != UNMARKED) => continue,
                    _ if status == 1 => 5,
                    UNMARKED => 0,
                    _ if mark == newest => 1,
                    _ if self.done >> role & 1 == 1 => 4,
                    _ => 2 + usize::from(mark % 2),
                };
                let Some(colour) = colours.get(colour).or(colours.last()) else {
                    break;
                };
                let size = if over { dot.max(least) } else { dot };
                let wider = (size - dot) / 2;
                let (x, y) = ((left + self.x[n] * side) as usize, (top + self.y[n] * side) as usize);
                let at = (x.saturating_sub(wider), y.saturating_sub(wider));
                disc(&mut self.pixels, (w, h), at, size, colour);
            }
        }
        ImageData::new_with_u8_clamped_array_and_sh(Clamped(&self.pixels), width, height)
    }
}

fn sunflower(n: usize, count: usize) -> (f32, f32) {
    let radius = 0.5 * ((n as f64 + 0.5) / count as f64).sqrt();
    let angle = n as f64 * GOLDEN;
    let (c, s) = (js_sys::Math::cos(angle), js_sys::Math::sin(angle));
    ((0.5 + radius * c) as f32, (0.5 + radius * s) as f32)
}

/// A filled square up to three pixels, and a disc above.
fn disc(pixels: &mut [u8], (w, h): (usize, usize), (x, y): (usize, usize), dot: usize, colour: &[u8]) {
    let (half, reach) = (dot as i32 - 1, (dot * dot) as i32);
    for row in 0..dot.min(h.saturating_sub(y)) {
        for at in 0..dot.min(w.saturating_sub(x)) {
            let (dx, dy) = (2 * at as i32 - half, 2 * row as i32 - half);
            if dot <= 3 || dx * dx + dy * dy <= reach {
                pixels[((y + row) * w + x + at) * 4..][..4].copy_from_slice(colour);
            }
        }
    }
}
