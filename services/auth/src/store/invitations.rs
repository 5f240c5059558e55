//! Invitations.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::{InvitationId, TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::InvitationRow;
use super::schema::{invitations, tenants};

/// The invitation of a visitor to a bot.
pub(crate) async fn of(
    conn: &Conn,
    tenant: TenantId,
    visitor: UserId,
    bot: UserId,
) -> StoreResult<Option<InvitationRow>> {
    Ok(on_conn!(conn, |c| invitations::table
        .filter(invitations::tenant_id.eq(tenant))
        .filter(invitations::visitor_id.eq(visitor))
        .filter(invitations::bot_id.eq(bot))
        .select(InvitationRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// The invitation with this hash, of a living tenant.
pub(crate) async fn by_hash(conn: &Conn, hash: [u8; 32]) -> StoreResult<Option<InvitationRow>> {
    Ok(on_conn!(conn, |c| invitations::table
        .inner_join(tenants::table.on(tenants::id.eq(invitations::tenant_id)))
        .filter(invitations::secret_hash.eq(hash.to_vec()))
        .filter(tenants::deleted_at.is_null())
        .select(InvitationRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// Adds an invitation.
pub(crate) async fn insert(tx: &mut Tx, row: &InvitationRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(invitations::table).values(row).execute(c).await)?;
    Ok(())
}

/// Gives an invitation its next generation: another secret, unused, another last day.
pub(crate) async fn renew(tx: &mut Tx, row: &InvitationRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(invitations::table.find(row.id))
        .set((
            invitations::secret_hash.eq(&row.secret_hash),
            invitations::key_id.eq(&row.key_id),
            invitations::generation.eq(row.generation),
            invitations::max_uses.eq(row.max_uses),
            invitations::uses.eq(row.uses),
            invitations::last_day.eq(row.last_day),
            invitations::updated_at.eq(row.updated_at),
        ))
        .execute(c)
        .await)?;
    Ok(())
}

/// Counts one use, if the invitation still has one and its last day is not over.
pub(crate) async fn use_once(
    tx: &mut Tx,
    id: InvitationId,
    hash: [u8; 32],
    today: NaiveDate,
    now: Timestamp,
) -> StoreResult<Option<InvitationRow>> {
    let open = invitations::table
        .filter(invitations::id.eq(id))
        .filter(invitations::secret_hash.eq(hash.to_vec()))
        .filter(invitations::uses.lt(invitations::max_uses))
        .filter(invitations::last_day.ge(today));
    Ok(on_conn!(tx, |c| diesel::update(open)
        .set((invitations::uses.eq(invitations::uses + 1), invitations::updated_at.eq(now)))
        .returning(InvitationRow::as_returning())
        .get_result(c)
        .await
        .optional())?)
}

/// Removes up to `limit` invitations of a tenant, or of one user of it on either side; says how many.
pub(crate) async fn erase_some(tx: &mut Tx, tenant: TenantId, user: Option<UserId>, limit: i64) -> StoreResult<usize> {
    let ids: Vec<InvitationId> = on_conn!(tx, |c| {
        let mut query = invitations::table.filter(invitations::tenant_id.eq(tenant)).into_boxed();
        if let Some(user) = user {
            query = query.filter(invitations::visitor_id.eq(user).or(invitations::bot_id.eq(user)));
        }
        query.order(invitations::id).limit(limit).select(invitations::id).load(c).await
    })?;
    let them = invitations::table.filter(invitations::id.eq_any(ids));
    Ok(on_conn!(tx, |c| diesel::delete(them).execute(c).await)?)
}
