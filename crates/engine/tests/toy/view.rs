//! How a node and its messages look: data for the frame.

use synod_engine::prelude::*;

use super::{Message, Toy};

pub const MESSAGES: &[MessageKind] = &[MessageKind {
    id: "tell",
    name: text("a count", "计数"),
    says: text("{from} tells {to}: {epoch}.", "{from} 告诉 {to}：{epoch}。"),
    reply: false,
}];

pub const OPERATIONS: &[OperationKind] =
    &[OperationKind { id: "count", example: "count 1", says: text("count on by so many", "计数增加") }];

pub fn summary(message: &Message) -> Summary {
    Summary { kind: 0, tone: Tone::Carry, epoch: message.count, quiet: false }
}

pub fn message_fields(message: &Message) -> Vec<Field> {
    vec![count(message.count, false)]
}

pub fn view(node: &Node<Toy>, look: &Look<Toy>) -> NodeView {
    NodeView {
        tally: (!look.down).then(|| tally(node, look.roster.len())),
        fields: vec![count(node.durable.count, true)],
        strips: Vec::new(),
        says: Says::default(),
        ..NodeView::default()
    }
}

/// Who has counted as far: more than half would be enough.
pub fn tally(node: &Node<Toy>, of: u32) -> Tally {
    Tally { have: node.volatile.agree.clone(), refused: Vec::new(), need: of / 2 + 1, of }
}

fn count(value: u32, durable: bool) -> Field {
    let value = Some(FieldValue::Number(i64::from(value)));
    Field { id: "count", label: text("count", "计数"), value, tone: "plain", durable }
}
