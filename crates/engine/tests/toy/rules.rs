//! The rules under the paper's names, in its order, each with its section; then the actions.

use synod_engine::prelude::*;

use super::{Cx, Toy, mutants, view};

pub static COUNT: Rule = Rule {
    id: "count",
    section: "1",
    title: text("Count", "计数"),
    says: text("{node} counts to {a}.", "{node} 数到 {a}。"),
    mark: Some(Mark { row: 0, glyph: Glyph::Cell }),
};
pub static TELL: Rule = Rule {
    id: "tell",
    section: "1",
    title: text("Tell", "广播"),
    says: text("{node} tells everyone {a}.", "{node} 告诉所有人 {a}。"),
    mark: None,
};
pub static HEAR: Rule = Rule {
    id: "hear",
    section: "2",
    title: text("Hear", "得知"),
    says: text("{node} hears {a} from {peer}.", "{node} 从 {peer} 得知 {a}。"),
    mark: None,
};

pub static ALL: &[&Rule] = &[&COUNT, &TELL, &HEAR];

pub fn count(node: &mut Node<Toy>, by: u32, cx: &mut Cx) {
    node.durable.count = node.durable.count.saturating_add(by);
    node.volatile.agree = vec![cx.me()];
    cx.fire_noting(&COUNT, Noted::number(node.durable.count));
}

/// Only a higher count is news.
pub fn hear(node: &mut Node<Toy>, from: NodeId, count: u32, cx: &mut Cx) {
    let higher = count > node.durable.count;
    if cx.unless(&mutants::BELIEVE_ANYTHING, higher) {
        node.durable.count = count;
        node.volatile.agree = vec![cx.me()];
        cx.fire_noting(&HEAR, Noted { a: count, ..Noted::peer(from) });
    }
    if count == node.durable.count {
        agree(node, from, cx);
    }
}

/// Another has counted as far as this node. With more than half the tally is won.
fn agree(node: &mut Node<Toy>, from: NodeId, cx: &mut Cx) {
    let Err(place) = node.volatile.agree.binary_search(&from) else {
        return;
    };
    node.volatile.agree.insert(place, from);
    let tally = view::tally(node, cx.nodes());
    if tally.have.len() as u32 == tally.need {
        cx.won(node.durable.count, tally);
    }
}
