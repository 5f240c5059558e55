//! Every command of our pages, run as it is written. How a block says what it is: `CONTRIBUTING.md`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::*;

/// Words behind `sh` for blocks that are not run here, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    ("long", "the build server runs it anyway, or it builds everything"),
    ("docker", "needs Docker"),
    ("kubernetes", "needs a cluster"),
    ("servers", "needs servers of its own, which the page names"),
    ("example", "has names the reader fills in"),
];

/// Where our pages lie: files, and directories searched through.
const PAGES: &[&str] = &["README.md", "CONTRIBUTING.md", "docs", "deploy"];

/// What a fence is.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// Pasted into the page's shell.
    Run,
    /// Starts the process that the following blocks talk to: its arguments.
    Start(Vec<String>),
    /// Pasted; does not end by itself, and is ended once it has said something.
    Lasting,
    /// What the block before it prints.
    Printed,
    /// No command, or one that is not run here.
    Passed,
}

#[derive(Debug)]
struct Block {
    line: usize,
    kind: Kind,
    text: String,
}

/// The fences of a page. A shell's block that does not say what it is in our words is an error.
fn blocks(page: &str) -> Result<Vec<Block>, String> {
    let (mut blocks, mut open): (Vec<Block>, Option<(usize, &str, String)>) = (Vec::new(), None);
    for (at, line) in page.lines().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(info)) => open = Some((at + 1, info.trim(), String::new())),
            (None, None) => {}
            (Some((_, _, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (Some(_), Some(_)) => {
                let (line, info, text) = open.take().unwrap();
                let kind = kind(info, &text).map_err(|problem| format!("line {line}: {problem}"))?;
                blocks.push(Block { line, kind, text });
            }
        }
    }
    match open {
        None => Ok(blocks),
        Some((line, ..)) => Err(format!("line {line}: the block does not end")),
    }
}

fn kind(info: &str, text: &str) -> Result<Kind, String> {
    let words: Vec<&str> = info.split_whitespace().collect();
    match words.as_slice() {
        ["sh"] => Ok(Kind::Run),
        ["sh", "start"] => {
            let args =
                text.trim().strip_prefix("cargo run --release").ok_or("`sh start` is for `cargo run --release`")?;
            let args = args.split_once(" -- ").map(|(_, args)| args).unwrap_or_default();
            Ok(Kind::Start(args.split_whitespace().map(str::to_owned).collect()))
        }
        ["sh", "lasting"] => Ok(Kind::Lasting),
        ["sh", why] if ELSEWHERE.iter().any(|(word, _)| word == why) => Ok(Kind::Passed),
        ["text", "printed"] => Ok(Kind::Printed),
        ["sh" | "bash" | "shell" | "console" | "zsh" | "sh-session", ..] => {
            let known: Vec<&str> = ELSEWHERE.iter().map(|(word, _)| *word).collect();
            Err(format!("write `sh`, alone or with start, lasting, {}; this is `{info}`", known.join(", ")))
        }
        _ => Ok(Kind::Passed),
    }
}

/// What the blocks of one process print, as a script: each into a file of its own, in one shell, as they are pasted.
fn script(blocks: &[Block]) -> String {
    let mut script = "set -e -o pipefail\n".to_owned();
    for Block { line, kind, text } in blocks {
        match kind {
            Kind::Run => writeln!(script, "{{\n{text}}} > {line}.out").unwrap(),
            // A process group of its own, so that all of it can be ended.
            Kind::Lasting => writeln!(
                script,
                "set -m; (\n{text}) > {line}.out & LASTING=$!; set +m\n\
                 until [ -s {line}.out ]; do kill -0 $LASTING; sleep 0.1; done; kill -- -$LASTING"
            )
            .unwrap(),
            Kind::Start(_) | Kind::Printed | Kind::Passed => {}
        }
    }
    script
}

