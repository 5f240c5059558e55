//! What other services are asked, always before a transaction begins.

use contracts::Invalid;
use contracts::bots::BotsError;
use contracts::chats::{AddParticipant, Chat, ChatKey, ChatsError, GetChat};
use contracts::messages::{Heads, Message, MessagesError};
use contracts::users::{User, UsersByIds, UsersError};
use domain::{ChatId, Code, Principal, ServiceError, Surface, TenantId, UserId};

use super::{Bots, Outcome};
use crate::known::last_said;

impl Bots {
    /// The place behind the last message of a chat.
    pub(super) async fn next_seq(&self, tenant: TenantId, chat: ChatId) -> Outcome<i64> {
        let heads = self.peers.messages.heads(Heads { tenant, chats: vec![chat] }).await.map_err(|e| from_peer(&e))?;
        Ok(heads.iter().find(|head| head.chat == chat).map_or(0, |head| head.last_seq) + 1)
    }

    /// What was said last in a chat, newest first, deleted messages with it.
    pub(super) async fn last_said(&self, tenant: TenantId, chat: ChatId) -> Outcome<Vec<Message>> {
        Ok(last_said(&*self.peers.messages, tenant, chat).await.map_err(|e| from_peer(&e))?)
    }

    /// These users, each living and working for the tenant; refuses the first who is not.
    pub(super) async fn staff(&self, tenant: TenantId, ids: Vec<UserId>) -> Outcome<Vec<User>> {
        let asked = UsersByIds { tenant, ids: ids.clone() };
        let mut users = self.peers.users.by_ids(asked).await.map_err(|e| from_peer(&e))?;
        users.retain(|user| user.deleted_at.is_none() && user.role.is_staff());
        match ids.iter().find(|id| users.iter().all(|user| user.id != **id)) {
            Some(missing) => Err(BotsError::NotAnAgent(*missing).into()),
            None => Ok(users),
        }
    }

    /// Takes a user into a chat, unless they take part; the chat afterwards.
    pub(super) async fn seat(&self, tenant: TenantId, chat: ChatId, user: UserId) -> Result<Chat, ChatsError> {
        let by = service(tenant);
        let add = AddParticipant { by: by.clone(), chat, user, idempotency: None };
        match self.peers.chats.add(add).await {
            Err(ChatsError::AlreadyParticipant) => self.peers.chats.get(GetChat { by, key: ChatKey::Id(chat) }).await,
            outcome => outcome,
        }
    }
}

/// This service, as the others know it.
pub(super) const fn service(tenant: TenantId) -> Principal {
    Principal::service(tenant, Surface::Operator)
}

/// What our caller is told when another service fails us.
pub(super) fn from_peer(e: &impl ServiceError) -> BotsError {
    match e.code() {
        Code::Unavailable | Code::Limited => BotsError::Unavailable(e.to_string()),
        Code::KeyReused => BotsError::KeyReused,
        Code::Invalid | Code::Unauthenticated | Code::Forbidden | Code::NotFound | Code::Conflict | Code::Internal => {
            tracing::error!(error = %e, "another service refused what it should not");
            BotsError::Internal
        }
    }
}

/// The same where the values are our caller's.
pub(super) fn from_users(e: UsersError) -> BotsError {
    match e {
        UsersError::Invalid(invalid) => invalid.into(),
        UsersError::EmailTaken => Invalid::new("email", "is already taken").into(),
        other => from_peer(&other),
    }
}

/// The same for what is said in an interaction whose chat or owner may be gone.
pub(super) fn from_messages(e: MessagesError) -> BotsError {
    match e {
        MessagesError::Invalid(invalid) => invalid.into(),
        MessagesError::ChatNotFound | MessagesError::ChatDeleted => BotsError::Finished,
        MessagesError::NotParticipant => BotsError::NotWithBot,
        other => from_peer(&other),
    }
}

/// The same for a chat that may be gone.
pub(super) fn from_chats(e: ChatsError) -> BotsError {
    match e {
        ChatsError::ChatNotFound | ChatsError::Deleted => BotsError::Finished,
        ChatsError::UserNotFound(user) => BotsError::NotAnAgent(user),
        other => from_peer(&other),
    }
}
