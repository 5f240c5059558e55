//! What a call may answer.

use super::Draw;

/// The media type of JSON.
pub const JSON: &str = "application/json";

/// A body of one media type.
#[derive(Clone, Copy)]
pub struct Content {
    /// The media type, without parameters.
    pub media_type: &'static str,
    /// The body.
    pub schema: Draw,
}

/// One of a call's answers.
#[derive(Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// When it comes.
    pub about: &'static str,
    /// The body; `None` is an empty one.
    pub content: Option<Content>,
    /// Headers it always has.
    pub headers: &'static [&'static str],
}

impl Answer {
    /// An answer without a body.
    pub const fn empty(status: u16, about: &'static str) -> Self {
        Self { status, about, content: None, headers: &[] }
    }

    /// An answer in JSON.
    pub const fn json(status: u16, about: &'static str, schema: Draw) -> Self {
        Self::of(status, about, JSON, schema)
    }

    /// An answer of any media type.
    pub const fn of(status: u16, about: &'static str, media_type: &'static str, schema: Draw) -> Self {
        Self { status, about, content: Some(Content { media_type, schema }), headers: &[] }
    }

    /// The same with headers it always has.
    pub const fn with(self, headers: &'static [&'static str]) -> Self {
        Self { headers, ..self }
    }
}
