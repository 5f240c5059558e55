//! The service `messages` as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    let defaults = [messages::DEFAULTS, bus::DEFAULTS, contracts::rpc::DEFAULTS];
    runtime::run("messages", &defaults, messages::serve)
}
