//! `cargo xtask ci`: everything a change must pass, the quick checks first.

pub mod deploy;
mod duplicates;
mod licences;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use serde::Deserialize;

use crate::workspace::{cargo, root, succeed};

/// `.deny.toml`, as far as we read it.
#[derive(Deserialize)]
struct Policy {
    licenses: licences::Policy,
    budget: duplicates::Budget,
}

impl Policy {
    fn read() -> Result<Self> {
        let path = root()?.join(".deny.toml");
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{}", path.display()))
    }
}

/// Arguments of `ci`.
#[derive(clap::Args)]
pub struct Args {
    /// These steps only
    #[arg(value_enum)]
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    Format,
    Lints,
    Licences,
    Duplicates,
    Deploy,
    Tests,
}

/// Runs `ci`.
pub fn run(args: &Args) -> Result<ExitCode> {
    let steps = if args.steps.is_empty() { Step::value_variants() } else { &args.steps };
    for step in steps {
        eprintln!("== {step:?}");
        let began = Instant::now();
        let code = step.run().with_context(|| format!("{step:?} failed"))?;
        if code != ExitCode::SUCCESS {
            return Ok(code);
        }
        // The last line of the tests stays the last line.
        if *step != Step::Tests {
            eprintln!("== {step:?}: fine, {:.0?}", began.elapsed());
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Step {
    fn run(self) -> Result<ExitCode> {
        match self {
            Self::Format => succeed(cargo()?.args(["fmt", "--all", "--check"]))?,
            Self::Lints => {
                let words = ["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"];
                succeed(cargo()?.args(words))?;
            }
            Self::Licences => licences::check(&Policy::read()?.licenses)?,
            Self::Duplicates => duplicates::check(&Policy::read()?.budget)?,
            Self::Deploy => deploy::check()?,
            Self::Tests => return crate::test::cargo_test(&[]),
        }
        Ok(ExitCode::SUCCESS)
    }
}
