//! Developer commands of Parlance, run as `cargo xtask …`.
//!
//! The crate depends on none of ours, so that it builds quickly and can build the rest. What is written for people goes to
//! standard error; standard output carries only what another program reads.

pub mod bench;
pub mod ci;
pub mod compose_env;
pub mod events;
pub mod failures;
pub mod http;
pub mod openapi;
pub mod oracles;
pub mod ports;
pub mod process;
pub mod routes;
pub mod schema;
pub mod secret;
pub mod servers;
pub mod services;
pub mod signals;
pub mod stack;
pub mod test;
pub mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Developer commands of Parlance", disable_version_flag = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Private PostgreSQL and RabbitMQ, for tests run by hand
    Services(services::Args),
    /// Runs every test, on both engines and both buses; arguments go to `cargo test`
    Test(test::Args),
    /// The split deployment on this machine
    Stack(stack::Args),
    /// Writes `.env` for docker compose: every secret, drawn at random
    ComposeEnv(compose_env::Args),
    /// Measures against limits taken in the same run
    Bench(bench::Args),
    /// Every served URL: `parlance routes`
    Routes(routes::Args),
    /// Writes the OpenAPI documents and the coverage pages into `docs`
    Openapi,
    /// Writes `docs/events.md` and `docs/asyncapi.json`
    Events,
    /// The migrations of both engines against `schema.rs`
    Schema(schema::Args),
    /// Everything a change must pass: format, lints, licences, duplicates, deployment files, tests
    Ci(ci::Args),
}

/// Reads the command line, runs the command, and says how it went.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    signals::watch();
    let done = match cli.command {
        Command::Services(args) => services::run(args),
        Command::Test(args) => test::run(&args),
        Command::Stack(args) => stack::run(args),
        Command::ComposeEnv(args) => compose_env::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Routes(args) => routes::run(&args),
        Command::Openapi => openapi::run(),
        Command::Events => events::run(),
        Command::Schema(args) => schema::run(&args),
        Command::Ci(args) => ci::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            signals::caught().map_or(ExitCode::FAILURE, |signal| ExitCode::from(128_u8.saturating_add(signal)))
        }
    }
}
