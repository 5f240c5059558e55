//! Finds the servers' programs, and installs Debian's packages if they are absent.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};
use nix::unistd::geteuid;

use crate::signals;

const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Both servers' programs, from Debian's packages if need be.
pub fn ensure() -> Result<()> {
    let mut missing = Vec::new();
    if postgres_bin().is_none() {
        missing.push("postgresql");
    }
    if rabbitmq_server().is_none() || epmd().is_none() {
        missing.push("rabbitmq-server");
    }
    install(&missing)
}

/// Programs, or files by their whole path, that tests and benches need: each with the package that has it.
pub fn programs(wanted: &[(&str, &'static str)]) -> Result<()> {
    let missing = wanted.iter().filter(|(program, _)| in_path(program).is_none()).map(|(_, package)| *package);
    install(&missing.collect::<Vec<_>>())
}

/// A package that has more than programs.
pub fn package(name: &str) -> Result<()> {
    install(&[name])
}

fn install(missing: &[&str]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let packages = missing.join(" ");
    let install = format!("apt-get update && apt-get install -y --no-install-recommends {packages}");
    ensure!(geteuid().is_root(), "needs the packages {packages}; as root: {install}");
    ensure!(Path::new("/usr/bin/apt-get").exists(), "needs {packages}, and this system has no apt-get");
    eprintln!("installing {packages}");
    let _policy = NoServiceStarts::set()?;
    apt_get(&["update"])?;
    let mut words = vec!["install", "-y", "--no-install-recommends"];
    words.extend(missing);
    apt_get(&words).with_context(|| format!("could not install; by hand: {install}"))
}

fn apt_get(words: &[&str]) -> Result<()> {
    let mut command = Command::new("apt-get");
    command.args(["-q", "-o", "DPkg::Lock::Timeout=300"]).args(words).env("DEBIAN_FRONTEND", "noninteractive");
    // Standard output carries only what other programs read. A signal to us does not touch it: half an installation is worse than
    // one too many.
    let status = command.stdin(Stdio::null()).stdout(std::io::stderr()).status().context("cannot run apt-get")?;
    ensure!(status.success(), "apt-get {}: {status}", words.join(" "));
    signals::check()
}

/// While it exists, packages do not start their own servers (Debian's policy-rc.d). A policy that stands already is left alone.
struct NoServiceStarts {
    ours: bool,
}

impl NoServiceStarts {
    fn set() -> Result<Self> {
        if Path::new(POLICY).exists() {
            return Ok(Self { ours: false });
        }
        std::fs::write(POLICY, "#!/bin/sh\nexit 101\n").context(POLICY)?;
        let guard = Self { ours: true };
        std::fs::set_permissions(POLICY, std::fs::Permissions::from_mode(0o755)).context(POLICY)?;
        Ok(guard)
    }
}

impl Drop for NoServiceStarts {
    fn drop(&mut self) {
        if self.ours
            && let Err(error) = std::fs::remove_file(POLICY)
        {
            eprintln!("xtask: cannot remove {POLICY}: {error}");
        }
    }
}

/// The directory of `postgres`, `initdb`, `psql` and `pgbench`: the newest version Debian installed, else the one in `PATH`.
pub fn postgres_bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .filter(|(_, bin)| ["postgres", "initdb", "psql", "pg_isready"].iter().all(|p| bin.join(p).exists()))
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).or_else(|| in_path("initdb")?.canonicalize().ok()?.parent().map(Path::to_path_buf))
}

/// RabbitMQ's own start script. Debian's in `/usr/sbin` insists on its own account and is the last resort.
pub fn rabbitmq_server() -> Option<PathBuf> {
    let script = PathBuf::from("/usr/lib/rabbitmq/bin/rabbitmq-server");
    if script.exists() { Some(script) } else { in_path("rabbitmq-server") }
}

/// Erlang's port mapper.
pub fn epmd() -> Option<PathBuf> {
    in_path("epmd")
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).chain(["/usr/sbin".into()]).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// An error if a program is still absent, which [`ensure`] rules out.
pub fn found(program: Option<PathBuf>, name: &str) -> Result<PathBuf> {
    match program {
        Some(path) => Ok(path),
        None => bail!("{name} is not installed"),
    }
}
