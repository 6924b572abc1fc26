//! What random runs mix in: short stories that single inputs rarely make by chance.

/// A site writes, loses its disk, and writes again, often before it has heard from anybody.
const RELAPSE: &str = "
request ?node set x 1
+20..90ms
crash ?node
wipe ?node
restart ?node
+0..5ms
request ?node set x 2
";

/// Two sites that cannot hear each other write the same key; then the network is whole.
const APART: &str = "
partition ?sides
request ?node set x 3
request ?other set x 4
+50..400ms
heal
";

/// A site writes, and goes down in the middle of telling.
const HALF_TOLD: &str = "
request ?node ?operation
crash ?node after ?n sends
+100..400ms
restart ?node
";

pub const ALL: &[&str] = &[RELAPSE, APART, HALF_TOLD];
