//! The reference model, and the same steps taken for real.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::harness::*;

/// People in each case. Each is known on every surface.
pub const PEOPLE: usize = 4;
/// The bot among a chat's members.
pub const BOT: usize = PEOPLE;

/// The surface a step goes through. What a surface has no call for goes through VoIPBin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    Imbee,
    Voipbin,
    Connectnow,
    Odoo,
    Zenvia,
}

impl Through {
    pub const ALL: [Self; 5] = [Self::Imbee, Self::Voipbin, Self::Connectnow, Self::Odoo, Self::Zenvia];
}

#[derive(Debug, Clone)]
pub enum Step {
    /// The chat of two: imBee `chat/create`, Odoo `get_or_create_session`, VoIPBin `POST /chats` of type normal.
    Direct(Through, usize, usize),
    /// VoIPBin `POST /chats` of type group.
    Group(Vec<usize>),
    /// Says something in the n-th chat.
    Say(Through, usize, usize),
    /// VoIPBin `POST …/participant_ids`, ConnectNow `POST …/users`.
    Join(Through, usize, usize),
    /// VoIPBin `DELETE …/participant_ids/{id}`, ConnectNow `DELETE …/users/{id}`.
    Leave(Through, usize, usize),
    /// ConnectNow `PUT …/messages/{id}` of the n-th living message of a chat, by its author.
    Edit(usize, usize),
    /// VoIPBin `DELETE /chatmessages/{id}` of the n-th living message of a chat, ConnectNow's by its author.
    Unsay(Through, usize, usize),
    /// VoIPBin `DELETE /chats/{id}`, ConnectNow `DELETE /api/chats/{id}`.
    Close(Through, usize),
    /// Zenvia `POST interactions`: somebody is served by the bot.
    Start(usize),
    /// Zenvia `POST bot/{hash}/message`: the bot says something in the n-th chat.
    Answer(usize),
    /// Zenvia `PUT bot/{hash}/finish` if so, else `PUT interactions/{hash}/finish`.
    Finish(bool, usize),
}

/// The last interaction of a chat.
#[derive(Debug)]
pub struct Served {
    pub hash: String,
    pub customer: usize,
    pub over: bool,
}

#[derive(Debug, Default)]
pub struct Chat {
    /// VoIPBin's id.
    pub id: String,
    /// ConnectNow's.
    pub number: i64,
    pub members: Vec<usize>,
    /// The direct chat of this pair, still.
    pair: Option<(usize, usize)>,
    pub closed: bool,
    /// Every message in order: who, what; `None` once deleted.
    pub said: Vec<Option<(usize, String)>>,
    /// ConnectNow's chat user tokens of those who came in through it.
    tokens: BTreeMap<usize, String>,
    /// What Zenvia calls it, if it is served.
    pub served: Option<Served>,
}

/// Somebody, on every surface.
pub struct Person {
    pub guest: Guest,
    pub id: String,
    pub odoo: Odoo,
    pub email: String,
}

pub struct World {
    pub t: Tenant,
    /// The bot's end, and what is to come there: what others say, by interaction.
    pub hook: Hook,
    pub told: BTreeMap<String, Vec<String>>,
    pub bot: String,
    pub department: i64,
    pub admin: VoipBin,
    pub manager: ConnectNow,
    pub people: Vec<Person>,
    pub chats: Vec<Chat>,
}

impl Person {
    /// Registered through imBee, and given a login and an e-mail by the operator.
    async fn new(t: &Tenant) -> Self {
        let guest = t.imbee().guest().await;
        let id = guest.id(t).await;
        let (login, password, email) = (unique("login"), unique("secret"), format!("{}@example.org", unique("mail")));
        let body = json!({ "login": login, "password": password, "email": email });
        t.operator("PATCH", &format!("/users/{id}")).json(&body).send().await.expect(200);
        let user = User { id: id.clone(), idsha: guest.idsha.clone(), name: String::new(), login, password };
        Self { odoo: t.odoo_as(&user).await, guest, id, email }
    }
}

