//! Anti-entropy (section 1.3) and rumour mongering (1.4) of "Epidemic Algorithms for Replicated
//! Database Maintenance", by push, by pull, or by both.

use std::rc::Rc;

use synod_engine::prelude::*;

use crate::store::Key;

use super::state::*;
use super::topology::Graph;
use super::{Cx, Gossip, mutants, rules};

type Site = Node<Gossip>;

/// The round that it is by the site's own clock.
fn round(cx: &Cx) -> Round {
    (cx.clock().max(0) as u64 / ROUND) as Round
}

/// Whether a site has anything to do in its next round.
fn is_busy(node: &Site, cx: &Cx) -> bool {
    let tells = !node.volatile.hot.is_empty();
    let talks_on = node.durable.0.is_some() && cx.broken(&mutants::NEVER_SILENT);
    tells || talks_on || node.volatile.catching_up || cx.config().exchange != Exchange::Push
}

/// Sets the next round: at a full one of the site's clock, or one round from now with jitter.
pub fn tick(node: &mut Site, cx: &mut Cx) {
    if node.volatile.ticking || !is_busy(node, cx) {
        return;
    }
    node.volatile.ticking = true;
    let range = if cx.config().synchronous {
        let passed = cx.clock().rem_euclid(ROUND as i64) as u64;
        (ROUND - passed, ROUND - passed)
    } else {
        (ROUND - JITTER, ROUND + JITTER)
    };
    cx.set_timer(Timer::Round, range);
}

/// A site is told something new by a client, or answers what it has.
pub fn request(node: &mut Site, request: Request<Gossip>, cx: &mut Cx) {
    let Request { client, serial, operation, .. } = request;
    match operation {
        Operation::Get(key) => {
            let value = node.durable.find(key).map(|at| node.durable.items()[at].value);
            cx.answer(client, serial, Answer::Value(value));
        }
        Operation::Set(key, value) => {
            let count = node.durable.newest().map_or(0, |item| item.version.count) + 1;
            let start = if cx.broken(&mutants::COUNT_ANEW) { 1 } else { cx.starts() };
            let (version, now) = (Version { count, origin: cx.me().0, start }, round(cx));
            let at = node.durable.put(Item { key, version, value, began: now, heard: now });
            heat(node, at);
            cx.fire_noting(&rules::BEGIN, Noted::number(count));
            cx.answer(client, serial, Answer::Done);
            tick(node, cx);
        }
    }
}

/// A rumour that is new to a site is hot: the site will tell it. In anti-entropy all is hot for ever.
fn heat(node: &mut Site, at: usize) {
    let fresh = Hot::new(at);
    match node.volatile.hot.iter_mut().find(|hot| usize::from(hot.at) == at) {
        Some(hot) => *hot = fresh,
        None => node.volatile.hot.push(fresh),
    }
}

/// One round: lose interest where the last one gives reason to, and contact others.
pub fn begin_round(node: &mut Site, cx: &mut Cx) {
    node.volatile.ticking = false;
    settle_asked(node, cx);
    if node.volatile.catching_up
        && let Some(peer) = partner(cx)
    {
        cx.send(peer, Message::Digest { round: round(cx), known: lines(node, cx), catch_up: true });
    }
    for _ in 0..cx.config().fanout {
        let Some(peer) = partner(cx) else { continue };
        match cx.config().exchange {
            Exchange::Push => push(node, peer, cx),
            Exchange::Pull | Exchange::PushPull => {
                cx.send(peer, Message::Digest { round: round(cx), known: lines(node, cx), catch_up: false });
                blind_contact(node, cx.config().exchange == Exchange::PushPull, cx);
            }
        }
    }
    tick(node, cx);
}

/// A neighbour, each as likely as any other.
fn partner(cx: &mut Cx) -> Option<NodeId> {
    let graph = Graph::new(cx.config(), cx.nodes(), cx.seed());
    let count = graph.count(cx.me());
    if count == 0 {
        return None;
    }
    // A site at a grid's edge draws again where it has no neighbour.
    for _ in 0..8 {
        let number = cx.draw(0, u64::from(count) - 1) as u32;
        if let Some(peer) = graph.neighbour(cx.me(), number) {
            return Some(peer);
        }
    }
    None
}

/// Whether a site offers an item in a round: what it heard in a synchronous round it tells from
/// the next one on.
fn offers(node: &Site, at: usize, in_round: Round, cx: &Cx) -> bool {
    let item = &node.durable.items()[at];
    let known_before = item.heard < in_round || !cx.config().synchronous;
    let hot = || node.volatile.hot.iter().any(|hot| usize::from(hot.at) == at);
    known_before && (hot() || cx.broken(&mutants::NEVER_SILENT))
}

