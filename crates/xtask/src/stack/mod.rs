//! `cargo xtask stack`: the split deployment on this machine. A process per service and the gateway, a PostgreSQL database per
//! service, RabbitMQ; all in one data directory, all stopped by `down`.

mod plan;
mod running;
mod secrets;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Subcommand, ValueEnum};

pub use plan::{GATEWAY, Part, Plan, SERVICES, Wanted, reachable};
pub use running::Stack;
pub use secrets::write_credentials;

use crate::workspace;

/// Arguments of `stack`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
    /// Holds the databases, logs, pids, secrets, mail and credentials.json; not shared with the all-in-one
    #[arg(long, global = true, default_value = "./data/stack")]
    data_dir: PathBuf,
}

#[derive(Subcommand)]
enum Action {
    /// Builds and starts everything, and returns when all of it is ready
    Up(Up),
    /// Stops everything; data stays
    Down,
    /// Lists the processes; exit code 1 unless all are ready
    Status,
    /// SIGKILL to one process: a service, the gateway (a second instance is `chats.1`), postgres or rabbitmq
    Kill { name: String },
    /// SIGTERM to one process but a server, and its return once it is ready: how an update replaces it
    Restart { name: String },
    /// Starts one process again, on the same ports
    Start {
        name: String,
        /// Return only when it is ready
        #[arg(long)]
        wait: bool,
    },
}

#[derive(clap::Args)]
struct Up {
    /// Instances of each service and of the gateway
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=9))]
    instances: u8,
    /// Where clients reach the gateway; port 0 picks one
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the gateway serves health and metrics [default: a free port]
    #[arg(long)]
    admin_listen: Option<SocketAddr>,
    /// How the binaries are built
    #[arg(long, value_enum, default_value_t = Profile::Release)]
    profile: Profile,
    /// Use the binaries as they are
    #[arg(long)]
    no_build: bool,
    /// Where the binaries are [default: where cargo puts them]
    #[arg(long, requires = "no_build")]
    bin_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Profile {
    Dev,
    Release,
}

/// Runs `stack`.
pub fn run(args: Args) -> Result<ExitCode> {
    let dir = args.data_dir;
    match args.action {
        Action::Up(up) => {
            let stack = Stack::up(&dir, up.into_wanted()?)?;
            write_credentials(&stack)?;
            println!("listening on http://{}", stack.plan().gateway()?.listen);
        }
        Action::Down => Stack::open(&dir)?.down()?,
        Action::Status => {
            let (lines, ready) = Stack::open(&dir)?.status();
            println!("{}", lines.join("\n"));
            return Ok(if ready { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        Action::Kill { name } => Stack::open(&dir)?.kill(&name)?,
        Action::Restart { name } => Stack::open(&dir)?.restart(&name)?,
        Action::Start { name, wait } => Stack::open(&dir)?.start(&name, wait)?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Up {
    fn into_wanted(self) -> Result<Wanted> {
        let Self { instances, listen, admin_listen, profile, no_build, bin_dir } = self;
        if !no_build {
            build(profile)?;
        }
        let bin_dir = match bin_dir {
            Some(dir) => std::path::absolute(dir)?,
            None => workspace::target_dir()?.join(if profile == Profile::Release { "release" } else { "debug" }),
        };
        let env = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with("PARLANCE__"))
            .collect();
        Ok(Wanted { instances: instances.into(), listen, admin_listen, bin_dir, env })
    }
}

fn build(profile: Profile) -> Result<()> {
    let mut cargo = workspace::cargo()?;
    cargo.args(["build", "--bins"]).args(SERVICES.iter().chain([&GATEWAY]).flat_map(|name| ["--package", name]));
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    // cargo writes to standard error; standard output is for the one line.
    workspace::succeed(cargo.stdout(std::io::stderr()))
}
