//! The least that a web server can do with a posted message: read its JSON, write it back. `cargo xtask bench` holds the
//! posting of messages against it.

use std::io::Write as _;

use actix_web::{App, HttpResponse, HttpServer, web};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Posted {
    chat_id: String,
    source: Source,
    r#type: String,
    text: String,
    medias: Vec<serde_json::Value>,
}

#[derive(Serialize, Deserialize)]
struct Source {
    r#type: String,
    target: String,
}

async fn echo(posted: web::Json<Posted>) -> HttpResponse {
    HttpResponse::Ok().json(posted.into_inner())
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| App::new().default_service(web::to(echo))).bind(("127.0.0.1", 0))?;
    let mut out = std::io::stdout();
    for address in server.addrs() {
        writeln!(out, "listening on http://{address}")?;
    }
    out.flush()?;
    server.run().await
}
