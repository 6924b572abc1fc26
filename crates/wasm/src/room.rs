//! The module's memory grows in large steps: V8 answers each with a collection, which took half of the time of long
//! runs when every step was a page or two.

/// A page of WebAssembly's memory.
const PAGE: usize = 64 << 10;
/// How much is asked for at once: an eighth of what there is, but so much at least and at most.
const STEP: (usize, usize) = (1 << 20, 16 << 20);

/// Pages of memory when this was last called.
#[derive(Default)]
pub struct Room(usize);

impl Room {
    /// Where memory has grown since, it grows by a whole step: the allocator keeps what is given back to it.
    pub fn keep(&mut self) {
        let pages = pages();
        if self.0 > 0 && pages > self.0 {
            drop(std::hint::black_box(Vec::<u8>::with_capacity((pages * PAGE / 8).clamp(STEP.0, STEP.1))));
        }
        self.0 = self::pages();
    }
}

#[cfg(target_arch = "wasm32")]
fn pages() -> usize {
    core::arch::wasm32::memory_size::<0>()
}

#[cfg(not(target_arch = "wasm32"))]
fn pages() -> usize {
    0
}
