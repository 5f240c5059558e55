//! A message's files: the vendor's media objects and ours.
//!
//! A vendor's object has a `type` (link, file, address, agent) and, by type, `link_url`, `file_id`, `address` or `agent`.
//! Whatever more than a link was sent is kept word for word and answered again; to the other surfaces each is one URL.

use contracts::messages::Media;
use serde_json::{Map, Value, json};

/// One object as the vendor's clients send it.
pub type MediaIn = Map<String, Value>;

const LINK: &str = "link";

/// What the model keeps of `sent`.
pub fn model(sent: &[MediaIn]) -> Vec<Media> {
    sent.iter().filter_map(one).collect()
}

/// Media objects that [`show`] makes of the model alone.
pub fn implied(media: &[Media]) -> Vec<Value> {
    media.iter().map(|m| json!({ "type": LINK, "link_url": m.url })).collect()
}

/// `kept`, as long as it still is what the message has; else what the model implies.
pub fn show(media: &[Media], kept: Option<&Value>) -> Vec<Value> {
    let kept = kept.and_then(Value::as_array).filter(|kept| {
        let sent: Vec<MediaIn> = kept.iter().filter_map(Value::as_object).cloned().collect();
        urls(&model(&sent)) == urls(media)
    });
    kept.cloned().unwrap_or_else(|| implied(media))
}

fn urls(media: &[Media]) -> Vec<&str> {
    media.iter().map(|m| m.url.as_str()).collect()
}

fn one(sent: &MediaIn) -> Option<Media> {
    let text = |fields: &MediaIn, key: &str| {
        fields.get(key).and_then(Value::as_str).filter(|s| !s.is_empty()).map(ToOwned::to_owned)
    };
    let within =
        |key: &str, inner: &str| sent.get(key).and_then(Value::as_object).and_then(|fields| text(fields, inner));
    let url = text(sent, "link_url").or_else(|| text(sent, "url"));
    let url = url.or_else(|| text(sent, "file_id").map(|id| format!("urn:uuid:{id}")));
    let url = url.or_else(|| within("agent", "id").map(|id| format!("urn:uuid:{id}")));
    let url = url.or_else(|| within("address", "target"))?;
    Some(Media { url, name: None, mime: text(sent, "type").filter(|kind| kind != LINK), size: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(raw: Value) -> Vec<MediaIn> {
        serde_json::from_value(raw).unwrap()
    }

    #[test]
    fn a_link_is_implied_by_its_url() {
        let raw = json!([{ "type": "link", "link_url": "https://example.org/a.png" }]);
        let media = model(&sent(raw.clone()));
        assert_eq!(media[0], Media { url: "https://example.org/a.png".to_owned(), name: None, mime: None, size: None });
        assert_eq!(Value::Array(show(&media, None)), raw);
    }

    #[test]
    fn what_is_more_than_a_link_is_kept_as_sent() {
        let raw = json!([
            { "type": "file", "file_id": "1e385680-0f41-4e2a-b154-a61c62bf830a" },
            { "type": "address", "address": { "type": "tel", "target": "+123" } },
            { "type": "agent", "agent": { "id": "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b" } },
        ]);
        let media = model(&sent(raw.clone()));
        assert_eq!(urls(&media)[..2], ["urn:uuid:1e385680-0f41-4e2a-b154-a61c62bf830a", "+123"]);
        assert_eq!(Value::Array(show(&media, Some(&raw))), raw);
    }

    #[test]
    fn what_was_kept_no_longer_counts_once_the_files_changed() {
        let kept = json!([{ "type": "file", "file_id": "1e385680-0f41-4e2a-b154-a61c62bf830a" }]);
        let media = [Media { url: "https://example.org/b".to_owned(), name: None, mime: None, size: None }];
        assert_eq!(show(&media, Some(&kept)), [json!({ "type": "link", "link_url": "https://example.org/b" })]);
        assert_eq!(show(&[], None), Vec::<Value>::new());
    }

    #[test]
    fn an_object_without_any_address_is_no_file() {
        assert_eq!(model(&sent(json!([{}, { "type": "link" }]))), []);
    }
}
