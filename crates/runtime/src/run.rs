//! `main` of every binary: settings, logging, one multi-thread runtime, start, wait, stop.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::runtime::Builder;

use crate::config::{Config, Sources};
use crate::context::{Context, ServerSettings};
use crate::shutdown::Stage;
use crate::{admin, probe, production, telemetry};

/// Runs the service `name`: reads `defaults` < `--config FILE` < environment, opens the admin listener, calls `start` and
/// goes on until SIGTERM, SIGINT or a failure.
///
/// `start` returns when the service is up; what it started is stopped through [`Context::shutdown`]. It may also go on
/// until then itself.
pub fn run<F, Fut>(name: &'static str, defaults: &[&str], start: F) -> ExitCode
where
    F: FnOnce(Context) -> Fut + 'static,
    Fut: Future<Output = anyhow::Result<()>> + 'static,
{
    let config = match arguments(name, std::env::args().skip(1)) {
        Ok(Arguments::Help(text)) => {
            println!("{text}");
            return ExitCode::SUCCESS;
        }
        Ok(Arguments::HealthCheck(file)) => return health(name, Sources::new(defaults).file(file.as_deref())),
        Ok(Arguments::Config(file)) => Sources::new(defaults).file(file.as_deref()).environment().load(),
        Err(error) => return failed(name, &error),
    };
    let config = match config {
        Ok(config) => config,
        Err(error) => return failed(name, &error.into()),
    };
    let start = |cx: Context| async move {
        let address = admin::serve(&cx).await?;
        tracing::info!("health, readiness and metrics on http://{address}");
        start(cx).await
    };
    finish(name, build_and_drive(name, config, true, Box::new(|cx| Box::pin(start(cx)))))
}

/// What to start, its type erased.
type Start = Box<dyn FnOnce(Context) -> Pin<Box<dyn Future<Output = anyhow::Result<()>>>>>;

/// As [`run`], for a process without peers, with settings at hand and without the admin listener, which `start` opens by [`admin::serve`] if it wants one.
pub fn run_with<F, Fut>(name: &'static str, config: Config, start: F) -> ExitCode
where
    F: FnOnce(Context) -> Fut + 'static,
    Fut: Future<Output = anyhow::Result<()>> + 'static,
{
    finish(name, build_and_drive(name, config, false, Box::new(|cx| Box::pin(start(cx)))))
}

fn finish(name: &str, outcome: anyhow::Result<()>) -> ExitCode {
    outcome.map_or_else(|error| failed(name, &error), |()| ExitCode::SUCCESS)
}

fn build_and_drive(name: &'static str, config: Config, has_peers: bool, start: Start) -> anyhow::Result<()> {
    // Huge pages double the memory of an idle process: the allocator's arenas are sparse. Where this cannot be said, nothing
    // is lost but memory.
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
    production::check(&config, has_peers)?;
    let traces = telemetry::init(&config)?;
    tracing::info!("effective configuration:\n{}", config.redacted());
    let settings: ServerSettings = config.section("server")?;
    let mut builder = Builder::new_multi_thread();
    builder.enable_all().thread_name(format!("{name}-service"));
    if settings.service_threads > 0 {
        builder.worker_threads(settings.service_threads);
    }
    let runtime = builder.build().context("cannot start the runtime")?;
    let cx = Context::new(name, config, runtime.handle().clone())?;
    if let Some(exporter) = traces {
        let stop = cx.shutdown.token(Stage::Flush);
        cx.shutdown.spawn(Stage::Flush, &cx.handle, exporter.run(name, stop));
    }
    let outcome = runtime.block_on(drive(cx, start));
    // Tasks that did not end within the grace are dropped here.
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

async fn drive(cx: Context, start: Start) -> anyhow::Result<()> {
    let shutdown = cx.shutdown.clone();
    shutdown.listen_for_signals().context("cannot listen for signals")?;
    let outcome = tokio::select! {
        outcome = start(cx) => outcome,
        () = shutdown.requested() => Ok(()),
    };
    if outcome.is_ok() {
        shutdown.requested().await;
    }
    shutdown.run().await;
    tracing::info!("stopped");
    match (outcome, shutdown.failure()) {
        (Ok(()), Some(reason)) => bail!(reason),
        (outcome, _) => outcome,
    }
}

fn health(name: &str, sources: Sources) -> ExitCode {
    let asked = sources.environment().load().map_err(anyhow::Error::from).and_then(|config| probe::ready(&config));
    asked.map_or_else(|error| failed(name, &error), |()| ExitCode::SUCCESS)
}

fn failed(name: &str, error: &anyhow::Error) -> ExitCode {
    // Not through the log, which may not be set up yet or filtered.
    eprintln!("{name}: {error:#}");
    ExitCode::FAILURE
}

#[derive(Debug, PartialEq)]
enum Arguments {
    Config(Option<PathBuf>),
    HealthCheck(Option<PathBuf>),
    Help(String),
}

fn arguments(name: &str, mut given: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let (mut file, mut health) = (None, false);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--config" => file = Some(given.next().context("--config needs a file")?.into()),
            "healthcheck" => health = true,
            "--help" | "-h" => {
                let usage = format!("Usage: {name} [--config FILE] [healthcheck]");
                let usage = format!("{usage}\n\nhealthcheck: asks the running {name} whether it is ready.");
                let settings = "Every setting is also PARLANCE__SECTION__KEY in the environment.";
                return Ok(Arguments::Help(format!("{usage}\n\n{settings}")));
            }
            other => match other.strip_prefix("--config=") {
                Some(path) => file = Some(path.into()),
                None => bail!("unknown argument `{other}`; try --help"),
            },
        }
    }
    Ok(if health { Arguments::HealthCheck(file) } else { Arguments::Config(file) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(given: &[&str]) -> anyhow::Result<Arguments> {
        arguments("messages", given.iter().map(ToString::to_string))
    }

    #[test]
    fn a_service_takes_a_file_and_a_health_check_and_nothing_else() {
        assert_eq!(parse(&[]).unwrap(), Arguments::Config(None));
        assert_eq!(parse(&["--config", "a.toml"]).unwrap(), Arguments::Config(Some("a.toml".into())));
        assert_eq!(parse(&["--config=a.toml"]).unwrap(), Arguments::Config(Some("a.toml".into())));
        assert_eq!(parse(&["healthcheck"]).unwrap(), Arguments::HealthCheck(None));
        assert!(matches!(parse(&["-h"]).unwrap(), Arguments::Help(_)));
        assert!(parse(&["--config"]).is_err());
        assert_eq!(parse(&["serve"]).unwrap_err().to_string(), "unknown argument `serve`; try --help");
    }
}
