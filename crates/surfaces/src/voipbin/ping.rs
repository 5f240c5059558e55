//! `GET /ping`: the vendor's health check, open to everybody.

use serde_json::json;

use super::json;
use crate::http::{Answer, Call};

pub async fn ping(_call: Call) -> Answer {
    Ok(json::answer(&json!({ "message": "pong" })))
}
