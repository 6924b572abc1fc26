//! How a byte is told by decisions: canonical Huffman codes, one for each class of bytes, so that what is frequent
//! takes few. How long the codes are is told first.

use crate::coder::Coder;

/// Kinds of bytes in a module, and how an instruction's place in memory is aligned, by instruction.
pub const CLASSES: usize = 24 + 23;
/// Nodes of all trees together.
pub const NODES: usize = 4096;
const LONGEST: usize = 31;

pub struct Trees {
    /// How many decisions each byte is, by class; none if it is not in it.
    pub sizes: [[u8; 256]; CLASSES],
    /// The decisions, the first highest.
    pub codes: [[u32; 256]; CLASSES],
    /// Where the tree of each class begins: a node, or an only byte as `!byte`.
    pub roots: [i32; CLASSES],
    /// What follows at each node: another, or a byte as `!byte`.
    pub kids: [[i32; 2]; NODES],
}

impl Trees {
    pub const NEW: Trees =
        Trees { sizes: [[0; 256]; CLASSES], codes: [[0; 256]; CLASSES], roots: [0; CLASSES], kids: [[0; 2]; NODES] };

    /// Tells or learns how long codes are, which is few and mostly nothing.
    pub fn tell(&mut self, coder: &mut impl Coder) {
        let mut odds = [[32768u32; 32]; 5];
        let mut learn = |row: usize, i: usize, wanted: u32| {
            let odd = &mut odds[row][i];
            let bit = coder.decide((*odd).clamp(64, 65472), wanted);
            *odd = if bit == 1 { *odd + ((65536 - *odd) >> 4) } else { *odd - (*odd >> 4) };
            bit
        };
        for sizes in &mut self.sizes {
            let mut before = 0;
            for size in sizes {
                if learn(4, before & 3, u32::from(*size > 0)) == 0 {
                    *size = 0;
                } else {
                    let mut tree = 1;
                    for i in (0..5).rev() {
                        tree = tree << 1
                            | learn(if tree < 16 { 0 } else { 1 }, tree as usize & 31, u32::from(*size) >> i & 1);
                    }
                    *size = (tree & 31) as u8;
                }
                before = before << 1 | usize::from(*size > 0);
            }
        }
    }

    /// Makes the trees of codes of these lengths; false if there are none.
    pub fn grow(&mut self) -> bool {
        self.kids = [[!0; 2]; NODES];
        let mut free = 0;
        for class in 0..CLASSES {
            let (root, mut code) = (free, 0u32);
            if free >= NODES {
                return false;
            }
            self.roots[class] = root as i32;
            free += 1;
            for size in 1..=LONGEST {
                let sizes = self.sizes[class];
                for byte in (0..256).filter(|byte| usize::from(sizes[*byte]) == size) {
                    if code >> size != 0 || !self.branch(root, &mut free, code, size, byte) {
                        return false;
                    }
                    self.codes[class][byte] = code;
                    code += 1;
                }
                code = code.wrapping_shl(1);
            }
            if self.sizes[class].iter().filter(|size| **size > 0).count() == 1 {
                // An only byte needs no decision.
                self.roots[class] = self.kids[root][0];
            }
        }
        true
    }

    /// Puts a byte at the end of its code.
    fn branch(&mut self, root: usize, free: &mut usize, code: u32, size: usize, byte: usize) -> bool {
        let mut node = root;
        for i in (1..size).rev() {
            let way = (code >> i & 1) as usize;
            if self.kids[node][way] < 0 {
                if *free >= NODES {
                    return false;
                }
                self.kids[node][way] = *free as i32;
                *free += 1;
            }
            node = self.kids[node][way] as usize;
        }
        self.kids[node][(code & 1) as usize] = !(byte as i32);
        true
    }
}
