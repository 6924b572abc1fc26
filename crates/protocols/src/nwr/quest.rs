//! A write that waits for W replicas, or a read that waits for R: the same at a client and at a node that
//! coordinates.

use synod_engine::prelude::*;
use synod_engine::protocol::ClientCx;

use super::state::*;
use super::version::{Cell, covers, covers_all, merge_all, tops};
use super::{FALLBACKS, Nwr, REPLICAS, mutants, rules};
use crate::node_set::NodeSet;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Errand {
    pub order: Order,
    /// The node that coordinates, where nodes do.
    pub by: Option<NodeId>,
    /// Whom it has heard of, for which replicas, and how many messages that were.
    pub heard: NodeSet,
    pub owners: NodeSet,
    pub count: u32,
    /// Of a read: what counts of what it was told so far, and what each replica told.
    pub found: Cell,
    pub told: Vec<(NodeId, Cell)>,
    /// Who has what was found, while it is written back.
    pub have: NodeSet,
    pub stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    Waiting,
    /// What a read found is written back.
    Repairing,
    Done,
    GivenUp,
}

/// Who has an errand: a client, or a node that coordinates.
pub trait Hand {
    fn config(&self) -> &Config;
    fn roster(&self) -> &Roster;
    fn broken(&self, mutant: &Mutant) -> bool;
    fn draw(&mut self, min: u64, max: u64) -> u64;
    fn send(&mut self, to: Vec<NodeId>, message: Message);
    fn fire(&mut self, rule: &'static Rule, noted: Noted);
    /// Sets the timer with which others are asked.
    fn ask_others_later(&mut self, of: ClientId);

    fn unless(&self, mutant: &Mutant, guard: bool) -> bool {
        guard || self.broken(mutant)
    }
    fn homes(&self) -> Vec<NodeId> {
        self.roster().group(REPLICAS).collect()
    }
}

impl Hand for ClientCx<'_, Nwr> {
    fn config(&self) -> &Config {
        ClientCx::config(self)
    }
    fn roster(&self) -> &Roster {
        ClientCx::roster(self)
    }
    fn broken(&self, mutant: &Mutant) -> bool {
        ClientCx::broken(self, mutant)
    }
    fn draw(&mut self, min: u64, max: u64) -> u64 {
        ClientCx::draw(self, min, max)
    }
    fn send(&mut self, to: Vec<NodeId>, message: Message) {
        self.send_all(to, message);
    }
    fn fire(&mut self, rule: &'static Rule, noted: Noted) {
        self.fire_noting(rule, noted);
    }
    fn ask_others_later(&mut self, of: ClientId) {
        let after = Hand::config(self).timeout;
        self.set_timer(Timer::Others(of), (after, after));
    }
}

impl Errand {
    pub fn new(order: Order, by: Option<NodeId>) -> Errand {
        let (heard, owners, have) = (NodeSet::default(), NodeSet::default(), NodeSet::default());
        let (found, told) = (Cell::new(), Vec::new());
        Errand { order, by, heard, owners, count: 0, found, told, have, stage: Stage::Waiting }
    }
    pub fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Repairing)
    }
    pub fn number(&self) -> u32 {
        self.order.write.as_ref().or(self.found.first()).map_or(0, |held| held.version.number)
    }
    /// How many it waits for: W or R.
    pub fn needs(&self, config: &Config) -> u32 {
        if self.order.write.is_some() { config.w } else { config.r }
    }
    fn put(&self) -> Option<Message> {
        let held = self.order.write.clone()?;
        let Order { tag, key, .. } = self.order;
        Some(Message::Put { tag, purpose: Purpose::Write, key, cell: vec![held] })
    }
    fn get(&self) -> Message {
        let Order { tag, key, since, .. } = self.order;
        Message::Get { tag, key, since }
    }
}

/// The first messages: a write goes to all replicas, a read to as many as the configuration says, and both only to
/// W or R of them from the one on that is named.
pub fn begin(errand: &Errand, hand: &mut impl Hand) {
    let to = targets(errand, hand);
    let noted = Noted::number(errand.number()).with_nodes(to.iter().copied());
    hand.fire(if errand.order.write.is_some() { &rules::WRITE } else { &rules::READ }, noted);
    hand.send(to, errand.put().unwrap_or_else(|| errand.get()));
    hand.ask_others_later(errand.order.tag.client);
}

