//! Names of users, for drawing what they did.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use contracts::UsersApi;
use contracts::users::{UsersByIds, UsersError};
use domain::{TenantId, UserId};
use moka::sync::Cache;

/// How long a name is remembered; a change is heard of sooner.
const KEPT: Duration = Duration::from_mins(5);
/// Names remembered.
const NAMES: u64 = 100_000;
/// Users in one question.
const AT_ONCE: usize = 1000;

/// Remembers names.
#[derive(Clone)]
pub struct NameBook {
    users: Arc<dyn UsersApi>,
    known: Cache<(TenantId, UserId), String>,
}

impl NameBook {
    pub(super) fn new(users: Arc<dyn UsersApi>) -> Self {
        Self { users, known: Cache::builder().max_capacity(NAMES).time_to_live(KEPT).build() }
    }

    /// The names of `users`, deleted ones too; unknown ones are left out.
    ///
    /// # Errors
    /// `users` does not answer.
    pub async fn of(
        &self,
        tenant: TenantId,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, String>, UsersError> {
        let (mut names, mut missing) = (HashMap::new(), Vec::new());
        for user in users {
            match self.known.get(&(tenant, user)) {
                Some(name) => drop(names.insert(user, name)),
                None => missing.push(user),
            }
        }
        missing.sort_unstable();
        missing.dedup();
        for ids in missing.chunks(AT_ONCE) {
            for user in self.users.by_ids(UsersByIds { tenant, ids: ids.to_vec() }).await? {
                self.known.insert((tenant, user.id), user.full_name());
                names.insert(user.id, user.full_name());
            }
        }
        Ok(names)
    }

    /// Somebody may have another name now.
    pub(super) fn forget(&self, tenant: TenantId, user: UserId) {
        self.known.invalidate(&(tenant, user));
    }
}
