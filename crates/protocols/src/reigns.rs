//! Stories of leaders that rise and fall, for the random runs of protocols that elect one.

/// Two stand against each other.
pub const DUEL: &str = "
fire ?node election
+0..30ms
fire ?other election
";

/// One rises, is asked something, and falls, often before anybody has heard of it.
pub const SHORT_REIGN: &str = "
whole
fire ?node election
+0..90ms
request ?node ?operation
+0..60ms
crash ?node
+0..60ms
restart ?node
";

/// One rises and is asked something, and the others go on without it.
pub const CUT_SHORT: &str = "
whole
fire ?node election
+0..90ms
request ?node ?operation
+0..60ms
partition ?sides
";

/// One rises and is asked something, and is silent for a while.
pub const SLEEP: &str = "
fire ?node election
+0..90ms
request ?node ?operation
+0..60ms
pause ?node
+20..400ms
resume ?node
";

/// One rises, is cut off, is asked something that nobody else hears of, and crashes. It comes back with
/// what the others lack.
pub const EXILE: &str = "
whole
fire ?node election
+20..90ms
partition ?node | rest
request ?node ?operation
request ?node ?operation
+25ms
crash ?node
+0..3ms
heal
restart ?node
fire ?other election
+4..90ms
request ?other ?operation
";

/// One rises and is cut off; another rises on the other side and is asked something; and then the first is
/// asked what it knows.
pub const USURPER: &str = "
whole
fire ?node election
until become-leader
+0..120ms
partition ?node | rest
+0..200ms
fire ?other election
until become-leader
request ?other set x 3
+0..120ms
request ?node get x
";

/// Whoever leads goes down in the middle of telling the others, and comes back after a while.
pub const HALF_TOLD: &str = "
request ?leader ?operation
crash ?leader after ?n sends
request ?leader ?operation
+20..400ms
restart ?leader
";
