//! `cargo xtask bench`: every figure beside a limit measured in the same run, so that it says something on any machine.
//!
//! A bench is a file here and a line in [`ALL`]; the method is written down in `docs/benchmarks.md`.

mod append;
mod connectnow;
mod faults;
mod odoo;
mod page;
mod pgbench;
mod posts;
mod programs;
mod realtime;
mod relay;
mod rounds;
mod row;
mod scene;
mod start;
mod tenants;
mod webhooks;
mod wrk;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, bail};

pub use row::{Row, table};

use crate::servers::{Servers, Tuning};
use crate::workspace;

/// Arguments of `bench`.
#[derive(clap::Args)]
pub struct Args {
    /// Which ones; all of the regular ones by default
    names: Vec<String>,
    /// Writes the rows to this file, too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Lists the benches
    #[arg(long)]
    list: bool,
    /// Measure the binaries as they are
    #[arg(long)]
    no_build: bool,
    /// How long one measurement takes
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// How often limit and measurement take turns; the medians count
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
}

/// One measurement.
pub struct Bench {
    /// What it is called on the command line.
    pub name: &'static str,
    /// One line for the list.
    pub about: &'static str,
    /// Whether it runs when none is named.
    pub regular: bool,
    /// Measures.
    pub run: fn(&Context) -> Result<Vec<Row>>,
}

impl Bench {
    const fn new(name: &'static str, about: &'static str, run: fn(&Context) -> Result<Vec<Row>>) -> Self {
        Self { name, about, regular: true, run }
    }
}

/// Every bench, in the order they run.
pub const ALL: &[Bench] = &[
    Bench::new("start", "Start-up time and memory of the all-in-one", start::run),
    Bench::new("append-postgres", "Group commit against pgbench", append::postgres),
    Bench::new("append-sqlite", "Group commit against one raw connection", append::sqlite),
    Bench::new("relay", "Outbox relay against plain confirmed publishes", relay::run),
    Bench::new("page", "The newest page over HTTP against pgbench", page::run),
    Bench::new("http-sqlite", "Posting over HTTP, SQLite, against a bare echo", posts::sqlite),
    Bench::new("tenants", "Posting beside a tenant that asks ten times what it may", tenants::run),
    Bench::new("http-postgres", "Posting over HTTP, PostgreSQL, against pgbench", posts::postgres),
    Bench::new("odoo", "Posting through Odoo against VoIPBin, and long lists of sessions", odoo::run),
    Bench::new("http-split", "Posting over HTTP, split, against the all-in-one", posts::split),
    Bench::new("connectnow", "ConnectNow's posts and pages against VoIPBin's", connectnow::run),
    Bench::new("realtime", "From a post to its event for 1,000 readers, idle streams", realtime::whole),
    Bench::new("realtime-split", "From a post to its event for 1,000 readers, split", realtime::split),
    Bench::new(
        "webhooks",
        "From a post to a bot's hand against a bare client, dead endpoints, backlogs",
        webhooks::whole,
    ),
    Bench::new("webhooks-split", "The same, split", webhooks::split),
    Bench { regular: false, ..Bench::new("faults", "Kills everything 20 times each and counts", faults::run) },
];

/// What benches share.
pub struct Context {
    dir: PathBuf,
    seconds: u64,
    rounds: usize,
    servers: OnceLock<Servers>,
    release: OnceLock<PathBuf>,
}

impl Context {
    fn new(args: &Args) -> Result<Self> {
        let dir = workspace::target_dir()?.join(format!("bench-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        let (servers, release) = (OnceLock::new(), OnceLock::new());
        if args.no_build {
            release.get_or_init(|| dir.with_file_name("release"));
        }
        Ok(Self { dir, seconds: args.seconds, rounds: args.rounds.into(), servers, release })
    }

    /// A directory for this run's files.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// PostgreSQL and RabbitMQ with every commit on the disk, started when first asked for.
    pub fn servers(&self) -> Result<&Servers> {
        if self.servers.get().is_none() {
            let servers = Servers::create(&self.dir.join("services"), Tuning::Durable)?;
            let servers = self.servers.get_or_init(|| servers);
            servers.start()?;
        }
        self.servers.get().context("the servers were not started")
    }

    /// Where the release binaries are, built when first asked for.
    pub fn release(&self) -> Result<&Path> {
        if self.release.get().is_none() {
            let built = programs::build()?;
            self.release.get_or_init(|| built);
        }
        self.release.get().map(PathBuf::as_path).context("nothing was built")
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let removed = self.servers.take().map_or(Ok(()), Servers::destroy);
        if let Err(error) = removed.and_then(|()| Ok(std::fs::remove_dir_all(&self.dir)?)) {
            eprintln!("xtask: {} was not removed: {error:#}", self.dir.display());
        }
    }
}

/// Runs `bench`. Exit code 1 says that a row missed what it must reach.
pub fn run(args: &Args) -> Result<ExitCode> {
    if args.list {
        for bench in ALL {
            println!("{:16} {}{}", bench.name, bench.about, if bench.regular { "" } else { " (only when named)" });
        }
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = choose(&args.names)?;
    let context = Context::new(args)?;
    let mut rows = Vec::new();
    for bench in chosen {
        eprintln!("== {}", bench.name);
        rows.extend((bench.run)(&context).with_context(|| format!("{} failed", bench.name))?);
    }
    print!("{}", table(&rows));
    if let Some(path) = &args.json {
        std::fs::write(path, serde_json::to_string_pretty(&rows)?).with_context(|| format!("{}", path.display()))?;
    }
    Ok(if rows.iter().any(Row::misses) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The benches named; `append` stands for all whose names begin so.
fn choose(names: &[String]) -> Result<Vec<&'static Bench>> {
    if names.is_empty() {
        return Ok(ALL.iter().filter(|bench| bench.regular).collect());
    }
    let mut chosen = Vec::new();
    for name in names {
        let means = |bench: &&Bench| bench.name == name || bench.name.split('-').next() == Some(name);
        let found: Vec<&Bench> = ALL.iter().filter(means).collect();
        if found.is_empty() {
            bail!("there is no bench {name}; see `cargo xtask bench --list`");
        }
        chosen.extend(found);
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn a_bench_is_named_in_full_or_by_its_kind() {
        let names = |asked: &str| choose(&[asked.to_owned()]).unwrap().iter().map(|b| b.name).collect::<Vec<_>>();
        assert_eq!(names("append"), ["append-postgres", "append-sqlite"]);
        assert_eq!(names("http-split"), ["http-split"]);
        assert!(choose(&["sqlite".to_owned()]).is_err());
        assert!(choose(&[]).unwrap().iter().all(|bench| bench.name != "faults"));
    }
}
