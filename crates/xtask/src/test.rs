//! `cargo xtask test`: private servers, then plain `cargo test`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::oracles;
use crate::process::Process;
use crate::servers::{self, Servers, Tuning};
use crate::stack::{self, Stack, Wanted};
use crate::workspace::{self, cargo};

/// Arguments of `test`.
#[derive(clap::Args)]
pub struct Args {
    /// What `cargo test` takes: a filter, `-p PACKAGE`, `-- --nocapture`; everything is tested without `-p`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    args: Vec<String>,
}

/// Runs `test`.
pub fn run(args: &Args) -> Result<ExitCode> {
    cargo_test(&args.args)
}

/// `cargo test` with `args`, on servers of its own; its exit code.
pub fn cargo_test(args: &[String]) -> Result<ExitCode> {
    // Before anything is built: the file we run from may be replaced by an equal one.
    let xtask = std::env::current_exe()?;
    let target = workspace::target_dir()?;
    let packages = packages(args);
    // The tests of whole stacks run the services' own binaries. Building them together with the tests lets cargo choose the same
    // features for both, so nothing is compiled twice.
    workspace::succeed(cargo()?.arg("build").args(&packages).args(["--bins", "--tests"]))?;

    let servers = TestServers::start(&target)?;
    let mut oracles = Vec::new();
    let split = if packages == WHOLE {
        // What the tests of whole stacks call: the printed curl lines, a look into SQLite's files from outside, Laravel itself.
        servers::install_programs(&[
            ("curl", "curl"),
            ("sqlite3", "sqlite3"),
            ("setpriv", "util-linux"),
            ("mount", "mount"),
            // What ConnectNow's answers are compared with.
            ("php", "php-cli"),
            ("/usr/share/php/Illuminate/Auth/autoload.php", "php-laravel-framework"),
        ])?;
        oracles.extend(oracles::odoorpc(&target)?.map(|python| (oracles::ODOORPC_ENV, python)));
        SplitStack::start(&target)?
    } else {
        SplitStack(None)
    };
    let mut test = cargo()?;
    test.args(["test", "--no-fail-fast"]);
    if !names_packages(args) {
        test.arg("--workspace");
    }
    // A snapshot that differs is a failure, not a new file.
    if std::env::var_os("INSTA_UPDATE").is_none() {
        test.env("INSTA_UPDATE", "no");
    }
    test.args(args)
        .envs(servers.env())
        .envs(split.env())
        .envs(oracles)
        .env("PARLANCE_TEST_BIN_DIR", target.join("debug"))
        .env("PARLANCE_TEST_XTASK", xtask);
    workspace::tested(&mut test).map(workspace::code)
}

/// Everything: then whole stacks are tested too.
const WHOLE: &[&str] = &["--workspace"];

fn names_packages(args: &[String]) -> bool {
    cargo_args(args).any(|arg| arg.starts_with("-p") || arg.starts_with("--package"))
}

/// The arguments meant for cargo and not for the test binaries.
fn cargo_args(args: &[String]) -> impl Iterator<Item = &String> {
    args.iter().take_while(|arg| *arg != "--")
}

/// What to build: the packages named, or all of them. Only the package `e2e` runs other packages' binaries.
fn packages(args: &[String]) -> Vec<&str> {
    let named: Vec<&str> = cargo_args(args)
        .zip(cargo_args(args).skip(1).map(Some).chain([None]))
        .filter_map(|(arg, next)| match arg.as_str() {
            "-p" | "--package" => next.map(String::as_str),
            arg => arg.strip_prefix("--package=").or_else(|| arg.strip_prefix("-p")),
        })
        .collect();
    if named.is_empty() || named.contains(&"e2e") {
        return WHOLE.to_vec();
    }
    named.into_iter().flat_map(|name| ["--package", name]).collect()
}

/// Servers for one run, gone with it; none if whoever calls us brings their own by setting both variables.
struct TestServers(Option<Servers>);

impl TestServers {
    fn start(target: &Path) -> Result<Self> {
        if ["PARLANCE_TEST_POSTGRES", "PARLANCE_TEST_RABBITMQ"].iter().all(|name| std::env::var_os(name).is_some()) {
            return Ok(Self(None));
        }
        let dir = own_dir(target, PREFIX, |dir| Servers::open(dir)?.destroy())?;
        // Held before they start, so that a start that fails half-way is cleaned up like any other.
        let own = Self(Some(Servers::create(&dir, Tuning::Test)?));
        own.0.as_ref().map_or(Ok(()), Servers::start)?;
        Ok(own)
    }

