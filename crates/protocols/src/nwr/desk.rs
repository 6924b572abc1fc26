//! What stands on the desk: N, W and R with the check of their sums, the newest of what is stored and of what was
//! answered, and how soon a read sees a write (Bailis et al.: Probabilistically Bounded Staleness, 2012).

use synod_engine::prelude::*;
use synod_engine::profile::Flights;
use synod_engine::protocol::{Check, Control, Curve, Desk, Newest, Odds};
use synod_engine::quorum::Meeting;
use synod_engine::rng::Stream;

use super::history::newest_stored;
use super::state::*;
use super::version::Version;
use super::{FALLBACKS, Nwr};

const fn number(id: &'static str, at_most: Option<&'static str>) -> Control {
    Control { id, at_most, short: &[] }
}
const fn choice(id: &'static str, short: &'static [Text]) -> Control {
    Control { id, at_most: None, short }
}

pub const DESK: Desk = Desk {
    title: text("Quorums", "法定人数"),
    controls: &[
        number("replicas", None),
        number("w", Some("replicas")),
        number("r", Some("replicas")),
        choice("contacts", &[text("all N", "全部 N 个"), text("R", "R 个")]),
        choice("repair", &[text("none", "不做"), text("async", "异步"), text("wait", "等待")]),
        choice("sloppy", &[text("no", "否"), text("yes", "是")]),
    ],
};

/// Any W replicas can write, and any R can read; fallbacks count where quorums are sloppy, also for the first replica.
/// After its own write a client's reads may need that one for a while; others' do not.
pub fn decisions(seen: &Evidence<Nwr>, members: &[NodeId]) -> Vec<Decision> {
    let (config, roster) = (seen.config, seen.cluster.roster());
    let counts = |node: &&NodeId| config.is_sloppy() || roster.group_of(**node) != Some(FALLBACKS as u32);
    let of = |need: u32, with_first: bool| {
        let any = Quorum::at_least(need, members.iter().filter(counts).copied());
        if with_first && !config.is_sloppy() { any.with(NodeId(0)) } else { any }
    };
    let (can, cannot) = (text("can read", "可以读取"), text("cannot read", "无法读取"));
    let write = of(config.w, config.has_primary());
    let read = of(config.r, config.routing == Routing::Primary);
    vec![
        Decision { id: "write", quorum: write, can: Nwr::META.can, cannot: Nwr::META.cannot },
        Decision { id: "read", quorum: read, can, cannot },
    ]
}

/// R + W > N and 2W > N, each with what it comes to.
pub fn checks(seen: &Evidence<Nwr>, members: &[NodeId]) -> Vec<Check> {
    let [write, read] = &decisions(seen, members)[..] else {
        return Vec::new();
    };
    let (reads, writes) = (text("read set", "读集合").says(), text("write set", "写集合").says());
    let check = |sum: Text, a: &Quorum, b: &Quorum, meeting: Meeting, here: Says, there: Says| {
        let (need, of) = (a.need + b.need, a.of());
        let compared = if need > of { text("above", "大于") } else { text("not above", "不大于") };
        let with = [
            ("sum", sum.says()),
            ("need", Says::same(need)),
            ("compared", compared.says()),
            ("of", Says::same(of)),
            ("meets", meeting.says(here, there)),
        ];
        let holds = matches!(meeting, Meeting::Always(_));
        let says = text("{sum} = {need}, {compared} {of}: {meets}", "{sum} = {need}，{compared} {of}：{meets}");
        Check { holds, says: says.fill(&with) }
    };
    let (r, w) = (&read.quorum, &write.quorum);
    let (sum, twice) = (text("R + W", "R + W"), text("2W", "2W"));
    vec![check(sum, r, w, r.meets(w), reads, writes.clone()), check(twice, w, w, w.meets(w), writes.clone(), writes)]
}

/// Of the key that was asked for last.
pub fn newest(seen: &Evidence<Nwr>) -> Vec<Newest> {
    let Some(began) = seen.history.began.values().max_by_key(|began| began.at) else {
        return Vec::new();
    };
    let stored = newest_stored(seen.cluster, began.key);
    let answered = seen.history.keys.get(&began.key).and_then(|known| known.answered.first());
    let number = |version: Option<Version>| version.map(|version| version.number);
    let one = |id, label, epoch| Newest { id, label, epoch };
    vec![
        one("stored", text("newest stored", "已存最新"), number(stored)),
        one("answered", text("newest answered", "已响应最新"), number(answered.map(|held| held.version))),
    ]
}

