//! Our own API for operators: interface.md section 2.

mod departments;
mod documents;
mod support;
mod tokens;

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::harness::*;

/// `{"error":{"code","message","field"}}` with the matching status.
#[track_caller]
fn refused(reply: Reply, status: u16, code: &str) -> Value {
    let error = reply.expect(status).json();
    assert_eq!(keys(&error), ["error"]);
    assert_eq!(keys(&error["error"]), ["code", "field", "message"]);
    assert_eq!(error["error"]["code"], code, "{error}");
    error["error"].clone()
}

on_each_stack! {
    async fn a_new_tenant_gets_the_credentials_object(t: Tenant) {
        let voipbin = &t.credentials["voipbin"];
        assert_json_snapshot!(t.credentials, {
            ".base_url" => is("base", &t.stack.base_url),
            ".admin_url" => "[admin]",
            ".tenant" => "[tenant]",
            ".operator.token" => "[secret]",
            ".imbee.authorization" => "[secret]",
            ".imbee.corporate_token" => "[secret]",
            ".imbee.bot_idsha" => hex(40),
            ".voipbin.customer_id" => uuid(),
            ".voipbin.agent_id" => uuid(),
            ".voipbin.username" => "[login]",
            ".voipbin.password" => "[secret]",
            ".voipbin.access_key" => "[secret]",
            ".zenvia.token" => "[secret]",
            ".zenvia.department_id" => number(),
            ".odoo.db" => "[tenant]",
            ".odoo.login" => is("login", voipbin["username"].as_str().unwrap()),
            ".odoo.password" => is("secret", voipbin["password"].as_str().unwrap()),
            ".connectnow.api_token" => "[secret]",
        }, @r#"
        {
          "admin_url": "[admin]",
          "base_url": "[base]",
          "connectnow": {
            "api_token": "[secret]"
          },
          "imbee": {
            "authorization": "[secret]",
            "bot_idsha": "[hex]",
            "corporate_token": "[secret]"
          },
          "odoo": {
            "db": "[tenant]",
            "login": "[login]",
            "password": "[secret]"
          },
          "operator": {
            "token": "[secret]"
          },
          "tenant": "[tenant]",
          "voipbin": {
            "access_key": "[secret]",
            "agent_id": "[uuid]",
            "customer_id": "[uuid]",
            "password": "[secret]",
            "username": "[login]"
          },
          "zenvia": {
            "department_id": "[number]",
            "token": "[secret]"
          }
        }
        "#);
        assert_ne!(voipbin["customer_id"], voipbin["agent_id"]);
        let listed = t.root("GET", "/tenants").query("limit", 200).send().await.ok();
        assert!(listed["items"].is_array() && keys(&listed) == ["items", "next"]);
    }

    async fn tenants_are_the_root_tokens(t: Tenant) {
        refused(t.operator("GET", "/tenants").send().await, 403, "forbidden");
        refused(t.operator("POST", "/tenants").json(&json!({ "name": unique("x") })).send().await, 403, "forbidden");
        refused(t.operator("DELETE", &format!("/tenants/{}", t.id)).send().await, 403, "forbidden");
        refused(t.http.get("/operator/v1/tenants").send().await, 401, "unauthenticated");
        refused(t.root("GET", "/users").send().await, 403, "forbidden");
        refused(t.root("POST", "/tenants").json(&json!({})).send().await, 422, "invalid");
        for name in
            [json!({ "name": "" }), json!({ "name": "  " }), json!({ "name": 5 }), json!({ "name": "x".repeat(101) })]
        {
            assert_eq!(refused(t.root("POST", "/tenants").json(&name).send().await, 422, "invalid")["field"], "name");
        }
        let taken = json!({ "name": t.credentials["tenant"] });
        let reply = t.root("POST", "/tenants").json(&taken).send().await;
        assert!(matches!(reply.status, 409 | 422), "{}: {}", reply.status, reply.body);
    }

    async fn a_tenant_made_twice_with_one_key_is_one(t: Tenant) {
        let (name, key) = (json!({ "name": unique("twice") }), unique("key"));
        let made = (0..5).map(|_| t.root("POST", "/tenants").json(&name).key(&key).send());
        let made: Vec<Value> =
            futures_util::future::join_all(made).await.into_iter().map(|r| r.expect(201).json()).collect();
        assert!(made.iter().all(|tenant| tenant == &made[0]), "the same secrets too");
        let reply = t.root("POST", "/tenants").json(&json!({ "name": unique("other") })).key(&key).send().await;
        assert!(matches!(reply.status, 409 | 422), "{}: {}", reply.status, reply.body);
    }

    async fn a_user_is_made_read_changed_and_deleted(t: Tenant) {
        let (login, email) = (unique("ann"), format!("{}@example.org", unique("ann")));
        let body = json!({ "name": "Ann", "surname": "Lee", "email": email, "phone": "+491", "role": "agent", "login": login, "password": "secret" });
        let made = t.operator("POST", "/users").json(&body).send().await.expect(201).json();
        let number =
            |path: &str| made.pointer(path).and_then(Value::as_i64).unwrap_or_else(|| panic!("{path}: {made}"));
        for path in
            ["/identities/zenvia", "/identities/connectnow", "/identities/odoo/uid", "/identities/odoo/partner_id"]
        {
            assert!(number(path) > 0, "{path}");
        }
        assert_json_snapshot!(made, {
            ".id" => uuid(),
            ".email" => is("email", &email),
            ".login" => is("login", &login),
            ".identities.imbee" => hex(40),
            ".identities.voipbin" => is("id", made["id"].as_str().unwrap()),
            ".identities.zenvia" => "[number]",
            ".identities.connectnow" => "[number]",
            ".identities.odoo.uid" => "[number]",
            ".identities.odoo.partner_id" => "[number]",
            ".created_at" => rfc3339(),
            ".updated_at" => rfc3339(),
        }, @r#"
        {
          "created_at": "[time]",
          "deleted_at": null,
          "email": "[email]",
          "id": "[uuid]",
          "identities": {
            "connectnow": "[number]",
            "imbee": "[hex]",
            "odoo": {
              "partner_id": "[number]",
              "uid": "[number]"
            },
            "voipbin": "[id]",
            "zenvia": "[number]"
          },
          "login": "[login]",
          "name": "Ann",
          "phone": "+491",
          "role": "agent",
          "surname": "Lee",
          "updated_at": "[time]"
        }
        "#);
        let path = format!("/users/{}", made["id"].as_str().unwrap());
        assert_eq!(t.operator("GET", &path).send().await.ok(), made);
        for (filter, value) in [("email", &email), ("login", &login)] {
            let found = t.operator("GET", "/users").query(filter, value).send().await.ok();
            assert_eq!(found["items"], json!([made]), "{filter}");
            let none = t.operator("GET", "/users").query(filter, unique("none")).send().await.ok();
            assert_eq!(none, json!({ "items": [], "next": null }));
        }

        let changed = t
            .operator("PATCH", &path)
            .json(&json!({ "name": "Anna", "surname": null, "role": "manager" }))
            .send()
            .await
            .ok();
        assert_eq!(
            (changed["name"].as_str(), &changed["surname"], changed["role"].as_str()),
            (Some("Anna"), &Value::Null, Some("manager"))
        );
        assert_eq!((&changed["email"], &changed["phone"]), (&made["email"], &made["phone"]), "what is absent stays");
        // A new password ends the old one.
        t.operator("PATCH", &path).json(&json!({ "password": "another" })).send().await.expect(200);
        let enter = async |password: &str| {
            t.http.post("/auth/login").json(&json!({ "username": login, "password": password })).send().await.status
        };
        assert_eq!((enter("secret").await, enter("another").await), (400, 200));

        let deleted = t.operator("DELETE", &path).send().await;
        assert!(matches!(deleted.status, 200 | 204), "{}: {}", deleted.status, deleted.body);
        assert_eq!(enter("another").await, 400);
        let found = t.operator("GET", "/users").query("email", &email).send().await.ok();
        assert_eq!(found["items"], json!([]), "the e-mail is free again");
        let reused = json!({ "name": "Ann the second", "email": email, "role": "agent" });
        t.operator("POST", "/users").json(&reused).send().await.expect(201);
    }

    async fn bad_users_are_422_and_name_the_field(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let post = async |body: &Value| t.operator("POST", "/users").json(body).send().await;
        for (field, body) in [
            ("name", json!({ "name": "", "role": "agent" })),
            ("name", json!({ "name": 5, "role": "agent" })),
            ("role", json!({ "name": "X", "role": "king" })),
            ("password", json!({ "name": "X", "role": "agent", "login": unique("x") })),
        ] {
            assert_eq!(refused(post(&body).await, 422, "invalid")["field"], field, "{body}");
        }
        for body in [json!({ "role": "agent" }), json!({ "name": "X" }), json!([]), json!("x"), json!(null)] {
            refused(post(&body).await, 422, "invalid");
        }
        let taken = json!({ "name": "X", "role": "agent", "login": ann.login, "password": "p" });
        refused(post(&taken).await, 422, "login_taken");
        // Unique in the instance, not in the tenant.
        let elsewhere = t.another().await;
        refused(elsewhere.operator("POST", "/users").json(&taken).send().await, 422, "login_taken");
        refused(t.operator("POST", "/users").raw("application/json", "{").send().await, 400, "malformed");
        let large = json!({ "name": "x".repeat(1024 * 1024), "role": "agent" });
        refused(post(&large).await, 413, "too_large");
        assert_eq!(t.walk("/users", 200).await.len(), 3, "nobody was made: the admin, the bot, Ann");
    }

    async fn what_does_not_exist_is_404(t: Tenant) {
        let other = t.another().await;
        let chat = other.voipbin().chat("group", &[&other.admin.id]).await;
        let chat = chat["id"].as_str().unwrap();
        for id in ["x", "00000000-0000-4000-8000-000000000001", &other.admin.id] {
            refused(t.operator("GET", &format!("/users/{id}")).send().await, 404, "not_found");
            refused(
                t.operator("PATCH", &format!("/users/{id}")).json(&json!({ "name": "x" })).send().await,
                404,
                "not_found",
            );
            refused(t.operator("DELETE", &format!("/users/{id}")).send().await, 404, "not_found");
        }
        for id in ["x", "00000000-0000-4000-8000-000000000001", chat] {
            refused(t.operator("GET", &format!("/chats/{id}")).send().await, 404, "not_found");
            refused(t.operator("GET", &format!("/chats/{id}/messages")).send().await, 404, "not_found");
        }
        refused(t.operator("GET", "/nothing").send().await, 404, "not_found");
        refused(t.http.get("/nobodys/path").send().await, 404, "not_found");
        refused(t.http.get("/").send().await, 404, "not_found");
        let reply = t.operator("PUT", "/users").send().await;
        assert!(reply.header("allow").is_some_and(|allow| allow.contains("GET") && allow.contains("POST")));
        refused(reply, 405, "method_not_allowed");
    }

    async fn a_missing_or_wrong_token_is_401(t: Tenant) {
        for path in ["/users", "/chats", "/tenants"] {
            let get = || t.http.get(&format!("/operator/v1{path}"));
            for ask in [
                get(),
                get().bearer("wrong"),
                get().header("authorization", t.credential("/operator/token")),
                get().query("token", t.credential("/operator/token")),
            ] {
                refused(ask.send().await, 401, "unauthenticated");
            }
            // Other surfaces' credentials are none here.
            refused(get().bearer(t.credential("/voipbin/access_key")).send().await, 401, "unauthenticated");
        }
    }

    async fn lists_are_walked_by_cursor(t: Tenant) {
        for n in 0..7 {
            t.user(&format!("User{n}"), "customer").await;
        }
        let all = texts(&t.walk("/users", 200).await, "id");
        assert_eq!(all.len(), 9);
        for limit in [1, 2, 9] {
            assert_eq!(texts(&t.walk("/users", limit).await, "id"), all, "in pages of {limit}");
        }
        for (name, value) in [("limit", "0"), ("limit", "201"), ("limit", "x"), ("limit", "-1"), ("after", "x")] {
            assert_eq!(
                refused(t.operator("GET", "/users").query(name, value).send().await, 422, "invalid")["field"],
                name
            );
        }
    }

    async fn chats_and_messages_as_the_operator_sees_them(t: Tenant) {
        let (ann, guest) = (t.user("Ann", "agent").await, t.imbee().guest().await);
        let guest_id = guest.id(&t).await;
        let admin = t.voipbin();
        let chat = admin.chat("normal", &[&ann.id, &guest_id]).await;
        let id = chat["id"].as_str().unwrap();
        admin.say(id, &ann.id, "hi").await;
        let view = t.operator("GET", &format!("/chats/{id}")).send().await.ok();
        assert_eq!((view["kind"].as_str(), view["title"].as_str()), (Some("direct"), Some("a chat")));
        let ids = &view["identities"];
        assert_eq!(
            (ids["voipbin"].as_str(), ids["odoo"]["uuid"].as_str(), &ids["zenvia"]),
            (Some(id), Some(id), &Value::Null)
        );
        assert_eq!(ids["connectnow"], ids["odoo"]["id"]);
        for identity in [
            format!("voipbin:{id}"),
            format!("imbee:{}", ids["imbee"].as_str().unwrap()),
            format!("odoo:{id}"),
            format!("odoo:{}", ids["odoo"]["id"]),
        ] {
            let found = t.operator("GET", "/chats").query("identity", &identity).send().await.ok();
            assert_eq!(found["items"], json!([view]), "{identity}");
        }
        let participant =
            view["participants"].as_array().unwrap().iter().find(|p| p["user_id"] == ann.id.as_str()).unwrap();
        assert_json_snapshot!(participant, { ".user_id" => uuid(), ".joined_at" => rfc3339() }, @r#"
        {
          "joined_at": "[time]",
          "left_at": null,
          "name": "Ann",
          "read_seq": 0,
          "role": "owner",
          "state": "open",
          "user_id": "[uuid]"
        }
        "#);
        let message = t.messages(id).await.remove(0);
        assert!(message["number"].is_i64());
        assert_json_snapshot!(message, {
            ".id" => uuid(),
            ".chat_id" => is("chat", id),
            ".number" => "[number]",
            ".author.id" => is("ann", &ann.id),
            ".created_at" => rfc3339(),
        }, @r#"
        {
          "author": {
            "id": "[ann]",
            "name": "Ann"
          },
          "chat_id": "[chat]",
          "created_at": "[time]",
          "deleted_at": null,
          "edited_at": null,
          "id": "[uuid]",
          "kind": "text",
          "media": [],
          "number": "[number]",
          "origin": "voipbin",
          "seq": 1,
          "text": "hi"
        }
        "#);
        for n in 0..6 {
            admin.say(id, &ann.id, &format!("{n}")).await;
        }
        let walked = t.walk(&format!("/chats/{id}/messages"), 2).await;
        assert_eq!(walked.iter().map(|m| m["seq"].as_i64().unwrap()).collect::<Vec<_>>(), (1..=7).collect::<Vec<_>>());
        assert_eq!(t.walk("/chats", 1).await.len(), 1);
    }

    /// 202; from then on nobody gets in anywhere, and in the end nothing is left: its name, logins and e-mails are free.
    async fn a_deleted_tenant_is_refused_everywhere_and_erased(t: Tenant) {
        let doomed = t.another().await;
        let (ann, guest) = (doomed.user("Ann", "agent").await, doomed.imbee().guest().await);
        let session = doomed.voipbin_as(&ann).await;
        let conversation = guest.direct(&ann.idsha).await;
        guest.say(&conversation, "soon gone").await;

        t.root("DELETE", &format!("/tenants/{}", doomed.id)).send().await.expect(202);
        let refusals = || async {
            let list = json!({});
            [
                session.get("/v1.0/chats").send().await.status,
                doomed.voipbin().get("/v1.0/chats").send().await.status,
                guest.call("/chat/list", &list).send().await.status,
                doomed.imbee().corporate("/third_parties/user/new", &device("x")).send().await.status,
                doomed.operator("GET", "/users").send().await.status,
            ]
        };
        eventually("every credential is refused", || async { (refusals().await == [401; 5]).then_some(()) }).await;
        let log_in = json!({ "username": ann.login, "password": ann.password });
        doomed.http.post("/auth/login").json(&log_in).send().await.expect_empty(400);

        let names =
            || async { t.walk_root("/tenants").await.iter().map(|tenant| tenant["id"].clone()).collect::<Vec<_>>() };
        eventually("it leaves the list", || async { (!names().await.contains(&json!(doomed.id))).then_some(()) }).await;
        eventually("its login is free", || async {
            let body = json!({ "name": "Heir", "role": "agent", "login": ann.login, "password": "p" });
            (t.operator("POST", "/users").json(&body).send().await.status == 201).then_some(())
        })
        .await;
        let again = t.root("DELETE", &format!("/tenants/{}", doomed.id)).send().await;
        assert!(matches!(again.status, 202 | 404), "{}: {}", again.status, again.body);
        refused(t.root("DELETE", "/tenants/x").send().await, 404, "not_found");
    }

    /// Browsers: a preflight on every surface, any origin, no credentials; HEAD wherever GET is.
    async fn browsers_are_welcome(t: Tenant) {
        for (path, method) in [
            ("/v1.0/chats", "POST"),
            ("/auth/login", "POST"),
            ("/chat/create", "POST"),
            ("/token/new", "POST"),
            ("/im_chat/post", "POST"),
            ("/operator/v1/users", "PATCH"),
        ] {
            let preflight = t.http.ask(reqwest::Method::OPTIONS, path).header("origin", "https://app.example.org");
            let preflight = preflight.header("access-control-request-method", method);
            let reply = preflight
                .header("access-control-request-headers", "authorization, content-type, x-woos-key")
                .send()
                .await;
            assert!(matches!(reply.status, 200 | 204), "{path}: {}", reply.status);
            assert_eq!(reply.header("access-control-allow-origin"), Some("*"), "{path}");
            assert!(reply.header("access-control-allow-credentials").is_none(), "{path}");
            let allowed = reply.header("access-control-allow-headers").unwrap_or_default().to_lowercase();
            assert!(allowed == "*" || allowed.contains("x-woos-key"), "{path}: {allowed}");
            assert!(reply.header("access-control-allow-methods").unwrap_or_default().contains(method), "{path}");
        }
        let plain = t.http.get("/ping").header("origin", "https://app.example.org").send().await;
        assert_eq!(plain.header("access-control-allow-origin"), Some("*"));
        let refused = t.http.get("/v1.0/chats").header("origin", "https://app.example.org").send().await.expect(401);
        assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "refusals can be read too");

        let head = t.operator("HEAD", "/users").send().await;
        head.expect_empty(200);
        t.voipbin().ask("HEAD", "/v1.0/chats").send().await.expect_empty(200);
    }

    /// What concerns the instance is not on the public listener.
    async fn health_and_metrics_are_elsewhere(t: Tenant) {
        for path in ["/healthz", "/readyz", "/metrics"] {
            t.http.get(path).send().await.expect(404);
        }
        if t.stack.dir.is_some() {
            let admin = Http::of_admin(t.credential("/admin_url"));
            admin.get("/healthz").send().await.expect(200);
            admin.get("/readyz").send().await.expect(200);
            t.voipbin().list("/v1.0/chats").await;
            let metrics = admin.get("/metrics").send().await.expect(200).body;
            assert!(metrics.contains("parlance_http_request"), "{metrics}");
            assert!(!metrics.contains(t.credential("/voipbin/access_key")), "no secret in metrics");
        }
    }
}
