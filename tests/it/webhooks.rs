//! Webhooks over the whole stack: what is posted, in which order, and where it never goes.

use serde_json::{Value, json};

use crate::harness::*;
use crate::limits;

/// Where nobody may be called, spelt so that it does not look like it.
const INSIDE: [&str; 5] = [
    "http://somebody@127.0.0.2/",
    "http://8.8.8.8@127.0.0.2/",
    "http://0x7f.0.0.2/",
    "gopher://127.0.0.2/",
    "file:///etc/passwd",
];

/// Addresses that are not public: plain, decimal, octal, hexadecimal, short, with a dot behind, mapped, translated, in other
/// scripts, and of every kind of block that is nobody's.
const INSIDE_BY_NUMBER: [&str; 22] = [
    "http://10.0.0.1/",
    "http://2130706434/",
    "http://0x7f000002/",
    "http://0x7f.0.0.2/",
    "http://0177.0.0.2/",
    "http://017700000002/",
    "http://127.2/",
    "http://127.0.0.2./",
    "http://%31%32%37.0.0.2/",
    "http://①②⑦.⓪.⓪.②/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.2]/",
    "http://[::ffff:7f00:2]/",
    "http://[64:ff9b::7f00:2]/",
    "http://[2002:7f00:2::]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://192.0.2.1/",
    "http://224.0.0.1/",
    "http://0/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
];

async fn webhook(t: &Tenant, body: Value) -> Value {
    t.operator("POST", "/webhooks").json(&body).send().await.expect(201).json()
}

