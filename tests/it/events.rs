//! What consumers make of events equals what is stored.

use std::collections::HashMap;

use serde_json::Value;

use crate::harness::*;

on_each_stack! {
    /// `chats` keeps each chat's last activity from `message.posted`; imBee's list is sorted by it. After parallel
    /// writing through both surfaces it comes to agree with the messages themselves.
    async fn last_activity_comes_to_equal_the_messages(t: Tenant) {
        let me = t.imbee().guest().await;
        let mut conversations: Vec<(String, String)> = Vec::new();
        for _ in 0..6 {
            let other = t.imbee().guest().await;
            let conversation = me.direct(&other.idsha).await;
            let found =
                t.operator("GET", "/chats").query("identity", format!("imbee:{conversation}")).send().await.ok();
            conversations.push((conversation, found["items"][0]["id"].as_str().unwrap().to_owned()));
        }
        let (admin, my_id) = (t.voipbin(), me.id(&t).await);
        let writers = (0..24).map(|n: usize| {
            let (conversation, chat) = &conversations[(n * 7) % conversations.len()];
            let (me, admin, my_id) = (&me, &admin, &my_id);
            async move {
                for m in 0..3 {
                    if (n + m).is_multiple_of(2) {
                        me.say(conversation, &format!("{n} {m}")).await;
                    } else {
                        admin.say(chat, my_id, &format!("{n} {m}")).await;
                    }
                }
            }
        });
        futures_util::future::join_all(writers).await;

        let mut last: HashMap<String, Value> = HashMap::new();
        for (conversation, chat) in &conversations {
            last.insert(conversation.clone(), t.messages(chat).await.pop().unwrap());
        }
        // Times rise strictly within a chat; two chats may share one.
        eventually("the list agrees with the messages", || async {
            let listed = texts(&me.chats().await, "conversationId");
            assert_eq!(listed.len(), last.len());
            listed.is_sorted_by_key(|chat| std::cmp::Reverse(last[chat]["created_at"].as_str().unwrap())).then_some(())
        })
        .await;
    }

    /// Posting at once in a chat that was just made works: nothing waits for an event.
    async fn a_chat_can_be_written_to_as_soon_as_it_is_made(t: Tenant) {
        let admin = t.voipbin();
        for n in 0..10 {
            let chat = admin.chat("group", &[&t.admin.id]).await;
            admin.say(chat["id"].as_str().unwrap(), &t.admin.id, &format!("{n}")).await;
        }
    }

    /// A consumer that never refuses leaves nothing parked.
    async fn nothing_is_parked(t: Tenant) {
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await;
        admin.say(chat["id"].as_str().unwrap(), &t.admin.id, "hello").await;
        for service in ["auth", "users", "chats", "messages", "realtime", "bots"] {
            let parked = t.root("GET", "/parked").query("service", service).send().await.ok();
            assert_eq!(parked["items"].as_array().map(Vec::len), Some(0), "{service}: {parked}");
        }
    }
}
