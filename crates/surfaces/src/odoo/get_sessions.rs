//! `POST /im_chat/api/get_sessions` and `…/get_sessions_group`, seed 004: the caller's sessions, the one in which something
//! was said last first.

use contracts::chats::{Chat, ChatsWith};
use contracts::users::{FindUser, Group, GroupKeys, GroupsBy, UserKey};
use domain::{Limit, UserId};

use super::args::{Args, Signature};
use super::envelope::{Asked, Outcome, Reply};
use super::view;
use super::wire::ColonKeys;
use crate::http::{Call, Problem};

pub const USER: Signature = Signature::new("get_sessions", &[], &["user_to", "doc_id", "doc_model", "state"]);
pub const GROUP: Signature = Signature::new("get_sessions_group", &[], &["group", "doc_id", "doc_model", "state"]);

pub async fn with_users(Asked { call, args }: Asked) -> Outcome {
    let user = match args.number("user_to")? {
        None => None,
        Some(number) => match find(&call, number).await? {
            // With nobody there is no session.
            None => return Reply::of(&[(); 0]),
            known => known,
        },
    };
    answer(&call, &args, ChatsWith { user, ..filters(&call, &args)? }).await
}

pub async fn of_groups(Asked { call, args }: Asked) -> Outcome {
    let group = match args.number("group")? {
        None => None,
        Some(number) => match group(&call, number).await? {
            None => return Reply::of(&[(); 0]),
            Some(known) => Some(known.id),
        },
    };
    answer(&call, &args, ChatsWith { grouped: true, group, ..filters(&call, &args)? }).await
}

async fn find(call: &Call, number: i64) -> Result<Option<UserId>, Problem> {
    let found = call.apis.users.find(FindUser { tenant: call.who()?.tenant, key: UserKey::Number(number) }).await?;
    Ok(found.map(|user| user.id))
}

async fn group(call: &Call, number: i64) -> Result<Option<Group>, Problem> {
    let keys = GroupKeys::Numbers(vec![number]);
    Ok(call.apis.users.groups_by(GroupsBy { tenant: call.who()?.tenant, keys }).await?.pop())
}

/// Each filter works alone.
fn filters(call: &Call, args: &Args) -> Result<ChatsWith, Problem> {
    Ok(ChatsWith {
        by: call.by()?,
        grouped: false,
        user: None,
        group: None,
        model: args.text("doc_model")?.filter(|model| !model.is_empty()).map(ToOwned::to_owned),
        record: args.number("doc_id")?,
        after: None,
        limit: Limit::clamped(Limit::MAX.into()),
    })
}

async fn answer(call: &Call, args: &Args, wanted: ChatsWith) -> Outcome {
    let state = args.text("state")?;
    let mut sessions = view::look(call, all(call, wanted).await?).await?;
    sessions.retain(|session| state.is_none_or(|state| session.state().is_some_and(|own| own.as_str() == state)));
    Reply::of(&view::draw(call, &sessions, ColonKeys { docs: true, with_documents: false }).await?)
}

/// Every chat that is wanted, page by page.
pub async fn all(call: &Call, mut wanted: ChatsWith) -> Result<Vec<Chat>, Problem> {
    let mut chats = Vec::new();
    loop {
        let page = call.apis.chats.with(wanted.clone()).await?;
        let last = page.items.last().map(|chat| (chat.last.as_ref().map_or(chat.created_at, |m| m.at), chat.id));
        chats.extend(page.items);
        match last {
            Some(last) if page.more => wanted.after = Some(last),
            _ => return Ok(chats),
        }
    }
}
