//! Erasing what a deleted tenant leaves, a bounded number of rows at a time.

use diesel::prelude::*;
use domain::{ChatId, TenantId, Timestamp};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::{erasures, heads, hidden_copies, messages, post_keys, reads};

/// Notes that `tenant` has to be erased.
pub(crate) async fn ask(tx: &mut Tx, tenant: TenantId, now: Timestamp) -> StoreResult<()> {
    let row = (erasures::tenant.eq(tenant), erasures::asked_at.eq(now));
    on_conn!(tx, |c| diesel::insert_into(erasures::table).values(row).on_conflict_do_nothing().execute(c).await)?;
    Ok(())
}

/// The tenants to be erased, and since when.
pub(crate) async fn asked(conn: &Conn) -> StoreResult<Vec<(TenantId, Timestamp)>> {
    Ok(on_conn!(conn, |c| erasures::table.order(erasures::asked_at).load(c).await)?)
}

/// Strikes `tenant` off the list.
pub(crate) async fn done(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(erasures::table.find(tenant)).execute(c).await)?;
    Ok(())
}

/// Some chat of `tenant` that has not been erased yet.
pub(crate) async fn next_chat(conn: &Conn, tenant: TenantId) -> StoreResult<Option<ChatId>> {
    Ok(on_conn!(conn, |c| heads::table.filter(heads::tenant.eq(tenant)).select(heads::chat).first(c).await.optional())?)
}

/// Erases up to `limit` messages of `chat`, newest first, with their hidden copies. Says how many.
pub(crate) async fn messages_of(tx: &mut Tx, chat: ChatId, limit: i64) -> StoreResult<usize> {
    let some: Vec<(i64, i64)> = on_conn!(tx, |c| messages::table
        .filter(messages::chat_id.eq(chat))
        .order(messages::seq.desc())
        .limit(limit)
        .select((messages::seq, messages::number))
        .load(c)
        .await)?;
    let Some(lowest) = some.last().map(|(seq, _)| *seq) else { return Ok(0) };
    let numbers: Vec<i64> = some.iter().map(|(_, number)| *number).collect();
    on_conn!(tx, |c| diesel::delete(hidden_copies::table.filter(hidden_copies::number.eq_any(numbers)))
        .execute(c)
        .await)?;
    let rows = messages::table.filter(messages::chat_id.eq(chat)).filter(messages::seq.ge(lowest));
    Ok(on_conn!(tx, |c| diesel::delete(rows).execute(c).await)?)
}

/// Erases up to `limit` keys of posts of `chat`. Says how many.
pub(crate) async fn keys_of(tx: &mut Tx, chat: ChatId, limit: i64) -> StoreResult<usize> {
    let some: Vec<Vec<u8>> = on_conn!(tx, |c| post_keys::table
        .filter(post_keys::chat_id.eq(chat))
        .limit(limit)
        .select(post_keys::key)
        .load(c)
        .await)?;
    Ok(on_conn!(tx, |c| diesel::delete(post_keys::table.filter(post_keys::key.eq_any(some))).execute(c).await)?)
}

/// Erases the read marks and the head of `chat`, whose messages and keys are gone.
pub(crate) async fn head_of(tx: &mut Tx, chat: ChatId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(reads::table.filter(reads::chat_id.eq(chat))).execute(c).await)?;
    on_conn!(tx, |c| diesel::delete(heads::table.find(chat)).execute(c).await)?;
    Ok(())
}
