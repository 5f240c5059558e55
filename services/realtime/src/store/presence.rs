//! Who is there.

use diesel::prelude::*;
use domain::{Presence, TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, Shared, StoreResult, Tx, on_conn};

use super::schema::presence;

/// Somebody who was ever there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = presence)]
pub struct Row {
    /// Who.
    pub user_id: UserId,
    /// Their tenant.
    pub tenant: TenantId,
    /// As it was told last.
    pub stands: Presence,
    /// The last sign of a stream or poll.
    pub seen_at: Timestamp,
    /// The last time they did something.
    pub active_at: Timestamp,
}

/// Somebody who stands otherwise now.
pub type Changed = (TenantId, UserId, Presence);

/// What is known of these users.
pub async fn of(conn: &Conn, users: Vec<UserId>) -> StoreResult<Vec<Row>> {
    Ok(on_conn!(conn, |c| presence::table
        .filter(presence::user_id.eq_any(users))
        .select(Row::as_select())
        .load(c)
        .await)?)
}

/// As [`of`], and nobody else changes them until `tx` ends.
pub async fn hold(tx: &Tx, users: Vec<UserId>) -> StoreResult<Vec<Row>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let rows = presence::table.filter(presence::user_id.eq_any(users)).order(presence::user_id);
    Ok(match tx.shared().await {
        Shared::Pg(mut c) => rows.select(Row::as_select()).for_update().load(&mut c).await?,
        // The whole database is this transaction's.
        Shared::Sqlite(mut c) => rows.select(Row::as_select()).load(&mut *c).await?,
    })
}

/// Keeps these, in the order given.
pub async fn put(tx: &mut Tx, rows: Vec<Row>) -> StoreResult<()> {
    for row in rows {
        on_conn!(tx, |c| diesel::insert_into(presence::table)
            .values(row)
            .on_conflict(presence::user_id)
            .do_update()
            .set(row)
            .execute(c)
            .await)?;
    }
    Ok(())
}

/// Whoever was not seen since `gone` is offline, whoever did nothing since `idle` is away; answers those who changed.
pub async fn lapse(tx: &mut Tx, gone: Timestamp, idle: Timestamp) -> StoreResult<Vec<Changed>> {
    let there = presence::table.filter(presence::stands.ne(Presence::Offline));
    let left = there.filter(presence::seen_at.le(gone));
    let mut changed: Vec<Changed> = on_conn!(tx, |c| diesel::update(left)
        .set(presence::stands.eq(Presence::Offline))
        .returning((presence::tenant, presence::user_id, presence::stands))
        .get_results(c)
        .await)?;
    let paused = presence::table.filter(presence::stands.eq(Presence::Online)).filter(presence::active_at.le(idle));
    let away: Vec<Changed> = on_conn!(tx, |c| diesel::update(paused)
        .set(presence::stands.eq(Presence::Away))
        .returning((presence::tenant, presence::user_id, presence::stands))
        .get_results(c)
        .await)?;
    changed.extend(away);
    Ok(changed)
}

/// Whether [`lapse`] would change anybody: saves most transactions.
pub async fn lapses(conn: &Conn, gone: Timestamp, idle: Timestamp) -> StoreResult<bool> {
    let due = presence::table
        .filter(presence::stands.ne(Presence::Offline))
        .filter(presence::seen_at.le(gone).or(presence::stands.eq(Presence::Online).and(presence::active_at.le(idle))));
    Ok(on_conn!(conn, |c| diesel::select(diesel::dsl::exists(due)).get_result(c).await)?)
}

/// Forgets a user.
pub async fn forget(tx: &mut Tx, user: UserId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(presence::table.find(user)).execute(c).await)?;
    Ok(())
}

/// Removes up to `rows` users of a tenant; says how many.
pub async fn erase(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let some = presence::table.filter(presence::tenant.eq(tenant)).limit(rows).select(presence::user_id);
    let users: Vec<UserId> = on_conn!(tx, |c| some.load(c).await)?;
    let gone = presence::table.filter(presence::user_id.eq_any(users));
    Ok(on_conn!(tx, |c| diesel::delete(gone).execute(c).await)?)
}
