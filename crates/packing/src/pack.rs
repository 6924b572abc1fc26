//! Packs and unpacks. What is packed says what it is, how long, and what sum it has; then come its decisions.

use std::fmt;
use std::sync::Mutex;

use crate::coder::{Coder, Decoder, Encoder};
use crate::mixer::Mixer;
use crate::trees::CLASSES;
use crate::walk::{MOST, Teller, Walk};

const HEADER: usize = 9;
const BYTES: u8 = 0;
const MODULE: u8 = 1;
const CODE: u8 = 10;

/// Why something can not be packed or unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is longer than there is room for, or has too many functions.
    TooLong,
    /// It is not what was packed.
    Damaged,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Refused::TooLong => "it is too long to be packed",
            Refused::Damaged => "what was packed is damaged",
        })
    }
}

impl std::error::Error for Refused {}

impl<C: Coder> Teller for C {
    fn byte(&mut self, mixer: &mut Mixer, class: usize, wanted: u8, expected: Option<u8>, length: usize) -> u8 {
        mixer.byte(self, class, wanted, expected, length)
    }
}

/// All that is needed to pack and unpack. It is large, so there is one, which stands still.
pub struct Room {
    walk: Walk,
    pub packed: [u8; MOST],
    pub whole: [u8; MOST],
}

pub static ROOM: Mutex<Room> = Mutex::new(Room { walk: Walk::NEW, packed: [0; MOST], whole: [0; MOST] });

impl Room {
    /// Unpacks what is in `packed`, and says how long it is.
    pub fn unpack(&mut self, length: usize) -> Option<usize> {
        let (header, decisions) = self.packed.get(..length)?.split_at_checked(HEADER)?;
        let (what, rest) = header.split_first()?;
        let [bare, sum] =
            [0, 4].map(|at| rest[at..at + 4].iter().rev().fold(0, |sum, byte| sum << 8 | u32::from(*byte)));
        self.walk.length = bare as usize;
        if *what > MODULE || self.walk.length > MOST {
            return None;
        }
        let mut decoder = Decoder::new(decisions);
        self.walk.mixer.begin();
        self.walk.mixer.trees.tell(&mut decoder);
        if !self.walk.mixer.trees.grow() || self.walk.go(&mut decoder, *what == MODULE).is_err() {
            return None;
        }
        let length = self.join()?;
        (sum_of(&self.whole[..length]) == sum).then_some(length)
    }

    /// Puts the sizes of functions where they were.
    fn join(&mut self) -> Option<usize> {
        let Walk { bytes, length, functions, count, code, .. } = &self.walk;
        let mut to = Writer { whole: &mut self.whole, at: 0 };
        if *count == 0 {
            to.copy(&bytes[..*length])?;
            return Some(to.at);
        }
        let sizes = functions[..*count].iter().zip(&functions[1..=*count]).map(|(from, to)| to - from);
        let all = functions[*count] as usize - *code
            + sizes.clone().map(|size| bytes_of(size) + size as usize).sum::<usize>()
            - sizes.clone().sum::<u32>() as usize;
        to.copy(&bytes[..*code])?;
        to.number(all as u32)?;
        to.copy(&bytes[*code..functions[0] as usize])?;
        for (from, size) in functions.iter().zip(sizes) {
            to.number(size)?;
            to.copy(&bytes[*from as usize..(*from + size) as usize])?;
        }
        to.copy(&bytes[functions[*count] as usize..*length])?;
        Some(to.at)
    }
}

fn sum_of(bytes: &[u8]) -> u32 {
    // FNV-1a.
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// How many bytes a number is written in, seven bits each.
fn bytes_of(number: u32) -> usize {
    (32 - number.leading_zeros()).max(1).div_ceil(7) as usize
}

struct Writer<'a> {
    whole: &'a mut [u8; MOST],
    at: usize,
}

impl Writer<'_> {
    #[inline(never)]
    fn copy(&mut self, bytes: &[u8]) -> Option<()> {
        self.whole.get_mut(self.at..self.at + bytes.len())?.copy_from_slice(bytes);
        self.at += bytes.len();
        Some(())
    }

    #[inline(never)]
    fn number(&mut self, mut number: u32) -> Option<()> {
        while number > 127 {
            self.copy(&[number as u8 | 128])?;
            number >>= 7;
        }
        self.copy(&[number as u8])
    }
}

