//! Keys that sign sessions.

use diesel::prelude::*;
use domain::Timestamp;
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::JwtKeyRow;
use super::schema::jwt_keys;

/// The key that signs now.
pub(crate) async fn newest(conn: &Conn) -> StoreResult<Option<JwtKeyRow>> {
    Ok(on_conn!(conn, |c| jwt_keys::table
        .order(jwt_keys::generation.desc())
        .select(JwtKeyRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// The key with this id.
pub(crate) async fn by_kid(conn: &Conn, kid: &str) -> StoreResult<Option<JwtKeyRow>> {
    Ok(on_conn!(conn, |c| jwt_keys::table
        .filter(jwt_keys::kid.eq(kid))
        .select(JwtKeyRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// Adds a key unless another instance was first with this generation; then those before it are superseded.
pub(crate) async fn succeed(tx: &mut Tx, row: &JwtKeyRow) -> StoreResult<()> {
    let earlier =
        jwt_keys::table.filter(jwt_keys::generation.lt(row.generation)).filter(jwt_keys::superseded_at.is_null());
    on_conn!(tx, |c| {
        diesel::insert_into(jwt_keys::table).values(row).on_conflict_do_nothing().execute(c).await?;
        diesel::update(earlier).set(jwt_keys::superseded_at.eq(row.created_at)).execute(c).await
    })?;
    Ok(())
}

/// Removes keys superseded before `horizon`.
pub(crate) async fn forget(tx: &mut Tx, horizon: Timestamp) -> StoreResult<()> {
    let ended = jwt_keys::table.filter(jwt_keys::superseded_at.lt(horizon));
    on_conn!(tx, |c| diesel::delete(ended).execute(c).await)?;
    Ok(())
}
