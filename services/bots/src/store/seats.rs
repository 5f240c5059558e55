//! The stays of departments' bots in chats that this service knows of.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::{ChatId, ParticipationId};
use store::RunQueryDsl;
use store::{Conn, StoreResult, Tx, on_conn};

use super::rows::SeatRow;
use super::schema::seats;

/// The seats in these chats.
pub async fn of(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<HashMap<ChatId, Vec<SeatRow>>> {
    if chats.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<SeatRow> = on_conn!(conn, |c| seats::table
        .filter(seats::chat.eq_any(chats))
        .order(seats::participation)
        .select(SeatRow::as_select())
        .load(c)
        .await)?;
    let mut of_chat = HashMap::<_, Vec<_>>::new();
    for row in rows {
        of_chat.entry(row.chat).or_default().push(row);
    }
    Ok(of_chat)
}

/// Notes a seat; `false` if it was known.
pub async fn take(tx: &mut Tx, seat: SeatRow) -> StoreResult<bool> {
    let added =
        on_conn!(tx, |c| diesel::insert_into(seats::table).values(seat).on_conflict_do_nothing().execute(c).await)?;
    Ok(added == 1)
}

/// Forgets seats that were left.
pub async fn leave(tx: &mut Tx, gone: Vec<ParticipationId>) -> StoreResult<()> {
    if !gone.is_empty() {
        let gone = seats::table.filter(seats::participation.eq_any(gone));
        on_conn!(tx, |c| diesel::delete(gone).execute(c).await)?;
    }
    Ok(())
}