fn offered(node: &Site, in_round: Round, cx: &Cx) -> Items {
    let all = node.durable.items();
    let picked: Vec<usize> = (0..all.len()).filter(|at| offers(node, *at, in_round, cx)).collect();
    match &node.durable.0 {
        // Nothing is copied where everything is told.
        Some(items) if picked.len() == items.len() => items.clone(),
        _ => Rc::new(picked.into_iter().map(|at| all[at]).collect()),
    }
}

fn lines(node: &Site, cx: &Cx) -> Vec<Line> {
    let both = cx.config().exchange == Exchange::PushPull;
    let line = |(at, item): (usize, &Item)| {
        let offered = both && offers(node, at, round(cx), cx);
        Line { key: item.key, version: item.version, offered }
    };
    node.durable.items().iter().enumerate().map(line).collect()
}

fn push(node: &mut Site, peer: NodeId, cx: &mut Cx) {
    let items = offered(node, round(cx), cx);
    if items.is_empty() {
        return;
    }
    cx.fire_noting(&rules::PUSH, Noted::peer(peer));
    cx.send(peer, Message::Push { round: round(cx), items });
    blind_contact(node, true, cx);
}

/// Section 1.4, blind: a site loses interest whatever the other knew.
fn blind_contact(node: &mut Site, telling: bool, cx: &mut Cx) {
    if cx.config().feedback || !telling {
        return;
    }
    let now = round(cx);
    let mut place = 0;
    while place < node.volatile.hot.len() {
        let at = usize::from(node.volatile.hot[place].at);
        let told = offers(node, at, now, cx);
        if !(told && contact_counts(node, place, false, cx)) {
            place += 1;
        }
    }
}

/// A contact about a hot rumour. True if the site has lost interest.
fn contact_counts(node: &mut Site, place: usize, news: bool, cx: &mut Cx) -> bool {
    let k = cx.config().k;
    let hot = &mut node.volatile.hot[place];
    let stops = match cx.config().stop {
        _ if cx.config().style == Style::AntiEntropy => false,
        _ if news => {
            hot.counter = 0;
            false
        }
        Stop::Counter => {
            hot.counter += 1;
            u32::from(hot.counter) >= k
        }
        Stop::Coin => cx.draw(1, u64::from(k)) == 1,
    };
    if stops {
        let at = node.volatile.hot.swap_remove(place).at;
        cx.fire_noting(&rules::LOSE_INTEREST, Noted::number(u32::from(at)));
    }
    stops
}

/// Pull: a source's counter moves once a round, back to nothing if anybody needed the rumour.
fn settle_asked(node: &mut Site, cx: &mut Cx) {
    let mut place = 0;
    while place < node.volatile.hot.len() {
        let hot = &mut node.volatile.hot[place];
        let (asked, needed) = (hot.asked, hot.needed && cx.config().feedback);
        (hot.asked, hot.needed) = (false, false);
        if !(asked && contact_counts(node, place, needed, cx)) {
            place += 1;
        }
    }
}

/// Counts a contact in which a site that tells a version offered it.
fn count(node: &mut Site, version: Version, useful: bool) {
    let told = &mut node.volatile.told;
    if version > told.version {
        *told = Told { version, useful: 0, wasted: 0 };
    }
    if version == told.version {
        told.useful += u32::from(useful);
        told.wasted += u32::from(!useful);
    }
}

/// Whether a site lacked a version when the round began: what it heard within the round, from
/// somebody else, does not count.
fn lacked(node: &Site, key: Key, version: Version, in_round: Round, cx: &Cx) -> bool {
    let Some(at) = node.durable.find(key) else {
        return true;
    };
    let mine = &node.durable.items()[at];
    let this_round = cx.config().synchronous && mine.heard == in_round && mine.began < in_round;
    mine.version < version || (mine.version == version && this_round)
}

/// Newest wins.
fn merge(node: &mut Site, from: NodeId, item: &Item, in_round: Round, warm: bool, cx: &mut Cx) {
    let newer = node.durable.version(item.key) < item.version;
    let again = cx.broken(&mutants::TELL_AGAIN);
    if newer || cx.broken(&mutants::OVERWRITE) {
        let value = if cx.broken(&mutants::INVENT) { item.value + 1 } else { item.value };
        let at = node.durable.put(Item { heard: in_round, value, ..*item });
        if warm {
            heat(node, at);
        }
        cx.fire_noting(&rules::HEAR, Noted::peer(from));
    } else if again && let Some(at) = node.durable.find(item.key) {
        heat(node, at);
    }
}

