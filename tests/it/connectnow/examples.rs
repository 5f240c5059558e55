//! Every documented call once, answered key by key.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::harness::*;

on_each_stack! {
    async fn who_one_is(t: Tenant) {
        let email = t.email(&t.admin).await;
        let me = t.connectnow().get("/api/user").send().await.ok();
        assert_json_snapshot!(me, {
            ".id" => number(),
            ".name" => is("admin", &t.admin.name),
            ".email" => is("email", &email),
            ".created_at" => connectnow_time(),
            ".updated_at" => connectnow_time(),
        }, @r#"
        {
          "avatar_url": null,
          "created_at": "[time]",
          "email": "[email]",
          "id": "[number]",
          "name": "[admin]",
          "surname": null,
          "updated_at": "[time]"
        }
        "#);
    }

    async fn companies(t: Tenant) {
        let admin = t.connectnow();
        let body = json!({ "name": "ACME & Sons", "logo_url": "https://example.org/a.png" });
        let made = admin.post("/api/companies", &body).send().await.expect(201).json();
        assert_json_snapshot!(made, {
            ".id" => number(),
            ".created_at" => connectnow_time(),
            ".updated_at" => connectnow_time(),
        }, @r#"
        {
          "created_at": "[time]",
          "id": "[number]",
          "logo_url": "https://example.org/a.png",
          "name": "ACME & Sons",
          "slug": "acme-sons",
          "updated_at": "[time]"
        }
        "#);
        let path = format!("/api/companies/{}", made["id"]);
        assert_eq!(admin.get(&path).send().await.ok(), made);
        assert_eq!(admin.get("/api/companies").send().await.ok()["data"], json!([made]));
        let changed = admin.put(&path, &json!({ "name": "ACME" })).send().await.ok();
        assert_eq!((&changed["name"], &changed["slug"], &changed["logo_url"]), (&json!("ACME"), &made["slug"], &made["logo_url"]));
        assert_eq!(admin.delete(&path).send().await.ok()["id"], made["id"]);
        admin.get(&path).send().await.expect(404);
        assert_eq!(admin.get("/api/companies").send().await.ok()["data"], json!([]));
    }

    async fn chats(t: Tenant) {
        let admin = t.connectnow();
        let company = admin.post("/api/companies", &json!({ "name": "ACME" })).send().await.expect(201).json();
        let body = json!({ "name": "Support", "company_id": company["id"] });
        let made = admin.post("/api/chats", &body).send().await.expect(201).json();
        assert_eq!(made["company_id"], company["id"]);
        assert_json_snapshot!(made, {
            ".id" => number(),
            ".company_id" => number(),
            ".created_at" => connectnow_time(),
            ".updated_at" => connectnow_time(),
        }, @r#"
        {
          "closed_at": null,
          "company_id": "[number]",
          "created_at": "[time]",
          "id": "[number]",
          "name": "Support",
          "updated_at": "[time]"
        }
        "#);
        let path = format!("/api/chats/{}", made["id"]);
        assert_eq!(admin.get(&path).send().await.ok(), made);
        assert_eq!(admin.get("/api/chats").send().await.ok()["data"], json!([made]));
        let changed = admin.put(&path, &json!({ "name": "Sales" })).send().await.ok();
        assert_eq!((&changed["name"], &changed["company_id"]), (&json!("Sales"), &company["id"]));
        assert_eq!(admin.delete(&path).send().await.ok()["name"], "Sales");
        admin.get(&path).send().await.expect(404);
        assert_eq!(admin.get("/api/chats").send().await.ok()["data"], json!([]));
    }

    async fn chat_users(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let email = format!("{}@example.org", unique("ann"));
        let path = format!("/api/chats/{chat}/users");
        let body = json!({ "email": email, "name": "Ann", "surname": "Lee" });
        let made = admin.post(&path, &body).send().await.expect(201).json();
        assert_eq!(made["chat_id"], chat);
        assert_json_snapshot!(made, {
            ".id" => number(),
            ".chat_id" => number(),
            ".email" => is("email", &email),
            ".chat_user_token" => "[secret]",
            ".created_at" => connectnow_time(),
            ".updated_at" => connectnow_time(),
        }, @r#"
        {
          "chat_id": "[number]",
          "chat_user_token": "[secret]",
          "created_at": "[time]",
          "email": "[email]",
          "id": "[number]",
          "left_at": null,
          "name": "Ann",
          "surname": "Lee",
          "updated_at": "[time]",
          "user_id": null
        }
        "#);
        let mut shown = made.clone();
        let token = shown.as_object_mut().unwrap().remove("chat_user_token").unwrap();
        let one = format!("{path}/{}", made["id"]);
        assert_eq!(admin.get(&one).send().await.ok(), shown);
        assert_eq!(admin.get(&path).send().await.ok()["data"], json!([shown]));
        let visitor = admin.with(token.as_str().unwrap());
        assert_eq!(visitor.get("/api/chat-user").send().await.ok(), shown);

        let changed = admin.put(&one, &json!({ "surname": "Lu" })).send().await.ok();
        assert_eq!((&changed["name"], &changed["surname"]), (&json!("Ann"), &json!("Lu")));
        let gone = admin.delete(&one).send().await.ok();
        assert!(gone["left_at"].is_string(), "{gone}");
        assert_eq!(admin.get(&path).send().await.ok()["data"], json!([gone]), "listed as past");
        assert_eq!(admin.delete(&one).send().await.ok(), gone, "twice");
    }

    async fn chat_messages(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let (ann, joined) = admin.join(chat, &format!("{}@example.org", unique("ann"))).await;
        let path = format!("/api/chats/{chat}/messages");
        let made = ann.post(&path, &json!({ "message": "hello" })).send().await.expect(201).json();
        assert_eq!((&made["chat_id"], &made["chat_user_id"]), (&json!(chat), &joined["id"]));
        assert_json_snapshot!(made, {
            ".id" => number(),
            ".chat_id" => number(),
            ".chat_user_id" => number(),
            ".created_at" => connectnow_time(),
            ".updated_at" => connectnow_time(),
        }, @r#"
        {
          "chat_id": "[number]",
          "chat_user_id": "[number]",
          "created_at": "[time]",
          "id": "[number]",
          "message": "hello",
          "type": "text",
          "updated_at": "[time]",
          "url": null
        }
        "#);
        let one = format!("{path}/{}", made["id"]);
        for reader in [&ann, &admin] {
            assert_eq!(reader.get(&one).send().await.ok(), made);
            assert_eq!(reader.get(&path).send().await.ok()["data"], json!([made]));
        }
        assert_eq!(ann.put(&one, &json!({ "message": "hello!" })).send().await.ok()["message"], "hello!");
        let gone = ann.delete(&one).send().await.ok();
        assert_eq!((&gone["id"], &gone["message"]), (&made["id"], &json!("hello!")));
        ann.get(&one).send().await.expect(404);
        assert_eq!(admin.get(&path).send().await.ok()["data"], json!([]));
    }

    /// A password to pass on, with and without `/api`.
    async fn share(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let shared = admin.post(&format!("/chats/{chat}/share"), &json!({})).send().await.ok();
        assert_eq!(keys(&shared), ["password", "url"]);
        assert_eq!(shared["password"].as_str().unwrap().len(), 12);
        assert!(shared["url"].as_str().unwrap().contains(shared["password"].as_str().unwrap()));
        let again = admin.ask("POST", &format!("/api/chats/{chat}/share")).send().await.ok();
        assert_eq!(again, shared, "the same at each call");
        let (ann, _) = admin.join(chat, &format!("{}@example.org", unique("ann"))).await;
        assert_eq!(ann.ask("POST", &format!("/chats/{chat}/share")).send().await.ok(), shared);
    }

    /// What is deleted on the way stays listed nowhere; a chat's company goes with the company.
    async fn a_deleted_company_leaves_its_chats(t: Tenant) {
        let admin = t.connectnow();
        let company = admin.post("/api/companies", &json!({ "name": "ACME" })).send().await.expect(201).json();
        let chat = admin.post("/api/chats", &json!({ "company_id": company["id"] })).send().await.expect(201).json();
        admin.delete(&format!("/api/companies/{}", company["id"])).send().await.expect(200);
        let shown = admin.get(&format!("/api/chats/{}", chat["id"])).query("with[]", "company").send().await.ok();
        assert_eq!((&shown["company_id"], &shown["company"]), (&json!(null), &json!(null)));
    }
}
