//! What the protocols of atomic commitment share: who takes part, what clients ask, the log on a disk, a participant's
//! data with its locks, and how a run is judged and shown. The rules, and what is said when, are each protocol's own.
//!
//! | Bernstein, Hadzilacos and Goodman (1987) | here |
//! |---|---|
//! | 1.2, 6.4 undo and redo; 3.2 strict two-phase locking | [`site`] |
//! | 7.3 the atomic commitment problem, AC1 to AC5 | [`safety`] |
//! | 7.4 the distributed transaction log | [`log`] |

pub mod history;
pub mod log;
pub mod operation;
pub mod safety;
pub mod site;
pub mod view;

use std::collections::BTreeMap;
use std::rc::Rc;

use synod_engine::cx::Cx;
use synod_engine::names::NodeId;
use synod_engine::protocol::{Authority, GroupKind, Named, Node, Nodes, Protocol, Request, Role};
use synod_engine::text::{Text, text};

use history::{Extra, History};
use log::{Durable, Txn, Word, Write};
use operation::{Answer, Operation};
use site::Site;

pub const COORDINATOR: usize = 0;
pub const PARTICIPANTS: usize = 1;

const fn role(id: &'static str, name: Text, authority: Authority, shape: &'static str) -> Role {
    Role { id, name, authority, shape, crest: false }
}

const COORDINATES: Text = text("coordinator", "协调者");
const PARTICIPATES: Text = text("participant", "参与者");

/// The coordinator, by what it is at, and the participants.
pub const ROLES: &[Role] = &[
    role("coordinator", COORDINATES, Authority::Follows, "hexagon"),
    role("coordinator", COORDINATES, Authority::Asks, "hexagon"),
    role("coordinator", COORDINATES, Authority::Commands, "hexagon"),
    role("participant", PARTICIPATES, Authority::Follows, "square"),
    role("participant", PARTICIPATES, Authority::Asks, "square"),
];

pub const NODES: Nodes = Nodes { min: 2, default: 5, max: 0 };

pub const GROUPS: &[GroupKind] = &[
    GroupKind {
        id: "coordinators",
        name: text("Coordinator", "协调者"),
        named: Named::Bare(b'T'),
        bounds: Nodes { min: 1, default: 1, max: 1 },
    },
    GroupKind {
        id: "participants",
        name: text("Participants", "参与者"),
        named: Named::Numbered(b'P'),
        bounds: Nodes { min: 1, default: 4, max: 9 },
    },
];

/// A protocol of atomic commitment, as those see it who judge and draw it.
pub trait Commitment:
    Protocol<
        Durable = Durable<<Self as Commitment>::Record>,
        History = History<<Self as Commitment>::Known>,
        Operation = Operation,
        Answer = Answer,
    >
{
    /// What its logs hold.
    type Record: Word;
    /// What it is judged by besides what all are.
    type Known: Extra;

    fn site(volatile: &Self::Volatile) -> &Site;
    fn site_mut(volatile: &mut Self::Volatile) -> &mut Site;
    /// Whether a transaction that a participant has not finished waits for a lock.
    fn waits(volatile: &Self::Volatile, txn: Txn) -> Option<bool>;
    /// What participants have said yes to and do not know the decision of.
    fn undecided(volatile: &Self::Volatile) -> impl Iterator<Item = (Txn, &[Write])>;
}

pub fn coordinates<P: Commitment>(machine: &Node<P>) -> bool {
    machine.group == Some(COORDINATOR as u32)
}

pub fn coordinator<P: Commitment>(cx: &Cx<P>) -> NodeId {
    cx.roster().group(COORDINATOR).next().unwrap_or(NodeId(0))
}

/// What each participant is asked for; what names no place is for everyone.
pub fn shares<P: Commitment>(writes: &[(Option<NodeId>, Write)], cx: &Cx<P>) -> Vec<(NodeId, Rc<[Write]>)> {
    let mut shares: BTreeMap<NodeId, Vec<Write>> = BTreeMap::new();
    for (place, write) in writes {
        match place {
            Some(one) => shares.entry(*one).or_default().push(*write),
            None => cx.roster().group(PARTICIPANTS).for_each(|one| shares.entry(one).or_default().push(*write)),
        }
    }
    shares.into_iter().map(|(one, share)| (one, Rc::from(share))).collect()
}

/// A client asks a participant: transactions are the coordinator's, and what names another is the other's.
pub fn ask_participant<P: Commitment>(node: &mut Node<P>, request: Request<P>, cx: &mut Cx<P>) {
    let Request { client, serial, operation, .. } = request;
    match operation {
        Operation::Tx(_) => cx.redirect(client, serial, coordinator(cx)),
        Operation::Get(to, _) | Operation::Veto(to) if to != cx.me() => cx.redirect(client, serial, to),
        Operation::Veto(_) => {
            P::site_mut(&mut node.volatile).vetoes = true;
            cx.answer(client, serial, Answer::Noted);
        }
        Operation::Get(_, key) => {
            let value = P::site_mut(&mut node.volatile).read((client, serial), key);
            value.into_iter().for_each(|value| cx.answer(client, serial, Answer::Value(value)));
        }
    }
}
