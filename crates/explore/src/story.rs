//! Stories of random runs (`Protocol::STORIES`): their lines, and what fills their words in.

use synod_engine::rng::Chance;
use synod_engine::simulation::Simulation;
use synod_engine::trace::Status;
use synod_engine::value::Value;

/// What a protocol's nodes may be asked for by.
#[derive(Clone)]
pub struct Cast {
    /// The ids of roles, in the order of their numbers.
    roles: Vec<String>,
    /// The ids of groups, in their order.
    groups: Vec<String>,
    /// The group of each node, where machines have one role each.
    group_of: Vec<Option<usize>>,
}

/// One story while it is told: who plays in it.
pub struct Telling {
    bound: Vec<(String, usize)>,
}

/// A line of a story: a wait from and to so many microseconds, or till a rule fires, the end of all faults, or an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Whole,
    Wait(u64, u64),
    Until(&'a str),
    Input(&'a str),
}

/// How long a story waits for a rule, or for somebody in a role, and how often it looks, in microseconds.
pub const PATIENCE: u64 = 400_000;
const GLANCE: u64 = 20_000;
/// Any node.
const ANY: [&str; 2] = ["node", "other"];

pub fn lines(story: &str) -> impl Iterator<Item = Line<'_>> {
    story.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        if line == "whole" {
            return Line::Whole;
        }
        if let Some(rule) = line.strip_prefix("until ") {
            return Line::Until(rule);
        }
        let Some(wait) = line.strip_prefix('+') else { return Line::Input(line) };
        let ms = |digits: &str| digits.parse::<u64>().unwrap_or_else(|_| panic!("{line:?} is no wait")) * 1_000;
        let wait = wait.strip_suffix("ms").unwrap_or_else(|| panic!("{line:?} is in no ms"));
        let (from, to) = wait.split_once("..").unwrap_or((wait, wait));
        Line::Wait(ms(from), ms(to))
    })
}

impl Cast {
    pub fn of(catalog: &Value, run: &Simulation) -> Cast {
        let ids = |list: Option<&Value>| -> Vec<String> {
            let list = list.and_then(Value::as_list).unwrap_or_default();
            list.iter().filter_map(|one| one.get("id")?.as_text().map(str::to_string)).collect()
        };
        let frame = run.frame(0);
        let nodes = frame.get("nodes").and_then(Value::as_list).unwrap_or_default();
        let group = |node: &Value| node.get("group").and_then(Value::as_whole).map(|group| group as usize);
        Cast {
            roles: ids(catalog.get("roles")),
            groups: ids(catalog.get("nodes").and_then(|all| all.get("groups"))),
            group_of: nodes.iter().map(group).collect(),
        }
    }

    /// The place of a group, by its id or by the word for one of it.
    fn group(&self, word: &str) -> Option<usize> {
        self.groups.iter().position(|id| id.strip_suffix('s').unwrap_or(id) == word)
    }

    fn knows(&self, word: &str) -> bool {
        self.is_fixed(word) || self.roles.iter().any(|id| id == word)
    }

    /// Who answers to a word now: nodes that are up.
    fn those(&self, word: &str, run: &Simulation) -> Vec<usize> {
        let group = self.group(word);
        let plays = |at: usize, role: u8| match group {
            Some(place) => self.group_of.get(at).is_none_or(|group| group.is_none_or(|group| group == place)),
            None => ANY.contains(&word) || self.roles.get(usize::from(role)).is_some_and(|id| id == word),
        };
        let up = run.standings().enumerate().filter(|(_, (status, _))| *status == Status::Up);
        up.filter(|(at, (_, standing))| plays(*at, standing.role)).map(|(at, _)| at).collect()
    }

    /// Whether nobody else may answer to a word by and by.
    fn is_fixed(&self, word: &str) -> bool {
        ANY.contains(&word) || self.group(word).is_some()
    }
}

impl Telling {
    pub fn new() -> Telling {
        Telling { bound: Vec::new() }
    }

    /// The line with every word filled in; nothing where somebody is wanted whom there is not, even after a
    /// while.
    pub fn fill(&mut self, line: &str, cast: &Cast, run: &mut Simulation, chance: &mut Chance) -> Option<String> {
        let names = run.node_names();
        let mut filled: Vec<String> = Vec::new();
        for word in line.split(' ') {
            filled.push(match word.strip_prefix('?') {
                None if word == "rest" => {
                    let named = |name: &&String| !filled.contains(name);
                    names.iter().filter(named).cloned().collect::<Vec<_>>().join(" ")
                }
                None => word.to_string(),
                Some("n") => chance.between(0, 3).to_string(),
                Some("operation") => run.draw_operation(chance),
                Some("sides") => sides(&names, chance),
                Some(who) => names[self.find(who, cast, run, chance)?].clone(),
            });
        }
        let text = filled.join(" ");
        Some(if text.ends_with(" after 1 sends") { text[..text.len() - 1].to_string() } else { text })
    }

