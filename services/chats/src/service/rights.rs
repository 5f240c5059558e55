//! Who may do what in a chat.

use contracts::chats::{Chat, ChatsError};
use domain::{ChatId, Principal, UserId};

type Allowed = Result<(), ChatsError>;

fn when(allowed: bool) -> Allowed {
    if allowed { Ok(()) } else { Err(ChatsError::Forbidden) }
}

fn owns(by: &Principal, chat: &Chat) -> bool {
    chat.owner.is_some_and(|owner| by.is(owner))
}

/// Participants, the owner and managers; they may also add somebody. A credential for one chat: participants of that one.
pub fn read(by: &Principal, chat: &Chat) -> Allowed {
    let takes_part = by.user.is_some_and(|user| chat.participant(user).is_some());
    read_as(by, chat.id, takes_part, owns(by, chat))
}

/// The same for somebody of whom it is known whether they take part in the chat and own it.
pub fn read_as(by: &Principal, chat: ChatId, takes_part: bool, owns: bool) -> Allowed {
    match by.chat {
        Some(_) => when(by.reaches(chat) && takes_part),
        None => when(by.manages() || owns || takes_part),
    }
}

/// Whoever may read, and whom the chat itself has let in, for themselves.
pub fn add(by: &Principal, chat: &Chat, user: UserId) -> Allowed {
    if by.chat.is_some() { when(by.reaches(chat.id) && by.is(user)) } else { read(by, chat) }
}

/// The owner, the creator and managers.
pub fn change(by: &Principal, chat: &Chat) -> Allowed {
    unconfined(by)?;
    when(by.manages() || owns(by, chat) || chat.creator.is_some_and(|creator| by.is(creator)))
}

/// Themselves, the owner and managers.
pub fn remove(by: &Principal, chat: &Chat, user: UserId) -> Allowed {
    when(by.reaches(chat.id) && (by.is(user) || by.manages() || (by.chat.is_none() && owns(by, chat))))
}

/// What is `user`'s own, or anybody's for managers.
pub fn own(by: &Principal, user: UserId) -> Allowed {
    unconfined(by)?;
    when(by.is(user) || by.manages())
}

/// What is beyond any one chat.
pub fn unconfined(by: &Principal) -> Allowed {
    when(by.chat.is_none())
}

/// What is for managers.
pub fn manage(by: &Principal) -> Allowed {
    when(by.manages())
}

/// Only a living chat is changed.
pub fn living(chat: &Chat) -> Allowed {
    if chat.deleted_at.is_some() { Err(ChatsError::Deleted) } else { Ok(()) }
}
