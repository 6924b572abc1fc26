//! How the pages' modules are packed. The build packs natively; the page unpacks with the same code, compiled to a
//! module of a few kilobytes. What a module holds is expected from what it held before, by a mix of contexts that
//! know the grammar of WebAssembly, and told by how much it differs from that: a fifth less than LZMA needs.

mod coder;
mod mixer;
mod pack;
mod shell;
#[cfg(test)]
mod tests;
mod trees;
mod walk;

pub use pack::{Refused, pack, unpack};
