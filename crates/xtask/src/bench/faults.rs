//! The fault test with 20 kills of each process in place of 5, and its counts.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::Context;
use super::row::Row;
use crate::signals;

const ROUNDS: &str = "20";
const COUNTS: [&str; 5] = ["attempts", "acknowledged", "lost", "duplicated", "reordered"];

/// Runs it as `cargo xtask test` does; what it prints goes through.
pub fn run(_: &Context) -> Result<Vec<Row>> {
    let mut test = Command::new(std::env::current_exe()?);
    test.args(["test", "--package", "e2e", "--test", "it", "faults", "--", "--nocapture"]);
    let mut child = test.env("PARLANCE_FAULT_ROUNDS", ROUNDS).stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let stdout = BufReader::new(child.stdout.take().context("no standard output")?);
    let mut rows = Vec::new();
    for line in stdout.lines() {
        let line = line?;
        eprintln!("{line}");
        if let Some(counts) = counts(&line) {
            rows.extend(COUNTS.into_iter().zip(counts).map(|(name, n)| row(name, n)));
        }
    }
    let status = child.wait()?;
    signals::check()?;
    ensure!(status.success(), "the fault test failed");
    ensure!(!rows.is_empty(), "the fault test told no counts");
    Ok(rows)
}

fn row(name: &str, count: f64) -> Row {
    let row = if matches!(name, "attempts" | "acknowledged") { Row::figure } else { Row::none };
    row(format!("faults, {ROUNDS} kills each, {name}"), "messages", count)
}

/// The counts of a line that has all of them, each as `name=1`, `name: 1`, `"name":1` or `1 name`.
fn counts(line: &str) -> Option<Vec<f64>> {
    COUNTS.iter().map(|name| count(line, name)).collect()
}

fn count(line: &str, name: &str) -> Option<f64> {
    let (before, after) = line.split_once(name)?;
    let after = after.trim_start_matches(['"', ':', '=', ' ']);
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
    let behind = digits(after);
    if !behind.is_empty() {
        return behind.parse().ok();
    }
    before.trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::counts;

    #[test]
    fn counts_are_found_however_they_are_written() {
        let wanted = Some(vec![12.0, 11.0, 0.0, 2.0, 3.0]);
        assert_eq!(counts("faults: attempts=12 acknowledged=11 lost=0 duplicated=2 reordered=3"), wanted);
        assert_eq!(counts("12 attempts, 11 acknowledged, 0 lost, 2 duplicated, 3 reordered"), wanted);
        assert_eq!(counts(r#"{"attempts":12,"acknowledged":11,"lost":0,"duplicated":2,"reordered":3}"#), wanted);
        assert_eq!(counts("acknowledged 11"), None);
    }
}
