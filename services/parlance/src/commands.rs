//! From the command line to what it asks for.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use runtime::Context;
use serde_json::{Value, json};

use crate::cli::{Cli, Command, InstanceArgs, ParkedCommand, ServeArgs, TenantCommand};
use crate::remote::Remote;
use crate::settings::{Effective, SERVICES, effective};
use crate::{backup, curl, serve};

/// Runs a command.
pub fn run(cli: Cli) -> ExitCode {
    match cli.command {
        None => start(&cli.serve),
        Some(Command::Serve(args)) => start(&args),
        Some(Command::Routes { json }) => finish(routes(json)),
        Some(Command::Config(args)) => finish(effective(&args).and_then(|e| say(&e.config.redacted()))),
        Some(Command::Healthcheck(args)) => finish(effective(&args).and_then(|e| runtime::probe::ready(&e.config))),
        Some(Command::Backup { to, at }) => finish(backup::backup(&at.into(), &to)),
        Some(Command::Restore { from, at }) => finish(backup::restore(&at.into(), &from).and_then(|done| say(&done))),
        Some(Command::Republish(args)) => republish(&args),
        Some(Command::Migrate { plan, at }) => migrate(&at, plan),
        Some(Command::Tenant(TenantCommand::Create { name, json, at })) => {
            ask(&at, move |remote| async move { create_tenant(&remote, &name, json).await })
        }
        Some(Command::Tenant(TenantCommand::List { json, at })) => {
            ask(&at, move |remote| async move { list_tenants(&remote, json).await })
        }
        Some(Command::Parked(ParkedCommand::List { service, at })) => ask(&at, move |remote| async move {
            let parked = remote.get(&format!("/operator/v1/parked?service={service}&limit=200")).await?;
            print(&parked["items"])
        }),
        Some(Command::Parked(ParkedCommand::Redrive { service, key, at })) => ask(&at, move |remote| async move {
            let body = json!({ "service": service, "key": key });
            print(&remote.post("/operator/v1/parked/redrive", &body).await?)
        }),
    }
}

fn finish(outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("parlance: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(args: &ServeArgs) -> ExitCode {
    match effective(args) {
        Ok(effective) => {
            let config = effective.config.clone();
            runtime::run_with("parlance", config, |cx| serve::serve(cx, effective))
        }
        Err(e) => finish(Err(e)),
    }
}

fn routes(as_json: bool) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for table in surfaces::all() {
        for e in &table.endpoints {
            let row = (table.surface.as_str(), e.method.as_str().to_owned(), e.path, e.owner, e.doc);
            rows.push(row);
        }
    }
    if as_json {
        let rows: Vec<Value> = rows
            .into_iter()
            .map(|(surface, method, path, owner, doc)| {
                json!({ "surface": surface, "method": method, "path": path, "owner": owner, "status": doc })
            })
            .collect();
        return print(&Value::Array(rows));
    }
    for (surface, method, path, owner, doc) in rows {
        let word = |v: Value| v.as_str().unwrap_or_default().to_owned();
        say(&format!("{surface:<9} {method:<7} {path:<55} {:<9} {}", word(json!(owner)), word(json!(doc))))?;
    }
    Ok(())
}

fn migrate(args: &ServeArgs, plan: bool) -> ExitCode {
    let effective = match effective(&ServeArgs { quiet: true, ..args.clone() }) {
        Ok(effective) => effective,
        Err(e) => return finish(Err(e)),
    };
    once(effective, None, move |cx, effective, _| async move {
        let _lock = effective.data.lock()?;
        for (service, own) in SERVICES.into_iter().zip(crate::stack::own_migrations()) {
            let settings = cx.config.section(&format!("{service}.database"))?;
            let trees = host::migrations(own);
            let pending = store::pending(&settings, &trees, &cx.handle).await?;
            for migration in &pending {
                say(&format!("{service}: {}", migration.0))?;
            }
            if !plan && !pending.is_empty() {
                store::Db::open(&settings, service, &trees, &cx.handle).await?.close();
            }
        }
        Ok(())
    })
}

fn republish(args: &ServeArgs) -> ExitCode {
    let effective = match effective(&ServeArgs { quiet: true, ..args.clone() }) {
        Ok(effective) => effective,
        Err(e) => return finish(Err(e)),
    };
    once(effective, None, |cx, effective, _| async move {
        let marked = backup::republish(&cx, &effective).await?;
        marked.into_iter().try_for_each(|(service, rows)| say(&format!("{service}: {rows} events")))
    })
}

