//! Which values are taken, and Laravel's sentences about those that are not. All fields are looked at before any is
//! refused, so that a client learns of every mistake at once.

use domain::Timestamp;
use serde_json::Value;

use super::dates::{self, Date};
use super::input::Input;
use super::php;
use crate::http::Problem;

/// Characters of most texts.
pub const TEXT: usize = 255;

/// Checks the fields of one request.
pub struct Rules<'i> {
    input: &'i Input,
    errors: Vec<(String, String)>,
}

impl<'i> Rules<'i> {
    pub fn of(input: &'i Input) -> Self {
        Self { input, errors: Vec::new() }
    }

    /// Refuses a field, unless it was refused already.
    pub fn refuse(&mut self, field: &str, sentence: impl Into<String>) {
        if !self.errors.iter().any(|(refused, _)| refused == field) {
            self.errors.push((field.to_owned(), sentence.into()));
        }
    }

    /// The outcome of all checks.
    pub fn done(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            return Ok(());
        }
        Err(Problem::Fields(self.errors))
    }

    /// A text that may be absent.
    pub fn text(&mut self, field: &str, most: usize) -> Option<String> {
        match self.input.get(field)? {
            Value::String(text) if text.contains('\0') => {
                self.refused(field, format!("The {} format is invalid.", named(field)))
            }
            Value::String(text) if text.chars().count() > most => {
                self.refused(field, format!("The {} must not be greater than {most} characters.", named(field)))
            }
            Value::String(text) => Some(text.clone()),
            _ => self.refused(field, format!("The {} must be a string.", named(field))),
        }
    }

    /// A text that must be there.
    pub fn required_text(&mut self, field: &str, most: usize) -> String {
        self.require(field);
        self.text(field, most).unwrap_or_default()
    }

    /// Refuses a field that is absent or null.
    pub fn require(&mut self, field: &str) {
        if self.input.get(field).is_none() {
            self.refuse(field, required(field));
        }
    }

    /// What a change says of a text: nothing, that it be emptied, or a value.
    #[expect(clippy::option_option, reason = "absent, null and a value are three wishes")]
    pub fn change(&mut self, field: &str, most: usize) -> Option<Option<String>> {
        self.input.sent(field)?;
        Some(self.text(field, most))
    }

    /// What a change says of a text that must not be emptied.
    pub fn filled_change(&mut self, field: &str, most: usize) -> Option<String> {
        self.input.sent(field)?;
        self.require(field);
        self.text(field, most)
    }

    /// An e-mail that may be absent.
    pub fn email(&mut self, field: &str) -> Option<String> {
        let email = match self.input.get(field)? {
            Value::String(email) => email.clone(),
            _ => return self.refused(field, format!("The {} must be a valid email address.", named(field))),
        };
        if !is_email(&email) {
            return self.refused(field, format!("The {} must be a valid email address.", named(field)));
        }
        self.text(field, TEXT)
    }

    /// An e-mail that must be there.
    pub fn required_email(&mut self, field: &str) -> String {
        self.require(field);
        self.email(field).unwrap_or_default()
    }

    /// A URL that may be absent, or what a change says of it.
    pub fn url(&mut self, field: &str) -> Option<String> {
        let url = self.text(field, 2048)?;
        let scheme = url.split_once("://").filter(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty());
        if scheme.is_none() || url.contains(char::is_whitespace) {
            return self.refused(field, format!("The {} must be a valid URL.", named(field)));
        }
        Some(url)
    }

    /// A whole number that may be absent.
    pub fn integer(&mut self, field: &str) -> Option<i64> {
        let value = self.input.get(field)?;
        php::integer(value).or_else(|| self.refused(field, format!("The {} must be an integer.", named(field))))
    }

    /// A moment that may be absent; a day is its first one.
    pub fn moment(&mut self, field: &str, now: Timestamp) -> Option<Timestamp> {
        self.date(field, now).map(Date::start)
    }

    /// A day or a moment that may be absent.
    pub fn date(&mut self, field: &str, now: Timestamp) -> Option<Date> {
        let date = match self.input.get(field)? {
            Value::String(text) => dates::parse(text, now),
            _ => None,
        };
        date.or_else(|| self.refused(field, format!("The {} is not a valid date.", named(field))))
    }

    /// A list of words out of `known`; `extra`: further words that end in one of these.
    pub fn words(&mut self, field: &str, known: &[&str]) -> Vec<String> {
        let Some(value) = self.input.get(field) else { return Vec::new() };
        let Value::Array(items) = value else {
            self.refuse(field, format!("The {} must be an array.", named(field)));
            return Vec::new();
        };
        let mut words = Vec::new();
        for (at, item) in items.iter().enumerate() {
            match item.as_str().filter(|word| known.contains(word)) {
                Some(word) => words.push(word.to_owned()),
                None => self.refuse(&format!("{field}.{at}"), format!("The selected {field}.{at} is invalid.")),
            }
        }
        words
    }

    fn refused<T>(&mut self, field: &str, sentence: String) -> Option<T> {
        self.refuse(field, sentence);
        None
    }
}

