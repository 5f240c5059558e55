//! `/operator/v1/chats/{id}/messages`: oldest first, deleted ones as tombstones.

use contracts::messages::{MessageCursor, PageMessages};

use super::chats::names;
use super::lists;
use super::users::admin;
use super::wire::MessageView;
use crate::http::{Answer, Call};

pub async fn list(call: Call) -> Answer {
    admin(&call)?;
    let command = PageMessages {
        by: call.by()?,
        chat: lists::id(&call, "id", "chat")?,
        cursor: MessageCursor::AfterSeq(lists::after(&call)?.unwrap_or(0)),
        limit: lists::limit(&call)?,
        room: None,
        tombstones: true,
    };
    let page = call.apis.messages.page(command).await?;
    let names = names(&call, page.items.iter().filter_map(|m| m.author)).await?;
    let next = page.items.last().filter(|_| page.more).map(|m| m.seq.to_string());
    let items: Vec<_> = page.items.into_iter().map(|m| MessageView::new(m, &names)).collect();
    Ok(lists::draw(&items, next.as_deref()))
}
