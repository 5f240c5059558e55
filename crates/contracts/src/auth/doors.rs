//! Doors: how somebody without an account comes into a chat, by its password or by a code mailed to them.

use std::net::IpAddr;

use domain::{ChatId, CodeId, Idempotency, TenantId, UserId};
use serde::{Deserialize, Serialize};

/// Asks for a chat's password: the same one at each call. Whether the caller may know it, `chats` has said.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AskPassword {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
}

/// A chat's password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatPassword {
    /// Twelve letters and digits.
    pub password: String,
}

impl std::fmt::Debug for ChatPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChatPassword").finish_non_exhaustive()
    }
}

/// Checks a chat's password. Failures of an address are counted like failed log-ins.
#[derive(Clone, Serialize, Deserialize)]
pub struct Knock {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// The password.
    pub password: String,
    /// Where the caller sits.
    pub address: Option<IpAddr>,
}

impl std::fmt::Debug for Knock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Knock").field("chat", &self.chat).finish_non_exhaustive()
    }
}

/// Asks whether somebody must prove that an address is theirs: once they work for the tenant, have a login, or were ever
/// given a credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MustProve {
    /// The tenant.
    pub tenant: TenantId,
    /// The user who has the address.
    pub user: UserId,
}

/// Mails a code that lets a user into a chat once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MailCode {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// The user.
    pub user: UserId,
    /// Their e-mail.
    pub email: String,
    /// The promise of a repeated request: a repeat sends nothing again.
    pub idempotency: Option<Idempotency>,
}

/// Tries a code; it is not used up by that. Wrong, used and expired ones, and those of unknown addresses, fail alike.
#[derive(Clone, Serialize, Deserialize)]
pub struct TryCode {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// The e-mail it was sent to, without case.
    pub email: String,
    /// The code.
    pub code: String,
    /// The promise of the request that uses it up: a repeat is known by it.
    pub idempotency: Option<Idempotency>,
}

impl std::fmt::Debug for TryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TryCode").field("chat", &self.chat).finish_non_exhaustive()
    }
}

/// Whom a code lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetIn {
    /// The user.
    pub user: UserId,
    /// The code that fitted; `None` when the same request has used it up before.
    pub code: Option<CodeId>,
}

/// Uses a code up that was tried with success, and makes the `chat_user_token` it is for: both or neither.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct RedeemCode {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// The code, as [`LetIn`] has it.
    pub code: Option<CodeId>,
    /// The promise of the request.
    pub idempotency: Option<Idempotency>,
}
