//! The mean field of an epidemic on a complete graph: what is expected of very many sites
//! (section 1.4, and Bailey as cited there). In whole numbers, so that no float enters.

use super::state::*;

/// One, in fixed point: fine enough that one site in a million is not lost in [`exp_of_minus`].
const ONE: u64 = 1_000_000_000_000_000;

fn times(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) / u128::from(ONE)) as u64
}

/// e to the power of minus x: (1 - x/1024)^1024, by ten squarings.
fn exp_of_minus(x: u64) -> u64 {
    let mut power = ONE.saturating_sub(x / 1_024);
    for _ in 0..10 {
        power = times(power, power);
    }
    power
}

fn power(base: u64, exponent: u32) -> u64 {
    (0..exponent).fold(ONE, |power, _| times(power, base))
}

/// How many of `sites` know a rumour after each of so many rounds.
pub fn know_by_round(config: &Config, sites: u32, rounds: usize) -> Vec<u64> {
    let part = |of: u64| (u128::from(ONE) * u128::from(of) / u128::from(sites.max(1))) as u64;
    let (mut infective, mut susceptible) = (part(1), part(u64::from(sites.saturating_sub(1))));
    let mut know = Vec::new();
    for _ in 0..rounds {
        know.push((u128::from(ONE - susceptible) * u128::from(sites) / u128::from(ONE)) as u64);
        let missed_by_push = exp_of_minus(infective * u64::from(config.fanout));
        let missed_by_pull = power(ONE - infective, config.fanout);
        let missed = match config.exchange {
            Exchange::Push => missed_by_push,
            Exchange::Pull => missed_by_pull,
            Exchange::PushPull => times(missed_by_push, missed_by_pull),
        };
        let left = times(susceptible, missed);
        // Each useless contact makes a site stop with one chance in k; a counter does so on average.
        let useless = if config.feedback { ONE - susceptible } else { ONE };
        let stopping = match config.style {
            Style::AntiEntropy => 0,
            Style::Rumor => times(infective, useless * u64::from(config.fanout) / u64::from(config.k)),
        };
        infective = (infective + (susceptible - left)).saturating_sub(stopping);
        susceptible = left;
    }
    know
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a million sites only the first knows, and what is expected doubles nearly every round
    /// until most know: nothing is lost below the unit, and nothing runs over above it.
    #[test]
    fn a_million_sites_from_one() {
        let config = Config {
            style: Style::AntiEntropy,
            exchange: Exchange::Push,
            stop: Stop::Counter,
            feedback: true,
            k: 2,
            fanout: 1,
            synchronous: true,
            topology: Topology::Complete,
            degree: 4,
        };
        let know = know_by_round(&config, 1_000_000, 40);
        assert_eq!(know[0], 1);
        for (before, after) in know.iter().zip(&know[1..]).take(15) {
            assert!(*after <= 2 * before + 1 && 10 * after >= 19 * before - 10, "{before} then {after}");
        }
        assert!(know[39] >= 999_900 && know[39] <= 1_000_000, "{}", know[39]);
    }

    #[test]
    fn a_power_of_e() {
        for (x, expected) in [(0, ONE), (ONE, 367_879_441_171_442), (3 * ONE, 49_787_068_367_864)] {
            assert!(exp_of_minus(x).abs_diff(expected) < ONE / 2_000, "{x}");
        }
    }
}
