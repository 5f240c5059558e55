//! The envelope: what is HTTP 200, what is not, and what comes back.

use serde_json::json;

use crate::harness::*;

const LIST: &str = "/im_chat/api/get_sessions";

on_each_stack! {
    async fn the_id_comes_back_whatever_it_is(t: Tenant) {
        let (_, me) = t.odoo("Me").await;
        for id in [json!(null), json!(7), json!("r7"), json!([1, { "a": 2 }]), json!(1.5)] {
            for params in [json!({}), json!({ "nonsense": 1 })] {
                let body = json!({ "id": id, "jsonrpc": "2.0", "method": "anything", "params": params });
                let answer = me.call(LIST, &json!({})).json_body(&body).send().await.ok();
                assert_eq!((&answer["id"], &answer["jsonrpc"]), (&id, &json!("2.0")), "{answer}");
            }
        }
        let refused = t.http.post(LIST).json(&json!({ "id": "x", "params": {} })).send().await.ok();
        assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!("x"), &json!(100)));
    }

    async fn params_may_be_absent_and_arguments_bare(t: Tenant) {
        let (_, me) = t.odoo("Me").await;
        for body in [json!({ "jsonrpc": "2.0" }), json!({ "method": "call", "params": null }), json!({}), json!({ "state": "open" })] {
            let answer = me.call(LIST, &json!({})).json_body(&body).send().await.ok();
            assert_eq!(answer, json!({ "jsonrpc": "2.0", "id": null, "result": [] }), "{body}");
        }
        let bare = me.call(LIST, &json!({})).json_body(&json!({ "id": 7 })).send().await;
        assert!(error(bare, 200)["data"]["message"].as_str().unwrap().contains("unexpected keyword argument 'id'"));
        for bad in [json!("x"), json!(1), json!([1])] {
            let body = json!({ "jsonrpc": "2.0", "id": 3, "params": bad });
            error(me.call(LIST, &json!({})).json_body(&body).send().await, 200);
        }
        me.ask(LIST, json!({ "context": { "lang": "en_US" }, "state": "open" })).await;
    }

    async fn unknown_and_missing_arguments_are_type_errors(t: Tenant) {
        let (_, me) = t.odoo("Me").await;
        for (path, params) in [
            ("/im_chat/api/get_or_create_session", json!({})),
            ("/im_chat/api/get_or_create_session", json!({ "user_to": 1, "nonsense": 1 })),
            ("/im_chat/api/get_or_create_session_group", json!({})),
            ("/im_chat/api/get_sessions", json!({ "group": 1 })),
            ("/im_chat/api/get_sessions_group", json!({ "user_to": 1 })),
            ("/im_chat/api/user_chat_ab/get_all_users", json!({ "name": "x" })),
            ("/im_chat/api/user_chat_ab/get_users_from_book", json!({ "name": "x" })),
            ("/im_chat/api/user_chat_ab/add_users", json!({ "users": [] })),
            ("/im_chat/api/user_chat_ab/remove_users", json!({ "users": [] })),
            ("/im_chat/api/user_chat_ab/add_partner", json!({ "partner": 1 })),
            ("/im_chat/post", json!({ "uuid": "x", "message_type": "message" })),
            ("/im_chat/api/init", json!({ "search": "x" })),
            ("/im_chat/api/history", json!({ "limit": 1 })),
            ("/im_chat/api/change_session_status", json!({ "status": "archive" })),
            ("/im_chat/init", json!({ "name": "x" })),
            ("/web/session/authenticate", json!({ "login": "x", "password": "y" })),
            ("/web/session/get_session_info", json!({ "x": 1 })),
            ("/web/dataset/call_kw", json!({ "model": "im_chat.session" })),
        ] {
            let data = error(me.call(path, &params).send().await, 200)["data"].clone();
            assert_eq!(data["name"], "exceptions.TypeError", "{path} {params}: {data}");
            assert_eq!(data["arguments"], json!([data["message"]]));
        }
    }

    async fn what_is_no_request_is_a_page(t: Tenant) {
        let (_, me) = t.odoo("Me").await;
        let page = |reply: Reply, status: u16| {
            let reply = reply.expect(status);
            assert!(reply.header("content-type").unwrap().starts_with("text/html"), "{reply:?}");
            assert!(reply.body.contains(&format!("<title>{status} ")), "{}", reply.body);
        };
        let ask = || t.http.post(LIST).header("x-openerp-session-id", &me.session);
        for mime in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
            page(ask().raw(mime, "{}").send().await, 400);
        }
        for mime in ["application/json; charset=utf-8", "application/json-rpc", "APPLICATION/JSON"] {
            assert_eq!(ask().raw(mime, "{}").send().await.ok()["result"], json!([]));
        }
        for broken in ["", "{", "[]", "\"x\"", "null", "{}x"] {
            page(ask().raw("application/json", broken).send().await, 400);
        }
        page(ask().raw("application/json", format!("{{\"x\":\"{}\"}}", "x".repeat(1 << 20))).send().await, 400);
        page(t.http.get(LIST).send().await, 400);
        page(t.http.ask(reqwest::Method::DELETE, "/web/session/destroy").send().await, 400);
        for unknown in ["/im_chat/api/nonsense", "/im_chat", "/web", "/web/login", "/longpolling/nonsense", "/signin/2.0/json"] {
            page(t.http.post(unknown).json(&json!({})).send().await, 404);
            page(t.http.get(unknown).send().await, 404);
        }
    }

    async fn a_slash_at_the_end_is_tolerated(t: Tenant) {
        let (_, me) = t.odoo("Me").await;
        assert_eq!(me.ask("/im_chat/api/get_sessions/", json!({})).await, json!([]));
        assert_eq!(me.ask("/im_chat/post/", json!({ "uuid": "x", "message_type": "message", "message_content": "x" })).await, false);
        let version = result(t.http.post("/web/webclient/version_info/").json(&rpc(&json!({}))).send().await);
        assert_eq!(version["server_version"], "8.0");
        t.http.post("/im_chat/api/get_sessions//").json(&json!({})).send().await.expect(404);
    }

    async fn nobody_gets_code_100_everywhere(t: Tenant) {
        let routes = [
            "/im_chat/api/get_or_create_session",
            "/im_chat/api/get_or_create_session_group",
            "/im_chat/api/get_sessions",
            "/im_chat/api/get_sessions_group",
            "/im_chat/api/user_chat_ab/get_all_users",
            "/im_chat/api/user_chat_ab/get_users_from_book",
            "/im_chat/api/user_chat_ab/add_users",
            "/im_chat/api/user_chat_ab/remove_users",
            "/im_chat/api/user_chat_ab/add_partner",
            "/im_chat/post",
            "/im_chat/api/init",
            "/im_chat/api/history",
            "/im_chat/api/change_session_status",
            "/im_chat/init",
            "/web/session/destroy",
            "/web/dataset/call_kw",
            "/web/dataset/call_kw/im_chat.session/update_state",
        ];
        for path in routes {
            let nobody = t.http.post(path).json(&rpc(&json!({}))).send().await;
            assert_eq!(error(nobody, 100)["message"], "Odoo Session Invalid", "{path}");
            let expired = t.http.post(path).header("x-openerp-session-id", "0".repeat(40)).json(&rpc(&json!({})));
            assert_eq!(error(expired.send().await, 100)["message"], "Odoo Session Expired", "{path}");
        }
        // Other credentials open nothing here.
        for secret in ["/voipbin/access_key", "/operator/token", "/imbee/corporate_token"] {
            let ask = t.http.post(LIST).header("x-openerp-session-id", t.credential(secret));
            error(ask.json(&rpc(&json!({}))).send().await, 100);
        }
    }
}
