//! The stays of users in chats.

use std::collections::HashMap;

use contracts::chats::Participant;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::{ChatId, ParticipantRole, ParticipationId, Timestamp};
use store::{Conn, Engine, StoreResult, Tx, on_conn};

use super::rows::{NewStay, StayRow};
use super::schema::participants;

/// Who takes part in these chats now, by position.
pub async fn living(conn: &mut Conn, chats: Vec<ChatId>) -> StoreResult<HashMap<ChatId, Vec<Participant>>> {
    let rows: Vec<StayRow> = on_conn!(conn, |c| participants::table
        .filter(participants::chat.eq_any(chats))
        .filter(participants::left_at.is_null())
        .order(participants::position)
        .select(StayRow::as_select())
        .load(c)
        .await)?;
    let mut of_chat = HashMap::<_, Vec<_>>::new();
    for row in rows {
        of_chat.entry(row.chat).or_default().push(row.into());
    }
    Ok(of_chat)
}

/// The position behind everybody who ever took part.
pub async fn next_position(conn: &mut Conn, chat: ChatId) -> StoreResult<i64> {
    let last: Option<i64> = on_conn!(conn, |c| participants::table
        .filter(participants::chat.eq(chat))
        .select(max(participants::position))
        .first(c)
        .await)?;
    Ok(last.map_or(0, |last| last + 1))
}

/// Adds stays.
pub async fn insert(tx: &mut Tx, new: Vec<NewStay>) -> StoreResult<()> {
    match tx.engine() {
        Engine::Pg(c) => diesel::insert_into(participants::table).values(new).execute(c).await?,
        // diesel's asynchronous batch does not exist for SQLite, the other one does.
        Engine::Sqlite(c) => {
            c.spawn_blocking(move |c| {
                diesel::RunQueryDsl::execute(diesel::insert_into(participants::table).values(new), c)
            })
            .await?
        }
    };
    Ok(())
}

/// Ends a stay; its user sees messages up to `seq`.
pub async fn end(tx: &mut Tx, id: ParticipationId, at: Timestamp, seq: i64) -> StoreResult<()> {
    let set = (participants::left_at.eq(at), participants::left_seq.eq(seq));
    let stay = participants::table.filter(participants::id.eq(id));
    on_conn!(tx, |c| diesel::update(stay).set(set).execute(c).await)?;
    Ok(())
}

/// Drops a stay's room, which shows messages up to `seq`.
pub async fn drop_room(tx: &mut Tx, id: ParticipationId, at: Timestamp, seq: i64) -> StoreResult<()> {
    let set = (participants::dropped_at.eq(at), participants::left_seq.eq(seq));
    let stay = participants::table.filter(participants::id.eq(id));
    on_conn!(tx, |c| diesel::update(stay).set(set).execute(c).await)?;
    Ok(())
}

/// Changes what a participant may do.
pub async fn set_role(tx: &mut Tx, id: ParticipationId, role: ParticipantRole) -> StoreResult<()> {
    let stay = participants::table.filter(participants::id.eq(id));
    on_conn!(tx, |c| diesel::update(stay).set(participants::role.eq(role)).execute(c).await)?;
    Ok(())
}
