//! A run as one short text that may stand in an address: bytes in base64url with a checksum.

use std::rc::Rc;

use crate::branch::Placed;
use crate::config::Setup;
use crate::disk::DiskTimes;
use crate::erased::{About, Definition};
use crate::error::{Error, Part, Result, why};
use crate::fingerprint::Fingerprint;
use crate::input::{Input, VERBS, Vocabulary};
use crate::names::{ClientId, End, Names, NodeId};
use crate::network::{Conditions, LONGEST_LATENCY, Latency};
use crate::options::Setting;
use crate::places::{self, LONGEST_TRIP, MOST_PLACES, Places, Spot};
use crate::profile::PROFILES;
use crate::protocol::Nodes;
use crate::roster::{Group, MOST_GROUPS, Roster};
use crate::text::{Says, text};
use crate::units::{END_OF_TIME, MILLION, Micros};

const FORMAT: u64 = 1;
/// The format that also has what a run may have beside, as a list of parts: each its tag, its length and so many
/// bytes. A run that has none of them is written in the first format.
const WIDER: u64 = 2;
/// How long disks take.
const DISK: u64 = 1;
/// Where nodes and clients stand, and how far places are from one another.
const PLACES: u64 = 2;
const MOST_PARTS: u64 = 16;
const LONGEST: usize = 8 << 20;
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The id of the protocol that a recording is of.
pub fn protocol_of(text: &str) -> Result<String> {
    let bytes = unpack(text)?;
    let mut reader = Reader { bytes: &bytes, at: 0 };
    reader.format()?;
    reader.text()
}

/// The inputs of a branch as they are written, so far: they are only added to, and a page asks again and again.
#[derive(Default)]
pub(crate) struct Written {
    inputs: usize,
    /// When the last of them was done.
    time: Micros,
    bytes: Vec<u8>,
}

impl Written {
    fn follow(&mut self, inputs: &[Placed]) {
        let mut writer = Writer(std::mem::take(&mut self.bytes));
        for placed in inputs.get(self.inputs..).unwrap_or_default() {
            writer.number(placed.time - self.time);
            self.time = placed.time;
            writer.number(placed.after.map_or(0, |after| u64::from(after) + 1));
            writer.input(&placed.input);
        }
        (self.inputs, self.bytes) = (inputs.len(), writer.0);
    }
}

/// What was written before of these inputs is not written again.
pub(crate) fn write(setup: &Setup, inputs: &[Placed], written: &mut Written) -> String {
    let about = setup.about();
    let mut writer = Writer(Vec::new());
    let parts = parts(setup);
    writer.number(if parts.is_empty() { FORMAT } else { WIDER });
    writer.text(about.meta.id);
    writer.number(u64::from(about.meta.rules_version));
    writer.roster(&setup.roster);
    writer.0.extend(setup.seed.to_le_bytes());
    writer.conditions(&setup.conditions);
    let chosen: Vec<_> = setup.settings.each().zip(0..).filter(|((option, set), _)| *set != option.usual).collect();
    writer.number(chosen.len() as u64);
    for ((_, setting), place) in chosen {
        writer.number(place);
        writer.setting(setting);
    }
    let broken = |id: &&str| setup.mutants.contains(id);
    let mutants: Vec<u64> = about.mutants.iter().zip(0..).filter(|(m, _)| broken(&m.id)).map(|(_, at)| at).collect();
    writer.number(mutants.len() as u64);
    mutants.iter().for_each(|place| writer.number(*place));
    if !parts.is_empty() {
        writer.number(parts.len() as u64);
    }
    for (tag, part) in parts {
        writer.number(tag);
        writer.number(part.0.len() as u64);
        writer.0.extend(part.0);
    }
    writer.number(inputs.len() as u64);
    written.follow(inputs);
    writer.0.extend(&written.bytes);
    pack(writer.0)
}

