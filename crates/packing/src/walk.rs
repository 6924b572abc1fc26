//! Reads a module by its grammar, and says for each byte what it may be expected from: an instruction from those
//! before it, an operand from others of its kind. Sizes of functions, and of all code, are left out: they are
//! counted anew.

use crate::mixer::{CONTEXTS, Mixer};

/// Tells or learns bytes.
pub trait Teller {
    fn byte(&mut self, mixer: &mut Mixer, class: usize, wanted: u8, expected: Option<u8>, length: usize) -> u8;
}

/// Kinds of bytes: each has a class for what begins a number, and one for what goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// What is no code.
    Plain,
    Instruction,
    Local,
    Called,
    Read,
    Written,
    Constant,
    Branch,
    Wide,
    Other,
    /// What locals a function has.
    Declared,
    Raw,
}
const KINDS: usize = 12;
/// What operands each instruction has, if any.
const OPERANDS: [Option<Kind>; 256] = {
    use Kind::*;
    let mut all = [None; 256];
    let some = [
        (0x02, 0x04, Other),
        (0x0c, 0x0e, Branch),
        (0x10, 0x10, Called),
        (0x11, 0x11, Other),
        (0x1c, 0x1c, Other),
        (0x20, 0x22, Local),
        (0x23, 0x26, Other),
        (0x28, 0x35, Read),
        (0x36, 0x3e, Written),
        (0x3f, 0x40, Other),
        (0x41, 0x41, Constant),
        (0x42, 0x42, Wide),
        (0xd0, 0xd0, Other),
        (0xd2, 0xd2, Called),
        (0xfc, 0xfc, Other),
    ];
    let mut i = 0;
    while i < some.len() {
        let (first, last, kind) = some[i];
        let mut op = first;
        while op <= last {
            all[op] = Some(kind);
            op += 1;
        }
        i += 1;
    }
    all
};
/// From here on there is a class for each instruction that reads or writes memory.
const ALIGNED: usize = 2 * KINDS;
const FIRST_ALIGNED: u8 = 0x28;
const CODE: u8 = 10;

/// A module or a text longer than this is not packed; nor is one of more functions.
pub const MOST: usize = 1 << 22;
pub const FUNCTIONS: usize = 1 << 16;
const SEEN: usize = 1 << 18;

/// It does not fit.
pub struct TooLong;
type Done<T = ()> = Result<T, TooLong>;

pub struct Walk {
    pub mixer: Mixer,
    pub bytes: [u8; MOST],
    pub length: usize,
    /// Where functions begin, and where the last of them ends.
    pub functions: [u32; FUNCTIONS],
    pub count: usize,
    /// Where the section of code begins, behind its name.
    pub code: usize,
    at: usize,
    /// Where each stretch of a few bytes, or of a few instructions, was last.
    seen: [u32; SEEN],
    /// Where the longest match goes on, and how long it is.
    from: usize,
    matched: usize,
    /// The last two operands of each kind.
    last: [[u32; 2]; KINDS],
    /// The last six instructions without their operands, the newest lowest.
    ops: u64,
    /// This instruction as far as it is known, and the two before it, with their operands.
    now: u32,
    before: [u32; 2],
    word: u32,
    depth: u32,
}

fn hash(a: u32, b: u32) -> u32 {
    let x = (a ^ a >> 15).wrapping_mul(0x2c1b_3c6d).wrapping_add(b.wrapping_mul(0x9e37_79b1));
    (x ^ x >> 13).wrapping_mul(0x85eb_ca6b)
}

impl Walk {
    pub const NEW: Walk = Walk {
        mixer: Mixer::NEW,
        bytes: [0; MOST],
        length: 0,
        functions: [0; FUNCTIONS],
        count: 0,
        code: 0,
        at: 0,
        seen: [0; SEEN],
        from: 0,
        matched: 0,
        last: [[0; 2]; KINDS],
        ops: 0,
        now: 0,
        before: [0; 2],
        word: 0,
        depth: 0,
    };

