//! Chats that a bot serves: what it is told, what it says, and when that is over.

use serde_json::json;

use super::world::{BOT, Served, World};
use crate::harness::*;

impl World {
    /// Somebody is served by the bot, in a chat of the two.
    pub async fn start(&mut self, p: usize) {
        let customer = json!({ "email": self.people[p].email });
        let hash = self.t.zenvia().start(self.department, customer).await;
        let id = self.t.chat_of(&hash).await;
        self.opened(&id, vec![p, BOT], false).await;
        let chat = self.chats.last_mut().expect("just opened");
        chat.served = Some(Served { hash, customer: p, over: false });
    }

    /// Notes what was said by somebody, through whatever surface: the bot is told.
    pub async fn said(&mut self, c: usize, p: usize, text: String) {
        let chat = &mut self.chats[c];
        chat.said.push(Some((p, text.clone())));
        let Some(served) = &mut chat.served else { return };
        if served.over {
            // The bot is still there: what is said now is the beginning of another interaction.
            let hash = self.t.served(&chat.id).await["hash"].as_str().unwrap().to_owned();
            assert_ne!(hash, served.hash);
            *served = Served { hash, customer: p, over: false };
        }
        self.told.entry(served.hash.clone()).or_default().push(text);
    }

    /// The bot says something, if it serves.
    pub async fn answer(&mut self, c: usize, text: String) {
        let chat = &mut self.chats[c];
        let Some(served) = &chat.served else { return };
        let reply = self.t.zenvia().bot(&served.hash, "message", &json!({ "content": text })).send().await;
        assert_eq!(reply.status, if served.over { 422 } else { 200 }, "{}: {chat:?}", reply.body);
        if !served.over {
            chat.said.push(Some((BOT, text)));
        }
    }

    /// The bot, or the customer, ends it.
    pub async fn finish(&mut self, bot: bool, c: usize) {
        if bot {
            // What it has not heard by then it never will.
            self.heard(c).await;
        }
        let chat = &mut self.chats[c];
        let Some(served) = &mut chat.served else { return };
        let (zenvia, nothing) = (self.t.zenvia(), json!({}));
        let ask = if bot {
            zenvia.bot(&served.hash, "finish", &nothing)
        } else {
            zenvia.customer(&served.hash, "finish", &nothing)
        };
        assert_eq!(ask.send().await.status, if served.over { 422 } else { 200 }, "{served:?}");
        served.over = true;
    }

    /// The chat or the customer is gone: waits until the interaction is over.
    pub async fn over(&mut self, c: usize) {
        let Some(served) = self.chats[c].served.as_mut().filter(|served| !served.over) else { return };
        eventually("what nobody is left for is over", || async {
            (self.t.interaction(&served.hash).await["state"] == "finished").then_some(())
        })
        .await;
        served.over = true;
    }

    /// Waits until the bot was told all that was said in a chat.
    pub async fn heard(&self, c: usize) {
        let Some(served) = &self.chats[c].served else { return };
        let expected = self.told.get(&served.hash).map_or(0, Vec::len);
        eventually("the bot has heard it all", || async {
            let heard = self.hook.taken().get(&served.hash).map_or(0, Vec::len);
            (heard >= expected).then_some(())
        })
        .await;
    }

    /// The bot was told what others said while it served: each once, in order, under its interaction, and nothing else.
    pub async fn check_told(&self) {
        let expected: usize = self.told.values().map(Vec::len).sum();
        eventually("the bot was told all of it", || async {
            (self.hook.taken().values().map(Vec::len).sum::<usize>() >= expected).then_some(())
        })
        .await;
        assert_eq!(self.hook.taken(), self.told, "through Zenvia");
    }
}
