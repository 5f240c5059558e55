//! As much of PromQL as it takes to find the names in it.

use std::collections::BTreeSet;

/// Words that are no metric although nothing is called with them.
const WORDS: [&str; 10] = ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left"];

/// The series an expression selects.
pub fn series(expr: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    // Matchers, ranges and lists of labels have names in them that are no series.
    let rest = without(&without(&without_strings(expr), '{', '}'), '[', ']');
    let mut grouping = false;
    let mut chars = rest.char_indices().peekable();
    while let Some((begin, c)) = chars.next() {
        if grouping && c == ')' {
            grouping = false;
        }
        if !(c.is_ascii_alphabetic() || c == '_' || c == ':') {
            if c.is_ascii_digit() {
                // A number, with its unit or exponent.
                while chars.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '.').is_some() {}
            }
            continue;
        }
        let mut end = begin + c.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, c)| c.is_ascii_alphanumeric() || *c == '_' || *c == ':') {
            end = at + c.len_utf8();
        }
        let (word, next) = (&rest[begin..end], rest[end..].trim_start());
        let called = ["(", "by ", "by(", "without ", "without("].iter().any(|open| next.starts_with(open));
        if WORDS.contains(&word) {
            grouping = called && !["and", "or", "unless"].contains(&word);
        } else if !called && !grouping {
            found.insert(word.to_owned());
        }
    }
    found
}

/// The names of labels in `a="x",b="y"}`.
pub fn labels(matchers: &str) -> impl Iterator<Item = String> {
    let names = without_strings(matchers);
    let names: Vec<String> =
        names.trim_end_matches('}').split(',').map(|one| one.trim_end_matches('=').to_owned()).collect();
    names.into_iter().filter(|name| !name.is_empty())
}

fn without_strings(expr: &str) -> String {
    let (mut kept, mut inside, mut escaped) = (String::new(), false, false);
    for c in expr.chars() {
        match c {
            '"' if !escaped => inside = !inside,
            c if !inside => kept.push(c),
            _ => {}
        }
        escaped = inside && c == '\\' && !escaped;
    }
    kept
}

fn without(expr: &str, open: char, close: char) -> String {
    let (mut kept, mut depth) = (String::new(), 0_u32);
    for c in expr.chars() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            kept.push(c);
        }
    }
    kept
}

#[test]
fn names_are_found() {
    let of = |expr: &str| series(expr).into_iter().collect::<Vec<_>>();
    assert_eq!(of("up == 0"), ["up"]);
    assert_eq!(
        of(r#"histogram_quantile(0.99, sum by (le, surface) (rate(a_bucket{route!~"b(c)",x="}"}[5m]))) > 1e3"#),
        ["a_bucket"]
    );
    assert_eq!(of("topk(10, sum(rate(a_total[$__rate_interval])) / sum without(x) (b))"), ["a_total", "b"]);
    assert_eq!(of("max by (job) (a) > 0 and min by (job) (b) == 0"), ["a", "b"]);
    assert_eq!(labels(r#"a="x,y",b="\"z"}"#).collect::<Vec<_>>(), ["a", "b"]);
}
