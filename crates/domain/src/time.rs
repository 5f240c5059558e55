//! Time in whole microseconds, UTC.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDateTime, Timelike as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, UTC, in whole microseconds: what both engines keep exactly.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "diesel", derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow))]
#[cfg_attr(feature = "diesel", diesel(sql_type = diesel::sql_types::Timestamp))]
pub struct Timestamp(pub(crate) NaiveDateTime);

/// A text that is no RFC 3339 time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no time like 2026-11-21T10:00:00.000001Z")]
pub struct BadTimestamp(pub String);

impl Timestamp {
    /// Takes a time; what is finer than a microsecond is cut off.
    pub fn from_naive(at: NaiveDateTime) -> Self {
        Self(at.with_nanosecond(at.nanosecond() / 1000 * 1000).unwrap_or(at))
    }
    /// Microseconds since 1970, UTC. Values beyond what the calendar can say become 1970.
    pub fn from_micros(micros: i64) -> Self {
        Self(DateTime::from_timestamp_micros(micros).unwrap_or_default().naive_utc())
    }
    /// Microseconds since 1970, UTC.
    pub fn micros(self) -> i64 {
        self.0.and_utc().timestamp_micros()
    }
    /// The same moment, as `chrono` has it.
    pub const fn naive(self) -> NaiveDateTime {
        self.0
    }
    /// This moment and `micros` more.
    pub fn plus_micros(self, micros: i64) -> Self {
        Self::from_micros(self.micros().saturating_add(micros))
    }
    /// This moment and `seconds` more.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_micros(seconds.saturating_mul(1_000_000))
    }
    /// The later of this moment and one microsecond after `last`: how lists get strictly rising times, also when the
    /// clock steps back.
    pub fn after(self, last: Option<Self>) -> Self {
        last.map_or(self, |last| self.max(last.plus_micros(1)))
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "A moment, RFC 3339, UTC; written with six digits of a second.",
        })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = BadTimestamp;
    fn from_str(s: &str) -> Result<Self, BadTimestamp> {
        let at = DateTime::parse_from_rfc3339(s).map_err(|_| BadTimestamp(s.to_owned()))?;
        Ok(Self::from_naive(at.naive_utc()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Where the time comes from: the system, or a test.
#[derive(Debug, Clone)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// The system's clock.
    pub const fn system() -> Self {
        Self(None)
    }
    /// A clock that stands at `at` until [`set`](Self::set).
    pub fn fixed(at: Timestamp) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.micros()))))
    }
    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "this is the place where time is taken")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            None => Timestamp::from_naive(chrono::Utc::now().naive_utc()),
            Some(at) => Timestamp::from_micros(at.load(Ordering::SeqCst)),
        }
    }
    /// Puts a fixed clock, and all its clones, to `at`; the system's clock stays as it is.
    pub fn set(&self, at: Timestamp) {
        if let Some(held) = &self.0 {
            held.store(at.micros(), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_six_digits() {
        let at: Timestamp = "2026-11-21T10:00:00.0000019Z".parse().unwrap();
        assert_eq!(at.to_string(), "2026-11-21T10:00:00.000001Z");
        assert_eq!(serde_json::to_string(&at).unwrap(), "\"2026-11-21T10:00:00.000001Z\"");
    }

    #[test]
    fn a_clock_that_steps_back_still_gives_rising_times() {
        let clock = Clock::fixed(Timestamp::from_micros(10));
        let first = clock.now().after(None);
        clock.set(Timestamp::from_micros(3));
        assert_eq!(clock.now().after(Some(first)), Timestamp::from_micros(11));
    }
}
