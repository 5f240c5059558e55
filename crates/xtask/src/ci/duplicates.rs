//! A budget for crates built in more than one version: each costs build time and bytes, and few can be avoided at once.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use serde::Deserialize;

use crate::workspace::cargo;

/// The table `[budget]` of `.deny.toml`; ours, cargo-deny does not read it.
#[derive(Deserialize)]
pub struct Budget {
    /// The most versions beyond the first, over all crates.
    extra_versions: usize,
    /// Why as many.
    reason: String,
}

/// Fails when more versions are built than the budget allows; says so when it could be lowered.
pub fn check(budget: &Budget) -> Result<()> {
    let tree = cargo()?.args(["tree", "--workspace", "--duplicates", "--depth", "0", "--locked"]).output()?;
    ensure!(tree.status.success(), "cargo tree: {}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout)?;
    let several = several(&tree);
    let extra: usize = several.values().map(|versions| versions.len() - 1).sum();
    let list = several
        .iter()
        .map(|(name, versions)| format!("{name} {}", versions.iter().copied().collect::<Vec<_>>().join(", ")));
    let list: Vec<String> = list.collect();
    let Budget { extra_versions, reason } = budget;
    ensure!(
        extra <= *extra_versions,
        "{extra} versions beyond the first, and .deny.toml allows {extra_versions} ({reason}):\n  {}",
        list.join("\n  ")
    );
    if extra < *extra_versions {
        eprintln!("{extra} versions beyond the first: the budget of {extra_versions} in .deny.toml can be lowered");
    }
    Ok(())
}

/// The crates with several versions. The tree also names a crate twice that is built with two sets of features.
fn several(tree: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut crates: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, version) in tree.lines().filter_map(|line| line.split_once(" v")) {
        crates.entry(name).or_default().insert(version.split(' ').next().unwrap_or(version));
    }
    crates.retain(|_, versions| versions.len() > 1);
    crates
}

#[cfg(test)]
mod tests {
    #[test]
    fn versions_are_counted_and_features_are_not() {
        let tree =
            "base64 v0.22.1\n\nbase64 v0.23.1\n\nlog v0.4.35\n\nlog v0.4.35 (*)\n\n[dev-dependencies]\nrand v0.8.8\n";
        let several = super::several(tree);
        assert_eq!(several.keys().collect::<Vec<_>>(), [&"base64"]);
        assert_eq!(several["base64"].len(), 2);
    }
}
