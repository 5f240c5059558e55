//! Other people's things: nothing of another tenant is ever there.

use serde_json::json;

use crate::harness::*;

on_each_stack! {
    async fn the_operator_finds_chats_and_people_by_this_vendors_ids(t: Tenant) {
        let ((user, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        let chat = t.operator("GET", &format!("/chats/{uuid}")).send().await.ok();
        let identity = &chat["identities"]["odoo"];
        assert_eq!(identity["uuid"], uuid.as_str());
        for id in [identity["id"].to_string(), uuid.clone()] {
            let found = t.operator("GET", "/chats").query("identity", format!("odoo:{id}")).send().await.ok();
            assert_eq!(texts(found["items"].as_array().unwrap(), "id"), [uuid.as_str()], "{id}");
        }
        ann.say(&uuid, "hi").await;
        assert_eq!(ann.history(&uuid).await[0]["to_id"], json!([identity["id"], uuid]));
        let found = t.operator("GET", "/users").query("identity", format!("odoo:{}", ann.uid)).send().await.ok();
        let ids = &found["items"][0];
        assert_eq!((&ids["id"], &ids["identities"]["odoo"]), (&json!(user.id), &json!({ "uid": ann.uid, "partner_id": ann.partner_id })));
    }

    async fn a_deleted_chat_is_gone(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        ann.say(&uuid, "hi").await;
        t.voipbin().delete(&format!("/v1.0/chats/{uuid}")).send().await.expect(200);
        assert!(ann.sessions(json!({})).await.is_empty() && ann.history(&uuid).await.is_empty());
        let said = json!({ "uuid": uuid, "message_type": "message", "message_content": "x" });
        assert_eq!(ann.ask("/im_chat/post", said).await, false);
        assert_ne!(ann.with(&bob).await, uuid, "the next request makes a new one");
    }
}