    /// Goes over all bytes: of a module, or of anything.
    pub fn go(&mut self, teller: &mut impl Teller, module: bool) -> Done {
        (self.count, self.at, self.from, self.matched) = (0, 0, 0, 0);
        (self.ops, self.now, self.word, self.depth) = (0, 0, 0, 0);
        (self.last, self.before) = ([[0; 2]; KINDS], [0; 2]);
        self.seen.fill(0);
        while self.at < if module { 8 } else { self.length } {
            self.plain(teller, Kind::Plain)?;
        }
        while self.at < self.length {
            if self.plain(teller, Kind::Plain)? == CODE {
                self.code(teller)?;
            } else {
                for _ in 0..self.plain_number(teller, Kind::Plain)? {
                    self.plain(teller, Kind::Plain)?;
                }
            }
        }
        Ok(())
    }

    fn code(&mut self, teller: &mut impl Teller) -> Done {
        self.code = self.at;
        self.count = 0;
        for _ in 0..self.plain_number(teller, Kind::Plain)? {
            self.begin_function()?;
            for _ in 0..self.plain_number(teller, Kind::Declared)? {
                self.plain_number(teller, Kind::Declared)?;
                self.plain(teller, Kind::Declared)?;
            }
            self.depth = 1;
            while self.depth > 0 {
                self.instruction(teller)?;
            }
        }
        self.begin_function()?;
        self.count -= 1;
        Ok(())
    }

    fn begin_function(&mut self) -> Done {
        *self.functions.get_mut(self.count).ok_or(TooLong)? = self.at as u32;
        self.count += 1;
        Ok(())
    }

    fn instruction(&mut self, teller: &mut impl Teller) -> Done {
        let op = self.one(teller, Kind::Instruction, 0, 0)?;
        self.before = [self.now, self.before[0]];
        self.now = hash(0, u32::from(op) + 1);
        self.ops = self.ops << 8 | u64::from(op);
        self.remember(0);
        match op {
            0x02..=0x04 => self.depth += 1,
            0x0b => self.depth -= 1,
            FIRST_ALIGNED..=0x3e => self.aligned(teller, op)?,
            _ => {}
        }
        let more = match op {
            0x0e => self.number(teller, Kind::Branch)?.saturating_add(1),
            0x11 => 2,
            0x1c => self.number(teller, Kind::Other)?,
            0x43 => return self.raw(teller, 4),
            0x44 => return self.raw(teller, 8),
            0xfc => match self.number(teller, Kind::Other)? {
                0..=7 => 0,
                8 | 10 | 12 | 14 => 2,
                _ => 1,
            },
            _ => 1,
        };
        OPERANDS[usize::from(op)].map_or(Ok(()), |kind| self.numbers(teller, kind, more))
    }

    #[inline(never)]
    fn numbers(&mut self, teller: &mut impl Teller, kind: Kind, count: u32) -> Done {
        for _ in 0..count {
            self.number(teller, kind)?;
        }
        Ok(())
    }

    /// An operand, seven bits a byte.
    #[inline(never)]
    fn number(&mut self, teller: &mut impl Teller, kind: Kind) -> Done<u32> {
        let (mut part, mut sum, mut shift) = ((self.ops as u32 & 255) << 8, 0, 0);
        loop {
            let byte = self.one(teller, kind, part, usize::from(shift > 0))?;
            part = hash(part, u32::from(byte) + 1);
            sum |= u32::from(byte & 127).wrapping_shl(shift);
            shift += 7;
            self.remember(part);
            if byte < 128 {
                break;
            }
        }
        self.now = hash(self.now, part);
        let last = &mut self.last[kind as usize];
        *last = [part, last[0]];
        Ok(sum)
    }

    fn raw(&mut self, teller: &mut impl Teller, count: u32) -> Done {
        for i in 0..count {
            self.one(teller, Kind::Raw, i, 0)?;
        }
        Ok(())
    }

