//! The service `realtime` as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    let defaults = [realtime::DEFAULTS, bus::DEFAULTS, contracts::rpc::DEFAULTS];
    runtime::run("realtime", &defaults, realtime::serve)
}
