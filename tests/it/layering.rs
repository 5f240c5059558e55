//! The dependency table of `docs/`'s architecture, and the house rules about sizes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

const SERVICES: [&str; 6] = ["auth", "users", "chats", "messages", "realtime", "bots"];

/// Which of our crates each of them may use.
fn allowed() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut table: BTreeMap<&str, BTreeSet<&str>> = [
        ("domain", vec![]),
        ("proto-events", vec!["domain"]),
        ("contracts", vec!["domain"]),
        ("store", vec!["domain"]),
        ("bus", vec!["domain", "store", "proto-events"]),
        ("runtime", vec![]),
        ("surfaces", vec!["domain", "contracts"]),
        ("gateway", vec!["domain", "surfaces", "contracts", "runtime"]),
        // What every service's process is made of: decision 0010.
        ("host", vec!["domain", "contracts", "store", "bus", "proto-events", "runtime"]),
        ("xtask", vec![]),
        ("e2e", vec!["parlance"]),
    ]
    .map(|(name, uses)| (name, uses.into_iter().collect()))
    .into();
    for service in SERVICES {
        table.insert(service, ["domain", "contracts", "store", "bus", "proto-events", "runtime", "host"].into());
    }
    // They draw what they tell in the vendors' shapes.
    for service in ["bots", "realtime"] {
        table.entry(service).or_default().insert("surfaces");
    }
    let everything = table.keys().copied().filter(|name| !matches!(*name, "e2e" | "xtask")).collect();
    table.insert("parlance", everything);
    table
}

fn metadata() -> Metadata {
    let manifest = root().join("Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().other_options(vec!["--offline".to_owned()]).exec().unwrap()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Our crates among the dependencies of `package`.
fn ours<'p>(package: &'p Package, names: &BTreeSet<&str>, kind: Option<DependencyKind>) -> Vec<&'p str> {
    let of_kind = package.dependencies.iter().filter(|dependency| kind.is_none_or(|kind| dependency.kind == kind));
    of_kind.map(|dependency| dependency.name.as_str()).filter(|name| names.contains(name)).collect()
}

#[test]
fn nobody_uses_what_the_table_does_not_allow() {
    let (metadata, table) = (metadata(), allowed());
    let names: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    assert_eq!(names, table.keys().copied().collect(), "every crate is in the table");
    for package in &metadata.packages {
        let may = &table[package.name.as_str()];
        // Tests too: what a test reaches into is what somebody else may not change.
        for used in ours(package, &names, None) {
            let itself = used == package.name.as_str();
            assert!(may.contains(used) || itself, "{} must not use {used}", package.name);
        }
    }
}

#[test]
fn only_the_gateway_and_the_all_in_one_handle_http_for_vendors() {
    for package in metadata().packages {
        let with_http = package.dependencies.iter().any(|dependency| {
            dependency.name == "surfaces" && dependency.features.iter().any(|feature| feature == "http")
        });
        let may = matches!(package.name.as_str(), "gateway" | "parlance");
        assert!(may || !with_http, "{} must use surfaces without `http`", package.name);
    }
}

#[test]
fn there_is_no_drawer_for_odds_and_ends() {
    let drawers = ["common", "utils", "util", "shared", "helpers", "misc", "core"];
    for package in metadata().packages {
        assert!(!drawers.contains(&package.name.as_str()), "{}", package.name);
    }
    for file in sources() {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(!drawers.contains(&stem.as_str()), "{}", file.display());
    }
}

#[test]
fn every_crate_says_what_it_is_for() {
    for package in metadata().packages {
        assert!(
            package.description.as_ref().is_some_and(|text| !text.is_empty()),
            "{} has no description",
            package.name
        );
        let folder = package.manifest_path.parent().unwrap();
        assert!(folder.join("README.md").exists(), "{} has no README.md", package.name);
    }
}

/// Every source file that is ours, without what is generated.
fn sources() -> Vec<PathBuf> {
    fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                walk(&entry, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                found.push(entry);
            }
        }
    }
    let mut found = Vec::new();
    for top in ["crates", "services", "proto-events", "tests"] {
        walk(&root().join(top), &mut found);
    }
    found
}

fn lines(file: &Path) -> usize {
    std::fs::read_to_string(file).unwrap().lines().count()
}

#[test]
fn files_are_short() {
    for file in sources() {
        let test = file.components().any(|part| part.as_os_str() == "tests");
        let most = if test { 800 } else { 500 };
        assert!(lines(&file) <= most, "{} has {} lines", file.display(), lines(&file));
        if file.ends_with("src/main.rs") {
            assert!(lines(&file) <= 15, "{} has {} lines", file.display(), lines(&file));
        }
    }
}

/// The product's word is chat; a vendor's words stay in the vendor's folder.
#[test]
fn surfaces_do_not_know_each_other() {
    let vendors = ["voipbin", "imbee"];
    for vendor in vendors {
        for file in sources().iter().filter(|file| file.components().any(|part| part.as_os_str() == vendor)) {
            let text = std::fs::read_to_string(file).unwrap();
            for other in
                vendors.iter().filter(|other| **other != vendor && file.starts_with(root().join("crates/surfaces")))
            {
                assert!(!text.contains(&format!("crate::{other}")), "{} reaches into {other}", file.display());
            }
        }
    }
}
