//! The service as a process of its own.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use contracts::ChatsApi;
use contracts::messages::HttpMessages;
use contracts::users::HttpUsers;
use host::Host;
use runtime::Context;

use crate::config::Settings;
use crate::service::Chats;

/// Starts the service; it stops with `cx.shutdown`.
///
/// # Errors
/// Settings that make no sense, a database that cannot be opened, an address that is taken.
pub fn serve(cx: Context) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let settings: Settings = cx.config.section("chats")?;
        let host = Host::open(cx, "chats", crate::migrations()).await?;
        let users = Arc::new(HttpUsers(host.peer(|peers| &peers.users)));
        let messages = Arc::new(HttpMessages(host.peer(|peers| &peers.messages)));
        let (db, outbox, clock) = (host.db.clone(), host.outbox.clone(), host.clock.clone());
        let chats = Chats::new(db, outbox, clock, users, messages, &settings);
        let (consumers, work) = (chats.consumers(), chats.clone().work(host.stop()));
        let api: Arc<dyn ChatsApi> = chats;
        let calls = contracts::chats::routes(api, host.gate());
        host.serve(consumers, work, calls).await
    })
}
