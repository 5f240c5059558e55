//! The deployments: one shared process each for the whole run, found or started when first needed.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context as _, Result, bail, ensure};

use super::process::{Options, Parlance};
use super::tenant::{Tenant, unique};

/// Something that serves all surfaces.
pub struct Deployment {
    pub base_url: String,
    pub root_token: String,
    /// Where mail, SMS and the rest lie, if it is on this machine.
    pub dir: Option<PathBuf>,
    _process: Option<Parlance>,
}

/// A variable of the environment; an empty one counts as absent.
pub fn env(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok().filter(|value| !value.is_empty())
}

/// Runs `body` as a new tenant of the deployment called `name`.
pub fn run<F: Future<Output = ()>>(name: &'static str, body: impl FnOnce(Tenant) -> F) {
    let Some(deployment) = deployment(name) else {
        eprintln!("{name}: STACK_URL names the one instance to test");
        return;
    };
    let deployment = deployment.as_ref().unwrap_or_else(|why| panic!("{name}: {why}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let body = async { body(Tenant::new(deployment).await).await };
    insta::allow_duplicates! { super::settings().bind(|| runtime.block_on(body)) }
}

fn deployment(name: &'static str) -> Option<&'static Result<Deployment, String>> {
    static SQLITE: OnceLock<Result<Deployment, String>> = OnceLock::new();
    static POSTGRES: OnceLock<Result<Deployment, String>> = OnceLock::new();
    static SPLIT: OnceLock<Result<Deployment, String>> = OnceLock::new();
    if let Some(url) = env("STACK_URL") {
        return (name == "sqlite").then(|| SQLITE.get_or_init(|| said(given(url))));
    }
    Some(match name {
        "sqlite" => SQLITE.get_or_init(|| said(all_in_one("sqlite", Vec::new()))),
        "postgres" => POSTGRES.get_or_init(|| {
            said(fresh_database().and_then(|url| all_in_one("postgres", vec!["--database-url".to_owned(), url])))
        }),
        "split" => SPLIT.get_or_init(|| said(split())),
        other => panic!("there is no deployment {other}"),
    })
}

fn said(made: Result<Deployment>) -> Result<Deployment, String> {
    made.map_err(|e| format!("{e:#}"))
}

fn given(base_url: String) -> Result<Deployment> {
    let root_token = env("STACK_ROOT_TOKEN").context("STACK_URL needs STACK_ROOT_TOKEN")?;
    Ok(Deployment { base_url, root_token, dir: None, _process: None })
}

fn all_in_one(name: &str, args: Vec<String>) -> Result<Deployment> {
    let env = vec![
        // Bots and webhooks of the tests listen there, and nowhere else.
        ("PARLANCE__EGRESS__ALLOW", "127.0.0.1/32".to_owned()),
        // Nobody's secrets: each test makes several people, and passwords are meant to be dear.
        ("PARLANCE__AUTH__HASH_MEMORY_KIB", "64".to_owned()),
        ("PARLANCE__AUTH__HASH_PASSES", "1".to_owned()),
    ];
    Deployment::all_in_one(&home().join(name), &Options { args, env, ..Options::default() })
}

impl Deployment {
    /// Whatever `process` serves; the process stays its owner's.
    pub fn of(process: &Parlance) -> Self {
        let dir = Some(process.data_dir.clone());
        Self { base_url: process.base_url.clone(), root_token: process.root_token(), dir, _process: None }
    }

    /// The all-in-one in `dir`.
    pub fn all_in_one(dir: &Path, options: &Options) -> Result<Self> {
        let process = Parlance::start(dir, options)?;
        let (base_url, root_token) = (process.base_url.clone(), process.root_token());
        Ok(Self { base_url, root_token, dir: Some(dir.to_owned()), _process: Some(process) })
    }
}

fn split() -> Result<Deployment> {
    let dir = env("PARLANCE_TEST_SPLIT_DIR").context(
        "the split deployment is not there: run `cargo xtask test`, which starts it (PARLANCE_TEST_SPLIT_DIR)",
    )?;
    at(PathBuf::from(dir))
}

/// What `cargo xtask stack up` made in `dir`.
pub fn at(dir: PathBuf) -> Result<Deployment> {
    let read =
        |name: &str| std::fs::read_to_string(dir.join(name)).with_context(|| format!("no {name} in {}", dir.display()));
    let credentials: serde_json::Value = serde_json::from_str(&read("credentials.json")?)?;
    let base_url = credentials["base_url"].as_str().context("credentials.json has no base_url")?.to_owned();
    Ok(Deployment { base_url, root_token: read("root-token")?.trim().to_owned(), dir: Some(dir), _process: None })
}

/// A new database in the server of `cargo xtask test`.
pub fn fresh_database() -> Result<String> {
    let server = env("PARLANCE_TEST_POSTGRES")
        .context("there is no PostgreSQL: run `cargo xtask test`, which starts one (PARLANCE_TEST_POSTGRES)")?;
    let name = unique("e2e").replace('-', "_");
    let made = Command::new("psql").args(["-X", "-q", "-c", &format!("CREATE DATABASE {name}"), &server]).output()?;
    ensure!(made.status.success(), "psql: {}", String::from_utf8_lossy(&made.stderr));
    let (server, _) = server.rsplit_once('/').context("PARLANCE_TEST_POSTGRES names no database")?;
    Ok(format!("{server}/{name}"))
}

/// This run's own directory; those of earlier runs are removed.
pub fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| {
        let all = Path::new(env!("CARGO_TARGET_TMPDIR"));
        for old in std::fs::read_dir(all).into_iter().flatten().flatten() {
            let pid = old.file_name().to_string_lossy().strip_prefix("e2e-").map(str::to_owned);
            if pid.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
                let _ = std::fs::remove_dir_all(old.path());
            }
        }
        let home = all.join(format!("e2e-{}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        home
    })
}

/// `cargo xtask`, as `cargo xtask test` built it.
pub fn xtask(args: &[&str]) -> Result<()> {
    xtask_with(args, &[])
}

/// The same, told something more by its environment.
pub fn xtask_with(args: &[&str], told: &[(&str, &str)]) -> Result<()> {
    let xtask =
        env("PARLANCE_TEST_XTASK").context("run `cargo xtask test`, which says where it is (PARLANCE_TEST_XTASK)")?;
    let done = Command::new(xtask).args(args).envs(told.iter().copied()).output()?;
    if !done.status.success() {
        bail!("xtask {}: {}", args.join(" "), String::from_utf8_lossy(&done.stderr));
    }
    Ok(())
}
