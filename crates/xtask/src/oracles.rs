//! Clients from outside that tests drive against us, as their vendors ship them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::servers;

/// The package and its version.
const ODOORPC: &str = "OdooRPC==0.10.1";

/// The variable that names the Python which has OdooRPC.
pub const ODOORPC_ENV: &str = "PARLANCE_TEST_ODOORPC";

/// The Python of an environment of our own under `target` that has OdooRPC; made when it is not there. Whoever calls us may
/// bring another.
pub fn odoorpc(target: &Path) -> Result<Option<PathBuf>> {
    if std::env::var_os(ODOORPC_ENV).is_some() {
        return Ok(None);
    }
    let dir = target.join("oracles/odoorpc-0.10.1");
    let python = dir.join("bin/python");
    if has_odoorpc(&python) {
        return Ok(Some(python));
    }
    servers::install_programs(&[("python3", "python3")])?;
    if !succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])) {
        servers::install_package("python3-venv")?;
    }
    eprintln!("installing {ODOORPC} into {}", dir.display());
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&dir))?;
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ODOORPC]))?;
    ensure!(has_odoorpc(&python), "{} has no OdooRPC after its installation", python.display());
    Ok(Some(python))
}

fn has_odoorpc(python: &Path) -> bool {
    python.exists()
        && succeeds(Command::new(python).args(["-c", "import odoorpc; assert odoorpc.__version__ == '0.10.1'"]))
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn run(command: &mut Command) -> Result<()> {
    // Standard output carries only what other programs read.
    let status = command.stdout(std::io::stderr()).status().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}