on_each_stack! {
    /// Everything said in a chat comes in order, as the stream shows it, under the standard's headers.
    async fn a_native_webhook_is_told_in_order(t: Tenant) {
        let hook = Hook::start().await;
        let made = webhook(&t, json!({ "url": hook.url, "format": "native", "events": ["message.posted"] })).await;
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        let ann = t.user("Ann", "agent").await;
        let chat = t.voipbin().chat("group", &[&ann.id, &t.admin.id]).await["id"].as_str().unwrap().to_owned();
        for n in 0..20 {
            t.voipbin().say(&chat, &ann.id, &format!("{n:02}")).await;
        }
        let last = hook.at(19).await;
        let texts: Vec<String> =
            hook.bodies().iter().map(|told| told["data"]["text"].as_str().unwrap().to_owned()).collect();
        assert!(texts.is_sorted() && texts.len() == 20, "{texts:?}");
        let told = last.json();
        assert_eq!((&told["type"], &told["data"]), (&json!("message.posted"), &t.messages(&chat).await[19]));
        assert!(last.header("webhook-id").starts_with("msg_"));
        assert!(last.header("webhook-signature").starts_with("v1,"));
        assert!(last.header("webhook-timestamp").parse::<i64>().is_ok());
        assert_eq!(last.header("content-type"), "application/json");
        let listed = t.operator("GET", "/deliveries").query("chat", &chat).send().await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 20);
    }

    /// VoIPBin's webhook is told of each thing alone.
    async fn voipbins_webhook_is_told_of_each_thing_alone(t: Tenant) {
        let hook = Hook::start().await;
        webhook(&t, json!({ "url": hook.url, "format": "voipbin" })).await;
        let ann = t.user("Ann", "agent").await;
        let chat = t.voipbin().chat("group", &[&ann.id, &t.admin.id]).await;
        let said = t.voipbin().say(chat["id"].as_str().unwrap(), &ann.id, "hello").await;
        let whole = hook.until(|told| told["type"] == "messagechat_created").await.json();
        assert_eq!(whole["data"]["id"], said["id"]);
        let count = |kind: &str| hook.bodies().iter().filter(|told| told["type"] == kind).count();
        // Chats and messages come from two services.
        eventually("each room and each copy is told of", || async {
            (count("messagechatroom_created") >= 2 && count("chatroom_created") >= 2).then_some(())
        })
        .await;
        assert_eq!((count("chat_created"), count("chatroom_created")), (1, 2));
        assert_eq!((count("messagechat_created"), count("messagechatroom_created")), (1, 2));
    }

    /// Addresses inside are refused when they are saved, however they are spelt, for webhooks and for bots.
    async fn nothing_inside_is_saved(t: Tenant) {
        let saved = |path: &'static str, body: Value| {
            let ask = t.operator("POST", path).json(&body);
            async move { ask.send().await.expect(422).json()["error"].clone() }
        };
        for url in INSIDE {
            let webhook = saved("/webhooks", json!({ "url": url, "format": "native" })).await;
            let bot = json!({ "name": "x", "bot": { "url": url }, "agent_ids": [], "active": true });
            for (error, field) in [(webhook, "url"), (saved("/departments", bot).await, "bot.url")] {
                assert_eq!(error["code"], "egress_refused", "{url}: {error}");
                assert!(field.ends_with(error["field"].as_str().unwrap()), "{url}: {error}");
            }
        }
        for url in INSIDE_BY_NUMBER {
            let error = saved("/webhooks", json!({ "url": url, "format": "native" })).await;
            assert_eq!((&error["code"], &error["field"]), (&json!("egress_refused"), &json!("url")), "{url}: {error}");
            assert!(error["message"].as_str().unwrap().contains("--allow-egress"), "{url}: {error}");
        }
        assert_eq!(t.walk("/webhooks", 50).await, Vec::<Value>::new());
        // Nor by a change of what was saved.
        let public = "https://hooks.example.com/";
        let made = webhook(&t, json!({ "url": public, "format": "native" })).await;
        let sales = json!({ "name": "Sales", "bot": { "url": public }, "agent_ids": [], "active": true });
        let sales = t.operator("POST", "/departments").json(&sales).send().await.expect(201).json();
        for url in ["http://0x7f.0.0.2/", "http://127.0.0.2./", "http://[::ffff:127.0.0.2]/", "http://me@8.8.8.8/"] {
            for (path, of, body) in
                [("webhooks", &made, json!({ "url": url })), ("departments", &sales, json!({ "bot": { "url": url } }))]
            {
                let path = format!("/{path}/{}", of["id"].as_str().unwrap());
                let error = t.operator("PATCH", &path).json(&body).send().await.expect(422).json()["error"].clone();
                assert_eq!(error["code"], "egress_refused", "{url}: {error}");
            }
        }
    }

    /// Nobody follows a redirect to where nobody would be called.
    async fn redirects_inside_are_not_followed(t: Tenant) {
        let (hook, elsewhere) = (Hook::start().await, Hook::start().await);
        for (n, inside) in ["http://169.254.169.254/latest/meta-data/", elsewhere.url.as_str()].into_iter().enumerate() {
            let redirect = Reaction::Answer(302, vec![("location", inside.to_owned())], String::new());
            hook.always(redirect);
            let body = json!({ "url": hook.url, "format": "native", "events": ["message.posted"] });
            let made = webhook(&t, body).await;
            let chat = t.voipbin().chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
            t.voipbin().say(&chat, &t.admin.id, "hello").await;
            hook.at(n).await;
            eventually("the redirect is a failed attempt", || async {
                let listed = t.operator("GET", "/deliveries").query("chat", &chat).send().await.ok();
                let delivery = &listed["items"][0];
                (delivery["attempts"][0]["status"] == 302 && delivery["state"] == "pending").then_some(())
            })
            .await;
            let path = format!("/webhooks/{}", made["id"].as_str().unwrap());
            t.operator("DELETE", &path).send().await.expect(200);
        }
        assert!(elsewhere.got().is_empty());
    }
}

