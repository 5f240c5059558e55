//! One request on its way through a handler.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use actix_web::web::{Bytes, Payload};
use actix_web::{HttpMessage as _, HttpRequest};
use contracts::auth::{HoldPromise, Shown};
use domain::{Code, Idempotency, Principal, ServiceError as _, TenantId, TokenId, TokenKind, UserId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{Apis, Budget, Guard, Problem, Spent};

/// The outside of a request: what a drawer of errors needs.
#[derive(Debug, Clone)]
pub struct Head {
    /// The request.
    pub request: HttpRequest,
    /// When it came in.
    pub started: Instant,
}

impl Head {
    /// A header as text, trimmed; an empty one counts as absent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok().map(str::trim).filter(|v| !v.is_empty())
    }
    /// The secret behind `Authorization: Bearer`.
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, secret) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
    }
    /// The first value of a query parameter, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.request.query_string().as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.request.cookie(name).map(|c| c.value().to_owned())
    }
    /// What is left of the caller's requests, once the caller is known.
    pub fn budget(&self) -> Option<Budget> {
        self.request.extensions().get().copied()
    }
    /// Seconds since the request came in, with fraction.
    pub fn elapsed_s(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

/// A request with its body read and its caller known.
pub struct Call {
    /// The outside.
    pub head: Head,
    /// The body.
    pub body: Bytes,
    /// The body yet to be read, of an endpoint that is [`raw`](super::Endpoint::raw).
    pub payload: Option<Payload>,
    /// The services.
    pub apis: Apis,
    pub(super) who: Option<Arc<Principal>>,
}

impl Call {
    /// The caller.
    ///
    /// # Errors
    /// [`Problem::NoCredential`] on an endpoint that is open to everybody.
    pub fn who(&self) -> Result<&Principal, Problem> {
        self.who.as_deref().ok_or(Problem::NoCredential)
    }

    /// Finds the caller on an endpoint that is open to everybody but knows some.
    ///
    /// # Errors
    /// As on an endpoint with this guard.
    pub async fn authenticate(&mut self, guard: Guard) -> Result<(), Problem> {
        self.who = Some(find_caller(&self.apis, &self.head, &self.body, guard).await?);
        Ok(())
    }

    /// Counts a request of somebody without a credential, by their address.
    ///
    /// # Errors
    /// Too many.
    pub fn count_address(&self) -> Result<(), Problem> {
        address_budget(&self.apis, &self.head).map_or(Ok(()), |counted| note(&self.head, counted))
    }

    /// Counts a request of whoever holds this, where it is no credential of the surface.
    ///
    /// # Errors
    /// Too many.
    pub fn count_token(&self, token: TokenId) -> Result<(), Problem> {
        note(&self.head, self.apis.limits.token(token))
    }

    /// A copy of the caller, for a command.
    ///
    /// # Errors
    /// As [`who`](Self::who).
    pub fn by(&self) -> Result<Principal, Problem> {
        self.who().cloned()
    }

    /// A part of the path, decoded.
    pub fn path(&self, name: &str) -> &str {
        self.head.request.match_info().get(name).unwrap_or_default()
    }

    /// The body as JSON, whatever its content type says.
    ///
    /// # Errors
    /// [`Problem::Malformed`] when it is no JSON; an invalid value, naming the field, when it has another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
            let (path, why) = (e.path().to_string(), e.inner().to_string());
            // A key that is not there has no place in the body; the reader's words name it.
            let absent = why.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
            let field = match absent {
                Some(key) if path == "." => key.to_owned(),
                Some(key) => format!("{path}.{key}"),
                None if path == "." => "body".to_owned(),
                None => path,
            };
            if e.inner().is_data() {
                Problem::invalid(&field, format!("{field} is missing or of the wrong type"))
            } else {
                Problem::Malformed
            }
        })?;
        reader.end().map_err(|_| Problem::Malformed)?;
        Ok(value)
    }

    /// The client's promise that a repeat of this request is the same request, from `Idempotency-Key`.
    ///
    /// # Errors
    /// An invalid value when the header is not 1 to 255 visible ASCII characters.
    pub fn idempotency(&self) -> Result<Option<Idempotency>, Problem> {
        if !self.head.request.headers().contains_key("idempotency-key") {
            return Ok(None);
        }
        let who = self.who()?;
        self.idempotency_of(who.tenant, who.user)
    }

    /// The same for a caller who is known by other means than a credential.
    ///
    /// # Errors
    /// As [`idempotency`](Self::idempotency).
    pub fn idempotency_of(&self, tenant: TenantId, user: Option<UserId>) -> Result<Option<Idempotency>, Problem> {
        let Some(raw) = self.head.request.headers().get("idempotency-key") else { return Ok(None) };
        let key = raw.as_bytes();
        if key.is_empty() || key.len() > 255 || !key.iter().all(u8::is_ascii_graphic) {
            let message = "Idempotency-Key must be 1 to 255 visible ASCII characters";
            return Err(Problem::invalid("Idempotency-Key", message));
        }
        let mut scope = Sha256::new();
        scope.update(tenant.bytes());
        scope.update(user.map_or([0; 16], |user| *user.bytes()));
        for part in [self.head.request.method().as_str().as_bytes(), self.head.request.path().as_bytes(), key] {
            scope.update(part.len().to_le_bytes());
            scope.update(part);
        }
        Ok(Some(Idempotency { key: scope.finalize().into(), body: self.body_hash() }))
    }

    /// Holds the client to its `Idempotency-Key` on a write that can be repeated without harm and keeps no answer.
    ///
    /// # Errors
    /// The key came before with another body.
    pub async fn promised(&self) -> Result<(), Problem> {
        if let Some(idempotency) = self.idempotency()? {
            self.apis.auth.promise(HoldPromise { tenant: self.who()?.tenant, idempotency }).await?;
        }
        Ok(())
    }

    /// The client's address, for limits.
    pub fn client(&self) -> Option<IpAddr> {
        self.apis.site.client(&self.head.request)
    }

    /// The base URL a client can come back to, without a slash at the end.
    pub fn base_url(&self) -> String {
        self.apis.site.base_url(&self.head.request)
    }

    /// The same for bodies that differ only in key order, white space or credential.
    fn body_hash(&self) -> [u8; 32] {
        match serde_json::from_slice::<Value>(&self.body) {
            Ok(Value::Object(mut fields)) => {
                fields.remove("token");
                Sha256::digest(Value::Object(fields).to_string()).into()
            }
            Ok(other) => Sha256::digest(other.to_string()).into(),
            Err(_) => Sha256::digest(&self.body).into(),
        }
    }
}

