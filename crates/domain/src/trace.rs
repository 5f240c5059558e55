//! The W3C trace context of the request that is being served, so that calls, events and logs of it belong together.
//!
//! It travels as a task-local: set where a request or an event enters, read where one leaves.

use std::future::Future;

tokio::task_local! {
    static TRACEPARENT: String;
}

/// Runs `work` with `traceparent` as its trace context.
pub async fn with<F: Future>(traceparent: String, work: F) -> F::Output {
    TRACEPARENT.scope(traceparent, work).await
}

/// The `traceparent` of what runs now, if any.
pub fn current() -> Option<String> {
    TRACEPARENT.try_with(Clone::clone).ok()
}

/// Continues the caller's trace, or starts one when `header` is missing or malformed.
pub fn entering(header: Option<&str>) -> String {
    header.filter(|h| is_traceparent(h)).map_or_else(start, ToOwned::to_owned)
}

fn start() -> String {
    let [trace, span]: [u64; 2] = [rand::random(), rand::random()];
    format!("00-{trace:016x}{span:016x}-{:016x}-01", rand::random::<u64>() | 1)
}

fn is_traceparent(h: &str) -> bool {
    let parts: Vec<&str> = h.split('-').collect();
    let hex = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    matches!(parts.as_slice(), [version, trace, span, flags]
        if hex(version, 2) && hex(trace, 32) && hex(span, 16) && hex(flags, 2) && trace.bytes().any(|b| b != b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_callers_trace_goes_on() {
        let theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(with(entering(Some(theirs)), async { current() }).await.as_deref(), Some(theirs));
        assert_eq!(current(), None);
    }

    #[test]
    fn a_malformed_trace_is_replaced_by_a_new_one() {
        for bad in [None, Some("x"), Some("00-00000000000000000000000000000000-b7ad6b7169203331-01")] {
            assert!(is_traceparent(&entering(bad)));
        }
    }
}
