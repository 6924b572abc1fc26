//! Chance: a hash of seed, stream and count. A stream is a number, not an object, so that it
//! costs nothing until it is drawn from, and drawing from one never moves another.

/// Whose chance is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What a node itself draws: its time-outs, its coins.
    Node(u32),
    /// The fate and latency of messages from one node to another.
    Link(u32, u32),
    /// The messages of a client, both ways, and its choice of whom to ask.
    Client(u32),
    /// What a client's machine draws itself.
    Machine(u32),
    /// How long a node's disk takes.
    Disk(u32),
    /// Inputs made by a random run, outside the simulated world.
    Outside(u32),
}

impl Stream {
    #[inline]
    fn key(self) -> u64 {
        let (kind, a, b) = match self {
            Stream::Node(node) => (1, node, 0),
            Stream::Link(from, to) => (2, from, to),
            Stream::Client(client) => (3, client, 0),
            Stream::Outside(which) => (4, which, 0),
            Stream::Disk(node) => (5, node, 0),
            Stream::Machine(client) => (6, client, 0),
        };
        mix(kind << 61 ^ u64::from(a) << 30 ^ u64::from(b))
    }
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014), which spreads every bit over all.
#[inline]
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Draw number `count` of `stream` under `seed`.
#[inline]
pub fn draw(seed: u64, stream: Stream, count: u32) -> u64 {
    mix(mix(seed ^ stream.key()).wrapping_add(u64::from(count)))
}

/// A whole number from `min` to `max`, both included, from one draw.
#[inline]
pub fn between(draw: u64, min: u64, max: u64) -> u64 {
    let width = max.saturating_sub(min).saturating_add(1);
    // Multiply and shift (Lemire 2019) without rejection: the bias is below width / 2^64.
    min + ((u128::from(draw) * u128::from(width)) >> 64) as u64
}

/// A stream with its count, for those who draw many times outside the world.
#[derive(Clone, Debug)]
pub struct Chance {
    seed: u64,
    stream: Stream,
    count: u32,
}

impl Chance {
    /// A stream at its beginning.
    pub fn new(seed: u64, stream: Stream) -> Chance {
        Chance { seed, stream, count: 0 }
    }
    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        self.count = self.count.wrapping_add(1);
        draw(self.seed, self.stream, self.count)
    }
    /// A whole number from `min` to `max`, both included.
    pub fn between(&mut self, min: u64, max: u64) -> u64 {
        between(self.draw(), min, max)
    }
    /// True once in `n` times on average. `n` is at least 1.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.between(1, n) == 1
    }
    /// One of these items, of which there must be one.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.between(0, from.len() as u64 - 1) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values are part of every recording: they must never change.
    #[test]
    fn draws_are_pinned() {
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf, "SplitMix64's published first output");
        let drawn = [
            draw(0x7f3a, Stream::Node(0), 0),
            draw(0x7f3a, Stream::Link(0, 1), 0),
            draw(0x7f3a, Stream::Link(1, 0), 0),
            draw(0x7f3a, Stream::Client(0), 7),
        ];
        let mut distinct = drawn.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), drawn.len());
        assert_eq!(format!("{drawn:x?}"), PINNED);
    }
    const PINNED: &str = "[ef04aaee960a898e, a617687c2cf77ec9, 7bfa2e33f7f06e59, 26bed85508e511dd]";

    #[test]
    fn a_range_is_reached_from_end_to_end_and_evenly() {
        let mut chance = Chance::new(1, Stream::Outside(0));
        let mut seen = [0u32; 6];
        for _ in 0..60_000 {
            seen[chance.between(10, 15) as usize - 10] += 1;
        }
        assert!(seen.iter().all(|n| (9_500..10_500).contains(n)), "{seen:?}");
        assert_eq!(between(u64::MAX, 0, u64::MAX - 1), u64::MAX - 1);
        assert_eq!(between(5, 7, 7), 7);
    }
}
