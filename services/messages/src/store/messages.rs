//! Single messages and pages of them.

use contracts::messages::{Message, MessageCursor, MessageKey, PageMessages, RoomView};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::{ChatId, MessageId, TenantId, Timestamp, Window};
use store::{Conn, RunQueryDsl, StoreError, StoreResult, Tx, on_conn};

use super::rows::{MessageRow, views};
use super::schema::{hidden_copies, messages};

/// The message that `key` names in `tenant`, deleted ones too.
pub(crate) async fn find(conn: &Conn, tenant: TenantId, key: MessageKey) -> StoreResult<Option<Message>> {
    let row: Option<MessageRow> = match key {
        MessageKey::Id(id) => by_id(conn, tenant, id).await?,
        MessageKey::Number(number) => on_conn!(conn, |c| messages::table
            .filter(messages::number.eq(number))
            .filter(messages::tenant.eq(tenant))
            .select(MessageRow::as_select())
            .first(c)
            .await
            .optional())?,
    };
    row.map(MessageRow::view).transpose()
}

async fn by_id(conn: &Conn, tenant: TenantId, id: MessageId) -> StoreResult<Option<MessageRow>> {
    Ok(on_conn!(conn, |c| messages::table
        .filter(messages::id.eq(id))
        .filter(messages::tenant.eq(tenant))
        .select(MessageRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// The message at a place.
pub(crate) async fn at(conn: &Conn, chat: ChatId, seq: i64) -> StoreResult<Message> {
    let row: MessageRow = on_conn!(conn, |c| messages::table
        .find((chat, seq))
        .select(MessageRow::as_select())
        .first(c)
        .await
        .map_err(StoreError::from))?;
    row.view()
}

/// A page: seeks by the primary key, or by (chat, time), so that it costs the same at any depth of any chat. Only numbered
/// pages cost what they skip.
pub(crate) async fn page(conn: &Conn, wanted: &PageMessages) -> StoreResult<Vec<Message>> {
    let PageMessages { by: _, chat, cursor, limit, room, tombstones } = *wanted;
    let cursor = match cursor {
        MessageCursor::BeforeNumber(number) => MessageCursor::BeforeSeq(place_of(conn, chat, number).await?),
        other => other,
    };
    let rows: Vec<MessageRow> = on_conn!(conn, |c| {
        let mut page = messages::table.filter(messages::chat_id.eq(chat)).select(MessageRow::as_select()).into_boxed();
        page = match cursor {
            MessageCursor::Newest => page.order(messages::seq.desc()),
            MessageCursor::BeforeSeq(seq) => page.filter(messages::seq.lt(seq)).order(messages::seq.desc()),
            MessageCursor::BeforeTime(at) => {
                page.filter(messages::created_at.lt(at)).order(messages::created_at.desc())
            }
            MessageCursor::AfterSeq(seq) => page.filter(messages::seq.gt(seq)).order(messages::seq.asc()),
            MessageCursor::Numbered(Window { skip, latest, from, until }) => {
                page = page.offset(skip.max(0));
                if let Some(from) = from {
                    page = page.filter(messages::created_at.ge(from));
                }
                if let Some(until) = until {
                    page = page.filter(messages::created_at.lt(until));
                }
                if latest { page.order(messages::seq.desc()) } else { page.order(messages::seq.asc()) }
            }
            MessageCursor::BeforeNumber(_) => unreachable!("it was turned into a place"),
        };
        if !tombstones {
            page = page.filter(messages::deleted_at.is_null());
        }
        if let Some(RoomView { stay, after_seq, upto_seq }) = room {
            let taken_out = hidden_copies::table
                .filter(hidden_copies::stay.eq(stay))
                .filter(hidden_copies::number.eq(messages::number));
            page = page.filter(messages::seq.gt(after_seq)).filter(not(exists(taken_out)));
            if let Some(upto) = upto_seq {
                page = page.filter(messages::seq.le(upto));
            }
        }
        page.limit(limit.plus_one()).load(c).await
    })?;
    views(rows)
}

/// The lowest place in `chat` whose message has `number` or a higher one; behind the last place if there is none.
///
/// Clients page by numbers they got from the chat, so one look-up nearly always does. For any other number the place is
/// found by halving: numbers rise with places.
async fn place_of(conn: &Conn, chat: ChatId, number: i64) -> StoreResult<i64> {
    let exact: Option<i64> = on_conn!(conn, |c| messages::table
        .filter(messages::number.eq(number))
        .filter(messages::chat_id.eq(chat))
        .select(messages::seq)
        .first(c)
        .await
        .optional())?;
    if let Some(seq) = exact {
        return Ok(seq);
    }
    let last: Option<i64> = on_conn!(conn, |c| messages::table
        .filter(messages::chat_id.eq(chat))
        .order(messages::seq.desc())
        .select(messages::seq)
        .first(c)
        .await
        .optional())?;
    // Places below `low` have lower numbers, places from `high` have not.
    let (mut low, mut high) = (1, last.unwrap_or(0) + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let there: i64 =
            on_conn!(conn, |c| messages::table.find((chat, middle)).select(messages::number).first(c).await)?;
        if there < number { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}

/// Gives a message other words and files.
pub(crate) async fn edit(
    tx: &mut Tx,
    message: &Message,
    text: Option<&str>,
    media: Option<&str>,
    at: Timestamp,
) -> StoreResult<()> {
    let row = messages::table.find((message.chat, message.seq));
    let set =
        (messages::text.eq(text), messages::media.eq(media), messages::updated_at.eq(at), messages::edited_at.eq(at));
    on_conn!(tx, |c| diesel::update(row).set(set).execute(c).await)?;
    Ok(())
}

/// Takes a message's words and files away; its place stays.
pub(crate) async fn delete(tx: &mut Tx, message: &Message, at: Timestamp) -> StoreResult<()> {
    let row = messages::table.find((message.chat, message.seq));
    let set = (
        messages::text.eq(None::<&str>),
        messages::media.eq(None::<&str>),
        messages::updated_at.eq(at),
        messages::deleted_at.eq(at),
    );
    on_conn!(tx, |c| diesel::update(row).set(set).execute(c).await)?;
    Ok(())
}
