//! `GET /api/chat-user`, seed 003 "Get authenticated via chat-user token".

use contracts::chats::{ChatKey, GetChat};
use domain::Code;

use super::wire::ChatUserOut;
use super::{auth, json, looked_up};
use crate::http::{Answer, Call, Problem};

pub async fn get(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let (me, id) = by.user.zip(by.chat).ok_or(Problem::NoCredential)?;
    let chat = call.apis.chats.get(GetChat { by: by.clone(), key: ChatKey::Id(id) }).await?;
    let stay = chat.participant(me).filter(|_| chat.deleted_at.is_none());
    let stay = stay.ok_or_else(|| Problem::refused(Code::Forbidden, "the visitor has left the chat"))?;
    let people = looked_up::people(&call, by.tenant, std::iter::once(me)).await?;
    Ok(json::ok(&call.head, &ChatUserOut::new(chat.number, stay, people.get(&me))))
}
