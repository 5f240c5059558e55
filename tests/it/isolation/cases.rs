//! Every call with no credential, one nobody has, one that ended, one that was taken back, another surface's, and one that
//! may not do this: the answer its surface documents for it.

use std::collections::BTreeSet;

use serde_json::json;

use super::keys::{self, Keys, show};
use super::requests::{Request, all};
use super::world::World;
use crate::harness::*;

/// What is open to everybody: logins, doors with a secret of their own, and what is published.
const OPEN: [(&str, &str); 13] = [
    ("connectnow", "/api/chats/{chat}/users"),
    ("connectnow", "/api/chats/{chat}/users/get-token"),
    ("connectnow", "/chats/{chat}/users/get-token"),
    ("imbee", "/t/{token}"),
    ("odoo", "/logout/1.0/json"),
    ("odoo", "/signin/1.0/json"),
    ("odoo", "/web/session/authenticate"),
    ("odoo", "/web/session/get_session_info"),
    ("odoo", "/web/webclient/version_info"),
    ("operator", "/operator/v1/openapi.json"),
    ("operator", "/operator/v1/openapi/{surface}.json"),
    ("voipbin", "/auth/login"),
    ("voipbin", "/ping"),
];

/// What is wrong with a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    /// It does not count, or there is none.
    Unknown,
    /// It counts, and not for this.
    Narrow,
}

/// The answer a surface documents; that its body is the documented one is checked with every answer.
fn refused(call: &Call, wrong: Wrong, reply: &Reply) -> Result<(), String> {
    let body = || serde_json::from_str::<serde_json::Value>(&reply.body).unwrap_or_default();
    let fits = match (call.document.as_str(), wrong) {
        ("operator", Wrong::Unknown) => reply.status == 401 && body()["error"]["code"] == "unauthenticated",
        ("operator", Wrong::Narrow) => reply.status == 403 && body()["error"]["code"] == "forbidden",
        ("voipbin", Wrong::Unknown) => reply.status == 401 && reply.body.is_empty(),
        ("voipbin", Wrong::Narrow) => reply.status == 400 && reply.body.is_empty(),
        ("imbee", Wrong::Unknown) => reply.status == 401 && body()["code"] == 1,
        ("imbee", Wrong::Narrow) => reply.status == 200 && body()["code"] == 1,
        ("connectnow", Wrong::Unknown) => reply.status == 401 && body()["message"] == "Unauthenticated.",
        ("connectnow", Wrong::Narrow) => reply.status == 403,
        ("odoo", Wrong::Unknown) => reply.status == 200 && body()["error"]["code"] == 100,
        ("odoo", Wrong::Narrow) => reply.status == 200 && body()["error"]["code"] == 200,
        ("zenvia", _) => reply.status == 422 && body()["status"] == 422,
        (other, _) => panic!("isolation/cases.rs does not know how {other} refuses"),
    };
    if fits { Ok(()) } else { Err(format!("{} {}", reply.status, reply.body)) }
}

/// Every guarded call, with a request for it. Fails for a call that is open and not known to be.
fn guarded(world: &World) -> Vec<(Call, Request)> {
    let mut all = Vec::new();
    for call in calls() {
        if call.schemes().is_empty() {
            let known = OPEN.contains(&(call.document.as_str(), call.path.as_str()));
            assert!(
                known,
                "{} {} is open to everybody: say so in isolation/cases.rs, or guard it",
                call.method, call.path
            );
            continue;
        }
        let request = Request::new(&call, world);
        all.push((call, request));
    }
    all
}

/// The request with these secrets in the places of the first set of schemes that opens the call.
fn shown(world: &World, call: &Call, request: &Request, secret: impl Fn(&str) -> String) -> Ask {
    let schemes = call.schemes();
    let set = &schemes[0];
    let request = match set.iter().find(|scheme| *scheme == "tokenInBody") {
        Some(scheme) => request.clone().with_body_token(Some(&secret(scheme))),
        None => request.clone(),
    };
    set.iter().fold(request.bare(&world.t), |ask, scheme| show(ask, &call.document, scheme, &secret(scheme)))
}

/// Requests with a wrong credential.
#[derive(Default)]
struct Cases(Vec<((String, Call, Wrong), Ask)>);

impl Cases {
    fn add(&mut self, what: &str, call: &Call, wrong: Wrong, ask: Ask) {
        self.0.push(((what.to_owned(), call.clone(), wrong), ask));
    }

