//! Records of other systems that chats are about.

use std::collections::HashMap;

use contracts::chats::{Document, Record};
use diesel::prelude::*;
use domain::ChatId;
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::documents;

/// What these chats are about, the first link first.
pub async fn of(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<HashMap<ChatId, Vec<Document>>> {
    let rows: Vec<(ChatId, i64, String, i64)> = on_conn!(conn, |c| documents::table
        .filter(documents::chat.eq_any(chats))
        .order(documents::number)
        .select((documents::chat, documents::number, documents::model, documents::record))
        .load(c)
        .await)?;
    let mut of_chat = HashMap::<_, Vec<_>>::new();
    for (chat, number, model, id) in rows {
        of_chat.entry(chat).or_default().push(Document { number, record: Record { model, id } });
    }
    Ok(of_chat)
}

/// Links a chat to a record.
pub async fn insert(tx: &mut Tx, chat: ChatId, record: &Record) -> StoreResult<()> {
    let row = (documents::chat.eq(chat), documents::model.eq(&record.model), documents::record.eq(record.id));
    on_conn!(tx, |c| diesel::insert_into(documents::table).values(row).execute(c).await)?;
    Ok(())
}
