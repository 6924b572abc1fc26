//! Runs in which a promise does not hold, since what it rests on was broken or is not promised.

use synod_engine::promise::Assumption;
use synod_engine::protocol::Breaks;

/// Three servers, and every message takes 10 ms.
const THREE: &str = "nodes=3 seed=7 network.latency=10..10";
/// The same, with reads by lease.
const LEASED: &str = "nodes=3 seed=7 network.latency=10..10 options.readMode=lease";
/// B and C lose their votes for A, and elect B in the same term.
const TWO_OF_A_TERM: &str = "fire A election\n+30ms\npartition A | B C\ncrash B\nwipe B\nrestart B\ncrash C\nwipe C\nrestart C\nfire B election\n+30ms\nrequest A set x 1\nrequest B set x 2";
/// Both that hold two answered entries lose them, and C leads.
const BOTH_HOLDERS: &str = "fire A election\n+30ms\npartition A B | C\nrequest A set x 1\n+20ms\nrequest A set x 2\n+40ms\ncrash A\nwipe A\ncrash B\nwipe B\nrestart A\nrestart B\nheal\nfire C election\n+60ms\nrequest C get x\n+60ms\nrequest C set x 3";
/// A trusts its lease by a slow clock while B is elected.
const SLOW_CLOCK: &str = "fire A election\n+60ms\nskew A -75%\npartition A | B C\n+200ms\nfire B election\n+60ms\nrequest B set x 1\n+60ms\nrequest A get x";

/// C loses an entry that B committed with its help, and A leads without it.
const HALF_KEPT: &str = "fire A election\n+110ms\npartition A\nfire B election\n+50ms\nrequest A add x 2\n+70ms\ncrash C\n+190ms\npartition A C | B\n+120ms\nrequest A add x 5\n+1010ms\nwipe C\nrestart C";

pub const ALL: &[Breaks] = &[
    Breaks { invariant: "election-safety", without: Some(Assumption::DisksKept), config: THREE, script: TWO_OF_A_TERM },
    Breaks { invariant: "log-matching", without: Some(Assumption::DisksKept), config: THREE, script: TWO_OF_A_TERM },
    Breaks {
        invariant: "leader-completeness",
        without: Some(Assumption::DisksKept),
        config: THREE,
        script: BOTH_HOLDERS,
    },
    Breaks {
        invariant: "state-machine-safety",
        without: Some(Assumption::DisksKept),
        config: THREE,
        script: BOTH_HOLDERS,
    },
    Breaks { invariant: "answers-survive", without: Some(Assumption::DisksKept), config: THREE, script: BOTH_HOLDERS },
    Breaks {
        invariant: "reads-never-go-back",
        without: Some(Assumption::DisksKept),
        config: THREE,
        script: BOTH_HOLDERS,
    },
    Breaks {
        invariant: "reads-never-go-back",
        without: Some(Assumption::ClocksWithin),
        config: LEASED,
        script: SLOW_CLOCK,
    },
    Breaks {
        invariant: "leases-end-in-time",
        without: Some(Assumption::ClocksWithin),
        config: LEASED,
        script: SLOW_CLOCK,
    },
    Breaks {
        invariant: "reads-never-go-back",
        without: None,
        config: "nodes=3 seed=7 network.latency=10..10 options.readMode=follower",
        script: "fire A election\n+60ms\npartition A B | C\nrequest A set x 1\n+60ms\nrequest C get x",
    },
    Breaks { invariant: "applied-once", without: Some(Assumption::DisksKept), config: THREE, script: HALF_KEPT },
];
