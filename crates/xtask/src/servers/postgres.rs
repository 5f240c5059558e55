//! A private PostgreSQL.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use super::account::{self, Account};
use super::{Tuning, install, load, save};
use crate::process::{Daemon, Process, tail};
use crate::{ports, secret, signals};

/// The superuser of our server; Parlance's own services use it too.
const USER: &str = "parlance";

#[derive(Serialize, Deserialize)]
struct Settings {
    port: u16,
    password: String,
    tuning: Tuning,
}

/// A PostgreSQL server with its own data directory, on 127.0.0.1 only.
pub struct Postgres {
    home: PathBuf,
    bin: PathBuf,
    account: Option<Account>,
    settings: Settings,
}

impl Postgres {
    /// The server kept in `home`; made there if `tuning` says how.
    pub(super) fn open(home: &Path, tuning: Option<Tuning>) -> Result<Self> {
        let bin = install::found(install::postgres_bin(), "PostgreSQL")?;
        let account = Account::named("postgres")?;
        let settings = match (load(home)?, tuning) {
            (Some(settings), _) => settings,
            (None, None) => anyhow::bail!("no PostgreSQL in {}", home.display()),
            (None, Some(tuning)) => {
                account::private_dir(account.as_ref(), home)?;
                let settings = Settings { port: ports::free(1)?[0], password: secret::hex()?, tuning };
                save(home, &settings)?;
                settings
            }
        };
        Ok(Self { home: home.to_path_buf(), bin, account, settings })
    }

    /// The port on 127.0.0.1; the same for the life of the data.
    pub fn port(&self) -> u16 {
        self.settings.port
    }

    /// Where a client finds `database`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.settings.password, self.port())
    }

    /// The directory of `psql`, `pgbench` and the others.
    pub fn bin_dir(&self) -> &Path {
        &self.bin
    }

    /// The running server.
    pub fn process(&self) -> Option<Process> {
        Process::load(&self.pid_file())
    }

    /// Starts it unless it runs, and waits until it takes connections.
    pub fn start(&self) -> Result<()> {
        if self.process().is_none() {
            self.init()?;
            self.clear_remains()?;
            ports::wait_free(self.port())?;
            let daemon = Daemon::new(self.bin.join("postgres"), &self.home, self.log()).account(self.account.as_ref());
            let options = self.options().into_iter().flat_map(|option| ["-c".to_owned(), option]);
            daemon.args(["-D"]).args([self.data()]).args(options).spawn()?.save(&self.pid_file())?;
        }
        self.wait_ready()
    }

    /// Stops it: clients are disconnected, everything is written out.
    pub fn stop(&self) -> Result<()> {
        // SIGINT is PostgreSQL's "fast" shutdown, SIGTERM would wait for every client to go.
        self.process().map_or(Ok(()), |process| process.stop(Signal::SIGINT, Duration::from_secs(30)))
    }

    /// `kill -9`.
    pub fn kill(&self) -> Result<()> {
        self.process().map_or(Ok(()), Process::kill)
    }

    /// Stops it if it runs, and starts it with the same data on the same port.
    pub fn restart(&self) -> Result<()> {
        self.stop()?;
        self.start()
    }

    /// Kills it and removes its data.
    pub fn destroy(&self) -> Result<()> {
        self.kill()?;
        self.clear_remains()?;
        std::fs::remove_dir_all(&self.home).with_context(|| format!("cannot remove {}", self.home.display()))
    }

    /// Creates `database` unless it exists.
    pub fn create_database(&self, database: &str) -> Result<()> {
        let exists = self.psql(&format!("SELECT 1 FROM pg_database WHERE datname = '{database}'"))?;
        if exists.trim().is_empty() {
            self.psql(&format!("CREATE DATABASE \"{database}\""))?;
        }
        Ok(())
    }

    /// The answer to `sql`, asked of the database `postgres`, unaligned and without headings.
    pub fn psql(&self, sql: &str) -> Result<String> {
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql])
            .env("PGPASSWORD", &self.settings.password);
        psql.args(["-h", "127.0.0.1", "-U", USER, "-d", "postgres", "-p", &self.port().to_string()]);
        let output = psql.stdin(Stdio::null()).output().context("cannot run psql")?;
        ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Makes the data directory; one left half-made is made anew.
    fn init(&self) -> Result<()> {
        let done = self.home.join("initialized");
        if done.exists() {
            return Ok(());
        }
        if self.data().exists() {
            std::fs::remove_dir_all(self.data())?;
        }
        let password = self.home.join("password");
        secret::write(&password, &self.settings.password)?;
        if let Some(account) = &self.account {
            account.own(&password)?;
        }
        let mut initdb = account::command(self.account.as_ref(), &self.bin.join("initdb"));
        initdb.arg("-D").arg(self.data()).arg("--pwfile").arg(&password).args(["-U", USER, "--auth=scram-sha-256"]);
        initdb.args(["--encoding=UTF8", "--locale=C.UTF-8"]);
        if self.settings.tuning == Tuning::Test {
            initdb.arg("--no-sync");
        }
        let output = initdb.output().context("cannot run initdb")?;
        ensure!(output.status.success(), "initdb: {}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(password)?;
        std::fs::write(done, "")?;
        Ok(())
    }

    fn options(&self) -> Vec<String> {
        let port = format!("port={}", self.port());
        let mut options = vec![port.as_str(), "listen_addresses=127.0.0.1", "unix_socket_directories="];
        options.extend(["shared_buffers=256MB", "max_wal_size=4GB", "log_checkpoints=off", "timezone=UTC", "jit=off"]);
        options.extend(match self.settings.tuning {
            Tuning::Test => ["max_connections=300", "fsync=off", "full_page_writes=off"].as_slice(),
            Tuning::Durable => &["max_connections=500"],
        });
        options.into_iter().map(str::to_owned).collect()
    }

    fn wait_ready(&self) -> Result<()> {
        let port = self.port().to_string();
        let deadline = Instant::now() + Duration::from_mins(2);
        loop {
            let mut ask = Command::new(self.bin.join("pg_isready"));
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port]).stdin(Stdio::null());
            if ask.status().context("cannot run pg_isready")?.success() {
                return Ok(());
            }
            ensure!(self.process().is_some(), "PostgreSQL ended; {}", tail(&self.log()));
            ensure!(Instant::now() < deadline, "PostgreSQL is not ready after two minutes; {}", tail(&self.log()));
            signals::check()?;
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// After a kill: backends notice the loss of their parent only when they next wait, and the server's own pid file may name
    /// a process that ended but was never waited for, which PostgreSQL takes for a live one. Every process of a server works in
    /// its data directory, so whoever does is ours.
    fn clear_remains(&self) -> Result<()> {
        let data = self.data();
        let deadline = Instant::now() + Duration::from_secs(2);
        while !Process::in_dir(&data).is_empty() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        for backend in Process::in_dir(&data) {
            backend.kill()?;
        }
        match std::fs::remove_file(data.join("postmaster.pid")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    fn log(&self) -> PathBuf {
        self.home.join("log")
    }

    fn pid_file(&self) -> PathBuf {
        self.home.join("pid")
    }
}
