//! What a session's token says: the claims that VoIPBin's clients know, and ours.

use domain::{Role, TenantId, Timestamp, TokenId, UserId};
use serde::{Deserialize, Serialize};

/// Who opens a session.
pub(crate) struct Person<'a> {
    pub tenant: TenantId,
    pub user: UserId,
    /// Of their login.
    pub generation: i64,
    pub login: &'a str,
    pub name: &'a str,
    pub role: Role,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What this service reads back. Nothing else in a token counts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Held {
    #[serde(rename = "jti")]
    pub id: TokenId,
    #[serde(rename = "sub")]
    pub user: UserId,
    pub tenant: TenantId,
    pub generation: i64,
    /// Unix seconds.
    pub exp: i64,
}

/// All claims.
#[derive(Serialize)]
pub(super) struct Claims<'a> {
    /// Of 2022: an object, written as a string.
    customer: String,
    /// Of 2026: the end as the vendor writes times.
    expire: String,
    /// Of 2026.
    agent: Agent<'a>,
    #[serde(flatten)]
    held: Held,
}

#[derive(Serialize)]
struct Customer<'a> {
    id: TenantId,
    username: &'a str,
    name: &'a str,
    detail: &'static str,
    webhook_method: &'static str,
    webhook_uri: &'static str,
}

#[derive(Serialize)]
struct Agent<'a> {
    id: UserId,
    customer_id: TenantId,
    username: &'a str,
    name: &'a str,
    detail: &'static str,
    permission: u32,
    tm_create: String,
    tm_update: String,
    tm_delete: &'static str,
}

impl<'a> Claims<'a> {
    /// `None` if the tenant cannot be written as JSON, which it can.
    pub(super) fn new(person: &Person<'a>, id: TokenId, expires_at: Timestamp) -> serde_json::Result<Self> {
        let customer = Customer {
            id: person.tenant,
            username: person.login,
            name: person.name,
            detail: "",
            webhook_method: "",
            webhook_uri: "",
        };
        let agent = Agent {
            id: person.user,
            customer_id: person.tenant,
            username: person.login,
            name: person.name,
            detail: "",
            permission: permission(person.role),
            tm_create: written(person.created_at),
            tm_update: written(person.updated_at),
            tm_delete: "9999-01-01 00:00:00.000000",
        };
        let held = Held {
            id,
            user: person.user,
            tenant: person.tenant,
            generation: person.generation,
            exp: expires_at.micros() / 1_000_000,
        };
        Ok(Self { customer: serde_json::to_string(&customer)?, expire: written(expires_at), agent, held })
    }
}

/// The vendor's permission bits.
fn permission(role: Role) -> u32 {
    match role {
        Role::Agent => 16,
        Role::Admin => 32,
        Role::Manager => 64,
        Role::Customer | Role::Bot => 0,
    }
}

fn written(at: Timestamp) -> String {
    at.naive().format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}
