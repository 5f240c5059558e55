//! Neither server runs as root; started by root they run as the accounts their packages made.

use std::os::unix::fs::{DirBuilderExt as _, chown};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use nix::unistd::{User, geteuid};

/// An account of the system that a server runs as.
#[derive(Clone, Debug)]
pub struct Account {
    name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account `name` when we are root; otherwise none: servers then run as whoever we are.
    pub fn named(name: &str) -> Result<Option<Self>> {
        if !geteuid().is_root() {
            return Ok(None);
        }
        let user = User::from_name(name)?.with_context(|| format!("there is no account {name}"))?;
        Ok(Some(Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }))
    }

    /// What to put before a command so that it runs as this account.
    pub fn prefix(&self) -> Vec<String> {
        [
            "setpriv".to_owned(),
            format!("--reuid={}", self.name),
            format!("--regid={}", self.gid),
            "--init-groups".to_owned(),
        ]
        .into()
    }

    /// Gives `path` to this account.
    pub fn own(&self, path: &Path) -> Result<()> {
        chown(path, Some(self.uid), Some(self.gid)).with_context(|| format!("cannot give away {}", path.display()))
    }
}

/// `program`, run as `account`, with nothing but `PATH` and its locale in the environment.
pub fn command(account: Option<&Account>, program: &Path) -> Command {
    let mut words = account.map(Account::prefix).unwrap_or_default();
    words.push(program.display().to_string());
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LANG", "C.UTF-8");
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// Makes `dir` (its parent exists), for `account` alone.
pub fn private_dir(account: Option<&Account>, dir: &Path) -> Result<()> {
    if !dir.is_dir() {
        std::fs::DirBuilder::new()
            .mode(0o700)
            .create(dir)
            .with_context(|| format!("cannot create {}", dir.display()))?;
    }
    account.map_or(Ok(()), |account| account.own(dir))
}

/// Whether `account` can enter `dir`, tried rather than reasoned.
pub fn can_enter(account: Option<&Account>, dir: &Path) -> bool {
    let tried = command(account, Path::new("/usr/bin/test")).arg("-x").arg(dir).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}
