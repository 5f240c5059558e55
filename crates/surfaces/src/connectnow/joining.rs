//! `POST /api/chats/{chat}/users`, seed 003 "Chat users, Create": how one comes into a chat.
//!
//! With an `api_token` somebody is added at once. Without one the chat's password opens: somebody new comes in at once,
//! and whoever has an e-mail that is known is mailed a code, so that nobody comes in as somebody else. The password is
//! checked before the e-mail is looked at.

use actix_web::http::StatusCode;
use contracts::Extras;
use contracts::auth::{IssueToken, Knock, MailCode, MustProve};
use contracts::chats::{AddParticipant, Chat, ChatKey, ChatsError, GetChat, LocateChat, Located};
use contracts::users::{CreateUser, FindUser, User, UserKey, UsersError};
use domain::{Code, Idempotency, Principal, Role, Scopes, Surface, TenantId, TokenKind, UserId};
use serde_json::json;

use super::input::Input;
use super::rules::{self, Rules, TEXT};
use super::wire::ChatUserOut;
use super::{auth, chats, json, looked_up};
use crate::http::{Answer, Call, Problem};

/// Who wants to come in.
struct Newcomer {
    email: String,
    name: Option<String>,
    surname: Option<String>,
}

impl Newcomer {
    fn read(rules: &mut Rules<'_>) -> Self {
        Self {
            email: rules.required_email("email"),
            name: rules.text("name", TEXT),
            surname: rules.text("surname", TEXT),
        }
    }
}

pub async fn create(mut call: Call) -> Answer {
    let input = Input::of(&call);
    if auth::shows_api_token(&call) || input.get("password").is_none() {
        call.authenticate(auth::api).await?;
        return add(&call, &input).await;
    }
    enter(&call, &input).await
}

/// With an `api_token`: managers add anybody, everybody else themselves.
async fn add(call: &Call, input: &Input) -> Answer {
    let by = auth::writer(call)?;
    let chat = chats::known(call, &by).await?;
    let mut rules = Rules::of(input);
    let number = rules.integer("user_id");
    if number.is_some() && input.get("email").is_none() {
        rules.done()?;
        let user = numbered(call, by.tenant, number).await?;
        own(&by, Some(user.id))?;
        return let_in(call, &by, &chat, user.id, call.idempotency()?).await;
    }
    let newcomer = Newcomer::read(&mut rules);
    rules.done()?;
    let known = with_email(call, by.tenant, &newcomer.email).await?;
    own(&by, known.as_ref().map(|user| user.id))?;
    let idempotency = call.idempotency()?;
    let user = match known {
        Some(user) => user,
        None => make(call, by.tenant, newcomer, idempotency).await?,
    };
    let_in(call, &by, &chat, user.id, idempotency).await
}

fn own(by: &Principal, user: Option<UserId>) -> Result<(), Problem> {
    if by.manages() || user.is_some_and(|user| by.is(user)) {
        return Ok(());
    }
    Err(Problem::refused(Code::Forbidden, "only managers add others"))
}

async fn numbered(call: &Call, tenant: TenantId, number: Option<i64>) -> Result<User, Problem> {
    let key = UserKey::Number(number.unwrap_or_default());
    let found = call.apis.users.find(FindUser { tenant, key }).await?.filter(|user| user.deleted_at.is_none());
    found.ok_or_else(|| rules::refuse("user_id", rules::selected("user_id")))
}

/// With the chat's password.
async fn enter(call: &Call, input: &Input) -> Answer {
    call.count_address()?;
    let Located { tenant, id } = located(call).await?;
    let mut rules = Rules::of(input);
    let newcomer = Newcomer::read(&mut rules);
    let password = rules.text("password", TEXT).unwrap_or_default();
    rules.done()?;
    let knock = Knock { tenant, chat: id, password, address: call.client() };
    call.apis.auth.knock(knock).await.map_err(wrong_password)?;

    let idempotency = call.idempotency_of(tenant, None)?;
    let user = match with_email(call, tenant, &newcomer.email).await? {
        // A repeat of the request that made them.
        Some(user) if Some(user.id) == made_by(tenant, idempotency) => user,
        Some(user) if call.apis.auth.must_prove(MustProve { tenant, user: user.id }).await? => {
            let email = user.email.unwrap_or(newcomer.email);
            call.apis.auth.mail_code(MailCode { tenant, chat: id, user: user.id, email, idempotency }).await?;
            let sent = json!({ "message": "A code has been sent." });
            return Ok(json::answer(&call.head, StatusCode::ACCEPTED, &sent));
        }
        Some(user) => user,
        None => make(call, tenant, newcomer, idempotency).await?,
    };
    let by = Principal::let_in(tenant, user.id, id, Surface::Connectnow);
    let chat = join(call, &by, id, user.id, idempotency).await?;
    answer(call, &chat, user.id, idempotency).await
}