impl World {
    pub async fn new(t: Tenant) -> Self {
        let mut people = Vec::new();
        for _ in 0..PEOPLE {
            people.push(Person::new(&t).await);
        }
        let hook = Hook::start().await;
        let Department { number: department, bot, .. } = t.department("Sales", Some(&hook), &[]).await;
        let (bot, told) = (bot.expect("a bot"), BTreeMap::new());
        Self { admin: t.voipbin(), manager: t.connectnow(), t, hook, told, bot, department, people, chats: Vec::new() }
    }

    pub fn conversation(&self, chat: usize) -> String {
        self.chats[chat].id.replace('-', "")
    }

    /// The index of a chat that exists, if there is one at all.
    fn pick(&self, n: usize) -> Option<usize> {
        (!self.chats.is_empty()).then(|| n % self.chats.len())
    }

    fn direct(&self, a: usize, b: usize) -> Option<usize> {
        let pair = Some((a.min(b), a.max(b)));
        self.chats.iter().position(|chat| chat.pair == pair && !chat.closed)
    }

    /// Notes a chat that was made.
    pub async fn opened(&mut self, id: &str, mut members: Vec<usize>, direct: bool) {
        members.sort_unstable();
        let pair = direct.then(|| (members[0], members[members.len() - 1]));
        let view = self.t.operator("GET", &format!("/chats/{id}")).send().await.ok();
        let number = view["identities"]["connectnow"].as_i64().unwrap();
        self.chats.push(Chat { id: id.to_owned(), number, members, pair, ..Chat::default() });
    }

    pub async fn take(&mut self, step: &Step, n: usize) {
        let text = format!("message {n}");
        match *step {
            Step::Direct(by, a, b) => self.talk(by, a, b).await,
            Step::Group(ref members) => {
                let reply = self.open("group", members).await;
                self.opened(reply.ok()["id"].as_str().unwrap(), members.clone(), false).await;
            }
            Step::Say(by, c, p) => {
                let Some(c) = self.pick(c) else { return };
                let Some(taken) = self.say(by, c, p, &text).await else { return };
                let chat = &mut self.chats[c];
                assert_eq!(
                    taken,
                    !chat.closed && chat.members.contains(&p),
                    "{p} says {text} through {by:?}: {chat:?}"
                );
                if taken {
                    self.said(c, p, text).await;
                }
            }
            Step::Join(by, c, p) => {
                let Some(c) = self.pick(c) else { return };
                self.join(by, c, p).await;
            }
            Step::Leave(by, c, p) => {
                let Some(c) = self.pick(c) else { return };
                self.leave(by, c, p).await;
            }
            Step::Edit(c, m) => {
                let Some((c, place)) = self.living(c, m) else { return };
                self.edit(c, place, &format!("edited {n}")).await;
            }
            Step::Unsay(by, c, m) => {
                let Some((c, place)) = self.living(c, m) else { return };
                self.unsay(by, c, place).await;
            }
            Step::Close(by, c) => {
                let Some(c) = self.pick(c) else { return };
                self.heard(c).await;
                let chat = &mut self.chats[c];
                if by == Through::Connectnow {
                    let reply = self.manager.delete(&format!("/api/chats/{}", chat.number)).send().await;
                    assert_eq!(reply.status, if chat.closed { 404 } else { 200 }, "close: {chat:?}");
                } else {
                    self.admin.delete(&format!("/v1.0/chats/{}", chat.id)).send().await.expect(200);
                }
                chat.closed = true;
                self.over(c).await;
            }
            Step::Start(p) => self.start(p).await,
            Step::Answer(c) => {
                let Some(c) = self.pick(c) else { return };
                self.answer(c, text).await;
            }
            Step::Finish(bot, c) => {
                let Some(c) = self.pick(c) else { return };
                self.finish(bot, c).await;
            }
        }
    }

