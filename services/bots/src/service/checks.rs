//! Who may call, and which values are taken.

use contracts::Invalid;
use contracts::bots::BotsError;
use domain::{Principal, Role};
use runtime::http_client::EgressPolicy;

/// Characters of a department's name.
const NAME: usize = 100;
/// Agents of a department.
const AGENTS: usize = 1000;
/// Characters of a URL.
const URL: usize = 2048;
/// Characters of a client's own key.
const KEY: usize = 255;
/// Characters of a note.
const NOTE: usize = 20_000;
/// Tags of an interaction.
const TAGS: usize = 100;
/// Bytes of what a client wants back, as JSON.
const EXTRA: usize = 65_536;
/// Characters of the word for how a customer came.
const WORD: usize = 64;
/// Chats asked about at once.
const ASKED: usize = 1000;

type Checked<T> = Result<T, BotsError>;

fn refuse<T>(field: &str, problem: impl Into<String>) -> Checked<T> {
    Err(Invalid::new(field, problem).into())
}

/// Managers, and whoever stands for the tenant as a whole.
pub fn read(by: &Principal) -> Checked<()> {
    if by.manages() { Ok(()) } else { Err(BotsError::Forbidden) }
}

/// The same, or a bot with a credential of its own; where the credential may write. Which interactions a bot may act on is
/// for `with_bot`.
pub fn bot(by: &Principal) -> Checked<()> {
    let own = by.role == Role::Bot && by.user.is_some() && by.chat.is_none();
    if (own || by.manages()) && by.scopes.write { Ok(()) } else { Err(BotsError::Forbidden) }
}

/// Managers and the tenant as a whole, where the credential may write.
pub fn write(by: &Principal) -> Checked<()> {
    read(by)?;
    if by.scopes.write { Ok(()) } else { Err(BotsError::Forbidden) }
}

/// A text of at most `max` characters that both engines can hold.
fn text(field: &str, value: String, max: usize) -> Checked<String> {
    if value.contains('\0') {
        return refuse(field, "must not contain a NUL character");
    }
    if value.chars().count() > max {
        return refuse(field, format!("must have at most {max} characters"));
    }
    Ok(value)
}

/// A department's name.
pub fn name(value: &str) -> Checked<String> {
    let value = text("name", value.trim().to_owned(), NAME)?;
    if value.is_empty() { refuse("name", "must not be empty") } else { Ok(value) }
}

/// A URL that may be called.
pub fn url(policy: &EgressPolicy, value: &str) -> Checked<()> {
    text("url", value.to_owned(), URL)?;
    policy.vet_url(value).map(drop).map_err(|refused| BotsError::EgressRefused(refused.to_string()))
}

/// How many agents.
pub fn agents(count: usize) -> Checked<()> {
    if count > AGENTS { refuse("agents", format!("must be at most {AGENTS}")) } else { Ok(()) }
}

/// A client's own key of a customer.
pub fn customer_key(value: String) -> Checked<String> {
    text("customer_key", value, KEY)
}

/// What is noted.
pub fn note(value: String) -> Checked<String> {
    text("note", value, NOTE)
}

/// Tags, as they are stored.
pub fn tags(mut value: Vec<i64>) -> Checked<String> {
    let mut seen = std::collections::BTreeSet::new();
    value.retain(|tag| seen.insert(*tag));
    if value.len() > TAGS {
        return refuse("tags", format!("must be at most {TAGS}"));
    }
    Ok(serde_json::Value::from(value).to_string())
}

/// What a client wants back, as it is stored. Nothing is nothing.
pub fn extra(value: Option<serde_json::Value>) -> Checked<Option<String>> {
    let json = value.filter(|value| !value.is_null()).map(|value| value.to_string());
    match &json {
        Some(json) if json.len() > EXTRA => refuse("extra", format!("must have at most {EXTRA} bytes")),
        _ => Ok(json),
    }
}

/// Where a client keeps what was said before.
pub fn external_history(value: Option<String>) -> Checked<Option<String>> {
    value.map(|url| text("external_history", url, URL)).transpose()
}

/// How a customer came.
pub fn media_type(value: Option<String>) -> Checked<Option<String>> {
    value.map(|word| text("media_type", word, WORD)).transpose()
}

/// Chats asked about at once.
pub fn asked(count: usize) -> Checked<()> {
    if count > ASKED { refuse("chats", format!("must be at most {ASKED}")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_a_set_in_their_order() {
        assert_eq!(tags(vec![3, 1, 3]).unwrap(), "[3,1]");
        assert!(tags((0..101).collect()).is_err());
    }

    #[test]
    fn a_name_is_trimmed_and_not_empty() {
        assert_eq!(name(" Sales ").unwrap(), "Sales");
        assert!(name(" ").is_err() && name(&"é".repeat(101)).is_err() && name("a\0").is_err());
    }

    #[test]
    fn what_a_client_wants_back_may_be_anything() {
        assert_eq!(extra(Some(serde_json::Value::Null)).unwrap(), None);
        assert_eq!(extra(Some(serde_json::json!({"a": 1}))).unwrap().as_deref(), Some(r#"{"a":1}"#));
        assert!(extra(Some("x".repeat(65_536).into())).is_err());
    }

    #[test]
    fn a_url_inside_is_refused_by_name_of_the_option() {
        let refused = url(&EgressPolicy::default(), "http://127.0.0.1:9/").unwrap_err();
        assert!(matches!(&refused, BotsError::EgressRefused(text) if text.contains("--allow-egress")), "{refused}");
    }
}
