//! What was packed is the same again, and what is damaged is refused.

use crate::pack::{Refused, pack, unpack};

/// Numbers by chance, the same every time.
struct Chance(u64);

impl Chance {
    fn byte(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 56) as u8
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }
}

fn section(id: u8, body: &[u8]) -> Vec<u8> {
    let mut whole = vec![id];
    whole.extend(sized(body));
    whole
}

fn sized(body: &[u8]) -> Vec<u8> {
    let mut whole = vec![body.len() as u8 | 128, (body.len() >> 7) as u8];
    if body.len() < 128 {
        whole = vec![body.len() as u8];
    }
    whole.extend(body);
    whole
}

/// A module whose functions are all this body.
fn module(body: &[u8], count: u8) -> Vec<u8> {
    let functions: Vec<u8> = std::iter::once(count).chain((0..count).flat_map(|_| sized(body))).collect();
    [&b"\0asm\x01\0\0\0"[..], &section(1, b"types"), &section(10, &functions), &section(11, b"data")].concat()
}

/// A local; a constant, a load, a call, a branch by table, a choice by type, numbers with a point, memory, end.
const BODY: [u8; 44] = [
    1, 1, 0x7f, 0x41, 0x80, 0x80, 0xc0, 0, 0x28, 2, 8, 0x10, 3, 0x02, 0x40, 0x20, 0, 0x0e, 2, 0, 1, 0, 0x0b, 0x1c, 1,
    0x7f, 0x43, 1, 2, 3, 4, 0x36, 0, 0x80, 1, 0xfc, 10, 0, 0, 0xfc, 11, 0, 0x1a, 0x0b,
];

#[test]
fn what_was_packed_is_the_same_again() {
    let mut chance = Chance(1);
    let noise = chance.bytes(3000);
    let text = "what is told again and again is told in few bytes; ".repeat(40).into_bytes();
    for whole in [vec![], vec![0], vec![7; 5000], noise, text, module(&BODY, 20), module(&BODY, 0)] {
        let packed = pack(&whole).expect("it fits");
        assert_eq!(unpack(&packed), Ok(whole.clone()));
        assert!(packed.len() < whole.len() + 600, "{} bytes of {}", packed.len(), whole.len());
    }
    assert_eq!(pack(&module(&BODY, 20)).map(|packed| packed[0]), Ok(1), "by its grammar");
}

#[test]
fn what_is_no_module_that_is_known_is_packed_as_bytes() {
    let whole = module(&BODY, 3);
    let mut long = whole.clone();
    // A size in more bytes than it needs would not be the same again.
    let at = whole.iter().position(|byte| *byte == 10).expect("code");
    long[at + 1] |= 128;
    long.insert(at + 2, 0);
    for other in [long, whole[..whole.len() - 9].to_vec(), module(&[0, 0x06, 0x40, 0x0b], 1), module(&[0, 0x41], 1)] {
        assert_eq!(unpack(&pack(&other).expect("it fits")), Ok(other));
    }
}

#[test]
fn what_is_damaged_is_refused() {
    let whole = module(&BODY, 30);
    let packed = pack(&whole).expect("it fits");
    for at in 0..packed.len() - 4 {
        let mut damaged = packed.clone();
        damaged[at] ^= 1 << (at % 8);
        assert_ne!(unpack(&damaged), Ok(whole.clone()), "byte {at}");
    }
    let mut chance = Chance(2);
    for length in 0..60 {
        assert_eq!(unpack(&chance.bytes(length)), Err(Refused::Damaged), "{length} bytes by chance");
    }
    assert_eq!(unpack(&vec![1; 1 << 23]), Err(Refused::TooLong));
}