/// The caller `guard` finds, if their limit allows one more request.
pub(super) async fn find_caller(
    apis: &Apis,
    head: &Head,
    body: &[u8],
    guard: Guard,
) -> Result<Arc<Principal>, Problem> {
    let who = match apis.credentials.authenticate(guard(head, body)?).await {
        Ok(who) => who,
        Err(unknown) => {
            // Whoever tries credentials is told to wait, not what each of them comes to.
            if unknown.code() == Code::Unauthenticated
                && let Some(Err(spent)) = address_budget(apis, head)
            {
                note(head, Err(spent))?;
            }
            return Err(unknown.into());
        }
    };
    note(head, apis.limits.caller(&who))?;
    Ok(who)
}

/// Counts a request of somebody who is not known.
fn address_budget(apis: &Apis, head: &Head) -> Option<Result<Budget, Spent>> {
    apis.site.client(&head.request).map(|address| apis.limits.address(address))
}

/// Notes what is left of the budget that a request was counted for.
fn note(head: &Head, counted: Result<Budget, Spent>) -> Result<(), Problem> {
    let left = counted.unwrap_or_else(|Spent { limit, .. }| Budget { limit, remaining: 0 });
    head.request.extensions_mut().insert(left);
    counted.map(drop).map_err(|spent| Problem::limited(spent.retry_after_s))
}

/// One secret that must be of this kind.
pub fn shown(kind: TokenKind, secret: impl Into<String>) -> Shown {
    Shown { kinds: vec![kind], secret: secret.into() }
}
