//! `{message, status}`: the shape of most answers.

use actix_web::HttpResponse;
use serde_json::json;

/// The one answer to all four calls of a bot.
pub fn received() -> HttpResponse {
    done("Message received successfully")
}

/// It went well: the status is in the line and in the body.
pub fn done(message: &str) -> HttpResponse {
    HttpResponse::Ok().json(json!({ "message": message, "status": 200 }))
}
