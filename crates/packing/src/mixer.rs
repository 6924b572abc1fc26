//! How likely each decision is: what several contexts expect of it, mixed by how well each did before, as PAQ does
//! (Mahoney, "Adaptive weighing of context models for lossless data compression", 2005).
//!
//! Numbers are added, multiplied and divided one by one and in this order, which is the same to the bit natively and
//! in every engine.

use crate::coder::Coder;
use crate::trees::{CLASSES, NODES, Trees};

pub const CONTEXTS: usize = 10;
/// The contexts, the longest match, and what is always there.
const INPUTS: usize = CONTEXTS + 2;
/// How many decisions are kept of each context.
const PLACES: usize = 1 << 18;
/// After so many decisions a slot follows what happens as slowly as it ever will.
const LEAST: usize = 12;
/// Logarithms of odds are in steps of 1/256, and none is farther from even than 12.
const STEPS: usize = 256;
const FARTHEST: usize = 12;
const BUCKETS: usize = 33;
pub const LONGEST: usize = 31;

type Inputs = [f32; INPUTS];

pub struct Mixer {
    pub trees: Trees,
    pub contexts: [u32; CONTEXTS],
    /// Of each context and decision: in 16 bits how likely it is, in 11 whose it is, in 5 how often it was met.
    slots: [[u32; PLACES]; CONTEXTS],
    by_node: [Inputs; NODES],
    by_trust: [[Inputs; CONTEXTS + 1]; LONGEST + 2],
    refined: [[f32; BUCKETS]; NODES],
    matched: [f32; LONGEST + 1],
    rates: [i32; 32],
    chances: [f32; 2 * FARTHEST * STEPS + 1],
    logs: [f32; 4096],
}

impl Mixer {
    pub const NEW: Mixer = Mixer {
        trees: Trees::NEW,
        contexts: [0; CONTEXTS],
        slots: [[0; PLACES]; CONTEXTS],
        by_node: [[0.0; INPUTS]; NODES],
        by_trust: [[[0.0; INPUTS]; CONTEXTS + 1]; LONGEST + 2],
        refined: [[0.0; BUCKETS]; NODES],
        matched: [0.0; LONGEST + 1],
        rates: [0; 32],
        chances: [0.0; 2 * FARTHEST * STEPS + 1],
        logs: [0.0; 4096],
    };

    /// Nothing learnt yet.
    pub fn begin(&mut self) {
        self.fill_tables();
        self.slots.as_flattened_mut().fill(0);
        self.by_node.as_flattened_mut().fill(0.25);
        self.by_trust.as_flattened_mut().as_flattened_mut().fill(0.25);
        self.matched = [0.5; LONGEST + 1];
        for (n, rate) in self.rates.iter_mut().enumerate() {
            *rate = 65536 / (2 * n.min(LEAST) as i32 + 3);
        }
        for buckets in &mut self.refined {
            for (i, bucket) in buckets.iter_mut().enumerate() {
                *bucket = self.chances[(i + 8) * STEPS / 2];
            }
        }
    }

    /// Chances of logarithms of odds, and the reverse.
    fn fill_tables(&mut self) {
        // e^-12 and e^(1/256): no exponential is the same everywhere.
        let mut odds = 0.000_006_144_212_353_328_21_f64;
        let mut known = 0;
        for (i, chance) in self.chances.iter_mut().enumerate() {
            let exact = odds / (1.0 + odds);
            *chance = exact as f32;
            while known < 4096 && known as f64 + 0.5 < exact * 4096.0 {
                self.logs[known] = i as f32 / STEPS as f32 - FARTHEST as f32;
                known += 1;
            }
            odds *= 1.003_913_889_338_347_5;
        }
    }

    #[inline(always)]
    fn chance(&self, log: f32) -> f32 {
        // A number below nothing becomes 0, and one that is too great stays in the table.
        let place = ((log + FARTHEST as f32) * STEPS as f32) as usize;
        self.chances[place.min(2 * FARTHEST * STEPS)]
    }

