//! Log replication (5.3) and the commit rule (5.4.2).
//!
//! A follower that has acknowledged an entry to a leader holds it for the rest of the term. So a
//! refusal that goes back behind the match is one of two things: an old one, overtaken by the
//! acknowledgement, which must change nothing (etcd 1207); or the follower has lost its disk, and
//! figure 2's nextIndex must go back to where it is, or it is refused for ever (braft 292). What
//! tells them apart is which message was refused. Each carries its round, and a refusal gives it
//! back. A message of a later round than that in which the match was learned was sent when the
//! leader knew of it, and so after the follower had said so: whoever refuses that one has lost what
//! it had. Then its match is nothing, lest a lost entry be counted, and a new round begins: what it
//! said in earlier ones may be of before the loss.

use synod_engine::cx::Noted;
use synod_engine::names::NodeId;
use synod_engine::protocol::{Node, Tally};

use super::election::{become_follower, heard_by_majority};
use super::interaction::{answer_waiters, confirmed_round, extend_lease, serve_reads};
use super::state::*;
use super::{Cx, Raft, mutants, rules};
use crate::timers::Timer;

/// Section 5.3: the leader appends to its own log first.
pub fn append(node: &mut Node<Raft>, command: Option<Command>, cx: &mut Cx) -> Index {
    let term = node.durable.term;
    let index = node.durable.log.append(Entry { term, command });
    cx.fire_noting(&rules::APPEND_ENTRY, Noted::number(index));
    index
}

/// A round of AppendEntries to everyone: a heartbeat where nothing is left to send (5.2).
pub fn broadcast_entries(node: &mut Node<Raft>, cx: &mut Cx) {
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    leadership.round += 1;
    if cx.config().read_mode == ReadMode::Lease {
        let oldest = cx.clock() - cx.config().election_timeout.0 as i64;
        leadership.rounds.retain(|(_, began)| *began > oldest);
        leadership.rounds.push((leadership.round, cx.clock()));
    }
    for peer in cx.others() {
        send_entries(node, peer, cx);
    }
    let heartbeat = cx.config().heartbeat;
    cx.set_timer(Timer::Heartbeat, (heartbeat, heartbeat));
    advance_commit_index(node, cx);
    serve_reads(node, cx);
}

/// Sends a peer the entries from its next index on, as many as one message takes.
pub fn send_entries(node: &mut Node<Raft>, to: NodeId, cx: &mut Cx) {
    let (term, log, commit) = (node.durable.term, &node.durable.log, node.volatile.commit_index);
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    let progress = &mut leadership.peers[to.at()];
    // Only a broken rule can shorten a leader's log below what it has sent.
    progress.next_index = progress.next_index.clamp(1, log.last_index() + 1);
    let prev_index = progress.next_index - 1;
    let prev_term = log.term_at(prev_index).unwrap_or(0);
    let entries = log.slice(progress.next_index, cx.config().entries_per_message);
    progress.sent = progress.sent.max(prev_index + entries.len() as Index);
    let round = leadership.round;
    cx.send(to, Message::AppendEntries { term, prev_index, prev_term, entries, commit, round });
}

/// What an AppendEntries message says.
pub struct Entries {
    pub term: Term,
    pub prev_index: Index,
    pub prev_term: Term,
    pub entries: Vec<Entry>,
    pub commit: Index,
    pub round: u32,
}

/// Figure 2, AppendEntries RPC, receiver implementation.
pub fn handle_append_entries(node: &mut Node<Raft>, from: NodeId, message: Entries, cx: &mut Cx) {
    let current = message.term >= node.durable.term;
    if !cx.unless(&mutants::OBEY_OLD_LEADERS, current) {
        cx.fire_noting(&rules::REJECT_STALE_LEADER, Noted::peer(from));
        return reply(node, from, message.round, Appended::Stale, cx);
    }
    if !hear_leader(node, from, cx) {
        return;
    }
    let log = &node.durable.log;
    let consistent = log.term_at(message.prev_index) == Some(message.prev_term);
    let present = message.prev_index <= log.last_index();
    if !(present && cx.unless(&mutants::SKIP_CONSISTENCY_CHECK, consistent)) {
        cx.fire_noting(&rules::REJECT_ENTRIES, Noted { a: message.prev_index, ..Noted::peer(from) });
        let result = conflict(log, message.prev_index);
        return reply(node, from, message.round, result, cx);
    }
    accept_entries(node, from, message.prev_index, &message.entries, cx);
    let verified = message.prev_index + message.entries.len() as Index;
    learn_commit_index(node, message.commit, verified, cx);
    let whole = cx.broken(&mutants::ACK_WHOLE_LOG);
    let index = if whole { node.durable.log.last_index() } else { verified };
    let new = !message.entries.is_empty();
    reply(node, from, message.round, Appended::UpTo { index, new }, cx);
}

