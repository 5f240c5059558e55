//! Which values are taken.

use contracts::users::UsersError;
use contracts::{Extras, Invalid};

/// Characters of a name.
const NAME: usize = 255;
/// Characters of an e-mail: what SMTP allows.
const EMAIL: usize = 320;
/// Characters of a telephone.
const PHONE: usize = 64;
/// Characters of the free text.
const DETAIL: usize = 20_000;
/// Characters of a URL.
const URL: usize = 2048;
/// Bytes of the extras, as JSON.
const EXTRAS: usize = 65_536;
/// Ids asked for at once.
pub const IDS: usize = 1000;

type Checked<T> = Result<T, UsersError>;

fn refuse<T>(field: &str, problem: impl Into<String>) -> Checked<T> {
    Err(Invalid::new(field, problem).into())
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

/// A text that may be absent; an empty one is.
fn optional(field: &str, value: Option<String>, max: usize) -> Checked<Option<String>> {
    value.filter(|v| !v.trim().is_empty()).map(|v| text(field, v, max)).transpose()
}

pub fn name(value: String) -> Checked<String> {
    if value.trim().is_empty() { refuse("name", "must not be empty") } else { text("name", value, NAME) }
}

pub fn surname(value: Option<String>) -> Checked<Option<String>> {
    optional("surname", value, NAME)
}

/// An e-mail, without the space around it. What stands before and behind the `@` is its server's business.
pub fn email(value: Option<String>) -> Checked<Option<String>> {
    let Some(email) = optional("email", value, EMAIL)? else { return Ok(None) };
    let email = email.trim();
    match email.rsplit_once('@') {
        Some((who, host)) if !who.is_empty() && !host.is_empty() && !email.contains(char::is_whitespace) => {
            Ok(Some(email.to_owned()))
        }
        _ => refuse("email", "must be an address like ann@example.org"),
    }
}

pub fn phone(value: Option<String>) -> Checked<Option<String>> {
    optional("phone", value, PHONE)
}

pub fn detail(value: String) -> Checked<String> {
    text("detail", value, DETAIL)
}

/// A URL, kept as it was sent.
pub fn url(field: &str, value: Option<String>) -> Checked<Option<String>> {
    optional(field, value, URL)
}

/// A name as a part of a URL: the one given, else made of `name`; lower-case letters and digits with single hyphens.
pub fn slug(given: Option<String>, name: &str) -> Checked<String> {
    let mut slug = String::new();
    for c in text("slug", given.unwrap_or_else(|| name.to_owned()), NAME)?.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    Ok(slug.trim_end_matches('-').to_owned())
}

/// The extras as they are stored.
pub fn extras(value: &Extras) -> Checked<String> {
    let json = serde_json::Value::Object(value.clone()).to_string();
    if json.len() > EXTRAS { refuse("extras", format!("must have at most {EXTRAS} bytes")) } else { Ok(json) }
}

pub fn ids(field: &str, count: usize) -> Checked<()> {
    if count > IDS { refuse(field, format!("must be at most {IDS}")) } else { Ok(()) }
}

/// A client's own id: anything but nothing.
pub fn external(value: &str) -> Checked<()> {
    if value.is_empty() { refuse("external", "must not be empty") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_email_has_two_sides() {
        assert_eq!(email(Some(" Ann@x ".into())).unwrap().as_deref(), Some("Ann@x"));
        assert_eq!(email(Some(" ".into())).unwrap(), None);
        for bad in ["ann", "@x", "ann@", "a n@x", "a\0@x"] {
            assert!(email(Some(bad.into())).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_slug_is_made_of_the_name() {
        assert_eq!(slug(None, "Ann & Bob,  Ltd.").unwrap(), "ann-bob-ltd");
        assert_eq!(slug(Some(" Own Slug ".into()), "x").unwrap(), "own-slug");
        assert_eq!(slug(None, "Çelik").unwrap(), "çelik");
    }

    #[test]
    fn a_name_is_not_empty_nor_endless() {
        assert!(name(" ".into()).is_err());
        assert!(name("é".repeat(255)).is_ok());
        assert!(name("é".repeat(256)).is_err());
    }
}
