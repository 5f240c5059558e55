//! The service as a process of its own.

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
pub async fn serve(cx: Context) -> anyhow::Result<()> {
    let settings: Settings = cx.config.section("realtime")?;
    let host = Host::open(cx, "realtime", crate::migrations()).await?;
    let chats = Arc::new(HttpChats(host.peer(|peers| &peers.chats)));
    let realtime = Realtime::new(host.db.clone(), host.clock.clone(), chats, &settings);
    let (consumers, work) = (realtime.consumers(), realtime.clone().work(host.stop()));
    let api: Arc<dyn RealtimeApi> = realtime;
    host.serve(consumers, work, |gate| contracts::realtime::routes(api, gate)).await
}
