//! How leniently values are read, and which are refused.

use contracts::bots::InteractionKey;

use super::wire::{ContentType, Said};
use crate::http::{Call, Problem};

/// Reads the body.
pub use crate::http::lenient::object as body;

/// The interaction of the path: any text, since the vendor's own example is no UUID.
pub fn interaction(call: &Call) -> InteractionKey {
    InteractionKey::Hash(call.path("interaction_hash").to_owned())
}

/// A text that counts as absent when it is empty.
pub fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// What somebody says. `typed`: the name of the key that held `word`.
pub fn said(
    content: Option<String>,
    (typed, word): (&str, Option<String>),
    url: Option<String>,
    size: Option<String>,
) -> Result<Said, Problem> {
    let read = |word: &str| {
        let one_of = || format!("{typed} must be one of text, image, audio, video, file");
        ContentType::read(word).ok_or_else(|| Problem::invalid(typed, one_of()))
    };
    let content_type = word.as_deref().map_or(Ok(ContentType::Text), read)?;
    let url = filled(url);
    // A file speaks for itself.
    let file = url.is_some() && content_type != ContentType::Text;
    let content = content.filter(|content| file || !content.is_empty());
    let content = content.ok_or_else(|| Problem::invalid("content", "content is required"))?;
    Ok(Said { content, content_type, sent_type: word, url, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(content: Option<&str>, word: Option<&str>, url: Option<&str>) -> Result<Said, Problem> {
        let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
        said(owned(content), ("content_type", owned(word)), owned(url), None)
    }

    #[test]
    fn content_is_needed_and_types_are_five() {
        assert_eq!(word(Some("hi"), None, None).unwrap().content_type, ContentType::Text);
        assert_eq!(word(Some("hi"), Some("image/png"), None).unwrap().content_type, ContentType::Image);
        assert!(word(Some(""), Some("image"), Some("https://x/y")).is_ok());
        for (content, of, url) in [
            (None, None, None),
            (Some(""), None, None),
            (None, Some("image"), Some("https://x/y")),
            (Some(""), Some("image"), Some("")),
            (Some(""), None, Some("https://x/y")),
            (Some("hi"), Some("picture"), None),
            (Some("hi"), Some(""), None),
        ] {
            assert!(word(content, of, url).is_err(), "{content:?} {of:?} {url:?}");
        }
    }
}
