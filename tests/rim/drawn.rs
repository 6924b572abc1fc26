//! Inputs that are drawn, of every kind.

use synod_engine::erased::Of;
use synod_engine::input::{Input, Link, Party, Vocabulary, Which, Who};
use synod_engine::names::{ClientId, End, NodeId};
use synod_engine::network::Latency;
use synod_engine::places::Preset;
use synod_engine::rng::Chance;
use synod_engine::roster::Roster;
use synod_protocols::raft::Raft;

fn random_end(chance: &mut Chance) -> End {
    match chance.between(0, 4) {
        0 => End::Client(ClientId(chance.between(0, 30) as u32)),
        _ => End::Node(node(chance)),
    }
}

fn node(chance: &mut Chance) -> NodeId {
    NodeId(*chance.pick(&[0, 1, 2, 4, 25, 26, 27, 98, 700, 20_000]))
}

fn who(chance: &mut Chance, vocabulary: &Vocabulary) -> Who {
    match chance.between(0, 3) {
        0 => Who::Place(chance.pick(&vocabulary.places).clone()),
        _ => Who::Node(node(chance)),
    }
}

fn party(chance: &mut Chance, vocabulary: &Vocabulary) -> Party {
    match chance.between(0, 3) {
        0 => Party::Place(chance.pick(&vocabulary.places).clone()),
        _ => Party::End(random_end(chance)),
    }
}

fn which(chance: &mut Chance, vocabulary: &Vocabulary) -> Which {
    if chance.one_in(2) {
        return Which::Number(chance.between(0, 99_999));
    }
    Which::First {
        kind: vocabulary.kinds[chance.between(0, vocabulary.kinds.len() as u64 - 1) as usize],
        from: party(chance, vocabulary),
        to: party(chance, vocabulary),
    }
}

/// Any input at all, whether it is valid at some moment or not.
pub fn random_input(chance: &mut Chance, vocabulary: &Vocabulary) -> Input {
    let a = who(chance, vocabulary);
    let link = Link { from: a.clone(), to: who(chance, vocabulary), both: chance.one_in(2) };
    let time = |chance: &mut Chance| *chance.pick(&[0, 1, 500, 12_345, 50_000, 60_000_000]);
    let operation = ["set x 5", "add x -2", "get key_1", "cas x 5 6"][chance.between(0, 3) as usize];
    match chance.between(0, 24) {
        0 => Input::Crash(a),
        1 => Input::Restart(a),
        2 => Input::Wipe(a),
        3 => Input::Pause(a.into()),
        4 => Input::Resume(a.into()),
        5 => {
            let group = |chance: &mut Chance| (0..chance.between(1, 3)).map(|_| party(chance, vocabulary)).collect();
            Input::Partition((0..chance.between(1, 4)).map(|_| group(chance)).collect())
        }
        6 => Input::Heal,
        7 => Input::Cut(link),
        8 => Input::Mend(link),
        9 => Input::Drop(which(chance, vocabulary)),
        10 => Input::Hold(which(chance, vocabulary)),
        11 => Input::Delay(which(chance, vocabulary), time(chance)),
        12 => Input::Duplicate(which(chance, vocabulary)),
        13 => Input::Deliver(which(chance, vocabulary), chance.one_in(2).then(|| chance.between(0, 500_000))),
        14 => {
            let (x, y) = (time(chance), time(chance));
            let link = chance.one_in(2).then(|| (a.clone(), who(chance, vocabulary)));
            Input::Latency(Latency { min: x.min(y), max: x.max(y) }, link)
        }
        15 => Input::Loss(chance.between(0, 1_000_000) as u32),
        16 => Input::Duplication(chance.between(0, 1_000_000) as u32),
        17 => Input::Skew(a.into(), *chance.pick(&[0, 200_000, -999_999, 9_000_000, 1])),
        18 => Input::Offset(a.into(), *chance.pick(&[0, 50_000, -1, 123_456_789])),
        19 => Input::Fire(a.into(), chance.pick(vocabulary.timers).id),
        20 => {
            let client = chance.one_in(2).then(|| ClientId(chance.between(0, 9) as u32));
            let node = chance.one_in(2).then_some(a);
            Input::Request { client, node, operation: operation.into() }
        }
        21 => Input::Join(node(chance).into()),
        23 => Input::Move(a, chance.pick(&vocabulary.places).clone()),
        22 => Input::CrashAfter(a, *chance.pick(&[0, 1, 2, 1_000])),
        _ => Input::Leave(a),
    }
}

/// The words of inputs in a run of three places.
pub fn with_places() -> Vocabulary {
    let preset = Preset::find("three-regions").expect("it is in the catalog");
    Vocabulary::of(Of::<Raft>::NEW, Some(&preset.places(&Roster::alike(5))))
}