    fn env(&self) -> Vec<(&'static str, String)> {
        self.0.as_ref().map(|servers| servers.env().into()).unwrap_or_default()
    }
}

impl Drop for TestServers {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.take().map(Servers::destroy) {
            eprintln!("xtask: the servers of this run were not removed: {error:#}");
        }
    }
}

/// The split deployment for one run, gone with it; none if whoever calls us brings their own.
struct SplitStack(Option<PathBuf>);

impl SplitStack {
    fn start(target: &Path) -> Result<Self> {
        if std::env::var_os(SPLIT_DIR).is_some() || std::env::var_os("STACK_URL").is_some() {
            return Ok(Self(None));
        }
        let own = Self(Some(own_dir(target, SPLIT_PREFIX, remove_stack)?));
        if let Some(dir) = &own.0 {
            let listen = SocketAddr::from(([127, 0, 0, 1], 0));
            let env = [
                // Bots and webhooks of the tests listen there, and nowhere else.
                ("PARLANCE__EGRESS__ALLOW", "127.0.0.1/32"),
                // Nobody's secrets: each test makes several people, and passwords are meant to be dear.
                ("PARLANCE__AUTH__HASH_MEMORY_KIB", "64"),
                ("PARLANCE__AUTH__HASH_PASSES", "1"),
            ];
            let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            let bin_dir = target.join("debug");
            let stack = Stack::up(dir, Wanted { instances: 1, listen, admin_listen: None, bin_dir, env })?;
            stack::write_credentials(&stack)?;
        }
        Ok(own)
    }

    fn env(&self) -> Option<(&'static str, &Path)> {
        self.0.as_ref().map(|dir| (SPLIT_DIR, dir.as_path()))
    }
}

impl Drop for SplitStack {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.take().map(|dir| remove_stack(&dir)) {
            eprintln!("xtask: the stack of this run was not removed: {error:#}");
        }
    }
}

/// Stops a stack, which is of no use to anybody any more, and removes every trace of it.
fn remove_stack(dir: &Path) -> Result<()> {
    if let Ok(stack) = Stack::open(dir) {
        for part in &stack.plan().parts {
            stack.kill(&part.name())?;
        }
        return Servers::open(stack.dir())?.destroy();
    }
    match Servers::open(dir) {
        Ok(servers) => servers.destroy(),
        Err(_) => Ok(std::fs::remove_dir_all(dir)?),
    }
}

const SPLIT_DIR: &str = "PARLANCE_TEST_SPLIT_DIR";
const PREFIX: &str = "test-services-";
const SPLIT_PREFIX: &str = "test-stack-";
const OWNER: &str = "owner";

/// A directory for this run, called `prefix` and our pid. What is left of runs that were killed and could not clean up
/// themselves is removed first.
fn own_dir(target: &Path, prefix: &str, remove: impl Fn(&Path) -> Result<()>) -> Result<PathBuf> {
    let entries = std::fs::read_dir(target).into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix));
    for old in entries.filter(ours).filter(|dir| Process::load(&dir.join(OWNER)).is_none()) {
        if remove(&old).is_err() {
            let _ = std::fs::remove_dir_all(&old);
        }
    }
    let dir = target.join(format!("{prefix}{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    if let Some(owner) = Process::own() {
        owner.save(&dir.join(OWNER))?;
    }
    Ok(dir)
}

/// `cargo run` of one of our binaries, passing arguments through.
pub fn cargo_run(package: &str, args: &[String]) -> Result<ExitCode> {
    let mut run: Command = cargo()?;
    run.args(["run", "--quiet", "--package", package, "--"]).args(args);
    workspace::status(&mut run).map(workspace::code)
}

#[cfg(test)]
mod tests {
    use super::packages;

    #[test]
    fn only_named_packages_are_built_unless_whole_stacks_are_tested() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(packages(&[]), ["--workspace"]);
        assert_eq!(packages(&words("idempotency -- -p")), ["--workspace"]);
        assert_eq!(packages(&words("-p store --package=bus x")), ["--package", "store", "--package", "bus"]);
        assert_eq!(packages(&words("-p e2e faults")), ["--workspace"]);
    }
}
