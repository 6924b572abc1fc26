//! Runs in which a promise does not hold, since what it rests on was broken or is not promised.

use synod_engine::prelude::*;

/// Three servers with all roles, and every message takes 10 ms.
const THREE: &str = "nodes=3 seed=11c9 network.latency=10..10";
/// Two of three that accepted the chosen value lose it, and choose another.
const A_MAJORITY: &str = "request A propose olive\n+60ms\ncrash B\nwipe B\nrestart B\ncrash C\nwipe C\nrestart C\npartition A | B C\nrequest B propose fig";

/// B forgets the ballot in which it proposed fig, and proposes another value in it.
const BALLOT_AGAIN: &str = "crash A\n+60ms\nrequest B propose fig\n+70ms\ncrash B\n+40ms\nrestart A\n+100ms\nwipe B\nrestart B\nrequest propose olive";

pub const ALL: &[Breaks] = &[
    Breaks { invariant: "agreement", without: Some(Assumption::DisksKept), config: THREE, script: A_MAJORITY },
    Breaks { invariant: "promises-kept", without: Some(Assumption::DisksKept), config: THREE, script: A_MAJORITY },
    Breaks { invariant: "value-carried", without: Some(Assumption::DisksKept), config: THREE, script: A_MAJORITY },
    Breaks {
        invariant: "one-value-a-ballot",
        without: Some(Assumption::DisksKept),
        config: "nodes=3 seed=11c9 network.latency=10..10 options.backoff=fixed",
        script: BALLOT_AGAIN,
    },
];
