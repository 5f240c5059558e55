//! What other services are asked, always before a transaction begins.

use std::collections::HashSet;

use contracts::chats::ChatsError;
use contracts::messages::Heads;
use contracts::users::{CompaniesByIds, Group, GroupKeys, GroupsBy, UsersByIds};
use domain::{ChatId, Code, CompanyId, ServiceError, TenantId, UserId};

use super::{Chats, Outcome};

/// How many users are asked for at once.
const AT_ONCE: usize = 1000;

impl Chats {
    /// Refuses the first of `users` who is no living user of the tenant.
    pub(super) async fn check_living(&self, tenant: TenantId, users: &[UserId]) -> Outcome<()> {
        for some in users.chunks(AT_ONCE) {
            let known =
                self.users.by_ids(UsersByIds { tenant, ids: some.to_vec() }).await.map_err(|e| from_peer(&e))?;
            let living: HashSet<UserId> = known.iter().filter(|u| u.deleted_at.is_none()).map(|u| u.id).collect();
            if let Some(missing) = some.iter().find(|user| !living.contains(user)) {
                return Err(ChatsError::UserNotFound(*missing).into());
            }
        }
        Ok(())
    }

    /// Groups of the tenant with their members; those that do not exist are left out.
    pub(super) async fn groups_by(&self, tenant: TenantId, keys: GroupKeys) -> Outcome<Vec<Group>> {
        Ok(self.users.groups_by(GroupsBy { tenant, keys }).await.map_err(|e| from_peer(&e))?)
    }

    /// Refuses a company the tenant has not.
    pub(super) async fn check_company(&self, tenant: TenantId, company: Option<CompanyId>) -> Outcome<()> {
        let Some(company) = company else { return Ok(()) };
        let asked = CompaniesByIds { tenant, ids: vec![company] };
        let known = self.users.companies_by_ids(asked).await.map_err(|e| from_peer(&e))?;
        if known.is_empty() { Err(ChatsError::CompanyNotFound.into()) } else { Ok(()) }
    }

    /// The last place of a chat; 0 when nothing was said.
    pub(super) async fn last_seq(&self, tenant: TenantId, chat: ChatId) -> Outcome<i64> {
        let heads = self.messages.heads(Heads { tenant, chats: vec![chat] }).await.map_err(|e| from_peer(&e))?;
        Ok(heads.iter().find(|head| head.chat == chat).map_or(0, |head| head.last_seq))
    }
}

/// What our caller is told when another service fails us.
fn from_peer(e: &impl ServiceError) -> ChatsError {
    match e.code() {
        Code::Unavailable | Code::Limited => ChatsError::Unavailable(e.to_string()),
        Code::Invalid
        | Code::Unauthenticated
        | Code::Forbidden
        | Code::NotFound
        | Code::Conflict
        | Code::KeyReused
        | Code::Internal => {
            tracing::error!(error = %e, "another service refused what it should not");
            ChatsError::Internal
        }
    }
}
