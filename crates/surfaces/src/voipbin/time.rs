//! Times: `YYYY-MM-DD HH:MM:SS.ffffff`, UTC, always six digits; what is not deleted is deleted in the year 9999.

use chrono::NaiveDateTime;
use domain::Timestamp;
use serde::{Serialize, Serializer};

use crate::digits;

/// `tm_delete` of what lives, and `tm_expire` of what never ends.
pub const NEVER: &str = "9999-01-01 00:00:00.000000";
const NEVER_BYTES: [u8; NEVER.len()] = *b"9999-01-01 00:00:00.000000";
/// The same moment in microseconds since 1970.
const NEVER_MICROS: i64 = 253_370_764_800_000_000;

/// A time as it is shown. A page has hundreds: none is allocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown([u8; NEVER.len()]);

impl Shown {
    /// As text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or(NEVER)
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for Shown {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

/// Writes a time into a text.
pub fn show(at: Timestamp) -> String {
    shown(at).as_str().to_owned()
}

/// Writes a time that may never come.
pub fn shown_or_never(at: Option<Timestamp>) -> Shown {
    at.map_or_else(|| Shown(NEVER_BYTES), shown)
}

/// Writes a time.
pub fn shown(at: Timestamp) -> Shown {
    let mut text = *b"0000-00-00 00:00:00.000000";
    digits::date_and_time(at, &mut text);
    digits::micros(at, &mut text[20..]);
    Shown(text)
}

/// Writes a time that may never come.
pub fn show_or_never(at: Option<Timestamp>) -> String {
    at.map_or_else(|| NEVER.to_owned(), show)
}

/// Reads a time as [`show`] writes it, with fewer digits too. What is outside 1970..9999 becomes the nearer end.
pub fn parse(raw: &str) -> Option<Timestamp> {
    let at = NaiveDateTime::parse_from_str(raw, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    Some(Timestamp::from_micros(at.and_utc().timestamp_micros().clamp(0, NEVER_MICROS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_back() {
        for raw in ["2022-09-22 02:41:44.884828", "1970-01-01 00:00:00.000000", NEVER] {
            assert_eq!(show(parse(raw).unwrap()), raw);
        }
        assert_eq!(parse(NEVER).unwrap().micros(), NEVER_MICROS);
        assert_eq!(show(parse("2022-09-22 02:41:44").unwrap()), "2022-09-22 02:41:44.000000");
    }

    #[test]
    fn a_time_beyond_the_calendar_of_the_stores_comes_to_its_end() {
        assert_eq!(parse("+200000-01-01 00:00:00").map(Timestamp::micros), Some(NEVER_MICROS));
        assert_eq!(parse("-0044-03-15 00:00:00").map(Timestamp::micros), Some(0));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for raw in ["", "now", "2022-09-22", "2022-13-22 02:41:44.884828", "2022-09-22 02:41:44.884828 x", "1663814504"]
        {
            assert_eq!(parse(raw), None, "{raw}");
        }
    }

    #[test]
    fn what_lives_is_deleted_in_the_year_9999() {
        assert_eq!(show_or_never(None), NEVER);
        assert_eq!(show_or_never(Some(Timestamp::from_micros(1))), "1970-01-01 00:00:00.000001");
    }
}
