//! Runs that are ready to be looked at: five servers in three places. What a commit takes is the round trip to the
//! nearest place that makes a majority.

use synod_engine::protocol::Start;
use synod_engine::text::text;

const OCEAN: &str = "nodes=5 seed=a81e network.places=three-regions options.electionTimeout=320..480";

pub const ALL: &[Start] = &[
    Start {
        id: "ocean",
        title: text("Three places over an ocean", "隔着大洋的三地"),
        says: text(
            "C leads in US East. A commit waits for the nearer coast, 72 ms, and never for Europe.",
            "C 在美国东部领导。提交只等较近的海岸，72 ms，从不等欧洲。",
        ),
        config: OCEAN,
        script: "fire C election\n+200ms\nrequest C set x 5",
        after: 400,
        expect: &["C.role = leader", "lastCommit.ms = 72", "lastCommit.decidedBy = 0", "C1.state = ok"],
    },
    Start {
        id: "lost-place",
        title: text("A place is lost", "失去一地"),
        says: text(
            "US West goes down. Every commit now waits for Europe, 80 ms: slower, and not down.",
            "美国西部宕机。每次提交都要等欧洲，80 ms：变慢了，但没有停。",
        ),
        config: OCEAN,
        script: "fire C election\n+200ms\nrequest C set x 5\n+200ms\ncrash us-west\n+10ms\nrequest C set x 6",
        after: 600,
        expect: &["count crashed = 2", "lastCommit.ms = 80", "lastCommit.decidedBy = 4", "C1.state = ok"],
    },
    Start {
        id: "moved",
        title: text("A server moves", "迁移一台服务器"),
        says: text(
            "E moves from Europe to US East. Now a majority stands in one place, and a commit takes 1 ms.",
            "E 从欧洲移到美国东部。多数派在同一地，提交只需 1 ms。",
        ),
        config: OCEAN,
        script: "fire C election\n+200ms\nrequest C set x 5\n+200ms\nmove E us-east\n+10ms\nrequest C set x 6",
        after: 600,
        expect: &["C.role = leader", "lastCommit.ms = 1", "C1.state = ok"],
    },
];
