//! `cargo xtask events`: writes what describes the events. That it is what the code says is tested.

use std::process::ExitCode;

use anyhow::Result;

use crate::workspace::{self, cargo, root};

/// Runs `events`.
pub fn run() -> Result<ExitCode> {
    let mut run = cargo()?;
    run.args(["run", "--quiet", "--package", "bus", "--example", "events", "--"]).arg(root()?.join("docs"));
    workspace::status(&mut run).map(workspace::code)
}
