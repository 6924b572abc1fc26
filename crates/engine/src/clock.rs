//! A node's own clock: its reading and its rate, which faults may change.

use crate::units::{MILLION, Micros, Ppm};

/// Reads `base` at the true time `since`, and runs at `rate` parts in a million of true time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clock {
    base: i64,
    since: Micros,
    rate: Ppm,
    offset: i64,
}

impl Default for Clock {
    fn default() -> Self {
        Clock { base: 0, since: 0, rate: MILLION, offset: 0 }
    }
}

impl Clock {
    #[inline]
    pub fn reading(&self, now: Micros) -> i64 {
        self.base + self.local(now - self.since) as i64 + self.offset
    }
    pub fn rate(&self) -> Ppm {
        self.rate
    }
    pub fn offset(&self) -> i64 {
        self.offset
    }
    /// How much this clock advances while `elapsed` true microseconds pass.
    #[inline]
    pub fn local(&self, elapsed: Micros) -> Micros {
        if self.rate == MILLION {
            return elapsed;
        }
        let (whole, rest) = (elapsed / u64::from(MILLION), elapsed % u64::from(MILLION));
        whole * u64::from(self.rate) + rest * u64::from(self.rate) / u64::from(MILLION)
    }
    /// How long it truly takes until this clock has advanced by `local`, rounded up.
    #[inline]
    pub fn true_time(&self, local: Micros) -> Micros {
        if self.rate == MILLION {
            return local;
        }
        local.saturating_mul(u64::from(MILLION)).div_ceil(u64::from(self.rate))
    }
    /// The first true time at which it reads at least so much, if it runs on as it does: the same whenever one asks.
    pub fn when(&self, reading: i64) -> Micros {
        let ahead = Micros::try_from(reading - self.base - self.offset).unwrap_or(0);
        self.since.saturating_add(self.true_time(ahead))
    }
    pub fn set_rate(&mut self, now: Micros, rate: Ppm) {
        self.base = self.reading(now) - self.offset;
        self.since = now;
        self.rate = rate;
    }
    pub fn set_offset(&mut self, offset: i64) {
        self.offset = offset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_gains_and_keeps_what_it_gained() {
        let mut clock = Clock::default();
        clock.set_rate(1_000, 1_200_000);
        assert_eq!(clock.reading(1_000), 1_000);
        assert_eq!(clock.reading(2_000), 2_200);
        clock.set_rate(2_000, MILLION);
        assert_eq!(clock.reading(3_000), 3_200);
        clock.set_offset(-50);
        assert_eq!(clock.reading(3_000), 3_150);
        clock.set_rate(3_000, 500_000);
        assert_eq!(clock.reading(3_000), 3_150);
        assert_eq!((clock.local(7), clock.true_time(3)), (3, 6));
        for (rate, reading) in [(MILLION, 4_000), (1_300_000, 4_001), (999_999, 5_003), (333_333, 6_000)] {
            clock.set_rate(3_000, rate);
            let when = clock.when(reading);
            assert!(clock.reading(when) >= reading && clock.reading(when - 1) < reading, "{rate}");
        }
    }
}
