//! Runs in which a promise does not hold, since what it rests on was broken or is not promised.

use synod_engine::prelude::*;

/// Two of three, and every message takes 10 ms.
const TWO_OF_THREE: &str = "nodes.replicas=3 seed=3d08 network.latency=10..10";
const ONE_OF_THREE: &str = "nodes.replicas=3 seed=3d08 network.latency=10..10 options.w=1";
/// C1 writes to A and B; then B loses its disk.
const HALF_KEPT: &str = "request by C1 A put x 1\n+60ms\ncrash B\nwipe B\nrestart B\nrequest by C2 B get x\n+60ms";
const INVERSION: &str = "request by C1 put x 3\n+100ms\nrequest by C1 put x 7\n+5ms\ndelay put C1 -> B 300ms\ndelay put C1 -> C 300ms\n+20ms\nrequest by C2 A get x\n+40ms\nrequest by C3 B get x\n+60ms";

pub const ALL: &[Breaks] = &[
    Breaks {
        invariant: "reads-see-writes",
        without: Some(Assumption::DisksKept),
        config: TWO_OF_THREE,
        script: HALF_KEPT,
    },
    Breaks {
        invariant: "reads-see-writes",
        without: Some(Assumption::ClocksWithin),
        config: TWO_OF_THREE,
        script: "offset C1 +5000ms\nrequest by C1 put x 1\n+60ms\nrequest by C2 put x 2\n+60ms\nrequest by C3 get x\n+60ms",
    },
    Breaks {
        invariant: "reads-see-writes",
        without: None,
        config: ONE_OF_THREE,
        script: "request by C1 A put x 1\n+60ms\nrequest by C2 B get x\n+60ms",
    },
    Breaks {
        invariant: "stored-by-w",
        without: Some(Assumption::DisksKept),
        config: TWO_OF_THREE,
        script: "request by C1 A put x 1\n+15ms\ncrash A\nwipe A\nrestart A\n+60ms",
    },
    Breaks {
        invariant: "writes-meet",
        without: None,
        config: ONE_OF_THREE,
        script: "request by C1 A put x 1\nrequest by C2 B put x 2\n+60ms",
    },
    Breaks {
        invariant: "never-goes-back",
        without: Some(Assumption::DisksKept),
        config: TWO_OF_THREE,
        script: HALF_KEPT,
    },
    Breaks { invariant: "no-inversion", without: None, config: TWO_OF_THREE, script: INVERSION },
    Breaks {
        invariant: "failed-are-gone",
        without: None,
        config: TWO_OF_THREE,
        script: "partition C1 A | B C\nrequest by C1 put x 2\n+600ms\nheal\nrequest by C2 A get x\n+60ms",
    },
];
