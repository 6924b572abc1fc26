//! What random runs mix in.

pub const ALL: &[&str] = &[
    // A client writes and another reads, from replicas of their own choice.
    "request by C1 ?replica put x ?n\n+0..60ms\nrequest by C2 ?replica2 get x",
    // A write is given up, and the next begins while answers to it are still on their way.
    "request by C1 put x ?n\n+0..20ms\nfire C1 timeout\nrequest by C1 put x ?n\n+60ms\nrequest get x",
    // One is told twice as much by one replica.
    "crash ?replica\nduplication 50%\nrequest put x ?n\n+60ms\nrequest get x",
    "request put x ?n\n+0..60ms\ncrash ?replica\nrestart ?replica\nrequest get x",
    // A write reaches one replica; two read after each other.
    "whole\nrequest by C1 put x ?n\n+90ms\nrequest by C1 put x ?n\n+1ms\ndelay put C1 -> ?replica 400ms\ndelay put C1 -> ?replica2 400ms\n+40ms\nrequest by C2 ?replica3 get x\n+60ms\nrequest by C3 ?replica get x\n+60ms",
    // A replica does not answer, and a fallback stands in for it.
    "whole\ncrash ?replica\nrequest by C1 put x ?n\n+0..200ms\nrestart ?replica\n+0..300ms\nrequest by C2 get x",
    // Of a deletion one replica does not hear, and is read from.
    "whole\nrequest by C1 put x ?n\n+90ms\ncrash ?replica\nrequest by C1 delete x\n+90ms\nrestart ?replica\nrequest by C2 ?replica get x\n+60ms",
    // Two write at the same time, from different sides.
    "whole\nrequest by C1 put x ?n\nrequest by C2 put x ?n\n+90ms\nrequest by C3 get x\n+60ms",
    // A client writes here and reads there.
    "whole\nrequest by C1 ?replica put x ?n\n+40..90ms\nrequest by C1 ?replica2 get x\n+60ms\nrequest by C1 ?replica3 get x\n+60ms",
    // One client's writes to two keys, of which a replica misses the first.
    "whole\nrequest by C1 put x ?n\n+1ms\nhold put C1 -> ?replica\n+60ms\nrequest by C1 put y ?n\n+60ms",
    // A fallback stands in for a replica that answers after all.
    "whole\ncrash ?replica\nrequest by C1 put x ?n\n+1ms\ndelay put C1 -> ?replica2 250ms\n+400ms",
    // What one replica missed it gets from the others, if nothing happens for a while.
    "whole\ncrash ?replica\nrequest put x ?n\n+60ms\nrestart ?replica\n+4000ms",
];
