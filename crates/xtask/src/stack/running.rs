//! A stack on this machine: starting, killing and stopping its processes.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use nix::sys::signal::Signal;

use super::plan::{GATEWAY, Part, Plan, SERVICES, Wanted, reachable};
use super::secrets::Secrets;
use crate::process::{Daemon, Process, tail};
use crate::servers::{Servers, Tuning};
use crate::{http, signals};

/// How long a process may take from SIGTERM to its end before it is killed.
const GRACE: Duration = Duration::from_secs(30);

/// A stack and the servers it needs.
pub struct Stack {
    dir: PathBuf,
    plan: Plan,
    servers: Servers,
}

impl Stack {
    /// The stack that `stack up` made in `dir`.
    pub fn open(dir: &Path) -> Result<Self> {
        let dir = dir.canonicalize().with_context(|| format!("there is no {}", dir.display()))?;
        let plan = Plan::load(&dir)?.with_context(|| format!("no stack was ever started in {}", dir.display()))?;
        Ok(Self { servers: Servers::open(&dir)?, dir, plan })
    }

    /// Brings up in `dir` what is wanted, and waits until all of it is ready. What runs already, and fits, stays. If anything
    /// fails, what did not run before is stopped again.
    pub fn up(dir: &Path, wanted: Wanted) -> Result<Self> {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
        let dir = dir.canonicalize()?;
        let _lock = lock(&dir)?;
        let old = Plan::load(&dir)?.filter(|plan| plan.parts.iter().any(|part| process(&dir, part).is_some()));
        let ran = old.is_some();
        let plan = match old {
            Some(plan) => {
                ensure!(
                    plan.fits(&wanted),
                    "a stack with other settings runs in {}: `stack down` it first",
                    dir.display()
                );
                plan
            }
            None => Plan::new(wanted)?,
        };
        for part in ["logs", "pids", "mail", "sms"] {
            std::fs::create_dir_all(dir.join(part))?;
        }
        plan.save(&dir)?;
        let stack = Self { servers: Servers::create(&dir, Tuning::Durable)?, dir, plan };
        if let Err(error) = stack.start_all() {
            if !ran {
                stack.stop_all().context(format!("{error:#}; and then it could not be stopped"))?;
            }
            return Err(error);
        }
        Ok(stack)
    }

    fn start_all(&self) -> Result<()> {
        self.servers.start()?;
        for service in SERVICES {
            self.servers.postgres.create_database(&database(service))?;
        }
        for part in &self.plan.parts {
            self.spawn(part)?;
        }
        self.plan.parts.iter().try_for_each(|part| self.wait_ready(part))
    }

    /// Stops everything: the gateway first, so that nothing new comes in, and the servers last.
    pub fn down(&self) -> Result<()> {
        let _lock = lock(&self.dir)?;
        self.stop_all()
    }

    fn stop_all(&self) -> Result<()> {
        let running = |gateway: bool| {
            let parts = self.plan.parts.iter().filter(move |part| (part.service == GATEWAY) == gateway);
            parts.filter_map(|part| process(&self.dir, part)).collect::<Vec<_>>()
        };
        for group in [running(true), running(false)] {
            group.iter().try_for_each(|process| process.signal(Signal::SIGTERM))?;
            let deadline = Instant::now() + GRACE;
            for process in group {
                if !process.wait(deadline.saturating_duration_since(Instant::now())) {
                    process.kill()?;
                }
            }
        }
        self.servers.stop()
    }

    /// `kill -9` of the process called `name`; PostgreSQL and RabbitMQ are `postgres` and `rabbitmq`.
    pub fn kill(&self, name: &str) -> Result<()> {
        match name {
            "postgres" => self.servers.postgres.kill(),
            "rabbitmq" => self.servers.rabbitmq.kill(),
            name => process(&self.dir, self.part(name)?).map_or(Ok(()), Process::kill),
        }
    }

    /// Asks the process called `name` to end, and starts it again on the same ports once it has; returns when it is ready.
    pub fn restart(&self, name: &str) -> Result<()> {
        let part = self.part(name)?;
        if let Some(process) = process(&self.dir, part) {
            process.signal(Signal::SIGTERM)?;
            ensure!(process.wait(GRACE), "{name} has not ended {} s after SIGTERM", GRACE.as_secs());
        }
        self.spawn(part)?;
        self.wait_ready(part)
    }

    /// Starts the process called `name` again if it does not run. A server is waited for, a service if `wait` says so.
    pub fn start(&self, name: &str, wait: bool) -> Result<()> {
        match name {
            "postgres" => self.servers.postgres.start(),
            "rabbitmq" => self.servers.rabbitmq.start(),
            name => {
                let part = self.part(name)?;
                self.spawn(part)?;
                if wait { self.wait_ready(part) } else { Ok(()) }
            }
        }
    }

    /// The processes that run, by name; the servers are not among them.
    pub fn processes(&self) -> Vec<(String, Process)> {
        self.plan.parts.iter().filter_map(|part| Some((part.name(), process(&self.dir, part)?))).collect()
    }

