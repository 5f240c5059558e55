//! The stays of users in chats.

use std::collections::HashMap;

use contracts::chats::{ListStays, Participant, Stay};
use diesel::dsl::max;
use diesel::prelude::*;
use domain::{ChatId, ParticipantRole, ParticipantState, ParticipantStatus, ParticipationId, Timestamp, Window};
use store::{Conn, Engine, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::{NewStay, StayRow};
use super::schema::participants;

/// Who takes part in these chats now, by position.
pub async fn living(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<HashMap<ChatId, Vec<Participant>>> {
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

/// The stays of these chats, ended ones too, by number, and one more than the limit if there is one.
pub async fn page(conn: &Conn, chats: Vec<ChatId>, wanted: &ListStays) -> StoreResult<Vec<Stay>> {
    let Window { skip, latest, from, until } = wanted.window;
    let rows: Vec<StayRow> = on_conn!(conn, |c| {
        let mut page =
            participants::table.filter(participants::chat.eq_any(chats)).select(StayRow::as_select()).into_boxed();
        if let Some(users) = &wanted.users {
            page = page.filter(participants::user_id.eq_any(users.clone()));
        }
        if let Some(from) = from {
            page = page.filter(participants::joined_at.ge(from));
        }
        if let Some(until) = until {
            page = page.filter(participants::joined_at.lt(until));
        }
        page = if latest { page.order(participants::number.desc()) } else { page.order(participants::number.asc()) };
        page.limit(wanted.limit.plus_one()).offset(skip.max(0)).load(c).await
    })?;
    Ok(rows.into_iter().map(Stay::from).collect())
}

/// The position behind everybody who ever took part.
pub async fn next_position(conn: &Conn, chat: ChatId) -> StoreResult<i64> {
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

/// Changes how a participant's window stands; `closed_seq` is the chat's last place when it is closed.
pub async fn set_state(
    tx: &mut Tx,
    id: ParticipationId,
    state: ParticipantState,
    closed_seq: Option<i64>,
) -> StoreResult<()> {
    let set = (participants::state.eq(state), participants::closed_seq.eq(closed_seq));
    let stay = participants::table.filter(participants::id.eq(id));
    on_conn!(tx, |c| diesel::update(stay).set(set).execute(c).await)?;
    Ok(())
}

/// Changes what a participant makes of the chat.
pub async fn set_status(tx: &mut Tx, id: ParticipationId, status: ParticipantStatus) -> StoreResult<()> {
    let stay = participants::table.filter(participants::id.eq(id));
    on_conn!(tx, |c| diesel::update(stay).set(participants::status.eq(status)).execute(c).await)?;
    Ok(())
}
