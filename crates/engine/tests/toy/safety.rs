//! What must hold, and the history that decides it.

use synod_engine::prelude::*;

use super::Toy;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    highest: u32,
}

pub fn observe(history: &mut History, seen: &Observed<Toy>) {
    if let Observed::Handled { after, .. } = seen {
        history.highest = history.highest.max(after.durable.count);
    }
}

pub const INVARIANTS: &[Invariant<Toy>] = &[Invariant {
    id: "never-goes-back",
    title: text("Never goes back", "从不倒退"),
    says: text("No node's count goes down.", "没有节点的计数会变小。"),
    source: "section 2",
    promise: |_| Promise::always(&[]),
    check: never_goes_back,
    evidence: |seen| {
        let n = Says::same(seen.history.highest);
        text("the highest is {n}", "最高为 {n}").fill(&[("n", n)])
    },
}];

fn never_goes_back(seen: &Seen<Toy>) -> Option<Breach> {
    let Observed::Handled { before, after, .. } = seen.observed else {
        return None;
    };
    if after.durable.count >= before.0 {
        return None;
    }
    let (node, from, to) = (Says::same(after.id), Says::same(before.0), Says::same(after.durable.count));
    let says = text("{node} went from {from} to {to}", "{node} 从 {from} 退到 {to}");
    Some(Breach { nodes: vec![after.id], says: says.fill(&[("node", node), ("from", from), ("to", to)]) })
}
