//! A service's database.

use futures_util::future::BoxFuture;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context as _;
use runtime::Context;
use store::{DatabaseSettings, Db, Migrations, StoreResult};

/// First pause before a database that does not answer is tried again; doubles up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(100);
/// Longest such pause.
const LONGEST: Duration = Duration::from_secs(2);

/// Every migration a service's database has: the kernel's, the bus's, its own.
pub fn migrations(own: Migrations) -> [Migrations; 3] {
    [store::MIGRATIONS, bus::migrations(), own]
}

/// Opens the database of `service` by its section `<service>.database`, migrates it, and makes readiness depend on it.
///
/// A server that is down is waited for: whoever starts everything at once, or restarts it in any order, gets a working
/// whole.
///
/// # Errors
/// Settings that make no sense, or a database that cannot be opened for another reason.
pub fn database<'a>(cx: &'a Context, service: &'static str, own: Migrations) -> BoxFuture<'a, anyhow::Result<Db>> {
    Box::pin(async move {
        let settings: DatabaseSettings = cx.config.section(&format!("{service}.database"))?;
        let opened = Arc::new(OnceLock::<Db>::new());
        let asked = opened.clone();
        cx.readiness.add(format!("{service}.database"), move || {
            let asked = asked.clone();
            async move { anyhow::Ok(asked.get().context("it is not open yet")?.ping().await?) }
        });
        let db = open(cx, &settings, service, own).await;
        let db = db.with_context(|| format!("cannot open the database of {service}"))?;
        Ok(opened.get_or_init(|| db).clone())
    })
}

async fn open(cx: &Context, settings: &DatabaseSettings, service: &str, own: Migrations) -> StoreResult<Db> {
    let mut pause = FIRST;
    loop {
        match Db::open(settings, service, &migrations(own), &cx.handle).await {
            // A file that cannot be opened stays so; a server comes back.
            Err(e) if e.is_retryable() && settings.is_server() => {
                tracing::warn!(error = %e, "the database of {service} does not answer yet");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST);
            }
            outcome => return outcome,
        }
    }
}