fn reply(node: &Node<Raft>, to: NodeId, round: u32, result: Appended, cx: &mut Cx) {
    cx.send(to, Message::AppendEntriesReply { term: node.durable.term, round, result });
}

/// Section 5.2: a candidate that hears a current leader follows it. False for one who leads.
fn hear_leader(node: &mut Node<Raft>, from: NodeId, cx: &mut Cx) -> bool {
    if node.volatile.role.is_leader() {
        return cx.broken(&mutants::NEVER_STEP_DOWN);
    }
    if node.volatile.role != Role::Follower {
        cx.fire_noting(&rules::RECOGNISE_LEADER, Noted::peer(from));
        become_follower(node, cx);
    }
    node.volatile.leader = Some(from);
    node.volatile.heard_leader = Some(cx.clock());
    cx.set_timer(Timer::Election, cx.config().election_timeout);
    true
}

/// End of section 5.3: the conflicting term and its first index, so that the leader can skip it.
fn conflict(log: &Log, prev_index: Index) -> Appended {
    match log.term_at(prev_index) {
        Some(term) => Appended::Conflict { index: log.first_of_term(term), term: Some(term) },
        None => Appended::Conflict { index: log.last_index() + 1, term: None },
    }
}

/// Figure 2, AppendEntries steps 3 and 4: delete what conflicts, append what is new, and leave
/// alone what is there already.
fn accept_entries(node: &mut Node<Raft>, from: NodeId, prev_index: Index, entries: &[Entry], cx: &mut Cx) {
    let log = &mut node.durable.log;
    let mut changed = false;
    for (entry, index) in entries.iter().zip(prev_index + 1..) {
        match log.term_at(index) {
            Some(term) if term == entry.term => continue,
            Some(_) if cx.broken(&mutants::KEEP_CONFLICTS) => continue,
            Some(_) => {
                log.truncate(index - 1);
                cx.fire_noting(&rules::TRUNCATE_CONFLICT, Noted { a: index, ..Noted::peer(from) });
            }
            None => {}
        }
        log.append(*entry);
        changed = true;
    }
    if changed {
        let last = prev_index + entries.len() as Index;
        cx.fire_noting(&rules::ACCEPT_ENTRIES, Noted { a: last, ..Noted::peer(from) });
    }
    if cx.broken(&mutants::ALWAYS_TRUNCATE) {
        log.truncate(prev_index + entries.len() as Index);
    }
}

/// Figure 2, AppendEntries step 5: not beyond the last entry that this message verified.
fn learn_commit_index(node: &mut Node<Raft>, leader_commit: Index, verified: Index, cx: &mut Cx) {
    let commit = leader_commit.min(verified);
    if commit > node.volatile.commit_index {
        node.volatile.commit_index = commit;
        cx.fire_noting(&rules::LEARN_COMMIT_INDEX, Noted::number(commit));
        apply_entries(node, cx);
    }
}

/// Figure 2, "Rules for servers: leaders".
pub fn handle_append_entries_reply(
    node: &mut Node<Raft>,
    from: NodeId,
    (term, round, result): (Term, u32, Appended),
    cx: &mut Cx,
) {
    let last_index = node.durable.log.last_index();
    let current = term == node.durable.term;
    // What refuses an earlier term of this leader's says nothing of this one, whose rounds it does
    // not number.
    let Some(leadership) = node.volatile.role.leadership_mut().filter(|_| current && result != Appended::Stale) else {
        return;
    };
    let confirmed = cx.config().check_quorum.then(|| confirmed_round(leadership, cx));
    let progress = &mut leadership.peers[from.at()];
    progress.round = progress.round.max(round);
    match result {
        Appended::UpTo { .. } if round <= progress.lost => {}
        Appended::UpTo { index, .. } => {
            let advanced = index.min(last_index) > progress.match_index;
            if advanced {
                (progress.match_index, progress.learned) = (index.min(last_index), leadership.round);
            }
            progress.next_index = progress.next_index.max(progress.match_index + 1);
            // Only an answer that tells something new is answered: else copies would breed copies.
            if advanced && progress.sent < last_index {
                send_entries(node, from, cx);
            }
        }
        Appended::Conflict { index, term } => back_off(node, from, round, (index, term), cx),
        Appended::Stale => {}
    }
    if let (Some(confirmed), Some(leadership)) = (confirmed, node.volatile.role.leadership())
        && confirmed_round(leadership, cx) > confirmed
    {
        heard_by_majority(cx);
    }
    advance_commit_index(node, cx);
    extend_lease(node, cx);
    serve_reads(node, cx);
}

