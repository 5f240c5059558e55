//! What events look like, and who sees which.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::says;
use crate::harness::*;

on_each_stack! {
    /// A conversation as an operator sees it: names and views are the operator API's.
    async fn events_have_the_operators_views(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let (mut events, _) = Events::open(t.events(&t.sees_all())).await;
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&ann.id, &t.admin.id]).await["id"].as_str().unwrap().to_owned();
        let mut seen = events.until(|event| event.name == "chat.created").await;
        let path = format!("/v1.0/chats/{chat}");
        admin.put(&path, &json!({ "name": "a new name", "detail": "" })).send().await.expect(200);
        let participant = json!({ "participant_id": ben.id });
        admin.post(&format!("{path}/participant_ids"), &participant).send().await.expect(200);
        seen.extend(events.until(|event| event.name == "participant.added").await);
        let said = admin.say(&chat, &ann.id, "hello").await["id"].as_str().unwrap().to_owned();
        seen.extend(events.until(|event| says(event, "hello")).await);
        admin.delete(&format!("/v1.0/chatmessages/{said}")).send().await.expect(200);
        seen.extend(events.until(|event| event.name == "message.deleted").await);
        admin.delete(&format!("{path}/participant_ids/{}", ben.id)).send().await.expect(200);
        admin.delete(&path).send().await.expect(200);
        seen.extend(events.until(|event| event.name == "chat.deleted").await);

        let names: Vec<&str> = seen.iter().map(|event| event.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "chat.created", "chat.updated", "participant.added", "message.posted", "message.deleted",
                "participant.removed", "chat.deleted"
            ]
        );
        let view = t.operator("GET", &format!("/chats/{chat}")).send().await.ok();
        assert_eq!(keys(&seen[0].data), keys(&view));
        assert_eq!(seen[1].data["title"], "a new name");
        assert_eq!(seen[2].data["participant"]["user_id"], ben.id.as_str());
        assert_json_snapshot!(seen[3].data, {
            ".id" => is("message", &said), ".chat_id" => is("chat", &chat), ".author.id" => is("Ann", &ann.id),
            ".number" => "[number]", ".created_at" => rfc3339(),
        }, @r#"
        {
          "author": {
            "id": "[Ann]",
            "name": "Ann"
          },
          "chat_id": "[chat]",
          "created_at": "[time]",
          "deleted_at": null,
          "edited_at": null,
          "id": "[message]",
          "kind": "text",
          "media": [],
          "number": "[number]",
          "origin": "voipbin",
          "seq": 1,
          "text": "hello"
        }
        "#);
        let stored = t.messages(&chat).await;
        assert_eq!(seen[4].data, stored[0]);
        assert_eq!(seen[5].data["participant"]["user_id"], ben.id.as_str());
        assert!(seen[6].data["deleted_at"].is_string());
    }

    /// What one posts is shown to each as the operator API shows it.
    async fn a_posted_message_is_the_stored_one(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let token = t.voipbin_as(&ann).await.secret;
        let (mut events, _) = Events::open(t.events(&token)).await;
        let guest = t.imbee().guest().await;
        let conversation = guest.direct(&ann.idsha).await;
        guest.say(&conversation, "from another surface").await;
        let shown = events.until(|event| says(event, "from another surface")).await;
        let chat = shown.last().unwrap().data["chat_id"].as_str().unwrap().to_owned();
        assert_eq!(shown.last().unwrap().data, t.messages(&chat).await[0]);
    }

    /// Nothing of another tenant, and nothing of a chat one is not in.
    async fn everybody_sees_their_own_only(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let other = t.another().await;
        let (mut hers, _) = Events::open(t.events(&t.voipbin_as(&ann).await.secret)).await;
        let (mut his, _) = Events::open(t.events(&t.voipbin_as(&ben).await.secret)).await;
        let (mut theirs, _) = Events::open(t.events(&other.sees_all())).await;
        let admin = t.voipbin();
        let id = |chat: Value| chat["id"].as_str().unwrap().to_owned();
        let (secret, shared) =
            (id(admin.chat("group", &[&ann.id]).await), id(admin.chat("group", &[&ann.id, &ben.id]).await));
        admin.say(&secret, &ann.id, "for Ann").await;
        admin.say(&shared, &ann.id, "for both").await;
        let theirs_chat = id(other.voipbin().chat("group", &[&other.admin.id]).await);
        other.voipbin().say(&theirs_chat, &other.admin.id, "for others").await;

        let seen = hers.until(|event| says(event, "for both")).await;
        assert!(seen.iter().any(|event| says(event, "for Ann")));
        let all = his.until(|event| says(event, "for both")).await;
        let of = |event: &Event, chat: &str| event.data.to_string().contains(chat);
        assert!(!all.iter().any(|event| of(event, &secret)), "{all:?}");
        let all = theirs.until(|event| says(event, "for others")).await;
        assert!(!all.iter().any(|event| of(event, &secret) || of(event, &shared)), "{all:?}");
    }

    /// Whoever is taken out of a chat is told so, and nothing after that.
    async fn a_stay_ends_what_is_shown(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let (mut events, _) = Events::open(t.events(&t.voipbin_as(&ann).await.secret)).await;
        let admin = t.voipbin();
        let id = |chat: Value| chat["id"].as_str().unwrap().to_owned();
        let chat = id(admin.chat("group", &[&ann.id, &t.admin.id]).await);
        let last = id(admin.chat("group", &[&ann.id]).await);
        admin.say(&chat, &t.admin.id, "before").await;
        events.until(|event| says(event, "before")).await;
        admin.delete(&format!("/v1.0/chats/{chat}/participant_ids/{}", ann.id)).send().await.expect(200);
        admin.say(&chat, &t.admin.id, "after").await;
        events.until(|event| event.name == "participant.removed").await;
        admin.say(&last, &ann.id, "the end").await;
        let rest = events.until(|event| says(event, "the end")).await;
        assert!(!rest.iter().any(|event| says(event, "after")), "{rest:?}");
    }

    async fn refusals_have_the_operators_shape(t: Tenant) {
        for path in ["/parlance/v1/events", "/parlance/v1/stream"] {
            let none = t.http.get(path).send().await.expect(401).json();
            assert_eq!(none["error"]["code"], "unauthenticated");
            t.http.get(path).bearer("wrong").send().await.expect(401);
            t.http.post(path).bearer(t.sees_all()).send().await.expect(405);
        }
        // A company's own key stands for no user.
        t.events(t.credential("/imbee/corporate_token")).send().await.expect(401);
        t.stream(&t.sees_all()).send().await.expect(422);
        let head = t.http.ask("HEAD".parse().unwrap(), "/parlance/v1/events").bearer(t.sees_all()).send().await;
        assert_eq!((head.expect(200).body.as_str(),), ("",));
        t.http.get("/parlance/v2").send().await.expect(404);
    }
}
