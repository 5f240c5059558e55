//! Daemons: how they are started, recognised and killed.
//!
//! A pid alone says nothing: it may belong to somebody else by now. A [`Process`] is a pid with its start time, and no signal is
//! sent unless both still match. Nothing is ever killed by name.

use std::ffi::{OsStr, OsString};
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{Pid, SysconfVar, sysconf};

use crate::servers::Account;

/// A process that cannot be mistaken for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: i32,
    /// When it started, in clock ticks since the machine did (field 22 of `/proc/PID/stat`).
    pub started: u64,
}

impl Process {
    /// The live process `pid`; a dead one that nobody has waited for yet does not count.
    pub fn of(pid: i32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The second field is the program's name in brackets and may hold anything, brackets too.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        if matches!(*fields.first()?, "Z" | "X") {
            return None;
        }
        Some(Self { pid, started: fields.get(19)?.parse().ok()? })
    }

    /// This process.
    pub fn own() -> Option<Self> {
        i32::try_from(std::process::id()).ok().and_then(Self::of)
    }

    /// A figure of `/proc/PID/status`: `VmRSS` is memory held now, `VmHWM` the most there ever was. MiB; `None` when it is gone.
    pub fn memory(self, name: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
    }

    /// The processors' time it has taken so far; `None` when it is gone.
    pub fn processor_time(self) -> Option<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
        let per_s = sysconf(SysconfVar::CLK_TCK).ok()??;
        Some(Duration::from_secs(ticks) / u32::try_from(per_s).ok()?)
    }

    /// Whether it still runs.
    pub fn is_alive(self) -> bool {
        Self::of(self.pid) == Some(self)
    }

    /// Sends `signal` if it still runs.
    pub fn signal(self, signal: Signal) -> Result<()> {
        if !self.is_alive() {
            return Ok(());
        }
        match kill(Pid::from_raw(self.pid), signal) {
            Ok(()) | Err(Errno::ESRCH) => Ok(()),
            Err(errno) => Err(errno).with_context(|| format!("cannot send {signal} to process {}", self.pid)),
        }
    }

    /// Waits at most `limit` for its end; says whether it ended.
    pub fn wait(self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        loop {
            // Takes the exit status if it is our own child; all others have another parent.
            let _ = waitpid(Pid::from_raw(self.pid), Some(WaitPidFlag::WNOHANG));
            if !self.is_alive() {
                return true;
            }
            if Instant::now() > deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it at once (SIGKILL) and waits for its end.
    pub fn kill(self) -> Result<()> {
        self.signal(Signal::SIGKILL)?;
        anyhow::ensure!(self.wait(Duration::from_secs(10)), "process {} survived SIGKILL", self.pid);
        Ok(())
    }

    /// Asks it to end by `signal`, and kills it when it has not within `grace`.
    pub fn stop(self, signal: Signal, grace: Duration) -> Result<()> {
        self.signal(signal)?;
        if self.wait(grace) { Ok(()) } else { self.kill() }
    }

    /// Writes it down as `PID START`.
    pub fn save(self, path: &Path) -> Result<()> {
        std::fs::write(path, format!("{} {}\n", self.pid, self.started))
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// The process written down in `path`, if it still runs.
    pub fn load(path: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        let (pid, started) = text.trim().split_once(' ')?;
        Some(Self { pid: pid.parse().ok()?, started: started.parse().ok()? }).filter(|p| p.is_alive())
    }

    /// Every live process whose working directory is `dir`.
    pub fn in_dir(dir: &Path) -> Vec<Self> {
        let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
        entries
            .flatten()
            .filter(|entry| std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == dir))
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter_map(Self::of)
            .collect()
    }
}

/// Closes every descriptor but the first three, then becomes the program. A server that inherited a descriptor would keep
/// somebody's lock or pipe open for as long as it runs.
const CLOSE_AND_BECOME: &str =
    r#"for f in /proc/$$/fd/*; do n=${f##*/}; if [ "$n" -gt 2 ]; then eval "exec $n>&-"; fi; done; exec "$@""#;

/// A program to run in the background, in a session of its own.
pub struct Daemon {
    program: PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    account: Option<Account>,
    dir: PathBuf,
    log: PathBuf,
}

impl Daemon {
    /// `program` working in `dir`, writing both its outputs to the end of `log`, with an empty environment but for `PATH`.
    pub fn new(program: impl Into<PathBuf>, dir: impl Into<PathBuf>, log: impl Into<PathBuf>) -> Self {
        let (program, dir, log) = (program.into(), dir.into(), log.into());
        Self { program, args: Vec::new(), env: Vec::new(), account: None, dir, log }
            .env("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .env("LANG", "C.UTF-8")
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// Sets a variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Runs it as somebody else.
    #[must_use]
    pub fn account(mut self, account: Option<&Account>) -> Self {
        self.account = account.cloned();
        self
    }

    /// Starts it.
    pub fn spawn(self) -> Result<Process> {
        let Self { program, args, env, account, dir, log } = self;
        let out =
            OpenOptions::new().create(true).append(true).open(&log).with_context(|| format!("{}", log.display()))?;
        // setsid, bash and setpriv each become the next program: the pid stays the same throughout.
        let child = Command::new("setsid")
            .args(["bash", "-c", CLOSE_AND_BECOME, "daemon"])
            .args(account.iter().flat_map(Account::prefix))
            .arg(&program)
            .args(args)
            .env_clear()
            .envs(env)
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let pid = i32::try_from(child.id())?;
        Process::of(pid).with_context(|| format!("{} ended at once; see {}", program.display(), log.display()))
    }
}

/// The last lines of a log, for an error message.
pub fn tail(log: &Path) -> String {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    format!("{}:\n{}", log.display(), lines[lines.len().saturating_sub(20)..].join("\n"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use nix::sys::signal::Signal;

    use super::{Daemon, Process};

    #[test]
    fn a_daemon_is_known_by_pid_and_start_and_inherits_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        let script = "ls /proc/$$/fd | tr '\\n' ' '; exec sleep 60";
        let process = Daemon::new("/bin/sh", dir.path(), &log).args(["-c", script]).spawn().unwrap();
        let pid_file = dir.path().join("pid");
        process.save(&pid_file).unwrap();
        assert_eq!(Process::load(&pid_file), Some(process));
        assert!(!Process { started: process.started + 1, ..process }.is_alive());
        process.signal(Signal::SIGCONT).unwrap();
        while std::fs::read(&log).unwrap().is_empty() {
            std::thread::sleep(Duration::from_millis(5));
        }
        process.kill().unwrap();
        assert_eq!(Process::load(&pid_file), None);
        assert_eq!(std::fs::read_to_string(&log).unwrap().trim(), "0 1 2");
    }
}
