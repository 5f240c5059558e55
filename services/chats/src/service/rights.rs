//! Who may do what in a chat.

use contracts::chats::{Chat, ChatsError};
use domain::{Principal, UserId};

type Allowed = Result<(), ChatsError>;

fn when(allowed: bool) -> Allowed {
    if allowed { Ok(()) } else { Err(ChatsError::Forbidden) }
}

fn owns(by: &Principal, chat: &Chat) -> bool {
    chat.owner.is_some_and(|owner| by.is(owner))
}

/// Participants, the owner and managers; they may also add somebody.
pub fn read(by: &Principal, chat: &Chat) -> Allowed {
    when(by.manages() || owns(by, chat) || by.user.is_some_and(|user| chat.participant(user).is_some()))
}

/// The owner, the creator and managers.
pub fn change(by: &Principal, chat: &Chat) -> Allowed {
    when(by.manages() || owns(by, chat) || chat.creator.is_some_and(|creator| by.is(creator)))
}

/// Themselves, the owner and managers.
pub fn remove(by: &Principal, chat: &Chat, user: UserId) -> Allowed {
    when(by.is(user) || by.manages() || owns(by, chat))
}

/// What is `user`'s own, or anybody's for managers.
pub fn own(by: &Principal, user: UserId) -> Allowed {
    when(by.is(user) || by.manages())
}

/// What is for managers.
pub fn manage(by: &Principal) -> Allowed {
    when(by.manages())
}

/// Only a living chat is changed.
pub fn living(chat: &Chat) -> Allowed {
    if chat.deleted_at.is_some() { Err(ChatsError::Deleted) } else { Ok(()) }
}
