//! Every call: credentials, malformed bodies, wrong methods, unknown paths; always in the envelope.

use serde_json::json;

use super::refused;
use crate::harness::*;

const CALLS: [&str; 6] = [
    "/token/new",
    "/third_parties/user/new",
    "/chat/create",
    "/chat/list",
    "/chat/history/00000000000000000000000000000000",
    "/chat/message/new",
];

on_each_stack! {
    async fn a_missing_or_wrong_credential_is_401(t: Tenant) {
        let (imbee, other) = (t.imbee(), t.another().await.imbee());
        let guest = imbee.guest().await;
        for path in CALLS {
            let company = matches!(path, "/token/new" | "/third_parties/user/new");
            let (right, of_the_other_kind) =
                if company { (&imbee.corporate, &guest.apikey) } else { (&guest.apikey, &imbee.corporate) };
            let ask = |authorization: &str, key: &str| {
                let with =
                    |ask: Ask, name: &str, value: &str| if value.is_empty() { ask } else { ask.header(name, value) };
                with(with(t.http.post(path), "authorization", authorization), "x-woos-key", key).json(&json!({}))
            };
            for (authorization, key) in [
                ("", ""),
                (imbee.authorization.as_str(), ""),
                ("", right.as_str()),
                ("wrong", right),
                (&imbee.authorization, "wrong"),
                (&imbee.authorization, of_the_other_kind),
                (&other.authorization, right),
                (&imbee.authorization, &other.corporate),
            ] {
                refused(ask(authorization, key).send().await, 401);
            }
            // Before the body is complained about.
            refused(t.http.post(path).raw("application/json", "{").send().await, 401);
            // Strings are compared, schemes not understood.
            let reply = ask(&imbee.authorization, right).send().await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        }
    }

    async fn malformed_json_is_400(t: Tenant) {
        let imbee = t.imbee();
        let guest = imbee.guest().await;
        for path in CALLS {
            let key = if path.starts_with("/chat") { &guest.apikey } else { &imbee.corporate };
            for (content_type, wrong) in
                [("application/json", "{"), ("text/plain", "x=1"), ("application/json", "{} {}"), ("", "<a/>")]
            {
                let ask = t.http.post(path).header("authorization", &imbee.authorization).header("x-woos-key", key);
                refused(ask.raw(content_type, wrong).send().await, 400);
            }
        }
    }

    /// The "must" about the content type binds the client; no answer is documented for breaking it.
    async fn any_content_type_will_do(t: Tenant) {
        let imbee = t.imbee();
        for content_type in ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8"] {
            let ask = t.http.post("/third_parties/user/new").header("authorization", &imbee.authorization);
            let ask = ask.header("x-woos-key", &imbee.corporate).raw(content_type, device(&unique("v")).to_string());
            body(ask.send().await);
        }
    }

    async fn wrong_methods_and_unknown_paths(t: Tenant) {
        let imbee = t.imbee();
        for path in CALLS {
            for method in ["GET", "PUT", "DELETE", "PATCH"] {
                let ask = t.http.ask(method.parse().unwrap(), path);
                refused(ask.clone().send().await, 405);
                refused(ask.header("authorization", &imbee.authorization).send().await, 405);
            }
        }
        for path in [
            "/token",
            "/token/newer",
            "/token/new/x",
            "/third_parties",
            "/third_parties/user",
            "/chat",
            "/chat/nothing",
            "/chat/history",
        ] {
            refused(imbee.corporate(path, &json!({})).send().await, 404);
        }
        // Whole segments only: this prefix is nobody's.
        let ours = t.http.post("/chatter").send().await.expect(404).json();
        assert_eq!(ours["error"]["code"], "not_found");
    }

    async fn a_body_that_is_too_large_is_413(t: Tenant) {
        let imbee = t.imbee();
        let large = json!({ "uniqueIdSha": "x".repeat(1024 * 1024) });
        refused(imbee.corporate("/third_parties/user/new", &large).send().await, 413);
        imbee.guest().await;
    }

    /// A deleted user's key opens nothing.
    async fn a_deleted_users_key_is_401(t: Tenant) {
        let guest = t.imbee().guest().await;
        let id = guest.id(&t).await;
        t.operator("DELETE", &format!("/users/{id}")).send().await.expect(200);
        eventually("the key is refused", || async {
            (guest.call("/chat/list", &json!({})).send().await.status == 401).then_some(())
        })
        .await;
    }
}
