//! What may be said, by whom, and who may read it.

use contracts::chats::{Access, AccessAsked, ChatsError, CheckAccess};
use contracts::messages::{Media, MessagesError, PostMessage};
use contracts::{ChatsApi, Failure, Invalid};
use domain::{ChatId, Code, MessageKind, Principal, TenantId, UserId};

use crate::append::Asker;

/// Names, types and sizes of files are kept as they were sent, up to this many characters.
const ATTRIBUTE_CHARS: usize = 255;
/// What surfaces keep beside a message, as JSON.
const EXTRAS_BYTES: usize = 64 << 10;

/// How large a message may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub text_chars: usize,
    pub media_count: usize,
    pub url_chars: usize,
}

/// Whether `text` has more than `limit` characters.
fn exceeds(text: &str, limit: usize) -> bool {
    // A character has at least one byte.
    text.len() > limit && text.chars().nth(limit).is_some()
}

/// Checks a message's words and files. Empty words are none; there must be words or files, and a media message has files.
pub(crate) fn content(
    limits: &Limits,
    kind: MessageKind,
    text: Option<String>,
    media: Vec<Media>,
) -> Result<(Option<String>, Vec<Media>), Invalid> {
    let text = text.filter(|text| !text.is_empty());
    if let Some(text) = &text {
        if exceeds(text, limits.text_chars) {
            return Err(Invalid::new("text", format!("is longer than {} characters", limits.text_chars)));
        }
        if text.contains('\0') {
            return Err(Invalid::new("text", "holds a character that cannot be stored"));
        }
    }
    if media.len() > limits.media_count {
        return Err(Invalid::new("media", format!("has more than {} entries", limits.media_count)));
    }
    media.iter().try_for_each(|file| is_file(limits, file))?;
    match (kind, media.is_empty()) {
        (MessageKind::Media, true) => Err(Invalid::new("media", "is empty")),
        (MessageKind::Text | MessageKind::System, true) if text.is_none() => Err(Invalid::new("text", "is empty")),
        _ => Ok((text, media)),
    }
}

fn is_file(limits: &Limits, Media { url, name, mime, size }: &Media) -> Result<(), Invalid> {
    if url.is_empty() {
        return Err(Invalid::new("media.url", "is empty"));
    }
    if exceeds(url, limits.url_chars) {
        return Err(Invalid::new("media.url", format!("is longer than {} characters", limits.url_chars)));
    }
    for (field, value) in [("media.name", name), ("media.mime", mime), ("media.size", size)] {
        if value.as_deref().is_some_and(|value| exceeds(value, ATTRIBUTE_CHARS)) {
            return Err(Invalid::new(field, format!("is longer than {ATTRIBUTE_CHARS} characters")));
        }
    }
    Ok(())
}

/// Checks what surfaces want kept beside a message.
pub(crate) fn extras(json: Option<&str>) -> Result<(), Invalid> {
    if json.is_some_and(|json| json.len() > EXTRAS_BYTES) {
        return Err(Invalid::new("extras", format!("is longer than {EXTRAS_BYTES} bytes")));
    }
    Ok(())
}

/// What can be said about a post before `chats` is asked: everybody speaks for themselves, managers for anybody, and
/// the system through managers alone.
pub(crate) fn may_ask_to_post(command: &PostMessage) -> Result<Asker, MessagesError> {
    let PostMessage { by, author, kind, .. } = command;
    let manages = by.manages();
    let speaks = manages || author.is_some_and(|author| by.is(author));
    if !by.scopes.write || !by.reaches(command.chat) || !speaks || (*kind == MessageKind::System && !manages) {
        return Err(MessagesError::Forbidden);
    }
    if author.is_none() && *kind != MessageKind::System {
        return Err(Invalid::new("author", "is needed for anything but a system message").into());
    }
    Ok(Asker { user: by.user, manages })
}

/// Whether `author` may write at the word of `by`, and the membership version that says so: whoever takes part, and
/// managers as themselves. Owning a chat is not taking part in it.
pub(crate) fn may_post(by: Asker, author: Option<UserId>, answer: Option<&Access>) -> Result<i64, MessagesError> {
    let manager = by.manages && author.is_some() && author == by.user;
    match answer {
        Some(Access::Participant { version }) => Ok(*version),
        Some(Access::Owner { version } | Access::Outsider { version }) if manager => Ok(*version),
        Some(Access::Deleted { participant }) if *participant || by.manages => Err(MessagesError::ChatDeleted),
        Some(Access::Owner { .. } | Access::Outsider { .. } | Access::Deleted { .. }) => {
            Err(MessagesError::NotParticipant)
        }
        Some(Access::Missing) => Err(MessagesError::ChatNotFound),
        None => Err(MessagesError::Unavailable("chats left a question without an answer".to_owned())),
    }
}

/// How the caller stands to a chat they may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The chat lives.
    Living,
    /// The chat was deleted.
    Deleted,
}

