//! What the page calls: it puts what was packed into memory, and takes out what it is. Nothing here is unsafe but
//! that exports need their plain names.
#![allow(unsafe_code)]

use crate::pack::{ROOM, Room};
use crate::walk::MOST;

fn room<T>(then: impl FnOnce(&mut Room) -> T) -> T {
    then(&mut ROOM.lock().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

/// Where to put what was packed.
#[unsafe(no_mangle)]
pub extern "C" fn packed() -> *mut u8 {
    room(|room| room.packed.as_mut_ptr())
}

/// How much of it there may be.
#[unsafe(no_mangle)]
pub extern "C" fn most() -> usize {
    MOST
}

/// Unpacks so many bytes. Gives the length of what they are, or 0 where they are damaged.
#[unsafe(no_mangle)]
pub extern "C" fn unpack(length: usize) -> usize {
    room(|room| room.unpack(length).unwrap_or(0))
}

/// Where it is then.
#[unsafe(no_mangle)]
pub extern "C" fn whole() -> *const u8 {
    room(|room| room.whole.as_ptr())
}
