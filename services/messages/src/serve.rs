//! The service as a process of its own.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use contracts::MessagesApi;
use contracts::chats::HttpChats;
use host::Host;
use runtime::Context;

use crate::config::Settings;
use crate::service::Messages;

/// Starts the service; it stops with `cx.shutdown`.
///
/// # Errors
/// Settings that make no sense, a database that cannot be opened, an address that is taken.
pub fn serve(cx: Context) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let settings: Settings = cx.config.section("messages")?;
        let host = Host::open(cx, "messages", crate::migrations()).await?;
        let chats = Arc::new(HttpChats(host.peer(|peers| &peers.chats)));
        let messages = Messages::new(host.db.clone(), host.outbox.clone(), host.clock.clone(), chats, &settings);
        let (consumers, work) = (messages.consumers(), messages.clone().work(host.stop()));
        let api: Arc<dyn MessagesApi> = messages;
        let calls = contracts::messages::routes(api, host.gate());
        host.serve(consumers, work, calls).await
    })
}
