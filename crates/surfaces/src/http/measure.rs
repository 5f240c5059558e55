//! How long calls take: one histogram, by surface, route template and status.

use std::cell::RefCell;
use std::collections::HashMap;

use domain::Surface;
use metrics::Histogram;

thread_local! {
    /// A worker's own handles: a request builds no label.
    static KNOWN: RefCell<HashMap<(Surface, &'static str, u16), Histogram>> = RefCell::default();
}

/// Notes that a call of `route` was answered. Few routes and statuses: each combination is a dozen time series.
pub fn answered(surface: Surface, route: &'static str, status: u16, took_s: f64) {
    KNOWN.with_borrow_mut(|known| {
        let made = || {
            let status = status.to_string();
            metrics::histogram!("parlance_http_request_seconds", "surface" => surface.as_str(), "route" => route, "status" => status)
        };
        known.entry((surface, route, status)).or_insert_with(made).record(took_s);
    });
}
