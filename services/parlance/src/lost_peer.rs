//! What becomes of a call that several services take part in, when one of them does not answer.

use std::sync::Arc;
use std::time::Duration;

use contracts::chats::LateChats;
use domain::{Clock, TenantId};
use gateway::Services;
use runtime::Context;
use runtime::http_client::{Timeouts, peer_client};
use serde_json::{Value, json};
use surfaces::operator::tenants::new_tenant;

use crate::cli::ServeArgs;
use crate::settings::effective;
use crate::stack;

/// A gateway whose chats do not answer yet, a tenant behind it, and the chats that could.
struct Rig {
    http: reqwest::Client,
    base: String,
    credentials: Value,
    late: Arc<LateChats>,
    real: Services,
    cx: Context,
    _dir: tempfile::TempDir,
}

impl Rig {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let free = || Some("127.0.0.1:0".to_owned());
        let data_dir = Some(dir.path().to_owned());
        let args = ServeArgs { data_dir, listen: free(), admin_listen: free(), quiet: true, ..ServeArgs::default() };
        let config = effective(&args).unwrap().config;
        let cx = Context::new("parlance", config, tokio::runtime::Handle::current()).unwrap();
        let real = stack::start(&cx, &Clock::system()).await.unwrap();
        let late = Arc::new(LateChats::default());
        let services = Services { chats: late.clone(), ..real.clone() };
        let listener = runtime::http::bind(&cx.server.listen).unwrap();
        let at = gateway::serve(&cx, listener, "http://127.0.0.1:9".to_owned(), services, Clock::system()).await;
        let base = format!("http://{}", at.unwrap());
        let made = new_tenant(&*real.users, &*real.auth, &*real.bots, TenantId::new(), "demo").await.unwrap();
        let credentials = json!(made.credentials(&base, ""));
        let http = peer_client(Timeouts { connect: Duration::from_secs(5), total: Duration::from_secs(30) }).unwrap();
        Self { http, base, credentials, late, real, cx, _dir: dir }
    }

    async fn invitation(&self) -> String {
        let imbee = &self.credentials["imbee"];
        let word = |name: &str| imbee[name].as_str().unwrap().to_owned();
        let body = json!({
            "virtual_user": "visitor", "bot_idsha": imbee["bot_idsha"], "mail": "a@example.org", "max_retries": 1,
        });
        let asked = self.http.post(format!("{}/token/new", self.base)).json(&body);
        let asked = asked.header("Authorization", word("authorization")).header("X-WOOS-KEY", word("corporate_token"));
        let answer: Value = asked.send().await.unwrap().json().await.unwrap();
        answer["body"]["url"].as_str().unwrap_or_else(|| panic!("no url: {answer}")).to_owned()
    }

    async fn exchange(&self, url: &str, key: &str) -> (u16, Value) {
        let answer = self.http.post(url).header("Idempotency-Key", key).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn stop(self) {
        self.cx.shutdown.request();
        self.cx.shutdown.run().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exchange_that_made_no_chat_uses_nothing_up() {
    let rig = Rig::start().await;
    let url = rig.invitation().await;
    for key in ["first", "second"] {
        let (status, answer) = rig.exchange(&url, key).await;
        assert_eq!((status, &answer["code"]), (503, &json!(1)), "{answer}");
    }
    let page = rig.http.get(&url).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("once more"), "{page}");

    rig.late.set(rig.real.chats.clone());
    let (_, won) = rig.exchange(&url, "first").await;
    assert_eq!(won["code"], 0, "{won}");
    let (_, other) = rig.exchange(&url, "third").await;
    assert_eq!(other["code"], 1, "the one use is used: {other}");
    let (_, again) = rig.exchange(&url, "first").await;
    assert_eq!(
        (&again["body"]["visit"], &again["body"]["conversationId"]),
        (&won["body"]["visit"], &won["body"]["conversationId"])
    );
    rig.stop().await;
}
