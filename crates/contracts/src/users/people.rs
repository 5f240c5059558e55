//! Who people are, remembered for a moment.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use domain::{TenantId, UserId};
use moka::sync::Cache;

use super::{User, UsersApi, UsersByIds, UsersError};

/// How long a user is kept at most: a change made elsewhere takes this long to be seen here.
const KEPT: Duration = Duration::from_secs(5);
/// Users in one question.
const AT_ONCE: usize = 1000;

/// Asks [`UsersApi`] who people are and keeps the answers for five seconds: what messages and chats show of their people is
/// asked for with every page. For showing only; whoever decides by it asks [`UsersApi`].
#[derive(Clone)]
pub struct People {
    users: Arc<dyn UsersApi>,
    known: Cache<(TenantId, UserId), Arc<User>>,
}

impl People {
    /// `capacity`: how many users are remembered at most.
    pub fn new(users: Arc<dyn UsersApi>, capacity: u64) -> Self {
        Self { users, known: Cache::builder().max_capacity(capacity).time_to_live(KEPT).build() }
    }

    /// These users, deleted ones too; unknown ones and those of other tenants are left out. One call a thousand.
    ///
    /// # Errors
    /// What [`UsersApi::by_ids`] answers.
    pub async fn of(
        &self,
        tenant: TenantId,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, Arc<User>>, UsersError> {
        let (mut people, mut missing) = (HashMap::new(), Vec::new());
        for id in ids {
            match self.known.get(&(tenant, id)) {
                Some(user) => drop(people.insert(id, user)),
                None => missing.push(id),
            }
        }
        missing.sort_unstable();
        missing.dedup();
        for ids in missing.chunks(AT_ONCE) {
            for user in self.users.by_ids(UsersByIds { tenant, ids: ids.to_vec() }).await? {
                let user = Arc::new(user);
                self.known.insert((tenant, user.id), user.clone());
                people.insert(user.id, user);
            }
        }
        Ok(people)
    }

    /// Forgets one, who may have changed.
    pub fn forget(&self, tenant: TenantId, user: UserId) {
        self.known.invalidate(&(tenant, user));
    }

    /// Forgets everybody.
    pub fn forget_all(&self) {
        self.known.invalidate_all();
    }
}
