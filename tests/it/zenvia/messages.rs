//! What bots say and hear: words, files, old spellings.

use serde_json::{Value, json};

use crate::harness::*;

async fn begun(t: &Tenant) -> (Hook, Department, String) {
    let hook = Hook::start().await;
    let sales = t.department("Sales", Some(&hook), &[]).await;
    let hash = t.zenvia().start(sales.number, json!({ "name": "Ann" })).await;
    (hook, sales, hash)
}

on_each_stack! {
    /// Every type, by the vendor's words and by the MIME types of before; text has no file.
    async fn words_and_mime_types(t: Tenant) {
        let (hook, _, hash) = begun(&t).await;
        let url = "https://files.example.org/a";
        for (word, told) in [
            ("text", "text"),
            ("image", "image"),
            ("audio", "audio"),
            ("video", "video"),
            ("file", "file"),
            ("image/jpeg", "image"),
            ("audio/ogg", "audio"),
            ("video/mp4", "video"),
            ("application/pdf", "file"),
            ("text/plain", "text"),
        ] {
            let body = json!({ "content": word, "content_type": word, "attachment": { "url": url, "size": "1.0MB" } });
            t.zenvia().bots(&hash, "message", body).await;
            // A customer's client has the same words under another key.
            t.zenvia().customer(&hash, "messages", &json!({ "content": word, "type": word, "url": url })).send().await.ok();
            let got = hook.until(|heard| heard["content"] == word).await.json();
            assert_eq!(got["content_type"], told);
            let attachment = json!({ "url": url, "size": null });
            assert_eq!(got.get("attachment"), (told != "text").then_some(&attachment), "{word}");
        }
        let said = t.messages(&t.chat_of(&hash).await).await;
        let images: Vec<&Value> = said.iter().filter(|m| m["text"] == "image/jpeg").collect();
        assert_eq!(images[0]["media"], json!([{ "url": url, "mime": "image/jpeg", "size": "1.0MB" }]));
        assert!(said.iter().all(|m| (m["kind"] == "media") != m["text"].as_str().unwrap().starts_with("text")));
    }

    /// `file` was called so until September 2019; sizes are any text.
    async fn old_bots_are_understood(t: Tenant) {
        let (_, _, hash) = begun(&t).await;
        let body = json!({ "content": "x", "content_type": "audio/ogg", "file": { "url": "https://x.example/a.ogg", "size": 12 } });
        t.zenvia().bots(&hash, "message", body).await;
        let said = t.messages(&t.chat_of(&hash).await).await;
        assert_eq!(said[0]["media"], json!([{ "url": "https://x.example/a.ogg", "mime": "audio/ogg", "size": "12" }]));
    }

    /// A file without a place is its words alone; a file's caption, else its place, is its content.
    async fn files_without_place_or_caption(t: Tenant) {
        let (hook, _, hash) = begun(&t).await;
        for body in [
            json!({ "content": "no place", "content_type": "image" }),
            json!({ "content": "no place", "content_type": "image", "attachment": null }),
            json!({ "content": "no place", "content_type": "image", "attachment": { "size": "1" } }),
        ] {
            t.zenvia().bots(&hash, "message", body).await;
        }
        let said = t.messages(&t.chat_of(&hash).await).await;
        assert!(said.iter().all(|m| m["kind"] == "text" && m["text"] == "no place" && m["media"] == json!([])));
        let url = "https://files.example.org/cat.png";
        t.zenvia().customer(&hash, "messages", &json!({ "content": "", "type": "image", "url": url })).send().await.expect(200);
        let got = hook.until(|heard| heard["content"] == url).await.json();
        assert_eq!(keys(&got), ["attachment", "content", "content_type", "interaction_hash", "type"]);
        t.zenvia().customer(&hash, "messages", &json!({ "content": "my cat", "type": "image" })).send().await.expect(200);
        let got = hook.until(|heard| heard["content"] == "my cat").await.json();
        assert_eq!((got["content_type"].as_str(), got.get("attachment")), (Some("image"), None));
    }

    /// In order, each once, whoever says them through whatever surface; the bot does not hear itself.
    async fn a_bot_hears_everything_in_order(t: Tenant) {
        let (hook, _, hash) = begun(&t).await;
        for n in 0..20 {
            t.zenvia().say(&hash, &format!("m{n}")).await;
            if n % 5 == 0 {
                t.zenvia().bots(&hash, "message", json!({ "content": format!("b{n}") })).await;
            }
        }
        hook.at(20).await;
        let heard: Vec<String> = texts(&hook.bodies()[1..], "content");
        assert_eq!(heard, (0..20).map(|n| format!("m{n}")).collect::<Vec<_>>());
        assert_eq!(t.texts(&t.chat_of(&hash).await).await.len(), 24);
    }

    async fn what_is_too_long_is_refused(t: Tenant) {
        let (_, _, hash) = begun(&t).await;
        refused(t.zenvia().bot(&hash, "message", &json!({ "content": "x".repeat(20_001) })).send().await, 422);
        t.zenvia().bots(&hash, "message", json!({ "content": "é".repeat(20_000) })).await;
        refused(t.zenvia().bot(&hash, "message", &json!({ "content": "x".repeat(1 << 20) })).send().await, 413);
    }

    /// JSON whatever the content type says; unknown keys are nobody's business.
    async fn any_content_type_will_do(t: Tenant) {
        let (_, _, hash) = begun(&t).await;
        let body = json!({ "token": t.credential("/zenvia/token"), "content": "hi", "unknown": { "a": [1] } }).to_string();
        for kind in ["application/json", "text/plain", "", "application/x-www-form-urlencoded", "application/json; charset=utf-8"] {
            let ask = t.http.post(&format!("/core/api/v1/bot/{hash}/message")).raw(kind, body.clone());
            assert_eq!(ask.send().await.ok(), received(), "{kind}");
        }
    }
}
