//! A Zenvia bot as one end, each other surface as the other, both ways round.
//!
//! Opened elsewhere: whoever takes a department's bot into a chat, by the id it has on their surface, is served by it.
//! Opened through Zenvia: the bot serves first and hands over to an agent who answers through another surface; the
//! customer's side hears both by webhook.

use serde_json::{Value, json};

use super::connectnow::{chat_user, heard, through_connectnow};
use super::{identities, said, through_imbee, through_odoo, through_voipbin};
use crate::harness::*;

/// What is said, in order: who opens, the bot, who opens again.
const TEXTS: [&str; 3] = ["from outside", "from the bot", "and back"];

/// A department's bot with its ids on every surface.
struct Bot {
    hook: Hook,
    department: Department,
    name: String,
    ids: Value,
}

async fn bot(t: &Tenant) -> Bot {
    let hook = Hook::start().await;
    let department = t.department("Sales", Some(&hook), &[]).await;
    let view = t.operator("GET", &format!("/users/{}", department.bot.as_deref().unwrap())).send().await.ok();
    Bot { hook, department, name: view["name"].as_str().unwrap().to_owned(), ids: view["identities"].clone() }
}

impl Bot {
    fn id(&self) -> &str {
        self.ids["voipbin"].as_str().unwrap()
    }

    fn idsha(&self) -> &str {
        self.ids["imbee"].as_str().unwrap()
    }

    fn number(&self) -> i64 {
        self.ids["odoo"]["uid"].as_i64().unwrap()
    }

    /// Hears the first words, once, and answers.
    async fn answers(&self, t: &Tenant, chat: &str) -> String {
        self.hook.until(|told| told["content"] == TEXTS[0]).await;
        let told = self.hook.bodies();
        assert_eq!(texts(&told, "type"), ["new_interaction", "new_message"], "once: {told:?}");
        assert_eq!(told[0]["department_id"], self.department.number);
        let hash = told[0]["interaction_hash"].as_str().unwrap().to_owned();
        assert_eq!(
            (told[1]["interaction_hash"].as_str(), &told[1]["content_type"]),
            (Some(hash.as_str()), &json!("text"))
        );
        assert_eq!(t.chat_of(&hash).await, chat);
        t.zenvia().bots(&hash, "message", json!({ "content": TEXTS[1] })).await;
        hash
    }

    /// Heard the last words too, and nothing of its own.
    async fn heard_all(&self) {
        self.hook.until(|told| told["content"] == TEXTS[2]).await;
        assert_eq!(texts(&self.hook.bodies()[1..], "content"), [TEXTS[0], TEXTS[2]]);
    }
}

/// The uuid of a chat that another surface knows by another id.
async fn uuid(t: &Tenant, surface: &str, id: &str) -> String {
    identities(t, surface, id).await["voipbin"].as_str().unwrap().to_owned()
}

/// An interaction that a bot has given to `agent`: its hash, chat, customer and whatever hears the customer's side.
struct Given {
    hash: String,
    chat: String,
    customer: String,
    customers_side: Hook,
    bot: Bot,
}

/// Opened through Zenvia: the customer writes, the bot answers and hands over to `agent`.
async fn given(t: &Tenant, agent: &User) -> Given {
    let (customers_side, bot) = (Hook::start().await, bot(t).await);
    let webhook = json!({ "url": customers_side.url, "format": "zenvia", "events": ["message.posted"] });
    t.operator("POST", "/webhooks").json(&webhook).send().await.expect(201);
    let path = format!("/departments/{}", bot.department.id);
    t.operator("PATCH", &path).json(&json!({ "agent_ids": [agent.id] })).send().await.expect(200);
    let hash = t.zenvia().start(bot.department.number, json!({ "name": "Carl" })).await;
    t.zenvia().say(&hash, TEXTS[0]).await;
    let chat = t.chat_of(&hash).await;
    assert_eq!(bot.answers(t, &chat).await, hash);
    t.zenvia().bots(&hash, "transfer", json!({})).await;
    let interaction = t.interaction(&hash).await;
    assert_eq!(interaction["owner"], json!({ "type": "agent", "id": agent.id }));
    let customer = interaction["customer_id"].as_str().unwrap().to_owned();
    Given { hash, chat, customer, customers_side, bot }
}

