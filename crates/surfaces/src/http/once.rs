//! `Idempotency-Key` on a DELETE: what is gone cannot answer a repeat, so its answer is kept where credentials are.
//!
//! The promise is held before and the answer kept after the deletion, not in its transaction. Of a process that dies in
//! between, and of the same DELETE sent twice at the same instant, a repeat learns what any second DELETE does.

use actix_web::body::{BoxBody, to_bytes};
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, HttpResponseBuilder};
use contracts::auth::{HoldPromise, KeepAnswer, KeptAnswer};

use super::{Answer, Call, Handler, Problem};

/// Answers `call` by `handler`, or as it was answered before. Only what succeeded is kept.
pub async fn answered(call: Call, handler: &Handler) -> Answer {
    let Some(idempotency) = call.idempotency()? else { return handler(call).await };
    let (auth, tenant) = (call.apis.auth.clone(), call.who()?.tenant);
    if let Some(kept) = auth.promise(HoldPromise { tenant, idempotency }).await? {
        return Ok(drawn(kept));
    }
    let response = handler(call).await?;
    if !response.status().is_success() {
        return Ok(response);
    }
    let (response, answer) = read(response).await?;
    if let Err(error) = auth.keep_answer(KeepAnswer { tenant, idempotency, answer }).await {
        tracing::warn!(error = %error, "the answer of a deletion is not kept");
    }
    Ok(response)
}

fn drawn(KeptAnswer { status, content_type, body }: KeptAnswer) -> HttpResponse {
    let mut response = HttpResponseBuilder::new(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
    if let Some(content_type) = content_type {
        response.insert_header((CONTENT_TYPE, content_type));
    }
    response.body(body)
}

async fn read(response: HttpResponse) -> Result<(HttpResponse, KeptAnswer), Problem> {
    let (head, body) = response.into_parts();
    let unread = |_| Problem::refused(domain::Code::Internal, "an answer was not drawn");
    let body = to_bytes(body).await.map_err(unread)?;
    let content_type = head.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let text = String::from_utf8_lossy(&body).into_owned();
    let kept = KeptAnswer { status: head.status().as_u16(), content_type, body: text };
    Ok((head.set_body(BoxBody::new(body)), kept))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[actix_web::test]
    async fn a_kept_answer_is_drawn_as_it_was() {
        for response in [HttpResponse::Accepted().json(json!({ "id": 1 })), HttpResponse::NoContent().finish()] {
            let status = response.status();
            let (first, kept) = read(response).await.unwrap();
            let (again, kept_again) = read(drawn(kept.clone())).await.unwrap();
            assert_eq!((first.status(), again.status(), &kept_again), (status, status, &kept));
            let (first, again) =
                (to_bytes(first.into_body()).await.unwrap(), to_bytes(again.into_body()).await.unwrap());
            assert_eq!(first, again);
        }
    }
}
