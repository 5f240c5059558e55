//! Groups and their members.

use std::collections::HashMap;

use contracts::users::{Group, GroupKeys};
use diesel::prelude::*;
use domain::{GroupId, Limit, TenantId, UserId};
use store::{Conn, Engine, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::{GroupRow, NewGroup};
use super::schema::{group_members, user_groups};

/// Adds a group without members.
pub async fn insert(tx: &mut Tx, new: NewGroup<'_>) -> StoreResult<Group> {
    let row: GroupRow = on_conn!(tx, |c| diesel::insert_into(user_groups::table)
        .values(new)
        .returning(GroupRow::as_returning())
        .get_result(c)
        .await)?;
    Ok(row.with(Vec::new()))
}

/// The group without its members.
pub async fn find(conn: &Conn, tenant: TenantId, id: GroupId) -> StoreResult<Option<GroupRow>> {
    Ok(on_conn!(conn, |c| user_groups::table
        .filter(user_groups::id.eq(id))
        .filter(user_groups::tenant.eq(tenant))
        .select(GroupRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// Replaces the members of a group.
pub async fn set_members(tx: &mut Tx, group: GroupId, users: &[UserId]) -> StoreResult<()> {
    let old = group_members::table.filter(group_members::group_id.eq(group));
    on_conn!(tx, |c| diesel::delete(old).execute(c).await)?;
    let rows: Vec<_> =
        users.iter().map(|u| (group_members::group_id.eq(group), group_members::user_id.eq(*u))).collect();
    match tx.engine() {
        Engine::Pg(c) => {
            diesel::insert_into(group_members::table).values(rows).execute(c).await?;
        }
        // SQLite has no DEFAULT in a row: diesel's asynchronous batch does not exist for it, the other one does.
        Engine::Sqlite(c) => {
            c.spawn_blocking(move |c| {
                diesel::RunQueryDsl::execute(diesel::insert_into(group_members::table).values(rows), c)
            })
            .await?;
        }
    }
    Ok(())
}

/// Takes a user out of every group.
pub async fn forget(tx: &mut Tx, user: UserId) -> StoreResult<()> {
    let theirs = group_members::table.filter(group_members::user_id.eq(user));
    on_conn!(tx, |c| diesel::delete(theirs).execute(c).await)?;
    Ok(())
}

/// Groups by id, with their members, and one more than `limit` if there is one.
pub async fn page(
    conn: &Conn,
    tenant: TenantId,
    member: Option<UserId>,
    after: Option<GroupId>,
    limit: Limit,
) -> StoreResult<Vec<Group>> {
    let rows: Vec<GroupRow> = on_conn!(conn, |c| {
        let mut all = user_groups::table.filter(user_groups::tenant.eq(tenant)).into_boxed();
        if let Some(user) = member {
            let theirs = group_members::table.filter(group_members::user_id.eq(user));
            all = all.filter(user_groups::id.eq_any(theirs.select(group_members::group_id)));
        }
        if let Some(id) = after {
            all = all.filter(user_groups::id.gt(id));
        }
        all.order(user_groups::id).limit(limit.plus_one()).select(GroupRow::as_select()).load(c).await
    })?;
    with_members(conn, rows).await
}

/// The groups of these ids, with their members.
pub async fn by_keys(conn: &Conn, tenant: TenantId, keys: GroupKeys) -> StoreResult<Vec<Group>> {
    let rows: Vec<GroupRow> = on_conn!(conn, |c| {
        let all = user_groups::table.filter(user_groups::tenant.eq(tenant)).into_boxed();
        let named = match &keys {
            GroupKeys::Ids(ids) => all.filter(user_groups::id.eq_any(ids.clone())),
            GroupKeys::Numbers(numbers) => all.filter(user_groups::number.eq_any(numbers.clone())),
        };
        named.select(GroupRow::as_select()).load(c).await
    })?;
    with_members(conn, rows).await
}

async fn with_members(conn: &Conn, rows: Vec<GroupRow>) -> StoreResult<Vec<Group>> {
    let mut members = members(conn, rows.iter().map(|g| g.id).collect()).await?;
    Ok(rows.into_iter().map(|g| (members.remove(&g.id).unwrap_or_default(), g)).map(|(m, g)| g.with(m)).collect())
}

async fn members(conn: &Conn, groups: Vec<GroupId>) -> StoreResult<HashMap<GroupId, Vec<UserId>>> {
    let rows: Vec<(GroupId, UserId)> = on_conn!(conn, |c| group_members::table
        .filter(group_members::group_id.eq_any(groups))
        .order(group_members::user_id)
        .select((group_members::group_id, group_members::user_id))
        .load(c)
        .await)?;
    let mut members = HashMap::<_, Vec<_>>::new();
    for (group, user) in rows {
        members.entry(group).or_default().push(user);
    }
    Ok(members)
}
