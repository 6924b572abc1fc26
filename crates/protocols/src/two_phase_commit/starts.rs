//! Runs that are ready to be looked at.

use synod_engine::protocol::Start;
use synod_engine::text::text;

pub const ALL: &[Start] = &[Start {
    id: "commits",
    title: text("All say yes", "全体同意"),
    says: text("The votes are counted, the decision is written, and everyone is told.", "计票，决定落盘，通知所有人。"),
    config: "seed=3c41 network.latency=12..12 disk=9",
    script: "request tx x=5",
    after: 250,
    expect: &["T1.state = committed", "P1.state = committed", "P4.state = committed", "C1.answer = committed"],
}];
