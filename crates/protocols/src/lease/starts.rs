//! Runs that are ready to be looked at: a story minute by minute, of which the first minute is left out. With 100 ms a
//! flight, what a client asks of A at 0 ms the issuer hears at 200; A counts its term from 100.

use synod_engine::prelude::*;

const USUAL: &str = "seed=90be network.latency=100..100 options.renewAt=end";
const OF_THREE: &str = "seed=90be nodes.issuers=3 network.latency=100..100 options.renewAt=end";

pub const ALL: &[Start] = &[
    Start {
        id: "granted",
        title: text("A lease until 00:10", "租约到 00:10"),
        says: text(
            "The issuer grants A the lease at 00:00. While it lasts, A may write.",
            "00:00 颁发者把租约颁发给 A。租期之内，A 可以写入。",
        ),
        config: USUAL,
        script: "request A acquire\n+3000ms\nrequest A write x 1\n+1000ms\nrequest A write x 2",
        after: 4700,
        expect: &["A.held = 1", "A.until = 00:10.1", "S.x = 2", "fired admit = 2"],
    },
    Start {
        id: "jitter",
        title: text("Jitter at 00:05", "00:05 网络抖动"),
        says: text(
            "A cannot be reached, and nobody can see whether it is down. B is refused: A is honoured until 00:10.",
            "A 联系不上，谁也看不出它是否宕机。B 被拒绝：00:10 之前一直承认 A。",
        ),
        config: USUAL,
        script: "request A acquire\n+5200ms\ncut A <-> I1\n+800ms\nrequest B acquire",
        after: 9700,
        expect: &["A.held = 1", "B.held = none", "fired refuse >= 2", "fired grant = 1", "C1.answer = refused"],
    },
    Start {
        id: "recovered",
        title: text("The network is back, A renews", "网络恢复，A 续约"),
        says: text(
            "The jitter is over before the term is. At its end A asks for another, and keeps the lease.",
            "抖动在租期结束之前过去。到期时 A 续约，继续持有。",
        ),
        config: USUAL,
        script: "request A acquire\n+5200ms\ncut A <-> I1\n+800ms\nrequest B acquire\n+2200ms\nmend A <-> I1",
        after: 11200,
        expect: &["A.held = 1", "fired extend = 1", "fired refuse >= 2", "B.held = none"],
    },
    Start {
        id: "holder-down",
        title: text("The holder crashes", "持有者宕机"),
        says: text(
            "A is down. B is refused until the term is over and gets the lease then: one term is the price.",
            "A 宕机。B 在租期结束之前都被拒绝，之后得到租约：代价是一个租期。",
        ),
        config: USUAL,
        script: "request A acquire\n+5200ms\ncrash A\n+800ms\nrequest B acquire",
        after: 13200,
        expect: &["A.status = crashed", "B.held = 2", "fired refuse >= 3", "fired grant = 2"],
    },
    Start {
        id: "issuer-down",
        title: text("The issuer crashes", "颁发者宕机"),
        says: text(
            "Nobody holds the lease when the term is over. The issuer is back at 00:15, does not know what it granted, and waits.",
            "租期一过，谁都没有租约。颁发者 00:15 恢复，不知道颁发过什么，只能等待。",
        ),
        config: USUAL,
        script: "request A acquire\n+5200ms\ncrash I1\n+10000ms\nrestart I1",
        after: 24200,
        expect: &["A.held = none", "fired refuse-quiet >= 1", "fired grant = 1"],
    },
    Start {
        id: "issuer-back",
        title: text("It has waited", "等待之后"),
        says: text(
            "The same, a little later: every term that it may have granted is over.",
            "同样的情形，稍晚一些：可能颁发过的租期都已过去。",
        ),
        config: USUAL,
        script: "request A acquire\n+5200ms\ncrash I1\n+10000ms\nrestart I1",
        after: 28200,
        expect: &["A.held = 2", "fired quiet-over = 1", "fired grant = 2"],
    },
    Start {
        id: "issuer-of-three",
        title: text("An issuer of three", "由三个节点组成的颁发者"),
        says: text(
            "I1 speaks for three, and a majority stores each grant. It crashes; I2 speaks, and waits for what I1 may have granted.",
            "I1 代表三个颁发者发言，每次颁发都由多数派存储。它宕机后 I2 继任，等 I1 可能颁发过的租期过去。",
        ),
        config: OF_THREE,
        script: "request A acquire\n+5200ms\ncrash I1\n+800ms\nrequest B acquire",
        after: 18600,
        expect: &[
            "I1.status = crashed",
            "I2.speaks = 2",
            "fired speak = 1",
            "fired refuse-quiet >= 3",
            "A.held = none",
            "B.held = none",
            "fired grant = 1",
        ],
    },
    Start {
        id: "three-again",
        title: text("The next of three has waited", "继任者等待之后"),
        says: text(
            "The same, a little later: I2 grants, and I3 stores it. Nobody had to repair I1.",
            "同样的情形，稍晚一些：I2 颁发，I3 存储。不必等 I1 修好。",
        ),
        config: OF_THREE,
        script: "request A acquire\n+5200ms\ncrash I1\n+800ms\nrequest B acquire",
        after: 19400,
        expect: &["I1.status = crashed", "A.held = 2", "I2.kept = 2 A", "I3.kept = 2 A", "fired quiet-over = 1"],
    },
    Start {
        id: "three-remember",
        title: text("Three that remember", "记得颁发的三个节点"),
        says: text(
            "I2 asks a majority what was granted, and honours it. A renews with I2, and nobody waits.",
            "I2 询问多数派颁发过什么，并承认它。A 向 I2 续约，谁都不必等待。",
        ),
        config: "seed=90be nodes.issuers=3 network.latency=100..100 options.renewAt=end options.afterRestart=remember",
        script: "request A acquire\n+5200ms\ncrash I1\n+800ms\nrequest B acquire",
        after: 11200,
        expect: &["A.held = 1", "B.held = none", "fired extend = 1", "fired grant = 1", "fired refuse-quiet = 0"],
    },
    Start {
        id: "never-arrived",
        title: text("A grant that never arrived", "没有送达的授权"),
        says: text(
            "The grant is lost and A is down. The issuer honours it all the same.",
            "授权丢了，A 也宕机。颁发者照样承认它。",
        ),
        config: USUAL,
        script: "request A acquire\n+250ms\ndrop grant I1 -> A\ncrash A\n+750ms\nrequest B acquire",
        after: 8200,
        expect: &["A.status = crashed", "fired hold = 0", "fired refuse >= 3", "B.held = none"],
    },
    Start {
        id: "late-write",
        title: text("A write that comes too late", "迟到的写入"),
        says: text(
            "A is 0.4 s slow, and within ε. Its write is 2 s on the way and comes after one of lease 2: the storage refuses it.",
            "A 的时钟慢 0.4 s，在 ε 之内。它的写入在路上走了 2 s，排在租约 2 的写入之后：存储拒绝它。",
        ),
        config: "seed=90be network.latency=100..100 options.renewAt=end options.ends=reading",
        script: "offset A -400ms\nrequest A acquire\n+3800ms\nrequest A write x 1\n+900ms\nrequest A write x 2\n+500ms\ncut A <-> I1\n+800ms\nrequest B acquire\n+3650ms\nrequest A write x 3\n+150ms\ndelay write A -> S 2000ms\n+900ms\nrequest B acquire\n+500ms\nrequest B write x 9",
        after: 12200,
        expect: &["S.x = 9", "fired fence = 1", "fired admit = 3", "B.held = 2", "A.held = none"],
    },
    Start {
        id: "no-fencing",
        title: text("The same, and nobody checks tokens", "同样的写入，没人检查令牌"),
        says: text(
            "The storage takes what comes: the old write stands over the new one.",
            "存储来者不拒：旧写入盖住了新写入。",
        ),
        config: "seed=90be network.latency=100..100 options.renewAt=end options.ends=reading options.fencing=false",
        script: "offset A -400ms\nrequest A acquire\n+5200ms\ncut A <-> I1\n+800ms\nrequest B acquire\n+3650ms\nrequest A write x 3\n+150ms\ndelay write A -> S 2000ms\n+900ms\nrequest B acquire\n+500ms\nrequest B write x 9",
        after: 12200,
        expect: &["S.x = 3", "fired admit = 2", "fired fence = 0"],
    },
    Start {
        id: "at-storage",
        title: text("The storage looks at its clock", "存储也看时钟"),
        says: text(
            "No other holder has written yet, but the term of the late write is over.",
            "还没有别的持有者写入过，但迟到的写入已过期。",
        ),
        config: "seed=90be network.latency=100..100 options.renewAt=end options.ends=reading options.check=at-storage",
        script: "request A acquire\n+5200ms\ncut A <-> I1\n+4450ms\nrequest A write x 3\n+150ms\ndelay write A -> S 2000ms",
        after: 12200,
        expect: &["fired over = 1", "fired admit = 0"],
    },
    Start {
        id: "slow-clock",
        title: text("A clock beyond ε", "时钟超出 ε"),
        says: text(
            "A's clock is 20 % slow. It believes in its lease when the issuer has granted the next.",
            "A 的时钟慢了 20%。颁发者已把租约给了 B，A 还相信自己持有。",
        ),
        config: USUAL,
        script: "request A acquire\n+300ms\nskew A -20%\n+4900ms\ncut A <-> I1\n+800ms\nrequest B acquire",
        after: 12400,
        expect: &["A.held = 1", "B.held = 2", "broken one-holder = 1", "broken holder-ends-first = 1"],
    },
    Start {
        id: "forgets",
        title: text("An issuer that forgets", "健忘的颁发者"),
        says: text(
            "It restarts, knows of no grant, and grants again. Two hold the lease.",
            "它重启后不记得颁发过，又颁发一次。两个节点同时持有租约。",
        ),
        config: "seed=90be network.latency=100..100 options.renewAt=end options.afterRestart=forget",
        script: "request A acquire\n+3200ms\ncrash I1\n+1000ms\nrestart I1\n+300ms\nrequest B acquire",
        after: 5200,
        expect: &["A.held = 1", "B.held = 2"],
    },
    Start {
        id: "remembers",
        title: text("An issuer that wrote it down", "记在磁盘上的颁发者"),
        says: text(
            "Each grant was on its disk before it was sent. After a restart it honours A and needs no wait.",
            "每次颁发都先写盘再发送。重启后它承认 A，不必等待。",
        ),
        config: "seed=90be network.latency=100..100 options.renewAt=end options.afterRestart=remember",
        script: "request A acquire\n+3200ms\ncrash I1\n+1000ms\nrestart I1\n+300ms\nrequest B acquire",
        after: 11200,
        expect: &["A.held = 1", "B.held = none", "fired extend = 1"],
    },
    Start {
        id: "check-then-act",
        title: text("Checked, paused, acted", "检查、暂停、行动"),
        says: text(
            "A looked at its lease, stood still for 15 s, and writes without looking again. The token gives it away.",
            "A 检查过租约，停顿 15 s，不再检查就写入。令牌暴露了它。",
        ),
        config: "seed=90be network.latency=100..100 options.renewAt=end mutants=check-then-act",
        script: "request A acquire\n+4000ms\nrequest A write x 3\n+110ms\npause A\n+1000ms\nrequest B acquire\n+8000ms\nrequest B write x 9\n+6000ms\nresume A",
        after: 19700,
        expect: &["S.x = 9", "fired fence = 1", "broken sent-in-term = 1"],
    },
    Start {
        id: "demand",
        title: text("Only on demand", "按需申请"),
        says: text(
            "A asks when it wants to write and has no lease: whoever writes seldom asks seldom.",
            "A 想写入而没有租约时才申请：写得少，申请也少。",
        ),
        config: "seed=90be network.latency=100..100 options.renewAt=demand",
        script: "request A write x 1\n+1000ms\nrequest A write x 2\n+11000ms\nrequest A write x 3",
        after: 13000,
        expect: &["fired ask = 2", "fired admit = 3", "fired renew = 0"],
    },
];
