//! The service as a process of its own.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use contracts::RealtimeApi;
use contracts::chats::HttpChats;
use host::Host;
use runtime::Context;

use crate::config::Settings;
use crate::service::Realtime;

/// Starts the service; it stops with `cx.shutdown`.
///
/// # Errors
/// Settings that make no sense, a database that cannot be opened, an address that is taken.
pub fn serve(cx: Context) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let settings: Settings = cx.config.section("realtime")?;
        let host = Host::open(cx, "realtime", crate::migrations()).await?;
        let chats = Arc::new(HttpChats(host.peer(|peers| &peers.chats)));
        let realtime = Realtime::new(host.db.clone(), host.outbox.clone(), host.clock.clone(), chats, &settings);
        let (consumers, work) = (realtime.consumers(), realtime.clone().work(host.stop()));
        let api: Arc<dyn RealtimeApi> = realtime;
        let calls = contracts::realtime::routes(api, host.gate());
        host.serve(consumers, work, calls).await
    })
}
