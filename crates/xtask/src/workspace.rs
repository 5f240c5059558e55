//! The checkout: where it is, and how its cargo is run.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::failures::Failures;
use crate::signals;

/// The root of the checkout.
pub fn root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).map(Path::to_path_buf).context("the checkout has no root")
}

/// The directory cargo builds into, wherever the configuration put it.
pub fn target_dir() -> Result<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root()?.join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()?;
    Ok(metadata.target_directory.into_std_path_buf())
}

/// The cargo that runs this command, at the root of the checkout.
pub fn cargo() -> Result<Command> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()?);
    // Left by the `cargo run` that started us; build scripts would see them change and run again.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_")) {
        command.env_remove(name);
    }
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_MANIFEST_PATH");
    Ok(command)
}

/// Runs `command` to its end in a process group of its own. A signal to us is passed on to the whole group, so that neither a
/// compiler nor a test binary is left behind; then this returns an error.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    wait(start(command)?)
}

/// [`status`] of tests, whose failures are said once more at the end.
pub fn tested(command: &mut Command) -> Result<ExitStatus> {
    let mut child = start(command.stdout(Stdio::piped()))?;
    let failures = child.stdout.take().map(Failures::of);
    let status = wait(child);
    failures.into_iter().for_each(Failures::say);
    status
}

fn start(command: &mut Command) -> Result<Child> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).process_group(0).spawn().with_context(|| format!("cannot run {name}"))
}

fn wait(mut child: Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if let Err(interrupted) = signals::check() {
            let group = Pid::from_raw(i32::try_from(child.id())?);
            let _ = killpg(group, Signal::SIGTERM);
            let deadline = Instant::now() + Duration::from_secs(5);
            while child.try_wait()?.is_none() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(20));
            }
            let _ = killpg(group, Signal::SIGKILL);
            child.wait()?;
            return Err(interrupted);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Runs `command`; anything but success is an error.
pub fn succeed(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        let args: Vec<_> = command.get_args().map(|a| a.to_string_lossy()).collect();
        bail!("{} {}: {status}", command.get_program().to_string_lossy(), args.join(" "));
    }
    Ok(())
}

/// The exit code of a program as ours.
pub fn code(status: ExitStatus) -> std::process::ExitCode {
    std::process::ExitCode::from(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1))
}
