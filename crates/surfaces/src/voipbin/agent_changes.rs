//! `PUT /v1.0/agents/{id}/…`: one part of an agent at a time. Everybody sets their own status; the rest is for managers
//! and admins.

use contracts::auth::SetLogin;
use contracts::users::UpdateUser;
use domain::UserId;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::address::Address;
use super::agent::Kept;
use super::agents::{apply, changeable, no_change, view};
use super::{ids, json, permission};
use crate::http::{Answer, Call, Problem};

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AddressesIn {
    #[serde(deserialize_with = "json::objects")]
    addresses: Vec<Address>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TagIdsIn {
    tag_ids: Vec<Uuid>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct StatusIn {
    status: String,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PermissionIn {
    permission: u64,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PasswordIn {
    password: String,
}

pub async fn addresses(call: Call) -> Answer {
    permission::manager(&call)?;
    set_addresses(&call, ids::path(&call, "id")?).await
}

/// Sets the addresses of somebody the caller may change.
pub async fn set_addresses(call: &Call, id: UserId) -> Answer {
    let AddressesIn { addresses } = json::read(call)?;
    keep(call, id, "addresses", json!(addresses)).await
}

pub async fn tag_ids(call: Call) -> Answer {
    permission::manager(&call)?;
    let TagIdsIn { tag_ids } = json::read(&call)?;
    keep(&call, ids::path(&call, "id")?, "tag_ids", json!(tag_ids)).await
}

pub async fn status(call: Call) -> Answer {
    let id = ids::path(&call, "id")?;
    permission::manager_or(&call, id)?;
    set_status(&call, id).await
}

/// Sets where somebody the caller may change stands.
pub async fn set_status(call: &Call, id: UserId) -> Answer {
    let StatusIn { status } = json::read(call)?;
    keep(call, id, "status", json!(status)).await
}

pub async fn permission(call: Call) -> Answer {
    let who = permission::manager(&call)?;
    let PermissionIn { permission: bits } = json::read(&call)?;
    let role = permission::role(bits)?;
    permission::touching(who, role)?;
    let user = changeable(&call, ids::path(&call, "id")?).await?;
    let sent = (bits != permission::bits(role)).then_some(bits);
    let kept = Some(Kept::part("permission", json!(sent)));
    let change = UpdateUser { role: Some(role), extras: kept, ..no_change(&call, &user)? };
    Ok(json::answer(&apply(&call, change).await?))
}

pub async fn password(call: Call) -> Answer {
    permission::manager(&call)?;
    set_password(&call, ids::path(&call, "id")?).await
}

/// Sets the password of somebody the caller may change.
pub async fn set_password(call: &Call, id: UserId) -> Answer {
    let PasswordIn { password } = json::read(call)?;
    if password.is_empty() {
        return Err(Problem::invalid("password", "password is required"));
    }
    let user = changeable(call, id).await?;
    call.promised().await?;
    let command = SetLogin { tenant: user.tenant, user: user.id, login: None, password: Some(password) };
    call.apis.auth.set_login(command).await?;
    Ok(json::answer(&view(call, user).await?))
}

/// Changes one part of what is kept beside a user.
async fn keep(call: &Call, id: UserId, part: &str, value: Value) -> Answer {
    let user = changeable(call, id).await?;
    let change = UpdateUser { extras: Some(Kept::part(part, value)), ..no_change(call, &user)? };
    Ok(json::answer(&apply(call, change).await?))
}
