//! What was said last in each chat.
//!
//! Compared by time, which rises strictly within a chat as places do: after a restore of databases, places that `chats` has heard of may be given
//! again.

use std::collections::BTreeMap;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Timestamp as SqlTimestamp};
use domain::{ChatId, MessageId, TenantId, Timestamp};
use store::{Engine, RunQueryDsl, StoreResult, Tx, statement};

use super::schema::chats;

/// A message, as lists of chats show it.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    pub tenant: TenantId,
    pub message: MessageId,
    pub seq: i64,
    pub at: Timestamp,
}

statement! {
    /// Notes what was said last, where nothing later is known.
    NoteSaid on Pg {
        "UPDATE chats SET last_message = r.m, last_seq = r.s, last_at = r.d, active_at = r.d FROM unnest(",
        chats: [ChatId] as Array<Binary>, ", ",
        tenants: [TenantId] as Array<Binary>, ", ",
        messages: [MessageId] as Array<Binary>, ", ",
        seqs: [i64] as Array<BigInt>, ", ",
        ats: [Timestamp] as Array<SqlTimestamp>,
        ") AS r (c, t, m, s, d) \
         WHERE chats.id = r.c AND chats.tenant = r.t AND (chats.last_at IS NULL OR chats.last_at < r.d)",
    }
}

/// Notes what was said last, where nothing later is known. A chat that is gone keeps nothing.
pub async fn note(tx: &mut Tx, said: BTreeMap<ChatId, Said>) -> StoreResult<()> {
    if said.is_empty() {
        return Ok(());
    }
    match tx.engine() {
        Engine::Pg(c) => {
            let ids: Vec<ChatId> = said.keys().copied().collect();
            let tenants: Vec<TenantId> = said.values().map(|last| last.tenant).collect();
            let messages: Vec<MessageId> = said.values().map(|last| last.message).collect();
            let seqs: Vec<i64> = said.values().map(|last| last.seq).collect();
            let ats: Vec<Timestamp> = said.values().map(|last| last.at).collect();
            let note = NoteSaid { chats: &ids, tenants: &tenants, messages: &messages, seqs: &seqs, ats: &ats };
            note.execute(c).await?;
        }
        Engine::Sqlite(c) => c.spawn_blocking(move |c| note_each(c, said)).await?,
    }
    Ok(())
}

fn note_each(conn: &mut SqliteConnection, said: BTreeMap<ChatId, Said>) -> QueryResult<()> {
    for (chat, Said { tenant, message, seq, at }) in said {
        let older = chats::table
            .filter(chats::id.eq(chat))
            .filter(chats::tenant.eq(tenant))
            .filter(chats::last_at.is_null().or(chats::last_at.lt(at)));
        let last =
            (chats::last_message.eq(message), chats::last_seq.eq(seq), chats::last_at.eq(at), chats::active_at.eq(at));
        diesel::RunQueryDsl::execute(diesel::update(older).set(last), conn)?;
    }
    Ok(())
}
