//! A replica that does for clients what they would do themselves: it sends a write to all and waits for W, it reads
//! from R.

use synod_engine::cx::Cx;
use synod_engine::prelude::*;

use super::operation::Answer;
use super::quest::{self, Errand, Hand};
use super::state::*;
use super::version::put_in;
use super::{Nwr, replica, rules};
use crate::store::Key;

/// So many errands that are over are kept, for answers that come late.
const KEPT: usize = 4;

/// A node as one who has an errand. What it sends to itself does not go over the network.
struct AtNode<'a, 'b> {
    cx: &'a mut Cx<'b, Nwr>,
    own: Vec<Message>,
}

impl Hand for AtNode<'_, '_> {
    fn config(&self) -> &Config {
        self.cx.config()
    }
    fn roster(&self) -> &Roster {
        self.cx.roster()
    }
    fn broken(&self, mutant: &Mutant) -> bool {
        self.cx.broken(mutant)
    }
    fn draw(&mut self, min: u64, max: u64) -> u64 {
        self.cx.draw(min, max)
    }
    fn send(&mut self, to: Vec<NodeId>, message: Message) {
        let me = self.cx.me();
        if to.contains(&me) {
            self.own.push(message.clone());
        }
        self.cx.send_all(to.into_iter().filter(|node| *node != me), message);
    }
    fn fire(&mut self, rule: &'static Rule, noted: Noted) {
        self.cx.fire_noting(rule, noted);
    }
    fn ask_others_later(&mut self, of: ClientId) {
        let after = self.cx.config().timeout;
        self.cx.set_timer(Timer::Others(of), (after, after));
    }
}

/// A client's order, once: it may come twice.
pub fn take_up(node: &mut Node<Nwr>, order: Order, cx: &mut Cx<Nwr>) {
    let mine = |errand: &Errand| errand.order.tag.client == order.tag.client && errand.is_open();
    if node.volatile.errands.iter().any(|errand| errand.order.tag == order.tag) {
        return;
    }
    node.volatile.errands.retain(|errand| !mine(errand));
    let closed = node.volatile.errands.iter().filter(|errand| !errand.is_open()).count();
    if closed > KEPT
        && let Some(oldest) = node.volatile.errands.iter().position(|errand| !errand.is_open())
    {
        node.volatile.errands.remove(oldest);
    }
    let errand = Errand::new(order, None);
    go_on(node, errand, cx, |errand, hand| {
        quest::begin(errand, hand);
        false
    });
}

/// Does a step of an errand, and then what it says to itself.
fn go_on(
    node: &mut Node<Nwr>,
    mut errand: Errand,
    cx: &mut Cx<Nwr>,
    step: impl FnOnce(&mut Errand, &mut AtNode) -> bool,
) {
    let me = cx.me();
    let mut hand = AtNode { cx, own: Vec::new() };
    let mut done = step(&mut errand, &mut hand);
    while let Some(message) = hand.own.pop() {
        if let Some(said) = replica::serve(node, Who::Node(me), message, hand.cx) {
            done |= quest::hear(&mut errand, me, said, &mut hand);
        }
    }
    if done {
        let tag = errand.order.tag;
        let answer = match &errand.order.write {
            Some(held) => Answer::Stored(held.version),
            None => Answer::Found(errand.found.clone()),
        };
        cx.cancel_timer(Timer::Others(tag.client));
        cx.fire_noting(&rules::TELL, Noted::number(errand.number()));
        cx.reply(tag.client, Message::Told { tag, answer });
    }
    node.volatile.errands.push(errand);
    replica::serve_waiting(node, cx);
}

fn take_out(node: &mut Node<Nwr>, which: impl Fn(&Errand) -> bool) -> Option<Errand> {
    let at = node.volatile.errands.iter().position(which)?;
    Some(node.volatile.errands.remove(at))
}

pub fn hear(node: &mut Node<Nwr>, from: Who, message: Message, cx: &mut Cx<Nwr>) {
    let (Message::Stored { tag, .. } | Message::Found { tag, .. }) = message else { return };
    let Who::Node(from) = from else { return };
    let late = cx.broken(&super::mutants::COUNT_LATE);
    let which = |errand: &Errand| errand.order.tag == tag || (late && errand.order.tag.client == tag.client);
    if let Some(errand) = take_out(node, which) {
        go_on(node, errand, cx, |errand, hand| quest::hear(errand, from, message, hand));
    }
}

pub fn late(node: &mut Node<Nwr>, client: ClientId, cx: &mut Cx<Nwr>) {
    if let Some(errand) = take_out(node, |errand| errand.order.tag.client == client && errand.is_open()) {
        go_on(node, errand, cx, |errand, hand| {
            quest::ask_others(errand, hand);
            false
        });
    }
}

/// A write that failed is taken out again. Whoever coordinates it passes that on.
pub fn undo(node: &mut Node<Nwr>, from: Who, tag: Tag, key: Key, cx: &mut Cx<Nwr>) {
    if cx.config().nodes_coordinate && matches!(from, Who::Client(_)) {
        node.volatile.errands.retain(|errand| errand.order.tag != tag);
        let others: Vec<NodeId> = cx.others().collect();
        cx.send_all(others, Message::Undo { tag, key });
    }
    let own = |held: &super::version::Held| (held.version.client, held.version.serial) == (tag.client, tag.serial);
    for (place, kept) in node.durable.hints.clone().iter().filter(|((_, one), _)| *one == key) {
        if kept.iter().all(own) {
            node.durable.hints.remove_mut(place);
        } else {
            node.durable.hints.insert_mut(*place, kept.iter().filter(|held| !own(held)).cloned().collect());
        }
    }
    let Some(cell) = node.durable.registers.get(&key) else { return };
    let Some(gone) = cell.iter().find(|held| own(held)) else { return };
    cx.fire_noting(&rules::TAKE_BACK, Noted::number(gone.version.number));
    let mut rest = Vec::new();
    cell.iter().filter(|held| !own(held)).for_each(|held| put_in(&mut rest, held));
    if rest.is_empty() {
        node.durable.registers.remove_mut(&key);
    } else {
        node.durable.registers.insert_mut(key, rest);
    }
}
