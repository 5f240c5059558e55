//! The services as HTTP clients, for the split deployment.

use std::collections::BTreeMap;
use std::sync::Arc;

use contracts::EventsApi;
use contracts::auth::HttpAuth;
use contracts::bots::HttpBots;
use contracts::chats::HttpChats;
use contracts::events::HttpEvents;
use contracts::messages::HttpMessages;
use contracts::realtime::HttpRealtime;
use contracts::rpc::{Client, RpcSettings};
use contracts::users::HttpUsers;
use runtime::Context;
use runtime::http_client::{Timeouts, peer_client};

use crate::Services;

/// Builds a client per service from the section `rpc`, and makes readiness depend on each.
///
/// # Errors
/// Settings that make no sense.
pub fn peers(cx: &Context) -> anyhow::Result<Services> {
    let rpc: RpcSettings = cx.config.section("rpc")?;
    rpc.check()?;
    let http = peer_client(Timeouts { connect: rpc.connect_timeout(), total: rpc.deadline() })?;
    let client = |name: &'static str, peers: &str| {
        let client = rpc.client(&http, peers);
        let asked = client.clone();
        cx.readiness.add(name, move || {
            let asked = asked.clone();
            async move { if asked.reachable().await { Ok(()) } else { Err(anyhow::anyhow!("no instance answers")) } }
        });
        client
    };
    let auth = client("auth", &rpc.peers.auth);
    let users = client("users", &rpc.peers.users);
    let chats = client("chats", &rpc.peers.chats);
    let messages = client("messages", &rpc.peers.messages);
    let realtime = client("realtime", &rpc.peers.realtime);
    let bots = client("bots", &rpc.peers.bots);
    let events = |client: &Client| Arc::new(HttpEvents(client.clone())) as Arc<dyn EventsApi>;
    Ok(Services {
        events: BTreeMap::from([
            ("auth", events(&auth)),
            ("users", events(&users)),
            ("chats", events(&chats)),
            ("messages", events(&messages)),
            ("realtime", events(&realtime)),
            ("bots", events(&bots)),
        ]),
        auth: Arc::new(HttpAuth(auth)),
        users: Arc::new(HttpUsers(users)),
        chats: Arc::new(HttpChats(chats)),
        messages: Arc::new(HttpMessages(messages)),
        realtime: Arc::new(HttpRealtime(realtime)),
        bots: Arc::new(HttpBots(bots)),
    })
}
