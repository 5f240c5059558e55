//! One call, described.

use actix_web::http::Method;
use serde_json::Value;

use super::answer::{Answer, Content, JSON};
use super::{Schemas, text};

/// How a schema is drawn.
pub type Draw = fn(&mut Schemas) -> Value;

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A part of the path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
}

impl Place {
    /// OpenAPI's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A value beside the body.
pub struct Parameter {
    pub place: Place,
    pub name: &'static str,
    pub about: &'static str,
    pub required: bool,
    pub schema: Draw,
}

/// What a call takes in its body.
pub struct Body {
    pub required: bool,
    pub contents: Vec<Content>,
}

/// One call: what it takes, what it answers, and where it is written that it does.
pub struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    pub(super) source: &'static str,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    pub(super) schemes: &'static [&'static [&'static str]],
    pub(super) roles: &'static [&'static str],
    pub(super) lasting: bool,
}

impl Operation {
    /// A call for everybody. `source`: where it is described, the seed's number and heading where it is the seed.
    pub fn new(method: Method, path: &'static str, title: &'static str, source: &'static str) -> Self {
        Self {
            method,
            path,
            title,
            source,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            schemes: &[],
            roles: &[],
            lasting: false,
        }
    }

    /// Who may call: any of these sets of credentials, by the names of the document's security schemes.
    pub fn by(self, schemes: &'static [&'static [&'static str]]) -> Self {
        Self { schemes, ..self }
    }

    /// Whose credential it must be, where that is narrower.
    pub fn roles(self, roles: &'static [&'static str]) -> Self {
        Self { roles, ..self }
    }

    /// The answer does not end by itself, or waits for something to happen.
    pub fn lasting(self) -> Self {
        Self { lasting: true, ..self }
    }

    fn parameter(mut self, parameter: Parameter) -> Self {
        self.parameters.push(parameter);
        self
    }

    /// A part of the path.
    pub fn path(self, name: &'static str, about: &'static str, schema: Draw) -> Self {
        self.parameter(Parameter { place: Place::Path, name, about, required: true, schema })
    }

    /// A query parameter that may be there.
    pub fn query(self, name: &'static str, about: &'static str, schema: Draw) -> Self {
        self.parameter(Parameter { place: Place::Query, name, about, required: false, schema })
    }

    /// A query parameter that must be there.
    pub fn needs(self, name: &'static str, about: &'static str, schema: Draw) -> Self {
        self.parameter(Parameter { place: Place::Query, name, about, required: true, schema })
    }

    /// A header that may be there.
    pub fn header(self, name: &'static str, about: &'static str) -> Self {
        self.parameter(Parameter { place: Place::Header, name, about, required: false, schema: text })
    }

    /// A body in JSON.
    pub fn takes(self, schema: Draw) -> Self {
        self.takes_any(&[JSON], schema)
    }

    /// The same body under several media types.
    pub fn takes_any(self, media_types: &[&'static str], schema: Draw) -> Self {
        let contents = media_types.iter().map(|media_type| Content { media_type, schema }).collect();
        Self { body: Some(Body { required: true, contents }), ..self }
    }

    /// The body may be left out.
    pub fn or_nothing(mut self) -> Self {
        if let Some(body) = &mut self.body {
            body.required = false;
        }
        self
    }

    /// One of its answers.
    pub fn gives(mut self, answer: Answer) -> Self {
        self.answers.push(answer);
        self
    }

    /// An answer in JSON.
    pub fn answers(self, status: u16, about: &'static str, schema: Draw) -> Self {
        self.gives(Answer::json(status, about, schema))
    }

    /// Whether anybody may call.
    pub fn is_open(&self) -> bool {
        self.schemes.is_empty()
    }

    /// Whether something is changed.
    pub fn writes(&self) -> bool {
        self.method != Method::GET
    }

    /// Whether there is a body.
    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Whether the path has parts.
    pub fn has_parts(&self) -> bool {
        self.parameters.iter().any(|parameter| parameter.place == Place::Path)
    }
}
