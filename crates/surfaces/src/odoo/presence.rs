//! `im_status`: whether somebody is there.

use std::collections::HashMap;

use domain::{TenantId, UserId};

use crate::http::{Apis, Problem};

/// Nobody is there.
pub const OFFLINE: &str = "offline";

/// The status of each of `users`; whoever is left out is offline.
#[expect(clippy::unused_async, reason = "asked of another service once there is one that knows")]
pub async fn statuses(
    _apis: &Apis,
    _tenant: TenantId,
    users: impl Iterator<Item = UserId>,
) -> Result<HashMap<UserId, &'static str>, Problem> {
    Ok(users.map(|user| (user, OFFLINE)).collect())
}