fn targets(errand: &Errand, hand: &mut impl Hand) -> Vec<NodeId> {
    let (homes, config) = (hand.homes(), *hand.config());
    let need = errand.needs(&config) as usize;
    let n = homes.len();
    let named = errand.order.named.and_then(|named| homes.iter().position(|node| *node == named));
    let first = match (named, config.routing) {
        (Some(named), _) => named,
        _ if errand.order.write.is_some() => return homes,
        (_, Routing::Primary) => 0,
        (_, Routing::Hash) => errand.order.tag.client.at() % n,
        (_, Routing::Window) => hand.draw(0, n as u64 - 1) as usize,
        (_, Routing::Any) if !config.asks_all => hand.draw(0, n as u64 - 1) as usize,
        _ => return homes,
    };
    let mut to: Vec<NodeId> = homes.iter().cycle().skip(first).take(need).copied().collect();
    if errand.order.primary && !to.contains(&homes[0]) {
        to.pop();
        to.insert(0, homes[0]);
    }
    to
}

/// Not enough have answered: the others are asked too, or the same again; fallbacks, where they may count.
pub fn ask_others(errand: &mut Errand, hand: &mut impl Hand) {
    let (homes, config) = (hand.homes(), *hand.config());
    let fallbacks: Vec<NodeId> = hand.roster().group(FALLBACKS).filter(|_| config.is_sloppy()).collect();
    let Order { tag, key, ref write, named, primary, .. } = errand.order;
    let free = named.is_none() && !primary;
    let mut asked = Vec::new();
    match (errand.stage, write.clone()) {
        (Stage::Repairing, _) => {
            asked = homes.into_iter().filter(|node| !errand.have.has(*node)).collect();
            write_back(errand, asked.clone(), hand);
        }
        (Stage::Waiting, Some(held)) => {
            let all = if free { homes } else { targets(errand, hand) };
            let missing = all.into_iter().filter(|node| !errand.owners.has(*node));
            for (owner, fallback) in missing.zip(fallbacks) {
                asked.push(fallback);
                let purpose = Purpose::Hint(owner);
                hand.send(vec![fallback], Message::Put { tag, purpose, key, cell: vec![held.clone()] });
            }
        }
        (Stage::Waiting, None) => {
            let all = if free { homes } else { targets(errand, hand) };
            let behind = errand.count >= errand.needs(&config);
            asked = all.into_iter().filter(|node| behind || !errand.heard.has(*node)).collect();
            asked.extend(fallbacks.into_iter().filter(|node| !errand.heard.has(*node)));
            hand.send(asked.clone(), errand.get());
        }
        _ => return,
    }
    if !asked.is_empty() {
        hand.fire(&rules::ASK_OTHERS, Noted::default().with_nodes(asked));
    }
    hand.ask_others_later(tag.client);
}

/// A replica has stored something, or says what it holds. True if that was all that was waited for.
pub fn hear(errand: &mut Errand, from: NodeId, message: Message, hand: &mut impl Hand) -> bool {
    let late = hand.broken(&mutants::COUNT_LATE);
    let mine = |tag: Tag, errand: &Errand| tag == errand.order.tag || late;
    match message {
        Message::Stored { tag, purpose: Purpose::Repair, .. } if errand.stage == Stage::Repairing => {
            if mine(tag, errand) {
                errand.have.add(from);
            }
            mine(tag, errand) && ends_repair(errand, hand)
        }
        Message::Stored { tag, purpose, .. } if errand.stage == Stage::Waiting && errand.order.write.is_some() => {
            let owner = match purpose {
                Purpose::Write => from,
                Purpose::Hint(owner) if !hand.broken(&mutants::HINT_TWICE) => owner,
                Purpose::Hint(_) => from,
                _ => return false,
            };
            mine(tag, errand) && count(errand, from, owner, hand) && ends_write(errand, from, hand)
        }
        Message::Found { tag, cell } if errand.order.write.is_none() && mine(tag, errand) => match errand.stage {
            Stage::Waiting => {
                take_in(errand, from, cell, hand);
                count(errand, from, from, hand) && ends_read(errand, from, hand)
            }
            Stage::Done if hand.config().repair != Repair::None => {
                errand.told = vec![(from, cell)];
                repair_stale(errand, hand);
                false
            }
            _ => false,
        },
        _ => false,
    }
}

/// Counts a replica once. What it says again may be newer, so that is looked at all the same.
fn count(errand: &mut Errand, from: NodeId, owner: NodeId, hand: &impl Hand) -> bool {
    let new = !errand.owners.has(owner);
    errand.heard.add(from);
    errand.owners.add(owner);
    errand.count += u32::from(hand.unless(&mutants::COUNT_MESSAGES, new));
    true
}

fn take_in(errand: &mut Errand, from: NodeId, cell: Cell, hand: &impl Hand) {
    let first = errand.count == 0;
    if first || !hand.broken(&mutants::TAKE_FIRST) {
        let flat = Config { failed_writes: FailedWrites::Left, ..*hand.config() };
        merge_all(&mut errand.found, &cell, &flat);
    }
    errand.told.retain(|(node, _)| *node != from);
    errand.told.push((from, cell));
}

fn has_enough(errand: &Errand, early: &Mutant, hand: &impl Hand) -> bool {
    let less = u32::from(hand.broken(early));
    let primary = hand.homes()[0];
    errand.count + less >= errand.needs(hand.config()) && (!errand.order.primary || errand.owners.has(primary))
}

