//! A private RabbitMQ, with its own Erlang port mapper.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};

use super::account::{self, Account};
use super::{install, load, save};
use crate::process::{Daemon, Process, tail};
use crate::{ports, secret, signals};

const USER: &str = "parlance";

#[derive(Serialize, Deserialize)]
struct Settings {
    port: u16,
    epmd_port: u16,
    dist_port: u16,
    password: String,
}

/// A RabbitMQ broker with its own data directory, on 127.0.0.1 only.
pub struct RabbitMq {
    home: PathBuf,
    account: Option<Account>,
    settings: Settings,
}

impl RabbitMq {
    /// The broker kept in `home`; made there if `create`.
    pub(super) fn open(home: &Path, create: bool) -> Result<Self> {
        let account = Account::named("rabbitmq")?;
        let settings = match load(home)? {
            Some(settings) => settings,
            None if create => Self::make(home, account.as_ref())?,
            None => anyhow::bail!("no RabbitMQ in {}", home.display()),
        };
        Ok(Self { home: home.to_path_buf(), account, settings })
    }

    fn make(home: &Path, account: Option<&Account>) -> Result<Settings> {
        account::private_dir(account, home)?;
        for part in ["data", "log", "home"] {
            account::private_dir(account, &home.join(part))?;
        }
        let ports = ports::free(3)?;
        let settings = Settings { port: ports[0], epmd_port: ports[1], dist_port: ports[2], password: secret::hex()? };
        let Settings { port, password, .. } = &settings;
        // A quorum queue writes to one log for the whole broker; a smaller one keeps the directory small.
        let conf = format!(
            "listeners.tcp.default = 127.0.0.1:{port}\ndefault_user = {USER}\ndefault_pass = {password}\n\
             log.file = false\nlog.console = true\nlog.console.level = warning\nraft.wal_max_size_bytes = 67108864\n"
        );
        for (name, text) in [("rabbitmq.conf", conf.as_str()), ("enabled_plugins", "[].\n")] {
            let path = home.join(name);
            secret::write(&path, text)?;
            account.map_or(Ok(()), |account| account.own(&path))?;
        }
        save(home, &settings)?;
        Ok(settings)
    }

    /// The AMQP port on 127.0.0.1; the same for the life of the data.
    pub fn port(&self) -> u16 {
        self.settings.port
    }

    /// Where a client finds the broker.
    pub fn url(&self) -> String {
        format!("amqp://{USER}:{}@127.0.0.1:{}/%2f", self.settings.password, self.port())
    }

    /// The running broker.
    pub fn process(&self) -> Option<Process> {
        Process::load(&self.pid_file())
    }

    /// Starts it unless it runs, and waits until it takes connections.
    pub fn start(&self) -> Result<()> {
        if self.process().is_none() {
            self.start_epmd()?;
            ports::wait_free(self.port())?;
            ports::wait_free(self.settings.dist_port)?;
            let server = install::found(install::rabbitmq_server(), "RabbitMQ")?;
            let daemon = Daemon::new(server, &self.home, self.log()).account(self.account.as_ref());
            let daemon = self.env().into_iter().fold(daemon, |daemon, (name, value)| daemon.env(name, value));
            daemon.spawn()?.save(&self.pid_file())?;
        }
        self.wait_ready()
    }

    /// Stops it in order, and its port mapper.
    pub fn stop(&self) -> Result<()> {
        if let Some(process) = self.process() {
            process.stop(Signal::SIGTERM, Duration::from_secs(30))?;
        }
        self.epmd().map_or(Ok(()), |epmd| epmd.stop(Signal::SIGTERM, Duration::from_secs(2)))
    }

    /// `kill -9` of the broker; the port mapper, a separate program, lives on.
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
        self.stop()?;
        std::fs::remove_dir_all(&self.home).with_context(|| format!("cannot remove {}", self.home.display()))
    }

    /// Started by us and not by the broker, so that its pid is known and it can be stopped.
    fn start_epmd(&self) -> Result<()> {
        if self.epmd().is_some() {
            return Ok(());
        }
        let port = self.settings.epmd_port;
        ports::wait_free(port)?;
        Daemon::new(install::found(install::epmd(), "epmd")?, &self.home, self.log())
            .account(self.account.as_ref())
            .args(["-port", &port.to_string(), "-address", "127.0.0.1"])
            .spawn()?
            .save(&self.home.join("epmd.pid"))?;
        self.wait_for(port, "epmd", || self.epmd().is_some())
    }

    fn env(&self) -> Vec<(&'static str, String)> {
        let Settings { port, epmd_port, dist_port, .. } = &self.settings;
        let path = |name: &str| self.home.join(name).display().to_string();
        vec![
            // The start script then becomes the Erlang machine instead of watching over it: our pid is the broker's.
            ("detached", "1".into()),
            // Holds Erlang's cookie; the system's own broker has another.
            ("HOME", path("home")),
            ("RABBITMQ_NODENAME", format!("parlance{port}@localhost")),
            ("RABBITMQ_MNESIA_BASE", path("data")),
            ("RABBITMQ_LOG_BASE", path("log")),
            ("RABBITMQ_LOGS", "-".into()),
            ("RABBITMQ_CONFIG_FILE", path("rabbitmq")),
            ("RABBITMQ_CONF_ENV_FILE", "/dev/null".into()),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", path("enabled_plugins")),
            ("RABBITMQ_DIST_PORT", dist_port.to_string()),
            ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1}".into()),
            ("ERL_EPMD_PORT", epmd_port.to_string()),
            ("ERL_EPMD_ADDRESS", "127.0.0.1".into()),
            ("ERL_CRASH_DUMP_SECONDS", "0".into()),
        ]
    }

    fn wait_ready(&self) -> Result<()> {
        self.wait_for(self.port(), "RabbitMQ", || self.process().is_some())
    }

    /// Waits until `port` answers, as long as the program behind it lives.
    fn wait_for(&self, port: u16, name: &str, lives: impl Fn() -> bool) -> Result<()> {
        let deadline = Instant::now() + Duration::from_mins(2);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(lives(), "{name} ended; {}", tail(&self.log()));
            ensure!(Instant::now() < deadline, "{name} is not ready after two minutes; {}", tail(&self.log()));
            signals::check()?;
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn epmd(&self) -> Option<Process> {
        Process::load(&self.home.join("epmd.pid"))
    }

    fn log(&self) -> PathBuf {
        self.home.join("console.log")
    }

    fn pid_file(&self) -> PathBuf {
        self.home.join("pid")
    }
}
