//! Every crate we link may be used under a licence of the list in `.deny.toml`. Needs no network.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use cargo_metadata::Package;
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use crate::workspace::{cargo, root};

/// The table `[licenses]` in cargo-deny's format.
#[derive(Deserialize)]
pub struct Policy {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// Licences allowed to one crate only.
#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate", alias = "name")]
    name: String,
    allow: Vec<String>,
}

/// Fails with every crate that has no allowed licence.
pub fn check(policy: &Policy) -> Result<()> {
    let allowed = licensees(&policy.allow)?;
    let exceptions = policy
        .exceptions
        .iter()
        .map(|Exception { name, allow }| Ok((name.as_str(), licensees(allow)?)))
        .collect::<Result<BTreeMap<_, _>>>()?;
    let refused: Vec<String> = packages()?
        .iter()
        .filter_map(|package| {
            let also = exceptions.get(package.name.as_str()).map(Vec::as_slice).unwrap_or_default();
            let refused = refusal(package.license.as_deref(), &[allowed.as_slice(), also].concat())?;
            Some(format!("{} {}: {refused}", package.name, package.version))
        })
        .collect();
    ensure!(refused.is_empty(), "not allowed by .deny.toml:\n  {}", refused.join("\n  "));
    Ok(())
}

/// What is built on this platform; the sources of crates for others need not be there.
fn packages() -> Result<Vec<Package>> {
    let version = cargo()?.args(["-vV"]).output()?;
    let version = String::from_utf8(version.stdout)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("cargo does not name its host")?;
    let options = ["--locked", "--filter-platform", host].map(str::to_owned).to_vec();
    let metadata = cargo_metadata::MetadataCommand::new()
        .manifest_path(root()?.join("Cargo.toml"))
        .other_options(options)
        .exec()?;
    Ok(metadata.packages.into_iter().filter(|package| package.source.is_some()).collect())
}

fn licensees(names: &[String]) -> Result<Vec<Licensee>> {
    names.iter().map(|name| Licensee::parse(name).with_context(|| format!("{name} is no SPDX licence"))).collect()
}

/// Why a crate with this licence expression may not be used, if so.
fn refusal(expression: Option<&str>, allowed: &[Licensee]) -> Option<String> {
    let Some(expression) = expression else { return Some("states no licence".to_owned()) };
    match Expression::parse_mode(expression, ParseMode::LAX) {
        Err(error) => Some(format!("{expression} is not an SPDX expression: {}", error.reason)),
        Ok(parsed) if parsed.evaluate(|required| allowed.iter().any(|licensee| licensee.satisfies(required))) => None,
        Ok(_) => Some(expression.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{licensees, refusal};

    #[test]
    fn expressions_are_evaluated() {
        let allowed = licensees(&["MIT".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()]).unwrap();
        let refusal = |expression| refusal(expression, &allowed);
        assert_eq!(refusal(Some("MIT OR GPL-3.0")), None);
        assert_eq!(refusal(Some("MIT/Apache-2.0")), None);
        assert_eq!(refusal(Some("Apache-2.0 WITH LLVM-exception")), None);
        assert!(refusal(Some("Apache-2.0")).is_some());
        assert!(refusal(Some("MIT AND ISC")).is_some());
        assert!(refusal(Some("do what you like")).is_some());
        assert!(refusal(None).is_some());
    }
}
