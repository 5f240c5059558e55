//! What a message is called here, and how it is kept in the model.
//!
//! The vendor's words are text, image, audio, video and file; until 2019 they were MIME types, which old bots still send
//! and of which the first half tells the word.

use contracts::Extras;
use contracts::messages::{Media, Message};
use domain::{MessageKind, Surface};
use serde::Serialize;
use serde_json::{Value, json};

/// Where a word is kept that the model does not imply.
const CONTENT_TYPE: &str = "content_type";

/// The vendor's word for what a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ContentType {
    /// Words.
    Text,
    /// A picture.
    Image,
    /// Something to hear.
    Audio,
    /// Something to watch.
    Video,
    /// Any other file.
    File,
}

impl ContentType {
    /// Reads one of the five words, or a MIME type by its first half.
    pub fn read(word: &str) -> Option<Self> {
        Self::word(word).or_else(|| Self::mime(word))
    }

    fn word(word: &str) -> Option<Self> {
        match word {
            "text" => Some(Self::Text),
            "image" => Some(Self::Image),
            "audio" => Some(Self::Audio),
            "video" => Some(Self::Video),
            "file" => Some(Self::File),
            _ => None,
        }
    }

    fn mime(mime: &str) -> Option<Self> {
        let (major, minor) = mime.split_once('/')?;
        if minor.trim().is_empty() {
            return None;
        }
        match major.trim().to_ascii_lowercase().as_str() {
            "application" => Some(Self::File),
            major => Self::word(major).filter(|word| *word != Self::File),
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::File => "file",
        }
    }

    /// What `message` is. A file whose type nobody told is a file.
    pub fn of(message: &Message) -> Self {
        let kept = message.extras.get(Surface::Zenvia.as_str()).and_then(|kept| kept.get(CONTENT_TYPE));
        if let Some(kept) = kept.and_then(Value::as_str).and_then(Self::word) {
            return kept;
        }
        match (message.kind, message.media.first()) {
            (MessageKind::Media, Some(file)) => {
                file.mime.as_deref().and_then(Self::read).filter(|word| *word != Self::Text).unwrap_or(Self::File)
            }
            _ => Self::Text,
        }
    }
}

/// A message as it is said here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The words, or the caption.
    pub content: String,
    /// What it is.
    pub content_type: ContentType,
    /// The type as it was sent, when it was.
    pub sent_type: Option<String>,
    /// Where the file lies, as sent.
    pub url: Option<String>,
    /// The file's size, as sent.
    pub size: Option<String>,
}

/// The same in the model's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it carries.
    pub kind: MessageKind,
    /// Its words.
    pub text: Option<String>,
    /// Its files.
    pub media: Vec<Media>,
    /// What this surface wants back.
    pub extras: Extras,
}

impl From<Said> for Kept {
    /// Text has no file, whatever came beside it; what is called a picture without saying where it lies is its words alone.
    fn from(Said { content, content_type, sent_type, url, size }: Said) -> Self {
        let text = Some(content).filter(|text| !text.is_empty());
        let url = url.filter(|url| !url.is_empty() && content_type != ContentType::Text);
        let mut extras = Extras::new();
        let Some(url) = url else {
            if content_type != ContentType::Text {
                extras.insert(Surface::Zenvia.as_str().to_owned(), json!({ CONTENT_TYPE: content_type }));
            }
            return Self { kind: MessageKind::Text, text, media: Vec::new(), extras };
        };
        let mime = Some(sent_type.unwrap_or_else(|| content_type.as_str().to_owned()));
        Self { kind: MessageKind::Media, text, media: vec![Media { url, name: None, mime, size }], extras }
    }
}

/// A file of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Attachment<'m> {
    url: &'m str,
    size: Option<&'m str>,
}

/// A message's words and file, as bots and customers are told them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown<'m> {
    /// The words; a file's caption, else where it lies.
    pub content: &'m str,
    /// What it is.
    pub content_type: ContentType,
    /// The file.
    pub attachment: Option<Attachment<'m>>,
}

impl<'m> Shown<'m> {
    /// How `message` is told.
    pub fn of(message: &'m Message) -> Self {
        let content_type = ContentType::of(message);
        let file = message.media.first().filter(|_| content_type != ContentType::Text);
        let words = message.text.as_deref().filter(|text| !text.is_empty());
        Self {
            content: words.or(file.map(|file| file.url.as_str())).unwrap_or_default(),
            content_type,
            attachment: file.map(|file| Attachment { url: &file.url, size: file.size.as_deref() }),
        }
    }

