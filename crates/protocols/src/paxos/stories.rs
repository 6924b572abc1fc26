//! What random runs mix in: short stories that single inputs rarely make by chance.

/// One after another proposes, and each is interrupted by another partition.
const RELAY: &str = "
whole
request ?proposer ?operation
+0..70ms
partition ?sides
heal
request ?proposer2 ?operation
+0..70ms
partition ?sides
heal
request ?proposer ?operation
+0..70ms
partition ?sides
heal
";

/// A value is accepted by few, and another is chosen without them. Who proposed that forgets that it was, asks
/// again, and hears of both. The first of these is for machines with one role each.
const PASSED_OVER: &str = "
whole
request ?proposer propose olive
until propose-own
partition ?proposer ?acceptor | rest
request ?proposer2 propose fig
until learn-chosen
+10..60ms
crash ?proposer2
heal
restart ?proposer2
request ?proposer2 propose plum
";
const PASSED_OVER_ALONE: &str = "
whole
request ?proposer propose olive
until propose-own
partition ?proposer | rest
request ?proposer2 propose fig
until learn-chosen
+10..60ms
crash ?proposer2
heal
restart ?proposer2
request ?proposer2 propose plum
";

/// A proposer goes down in the middle of its second phase, and another finds what there is.
const HALF_PROPOSED: &str = "
whole
request ?proposer ?operation
until prepare
crash ?proposer after ?n sends
+0..60ms
request ?proposer2 ?operation
+0..90ms
restart ?proposer
";

/// A proposer asks again while the promises of its first try are on their way.
const SECOND_TRY: &str = "
whole
request ?proposer ?operation
until promise
fire ?proposer retry
request ?proposer2 ?operation
until prepare
+0..30ms
fire ?proposer2 retry
fire ?proposer retry
";

/// An acceptor is asked to accept what it never promised, and then to promise less.
const NEVER_ASKED: &str = "
whole
request ?proposer ?operation
until prepare
hold prepare ?proposer -> ?acceptor
request ?proposer2 ?operation
until prepare
drop prepare ?proposer2 -> ?acceptor
until accept
+0..60ms
deliver prepare ?proposer -> ?acceptor
";

/// Acceptors restart under a proposer that counts on what they promised.
const FORGETFUL_ACCEPTOR: &str = "
request ?proposer ?operation
until promise
crash ?acceptor
restart ?acceptor
request ?proposer2 ?operation
";

pub const ALL: &[&str] =
    &[RELAY, PASSED_OVER, PASSED_OVER_ALONE, HALF_PROPOSED, SECOND_TRY, NEVER_ASKED, FORGETFUL_ACCEPTOR];
