//! Names of users, for drawing what they did.

use std::collections::HashMap;

use contracts::users::{People, UsersError};
use domain::{TenantId, UserId};

/// Looks up names.
#[derive(Clone)]
pub struct NameBook(People);

impl NameBook {
    pub(super) fn new(people: People) -> Self {
        Self(people)
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
        let people = self.0.of(tenant, users).await?;
        Ok(people.into_values().map(|user| (user.id, user.full_name())).collect())
    }

    /// Somebody may have another name now.
    pub(super) fn forget(&self, tenant: TenantId, user: UserId) {
        self.0.forget(tenant, user);
    }
}
