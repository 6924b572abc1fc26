//! Inputs told as sentences: what a caption, a list of events or a screen reader says of them.

use crate::erased::About;
use crate::input::{Input, Link, Party, Which, Who};
use crate::names::{ClientId, End};
use crate::network::Latency;
use crate::text::{Says, Text, text};
use crate::units::{Millionths, print_decimal, print_ms};

/// How many nodes a run has, and how many places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub nodes: u32,
    pub places: usize,
}

/// What is known about an input besides itself.
pub(crate) struct Known<'a> {
    pub about: &'a About,
    pub size: Size,
    /// Of a partition: how many nodes stand on a side that it names, where that is known.
    pub listed: Option<u32>,
    /// Of a request: the client that makes it.
    pub client: Option<ClientId>,
    /// Of an input about a message: its kind and its ends.
    pub message: Option<(u16, End, End)>,
}

/// Of more names than this in a row only the first are said, and how many more there are.
const MOST_NAMES: usize = 12;
const FIRST_NAMES: usize = 3;

/// An input as a sentence.
pub(crate) fn sentence(input: &Input, known: &Known) -> Says {
    let named = |words: Text, node: Says| words.fill(&[("node", node)]);
    let of = |words: Text, node: &Who| named(words, who(node));
    match input {
        Input::Crash(node) => of(text("{node} crashes.", "{node} 宕机。"), node),
        Input::CrashAfter(node, after) => crash_after(*after).fill(&[("node", who(node)), ("n", Says::same(after))]),
        Input::Restart(node) => of(text("{node} restarts.", "{node} 重启。"), node),
        Input::Wipe(node) => of(text("{node} loses its disk.", "{node} 的磁盘被清空。"), node),
        Input::Pause(node) => named(text("{node} is paused.", "{node} 被暂停。"), party(node)),
        Input::Resume(node) => named(text("{node} goes on.", "{node} 恢复运行。"), party(node)),
        Input::Join(node) => of(text("{node} joins the cluster.", "{node} 加入集群。"), node),
        Input::Leave(node) => of(text("{node} leaves the cluster.", "{node} 离开集群。"), node),
        Input::Partition(groups) => partition(groups, known),
        Input::Heal => text("The network is whole again.", "网络恢复。").says(),
        Input::Cut(link) => the_link(link, text("is cut.", "被切断。")),
        Input::Mend(link) => the_link(link, text("is mended.", "恢复。")),
        Input::Drop(which) => message(which, known, text("drops {message}.", "丢弃{message}。")),
        Input::Hold(which) => message(which, known, text("holds back {message}.", "拦截{message}。")),
        Input::Duplicate(which) => message(which, known, text("doubles {message}.", "复制{message}。")),
        Input::Deliver(which, None) => {
            message(which, known, text("delivers {message} at once.", "立即送达{message}。"))
        }
        Input::Deliver(which, Some(after)) => {
            let ms = Says::same(print_ms(*after as i64));
            let words = text("delivers {message} in {ms} ms.", "{ms} ms 后送达{message}。");
            message(which, known, words).fill(&[("ms", ms)])
        }
        Input::Delay(which, by) => {
            let ms = Says::same(print_ms(*by as i64));
            let words = text("delays {message} by {ms} ms.", "把{message}推迟 {ms} ms。");
            message(which, known, words).fill(&[("ms", ms)])
        }
        Input::Latency(latency, link) => latency_set(*latency, link.as_ref(), known.size.places > 0),
        Input::Loss(0) => text("No message is lost by chance any more.", "网络不再丢失消息。").says(),
        Input::Loss(part) => {
            share(i64::from(*part), text("The network now loses {p}% of all messages.", "网络开始丢失 {p}% 的消息。"))
        }
        Input::Duplication(0) => text("No message arrives twice any more.", "消息不再重复到达。").says(),
        Input::Duplication(part) => share(
            i64::from(*part),
            text("The network now delivers {p}% of all messages twice.", "{p}% 的消息会重复到达。"),
        ),
        Input::Skew(node, rate) => skew(*rate).fill(&[("node", party(node))]),
        Input::Offset(node, by) => offset(*by).fill(&[("node", party(node))]),
        Input::Fire(node, timer) => {
            let kind = known.about.timers.iter().find(|kind| kind.id == *timer);
            let name = kind.map_or_else(|| Says::same(timer), |kind| kind.name.says());
            let words = text("The {timer} timer of {node} goes off at once.", "{node} 的{timer}定时器立即到期。");
            words.fill(&[("node", party(node)), ("timer", name)])
        }
        Input::Request { client, node, operation } => request(client.or(known.client), node.as_ref(), operation),
        Input::Move(node, spot) => {
            let words = text("{node} moves to {place}.", "{node} 移到{place}。");
            words.fill(&[("node", who(node)), ("place", spot.name.clone())])
        }
    }
}

