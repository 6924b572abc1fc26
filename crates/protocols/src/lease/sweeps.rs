//! How long a term should be: what it costs to ask again, and how long a holder that is down keeps others out.

use synod_engine::prelude::*;
use synod_engine::protocol::{Measure, Measured, Sweep};

/// A client of the V system asks .864 times a second (Gray and Cheriton 1989, table 2): so many ms apart.
const APART: u32 = 1_157;
/// Of so many acts, those that find no lease are a share that is known to a few per cent, at 30 s too.
const ACTS: u32 = 2_500;

const LOAD: Text = text("requests a second", "每秒请求数");
const WAIT: Text = text("seconds without a holder", "没有持有者的秒数");

const fn renewed(id: &'static str, name: Text, config: &'static str, theory: fn(u32) -> i64) -> Measured {
    let measure = Measure::Rate(&["renew"], 40);
    let script = "request A acquire";
    Measured { id, name, axis: LOAD, config, script, acts: None, measure, theory: Some(theory) }
}

pub const ALL: &[Sweep] = &[Sweep {
    id: "term",
    title: text("How long a term?", "租期该多长？"),
    says: text(
        "A short term is asked for often. A long one keeps all out for longer when its holder crashes.",
        "租期短，就要频繁申请；租期长，持有者宕机后别人要等更久。",
    ),
    option: "term",
    values: &[1_000, 2_000, 5_000, 10_000, 20_000, 30_000],
    usual: Some((1_000, 10_000, text("usual: 1 to 10 s", "经验值：1–10 s"))),
    lines: &[
        renewed(
            "half",
            text("renewed at half of the term", "租期过半时续约"),
            "nodes.holders=1 seed=7 network.latency=1..1 options.renewAt=half",
            |term| 2_000_000_000 / i64::from(term),
        ),
        renewed(
            "nine-tenths",
            text("renewed at nine tenths", "租期过九成时续约"),
            "nodes.holders=1 seed=7 network.latency=1..1 options.renewAt=nine-tenths",
            |term| 10_000_000_000 / (9 * i64::from(term)),
        ),
        // 1 / (1 + R t) of the load without a lease, which is R.
        Measured {
            id: "demand",
            name: text("asked for on demand", "按需申请"),
            axis: LOAD,
            config: "nodes.holders=1 seed=7 network.latency=1..1 options.renewAt=demand",
            script: "",
            acts: Some(("request A write x 1", ACTS, APART)),
            measure: Measure::Rate(&["ask"], 0),
            theory: Some(|term| 1_000_000_000 / i64::from(APART + term)),
        },
        Measured {
            id: "wait",
            name: text("after a holder's crash", "持有者宕机之后"),
            axis: WAIT,
            config: "nodes.holders=2 seed=7 network.latency=1..1 options.renewAt=half",
            script: "request A acquire\n+100ms\ncrash A\nrequest B acquire",
            acts: None,
            measure: Measure::Until("hold"),
            theory: None,
        },
    ],
}];
