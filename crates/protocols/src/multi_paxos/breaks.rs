//! Runs in which a promise does not hold, since what it rests on was broken or is not promised.

use synod_engine::prelude::*;

/// Three servers, and every message takes 10 ms.
const THREE: &str = "nodes=3 seed=7 network.latency=10..10";
/// Both that accepted what is chosen lose it, and C asks them.
const BOTH_ACCEPTORS: &str = "fire A election\n+40ms\npartition A B | C\nrequest A set x 1\n+20ms\nrequest A set x 2\n+60ms\ncrash A\nwipe A\ncrash B\nwipe B\nrestart A\nrestart B\nheal\nfire C election\n+60ms\nrequest C set x 2";

/// B loses what it has applied, and applies again from the beginning.
const APPLIED_AGAIN: &str = "+200ms\nfire C election\n+130ms\npartition C\n+200ms\nfire B election\n+90ms\nrequest C get x\nrequest C cas x 5 6\n+50ms\nrequest B add x 5\n+30ms\ncrash B\nwipe B\nrestart B\n+120ms\npartition A";

pub const ALL: &[Breaks] = &[
    Breaks { invariant: "agreement", without: Some(Assumption::DisksKept), config: THREE, script: BOTH_ACCEPTORS },
    Breaks { invariant: "promises-kept", without: Some(Assumption::DisksKept), config: THREE, script: BOTH_ACCEPTORS },
    Breaks { invariant: "value-carried", without: Some(Assumption::DisksKept), config: THREE, script: BOTH_ACCEPTORS },
    Breaks { invariant: "applied-chosen", without: Some(Assumption::DisksKept), config: THREE, script: BOTH_ACCEPTORS },
    Breaks {
        invariant: "answers-in-order",
        without: Some(Assumption::DisksKept),
        config: THREE,
        script: BOTH_ACCEPTORS,
    },
    Breaks {
        invariant: "applied-in-order",
        without: Some(Assumption::DisksKept),
        config: THREE,
        script: APPLIED_AGAIN,
    },
];
