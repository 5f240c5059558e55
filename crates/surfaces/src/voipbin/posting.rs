//! From what a client posts to what the model keeps of it.

use contracts::Extras;
use contracts::messages::Media;
use domain::{Code, MessageKind, Principal, UserId};
use serde_json::{Map, Value, json};

use super::address::Address;
use super::medias::{self, MediaIn};
use super::wire::{MEDIAS, NORMAL, SOURCE, SYSTEM, TYPE};
use super::{extras, permission};
use crate::http::Problem;

/// Finds who asks and who is the author of a message posted under `source`.
///
/// A source that is an agent, or of no type, names a participant: anybody for managers, the caller for everybody else.
/// Under any other source the caller is the author, and the source is no more than how it is shown.
pub fn author(by: Principal, source: &Address) -> Result<(Principal, UserId), Problem> {
    if !source.names_a_user() {
        let author = permission::user(&by)?;
        return Ok((by, author));
    }
    let author = source.target.parse().map_err(|_| Problem::invalid("source", "source.target must be a UUID"))?;
    if by.manages() || by.is(author) {
        return Ok((by.not_as_themselves(), author));
    }
    Err(Problem::refused(Code::Forbidden, "source.target must be the caller"))
}

/// What a message says.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    pub kind: MessageKind,
    pub text: Option<String>,
    pub media: Vec<Media>,
    pub extras: Extras,
}

/// Translates a message. `source`: as it is to be shown; `author`: who it implies.
pub fn said(word: &str, text: String, sent: Vec<MediaIn>, source: &Address, author: UserId) -> Said {
    let media = medias::model(&sent);
    let kind = match word {
        SYSTEM => MessageKind::System,
        _ if media.is_empty() => MessageKind::Text,
        _ => MessageKind::Media,
    };
    let mut kept = Map::new();
    if *source != Address::agent(author, "") {
        kept.insert(SOURCE.to_owned(), json!(source));
    }
    if word != SYSTEM && word != NORMAL {
        kept.insert(TYPE.to_owned(), Value::from(word));
    }
    let sent: Vec<Value> = sent.into_iter().map(Value::Object).collect();
    if sent != medias::implied(&media) {
        kept.insert(MEDIAS.to_owned(), Value::Array(sent));
    }
    let text = Some(text).filter(|text| !text.is_empty() || kind != MessageKind::Media);
    Said { kind, text, media, extras: extras::keep(kept) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(raw: Value) -> Vec<MediaIn> {
        serde_json::from_value(raw).unwrap()
    }

    #[test]
    fn the_seed_s_message_keeps_nothing_beside_the_model() {
        let author = UserId::new();
        let said = said("normal", "test message".to_owned(), Vec::new(), &Address::agent(author, ""), author);
        assert_eq!((said.kind, said.text.as_deref()), (MessageKind::Text, Some("test message")));
        assert_eq!((said.media, said.extras), (Vec::new(), Extras::new()));
    }

    #[test]
    fn what_the_model_does_not_imply_is_kept() {
        let author = UserId::new();
        let source = Address { kind: "tel".to_owned(), target: "+1".to_owned(), ..Address::default() };
        let file = json!([{ "type": "file", "file_id": "1e385680-0f41-4e2a-b154-a61c62bf830a" }]);
        let said = said("sms", String::new(), media(file.clone()), &source, author);
        assert_eq!((said.kind, said.text, said.media.len()), (MessageKind::Media, None, 1));
        assert_eq!(extras::word(&said.extras, TYPE), Some("sms"));
        assert_eq!(extras::get(&said.extras, MEDIAS), Some(&file));
        let padded = json!({ "type": "tel", "target": "+1", "target_name": "", "name": "", "detail": "" });
        assert_eq!(extras::get(&said.extras, SOURCE), Some(&padded));
    }

    #[test]
    fn a_system_message_is_one_by_its_type() {
        let author = UserId::new();
        let link = media(json!([{ "type": "link", "link_url": "https://example.org" }]));
        let said = said("system", String::new(), link, &Address::agent(author, ""), author);
        assert_eq!((said.kind, said.text.as_deref(), said.extras), (MessageKind::System, Some(""), Extras::new()));
    }
}
