//! Address books beyond the examples.

use serde_json::{Value, json};

use crate::harness::*;

fn book(call: &str) -> String {
    format!("/im_chat/api/user_chat_ab/{call}")
}

async fn ids(odoo: &Odoo, call: &str) -> Vec<i64> {
    let users = odoo.ask(&book(call), json!({})).await;
    users.as_array().unwrap().iter().map(|user| user["id"].as_i64().unwrap()).collect()
}

async fn uid(t: &Tenant, id: &str) -> i64 {
    t.operator("GET", &format!("/users/{id}")).send().await.ok()["identities"]["odoo"]["uid"].as_i64().unwrap()
}

on_each_stack! {
    /// Who works here and bots; not the caller, nor customers, nor who is in the book, nor anybody of another tenant.
    async fn all_users_are_those_one_may_want_to_talk_to(t: Tenant) {
        let ((_, me), (_, ann)) = (t.odoo("Me").await, t.odoo("Ann").await);
        let (customer, bot) = (t.user("Visitor", "customer").await, t.user("Botty", "bot").await);
        let (_, stranger) = t.another().await.odoo("Stranger").await;
        let (customer, bot, admin) = (uid(&t, &customer.id).await, uid(&t, &bot.id).await, uid(&t, &t.admin.id).await);
        let all = ids(&me, "get_all_users").await;
        for there in [ann.uid, bot, admin] {
            assert!(all.contains(&there), "{there} {all:?}");
        }
        for absent in [me.uid, customer, stranger.uid] {
            assert!(!all.contains(&absent), "{absent} {all:?}");
        }
        me.ask(&book("add_users"), json!({ "user_ids": [ann.uid] })).await;
        let rest = ids(&me, "get_all_users").await;
        assert_eq!(rest, all.into_iter().filter(|id| *id != ann.uid).collect::<Vec<_>>());
        assert!(ids(&ann, "get_all_users").await.contains(&me.uid), "a book is its owner's alone");
    }

    async fn what_names_nobody_is_passed_over(t: Tenant) {
        let ((_, me), (_, ann), (_, bob)) = (t.odoo("Me").await, t.odoo("Ann").await, t.odoo("Bob").await);
        let (_, stranger) = t.another().await.odoo("Stranger").await;
        let mixed = json!([ann.uid, "x", null, { "a": 1 }, 0, -1, stranger.uid, me.uid, bob.uid.to_string(), ann.uid]);
        for _ in 0..2 {
            assert_eq!(me.ask(&book("add_users"), json!({ "user_ids": mixed })).await["status"], "success");
            let mut listed = ids(&me, "get_users_from_book").await;
            listed.sort_unstable();
            let mut expected = [ann.uid, bob.uid];
            expected.sort_unstable();
            assert_eq!(listed, expected);
        }
        for _ in 0..2 {
            let gone = json!({ "user_ids": [bob.uid, stranger.uid] });
            assert_eq!(me.ask(&book("remove_users"), gone).await["status"], "success");
            assert_eq!(ids(&me, "get_users_from_book").await, [ann.uid]);
        }
        assert_eq!(me.ask(&book("add_users"), json!({ "user_ids": [] })).await["status"], "success");
    }

    /// `init`: who wrote last comes first; the name alone is searched.
    async fn contacts_come_with_who_wrote_last_first(t: Tenant) {
        let ((_, me), (_, ann), (_, bob), (_, cleo)) =
            (t.odoo("Me").await, t.odoo("Ann").await, t.odoo("Bob").await, t.odoo("Cleo").await);
        me.ask(&book("add_users"), json!({ "user_ids": [ann.uid, bob.uid, cleo.uid] })).await;
        for (who, text) in [(&bob, "first"), (&ann, "second")] {
            who.say(&who.with(&me).await, text).await;
        }
        me.say(&me.with(&bob).await, "mine is not theirs").await;
        let names = async |asked: Value| texts(me.ask("/im_chat/api/init", asked).await.as_array().unwrap(), "name");
        assert_eq!(names(json!({})).await, ["Ann", "Bob", "Cleo"]);
        assert_eq!(names(json!({ "name": "", "limit": 2 })).await, ["Ann", "Bob"]);
        assert_eq!(names(json!({ "name": "B" })).await, ["Bob"]);
        assert_eq!(names(json!({ "name": "%" })).await, Vec::<String>::new());
        assert_eq!(names(json!({ "name": false, "limit": "1" })).await, ["Ann"]);
        error(me.call("/im_chat/api/init", &json!({ "name": 5 })).send().await, 200);
        error(me.call("/im_chat/api/init", &json!({ "limit": "many" })).send().await, 200);
    }

    async fn a_repeated_change_is_the_same_request(t: Tenant) {
        let ((_, me), (_, ann), (_, bob)) = (t.odoo("Me").await, t.odoo("Ann").await, t.odoo("Bob").await);
        let add = |uid: i64, id: i64| {
            let body = json!({ "jsonrpc": "2.0", "id": id, "params": { "user_ids": [uid] } });
            me.call(&book("add_users"), &json!({})).json_body(&body).key("k1")
        };
        for id in 1..=2 {
            assert_eq!(result(add(ann.uid, id).send().await)["status"], "success");
        }
        error(add(bob.uid, 3).send().await, 200);
        assert_eq!(ids(&me, "get_users_from_book").await, [ann.uid]);
    }
}
