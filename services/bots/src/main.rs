//! The service `bots` as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    let defaults = [bots::DEFAULTS, bus::DEFAULTS, contracts::rpc::DEFAULTS];
    runtime::run("bots", &defaults, bots::serve)
}
