//! What random runs mix in: short stories that single inputs rarely make by chance.

use crate::reigns::{CUT_SHORT, DUEL, EXILE, HALF_TOLD, SHORT_REIGN, SLEEP, USURPER};

/// Two stand at once, and one that votes for the first restarts before it hears of the second.
const FORGETFUL_VOTER: &str = "
whole
fire ?node election
fire ?other election
until grant-vote
crash ?other2
restart ?other2
";

/// One stands twice, the second time just behind another, so that votes of its first try come late.
const SECOND_TRY: &str = "
whole
fire ?node election
until grant-vote
fire ?other election
fire ?node election
";

/// Figure 8: entries of an older term reach a majority, and their leader falls.
const FIGURE_8: &str = "
whole
fire ?node election
until become-leader
+20ms
partition ?node | rest
request ?node set x 1
+20..60ms
crash ?node
heal
fire ?other election
until become-leader
partition ?other | rest
request ?other set x 2
+20..60ms
crash ?other
heal
restart ?node
fire ?node election
+20..60ms
fire ?node election
until become-leader
+10..90ms
crash ?node
restart ?other
fire ?other election
+20..60ms
fire ?other election
until become-leader
";

/// A follower's log is longer than its leader's by what was never committed.
const LONG_TAIL: &str = "
whole
fire ?node election
until become-leader
+20ms
partition ?node | rest
request ?node set x 1
request ?node set x 2
request ?node set y 3
+20..60ms
crash ?node
fire ?other election
until become-leader
+0..60ms
partition ?node ?other | rest
restart ?node
+0..60ms
request ?other set y 4
+20..120ms
crash ?other
heal
fire ?other2 election
until become-leader
";

/// The leader is cut off with one follower, so that entries stand on two servers and are not committed.
const MINORITY: &str = "
partition ?leader ?follower | rest
request ?leader ?operation
+20..90ms
crash ?leader
heal
fire ?other election
+20..90ms
restart ?leader
";

/// A leader that was cut off is asked what it knows, when another has answered something else.
const STALE_READ: &str = "
whole
request ?leader set x 1
+60..150ms
partition ?leader | rest
+0..250ms
fire ?other election
until become-leader
+40..90ms
request ?other set x 3
until advance-commit-index
+20..60ms
request ?leader get x
";

/// The same at once, while the first may still believe that it leads.
const HASTY_HEIR: &str = "
whole
request ?leader set x 1
+60..150ms
partition ?leader | rest
fire ?other election
until become-leader
request ?other set x 3
until advance-commit-index
until advance-commit-index
+2..30ms
request ?leader get x
";

pub const ALL: &[&str] = &[
    DUEL,
    FORGETFUL_VOTER,
    SECOND_TRY,
    SHORT_REIGN,
    CUT_SHORT,
    SLEEP,
    EXILE,
    USURPER,
    HALF_TOLD,
    FIGURE_8,
    LONG_TAIL,
    MINORITY,
    STALE_READ,
    HASTY_HEIR,
];