/// A node by its name, those in a place by the place's.
fn who(who: &Who) -> Says {
    match who {
        Who::Node(node) => Says::same(node),
        Who::Place(spot) => spot.name.clone(),
    }
}

fn party(party: &Party) -> Says {
    match party {
        Party::End(end) => Says::same(end),
        Party::Place(spot) => spot.name.clone(),
    }
}

fn crash_after(after: u32) -> Text {
    match after {
        0 => text("{node} will crash when it is about to send.", "{node} 将在下一次发送之前宕机。"),
        _ => text(
            "{node} will crash in its next step that sends more than {n} {n:message|messages}, after the first {n}.",
            "{node} 将在下一次发送超过 {n} 条消息的步骤中，发出 {n} 条后宕机。",
        ),
    }
}

/// "A, B and C", or the first of many and how many more.
pub(crate) fn names<T>(all: &[T], name: impl Fn(&T) -> Says) -> Says {
    let shown = if all.len() > MOST_NAMES { FIRST_NAMES } else { all.len() };
    let said = |pick: fn(Says) -> String| all[..shown].iter().map(|one| pick(name(one))).collect::<Vec<String>>();
    let (en, zh) = (said(|says| says.en), said(|says| says.zh));
    if shown == all.len() {
        return Says { en: Says::list(&en).en, zh: Says::list(&zh).zh };
    }
    let (more, len) = (Says::same(all.len() - shown), Says::same(all.len()));
    let first = Says::new(crate::text::join(&en, ", "), crate::text::join(&zh, "、"));
    text("{first} and {more} more", "{first} 等 {len} 个").fill(&[("first", first), ("more", more), ("len", len)])
}

fn partition(groups: &[Vec<Party>], known: &Known) -> Says {
    let mut sides: Vec<Says> = groups.iter().map(|group| names(group, party)).collect();
    let count = |is: fn(&&Party) -> bool| groups.iter().flatten().filter(is).count();
    let places = count(|party| matches!(party, Party::Place(_)));
    let nodes = count(|party| matches!(party, Party::End(End::Node(_))));
    let others = match known.listed {
        Some(listed) => listed < known.size.nodes,
        None if places > 0 => places < known.size.places,
        None => nodes < known.size.nodes as usize,
    };
    if others {
        sides.push(text("all other nodes", "其余节点").says());
    }
    let words = match &sides[..] {
        [one, other] => {
            let words = text(
                "The network is cut: {a} on one side, {b} on the other.",
                "网络被切断：一边是 {a}，另一边是 {b}。",
            );
            return words.fill(&[("a", one.clone()), ("b", other.clone())]);
        }
        _ => text("The network is cut into {n} parts: {sides}.", "网络被切成 {n} 部分：{sides}。"),
    };
    let joined = |pick: fn(&Says) -> &String, between| {
        let sides: Vec<String> = sides.iter().map(|side| pick(side).clone()).collect();
        crate::text::join(&sides, between)
    };
    let all = Says::new(joined(|says| &says.en, "; "), joined(|says| &says.zh, "；"));
    words.fill(&[("n", Says::same(sides.len())), ("sides", all)])
}

