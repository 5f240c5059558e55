//! The service as a process of its own.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use contracts::AuthApi;
use contracts::users::HttpUsers;
use host::Host;
use runtime::Context;

use crate::config::Settings;
use crate::delivery::Routes;
use crate::service::Auth;

/// Starts the service; it stops with `cx.shutdown`.
///
/// # Errors
/// Settings that make no sense, a database that cannot be opened, an address that is taken.
pub fn serve(cx: Context) -> BoxFuture<'static, anyhow::Result<()>> {
    Box::pin(async move {
        let settings: Settings = cx.config.section("auth")?;
        let routes = Routes::new(&cx.config.section("mail")?, &cx.config.section("sms")?, &settings)?;
        let host = Host::open(cx, "auth", crate::migrations()).await?;
        let users = Arc::new(HttpUsers(host.peer(|peers| &peers.users)));
        let auth = Auth::new(host.db.clone(), host.outbox.clone(), host.clock.clone(), users, routes, &settings)?;
        let (consumers, work, api) = (auth.consumers(), auth.clone().work(host.stop()), auth as Arc<dyn AuthApi>);
        let calls = contracts::auth::routes(api, host.gate());
        host.serve(consumers, work, calls).await
    })
}
