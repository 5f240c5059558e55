//! Groups.

use contracts::users::{CreateGroup, Group, GroupKeys, GroupsBy, ListGroups, SetMembers, UsersError};
use domain::{GroupId, Page, Principal, UserId};

use super::{Outcome, Users, checks};
use crate::once;
use crate::store::rows::NewGroup;
use crate::store::{groups, heads, people};

impl Users {
    pub(super) async fn make_group(&self, cmd: CreateGroup) -> Outcome<Group> {
        managing(&cmd.by)?;
        let name = checks::name(cmd.name)?;
        let request = cmd.idempotency.as_ref();
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if let Some(group) = once::first_answer(&mut tx, request, now).await? {
            return Ok(group);
        }
        let new = NewGroup { id: GroupId::new(), tenant: cmd.by.tenant, name: &name, created_at: now };
        let group = groups::insert(&mut tx, new).await?;
        once::keep(&mut tx, request, cmd.by.tenant, &group).await?;
        tx.commit().await?;
        Ok(group)
    }

    pub(super) async fn replace_members(&self, cmd: SetMembers) -> Outcome<Group> {
        managing(&cmd.by)?;
        checks::ids("users", cmd.users.len())?;
        let mut users = cmd.users;
        users.sort_unstable();
        users.dedup();

        let mut tx = self.db.begin().await?;
        // Nobody of them is deleted meanwhile.
        heads::lock(&mut tx, cmd.by.tenant).await?;
        let group = groups::find(&tx, cmd.by.tenant, cmd.id).await?.ok_or(UsersError::GroupNotFound)?;
        let known = people::by_ids(&tx, cmd.by.tenant, users.clone()).await?;
        let living: Vec<UserId> = known.iter().filter(|u| u.deleted_at.is_none()).map(|u| u.id).collect();
        if living.len() < users.len() {
            return Err(UsersError::UserNotFound.into());
        }
        groups::set_members(&mut tx, group.id, &users).await?;
        tx.commit().await?;
        Ok(group.with(users))
    }

    pub(super) async fn list_groups(&self, cmd: ListGroups) -> Outcome<Page<Group>> {
        let conn = self.db.read().await?;
        let rows = groups::page(&conn, cmd.tenant, cmd.member, cmd.after, cmd.limit).await?;
        Ok(Page::cut(rows, cmd.limit))
    }

    pub(super) async fn groups_by_keys(&self, cmd: GroupsBy) -> Outcome<Vec<Group>> {
        match &cmd.keys {
            GroupKeys::Ids(ids) => checks::ids("keys", ids.len())?,
            GroupKeys::Numbers(numbers) => checks::ids("keys", numbers.len())?,
        }
        Ok(groups::by_keys(&self.db.read().await?, cmd.tenant, cmd.keys).await?)
    }
}

fn managing(by: &Principal) -> Outcome<()> {
    if by.manages() { Ok(()) } else { Err(UsersError::Forbidden.into()) }
}
