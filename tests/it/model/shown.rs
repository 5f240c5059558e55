//! What every surface shows, held against the model.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::world::{Chat, World};
use crate::harness::*;

impl World {
    pub async fn check(&self) {
        for (c, chat) in self.chats.iter().enumerate() {
            self.check_stored(chat).await;
            if !chat.closed {
                self.check_shown(c, chat).await;
            }
        }
        self.check_lists().await;
        self.check_told().await;
    }

    /// As the operator sees it: every message at its place, the deleted ones too.
    async fn check_stored(&self, chat: &Chat) {
        let stored = self.t.messages(&chat.id).await;
        let places: Vec<i64> = stored.iter().map(|m| m["seq"].as_i64().unwrap()).collect();
        assert_eq!(places, (1..=i64::try_from(chat.said.len()).unwrap()).collect::<Vec<_>>());
        let shown = |m: &Value| {
            let text = m["text"].as_str()?;
            let ids = self.people.iter().map(|person| &person.id).chain([&self.bot]);
            let author = ids.into_iter().position(|id| m["author"]["id"] == id.as_str())?;
            Some((author, text.to_owned()))
        };
        assert_eq!(stored.iter().map(shown).collect::<Vec<_>>(), chat.said, "through the operator's view");
    }

    /// As the vendors' clients see it: managers all of it, everybody else from when they came.
    async fn check_shown(&self, c: usize, chat: &Chat) {
        let living: Vec<String> = chat.said.iter().flatten().map(|(_, text)| text.clone()).collect();
        let newest: Vec<String> = living.iter().rev().cloned().collect();
        let there = self.admin.walk(&format!("/v1.0/chatmessages?chat_id={}", chat.id), 100).await;
        assert_eq!(texts(&there, "text"), newest, "through VoIPBin");
        let there = self.manager.walk(&format!("/api/chats/{}/messages", chat.number), 100).await;
        assert_eq!(texts(&there, "message"), living, "through ConnectNow");
        for (p, person) in self.people.iter().enumerate() {
            let path = format!("/chat/history/{}", self.conversation(c));
            let envelope = person.guest.call(&path, &json!({ "limit": 100 })).send().await.ok();
            assert_eq!(envelope["code"] == 0, chat.members.contains(&p), "{p} reads {chat:?}");
            let by_odoo = texts(&person.odoo.history(&chat.id).await, "message");
            let Some(seen) = envelope["body"]["history"].as_array() else {
                assert_eq!(by_odoo, [] as [String; 0], "{p} is not in {chat:?}");
                continue;
            };
            // Who joined later sees what came later, the same everywhere.
            let seen = texts(seen, "text");
            assert!(newest.starts_with(&seen), "{p} sees {seen:?}, not {newest:?}");
            assert_eq!(by_odoo, seen, "{p} through Odoo and imBee");
        }
    }

    async fn check_lists(&self) {
        let mut live: BTreeMap<usize, usize> = BTreeMap::new();
        for member in self.chats.iter().filter(|chat| !chat.closed).flat_map(|chat| &chat.members) {
            *live.entry(*member).or_default() += 1;
        }
        for (p, person) in self.people.iter().enumerate() {
            let expected = live.get(&p).copied().unwrap_or(0);
            assert_eq!(person.guest.chats().await.len(), expected, "chats of {p} through imBee");
            assert_eq!(person.odoo.sessions(json!({})).await.len(), expected, "sessions of {p} through Odoo");
        }
        let all = self.chats.iter().filter(|chat| !chat.closed).count();
        assert_eq!(self.admin.walk("/v1.0/chats", 100).await.len(), all, "through VoIPBin");
        assert_eq!(self.manager.walk("/api/chats", 100).await.len(), all, "through ConnectNow");
    }
}
