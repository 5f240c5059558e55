//! Redactions that check what they hide, and waiting for facts.

use std::future::Future;
use std::time::{Duration, Instant};

use insta::internals::Redaction;
use serde_json::Value;

/// Snapshot settings of every test.
pub fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_sort_maps(true);
    settings
}

fn checked(name: &'static str, fits: impl Fn(&str) -> bool + Send + Sync + 'static) -> Redaction {
    insta::dynamic_redaction(move |value, path| {
        let text = value.as_str().unwrap_or_else(|| panic!("{path} is no text: {value:?}"));
        assert!(fits(text), "{path} is no {name}: {text:?}");
        format!("[{name}]")
    })
}

/// Exactly `expected`, shown as `[name]`.
pub fn is(name: &'static str, expected: &str) -> Redaction {
    let expected = expected.to_owned();
    checked(name, move |text| text == expected)
}

/// A UUID in lower case.
pub fn uuid() -> Redaction {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    checked("uuid", move |text| {
        text.len() == 36 && text.char_indices().all(|(at, c)| if dash(at) { c == '-' } else { is_hex(c) })
    })
}

/// `length` hexadecimal digits in lower case.
pub fn hex(length: usize) -> Redaction {
    checked("hex", move |text| text.len() == length && text.chars().all(is_hex))
}

fn is_hex(c: char) -> bool {
    c.is_ascii_digit() || ('a'..='f').contains(&c)
}

fn shaped(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.chars().zip(shape.chars()).all(|(c, s)| if s == '0' { c.is_ascii_digit() } else { c == s })
}

/// `YYYY-MM-DD hh:mm:ss.ffffff`, and not the far future.
pub fn voipbin_time() -> Redaction {
    checked("time", |text| shaped(text, "0000-00-00 00:00:00.000000") && !text.starts_with("9999"))
}

/// `YYYY-MM-DD hh:mm:ss`.
pub fn odoo_time() -> Redaction {
    checked("time", |text| shaped(text, "0000-00-00 00:00:00"))
}

/// `YYYY-MM-DDThh:mm:ss.ffffffZ`.
pub fn rfc3339() -> Redaction {
    checked("time", |text| shaped(text, "0000-00-00T00:00:00.000000Z"))
}

/// `YYYY-MM-DDThh:mm:ss.000000Z`, with six zeros.
pub fn connectnow_time() -> Redaction {
    checked("time", |text| shaped(text, "0000-00-00T00:00:00.000000Z") && text.ends_with(".000000Z"))
}

/// A whole number from 1.
pub fn number() -> Redaction {
    insta::dynamic_redaction(|value, path| {
        assert!(value.as_u64().is_some_and(|n| n > 0), "{path} is no number: {value:?}");
        "[number]"
    })
}

/// How long imBee took: seconds, a number, less than a minute.
pub fn imbee_time() -> Redaction {
    insta::dynamic_redaction(|value, path| {
        let whole = value.as_u64().map(|n| f64::from(u32::try_from(n).unwrap()));
        let seconds = value.as_f64().or(whole).unwrap_or_else(|| panic!("{path} is no number: {value:?}"));
        assert!((0.0..60.0).contains(&seconds), "{path} is no duration: {seconds}");
        "[seconds]"
    })
}

/// The keys of an object, sorted.
#[track_caller]
pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// The texts under `key` of each item.
#[track_caller]
pub fn texts(items: &[Value], key: &str) -> Vec<String> {
    items.iter().map(|item| item[key].as_str().unwrap_or_else(|| panic!("no {key}: {item}")).to_owned()).collect()
}

/// Asks until there is an answer. Nothing here waits for a time; it waits for a fact, and half a minute is a failure.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl FnMut() -> F) -> T {
    eventually_within(Duration::from_secs(30), what, ask).await
}

/// As [`eventually`], with a limit of its own.
pub async fn eventually_within<T, F: Future<Output = Option<T>>>(
    limit: Duration,
    what: &str,
    mut ask: impl FnMut() -> F,
) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "after {} s still not: {what}", limit.as_secs());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
