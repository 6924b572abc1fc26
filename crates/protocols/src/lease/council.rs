//! Several issuers: one of them speaks for all. It grants only what a majority has stored under its ballot, so that
//! whoever speaks next, with a higher ballot that a majority has promised, comes after all that was granted before;
//! and then it waits, as a restarted issuer does. Ballots are shared out in turn.
//!
//! ```text
//! candidate -- STAND(ballot) --------------------> the others
//! candidate <- PROMISE(ballot, token, kept) ------ the others
//! speaker  -- STORE(kept, token) ----------------> the others     again at each beat, which says that it is there
//! speaker  <- STORED(ballot, number) ------------- the others
//! ```

use synod_engine::prelude::*;

use super::issuer;
use super::mutants::*;
use super::rules::*;
use super::state::*;
use super::{Cx, ISSUERS, Lease};
use crate::node_set::NodeSet;

/// After so many beats without a majority it speaks no more.
const SILENT_BEATS: u32 = 3;

pub fn majority(cx: &Cx) -> u32 {
    cx.config().issuers / 2 + 1
}

fn others(cx: &Cx) -> impl Iterator<Item = NodeId> + use<> {
    let me = cx.me();
    cx.roster().group(ISSUERS).filter(move |id| *id != me)
}

/// The place of this machine among the issuers.
fn place(cx: &Cx) -> u32 {
    cx.roster().group(ISSUERS).position(|id| id == cx.me()).unwrap_or_default() as u32
}

/// The lowest ballot of this machine's own above another.
fn next(above: u32, cx: &Cx) -> u32 {
    let turn = (place(cx) + cx.config().issuers - above % cx.config().issuers) % cx.config().issuers;
    above + turn + 1
}

/// The first ballot is the first issuer's, as nothing can have been granted before it.
pub fn boot(durable: &mut Durable, volatile: &mut Volatile, cx: &mut Cx) {
    let is_first = cx.starts() <= 1;
    if is_first {
        durable.promised = 1;
    }
    if is_first && place(cx) == 0 {
        volatile.council.speaks = Some(1);
        cx.set_timer(Timer::Beat, cx.config().beat());
    } else {
        listen(cx);
    }
}

fn listen(cx: &mut Cx) {
    cx.set_timer(Timer::Stand, cx.config().silence());
}

/// It has heard nothing of whoever speaks. It promises its own ballot to itself only when it has the others, so that
/// one that is cut off does not run away from them.
pub fn time_to_stand(node: &mut Node<Lease>, cx: &mut Cx) {
    let ballot = next(node.durable.promised, cx);
    node.volatile.council.stands = Some(Candidacy { ballot, ..Candidacy::default() });
    cx.fire_noting(&STAND, Noted::number(ballot));
    cx.send_all(others(cx), Message::Stand(ballot));
    listen(cx);
}

/// Whoever hears the speaker, or is it, promises nobody else anything.
pub fn asked_to_promise(node: &mut Node<Lease>, from: NodeId, ballot: u32, cx: &mut Cx) {
    let council = &node.volatile.council;
    let lately = |at: i64| (cx.clock() - at).unsigned_abs() < cx.config().silence().0;
    if council.speaks.is_some() || council.heard_at.is_some_and(lately) || ballot < node.durable.promised {
        return;
    }
    node.durable.promised = ballot;
    cx.fire_noting(&PROMISE, Noted { a: ballot, ..Noted::peer(from) });
    cx.send(from, Message::Promise { ballot, token: node.durable.token, kept: node.durable.kept });
    listen(cx);
}

pub fn promised(node: &mut Node<Lease>, from: NodeId, ballot: u32, token: Token, kept: Option<Kept>, cx: &mut Cx) {
    let Some(stands) = node.volatile.council.stands.as_mut().filter(|one| one.ballot == ballot) else { return };
    stands.promises.add(from);
    stands.token = stands.token.max(token);
    stands.kept = Kept::newer(stands.kept, kept);
    let won = stands.promises.count() + 1 >= majority(cx);
    // It may have promised more to another meanwhile.
    if won && node.durable.promised < ballot {
        speak(node, cx);
    }
}

fn speak(node: &mut Node<Lease>, cx: &mut Cx) {
    let Some(Candidacy { ballot, mut promises, token, kept }) = node.volatile.council.stands.take() else { return };
    promises.add(cx.me());
    node.durable.promised = ballot;
    node.durable.token = node.durable.token.max(token);
    let kept = Kept::newer(node.durable.kept, kept);
    node.volatile.council = Council { speaks: Some(ballot), ..Council::default() };
    cx.won(ballot, promises.tally(NodeSet::default(), cx.config().issuers));
    cx.fire_noting(&SPEAK, Noted::number(ballot).with_nodes(promises.iter()));
    cx.cancel_timer(Timer::Stand);
    issuer::succeed(node, kept.and_then(|kept| kept.given), cx);
    store(node, None, cx);
    cx.set_timer(Timer::Beat, cx.config().beat());
}

