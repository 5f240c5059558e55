//! The service `users` as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    let defaults = [users::DEFAULTS, bus::DEFAULTS, contracts::rpc::DEFAULTS];
    runtime::run("users", &defaults, users::serve)
}
