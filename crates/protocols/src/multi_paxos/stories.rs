//! What random runs mix in: short stories that single inputs rarely make by chance.

use crate::reigns::{CUT_SHORT, DUEL, EXILE, HALF_TOLD, SHORT_REIGN, SLEEP, USURPER};

/// A slot reaches nobody or few, the next one more, and the leader falls: its heir finds a hole.
const HOLE: &str = "
partition ?leader | rest
request ?leader ?operation
+0..30ms
heal
request ?leader ?operation
+0..30ms
crash ?leader
fire ?other election
+20..90ms
restart ?leader
";

/// A command is chosen, and its client does not hear of it: it asks the next leader.
const UNTOLD: &str = "
whole
request ?leader add x 1
until choose
crash ?leader
+0..60ms
fire ?other election
until become-leader
restart ?leader
";

pub const ALL: &[&str] = &[DUEL, SHORT_REIGN, CUT_SHORT, SLEEP, EXILE, USURPER, HALF_TOLD, HOLE, UNTOLD, UNTOLD];
