//! The all-in-one: every service, the bus and the gateway in one process, and the operator's command line.

use std::process::ExitCode;

use clap::Parser as _;

mod backup;
mod cli;
mod commands;
mod curl;
mod data_dir;
mod first_start;
#[cfg(test)]
mod lost_peer;
mod remote;
mod serve;
mod settings;
mod stack;

/// Runs the command line.
pub fn main() -> ExitCode {
    commands::run(cli::Cli::parse())
}
