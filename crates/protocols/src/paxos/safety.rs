//! What must hold. "Chosen" is a fact of the history: the votes for a value need not exist all at
//! one time, so the history keeps every promise and every vote that was ever made.

use synod_engine::prelude::*;
use synod_engine::text::join;

use crate::node_set::NodeSet;

use super::state::*;
use super::{ACCEPTORS, Paxos};

/// A machine before an event: its phase, and what it held to be chosen.
pub struct Before {
    ballot: Ballot,
    phase: Phase,
    promises: NodeSet,
    accepted: Option<Proposal>,
    promised: Ballot,
    chosen: Option<Proposal>,
}

impl Before {
    pub fn of(node: &Node<Paxos>) -> Before {
        let (durable, volatile) = (&node.durable, &node.volatile);
        let (ballot, phase, chosen) = (durable.highest, volatile.proposer.phase, volatile.learner.chosen);
        let promises = volatile.proposer.promises;
        Before { ballot, phase, promises, accepted: durable.accepted, promised: durable.promised, chosen }
    }
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct History {
    asked: Vec<Value>,
    acceptors: Vec<Acceptor>,
    ballots: Vec<Tried>,
    /// Every proposal that a majority accepted.
    chosen: Vec<Proposal>,
    learned: NodeSet,
    /// What the last event did that was not allowed.
    slip: Option<Slip>,
}

/// What an acceptor ever promised and accepted, whatever it may have forgotten since.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Acceptor {
    promised: Ballot,
    votes: Vec<Proposal>,
}

/// A ballot that was begun.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Tried {
    ballot: Ballot,
    proposer: NodeId,
    value: Option<Value>,
    promises: NodeSet,
    accepts: NodeSet,
    refused: NodeSet,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Slip {
    /// An acceptor went below this promise of its own.
    BelowPromise(NodeId, Ballot),
    /// A disk with this promise was wiped.
    LostPromise(NodeId, Ballot),
    /// A proposal was issued that no majority allows.
    NotCarried(NodeId, Proposal),
    /// Another value was issued in this ballot before.
    AnotherValue(NodeId, Proposal),
    /// A value was learned that no majority had accepted.
    NotChosen(NodeId, Proposal),
    /// A value was accepted that nobody had asked for.
    NotAsked(NodeId, Proposal),
}

pub fn observe(history: &mut History, seen: &Observed<Paxos>, roster: &Roster) {
    history.slip = None;
    match seen {
        Observed::Asked { operation, .. } if !history.asked.contains(&operation.0) => {
            history.asked.push(operation.0);
        }
        Observed::Handled { before, after, said, .. } => history.handled(before, after, said, roster),
        Observed::Fell { before, after } if after.durable.promised < before.promised => {
            history.slip(Slip::LostPromise(after.id, before.promised));
        }
        _ => {}
    }
}

impl History {
    fn slip(&mut self, slip: Slip) {
        self.slip.get_or_insert(slip);
    }

    fn handled(&mut self, before: &Before, after: &Node<Paxos>, said: &Said<Paxos>, roster: &Roster) {
        let majority = roster.count(ACCEPTORS) / 2 + 1;
        self.acceptors.resize(roster.len() as usize, Acceptor::default());
        self.promised_or_accepted(before, after, majority);
        let (durable, phase) = (&after.durable, after.volatile.proposer.phase);
        let promises = after.volatile.proposer.promises;
        // A proposal that its own acceptor refuses at once leaves no trace in the state.
        let accepts = said.messages().filter_map(|message| match message {
            Message::Accept(proposal) => Some(*proposal),
            _ => None,
        });
        let own = match phase {
            Phase::Accepting { value, .. } => Some(Proposal { ballot: durable.highest, value }),
            _ => None,
        };
        let known = match before.phase {
            Phase::Accepting { value, .. } => Some(Proposal { ballot: before.ballot, value }),
            _ => None,
        };
        let mut judged = known;
        for proposal in own.into_iter().chain(accepts) {
            if judged != Some(proposal) {
                self.issued(after.id, proposal, roster, majority);
                self.tried(after.id, proposal.ballot).value.get_or_insert(proposal.value);
                judged = Some(proposal);
            }
        }
        if durable.highest != before.ballot || phase != before.phase || promises != before.promises {
            self.progressed(after);
        }
        if let Some(chosen) = after.volatile.learner.chosen.filter(|_| before.chosen.is_none()) {
            self.learned.add(after.id);
            if !self.chosen.iter().any(|known| known.value == chosen.value) {
                self.slip(Slip::NotChosen(after.id, chosen));
            }
        }
    }

