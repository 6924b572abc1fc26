//! A client sends to the replicas itself, or asks one that coordinates; its session remembers what it wrote and read.

use synod_engine::prelude::*;
use synod_engine::protocol::Command;

use super::operation::{Answer, Operation};
use super::quest::{Errand, Stage, begin as begin_errand, give_up as give_up_errand, hear as hear_errand};
use super::state::*;
use super::version::{Held, Needs, Version, known, learn};
use super::{Cx, Nwr, REPLICAS, mutants, quest, rules};
use crate::store::Key;

/// Takes up a command.
pub fn take_up(client: &mut Client, command: Command<Nwr>, cx: &mut Cx) {
    let Command { serial, operation, node: named, write: number } = command;
    let tag = Tag { client: cx.me(), serial, second: false };
    client.adding = None;
    let order = match operation {
        Operation::Put(key, value) => write(client, tag, key, Some(value), number, cx),
        Operation::Delete(key) => write(client, tag, key, None, number, cx),
        Operation::Get(key) => read(client, tag, key, cx),
        Operation::Add(key, by) => {
            client.adding = Some(Adding { by, number, from: None });
            read(client, tag, key, cx)
        }
    };
    begin(client, Order { named, ..order }, cx);
}

fn of(needs: &Needs, key: Key) -> impl Iterator<Item = Version> {
    needs.iter().filter(move |(one, _)| *one == key).map(|(_, version)| *version)
}

fn write(client: &Client, tag: Tag, key: Key, value: Option<i64>, number: u32, cx: &Cx) -> Order {
    let (config, session) = (*cx.config(), &client.session);
    let stamp = if cx.unless(&mutants::OWN_COUNT, false) { i64::from(tag.serial) } else { cx.clock() };
    let version = Version { stamp, client: tag.client, serial: tag.serial, number };
    let mut clock = Vec::new();
    if config.conflict == Conflict::Siblings {
        clock.extend(session.contexts.iter().find(|(one, _)| *one == key).iter().flat_map(|(_, seen)| seen.clone()));
        learn(&mut clock, tag.client, tag.serial);
    }
    let mut needs = Needs::new();
    let asked = [(config.monotonic_writes, &session.wrote), (config.writes_follow_reads, &session.read)];
    for (_, seen) in asked.into_iter().filter(|(on, _)| *on) {
        needs.extend(seen.iter().filter(|(one, _)| *one != key));
    }
    let primary = config.has_primary();
    let write = Some(Held { value, version, clock, needs });
    Order { tag, key, write, must: Vec::new(), since: None, primary, named: None }
}

fn read(client: &Client, tag: Tag, key: Key, cx: &Cx) -> Order {
    let (config, session) = (*cx.config(), &client.session);
    let mut must = Vec::new();
    if config.read_your_writes && !cx.broken(&mutants::FORGET_WRITES) {
        must.extend(of(&session.wrote, key));
    }
    if config.monotonic_reads && !cx.broken(&mutants::FORGET_READS) {
        must.extend(of(&session.read, key));
    }
    let recent = session.last.is_some_and(|(when, _)| cx.clock() - when < config.window as i64);
    let primary = config.routing == Routing::Primary || (config.routing == Routing::Window && recent);
    let since = session.last.filter(|_| config.routing == Routing::Stamp).map(|(_, stamp)| stamp);
    Order { tag, key, write: None, must, since, primary, named: None }
}

fn begin(client: &mut Client, order: Order, cx: &mut Cx) {
    cx.set_timer(Timer::Timeout, (cx.patience(), cx.patience()));
    if !cx.config().nodes_coordinate {
        let errand = Errand::new(order, None);
        begin_errand(&errand, cx);
        client.errand = Some(errand);
        return;
    }
    let homes: Vec<NodeId> = cx.roster().group(REPLICAS).collect();
    let by = order.named.unwrap_or_else(|| homes[cx.draw(0, homes.len() as u64 - 1) as usize]);
    let errand = Errand::new(order.clone(), Some(by));
    cx.fire_noting(&rules::ASK, Noted { a: errand.number(), ..Noted::peer(by) });
    cx.send(by, Message::Ask(Box::new(order)));
    client.errand = Some(errand);
}