    /// The chat of two, found or made.
    async fn talk(&mut self, by: Through, a: usize, b: usize) {
        let found = self.direct(a, b);
        let id = match by {
            Through::Imbee => {
                let asked = json!({ "type": "chat", "contacts": [{ "idsha": self.people[b].guest.idsha }] });
                let envelope = self.people[a].guest.call("/chat/create", &asked).send().await.ok();
                if a == b {
                    return assert_eq!(envelope["code"], 1);
                }
                assert_eq!(envelope["body"]["previously_created"], found.is_some(), "{envelope}");
                let conversation = envelope["body"]["conversationId"].as_str().unwrap();
                let ask = self.t.operator("GET", "/chats").query("identity", format!("imbee:{conversation}"));
                ask.send().await.ok()["items"][0]["id"].as_str().unwrap().to_owned()
            }
            Through::Odoo => {
                let asked = json!({ "user_to": self.people[b].odoo.uid });
                let reply = self.people[a].odoo.call("/im_chat/api/get_or_create_session", &asked).send().await;
                if a == b {
                    return drop(error(reply, 200));
                }
                result(reply)["uuid"].as_str().unwrap().to_owned()
            }
            Through::Voipbin | Through::Connectnow | Through::Zenvia => {
                let reply = self.open("normal", &[a, b]).await;
                if found.is_some() {
                    return reply.expect_empty(400);
                }
                reply.ok()["id"].as_str().unwrap().to_owned()
            }
        };
        match found {
            Some(chat) => assert_eq!(id, self.chats[chat].id),
            // The same person twice is a chat of one.
            None => self.opened(&id, if a == b { vec![a] } else { vec![a, b] }, true).await,
        }
    }

    /// Whether it was taken; `None` when nobody could try.
    async fn say(&self, by: Through, c: usize, p: usize, text: &str) -> Option<bool> {
        let (chat, person) = (&self.chats[c], &self.people[p]);
        Some(match by {
            Through::Imbee => {
                let asked = json!({ "conversationId": self.conversation(c), "text": text });
                person.guest.call("/chat/message/new", &asked).send().await.ok()["code"] == 0
            }
            Through::Voipbin => {
                let body = message_body(&chat.id, &person.id, text);
                self.admin.post("/v1.0/chatmessages", &body).send().await.status == 200
            }
            Through::Connectnow => {
                let who = self.manager.with(chat.tokens.get(&p)?);
                let path = format!("/api/chats/{}/messages", chat.number);
                who.post(&path, &json!({ "message": text })).send().await.status == 201
            }
            Through::Odoo => {
                let said = json!({ "uuid": chat.id, "message_type": "message", "message_content": text });
                person.odoo.ask("/im_chat/post", said).await.is_i64()
            }
            Through::Zenvia => {
                let served = chat.served.as_ref().filter(|served| served.customer == p)?;
                let reply =
                    self.t.zenvia().customer(&served.hash, "messages", &json!({ "content": text })).send().await;
                let taken = reply.status == 200;
                assert_eq!(taken, !served.over, "{} {}: {chat:?}", reply.status, reply.body);
                if !taken {
                    return None;
                }
                taken
            }
        })
    }

    async fn join(&mut self, by: Through, c: usize, p: usize) {
        let chat = &self.chats[c];
        let new = !chat.members.contains(&p);
        let mut token = None;
        if by == Through::Connectnow {
            // Who is in already is let in again.
            let body = json!({ "user_id": self.people[p].odoo.uid });
            let reply = self.manager.post(&format!("/api/chats/{}/users", chat.number), &body).send().await;
            assert_eq!(reply.status, if chat.closed { 404 } else { 201 }, "come in {p}: {chat:?}");
            token = reply.json()["chat_user_token"].as_str().map(str::to_owned);
        } else {
            let path = format!("/v1.0/chats/{}/participant_ids", chat.id);
            let reply = self.admin.post(&path, &json!({ "participant_id": self.people[p].id })).send().await;
            assert_eq!(reply.status, if !chat.closed && new { 200 } else { 400 }, "join {p}: {chat:?}");
        }
        let chat = &mut self.chats[c];
        chat.tokens.extend(token.map(|token| (p, token)));
        if !chat.closed && new {
            chat.members.push(p);
            chat.pair = None;
        }
    }

