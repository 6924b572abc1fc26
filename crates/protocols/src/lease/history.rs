//! What happened, in true time: who granted what, who believed in it and for how long, and what came to the storage.

use synod_engine::prelude::*;
use synod_engine::protocol::{Admission, Cause};

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
        let same = |told: &Told| told.token == given.token && told.holder == given.holder && told.let_go.is_none();
        match self.leases.last_mut().filter(|told| same(told)) {
            Some(told) => (told.until, told.ended, told.run_out) = (given.until, None, None),
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
            }),
        }
        let more = self.leases.len().saturating_sub(MOST);
        self.leases.drain(..more);
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
    if is_boot {
        history.started = now;
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
    if said.fired(&GRANT) {
        let token = after.durable.token;
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

/// The longest that a term may be honoured in true time, while clocks keep their bound.
pub fn longest(config: &Config) -> Micros {
    let honoured = config.term + config.slack();
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
    if let Some((issuer, _, until @ None)) = history.quiet.last_mut()
        && cluster.nodes()[issuer.at()].volatile.quiet_until.is_none()
    {
        *until = Some(now);
    }
    let mut outlived = Vec::new();
    for told in history.leases.iter_mut().filter(|told| told.is_open()) {
        let clock = cluster.clock(told.issuer);
        let issuer = &cluster.nodes()[told.issuer.at()];
        if clock >= told.until {
            told.ended.get_or_insert(now);
        }
        if clock >= told.until + slack {
            told.run_out.get_or_insert(now);
        }
        if told.let_go.is_none() && lets_go(issuer, told, clock, cluster) {
            told.let_go = Some(now);
        }
        let held = believed(&cluster.nodes()[told.holder.at()], cluster).filter(|held| held.token == told.token);
        match held {
            Some(held) if told.stopped.is_none() => {
                told.began.get_or_insert(now);
                told.believes = Some(held.until);
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

/// Whether an issuer would grant it to another now. One that is down grants nothing, nor one that waits.
fn lets_go(issuer: &Node<Lease>, told: &Told, clock: i64, cluster: Cluster<Lease>) -> bool {
    let is_down = cluster.faults().down.get(issuer.id).is_some();
    let is_quiet = issuer.volatile.quiet_until.is_some_and(|until| clock < until);
    let honours = |given: &Given| {
        given.token == told.token
            && given.holder == told.holder
            && clock < given.until + cluster.config().slack() as i64
    };
    !is_down && !is_quiet && !issuer.volatile.given.as_ref().is_some_and(honours)
}

/// The next time at which a term ends: for its issuer, with all that is left for clocks, or for its holder.
pub fn deadline(history: &History, cluster: Cluster<Lease>, after: Micros) -> Option<Micros> {
    let slack = cluster.config().slack() as i64;
    let times = |told: &Told| {
        let quiet = cluster.nodes()[told.issuer.at()].volatile.quiet_until.filter(|_| told.let_go.is_none());
        let of_issuer =
            [told.ended.is_none().then_some(told.until), told.run_out.is_none().then_some(told.until + slack), quiet];
        let of_holder = told.believes.filter(|_| told.stopped.is_none());
        let issuer = told.issuer;
        let ends = of_issuer.into_iter().flatten().map(move |reading| cluster.when_reads(issuer, reading));
        ends.chain(of_holder.map(|reading| cluster.when_reads(told.holder, reading)))
    };
    let open = history.leases.iter().filter(|told| told.is_open());
    open.flat_map(times).filter(|time| *time > after).min()
}
