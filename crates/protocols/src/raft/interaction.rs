//! Client interaction (section 8) and reads (dissertation 6.4).

use synod_engine::cx::Noted;
use synod_engine::protocol::{Node, Request};

use super::replication::{advance_commit_index, append, broadcast_entries, reached_by_majority, send_entries};
use super::state::*;
use super::{Cx, Raft, mutants, rules};

/// The round of a read that cannot begin before an entry of the term is committed.
const NOT_BEGUN: u32 = u32::MAX;

pub fn handle_request(node: &mut Node<Raft>, request: Request<Raft>, cx: &mut Cx) {
    let local = cx.config().read_mode == ReadMode::Follower && request.operation.is_read();
    if local {
        let Request { client, serial, operation, .. } = request;
        let read = PendingRead { client, serial, operation, read_index: 0, round: 0 };
        cx.fire_noting(&rules::SERVE_LOCAL_READ, Noted::number(node.volatile.last_applied));
        return answer_read(node, &read, cx);
    }
    if !node.volatile.role.is_leader() {
        return send_away(node, &request, cx);
    }
    if request.operation.is_read() { read(node, request, cx) } else { write(node, request, cx) }
}

/// Section 8: a server that does not lead tells the client who does, if it knows.
fn send_away(node: &Node<Raft>, request: &Request<Raft>, cx: &mut Cx) {
    match node.volatile.leader.filter(|leader| *leader != cx.me()) {
        Some(leader) => {
            cx.fire_noting(&rules::REDIRECT_CLIENT, Noted::peer(leader));
            cx.redirect(request.client, request.serial, leader);
        }
        None => {
            cx.fire(&rules::REFUSE_CLIENT);
            cx.refuse(request.client, request.serial);
        }
    }
}

/// Section 8: a command that was done before is answered at once, and not done again.
fn write(node: &mut Node<Raft>, request: Request<Raft>, cx: &mut Cx) {
    let Request { client, serial, operation, .. } = request;
    if let Some(answer) = node.volatile.replica.answer(client, serial) {
        cx.fire(&rules::ANSWER_AGAIN);
        cx.answer(client, serial, answer);
    }
    if serial <= node.volatile.replica.done(client) && !cx.broken(&mutants::APPLY_TWICE) {
        return;
    }
    let index = append(node, Some(Command { client, serial, operation }), cx);
    if let Some(leadership) = node.volatile.role.leadership_mut() {
        leadership.waiters.push(Waiter { index, client, serial });
    }
    for peer in cx.others() {
        send_entries(node, peer, cx);
    }
    advance_commit_index(node, cx);
}

/// Answers those whose commands were applied here, while this server leads.
pub fn answer_waiters(node: &mut Node<Raft>, cx: &mut Cx) {
    let (applied, replica) = (node.volatile.last_applied, &node.volatile.replica);
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    leadership.waiters.retain(|waiter| {
        if waiter.index > applied {
            return true;
        }
        // A later command of the same client may have replaced the answer: then nobody waits.
        if let Some(answer) = replica.answer(waiter.client, waiter.serial) {
            cx.answer(waiter.client, waiter.serial, answer);
        }
        false
    });
    begin_reads(node, cx);
}

/// Dissertation 6.4: note the commit index, make sure to lead still, then answer.
fn read(node: &mut Node<Raft>, request: Request<Raft>, cx: &mut Cx) {
    let Request { client, serial, operation, .. } = request;
    let read_index = node.volatile.commit_index;
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    let read = PendingRead { client, serial, operation, read_index, round: NOT_BEGUN };
    leadership.reads.push(read);
    begin_reads(node, cx);
}

/// Step 1: a leader knows what is committed only once it has committed an entry of its term.
fn begin_reads(node: &mut Node<Raft>, cx: &mut Cx) {
    let commit = node.volatile.commit_index;
    let own_term = node.durable.log.term_at(commit) == Some(node.durable.term);
    if !cx.unless(&mutants::READ_BEFORE_COMMITTING, own_term) {
        return;
    }
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    let round = leadership.round + 1;
    let mut begun = 0;
    for read in leadership.reads.iter_mut().filter(|read| read.round == NOT_BEGUN) {
        (read.read_index, read.round) = (commit, round);
        begun += 1;
    }
    if begun == 0 {
        return;
    }
    let leased = leadership.lease.is_some_and(|lease| cx.unless(&mutants::LEASE_NEVER_ENDS, cx.clock() < lease.until));
    if !leased && !cx.broken(&mutants::READ_WITHOUT_ASKING) {
        cx.fire(&rules::CONFIRM_LEADERSHIP);
        return broadcast_entries(node, cx);
    }
    let reads = leadership.reads.clone();
    leadership.reads.retain(|read| read.round != round);
    for read in reads.iter().filter(|read| read.round == round) {
        let rule = if leased { &rules::SERVE_LEASE_READ } else { &rules::SERVE_READ };
        cx.fire_noting(rule, Noted::number(node.volatile.last_applied));
        answer_read(node, read, cx);
    }
}

/// Step 4: answers the reads whose round a majority has answered.
pub fn serve_reads(node: &mut Node<Raft>, cx: &mut Cx) {
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    if leadership.reads.is_empty() {
        return;
    }
    let confirmed = confirmed_round(leadership, cx);
    let applied = node.volatile.last_applied;
    let ready = |read: &PendingRead| read.round <= confirmed && read.read_index <= applied;
    let served: Vec<PendingRead> = leadership.reads.iter().filter(|read| ready(read)).copied().collect();
    leadership.reads.retain(|read| !ready(read));
    for read in &served {
        cx.fire_noting(&rules::SERVE_READ, Noted::number(applied));
        answer_read(node, read, cx);
    }
}

fn answer_read(node: &Node<Raft>, read: &PendingRead, cx: &mut Cx) {
    // Reading changes nothing, so a copy of the store, which costs O(1), serves as well.
    let outcome = node.volatile.replica.store.clone().apply(read.operation);
    cx.answer(read.client, read.serial, Answer { outcome, index: node.volatile.last_applied });
}

/// The last round that a majority, this server included, has answered.
pub fn confirmed_round(leadership: &Leadership, cx: &Cx) -> u32 {
    let answered = |node: usize, progress: &Progress| {
        if node == cx.me().at() { leadership.round } else { progress.round }
    };
    reached_by_majority(leadership.peers.iter().enumerate().map(|(n, p)| answered(n, p)), cx)
}

/// Dissertation 6.4.1: no one else can be elected until the least election timeout after the
/// beginning of a round that a majority answered, as long as clocks run alike. If each may run
/// faster or slower by a bound, this one may be slow and the others fast: so much shorter is the
/// lease.
pub fn extend_lease(node: &mut Node<Raft>, cx: &mut Cx) {
    if cx.config().read_mode != ReadMode::Lease {
        return;
    }
    let Some(leadership) = node.volatile.role.leadership_mut() else {
        return;
    };
    let confirmed = confirmed_round(leadership, cx);
    let newest = leadership.rounds.iter().filter(|(round, _)| *round <= confirmed).map(|(_, began)| *began).max();
    if let Some(began) = newest {
        let (least, bound) = (cx.config().election_timeout.0, u64::from(cx.config().clock_bound));
        leadership.lease = Some(Lease { began, until: began + (least * (100 - bound) / (100 + bound)) as i64 });
    }
    leadership.rounds.retain(|(round, _)| *round > confirmed);
}