    async fn leave(&mut self, by: Through, c: usize, p: usize) {
        let chat = &self.chats[c];
        // What becomes of a pair that one leaves is told nowhere; it is left out here.
        if chat.pair.is_some() {
            return;
        }
        let fits = !chat.closed && chat.members.contains(&p);
        if by == Through::Connectnow {
            if !fits {
                return;
            }
            let path = format!("/api/chats/{}/users", chat.number);
            let stays = self.manager.walk(&path, 249).await;
            let theirs = |stay: &&Value| stay["user_id"] == self.people[p].odoo.uid && stay["left_at"].is_null();
            let stay = stays.iter().find(theirs).unwrap_or_else(|| panic!("{p} is not among {stays:?}"));
            self.manager.delete(&format!("{path}/{}", stay["id"])).send().await.expect(200);
        } else {
            let path = format!("/v1.0/chats/{}/participant_ids/{}", chat.id, self.people[p].id);
            let reply = self.admin.delete(&path).send().await;
            assert_eq!(reply.status, if fits { 200 } else { 400 }, "leave {p}: {chat:?}");
        }
        if fits {
            self.chats[c].members.retain(|member| *member != p);
            if self.chats[c].served.as_ref().is_some_and(|served| served.customer == p) {
                self.over(c).await;
            }
        }
    }

    /// The n-th living message of a chat that is not closed: the chat, and the message's place.
    fn living(&self, c: usize, m: usize) -> Option<(usize, usize)> {
        let c = self.pick(c)?;
        let said = &self.chats[c].said;
        let living: Vec<usize> = (0..said.len()).filter(|place| said[*place].is_some()).collect();
        (!living.is_empty() && !self.chats[c].closed).then(|| (c, living[m % living.len()]))
    }

    /// ConnectNow as the author of a message who is still in the chat, and the message's path.
    async fn author(&self, c: usize, place: usize) -> Option<(ConnectNow, String)> {
        let chat = &self.chats[c];
        let (author, _) = chat.said[place].as_ref()?;
        let token = chat.tokens.get(author).filter(|_| chat.members.contains(author))?;
        let number = self.t.messages(&chat.id).await[place]["number"].clone();
        Some((self.manager.with(token), format!("/api/chats/{}/messages/{number}", chat.number)))
    }

    async fn edit(&mut self, c: usize, place: usize, text: &str) {
        let Some((who, path)) = self.author(c, place).await else { return };
        let shown = who.put(&path, &json!({ "message": text })).send().await.ok();
        assert_eq!(shown["message"], text);
        if let Some((_, said)) = &mut self.chats[c].said[place] {
            text.clone_into(said);
        }
    }

    async fn unsay(&mut self, by: Through, c: usize, place: usize) {
        if by == Through::Connectnow {
            let Some((who, path)) = self.author(c, place).await else { return };
            who.delete(&path).send().await.expect(200);
        } else {
            let id = self.t.messages(&self.chats[c].id).await[place]["id"].as_str().unwrap().to_owned();
            self.admin.delete(&format!("/v1.0/chatmessages/{id}")).send().await.expect(200);
        }
        self.chats[c].said[place] = None;
    }

    async fn open(&self, kind: &str, members: &[usize]) -> Reply {
        let ids: Vec<&str> = members.iter().map(|p| self.people[*p].id.as_str()).collect();
        self.admin.post("/v1.0/chats", &chat_body(kind, &ids)).send().await
    }
}
