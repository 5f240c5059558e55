//! Stays together with their chats.

use contracts::chats::{Room, RoomKey};
use diesel::prelude::*;
use domain::{Limit, TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, StoreResult, on_conn};

use super::chats::with_participants;
use super::rows::{ChatRow, StayRow};
use super::schema::{chats, participants};

/// A user's living rooms, newest joining first, and one more than `limit` if there is one.
pub async fn page(
    conn: &Conn,
    tenant: TenantId,
    user: UserId,
    before: Option<Timestamp>,
    limit: Limit,
) -> StoreResult<Vec<Room>> {
    let rows: Vec<(StayRow, ChatRow)> = on_conn!(conn, |c| {
        let mut theirs = participants::table
            .inner_join(chats::table.on(chats::id.eq(participants::chat)))
            .filter(participants::user_id.eq(user))
            .filter(participants::left_at.is_null())
            .filter(participants::dropped_at.is_null())
            .filter(chats::tenant.eq(tenant))
            .filter(chats::deleted_at.is_null())
            .into_boxed();
        if let Some(at) = before {
            theirs = theirs.filter(participants::joined_at.lt(at));
        }
        theirs
            .order(participants::joined_at.desc())
            .limit(limit.plus_one())
            .select((StayRow::as_select(), ChatRow::as_select()))
            .load(c)
            .await
    })?;
    let (stays, rows): (Vec<StayRow>, Vec<ChatRow>) = rows.into_iter().unzip();
    let chats = with_participants(conn, rows).await?;
    Ok(chats.into_iter().zip(stays).map(|(chat, stay)| Room { chat, stay: stay.into() }).collect())
}

/// The room, ended or not.
pub async fn find(conn: &Conn, tenant: TenantId, key: RoomKey) -> StoreResult<Option<Room>> {
    let row: Option<(StayRow, ChatRow)> = on_conn!(conn, |c| {
        let of_tenant = participants::table
            .inner_join(chats::table.on(chats::id.eq(participants::chat)))
            .filter(chats::tenant.eq(tenant))
            .into_boxed();
        let named = match key {
            RoomKey::Id(id) => of_tenant.filter(participants::id.eq(id)),
            RoomKey::Number(number) => of_tenant.filter(participants::number.eq(number)),
        };
        named.select((StayRow::as_select(), ChatRow::as_select())).first(c).await.optional()
    })?;
    let Some((stay, chat)) = row else { return Ok(None) };
    let chat = with_participants(conn, vec![chat]).await?.pop();
    Ok(chat.map(|chat| Room { chat, stay: stay.into() }))
}
