//! What a bench found, and how it is shown.

use std::fmt::Write as _;

use serde::Serialize;

/// One figure beside its limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// What both figures count: "msgs/s", "MiB", "ms".
    pub unit: &'static str,
    /// The limit, measured in the same run, or an amount allowed; a row without one is only reported.
    pub limit: Option<f64>,
    /// What we reached.
    pub measured: f64,
    /// Measured divided by limit; the other way round for amounts that must stay small.
    pub ratio: Option<f64>,
    /// What the ratio must reach.
    pub must: Option<f64>,
    /// Whether it does; a row that need not reach anything does not say.
    pub pass: Option<bool>,
}

impl Row {
    /// A figure that must reach `must` times `limit`.
    pub fn against(name: impl Into<String>, unit: &'static str, limit: f64, measured: f64, must: f64) -> Self {
        Self::with_ratio(name.into(), unit, limit, measured, measured / limit, must)
    }

    /// A figure that must not exceed `allowed`.
    pub fn at_most(name: impl Into<String>, unit: &'static str, allowed: f64, measured: f64) -> Self {
        Self::with_ratio(name.into(), unit, allowed, measured, allowed / measured, 1.0)
    }

    /// A figure that must be nought.
    pub fn none(name: impl Into<String>, unit: &'static str, measured: f64) -> Self {
        Self { pass: Some(measured == 0.0), ..Self::figure(name, unit, measured) }
    }

    /// A figure by itself.
    pub fn figure(name: impl Into<String>, unit: &'static str, measured: f64) -> Self {
        Self { name: name.into(), unit, limit: None, measured, ratio: None, must: None, pass: None }
    }

    fn with_ratio(name: String, unit: &'static str, limit: f64, measured: f64, ratio: f64, must: f64) -> Self {
        // A ratio that is no number reaches nothing.
        Self {
            name,
            unit,
            limit: Some(limit),
            measured,
            ratio: Some(ratio),
            must: Some(must),
            pass: Some(ratio >= must),
        }
    }

    /// Whether it falls short.
    pub fn misses(&self) -> bool {
        self.pass == Some(false)
    }
}

/// The rows as a table, a line each.
pub fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(4);
    let mut out = format!(
        "{:width$}  {:>12}  {:>12}  {:8}  {:>6}  {:>6}\n",
        "name", "limit", "measured", "unit", "ratio", "must"
    );
    for row in rows {
        let Row { name, unit, limit, measured, ratio, must, pass } = row;
        let number = |value: &Option<f64>, digits| value.map_or_else(String::new, |value| format!("{value:.digits$}"));
        let (limit, ratio, must) = (number(limit, 1), number(ratio, 2), number(must, 2));
        let verdict = match pass {
            None => "",
            Some(true) => "  ok",
            Some(false) => "  misses",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:width$}  {limit:>12}  {measured:>12.1}  {unit:8}  {ratio:>6}  {must:>6}{verdict}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Row, table};

    #[test]
    fn rows_know_when_they_miss() {
        assert!(!Row::against("a", "msgs/s", 100.0, 130.0, 1.3).misses());
        assert!(Row::against("a", "msgs/s", 100.0, 129.0, 1.3).misses());
        assert!(Row::against("a", "msgs/s", 0.0, 0.0, 1.3).misses());
        assert!(!Row::at_most("a", "MiB", 60.0, 11.0).misses());
        assert!(Row::at_most("a", "MiB", 60.0, 61.0).misses());
        assert!(Row::none("lost", "messages", 1.0).misses());
        assert!(!Row::figure("memory", "MiB", 11.0).misses());
    }

    #[test]
    fn the_table_has_a_line_for_each_row() {
        let text =
            table(&[Row::against("append", "msgs/s", 100.0, 50.0, 1.3), Row::figure("idle memory", "MiB", 11.0)]);
        assert_eq!(text.lines().count(), 3);
        assert!(text.lines().nth(1).unwrap().ends_with("misses"));
    }
}
