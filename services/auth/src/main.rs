//! The service `auth` as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    let defaults = [auth::DEFAULTS, bus::DEFAULTS, contracts::rpc::DEFAULTS];
    runtime::run("auth", &defaults, auth::serve)
}
