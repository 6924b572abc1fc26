//! Places that are ready to be chosen. Their round trips are measured ones, rounded.

use std::rc::Rc;

use crate::names::ClientId;
use crate::network::Latency;
use crate::roster::{MOST_GROUPS, Roster};
use crate::text::{Text, text};
use crate::units::{MS, Micros};
use crate::value::Value;

use super::{Places, Spot};

/// Places with the round trips between them, which a configuration names by one word.
pub struct Preset {
    /// That word, as in `network.places=three-zones`.
    pub id: &'static str,
    /// What menus call it.
    pub name: Text,
    /// Where its places are, and how far from one another.
    pub says: Text,
    /// Where the round trips were measured.
    pub source: &'static str,
    /// How long messages take inside a place, unless `network.latency` says otherwise.
    pub latency: Latency,
    /// As they stand beside each other.
    pub places: &'static [(&'static str, Text)],
    /// The round trip of each pair, in ms: the first with the second, the first with the third, and so on.
    pub trips: &'static [u32],
}

const AWS_REGIONS: &str = "Latency Between AWS Global Regions (mean pings, by April 2017), rounded to ms";
const US_EAST: (&str, Text) = ("us-east", text("US East", "美国东部"));
const US_WEST: (&str, Text) = ("us-west", text("US West", "美国西部"));
const EUROPE: (&str, Text) = ("europe", text("Europe", "欧洲"));

/// Every preset, in the order of menus.
pub const PRESETS: &[Preset] = &[
    Preset {
        id: "three-regions",
        name: text("Three places over an ocean", "隔着大洋的三地"),
        says: text(
            "Northern California, Virginia and Ireland: 72 ms there and back, then 80, and 153 from end to end.",
            "北加利福尼亚、弗吉尼亚与爱尔兰：往返依次为 72 与 80 ms，两端之间 153 ms。",
        ),
        source: AWS_REGIONS,
        latency: Latency { min: MS / 2, max: MS / 2 },
        places: &[US_WEST, US_EAST, EUROPE],
        trips: &[72, 153, 80],
    },
    Preset {
        id: "three-zones",
        name: text("One place, three zones", "一地三区"),
        says: text("Three data centres near one another: 1 ms there and back.", "彼此邻近的三个数据中心：往返 1 ms。"),
        source: "Measuring AWS Region and AZ Latency (xkyle.com): 0.25 to 3.4 ms between zones; a round figure",
        latency: Latency { min: MS / 4, max: MS / 4 },
        places: &[
            ("zone-1", text("Zone 1", "一区")),
            ("zone-2", text("Zone 2", "二区")),
            ("zone-3", text("Zone 3", "三区")),
        ],
        trips: &[1, 1, 1],
    },
    Preset {
        id: "five-regions",
        name: text("Five places around the world", "环球五地"),
        says: text(
            "Northern California, Virginia, Ireland, Singapore and Tokyo: 72 to 239 ms there and back.",
            "北加利福尼亚、弗吉尼亚、爱尔兰、新加坡与东京：往返 72 至 239 ms。",
        ),
        source: AWS_REGIONS,
        latency: Latency { min: MS / 2, max: MS / 2 },
        places: &[
            US_WEST,
            US_EAST,
            EUROPE,
            ("singapore", text("Singapore", "新加坡")),
            ("tokyo", text("Tokyo", "东京")),
        ],
        trips: &[72, 153, 174, 102, 80, 217, 145, 239, 212, 74],
    },
];

impl Preset {
    /// The preset of this id.
    pub fn find(id: &str) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.id == id)
    }

    /// The nodes of each group are dealt out in the order of their numbers, as evenly as can be, and the
    /// first places get one more. One client stands in each place.
    pub fn places(&self, roster: &Roster) -> Places {
        let spot = |(id, name): &(&str, Text)| Rc::new(Spot { id: (*id).into(), name: name.says() });
        let len = self.places.len();
        let mut places = Places::new(self.places.iter().map(spot).collect(), roster.len());
        let pairs = (0..len).flat_map(|a| (a + 1..len).map(move |b| (a, b)));
        for ((a, b), trip) in pairs.zip(self.trips) {
            places.set_trip(a, b, Micros::from(*trip) * MS);
        }
        let groups = if roster.is_grouped() { MOST_GROUPS } else { 1 };
        for group in 0..groups {
            let (members, count) = (roster.group(group), roster.count(group) as usize);
            for (at, node) in members.enumerate() {
                places.put(node, share(at, count, len));
            }
        }
        (0..len).for_each(|place| places.put_client(ClientId(place as u32), place));
        places
    }

    pub(crate) fn value(&self) -> Value {
        let example = self.places(&Roster::alike(0));
        let place =
            |(id, name): &(&'static str, Text)| Value::map([("id", Value::word(id)), ("name", Value::text(*name))]);
        let [_, rtt] = example.values();
        Value::map([
            ("id", Value::word(self.id)),
            ("name", Value::text(self.name)),
            ("says", Value::text(self.says)),
            ("source", Value::word(self.source)),
            ("latency", Value::list([Value::ms(self.latency.min), Value::ms(self.latency.max)])),
            ("places", Value::list(self.places.iter().map(place))),
            rtt,
        ])
    }
}

/// Which of `len` shares, as even as can be and the larger ones first, holds number `at` of `count`.
fn share(at: usize, count: usize, len: usize) -> usize {
    let (least, more) = (count / len, count % len);
    let in_larger = more * (least + 1);
    if at < in_larger { at / (least + 1) } else { more + (at - in_larger) / least.max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::NodeId;

    #[test]
    fn nodes_are_dealt_out_evenly_and_in_order() {
        let dealt = |count: usize, len: usize| (0..count).map(|at| share(at, count, len)).collect::<Vec<_>>();
        assert_eq!(dealt(5, 3), [0, 0, 1, 1, 2]);
        assert_eq!(dealt(3, 3), [0, 1, 2]);
        assert_eq!(dealt(2, 5), [0, 1]);
        assert_eq!(dealt(7, 3), [0, 0, 0, 1, 1, 2, 2]);
    }

    #[test]
    fn every_preset_names_each_pair_once() {
        for preset in PRESETS {
            let len = preset.places.len();
            assert_eq!(preset.trips.len(), len * (len - 1) / 2, "{}", preset.id);
            let places = preset.places(&Roster::alike(5));
            assert!((0..len).all(|a| (0..len).all(|b| (a == b) == (places.trip(a, b) == 0))), "{}", preset.id);
            assert_eq!((0..5).map(|n| places.of(NodeId(n))).max(), Some(len.min(5) - 1), "{}", preset.id);
        }
    }
}
