//! A short word, kept in place: keys and proposed values.

use std::fmt;

use synod_engine::text::{Text, text};

const LONGEST: usize = 15;
pub const RULE: Text = text("1 to 15 letters, digits, - or _", "1 到 15 个字母、数字、- 或 _");

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word {
    len: u8,
    bytes: [u8; LONGEST],
}

impl Word {
    /// Letters, digits, dashes and underscores, 1 to 15 of them.
    pub fn parse(text: &str) -> Option<Word> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(plain) {
            return None;
        }
        let mut bytes = [0; LONGEST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Word { len: text.len() as u8, bytes })
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.bytes[..usize::from(self.len)]).unwrap_or_default())
    }
}
