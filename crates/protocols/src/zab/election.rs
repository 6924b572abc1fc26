//! Phase 0: fast leader election (ZooKeeper, FastLeaderElection). Everyone votes for whom it knows to have most, and
//! says so again whenever it hears of someone better. Whoever only observes asks those
//! who have a vote, until it hears of one that leads.

use synod_engine::prelude::*;

use super::leading::lead;
use super::state::*;
use super::{Cx, Zab, mutants, rules};

type Server = Node<Zab>;

/// Notifications wait at most so long for answers.
const LONGEST: Micros = 60_000 * MS;

/// It has no leader: a round begins, and it votes for itself.
pub fn look(node: &mut Server, cx: &mut Cx) {
    for timer in [Timer::Wait, Timer::Ping, Timer::Finalize] {
        cx.cancel_timer(timer);
    }
    node.volatile.round += 1;
    node.volatile.vote = own_vote(node, cx);
    let patience = cx.config().finalize;
    node.volatile.role = Role::Looking(Looking { patience, ..Looking::default() });
    if node.volatile.observes {
        cx.fire(&rules::ASK_WHO_LEADS);
    } else {
        cx.fire_noting(&rules::LOOK, Noted::number(node.volatile.round));
    }
    notify(node, cx);
}

fn own_vote(node: &Server, cx: &Cx) -> Vote {
    let epoch = if cx.broken(&mutants::PROMISE_FOR_HISTORY) { node.durable.accepted } else { node.durable.current };
    Vote { epoch, zxid: node.durable.last(), leader: cx.me().0 }
}

/// Whether a vote is better. What one has is compared before who one is; an oracle asks only the latter.
fn beats(one: Vote, other: Vote, cx: &Cx) -> bool {
    let by_name = cx.config().election == Election::Oracle || cx.broken(&mutants::ELECT_BY_NAME);
    if by_name { one.leader > other.leader } else { one > other }
}

/// It says whom it would have, and waits for answers, longer each time.
fn notify(node: &mut Server, cx: &mut Cx) {
    let (round, vote) = (node.volatile.round, node.volatile.vote);
    let Role::Looking(looking) = &mut node.volatile.role else { return };
    cx.set_timer(Timer::Notify, (looking.patience, looking.patience));
    if !node.volatile.observes {
        looking.votes.insert(cx.me(), vote);
        looking.patience = (2 * looking.patience).min(LONGEST);
    }
    let voters: Vec<NodeId> = cx.others().filter(|one| cx.config().votes(*one)).collect();
    cx.send_all(voters, Message::Notification { round, vote, stands: Stands::Looking });
    count(node, cx);
}

/// Nobody has answered in time; or it was started just now.
pub fn notify_again(node: &mut Server, cx: &mut Cx) {
    if node.volatile.round == 0 { look(node, cx) } else { notify(node, cx) }
}

pub fn hear(node: &mut Server, from: NodeId, (round, vote): (u32, Vote), stands: Stands, cx: &mut Cx) {
    // Whoever looks for a leader leads nobody, and follows nobody.
    if stands == Stands::Looking && node.volatile.role.following().is_some_and(|one| one.leader == from) {
        look(node, cx);
    }
    let mine = node.volatile.vote;
    let own = own_vote(node, cx);
    match &mut node.volatile.role {
        // Whoever only observes counts for nothing, and wants to know who leads, not who might.
        Role::Looking(_) if !cx.config().votes(from) => {}
        Role::Looking(_) if node.volatile.observes && stands == Stands::Looking => {}
        // Whoever has a leader tells whoever looks for one.
        Role::Following(_) | Role::Leading(_) if stands != Stands::Looking => {}
        Role::Following(_) => answer(node, from, cx),
        Role::Leading(leading) => {
            leading.learners.remove(&from);
            answer(node, from, cx);
        }
        Role::Looking(looking) if stands != Stands::Looking => {
            looking.settled.insert(from, (round, vote, stands == Stands::Leading));
            join(node, vote, cx);
        }
        Role::Looking(_) if round < node.volatile.round => answer(node, from, cx),
        Role::Looking(looking) => {
            let newer = round > node.volatile.round;
            if newer {
                looking.votes.clear();
                node.volatile.round = round;
                node.volatile.vote = if beats(vote, own, cx) { vote } else { own };
            } else if beats(vote, mine, cx) {
                node.volatile.vote = vote;
            }
            if newer || node.volatile.vote != mine {
                cx.cancel_timer(Timer::Finalize);
                cx.fire_noting(&rules::VOTE, Noted::peer(NodeId(node.volatile.vote.leader)));
                looking.votes.insert(from, vote);
                return notify(node, cx);
            }
            looking.votes.insert(from, vote);
            count(node, cx);
        }
    }
}

/// It tells one that is behind how it stands.
fn answer(node: &Server, to: NodeId, cx: &mut Cx) {
    let stands = match &node.volatile.role {
        Role::Looking(_) => Stands::Looking,
        Role::Following(_) => Stands::Following,
        Role::Leading(_) => Stands::Leading,
    };
    cx.send(to, Message::Notification { round: node.volatile.round, vote: node.volatile.vote, stands });
}

/// A quorum that agrees with it: better votes are waited for, and then it is decided.
fn count(node: &mut Server, cx: &mut Cx) {
    let Role::Looking(looking) = &node.volatile.role else { return };
    let agree = looking.votes.values().filter(|vote| **vote == node.volatile.vote).count() as u32;
    if agree >= cx.config().majority() {
        cx.set_timer(Timer::Finalize, (cx.config().finalize, cx.config().finalize));
    }
}

pub fn finalized(node: &mut Server, cx: &mut Cx) {
    if let Role::Looking(_) = node.volatile.role {
        decide(node, cx);
    }
}

/// A quorum has a leader already, which says so itself: there is nothing to wait for.
fn join(node: &mut Server, vote: Vote, cx: &mut Cx) {
    let Role::Looking(looking) = &node.volatile.role else { return };
    let same = |one: &&(u32, Vote, bool)| one.1.leader == vote.leader;
    let many = looking.settled.values().filter(same).count() as u32;
    let leads = looking.settled.get(&NodeId(vote.leader)).is_some_and(|(_, _, leads)| *leads);
    if many >= cx.config().majority() && leads {
        let round = looking.settled.values().filter(same).map(|one| one.0).max().unwrap_or(node.volatile.round);
        (node.volatile.round, node.volatile.vote) = (round, vote);
        decide(node, cx);
    }
}

fn decide(node: &mut Server, cx: &mut Cx) {
    cx.cancel_timer(Timer::Notify);
    cx.cancel_timer(Timer::Finalize);
    let leader = NodeId(node.volatile.vote.leader);
    if leader == cx.me() {
        return lead(node, cx);
    }
    let rule = if node.volatile.observes { &rules::OBSERVE } else { &rules::FOLLOW };
    cx.fire_noting(rule, Noted::peer(leader));
    let (phase, syncing, forwarded) = (Phase::Discovery, Vec::new(), Vec::new());
    node.volatile.role = Role::Following(Following { leader, phase, promised: false, syncing, forwarded });
    cx.set_timer(Timer::Wait, cx.config().timeout);
    cx.send(leader, Message::CEpoch { accepted: node.durable.accepted });
}