fn the_link(link: &Link, what: Text) -> Says {
    let words = if link.both {
        text("The link between {a} and {b} {what}", "{a} 与 {b} 之间的链路{what}")
    } else {
        text("The link from {a} to {b} {what}", "从 {a} 到 {b} 的链路{what}")
    };
    words.fill(&[("a", who(&link.from)), ("b", who(&link.to)), ("what", what.says())])
}

/// What the network does with a message.
fn message(which: &Which, known: &Known, does: Text) -> Says {
    let named = |kind: Says, from: Says, to: Says| {
        let words = text("{kind} from {from} to {to}", "{from} 发给 {to} 的{kind}");
        words.fill(&[("kind", kind), ("from", from), ("to", to)])
    };
    let message = match (known.message, which) {
        (Some((kind, from, to)), _) => {
            let kind = crate::frame::message_kind(known.about, kind).name.says();
            named(kind, Says::same(from), Says::same(to))
        }
        (None, Which::First { kind, from, to }) => named(kind_name(known.about, kind), party(from), party(to)),
        (None, Which::Number(number)) => text("message #{n}", "消息 #{n}").fill(&[("n", Says::same(number))]),
    };
    let does = does.fill(&[("message", message)]);
    text("The network {does}", "网络{does}").fill(&[("does", does)])
}

fn kind_name(about: &About, id: &str) -> Says {
    let mut kinds = (0..about.messages.len() as u16 + 2).map(|kind| crate::frame::message_kind(about, kind));
    kinds.find(|kind| kind.id == id).map_or_else(|| Says::same(id), |kind| kind.name.says())
}

fn latency_set(latency: Latency, link: Option<&(Who, Who)>, placed: bool) -> Says {
    let ms = |micros: u64| Says::same(print_ms(micros as i64));
    let (min, max) = (ms(latency.min), ms(latency.max));
    let range = if latency.min == latency.max {
        min
    } else {
        text("{min} to {max}", "{min} 至 {max}").fill(&[("min", min), ("max", max)])
    };
    let words = match link {
        None if placed => text("Messages inside a place now take {range} ms.", "同一地点内的消息延迟设为 {range} ms。"),
        None => text("Messages now take {range} ms.", "消息延迟设为 {range} ms。"),
        Some(_) => text("Messages from {a} to {b} now take {range} ms.", "从 {a} 到 {b} 的消息延迟设为 {range} ms。"),
    };
    let end = |one: Option<&Who>| one.map_or_else(Says::default, who);
    words.fill(&[("range", range), ("a", end(link.map(|link| &link.0))), ("b", end(link.map(|link| &link.1)))])
}

fn share(parts: Millionths, words: Text) -> Says {
    words.fill(&[("p", Says::same(print_decimal(parts * 100)))])
}

fn skew(rate: i64) -> Says {
    let words = match rate {
        0 => text("The clock of {node} runs true again.", "{node} 的时钟走得准了。"),
        1.. => text("The clock of {node} now runs {p}% fast.", "{node} 的时钟开始走快 {p}%。"),
        _ => text("The clock of {node} now runs {p}% slow.", "{node} 的时钟开始走慢 {p}%。"),
    };
    share(rate.abs(), words)
}

fn offset(by: i64) -> Says {
    let words = match by {
        0 => text("The clock of {node} is set right.", "{node} 的时钟被拨准。"),
        1.. => text("The clock of {node} is set {ms} ms ahead.", "{node} 的时钟被拨快 {ms} ms。"),
        _ => text("The clock of {node} is set {ms} ms back.", "{node} 的时钟被拨慢 {ms} ms。"),
    };
    words.fill(&[("ms", Says::same(print_ms(by.abs())))])
}

fn request(client: Option<ClientId>, node: Option<&Who>, operation: &str) -> Says {
    let client = client.map_or_else(|| text("A client", "客户端").says(), Says::same);
    let words = match node {
        Some(_) => text("{client} asks {node} for: {operation}.", "{client} 向 {node} 请求：{operation}。"),
        None => text("{client} asks for: {operation}.", "{client} 请求：{operation}。"),
    };
    let node = node.map_or_else(Says::default, who);
    words.fill(&[("client", client), ("node", node), ("operation", Says::same(operation))])
}
