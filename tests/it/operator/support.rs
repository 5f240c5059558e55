//! Interactions, webhooks, deliveries and their replay, and one message's trace.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

on_each_stack! {
    async fn an_interaction_is_listed_read_and_taken(t: Tenant) {
        let (hook, ann) = (Hook::start().await, t.user("Ann", "agent").await);
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({ "name": "Carl" })).await;
        let listed = t.interaction(&hash).await;
        assert_json_snapshot!(listed, {
            ".id" => is("hash", &hash),
            ".hash" => is("hash", &hash),
            ".chat_id" => uuid(),
            ".customer_id" => uuid(),
            ".department_id" => number(),
            ".started_in_department_id" => number(),
            ".owner.id" => is("bot", sales.bot.as_deref().unwrap()),
            ".created_at" => rfc3339(),
            ".changed_at" => rfc3339(),
        }, @r#"
        {
          "accepted_at": null,
          "changed_at": "[time]",
          "chat_id": "[uuid]",
          "created_at": "[time]",
          "customer_id": "[uuid]",
          "customer_key": null,
          "department_id": "[number]",
          "external_history": null,
          "extra": null,
          "finished_at": null,
          "from_seq": 1,
          "hash": "[hash]",
          "id": "[hash]",
          "media_type": "TEXT",
          "mood": null,
          "note": null,
          "owner": {
            "id": "[bot]",
            "type": "bot"
          },
          "position": null,
          "started_in_department_id": "[number]",
          "state": "bot",
          "tag_ids": [],
          "version": 1
        }
        "#);
        let path = format!("/interactions/{hash}");
        let taken = t.operator("POST", &format!("{path}/take")).json(&json!({ "user_id": ann.id })).send().await.ok();
        assert_eq!(taken["owner"], json!({ "type": "agent", "id": ann.id }));
        let again = t.operator("POST", &format!("{path}/take")).json(&json!({ "user_id": ann.id })).send().await.ok();
        assert_eq!(again["version"], taken["version"], "whoever has it keeps it");
        let story = t.operator("GET", &path).send().await.ok();
        let why: Vec<String> = texts(story["changes"].as_array().unwrap(), "why");
        assert_eq!(why, ["started", "taken"]);
        let chat = t.operator("GET", &format!("/chats/{}", listed["chat_id"].as_str().unwrap())).send().await.ok();
        assert_eq!((&chat["owner_id"], &chat["identities"]["zenvia"]), (&json!(ann.id), &json!(hash)));

        for (filter, value) in [("state", "agent"), ("chat", listed["chat_id"].as_str().unwrap()), ("hash", &hash)] {
            let found = t.operator("GET", "/interactions").query(filter, value).send().await.ok();
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{filter}");
        }
        for (filter, value) in [("state", "queued"), ("hash", "0000a-000b-0c00-0d0e-f00d00f11111")] {
            let found = t.operator("GET", "/interactions").query(filter, value).send().await.ok();
            assert_eq!(found, json!({ "items": [], "next": null }), "{filter}");
        }
        refused(t.operator("GET", "/interactions").query("state", "lost").send().await, 422, "invalid");
        let other = t.another().await;
        refused(other.operator("GET", &path).send().await, 404, "not_found");
        refused(other.operator("POST", &format!("{path}/take")).json(&json!({ "user_id": ann.id })).send().await, 404, "not_found");
        let carl = json!({ "user_id": listed["customer_id"] });
        assert_eq!(t.operator("POST", &format!("{path}/take")).json(&carl).send().await.status, 422);
    }

    async fn a_chat_is_found_by_any_hash_it_had(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let chat = t.chat_of(&hash).await;
        t.zenvia().bots(&hash, "finish", json!({})).await;
        let found = t.operator("GET", "/chats").query("identity", format!("zenvia:{hash}")).send().await.ok();
        assert_eq!(found["items"][0]["id"], chat.as_str());
        let other = t.another().await;
        for (tenant, identity) in [(&other, hash.as_str()), (&t, "0000a-000b-0c00-0d0e-f00d00f11111"), (&t, "")] {
            let none = tenant.operator("GET", "/chats").query("identity", format!("zenvia:{identity}")).send().await.ok();
            assert_eq!(none, json!({ "items": [], "next": null }));
        }
    }

    async fn a_webhook_is_made_changed_and_deleted(t: Tenant) {
        let hook = Hook::start().await;
        let body = json!({ "url": hook.url, "format": "native", "events": ["message.posted"] });
        let made = t.operator("POST", "/webhooks").json(&body).send().await.expect(201).json();
        assert_json_snapshot!(made, {
            ".id" => uuid(),
            ".url" => is("url", &hook.url),
            ".secret" => "[secret]",
            ".created_at" => rfc3339(),
            ".updated_at" => rfc3339(),
        }, @r#"
        {
          "created_at": "[time]",
          "disabled_at": null,
          "enabled": true,
          "events": [
            "message.posted"
          ],
          "format": "native",
          "id": "[uuid]",
          "on_parked": "pass",
          "secret": "[secret]",
          "signed": true,
          "updated_at": "[time]",
          "url": "[url]"
        }
        "#);
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        let listed = t.walk("/webhooks", 10).await;
        assert_eq!((listed.len(), listed[0].get("secret")), (1, None), "shown once");
        let path = format!("/webhooks/{}", made["id"].as_str().unwrap());
        let changed = t.operator("PATCH", &path).json(&json!({ "events": null, "on_parked": "wait" })).send().await.ok();
        assert_eq!((&changed["events"], &changed["on_parked"], &changed["url"]), (&Value::Null, &json!("wait"), &made["url"]));
        for body in [
            json!({ "url": "http://10.0.0.1/", "format": "native" }),
            json!({ "url": "x", "format": "native" }),
            json!({ "url": hook.url, "format": "xml" }),
            json!({ "url": hook.url, "format": "native", "events": ["message.lost"] }),
            json!({ "url": hook.url, "format": "native", "secret": "short" }),
            json!({ "url": hook.url }),
        ] {
            assert_eq!(t.operator("POST", "/webhooks").json(&body).send().await.status, 422, "{body}");
        }
        let refusal = refused(
            t.operator("POST", "/webhooks").json(&json!({ "url": "http://10.0.0.1/", "format": "native" })).send().await,
            422,
            "egress_refused",
        );
        assert!(refusal["message"].as_str().unwrap().contains("--allow-egress"), "{refusal}");
        let other = t.another().await;
        refused(other.operator("PATCH", &path).json(&json!({})).send().await, 404, "not_found");
        refused(other.operator("DELETE", &path).send().await, 404, "not_found");
        t.operator("DELETE", &path).send().await.expect(200);
        refused(t.operator("DELETE", &path).send().await, 404, "not_found");
        assert!(t.walk("/webhooks", 10).await.is_empty());
    }

    /// What was told is listed with its attempts, and told again under the same id.
    async fn deliveries_are_seen_and_replayed(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        hook.at(0).await;
        hook.then([Reaction::Answer(400, Vec::new(), "no".to_owned())]);
        t.zenvia().say(&hash, "refused").await;
        t.zenvia().say(&hash, "taken").await;
        hook.until(|told| told["content"] == "taken").await;
        let settled = eventually("all settled", || async {
            let all = t.walk(&format!("/deliveries?interaction={hash}"), 50).await;
            (all.len() == 3 && all.iter().all(|d| d["state"] != "pending")).then_some(all)
        })
        .await;
        assert_eq!(texts(&settled, "state"), ["delivered", "rejected", "delivered"]);
        assert_eq!(texts(&settled, "event"), ["new_interaction", "new_message", "new_message"]);
        let path = format!("/deliveries/{}", settled[1]["id"].as_str().unwrap());
        let one = t.operator("GET", &path).send().await.ok();
        assert_json_snapshot!(one, {
            ".id" => uuid(),
            ".webhook_id" => "[webhook-id]",
            ".endpoint.id" => is("department", &sales.id),
            ".endpoint.url" => is("url", &hook.url),
            ".interaction_id" => is("hash", &hash),
            ".chat_id" => uuid(),
            ".message_id" => uuid(),
            ".due_at" => rfc3339(),
            ".created_at" => rfc3339(),
            ".attempts[0].at" => rfc3339(),
            ".attempts[0].duration_ms" => "[ms]",
        }, @r#"
        {
          "attempts": [
            {
              "at": "[time]",
              "duration_ms": "[ms]",
              "error": null,
              "response": "no",
              "status": 400
            }
          ],
          "chat_id": "[uuid]",
          "created_at": "[time]",
          "due_at": "[time]",
          "endpoint": {
            "id": "[department]",
            "kind": "bot",
            "url": "[url]"
          },
          "event": "new_message",
          "id": "[uuid]",
          "interaction_id": "[hash]",
          "message_id": "[uuid]",
          "state": "rejected",
          "webhook_id": "[webhook-id]"
        }
        "#);
        let replayed = t.operator("POST", &format!("{path}/replay")).send().await.expect(201).json();
        assert_eq!(replayed["webhook_id"], one["webhook_id"]);
        assert_ne!(replayed["id"], one["id"]);
        let got = hook.at(3).await;
        assert_eq!((got.json()["content"].as_str(), got.header("webhook-id")), (Some("refused"), one["webhook_id"].as_str().unwrap()));
        // Many at once, by a filter in the body; without any filter nothing.
        let done = t.operator("POST", "/deliveries/replay").json(&json!({ "state": "rejected", "interaction": hash })).send().await.ok();
        assert_eq!(done, json!({ "replayed": 1 }));
        hook.at(4).await;
        refused(t.operator("POST", "/deliveries/replay").json(&json!({})).send().await, 422, "invalid");
        let other = t.another().await;
        refused(other.operator("GET", &path).send().await, 404, "not_found");
        refused(other.operator("POST", &format!("{path}/replay")).send().await, 404, "not_found");
        assert_eq!(other.operator("GET", "/deliveries").query("interaction", &hash).send().await.ok()["items"], json!([]));
        refused(t.operator("GET", "/deliveries").query("state", "lost").send().await, 422, "invalid");
    }

    /// From the API that wrote it to everybody it was told to and who read it.
    async fn a_message_is_traced(t: Tenant) {
        let hook = Hook::start().await;
        let ((ann, odoo), sales) = (t.odoo("Ann").await, t.department("Sales", Some(&hook), &[]).await);
        let hash = t.zenvia().start(sales.number, json!({ "name": "Carl" })).await;
        t.zenvia().say(&hash, "trace me").await;
        let chat = t.chat_of(&hash).await;
        t.voipbin().post(&format!("/v1.0/chats/{chat}/participant_ids"), &json!({ "participant_id": ann.id })).send().await.expect(200);
        odoo.history(&chat).await;
        hook.until(|told| told["content"] == "trace me").await;
        let id = t.messages(&chat).await[0]["id"].as_str().unwrap().to_owned();
        let trace = eventually("everybody is done with it", || async {
            let trace = t.operator("GET", &format!("/trace/messages/{id}")).send().await.ok();
            let consumers = trace["events"][0]["consumers"].as_array()?;
            let done = consumers.iter().all(|c| !c["at"].is_null()) && !trace["events"][0]["published_at"].is_null();
            (done && trace["deliveries"][0]["state"] == "delivered").then_some(trace)
        })
        .await;
        assert_eq!((&trace["surface"], &trace["seq"]), (&json!("zenvia"), &json!(1)));
        assert_eq!((&trace["message"]["id"], &trace["stored_at"]), (&json!(id), &trace["message"]["created_at"]));
        assert_eq!(texts(trace["events"].as_array().unwrap(), "event"), ["message.posted"]);
        let heard = texts(trace["events"][0]["consumers"].as_array().unwrap(), "service");
        assert_eq!(heard, ["bots", "chats", "realtime"]);
        let delivery = &trace["deliveries"][0];
        assert_eq!((&delivery["event"], &delivery["endpoint"]["kind"]), (&json!("new_message"), &json!("bot")));
        assert_eq!(delivery["attempts"][0]["status"], 200);
        let path = format!("/v1.0/chatmessages/{id}");
        t.voipbin().delete(&path).send().await.expect(200);
        let told = eventually("the deletion is told, too", || async {
            let trace = t.operator("GET", &format!("/trace/messages/{id}")).send().await.ok();
            let events = trace["events"].as_array()?;
            let done = |c: &Value| !c["at"].is_null();
            let heard = events.iter().all(|event| event["consumers"].as_array().is_some_and(|all| all.iter().all(done)));
            (events.len() == 2 && heard).then(|| events.clone())
        })
        .await;
        assert_eq!(texts(&told, "event"), ["message.posted", "message.deleted"]);
        assert_eq!(texts(told[1]["consumers"].as_array().unwrap(), "service"), ["bots", "realtime"]);
        let readers = texts(trace["read_by"].as_array().unwrap(), "user_id");
        assert!(readers.contains(&ann.id), "{readers:?}");
        refused(t.another().await.operator("GET", &format!("/trace/messages/{id}")).send().await, 404, "not_found");
        refused(t.operator("GET", "/trace/messages/x").send().await, 404, "not_found");
        refused(t.root("GET", &format!("/trace/messages/{id}")).send().await, 403, "forbidden");
    }
}
