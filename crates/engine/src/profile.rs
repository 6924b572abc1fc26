//! Latencies that were measured, by what a message does: the fits of the PBS paper (Bailis et al., VLDB 2012, table 3)
//! as tables of quantiles, in whole microseconds.

use crate::names::End;
use crate::protocol::Tone;
use crate::rng::Chance;
use crate::units::{MS, Micros};

/// How many parts of an octave have a quantile each.
const PARTS: usize = 8;
/// Octaves: the first is the faster half of all messages, and each takes half of what the one before left.
const OCTAVES: usize = 13;
type Table = [u32; PARTS * OCTAVES + 1];

/// Where a network's latencies come from a table.
#[derive(Debug)]
pub struct Profile {
    /// Its name in configurations.
    pub id: &'static str,
    /// Of messages that carry what is to be stored.
    carry: &'static Table,
    /// Of all others.
    others: &'static Table,
    /// What is added each way to whoever is not near.
    away: Micros,
}

/// Every profile, in the order of their numbers in recordings.
pub static PROFILES: [Profile; 4] = [
    Profile { id: "ssd", carry: &SSD, others: &SSD, away: 0 },
    Profile { id: "disk", carry: &DISK, others: &SSD, away: 0 },
    Profile { id: "ymmr", carry: &YMMR_WRITE, others: &YMMR_OTHER, away: 0 },
    Profile { id: "wan", carry: &DISK, others: &SSD, away: 75 * MS },
];

impl Profile {
    /// The number of the profile that is called so.
    pub(crate) fn named(id: &str) -> Option<u8> {
        PROFILES.iter().position(|profile| profile.id == id).map(|place| place as u8)
    }
    /// The shortest flight and the longest.
    pub(crate) fn bounds(&self) -> (Micros, Micros) {
        let ends = [self.carry, self.others].map(|table| (table[0], table[table.len() - 1]));
        let (least, most) = (ends[0].0.min(ends[1].0), ends[0].1.max(ends[1].1));
        (Micros::from(least), Micros::from(most) + self.away)
    }
    /// How long a message flies, by a draw of 64 bits.
    pub fn flight(&self, tone: Tone, near: bool, draw: u64) -> Micros {
        let table = if tone == Tone::Carry { self.carry } else { self.others };
        let away = if near { 0 } else { self.away };
        quantile(table, draw) + away
    }
}

/// How long messages of a run fly: by a profile, or evenly between two bounds.
#[derive(Debug)]
pub struct Flights {
    profile: Option<&'static Profile>,
    between: (Micros, Micros),
}

impl Flights {
    /// By a profile.
    pub fn of(profile: &'static Profile) -> Flights {
        Flights { profile: Some(profile), between: profile.bounds() }
    }
    /// By a profile if there is one, and evenly between bounds if not.
    #[cfg(feature = "random")]
    pub(crate) fn new(profile: Option<u8>, between: (Micros, Micros)) -> Flights {
        Flights { profile: profile.map(|profile| &PROFILES[usize::from(profile)]), between }
    }
    /// How long one flies.
    pub fn draw(&self, tone: Tone, near: bool, chance: &mut Chance) -> Micros {
        match self.profile {
            Some(profile) => profile.flight(tone, near, chance.draw()),
            None => chance.between(self.between.0, self.between.1),
        }
    }
}

/// Each client is near one node, and nodes are near nobody.
pub(crate) fn is_near(from: End, to: End, nodes: u32) -> bool {
    match (from, to) {
        (End::Client(client), End::Node(node)) | (End::Node(node), End::Client(client)) => {
            client.0 % nodes.max(1) == node.0
        }
        _ => false,
    }
}

/// The leading ones of the draw tell the octave, the next three bits the part, and the rest where in it.
fn quantile(table: &Table, draw: u64) -> Micros {
    let octave = (draw.leading_ones() as usize).min(OCTAVES - 1);
    let rest = draw << (octave + 1);
    let at = octave * PARTS + (rest >> 61) as usize;
    let (low, high) = (u64::from(table[at]), u64::from(table[at + 1]));
    low + (((high - low) * (rest << 3 >> 32)) >> 32)
}

