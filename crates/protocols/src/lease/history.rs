//! What happened, in true time: who granted what, who believed in it and for how long, and what came to the storage.

use synod_engine::prelude::*;
use synod_engine::protocol::{Admission, Cause};

use crate::node_set::NodeSet;

use super::rules::*;
use super::state::*;
use super::{HOLDERS, ISSUERS, Lease};

/// So many leases are kept, and so many of what came to the storage.
const MOST: usize = 64;
const ADMISSIONS: usize = 6;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    /// The oldest first.
    pub leases: Vec<Told>,
    pub granted: u64,
    /// When the issuer was last started, and last gave a term.
    pub started: Micros,
    pub given: Micros,
    pub refused: u64,
    pub highest_granted: Token,
    pub highest_admitted: Token,
    pub admitted: u64,
    pub admissions: Vec<Admission>,
    pub sent: u64,
    /// When an issuer might grant nothing after a restart: from when, and until when.
    pub quiet: Vec<(NodeId, Micros, Option<Micros>)>,
    /// Of several issuers, who has stored what, by its ballot and its number: the newest last.
    pub stored: Vec<((u32, u32), NodeSet)>,
    pub slips: Vec<Slip>,
    pub beyond: Vec<Assumption>,
    /// What each clock read when it was last looked at.
    readings: Vec<i64>,
}

/// A lease that was granted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Told {
    pub token: Token,
    pub issuer: NodeId,
    pub holder: NodeId,
    pub from: Micros,
    /// The end of its term by the issuer's clock, when that came, and when the term was run out with all that is
    /// left for clocks.
    pub until: i64,
    pub ended: Option<Micros>,
    pub run_out: Option<Micros>,
    /// When the issuer honoured it no more: also because it was given back, or by mistake.
    pub let_go: Option<Micros>,
    /// By the holder's clock, the end of what it believes; when it began to, and stopped.
    pub believes: Option<i64>,
    pub began: Option<Micros>,
    pub stopped: Option<Micros>,
    pub released: bool,
    /// Who sent it as granted last, and until when by the sender's clock.
    pub sent: Option<(NodeId, i64)>,
}

/// Something that should never be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slip {
    /// These two hold at once.
    Two(NodeId, NodeId),
    /// The issuer let go of what its holder still believes in.
    Outlived(NodeId, Token),
    Reused(NodeId, Token),
    Fell(NodeId, Token, Token),
    /// Refused, though all that was granted had run out for so long.
    Refused(NodeId, Micros),
    SentLate(NodeId, Token),
    TakenLate(NodeId, Token),
    /// Sent as granted when only so many issuers had stored it.
    Alone(NodeId, Token, u32),
    /// The second grants while a grant of the first is in force.
    Voices(NodeId, NodeId),
}

/// What the issuer honoured.
pub struct Before(Option<Given>);

pub fn before(node: &Node<Lease>) -> Before {
    Before(node.volatile.given)
}

impl Told {
    fn is_open(&self) -> bool {
        self.let_go.is_none() || self.run_out.is_none() || (self.began.is_some() && self.stopped.is_none())
    }
}

impl History {
    pub fn lease(&self, token: Token) -> Option<&Told> {
        self.leases.iter().rev().find(|told| told.token == token)
    }

    fn slip(&mut self, slip: Slip) {
        if !self.slips.contains(&slip) {
            self.slips.push(slip);
        }
    }

    /// A term is given: a lease goes on, or a new one begins.
    fn give(&mut self, given: &Given, issuer: NodeId, now: Micros) {
        self.given = now;
        // Nobody has what was never sent, and another issuer may not have heard of it.
        self.leases.retain(|told| told.sent.is_some() || told.let_go.is_none() || told.token != given.token);
        let same = |told: &Told| told.token == given.token && told.holder == given.holder && told.let_go.is_none();
        match self.leases.last_mut().filter(|told| same(told)) {
            // It may be another issuer's by now.
            Some(told) => {
                (told.issuer, told.until, told.ended, told.run_out) = (issuer, given.until, None, None);
            }
            None => self.leases.push(Told {
                token: given.token,
                issuer,
                holder: given.holder,
                from: now,
                until: given.until,
                ended: None,
                run_out: None,
                let_go: None,
                believes: None,
                began: None,
                stopped: None,
                released: false,
                sent: None,
            }),
        }
        let more = self.leases.len().saturating_sub(MOST);
        self.leases.drain(..more);
    }