pub(crate) fn read(protocol: &'static dyn Definition, recording: &str) -> Result<(Setup, Vec<Placed>)> {
    let about = protocol.about();
    let bytes = unpack(recording)?;
    let mut reader = Reader { bytes: &bytes, at: 0 };
    let wider = reader.format()? == WIDER;
    if reader.text()? != about.meta.id {
        return Err(Error::recording(text("the recording is of another protocol", "这份记录属于另一个协议")));
    }
    let rules = reader.number()?;
    if rules != u64::from(about.meta.rules_version) {
        let words = text(
            "the recording was made under version {made} of the rules of {protocol}, and these are version {here}: it would not be the same run",
            "这份记录用的是 {protocol} 规则的第 {made} 版，这里是第 {here} 版：重放出来不会是同一次运行",
        );
        let (made, here) = (Part::count(rules as i64), Part::count(about.meta.rules_version));
        let with = [("made", made), ("protocol", Part::text(about.meta.name)), ("here", here)];
        return Err(Error::recording(why(words, with)));
    }
    let roster = reader.roster(about)?;
    let mut setup = Setup { roster, ..Setup::new(protocol, reader.seed()?) };
    setup.conditions = reader.conditions()?;
    for _ in 0..reader.up_to(about.options.len() as u64)? {
        let place = reader.below(about.options.len())?;
        let setting = reader.setting()?;
        if !about.options[place].kind.allows(setting) {
            return Err(damaged());
        }
        setup.settings.set(place, setting);
    }
    for _ in 0..reader.up_to(about.mutants.len() as u64)? {
        setup.mutants.push(about.mutants[reader.below(about.mutants.len())?].id);
    }
    if wider {
        reader.parts(&mut setup)?;
    }
    setup.check().map_err(|_| damaged())?;
    let _names = Names::of(&setup.roster);
    let inputs = reader.inputs(&setup.vocabulary())?;
    if reader.at != bytes.len() {
        return Err(damaged());
    }
    Ok((setup, inputs))
}

/// What a run has beside, each part with its tag, in the order of the tags.
fn parts(setup: &Setup) -> Vec<(u64, Writer)> {
    let mut parts = Vec::new();
    if setup.disk != DiskTimes::default() {
        let mut part = Writer(Vec::new());
        part.disk(&setup.disk);
        parts.push((DISK, part));
    }
    if let Some(places) = &setup.places {
        let mut part = Writer(Vec::new());
        part.places(places, setup.roster.len());
        parts.push((PLACES, part));
    }
    parts
}

fn damaged() -> Error {
    Error::recording(text("the recording is damaged: copy the whole link again", "记录已损坏：请重新复制整个链接"))
}

fn newer() -> Error {
    Error::recording(text(
        "the recording has a part that this Synod does not know: it was made by a newer one",
        "这份记录含有这里不认识的部分：它由更新的 Synod 生成",
    ))
}

fn pack(mut bytes: Vec<u8>) -> String {
    bytes.extend(checksum(&bytes));
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0u32, |w, (i, b)| w | u32::from(*b) << (16 - 8 * i));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(word >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}

fn unpack(text: &str) -> Result<Vec<u8>> {
    if text.len() > LONGEST || text.len() % 4 == 1 {
        return Err(damaged());
    }
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.as_bytes().chunks(4) {
        let mut word = 0u32;
        for (place, digit) in chunk.iter().enumerate() {
            let value = DIGITS.iter().position(|known| known == digit).ok_or_else(damaged)?;
            word |= (value as u32) << (18 - 6 * place);
        }
        bytes.extend((0..chunk.len() - 1).map(|i| (word >> (16 - 8 * i)) as u8));
    }
    if bytes.len() < 4 {
        return Err(damaged());
    }
    let sum = bytes.split_off(bytes.len() - 4);
    // The text must be the one text of these bytes: unused bits of the last digit count too.
    if sum != checksum(&bytes) || pack(bytes.clone()) != text {
        return Err(damaged());
    }
    Ok(bytes)
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    (Fingerprint::of(&bytes) as u32).to_le_bytes()
}

struct Writer(Vec<u8>);

