//! Leases, as Gray and Cheriton give them (Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache
//! Consistency, 1989), of one thing that one machine at a time may hold; with the tokens of Chubby (Burrows 2006).
//!
//! | | here |
//! |---|---|
//! | who grants and honours terms | [`issuer`] |
//! | how several issuers speak with one voice | [`council`] |
//! | who asks, renews, and gives up by its own clock | [`holder`] |
//! | who refuses what is older than what it has seen | [`storage`] |

mod breaks;
mod council;
mod history;
mod holder;
mod issuer;
mod mutants;
mod operation;
mod options;
mod rules;
mod safety;
mod starts;
pub mod state;
mod storage;
mod sweeps;
mod view;

use synod_engine::prelude::*;
use synod_engine::protocol::{Role, SetOf, Spans, Sweep, Terms};

use operation::{Answer, Operation};
use state::*;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease;

pub type Cx<'a> = synod_engine::cx::Cx<'a, Lease>;

pub const ISSUERS: usize = 0;
pub const HOLDERS: usize = 1;
pub const STORAGE: usize = 2;

pub const NAMED: Text = text("lease {n}", "租约 {n}");

const fn role(id: &'static str, name: Text, authority: Authority, shape: &'static str) -> Role {
    Role { id, name, authority, shape, crest: false }
}

const ISSUES: Text = text("issuer", "颁发者");
const HOLDS: Text = text("holder", "持有者");

const fn group(id: &'static str, name: Text, named: Named, least: u32, usual: u32, most: u32) -> GroupKind {
    GroupKind { id, name, named, bounds: Nodes { min: least, default: usual, max: most } }
}

