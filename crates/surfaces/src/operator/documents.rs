//! `GET /operator/v1/openapi.json` and `…/openapi/{surface}.json`: the OpenAPI documents, as `cargo xtask openapi` wrote
//! them. For everybody: they say nothing that is not published.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::http::{Answer, Call, Problem};

/// The surfaces' documents; the operator's has the native streams, too.
pub const DOCUMENTS: [(&str, &str); 6] = [
    ("connectnow", include_str!("../../../../docs/openapi/connectnow.json")),
    ("imbee", include_str!("../../../../docs/openapi/imbee.json")),
    ("odoo", include_str!("../../../../docs/openapi/odoo.json")),
    (OWN, include_str!("../../../../docs/openapi/operator.json")),
    ("voipbin", include_str!("../../../../docs/openapi/voipbin.json")),
    ("zenvia", include_str!("../../../../docs/openapi/zenvia.json")),
];

const OWN: &str = "operator";

/// Our own.
pub async fn own(_call: Call) -> Answer {
    document(OWN)
}

/// A surface's.
pub async fn of_surface(call: Call) -> Answer {
    document(call.path("surface"))
}

fn document(name: &str) -> Answer {
    let found = DOCUMENTS.iter().find(|(known, _)| *known == name);
    let (_, text) = found.ok_or_else(|| Problem::not_found("no surface has this name"))?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/json")).body(*text))
}