    fn promised_or_accepted(&mut self, before: &Before, after: &Node<Paxos>, majority: u32) {
        let durable = &after.durable;
        let acceptor = &mut self.acceptors[after.id.at()];
        let new = durable.accepted.filter(|_| durable.accepted != before.accepted);
        let went_below = durable.promised < before.promised && durable.promised < acceptor.promised;
        let below = new.is_some_and(|vote| vote.ballot < acceptor.promised);
        let promised = acceptor.promised;
        acceptor.promised = promised.max(durable.promised).max(new.map_or(0, |vote| vote.ballot));
        if below || went_below || (durable.promised != before.promised && durable.promised < promised) {
            self.slip(Slip::BelowPromise(after.id, promised));
        }
        let Some(vote) = new else {
            return;
        };
        self.acceptors[after.id.at()].votes.push(vote);
        // Who accepted, and not only whom the proposer heard of before it learned the outcome.
        let its =
            |tried: &&mut Tried| tried.ballot == vote.ballot && tried.value.is_none_or(|value| value == vote.value);
        self.ballots.iter_mut().filter(its).for_each(|tried| tried.accepts.add(after.id));
        if !self.asked.contains(&vote.value) {
            self.slip(Slip::NotAsked(after.id, vote));
        }
        let voters = self.acceptors.iter().filter(|acceptor| acceptor.votes.contains(&vote)).count();
        if voters as u32 >= majority && !self.chosen.contains(&vote) {
            self.chosen.push(vote);
        }
    }

    /// P2c (section 2.2): some majority has promised this ballot, and of the votes below it that
    /// were cast in that majority the highest has this value, or there is none.
    fn issued(&mut self, proposer: NodeId, proposal: Proposal, roster: &Roster, majority: u32) {
        let earlier = self.ballots.iter().filter(|tried| tried.ballot == proposal.ballot);
        if earlier.filter_map(|tried| tried.value).any(|value| value != proposal.value) {
            self.slip(Slip::AnotherValue(proposer, proposal));
        }
        let last_vote = |acceptor: &Acceptor| {
            let below = acceptor.votes.iter().filter(|vote| vote.ballot < proposal.ballot);
            below.copied().max_by_key(|vote| vote.ballot)
        };
        let promised: Vec<Option<Proposal>> = roster
            .group(ACCEPTORS)
            .filter_map(|id| self.acceptors.get(id.at()))
            .filter(|acceptor| acceptor.promised >= proposal.ballot)
            .map(last_vote)
            .collect();
        let up_to = |ballot: Ballot| {
            let within = promised.iter().filter(|vote| vote.map_or(0, |vote| vote.ballot) <= ballot);
            within.count() as u32 >= majority
        };
        let same = promised.iter().flatten().filter(|vote| vote.value == proposal.value);
        if !up_to(0) && !same.into_iter().any(|vote| up_to(vote.ballot)) {
            self.slip(Slip::NotCarried(proposer, proposal));
        }
    }

    fn tried(&mut self, proposer: NodeId, ballot: Ballot) -> &mut Tried {
        let at = self.ballots.iter().position(|tried| tried.ballot == ballot && tried.proposer == proposer);
        let at = at.unwrap_or_else(|| {
            let (promises, accepts, refused) = Default::default();
            self.ballots.push(Tried { ballot, proposer, value: None, promises, accepts, refused });
            self.ballots.len() - 1
        });
        &mut self.ballots[at]
    }

    fn progressed(&mut self, after: &Node<Paxos>) {
        let proposer = &after.volatile.proposer;
        if after.durable.highest == 0 {
            return;
        }
        let tried = self.tried(after.id, after.durable.highest);
        match proposer.phase {
            Phase::Preparing { refused, .. } | Phase::Accepting { refused, .. } => {
                (tried.promises, tried.refused) = (proposer.promises, refused)
            }
            Phase::Ready { .. } | Phase::Overtaken => tried.promises = proposer.promises,
            Phase::Idle => {}
        }
    }
}

type Judge = fn(&Slip) -> bool;

