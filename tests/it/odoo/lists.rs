//! Lists of sessions: filters, order, and many of them.

use serde_json::{Value, json};

use crate::harness::*;

on_each_stack! {
    async fn the_session_with_the_newest_message_comes_first(t: Tenant) {
        let ((_, me), (_, ann), (_, bob), (_, cleo)) =
            (t.odoo("Me").await, t.odoo("Ann").await, t.odoo("Bob").await, t.odoo("Cleo").await);
        let (one, two, three) = (me.with(&ann).await, me.with(&bob).await, me.with(&cleo).await);
        let order = async || texts(&me.sessions(json!({})).await, "uuid");
        assert_eq!(order().await, [three.as_str(), &two, &one]);
        ann.say(&one, "hi").await;
        assert_eq!(order().await, [one.as_str(), &three, &two]);
        me.say(&two, "hi").await;
        assert_eq!(order().await, [two.as_str(), &one, &three]);
    }

    async fn each_filter_works_alone(t: Tenant) {
        let ((_, me), (_, ann), (_, bob)) = (t.odoo("Me").await, t.odoo("Ann").await, t.odoo("Bob").await);
        let plain = me.with(&ann).await;
        let about = json!({ "user_to": bob.uid, "doc_id": "25", "doc_model": "res.partner" });
        let about = me.ask("/im_chat/api/get_or_create_session", about).await["uuid"].as_str().unwrap().to_owned();
        let found = async |filter: Value| texts(&me.sessions(filter).await, "uuid");
        assert_eq!(found(json!({})).await.len(), 2);
        assert_eq!(found(json!({ "user_to": ann.uid })).await, [plain.as_str()]);
        assert_eq!(found(json!({ "user_to": bob.uid.to_string() })).await, [about.as_str()]);
        assert_eq!(found(json!({ "doc_id": 25 })).await, [about.as_str()]);
        assert_eq!(found(json!({ "doc_model": "res.partner" })).await, [about.as_str()]);
        assert_eq!(found(json!({ "doc_id": false, "doc_model": "", "state": null })).await.len(), 2);
        for nothing in [
            json!({ "user_to": 0 }),
            json!({ "user_to": ann.uid, "doc_id": 25 }),
            json!({ "doc_id": 26 }),
            json!({ "doc_model": "res.users" }),
            json!({ "state": "folded" }),
        ] {
            assert!(found(nothing.clone()).await.is_empty(), "{nothing}");
        }
        for bad in [json!({ "doc_id": "x" }), json!({ "user_to": [1] }), json!({ "doc_model": 5 }), json!({ "state": 5 })] {
            error(me.call("/im_chat/api/get_sessions", &bad).send().await, 200);
        }
    }

    /// A document makes another session of the same two; another document another one.
    async fn a_document_is_part_of_a_sessions_identity(t: Tenant) {
        let ((_, me), (_, ann)) = (t.odoo("Me").await, t.odoo("Ann").await);
        let open = async |who: &Odoo, other: &Odoo, model: &str, id: Value| {
            let asked = json!({ "user_to": other.uid, "doc_id": id, "doc_model": model });
            who.ask("/im_chat/api/get_or_create_session", asked).await["uuid"].as_str().unwrap().to_owned()
        };
        let plain = me.with(&ann).await;
        assert_eq!(ann.with(&me).await, plain);
        let one = open(&me, &ann, "res.partner", json!(25)).await;
        assert_eq!(open(&ann, &me, "res.partner", json!("25")).await, one);
        let others = [open(&me, &ann, "res.partner", json!(26)).await, open(&me, &ann, "sale.order", json!(25)).await];
        let mut all = vec![plain, one, others[0].clone(), others[1].clone()];
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 4);
    }

    async fn whom_one_cannot_talk_to(t: Tenant) {
        let ((_, me), (gone, ann)) = (t.odoo("Me").await, t.odoo("Ann").await);
        let (_, stranger) = t.another().await.odoo("Stranger").await;
        t.operator("DELETE", &format!("/users/{}", gone.id)).send().await.expect(200);
        let path = "/im_chat/api/get_or_create_session";
        for bad in [json!(me.uid), json!(stranger.uid), json!(ann.uid), json!(0), json!("x"), json!(null), json!(true)] {
            error(me.call(path, &json!({ "user_to": bad })).send().await, 200);
        }
        for bad in [
            json!({ "user_to": t.admin.id }),
            json!({ "user_to": 1, "doc_id": 5 }),
            json!({ "user_to": 1, "doc_model": "res.partner" }),
        ] {
            error(me.call(path, &bad).send().await, 200);
        }
        assert!(me.sessions(json!({})).await.is_empty());
    }

    /// Pages of chats are one list here, however many there are.
    async fn many_sessions_are_one_list(t: Tenant) {
        let ((_, me), (_, ann)) = (t.odoo("Me").await, t.odoo("Ann").await);
        let mut uuids = Vec::new();
        for id in 0..120 {
            let about = json!({ "user_to": ann.uid, "doc_id": id, "doc_model": "res.partner" });
            let session = me.ask("/im_chat/api/get_or_create_session", about).await;
            uuids.push(session["uuid"].as_str().unwrap().to_owned());
        }
        let spoken = uuids.remove(7);
        ann.say(&spoken, "hi").await;
        uuids.push(spoken);
        uuids.reverse();
        assert_eq!(texts(&me.sessions(json!({})).await, "uuid"), uuids);
        assert_eq!(me.sessions(json!({})).await.iter().filter(|session| session["is_read"] == false).count(), 1);
    }
}