impl Given {
    /// The customer's side heard the bot, then the agent, each once; the bot heard nothing of what came after it.
    async fn heard(&self, t: &Tenant) {
        let told = self.customers_side.until(|told| told["message"]["content"] == TEXTS[2]).await.json();
        assert_eq!(
            (told["interaction_hash"].as_str(), &told["agent"]["name"]),
            (Some(self.hash.as_str()), &json!("Ann"))
        );
        let bodies = self.customers_side.bodies();
        let words: Vec<&str> = bodies.iter().map(|told| told["message"]["content"].as_str().unwrap()).collect();
        assert_eq!(words, [TEXTS[1], TEXTS[2]]);
        t.zenvia().say(&self.hash, "thank you").await;
        let last = t.decided(&self.chat).await;
        assert!(last.iter().all(|delivery| delivery["endpoint"]["kind"] != "bot"), "{last:?}");
        assert_eq!(self.bot.hook.bodies().len(), 2);
        assert_eq!(t.texts(&self.chat).await, [TEXTS[0], TEXTS[1], TEXTS[2], "thank you"]);
    }
}

on_each_stack! {
    async fn opened_through_voipbin_answered_by_the_bot(t: Tenant) {
        let (bot, carl) = (bot(&t).await, t.user("Carl", "agent").await);
        let client = t.voipbin_as(&carl).await;
        let chat = client.chat("normal", &[&carl.id, bot.id()]).await["id"].as_str().unwrap().to_owned();
        t.served(&chat).await;
        client.say(&chat, &carl.id, TEXTS[0]).await;
        bot.answers(&t, &chat).await;
        client.say(&chat, &carl.id, TEXTS[2]).await;
        bot.heard_all().await;
        let expected = said(&[(&carl.id, TEXTS[0]), (bot.id(), TEXTS[1]), (&carl.id, TEXTS[2])]);
        assert_eq!(through_voipbin(&t, &chat).await, expected);
    }

    async fn opened_through_imbee_answered_by_the_bot(t: Tenant) {
        let (bot, guest) = (bot(&t).await, t.imbee().guest().await);
        let conversation = guest.direct(bot.idsha()).await;
        let chat = uuid(&t, "imbee", &conversation).await;
        guest.say(&conversation, TEXTS[0]).await;
        t.served(&chat).await;
        bot.answers(&t, &chat).await;
        guest.say(&conversation, TEXTS[2]).await;
        bot.heard_all().await;
        let expected = said(&[(&guest.idsha, TEXTS[0]), (bot.idsha(), TEXTS[1]), (&guest.idsha, TEXTS[2])]);
        assert_eq!(through_imbee(&guest, &conversation).await, expected);
    }

    async fn opened_through_connectnow_answered_by_the_bot(t: Tenant) {
        let (bot, manager) = (bot(&t).await, t.connectnow());
        let number = manager.chat("Support").await;
        let (carl, carls) = manager.join(number, &format!("{}@example.org", unique("carl"))).await;
        let added = manager.post(&format!("/api/chats/{number}/users"), &json!({ "user_id": bot.number() })).send().await;
        let bots = added.expect(201).json()["id"].as_i64().unwrap();
        let chat = uuid(&t, "connectnow", &number.to_string()).await;
        t.served(&chat).await;
        carl.say(number, TEXTS[0]).await;
        bot.answers(&t, &chat).await;
        carl.say(number, TEXTS[2]).await;
        bot.heard_all().await;
        let c = carls["id"].as_i64().unwrap();
        assert_eq!(through_connectnow(&carl, number).await, heard(&[(c, TEXTS[0]), (bots, TEXTS[1]), (c, TEXTS[2])]));
    }

    async fn opened_through_odoo_answered_by_the_bot(t: Tenant) {
        let (bot, (_, carl)) = (bot(&t).await, t.odoo("Carl").await);
        let session = carl.ask("/im_chat/api/get_or_create_session", json!({ "user_to": bot.number() })).await;
        let chat = session["uuid"].as_str().unwrap();
        carl.say(chat, TEXTS[0]).await;
        bot.answers(&t, chat).await;
        carl.say(chat, TEXTS[2]).await;
        bot.heard_all().await;
        let expected = said(&[("Carl", TEXTS[0]), (&bot.name, TEXTS[1]), ("Carl", TEXTS[2])]);
        assert_eq!(through_odoo(&carl, chat).await, expected);
    }

    async fn opened_through_zenvia_answered_through_voipbin(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let given = given(&t, &ann).await;
        let agent = t.voipbin_as(&ann).await;
        let chats = agent.list("/v1.0/chats").await;
        assert_eq!((chats.len(), &chats[0]["id"], &chats[0]["type"]), (1, &json!(given.chat), &json!("group")));
        assert_eq!(chats[0]["owner_id"], ann.id.as_str(), "whoever serves answers for it");
        agent.say(&given.chat, &ann.id, TEXTS[2]).await;
        let expected = said(&[(&given.customer, TEXTS[0]), (given.bot.id(), TEXTS[1]), (&ann.id, TEXTS[2])]);
        assert_eq!(through_voipbin(&t, &given.chat).await, expected);
        given.heard(&t).await;
    }

    async fn opened_through_zenvia_answered_through_imbee(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let given = given(&t, &ann).await;
        let agent = t.imbee_as(&ann).await;
        let chats = agent.chats().await;
        assert_eq!((chats.len(), &chats[0]["type"]), (1, &json!("group")));
        let conversation = chats[0]["conversationId"].as_str().unwrap();
        assert_eq!(uuid(&t, "imbee", conversation).await, given.chat);
        agent.say(conversation, TEXTS[2]).await;
        let view = t.operator("GET", &format!("/users/{}", given.customer)).send().await.ok();
        let customer = view["identities"]["imbee"].as_str().unwrap();
        let expected = said(&[(customer, TEXTS[0]), (given.bot.idsha(), TEXTS[1]), (&ann.idsha, TEXTS[2])]);
        assert_eq!(through_imbee(&agent, conversation).await, expected);
        given.heard(&t).await;
    }

    async fn opened_through_zenvia_answered_through_connectnow(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let given = given(&t, &ann).await;
        let agent = t.connectnow_as(&ann).await;
        let chats = agent.walk("/api/chats", 5).await;
        let number = chats[0]["id"].as_i64().unwrap();
        assert_eq!((chats.len(), uuid(&t, "connectnow", &number.to_string()).await), (1, given.chat.clone()));
        let (me, joined) = agent.join(number, &t.email(&ann).await).await;
        me.say(number, TEXTS[2]).await;
        let c = chat_user(&t, &agent, number, &given.customer).await;
        let b = chat_user(&t, &agent, number, given.bot.id()).await;
        let a = joined["id"].as_i64().unwrap();
        assert_eq!(through_connectnow(&me, number).await, heard(&[(c, TEXTS[0]), (b, TEXTS[1]), (a, TEXTS[2])]));
        given.heard(&t).await;
    }

    async fn opened_through_zenvia_answered_through_odoo(t: Tenant) {
        let (ann, odoo) = t.odoo("Ann").await;
        let given = given(&t, &ann).await;
        let sessions = odoo.sessions(json!({})).await;
        assert_eq!((sessions.len(), &sessions[0]["uuid"]), (1, &json!(given.chat)));
        odoo.say(&given.chat, TEXTS[2]).await;
        let expected = said(&[("Carl", TEXTS[0]), (&given.bot.name, TEXTS[1]), ("Ann", TEXTS[2])]);
        assert_eq!(through_odoo(&odoo, &given.chat).await, expected);
        given.heard(&t).await;
    }

    /// imBee's default bot serves whoever its page brings, once the default department has a bot.
    async fn the_default_bot_serves_imbee(t: Tenant) {
        let hook = Hook::start().await;
        let first = t.walk("/departments", 10).await[0]["id"].as_str().unwrap().to_owned();
        t.operator("PATCH", &format!("/departments/{first}")).json(&json!({ "bot": { "url": hook.url } })).send().await.expect(200);
        let guest = t.imbee().guest().await;
        let conversation = guest.direct(t.credential("/imbee/bot_idsha")).await;
        guest.say(&conversation, TEXTS[0]).await;
        let told = hook.until(|told| told["content"] == TEXTS[0]).await.json();
        t.zenvia().bots(told["interaction_hash"].as_str().unwrap(), "message", json!({ "content": TEXTS[1] })).await;
        let shown = through_imbee(&guest, &conversation).await;
        assert_eq!(shown[1], (t.credential("/imbee/bot_idsha").to_owned(), TEXTS[1].to_owned()));
    }

    /// After a finish the next word starts anew, while the bot still takes part.
    async fn a_visitor_who_comes_back_is_served_again(t: Tenant) {
        let (bot, guest) = (bot(&t).await, t.imbee().guest().await);
        let conversation = guest.direct(bot.idsha()).await;
        guest.say(&conversation, TEXTS[0]).await;
        let chat = uuid(&t, "imbee", &conversation).await;
        let hash = bot.answers(&t, &chat).await;
        t.zenvia().bots(&hash, "finish", json!({})).await;
        guest.say(&conversation, TEXTS[2]).await;
        let again = bot.hook.until(|told| told["content"] == TEXTS[2]).await.json();
        assert_ne!(again["interaction_hash"], hash.as_str());
        assert_eq!(texts(&bot.hook.bodies(), "type"), ["new_interaction", "new_message", "new_interaction", "new_message"]);
        assert_eq!(identities(&t, "imbee", &conversation).await["zenvia"], again["interaction_hash"]);
    }
}