/// The slip of the last event, if it is of this kind.
fn slipped(seen: &Seen<Paxos>, of_this_kind: Judge) -> Option<Breach> {
    let slip = seen.history.slip.filter(of_this_kind)?;
    let (node, says, ballot, value) = match slip {
        Slip::BelowPromise(node, promised) => (
            node,
            text("{node} went below its promise of ballot {n}", "{node} 违背了对编号 {n} 的承诺"),
            promised,
            None,
        ),
        Slip::LostPromise(node, promised) => {
            (node, text("{node} has lost its promise of ballot {n}", "{node} 丢失了对编号 {n} 的承诺"), promised, None)
        }
        Slip::NotCarried(node, proposal) => (
            node,
            text(
                "{node} proposes {value} in ballot {n}, which no majority leaves it free to do",
                "{node} 以编号 {n} 提出 {value}，没有多数派允许",
            ),
            proposal.ballot,
            Some(proposal.value),
        ),
        Slip::AnotherValue(node, proposal) => (
            node,
            text(
                "{node} proposes {value} in ballot {n}, which had another value",
                "{node} 在编号 {n} 提出 {value}，此编号已有别的值",
            ),
            proposal.ballot,
            Some(proposal.value),
        ),
        Slip::NotChosen(node, proposal) => (
            node,
            text("{node} reports {value}, which no majority accepted", "{node} 报告 {value}，但没有多数派接受过它"),
            proposal.ballot,
            Some(proposal.value),
        ),
        Slip::NotAsked(node, proposal) => (
            node,
            text("{node} accepted {value}, which nobody asked for", "{node} 接受了没有人请求的 {value}"),
            proposal.ballot,
            Some(proposal.value),
        ),
    };
    let value = Says::same(value.map_or_else(String::new, |value| value.to_string()));
    let says = says.fill(&[("node", Says::same(node)), ("n", Says::same(ballot)), ("value", value)]);
    Some(Breach { nodes: vec![node], says })
}

fn agreement(seen: &Seen<Paxos>) -> Option<Breach> {
    let mut chosen = seen.history.chosen.iter();
    let first = chosen.next()?;
    let other = chosen.find(|proposal| proposal.value != first.value)?;
    let says = text("both {a} and {b} are chosen", "{a} 和 {b} 都被选定");
    let says = says.fill(&[("a", Says::same(first.value)), ("b", Says::same(other.value))]);
    Some(Breach { nodes: Vec::new(), says })
}

fn values(values: &[Value]) -> Says {
    let words: Vec<String> = values.iter().map(ToString::to_string).collect();
    Says::new(join(&words, ", "), join(&words, "、"))
}

/// A disk that was written keeps it: where one is lost, promises that were written there are lost too.
const KEPT: &[Assumption] = &[Assumption::DisksKept];

pub const INVARIANTS: &[Invariant<Paxos>] = &[
    Invariant {
        id: "validity",
        title: text("Validity", "有效性"),
        says: text("Only a value that a client proposed is accepted.", "只有客户端提出过的值才会被接受。"),
        source: "section 2.1",
        promise: |_| Promise::always(&[]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::NotAsked(..))),
        evidence: |seen| match seen.history.asked.as_slice() {
            [] => Says::new("nothing proposed yet", "还没有人提出值"),
            asked => text("only proposed values appear: {v}", "只出现过提出的值：{v}").fill(&[("v", values(asked))]),
        },
    },
    Invariant {
        id: "agreement",
        title: text("Agreement", "一致性"),
        says: text("At most one value is ever chosen.", "至多只有一个值被选定。"),
        source: "section 2.1",
        promise: |_| Promise::always(KEPT),
        check: agreement,
        evidence: |seen| match seen.history.chosen.first() {
            None => Says::new("at most one value chosen: none so far", "至多选定一个值：目前没有"),
            Some(first) => {
                text("{v} is chosen, and nothing else", "选定了 {v}，别无其他").fill(&[("v", Says::same(first.value))])
            }
        },
    },
    Invariant {
        id: "one-value-a-ballot",
        title: text("One value a ballot", "一个编号一个值"),
        says: text("No two values are proposed in one ballot.", "同一编号不会提出两个不同的值。"),
        source: "section 2.2; OneValuePerBallot",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::AnotherValue(..))),
        evidence: |seen| {
            let issued = seen.history.ballots.iter().filter(|tried| tried.value.is_some()).count();
            text("ballots with a value, each with one: {n}", "{n} 个编号提出过值，各只有一个")
                .fill(&[("n", Says::same(issued))])
        },
    },
    Invariant {
        id: "promises-kept",
        title: text("Promises kept", "信守承诺"),
        says: text(
            "No acceptor goes below what it has promised or accepted.",
            "接受者不会低于自己承诺或接受过的编号。",
        ),
        source: "section 2.2, P1a",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::BelowPromise(..) | Slip::LostPromise(..))),
        evidence: |seen| {
            let promised = seen.history.acceptors.iter().filter(|acceptor| acceptor.promised > 0).count();
            text("acceptors that promised, none went below: {n}", "{n} 个接受者做过承诺，无一违背")
                .fill(&[("n", Says::same(promised))])
        },
    },
    Invariant {
        id: "value-carried",
        title: text("Value carried", "沿用旧值"),
        says: text(
            "A proposal has the value of the highest one below it that some majority knows of, if there is one.",
            "提案的值必须是某个多数派所知的、编号更小者中最大的那个的值（若有）。",
        ),
        source: "section 2.2, P2c",
        promise: |_| Promise::always(KEPT),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::NotCarried(..))),
        evidence: |seen| match seen.history.ballots.iter().rev().find(|tried| tried.value.is_some()) {
            None => Says::new("no proposal issued yet", "还没有发出提案"),
            Some(tried) => text("ballot {n} was free to propose its value", "编号 {n} 有权提出它的值")
                .fill(&[("n", Says::same(tried.ballot))]),
        },
    },
    Invariant {
        id: "learning",
        title: text("Learning", "学习"),
        says: text("A learner reports only what is chosen.", "学习者只报告被选定的值。"),
        source: "section 2.1, 2.3",
        promise: |_| Promise::always(&[]),
        check: |seen| slipped(seen, |slip| matches!(slip, Slip::NotChosen(..))),
        evidence: |seen| match seen.history.learned.count() {
            0 => Says::new("no learner has reported a value", "还没有学习者报告过值"),
            n => text("{n} {n:machine knows|machines know} the chosen value", "{n} 台机器知道被选定的值")
                .fill(&[("n", Says::same(n))]),
        },
    },
];

