//! A module of WebAssembly told in parts: its instructions, and each kind of their operands by itself. Bytes of
//! one kind follow each other better than an instruction its operand, and pack a twelfth smaller for it.
//! `www/streams.js` puts the module together again, byte for byte.

/// What begins such a file: a module itself begins with 0.
const MARK: u8 = 1;
/// Stands for a constant of more than two bytes, which is a place in memory as a rule. No instruction is called so.
const FAR: u8 = 0xff;

const CODE: u8 = 10;

/// Kinds of operands, each a stream.
#[derive(Clone, Copy)]
enum Kind {
    /// Instructions, and operands of few values.
    Plain,
    /// What locals a function has.
    Declared,
    Local,
    Called,
    Read,
    Written,
    Near,
    Far,
    Branch,
    Wide,
}

const KINDS: usize = 10;

/// A module in parts; nothing of one that holds what is not known here, or numbers longer than need be.
pub fn parted(module: &[u8]) -> Option<Vec<u8>> {
    let (mut at, mut found) = (8, None);
    while at < module.len() {
        let mut section = Reader { bytes: module, at: at + 1 };
        let size = section.short_number()? as usize;
        if module[at] == CODE {
            found = Some((at, section.at, section.at + size));
        }
        at = section.at + size;
    }
    let (start, body, end) = found?;
    let mut code = Reader { bytes: module.get(..end)?, at: body };
    let functions = code.short_number()?;
    let mut streams: [Vec<u8>; KINDS] = Default::default();
    for _ in 0..functions {
        let size = code.short_number()? as usize;
        let end = code.at + size;
        function(&mut code, &mut streams)?;
        (code.at == end).then_some(())?;
    }
    (code.at == end).then_some(())?;
    let (head, tail) = (&module[..start], &module[end..]);
    let mut out = vec![MARK];
    let lengths = [functions as usize, head.len(), tail.len()].into_iter().chain(streams.iter().map(Vec::len));
    for length in lengths {
        out.extend(u32::try_from(length).ok()?.to_le_bytes());
    }
    for part in [head, tail].into_iter().chain(streams.iter().map(Vec::as_slice)) {
        out.extend(part);
    }
    Some(out)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at + count)?;
        self.at += count;
        Some(taken)
    }

    /// A number as it is written: seven bits a byte.
    fn written(&mut self) -> Option<&'a [u8]> {
        let from = self.at;
        while self.byte()? & 0x80 != 0 {}
        Some(&self.bytes[from..self.at])
    }

    fn number(&mut self) -> Option<u32> {
        let bytes = self.written()?.iter().enumerate();
        bytes
            .map(|(i, byte)| u32::from(byte & 0x7f).checked_shl(7 * i as u32))
            .try_fold(0, |sum, part| Some(sum | part?))
    }

    /// A number in as few bytes as it can be: sizes are not told, but counted anew.
    fn short_number(&mut self) -> Option<u32> {
        let from = self.at;
        let number = self.number()?;
        let needed = (32 - number.leading_zeros()).max(1).div_ceil(7) as usize;
        (self.at - from == needed).then_some(number)
    }
}

fn function(code: &mut Reader, to: &mut [Vec<u8>; KINDS]) -> Option<()> {
    let from = code.at;
    let groups = code.number()?;
    for _ in 0..groups {
        code.written()?;
        code.byte()?;
    }
    to[Kind::Declared as usize].extend(&code.bytes[from..code.at]);
    let mut depth = 0;
    loop {
        let op = code.byte()?;
        match op {
            0x02..=0x04 => depth += 1,
            0x0b => depth -= 1,
            _ => {}
        }
        instruction(op, code, to)?;
        if depth < 0 {
            return Some(());
        }
    }
}

fn instruction(op: u8, code: &mut Reader, to: &mut [Vec<u8>; KINDS]) -> Option<()> {
    use Kind::*;
    if op == 0x41 {
        let constant = code.written()?;
        let far = constant.len() > 2;
        to[Plain as usize].push(if far { FAR } else { op });
        to[if far { Far } else { Near } as usize].extend(constant);
        return Some(());
    }
    to[Plain as usize].push(op);
    let operands: &[Kind] = match op {
        0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => &[],
        0x02..=0x04 | 0x23..=0x26 | 0x3f | 0x40 | 0xd0 => &[Plain],
        0x0c | 0x0d => &[Branch],
        0x10 | 0xd2 => &[Called],
        0x11 => &[Plain, Plain],
        0x20..=0x22 => &[Local],
        0x28..=0x35 => &[Plain, Read],
        0x36..=0x3e => &[Plain, Written],
        0x42 => &[Wide],
        0x43 | 0x44 => {
            to[Wide as usize].extend(code.take(if op == 0x43 { 4 } else { 8 })?);
            &[]
        }
        // A list: how many, and each; a branch by table has one more.
        0x0e | 0x1c => {
            let (kind, more) = if op == 0x0e { (Branch, 1) } else { (Plain, 0) };
            let from = code.at;
            for _ in 0..code.number()? + more {
                code.written()?;
            }
            to[kind as usize].extend(&code.bytes[from..code.at]);
            &[]
        }
        0xfc => {
            let from = code.at;
            let more = match code.number()? {
                0..=7 => 0,
                8 | 10 | 12 | 14 => 2,
                9 | 11 | 13 | 15..=17 => 1,
                _ => return None,
            };
            for _ in 0..more {
                code.written()?;
            }
            to[Plain as usize].extend(&code.bytes[from..code.at]);
            &[]
        }
        _ => return None,
    };
    for kind in operands {
        to[*kind as usize].extend(code.written()?);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: [u8; 8] = *b"\0asm\x01\0\0\0";

    fn module(body: &[u8]) -> Vec<u8> {
        let section = [&[1, body.len() as u8][..], body].concat();
        [&HEAD[..], &[CODE, section.len() as u8], &section, b"\x0b\x01\0"].concat()
    }

    #[test]
    fn operands_stand_by_kind() {
        // One local; local.get 0, i32.const 1048576, i32.const 7, i32.load align=2 offset=8, call 3, end.
        let body = [1, 1, 0x7f, 0x20, 0, 0x41, 0x80, 0x80, 0xc0, 0, 0x41, 7, 0x28, 2, 8, 0x10, 3, 0x0b];
        let parts = parted(&module(&body)).expect("known");
        let told = &parts[1 + 4 * 13 + HEAD.len() + 3..];
        let streams: [&[u8]; 7] =
            [&[0x20, FAR, 0x41, 0x28, 2, 0x10, 0x0b], &[1, 1, 0x7f], &[0], &[3], &[8], &[7], &[0x80, 0x80, 0xc0, 0]];
        assert_eq!(told, streams.concat());
    }

    #[test]
    fn what_is_not_known_stays_whole() {
        assert!(parted(&module(&[0, 0x0b])).is_some());
        assert!(parted(&module(&[0, 0x06, 0x40, 0x0b, 0x0b])).is_none(), "an instruction of another age");
        assert!(parted(&module(&[0, 0x41])).is_none(), "a body that ends too soon");
        let long = [&HEAD[..], &[CODE, 0x85, 0, 1, 2, 0, 0x0b]].concat();
        assert!(parted(&long).is_none(), "a size in more bytes than it needs");
    }
}