    /// An issuer has stored something under a ballot.
    fn store(&mut self, kept: Kept, issuer: NodeId) {
        let name = (kept.ballot, kept.number);
        match self.stored.iter_mut().find(|stored| stored.0 == name) {
            Some(stored) => stored.1.add(issuer),
            None => self.stored.push((name, NodeSet::of(issuer))),
        }
        let more = self.stored.len().saturating_sub(MOST);
        self.stored.drain(..more);
    }

    fn admission(&mut self, token: Token, at: Micros, admitted: bool) {
        self.admissions.push(Admission { token, at, admitted });
        let more = self.admissions.len().saturating_sub(ADMISSIONS);
        self.admissions.drain(..more);
    }
}

pub fn observe(history: &mut History, seen: &Observed<Lease>, cluster: Cluster<Lease>) {
    judge_clocks(history, cluster);
    if let Observed::Handled { before, after, cause, said, time, .. } = seen {
        match after.group.map(|group| group as usize) {
            Some(ISSUERS) => issuer(history, before, after, cause, said, cluster),
            Some(HOLDERS) => holder(history, after, said, cluster),
            _ => storage(history, after, said, *time, cluster),
        }
    }
    settle(history, cluster);
}

/// Where terms end by readings, clocks are to be within `error` of one another and of true time, and never go back.
fn judge_clocks(history: &mut History, cluster: Cluster<Lease>) {
    if cluster.config().ends != Ends::Reading || !history.beyond.is_empty() {
        return;
    }
    let now = cluster.now() as i64;
    let readings: Vec<i64> = cluster.nodes().iter().map(|node| cluster.clock(node.id)).collect();
    let all = || readings.iter().copied().chain([now]);
    let apart = all().max().unwrap_or(now) - all().min().unwrap_or(now);
    let went_back = history.readings.iter().zip(&readings).any(|(before, after)| after < before);
    if apart > cluster.config().error as i64 || went_back {
        history.beyond.push(Assumption::ClocksWithin);
    }
    history.readings = readings;
}

fn issuer(
    history: &mut History,
    before: &Before,
    after: &Node<Lease>,
    cause: &Cause<Lease>,
    said: &Said<Lease>,
    cluster: Cluster<Lease>,
) {
    let (now, is_boot) = (cluster.now(), matches!(cause, Cause::Boot));
    let several = cluster.config().issuers > 1;
    if (is_boot && !several) || said.fired(&SPEAK) {
        history.started = now;
    }
    if let Some(kept) = after.durable.kept {
        history.store(kept, after.id);
    }
    // What it remembers after a restart it gave before.
    if let Some(given) = after.volatile.given.filter(|given| before.0 != Some(*given) && !is_boot) {
        history.give(&given, after.id, now);
    }
    if said.fired(&QUIET) {
        history.quiet.push((after.id, now, None));
        let more = history.quiet.len().saturating_sub(MOST);
        history.quiet.drain(..more);
    }
    judge_voices(history, after, said, cluster);
    if said.fired(&GRANT) {
        let token = after.volatile.given.map_or(after.durable.token, |given| given.token);
        if token <= history.highest_granted {
            history.slip(Slip::Reused(after.id, token));
        }
        history.highest_granted = history.highest_granted.max(token);
        history.granted += 1;
    }
    if said.fired(&TAKE_BACK)
        && let Some(told) = history.leases.last_mut()
    {
        told.released = true;
    }
    if said.fired(&REFUSE) || said.fired(&REFUSE_QUIET) {
        history.refused += 1;
        let since = history.given.max(history.started);
        if now > since + longest(cluster.config()) {
            history.slip(Slip::Refused(after.id, now - since));
        }
    }
}

