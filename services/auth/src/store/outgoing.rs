//! Mail and SMS that wait to be sent.

use diesel::prelude::*;
use domain::{MessageId, TenantId, Timestamp, UserId};
use store::{Conn, Engine, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::OutgoingRow;
use super::schema::outgoing;

/// Adds rows.
pub(crate) async fn insert(tx: &mut Tx, rows: Vec<OutgoingRow>) -> StoreResult<()> {
    for row in rows {
        on_conn!(tx, |c| diesel::insert_into(outgoing::table).values(row).execute(c).await)?;
    }
    Ok(())
}

/// Claims up to `limit` rows of these channels that are due at `now`: until `lease` nobody else gets them, and their
/// attempts count one more.
pub(crate) async fn claim(
    tx: &mut Tx,
    channels: &[&str],
    now: Timestamp,
    lease: Timestamp,
    limit: i64,
) -> StoreResult<Vec<OutgoingRow>> {
    let due = outgoing::table
        .filter(outgoing::due_at.le(now))
        .filter(outgoing::channel.eq_any(channels))
        .order(outgoing::due_at)
        .limit(limit)
        .select(outgoing::id);
    let ids: Vec<MessageId> = match tx.engine() {
        Engine::Pg(c) => due.for_update().skip_locked().load(c).await?,
        Engine::Sqlite(c) => due.load(c).await?,
    };
    let them = outgoing::table.filter(outgoing::id.eq_any(ids));
    Ok(on_conn!(tx, |c| diesel::update(them)
        .set((outgoing::due_at.eq(lease), outgoing::attempts.eq(outgoing::attempts + 1)))
        .returning(OutgoingRow::as_returning())
        .get_results(c)
        .await)?)
}

/// Removes a row that was sent or given up, unless somebody claimed it since.
pub(crate) async fn done(tx: &mut Tx, id: MessageId, attempts: i64) -> StoreResult<()> {
    let ours = outgoing::table.filter(outgoing::id.eq(id)).filter(outgoing::attempts.eq(attempts));
    on_conn!(tx, |c| diesel::delete(ours).execute(c).await)?;
    Ok(())
}

/// Lets a row wait until `due`, unless somebody claimed it since.
pub(crate) async fn postpone(tx: &mut Tx, id: MessageId, attempts: i64, due: Timestamp) -> StoreResult<()> {
    let ours = outgoing::table.filter(outgoing::id.eq(id)).filter(outgoing::attempts.eq(attempts));
    on_conn!(tx, |c| diesel::update(ours).set(outgoing::due_at.eq(due)).execute(c).await)?;
    Ok(())
}

/// Removes up to `limit` rows of a tenant, or of one user of it; says how many.
pub(crate) async fn erase_some(tx: &mut Tx, tenant: TenantId, user: Option<UserId>, limit: i64) -> StoreResult<usize> {
    let ids: Vec<MessageId> = on_conn!(tx, |c| {
        let mut query = outgoing::table.filter(outgoing::tenant_id.eq(tenant)).into_boxed();
        if let Some(user) = user {
            query = query.filter(outgoing::user_id.eq(user));
        }
        query.order(outgoing::id).limit(limit).select(outgoing::id).load(c).await
    })?;
    let them = outgoing::table.filter(outgoing::id.eq_any(ids));
    Ok(on_conn!(tx, |c| diesel::delete(them).execute(c).await)?)
}

/// Whether a row of these channels is due at `now`.
pub(crate) async fn any_due(conn: &Conn, channels: &[&str], now: Timestamp) -> StoreResult<bool> {
    let due = outgoing::table
        .filter(outgoing::due_at.le(now))
        .filter(outgoing::channel.eq_any(channels))
        .select(outgoing::id)
        .limit(1);
    let first: Option<MessageId> = on_conn!(conn, |c| due.first(c).await.optional())?;
    Ok(first.is_some())
}
