//! Runs in which a promise does not hold, since what it rests on was broken or is not promised; and what random runs
//! mix in, as terms are long.

use synod_engine::prelude::*;

const USUAL: &str = "nodes.holders=2 seed=7 network.latency=10..10 options.term=1000 options.error=50";
/// The issuer's clock is fast, and it grants to B what A holds.
const FAST_ISSUER: &str =
    "skew I1 +50%\nrequest A acquire\n+40ms\npartition A | I1 B S\n+500ms\nrequest B acquire\n+600ms";

const OF_THREE: &str =
    "nodes.issuers=3 nodes.holders=2 seed=7 network.latency=10..10 options.term=1000 options.error=50";
/// I1 stands still while I3 speaks after it. I2 loses what it promised to I3, and stores what I1 grants.
const LOST_PROMISE: &str = "pause I1\ncut I1 <-> I3\ncut A <-> I3\n+1200ms\ncut I2 <-> I3\ncrash I2\nwipe I2\n\
    restart I2\nresume I1\nrequest A acquire\n+100ms\nmend I2 <-> I3\n+200ms\nrequest B acquire\n+400ms";

pub const ALL: &[Breaks] = &[
    Breaks { invariant: "one-holder", without: Some(Assumption::ClocksWithin), config: USUAL, script: FAST_ISSUER },
    Breaks {
        invariant: "holder-ends-first",
        without: Some(Assumption::ClocksWithin),
        config: USUAL,
        script: "request A acquire\n+40ms\nskew A -50%\npartition A | I1 B S\n+900ms\nrequest B acquire",
    },
    Breaks {
        invariant: "one-holder",
        without: Some(Assumption::DisksKept),
        config: "nodes.holders=2 seed=7 network.latency=10..10 options.afterRestart=remember",
        script: "request A acquire\n+40ms\ncrash I1\nwipe I1\nrestart I1\nrequest B acquire\n+60ms",
    },
    Breaks {
        invariant: "holder-ends-first",
        without: Some(Assumption::DisksKept),
        config: "nodes.holders=2 seed=7 network.latency=10..10 options.afterRestart=remember",
        script: "request A acquire\n+40ms\ncrash I1\nwipe I1\nrestart I1\n+60ms",
    },
    Breaks { invariant: "one-holder", without: Some(Assumption::DisksKept), config: OF_THREE, script: LOST_PROMISE },
    Breaks { invariant: "one-voice", without: Some(Assumption::DisksKept), config: OF_THREE, script: LOST_PROMISE },
    Breaks {
        invariant: "one-voice",
        without: Some(Assumption::ClocksWithin),
        config: OF_THREE,
        script: "request A acquire\n+60ms\nskew I2 +100%\nskew I3 +100%\ncrash I1\ncrash A\n+800ms\nrequest B acquire\n+60ms",
    },
    Breaks {
        invariant: "one-voice",
        without: None,
        config: "nodes.issuers=3 nodes.holders=2 seed=7 network.latency=10..10 options.term=1000 options.error=50 \
                 options.afterRestart=forget",
        script: "request A acquire\n+60ms\ncrash I1\ncrash A\n+600ms\nrequest B acquire\n+60ms",
    },
    Breaks {
        invariant: "one-holder",
        without: None,
        config: "nodes.holders=2 seed=7 network.latency=10..10 options.afterRestart=forget",
        script: "request A acquire\n+40ms\ncrash I1\nrestart I1\nrequest B acquire\n+60ms",
    },
    Breaks {
        invariant: "holder-ends-first",
        without: None,
        config: "nodes.holders=2 seed=7 network.latency=10..10 options.term=1000 options.error=50 options.allows=nobody",
        script: "request A acquire\n+40ms\nskew A -2%\npartition A | I1 B S\n+900ms\nrequest B acquire",
    },
    Breaks {
        invariant: "granted-again",
        without: Some(Assumption::ClocksWithin),
        config: USUAL,
        script: "skew I1 -50%\nrequest A acquire\n+40ms\ncrash A\n+1000ms\nrequest B acquire\n+700ms",
    },
    Breaks {
        invariant: "tokens-unique",
        without: Some(Assumption::DisksKept),
        config: USUAL,
        script: "request A acquire\n+40ms\nrequest A release\n+40ms\ncrash I1\nwipe I1\nrestart I1\n+1100ms\nrequest B acquire\n+40ms",
    },
    Breaks {
        invariant: "tokens-rise",
        without: Some(Assumption::DisksKept),
        config: USUAL,
        script: "request A acquire\n+40ms\nrequest A write x 1\n+32ms\nhold write A -> S\nrequest A release\n+40ms\nrequest B acquire\n+40ms\nrequest B write x 2\n+80ms\ncrash S\nwipe S\nrestart S\ndeliver write A -> S",
    },
    // A message that is late by more than its term.
    Breaks {
        invariant: "tokens-rise",
        without: None,
        config: "nodes.holders=2 seed=7 network.latency=10..10 options.term=1000 options.error=50 options.fencing=false",
        script: "request A acquire\n+40ms\nrequest A write x 1\n+32ms\ndelay write A -> S 3000ms\ncrash A\n+1100ms\nrequest B acquire\n+40ms\nrequest B write x 2\n+2000ms\nrestart A",
    },
    Breaks {
        invariant: "taken-in-term",
        without: None,
        config: USUAL,
        script: "request A acquire\n+40ms\nrequest A write x 1\n+32ms\ndelay write A -> S 3000ms\ncrash A\n+2800ms\nrestart A",
    },
];

