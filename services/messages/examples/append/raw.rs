//! The limit on SQLite: one connection, prepared statements, a transaction for each message; the rows the service writes.

use std::time::Instant;

use anyhow::Result;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Timestamp as SqlTimestamp};
use diesel::sqlite::Sqlite;
use domain::{ChatId, Clock, EventId, MessageId, MessageKind, Surface, TenantId, Timestamp, UserId};
use proto_events::{Event as _, MessagePosted};

use crate::Span;

diesel::table! {
    messages (chat_id, seq) {
        chat_id -> Binary, seq -> BigInt, id -> Binary, number -> BigInt, tenant -> Binary, author -> Nullable<Binary>,
        origin -> Text, kind -> Text, text -> Nullable<Text>, membership_version -> BigInt,
        created_at -> Timestamp, updated_at -> Timestamp,
    }
}

diesel::table! {
    outbox (id) {
        id -> BigInt, event_id -> Binary, event_type -> Text, version -> BigInt, partition -> BigInt,
        order_key -> Binary, tenant -> Binary, payload -> Binary, occurred_at -> Timestamp,
    }
}

/// A statement that stays prepared, which neither `sql_query` nor an `UPDATE` of the query builder does.
macro_rules! prepared {
    ($name:ident $(<$($field:ident: $rust:ty as $st:ty, $sql:literal)+>)?: $head:literal) => {
        struct $name { $($($field: $rust,)+)? }

        impl QueryId for $name {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }
        impl QueryFragment<Sqlite> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                out.push_sql($head);
                $($(
                    out.push_bind_param::<$st, $rust>(&self.$field)?;
                    out.push_sql($sql);
                )+)?
                Ok(())
            }
        }
        impl Query for $name {
            type SqlType = BigInt;
        }
        impl RunQueryDsl<SqliteConnection> for $name {}
    };
}

prepared!(Begin: "BEGIN IMMEDIATE");
prepared!(Commit: "COMMIT");
prepared!(Number: "UPDATE message_numbers SET last = last + 1 RETURNING last");
prepared!(Raise<at: Timestamp as SqlTimestamp, " WHERE chat = " chat: ChatId as Binary, " RETURNING last_seq">:
    "UPDATE heads SET last_seq = last_seq + 1, last_at = ");

/// Writes until the end of `span`; how long each message took that counts.
pub fn write(path: &str, text: &str, chats: usize, span: Span) -> Result<Vec<u64>> {
    let mut c = SqliteConnection::establish(path)?;
    c.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    let (tenant, author) = (TenantId::new(), UserId::new());
    let chats: Vec<ChatId> = (0..chats).map(|_| ChatId::new()).collect();
    for chat in &chats {
        diesel::sql_query("INSERT INTO heads (chat, tenant, last_seq) VALUES (?, ?, 0)")
            .bind::<Binary, _>(*chat)
            .bind::<Binary, _>(tenant)
            .execute(&mut c)?;
    }
    let clock = Clock::system();
    let mut times = Vec::new();
    for chat in chats.into_iter().cycle() {
        if span.is_over() {
            break;
        }
        let begun = Instant::now();
        Begin {}.execute(&mut c)?;
        one(&mut c, tenant, author, chat, text, clock.now())?;
        Commit {}.execute(&mut c)?;
        span.note(&mut times, begun);
    }
    Ok(times)
}

fn one(
    c: &mut SqliteConnection,
    tenant: TenantId,
    author: UserId,
    chat: ChatId,
    text: &str,
    now: Timestamp,
) -> QueryResult<()> {
    let number: i64 = Number {}.get_result(c)?;
    let seq: i64 = Raise { at: now, chat }.get_result(c)?;
    let id = MessageId::new();
    diesel::insert_into(messages::table)
        .values((
            messages::chat_id.eq(chat),
            messages::seq.eq(seq),
            messages::id.eq(id),
            messages::number.eq(number),
            messages::tenant.eq(tenant),
            messages::author.eq(Some(author)),
            messages::origin.eq(Surface::Voipbin),
            messages::kind.eq(MessageKind::Text),
            messages::text.eq(Some(text)),
            messages::membership_version.eq(1_i64),
            messages::created_at.eq(now),
            messages::updated_at.eq(now),
        ))
        .execute(c)?;
    let posted = MessagePosted {
        tenant,
        chat,
        message: id,
        seq,
        number,
        author: Some(author),
        origin: Surface::Voipbin.into(),
        kind: MessageKind::Text.into(),
        text: Some(text.to_owned()),
        media: Vec::new(),
        created_at: now,
        membership_version: 1,
        extras: None,
    };
    diesel::insert_into(outbox::table)
        .values((
            outbox::event_id.eq(EventId::new()),
            outbox::event_type.eq(MessagePosted::TYPE),
            outbox::version.eq(i64::from(MessagePosted::VERSION)),
            outbox::partition.eq(i64::from(proto_events::partition(posted.key()))),
            outbox::order_key.eq(chat),
            outbox::tenant.eq(tenant),
            outbox::payload.eq(posted.encode()),
            outbox::occurred_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}
