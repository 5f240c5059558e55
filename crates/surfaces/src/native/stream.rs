//! `GET /parlance/v1/stream`: the same over a WebSocket, and a few words from the client.
//!
//! We say `{"event","offset","data"}`. The client may say `{"type":"active"}` (its user does something),
//! `{"type":"typing","chat_id"}` and `{"type":"read","chat_id","seq"?}`; what is refused is answered by the event `error`.

use async_trait::async_trait;
use contracts::messages::MarkRead;
use contracts::realtime::TellTyping;
use domain::{ChatId, Principal};
use serde::Deserialize;
use serde_json::json;

use super::auth;
use super::draw::{self, reason};
use crate::http::live::{End, Happened, Watch};
use crate::http::socket::{self, Dialect, Farewell};
use crate::http::{Answer, Apis, Call, Problem};

pub async fn open(call: Call) -> Answer {
    let wanted = auth::wanted(&call)?;
    let dialect = Native { who: call.by()?, apis: call.apis.clone() };
    let watch = call.apis.live.open(wanted).await?;
    socket::open(call, watch, dialect)
}

struct Native {
    who: Principal,
    apis: Apis,
}

/// What a client may say.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Said {
    Active,
    Typing { chat_id: ChatId },
    Read { chat_id: ChatId, seq: Option<i64> },
}

impl Native {
    async fn obey(&self, said: &str) -> Result<(), Problem> {
        let by = self.who.clone();
        match serde_json::from_str(said).map_err(|_| Problem::Malformed)? {
            Said::Active => {}
            Said::Typing { chat_id: chat } => {
                self.apis.realtime.typing(TellTyping { by, chat, number: None }).await?;
            }
            Said::Read { chat_id: chat, seq: upto_seq } => {
                self.apis.messages.mark_read(MarkRead { by, chat, upto_seq }).await?;
            }
        }
        Ok(())
    }
}

#[async_trait(?Send)]
impl Dialect for Native {
    fn opened(&self, watch: &Watch) -> Vec<String> {
        let (offset, data) = (watch.position(), json!({ "recovered": watch.recovered() }));
        vec![json!({ "event": "stream.opened", "offset": offset, "data": data }).to_string()]
    }

    async fn show(&self, happened: &Happened) -> Result<Vec<String>, Problem> {
        Ok(draw::drawn(happened, &self.apis).await?.map(|shown| shown.frame.clone()).into_iter().collect())
    }

    async fn heard(&mut self, said: &str) -> Result<Vec<String>, Farewell> {
        let Err(problem) = self.obey(said).await else { return Ok(Vec::new()) };
        let message = match problem {
            Problem::Failure(failure) => failure.message,
            _ => "this is not understood".to_owned(),
        };
        Ok(vec![json!({ "event": "error", "data": { "message": message } }).to_string()])
    }

    fn quiet(&self, offset: i64) -> Option<String> {
        Some(json!({ "event": "stream.quiet", "offset": offset }).to_string())
    }

    fn ending(&self, end: End, back_ms: u32) -> Farewell {
        let (code, reason) = reason(end);
        match end {
            End::Draining => Farewell { code, reason: format!("{reason}; come back in {back_ms} ms") },
            End::Slow | End::Revoked | End::Lost => Farewell { code, reason: reason.to_owned() },
        }
    }
}