/// Speaks to the running instance, or, where none runs, starts one for the length of the command.
fn ask<F, Fut>(at: &InstanceArgs, command: F) -> ExitCode
where
    F: FnOnce(Remote) -> Fut + Send + 'static,
    Fut: Future<Output = anyhow::Result<()>> + Send,
{
    match prepare(at) {
        Ok((effective, token, Instance::Running(url))) => {
            once(
                effective,
                token,
                |_, _, token| async move { command(Remote::new(&url, token.context(NO_ROOT)?)?).await },
            )
        }
        Ok((effective, token, Instance::Stopped { admin_url })) => {
            once(effective, token, |cx, effective, token| async move {
                let lock = effective.data.lock()?;
                let started = serve::start(&cx, &effective.embedded, lock).await?;
                let remote = Remote::new(&started.base_url, token.context(NO_ROOT)?)?;
                command(remote.for_a_moment(admin_url)).await
            })
        }
        Err(e) => finish(Err(e)),
    }
}

const NO_ROOT: &str = "no root token: give --root-token, or set PARLANCE__AUTH__ROOT_TOKEN";

/// Where the instance is.
enum Instance {
    /// At this URL.
    Running(String),
    /// Nowhere: it has to be started for a moment.
    Stopped {
        /// Where health and metrics will be once it serves.
        admin_url: String,
    },
}

/// The settings, the root token, and where the instance is.
fn prepare(at: &InstanceArgs) -> anyhow::Result<(Effective, Option<String>, Instance)> {
    let mut args = ServeArgs { data_dir: at.data_dir.clone(), quiet: true, ..ServeArgs::default() };
    let first = effective(&args)?;
    let token = at.root_token.clone().or(first.root_token()?);
    if let Some(url) = &at.url {
        return Ok((first, token, Instance::Running(url.clone())));
    }
    if first.data.lock().is_err() {
        let running = first.data.credentials()?.context("the serving process has not written its address yet")?;
        return Ok((first, token, Instance::Running(running.base_url)));
    }
    // Credentials are to name the address that `serve` will have, not the one of this moment.
    let server = first.server()?;
    args.public_url = Some(format!("http://{}", server.listen));
    let admin_url = format!("http://{}", server.admin_listen);
    args.listen = Some("127.0.0.1:0".to_owned());
    args.admin_listen = Some("127.0.0.1:0".to_owned());
    Ok((effective(&args)?, token, Instance::Stopped { admin_url }))
}

/// Runs `work` on a runtime of its own, then stops whatever it started.
fn once<F, Fut>(effective: Effective, token: Option<String>, work: F) -> ExitCode
where
    F: FnOnce(Context, Effective, Option<String>) -> Fut + 'static,
    Fut: Future<Output = anyhow::Result<()>> + 'static,
{
    let config = effective.config.clone();
    runtime::run_with("parlance", config, |cx| async move {
        let shutdown = cx.shutdown.clone();
        work(cx, effective, token).await?;
        shutdown.request();
        Ok(())
    })
}

async fn create_tenant(remote: &Remote, name: &str, as_json: bool) -> anyhow::Result<()> {
    let mut made = remote.post("/operator/v1/tenants", &json!({ "name": name })).await?;
    if let Some(admin_url) = remote.lasting_admin_url() {
        made["admin_url"] = json!(admin_url);
    }
    if as_json {
        return print(&made);
    }
    let credentials = serde_json::from_value(made.clone())?;
    print(&made)?;
    for (surface, line) in curl::lines(&credentials) {
        say(&format!("\n{surface}:\n  {line}"))?;
    }
    Ok(())
}

async fn list_tenants(remote: &Remote, as_json: bool) -> anyhow::Result<()> {
    let mut all = Vec::new();
    let mut path = "/operator/v1/tenants?limit=200".to_owned();
    loop {
        let page = remote.get(&path).await?;
        all.extend(page["items"].as_array().cloned().unwrap_or_default());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/operator/v1/tenants?limit=200&after={next}");
    }
    if as_json {
        return print(&Value::Array(all));
    }
    for tenant in all {
        let word = |key: &str| tenant[key].as_str().unwrap_or_default();
        say(&format!("{}  {}", word("id"), word("name")))?;
    }
    Ok(())
}

fn print(value: &Value) -> anyhow::Result<()> {
    say(&serde_json::to_string_pretty(value)?)
}

/// Writes a line to stdout. A reader that has read enough, like `head`, is no error.
fn say(line: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout(), "{line}") {
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to stdout"),
    }
}