    fn find(&mut self, who: &str, cast: &Cast, run: &mut Simulation, chance: &mut Chance) -> Option<usize> {
        if let Some((_, node)) = self.bound.iter().find(|(known, _)| known == who) {
            return Some(*node);
        }
        let word = who.trim_end_matches(|c: char| c.is_ascii_digit());
        assert!(cast.knows(word), "nobody is ever called ?{who} here");
        let until = run.now() + PATIENCE;
        loop {
            let mut those = cast.those(word, run);
            those.retain(|node| !self.bound.iter().any(|(_, bound)| bound == node));
            if !those.is_empty() {
                let node = *chance.pick(&those);
                self.bound.push((who.to_string(), node));
                return Some(node);
            }
            if run.now() >= until || cast.is_fixed(word) {
                return None;
            }
            run.run_to(run.now() + GLANCE);
        }
    }
}

impl Default for Telling {
    fn default() -> Telling {
        Telling::new()
    }
}

/// The nodes on two sides, or three.
pub fn sides(nodes: &[String], chance: &mut Chance) -> String {
    let mut sides: Vec<Vec<&str>> = vec![Vec::new(); if chance.one_in(5) { 3 } else { 2 }];
    for node in nodes {
        let side = chance.between(0, sides.len() as u64 - 1) as usize;
        sides[side].push(node);
    }
    let sides: Vec<String> = sides.iter().filter(|side| !side.is_empty()).map(|side| side.join(" ")).collect();
    sides.join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str) -> &'static synod_engine::simulation::Entry {
        synod_protocols::ALL.iter().find(|entry| entry.id == id).expect("a protocol of the registry")
    }

    fn opened(id: &str, words: &'static str) -> Simulation {
        let config = synod_engine::script::config(id, words);
        entry(id).open(&config, &mut || 0).expect("a configuration")
    }

    #[test]
    fn a_story_is_waits_and_inputs() {
        let read: Vec<Line> = lines("\nwhole\n+20ms\n  +0..90ms\nuntil lead\ncrash ?leader after ?n sends\n").collect();
        let input = Line::Input("crash ?leader after ?n sends");
        assert_eq!(read, [Line::Whole, Line::Wait(20_000, 20_000), Line::Wait(0, 90_000), Line::Until("lead"), input]);
    }

    #[test]
    fn words_are_filled_in_and_stay_the_same() {
        let mut run = opened("raft", "nodes=3 seed=7f3a");
        let cast = Cast::of(&entry("raft").catalog(&[]), &run);
        let (mut chance, mut telling) = (Chance::new(7, synod_engine::rng::Stream::Outside(0)), Telling::new());
        let mut fill = |line: &str| telling.fill(line, &cast, &mut run, &mut chance).expect(line);
        let leader = fill("partition ?leader | rest");
        let (_, name) = leader.split_at("partition ".len());
        let name = &name[..1];
        assert_eq!(fill("restart ?leader"), format!("restart {name}"));
        let others = [fill("?follower"), fill("?other")];
        assert!(!others.contains(&name.to_string()) && others[0] != others[1], "{leader}, {others:?}");
        assert_eq!(leader.split(" | ").nth(1).map(str::len), Some(3), "two others: {leader}");
        let after = fill("crash ?leader after ?n sends");
        assert!(run.parse(&Value::string(&after)).is_ok(), "{after}");
        let fourth = telling.fill("crash ?node", &cast, &mut run, &mut chance);
        assert_eq!(fourth, None, "all three play already");
    }

    #[test]
    fn groups_play_their_roles_or_everyone_does() {
        let entry = entry("paxos");
        let mut chance = Chance::new(7, synod_engine::rng::Stream::Outside(0));
        for (config, proposers, acceptors) in [
            ("nodes.proposers=2 nodes.acceptors=3 nodes.learners=1 seed=1", "P1 P2", "A1 A2 A3"),
            ("nodes=5 seed=1", "A B C D E", "A B C D E"),
        ] {
            let mut run = opened("paxos", config);
            let (cast, mut telling) = (Cast::of(&entry.catalog(&[]), &run), Telling::new());
            let line = "?proposer ?proposer2 ?acceptor ?acceptor2";
            let filled = telling.fill(line, &cast, &mut run, &mut chance).expect("who there is");
            let (first, last) = filled.split_at(filled.match_indices(' ').nth(1).map_or(0, |(at, _)| at));
            assert!(first.split(' ').all(|name| proposers.contains(name)), "{filled}");
            assert!(last.trim().split(' ').all(|name| acceptors.contains(name)), "{filled}");
        }
    }

    #[test]
    #[should_panic(expected = "nobody is ever called ?laeder")]
    fn a_slip_of_the_pen_is_told() {
        let mut run = opened("raft", "nodes=3 seed=7f3a");
        let cast = Cast::of(&entry("raft").catalog(&[]), &run);
        let mut chance = Chance::new(7, synod_engine::rng::Stream::Outside(0));
        Telling::new().fill("crash ?laeder", &cast, &mut run, &mut chance);
    }
}
