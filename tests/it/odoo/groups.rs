//! Groups: made by the operator, talked in by their members.

use serde_json::{Value, json};

use crate::harness::*;

const OPEN: &str = "/im_chat/api/get_or_create_session_group";
const LIST: &str = "/im_chat/api/get_sessions_group";

async fn group(t: &Tenant, name: &str, members: &[&str]) -> Value {
    let made = t.operator("POST", "/groups").json(&json!({ "name": name })).send().await.expect(201).json();
    set(t, &made, members).await
}

async fn set(t: &Tenant, group: &Value, members: &[&str]) -> Value {
    let path = format!("/groups/{}/members", group["id"].as_str().unwrap());
    t.operator("PUT", &path).json(&json!({ "user_ids": members })).send().await.ok()
}

fn uids(session: &Value) -> Vec<i64> {
    let mut uids: Vec<i64> = session["users"].as_array().unwrap().iter().map(|u| u["id"].as_i64().unwrap()).collect();
    uids.sort_unstable();
    uids
}

fn sorted<const N: usize>(mut uids: [i64; N]) -> Vec<i64> {
    uids.sort_unstable();
    uids.to_vec()
}

on_each_stack! {
    async fn the_operator_makes_groups(t: Tenant) {
        let (ann, bob) = (t.user("Ann", "agent").await, t.user("Bob", "agent").await);
        let news = group(&t, "News", &[&ann.id, &bob.id]).await;
        assert_eq!(keys(&news), ["created_at", "id", "identities", "name", "user_ids"]);
        let mut ids = [ann.id.clone(), bob.id.clone()];
        ids.sort_unstable();
        assert_eq!((&news["name"], &news["user_ids"]), (&json!("News"), &json!(ids)));
        assert!(news["identities"]["odoo"].is_i64());
        let more = group(&t, "More", &[]).await;
        assert_eq!(t.walk("/groups", 1).await, [news.clone(), more]);
        let path = format!("/groups/{}/members", news["id"].as_str().unwrap());
        for bad in [json!({ "user_ids": ["x"] }), json!({}), json!({ "user_ids": [t.id] })] {
            let refused = t.operator("PUT", &path).json(&bad).send().await;
            assert!(matches!(refused.status, 404 | 422), "{bad}: {}", refused.status);
        }
        t.operator("POST", "/groups").json(&json!({ "name": " " })).send().await.expect(422);
        let other = t.another().await;
        other.operator("PUT", &path).json(&json!({ "user_ids": [] })).send().await.expect(404);
        assert!(other.walk("/groups", 50).await.is_empty());
        let again = || t.operator("POST", "/groups").key("once").json(&json!({ "name": "Twice" })).send();
        assert_eq!(again().await.expect(201).json(), again().await.expect(201).json());
    }

    async fn a_groups_session_is_its_members(t: Tenant) {
        let ((a, ann), (b, bob), (c, cleo)) = (t.odoo("Ann").await, t.odoo("Bob").await, t.odoo("Cleo").await);
        let news = group(&t, "News", &[&a.id, &b.id]).await;
        let number = news["identities"]["odoo"].clone();
        let asked = json!({ "group": number });
        let made = ann.ask(OPEN, asked.clone()).await;
        assert_eq!(uids(&made), sorted([ann.uid, bob.uid]));
        assert_eq!((&made["is_group"], &made["groups"]), (&json!(true), &json!([{ "id": number, "name": "News" }])));
        let uuid = made["uuid"].as_str().unwrap();
        assert_eq!(bob.ask(OPEN, asked.clone()).await["uuid"], uuid);
        for outsider in [&cleo, &t.another().await.odoo("Stranger").await.1] {
            error(outsider.call(OPEN, &asked).send().await, 200);
            assert_eq!(outsider.ask(LIST, json!({})).await, json!([]));
        }
        for bad in [json!({ "group": 0 }), json!({ "group": "x" }), json!({ "group": null }), json!({ "group": number, "doc_id": 1 })] {
            error(ann.call(OPEN, &bad).send().await, 200);
        }

        ann.say(uuid, "welcome").await;
        set(&t, &news, &[&b.id, &c.id]).await;
        let seen = cleo.ask(LIST, json!({ "group": number })).await;
        assert_eq!((uids(&seen[0]), &seen[0]["is_read"]), (sorted([bob.uid, cleo.uid]), &json!(true)));
        assert_eq!(ann.ask(LIST, json!({})).await, json!([]));
        assert_eq!(ann.ask("/im_chat/post", json!({ "uuid": uuid, "message_type": "message", "message_content": "x" })).await, false);
        cleo.say(uuid, "thanks").await;
        assert_eq!(texts(&bob.history(uuid).await, "message"), ["thanks", "welcome"]);
        assert!(bob.sessions(json!({})).await.is_empty(), "a group's session is in no other list");
    }

    /// One for the group, one for each document.
    async fn a_group_has_one_session_for_each_document(t: Tenant) {
        let ((a, ann), (b, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let number = group(&t, "News", &[&a.id, &b.id]).await["identities"]["odoo"].clone();
        let plain = ann.ask(OPEN, json!({ "group": number })).await["uuid"].clone();
        let about = json!({ "group": number, "doc_id": 7, "doc_model": "sale.order" });
        let one = ann.ask(OPEN, about.clone()).await["uuid"].clone();
        assert_ne!(plain, one);
        assert_eq!(bob.ask(OPEN, about).await["uuid"], one);
        let listed = bob.ask(LIST, json!({ "doc_model": "sale.order" })).await;
        assert_eq!(texts(listed.as_array().unwrap(), "uuid"), [one.as_str().unwrap()]);
        assert_eq!(bob.ask(LIST, json!({})).await.as_array().unwrap().len(), 2);
        assert_eq!(bob.ask(LIST, json!({ "group": 0 })).await, json!([]));
    }
}
