//! The service as a process of its own.

use std::sync::Arc;

use contracts::BotsApi;
use contracts::auth::HttpAuth;
use contracts::chats::HttpChats;
use contracts::messages::HttpMessages;
use contracts::realtime::HttpRealtime;
use contracts::users::HttpUsers;
use futures_util::future::BoxFuture;
use host::Host;
use runtime::Context;
use runtime::http_client::EgressClient;

use crate::config::Settings;
use crate::service::{Bots, Peers};

/// Starts the service; it stops with `cx.shutdown`.
///
/// # Errors
/// Settings that make no sense, a database that cannot be opened, an address that is taken.
pub fn serve(cx: Context) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let settings: Settings = cx.config.section("bots")?;
        let egress = EgressClient::new(&cx.config.section("egress")?)?;
        let host = Host::open(cx, "bots", crate::migrations()).await?;
        let peers = Peers {
            auth: Arc::new(HttpAuth(host.peer(|peers| &peers.auth))),
            users: Arc::new(HttpUsers(host.peer(|peers| &peers.users))),
            chats: Arc::new(HttpChats(host.peer(|peers| &peers.chats))),
            messages: Arc::new(HttpMessages(host.peer(|peers| &peers.messages))),
            realtime: Arc::new(HttpRealtime(host.peer(|peers| &peers.realtime))),
        };
        let bots = Bots::new(host.db.clone(), host.outbox.clone(), host.clock.clone(), peers, egress, &settings)?;
        let (consumers, work) = (bots.consumers(), bots.clone().work(host.stop()));
        let api: Arc<dyn BotsApi> = bots;
        let calls = contracts::bots::routes(api, host.gate());
        host.serve(consumers, work, calls).await
    })
}