/// A name is vetted at every attempt: one that leads inside is a refused attempt, however it is written.
#[test]
fn a_name_that_leads_inside_is_not_called() {
    limits::on(limits::instance("egress", &[]), |t| async move {
        let hook = Hook::start().await;
        for host in ["localhost", "LOCALHOST.", "ｌｏｃａｌｈｏｓｔ"] {
            let body =
                json!({ "url": hook.url.replace("127.0.0.1", host), "format": "native", "events": ["message.posted"] });
            let made = webhook(&t, body).await;
            let chat = t.voipbin().chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
            t.voipbin().say(&chat, &t.admin.id, "hello").await;
            eventually(&format!("{host} is refused"), || async {
                let listed = t.operator("GET", "/deliveries").query("chat", &chat).send().await.ok();
                let attempt = &listed["items"][0]["attempts"][0];
                (attempt["error"] == "egress_refused" && attempt["status"].is_null()).then_some(())
            })
            .await;
            let path = format!("/webhooks/{}", made["id"].as_str().unwrap());
            t.operator("DELETE", &path).send().await.expect(200);
        }
        assert!(hook.got().is_empty());
    });
}

/// A name that answered well when it was saved, and at the first call, is held to what it answers at each later one.
#[test]
fn a_name_that_changes_its_answer_is_vetted_each_time() {
    let hosts = home().join(unique("hosts"));
    let name = |addresses: &[&str]| {
        // Written in place: it is this file that is seen, not another one of its name.
        let lines: Vec<String> = addresses.iter().map(|address| format!("{address} changing.test\n")).collect();
        std::fs::write(&hosts, lines.concat()).unwrap();
    };
    name(&["127.0.0.1"]);
    let env = vec![
        ("PARLANCE__EGRESS__ALLOW", "127.0.0.1/32".to_owned()),
        ("PARLANCE__BOTS__DELIVERY__NATIVE_PAUSES_S", "1,1,1,1,1,1,1,1,1,1".to_owned()),
    ];
    let options = Options { env, hosts: Some(hosts.clone()), ..Options::default() };
    let deployment = Box::leak(Box::new(Deployment::all_in_one(&home().join(unique("changing")), &options).unwrap()));
    limits::on(deployment, |t| async move {
        let hook = Hook::start().await;
        let port = hook.url.rsplit(':').next().unwrap().split('/').next().unwrap().parse::<u16>().unwrap();
        let inside = tokio::net::TcpListener::bind(("127.0.0.2", port)).await.unwrap();
        let url = hook.url.replace("127.0.0.1", "changing.test");
        webhook(&t, json!({ "url": url, "format": "native", "events": ["message.posted"] })).await;
        let chat = t.voipbin().chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
        t.voipbin().say(&chat, &t.admin.id, "at home").await;
        hook.at(0).await;

        // Alone, and beside an address that is allowed: nobody chooses the good one among them.
        for (n, addresses) in [&["127.0.0.2"] as &[&str], &["127.0.0.1", "127.0.0.2"]].into_iter().enumerate() {
            name(addresses);
            // A connection that is open leads to an address that was vetted; only a new one asks again.
            hook.shut();
            let nobody_listens =
                || async { tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err().then_some(()) };
            eventually("the hook is shut", nobody_listens).await;
            hook.open();
            t.voipbin().say(&chat, &t.admin.id, "moved").await;
            let newest = || async {
                let listed = t.operator("GET", "/deliveries").query("chat", &chat).send().await.ok();
                let all = listed["items"].as_array().unwrap();
                let waiting = all.iter().find(|delivery| delivery["state"] == "pending")?;
                (waiting["attempts"][0]["error"] == "egress_refused").then_some(())
            };
            eventually(&format!("{addresses:?} is refused"), newest).await;
            assert_eq!(hook.got().len(), n + 1, "{addresses:?}");
            name(&["127.0.0.1"]);
            hook.at(n + 1).await;
        }
        let nobody = tokio::time::timeout(std::time::Duration::from_millis(10), inside.accept()).await;
        assert!(nobody.is_err(), "somebody was called inside");
    });
}