    fn part(&self, name: &str) -> Result<&Part> {
        self.plan.parts.iter().find(|part| part.is(name)).with_context(|| {
            let names: Vec<String> = self.plan.parts.iter().map(Part::name).collect();
            format!("there is no {name}; there are {}, postgres, rabbitmq", names.join(", "))
        })
    }

    fn spawn(&self, part: &Part) -> Result<()> {
        if process(&self.dir, part).is_some() {
            return Ok(());
        }
        let binary = self.plan.bin_dir.join(&part.service);
        ensure!(binary.is_file(), "there is no {}", binary.display());
        let daemon = Daemon::new(binary, &self.dir, self.log(part));
        let daemon = self.env(part)?.into_iter().fold(daemon, |daemon, (name, value)| daemon.env(name, value));
        daemon.spawn()?.save(&pid_file(&self.dir, part))
    }

    /// What `part` is told: what was passed on to the stack, and over it what the stack decides.
    fn env(&self, part: &Part) -> Result<Vec<(String, String)>> {
        let secrets = Secrets::keep(&self.dir, &self.plan.env)?;
        let mut env: Vec<(String, String)> = self.plan.env.clone().into_iter().collect();
        // Those decide how a program writes its log or reaches its mail server, not what it does.
        let inherited = ["HOME", "RUST_LOG", "RUST_BACKTRACE", "TZ"];
        env.extend(
            inherited.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var_os(name)?.into_string().ok()?))),
        );
        env.extend(self.plan.peers());
        let mut set = |name: &str, value: String| env.push((format!("PARLANCE__{name}"), value));
        set("SERVER__LISTEN", part.listen.to_string());
        set("SERVER__ADMIN_LISTEN", part.admin.to_string());
        set("BUS__URL", self.servers.rabbitmq.url());
        set("RPC__SECRET", secrets.rpc);
        if SERVICES.contains(&part.service.as_str()) {
            let url = self.servers.postgres.url(&database(&part.service));
            set(&format!("{}__DATABASE__URL", part.service.to_uppercase()), url);
        }
        if part.service == "bots" {
            set("BOTS__SECRET_KEYS", secrets.instance_keys.clone());
        }
        if part.service == "auth" {
            set("AUTH__INSTANCE_KEYS", secrets.instance_keys);
            set("AUTH__ROOT_TOKEN", secrets.root_token);
            if !self.plan.env.keys().any(|name| name.starts_with("PARLANCE__MAIL__SMTP")) {
                set("MAIL__DIR", self.dir.join("mail").display().to_string());
            }
            set("SMS__DIR", self.dir.join("sms").display().to_string());
        }
        Ok(env)
    }

    fn wait_ready(&self, part: &Part) -> Result<()> {
        let deadline = Instant::now() + Duration::from_mins(2);
        loop {
            let answer = http::get(&reachable(part.admin), "/readyz");
            if answer.as_ref().is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            let name = part.name();
            ensure!(process(&self.dir, part).is_some(), "{name} ended; {}", tail(&self.log(part)));
            ensure!(
                Instant::now() < deadline,
                "{name} is not ready after two minutes: {answer:?}; {}",
                tail(&self.log(part))
            );
            signals::check()?;
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A line for each process, and whether all of them are ready.
    pub fn status(&self) -> (Vec<String>, bool) {
        let mut all = true;
        let parts = self.plan.parts.iter().map(|part| {
            let ready = http::get(&reachable(part.admin), "/readyz").map(|answer| answer.status);
            let process = process(&self.dir, part);
            all &= process.is_some() && matches!(ready, Ok(200));
            let readiness = ready.map_or_else(|_| "no answer".to_owned(), |status| status.to_string());
            let state = crate::services::state(process, part.listen.port());
            format!("{:12} {state}, admin port {}, readyz {readiness}", part.name(), part.admin.port())
        });
        let mut lines: Vec<String> = parts.collect();
        let Servers { postgres, rabbitmq, .. } = &self.servers;
        for (name, process, port) in
            [("postgres", postgres.process(), postgres.port()), ("rabbitmq", rabbitmq.process(), rabbitmq.port())]
        {
            all &= process.is_some();
            lines.push(format!("{name:12} {}", crate::services::state(process, port)));
        }
        (lines, all)
    }

    /// Its processes and settings.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Its data directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its PostgreSQL and RabbitMQ.
    pub fn servers(&self) -> &Servers {
        &self.servers
    }

    fn log(&self, part: &Part) -> PathBuf {
        self.dir.join("logs").join(format!("{}.log", part.name()))
    }
}

fn database(service: &str) -> String {
    format!("parlance_{service}")
}

fn pid_file(dir: &Path, part: &Part) -> PathBuf {
    dir.join("pids").join(part.name())
}

fn process(dir: &Path, part: &Part) -> Option<Process> {
    Process::load(&pid_file(dir, part))
}

/// One `up` or `down` at a time; the lock goes with the process that holds it.
fn lock(dir: &Path) -> Result<File> {
    let file = File::create(dir.join("stack.lock"))?;
    file.lock().context("stack.lock")?;
    Ok(file)
}
