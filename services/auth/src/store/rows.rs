//! The rows, and the views made of them. Rows never leave the service.

use chrono::NaiveDate;
use contracts::auth::{Invitation, Login, Tenant, Token};
use diesel::prelude::*;
use domain::{ChatId, CodeId, InvitationId, Scopes, TenantId, Timestamp, TokenId, TokenKind, UserId};

use super::schema::{
    chat_passwords, codes, erasures, invitations, jwt_keys, logins, outgoing, standing_tokens, tenants, tokens,
};
use crate::secrets::Origin;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tenants)]
pub(crate) struct TenantRow {
    pub id: TenantId,
    pub name: String,
    pub name_key: Option<String>,
    pub admin_id: UserId,
    pub bot_id: UserId,
    pub key_id: String,
    pub last_token_us: i64,
    pub created_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

impl From<TenantRow> for Tenant {
    fn from(row: TenantRow) -> Self {
        let TenantRow {
            id,
            name,
            name_key: _,
            admin_id,
            bot_id,
            key_id: _,
            last_token_us: _,
            created_at,
            deleted_at: _,
        } = row;
        Self { id, name, admin: admin_id, bot: bot_id, created_at }
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = logins)]
pub(crate) struct LoginRow {
    pub user_id: UserId,
    pub tenant_id: TenantId,
    pub login: String,
    pub login_key: String,
    pub password_hash: Option<String>,
    pub generation: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<LoginRow> for Login {
    fn from(row: LoginRow) -> Self {
        Self { user: row.user_id, login: row.login }
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens)]
pub(crate) struct TokenRow {
    pub id: TokenId,
    pub tenant_id: TenantId,
    pub kind: TokenKind,
    pub user_id: Option<UserId>,
    pub name: String,
    pub detail: String,
    pub secret_hash: Vec<u8>,
    pub prefix: String,
    pub key_id: String,
    pub generation: i64,
    pub may_read: bool,
    pub may_write: bool,
    pub request_key: Option<Vec<u8>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub chat_id: Option<ChatId>,
}

impl TokenRow {
    /// What its secret follows from.
    pub fn origin(&self) -> Origin<'_> {
        Origin { key_id: &self.key_id, generation: self.generation }
    }

    /// Whether it counts at `now`.
    pub fn counts(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    pub fn scopes(&self) -> Scopes {
        Scopes { read: self.may_read, write: self.may_write }
    }
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        let scopes = row.scopes();
        let TokenRow {
            id,
            tenant_id,
            kind,
            user_id,
            name,
            detail,
            secret_hash: _,
            prefix,
            key_id: _,
            generation: _,
            may_read: _,
            may_write: _,
            request_key: _,
            created_at,
            updated_at,
            expires_at,
            last_used_at,
            revoked_at,
            chat_id: _,
        } = row;
        Self {
            id,
            tenant: tenant_id,
            kind,
            user: user_id,
            name,
            detail,
            prefix,
            scopes,
            created_at,
            updated_at,
            expires_at,
            last_used_at,
            revoked_at,
        }
    }
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = standing_tokens)]
pub(crate) struct StandingRow {
    pub tenant_id: TenantId,
    pub user_id: UserId,
    pub kind: TokenKind,
    pub token_id: TokenId,
    pub generation: i64,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = jwt_keys)]
pub(crate) struct JwtKeyRow {
    pub generation: i64,
    pub kid: String,
    pub key_id: String,
    pub created_at: Timestamp,
    pub superseded_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations)]
pub(crate) struct InvitationRow {
    pub id: InvitationId,
    pub tenant_id: TenantId,
    pub visitor_id: UserId,
    pub bot_id: UserId,
    pub secret_hash: Vec<u8>,
    pub key_id: String,
    pub generation: i64,
    pub max_uses: i64,
    pub uses: i64,
    pub last_day: NaiveDate,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl InvitationRow {
    /// What its secret follows from.
    pub fn origin(&self) -> Origin<'_> {
        Origin { key_id: &self.key_id, generation: self.generation }
    }

    /// Whether it can be used at `now`: its last day counts whole, UTC.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.last_day >= now.naive().date() && self.uses < self.max_uses
    }

    /// The invitation as callers see it, with its secret.
    pub fn view(&self, secret: String, now: Timestamp) -> Invitation {
        Invitation {
            id: self.id,
            tenant: self.tenant_id,
            visitor: self.visitor_id,
            bot: self.bot_id,
            secret,
            max_uses: self.max_uses,
            uses: self.uses,
            last_day: self.last_day,
            open: self.is_open(now),
        }
    }
}

/// A mail or an SMS that waits to be sent.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = outgoing)]
pub(crate) struct OutgoingRow {
    pub id: domain::MessageId,
    pub tenant_id: TenantId,
    pub user_id: UserId,
    pub channel: String,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    /// The invitation's or the code's id, as `secret_of` says.
    pub invitation_id: InvitationId,
    pub generation: i64,
    pub key_id: String,
    pub attempts: i64,
    pub due_at: Timestamp,
    pub created_at: Timestamp,
    pub secret_of: String,
}

/// A chat whose password was asked for.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = chat_passwords)]
pub(crate) struct PasswordRow {
    pub chat_id: ChatId,
    pub tenant_id: TenantId,
    pub key_id: String,
    pub generation: i64,
    pub created_at: Timestamp,
}

/// A code that was mailed.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = codes)]
pub(crate) struct CodeRow {
    pub id: CodeId,
    pub tenant_id: TenantId,
    pub chat_id: ChatId,
    pub user_id: UserId,
    pub address_hash: Vec<u8>,
    pub code_hash: Vec<u8>,
    pub key_id: String,
    pub tries: i64,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// A deleted tenant, or a deleted user of one, of which something is left here.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = erasures)]
pub(crate) struct ErasureRow {
    pub id: domain::EventId,
    pub tenant_id: TenantId,
    pub user_id: Option<UserId>,
    pub created_at: Timestamp,
}
