//! `GET /parlance/v1/events`: server-sent events.
//!
//! The first event, `stream.opened`, says where the stream stands and whether everything since `Last-Event-ID` follows.
//! The last one, `stream.closed`, says why it ends; `retry:` says when to come back.

use std::convert::Infallible;

use actix_web::HttpResponse;
use actix_web::http::{Method, header};
use actix_web::web::Bytes;
use futures_util::stream::unfold;
use serde_json::json;

use super::auth;
use super::draw::{self, reason};
use crate::http::live::{End, Next, Watch};
use crate::http::socket::back_ms;
use crate::http::{Answer, Apis, Call};

/// When a client comes back whose connection broke. Milliseconds.
const RETRY_MS: u32 = 2000;

pub async fn open(call: Call) -> Answer {
    let wanted = auth::wanted(&call)?;
    let mut response = HttpResponse::Ok();
    response.content_type("text/event-stream; charset=utf-8");
    // Proxies are not to keep it to themselves.
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header(("x-accel-buffering", "no"));
    if call.head.request.method() == Method::HEAD {
        return Ok(response.finish());
    }
    let watch = call.apis.live.open(wanted).await?;
    let events = Events { watch, apis: call.apis, state: State::Opening };
    Ok(response.streaming(unfold(events, |mut events| async move {
        let chunk = events.next().await?;
        Some((Ok::<_, Infallible>(chunk), events))
    })))
}

enum State {
    Opening,
    Open,
    Closed,
}

struct Events {
    watch: Watch,
    apis: Apis,
    state: State,
}

impl Events {
    async fn next(&mut self) -> Option<Bytes> {
        match self.state {
            State::Closed => return None,
            State::Opening => {
                self.state = State::Open;
                let (recovered, offset) = (self.watch.recovered(), self.watch.position());
                let data = json!({ "recovered": recovered, "offset": offset });
                let opened = format!("retry: {RETRY_MS}\nid: {offset}\nevent: stream.opened\ndata: {data}\n\n");
                return Some(opened.into());
            }
            State::Open => {}
        }
        loop {
            match self.watch.next().await {
                Next::Event(happened) => match draw::drawn(&happened, &self.apis).await {
                    Ok(Some(shown)) => return Some(shown.event.clone()),
                    Ok(None) => {}
                    Err(problem) => {
                        tracing::warn!(?problem, "what happened cannot be shown; the client is to come back");
                        return Some(self.close(End::Lost));
                    }
                },
                // An id without data moves the client's cursor and is no event.
                Next::Quiet(offset) => return Some(format!(": quiet\nid: {offset}\n\n").into()),
                Next::End(end) => return Some(self.close(end)),
            }
        }
    }

    fn close(&mut self, end: End) -> Bytes {
        self.state = State::Closed;
        let (code, reason) = reason(end);
        let retry_ms = match end {
            End::Draining => back_ms(self.apis.live.settings().reconnect_window_ms),
            End::Slow | End::Revoked | End::Lost => RETRY_MS,
        };
        let data = json!({ "code": code, "reason": reason, "retry_ms": retry_ms });
        format!("retry: {retry_ms}\nevent: stream.closed\ndata: {data}\n\n").into()
    }
}
