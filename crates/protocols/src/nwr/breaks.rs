//! Runs in which a promise does not hold, since what it rests on was broken or is not promised.

use synod_engine::prelude::*;

/// Two of three, and every message takes 10 ms.
const TWO_OF_THREE: &str = "nodes.replicas=3 nodes.fallbacks=0 seed=3d08 network.latency=10..10";
const ONE_OF_THREE: &str = "nodes.replicas=3 nodes.fallbacks=0 seed=3d08 network.latency=10..10 options.w=1";
const WRITES_BACK: &str = "nodes.replicas=3 nodes.fallbacks=0 seed=3d08 network.latency=10..10 options.repair=wait";
/// C1 writes to A and B; then B loses its disk.
const HALF_KEPT: &str = "request by C1 A put x 1\n+60ms\ncrash B\nwipe B\nrestart B\nrequest by C2 B get x\n+60ms";
/// The same, after C2 has read.
const READ_AND_LOST: &str = "request by C1 A put x 1\n+60ms\nrequest by C2 A get x\n+60ms\ncrash B\nwipe B\nrestart B\nrequest by C2 B get x\n+60ms";
const INVERSION: &str = "request by C1 put x 3\n+100ms\nrequest by C1 put x 7\n+5ms\ndelay put C1 -> B 300ms\ndelay put C1 -> C 300ms\n+20ms\nrequest by C2 A get x\n+40ms\nrequest by C2 B get x\n+60ms";
/// C misses what C1 wrote to x, and hears what is written to y.
const MISSED: &str = "request by C1 put x 1\n+1ms\ndelay put C1 -> C 300ms\n+60ms\nrequest by C1 put y 1\n+60ms";
const MISSED_READ: &str = "request by C1 put x 1\n+1ms\ndelay put C1 -> C 300ms\n+60ms\nrequest by C2 A get x\n+60ms\nrequest by C2 put y 1\n+60ms";

const fn run(
    invariant: &'static str,
    without: Option<Assumption>,
    config: &'static str,
    script: &'static str,
) -> Breaks {
    Breaks { invariant, without, config, script }
}

pub const ALL: &[Breaks] = &[
    run("reads-see-writes", Some(Assumption::DisksKept), TWO_OF_THREE, HALF_KEPT),
    run(
        "reads-see-writes",
        Some(Assumption::ClocksWithin),
        TWO_OF_THREE,
        "offset C1 +5000ms\nrequest by C1 put x 1\n+60ms\nrequest by C2 put x 2\n+60ms\nrequest by C3 get x\n+60ms",
    ),
    run("reads-see-writes", None, ONE_OF_THREE, "request by C1 A put x 1\n+60ms\nrequest by C2 B get x\n+60ms"),
    run(
        "stored-by-w",
        Some(Assumption::DisksKept),
        TWO_OF_THREE,
        "request by C1 A put x 1\n+15ms\ncrash A\nwipe A\nrestart A\n+60ms",
    ),
    run("writes-meet", None, ONE_OF_THREE, "request by C1 A put x 1\nrequest by C2 B put x 2\n+60ms"),
    run("never-goes-back", Some(Assumption::DisksKept), TWO_OF_THREE, HALF_KEPT),
    run(
        "never-goes-back",
        None,
        "nodes.replicas=3 nodes.fallbacks=0 seed=3d08 network.latency=10..10 options.failedWrites=rolled-back",
        "partition C1 A | B C\nrequest by C1 put x 2\n+60ms\nfire C1 timeout",
    ),
    run("no-inversion", None, TWO_OF_THREE, INVERSION),
    run("no-inversion", Some(Assumption::DisksKept), WRITES_BACK, READ_AND_LOST),
    run(
        "failed-are-gone",
        None,
        TWO_OF_THREE,
        "partition C1 A | B C\nrequest by C1 put x 2\n+600ms\nheal\nrequest by C2 A get x\n+60ms",
    ),
    run(
        "read-your-writes",
        Some(Assumption::DisksKept),
        TWO_OF_THREE,
        "request by C1 A put x 1\n+60ms\ncrash B\nwipe B\nrestart B\nrequest by C1 B get x\n+60ms",
    ),
    run("read-your-writes", None, ONE_OF_THREE, "request by C1 A put x 1\n+60ms\nrequest by C1 B get x\n+60ms"),
    run("monotonic-reads", None, TWO_OF_THREE, INVERSION),
    run("monotonic-reads", Some(Assumption::DisksKept), WRITES_BACK, READ_AND_LOST),
    run("monotonic-writes", None, TWO_OF_THREE, MISSED),
    run("writes-follow-reads", None, TWO_OF_THREE, MISSED_READ),
    run(
        "adds-count",
        None,
        TWO_OF_THREE,
        "request by C1 put x 5\n+60ms\nrequest by C1 add x 1\nrequest by C2 add x 1\n+100ms",
    ),
    run(
        "converges",
        None,
        TWO_OF_THREE,
        "crash C\nrequest by C1 put x 1\n+60ms\nrestart C\n+400ms\nrequest by C2 get x",
    ),
];
