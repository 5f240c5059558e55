//! Chats' passwords, and codes that were mailed.

use diesel::dsl::exists;
use diesel::prelude::*;
use domain::{ChatId, CodeId, TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::{CodeRow, PasswordRow};
use super::schema::{chat_passwords, codes, logins, tenants, tokens};

/// What a chat's password follows from, if it was ever asked for and the tenant lives.
pub(crate) async fn password(conn: &Conn, tenant: TenantId, chat: ChatId) -> StoreResult<Option<PasswordRow>> {
    Ok(on_conn!(conn, |c| chat_passwords::table
        .inner_join(tenants::table.on(tenants::id.eq(chat_passwords::tenant_id)))
        .filter(chat_passwords::chat_id.eq(chat))
        .filter(chat_passwords::tenant_id.eq(tenant))
        .filter(tenants::deleted_at.is_null())
        .select(PasswordRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// Adds a chat, unless another call was faster.
pub(crate) async fn add_password(tx: &mut Tx, row: &PasswordRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(chat_passwords::table)
        .values(row)
        .on_conflict(chat_passwords::chat_id)
        .do_nothing()
        .execute(c)
        .await)?;
    Ok(())
}

/// Whether a user has a login, or ever had a credential.
pub(crate) async fn is_known(conn: &Conn, tenant: TenantId, user: UserId) -> StoreResult<bool> {
    let login = logins::table.filter(logins::user_id.eq(user)).filter(logins::tenant_id.eq(tenant));
    let token = tokens::table.filter(tokens::user_id.eq(user)).filter(tokens::tenant_id.eq(tenant));
    Ok(on_conn!(conn, |c| diesel::select(exists(login).or(exists(token))).get_result(c).await)?)
}

/// When codes were mailed to an address since `from`, oldest first.
pub(crate) async fn mailed_since(conn: &Conn, address_hash: [u8; 32], from: Timestamp) -> StoreResult<Vec<Timestamp>> {
    Ok(on_conn!(conn, |c| codes::table
        .filter(codes::address_hash.eq(address_hash.to_vec()))
        .filter(codes::created_at.gt(from))
        .order(codes::created_at)
        .select(codes::created_at)
        .load(c)
        .await)?)
}

/// Adds a code.
pub(crate) async fn add_code(tx: &mut Tx, row: &CodeRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(codes::table).values(row).execute(c).await)?;
    Ok(())
}

/// Counts a try of every code that an address could use for a chat at `now`, and answers those codes. The rows are this
/// transaction's from now on: tries at the same instant come one after the other.
pub(crate) async fn try_codes(
    tx: &mut Tx,
    (tenant, chat): (TenantId, ChatId),
    address_hash: [u8; 32],
    tries: i64,
    now: Timestamp,
) -> StoreResult<Vec<CodeRow>> {
    let live = codes::table
        .filter(codes::address_hash.eq(address_hash.to_vec()))
        .filter(codes::tenant_id.eq(tenant))
        .filter(codes::chat_id.eq(chat))
        .filter(codes::used_at.is_null())
        .filter(codes::expires_at.gt(now))
        .filter(codes::tries.lt(tries));
    Ok(on_conn!(tx, |c| diesel::update(live)
        .set(codes::tries.eq(codes::tries + 1))
        .returning(CodeRow::as_returning())
        .get_results(c)
        .await)?)
}

/// Takes back that a try counts.
pub(crate) async fn give_back(tx: &mut Tx, id: CodeId) -> StoreResult<()> {
    let code = codes::table.find(id);
    on_conn!(tx, |c| diesel::update(code).set(codes::tries.eq(codes::tries - 1)).execute(c).await)?;
    Ok(())
}

/// Notes that a code was used, unless it was before or has expired; answers whose it is.
pub(crate) async fn use_up(
    tx: &mut Tx,
    (tenant, chat): (TenantId, ChatId),
    id: CodeId,
    now: Timestamp,
) -> StoreResult<Option<UserId>> {
    let live = codes::table
        .filter(codes::id.eq(id))
        .filter(codes::tenant_id.eq(tenant))
        .filter(codes::chat_id.eq(chat))
        .filter(codes::used_at.is_null())
        .filter(codes::expires_at.gt(now));
    Ok(on_conn!(tx, |c| diesel::update(live)
        .set(codes::used_at.eq(now))
        .returning(codes::user_id)
        .get_result(c)
        .await
        .optional())?)
}

/// Forgets codes of an address that were made before `horizon`: they neither work nor count any more.
pub(crate) async fn forget(tx: &mut Tx, address_hash: [u8; 32], horizon: Timestamp) -> StoreResult<()> {
    let old = codes::table.filter(codes::address_hash.eq(address_hash.to_vec())).filter(codes::created_at.lt(horizon));
    on_conn!(tx, |c| diesel::delete(old).execute(c).await)?;
    Ok(())
}

/// Removes up to `limit` codes of a tenant, or of one user of it; says how many.
pub(crate) async fn erase_codes(tx: &mut Tx, tenant: TenantId, user: Option<UserId>, limit: i64) -> StoreResult<usize> {
    let ids: Vec<CodeId> = on_conn!(tx, |c| {
        let mut query = codes::table.filter(codes::tenant_id.eq(tenant)).into_boxed();
        if let Some(user) = user {
            query = query.filter(codes::user_id.eq(user));
        }
        query.order(codes::id).limit(limit).select(codes::id).load(c).await
    })?;
    Ok(on_conn!(tx, |c| diesel::delete(codes::table.filter(codes::id.eq_any(ids))).execute(c).await)?)
}

/// Removes up to `limit` chats of a tenant; says how many.
pub(crate) async fn erase_passwords(tx: &mut Tx, tenant: TenantId, limit: i64) -> StoreResult<usize> {
    let some = chat_passwords::table
        .filter(chat_passwords::tenant_id.eq(tenant))
        .order(chat_passwords::chat_id)
        .limit(limit)
        .select(chat_passwords::chat_id);
    let ids: Vec<ChatId> = on_conn!(tx, |c| some.load(c).await)?;
    let them = chat_passwords::table.filter(chat_passwords::chat_id.eq_any(ids));
    Ok(on_conn!(tx, |c| diesel::delete(them).execute(c).await)?)
}
