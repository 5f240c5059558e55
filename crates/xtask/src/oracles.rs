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
    let proof = "import odoorpc; assert odoorpc.__version__ == '0.10.1'";
    environment(&target.join("oracles/odoorpc-0.10.1"), &[ODOORPC], proof).map(Some)
}

/// The Python of an environment of its own in `dir` that has `packages`; made when `proof` does not run in it.
pub fn environment(dir: &Path, packages: &[&str], proof: &str) -> Result<PathBuf> {
    let python = dir.join("bin/python");
    if proves(&python, proof) {
        return Ok(python);
    }
    servers::install_programs(&[("python3", "python3")])?;
    if !succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])) {
        servers::install_package("python3-venv")?;
    }
    let wanted = packages.join(", ");
    eprintln!("installing {wanted} into {}", dir.display());
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(dir))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(&python).args(pip).args(packages)).with_context(|| format!("{wanted} must come from PyPI"))?;
    ensure!(proves(&python, proof), "{} has no {wanted} after the installation", python.display());
    Ok(python)
}

fn proves(python: &Path, proof: &str) -> bool {
    python.exists() && succeeds(Command::new(python).args(["-c", proof]))
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
