//! The README's conversations, run as they are written.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::harness::*;

/// What stands between fences under a heading: the language and the text of each.
fn blocks(heading: &str) -> Vec<(String, String)> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("README.md");
    let text = std::fs::read_to_string(readme).unwrap();
    let section = text.split("\n## ").find(|section| section.starts_with(heading)).expect("the heading");
    let mut fences = section.split("\n```");
    fences.next();
    let mut blocks = Vec::new();
    // Every second piece lies outside.
    while let Some(block) = fences.next() {
        let (language, text) = block.split_once('\n').unwrap();
        blocks.push((language.to_owned(), text.to_owned()));
        fences.next();
    }
    blocks
}

/// Runs a section's commands where `data` is this process's and `docs` ours.
fn paste(process: &Parlance, commands: &str) -> String {
    let place = home().join(unique("pasted"));
    std::fs::create_dir_all(&place).unwrap();
    symlink(&process.data_dir, place.join("data")).unwrap();
    symlink(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs"), place.join("docs")).unwrap();
    let output = Command::new("timeout").args(["120", "bash", "-c", commands]).current_dir(&place).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[test]
fn five_apis_one_conversation() {
    let blocks = blocks("Five APIs, one conversation");
    let [(_, start), (_, commands), (_, printed)] = blocks.as_slice() else { panic!("three blocks: {blocks:?}") };
    let args: Vec<String> =
        start.trim().split(" -- ").nth(1).expect("arguments").split(' ').map(str::to_owned).collect();
    let process = Parlance::start(&home().join(unique("readme")), &Options { args, env: Vec::new() }).unwrap();
    assert_eq!(paste(&process, commands), format!("{}\n", printed.trim_end()));
}