/// What is sent as granted was stored by a majority under the ballot of whoever sends it, and nothing that another
/// issuer sent is in force, clocks being as far apart as they may.
fn judge_voices(history: &mut History, after: &Node<Lease>, said: &Said<Lease>, cluster: Cluster<Lease>) {
    let config = cluster.config();
    for message in said.messages() {
        let Message::Grant { token, until, .. } = message else { continue };
        let kept = after.durable.kept.map(|kept| (kept.ballot, kept.number));
        let stored = history.stored.iter().find(|stored| Some(stored.0) == kept);
        let count = stored.map_or(0, |stored| stored.1.count());
        if config.issuers > 1 && count <= config.issuers / 2 {
            history.slip(Slip::Alone(after.id, *token, count));
        }
        let in_force = |(issuer, until): (NodeId, i64)| {
            issuer != after.id && cluster.clock(issuer) < until + config.slack() as i64 - config.error as i64
        };
        let holder = after.volatile.given.map(|given| given.holder);
        let same = |told: &Told| told.token == *token && Some(told.holder) == holder;
        let other = |told: &&Told| Some(told.holder) != holder && !told.released && told.sent.is_some_and(in_force);
        if let Some((issuer, _)) = history.leases.iter().find(other).and_then(|told| told.sent) {
            history.slip(Slip::Voices(issuer, after.id));
        }
        if let Some(told) = history.leases.iter_mut().rev().find(|told| same(told)) {
            told.sent = Some((after.id, *until));
        }
    }
}

/// The longest that a term may be honoured in true time, while clocks keep their bound.
pub fn longest(config: &Config) -> Micros {
    let honoured = config.quiet();
    match config.ends {
        // The issuer's own clock may be behind when it begins and ahead no more when it ends.
        Ends::Reading => honoured + 2 * config.error,
        // A clock as slow as may be: 1 / (1 - e / (2 T + e)) is (2 T + e) / 2 T.
        Ends::Length => honoured + honoured * config.error / (2 * config.term) + 2,
    }
}

fn holder(history: &mut History, after: &Node<Lease>, said: &Said<Lease>, cluster: Cluster<Lease>) {
    let held = after.volatile.believes(cluster.clock(after.id)).map(|held| held.token);
    for message in said.messages() {
        if let Message::Write { token, .. } = message {
            history.sent += 1;
            if held != Some(*token) {
                history.slip(Slip::SentLate(after.id, *token));
            }
        }
    }
}

fn storage(history: &mut History, after: &Node<Lease>, said: &Said<Lease>, now: Micros, cluster: Cluster<Lease>) {
    for (rule, noted) in said.rules_noting() {
        let (token, admitted) = (noted.a, std::ptr::eq(rule, &ADMIT));
        history.admission(token, now, admitted);
        if !admitted {
            continue;
        }
        history.admitted += 1;
        if token < history.highest_admitted {
            history.slip(Slip::Fell(after.id, token, history.highest_admitted));
        }
        history.highest_admitted = history.highest_admitted.max(token);
        let over = |told: &Told| cluster.clock(told.issuer) >= told.until + cluster.config().slack() as i64;
        if history.lease(token).is_none_or(over) {
            history.slip(Slip::TakenLate(after.id, token));
        }
    }
}

/// What a holder believes in now; one that is paused believes on.
fn believed(node: &Node<Lease>, cluster: Cluster<Lease>) -> Option<Held> {
    node.volatile.believes(cluster.clock(node.id))
}

