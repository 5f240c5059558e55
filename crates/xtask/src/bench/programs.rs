//! What benches start: our release binaries, and the examples that measure from inside.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Context;
use crate::process::{Process, tail};
use crate::{signals, workspace};

/// Packages with a binary or an example that a bench runs.
const PACKAGES: &[&str] =
    &["parlance", "auth", "users", "chats", "messages", "realtime", "bots", "gateway", "bus", "runtime"];
const EXAMPLES: &[&str] = &["append", "relay", "echo", "posts"];

/// Builds all of it in one go: cargo then chooses the same features for everything, and nothing is compiled twice.
pub fn build() -> Result<PathBuf> {
    let mut build = workspace::cargo()?;
    build.args(["build", "--release", "--bins"]);
    build.args(PACKAGES.iter().flat_map(|name| ["--package", name]));
    build.args(EXAMPLES.iter().flat_map(|name| ["--example", name]));
    workspace::succeed(build.stdout(std::io::stderr()))?;
    Ok(workspace::target_dir()?.join("release"))
}

/// Runs an example to its end; the JSON line it prints.
pub fn example<T: DeserializeOwned>(context: &Context, name: &str, args: &[&str]) -> Result<T> {
    let program = context.release()?.join("examples").join(name);
    let output = Command::new(&program).args(args).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.with_context(|| format!("cannot run {}", program.display()))?;
    signals::check()?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{name} {}: {}\n{text}", args.join(" "), output.status);
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).with_context(|| format!("{name} says {line:?}"))
}

/// A server of ours, killed when dropped.
pub struct Server {
    process: Process,
    // Held open: a program that cannot write to its standard output may not like it.
    _stdout: BufReader<ChildStdout>,
    log: PathBuf,
    /// `host:port`.
    pub authority: String,
}

impl Server {
    /// Starts `program` and waits for its line `listening on http://…`. Its environment is nearly empty.
    pub fn start(program: &Path, args: &[&str], log: &Path) -> Result<Self> {
        let name = program.display();
        let mut child: Child = Command::new(program)
            .args(args)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(log)?)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let process = Process::of(i32::try_from(child.id())?).with_context(|| format!("{name} ended at once"))?;
        let mut stdout = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut line = String::new();
        while !line.starts_with("listening on ") {
            line.clear();
            ensure!(stdout.read_line(&mut line)? > 0, "{name} ended; {}", tail(log));
        }
        let authority = line.trim().trim_start_matches("listening on ").trim_start_matches("http://").to_owned();
        Ok(Self { process, _stdout: stdout, log: log.to_path_buf(), authority })
    }

    /// The all-in-one on `data`, with `args` beside; ports are free ones.
    pub fn all_in_one(context: &Context, data: &Path, args: &[&str]) -> Result<Self> {
        std::fs::create_dir_all(data)?;
        let data_dir = data.to_str().context("the data directory's name is no text")?;
        let mut words = vec!["serve", "--data-dir", data_dir];
        words.extend(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"]);
        words.extend(args);
        Self::start(&context.release()?.join("parlance"), &words, &data.with_added_extension("log"))
    }

    /// A figure of `/proc/PID/status`: `VmRSS` is memory held now, `VmHWM` the most there ever was. MiB.
    pub fn memory(&self, name: &str) -> Result<f64> {
        self.process.memory(name).with_context(|| format!("no {name}; {}", tail(&self.log)))
    }

    /// Asks it to end, and waits.
    pub fn stop(self) -> Result<()> {
        self.process.stop(Signal::SIGTERM, Duration::from_secs(30))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.process.kill() {
            eprintln!("xtask: {error:#}");
        }
    }
}

/// What a first start or `stack up` left in `dir`.
pub fn credentials(dir: &Path) -> Result<Value> {
    let path = dir.join("credentials.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is damaged", path.display()))
}