/// Whether `by` may read `chat`: participants, the owner, and managers of the tenant; deleted chats too.
pub(crate) async fn may_read(chats: &dyn ChatsApi, by: &Principal, chat: ChatId) -> Result<Reader, MessagesError> {
    let manages = by.manages();
    // Without a user the question would be whether the chat lives.
    if !by.scopes.read || !by.reaches(chat) || (by.user.is_none() && !manages) {
        return Err(MessagesError::Forbidden);
    }
    let asked = vec![AccessAsked { tenant: by.tenant, chat, user: by.user }];
    let answers = chats.access(CheckAccess { asked }).await.map_err(unanswered)?;
    match answers.first() {
        Some(Access::Participant { .. }) => Ok(Reader::Living),
        // With a credential for this one chat nobody is its owner.
        Some(Access::Owner { .. }) if by.chat.is_none() => Ok(Reader::Living),
        Some(Access::Outsider { .. }) if manages => Ok(Reader::Living),
        Some(Access::Deleted { participant }) if *participant || manages => Ok(Reader::Deleted),
        Some(Access::Owner { .. } | Access::Outsider { .. } | Access::Deleted { .. }) => Err(MessagesError::Forbidden),
        Some(Access::Missing) => Err(MessagesError::ChatNotFound),
        None => Err(MessagesError::Unavailable("chats left a question without an answer".to_owned())),
    }
}

/// How `user` stands to `chat`.
pub(crate) async fn access(
    chats: &dyn ChatsApi,
    tenant: TenantId,
    chat: ChatId,
    user: UserId,
) -> Result<Option<Access>, MessagesError> {
    let asked = vec![AccessAsked { tenant, chat, user: Some(user) }];
    Ok(chats.access(CheckAccess { asked }).await.map_err(unanswered)?.into_iter().next())
}

/// What a caller is told when `chats` has no answer.
pub(crate) fn unanswered(e: ChatsError) -> MessagesError {
    if let ChatsError::Unavailable(why) = e {
        return MessagesError::Unavailable(why);
    }
    let Failure { code, message, .. } = Failure::from(e);
    match code {
        Code::Unavailable | Code::Limited => MessagesError::Unavailable(message),
        _ => {
            tracing::error!(message, "chats refused to say who may write or read");
            MessagesError::Internal
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { text_chars: 5, media_count: 2, url_chars: 8 };

    fn file(url: &str) -> Media {
        Media { url: url.to_owned(), name: None, mime: None, size: None }
    }

    fn check(kind: MessageKind, text: Option<&str>, media: &[Media]) -> Result<Option<String>, String> {
        let checked = content(&LIMITS, kind, text.map(str::to_owned), media.to_vec());
        checked.map(|(text, _)| text).map_err(|e| e.to_string())
    }

    #[test]
    fn a_message_has_words_or_files() {
        use MessageKind::{Media, System, Text};
        assert_eq!(check(Text, Some("ééééé"), &[]), Ok(Some("ééééé".to_owned())));
        assert_eq!(check(Text, Some(""), &[file("a")]), Ok(None));
        assert_eq!(check(Media, None, &[file("a"), file("b")]), Ok(None));
        for (kind, text, media, problem) in [
            (Text, Some("éééééé"), &[][..], "text is longer than 5 characters"),
            (Text, Some("a\0b"), &[], "text holds a character that cannot be stored"),
            (Text, Some(""), &[], "text is empty"),
            (System, None, &[], "text is empty"),
            (Media, Some("hi"), &[], "media is empty"),
            (Media, None, &[file("a"), file("b"), file("c")], "media has more than 2 entries"),
            (Media, None, &[file("")], "media.url is empty"),
            (Media, None, &[file("123456789")], "media.url is longer than 8 characters"),
        ] {
            assert_eq!(check(kind, text, media), Err(problem.to_owned()));
        }
    }

    #[test]
    fn who_takes_part_may_be_heard_and_managers_as_themselves() {
        let (ann, bob) = (UserId::new(), UserId::new());
        let plain = Asker { user: Some(ann), manages: false };
        let manager = Asker { user: Some(ann), manages: true };
        for asker in [plain, manager] {
            assert_eq!(may_post(asker, Some(bob), Some(&Access::Participant { version: 4 })), Ok(4));
            assert_eq!(may_post(asker, Some(ann), Some(&Access::Missing)), Err(MessagesError::ChatNotFound));
        }
        for outside in [Access::Owner { version: 3 }, Access::Outsider { version: 3 }] {
            assert_eq!(may_post(plain, Some(ann), Some(&outside)), Err(MessagesError::NotParticipant));
            assert_eq!(may_post(manager, Some(bob), Some(&outside)), Err(MessagesError::NotParticipant));
            assert_eq!(may_post(manager, Some(ann), Some(&outside)), Ok(3));
        }
        let deleted = Access::Deleted { participant: false };
        assert_eq!(may_post(plain, Some(ann), Some(&deleted)), Err(MessagesError::NotParticipant));
        assert_eq!(may_post(manager, Some(ann), Some(&deleted)), Err(MessagesError::ChatDeleted));
    }
}
