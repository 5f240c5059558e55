//! A user's chats by whom and what they are about.

use contracts::chats::{Chat, ChatsWith};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::{GroupId, TenantId, UserId};
use store::{Conn, RunQueryDsl, StoreResult, on_conn};

use super::chats::{match_key, with_participants};
use super::rows::ChatRow;
use super::schema::{chats, documents, participants};

diesel::alias!(participants as others: Others);

/// Living chats `user` takes part in, latest activity first, and one more than the limit if there is one.
pub async fn page(conn: &Conn, user: UserId, wanted: &ChatsWith) -> StoreResult<Vec<Chat>> {
    let rows: Vec<ChatRow> = on_conn!(conn, |c| {
        let theirs = participants::table.filter(participants::user_id.eq(user)).filter(participants::left_at.is_null());
        let mut all = chats::table
            .filter(chats::tenant.eq(wanted.by.tenant))
            .filter(chats::deleted_at.is_null())
            .filter(chats::id.eq_any(theirs.select(participants::chat)))
            .into_boxed();
        all = match (wanted.grouped, wanted.group) {
            (false, _) => all.filter(chats::group_id.is_null()),
            (true, None) => all.filter(chats::group_id.is_not_null()),
            (true, Some(group)) => all.filter(chats::group_id.eq(group)),
        };
        if let Some(other) = wanted.user {
            let stay = others
                .filter(others.field(participants::chat).eq(chats::id))
                .filter(others.field(participants::user_id).eq(other))
                .filter(others.field(participants::left_at).is_null());
            all = all.filter(exists(stay));
        }
        if let Some(model) = &wanted.model {
            let about =
                documents::table.filter(documents::chat.eq(chats::id)).filter(documents::model.eq(model.clone()));
            all = all.filter(exists(about));
        }
        if let Some(record) = wanted.record {
            let about = documents::table.filter(documents::chat.eq(chats::id)).filter(documents::record.eq(record));
            all = all.filter(exists(about));
        }
        if let Some((at, id)) = wanted.after {
            let behind = chats::active_at.lt(at).or(chats::active_at.eq(at).and(chats::id.lt(id)));
            all = all.filter(behind);
        }
        let ordered = all.order((chats::active_at.desc(), chats::id.desc()));
        ordered.limit(wanted.limit.plus_one()).select(ChatRow::as_select()).load(c).await
    })?;
    with_participants(conn, rows).await
}

/// The living direct chats of `user` with others.
pub async fn pairs(conn: &Conn, tenant: TenantId, user: UserId, with: &[UserId]) -> StoreResult<Vec<Chat>> {
    let key = |other: &UserId| {
        let mut pair = [user, *other];
        pair.sort_unstable();
        match_key("direct", tenant, &pair)
    };
    let keys: Vec<Vec<u8>> = with.iter().map(key).collect();
    let rows: Vec<ChatRow> = on_conn!(conn, |c| chats::table
        .filter(chats::match_key.eq_any(keys))
        .filter(chats::deleted_at.is_null())
        .select(ChatRow::as_select())
        .load(c)
        .await)?;
    with_participants(conn, rows).await
}

/// The living chats of a group.
pub async fn of_group(conn: &Conn, tenant: TenantId, group: GroupId) -> StoreResult<Vec<Chat>> {
    let rows: Vec<ChatRow> = on_conn!(conn, |c| chats::table
        .filter(chats::group_id.eq(group))
        .filter(chats::tenant.eq(tenant))
        .filter(chats::deleted_at.is_null())
        .order(chats::number)
        .select(ChatRow::as_select())
        .load(c)
        .await)?;
    with_participants(conn, rows).await
}
