//! Pages: strict order, nothing lost, nothing twice, an empty page at the end.

use std::collections::HashSet;

use serde_json::json;

use crate::harness::*;

async fn groups(t: &Tenant, count: usize) -> Vec<String> {
    let admin = t.voipbin();
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(admin.chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned());
    }
    ids.reverse();
    ids
}

on_each_stack! {
    async fn a_walk_meets_every_chat_once_newest_first(t: Tenant) {
        let newest_first = groups(&t, 13).await;
        let admin = t.voipbin();
        for size in [1, 4, 13, 100] {
            let walked = admin.walk("/v1.0/chats", size).await;
            assert_eq!(texts(&walked, "id"), newest_first, "in pages of {size}");
            let times = texts(&walked, "tm_create");
            assert!(times.is_sorted_by(|newer, older| newer > older), "strictly falling: {times:?}");
        }
    }

    async fn page_sizes(t: Tenant) {
        groups(&t, 11).await;
        let admin = t.voipbin();
        let count = async |size: &str| {
            let page = admin.get("/v1.0/chats").query("page_size", size).send().await.ok();
            page["result"].as_array().unwrap().len()
        };
        for (size, expected) in [("0", 10), ("-1", 10), ("101", 10), ("100", 11), ("3", 3), ("11", 11)] {
            assert_eq!(count(size).await, expected, "page_size={size}");
        }
        assert_eq!(admin.get("/v1.0/chats").send().await.ok()["result"].as_array().unwrap().len(), 10, "by default");
        for size in ["ten", "1.5", "99999999999999999999"] {
            admin.get("/v1.0/chats").query("page_size", size).send().await.expect_empty(400);
        }
    }

    async fn page_tokens(t: Tenant) {
        let newest_first = groups(&t, 3).await;
        let admin = t.voipbin();
        let from = async |token: &str| admin.get("/v1.0/chats").query("page_token", token).send().await;

        let future = from("2199-01-01 00:00:00.000000").await.ok();
        assert_eq!(texts(future["result"].as_array().unwrap(), "id"), newest_first, "the future means newest");
        let past = from("2000-01-01 00:00:00.000000").await.ok();
        assert_eq!(past, json!({ "result": [], "next_page_token": "" }));
        let oldest = future["next_page_token"].as_str().unwrap();
        assert_eq!(from(oldest).await.ok(), json!({ "result": [], "next_page_token": "" }), "the token is exclusive");
        for wrong in ["yesterday", "2022-13-01 00:00:00.000000", "12"] {
            from(wrong).await.expect_empty(400);
        }
    }

    async fn nothing_is_an_empty_list(t: Tenant) {
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await;
        let chat = chat["id"].as_str().unwrap();
        let room = admin.list("/v1.0/chatrooms").await[0]["id"].as_str().unwrap().to_owned();
        for path in [format!("/v1.0/chatmessages?chat_id={chat}"), format!("/v1.0/chatroommessages?chatroom_id={room}")]
        {
            assert_eq!(admin.get(&path).send().await.ok(), json!({ "result": [], "next_page_token": "" }));
        }
    }

    /// Also when many are written at the same instant.
    async fn messages_written_at_once_are_paged_without_loss(t: Tenant) {
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await;
        let chat = chat["id"].as_str().unwrap();
        let texts_sent: Vec<String> = (0..30).map(|n| format!("message {n}")).collect();
        let posts = texts_sent.iter().map(|text| admin.say(chat, &t.admin.id, text));
        futures_util::future::join_all(posts).await;

        let walked = admin.walk(&format!("/v1.0/chatmessages?chat_id={chat}"), 7).await;
        let times = texts(&walked, "tm_create");
        assert!(times.is_sorted_by(|newer, older| newer > older), "strictly falling: {times:?}");
        let found: HashSet<String> = texts(&walked, "text").into_iter().collect();
        assert_eq!((walked.len(), found), (30, texts_sent.into_iter().collect()));

        let room = admin.list("/v1.0/chatrooms").await[0]["id"].as_str().unwrap().to_owned();
        let copies = admin.walk(&format!("/v1.0/chatroommessages?chatroom_id={room}"), 7).await;
        assert_eq!(texts(&copies, "messagechat_id"), texts(&walked, "id"), "a room shows the same in the same order");
    }

    async fn rooms_are_paged_by_owner(t: Tenant) {
        let newest_first = groups(&t, 5).await;
        let rooms = t.voipbin().walk("/v1.0/chatrooms", 2).await;
        assert_eq!(texts(&rooms, "chat_id"), newest_first);
        let times = texts(&rooms, "tm_create");
        assert!(times.is_sorted_by(|newer, older| newer > older), "strictly falling: {times:?}");
    }
}