fn ends_write(errand: &mut Errand, last: NodeId, hand: &mut impl Hand) -> bool {
    let enough = has_enough(errand, &mutants::WRITE_EARLY, hand);
    if enough {
        errand.stage = Stage::Done;
        let number = errand.number();
        hand.fire(&rules::WRITTEN, Noted { a: number, ..Noted::peer(last) });
    }
    enough
}

fn ends_read(errand: &mut Errand, last: NodeId, hand: &mut impl Hand) -> bool {
    let config = *hand.config();
    if !has_enough(errand, &mutants::READ_EARLY, hand) {
        return false;
    }
    if !errand.order.must.iter().all(|version| covers(&errand.found, *version, &config)) {
        hand.fire(&rules::BEHIND, Noted::peer(last));
        return false;
    }
    let (repair, waits) = (config.repair, config.repair == Repair::Wait && !hand.broken(&mutants::WRITE_BACK_LATER));
    let stale = if repair == Repair::None { Vec::new() } else { stale(errand, &config) };
    let told = errand.told.iter().map(|(node, _)| *node);
    errand.have = told.filter(|node| !stale.contains(node)).collect();
    if waits && !errand.found.is_empty() && !is_kept(errand, hand) {
        errand.stage = Stage::Repairing;
        let unheard = hand.homes().into_iter().filter(|node| !errand.heard.has(*node));
        let more = if errand.told.len() < config.w as usize { unheard.collect() } else { Vec::new() };
        write_back(errand, stale.into_iter().chain(more).collect(), hand);
        return false;
    }
    errand.stage = Stage::Done;
    if !stale.is_empty() {
        write_back(errand, stale, hand);
    }
    fire_return(errand, last, hand);
    true
}

fn fire_return(errand: &Errand, last: NodeId, hand: &mut impl Hand) {
    let noted = Noted { a: errand.number(), ..Noted::peer(last) };
    let rule = match errand.found.len() {
        0 => &rules::RETURN_NOTHING,
        1 => &rules::RETURN,
        _ => &rules::RETURN_SIBLINGS,
    };
    hand.fire(rule, noted);
}

/// Who of those that were heard lacks something of what was found.
fn stale(errand: &Errand, config: &Config) -> Vec<NodeId> {
    let lacks = |(_, cell): &&(NodeId, Cell)| !covers_all(cell, &errand.found, config);
    errand.told.iter().filter(lacks).map(|(node, _)| *node).collect()
}

fn repair_stale(errand: &Errand, hand: &mut impl Hand) {
    let stale = stale(errand, hand.config());
    if !stale.is_empty() {
        write_back(errand, stale, hand);
    }
}

/// What was found goes where it is missing.
fn write_back(errand: &Errand, to: Vec<NodeId>, hand: &mut impl Hand) {
    let Order { tag, key, .. } = errand.order;
    hand.fire(&rules::REPAIR, Noted::number(errand.number()).with_nodes(to.iter().copied()));
    hand.send(to, Message::Put { tag, purpose: Purpose::Repair, key, cell: errand.found.clone() });
}

/// Whether what was found is on W replicas.
fn is_kept(errand: &Errand, hand: &impl Hand) -> bool {
    let homes = hand.homes();
    let have = homes.iter().filter(|node| errand.have.has(**node)).count() as u32;
    have >= hand.config().w && (!errand.order.primary || errand.have.has(homes[0]))
}

fn ends_repair(errand: &mut Errand, hand: &mut impl Hand) -> bool {
    let kept = is_kept(errand, hand);
    if kept {
        errand.stage = Stage::Done;
        let last = errand.have.iter().last().unwrap_or(NodeId(0));
        fire_return(errand, last, hand);
    }
    kept
}

/// The time is over: what replicas have stored of a write stays there, or is taken back as far as it goes.
pub fn give_up(errand: &mut Errand, hand: &mut impl Hand) {
    errand.stage = Stage::GivenUp;
    let failed = Noted::number(errand.heard.count());
    hand.fire(&rules::GIVE_UP, failed);
    let Order { tag, key, ref write, .. } = errand.order;
    if write.is_some() && hand.config().failed_writes == FailedWrites::RolledBack {
        let everywhere: Vec<NodeId> = (0..hand.roster().len()).map(NodeId).collect();
        let to = errand.by.map_or(everywhere, |by| vec![by]);
        hand.fire(&rules::ROLL_BACK, Noted::number(errand.number()).with_nodes(to.iter().copied()));
        hand.send(to, Message::Undo { tag, key });
    }
}

/// What a replica tells of a cell.
pub fn told(cell: Option<&Cell>, config: &Config) -> Cell {
    cell.map(|cell| tops(cell, config)).unwrap_or_default()
}