/// A replica answers, or the node that coordinates.
pub fn hear(client: &mut Client, from: NodeId, message: Message, cx: &mut Cx) {
    let Some(errand) = client.errand.as_mut() else { return };
    if let Message::Told { tag, answer } = message {
        if tag == errand.order.tag && errand.is_open() {
            errand.stage = Stage::Done;
            errand.found = if let Answer::Found(cell) = &answer { cell.clone() } else { Vec::new() };
            conclude(client, cx);
        }
    } else if hear_errand(errand, from, message, cx) {
        conclude(client, cx);
    }
}

/// The errand is done: the session remembers it, and whoever asked is told, or an addition goes on.
fn conclude(client: &mut Client, cx: &mut Cx) {
    let Some(Errand { order, found, .. }) = client.errand.clone() else { return };
    let (key, kept) = (order.key, cx.config().tombstones == 0);
    cx.cancel_timer(Timer::Others(cx.me()));
    client.session.note(&order, &found, cx.clock(), kept);
    let Some(held) = &order.write else {
        if let Some(adding) = client.adding.as_mut() {
            let sum = found.iter().filter_map(|held| held.value).max().unwrap_or(0).saturating_add(adding.by);
            let number = adding.number;
            adding.from = Some(found.clone());
            cx.fire_noting(&rules::ADD, Noted::number(number));
            cx.next(Answer::Found(found), Operation::Put(key, sum));
            let tag = Tag { second: true, ..order.tag };
            let next = write(client, tag, key, Some(sum), number, cx);
            return begin(client, Order { named: order.named, ..next }, cx);
        }
        cx.cancel_timer(Timer::Timeout);
        return cx.done(Answer::Found(found));
    };
    cx.cancel_timer(Timer::Timeout);
    cx.done(match held.value.filter(|_| order.tag.second) {
        Some(sum) => Answer::Added(sum, held.version),
        None => Answer::Stored(held.version),
    });
}

impl Session {
    /// Deletions that replicas may forget ask for nothing.
    fn note(&mut self, order: &Order, found: &[Held], now: i64, kept: bool) {
        let key = order.key;
        let seen = |held: &Held| (held.value.is_some() || kept).then_some((key, held.version));
        let mut clock = self.contexts.iter().find(|(one, _)| *one == key).map(|(_, seen)| seen.clone());
        let clock = clock.get_or_insert_default();
        match &order.write {
            Some(held) => {
                self.wrote.retain(|(one, _)| *one != key);
                self.wrote.extend(seen(held));
                self.last = Some((now, held.version.stamp));
            }
            None => {
                self.read.retain(|(one, _)| *one != key);
                self.read.extend(found.iter().filter_map(seen));
            }
        }
        for held in found.iter().chain(&order.write) {
            for (client, serial) in &held.clock {
                learn(clock, *client, *serial);
            }
        }
        let clock = std::mem::take(clock);
        self.contexts.retain(|(one, _)| *one != key);
        self.contexts.push((key, clock));
    }
    /// A client knows what it wrote, whatever became of it.
    fn wrote_in_vain(&mut self, key: Key, held: &Held) {
        let own = known(&held.clock, held.version.client);
        match self.contexts.iter_mut().find(|(one, _)| *one == key) {
            Some((_, clock)) => learn(clock, held.version.client, own),
            None => self.contexts.push((key, held.clock.clone())),
        }
    }
}

pub fn expire(client: &mut Client, timer: Timer, cx: &mut Cx) {
    let Some(errand) = client.errand.as_mut().filter(|errand| errand.is_open()) else { return };
    match timer {
        Timer::Others(_) if errand.by.is_none() => quest::ask_others(errand, cx),
        Timer::Timeout => {
            cx.cancel_timer(Timer::Others(cx.me()));
            give_up_errand(errand, cx);
            let key = errand.order.key;
            if let Some(held) = errand.order.write.clone() {
                client.session.wrote_in_vain(key, &held);
            }
            cx.fail();
        }
        _ => {}
    }
}
