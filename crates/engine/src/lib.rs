//! A deterministic simulator of distributed protocols.
//!
//! The engine knows no protocol. A protocol implements [`protocol::Protocol`] and sees the world
//! only through [`cx::Cx`]; everybody else sees data: inputs, frames, records. Three promises:
//!
//! - One event, one handler, one drain: [`simulation::Simulation::step`].
//! - The same configuration, seed and inputs make the same run, natively and in wasm.
//! - What anybody outside may do is an [`input::Input`], and nothing else changes a world.
//!
//! # A protocol
//!
//! `use synod_engine::prelude::*` brings what a protocol is written with. It has types and handlers:
//!
//! - `Durable` is what a machine's disk keeps, `Volatile` what a crash takes. Both are compared and hashed: collections are
//!   ordered, numbers are whole.
//! - `on_message`, `on_timer`, `on_request` and `boot` are the handlers. Each sees its own node and [`cx::Cx`]: it sends, sets
//!   timers ([`timers!`]), draws from the node's own stream of chance, answers clients, and fires the rules that it
//!   applies, which bear the paper's names. With [`protocol::Protocol::FORCED`] a disk keeps only what was forced.
//! - [`protocol::Invariant`]s are asked after every event, about a history that [`protocol::Protocol::observe`] keeps. Each
//!   says under which configuration it is promised and what it assumes ([`promise`]).
//! - [`protocol::Mutant`]s are its rules, broken on purpose: a test that no mutant fails proves little.
//! - What is seen is data: [`protocol::NodeView`], tables, spans. Nothing of it is drawn here.
//!
//! How many are needed is one type, and whether any two such sets meet is one question:
//!
//! ```
//! use synod_engine::names::NodeId;
//! use synod_engine::quorum::{Meeting, Quorum};
//!
//! let five = || (0..5).map(NodeId);
//! let majority = Quorum::majority(five());
//! assert!(majority.can(&|node| node.0 < 3));
//! assert_eq!(majority.meets(&majority), Meeting::Always(1));
//! assert!(matches!(majority.meets(&Quorum::at_least(2, five())), Meeting::Apart(..)));
//! ```
//!
//! # A run
//!
//! [`simulation::entry`] makes a protocol an entry; [`simulation::Entry::open`] opens a configuration, the same that a page
//! or a recording has. [`simulation::Simulation`] steps, takes inputs, seeks, gives frames, and says what broke. Its
//! recording is a line of text: whoever has it has the run, to the last event. A deterministic test of a protocol opens runs
//! of many seeds, makes faults by inputs, and asks for violations: `examples/own_protocol.rs` does it for a protocol of its
//! own, in 125 lines.
//!
//! # Time
//!
//! Virtual time is whole microseconds ([`units`]), and nothing else moves it but events. What is drawn by chance comes from
//! streams that a seed and a name make ([`rng`]): one more draw somewhere changes no other.

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
mod desk;
mod disk;
mod ensemble;
mod entry;
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
pub mod profile;
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
#[cfg(feature = "untimed")]
pub mod untimed;
pub mod value;
mod view;
mod world;
