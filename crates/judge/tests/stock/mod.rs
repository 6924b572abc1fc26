//! Histories as they are written in papers: `P1: w(x)1 r(x)0 | P2: ...`, in each client's order, with times `@4-9`
//! in ms where they count. `0` is what nobody wrote; `a(x)1=3` adds 1 and is told 3; what has no answer ends in `-`.

use synod_judge::{Action, Fate, Operation, Scalar};

#[allow(dead_code)]
pub struct Stock {
    pub name: &'static str,
    pub source: &'static str,
    pub history: &'static str,
    /// lin seq causal pram, ryw mr mw wfr.
    pub levels: &'static str,
}

fn value(text: &str) -> Scalar {
    match text.parse() {
        Ok(0) => Scalar::Null,
        Ok(n) => Scalar::Number(n),
        Err(_) => Scalar::Text(text.into()),
    }
}

/// Without times, each client's first operations go together, then their second ones, and so on.
pub fn history(text: &str) -> Vec<Operation> {
    let mut history = Vec::new();
    for line in text.split('|') {
        let (client, ops) = line.split_once(':').expect("a client has a name");
        for (at, op) in ops.split_whitespace().enumerate() {
            let (what, time) = op.split_once('@').unwrap_or((op, ""));
            let (kind, rest) = what.split_once('(').expect("an operation");
            let (key, told) = rest.split_once(')').expect("a key");
            let action = match (kind, told.split_once('=')) {
                ("a", Some((by, sum))) => {
                    let [by, sum] = [by, sum].map(|n| n.parse().expect("a number"));
                    Action::Add { by, sum }
                }
                ("w", _) => Action::Put(value(told)),
                _ => Action::Get(value(told)),
            };
            let (call, answer) = time.split_once('-').unwrap_or(("", ""));
            let (call, fate) = match (call.parse(), answer.parse()) {
                (Ok(call), Ok(answer)) => (call, Fate::Answered(answer)),
                (Ok(call), Err(_)) => (call, Fate::Open),
                _ => (10 * at as u64, Fate::Answered(10 * at as u64 + 9)),
            };
            history.push(Operation { client: client.trim().into(), key: key.into(), action, call, fate });
        }
    }
    history
}