    /// Tells or learns a byte of a class. `expected` is what the longest match goes on with, if anything, and `length`
    /// how long it is.
    pub fn byte(
        &mut self,
        coder: &mut impl Coder,
        class: usize,
        wanted: u8,
        expected: Option<u8>,
        length: usize,
    ) -> u8 {
        let (code, mut left) =
            (self.trees.codes[class][usize::from(wanted)], self.trees.sizes[class][usize::from(wanted)]);
        let expected = expected.map(usize::from).filter(|byte| self.trees.sizes[class][*byte] > 0);
        let (path, mut depth) =
            expected.map_or((0, 0), |byte| (self.trees.codes[class][byte], self.trees.sizes[class][byte]));
        let mut node = self.trees.roots[class];
        let length = length.min(LONGEST);
        while node >= 0 {
            left = left.wrapping_sub(1);
            let wanted = code.wrapping_shr(u32::from(left)) & 1;
            let ahead = (depth > 0).then(|| {
                depth -= 1;
                path >> depth & 1
            });
            let bit = self.decide(coder, node as usize, wanted, ahead, length);
            if ahead.is_some_and(|ahead| ahead != bit) {
                depth = 0;
            }
            node = self.trees.kids[node as usize][bit as usize & 1];
        }
        !node as u8
    }

    #[inline(never)]
    fn decide(&mut self, coder: &mut impl Coder, node: usize, wanted: u32, ahead: Option<u32>, length: usize) -> u32 {
        let mut x = [0.0; INPUTS];
        let mut places = [0; CONTEXTS];
        let (spread, low) = ((node as u32 >> 4).wrapping_mul(0x2545_f490), node as u32 & 15);
        let mut known = 0;
        for i in 0..CONTEXTS {
            let context = self.contexts[i];
            places[i] = (context.wrapping_add(spread) & (PLACES as u32 - 1) ^ low) as usize;
            let slot = &mut self.slots[i][places[i]];
            let whose = context >> 16 & 0xffe0;
            if *slot & 0xffe0 != whose {
                *slot = whose;
            }
            known += usize::from(*slot & 31 > 0);
            x[i] = self.logs[(*slot >> 20 ^ 2048) as usize];
        }
        let odd = self.matched[length];
        let log = self.logs[(odd * 4096.0) as usize & 4095];
        x[CONTEXTS] = ahead.map_or(0.0, |ahead| if ahead == 1 { log } else { -log });
        x[CONTEXTS + 1] = 0.3;
        let trust = ahead.map_or(0, |_| length + 1);
        let first = dot(&x, &self.by_node[node]);
        let second = dot(&x, &self.by_trust[trust][known]);
        let mean = (first + second) * 0.5;
        let place = mean.clamp(-7.99, 7.99) * 2.0 + 16.0;
        let bucket = place as usize & 31;
        let part = place - bucket as f32;
        let (lower, upper) = (self.refined[node][bucket], self.refined[node][bucket + 1]);
        let chance = (self.chance(mean) + lower * (1.0 - part) + upper * part) * 32768.0;
        let bit = coder.decide((chance as u32).clamp(1, 65535), wanted);
        let result = bit as f32;
        let (one, two) = ((result - self.chance(first)) * 0.03, (result - self.chance(second)) * 0.008);
        learn(&mut self.by_node[node], &x, one);
        learn(&mut self.by_trust[trust][known], &x, two);
        self.refined[node][bucket] += (result - lower) * 0.02 * (1.0 - part);
        self.refined[node][bucket + 1] += (result - upper) * 0.02 * part;
        let goal = if bit == 1 { 32_767 } else { -32_768 };
        for (slots, place) in self.slots.iter_mut().zip(places) {
            let slot = &mut slots[place];
            let (n, p) = (*slot & 31, *slot as i32 >> 16);
            let p = p + (((goal - p) * self.rates[n as usize]) >> 15);
            *slot = (p as u32) << 16 | *slot & 0xffff;
            *slot += u32::from(n < LEAST as u32);
        }
        if let Some(ahead) = ahead {
            let right = if ahead == bit { 1.0 } else { 0.0 };
            self.matched[length] += (right - odd) * 0.01;
        }
        bit
    }
}

#[inline(always)]
fn dot(x: &Inputs, weights: &Inputs) -> f32 {
    let mut lanes = [0.0; 4];
    for i in (0..INPUTS).step_by(4) {
        for lane in 0..4 {
            lanes[lane] += x[i + lane] * weights[i + lane];
        }
    }
    lanes[0] + lanes[1] + lanes[2] + lanes[3]
}

#[inline(always)]
fn learn(weights: &mut Inputs, x: &Inputs, by: f32) {
    for (weight, x) in weights.iter_mut().zip(x) {
        *weight += x * by;
    }
}

const _: () = assert!(CLASSES < NODES && INPUTS.is_multiple_of(4));
