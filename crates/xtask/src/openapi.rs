//! `cargo xtask openapi`: writes the OpenAPI documents and the coverage pages. That they are what the code says is tested.

use std::process::ExitCode;

use anyhow::Result;

use crate::workspace::{self, cargo, root};

/// Runs `openapi`.
pub fn run() -> Result<ExitCode> {
    let mut run = cargo()?;
    run.args(["run", "--quiet", "--package", "surfaces", "--example", "openapi", "--"]).arg(root()?.join("docs"));
    workspace::status(&mut run).map(workspace::code)
}
