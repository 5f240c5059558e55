//! The service as a process of its own.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use contracts::UsersApi;
use host::Host;
use runtime::Context;

use crate::config::Settings;
use crate::service::Users;

/// Starts the service; it stops with `cx.shutdown`.
///
/// # Errors
/// Settings that make no sense, a database that cannot be opened, an address that is taken.
pub fn serve(cx: Context) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let settings: Settings = cx.config.section("users")?;
        let host = Host::open(cx, "users", crate::migrations()).await?;
        let users = Users::new(host.db.clone(), host.outbox.clone(), host.clock.clone(), &settings);
        let (consumers, work) = (users.consumers(), users.clone().work(host.stop()));
        let api: Arc<dyn UsersApi> = users;
        let calls = contracts::users::routes(api, host.gate());
        host.serve(consumers, work, calls).await
    })
}
