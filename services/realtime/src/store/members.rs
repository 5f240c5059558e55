//! Copies of who takes part in chats.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::upsert::excluded;
use domain::{ChatId, ParticipationId, TenantId, UserId};
use store::{Conn, Engine, RunQueryDsl, StoreResult, Tx, on_conn};
use tokio::try_join;

use super::schema::{chat_copies, members};

/// Rows of members in one statement.
const AT_ONCE: usize = 1000;

/// One stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = members)]
pub struct Member {
    /// The stay.
    pub stay: ParticipationId,
    /// The chat.
    pub chat: ChatId,
    /// Who.
    pub user_id: UserId,
    /// What comes behind this place is theirs to see …
    pub joined_seq: i64,
    /// … up to this one.
    pub left_seq: Option<i64>,
}

impl Member {
    /// Whether place `seq` of the chat is theirs to see.
    pub fn sees(&self, seq: i64) -> bool {
        self.joined_seq < seq && self.left_seq.is_none_or(|last| seq <= last)
    }
}

/// What is known of a chat.
#[derive(Debug, Clone)]
pub struct Copy {
    /// The tenant.
    pub tenant: TenantId,
    /// How new it is.
    pub version: i64,
    /// All stays.
    pub members: Vec<Member>,
}

impl Copy {
    /// Who takes part now, sorted.
    pub fn present(&self) -> Vec<UserId> {
        sorted(self.members.iter().filter(|m| m.left_seq.is_none()).map(|m| m.user_id))
    }

    /// To whom place `seq` is to be seen, sorted.
    pub fn at(&self, seq: i64) -> Vec<UserId> {
        sorted(self.members.iter().filter(|m| m.sees(seq)).map(|m| m.user_id))
    }

    /// To whom place `seq` is to be seen and who takes part still, sorted.
    pub fn present_at(&self, seq: i64) -> Vec<UserId> {
        sorted(self.members.iter().filter(|m| m.left_seq.is_none() && m.sees(seq)).map(|m| m.user_id))
    }
}

/// `users` by id, each once.
pub fn sorted(users: impl Iterator<Item = UserId>) -> Vec<UserId> {
    let mut users: Vec<UserId> = users.collect();
    users.sort_unstable();
    users.dedup();
    users
}

/// What is known of these chats.
pub async fn of(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<HashMap<ChatId, Copy>> {
    if chats.is_empty() {
        return Ok(HashMap::new());
    }
    let copies = chat_copies::table.filter(chat_copies::chat.eq_any(chats.clone()));
    let stays = members::table.filter(members::chat.eq_any(chats));
    let (found, stays): (Vec<(ChatId, TenantId, i64)>, Vec<Member>) =
        try_join!(async { on_conn!(conn, |c| copies.load(c).await) }, async {
            on_conn!(conn, |c| stays.select(Member::as_select()).load(c).await)
        },)?;
    let bare = |(chat, tenant, version)| (chat, Copy { tenant, version, members: Vec::new() });
    let mut copies: HashMap<ChatId, Copy> = found.into_iter().map(bare).collect();
    for stay in stays {
        if let Some(copy) = copies.get_mut(&stay.chat) {
            copy.members.push(stay);
        }
    }
    Ok(copies)
}

/// How new the copies of these chats are.
pub async fn versions(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<Vec<(ChatId, i64)>> {
    Ok(on_conn!(conn, |c| chat_copies::table
        .filter(chat_copies::chat.eq_any(chats))
        .select((chat_copies::chat, chat_copies::version))
        .load(c)
        .await)?)
}

/// Keeps what is known of a chat, unless something newer is kept.
pub async fn save(tx: &mut Tx, chat: ChatId, copy: &Copy) -> StoreResult<()> {
    let Copy { tenant, version, members } = copy;
    let row = (chat_copies::chat.eq(chat), chat_copies::tenant.eq(*tenant), chat_copies::version.eq(*version));
    let known = on_conn!(tx, |c| diesel::insert_into(chat_copies::table)
        .values(row)
        .on_conflict(chat_copies::chat)
        .do_nothing()
        .execute(c)
        .await)?;
    if known == 0 {
        let older = chat_copies::table.find(chat).filter(chat_copies::version.lt(*version));
        on_conn!(tx, |c| diesel::update(older).set(chat_copies::version.eq(*version)).execute(c).await)?;
    }
    for some in members.chunks(AT_ONCE) {
        put(tx, some.to_vec()).await?;
    }
    Ok(())
}

/// A stay, once ended, stays so.
async fn put(tx: &mut Tx, rows: Vec<Member>) -> StoreResult<()> {
    match tx.engine() {
        Engine::Pg(c) => {
            diesel::insert_into(members::table)
                .values(rows)
                .on_conflict(members::stay)
                .do_update()
                .set(members::left_seq.eq(excluded(members::left_seq)))
                .execute(c)
                .await?;
        }
        Engine::Sqlite(c) => {
            c.spawn_blocking(move |c| {
                for row in rows {
                    let put = diesel::insert_into(members::table)
                        .values(row)
                        .on_conflict(members::stay)
                        .do_update()
                        .set(members::left_seq.eq(excluded(members::left_seq)));
                    diesel::RunQueryDsl::execute(put, c)?;
                }
                Ok(())
            })
            .await?;
        }
    }
    Ok(())
}

/// Those who share a living chat with `user`, and `user`; at most `limit` of them, sorted.
pub async fn around(conn: &Conn, user: UserId, limit: i64) -> StoreResult<Vec<UserId>> {
    let theirs =
        members::table.filter(members::user_id.eq(user)).filter(members::left_seq.is_null()).select(members::chat);
    let found: Vec<UserId> = on_conn!(conn, |c| {
        let theirs: Vec<ChatId> = theirs.limit(1000).load(c).await?;
        members::table
            .filter(members::chat.eq_any(theirs))
            .filter(members::left_seq.is_null())
            .select(members::user_id)
            .distinct()
            .limit(limit)
            .load(c)
            .await
    })?;
    Ok(sorted(found.into_iter().chain([user])))
}

/// Removes up to `rows` chats of a tenant, with their members; says how many.
pub async fn erase(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let some = chat_copies::table.filter(chat_copies::tenant.eq(tenant)).limit(rows).select(chat_copies::chat);
    let ids: Vec<ChatId> = on_conn!(tx, |c| some.load(c).await)?;
    if !ids.is_empty() {
        on_conn!(tx, |c| {
            diesel::delete(members::table.filter(members::chat.eq_any(ids.clone()))).execute(c).await?;
            diesel::delete(chat_copies::table.filter(chat_copies::chat.eq_any(ids.clone()))).execute(c).await
        })?;
    }
    Ok(ids.len())
}
