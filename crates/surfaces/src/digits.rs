//! Times digit by digit: a page has hundreds, and `format` would take most of its time.

use chrono::{Datelike as _, Timelike as _};
use domain::Timestamp;

/// Writes a time into the first places of a text like `0000-00-00 00:00:00`, whatever stands between the digits.
pub fn date_and_time(at: Timestamp, text: &mut [u8]) {
    let (day, time) = (at.naive().date(), at.naive().time());
    let numbers = [day.year().unsigned_abs(), day.month(), day.day(), time.hour(), time.minute(), time.second()];
    for (number, place) in numbers.into_iter().zip([0..4, 5..7, 8..10, 11..13, 14..16, 17..19]) {
        put(&mut text[place], number);
    }
}

/// The microseconds of its second, over six places.
pub fn micros(at: Timestamp, text: &mut [u8]) {
    put(text, at.naive().time().nanosecond() / 1000);
}

fn put(digits: &mut [u8], mut number: u32) {
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789"[(number % 10) as usize];
        number /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_filled_with_zeros_and_what_stands_between_stays() {
        let at = Timestamp::from_micros(1_663_814_504_000_021);
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        date_and_time(at, &mut text);
        assert_eq!(&text, b"2022-09-22T02:41:44.000000Z");
        micros(at, &mut text[20..26]);
        assert_eq!(&text, b"2022-09-22T02:41:44.000021Z");
    }
}