    /// One byte of code; `part` is what is known of the number it is in.
    #[inline(never)]
    fn one(&mut self, teller: &mut impl Teller, kind: Kind, part: u32, on: usize) -> Done<u8> {
        let [last, older] = self.last[kind as usize];
        let ops = self.ops as u32;
        let t = hash(part.wrapping_add(kind as u32), 0);
        let four = hash(t, ops);
        let whole = hash(t, self.now);
        let two = hash(whole, self.before[0]);
        let same = hash(t, last.wrapping_add(1));
        self.mixer.contexts = [
            hash(t, ops & 0xffff),
            four,
            hash(four, (self.ops >> 32) as u32 & 0xffff),
            whole,
            two,
            0,
            same,
            hash(whole, self.count as u32),
            hash(same, hash(older, ops >> 8 & 255)),
            hash(t, (ops & 255) << 16 | self.depth & 0xffff),
        ];
        self.tell(teller, kind as usize, 2 * kind as usize + on)
    }

    #[inline(never)]
    fn tell(&mut self, teller: &mut impl Teller, kind: usize, class: usize) -> Done<u8> {
        if self.at >= self.length {
            return Err(TooLong);
        }
        for (i, context) in self.mixer.contexts.iter_mut().enumerate() {
            *context = hash(*context, (i * 64 + kind) as u32);
        }
        let expected = (self.matched > 0).then(|| self.bytes[self.from]);
        let byte = teller.byte(&mut self.mixer, class, self.bytes[self.at], expected, self.matched);
        if expected == Some(byte) {
            self.matched += 1;
            self.from += 1;
        } else {
            self.matched = 0;
        }
        self.bytes[self.at] = byte;
        self.at += 1;
        Ok(byte)
    }

    /// How a place in memory is aligned: nearly always as the instruction has it.
    fn aligned(&mut self, teller: &mut impl Teller, op: u8) -> Done {
        self.mixer.contexts = [0; CONTEXTS];
        let matched = std::mem::take(&mut self.matched);
        let told = self.tell(teller, 0, ALIGNED + usize::from(op - FIRST_ALIGNED));
        self.matched = matched;
        self.from += 1;
        told.map(|_| ())
    }

    #[inline(never)]
    fn back(&self, count: usize) -> u32 {
        self.at.checked_sub(count).map_or(0, |at| u32::from(self.bytes[at]))
    }

    /// A byte that is no code.
    #[inline(never)]
    fn plain(&mut self, teller: &mut impl Teller, kind: Kind) -> Done<u8> {
        let [a, b, c, d] = [1, 2, 3, 4].map(|count| self.back(count));
        let (two, row) = (a | b << 8, self.at as u32 & 3);
        let four = two | c << 16 | d << 24;
        self.mixer.contexts = [
            0,
            a,
            two,
            two | c << 16,
            four,
            hash(four, self.back(5) | self.back(6) << 8),
            hash(self.word, a),
            hash(row, d | self.back(8) << 8),
            hash(row, d | c << 8),
            hash(row, a | d << 8),
        ];
        let byte = self.tell(teller, kind as usize, 2 * kind as usize)?;
        self.word = if byte.is_ascii_lowercase() || byte > 127 { hash(self.word, byte.into()) } else { 0 };
        let four = (1..=4).fold(0, |sum, count| sum << 8 | self.back(count));
        self.remember_at(hash(four, self.back(5)));
        Ok(byte)
    }

    #[inline(never)]
    fn plain_number(&mut self, teller: &mut impl Teller, kind: Kind) -> Done<u32> {
        let (mut sum, mut shift) = (0, 0);
        loop {
            let byte = self.plain(teller, kind)?;
            sum |= u32::from(byte & 127).wrapping_shl(shift);
            shift += 7;
            if byte < 128 {
                return Ok(sum);
            }
        }
    }

    #[inline(never)]
    fn remember(&mut self, part: u32) {
        self.remember_at(hash(hash(self.before[0], self.before[1]), hash(self.now, part)));
    }

    /// Looks for where it was like this before, unless a match is going on.
    #[inline(never)]
    fn remember_at(&mut self, key: u32) {
        let place = &mut self.seen[(key >> 14) as usize];
        let from = std::mem::replace(place, self.at as u32) as usize;
        if self.matched == 0 && from > 0 {
            let behind = self.bytes[..from].iter().rev().zip(self.bytes[..self.at].iter().rev());
            let same = behind.take(32).take_while(|(a, b)| a == b).count();
            if same >= 4 {
                (self.from, self.matched) = (from, same);
            }
        }
    }
}