pub const STOCK: &[Stock] = &[
    Stock {
        name: "in order",
        source: "next-protocols.md 6, H0",
        history: "P1: w(x)1@0-4 | P2: r(x)1@1-2 r(x)1@3-5",
        levels: "YYYYYYYY",
    },
    Stock { name: "stale read", source: "H1", history: "P1: w(x)1@0-1 | P2: r(x)0@2-3 r(x)1@4-5", levels: "-YYYYYYY" },
    Stock {
        name: "new, then old",
        source: "H2; the new-old inversion that regular registers allow: Lamport 1986, On interprocess communication",
        history: "P1: w(x)1@0-9 | P2: r(x)1@1-2 | P3: r(x)0@3-4",
        levels: "-YYYYYYY",
    },
    Stock {
        name: "two witnesses",
        source: "H3; IRIW: Boehm and Adve 2008",
        history: "P1: w(x)1 | P2: w(y)1 | P3: r(x)1 r(y)0 | P4: r(y)1 r(x)0",
        levels: "--YYYYYY",
    },
    Stock {
        name: "store buffer",
        source: "H4; Lamport 1979, How to make a multiprocessor computer that correctly executes multiprocess programs",
        history: "P1: w(x)1 r(y)0 | P2: w(y)1 r(x)0",
        levels: "--YYYYYY",
    },
    Stock {
        name: "two orders",
        source: "H9; Ahamad et al. 1995 allow it, and Terry's one write order does not",
        history: "P1: w(x)1 | P2: w(x)2 | P3: r(x)1 r(x)2 | P4: r(x)2 r(x)1",
        levels: "--YYY-YY",
    },
    Stock {
        name: "answer, then question",
        source: "H5",
        history: "P1: w(x)1 | P2: r(x)1 w(y)1 | P3: r(y)1 r(x)0",
        levels: "---YYYYY",
    },
    Stock {
        name: "own writes reversed",
        source: "H6",
        history: "P1: w(x)1 w(y)1 | P2: r(y)1 r(x)0",
        levels: "----YYYY",
    },
    Stock { name: "own write lost", source: "H7", history: "P1: w(x)1 r(x)0", levels: "-----YYY" },
    Stock { name: "time travel", source: "H8", history: "P1: w(x)1 | P2: r(x)1 r(x)0", levels: "----Y-YY" },
    Stock {
        name: "two readers agree",
        source: "Tanenbaum and van Steen, Distributed Systems: sequentially consistent",
        history: "P1: w(x)a | P2: w(x)b | P3: r(x)b r(x)a | P4: r(x)b r(x)a",
        levels: ".YYYYYYY",
    },
    Stock {
        name: "two readers differ",
        source: "Tanenbaum and van Steen: not sequentially consistent",
        history: "P1: w(x)a | P2: w(x)b | P3: r(x)b r(x)a | P4: r(x)a r(x)b",
        levels: "--YYY-YY",
    },
    Stock {
        name: "concurrent writes in two orders",
        source: "Tanenbaum and van Steen: causally consistent, not sequentially",
        history: "P1: w(x)a w(x)c | P2: r(x)a w(x)b | P3: r(x)a r(x)c r(x)b | P4: r(x)a r(x)b r(x)c",
        levels: "--YYY-YY",
    },
    Stock {
        name: "a cause in two orders",
        source: "Tanenbaum and van Steen: not causally consistent",
        history: "P1: w(x)a | P2: r(x)a w(x)b | P3: r(x)b r(x)a | P4: r(x)a r(x)b",
        levels: "---YY-YY",
    },
    Stock {
        name: "CM, not CCv",
        source: "Bouajjani et al. 2017, On verifying causal consistency",
        history: "P1: w(x)1 r(x)2 | P2: w(x)2 r(x)1",
        levels: "--YY-YYY",
    },
    Stock {
        name: "CCv, not CM",
        source: "Bouajjani et al. 2017",
        history: "P1: w(z)1 w(x)1 w(y)1 | P2: w(x)2 r(z)0 r(y)1 r(x)2",
        levels: "----YYYY",
    },
    Stock {
        name: "CC, neither CM nor CCv",
        source: "Bouajjani et al. 2017",
        history: "P1: w(x)1 | P2: w(x)2 r(x)1 r(x)2",
        levels: "----YYYY",
    },
    Stock {
        name: "CM and CCv, not sequential",
        source: "Bouajjani et al. 2017",
        history: "P1: w(x)1 r(y)0 w(y)1 r(x)1 | P2: w(x)2 r(y)0 w(y)2 r(x)2",
        levels: "--YYYYYY",
    },
    Stock {
        name: "not even CC",
        source: "Bouajjani et al. 2017",
        history: "P1: w(x)1 w(y)1 | P2: r(y)1 w(x)2 | P3: r(x)2 r(x)1",
        levels: "---YYYYY",
    },
    Stock {
        name: "the picture of the history view",
        source: "VISUAL-2.md, 21: not linearizable, sequential",
        history: "P1: w(x)1@24-66 w(x)2@300- | P2: r(x)1@92-130 r(x)2@344-380 | P3: r(x)1@150-190 r(x)1@384-412",
        levels: "-YYYYYYY",
    },
    Stock {
        name: "the same, 4 ms earlier",
        source: "VISUAL-2.md, 21: linearizable when C3 moves 4 ms left",
        history: "P1: w(x)1@24-66 w(x)2@300- | P2: r(x)1@92-130 r(x)2@344-380 | P3: r(x)1@150-190 r(x)1@380-408",
        levels: "YYYYYYYY",
    },
    Stock {
        name: "circular causes",
        source: "each writes what the other has read: Burckhardt 2014, no circular causality",
        history: "P1: r(x)1 w(y)1 | P2: r(y)1 w(x)1",
        levels: "---YYYY-",
    },
    Stock {
        name: "counters in two orders, own writes first",
        source: "two servers add to what each got last; Terry's have one write order",
        history: "P1: w(x)1 a(x)5=7 | P2: w(x)2 a(x)3=4",
        levels: "--YY-Y-Y",
    },
    Stock {
        name: "counters in two orders, what was read first",
        source: "the same, of what each client had read",
        history: "P1: w(x)1 | P2: w(x)2 | P3: r(x)1 a(x)5=7 | P4: r(x)2 a(x)3=4",
        levels: "--YYY-Y-",
    },
];