    /// Where the file lies.
    pub fn url(&self) -> Option<&'m str> {
        self.attachment.map(|file| file.url)
    }
}

#[cfg(test)]
pub mod testing {
    //! What this folder's tests share.

    use domain::{ChatId, MessageId, TenantId, Timestamp, UserId};

    use super::{Kept, Message, Said};
    use domain::Surface;

    /// A message somebody said.
    pub fn message(said: Said) -> Message {
        let Kept { kind, text, media, extras } = said.into();
        let at = Timestamp::from_micros(1);
        Message {
            id: MessageId::new(),
            tenant: TenantId::new(),
            chat: ChatId::new(),
            seq: 1,
            number: 1,
            author: Some(UserId::new()),
            origin: Surface::Zenvia,
            kind,
            text,
            media,
            extras,
            created_at: at,
            updated_at: at,
            edited_at: None,
            deleted_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(content: &str, word: Option<&str>, url: Option<&str>) -> Said {
        let content_type = word.map_or(ContentType::Text, |word| ContentType::read(word).unwrap());
        let (sent_type, url) = (word.map(ToOwned::to_owned), url.map(ToOwned::to_owned));
        Said { content: content.to_owned(), content_type, sent_type, url, size: Some("1.0MB".to_owned()) }
    }

    #[test]
    fn words_stay_and_mime_types_become_words() {
        use ContentType::{Audio, File, Image, Text, Video};
        for (word, read) in [
            ("text", Some(Text)),
            ("image", Some(Image)),
            ("audio", Some(Audio)),
            ("video", Some(Video)),
            ("file", Some(File)),
            ("image/png", Some(Image)),
            ("Image/JPEG", Some(Image)),
            ("audio/ogg; codecs=opus", Some(Audio)),
            ("video/mp4", Some(Video)),
            ("text/plain", Some(Text)),
            ("application/pdf", Some(File)),
            ("file/x", None),
            ("image/", None),
            ("multipart/mixed", None),
            ("picture", None),
            ("Text", None),
            ("", None),
        ] {
            assert_eq!(ContentType::read(word), read, "{word}");
        }
    }

    #[test]
    fn what_was_said_is_told_again() {
        let message = testing::message(said("a logo", Some("image"), Some("https://x/logo.png")));
        assert_eq!((message.kind, message.media[0].mime.as_deref()), (MessageKind::Media, Some("image")));
        let shown = Shown::of(&message);
        assert_eq!(
            (shown.content, shown.content_type, shown.url()),
            ("a logo", ContentType::Image, Some("https://x/logo.png"))
        );
        let bare = testing::message(said("", Some("image/png"), Some("https://x/logo.png")));
        assert_eq!(Shown::of(&bare).content, "https://x/logo.png");
        assert_eq!(bare.media[0].mime.as_deref(), Some("image/png"));
    }

    #[test]
    fn a_file_without_a_place_is_its_words_and_text_has_no_file() {
        let lost = testing::message(said("a cat", Some("video"), None));
        assert_eq!((lost.kind, lost.media.len()), (MessageKind::Text, 0));
        let shown = Shown::of(&lost);
        assert_eq!((shown.content, shown.content_type, shown.attachment), ("a cat", ContentType::Video, None));
        let text = testing::message(said("hi", None, Some("https://x/logo.png")));
        assert_eq!((text.kind, text.media.len(), text.extras.len()), (MessageKind::Text, 0, 0));
        assert_eq!(Shown::of(&text).content_type, ContentType::Text);
    }

    #[test]
    fn files_of_other_surfaces_are_files_unless_their_type_is_known() {
        let mut message = testing::message(said("x", Some("file"), Some("https://x/y")));
        message.media[0].mime = None;
        assert_eq!(ContentType::of(&message), ContentType::File);
        message.media[0].mime = Some("address".to_owned());
        assert_eq!(ContentType::of(&message), ContentType::File);
        message.media[0].mime = Some("audio/ogg".to_owned());
        assert_eq!(ContentType::of(&message), ContentType::Audio);
        message.kind = MessageKind::System;
        assert_eq!(ContentType::of(&message), ContentType::Text);
    }
}