pub fn receive(node: &mut Site, from: NodeId, message: Message, cx: &mut Cx) {
    match message {
        Message::Push { round, items } => hear_push(node, from, round, items, cx),
        Message::Feedback { items, news } => {
            for (item, news) in items.iter().zip(news) {
                hear_feedback(node, item.key, item.version, news, cx);
            }
        }
        Message::Digest { round, known, catch_up } => hear_digest(node, from, round, &known, catch_up, cx),
        Message::Values { round, items, wanted, answers, catch_up } => {
            node.volatile.catching_up &= !catch_up;
            let now = if cx.config().synchronous { round } else { self::round(cx) };
            // What is made good by anti-entropy is old news: it is not told again.
            items.iter().for_each(|item| merge(node, from, item, now, !catch_up, cx));
            for (key, news) in answers {
                let version = node.durable.version(key);
                hear_feedback(node, key, version, news, cx);
            }
            give(node, from, round, &wanted, cx);
        }
        Message::Give { round, items } => {
            let now = if cx.config().synchronous { round } else { self::round(cx) };
            items.iter().for_each(|item| merge(node, from, item, now, true, cx));
        }
    }
    tick(node, cx);
}

fn hear_push(node: &mut Site, from: NodeId, in_round: Round, items: Items, cx: &mut Cx) {
    let mut news = Vec::new();
    for item in items.iter() {
        let useful = lacked(node, item.key, item.version, in_round, cx);
        count(node, item.version, useful);
        news.push(useful);
        let now = if cx.config().synchronous { in_round } else { round(cx) };
        merge(node, from, item, now, true, cx);
    }
    if cx.config().style == Style::Rumor && cx.config().feedback {
        cx.send(from, Message::Feedback { items, news });
    }
}

fn hear_feedback(node: &mut Site, key: Key, version: Version, news: bool, cx: &mut Cx) {
    if !cx.config().feedback {
        return;
    }
    let Some(at) = node.durable.find(key).filter(|at| node.durable.items()[*at].version == version) else {
        return;
    };
    if let Some(place) = node.volatile.hot.iter().position(|hot| usize::from(hot.at) == at) {
        contact_counts(node, place, news, cx);
    }
}

/// Pull: versions came first, and values go only where newer.
fn hear_digest(node: &mut Site, from: NodeId, in_round: Round, known: &[Line], catch_up: bool, cx: &mut Cx) {
    let theirs = |key| known.iter().find(|line| line.key == key).map_or(Version::default(), |line| line.version);
    let mut newer = Vec::new();
    for at in 0..node.durable.items().len() {
        let item = node.durable.items()[at];
        let needed = theirs(item.key) < item.version;
        if catch_up {
            newer.extend(needed.then_some(item));
        } else if offers(node, at, in_round, cx) {
            count(node, item.version, needed);
            if let Some(hot) = node.volatile.hot.iter_mut().find(|hot| usize::from(hot.at) == at) {
                hot.asked = true;
                hot.needed |= needed;
            }
            newer.extend(needed.then_some(item));
        }
    }
    let (mut wanted, mut answers) = (Vec::new(), Vec::new());
    for line in known.iter().filter(|line| line.offered && !catch_up) {
        let useful = lacked(node, line.key, line.version, in_round, cx);
        count(node, line.version, useful);
        answers.push((line.key, useful));
        if node.durable.version(line.key) < line.version {
            wanted.push(line.key);
        }
    }
    if !newer.is_empty() {
        cx.fire_noting(&rules::GIVE, Noted { a: newer.len() as u32, ..Noted::peer(from) });
    }
    if catch_up || !newer.is_empty() || !answers.is_empty() {
        let items = Rc::new(newer);
        cx.send(from, Message::Values { round: in_round, items, wanted, answers, catch_up });
    }
}

/// The third step of push-pull: what the other wants.
fn give(node: &Site, to: NodeId, in_round: Round, wanted: &[Key], cx: &mut Cx) {
    let item = |key: &Key| node.durable.find(*key).map(|at| node.durable.items()[at]);
    let items: Vec<Item> = wanted.iter().filter_map(item).collect();
    if !items.is_empty() {
        cx.fire_noting(&rules::GIVE, Noted { a: items.len() as u32, ..Noted::peer(to) });
        cx.send(to, Message::Give { round: in_round, items: Rc::new(items) });
    }
}
