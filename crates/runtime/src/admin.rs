//! The second listener: `/healthz`, `/readyz`, `/metrics`. Never reachable through the public one.

use futures_util::future::BoxFuture;
use std::io;
use std::net::SocketAddr;

use actix_web::http::header::ContentType;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use serde_json::json;

use crate::context::Context;
use crate::http::{bind, on_thread};
use crate::shutdown::Stage;

/// Serves the admin listener of `cx` at `server.admin_listen` until everything else has stopped. Returns its address.
pub fn serve(cx: &Context) -> BoxFuture<'_, io::Result<SocketAddr>> {
    Box::pin(async move {
        let listener = bind(&cx.server.admin_listen)?;
        let address = listener.local_addr()?;
        let shared = cx.clone();
        let build = move || {
            let app = move || {
                App::new()
                    .app_data(Data::new(shared.clone()))
                    .route("/healthz", web::get().to(healthz))
                    .route("/readyz", web::get().to(readyz))
                    .route("/metrics", web::get().to(metrics))
            };
            Ok(HttpServer::new(app).listen(listener)?.workers(1).shutdown_timeout(1).disable_signals().run())
        };
        on_thread(cx, Stage::Flush, "admin", build).await?;
        Ok(address)
    })
}

/// The process lives.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "ok"}))
}

/// Everything it needs answers, and it is not about to stop.
async fn readyz(cx: Data<Context>) -> HttpResponse {
    let readiness = cx.readiness.clone();
    // Checks use pools, which belong to the services' runtime.
    let asked = cx.handle.spawn(async move { readiness.failing().await }).await;
    let mut failing = asked.unwrap_or_else(|_| vec!["runtime".to_owned()]);
    if cx.shutdown.is_requested() {
        failing.push("shutdown".to_owned());
    }
    if failing.is_empty() {
        HttpResponse::Ok().json(json!({"status": "ready"}))
    } else {
        HttpResponse::ServiceUnavailable().json(json!({"status": "not_ready", "failing": failing}))
    }
}

async fn metrics(cx: Data<Context>) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::plaintext()).body(cx.metrics.render())
}
