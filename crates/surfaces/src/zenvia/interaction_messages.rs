//! `POST /core/api/v1/interactions/{interaction_hash}/messages`: what the customer says.

use actix_web::HttpResponse;
use contracts::bots::Say;
use serde::Deserialize;
use serde_json::json;

use super::wire::Kept;
use super::{auth, input};
use crate::http::{Answer, Call};

/// Here it is `type`, and the file's URL stands alone.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MessageIn {
    content: Option<String>,
    r#type: Option<String>,
    url: Option<String>,
}

pub async fn create(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let MessageIn { content, r#type, url } = input::body(&call)?;
    let Kept { kind, text, media, extras } = input::said(content, ("type", r#type), url, None)?.into();
    let (key, idempotency) = (input::interaction(&call), call.idempotency()?);
    call.apis.bots.hear(Say { by, key, kind, text, media, extras, idempotency }).await?;
    let data = json!({ "interaction_hash": call.path("interaction_hash") });
    Ok(HttpResponse::Ok().json(json!({ "data": data, "message": "Message created successfully", "status": 200 })))
}
