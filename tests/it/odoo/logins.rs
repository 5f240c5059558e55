//! Both logins, one store of sessions, and its cookie.

use serde_json::{Value, json};

use crate::harness::*;

const LIST: &str = "/im_chat/api/get_sessions";
const INFO: &str = "/web/session/get_session_info";

fn authenticate(t: &Tenant, db: &str, user: &User, password: &str) -> Ask {
    let params = json!({ "db": db, "login": user.login, "password": password });
    t.http.post("/web/session/authenticate").json(&rpc(&params))
}

/// The session in a `Set-Cookie` that keeps it for ninety days.
#[track_caller]
fn cookie(reply: &Reply) -> Option<String> {
    let cookie = reply.header("set-cookie")?;
    assert!(cookie.contains("Max-Age=7776000") && cookie.contains("Path=/"), "{cookie}");
    let (id, _) = cookie.strip_prefix("session_id=").expect("session_id").split_once(';').unwrap();
    Some(id.to_owned())
}

on_each_stack! {
    async fn the_web_client_logs_in_and_out(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let version = result(t.http.post("/web/webclient/version_info").json(&rpc(&json!({}))).send().await);
        assert_eq!(version["server_version"], "8.0");

        let reply = authenticate(&t, t.credential("/odoo/db"), &ann, &ann.password).send().await;
        let id = cookie(&reply).expect("a cookie");
        let who = result(reply);
        assert_eq!(keys(&who), ["company_id", "db", "session_id", "uid", "user_context", "username"]);
        assert_eq!((who["session_id"].as_str(), &who["db"], &who["username"]), (Some(id.as_str()), &t.credentials["odoo"]["db"], &json!(ann.login)));
        assert_eq!(keys(&who["user_context"]), ["lang", "tz", "uid"]);
        assert!(id.len() == 40 && who["uid"].is_i64() && who["user_context"]["uid"] == who["uid"]);

        let ask = |path: &str| t.http.post(path).header("cookie", format!("session_id={id}")).json(&rpc(&json!({})));
        assert_eq!(result(ask(INFO).send().await), who);
        let gone = ask("/web/session/destroy").send().await;
        assert_eq!(gone.json(), json!({ "jsonrpc": "2.0", "id": null }), "no result for nothing");
        // In one process at once; a gateway of another process knows within seconds.
        eventually("the session has ended", || async { (ask(LIST).send().await.ok()["error"]["code"] == 100).then_some(()) }).await;
        let nobody = result(ask(INFO).send().await);
        assert_eq!((&nobody["uid"], nobody["session_id"].as_str()), (&Value::Null, Some(id.as_str())));
    }

    async fn a_wrong_login_is_no_error(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let other = t.another().await;
        let (ours, theirs) = (t.credential("/odoo/db"), other.credential("/odoo/db"));
        for (db, user, password) in
            [(ours, &ann, "wrong"), (theirs, &ann, ann.password.as_str()), (ours, &User { login: unique("nobody"), ..ann.clone() }, "x")]
        {
            let reply = authenticate(&t, db, user, password).send().await;
            assert_eq!(cookie(&reply), None);
            assert_eq!(result(reply)["uid"], false);
        }
        for db in [ours, "nobodys-database", ""] {
            assert!(result(authenticate(&t, db, &ann, &ann.password).send().await)["uid"].is_i64(), "{db:?}");
        }
        for params in [json!({ "login": ann.login, "password": "wrong" }), json!({ "login": ann.login }), json!({})] {
            let refused = result(t.http.post("/signin/1.0/json").json(&rpc(&params)).send().await);
            assert_eq!(refused, json!({ "status": "error", "message": "Login or password is incorrect" }));
        }
    }

    async fn the_vendors_own_login_opens_the_same_sessions(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let params = json!({ "login": ann.login, "password": ann.password, "device": "phone", "os": 4 });
        let reply = t.http.post("/signin/1.0/json").json(&rpc(&params)).send().await;
        let id = cookie(&reply).expect("a cookie");
        let who = result(reply);
        let expected =
            ["company_id", "db", "name", "partner_id", "session_id", "surname", "uid", "user_context", "username"];
        assert_eq!(keys(&who), expected);
        assert_eq!((&who["session_id"], &who["name"]), (&json!(id), &json!("Ann")));
        let ask = |path: &str| t.http.post(path).query("session_id", &id).json(&rpc(&json!({})));
        assert_eq!(result(ask(INFO).send().await)["uid"], who["uid"]);
        assert_eq!(result(ask("/logout/1.0/json").send().await), json!({ "status": "success" }));
        eventually("the session has ended", || async { (ask(LIST).send().await.ok()["error"]["code"] == 100).then_some(()) }).await;
        let nobody = t.http.post("/logout/1.0/json").json(&rpc(&json!({}))).send().await;
        assert_eq!(result(nobody), json!({ "status": "success" }));
    }

    async fn the_query_comes_before_the_header_and_that_before_the_cookie(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uid = |reply: Reply| result(reply)["uid"].as_i64();
        let info = || t.http.post(INFO).json(&rpc(&json!({})));
        let by_cookie = |ask: Ask, who: &Odoo| ask.header("cookie", format!("session_id={}", who.session));
        let reply = by_cookie(info(), &bob).send().await;
        assert_eq!(cookie(&reply).as_deref(), Some(bob.session.as_str()), "set again");
        assert_eq!(uid(reply), Some(bob.uid));
        let reply = by_cookie(info(), &bob).header("x-openerp-session-id", &ann.session).send().await;
        assert_eq!((cookie(&reply), uid(reply)), (None, Some(ann.uid)));
        let reply = by_cookie(info(), &ann).header("x-openerp-session-id", &ann.session).query("session_id", &bob.session);
        let reply = reply.send().await;
        assert_eq!((cookie(&reply), uid(reply)), (None, Some(bob.uid)));
        let refused = by_cookie(t.http.post(LIST), &bob).json(&rpc(&json!({ "nonsense": 1 }))).send().await;
        assert_eq!(cookie(&refused).as_deref(), Some(bob.session.as_str()), "on every answer");
        error(refused, 200);
        assert_eq!(cookie(&info().send().await), None, "nobody has no session to keep");
    }

    async fn sessions_are_listed_and_revocable(t: Tenant) {
        let (ann, odoo) = t.odoo("Ann").await;
        let (_, bob) = t.odoo("Bob").await;
        let ask = t.operator("GET", "/tokens").query("surface", "odoo").query("user_id", &ann.id);
        let listed = ask.send().await.ok()["items"].clone();
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!((&listed[0]["kind"], &listed[0]["user_id"]), (&json!("odoo_session"), &json!(ann.id)));
        assert_eq!(listed[0]["prefix"], odoo.session[..10]);
        let path = format!("/tokens/{}", listed[0]["id"].as_str().unwrap());
        assert!(t.operator("DELETE", &path).send().await.ok()["revoked_at"].is_string());
        eventually("it has ended", || async {
            (odoo.call(LIST, &json!({})).send().await.ok()["error"]["code"] == 100).then_some(())
        })
        .await;
        assert_eq!(bob.ask(LIST, json!({})).await, json!([]));
        let asked = json!({ "surface": "odoo", "user_id": ann.id });
        t.operator("POST", "/tokens").json(&asked).send().await.expect(422);

        // A new password ends them as well.
        let path = format!("/users/{}", ann.id);
        let odoo = t.odoo_as(&ann).await;
        t.operator("PATCH", &path).json(&json!({ "password": "another" })).send().await.expect(200);
        eventually("it has ended", || async {
            (odoo.call(LIST, &json!({})).send().await.ok()["error"]["code"] == 100).then_some(())
        })
        .await;
    }

    async fn too_many_wrong_logins_are_an_error_that_says_when(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        for _ in 0..10 {
            assert_eq!(result(authenticate(&t, "", &ann, "wrong").send().await)["uid"], false);
        }
        for path in ["/web/session/authenticate", "/signin/1.0/json"] {
            let params = json!({ "db": "", "login": ann.login, "password": ann.password });
            let reply = t.http.post(path).json(&rpc(&params)).send().await;
            assert!(reply.header("retry-after").expect("Retry-After").parse::<u32>().expect("seconds") >= 1);
            error(reply, 200);
        }
    }

    async fn a_tenants_sessions_end_with_it(t: Tenant) {
        let doomed = t.another().await;
        let (_, ann) = doomed.odoo("Ann").await;
        t.root("DELETE", &format!("/tenants/{}", doomed.id)).send().await.expect(202);
        eventually("the session has ended", || async {
            (ann.call(LIST, &json!({})).send().await.ok()["error"]["code"] == 100).then_some(())
        })
        .await;
    }
}