/// End of section 5.3: past the conflicting term at once, and not below what is known to match,
/// unless that was lost.
fn back_off(node: &mut Node<Raft>, from: NodeId, round: u32, (index, term): (Index, Option<Term>), cx: &mut Cx) {
    let own = term.and_then(|term| node.durable.log.last_of_term(term));
    let next = own.map_or(index, |last| last + 1);
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    let progress = &mut leadership.peers[from.at()];
    if next <= progress.match_index && round > progress.learned {
        (progress.match_index, progress.lost) = (0, leadership.round);
        leadership.round += 1;
    }
    let next = next.max(progress.match_index + 1);
    // An old refusal, overtaken by a newer answer, tells nothing new.
    if next < progress.next_index {
        progress.next_index = next;
        progress.sent = next - 1;
        cx.fire_noting(&rules::BACK_OFF, Noted { a: next, ..Noted::peer(from) });
        send_entries(node, from, cx);
    }
}

/// Figure 2 and section 5.4.2: the highest index that a majority holds, if its entry is of the
/// leader's own term; what stands before it is committed with it.
pub fn advance_commit_index(node: &mut Node<Raft>, cx: &mut Cx) {
    let log = &node.durable.log;
    let Some(leadership) = node.volatile.role.leadership() else {
        return;
    };
    let me = cx.me();
    let matched = |peer: NodeId| {
        if peer == me { log.last_index() } else { leadership.peers[peer.at()].match_index }
    };
    let indices = (0..cx.nodes()).map(|peer| matched(NodeId(peer)));
    // Most answers commit nothing: then it is enough to count once.
    let beyond = indices.clone().filter(|index| *index > node.volatile.commit_index);
    if (beyond.count() as u32) < cx.majority() {
        return;
    }
    let held = reached_by_majority(indices, cx);
    let own_term = log.term_at(held) == Some(node.durable.term);
    if held <= node.volatile.commit_index || !cx.unless(&mutants::COMMIT_OLD_TERMS, own_term) {
        return;
    }
    let holders = (0..cx.nodes()).map(NodeId).filter(|peer| matched(*peer) >= held);
    let have: Vec<NodeId> = holders.collect();
    let noted = Noted::number(held).with_nodes(have.iter().copied());
    node.volatile.commit_index = held;
    cx.won(node.durable.term, Tally { have, refused: Vec::new(), need: cx.majority(), of: cx.nodes() });
    cx.fire_noting(&rules::ADVANCE_COMMIT_INDEX, noted);
    apply_entries(node, cx);
}

/// The highest number that a majority has reached. Counting costs less than sorting for the few numbers that there are
/// at one time, and needs no memory.
pub fn reached_by_majority(numbers: impl Iterator<Item = u32> + Clone, cx: &Cx) -> u32 {
    let reached = |least: u32| numbers.clone().filter(|number| *number >= least).count() as u32;
    let higher = |held: u32, number: u32| {
        if number > held && reached(number) >= cx.majority() { number } else { held }
    };
    numbers.clone().fold(0, higher)
}

/// Figure 2, "Rules for all servers", and section 8: each command is done once, however often it
/// stands in the log.
fn apply_entries(node: &mut Node<Raft>, cx: &mut Cx) {
    let volatile = &mut node.volatile;
    while volatile.last_applied < volatile.commit_index {
        let Some(entry) = node.durable.log.get(volatile.last_applied + 1) else {
            break;
        };
        volatile.last_applied += 1;
        let Some(command) = entry.command else {
            continue;
        };
        let new = command.serial > volatile.replica.done(command.client);
        if cx.unless(&mutants::APPLY_TWICE, new) {
            volatile.replica.apply(&command, volatile.last_applied);
        }
    }
    answer_waiters(node, cx);
}
