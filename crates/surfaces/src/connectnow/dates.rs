//! Dates as people write them: "most types of dates will work", says the vendor's philosophy page. With slashes the month
//! comes first, with hyphens or dots the day; a year of two digits with hyphens comes first.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime};
use domain::Timestamp;

/// What a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Date {
    /// A whole day.
    Day(NaiveDate),
    /// A second.
    Moment(NaiveDateTime),
}

impl Date {
    /// Its first moment.
    pub fn start(self) -> Timestamp {
        Timestamp::from_naive(match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN),
            Self::Moment(at) => at,
        })
    }

    /// The first moment behind it.
    pub fn end(self) -> Timestamp {
        match self {
            Self::Day(_) => self.start().plus_seconds(24 * 60 * 60),
            Self::Moment(_) => self.start().plus_seconds(1),
        }
    }
}

const DAYS: [&str; 14] = [
    // Before four digits, which would take two as well.
    "%y-%m-%d", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d-%m-%Y", "%d.%m.%Y", "%m/%d/%Y", "%d %B %Y",
    "%d %b %Y", "%B %d %Y", "%b %d %Y", "%d-%B-%Y", "%d-%b-%Y",
];
const MOMENTS: [&str; 4] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];

/// Reads a date, UTC unless it says otherwise.
pub fn parse(text: &str, now: Timestamp) -> Option<Date> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)) {
        return within(Date::Moment(at.naive_utc()));
    }
    if let Some(at) = MOMENTS.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok()) {
        return within(Date::Moment(at));
    }
    let today = now.naive().date();
    let word = match text.to_lowercase().as_str() {
        "now" => return Some(Date::Moment(now.naive())),
        "today" => Some(today),
        "yesterday" => today.checked_sub_days(Days::new(1)),
        "tomorrow" => today.checked_add_days(Days::new(1)),
        _ => None,
    };
    let plain = plain(text);
    let day = word.or_else(|| DAYS.iter().find_map(|format| NaiveDate::parse_from_str(&plain, format).ok()));
    day.and_then(|day| within(Date::Day(day)))
}

/// Years of four digits, which both engines write alike; a day behind the last is one, too.
fn within(date: Date) -> Option<Date> {
    use chrono::Datelike as _;
    let year = match date {
        Date::Day(day) => day.year(),
        Date::Moment(at) => at.year(),
    };
    (1000..=9998).contains(&year).then_some(date)
}

/// "24th December, 2021" as "24 December 2021".
fn plain(text: &str) -> String {
    let word = |word: &str| {
        let word = word.trim_end_matches(',');
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ordinal = matches!(word[digits.len()..].to_lowercase().as_str(), "st" | "nd" | "rd" | "th");
        if ordinal && !digits.is_empty() { digits.to_owned() } else { word.to_owned() }
    };
    text.split_whitespace().map(word).filter(|word| word != "of").collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let now = "2026-11-21T10:00:00.5Z".parse().unwrap();
        parse(text, now).map(|date| match date {
            Date::Day(day) => day.to_string(),
            Date::Moment(at) => at.to_string(),
        })
    }

    #[test]
    fn a_day_is_written_in_many_ways() {
        for text in [
            "2021-12-24",
            "24-12-2021",
            "24.12.2021",
            "12/24/2021",
            "21-12-24",
            "2021/12/24",
            "24th December 2021",
            "24 Dec 2021",
            "December 24th, 2021",
            "24th of December 2021",
        ] {
            assert_eq!(read(text).as_deref(), Some("2021-12-24"), "{text}");
        }
        assert_eq!(read("yesterday").as_deref(), Some("2026-11-20"));
        for text in ["", "soon", "2021-13-01", "2021-02-30", "24/12/2021", "12", "0000-00-00", "99999-01-01"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_is_a_second_and_a_day_is_whole() {
        assert_eq!(read("2021-07-05T09:31:38.000000Z").as_deref(), Some("2021-07-05 09:31:38"));
        assert_eq!(read("2021-07-05T09:31:38+02:00").as_deref(), Some("2021-07-05 07:31:38"));
        assert_eq!(read("2021-07-05 09:31").as_deref(), Some("2021-07-05 09:31:00"));
        let now = Timestamp::from_micros(0);
        let day = parse("2021-12-24", now).unwrap();
        assert_eq!(day.end().micros() - day.start().micros(), 86_400_000_000);
        let moment = parse("2021-12-24 10:00:00", now).unwrap();
        assert_eq!(moment.end().micros() - moment.start().micros(), 1_000_000);
    }
}