/// Brings what lasts up to now: what ended, who stopped to believe, and whether it was in the right order.
fn settle(history: &mut History, cluster: Cluster<Lease>) {
    let (now, slack) = (cluster.now(), cluster.config().slack() as i64);
    for (issuer, _, until) in history.quiet.iter_mut().filter(|quiet| quiet.2.is_none()) {
        if cluster.nodes()[issuer.at()].volatile.quiet_until.is_none() {
            *until = Some(now);
        }
    }
    let granting = can_grant(cluster);
    let mut outlived = Vec::new();
    for told in history.leases.iter_mut().filter(|told| told.is_open()) {
        let clock = cluster.clock(told.issuer);
        if clock >= told.until {
            told.ended.get_or_insert(now);
        }
        if clock >= told.until + slack {
            told.run_out.get_or_insert(now);
        }
        if told.let_go.is_none() && granting.iter().any(|issuer| lets_go(issuer, told, cluster)) {
            told.let_go = Some(now);
        }
        let own = |held: &Held| told.sent.is_some() && held.token == told.token;
        let held = believed(&cluster.nodes()[told.holder.at()], cluster).filter(own);
        match held {
            // Also another term of what it had given up.
            Some(held) => {
                told.began.get_or_insert(now);
                (told.believes, told.stopped) = (Some(held.until), None);
            }
            None if told.began.is_some() => _ = told.stopped.get_or_insert(now),
            _ => {}
        }
        if held.is_some() && told.let_go.is_some() {
            outlived.push(Slip::Outlived(told.holder, told.token));
        }
    }
    outlived.into_iter().for_each(|slip| history.slip(slip));
    let mut holding =
        cluster.roster().group(HOLDERS).filter(|id| believed(&cluster.nodes()[id.at()], cluster).is_some());
    if let (Some(one), Some(other)) = (holding.next(), holding.next()) {
        history.slip(Slip::Two(one, other));
    }
}

/// The issuers that might grant now, and of several those under whose ballot a majority would store. One that is down
/// grants nothing, nor one that waits.
fn can_grant<'a>(cluster: Cluster<'a, Lease>) -> Vec<&'a Node<Lease>> {
    let issuers = || cluster.roster().group(ISSUERS).map(move |id| &cluster.nodes()[id.at()]);
    let stores = |ballot: u32| issuers().filter(|one| one.durable.promised <= ballot).count() as u32;
    let might = |one: &&Node<Lease>| {
        let is_quiet = one.volatile.quiet_until.is_some_and(|until| cluster.clock(one.id) < until);
        let speaks = one.volatile.council.speaks.is_some_and(|ballot| stores(ballot) > cluster.config().issuers / 2);
        cluster.faults().down.get(one.id).is_none() && !is_quiet && (cluster.config().issuers == 1 || speaks)
    };
    issuers().filter(might).collect()
}

/// Whether an issuer that might grant would grant it to another now.
fn lets_go(issuer: &Node<Lease>, told: &Told, cluster: Cluster<Lease>) -> bool {
    let clock = cluster.clock(issuer.id);
    let honours = |given: &Given| {
        given.token == told.token
            && given.holder == told.holder
            && clock < given.until + cluster.config().slack() as i64
    };
    !issuer.volatile.given.as_ref().is_some_and(honours)
}

/// The next time at which a term ends: for its issuer, with all that is left for clocks, or for its holder.
pub fn deadline(history: &History, cluster: Cluster<Lease>, after: Micros) -> Option<Micros> {
    let slack = cluster.config().slack() as i64;
    let several = cluster.config().issuers > 1;
    let issuers = || cluster.roster().group(ISSUERS).map(move |id| &cluster.nodes()[id.at()]);
    // When an issuer may grant what was granted before, also one that did not grant it.
    let lets_go = || {
        let given = |one: &Node<Lease>| one.volatile.given.filter(|_| several).map(|given| given.until + slack);
        let readings = move |one: &Node<Lease>| [one.volatile.quiet_until, given(one)].into_iter().flatten();
        issuers().flat_map(move |one| readings(one).map(move |reading| cluster.when_reads(one.id, reading)))
    };
    let times = |told: &Told| {
        let of_issuer =
            [told.ended.is_none().then_some(told.until), told.run_out.is_none().then_some(told.until + slack)];
        let of_holder = told.believes.filter(|_| told.stopped.is_none());
        let issuer = told.issuer;
        let ends = of_issuer.into_iter().flatten().map(move |reading| cluster.when_reads(issuer, reading));
        let others = told.let_go.is_none().then(lets_go).into_iter().flatten();
        ends.chain(others).chain(of_holder.map(|reading| cluster.when_reads(told.holder, reading)))
    };
    let open = history.leases.iter().filter(|told| told.is_open());
    open.flat_map(times).filter(|time| *time > after).min()
}
