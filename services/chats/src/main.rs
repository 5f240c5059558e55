//! The service `chats` as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    let defaults = [chats::DEFAULTS, bus::DEFAULTS, contracts::rpc::DEFAULTS];
    runtime::run("chats", &defaults, chats::serve)
}
