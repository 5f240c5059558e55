//! Which token opens what, and where it stands in a request.

use serde_json::json;

use super::{UNAUTHENTICATED, UNAUTHORIZED, told};
use crate::harness::*;

on_each_stack! {
    /// Query, body, Bearer, the password of Basic; the first that is there counts.
    async fn a_token_stands_in_four_places(t: Tenant) {
        let token = t.credential("/connectnow/api_token").to_owned();
        let ask = || t.http.get("/api/user");
        let body = json!({ "api_token": token });
        let basic = format!("Basic {}", base64(&format!("user:{token}")));
        ask().query("api_token", &token).send().await.expect(200);
        ask().json(&body).send().await.expect(200);
        ask().raw("application/x-www-form-urlencoded", format!("api_token={token}")).send().await.expect(200);
        ask().bearer(&token).send().await.expect(200);
        ask().header("authorization", &basic).send().await.expect(200);

        told(ask().query("api_token", "wrong").json(&body).bearer(&token).send().await, 401, UNAUTHENTICATED);
        ask().query("api_token", &token).json(&json!({ "api_token": "wrong" })).bearer("wrong").send().await.expect(200);
        told(ask().json(&json!({ "api_token": "wrong" })).bearer(&token).send().await, 401, UNAUTHENTICATED);
        ask().json(&body).bearer("wrong").send().await.expect(200);
        ask().query("api_token", "").bearer(&token).send().await.expect(200);
        for nobody in [ask(), ask().bearer("x"), ask().query("token", &token), ask().header("authorization", &token)] {
            told(nobody.send().await, 401, UNAUTHENTICATED);
        }
    }

    async fn each_token_for_its_own(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let (ann, joined) = admin.join(chat, &format!("{}@example.org", unique("ann"))).await;
        let said = ann.say(chat, "hi").await;
        let users = format!("/api/chats/{chat}/users");
        let user = format!("{users}/{}", joined["id"]);
        let messages = format!("/api/chats/{chat}/messages");
        let message = format!("{messages}/{}", said["id"]);
        let (one, company) = (format!("/api/chats/{chat}"), "/api/companies/1".to_owned());
        for (method, path) in [
            ("GET", "/api/user"), ("GET", "/api/companies"), ("POST", "/api/companies"), ("GET", &company),
            ("PUT", &company), ("DELETE", &company), ("GET", "/api/chats"), ("POST", "/api/chats"), ("GET", &one),
            ("PUT", &one), ("DELETE", &one), ("GET", &users), ("POST", &users), ("GET", &user), ("PUT", &user), ("DELETE", &user),
        ] {
            told(ann.ask(method, path).send().await, 401, UNAUTHENTICATED);
        }
        for (method, path) in
            [("GET", "/api/chat-user"), ("POST", &*messages), ("PUT", &*message), ("DELETE", &*message)]
        {
            told(admin.ask(method, path).send().await, 401, UNAUTHENTICATED);
        }
        // By its own name in query and body too; the other's name is nothing.
        t.http.get("/api/chat-user").query("chat_user_token", &ann.token).send().await.expect(200);
        t.http.get("/api/chat-user").query("api_token", &ann.token).send().await.expect(401);
        let body = json!({ "chat_user_token": ann.token, "message": "by body" });
        t.http.post(&messages).json(&body).send().await.expect(201);
        for name in ["api_token", "chat_user_token"] {
            let token = if name == "api_token" { &admin.token } else { &ann.token };
            t.http.get(&messages).query(name, token).send().await.expect(200);
        }
    }

    /// A visitor is themselves in one chat, also when they are an admin elsewhere.
    async fn a_chat_user_token_acts_in_its_chat_only(t: Tenant) {
        let email = t.email(&t.admin).await;
        let admin = t.connectnow();
        let (here, there) = (admin.chat("here").await, admin.chat("there").await);
        let (me, joined) = admin.join(here, &email).await;
        assert!(joined["user_id"].is_i64(), "the admin's e-mail has an account: {joined}");
        let (other, _) = admin.join(there, &format!("{}@example.org", unique("ben"))).await;
        let theirs = other.say(there, "there").await;
        let (ben, _) = admin.join(here, &format!("{}@example.org", unique("ben"))).await;
        let bens = ben.say(here, "by Ben").await;
        let mine = me.say(here, "mine").await;

        let messages = |chat: i64| format!("/api/chats/{chat}/messages");
        me.get(&messages(here)).send().await.expect(200);
        told(me.get(&messages(there)).send().await, 403, UNAUTHORIZED);
        told(me.post(&messages(there), &json!({ "message": "x" })).send().await, 403, UNAUTHORIZED);
        told(me.ask("POST", &format!("/chats/{there}/share")).send().await, 403, UNAUTHORIZED);
        me.get(&format!("{}/{}", messages(here), theirs["id"])).send().await.expect(404);
        // A manager's token for one chat edits no others' words.
        let bens = format!("{}/{}", messages(here), bens["id"]);
        told(me.put(&bens, &json!({ "message": "x" })).send().await, 403, UNAUTHORIZED);
        told(me.delete(&bens).send().await, 403, UNAUTHORIZED);
        told(ben.delete(&format!("{}/{}", messages(here), mine["id"])).send().await, 403, UNAUTHORIZED);
        for path in ["/v1.0/chats", "/v1.0/me"] {
            t.http.get(path).query("token", &me.token).send().await.expect_empty(401);
        }
        t.http.get("/operator/v1/users").bearer(&me.token).send().await.expect(401);
    }

    async fn who_left_is_out(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let (ann, joined) = admin.join(chat, &format!("{}@example.org", unique("ann"))).await;
        let said = ann.say(chat, "bye").await;
        admin.delete(&format!("/api/chats/{chat}/users/{}", joined["id"])).send().await.expect(200);
        let messages = format!("/api/chats/{chat}/messages");
        for (method, path) in [
            ("GET", messages.clone()),
            ("POST", messages.clone()),
            ("DELETE", format!("{messages}/{}", said["id"])),
            ("GET", "/api/chat-user".to_owned()),
            ("POST", format!("/chats/{chat}/share")),
        ] {
            told(ann.ask(method, &path).json(&json!({ "message": "x" })).send().await, 403, UNAUTHORIZED);
        }
        let shown = admin.get(&messages).send().await.ok();
        assert_eq!(shown["data"][0]["chat_user_id"], joined["id"], "what they said is still theirs");
    }

    /// Managers see every chat, agents theirs; changing is for whoever made it and managers.
    async fn rights_of_agents_and_managers(t: Tenant) {
        let (ann, mia) = (t.user("Ann", "agent").await, t.user("Mia", "manager").await);
        let (agent, manager) = (t.connectnow_as(&ann).await, t.connectnow_as(&mia).await);
        let (hers, other) = (agent.chat("hers").await, manager.chat("other").await);
        let names = async |who: &ConnectNow| texts(&who.walk("/api/chats", 10).await, "name");
        assert_eq!((names(&agent).await, names(&manager).await), (vec!["hers".to_owned()], vec!["hers".to_owned(), "other".to_owned()]));
        let path = format!("/api/chats/{other}");
        for (method, path) in [
            ("GET", path.clone()), ("PUT", path.clone()), ("DELETE", path.clone()), ("GET", format!("{path}/users")),
            ("POST", format!("{path}/users")), ("GET", format!("{path}/messages")), ("POST", format!("{path}/share")),
        ] {
            told(agent.ask(method, &path).json(&json!({ "email": "a@example.org" })).send().await, 403, UNAUTHORIZED);
        }
        manager.put(&format!("/api/chats/{hers}"), &json!({ "name": "managed" })).send().await.expect(200);

        // An agent adds nobody but themselves.
        let email = t.email(&ann).await;
        let users = format!("/api/chats/{hers}/users");
        let stranger = json!({ "email": format!("{}@example.org", unique("x")) });
        told(agent.post(&users, &stranger).send().await, 403, UNAUTHORIZED);
        let (me, joined) = agent.join(hers, &email).await;
        assert!(joined["user_id"].is_i64());
        me.say(hers, "hello").await;
        let (_, again) = agent.join(hers, &email).await;
        assert_eq!(again["id"], joined["id"], "they are in already");

        // In a chat one takes part in one reads, and changes nothing.
        manager.post(&format!("{path}/users"), &json!({ "email": email })).send().await.expect(201);
        assert_eq!(names(&agent).await, ["managed", "other"]);
        agent.get(&path).send().await.expect(200);
        told(agent.put(&path, &json!({ "name": "x" })).send().await, 403, UNAUTHORIZED);
        told(agent.delete(&path).send().await, 403, UNAUTHORIZED);
        agent.delete(&format!("/api/chats/{hers}")).send().await.expect(200);
    }

    /// Of another tenant nothing exists.
    async fn tenants_do_not_meet(t: Tenant) {
        let (admin, other) = (t.connectnow(), t.another().await);
        let stranger = other.connectnow();
        let chat = stranger.chat("theirs").await;
        let (visitor, joined) = stranger.join(chat, &format!("{}@example.org", unique("ann"))).await;
        let said = visitor.say(chat, "x").await;
        let company = stranger.post("/api/companies", &json!({ "name": "ACME" })).send().await.expect(201).json();
        let path = format!("/api/chats/{chat}");
        for missing in [
            path.clone(),
            format!("{path}/users"),
            format!("{path}/users/{}", joined["id"]),
            format!("{path}/messages"),
            format!("{path}/messages/{}", said["id"]),
        ] {
            told(admin.get(&missing).send().await, 404, &format!("No query results for model [App\\Models\\Chat] {chat}"));
        }
        let companies = format!("/api/companies/{}", company["id"]);
        let gone = format!("No query results for model [App\\Models\\Company] {}", company["id"]);
        told(admin.get(&companies).send().await, 404, &gone);
        let body = json!({ "company_id": company["id"] });
        super::refused(admin.post("/api/chats", &body).send().await, &["company_id"]);
        let mine = admin.chat("mine").await;
        admin.get(&format!("/api/chats/{mine}/users/{}", joined["id"])).send().await.expect(404);
        assert!(admin.walk("/api/companies", 10).await.is_empty());
    }

    /// A token that may only read writes nothing.
    async fn scopes_are_kept(t: Tenant) {
        let body = json!({ "surface": "connectnow", "user_id": t.admin.id, "scopes": ["read"] });
        let made = t.operator("POST", "/tokens").json(&body).send().await.expect(201).json();
        let reader = t.connectnow().with(made["secret"].as_str().unwrap());
        reader.get("/api/chats").send().await.expect(200);
        told(reader.post("/api/chats", &json!({})).send().await, 403, UNAUTHORIZED);
        told(reader.post("/api/companies", &json!({ "name": "x" })).send().await, 403, UNAUTHORIZED);
        let id = made["id"].as_str().unwrap();
        t.operator("DELETE", &format!("/tokens/{id}")).send().await.expect(200);
        eventually("the token has ended", || async {
            (reader.get("/api/chats").send().await.status == 401).then_some(())
        })
        .await;
    }
}

/// RFC 4648, by hand: three bytes are four digits.
pub fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n)) as usize & 63];
            encoded.push(if n <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    encoded
}