/// Runs the blocks against one process, and says what went wrong.
fn paste(args: &[String], blocks: &[Block]) -> Result<(), String> {
    let place = home().join(unique("pasted"));
    std::fs::create_dir_all(&place).unwrap();
    let options = Options { args: args.to_vec(), ..Options::default() };
    let process = Parlance::start(&home().join(unique("pages")), &options).map_err(|e| format!("{e:#}"))?;
    symlink(&process.data_dir, place.join("data")).unwrap();
    for entry in std::fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name();
        if name != "data" && name != "target" {
            symlink(root().join(&name), place.join(&name)).unwrap();
        }
    }
    let path = format!("{}:{}", bin_dir().display(), env("PATH").unwrap_or_default());
    let commands = script(blocks);
    let mut shell = Command::new("timeout");
    let output = shell.args(["120", "bash", "-c", &commands]).env("PATH", path).current_dir(&place).output().unwrap();
    let out = |line: usize| std::fs::read_to_string(place.join(format!("{line}.out"))).unwrap_or_default();
    if !output.status.success() {
        let begun: Vec<String> = blocks.iter().map(|b| out(b.line)).filter(|out| !out.is_empty()).collect();
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}\n{}\n{errors}", output.status, begun.join("\n")));
    }
    for pair in blocks.windows(2) {
        let [run, printed] = pair else { continue };
        if printed.kind == Kind::Printed && out(run.line).trim_end() != printed.text.trim_end() {
            return Err(format!("line {}: printed\n{}\nand not\n{}", run.line, out(run.line), printed.text));
        }
    }
    Ok(())
}

/// A page's blocks, run: a process for each `sh start`, and one for what stands before the first.
fn run(page: &str) -> Result<usize, String> {
    let mut parts: Vec<(Vec<String>, Vec<Block>)> = vec![(Vec::new(), Vec::new())];
    for block in blocks(page)? {
        match block.kind {
            Kind::Start(args) => parts.push((args, Vec::new())),
            _ => parts.last_mut().unwrap().1.push(block),
        }
    }
    let runs = |block: &&Block| matches!(block.kind, Kind::Run | Kind::Lasting);
    let mut count = 0;
    for (args, blocks) in &parts {
        let commands = blocks.iter().filter(runs).count();
        if commands > 0 {
            paste(args, blocks)?;
        }
        count += commands;
    }
    Ok(count)
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file below `path` of this kind.
fn files(path: PathBuf, kind: &str, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        for path in inside {
            files(path, kind, found);
        }
    } else if path.extension().is_some_and(|extension| extension == kind) {
        found.push(path);
    }
}

#[test]
fn every_command_of_our_pages_runs() {
    let mut found = Vec::new();
    for page in PAGES {
        files(root().join(page), "md", &mut found);
    }
    let (mut count, mut wrong) = (0, Vec::new());
    for page in found {
        let name = page.strip_prefix(root()).unwrap().display();
        match run(&std::fs::read_to_string(&page).unwrap()) {
            Ok(commands) => count += commands,
            Err(problem) => wrong.push(format!("{name}: {problem}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(count >= 8, "two conversations of the README and six blocks of docs/conversations.md, at least: {count}");
}

#[test]
fn a_block_says_what_it_is() {
    assert_eq!(kind("sh", "true"), Ok(Kind::Run));
    let start = kind("sh start", "cargo run --release -- --allow-egress 127.0.0.1/32\n");
    assert_eq!(start, Ok(Kind::Start(vec!["--allow-egress".to_owned(), "127.0.0.1/32".to_owned()])));
    assert_eq!(kind("sh docker", "docker compose up"), Ok(Kind::Passed));
    assert_eq!(kind("python", ""), Ok(Kind::Passed));
    for unknown in ["bash", "console", "sh later", "sh start"] {
        assert!(kind(unknown, "true").is_err(), "{unknown}");
    }
    assert!(blocks("```sh\ntrue\n").is_err());
}

/// That a failing command, and another output than the page's, are seen.
#[test]
fn what_does_not_run_is_told() {
    assert!(run("```sh\nfalse\n```\n").is_err());
    assert!(run("```sh\necho one\n```\n```text printed\ntwo\n```\n").unwrap_err().contains("printed\none"));
    assert_eq!(run("```sh\nA=1\n```\n```sh lasting\necho $A; tail -f /dev/null\n```\n```sh\necho two\n```\n"), Ok(3));
}

/// What `docs/security.md` promises is held by tests: each that it names must be one.
#[test]
fn every_test_that_is_named_exists() {
    let page = std::fs::read_to_string(root().join("docs/security.md")).unwrap();
    // The last column of the tables headed so.
    let rows = page.lines().filter(|line| line.starts_with("| ") && line.matches('|').count() == 3);
    let named: BTreeSet<&str> = rows
        .filter_map(|row| row.trim_end_matches([' ', '|']).rsplit(" | ").next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 40, "{named:?}");
    let mut sources = Vec::new();
    for dir in ["crates", "services", "proto-events", "tests"] {
        files(root().join(dir), "rs", &mut sources);
    }
    let code: String = sources.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let is_defined = |name: &&&str| code.contains(&format!("fn {name}("));
    let missing: Vec<&&str> = named.iter().filter(|name| !is_defined(name)).collect();
    assert!(missing.is_empty(), "docs/security.md names tests that do not exist: {missing:?}");
}
