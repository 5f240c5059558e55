//! Copies of messages that were taken out of a room.

use diesel::prelude::*;
use domain::{ParticipationId, Timestamp};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::hidden_copies;

/// When the copy in the room of `stay` was taken out, if it was.
pub(crate) async fn find(conn: &Conn, stay: ParticipationId, number: i64) -> StoreResult<Option<Timestamp>> {
    Ok(on_conn!(conn, |c| hidden_copies::table
        .find((stay, number))
        .select(hidden_copies::hidden_at)
        .first(c)
        .await
        .optional())?)
}

/// Takes a copy out, unless it is out already.
pub(crate) async fn insert(tx: &mut Tx, stay: ParticipationId, number: i64, at: Timestamp) -> StoreResult<()> {
    let row = (hidden_copies::stay.eq(stay), hidden_copies::number.eq(number), hidden_copies::hidden_at.eq(at));
    on_conn!(tx, |c| diesel::insert_into(hidden_copies::table).values(row).on_conflict_do_nothing().execute(c).await)?;
    Ok(())
}
