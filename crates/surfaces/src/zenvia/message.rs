//! `POST /core/api/v1/bot/{interaction_hash}/message`, seed 001 "Send message".
//!
//! A file's URL is kept as it was sent and never fetched. Until September 2019 `attachment` was called `file`, and
//! `content_type` was a MIME type: both are still read.

use contracts::bots::Say;
use serde::Deserialize;

use super::wire::{Kept, Said};
use super::{answer, auth, input};
use crate::http::{Answer, Call, Problem, lenient};

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MessageIn {
    content: Option<String>,
    content_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::nested")]
    attachment: Option<FileIn>,
    #[serde(default, deserialize_with = "lenient::nested")]
    file: Option<FileIn>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
struct FileIn {
    url: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    size: Option<String>,
}

impl MessageIn {
    fn said(self) -> Result<Said, Problem> {
        let FileIn { url, size } = self.attachment.or(self.file).unwrap_or_default();
        input::said(self.content, ("content_type", self.content_type), url, size)
    }
}

pub async fn create(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let Kept { kind, text, media, extras } = input::body::<MessageIn>(&call)?.said()?.into();
    let (key, idempotency) = (input::interaction(&call), call.idempotency()?);
    call.apis.bots.say(Say { by, key, kind, text, media, extras, idempotency }).await?;
    Ok(answer::received())
}

#[cfg(test)]
mod tests {
    use domain::MessageKind;

    use super::*;

    fn read(body: &str) -> Result<Kept, Problem> {
        let message: MessageIn = lenient::from_object(serde_json::from_str(body).unwrap())?;
        message.said().map(Kept::from)
    }

    #[test]
    fn the_seeds_example_is_a_picture() {
        let kept = read(
            r#"{"token":"YourAPIToken","content":"your message","content_type":"image",
                "attachment":{"url":"https://file-address.example.com/logo.png","size":"1.0MB"}}"#,
        )
        .unwrap();
        assert_eq!((kept.kind, kept.text.as_deref()), (MessageKind::Media, Some("your message")));
        let file = &kept.media[0];
        assert_eq!(file.url, "https://file-address.example.com/logo.png");
        assert_eq!((file.mime.as_deref(), file.size.as_deref()), (Some("image"), Some("1.0MB")));
    }

    #[test]
    fn old_bots_are_understood() {
        let kept =
            read(r#"{"content":"x","content_type":"audio/ogg","file":{"url":"https://x/a.ogg","size":12}}"#).unwrap();
        assert_eq!(kept.media[0].size.as_deref(), Some("12"));
        assert_eq!(kept.media[0].mime.as_deref(), Some("audio/ogg"));
        let both = r#"{"content":"x","content_type":"file","attachment":{"url":"https://x/new"},"file":{"url":"https://x/old"}}"#;
        assert_eq!(read(both).unwrap().media[0].url, "https://x/new");
    }

    #[test]
    fn everything_but_content_may_be_missing() {
        for body in [
            r#"{"content":"x"}"#,
            r#"{"content":"x","content_type":null,"attachment":null}"#,
            r#"{"content":"x","content_type":"video"}"#,
            r#"{"content":"x","content_type":"video","attachment":{}}"#,
            r#"{"content":"x","content_type":"video","attachment":{"url":null,"size":null}}"#,
        ] {
            let kept = read(body).unwrap();
            assert_eq!((kept.kind, kept.media.len()), (MessageKind::Text, 0), "{body}");
        }
        for body in [
            "{}",
            r#"{"content":null}"#,
            r#"{"content":5}"#,
            r#"{"content":true}"#,
            r#"{"content":""}"#,
            r#"{"content":"x","content_type":"gif"}"#,
            r#"{"content":"x","content_type":1}"#,
            r#"{"content":"x","attachment":"https://x"}"#,
            r#"{"content":"x","attachment":["https://x","1"]}"#,
            r#"{"content":"x","attachment":{"url":1}}"#,
            r#"{"content":"x","attachment":{"size":true}}"#,
        ] {
            assert!(read(body).is_err(), "{body}");
        }
    }
}