/// 91.22 % Pareto (0.235 ms, 10) and 8.78 % exponential (1.66 a ms).
const SSD: Table = [
    14, 236, 238, 240, 242, 244, 246, 249, 253, 254, 256, 259, 261, 264, 267, 270, 274, 277, 279, 282, 285, 288, 292,
    297, 303, 306, 310, 315, 320, 326, 333, 343, 357, 366, 378, 394, 417, 450, 496, 554, 623, 662, 703, 748, 796, 848,
    905, 969, 1040, 1079, 1120, 1165, 1213, 1266, 1323, 1386, 1457, 1496, 1538, 1583, 1631, 1683, 1741, 1804, 1875,
    1914, 1955, 2000, 2048, 2101, 2158, 2222, 2293, 2331, 2373, 2418, 2466, 2518, 2576, 2639, 2710, 2749, 2791, 2835,
    2883, 2936, 2993, 3057, 3128, 3167, 3208, 3253, 3301, 3353, 3411, 3474, 3545, 3584, 3626, 3670, 3719, 3771, 3828,
    3892, 3963,
];
/// 38 % Pareto (1.05 ms, 1.51) and 62 % exponential (0.183 a ms).
const DISK: Table = [
    18, 581, 1077, 1191, 1335, 1518, 1753, 2061, 2462, 2707, 2985, 3301, 3660, 4067, 4529, 5055, 5658, 5995, 6357,
    6751, 7179, 7649, 8167, 8744, 9395, 9753, 10_137, 10_552, 11_001, 11_492, 12_032, 12_633, 13_308, 13_680, 14_079,
    14_509, 14_976, 15_487, 16_049, 16_675, 17_381, 17_771, 18_189, 18_642, 19_134, 19_674, 20_271, 20_938, 21_695,
    22_114, 22_567, 23_059, 23_597, 24_189, 24_850, 25_595, 26_448, 26_926, 27_446, 28_016, 28_645, 29_348, 30_142,
    31_053, 32_121, 32_731, 33_405, 34_158, 35_007, 35_979, 37_113, 38_463, 40_119, 41_104, 42_228, 43_528, 45_055,
    46_881, 49_110, 51_888, 55_430, 57_578, 60_039, 62_874, 66_155, 69_980, 74_474, 79_819, 86_275, 90_037, 94_244,
    98_983, 104_370, 110_561, 117_764, 126_275, 136_519, 142_480, 149_141, 156_643, 165_171, 174_968, 186_368, 199_836,
    216_048,
];
/// 93.9 % Pareto (3 ms, 3.35) and 6.1 % exponential (0.0028 a ms).
const YMMR_WRITE: Table = [
    3001, 3062, 3130, 3206, 3290, 3384, 3492, 3616, 3763, 3846, 3939, 4042, 4158, 4289, 4441, 4620, 4835, 4960, 5101,
    5261, 5446, 5662, 5921, 6242, 6654, 6911, 7217, 7593, 8070, 8711, 9649, 11_252, 15_247, 21_848, 40_055, 65_695,
    94_137, 125_172, 159_197, 196_819, 238_881, 261_930, 286_569, 313_036, 341_622, 372_697, 406_736, 444_365, 486_430,
    509_479, 534_120, 560_587, 589_173, 620_249, 654_288, 691_917, 733_982, 757_032, 781_672, 808_139, 836_726,
    867_801, 901_841, 939_469, 981_535, 1_004_584, 1_029_224, 1_055_692, 1_084_278, 1_115_354, 1_149_393, 1_187_022,
    1_229_087, 1_252_137, 1_276_777, 1_303_244, 1_331_831, 1_362_906, 1_396_946, 1_434_574, 1_476_640, 1_499_689,
    1_524_330, 1_550_797, 1_579_383, 1_610_459, 1_644_498, 1_682_127, 1_724_192, 1_747_242, 1_771_882, 1_798_349,
    1_826_936, 1_858_012, 1_892_051, 1_929_680, 1_971_745, 1_994_795, 2_019_435, 2_045_902, 2_074_489, 2_105_564,
    2_139_604, 2_177_232, 2_219_298,
];
/// 98.2 % Pareto (1.5 ms, 3.8) and 1.8 % exponential (0.0217 a ms).
const YMMR_OTHER: Table = [
    1501, 1526, 1554, 1586, 1620, 1659, 1702, 1751, 1808, 1840, 1875, 1914, 1957, 2004, 2058, 2119, 2191, 2231, 2275,
    2324, 2378, 2439, 2508, 2588, 2681, 2735, 2794, 2859, 2933, 3016, 3112, 3225, 3361, 3440, 3529, 3631, 3747, 3884,
    4048, 4251, 4514, 4678, 4874, 5115, 5422, 5836, 6436, 7422, 9361, 11_073, 13_471, 16_486, 19_984, 23_902, 28_246,
    33_076, 38_489, 41_458, 44_633, 48_045, 51_731, 55_739, 60_130, 64_984, 70_410, 73_384, 76_563, 79_978, 83_666,
    87_675, 92_067, 96_922, 102_350, 105_324, 108_503, 111_918, 115_607, 119_616, 124_009, 128_864, 134_292, 137_266,
    140_445, 143_860, 147_549, 151_558, 155_951, 160_806, 166_234, 169_208, 172_387, 175_802, 179_491, 183_501,
    187_893, 192_748, 198_176, 201_150, 204_329, 207_745, 211_433, 215_443, 219_835, 224_691, 230_118,
];
