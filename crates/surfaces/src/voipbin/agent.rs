//! An agent as this surface shows it, and what is kept beside the user for the vendor's telephony.

use contracts::Extras;
use contracts::auth::Token;
use contracts::users::User;
use domain::{Role, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::address::Address;
use super::{extras, permission, time};

/// The way an agent's addresses ring when nobody said otherwise: all at once.
const RING_ALL: &str = "ringall";
/// Where an agent stands who never said.
const OFFLINE: &str = "offline";

/// What is kept beside the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    pub ring_method: String,
    pub status: String,
    /// The bits as sent; they count as long as they stand for the user's role.
    pub permission: Option<u64>,
    pub tag_ids: Vec<Uuid>,
    pub addresses: Vec<Address>,
}

impl Default for Kept {
    fn default() -> Self {
        let (ring_method, status) = (RING_ALL.to_owned(), OFFLINE.to_owned());
        Self { ring_method, status, permission: None, tag_ids: Vec::new(), addresses: Vec::new() }
    }
}

impl Kept {
    /// What was kept of `user`, or what counts for somebody who came another way.
    pub fn of(user: &User) -> Self {
        extras::all(&user.extras).unwrap_or_default()
    }

    /// As it is stored.
    pub fn extras(&self) -> Extras {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => extras::keep(fields),
            _ => Extras::new(),
        }
    }

    /// A change of one part, the others left as they are by then; null is as if it had never been set.
    pub fn part(name: &str, value: impl Into<Value>) -> Extras {
        extras::keep(Map::from_iter([(name.to_owned(), value.into())]))
    }
}

/// An agent, keys in the vendor's order.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AgentView {
    id: Uuid,
    customer_id: TenantId,
    username: String,
    name: String,
    detail: String,
    ring_method: String,
    status: String,
    permission: u64,
    tag_ids: Vec<Uuid>,
    addresses: Vec<Address>,
    tm_create: String,
    tm_update: String,
    tm_delete: String,
}

impl AgentView {
    pub fn new(user: User, username: String) -> Self {
        let kept = Kept::of(&user);
        let sent = kept.permission.filter(|bits| permission::role(*bits) == Ok(user.role));
        Self {
            id: user.id.uuid(),
            customer_id: user.tenant,
            username,
            name: user.full_name(),
            permission: sent.unwrap_or(permission::bits(user.role)),
            detail: user.detail,
            ring_method: kept.ring_method,
            status: kept.status,
            tag_ids: kept.tag_ids,
            addresses: kept.addresses,
            tm_create: time::show(user.created_at),
            tm_update: time::show(user.deleted_at.map_or(user.updated_at, |at| at.max(user.updated_at))),
            tm_delete: time::show_or_never(user.deleted_at),
        }
    }

    /// An access key, as the agent it acts as.
    pub fn of_key(key: &Token, role: Role) -> Self {
        Self {
            id: key.id.uuid(),
            customer_id: key.tenant,
            username: String::new(),
            name: key.name.clone(),
            detail: key.detail.clone(),
            ring_method: String::new(),
            status: String::new(),
            permission: permission::bits(role),
            tag_ids: Vec::new(),
            addresses: Vec::new(),
            tm_create: time::show(key.created_at),
            tm_update: time::show(key.updated_at),
            tm_delete: time::show_or_never(key.revoked_at),
        }
    }
}

/// A ring method as sent, or the one that is meant when nothing was.
pub fn ring_method(sent: String) -> String {
    if sent.is_empty() { RING_ALL.to_owned() } else { sent }
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;

    use super::*;

    fn user(role: Role, kept: &Kept) -> User {
        let made = Timestamp::from_micros(1);
        User {
            id: "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b".parse().unwrap(),
            tenant: "5e4a0680-804e-11ec-8477-2fea5968d85b".parse().unwrap(),
            number: 1,
            partner: 1,
            idsha: String::new(),
            name: "Ann".to_owned(),
            surname: Some("Lee".to_owned()),
            email: None,
            phone: None,
            role,
            detail: "d".to_owned(),
            extras: kept.extras(),
            created_at: made,
            updated_at: made,
            deleted_at: None,
        }
    }

    #[test]
    fn an_agent_has_the_vendor_s_keys_in_its_order() {
        let written = serde_json::to_string(&AgentView::new(user(Role::Agent, &Kept::default()), "ann".to_owned()));
        let expected = concat!(
            r#"{"id":"eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b","customer_id":"5e4a0680-804e-11ec-8477-2fea5968d85b","#,
            r#""username":"ann","name":"Ann Lee","detail":"d","ring_method":"ringall","status":"offline","#,
            r#""permission":16,"tag_ids":[],"addresses":[],"tm_create":"1970-01-01 00:00:00.000001","#,
            r#""tm_update":"1970-01-01 00:00:00.000001","tm_delete":"9999-01-01 00:00:00.000000"}"#,
        );
        assert_eq!(written.unwrap(), expected);
    }

    #[test]
    fn bits_as_sent_are_shown_while_they_stand_for_the_role() {
        let kept = Kept { permission: Some(48), status: "away".to_owned(), ..Kept::default() };
        let shown = |role| AgentView::new(user(role, &kept), String::new()).permission;
        assert_eq!((shown(Role::Admin), shown(Role::Agent)), (48, 16));
        assert_eq!(Kept::of(&user(Role::Agent, &kept)), kept);
    }
}
