//! What random runs mix in: short stories that single inputs rarely make by chance.

/// The holder of the lock goes down in the middle, and another asks for it.
const HOLDER_DIES: &str = "
request ?proposer ?operation
+0..60ms
crash ?proposer after ?n sends
request ?proposer2 ?operation
+0..200ms
restart ?proposer
";

/// The acceptor restarts under those that count on it.
const RESTART: &str = "
whole
request ?proposer ?operation
+0..60ms
request ?proposer2 ?operation
crash ?acceptor
restart ?acceptor
";

pub const ALL: &[&str] = &[HOLDER_DIES, RESTART];
