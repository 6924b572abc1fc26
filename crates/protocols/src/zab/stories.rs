//! What random runs mix in: short stories that single inputs rarely make by chance.

use crate::reigns::HALF_TOLD;

/// The leader proposes to few and falls; others go on, and it comes back.
const FORGOTTEN: &str = "
whole
until establish
request ?leader ?operation
+0..12ms
crash ?leader after ?n sends
request ?leader ?operation
+200..700ms
restart ?leader
+0..600ms
";

/// A follower is down while the others go on, and comes back.
const NEWCOMER: &str = "
crash ?follower
request ?leader ?operation
request ?leader ?operation
+20..60ms
restart ?follower
+200..260ms
request ?leader ?operation
+0..40ms
request ?leader ?operation
";

/// The leader is cut off with one, is asked something, and the others elect another.
const EXILE: &str = "
whole
until establish
partition ?leader | rest
request ?leader ?operation
+400..900ms
heal
+0..400ms
";

/// One that lacks a commit accepts an epoch whose leader falls before it hands over its history; then whoever knows of
/// the commit is back.
const PROMISED: &str = "
whole
until establish
crash ?follower
request ?leader ?operation
+40..60ms
crash ?leader
restart ?follower
until accept-epoch
crash ?prospective
restart ?leader
until establish
request ?follower ?operation
+0..60ms
";

/// A client is answered by the leader, and goes on at a server that has been cut off.
const MOVED: &str = "
whole
until establish
partition ?follower | rest
request ?leader set x 1
until commit
+20..60ms
request ?follower get x
+0..200ms
heal
";

pub const ALL: &[&str] = &[MOVED, HALF_TOLD, FORGOTTEN, FORGOTTEN, NEWCOMER, NEWCOMER, EXILE, PROMISED];
