//! W3C trace context: the one header that ties a client's request to everything it causes.

use std::fmt;
use std::str::FromStr;

/// A `traceparent`: which trace, and which step of it is the parent of what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent {
    trace: u128,
    step: u64,
    flags: u8,
}

/// The text is not a usable `traceparent`; a new trace begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a W3C traceparent")]
pub struct BadTraceParent;

impl TraceParent {
    /// A new trace, sampled.
    pub fn fresh() -> Self {
        Self { trace: non_zero(rand::random), step: non_zero(rand::random), flags: 1 }
    }

    /// The same, sampled with the probability `share`.
    #[must_use]
    pub fn sampled(self, share: f64) -> Self {
        Self { flags: u8::from(rand::random::<f64>() < share), ..self }
    }

    /// Whether its steps are to be collected.
    pub fn is_sampled(&self) -> bool {
        self.flags & 1 == 1
    }

    /// The next step of the same trace: what this process passes on.
    #[must_use]
    pub fn child(self) -> Self {
        Self { step: non_zero(rand::random), ..self }
    }

    /// 16 hex digits.
    pub fn step_id(&self) -> String {
        format!("{:016x}", self.step)
    }

    /// 32 hex digits.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }
}

/// Zero means "none" in both ids.
fn non_zero<T: Default + PartialEq>(draw: impl Fn() -> T) -> T {
    loop {
        let id = draw();
        if id != T::default() {
            return id;
        }
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.step, self.flags)
    }
}

impl FromStr for TraceParent {
    type Err = BadTraceParent;

    /// Versions above 00 may carry more fields, which are ignored; version ff is forbidden.
    fn from_str(text: &str) -> Result<Self, BadTraceParent> {
        let mut parts = text.trim().split('-');
        let mut hex = |digits: usize| {
            let part = parts.next().filter(|p| p.len() == digits)?;
            let lower = part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if lower { u128::from_str_radix(part, 16).ok() } else { None }
        };
        let fields = (hex(2), hex(32), hex(16), hex(2));
        let (Some(version), Some(trace), Some(step), Some(flags)) = fields else { return Err(BadTraceParent) };
        let trailing = parts.next().is_some();
        if version == 0xff || (version == 0 && trailing) || trace == 0 || step == 0 {
            return Err(BadTraceParent);
        }
        // Both fit: their digits were counted.
        let (step, flags) = (u64::try_from(step), u8::try_from(flags));
        Ok(Self { trace, step: step.map_err(|_| BadTraceParent)?, flags: flags.map_err(|_| BadTraceParent)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_header_survives_and_a_child_stays_in_its_trace() {
        let parent: TraceParent = GIVEN.parse().unwrap();
        assert_eq!(parent.to_string(), GIVEN);
        let child = parent.child();
        assert_eq!(child.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_ne!(child.to_string(), GIVEN);
        assert_eq!(TraceParent::fresh().to_string().len(), GIVEN.len());
    }

    #[test]
    fn what_is_not_a_traceparent_is_refused() {
        for bad in [
            "",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert_eq!(bad.parse::<TraceParent>(), Err(BadTraceParent), "{bad}");
        }
        assert!("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later".parse::<TraceParent>().is_ok());
    }
}
