//! Private PostgreSQL and RabbitMQ servers: own ports, own data, own passwords, nothing of the system touched.
//!
//! Both can be killed and started again on the same port with the same data, which is what the fault tests need.

mod account;
mod home;
mod install;
mod postgres;
mod rabbitmq;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

pub use account::Account;
pub use install::{package as install_package, programs as install_programs};
pub use postgres::Postgres;
pub use rabbitmq::RabbitMq;

use crate::secret;

/// What a server is tuned for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tuning {
    /// Many short tests: many connections, no waiting for the disk. Survives SIGKILL, not a power cut.
    Test,
    /// Everything acknowledged is on the disk.
    Durable,
}

/// A PostgreSQL and a RabbitMQ that belong together.
pub struct Servers {
    dir: PathBuf,
    /// Where the data really is; differs from `dir` if the servers' accounts cannot enter that.
    base: PathBuf,
    /// The database server.
    pub postgres: Postgres,
    /// The broker.
    pub rabbitmq: RabbitMq,
}

impl Servers {
    /// The servers of `dir`, made (not started) if there are none yet. Installs the programs if they are absent.
    pub fn create(dir: &Path, tuning: Tuning) -> Result<Self> {
        install::ensure()?;
        std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        let base = home::choose(dir, tuning)?;
        Self::at(dir, base, Some(tuning))
    }

    /// The servers that [`Servers::create`] made in `dir`.
    pub fn open(dir: &Path) -> Result<Self> {
        let base = home::chosen(dir).with_context(|| format!("no servers were ever started in {}", dir.display()))?;
        Self::at(dir, base, None)
    }

    fn at(dir: &Path, base: PathBuf, tuning: Option<Tuning>) -> Result<Self> {
        let postgres = Postgres::open(&base.join("postgres"), tuning)?;
        let rabbitmq = RabbitMq::open(&base.join("rabbitmq"), tuning.is_some())?;
        Ok(Self { dir: std::path::absolute(dir)?, base, postgres, rabbitmq })
    }

    /// Starts what does not run, both at the same time, and waits until both answer.
    pub fn start(&self) -> Result<()> {
        std::thread::scope(|scope| {
            let postgres = scope.spawn(|| self.postgres.start());
            let rabbitmq = self.rabbitmq.start();
            match postgres.join() {
                Ok(started) => started.and(rabbitmq),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })?;
        secret::write(&self.dir.join("env"), &self.env().map(|(name, value)| format!("{name}={value}\n")).concat())
    }

    /// Stops both in an orderly way.
    pub fn stop(&self) -> Result<()> {
        self.rabbitmq.stop().and(self.postgres.stop())
    }

    /// Stops both at once and removes every trace of them.
    pub fn destroy(self) -> Result<()> {
        self.rabbitmq.destroy()?;
        self.postgres.destroy()?;
        for dir in [&self.base, &self.dir] {
            if dir.exists() {
                std::fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))?;
            }
        }
        Ok(())
    }

    /// What tests read: where the servers are.
    pub fn env(&self) -> [(&'static str, String); 3] {
        [
            ("PARLANCE_TEST_POSTGRES", self.postgres.url("postgres")),
            ("PARLANCE_TEST_RABBITMQ", self.rabbitmq.url()),
            ("PARLANCE_TEST_SERVICES_DIR", self.dir.display().to_string()),
        ]
    }
}

/// A server's settings, kept so that it comes back as it was.
fn load<T: for<'a> Deserialize<'a>>(home: &Path) -> Result<Option<T>> {
    let path = home.join("server.json");
    match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map(Some).with_context(|| format!("{} is damaged", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn save<T: Serialize>(home: &Path, settings: &T) -> Result<()> {
    secret::write(&home.join("server.json"), &serde_json::to_string_pretty(settings)?)
}
