//! JSON-RPC as Odoo 8 speaks it: the request's id comes back, `result` is left out for nothing, and what happens to a call
//! is HTTP 200. Only what is no such request at all is HTTP 400.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use super::args::{Args, Signature, type_error};
use super::{error, session};
use crate::http::{Answer, Call, Head, Problem};

/// A call with its arguments.
pub struct Asked {
    /// The request; its body is the arguments alone.
    pub call: Call,
    /// The arguments.
    pub args: Args,
}

/// What a call answers.
pub type Outcome = Result<Reply, Problem>;
/// A handler, its future boxed.
type Handler = Arc<dyn Fn(Asked) -> Pin<Box<dyn Future<Output = Outcome>>> + Send + Sync>;

/// What a call answers when all goes well.
#[derive(Debug, Default)]
pub struct Reply {
    /// As JSON; `None` leaves `result` out.
    result: Option<String>,
    /// A session that was opened.
    session: Option<String>,
}

impl Reply {
    /// A result.
    pub fn of<T: Serialize + ?Sized>(result: &T) -> Outcome {
        let json = serde_json::to_string(result).map_err(|_| contracts::events::EventsError::Internal)?;
        Ok(Self { result: Some(json), session: None })
    }
    /// The same, by which a session was opened.
    pub fn opening(self, session: String) -> Self {
        Self { session: Some(session), ..self }
    }
    /// Nothing.
    pub fn none() -> Self {
        Self::default()
    }
}

/// Who may call, what a call takes, what it does.
#[derive(Clone)]
pub struct Route {
    signature: Signature,
    /// Whether the caller must be logged in.
    user: bool,
    handler: Handler,
}

impl Route {
    /// For somebody who is logged in.
    pub fn user<H, F>(signature: Signature, handler: H) -> Self
    where
        H: Fn(Asked) -> F + Send + Sync + 'static,
        F: Future<Output = Outcome> + 'static,
    {
        Self { user: true, ..Self::open(signature, handler) }
    }
    /// For everybody.
    pub fn open<H, F>(signature: Signature, handler: H) -> Self
    where
        H: Fn(Asked) -> F + Send + Sync + 'static,
        F: Future<Output = Outcome> + 'static,
    {
        Self { signature, user: false, handler: Arc::new(move |asked| Box::pin(handler(asked))) }
    }

    /// Answers a request.
    pub async fn serve(self, call: Call) -> Answer {
        if !is_json(&call.head) {
            return Ok(error::bad_request());
        }
        let Some(Request { id, params }) = Request::read(&call.body) else { return Ok(error::bad_request()) };
        let head = call.head.clone();
        Ok(match self.run(call, params).await {
            Ok(reply) => answer(&head, &id, reply),
            Err(problem) => error::answer(&head, &id, &problem),
        })
    }

    async fn run(self, mut call: Call, params: Value) -> Outcome {
        if self.user {
            call.authenticate(session::caller).await?;
        }
        let params = match params {
            Value::Object(params) => params,
            Value::Null => Map::new(),
            _ => return Err(type_error("params must be an object".to_owned())),
        };
        let args = self.signature.bind(params)?;
        // What a promise of repetition is about are the arguments, whatever id the request has.
        call.body = Bytes::from(args.to_string());
        (self.handler)(Asked { call, args }).await
    }
}

/// Only these say that a request is JSON.
fn is_json(head: &Head) -> bool {
    let mime = head.header("content-type").unwrap_or_default();
    let mime = mime.split(';').next().unwrap_or_default().trim();
    ["application/json", "application/json-rpc"].iter().any(|json| mime.eq_ignore_ascii_case(json))
}

#[derive(Debug, PartialEq)]
struct Request {
    id: Value,
    params: Value,
}

impl Request {
    /// An object that is no JSON-RPC request is its arguments themselves.
    fn read(body: &[u8]) -> Option<Self> {
        let mut object: Map<String, Value> = serde_json::from_slice(body).ok()?;
        if ["jsonrpc", "method", "params"].iter().any(|key| object.contains_key(*key)) {
            let mut take = |key| object.remove(key).unwrap_or_default();
            return Some(Self { id: take("id"), params: take("params") });
        }
        Some(Self { id: Value::Null, params: Value::Object(object) })
    }
}

/// An answer to a call that went well.
fn answer(head: &Head, id: &Value, reply: Reply) -> HttpResponse {
    let Reply { result, session } = reply;
    let mut body = opening(id);
    if let Some(result) = result {
        body.push_str(r#","result":"#);
        body.push_str(&result);
    }
    body.push('}');
    let mut response = json(body);
    session::keep(head, session.as_deref(), &mut response);
    response
}

/// How every answer begins.
pub fn opening(id: &Value) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id}"#)
}

/// HTTP 200.
pub fn json(body: String) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/json")).body(body)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::body::MessageBody as _;
    use actix_web::test::TestRequest;
    use serde_json::json;

    use super::*;

    fn head(mime: &str) -> Head {
        let request = TestRequest::default().insert_header(("content-type", mime)).to_http_request();
        Head { request, started: Instant::now() }
    }

    fn read(body: &Value) -> Option<(Value, Value)> {
        Request::read(body.to_string().as_bytes()).map(|r| (r.id, r.params))
    }

    #[test]
    fn only_two_types_are_json() {
        for yes in ["application/json", "application/json-rpc", "Application/JSON; charset=utf-8"] {
            assert!(is_json(&head(yes)), "{yes}");
        }
        for no in ["", "text/plain", "text/json", "application/jsonp", "application/x-www-form-urlencoded"] {
            assert!(!is_json(&head(no)), "{no}");
        }
    }

    #[test]
    fn a_request_is_its_params_and_a_bare_object_its_arguments() {
        let seed = json!({ "id": null, "jsonrpc": "2.0", "method": "call", "params": { "uuid": "x" } });
        assert_eq!(read(&seed), Some((json!(null), json!({ "uuid": "x" }))));
        assert_eq!(read(&json!({ "id": "r1", "method": "call" })), Some((json!("r1"), json!(null))));
        assert_eq!(read(&json!({ "uuid": "x", "id": 4 })), Some((json!(null), json!({ "uuid": "x", "id": 4 }))));
        assert_eq!(read(&json!({})), Some((json!(null), json!({}))));
        for bad in ["", "{", "[]", "1", "null", "{} {}"] {
            assert_eq!(Request::read(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn nothing_has_no_result_and_false_has_one() {
        let body = |reply| {
            let bytes = answer(&head("application/json"), &json!(7), reply).into_body().try_into_bytes();
            String::from_utf8(bytes.unwrap_or_default().to_vec()).unwrap()
        };
        assert_eq!(body(Reply::none()), r#"{"jsonrpc":"2.0","id":7}"#);
        assert_eq!(body(Reply::of(&false).unwrap()), r#"{"jsonrpc":"2.0","id":7,"result":false}"#);
    }
}
