//! The coordinator's side (7.4), and what it does when it is back (7.4.3).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use synod_engine::cx::Noted;
use synod_engine::names::NodeId;
use synod_engine::protocol::{Node, Request};

use crate::node_set::NodeSet;
use crate::transactions::log::{below_first_number, ends_block, last_number};
use crate::transactions::operation::{Answer, Operation};
use crate::transactions::shares;

use super::state::*;
use super::{Cx, TwoPhaseCommit, mutants, rules};

type Machine = Node<TwoPhaseCommit>;

pub fn on_request(node: &mut Machine, request: Request<TwoPhaseCommit>, cx: &mut Cx) {
    let Request { client, serial, operation, .. } = request;
    match operation {
        Operation::Tx(writes) => begin(node, (client, serial), &writes, cx),
        Operation::Get(to, _) | Operation::Veto(to) => cx.redirect(client, serial, to),
    }
}

/// Step 1. A command that is known is not begun again.
fn begin(node: &mut Machine, (client, serial): Command, writes: &[(Option<NodeId>, Write)], cx: &mut Cx) {
    if let Some(asked) = node.volatile.commands.get(&client).filter(|asked| asked.serial == serial) {
        match (asked.told, node.volatile.tries.get_mut(&asked.txn)) {
            (Some(told), _) => cx.answer(client, serial, Answer::Decided(told)),
            (None, Some(trying)) => trying.client = Some((client, serial)),
            (None, None) => {}
        }
        return;
    }
    let Volatile { commands, given, kept, below, newest, .. } = &mut node.volatile;
    if *given >= last_number((*kept).max(*below)) {
        return cx.refuse(client, serial);
    }
    *given += 1;
    let txn = *given;
    commands.insert(client, Asked { serial, txn, told: None });
    *newest = txn;
    let shares = shares(writes, cx);
    let participants: NodeSet = shares.iter().map(|(one, _)| *one).collect();
    let mut trying = Trying::of(participants, Phase::Collecting);
    (trying.client, trying.shares) = (Some((client, serial)), shares);
    node.volatile.tries.insert(txn, trying);
    if cx.config().logging == Logging::PresumedCommit && !cx.broken(&mutants::NO_COLLECTING) {
        cx.fire_noting(&rules::COLLECT, Noted::epoch(txn));
        node.durable.write(txn, What::Collecting(participants, (client, serial)));
        return cx.force(Timer::Collected(txn));
    }
    request_votes(node, txn, cx);
    if cx.config().logging != Logging::PresumedCommit {
        node.durable.write(txn, What::Start(participants, (client, serial)));
    }
}

pub fn collected(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    node.volatile.kept = node.volatile.kept.max(txn);
    request_votes(node, txn, cx);
}

fn request_votes(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let collecting = |trying: &&mut Trying| trying.phase == Phase::Collecting;
    let Some(trying) = node.volatile.tries.get_mut(&txn).filter(collecting) else { return };
    trying.phase = Phase::Voting;
    cx.fire_noting(&rules::REQUEST_VOTES, Noted::epoch(txn));
    let participants = trying.participants;
    for (one, writes) in std::mem::take(&mut trying.shares) {
        cx.send(one, Message::VoteReq { txn, writes, participants });
    }
    cx.set_timer(Timer::Votes(txn), (cx.config().timeout, cx.config().timeout));
}

pub fn receive(node: &mut Machine, from: NodeId, message: &Message, cx: &mut Cx) {
    match *message {
        Message::Yes(txn) => yes(node, from, txn, cx),
        Message::No(txn) => no(node, from, txn, cx),
        Message::Read(txn) => read(node, from, txn, cx),
        Message::Ack(txn) => acknowledged(node, from, txn, cx),
        Message::DecisionReq(txn) => asked(node, from, txn, cx),
        _ => {}
    }
}

/// Step 2: votes are counted by who gave them.
fn yes(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn).filter(|trying| trying.phase == Phase::Voting) else {
        // Where the absence of a record means something, it is said to those only who ask.
        return if cx.config().presumed().is_none() {
            answer(node, from, txn, cx)
        };
    };
    trying.yes.add(from);
    trying.said_yes += 1;
    cx.fire_noting(&rules::COUNT_YES, Noted { a: trying.yes.count(), peer: Some(from), ..Noted::epoch(txn) });
    commit_if_all_agree(node, txn, cx);
}

fn read(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    if let Some(trying) = node.volatile.tries.get_mut(&txn).filter(|trying| trying.phase == Phase::Voting) {
        trying.read.add(from);
        cx.fire_noting(&rules::COUNT_READ, Noted { peer: Some(from), ..Noted::epoch(txn) });
        commit_if_all_agree(node, txn, cx);
    }
}

fn commit_if_all_agree(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get(&txn) else { return };
    let of = trying.participants.count();
    let need = if cx.broken(&mutants::MAJORITY) { of / 2 + 1 } else { of };
    let have = if cx.broken(&mutants::COUNT_VOTES) { trying.said_yes } else { trying.yes.count() };
    if have + trying.read.count() >= need {
        decide(node, txn, Decided::Commit, cx);
    }
}