fn wrong_password(e: contracts::auth::AuthError) -> Problem {
    match e {
        contracts::auth::AuthError::WrongPassword => rules::refuse("password", "The password is incorrect."),
        other => other.into(),
    }
}

/// The chat in the path, for somebody without a token.
pub async fn located(call: &Call) -> Result<Located, Problem> {
    let number = chats::number(call)?;
    call.apis.chats.locate(LocateChat { number }).await?.ok_or_else(|| chats::missing(call))
}

async fn with_email(call: &Call, tenant: TenantId, email: &str) -> Result<Option<User>, Problem> {
    Ok(call.apis.users.find(FindUser { tenant, key: UserKey::Email(email.to_owned()) }).await?)
}

/// The id of whoever a request makes: a repeat finds the same person.
fn made_by(tenant: TenantId, idempotency: Option<Idempotency>) -> Option<UserId> {
    idempotency.map(|promise| UserId::derived(tenant.uuid(), &promise.key))
}

/// Somebody new. Of two at the same instant one makes them, the other finds them.
async fn make(
    call: &Call,
    tenant: TenantId,
    newcomer: Newcomer,
    idempotency: Option<Idempotency>,
) -> Result<User, Problem> {
    let Newcomer { email, name, surname } = newcomer;
    let (who, _) = email.split_once('@').unwrap_or((&email, ""));
    let command = CreateUser {
        tenant,
        id: made_by(tenant, idempotency),
        name: name.unwrap_or_else(|| who.to_owned()),
        surname,
        email: Some(email.clone()),
        phone: None,
        role: Role::Customer,
        detail: String::new(),
        extras: Extras::new(),
        idempotency,
    };
    match call.apis.users.create(command).await {
        Err(UsersError::EmailTaken) => {
            let found = with_email(call, tenant, &email).await?;
            found.ok_or_else(|| rules::refuse("email", "The email has already been taken."))
        }
        made => Ok(made?),
    }
}

async fn let_in(call: &Call, by: &Principal, chat: &Chat, user: UserId, idempotency: Option<Idempotency>) -> Answer {
    let chat = join(call, by, chat.id, user, idempotency).await?;
    answer(call, &chat, user, idempotency).await
}

/// The chat with `user` in it. Who is in already stays in.
pub async fn join(
    call: &Call,
    by: &Principal,
    chat: domain::ChatId,
    user: UserId,
    idempotency: Option<Idempotency>,
) -> Result<Chat, Problem> {
    match call.apis.chats.add(AddParticipant { by: by.clone(), chat, user, idempotency }).await {
        Err(ChatsError::AlreadyParticipant) => {
            Ok(call.apis.chats.get(GetChat { by: by.clone(), key: ChatKey::Id(chat) }).await?)
        }
        Err(ChatsError::ChatNotFound | ChatsError::Deleted) => Err(chats::missing(call)),
        joined => Ok(joined?),
    }
}

/// A `chat_user_token` of `user` in a chat.
pub async fn token(
    call: &Call,
    chat: &Chat,
    user: UserId,
    idempotency: Option<Idempotency>,
) -> Result<String, Problem> {
    let command = IssueToken {
        tenant: chat.tenant,
        kind: TokenKind::ChatUser,
        user: Some(user),
        chat: Some(chat.id),
        name: String::new(),
        detail: String::new(),
        scopes: Scopes::ALL,
        expires_at: None,
        idempotency,
    };
    Ok(call.apis.auth.issue(command).await?.secret)
}

/// Somebody in a chat, as the calls that let them in show them.
pub async fn shown(call: &Call, chat: &Chat, user: UserId) -> Result<ChatUserOut, Problem> {
    let stay = chat.participant(user).ok_or_else(|| Problem::refused(Code::Forbidden, "they have left again"))?;
    let people = looked_up::people(call, chat.tenant, std::iter::once(user)).await?;
    Ok(ChatUserOut::new(chat.number, stay, people.get(&user)))
}

async fn answer(call: &Call, chat: &Chat, user: UserId, idempotency: Option<Idempotency>) -> Answer {
    let mut out = shown(call, chat, user).await?;
    out.chat_user_token = Some(token(call, chat, user, idempotency).await?);
    Ok(json::created(&call.head, &out))
}