impl Writer {
    /// Seven bits a byte, the least first.
    fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.0.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.0.push(n as u8);
    }
    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend(text.as_bytes());
    }
    /// A number of nodes; or nothing, and a number for each group.
    fn roster(&mut self, roster: &Roster) {
        if !roster.is_grouped() {
            return self.number(u64::from(roster.len()));
        }
        self.number(0);
        roster.groups().iter().for_each(|group| self.number(u64::from(group.count)));
    }
    fn conditions(&mut self, conditions: &Conditions) {
        self.number(conditions.latency.min);
        self.number(conditions.latency.max);
        self.number(u64::from(conditions.loss));
        self.number(u64::from(conditions.duplicate));
        // Two facts in one number, so that recordings from before there were profiles read as they did.
        let profile = conditions.profile.map_or(0, |profile| u64::from(profile) + 1);
        self.number(u64::from(conditions.reorder) | profile << 1);
    }
    fn latency(&mut self, latency: Latency) {
        self.number(latency.min);
        self.number(latency.max);
    }
    fn disk(&mut self, disk: &DiskTimes) {
        self.latency(disk.usual);
        self.number(disk.own.len() as u64);
        for (node, latency) in disk.own.iter() {
            self.number(u64::from(node.0));
            self.latency(*latency);
        }
    }
    fn places(&mut self, places: &Places, nodes: u32) {
        let len = places.spots().len();
        self.number(len as u64);
        for spot in places.spots() {
            self.text(&spot.id);
            self.text(&spot.name.en);
            self.text(if spot.name.zh == spot.name.en { "" } else { &spot.name.zh });
        }
        (0..len).for_each(|a| (a + 1..len).for_each(|b| self.number(places.trip(a, b))));
        (0..nodes).for_each(|node| self.number(places.of(NodeId(node)) as u64));
        for place in 0..len {
            let clients: Vec<ClientId> = places.clients(place).collect();
            self.number(clients.len() as u64);
            clients.iter().for_each(|client| self.number(u64::from(client.0)));
        }
    }
    fn setting(&mut self, setting: Setting) {
        let (tag, a, b) = match setting {
            Setting::Flag(b) => (0, u64::from(b), None),
            Setting::Count(n) => (1, u64::from(n), None),
            Setting::Time(t) => (2, t, None),
            Setting::Times(low, high) => (3, low, Some(high)),
            Setting::Choice(n) => (4, u64::from(n), None),
        };
        self.number(tag);
        self.number(a);
        b.into_iter().for_each(|b| self.number(b));
    }
    /// The verb as a number, and the rest of the text: short, and read by the one grammar.
    fn input(&mut self, input: &Input) {
        let text = input.to_string();
        self.number(input.tag() as u64);
        self.text(text[input.verb().len()..].trim_start());
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn format(&mut self) -> Result<u64> {
        match self.number()? {
            format @ (FORMAT | WIDER) => Ok(format),
            other => {
                let words = text(
                    "the recording has format {format}, and this Synod reads formats up to {here}",
                    "这份记录的格式是 {format}，而这里只读到格式 {here}",
                );
                let with = [("format", Part::count(other as i64)), ("here", Part::count(WIDER as i64))];
                Err(Error::recording(why(words, with)))
            }
        }
    }
    fn number(&mut self) -> Result<u64> {
        let mut n = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at).ok_or_else(damaged)?;
            self.at += 1;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(damaged())
    }
    fn up_to(&mut self, most: u64) -> Result<u64> {
        self.number().and_then(|n| if n <= most { Ok(n) } else { Err(damaged()) })
    }
    fn below(&mut self, len: usize) -> Result<usize> {
        self.number().and_then(|n| if n < len as u64 { Ok(n as usize) } else { Err(damaged()) })
    }
    fn flag(&mut self) -> Result<bool> {
        self.up_to(1).map(|n| n == 1)
    }
    fn seed(&mut self) -> Result<u64> {
        let bytes = self.bytes.get(self.at..self.at + 8).ok_or_else(damaged)?;
        self.at += 8;
        Ok(bytes.iter().rev().fold(0, |seed, byte| seed << 8 | u64::from(*byte)))
    }
    fn text(&mut self) -> Result<String> {
        let len = self.up_to(4_096)? as usize;
        let bytes = self.bytes.get(self.at..self.at + len).ok_or_else(damaged)?;
        self.at += len;
        std::str::from_utf8(bytes).map(str::to_string).map_err(|_| damaged())
    }
    fn roster(&mut self, about: &About) -> Result<Roster> {
        let Nodes { min, max, .. } = about.meta.nodes;
        let nodes = self.up_to(u64::from(max))? as u32;
        if nodes > 0 || about.meta.groups.is_empty() {
            return if nodes >= min { Ok(Roster::alike(nodes)) } else { Err(damaged()) };
        }
        let mut groups = [Group::default(); MOST_GROUPS];
        for (place, group) in groups.iter_mut().enumerate() {
            let kind = about.meta.groups.get(place);
            let bounds = kind.map_or((0, 0), |kind| (kind.bounds.min, kind.bounds.max));
            let count = self.up_to(u64::from(bounds.1))? as u32;
            if count < bounds.0 {
                return Err(damaged());
            }
            *group = Group { named: kind.map(|kind| kind.named).unwrap_or_default(), count };
        }
        Ok(Roster::grouped(groups))
    }
    fn latency(&mut self) -> Result<Latency> {
        let (min, max) = (self.number()?, self.up_to(LONGEST_LATENCY)?);
        if min <= max { Ok(Latency { min, max }) } else { Err(damaged()) }
    }
    fn disk(&mut self, setup: &Setup) -> Result<DiskTimes> {
        let nodes = setup.roster.len();
        let mut disk = DiskTimes { usual: self.latency()?, ..DiskTimes::default() };
        for _ in 0..self.up_to(u64::from(nodes))? {
            let node = NodeId(self.below(nodes as usize)? as u32);
            disk.own.insert(node, self.latency()?);
        }
        if !setup.about().forced || disk == DiskTimes::default() {
            return Err(damaged());
        }
        Ok(disk)
    }
    /// At least one part, each tag once and in order, and each as long as it says.
    fn parts(&mut self, setup: &mut Setup) -> Result<()> {
        let mut last = 0;
        for _ in 0..self.up_to(MOST_PARTS)? {
            let (tag, len) = (self.number()?, self.up_to(self.bytes.len() as u64)? as usize);
            let end = self.at + len;
            if tag <= last || end > self.bytes.len() {
                return Err(damaged());
            }
            match tag {
                DISK => setup.disk = self.disk(setup)?,
                PLACES => setup.places = Some(self.places(setup)?),
                _ => return Err(newer()),
            }
            if self.at != end {
                return Err(damaged());
            }
            last = tag;
        }
        if last == 0 { Err(damaged()) } else { Ok(()) }
    }
    fn spot(&mut self, setup: &Setup) -> Result<Rc<Spot>> {
        let (id, en, zh) = (self.text()?, self.text()?, self.text()?);
        let zh = if zh.is_empty() { en.clone() } else { zh };
        let plain = places::is_id(&id) && places::is_name(&en) && places::is_name(&zh);
        if !plain || places::is_word(&id, setup.about(), &Vocabulary::of(setup.protocol, None)) {
            return Err(damaged());
        }
        Ok(Rc::new(Spot { id, name: Says { en, zh } }))
    }
    fn places(&mut self, setup: &Setup) -> Result<Rc<Places>> {
        let mut spots: Vec<Rc<Spot>> = Vec::new();
        for _ in 0..self.up_to(MOST_PLACES as u64)? {
            let spot = self.spot(setup)?;
            if spots.iter().any(|other| other.id == spot.id) {
                return Err(damaged());
            }
            spots.push(spot);
        }
        let (len, nodes) = (spots.len(), setup.roster.len());
        let mut places = Places::new(spots, nodes);
        for (a, b) in (0..len).flat_map(|a| (a + 1..len).map(move |b| (a, b))) {
            places.set_trip(a, b, self.up_to(LONGEST_TRIP)?);
        }
        for node in 0..nodes {
            places.put(NodeId(node), self.below(len)?);
        }
        for place in 0..len {
            for _ in 0..self.up_to(places::MOST_CLIENT)? {
                let client = ClientId(self.up_to(places::MOST_CLIENT)? as u32);
                if places.of_end(End::Client(client)).is_some() {
                    return Err(damaged());
                }
                places.put_client(client, place);
            }
        }
        Ok(Rc::new(places))
    }
    fn probability(&mut self) -> Result<u32> {
        self.up_to(u64::from(MILLION)).map(|n| n as u32)
    }
    fn conditions(&mut self) -> Result<Conditions> {
        let (latency, loss, duplicate) = (self.latency()?, self.probability()?, self.probability()?);
        let last = self.up_to(2 * PROFILES.len() as u64 + 1)?;
        let profile = (last >> 1).checked_sub(1).map(|profile| profile as u8);
        Ok(Conditions { latency, profile, loss, duplicate, reorder: last & 1 == 1 })
    }
    fn setting(&mut self) -> Result<Setting> {
        Ok(match self.number()? {
            0 => Setting::Flag(self.flag()?),
            1 => Setting::Count(self.up_to(u64::from(u32::MAX))? as u32),
            2 => Setting::Time(self.number()?),
            3 => Setting::Times(self.number()?, self.number()?),
            4 => Setting::Choice(self.up_to(u64::from(u32::MAX))? as u32),
            _ => return Err(damaged()),
        })
    }
    fn inputs(&mut self, vocabulary: &Vocabulary) -> Result<Vec<Placed>> {
        let count = self.up_to(self.bytes.len() as u64)?;
        let mut inputs = Vec::new();
        let mut time = 0u64;
        for _ in 0..count {
            time = time.saturating_add(self.number()?);
            if time > END_OF_TIME {
                return Err(damaged());
            }
            let after = self.up_to(u64::from(u32::MAX))?.checked_sub(1).map(|after| after as u32);
            inputs.push(Placed { time, after, input: self.input(vocabulary)? });
        }
        Ok(inputs)
    }
    fn input(&mut self, vocabulary: &Vocabulary) -> Result<Input> {
        let verb = VERBS[self.below(VERBS.len())?];
        let text = format!("{verb} {}", self.text()?);
        crate::grammar::parse(&text, vocabulary).map_err(|_| damaged())
    }
}
