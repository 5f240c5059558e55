//! How many chats stand for one user. Two queries on PostgreSQL, however many chats; on SQLite one visit to the blocking
//! threads, where a look-up costs next to nothing.

use contracts::messages::{Message, OverviewAsked};
use diesel::pg::Pg;
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text, Timestamp as SqlTimestamp};
use diesel::sqlite::Sqlite;
use diesel_async::AsyncPgConnection;
use domain::{ChatId, TenantId, UserId};
use store::{Conn, Shared, StoreResult, statement};
use tokio::try_join;

use super::rows::{MessageRow, views};

/// The columns of a [`MessageRow`].
type Columns = (
    Binary,
    BigInt,
    Binary,
    BigInt,
    Binary,
    Nullable<Binary>,
    Text,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    SqlTimestamp,
    SqlTimestamp,
    Nullable<SqlTimestamp>,
    Nullable<SqlTimestamp>,
);

statement! {
    Stand on Pg => (Binary, BigInt, Bool) {
        "SELECT h.chat, h.last_seq, EXISTS (SELECT 1 FROM messages m WHERE m.chat_id = h.chat \
         AND m.seq > GREATEST(COALESCE(r.seq, 0), a.seen) AND m.author IS DISTINCT FROM u.reader \
         AND m.deleted_at IS NULL) FROM unnest(",
        chats: [ChatId] as Array<Binary>, ", ",
        seen: [i64] as Array<BigInt>,
        ") AS a (chat, seen) CROSS JOIN (SELECT ",
        reader: UserId as Binary,
        "::bytea AS reader) u JOIN heads h ON h.chat = a.chat AND h.tenant = ",
        tenant: TenantId as Binary,
        " LEFT JOIN reads r ON r.chat_id = a.chat AND r.user_id = u.reader",
    }
}

statement! {
    LastWords on Pg => Columns {
        "SELECT m.chat_id, m.seq, m.id, m.number, m.tenant, m.author, m.origin, m.kind, m.text, m.media, m.extras, \
         m.created_at, m.updated_at, m.edited_at, m.deleted_at FROM unnest(",
        chats: [ChatId] as Array<Binary>, ", ",
        authors: [UserId] as Array<Binary>,
        ") AS a (chat, author) CROSS JOIN LATERAL (SELECT * FROM messages x WHERE x.chat_id = a.chat \
         AND x.author = a.author AND x.deleted_at IS NULL ORDER BY x.seq DESC LIMIT 1) m WHERE m.tenant = ",
        tenant: TenantId as Binary, "",
    }
}

statement! {
    StandsHere on Sqlite => (BigInt, Bool) {
        "SELECT h.last_seq, EXISTS (SELECT 1 FROM messages m WHERE m.chat_id = h.chat \
         AND m.seq > MAX(COALESCE(r.seq, 0), a.seen) AND m.author IS NOT a.reader AND m.deleted_at IS NULL) FROM (SELECT ",
        reader: UserId as Binary, " AS reader, ",
        seen: i64 as BigInt,
        " AS seen) a CROSS JOIN heads h LEFT JOIN reads r ON r.chat_id = h.chat AND r.user_id = a.reader WHERE h.chat = ",
        chat: ChatId as Binary, " AND h.tenant = ",
        tenant: TenantId as Binary, "",
    }
}

statement! {
    LastWordsHere on Sqlite => Columns {
        "SELECT chat_id, seq, id, number, tenant, author, origin, kind, text, media, extras, created_at, updated_at, \
         edited_at, deleted_at FROM messages WHERE chat_id = ",
        chat: ChatId as Binary, " AND author = ",
        author: UserId as Binary, " AND tenant = ",
        tenant: TenantId as Binary, " AND deleted_at IS NULL ORDER BY seq DESC LIMIT 1",
    }
}

/// What is known of chats in which something was said.
pub(crate) struct Stood {
    /// Chat, last place, whether something is unread.
    pub chats: Vec<(ChatId, i64, bool)>,
    /// The last message of each author asked for.
    pub last: Vec<Message>,
}

/// How `chats` stand for `reader`.
pub(crate) async fn of(conn: &Conn, tenant: TenantId, reader: UserId, chats: Vec<OverviewAsked>) -> StoreResult<Stood> {
    let (chats, last) = match conn.shared().await {
        Shared::Pg(c) => on_postgres(c, tenant, reader, &chats).await?,
        Shared::Sqlite(mut c) => {
            c.spawn_blocking(move |c| c.transaction(|c| on_sqlite(c, tenant, reader, &chats))).await?
        }
    };
    Ok(Stood { chats, last: views(last)? })
}

type Rows = (Vec<(ChatId, i64, bool)>, Vec<MessageRow>);

async fn on_postgres(
    c: &AsyncPgConnection,
    tenant: TenantId,
    reader: UserId,
    asked: &[OverviewAsked],
) -> QueryResult<Rows> {
    let chats: Vec<ChatId> = asked.iter().map(|a| a.chat).collect();
    let seen: Vec<i64> = asked.iter().map(|a| a.after_seq).collect();
    let stand = Stand { chats: &chats, seen: &seen, tenant: &tenant, reader: &reader };
    let pairs = asked.iter().flat_map(|a| a.authors.iter().map(|author| (a.chat, *author)));
    let (chats, authors): (Vec<ChatId>, Vec<UserId>) = pairs.unzip();
    let words = LastWords { chats: &chats, authors: &authors, tenant: &tenant };
    let (mut one, mut other) = (c, c);
    try_join!(diesel_async::RunQueryDsl::load(stand, &mut one), diesel_async::RunQueryDsl::load(words, &mut other))
}

fn on_sqlite(c: &mut SqliteConnection, tenant: TenantId, reader: UserId, asked: &[OverviewAsked]) -> QueryResult<Rows> {
    let (mut stood, mut last) = (Vec::with_capacity(asked.len()), Vec::new());
    for OverviewAsked { chat, after_seq, authors } in asked {
        let stands = StandsHere { reader: &reader, seen: after_seq, chat, tenant: &tenant };
        let Some((last_seq, unread)) = stands.get_result::<(i64, bool)>(c).optional()? else { continue };
        stood.push((*chat, last_seq, unread));
        for author in authors {
            last.extend(LastWordsHere { chat, author, tenant: &tenant }.get_result::<MessageRow>(c).optional()?);
        }
    }
    Ok((stood, last))
}