    /// Asks all of them: each is refused as its surface documents.
    async fn judge(self) {
        let tried = self.0.len();
        let wrong = all(self.0).await.into_iter().filter_map(|((what, call, wrong), reply)| {
            let why = refused(&call, wrong, &reply).err()?;
            Some(format!("{what}: {} {}: {why}", call.method, call.path))
        });
        none(&wrong.collect::<Vec<_>>());
        println!("{tried} cases");
    }
}

#[track_caller]
fn none(failures: &[String]) {
    assert!(failures.is_empty(), "{} answers are not as documented:\n{}", failures.len(), failures.join("\n"));
}

on_each_stack! {
    /// Nothing shown, and something nobody has, in every place a credential may stand.
    async fn no_credential_and_one_that_nobody_has(t: Tenant) {
        let (world, mut cases) = (World::new(t).await, Cases::default());
        for (call, request) in guarded(&world) {
            let bare = request.clone().with_body_token(None).bare(&world.t);
            cases.add("no credential", &call, Wrong::Unknown, bare);
            for set in call.schemes() {
                // Of several that go together each may be the wrong one.
                for wrong in &set {
                    let secret = |scheme: &str| match world.keys.get(&call.document, scheme) {
                        Some(right) if scheme != wrong => right.to_owned(),
                        _ => "nobody-has-this".to_owned(),
                    };
                    let request = request.clone().with_body_token(Some("nobody-has-this"));
                    let ask = request.bare(&world.t);
                    let ask = set.iter().fold(ask, |ask, s| show(ask, &call.document, s, &secret(s)));
                    cases.add(&format!("an unknown {wrong}"), &call, Wrong::Unknown, ask);
                }
            }
        }
        cases.judge().await;
    }

    /// What ended by itself, and what was taken back.
    async fn credentials_that_count_no_more(t: Tenant) {
        let (world, mut cases) = (World::new(t).await, Cases::default());
        let t = &world.t;
        let soon = chrono::DateTime::from_timestamp_micros(micros() + 5_000_000).unwrap();
        let ending = json!({ "expires_at": soon.to_rfc3339_opts(chrono::SecondsFormat::Micros, true) });
        let ended = keys::made(t, &world.ann, &ending).await;
        let revoked = keys::made(t, &world.ann, &json!({})).await;
        for (_, id, _) in &revoked {
            t.operator("DELETE", &format!("/tokens/{id}")).send().await.expect(200);
        }
        eventually("time passes", || async { (micros() > soon.timestamp_micros()).then_some(()) }).await;
        let out = t.odoo_as(&world.ann).await;
        out.ask("/web/session/destroy", json!({})).await;
        eventually("the session is over", || async {
            let reply = out.call("/im_chat/api/get_sessions", &json!({})).send().await;
            (reply.json()["error"]["code"] == 100).then_some(())
        })
        .await;
        for (what, made) in [("ended", &ended), ("revoked", &revoked)] {
            for (call, request) in guarded(&world) {
                let own = made.iter().find(|(surface, ..)| *surface == call.document).map(|(.., secret)| secret.clone());
                let secret = own.unwrap_or_else(|| out.session.clone());
                let gone = |scheme: &str| match world.keys.get(&call.document, scheme) {
                    // The company's own half is right; the other is not.
                    Some(right) if scheme == "authorization" => right.to_owned(),
                    _ => secret.clone(),
                };
                let ask = shown(&world, &call, &request, gone);
                cases.add(&format!("what was {what}"), &call, Wrong::Unknown, ask);
            }
        }
        cases.judge().await;
    }

    /// What opens one surface opens no other.
    async fn other_surfaces_credentials(t: Tenant) {
        let (world, mut cases) = (World::new(t).await, Cases::default());
        for (call, request) in guarded(&world) {
            let native = call.path.starts_with("/parlance/");
            for other in world.keys.of_others(&call.document) {
                // The streams are for whoever has a token that stands for somebody, of whatever surface.
                let stands = native && Some(other) != world.keys.get("imbee", "corporate");
                if stands && Some(other) != world.keys.get("zenvia", "token") {
                    continue;
                }
                let secret = |scheme: &str| match world.keys.get(&call.document, scheme) {
                    Some(right) if scheme == "authorization" => right.to_owned(),
                    _ => other.to_owned(),
                };
                let ask = shown(&world, &call, &request, secret);
                cases.add("another surface's", &call, Wrong::Unknown, ask);
            }
        }
        cases.judge().await;
    }

    /// A credential that may only read does not write, one that may only write does not read, and one of a lower role does
    /// not do what is for a higher one.
    async fn credentials_that_may_not_do_this(t: Tenant) {
        let (world, mut cases) = (World::new(t).await, Cases::default());
        let t = &world.t;
        let admin = t.admin.clone();
        let readers = keys::made(t, &admin, &json!({ "scopes": ["read"] })).await;
        let writers = keys::made(t, &admin, &json!({ "scopes": ["write"] })).await;
        let agent = t.voipbin_as(&world.ann).await;
        let customer = t.voipbin_as(&t.user("Cleo", "customer").await).await;
        for (call, request) in guarded(&world) {
            let limited = if reads(&call) { &writers } else { &readers };
            let scheme = keys::MADE.iter().find(|(surface, _)| *surface == call.document).map(|(_, scheme)| *scheme);
            let made = limited.iter().find(|(surface, ..)| *surface == call.document);
            if let (Some(scheme), Some((.., secret))) = (scheme, made)
                && let Some(set) = call.schemes().into_iter().find(|set| set.iter().any(|name| name.starts_with(scheme)))
            {
                let request = request.clone().with_body_token(Some(secret.as_str()));
                let ask = set.iter().fold(request.bare(t), |ask, name| {
                    let right = world.keys.get(&call.document, name).unwrap_or_default();
                    show(ask, &call.document, name, if name.starts_with(scheme) { secret } else { right })
                });
                cases.add("a narrower scope", &call, Wrong::Narrow, ask);
            }
            let lower = match (call.document.as_str(), call.roles().as_slice()) {
                (_, []) => continue,
                ("operator", ["operator"]) => ("root", world.keys.get("operator", "root").unwrap()),
                ("operator", ["root"]) => ("operator", world.keys.get("operator", "operator").unwrap()),
                ("voipbin", roles) if roles.contains(&"agent") => ("token", customer.secret.as_str()),
                ("voipbin", _) => ("token", agent.secret.as_str()),
                (document, roles) => panic!("isolation/cases.rs has nobody below {roles:?} of {document}"),
            };
            let ask = show(request.bare(t), &call.document, lower.0, lower.1);
            cases.add("a lower role", &call, Wrong::Narrow, ask);
        }
        cases.judge().await;
    }

    /// And with the right one nobody is refused for it: the cases above are about the credential, not about the request.
    async fn the_right_credential_is_let_in(t: Tenant) {
        let world = World::new(t).await;
        // What asks for something that lasts is not read to its end here, and what ends things would end the others' cases.
        // A new password ends the sessions of whoever it is for.
        let ends = |call: &Call| {
            call.method == "DELETE" || ["destroy", "password"].iter().any(|word| call.path.contains(word))
        };
        let asked = guarded(&world).into_iter().filter(|(call, _)| !call.lasts() && !ends(call));
        let asked: Vec<_> = asked.map(|(call, request)| (call, request.ask(&world.t, &world.keys))).collect();
        let documents: BTreeSet<String> = asked.iter().map(|(call, _)| call.document.clone()).collect();
        assert_eq!(documents.len(), 6, "{documents:?}");
        let wrong = all(asked).await.into_iter().filter(|(call, reply)| {
            // Zenvia refuses whatever it refuses alike; its words are about the token then.
            let of_token = call.document != "zenvia" || reply.body.contains("oken");
            of_token && refused(call, Wrong::Unknown, reply).is_ok()
        });
        let wrong = wrong.map(|(call, reply)| format!("{} {}: {} {}", call.method, call.path, reply.status, reply.body));
        none(&wrong.collect::<Vec<_>>());
    }
}

/// Whether a call asks for reading: two vendors read by POST.
fn reads(call: &Call) -> bool {
    let by_post = ["/chat/list", "/chat/history/{conversationId}", "/share"];
    call.method == "GET" || by_post.iter().any(|path| call.path.ends_with(path))
}

#[expect(clippy::disallowed_methods, reason = "these tests use none of our crates")]
fn micros() -> i64 {
    chrono::Utc::now().timestamp_micros()
}

#[test]
fn what_is_open_is_in_a_document() {
    let all: BTreeSet<(String, String)> = calls().into_iter().map(|call| (call.document, call.path)).collect();
    for (document, path) in OPEN {
        assert!(all.contains(&(document.to_owned(), path.to_owned())), "{document} has no {path} any more");
    }
}

/// Keys know every scheme of every document.
#[test]
fn every_scheme_has_a_place() {
    let http = Http::new("http://127.0.0.1:1");
    for call in calls() {
        for scheme in call.schemes().iter().flatten() {
            let _ = show(http.get("/"), &call.document, scheme, "x");
        }
    }
    assert!(Keys::default().get("operator", "root").is_none());
}