/// Packs a module by its grammar if it is one that is known, and else as bytes.
pub fn pack(whole: &[u8]) -> Result<Vec<u8>, Refused> {
    let module = bare(whole).and_then(|bare| packed_as(MODULE, &bare, whole).ok());
    module.map_or_else(|| packed_as(BYTES, whole, whole), Ok)
}

/// Unpacks what `pack` packed.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut room = ROOM.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    room.packed.get_mut(..packed.len()).ok_or(Refused::TooLong)?.copy_from_slice(packed);
    let length = room.unpack(packed.len()).ok_or(Refused::Damaged)?;
    Ok(room.whole[..length].to_vec())
}

fn packed_as(what: u8, bare: &[u8], whole: &[u8]) -> Result<Vec<u8>, Refused> {
    let mut room = ROOM.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let walk = &mut room.walk;
    walk.bytes.get_mut(..bare.len()).ok_or(Refused::TooLong)?.copy_from_slice(bare);
    walk.length = bare.len();
    let mut counts = Counts([[0; 256]; CLASSES]);
    walk.go(&mut counts, what == MODULE).map_err(|_| Refused::TooLong)?;
    for (sizes, counts) in walk.mixer.trees.sizes.iter_mut().zip(counts.0) {
        *sizes = sizes_of(&counts);
    }
    let mut encoder = Encoder::new();
    walk.mixer.begin();
    walk.mixer.trees.tell(&mut encoder);
    if !walk.mixer.trees.grow() {
        return Err(Refused::TooLong);
    }
    walk.go(&mut encoder, what == MODULE).map_err(|_| Refused::TooLong)?;
    drop(room);
    let mut packed = vec![what];
    packed.extend((bare.len() as u32).to_le_bytes());
    packed.extend(sum_of(whole).to_le_bytes());
    packed.extend(encoder.end());
    // What is not the same again is not packed.
    if unpack(&packed)? == whole { Ok(packed) } else { Err(Refused::Damaged) }
}

/// How often each byte is in each class.
struct Counts([[u32; 256]; CLASSES]);

impl Teller for Counts {
    fn byte(&mut self, _: &mut Mixer, class: usize, wanted: u8, _: Option<u8>, _: usize) -> u8 {
        self.0[class][usize::from(wanted)] += 1;
        wanted
    }
}

/// Lengths of Huffman's codes.
fn sizes_of(counts: &[u32; 256]) -> [u8; 256] {
    let mut sizes = [0; 256];
    let mut groups: Vec<(u32, Vec<usize>)> =
        (0..256).filter(|i| counts[*i] > 0).map(|i| (counts[i], vec![i])).collect();
    if let [(_, only)] = &groups[..] {
        sizes[only[0]] = 1;
    }
    while groups.len() > 1 {
        groups.sort_by_key(|(count, bytes)| std::cmp::Reverse((*count, bytes[0])));
        let tail = groups.split_off(groups.len() - 2);
        let bytes: Vec<usize> = tail.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        bytes.iter().for_each(|byte| sizes[*byte] += 1);
        groups.push((tail[0].0 + tail[1].0, bytes));
    }
    sizes
}

/// A module without the sizes of its functions and of their section; nothing of what is no module.
fn bare(module: &[u8]) -> Option<Vec<u8>> {
    let mut bare = module.get(..8)?.to_vec();
    let mut at = 8;
    while at < module.len() {
        let id = module[at];
        let mut body = at + 1;
        let size = number(module, &mut body)? as usize;
        let end = body.checked_add(size).filter(|end| *end <= module.len())?;
        if id != CODE {
            bare.extend(&module[at..end]);
            at = end;
            continue;
        }
        bare.push(id);
        at = body;
        let functions = number(module, &mut at)?;
        bare.extend(&module[body..at]);
        for _ in 0..functions {
            let size = number(module, &mut at)? as usize;
            bare.extend(module.get(at..at.checked_add(size)?)?);
            at += size;
        }
        (at == end).then_some(())?;
    }
    Some(bare)
}

fn number(bytes: &[u8], at: &mut usize) -> Option<u32> {
    let mut sum = 0;
    for shift in (0..35).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        sum |= u32::from(byte & 127).wrapping_shl(shift);
        if byte < 128 {
            return Some(sum);
        }
    }
    None
}
