//! `im_status`: whether somebody is there.

use std::collections::{HashMap, HashSet};

use contracts::realtime::{PresenceOf, RealtimeError};
use domain::{Presence, TenantId, UserId};

use crate::http::{Apis, Problem};

/// Nobody is there.
pub const OFFLINE: &str = "offline";

/// The status of each of `users`; whoever is left out is offline. Nobody is refused a list because presence is not known
/// right now: then nobody is there.
pub async fn statuses(
    apis: &Apis,
    tenant: TenantId,
    users: impl Iterator<Item = UserId>,
) -> Result<HashMap<UserId, &'static str>, Problem> {
    let users: Vec<UserId> = users.collect::<HashSet<_>>().into_iter().collect();
    let mut statuses = HashMap::with_capacity(users.len());
    for users in users.chunks(1000) {
        match apis.realtime.presence(PresenceOf { tenant, users: users.to_vec() }).await {
            Ok(known) => statuses.extend(known.into_iter().map(|one| (one.user, word(one.presence)))),
            Err(RealtimeError::Unavailable(why)) => tracing::debug!(why, "presence is not known"),
            Err(e) => return Err(e.into()),
        }
    }
    Ok(statuses)
}

/// The vendor's word.
pub const fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "online",
        Presence::Away => "away",
        Presence::Offline => OFFLINE,
    }
}