impl Protocol for Lease {
    const META: Meta = Meta {
        id: "lease",
        name: text("Leases", "租约"),
        summary: text("Who may act, and until when?", "谁可以行动，到什么时候为止？"),
        family: "time",
        source: "C. Gray, D. Cheriton: Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency, 1989",
        rules_version: 2,
        epoch: text("lease", "租约"),
        epoch_named: NAMED,
        roles: &[
            role("issuer", ISSUES, Authority::Follows, "circle"),
            role("issuer", ISSUES, Authority::Asks, "circle"),
            role("issuer", ISSUES, Authority::Commands, "circle"),
            role("holder", HOLDS, Authority::Follows, "hexagon"),
            role("holder", HOLDS, Authority::Asks, "hexagon"),
            role("holder", HOLDS, Authority::Commands, "hexagon"),
            role("storage", text("storage", "存储"), Authority::Follows, "square"),
        ],
        layout: "columns",
        nodes: Nodes { min: 3, default: 5, max: 0 },
        groups: &[
            group("issuers", text("Issuer", "颁发者"), Named::Numbered(b'I'), 1, 1, 3),
            group("holders", text("Holders", "持有者"), Named::Alphabet, 1, 3, 8),
            group("storage", text("Storage", "存储"), Named::Bare(b'S'), 1, 1, 1),
        ],
        rows: &[
            Row { id: "leases", name: text("Leases", "租约") },
            Row { id: "refusals", name: text("Refusals", "拒绝") },
            Row { id: "writes", name: text("Writes", "写入") },
        ],
        totals: &[],
        mark: None,
        membership: false,
        trusts_disk: true,
        can: text("can grant", "可以颁发"),
        cannot: text("cannot grant", "无法颁发"),
    };
    const RULES: &'static [&'static Rule] = rules::ALL;
    const MUTANTS: &'static [&'static Mutant] = mutants::ALL;
    const INVARIANTS: &'static [Invariant<Lease>] = safety::INVARIANTS;
    const OPTIONS: &'static [Opt] = options::OPTIONS;
    const MESSAGES: &'static [MessageKind] = view::MESSAGES;
    const OPERATIONS: &'static [OperationKind] = operation::OPERATIONS;
    const STARTS: &'static [Start] = starts::ALL;
    const BREAKS: &'static [Breaks] = breaks::ALL;
    const SWEEPS: &'static [Sweep] = sweeps::ALL;
    const STORIES: &'static [&'static str] = breaks::STORIES;
    const DEADLINES: bool = true;
    const SECONDS: bool = true;

    type Config = Config;
    type Durable = Durable;
    type Volatile = Volatile;
    type Client = ();
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Answer = Answer;
    type Before = history::Before;
    type History = history::History;

    fn configure(settings: &Settings) -> Config {
        options::configure(settings)
    }
    fn configure_for(config: Config, roster: &Roster) -> Config {
        Config { issuers: roster.count(ISSUERS), ..config }
    }
    fn check_config(config: &Config, _roster: &Roster, _slowest: Micros) -> Result<(), Why> {
        options::check(config)
    }
    fn boot(durable: &mut Durable, cx: &mut Cx) -> Volatile {
        let mut volatile = Volatile::default();
        if cx.roster().group_of(cx.me()) == Some(ISSUERS as u32) {
            issuer::boot(durable, &mut volatile, cx);
        }
        volatile
    }
    fn on_message(node: &mut Node<Self>, from: NodeId, message: Message, cx: &mut Cx) {
        match message {
            Message::Acquire(ask) => issuer::asked(node, from, ask, None, cx),
            Message::Renew(ask, token) => issuer::asked(node, from, ask, Some(token), cx),
            Message::Release(token) => issuer::released(node, from, token, cx),
            Message::Grant { ask, token, until } => holder::granted(node, ask, token, until, cx),
            Message::Refuse { ask, .. } => holder::refused(node, ask, cx),
            Message::Write { number, token, key, value, until } => {
                storage::asked(node, from, storage::Arrived { number, token, key, value, until }, cx);
            }
            Message::Written { number, .. } => holder::written(node, number, Answer::Done, cx),
            Message::Rejected { number, .. } => holder::written(node, number, Answer::Rejected, cx),
            Message::Stand(ballot) => council::asked_to_promise(node, from, ballot, cx),
            Message::Promise { ballot, token, kept } => council::promised(node, from, ballot, token, kept, cx),
            Message::Store { kept, token, again } => council::asked_to_store(node, from, kept, token, again, cx),
            Message::Stored { ballot, number, .. } => council::stored(node, from, ballot, number, cx),
        }
    }
    fn on_timer(node: &mut Node<Self>, timer: Timer, cx: &mut Cx) {
        match timer {
            Timer::Honour => issuer::honour_is_over(node, cx),
            Timer::Quiet => issuer::quiet_is_over(node, cx),
            Timer::Term => holder::term_is_over(node, cx),
            Timer::Ask => holder::time_to_ask(node, cx),
            Timer::Act(number) => holder::act(node, number, cx),
            Timer::Beat => council::time_to_beat(node, cx),
            Timer::Stand => council::time_to_stand(node, cx),
        }
    }
    /// Whoever is no holder sends clients to one: to whom it granted, or to the first.
    fn on_request(node: &mut Node<Self>, request: Request<Self>, cx: &mut Cx) {
        if node.group == Some(HOLDERS as u32) {
            return holder::requested(node, request, cx);
        }
        let holder = node.volatile.given.map(|given| given.holder).or_else(|| cx.roster().group(HOLDERS).next());
        match holder {
            Some(holder) => cx.redirect(request.client, request.serial, holder),
            None => cx.refuse(request.client, request.serial),
        }
    }
    fn declines(answer: &Answer) -> bool {
        answer.declines()
    }
    fn answer_says(answer: &Answer) -> Says {
        answer.says()
    }
    fn draw_operation(chance: &mut Chance, _roster: &Roster) -> String {
        operation::draw(chance)
    }
    fn before(node: &Node<Self>) -> history::Before {
        history::before(node)
    }
    fn observe(history: &mut history::History, seen: &Observed<Self>, cluster: Cluster<Self>) {
        history::observe(history, seen, cluster);
    }
    fn beyond(history: &history::History) -> &[Assumption] {
        &history.beyond
    }
    fn deadline(_: &Config, history: &history::History, cluster: Cluster<Self>, after: Micros) -> Option<Micros> {
        history::deadline(history, cluster, after)
    }
    /// Two clocks, one slow and one fast by so much, are `error` apart after a term that the slow one counts. What
    /// readings may be, the history judges.
    fn clock_bound(config: &Config) -> Option<Ppm> {
        let apart = config.error * u64::from(MILLION) / (2 * config.term + config.error);
        (config.ends == Ends::Length).then_some((apart as Ppm).saturating_sub(1))
    }
    fn summary(message: &Message) -> Summary {
        view::summary(message)
    }
    fn message_fields(message: &Message) -> Vec<Field> {
        view::message_fields(message)
    }
    fn standing(node: &Node<Self>) -> Standing {
        view::standing(node)
    }
    fn view(node: &Node<Self>, look: &Look<Self>) -> NodeView {
        view::view(node, look)
    }
    fn table(seen: &Evidence<Self>) -> Option<Table> {
        Some(view::table(seen))
    }
    fn sets(seen: &Evidence<Self>) -> Vec<SetOf> {
        view::sets(seen)
    }
    fn spans(seen: &Evidence<Self>, from: Micros) -> Spans {
        view::spans(seen, from)
    }
    fn terms(seen: &Evidence<Self>) -> Terms {
        view::terms(seen)
    }
    fn decisions(seen: &Evidence<Self>, _members: &[NodeId]) -> Vec<Decision> {
        let quorum = Quorum::majority(seen.cluster.roster().group(ISSUERS));
        vec![Decision { id: "grant", quorum, can: Self::META.can, cannot: Self::META.cannot }]
    }
    fn entries(node: &Node<Self>) -> usize {
        node.volatile.writes.len() + node.volatile.clients.len()
    }
}
