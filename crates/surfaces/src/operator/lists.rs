//! Lists: `{"items":[…],"next":"cursor"|null}` with `limit` (1..=200, default 50) and `after`.

use std::str::FromStr;

use actix_web::HttpResponse;
use domain::Limit;
use serde::Serialize;
use serde_json::json;

use crate::http::{Call, Problem};

/// Reads `limit`.
pub fn limit(call: &Call) -> Result<Limit, Problem> {
    let Some(raw) = call.head.query("limit") else { return Ok(Limit::clamped(50)) };
    match raw.parse() {
        Ok(n @ 1..=200) => Ok(Limit::clamped(n)),
        _ => Err(Problem::invalid("limit", "limit must be a whole number from 1 to 200")),
    }
}

/// Reads `after`.
pub fn after<T: FromStr>(call: &Call) -> Result<Option<T>, Problem> {
    let raw = call.head.query("after");
    let wrong = |()| Problem::invalid("after", "after must be the `next` of an earlier answer");
    raw.map(|raw| raw.parse().map_err(|_| ()).map_err(wrong)).transpose()
}

/// Reads a filter of the query.
pub fn filter<T: FromStr>(call: &Call, name: &str) -> Result<Option<T>, Problem> {
    let wrong = || Problem::invalid(name, format!("{name} is not understood"));
    call.head.query(name).map(|raw| raw.parse().map_err(|_| wrong())).transpose()
}

/// Reads a UUID-like part of the path; what is none names nothing.
pub fn id<T: FromStr>(call: &Call, name: &str, kind: &str) -> Result<T, Problem> {
    call.path(name).parse().map_err(|_| Problem::not_found(format!("{kind} does not exist")))
}

/// Draws a page.
pub fn draw<T: Serialize>(items: &[T], next: Option<&str>) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "items": items, "next": next }))
}
