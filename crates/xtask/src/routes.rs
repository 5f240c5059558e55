//! `cargo xtask routes`: every served URL.

use std::process::ExitCode;

use anyhow::Result;

use crate::test::cargo_run;

/// Arguments of `routes`.
#[derive(clap::Args)]
pub struct Args {
    /// What `parlance routes` takes, `--json` for one
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    args: Vec<String>,
}

/// Runs `routes`.
pub fn run(args: &Args) -> Result<ExitCode> {
    let words: Vec<String> = ["routes".to_owned()].into_iter().chain(args.args.iter().cloned()).collect();
    cargo_run("parlance", &words)
}
