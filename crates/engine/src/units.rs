//! Integer units: virtual time, probabilities and clock rates, and their decimal text.

/// Virtual time in whole microseconds.
pub type Micros = u64;
/// Parts in a million: a probability, or a clock's rate against true time.
pub type Ppm = u32;

/// A millisecond.
pub const MS: Micros = 1_000;
/// The latest moment a run may reach: 10^9 ms, about eleven and a half days.
pub const END_OF_TIME: Micros = 1_000_000_000 * MS;
/// The whole: certainty, or a clock that runs true.
pub const MILLION: Ppm = 1_000_000;

/// A number from outside, in millionths, so that no float enters the engine.
pub type Millionths = i64;
/// The number 1, in millionths.
pub const ONE: Millionths = 1_000_000;

/// Milliseconds in millionths to whole microseconds, halves away from zero.
pub fn ms_to_micros(ms: Millionths) -> i64 {
    round_div(ms, 1_000)
}

/// Whole microseconds as milliseconds in millionths.
pub fn micros_to_ms(micros: i64) -> Millionths {
    micros.saturating_mul(1_000)
}

/// A division by a positive number, halves away from zero.
pub fn round_div(value: i64, by: i64) -> i64 {
    let half = by / 2;
    if value >= 0 { (value.saturating_add(half)) / by } else { (value.saturating_sub(half)) / by }
}

/// Parses plain decimal text such as `12`, `-0.5` or `12.5` with up to six decimals.
pub fn parse_decimal(text: &str) -> Option<Millionths> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || fraction.len() > 6 || whole.len() > 12 {
        return None;
    }
    let padded = format!("{fraction:0<6}");
    let value = whole.parse::<i64>().ok()?.checked_mul(ONE)?.checked_add(padded.parse().ok()?)?;
    Some(if negative { -value } else { value })
}

/// Prints millionths as the shortest decimal that parses back to the same number.
pub fn print_decimal(value: Millionths) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let magnitude = value.unsigned_abs();
    let (whole, fraction) = (magnitude / ONE as u64, magnitude % ONE as u64);
    if fraction == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{fraction:06}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// Microseconds as milliseconds in text: `12.5ms` without its unit.
pub fn print_ms(micros: i64) -> String {
    print_decimal(micros_to_ms(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_go_both_ways() {
        for text in ["0", "7", "-3", "12.5", "0.000001", "-0.25", "999999999999"] {
            assert_eq!(print_decimal(parse_decimal(text).expect(text)), text);
        }
        for text in ["", "-", ".", "1.", ".5", "1e3", "+1", "1.0000001", "0x1", "１"] {
            assert_eq!(parse_decimal(text), None, "{text}");
        }
    }
}
