//! Which values are taken.

use contracts::chats::{ChatsError, Record};
use contracts::{Extras, Invalid};
use domain::UserId;

/// Characters of a title.
const TITLE: usize = 255;
/// Characters of the free text.
const DETAIL: usize = 20_000;
/// Bytes of the extras, as JSON.
const EXTRAS: usize = 65_536;
/// People a chat is made with.
const PARTICIPANTS: usize = 1000;
/// Questions at once.
const ASKED: usize = 1000;

type Checked<T> = Result<T, ChatsError>;

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

/// A title; an empty one is none.
pub fn title(value: Option<String>) -> Checked<Option<String>> {
    value.filter(|title| !title.is_empty()).map(|title| text("title", title, TITLE)).transpose()
}

pub fn detail(value: String) -> Checked<String> {
    text("detail", value, DETAIL)
}

/// The extras as they are stored.
pub fn extras(value: Extras) -> Checked<String> {
    let json = serde_json::Value::Object(value).to_string();
    if json.len() > EXTRAS { refuse("extras", format!("must have at most {EXTRAS} bytes")) } else { Ok(json) }
}

/// Who takes part from the start: each once, sorted by id. `later`: whether everybody may come later.
pub fn participants(mut users: Vec<UserId>, later: bool) -> Checked<Vec<UserId>> {
    users.sort_unstable();
    users.dedup();
    if (users.is_empty() && !later) || users.len() > PARTICIPANTS {
        return refuse("participants", format!("must be 1 to {PARTICIPANTS} users"));
    }
    Ok(users)
}

/// A record of another system.
pub fn record(Record { model, id }: Record) -> Checked<Record> {
    if model.is_empty() {
        return refuse("model", "must not be empty");
    }
    Ok(Record { model: text("model", model, TITLE)?, id })
}

/// Chats, and users, whose stays are asked for at once.
pub fn stays(chats: usize, users: usize) -> Checked<()> {
    for (field, count) in [("chats", chats), ("users", users)] {
        if count > ASKED {
            return refuse(field, format!("must be at most {ASKED}"));
        }
    }
    Ok(())
}

pub fn asked(count: usize) -> Checked<()> {
    if count > ASKED { refuse("asked", format!("must be at most {ASKED}")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn participants_are_a_set() {
        let (ann, bob) = (UserId::new(), UserId::new());
        assert_eq!(participants(vec![bob, ann, bob], false).unwrap(), [ann, bob]);
        assert!(participants(vec![], false).is_err() && participants(vec![], true).is_ok());
        assert!(participants((0..1001).map(|_| UserId::new()).collect(), true).is_err());
    }

    #[test]
    fn an_empty_title_is_none() {
        assert_eq!(title(Some(String::new())).unwrap(), None);
        assert!(title(Some("a\0".into())).is_err());
        assert!(title(Some("é".repeat(256))).is_err());
    }
}
