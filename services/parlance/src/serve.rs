//! `parlance serve`: one process, every surface on one listener.

use std::io::Write as _;

use anyhow::{Context as _, bail};
use domain::Clock;
use gateway::Services;
use runtime::{Context, Stage};
use store::AdvisoryLock;

use crate::data_dir::DataLock;
use crate::settings::{Effective, EmbeddedSettings, SERVICES};
use crate::{curl, first_start, stack};

/// Where a started process answers.
pub struct Started {
    /// The surfaces.
    pub base_url: String,
    /// Health and metrics.
    pub admin_url: String,
    /// The services, for what follows at the first start.
    pub services: Services,
}

/// Starts everything and says so.
///
/// # Errors
/// Another process serves the data; settings, ports or databases that cannot be used.
pub async fn serve(cx: Context, effective: Effective) -> anyhow::Result<()> {
    let Effective { data, embedded, .. } = effective;
    let lock = data.lock()?;
    let started = start(&cx, &embedded, lock).await?;
    let made = first_start::credentials(&data, &started).await?;
    if made.first {
        eprintln!(
            "A tenant \"{}\" was made; its credentials are in {}",
            made.credentials.tenant,
            data.path("credentials.json").display()
        );
        eprintln!("The instance's root token is in {}\n", data.path("root-token").display());
        for (surface, line) in curl::lines(&made.credentials) {
            eprintln!("{surface}:\n  {line}\n");
        }
    }
    cx.readiness.wait(std::time::Duration::from_millis(20)).await;
    // The one line on stdout: scripts wait for it.
    let mut out = std::io::stdout();
    writeln!(out, "listening on {}", started.base_url).and_then(|()| out.flush()).context("cannot write to stdout")
}

/// Opens the listeners and everything behind them. Holds `lock` until shutdown.
///
/// # Errors
/// As [`serve`].
pub async fn start(cx: &Context, embedded: &EmbeddedSettings, lock: DataLock) -> anyhow::Result<Started> {
    let clock = Clock::system();
    let listener = runtime::http::bind(&cx.server.listen)?;
    let one_process = only_process(cx, embedded).await?;
    let services = stack::start(cx, &clock).await?;
    let admin_url = format!("http://{}", runtime::admin::serve(cx).await?);
    let at = gateway::serve(cx, listener, admin_url.clone(), services.clone(), clock).await?;
    let end = cx.shutdown.token(Stage::Flush);
    cx.shutdown.spawn(Stage::Flush, &cx.handle, async move {
        end.cancelled().await;
        drop((lock, one_process));
    });
    Ok(Started { base_url: format!("http://{at}"), admin_url, services })
}

/// The in-process bus allows one process: with PostgreSQL, a lock there admits it.
async fn only_process(cx: &Context, embedded: &EmbeddedSettings) -> anyhow::Result<Option<AdvisoryLock>> {
    use secrecy::ExposeSecret as _;
    let bus: bus::BusSettings = cx.config.section("bus")?;
    if bus.is_rabbit() || embedded.database_url.expose_secret().is_empty() {
        return Ok(None);
    }
    let settings = cx.config.section(&format!("{}.database", SERVICES[0]))?;
    let db = store::Db::open(&settings, SERVICES[0], &[store::MIGRATIONS], &cx.handle).await?;
    match db.advisory_lock("parlance.serve").await? {
        Some(lock) => Ok(Some(lock)),
        None => bail!("another parlance process serves this database; set bus.url to run several"),
    }
}