/// Refuses one field.
pub fn refuse(field: &str, sentence: impl Into<String>) -> Problem {
    Problem::Fields(vec![(field.to_owned(), sentence.into())])
}

/// The sentence about a field that is not there.
pub fn required(field: &str) -> String {
    format!("The {} field is required.", named(field))
}

/// The sentence about a value that names nothing.
pub fn selected(field: &str) -> String {
    format!("The selected {} is invalid.", named(field))
}

/// A field in a sentence.
fn named(field: &str) -> String {
    field.replace('_', " ")
}

/// One `@` with something before it, and behind it a host of letters, digits, hyphens and single dots.
fn is_email(text: &str) -> bool {
    let Some((who, host)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.contains("..");
    let local = |c: char| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    plain(who)
        && plain(host)
        && who.chars().all(local)
        && host.split('.').all(|label| !label.starts_with('-') && !label.ends_with('-'))
        && host.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::test::TestRequest;

    use super::*;
    use crate::http::Head;

    fn input(body: &str) -> Input {
        let request = TestRequest::default().insert_header(("content-type", "application/json")).to_http_request();
        Input::read(&Head { request, started: Instant::now() }, body.as_bytes())
    }

    #[test]
    fn every_mistake_is_told_in_laravel_s_words() {
        let input = input(
            r#"{"name":5,"surname":"éé","email":"x","company_id":"1.5","closed_at":"never","with":["users","x"],"scopes":"latest"}"#,
        );
        let now = Timestamp::from_micros(0);
        let mut rules = Rules::of(&input);
        rules.text("name", 255);
        rules.text("surname", 1);
        rules.required_email("email");
        rules.integer("company_id");
        rules.moment("closed_at", now);
        assert_eq!(rules.words("with", &["users"]), ["users"]);
        rules.words("scopes", &["latest"]);
        rules.required_text("message", 255);
        let Err(Problem::Fields(errors)) = rules.done() else { panic!("refused") };
        let sentences: Vec<&str> = errors.iter().map(|(_, sentence)| sentence.as_str()).collect();
        assert_eq!(
            sentences,
            [
                "The name must be a string.",
                "The surname must not be greater than 1 characters.",
                "The email must be a valid email address.",
                "The company id must be an integer.",
                "The closed at is not a valid date.",
                "The selected with.1 is invalid.",
                "The scopes must be an array.",
                "The message field is required.",
            ]
        );
        assert_eq!((errors[3].0.as_str(), errors[5].0.as_str()), ("company_id", "with.1"));
    }

    #[test]
    fn a_change_tells_absent_from_empty() {
        let input = input(r#"{"name":"","surname":" x "}"#);
        let mut rules = Rules::of(&input);
        assert_eq!(rules.change("name", 255), Some(None));
        assert_eq!(rules.change("surname", 255), Some(Some("x".to_owned())));
        assert_eq!((rules.change("email", 255), rules.filled_change("email", 255)), (None, None));
        assert_eq!(rules.filled_change("name", 255), None);
        assert!(rules.done().is_err());
    }

    #[test]
    fn addresses_have_two_plain_sides() {
        for good in ["ann@example.org", "a.b+c@x", "ann@ex-ample.co.uk", "ünï@exämple.org"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["ann", "@x", "ann@", "a b@x", "a@b@x y", ".a@x", "a..b@x", "a@x..y", "a@-x", "a@x.", "a@x_y"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
