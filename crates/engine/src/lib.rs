//! A deterministic simulator of distributed protocols.
//!
//! The engine knows no protocol. A protocol implements [`protocol::Protocol`] and sees the world
//! only through [`cx::Cx`]; everybody else sees data: inputs, frames, records. Three promises:
//!
//! - One event, one handler, one drain: [`simulation::Simulation::step`].
//! - The same configuration, seed and inputs make the same run, natively and in wasm.
//! - What anybody outside may do is an [`input::Input`], and nothing else changes a world.

#![warn(missing_docs)]

mod allowed;
mod branch;
mod calls;
mod catalog;
pub mod client;
mod client_cx;
mod clock;
mod config;
pub mod cx;
mod deliver;
mod described;
mod disk;
mod ensemble;
#[doc(hidden)]
pub mod erased;
pub mod error;
mod faults;
mod fifo;
pub mod fingerprint;
mod flight;
pub mod frame;
pub mod grammar;
pub mod input;
mod meta;
pub mod names;
pub mod network;
pub mod object;
mod observed;
mod offers;
pub mod options;
pub mod order;
pub mod places;
pub mod prelude;
mod prepare;
pub mod promise;
pub mod protocol;
pub mod quorum;
pub mod recording;
pub mod rng;
pub mod roster;
pub mod script;
pub mod shared;
pub mod simulation;
pub mod text;
mod timeline;
pub mod timers;
mod together;
mod told;
pub mod trace;
#[cfg(feature = "random")]
mod trial;
pub mod units;
pub mod value;
mod view;
mod world;
