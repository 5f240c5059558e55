//! `cargo xtask services`: private servers for tests run by hand.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Subcommand, ValueEnum};

use crate::process::Process;
use crate::servers::{Servers, Tuning};
use crate::workspace;

/// Arguments of `services`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
    /// Where the servers keep their data [default: services in cargo's target directory]
    #[arg(long, global = true)]
    dir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Action {
    /// Starts what does not run and prints the variables tests read; also kept in the file `env`
    Start {
        /// Wait for the disk at every commit, as the real deployment does; decided when the data is made
        #[arg(long)]
        durable: bool,
    },
    /// Stops both; their data stays
    Stop,
    /// Says what runs
    Status,
    /// SIGKILL
    Kill { server: Server },
    /// Starts one again, on the same port with the same data
    Restart { server: Server },
}

#[derive(Clone, Copy, ValueEnum)]
enum Server {
    Postgres,
    Rabbitmq,
}

/// Runs `services`.
pub fn run(args: Args) -> Result<ExitCode> {
    let dir = args.dir.map_or_else(|| workspace::target_dir().map(|target| target.join("services")), Ok)?;
    match args.action {
        Action::Start { durable } => {
            let servers = Servers::create(&dir, if durable { Tuning::Durable } else { Tuning::Test })?;
            servers.start()?;
            for (name, value) in servers.env() {
                println!("{name}={value}");
            }
        }
        Action::Stop => Servers::open(&dir)?.stop()?,
        Action::Status => {
            let Servers { postgres, rabbitmq, .. } = &Servers::open(&dir)?;
            println!("postgres  {}", state(postgres.process(), postgres.port()));
            println!("rabbitmq  {}", state(rabbitmq.process(), rabbitmq.port()));
        }
        Action::Kill { server: Server::Postgres } => Servers::open(&dir)?.postgres.kill()?,
        Action::Kill { server: Server::Rabbitmq } => Servers::open(&dir)?.rabbitmq.kill()?,
        Action::Restart { server: Server::Postgres } => Servers::open(&dir)?.postgres.restart()?,
        Action::Restart { server: Server::Rabbitmq } => Servers::open(&dir)?.rabbitmq.restart()?,
    }
    Ok(ExitCode::SUCCESS)
}

/// One server's line in a list.
pub fn state(process: Option<Process>, port: u16) -> String {
    process.map_or_else(|| format!("port {port}  stopped"), |p| format!("port {port}  running, pid {}", p.pid))
}
