//! `POST /im_chat/init`, stock: what a web client shows when it starts. Its windows that are not closed, and what was said in
//! them during the last ten minutes, as the notifications it would have got.

use contracts::chats::ChatsWith;
use contracts::messages::{MessageCursor, PageMessages};
use domain::{Limit, ParticipantState, Timestamp};
use serde_json::{Value, json};

use super::args::Signature;
use super::envelope::{Asked, Outcome, Reply};
use super::view::{self, Session};
use super::wire::{self, ColonKeys, MessageOut};
use super::{get_sessions, session, web_session};
use crate::http::{Call, Problem};

pub const SIGNATURE: Signature = Signature::new("init", &[], &[]);

/// How far back messages are shown. Seconds.
const RECENT_S: i64 = 600;
/// Sessions whose messages are shown, and messages of each.
const FEW: i64 = 20;

pub async fn init(Asked { call, .. }: Asked) -> Outcome {
    let by = call.by()?;
    let me = wire::people(&call.apis, by.tenant, std::iter::once(session::me(&call)?)).await?;
    let uid = me.values().next().map(|user| user.number);
    let channel = json!([web_session::database(&call, by.tenant).await?, "im_chat.session", uid]);

    let limit = Limit::clamped(Limit::MAX.into());
    let (grouped, user, group, model, record, after) = (false, None, None, None, None, None);
    let with_users = ChatsWith { by, grouped, user, group, model, record, after, limit };
    let mut chats = get_sessions::all(&call, with_users.clone()).await?;
    chats.extend(get_sessions::all(&call, ChatsWith { grouped: true, ..with_users }).await?);
    let mut sessions = view::look(&call, chats).await?;
    sessions.retain(|session| session.state().is_some_and(|state| state != ParticipantState::Closed));

    let shown = view::draw(&call, &sessions, ColonKeys { docs: true, with_documents: false }).await?;
    let said = recent(&call, &sessions).await?;
    let notifications: Vec<Value> = shown.into_iter().chain(said).map(|message| json!([channel, message])).collect();
    Reply::of(&notifications)
}

/// What was said lately, the oldest first.
async fn recent(call: &Call, sessions: &[Session]) -> Result<Vec<Value>, Problem> {
    let since: Timestamp = call.apis.clock.now().plus_seconds(-RECENT_S);
    let few = usize::try_from(FEW).unwrap_or(usize::MAX);
    let mut said = Vec::new();
    for session in sessions.iter().filter(|session| session.active_at() > since).take(few) {
        let (by, chat) = (call.by()?, session.chat.id);
        let limit = Limit::clamped(FEW);
        let wanted = PageMessages { by, chat, cursor: MessageCursor::Newest, limit, room: None, tombstones: false };
        let page = call.apis.messages.page(wanted).await?;
        said.extend(page.items.into_iter().filter(|m| m.created_at > since).map(|message| (message, &session.chat)));
    }
    said.sort_by_key(|(message, _)| message.number);
    let authors = said.iter().filter_map(|(message, _)| message.author);
    let people = wire::people(&call.apis, call.who()?.tenant, authors).await?;
    let out = |(message, chat)| serde_json::to_value(MessageOut::new(message, chat, &people)).ok();
    Ok(said.iter().map(|(message, chat)| (message, *chat)).filter_map(out).collect())
}
