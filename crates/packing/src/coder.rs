//! Decisions as bits: an arithmetic coder without carries, as Mahoney's lpaq has it.

/// Tells decisions, or learns them.
pub trait Coder {
    /// One decision: `chance` is that it is 1, of 65,536; `wanted` is what it shall be, where that is known.
    fn decide(&mut self, chance: u32, wanted: u32) -> u32;
}

/// What lies between the ends of a range, so many of 65,536 from its lower end.
fn between(low: u32, high: u32, chance: u32) -> u32 {
    low + ((u64::from(high - low) * u64::from(chance)) >> 16) as u32
}

pub struct Decoder<'a> {
    packed: &'a [u8],
    at: usize,
    low: u32,
    high: u32,
    code: u32,
}

impl<'a> Decoder<'a> {
    pub fn new(packed: &'a [u8]) -> Self {
        let mut made = Decoder { packed, at: 0, low: 0, high: u32::MAX, code: 0 };
        for _ in 0..4 {
            made.next();
        }
        made
    }

    /// Beyond the end of what was packed there are zeros.
    fn next(&mut self) {
        self.code = self.code << 8 | u32::from(self.packed.get(self.at).copied().unwrap_or(0));
        self.at += 1;
    }
}

impl Coder for Decoder<'_> {
    #[inline]
    fn decide(&mut self, chance: u32, _: u32) -> u32 {
        let middle = between(self.low, self.high, chance);
        let bit = u32::from(self.code <= middle);
        if bit == 1 {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
        while (self.low ^ self.high) >> 24 == 0 {
            self.low <<= 8;
            self.high = self.high << 8 | 255;
            self.next();
        }
        bit
    }
}

pub struct Encoder {
    pub packed: Vec<u8>,
    low: u32,
    high: u32,
}

impl Encoder {
    pub fn new() -> Self {
        Encoder { packed: Vec::new(), low: 0, high: u32::MAX }
    }

    /// What tells the last decisions.
    pub fn end(mut self) -> Vec<u8> {
        self.packed.extend(self.high.to_be_bytes());
        self.packed
    }
}

impl Coder for Encoder {
    fn decide(&mut self, chance: u32, wanted: u32) -> u32 {
        let middle = between(self.low, self.high, chance);
        if wanted == 1 {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
        while (self.low ^ self.high) >> 24 == 0 {
            self.packed.push((self.high >> 24) as u8);
            self.low <<= 8;
            self.high = self.high << 8 | 255;
        }
        wanted
    }
}