fn no(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    if cx.broken(&mutants::ANY_ANSWER) {
        return yes(node, from, txn, cx);
    }
    if let Some(trying) = node.volatile.tries.get_mut(&txn).filter(|trying| trying.phase == Phase::Voting) {
        trying.no.add(from);
        decide(node, txn, Decided::Abort, cx);
    }
}

pub fn votes_are_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    if node.volatile.tries.get(&txn).is_some_and(|trying| trying.phase == Phase::Voting) {
        cx.fire_noting(&rules::GIVE_UP, Noted::epoch(txn));
        decide(node, txn, Decided::Abort, cx);
    }
}

/// Step 3: the decision is written, and forced, before anybody is told.
fn decide(node: &mut Machine, txn: Txn, decided: Decided, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get_mut(&txn) else { return };
    trying.phase = Phase::Deciding(decided);
    cx.cancel_timer(Timer::Votes(txn));
    cx.fire_noting(
        if decided == Decided::Commit { &rules::DECIDE_COMMIT } else { &rules::DECIDE_ABORT },
        Noted::epoch(txn),
    );
    if decided == Decided::Commit {
        cx.won(txn, super::view::votes(trying));
        if cx.broken(&mutants::COMMIT_UNWRITTEN) {
            return tell(node, txn, cx);
        }
        if cx.broken(&mutants::COMMIT_BEFORE_WRITING) {
            let all: Vec<NodeId> = trying.told().collect();
            cx.send_all(all, Message::Commit(txn));
        }
    }
    // Where no information means abort, neither an abort nor what nobody has to be told of needs a forced record.
    let nobody = trying.told().next().is_none();
    if cx.config().presumed() == Some(Decided::Abort) && (nobody || decided == Decided::Abort) && !ends_block(txn) {
        if decided == Decided::Abort {
            node.durable.write(txn, What::Abort);
        }
        return tell(node, txn, cx);
    }
    node.durable.write(txn, decided.into());
    cx.force(Timer::Decided(txn));
}

/// The decision is on the disk.
pub fn decided(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    node.volatile.kept = node.volatile.kept.max(txn);
    tell(node, txn, cx);
}

/// The decision is told, to the client too. What is presumed is forgotten at once: nobody acknowledges it.
fn tell(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Volatile { tries, commands, decided: known, .. } = &mut node.volatile;
    let Some(trying) = tries.get_mut(&txn) else { return };
    let Phase::Deciding(decided) = trying.phase else { return };
    trying.phase = Phase::Telling(decided);
    let rule = if decided == Decided::Commit { &rules::TELL_COMMIT } else { &rules::TELL_ABORT };
    cx.fire_noting(rule, Noted { a: txn, ..Noted::epoch(txn) });
    cx.send_all(trying.told(), Message::of(decided, txn));
    if let Some((client, serial)) = trying.client {
        cx.answer(client, serial, Answer::Decided(decided));
    }
    commands.values_mut().filter(|asked| asked.txn == txn).for_each(|asked| asked.told = Some(decided));
    let presumed = cx.config().presumed();
    let nobody = trying.told().next().is_none();
    if presumed == Some(decided) || presumed.is_some() && nobody || cx.broken(&mutants::FORGET_EARLY) {
        tries.remove(&txn);
        return;
    }
    known.insert_mut(txn, decided);
    cx.set_timer(Timer::Acks(txn), (cx.config().timeout, cx.config().timeout));
    forget_if_all_know(node, txn, cx);
}

fn acknowledged(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    if let Some(trying) = node.volatile.tries.get_mut(&txn) {
        trying.acks.add(from);
        forget_if_all_know(node, txn, cx);
    }
}

fn forget_if_all_know(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let telling = |trying: &&Trying| matches!(trying.phase, Phase::Telling(_));
    let Some(trying) = node.volatile.tries.get(&txn).filter(telling) else { return };
    if trying.silent().next().is_none() {
        cx.fire_noting(&rules::FORGET, Noted::epoch(txn));
        // Who presumes nothing keeps what was decided, for whoever may ask.
        if cx.config().presumed().is_some() {
            node.volatile.decided.remove_mut(&txn);
        }
        node.durable.write(txn, What::End);
        node.volatile.tries.remove(&txn);
        cx.cancel_timer(Timer::Acks(txn));
    }
}

pub fn acks_are_late(node: &mut Machine, txn: Txn, cx: &mut Cx) {
    let Some(trying) = node.volatile.tries.get(&txn) else { return };
    if let Phase::Telling(decided) = trying.phase {
        cx.fire_noting(&rules::TELL_AGAIN, Noted::epoch(txn).with_nodes(trying.silent()));
        cx.send_all(trying.silent(), Message::of(decided, txn));
        cx.set_timer(Timer::Acks(txn), (cx.config().timeout, cx.config().timeout));
    }
}

