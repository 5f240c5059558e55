//! `cargo xtask schema drift`: the migrations of both engines and `schema.rs` describe the same tables.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use crate::test::cargo_test;

/// Arguments of `schema`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Copy, Subcommand)]
enum Action {
    /// Fails when the engines, or the code, disagree
    Drift,
}

/// The part of its name that every such test has.
const TESTS: &str = "same_schema";

/// Runs `schema`.
pub fn run(args: &Args) -> Result<ExitCode> {
    match args.action {
        Action::Drift => cargo_test(&[TESTS.to_owned()]),
    }
}
