//! Names of messages' authors, read only where a message does not say itself how its source is called.

use std::collections::BTreeSet;

use contracts::messages::Message;
use domain::UserId;

use super::wire::{Names, names_author};
use crate::http::{Call, Problem};

/// The names that `messages` show. `messages`: at most 1,000.
pub async fn of(call: &Call, messages: impl Iterator<Item = &Message>) -> Result<Names, Problem> {
    let ids: BTreeSet<UserId> = messages.filter_map(names_author).collect();
    by_ids(call, ids.into_iter().collect()).await
}

/// The name of one user.
pub async fn one(call: &Call, user: UserId) -> Result<String, Problem> {
    Ok(by_ids(call, vec![user]).await?.remove(&user).unwrap_or_default())
}

async fn by_ids(call: &Call, ids: Vec<UserId>) -> Result<Names, Problem> {
    if ids.is_empty() {
        return Ok(Names::new());
    }
    let people = call.apis.people.of(call.who()?.tenant, ids).await?;
    Ok(people.into_values().map(|user| (user.id, user.full_name())).collect())
}
