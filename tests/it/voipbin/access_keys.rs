//! Access keys: made, listed, changed, revoked, and what one may do.

use serde_json::json;

use super::NOBODY;
use crate::harness::*;

on_each_stack! {
    async fn an_access_key_is_made_used_changed_and_revoked(t: Tenant) {
        let admin = t.voipbin();
        let made =
            admin.post("/v1.0/accesskeys", &json!({ "name": "ci", "detail": "for the build" })).send().await.ok();
        let (id, secret) = (made["id"].as_str().unwrap(), made["token"].as_str().expect("shown once"));
        let path = format!("/v1.0/accesskeys/{id}");
        assert_eq!((made["name"].as_str(), made["customer_id"].as_str()), (Some("ci"), Some(t.id.as_str())));

        let key = VoipBin::new(t.http.clone(), "accesskey", secret);
        key.get("/v1.0/chats").send().await.expect(200);
        let me = key.get("/v1.0/me").send().await.ok();
        assert_eq!(me["id"], id, "a key has an id of its own");
        assert_eq!(me["customer_id"], t.id.as_str());

        let again = admin.get(&path).send().await.ok();
        assert_eq!(again["id"], id);
        assert!(again["token"].as_str().is_none_or(|shown| shown != secret), "the secret is not shown again");
        assert!(texts(&admin.walk("/v1.0/accesskeys", 1).await, "id").contains(&id.to_owned()));

        let changed = admin.put(&path, &json!({ "name": "cd" })).send().await.ok();
        assert_eq!((changed["name"].as_str(), changed["detail"].as_str()), (Some("cd"), Some("")));

        admin.delete(&path).send().await.expect(200);
        eventually("the key is refused", || async {
            (key.get("/v1.0/chats").send().await.status == 401).then_some(())
        })
        .await;
        assert!(!texts(&admin.walk("/v1.0/accesskeys", 10).await, "id").contains(&id.to_owned()));
    }

    /// It stands for the user it was made for, with that user's role and rooms.
    async fn a_key_acts_as_its_user(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let key = t.voipbin();
        let chat = key.chat("normal", &[&t.admin.id, &ann.id]).await;
        let chat = chat["id"].as_str().unwrap();
        assert_eq!(key.list("/v1.0/chatrooms").await[0]["owner_id"], t.admin.id.as_str());
        key.say(chat, &t.admin.id, "as itself").await;
        key.say(chat, &ann.id, "as another, since an admin may").await;
        let authors: Vec<_> =
            t.messages(chat).await.iter().map(|m| m["author"]["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(authors, [t.admin.id.as_str(), ann.id.as_str()]);
    }

    async fn bad_keys_are_400(t: Tenant) {
        let admin = t.voipbin();
        let other = t.another().await.voipbin();
        let foreign = other.post("/v1.0/accesskeys", &json!({ "name": "theirs" })).send().await.ok();
        for id in [NOBODY, "no-uuid", foreign["id"].as_str().unwrap()] {
            let path = format!("/v1.0/accesskeys/{id}");
            admin.get(&path).send().await.expect_empty(400);
            admin.put(&path, &json!({ "name": "x" })).send().await.expect_empty(400);
            admin.delete(&path).send().await.expect_empty(400);
        }
        admin.ask("POST", "/v1.0/accesskeys").raw("text/plain", "{").send().await.expect_empty(400);
    }
}
