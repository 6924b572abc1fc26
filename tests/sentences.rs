//! What a run tells: sentences in both languages, never the grammar of inputs.

use synod_engine::value::Value;
use synod_protocols::ALL;
use synod_tests::{RandomRun, Script};

fn says(value: &Value) -> (String, String) {
    let says = value.get("says");
    let text = |key: &str| says.and_then(|says| says.get(key)?.as_text()).unwrap_or_default().to_string();
    (text("en"), text("zh"))
}

/// What an input says when it is done, and what it says in the list of inputs.
fn done(s: &mut Script, line: &str) -> [(String, String); 2] {
    let input = s.simulation.parse(&Value::string(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
    let record = s.simulation.inject(input).unwrap_or_else(|error| panic!("{line}: {error}"));
    [says(&record), says(s.simulation.inputs().last().expect("the input"))]
}

#[test]
fn every_input_is_told_as_a_sentence() {
    let mut s = Script::new("raft", "nodes=5 seed=7f3a network.latency=10..10");
    let told = [
        ("crash A", "A crashes.", "A 宕机。"),
        ("wipe A", "A loses its disk.", "A 的磁盘被清空。"),
        ("restart A", "A restarts.", "A 重启。"),
        ("pause B", "B is paused.", "B 被暂停。"),
        ("resume B", "B goes on.", "B 恢复运行。"),
        (
            "partition A B C | D E",
            "The network is cut: A, B and C on one side, D and E on the other.",
            "网络被切断：一边是 A、B、C，另一边是 D、E。",
        ),
        (
            "partition A",
            "The network is cut: A on one side, all other nodes on the other.",
            "网络被切断：一边是 A，另一边是其余节点。",
        ),
        (
            "partition A | B C | D",
            "The network is cut into 4 parts: A; B and C; D; all other nodes.",
            "网络被切成 4 部分：A；B、C；D；其余节点。",
        ),
        ("heal", "The network is whole again.", "网络恢复。"),
        ("cut A -> B", "The link from A to B is cut.", "从 A 到 B 的链路被切断。"),
        ("cut A <-> B", "The link between A and B is cut.", "A 与 B 之间的链路被切断。"),
        ("mend A <-> B", "The link between A and B is mended.", "A 与 B 之间的链路恢复。"),
        ("latency 10ms..20ms", "Messages now take 10 to 20 ms.", "消息延迟设为 10 至 20 ms。"),
        (
            "latency A -> B 12.5ms..12.5ms",
            "Messages from A to B now take 12.5 ms.",
            "从 A 到 B 的消息延迟设为 12.5 ms。",
        ),
        ("loss 10%", "The network now loses 10% of all messages.", "网络开始丢失 10% 的消息。"),
        ("loss 0%", "No message is lost by chance any more.", "网络不再丢失消息。"),
        ("duplication 5%", "The network now delivers 5% of all messages twice.", "5% 的消息会重复到达。"),
        ("duplication 0%", "No message arrives twice any more.", "消息不再重复到达。"),
        ("skew A +20%", "The clock of A now runs 20% fast.", "A 的时钟开始走快 20%。"),
        ("skew A -20%", "The clock of A now runs 20% slow.", "A 的时钟开始走慢 20%。"),
        ("skew A +0%", "The clock of A runs true again.", "A 的时钟走得准了。"),
        ("offset A +50ms", "The clock of A is set 50 ms ahead.", "A 的时钟被拨快 50 ms。"),
        ("offset A -50ms", "The clock of A is set 50 ms back.", "A 的时钟被拨慢 50 ms。"),
        ("offset A +0ms", "The clock of A is set right.", "A 的时钟被拨准。"),
        ("request by C1 set x 5", "C1 asks for: set x 5.", "C1 请求：set x 5。"),
        ("request by C2 A set x 5", "C2 asks A for: set x 5.", "C2 向 A 请求：set x 5。"),
        ("fire C election", "The election timeout timer of C goes off at once.", "C 的选举超时定时器立即到期。"),
    ];
    for (line, en, zh) in told {
        assert_eq!(done(&mut s, line), [(en.into(), zh.into()), (en.into(), zh.into())], "{line}");
    }
    let told = [
        ("hold", "holds back a request for a vote from C to D.", "拦截 C 发给 D 的投票请求。"),
        ("deliver", "delivers a request for a vote from C to D at once.", "立即送达 C 发给 D 的投票请求。"),
        ("duplicate", "doubles a request for a vote from C to E.", "复制 C 发给 E 的投票请求。"),
        ("drop", "drops a request for a vote from C to E.", "丢弃 C 发给 E 的投票请求。"),
    ];
    for (verb, en, zh) in told {
        let line = format!("{verb} request-vote C -> {}", if en.contains("to D") { "D" } else { "E" });
        let said = (format!("The network {en}"), format!("网络{zh}"));
        assert_eq!(done(&mut s, &line), [said.clone(), said], "{line}");
    }
}

#[test]
fn a_message_that_an_input_names_by_its_number_is_told_by_its_kind() {
    let mut s = Script::new("raft", "nodes=5 seed=7f3a network.latency=10..10");
    s.play("fire C election\n+2ms");
    let frame = s.frame();
    let message = &frame.get("messages").and_then(Value::as_list).expect("messages")[0];
    let id = message.get("id").and_then(Value::as_whole).expect("a number");
    let record = done(&mut s, &format!("delay #{id} 12.5ms"));
    assert_eq!(record[0].0, "The network delays a request for a vote from C to A by 12.5 ms.");
    assert_eq!(record[0].1, "网络把 C 发给 A 的投票请求推迟 12.5 ms。");
    assert_eq!(
        record[1].0,
        format!("The network delays message #{id} by 12.5 ms."),
        "not known when it is only listed"
    );
    assert_eq!(record[1].1, format!("网络把消息 #{id} 推迟 12.5 ms。"));
}

#[test]
fn a_request_without_a_client_says_who_makes_it() {
    let mut s = Script::new("raft", "nodes=3 seed=1");
    assert_eq!(done(&mut s, "request set x 1")[0].0, "C1 asks for: set x 1.");
    let told = done(&mut s, "request B set x 1");
    assert_eq!(told[0], ("C2 asks B for: set x 1.".into(), "C2 向 B 请求：set x 1。".into()));
    assert_eq!(told[1], ("A client asks B for: set x 1.".into(), "客户端向 B 请求：set x 1。".into()));
}

#[test]
fn machines_of_one_role_each_are_called_by_their_names() {
    let mut s = Script::new("paxos", "nodes.proposers=2 nodes.acceptors=3 nodes.learners=1 seed=1");
    assert_eq!(done(&mut s, "crash P2")[0], ("P2 crashes.".into(), "P2 宕机。".into()));
    let line = "partition P1 A1 A2 | P2 A3 L1";
    assert_eq!(done(&mut s, line)[0].1, "网络被切断：一边是 P1、A1、A2，另一边是 P2、A3、L1。");
}

#[test]
fn long_lists_of_names_are_cut_short() {
    let mut s = Script::new("gossip", "nodes=40 seed=1");
    let names = s.names();
    let line = format!("partition {} | {}", names[..20].join(" "), names[20..].join(" "));
    let [(en, zh), _] = done(&mut s, &line);
    assert_eq!(en, "The network is cut: A, B, C and 17 more on one side, U, V, W and 17 more on the other.");
    assert_eq!(zh, "网络被切断：一边是 A、B、C 等 20 个，另一边是 U、V、W 等 20 个。");
}

/// In any run of any protocol: what is told begins and ends as a sentence does.
#[test]
fn whatever_a_run_tells_is_a_sentence() {
    for entry in ALL {
        for seed in 0..25 {
            let mut run = RandomRun::new(entry, seed, &[]);
            (0..60).for_each(|_| drop(run.go_on()));
            run.simulation.each_record(0, u64::MAX, &mut |record| {
                let (en, zh) = says(&record);
                let begins = en.starts_with(|first: char| first.is_ascii_uppercase());
                assert!(begins && en.ends_with('.') && !en.contains('{'), "{}: {en}", entry.id);
                assert!(zh.ends_with('。') && !zh.contains('{'), "{}: {zh}", entry.id);
                assert_spaced(&zh);
            });
        }
    }
}

/// A digit or a Latin letter and a Chinese character stand apart, and there is one space.
fn assert_spaced(zh: &str) {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let before = |c: char| c.is_ascii_alphanumeric() || c == '%';
    for pair in zh.chars().collect::<Vec<char>>().windows(2) {
        let tight = (before(pair[0]) && han(pair[1])) || (han(pair[0]) && pair[1].is_ascii_alphanumeric());
        let half = |c: char| matches!(c, ',' | ';' | ':' | '?' | '!' | '(' | ')');
        let narrow = (han(pair[0]) && half(pair[1])) || (half(pair[0]) && han(pair[1]));
        assert!(!tight && !narrow && pair != [' ', ' '], "{zh}");
    }
    assert!(!zh.contains(", "), "{zh}");
}

/// Words that have a better one: one concept, one word.
const OLD: [&str; 12] =
    ["追随", "答复", "执行", "领导任期", "耐心", "扣留", "堵住", "空操作", "无用接触", "白费", "修复", "应答"];

/// Every text in both languages that a value holds.
fn each_text(value: &Value, see: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::List(items) => items.iter().for_each(|item| each_text(item, see)),
        Value::Map(entries) => {
            let text = |key: &str| value.get(key).and_then(Value::as_text);
            if let (Some(en), Some(zh)) = (text("en"), text("zh")) {
                return see(en, zh);
            }
            entries.iter().for_each(|(_, item)| each_text(item, see));
        }
        _ => {}
    }
}

fn assert_well_put(en: &str, zh: &str) {
    assert_eq!(en.is_empty(), zh.is_empty(), "{en} | {zh}");
    assert_spaced(zh);
    // What a read mends has this name.
    let plain = zh.replace("读修复", "");
    assert!(OLD.iter().all(|old| !plain.contains(old)), "{zh}");
    assert!(!en.contains("  "), "{en}");
    let words: Vec<&str> = en.split([' ', ',', '.', ':']).collect();
    // A number may also be a name: of a slot, of a term.
    let named = |at: usize| {
        at > 0 && ["slot", "entry", "term", "ballot", "index", "round"].contains(&&*words[at - 1].to_lowercase())
    };
    for (at, pair) in words.windows(2).enumerate().filter(|(at, pair)| pair[0] == "1" && !named(*at)) {
        let many = pair[1].ends_with('s') && !["is", "was", "has", "ms", "says"].contains(&pair[1]);
        assert!(!many && !["are", "have", "know"].contains(&pair[1]), "{en}, at word {at}");
    }
}

#[test]
fn whatever_is_said_of_protocols_and_runs_is_well_put() {
    for entry in ALL {
        each_text(&entry.catalog(&[]), &mut |en, zh| assert_well_put(en, zh));
        for seed in 0..25 {
            let mut run = RandomRun::new(entry, seed, &[]);
            for _ in 0..40 {
                run.go_on();
                each_text(&run.simulation.frame(4), &mut |en, zh| assert_well_put(en, zh));
            }
        }
        for start in entry.catalog(&[]).get("starts").and_then(Value::as_list).unwrap_or_default() {
            let id = start.get("id").and_then(Value::as_text).unwrap_or_default();
            let mut s = Script::start(entry.id, id);
            if s.simulation.nodes() <= 99 {
                s.play("+500ms");
                each_text(&s.frame(), &mut |en, zh| assert_well_put(en, zh));
            }
        }
    }
    synod_protocols::COMPARISONS
        .iter()
        .for_each(|pair| each_text(&pair.value(), &mut |en, zh| assert_well_put(en, zh)));
}
