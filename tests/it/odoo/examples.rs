//! Every example of seed 004, answered key by key. Lists that the seed shows bare come as the `result`.

use insta::assert_json_snapshot;
use serde_json::{Map, Value, json};

use crate::harness::*;

/// The seed's example answers, by call.
fn seed(name: &str) -> Value {
    let all: Map<String, Value> = serde_json::from_str(include_str!("../../seeds/odoo.json")).unwrap();
    all[name].clone()
}

/// The same keys with the same kinds of values at every depth. The keys whose colon is a typo have right ones beside them.
#[track_caller]
fn assert_like(ours: &Value, seeds: &Value, at: &str) {
    match (ours, seeds) {
        (Value::Object(ours), Value::Object(seeds)) => {
            for (key, value) in seeds {
                let own = ours.get(key).unwrap_or_else(|| panic!("{at}: no {key:?} in {ours:?}"));
                assert_like(own, value, &format!("{at}.{key}"));
            }
            for key in ours.keys().filter(|key| !seeds.contains_key(*key)) {
                assert!(seeds.contains_key(&format!("{key}:")), "{at}: {key:?} is none of the seed's");
                assert_eq!(ours[key], ours[&format!("{key}:")], "{at}: both spellings say the same");
            }
        }
        (Value::Array(ours), Value::Array(seeds)) => {
            assert!(ours.is_empty() == seeds.is_empty(), "{at}: {ours:?}");
            let tuple = seeds.iter().any(Value::is_string);
            for (n, own) in ours.iter().enumerate() {
                assert_like(own, &seeds[if tuple { n } else { 0 }], &format!("{at}[{n}]"));
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => panic!("{at}: {ours} is not like {seeds}"),
    }
}

/// Two people who have said something about a document.
async fn talk(t: &Tenant) -> (Odoo, Odoo, String) {
    let ((_, lynx), (_, ocelot)) = (t.odoo("Lynx").await, t.odoo("Ocelot").await);
    let about = json!({ "user_to": ocelot.uid, "doc_id": "25", "doc_model": "res.partner" });
    let session = lynx.ask("/im_chat/api/get_or_create_session", about).await;
    let uuid = session["uuid"].as_str().unwrap().to_owned();
    lynx.say(&uuid, "222").await;
    ocelot.say(&uuid, "444").await;
    (lynx, ocelot, uuid)
}

macro_rules! assert_session {
    ($session:expr, $lynx:expr, $ocelot:expr, $uuid:expr, @$expected:literal) => {{
        let mut session = $session;
        let users = session["users"].as_array_mut().unwrap();
        users.sort_by_key(|user| user["id"] != $lynx.uid);
        assert_json_snapshot!(session, {
            ".create_date" => odoo_time(),
            ".uuid" => is("uuid", &$uuid),
            ".docs[].id" => "[link]",
            "[\"docs:\"][].id" => "[link]",
            ".users[].name" => "[name]",
            ".users[].id" => "[uid]",
            ".users[].partner_id" => "[partner]",
            ".users[].last_message.id" => "[number]",
            ".users[].last_message.create_date" => odoo_time(),
        }, @$expected);
    }};
}

on_each_stack! {
    /// "Get or create session": with both spellings of the document's typos.
    async fn get_or_create_session(t: Tenant) {
        let (lynx, ocelot, uuid) = talk(&t).await;
        lynx.history(&uuid).await;
        let about = json!({ "user_to": ocelot.uid, "doc_id": 25, "doc_model": "res.partner" });
        let reply = lynx.call("/im_chat/api/get_or_create_session", &about).send().await.ok();
        assert_eq!(keys(&reply), ["id", "jsonrpc", "result"]);
        assert_eq!((&reply["id"], &reply["jsonrpc"]), (&Value::Null, &json!("2.0")));
        let session = reply["result"].clone();
        assert_like(&session, &seed("get_or_create_session"), "session");
        for (user, odoo) in session["users"].as_array().unwrap().iter().map(|user| {
            (user, if user["id"] == lynx.uid { &lynx } else { &ocelot })
        }) {
            assert_eq!((&user["id"], &user["name"]), (&json!(odoo.uid), &json!(odoo.name)));
            assert_eq!(user["partner_id"], json!([odoo.partner_id, odoo.name]));
        }
        assert_session!(session, lynx, ocelot, uuid, @r#"
        {
          "create_date": "[time]",
          "docs": [
            {
              "doc_id": 25,
              "doc_model": "res.partner",
              "id": "[link]"
            }
          ],
          "docs:": [
            {
              "doc_id": 25,
              "doc_model": "res.partner",
              "id": "[link]"
            }
          ],
          "groups": [],
          "is_group": false,
          "is_read": true,
          "state": "open",
          "status": "active",
          "users": [
            {
              "id": "[uid]",
              "im_status": "offline",
              "last_message": {
                "create_date": "[time]",
                "id": "[number]",
                "message": "222",
                "type": "message"
              },
              "name": "[name]",
              "partner_id": "[partner]"
            },
            {
              "id": "[uid]",
              "im_status": "offline",
              "last_message": {
                "create_date": "[time]",
                "id": "[number]",
                "message": "444",
                "type": "message"
              },
              "name": "[name]",
              "partner_id": "[partner]"
            }
          ],
          "uuid": "[uuid]",
          "with_documents": true,
          "with_documents:": true
        }
        "#);
    }

    /// "Get sessions": the same session in a list.
    async fn get_sessions(t: Tenant) {
        let (lynx, ocelot, uuid) = talk(&t).await;
        let filter = json!({ "user_to": ocelot.uid, "doc_id": "25", "doc_model": "res.partner", "state": "open" });
        let sessions = lynx.ask("/im_chat/api/get_sessions", filter).await;
        assert_like(&sessions, &seed("get_sessions"), "sessions");
        assert_eq!(sessions.as_array().unwrap().len(), 1);
        assert_eq!((&sessions[0]["uuid"], &sessions[0]["is_read"]), (&json!(uuid), &json!(false)));
    }

    /// "Get or create session with group", "Get sessions with group".
    async fn sessions_of_a_group(t: Tenant) {
        let ((one, lynx), (two, ocelot)) = (t.odoo("Lynx").await, t.odoo("Ocelot").await);
        let group = t.operator("POST", "/groups").json(&json!({ "name": "News" })).send().await.expect(201).json();
        let members = format!("/groups/{}/members", group["id"].as_str().unwrap());
        t.operator("PUT", &members).json(&json!({ "user_ids": [one.id, two.id] })).send().await.expect(200);
        let number = group["identities"]["odoo"].clone();
        let about = json!({ "group": number, "doc_id": "25", "doc_model": "res.partner" });
        let made = lynx.ask("/im_chat/api/get_or_create_session_group", about.clone()).await;
        let uuid = made["uuid"].as_str().unwrap();
        lynx.say(uuid, "222").await;
        ocelot.say(uuid, "444").await;

        let again = ocelot.ask("/im_chat/api/get_or_create_session_group", about.clone()).await;
        assert_like(&again, &seed("get_or_create_session_group"), "session");
        assert_eq!((&again["uuid"], &again["is_group"]), (&made["uuid"], &json!(true)));
        assert_eq!(again["groups"], json!([{ "id": number, "name": "News" }]));
        let listed = lynx.ask("/im_chat/api/get_sessions_group", about).await;
        assert_like(&listed, &seed("get_sessions_group"), "sessions");
        assert_eq!((listed.as_array().unwrap().len(), &listed[0]["uuid"]), (1, &made["uuid"]));
    }

    /// "Get all users", "Get users from book", "Add users in book", "Remove users from book".
    async fn address_books(t: Tenant) {
        let ((_, me), (_, ivan)) = (t.odoo("Me").await, t.odoo("Ivan").await);
        let book = |call: &str| format!("/im_chat/api/user_chat_ab/{call}");
        let all = me.ask(&book("get_all_users"), json!({})).await;
        assert_like(&all, &seed("get_all_users"), "users");
        assert!(all.as_array().unwrap().contains(&json!({ "im_status": "offline", "id": ivan.uid, "name": ivan.name })));

        let ids = json!({ "user_ids": [ivan.uid] });
        assert_eq!(me.call(&book("add_users"), &ids).send().await.ok(), seed("success"));
        let listed = me.ask(&book("get_users_from_book"), json!({})).await;
        assert_like(&listed, &seed("get_users_from_book"), "users");
        assert_eq!(listed, json!([{ "im_status": "offline", "id": ivan.uid, "name": ivan.name }]));
        assert_eq!(me.call(&book("remove_users"), &ids).send().await.ok(), seed("success"));
        assert_eq!(me.ask(&book("get_users_from_book"), json!({})).await, json!([]));

        for call in ["add_users", "remove_users"] {
            for bad in [json!({}), json!({ "user_ids": ivan.uid }), json!({ "user_ids": "5" }), json!({ "user_ids": {} })] {
                assert_eq!(me.call(&book(call), &bad).send().await.ok(), seed("user_ids is not list"), "{call} {bad}");
            }
        }
    }

    /// "Add partner in book".
    async fn add_partner(t: Tenant) {
        let ((_, me), (_, ivan)) = (t.odoo("Me").await, t.odoo("Ivan").await);
        let path = "/im_chat/api/user_chat_ab/add_partner";
        let good = json!({ "parent_partner_id": me.partner_id, "child_partner_id": ivan.partner_id });
        for _ in 0..2 {
            assert_eq!(me.call(path, &good).send().await.ok(), seed("success"));
        }
        let listed = me.ask("/im_chat/api/user_chat_ab/get_users_from_book", json!({})).await;
        assert_eq!(listed, json!([{ "im_status": "offline", "id": ivan.uid, "name": ivan.name }]));
        for bad in [
            json!({}),
            json!({ "parent_partner_id": me.partner_id }),
            json!({ "parent_partner_id": me.partner_id.to_string(), "child_partner_id": ivan.partner_id }),
            json!({ "parent_partner_id": ivan.partner_id, "child_partner_id": me.partner_id }),
            json!({ "parent_partner_id": me.partner_id, "child_partner_id": 0 }),
            json!({ "parent_partner_id": me.uid, "child_partner_id": ivan.uid }),
        ] {
            let refused = me.call(path, &bad).send().await.ok();
            assert_eq!(refused, seed("input parameters are not valid"), "{bad}");
        }
    }

    /// "Post message", "Get history of messages".
    async fn post_and_history(t: Tenant) {
        let ((_, lynx), (_, support)) = (t.odoo("Lynx").await, t.odoo("Support").await);
        let uuid = lynx.with(&support).await;
        let mut numbers = Vec::new();
        for text in ["111", "555", "999"] {
            numbers.push(lynx.say(&uuid, text).await);
        }
        numbers.push(support.say(&uuid, "888").await);
        numbers.reverse();
        let history = lynx.ask("/im_chat/api/history", json!({ "uuid": uuid })).await;
        assert_like(&history, &seed("history"), "history");
        let history = history.as_array().unwrap();
        assert_eq!(history.iter().map(|m| m["id"].as_i64().unwrap()).collect::<Vec<_>>(), numbers);
        assert_eq!(texts(history, "message"), ["888", "999", "555", "111"]);
        assert_eq!(history[0]["from_id"], json!([support.uid, support.name]));
        assert_eq!(history[0]["from_partner_id"], json!([support.partner_id, support.name]));
        assert_eq!(history[0]["to_id"][1], uuid.as_str());
        assert_json_snapshot!(history[3], {
            ".id" => "[number]",
            ".create_date" => odoo_time(),
            ".to_id" => "[session]",
            ".from_id" => "[user]",
            ".from_partner_id" => "[partner]",
        }, @r#"
        {
          "create_date": "[time]",
          "from_id": "[user]",
          "from_partner_id": "[partner]",
          "id": "[number]",
          "message": "111",
          "to_id": "[session]",
          "type": "message"
        }
        "#);
        let older = json!({ "uuid": uuid, "last_ID": numbers[1], "limit": 1 });
        let older = lynx.ask("/im_chat/api/history", older).await;
        assert_eq!(texts(older.as_array().unwrap(), "message"), ["555"]);
    }

    /// "Chat initialization".
    async fn init(t: Tenant) {
        let (_, me) = t.odoo("Me").await;
        let body = json!({ "name": "Russian", "surname": "Support", "email": unique("russian") + "@support.ru",
                           "role": "agent", "login": unique("support"), "password": "secret" });
        let view = t.operator("POST", "/users").json(&body).send().await.expect(201).json();
        let ids = &view["identities"]["odoo"];
        me.ask("/im_chat/api/user_chat_ab/add_users", json!({ "user_ids": [ids["uid"]] })).await;
        let contacts = me.ask("/im_chat/api/init", json!({ "name": "" })).await;
        assert_eq!(contacts[0]["last_message"], false);

        let mut support = t.admin.clone();
        (support.login, support.password) =
            (body["login"].as_str().unwrap().to_owned(), body["password"].as_str().unwrap().to_owned());
        let support = t.odoo_as(&support).await;
        let uuid = support.with(&me).await;
        let number = support.say(&uuid, "hello").await;
        me.say(&uuid, "hi").await;
        let contacts = me.ask("/im_chat/api/init", json!({ "name": "sian su", "limit": 10 })).await;
        assert_like(&contacts, &seed("init"), "contacts");
        let contact = &contacts[0];
        assert_eq!((&contact["id"], &contact["partner_id"]), (&ids["uid"], &ids["partner_id"]));
        assert_eq!((&contact["name"], &contact["email"]), (&json!("Russian Support"), &body["email"]));
        assert_eq!(contact["last_message"]["id"], number, "the contact's own last message");
    }

    /// "Change session status".
    async fn change_session_status(t: Tenant) {
        let ((_, me), (_, ivan)) = (t.odoo("Me").await, t.odoo("Ivan").await);
        let uuid = me.with(&ivan).await;
        let path = "/im_chat/api/change_session_status";
        for status in ["favorite", "archive", "active", "archive"] {
            let asked = json!({ "uuid": uuid, "new_status": status });
            assert_eq!(me.call(path, &asked).send().await.ok(), seed("success"));
            assert_eq!(me.session(&uuid).await["status"], status);
        }
        assert_eq!(ivan.session(&uuid).await["status"], "active", "everybody has their own");
        let absent = json!({ "uuid": uuid });
        assert_eq!(me.call(path, &absent).send().await.ok(), seed("success"));
        assert_eq!(me.session(&uuid).await["status"], "archive", "nothing changed");
        let (_, stranger) = t.odoo("Stranger").await;
        let unknown = json!({ "uuid": "91e03d34-1929-4a02-9486-4c3e708686b3", "new_status": "archive" });
        for (who, bad) in [
            (&me, json!({ "new_status": "archive" })),
            (&me, json!({ "uuid": "x", "new_status": "archive" })),
            (&me, unknown),
            (&stranger, json!({ "uuid": uuid, "new_status": "archive" })),
        ] {
            assert_eq!(who.call(path, &bad).send().await.ok(), seed("Session does not exist"), "{bad}");
        }
        for bad in [json!("away"), json!(""), json!(7)] {
            let refused = me.ask(path, json!({ "uuid": uuid, "new_status": bad })).await;
            assert_eq!((&refused["status"], &refused["field"]), (&json!("error"), &json!("new_status")), "{bad}");
            assert!(refused["message"].is_string());
        }
    }
}