/// What chance alone seldom makes, as terms are long: a holder that does not renew, and another that asks at the end.
pub const STORIES: &[&str] = &[
    "request ?holder acquire\n+60..90ms\nrequest ?holder write x ?n\nrequest ?holder write x 5",
    // A clock is slow as far as it may be, and another holder asks when the issuer has just let go.
    "whole\nrequest ?holder acquire\nuntil hold\npartition ?holder | rest\nskew ?holder -2%\nskew ?issuer +2%\n\
     +9400..9800ms\nrequest ?holder2 acquire\n+1000..2600ms\nheal",
    // The grant is late.
    "whole\nrequest ?holder acquire\nuntil grant\ndelay grant ?issuer -> ?holder 900ms\n+950ms\n\
     partition ?holder | rest\n+8700..8900ms\nrequest ?holder2 acquire\n+2000ms\nheal",
    // The holder is down, and so is the issuer; another asks.
    "whole\nrequest ?holder acquire\nuntil hold\ncrash ?issuer\n+0..900ms\nrestart ?issuer\nrequest ?holder2 acquire\n+60..90ms",
    "whole\nrequest ?holder acquire\nuntil hold\ncrash ?holder\n+9000..11000ms\nrequest ?holder2 acquire\n+2000ms",
    // Paused between check and act; another holds by then.
    "whole\nrequest ?holder acquire\nuntil hold\nrequest ?holder write x 1\nuntil prepare\npause ?holder\n+10000..11000ms\n\
     request ?holder2 acquire\n+60..90ms\nrequest ?holder2 write x 2\n+60..90ms\nresume ?holder\n+60ms",
    // A write is late, and one with the next token comes before it.
    "whole\nrequest ?holder acquire\nuntil hold\nrequest ?holder write x 1\nuntil send-write\nhold write ?holder -> ?storage\n\
     request ?holder release\n+60..90ms\nrequest ?holder2 acquire\nuntil hold\nrequest ?holder2 write x 2\nuntil admit\n\
     deliver write ?holder -> ?storage\n+30ms",
    // A renewal is late, and another holds by then.
    "whole\nrequest ?holder acquire\nuntil hold\n+4800..4900ms\nuntil renew\nhold renew ?holder -> ?issuer\ncrash ?holder\n\
     +10000..11000ms\nrequest ?holder2 acquire\nuntil hold\ndeliver renew ?holder -> ?issuer\n+30ms",
    // It is given back, and another has it at once.
    "whole\nrequest ?holder acquire\nuntil hold\nrequest ?holder release\n+60..90ms\nrequest ?holder2 acquire\n+60..90ms",
    // Two requests, and the grant of the first comes after the second was sent.
    "whole\nrequest ?holder acquire\nuntil grant\ndelay grant ?issuer -> ?holder 3000ms\nuntil ask\n+800ms\nuntil ask\n+800ms\n\
     until ask\ndrop acquire ?holder -> ?issuer\n+900ms\npartition ?holder | rest\n+6800..7900ms\nrequest ?holder2 acquire\n+2000ms",
    // The storage lets nothing in that is over.
    "whole\nrequest ?holder acquire\nuntil hold\nrequest ?holder write x 1\nuntil send-write\nhold write ?holder -> ?storage\n\
     crash ?holder\n+10000..11000ms\ndeliver write ?holder -> ?storage\n+30ms",
    // Who speaks for several falls, or stands still, and another speaks.
    "whole\nrequest ?holder acquire\nuntil hold\ncrash ?issuer\nuntil speak\nrequest ?holder2 acquire\n+60..90ms",
    "whole\ncut ?issuer <-> ?issuer2\npause ?issuer\nuntil speak\nresume ?issuer\n+8000..9800ms\nrequest ?holder acquire\n\
     +2000..2800ms\nrequest ?holder2 acquire\n+400ms",
];
