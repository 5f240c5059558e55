//! Pages, filters, scopes and relations.

use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

/// The nine keys as they stand in the text.
fn order(body: &str) -> Vec<&str> {
    let keys =
        ["current_page", "data", "first_page_url", "from", "next_page_url", "path", "per_page", "prev_page_url", "to"];
    let mut found: Vec<(usize, &str)> = keys
        .iter()
        .map(|key| (body.rfind(&format!("\"{key}\":")).unwrap_or_else(|| panic!("{key}: {body}")), *key))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, key)| key).collect()
}

fn ids(page: &Value) -> Vec<i64> {
    page["data"].as_array().expect("data").iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

on_each_stack! {
    async fn nine_keys_slashes_escaped(t: Tenant) {
        let admin = t.connectnow();
        for n in 0..5 {
            admin.chat(&n.to_string()).await;
        }
        let page = |n: i64| admin.get("/api/chats").query("page", n).query("per_page", 2);
        let base = format!("{}/api/chats", t.stack.base_url);
        let first = page(1).send().await.expect(200);
        assert_eq!(first.header("content-type"), Some("application/json"));
        assert!(first.body.contains(&format!("\"path\":\"{}\"", base.replace('/', "\\/"))), "{}", first.body);
        assert_eq!(
            order(&first.body),
            ["current_page", "data", "first_page_url", "from", "next_page_url", "path", "per_page", "prev_page_url", "to"]
        );
        let first = first.json();
        assert_eq!(keys(&first).len(), 9, "no total, no last page");
        let shown = |page: &Value| {
            ["current_page", "from", "to", "per_page", "next_page_url", "prev_page_url"].map(|key| page[key].clone())
        };
        let url = |n: i64| json!(format!("{base}?page={n}"));
        assert_eq!((&first["first_page_url"], &first["path"]), (&url(1), &json!(base)));
        assert_eq!(shown(&first), [json!(1), json!(1), json!(2), json!(2), url(2), json!(null)]);
        assert_eq!(shown(&page(3).send().await.ok()), [json!(3), json!(5), json!(5), json!(2), json!(null), url(2)]);
        let past = page(9).send().await.ok();
        assert_eq!(shown(&past), [json!(9), json!(null), json!(null), json!(2), json!(null), url(8)]);
        assert_eq!(past["data"], json!([]));
    }

    /// Numbers that make no sense are the default; too large ones the largest.
    async fn page_sizes_are_clamped(t: Tenant) {
        let admin = t.connectnow();
        admin.chat("one").await;
        for (per_page, expected) in [("", 15), ("0", 15), ("-3", 15), ("x", 15), ("7", 7), ("249", 249), ("250", 249), ("99999", 249)] {
            let page = admin.get("/api/chats").query("per_page", per_page).send().await.ok();
            assert_eq!(page["per_page"], expected, "{per_page}");
        }
        assert_eq!(admin.get("/api/chats").send().await.ok()["per_page"], 15);
        for page in ["", "0", "-1", "x", "1.5", "01"] {
            assert_eq!(admin.get("/api/chats").query("page", page).send().await.ok()["current_page"], 1, "{page}");
        }
        let far = admin.get("/api/chats").query("page", i64::MAX).send().await.ok();
        assert_eq!(far["data"], json!([]));
    }

    /// Each of the four lists, rising and, by the scope `latest`, falling.
    async fn four_lists_in_order(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let (ann, _) = admin.join(chat, &format!("{}@example.org", unique("ann"))).await;
        for n in 0..3 {
            admin.chat(&n.to_string()).await;
            admin.join(chat, &format!("{}@example.org", unique("ben"))).await;
            admin.post("/api/companies", &json!({ "name": n.to_string() })).send().await.expect(201);
            ann.say(chat, &n.to_string()).await;
        }
        for path in [
            "/api/chats".to_owned(),
            "/api/companies".to_owned(),
            format!("/api/chats/{chat}/users"),
            format!("/api/chats/{chat}/messages"),
        ] {
            let rising = ids(&admin.get(&path).send().await.ok());
            assert!(rising.len() >= 3 && rising.is_sorted(), "{path}: {rising:?}");
            let mut falling = ids(&admin.get(&path).query("scopes[]", "latest").send().await.ok());
            assert!(falling.is_sorted_by(|a, b| a > b), "{path}: {falling:?}");
            falling.reverse();
            assert_eq!(rising, falling);
            let walked: Vec<i64> = admin.walk(&path, 2).await.iter().map(|item| item["id"].as_i64().unwrap()).collect();
            assert_eq!(walked, rising, "{path}");
            for wrong in [("scopes[]", "oldest"), ("scopes", "latest"), ("with[]", "secrets"), ("with", "users")] {
                let field = if wrong.0.ends_with("[]") { format!("{}.0", wrong.0.trim_end_matches("[]")) } else { wrong.0.to_owned() };
                refused(admin.get(&path).query(wrong.0, wrong.1).send().await, &[&field]);
            }
            refused(admin.get(&path).query("before", "soon").query("after", "x").send().await, &["before", "after"]);
        }
    }

    async fn filters_by_date_hold_whole_days(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("one").await;
        let made = admin.get(&format!("/api/chats/{chat}")).send().await.ok()["created_at"].as_str().unwrap().to_owned();
        let day = &made[..10];
        let found = async |name: &str, value: &str| ids(&admin.get("/api/chats").query(name, value).send().await.ok()).len();
        for (name, value, count) in [
            ("before", day, 1),
            ("after", day, 1),
            ("before", made.as_str(), 1),
            ("after", made.as_str(), 1),
            ("before", "2000-01-01", 0),
            ("after", "2000-01-01", 1),
            ("before", "24th December 2021", 0),
            ("after", "24-12-2021", 1),
            ("after", "tomorrow", 0),
        ] {
            assert_eq!(found(name, value).await, count, "{name}={value}");
        }
    }

    async fn relations_stand_inside(t: Tenant) {
        let admin = t.connectnow();
        let company = admin.post("/api/companies", &json!({ "name": "ACME" })).send().await.expect(201).json();
        let body = json!({ "name": "Support", "company_id": company["id"] });
        let chat = admin.post("/api/chats", &body).send().await.expect(201).json();
        let number = chat["id"].as_i64().unwrap();
        let (ann, joined) = admin.join(number, &format!("{}@example.org", unique("ann"))).await;
        let said = ann.say(number, "hi").await;
        let path = format!("/api/chats/{number}");
        let with = |path: &str, words: &[&str]| {
            words.iter().fold(admin.get(path), |ask, word| ask.query("with[]", word))
        };
        let full = with(&path, &["company", "users", "messages"]).send().await.ok();
        assert_eq!(full["company"], company);
        assert_eq!((full["users"].as_array().unwrap().len(), &full["users"][0]["id"]), (1, &joined["id"]));
        assert_eq!(full["messages"], json!([said]));
        let listed = with("/api/chats", &["company", "users", "messages"]).send().await.ok();
        assert_eq!(listed["data"], json!([full]));
        let nested = with(&path, &["messages.chat_user"]).send().await.ok();
        assert_eq!(nested["messages"][0]["chat_user"]["id"], joined["id"]);

        let users = with(&format!("{path}/users"), &["chat"]).send().await.ok();
        assert_eq!(users["data"][0]["chat"], admin.get(&path).send().await.ok());
        let messages = with(&format!("{path}/messages"), &["chat_user"]).send().await.ok();
        assert_eq!(messages["data"][0]["chat_user"]["id"], joined["id"]);
        let plain = admin.get(&path).send().await.ok();
        assert_eq!(keys(&plain), ["closed_at", "company_id", "created_at", "id", "name", "updated_at"]);
        refused(with(&path, &["company", "pets"]).send().await, &["with.1"]);
    }
}
