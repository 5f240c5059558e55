//! `with[]`: related objects inside of others. Words that are not in an object's list are refused.

use std::collections::HashMap;

use contracts::chats::{Chat, Roll, Stay};
use contracts::messages::{Message, MessageCursor, PageMessages};
use domain::{ChatId, Limit, Principal, Window};

use super::looked_up::{self, Stays};
use super::wire::{ChatOut, ChatUserOut, CompanyOut, MessageOut, stay_of};
use crate::http::{Call, Problem};

/// What chats may be shown with.
pub const ON_CHATS: [&str; 4] = ["company", "users", "messages", "messages.chat_user"];
/// What chat users may be shown with.
pub const ON_USERS: [&str; 1] = ["chat"];
/// What messages may be shown with.
pub const ON_MESSAGES: [&str; 1] = ["chat_user"];

/// Messages of one chat at most; more are read in pages.
const MESSAGES: i64 = 1000;

/// Chats, with what was asked for.
pub async fn chats(call: &Call, by: &Principal, chats: &[Chat], with: &[String]) -> Result<Vec<ChatOut>, Problem> {
    let has = |word: &str| with.iter().any(|asked| asked == word);
    let companies = looked_up::companies(call, by.tenant, chats).await?;
    let mut shown: Vec<ChatOut> = chats.iter().map(|chat| ChatOut::new(chat, &companies)).collect();
    if has("company") {
        for (chat, out) in chats.iter().zip(&mut shown) {
            out.company = Some(chat.company.and_then(|id| companies.get(&id)).cloned().map(CompanyOut::from));
        }
    }
    if has("users") {
        let mut users = users(call, by, chats).await?;
        for (chat, out) in chats.iter().zip(&mut shown) {
            out.users = Some(users.remove(&chat.id).unwrap_or_default());
        }
    }
    if has("messages") || has("messages.chat_user") {
        for (chat, out) in chats.iter().zip(&mut shown) {
            let all = said(call, by, chat.id).await?;
            out.messages = Some(messages(call, by, chat.number, &all, has("messages.chat_user")).await?);
        }
    }
    Ok(shown)
}

/// One chat, with what was asked for.
pub async fn chat(call: &Call, by: &Principal, chat: Chat, with: &[String]) -> Result<ChatOut, Problem> {
    let companies = looked_up::companies(call, by.tenant, std::slice::from_ref(&chat)).await?;
    let plain = ChatOut::new(&chat, &companies);
    if with.is_empty() {
        return Ok(plain);
    }
    Ok(chats(call, by, &[chat], with).await?.pop().unwrap_or(plain))
}

/// The people of each chat, past ones too.
async fn users(call: &Call, by: &Principal, chats: &[Chat]) -> Result<HashMap<ChatId, Vec<ChatUserOut>>, Problem> {
    let numbers: HashMap<ChatId, i64> = chats.iter().map(|chat| (chat.id, chat.number)).collect();
    let stays = looked_up::all_stays(call, by, numbers.keys().copied().collect(), None).await?;
    let people = looked_up::people(call, by.tenant, stays.iter().map(|stay| stay.stay.user)).await?;
    let mut users: HashMap<ChatId, Vec<ChatUserOut>> = HashMap::new();
    for Stay { chat, stay } in stays {
        let number = numbers.get(&chat).copied().unwrap_or_default();
        users.entry(chat).or_default().push(ChatUserOut::new(number, &stay, people.get(&stay.user)));
    }
    Ok(users)
}

async fn said(call: &Call, by: &Principal, chat: ChatId) -> Result<Vec<Message>, Problem> {
    let (cursor, limit) = (MessageCursor::Numbered(Window::default()), Limit::clamped(MESSAGES));
    let asked = PageMessages { by: by.clone(), chat, cursor, limit, room: None, tombstones: false };
    Ok(call.apis.messages.page(asked).await?.items)
}

/// Messages of a chat whose roll is known.
pub async fn messages_of(
    call: &Call,
    by: &Principal,
    roll: &Roll,
    said: &[Message],
    with_users: bool,
) -> Result<Vec<MessageOut>, Problem> {
    let authors = || said.iter().filter_map(|message| message.author);
    if roll.more && authors().any(|author| !roll.stays.iter().any(|stay| stay.user == author)) {
        return messages(call, by, roll.number, said, with_users).await;
    }
    let mut stays = Stays::new();
    for stay in &roll.stays {
        stays.entry((roll.chat, stay.user)).or_default().push(stay.clone());
    }
    shown(call, by, roll.number, said, &stays, with_users).await
}

/// Messages of a chat, with the stays they were said in.
pub async fn messages(
    call: &Call,
    by: &Principal,
    chat: i64,
    messages: &[Message],
    with_users: bool,
) -> Result<Vec<MessageOut>, Problem> {
    let stays = looked_up::stays_of(call, by, messages).await?;
    shown(call, by, chat, messages, &stays, with_users).await
}

async fn shown(
    call: &Call,
    by: &Principal,
    chat: i64,
    messages: &[Message],
    stays: &Stays,
    with_users: bool,
) -> Result<Vec<MessageOut>, Problem> {
    let people = if with_users {
        looked_up::people(call, by.tenant, messages.iter().filter_map(|message| message.author)).await?
    } else {
        HashMap::new()
    };
    let show = |message: &Message| {
        let stay = stay_of(message, stays);
        let mut out = MessageOut::new(chat, message, stay);
        if with_users {
            out.chat_user = Some(stay.map(|stay| ChatUserOut::new(chat, stay, people.get(&stay.user))));
        }
        out
    };
    Ok(messages.iter().map(show).collect())
}