/// A participant asks. Whoever has no record of a transaction never decided it, and so it is aborted.
fn asked(node: &mut Machine, from: NodeId, txn: Txn, cx: &mut Cx) {
    match node.volatile.tries.get_mut(&txn).filter(|_| node.volatile.decided.get(&txn).is_none()) {
        // What it decides is on its way to the disk: who asks meanwhile is told with the others.
        Some(trying) if matches!(trying.phase, Phase::Deciding(_)) => trying.participants.add(from),
        Some(_) => cx.fire_noting(&rules::STAY_SILENT, Noted { peer: Some(from), ..Noted::epoch(txn) }),
        None => answer(node, from, txn, cx),
    }
}

/// Tells one participant what is decided; nothing while it is being decided.
fn answer(node: &mut Machine, to: NodeId, txn: Txn, cx: &mut Cx) {
    if let Some(decided) = node.volatile.decided.get(&txn) {
        cx.fire_noting(&rules::ANSWER, Noted { peer: Some(to), ..Noted::epoch(txn) });
        return cx.send(to, Message::of(*decided, txn));
    }
    let Entry::Vacant(nothing) = node.volatile.tries.entry(txn) else { return };
    if let Some(presumed) = cx.config().presumed() {
        cx.fire_noting(&rules::PRESUME, Noted { peer: Some(to), ..Noted::epoch(txn) });
        return cx.send(to, Message::of(presumed, txn));
    }
    nothing.insert(Trying::of(NodeSet::of(to), Phase::Deciding(Decided::Abort)));
    node.volatile.newest = node.volatile.newest.max(txn);
    cx.fire_noting(&rules::ABORT_UNDECIDED, Noted::epoch(txn));
    node.durable.write(txn, What::Abort);
    cx.force(Timer::Decided(txn));
}

/// What the log says of a transaction that is not ended.
#[derive(Default)]
struct Found {
    participants: NodeSet,
    decided: Option<Decided>,
}

fn read_log(durable: &Durable, volatile: &mut Volatile) -> BTreeMap<Txn, Found> {
    let mut open: BTreeMap<Txn, Found> = BTreeMap::new();
    for Record { txn, what } in durable.log.iter() {
        match what {
            What::Start(participants, (client, serial)) | What::Collecting(participants, (client, serial)) => {
                open.insert(*txn, Found { participants: *participants, decided: None });
                volatile.commands.insert(*client, Asked { serial: *serial, txn: *txn, told: None });
            }
            What::End => drop(open.remove(txn)),
            _ => {
                if let Some(decided) = what.decision() {
                    volatile.decided.insert_mut(*txn, decided);
                    open.entry(*txn).or_default().decided = Some(decided);
                }
            }
        }
    }
    for asked in volatile.commands.values_mut() {
        asked.told = volatile.decided.get(&asked.txn).copied();
    }
    open
}

/// The coordinator is back (7.4.3): what it had not decided is aborted, what it had is told again. Of what is presumed
/// it needs to know nothing.
pub fn boot(durable: &mut Durable, volatile: &mut Volatile, cx: &mut Cx) {
    let open = read_log(durable, volatile);
    let presumed = cx.config().presumed();
    if presumed.is_some() {
        let known = |txn: &Txn, decided: &Decided| open.contains_key(txn) && presumed != Some(*decided);
        volatile.decided = volatile.decided.iter().filter(|(txn, decided)| known(txn, decided)).map(own).collect();
    }
    volatile.kept = durable.newest();
    volatile.below = below_first_number(volatile.kept, cx.starts());
    volatile.given = volatile.below;
    for (txn, Found { participants, decided }) in open {
        match decided {
            None if presumed == Some(Decided::Abort) => forget_undecided(volatile, txn),
            None => {
                cx.fire_noting(&rules::ABORT_UNDECIDED, Noted::epoch(txn));
                durable.write(txn, What::Abort);
                cx.force(Timer::Decided(txn));
                volatile.tries.insert(txn, Trying::of(participants, Phase::Deciding(Decided::Abort)));
            }
            Some(decided) if participants.count() > 0 && presumed != Some(decided) => {
                cx.fire_noting(&rules::TELL_AFTER_RESTART, Noted::epoch(txn));
                cx.send_all(participants.iter(), Message::of(decided, txn));
                volatile.tries.insert(txn, Trying::of(participants, Phase::Telling(decided)));
                cx.set_timer(Timer::Acks(txn), (cx.config().timeout, cx.config().timeout));
            }
            Some(_) => {}
        }
    }
}

fn own((txn, decided): (&Txn, &Decided)) -> (Txn, Decided) {
    (*txn, *decided)
}

/// No information means abort, and so nothing need be written: whoever asks is told.
fn forget_undecided(volatile: &mut Volatile, txn: Txn) {
    volatile.commands.values_mut().filter(|asked| asked.txn == txn).for_each(|asked| asked.told = Some(Decided::Abort));
}