const STALENESS: Odds = Odds {
    id: "staleness",
    title: text("How soon a read sees a write", "写入后多久读得到"),
    says: text(
        "One client writes; another reads so long after the answer. Nobody is down, and nobody is asked twice.",
        "一个客户端写入；响应之后过这么久，另一个客户端读取。没有宕机，也不重发。",
    ),
    along: text("ms after the answer", "响应之后（ms）"),
    up: text("reads that see it", "读得到的比例"),
    share: true,
};
pub const ODDS: &[Odds] = &[STALENESS];

/// Trials of a batch, of those that choose how much time is shown, and how many parts that has.
const TRIALS: usize = 2_000;
const LOOKED_AT: usize = 1_000;
const PARTS: u64 = 40;

pub fn odds(config: &Config, flights: &Flights, batch: u32) -> Vec<Curve> {
    // A node that coordinates, or stands in, is two flights more.
    if config.nodes_coordinate {
        return Vec::new();
    }
    let waits = |seed: u64, trials: usize| {
        let mut chance = Chance::new(seed, Stream::Outside(8));
        let mut waits: Vec<Micros> = (0..trials).map(|_| seen_after(config, flights, &mut chance)).collect();
        waits.sort_unstable();
        waits
    };
    let shown = rounded(waits(0, LOOKED_AT)[LOOKED_AT * 199 / 200]);
    let waits = waits(u64::from(batch) + 1, TRIALS);
    let places = (0..=PARTS).map(|part| part * shown / PARTS);
    let point = |at: Micros| (at, waits.partition_point(|wait| *wait <= at) as u64);
    let bound = apart(config);
    let name = text("tried", "试验");
    let least = text("if copies spread no further", "若副本不再扩散");
    vec![
        Curve { id: "tried", name, theory: false, trials: TRIALS as u64, points: places.map(point).collect() },
        Curve {
            id: "least",
            name: least,
            theory: true,
            trials: MILLION as u64,
            points: vec![(0, bound), (shown, bound)],
        },
    ]
}

/// How long after a write was answered a read of another client must begin to see it: WARS, section 5.1 of the paper.
fn seen_after(config: &Config, flights: &Flights, chance: &mut Chance) -> Micros {
    let (n, first) = (u64::from(config.n), config.has_primary());
    let (writer, reader, named) = (chance.between(0, n - 1), chance.between(0, n - 1), chance.between(0, n - 1));
    let mut fly = |tone, near| flights.draw(tone, near, chance);
    // When a replica has stored it, when the writer hears of that, when the read arrives there, and is answered.
    let mut replicas: Vec<(u64, [Micros; 4])> = Vec::new();
    for at in 0..n {
        let (writes, reads) = (at == writer, at == reader);
        let stored = fly(Tone::Carry, writes);
        let told = stored + fly(Tone::Stored, writes);
        let asked = fly(Tone::Ask, reads);
        replicas.push((at, [stored, told, asked, asked + fly(Tone::Yes, reads)]));
    }
    let of_first = if first { replicas[0].1[1] } else { 0 };
    replicas.sort_by_key(|(_, times)| times[1]);
    let answered = replicas[config.w as usize - 1].1[1].max(of_first);
    let from = match config.routing {
        Routing::Primary => Some(0),
        Routing::Any | Routing::Stamp if config.asks_all => None,
        _ => Some(named),
    };
    match from {
        None => replicas.sort_by_key(|(_, times)| times[3]),
        Some(from) => replicas.sort_by_key(|(at, _)| (at + n - from) % n),
    }
    let asked = replicas.iter().take(config.r as usize);
    asked.map(|(_, [stored, _, asked, _])| stored.saturating_sub(answered + asked)).min().unwrap_or(0)
}

/// One less the probability that R of N miss W of N, in millionths: section 3.1.
fn apart(config: &Config) -> u64 {
    let (n, w, r) = (u64::from(config.n), u64::from(config.w), u64::from(config.r));
    if config.routing == Routing::Primary || r + w > n {
        return MILLION as u64;
    }
    let miss = (0..r).fold((1u64, 1u64), |(miss, all), at| (miss * (n - w - at), all * (n - at)));
    MILLION as u64 - miss.0 * MILLION as u64 / miss.1
}

/// The next of 1, 2, 5, 10 ... ms.
fn rounded(wait: Micros) -> Micros {
    let mut power = MS;
    loop {
        match [power, 2 * power, 5 * power].into_iter().find(|one| *one >= wait) {
            Some(found) => return found,
            None => power *= 10,
        }
    }
}