const HEADS: &[Text] = &[
    text("ballot", "编号"),
    text("", ""),
    text("value", "值"),
    text("promises", "承诺"),
    text("accepts", "接受"),
    text("outcome", "结果"),
];

/// Whether no majority can accept a ballot any more: too many acceptors have promised a higher one.
fn overtaken(seen: &Evidence<Paxos>, tried: &Tried) -> bool {
    let roster = seen.cluster.roster();
    let may_accept = |id: &NodeId| {
        let promised = seen.history.acceptors.get(id.at()).map_or(0, |acceptor| acceptor.promised);
        tried.accepts.has(*id) || promised <= tried.ballot
    };
    (roster.group(ACCEPTORS).filter(may_accept).count() as u32) < roster.count(ACCEPTORS) / 2 + 1
}

/// Whether the proposer of a ballot still asks for its promises, or is about to propose in it.
fn pursued(seen: &Evidence<Paxos>, tried: &Tried) -> bool {
    seen.cluster.nodes().get(tried.proposer.at()).is_some_and(|node| {
        let asks = matches!(node.volatile.proposer.phase, Phase::Preparing { .. } | Phase::Ready { .. });
        asks && node.durable.highest == tried.ballot
    })
}

/// Every ballot that was begun, with its promises and its acceptances.
pub fn table(seen: &Evidence<Paxos>) -> Table {
    let History { ballots, chosen, .. } = seen.history;
    let of = seen.cluster.roster().count(ACCEPTORS);
    let row = |tried: &Tried| {
        let is_chosen = chosen.iter().any(|proposal| proposal.ballot == tried.ballot);
        let (state, says) = match tried.value {
            _ if is_chosen => ("chosen", text("chosen", "已选定")),
            _ if overtaken(seen, tried) => ("overtaken", text("overtaken", "被超越")),
            None if pursued(seen, tried) => ("preparing", text("preparing", "准备中")),
            None => ("given-up", text("given up", "已放弃")),
            Some(_) if tried.accepts.count() > 0 => ("in-doubt", text("in doubt", "未定")),
            Some(_) => ("proposed", text("proposed", "已提出")),
        };
        let refused = |phase: bool| if phase { tried.refused } else { NodeSet::default() };
        Attempt {
            epoch: tried.ballot,
            cells: vec![Says::same(tried.proposer), tried.value.map_or_else(Says::default, Says::same)],
            tallies: vec![
                tried.promises.tally(refused(tried.value.is_none()), of),
                tried.accepts.tally(refused(tried.value.is_some()), of),
            ],
            state,
            says: says.says(),
        }
    };
    let (tried, done) = (Says::same(ballots.len()), chosen.first());
    Table {
        title: text("Ballots", "尝试过的编号"),
        says: match done {
            None => text("{n} tried, none chosen", "尝试 {n} 个，尚未选定").fill(&[("n", tried)]),
            Some(first) => text("{n} tried, {v} chosen", "尝试 {n} 个，选定 {v}")
                .fill(&[("n", tried), ("v", Says::same(first.value))]),
        },
        heads: HEADS,
        rows: ballots.iter().map(row).collect(),
    }
}
