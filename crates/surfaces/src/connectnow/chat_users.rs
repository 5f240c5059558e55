//! `/api/chats/{chat}/users`, seed 003 "Chat users": everybody who is or was in a chat. How one comes in: `joining.rs`.

use contracts::chats::{Chat, ChatsError, GetStay, ListStays, Participant, RemoveParticipant, Room};
use contracts::users::{UpdateUser, User, UsersError};
use domain::{Code, Principal, Role};

use super::input::Input;
use super::page::{self, PageOut};
use super::rules::{self, Rules, TEXT};
use super::wire::ChatUserOut;
use super::{auth, chats, error, json, looked_up, with};
use crate::http::{Answer, Call, Problem};

pub async fn list(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let chat = chats::known(&call, &by).await?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let with = rules.words("with", &with::ON_USERS);
    let wanted = page::wanted(&call, &input, rules)?;
    let (window, limit) = (wanted.window, wanted.limit);
    let command = ListStays { by: by.clone(), chats: vec![chat.id], users: None, window, limit };
    let found = call.apis.chats.stays(command).await?;
    let stays: Vec<Participant> = found.items.into_iter().map(|stay| stay.stay).collect();
    let data = views(&call, &by, &chat, &stays, &with).await?;
    Ok(json::ok(&call.head, &PageOut::new(&call, wanted, data, found.more)))
}

pub async fn get(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let (chat, stay) = known(&call, &by).await?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let with = rules.words("with", &with::ON_USERS);
    rules.done()?;
    one(&call, &by, &chat, &stay, &with).await
}

/// Names and e-mail are the person's, wherever they are. Managers change anybody's, everybody their own, and whoever owns
/// the chat those of visitors.
pub async fn update(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let (chat, stay) = known(&call, &by).await?;
    let people = looked_up::people(&call, by.tenant, std::iter::once(stay.user)).await?;
    let person = people.get(&stay.user).ok_or_else(|| missing(&call))?;
    may_change(&by, &chat, &person.user, person.account)?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let (name, surname) = (rules.filled_change("name", TEXT), rules.change("surname", TEXT));
    let email = input.sent("email").map(|_| rules.required_email("email"));
    rules.done()?;
    let command = UpdateUser {
        tenant: by.tenant,
        id: stay.user,
        name,
        surname,
        email: email.map(Some),
        phone: None,
        role: None,
        detail: None,
        extras: None,
        idempotency: call.idempotency()?,
    };
    call.apis.users.update(command).await.map_err(taken)?;
    one(&call, &by, &chat, &stay, &[]).await
}

/// They leave, and stay listed.
pub async fn delete(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let (chat, stay) = known(&call, &by).await?;
    if stay.left_at.is_none() {
        let command = RemoveParticipant { by: by.clone(), chat: chat.id, user: stay.user };
        match call.apis.chats.remove(command).await {
            // Somebody else was faster.
            Ok(_) | Err(ChatsError::NotParticipant) => {}
            Err(e) => return Err(e.into()),
        }
    }
    let (chat, stay) = known(&call, &by).await?;
    one(&call, &by, &chat, &stay, &[]).await
}

async fn one(call: &Call, by: &Principal, chat: &Chat, stay: &Participant, with: &[String]) -> Answer {
    let shown = views(call, by, chat, std::slice::from_ref(stay), with).await?.pop();
    Ok(json::ok(&call.head, &shown))
}

async fn views(
    call: &Call,
    by: &Principal,
    chat: &Chat,
    stays: &[Participant],
    with: &[String],
) -> Result<Vec<ChatUserOut>, Problem> {
    let people = looked_up::people(call, by.tenant, stays.iter().map(|stay| stay.user)).await?;
    let mut shown: Vec<ChatUserOut> =
        stays.iter().map(|stay| ChatUserOut::new(chat.number, stay, people.get(&stay.user))).collect();
    if !with.is_empty() && !shown.is_empty() {
        let chat = with::chat(call, by, chat.clone(), &[]).await?;
        for out in &mut shown {
            out.chat = Some(chat.clone());
        }
    }
    Ok(shown)
}

/// The chat and the stay in the path.
async fn known(call: &Call, by: &Principal) -> Result<(Chat, Participant), Problem> {
    let chat = chats::known(call, by).await?;
    let number = call.path("user").parse().map_err(|_| missing(call))?;
    match call.apis.chats.stay(GetStay { by: by.clone(), number }).await {
        Ok(Room { chat: of, stay }) if of.id == chat.id => Ok((chat, stay)),
        Ok(_) | Err(ChatsError::RoomNotFound | ChatsError::Forbidden) => Err(missing(call)),
        Err(e) => Err(e.into()),
    }
}

fn may_change(by: &Principal, chat: &Chat, user: &User, account: bool) -> Result<(), Problem> {
    let own_visitor = chat.owner.is_some_and(|owner| by.is(owner)) && user.role == Role::Customer && !account;
    if by.manages() || by.is(user.id) || own_visitor {
        return Ok(());
    }
    Err(Problem::refused(Code::Forbidden, "only managers, and themselves"))
}

fn missing(call: &Call) -> Problem {
    error::missing("ChatUser", call.path("user"))
}

fn taken(e: UsersError) -> Problem {
    match e {
        UsersError::EmailTaken => rules::refuse("email", "The email has already been taken."),
        other => other.into(),
    }
}
