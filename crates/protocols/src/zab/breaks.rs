//! Runs in which a promise does not hold, since what it rests on was broken.

use synod_engine::prelude::*;

/// Three servers, and every message takes 10 ms: C leads epoch 1 after a quarter of a second.
const THREE: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60";
/// The same, and a follower waits long for its leader.
const PATIENT: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 options.timeout=1500..1500";
/// Messages overtake one another.
const UNORDERED: &str = "nodes=3 seed=7 network.latency=2..30 network.reorder=true options.finalizeWait=90";

/// B and C lose an epoch and what they acknowledged in it, and begin it again under C; A, who followed, is paused.
const ONE_EPOCH_TWICE: &str = "+265ms\nrequest C set x 1\n+35ms\npause A\n+10ms\ncrash B\nwipe B\ncrash C\nwipe C\nrestart B\nrestart C\n+240ms\nrequest by C2 C set x 2\n+35ms\nresume A";
/// A and B lose what C had delivered, and B leads epochs 1 and 2 without it.
const BOTH_HOLDERS: &str = "+265ms\nrequest C set x 1\n+60ms\ncrash C\ncrash A\nwipe A\ncrash B\nwipe B\nrestart A\nrestart B\n+300ms\ncrash B\n+20ms\nrestart B\n+500ms\nrequest by C2 B set x 2";
/// What is delivered is of epoch 2; B and C lose that, and C begins epoch 1 again.
const BACK_TO_ONE: &str = "+265ms\ncrash C\n+600ms\nrequest B set x 1\n+60ms\ncrash A\ncrash B\nwipe B\nwipe C\nrestart B\nrestart C\n+300ms\nrequest by C2 C set x 2\n+60ms\nrequest by C2 C set x 3";
/// A loses what it has acknowledged, before the leader hears that it has it.
const ACKNOWLEDGED: &str = "+265ms\nrequest C set x 1\n+15ms\ncrash B\n+10ms\ncrash A\nwipe A";
/// A has more of epoch 1 than the leader that begins it a second time, and keeps that.
const MORE_THAN_THE_LEADER: &str = "+265ms\nrequest C set x 1\nrequest C set x 2\n+60ms\ncrash A\ncrash B\nwipe B\ncrash C\nwipe C\nrestart B\nrestart C\n+300ms\nrequest by C3 C set y 1\n+60ms\nrestart A";

/// C1 has seen two transactions of epoch 1; A and B lose them, and in epoch 2 one is more than both.
const SEEN_AND_LOST: &str = "+265ms\nrequest by C1 C set x 1\n+60ms\nrequest by C1 C set x 2\n+60ms\ncrash C\ncrash A\nwipe A\ncrash B\nwipe B\nrestart A\nrestart B\n+300ms\ncrash B\n+20ms\nrestart B\n+500ms\nrequest by C2 B set x 3\n+60ms\nrequest by C1 B get x";

/// Whoever is asked answers.
const NO_SESSIONS: &str = "nodes=3 seed=7 network.latency=10..10 options.finalizeWait=60 options.sessions=false";
/// A is cut off; C1 is answered by C, and asks A next.
const MOVED: &str = "+265ms\npartition A | B C\nrequest by C1 C set x 1\n+60ms\nrequest by C1 A get x";

const fn wiped(invariant: &'static str, config: &'static str, script: &'static str) -> Breaks {
    Breaks { invariant, without: Some(Assumption::DisksKept), config, script }
}

const fn missed(without: Assumption, config: &'static str, script: &'static str) -> Breaks {
    Breaks { invariant: "nothing-unexpected", without: Some(without), config, script }
}

pub const ALL: &[Breaks] = &[
    wiped("leadership", THREE, BOTH_HOLDERS),
    wiped("integrity", PATIENT, ONE_EPOCH_TWICE),
    wiped("total-order", PATIENT, ONE_EPOCH_TWICE),
    wiped("primary-order", THREE, BACK_TO_ONE),
    wiped("primary-integrity", THREE, BOTH_HOLDERS),
    wiped("committed-only", THREE, ACKNOWLEDGED),
    wiped("epochs-grow", THREE, ACKNOWLEDGED),
    wiped("writes-in-order", THREE, BACK_TO_ONE),
    wiped("sessions-in-order", THREE, SEEN_AND_LOST),
    Breaks { invariant: "sessions-in-order", without: None, config: NO_SESSIONS, script: MOVED },
    missed(Assumption::DisksKept, THREE, MORE_THAN_THE_LEADER),
    missed(Assumption::NoPartition, THREE, "+265ms\nrequest C set x 1\n+12ms\npartition A\n+10ms\nheal"),
    missed(Assumption::NothingLost, THREE, "+265ms\nrequest C set x 1\n+15ms\ndrop propose C -> A"),
    missed(
        Assumption::LinksInOrder,
        UNORDERED,
        "+250ms\nrequest set x 1\nrequest set x 2\nrequest set x 3\n+5ms\nrequest set y 1\nrequest set y 2",
    ),
];
