//! `cargo xtask compose-env`: the secrets of `docker-compose.yml`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::stack::SERVICES;
use crate::{secret, workspace};

/// Arguments of `compose-env`.
#[derive(clap::Args)]
pub struct Args {
    /// Replace a file that is there. Databases and secrets made under the old one cannot be read with the new one
    #[arg(long)]
    force: bool,
    /// Where to write [default: .env beside docker-compose.yml]
    #[arg(long)]
    file: Option<PathBuf>,
}

/// Runs `compose-env`.
pub fn run(args: &Args) -> Result<ExitCode> {
    let path = args.file.clone().map_or_else(|| workspace::root().map(|root| root.join(".env")), Ok)?;
    write(&path, args.force)?;
    eprintln!("wrote {}: keep it as safe as the data", path.display());
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, force: bool) -> Result<()> {
    let there = path.symlink_metadata().is_ok();
    ensure!(force || !there, "{} is there already; --force replaces it, and with it every secret", path.display());
    let mut text = "# Made by cargo xtask compose-env. Secret; part of every backup.\n".to_owned();
    for name in names() {
        let value = secret::hex()?;
        let value = if is_key(&name) { format!("k1:{value}") } else { value };
        text.extend([name.as_str(), "=", &value, "\n"]);
    }
    secret::write(path, &text)
}

/// Every variable that is drawn.
pub fn names() -> Vec<String> {
    let databases = SERVICES.iter().map(|service| format!("PARLANCE_{}_DATABASE_PASSWORD", service.to_uppercase()));
    let others = ["RPC_SECRET", "INSTANCE_KEYS", "SECRET_KEYS", "ROOT_TOKEN"];
    let servers = ["POSTGRES_PASSWORD", "RABBITMQ_PASSWORD", "GRAFANA_PASSWORD"];
    let named = others.into_iter().chain(servers).map(|name| format!("PARLANCE_{name}"));
    named.chain(databases).collect()
}

/// A list of keys has ids, so that later ones can be put before it.
fn is_key(name: &str) -> bool {
    name.ends_with("_KEYS")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn secrets_differ_and_are_not_replaced_by_accident() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".env");
        super::write(&path, false).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let first = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = first.lines().filter_map(|line| line.split_once('=')).collect();
        assert_eq!(lines.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>(), super::names());
        assert_eq!(lines.iter().map(|(_, value)| value).collect::<BTreeSet<_>>().len(), lines.len());
        assert!(lines.iter().all(|(_, value)| value.trim_start_matches("k1:").len() == 64));
        assert!(super::write(&path, false).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), first);
        super::write(&path, true).unwrap();
        assert_ne!(std::fs::read_to_string(&path).unwrap(), first);
    }
}
