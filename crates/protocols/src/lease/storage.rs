//! The storage: it knows nothing of leases but the tokens that come with writes.

use synod_engine::prelude::*;

use crate::store::Key;

use super::mutants::NO_FENCING;
use super::rules::*;
use super::state::*;
use super::{Cx, Lease};

/// A write with its token, and the end of its term.
pub struct Arrived {
    pub number: u32,
    pub token: Token,
    pub key: Key,
    pub value: i64,
    pub until: i64,
}

pub fn asked(node: &mut Node<Lease>, from: NodeId, write: Arrived, cx: &mut Cx) {
    let Arrived { number, token, key, value, until } = write;
    let config = cx.config();
    let over = config.at_storage && cx.clock() >= until;
    let old = config.fencing && !cx.unless(&NO_FENCING, token >= node.durable.highest);
    if over || old {
        cx.fire_noting(if over { &OVER } else { &FENCE }, Noted::number(token));
        return cx.send(from, Message::Rejected { number, token: node.durable.highest });
    }
    node.durable.highest = node.durable.highest.max(token);
    node.durable.cells.insert(key, (value, token));
    cx.fire_noting(&ADMIT, Noted::number(token));
    cx.send(from, Message::Written { number, token });
}
