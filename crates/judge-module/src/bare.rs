//! What a module without a standard library needs: memory, a way to die, and a way in.

#![allow(unsafe_code)]

use alloc::vec::Vec;
use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size, unreachable};
use core::cell::UnsafeCell;

use crate::judged;

const PAGE: usize = 1 << 16;
/// Pieces of 2^n bytes.
const SIZES: usize = 32;

/// Memory in pieces of powers of two. What was given back is given out again: a list for each size, in the pieces.
struct Memory(UnsafeCell<State>);

struct State {
    free: [usize; SIZES],
    /// What was never given out.
    from: usize,
    to: usize,
}

// SAFETY: a module has one thread.
unsafe impl Sync for Memory {}

#[global_allocator]
static MEMORY: Memory = Memory(UnsafeCell::new(State { free: [0; SIZES], from: 0, to: 0 }));

/// The size of the piece for so many bytes, as a power of two.
fn size(layout: &Layout) -> usize {
    layout.size().max(layout.align()).max(8).next_power_of_two().trailing_zeros() as usize
}

// SAFETY: a piece is as large as was asked for and stands at a multiple of its size, and none is given out twice.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: nobody else is here meanwhile.
        let state = unsafe { &mut *self.0.get() };
        let n = size(&layout);
        let first = state.free[n];
        if first != 0 {
            // SAFETY: a free piece begins with the place of the next.
            state.free[n] = unsafe { *(first as *const usize) };
            return first as *mut u8;
        }
        let bytes = 1 << n;
        let mut at = (state.from + bytes - 1) & !(bytes - 1);
        if at + bytes > state.to {
            let more = (bytes / PAGE + 1).max(16);
            let old = memory_grow(0, more + bytes.min(PAGE) / PAGE);
            if old == usize::MAX {
                unreachable();
            }
            if old * PAGE != state.to {
                state.from = old * PAGE;
            }
            state.to = memory_size(0) * PAGE;
            at = (state.from + bytes - 1) & !(bytes - 1);
        }
        if at + bytes > state.to {
            return core::ptr::null_mut();
        }
        state.from = at + bytes;
        at as *mut u8
    }
    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        // SAFETY: nobody else is here meanwhile, and the piece is this size.
        unsafe {
            let state = &mut *self.0.get();
            let n = size(&layout);
            *(piece.cast::<usize>()) = state.free[n];
            state.free[n] = piece as usize;
        }
    }
}

#[panic_handler]
fn dies(_: &core::panic::PanicInfo) -> ! {
    unreachable()
}

struct Room(UnsafeCell<Vec<i64>>);

// SAFETY: a module has one thread.
unsafe impl Sync for Room {}

/// What goes in, and then what comes out.
static ROOM: Room = Room(UnsafeCell::new(Vec::new()));

/// Makes room for so many numbers, and says where.
#[unsafe(no_mangle)]
extern "C" fn room(numbers: usize) -> *const i64 {
    // SAFETY: nobody else is here meanwhile.
    let room = unsafe { &mut *ROOM.0.get() };
    room.clear();
    room.resize(numbers, 0);
    room.as_ptr()
}

/// Judges the rows in the room, within a budget of steps; how many numbers are in it then.
#[unsafe(no_mangle)]
extern "C" fn judge(budget: u32) -> usize {
    // SAFETY: nobody else is here meanwhile.
    let room = unsafe { &mut *ROOM.0.get() };
    *room = judged(room, u64::from(budget));
    room.len()
}

/// Where the room is, which may have moved.
#[unsafe(no_mangle)]
extern "C" fn place() -> *const i64 {
    // SAFETY: nobody else is here meanwhile.
    unsafe { (*ROOM.0.get()).as_ptr() }
}