pub fn time_to_beat(node: &mut Node<Lease>, cx: &mut Cx) {
    let council = &mut node.volatile.council;
    let (true, Some(kept)) = (council.speaks.is_some(), node.durable.kept.or(first(council.speaks))) else { return };
    let has_majority = std::mem::take(&mut council.heard).count() + 1 >= majority(cx);
    council.misses = if has_majority { 0 } else { council.misses + 1 };
    if council.misses >= SILENT_BEATS {
        return step_down(node, cx);
    }
    let again = council.pending.is_none();
    cx.send_all(others(cx), Message::Store { kept, token: node.durable.token, again });
    cx.set_timer(Timer::Beat, cx.config().beat());
}

fn first(speaks: Option<u32>) -> Option<Kept> {
    Some(Kept { ballot: speaks?, number: 0, given: None })
}

/// What it honours now is to be stored by a majority; then it is sent to its holder, if that is due.
pub fn store(node: &mut Node<Lease>, due: Option<Due>, cx: &mut Cx) {
    let council = &mut node.volatile.council;
    let Some(ballot) = council.speaks else { return };
    council.number += 1;
    let kept = Kept { ballot, number: council.number, given: node.volatile.given };
    council.pending = due.map(|due| Pending { number: council.number, due, stored: NodeSet::of(cx.me()) });
    council.adopted &= due.is_none();
    node.durable.kept = Some(kept);
    if let Some(given) = kept.given.filter(|_| due.is_some()) {
        cx.fire_noting(&STORE, Noted { epoch: Some(given.token), a: ballot, ..Noted::peer(given.holder) });
    }
    cx.send_all(others(cx), Message::Store { kept, token: node.durable.token, again: false });
    if cx.broken(&GRANTS_ALONE) {
        grant_what_is_stored(node, cx);
    }
}

pub fn asked_to_store(node: &mut Node<Lease>, from: NodeId, kept: Kept, token: Token, again: bool, cx: &mut Cx) {
    let (ballot, number) = (kept.ballot, kept.number);
    if !cx.unless(&OLD_BALLOT, ballot >= node.durable.promised) {
        return;
    }
    if node.volatile.council.speaks.is_some_and(|own| own < ballot) {
        step_down(node, cx);
    }
    node.durable.promised = node.durable.promised.max(ballot);
    node.durable.kept = Kept::newer(node.durable.kept, Some(kept));
    node.durable.token = node.durable.token.max(token);
    let council = &mut node.volatile.council;
    if council.speaks.is_none() {
        (council.stands, council.heard_at) = (None, Some(cx.clock()));
        listen(cx);
    }
    if !again {
        match kept.given {
            Some(given) => {
                cx.fire_noting(&KEEP, Noted { epoch: Some(given.token), a: ballot, ..Noted::peer(given.holder) })
            }
            None => cx.fire_noting(&KEEP_NONE, Noted { a: ballot, ..Noted::peer(from) }),
        }
    }
    cx.send(from, Message::Stored { ballot, number, again });
}

pub fn stored(node: &mut Node<Lease>, from: NodeId, ballot: u32, number: u32, cx: &mut Cx) {
    let council = &mut node.volatile.council;
    if council.speaks != Some(ballot) {
        return;
    }
    council.heard.add(from);
    let Some(pending) = council.pending.as_mut().filter(|pending| pending.number == number) else { return };
    pending.stored.add(from);
    if pending.stored.count() >= majority(cx) {
        cx.won(ballot, pending.stored.tally(NodeSet::default(), cx.config().issuers));
        grant_what_is_stored(node, cx);
    }
}

fn grant_what_is_stored(node: &mut Node<Lease>, cx: &mut Cx) {
    let Some(pending) = node.volatile.council.pending.take() else { return };
    if let Some(given) = issuer::honoured(&node.volatile, cx) {
        issuer::send(given, pending.due, cx);
    }
}

fn step_down(node: &mut Node<Lease>, cx: &mut Cx) {
    cx.fire_noting(&STEP_DOWN, Noted::number(node.volatile.council.speaks.unwrap_or_default()));
    node.volatile.council = Council::default();
    (node.volatile.given, node.volatile.quiet_until) = (None, None);
    [Timer::Honour, Timer::Quiet, Timer::Beat].into_iter().for_each(|timer| cx.cancel_timer(timer));
    listen(cx);
}
