//! `POST /chat/create`, seed 000 "Create a Chat between users".
//!
//! "chat" is a talk of two, found again for the same two; "group" takes any number and is new each time.

use std::collections::{BTreeSet, HashSet};

use contracts::Extras;
use contracts::chats::{CreateChat, Existing};
use contracts::users::UsersByIdsha;
use domain::{Idempotency, Principal, UserId};
use serde::Deserialize;

use super::wire::{self, ConversationOut};
use super::{auth, envelope};
use crate::http::{Answer, Call, Problem};

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateIn {
    #[serde(rename = "type")]
    kind: Option<String>,
    contacts: Vec<ContactIn>,
    title: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct ContactIn {
    idsha: String,
}

pub async fn create(call: Call) -> Answer {
    let (by, me) = auth::writer(&call)?;
    let CreateIn { kind, contacts, title } = wire::input(&call)?;
    let existing = existing(kind.as_deref())?;
    let others = others(&call, &by, contacts).await?;
    check(existing, &others)?;
    let tenant = by.tenant;
    let command = command(by, me, others, title, existing, call.idempotency()?);
    let made = call.apis.chats.create(command).await?;
    let idshas = wire::idshas(&call.apis, tenant, made.chat.participants.iter().map(|p| p.user)).await?;
    Ok(envelope::ok(&call.head, ConversationOut::new(&made, me, &idshas)))
}

/// A chat `me` makes with others.
pub fn command(
    by: Principal,
    me: UserId,
    others: Vec<UserId>,
    title: Option<String>,
    existing: Existing,
    idempotency: Option<Idempotency>,
) -> CreateChat {
    let participants = std::iter::once(me).chain(others).collect();
    let (title, detail, extras) = (title.filter(|t| !t.is_empty()), String::new(), Extras::new());
    CreateChat { by, participants, owner: Some(me), title, detail, company: None, extras, existing, idempotency }
}

/// What the vendor's `type` means for a chat the same people have already.
fn existing(kind: Option<&str>) -> Result<Existing, Problem> {
    match kind {
        Some("chat") => Ok(Existing::Return),
        Some("group") => Ok(Existing::Ignore),
        _ => Err(Problem::invalid("type", "type must be chat or group")),
    }
}

/// The contacts beside the caller, each once. All must exist, else nobody is taken.
async fn others(call: &Call, by: &Principal, contacts: Vec<ContactIn>) -> Result<Vec<UserId>, Problem> {
    let asked: BTreeSet<String> = contacts.into_iter().map(|c| c.idsha).collect();
    let command = UsersByIdsha { tenant: by.tenant, idshas: asked.iter().cloned().collect() };
    let found = call.apis.users.by_idsha(command).await?;
    let known: HashSet<&str> = found.iter().map(|user| user.idsha.as_str()).collect();
    if let Some(unknown) = asked.iter().find(|idsha| !known.contains(idsha.as_str())) {
        return Err(Problem::invalid("contacts", format!("idsha {unknown} does not exist")));
    }
    Ok(found.into_iter().map(|user| user.id).filter(|user| !by.is(*user)).collect())
}

fn check(existing: Existing, others: &[UserId]) -> Result<(), Problem> {
    match (existing, others.len()) {
        (_, 0) => Err(Problem::invalid("contacts", "contacts must name somebody else")),
        (Existing::Return, 2..) => Err(Problem::invalid("contacts", "a chat has one contact; use type group for more")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use contracts::chats::Created;
    use serde_json::json;

    use super::*;
    use crate::imbee::wire::Idshas;
    use crate::imbee::wire::testing::{chat, read};

    #[test]
    fn the_seeds_request_is_read() {
        let got: CreateIn = read(r#"{"type":"chat", "contacts":[{"idsha":"idShaValue_user2"}]}"#).unwrap();
        assert_eq!(existing(got.kind.as_deref()), Ok(Existing::Return));
        assert_eq!(got.contacts[0].idsha, "idShaValue_user2");
    }

    #[test]
    fn the_seeds_answer_key_by_key() {
        let (one, two) = (UserId::new(), UserId::new());
        let idshas = Idshas::from([(one, "idShaValue_user1".into()), (two, "idShaValue_user2".into())]);
        let made = Created { chat: chat(&[one, two]), created: true };
        let seed = json!({
            "contacts": [{ "idsha": "idShaValue_user1", "isadmin": 1 }, { "idsha": "idShaValue_user2", "isadmin": 0 }],
            "conversationId": made.chat.id.uuid().simple().to_string(),
            "previously_created": false,
        });
        assert_eq!(serde_json::to_value(ConversationOut::new(&made, one, &idshas)).unwrap(), seed);
    }

    #[test]
    fn the_caller_comes_first_and_the_creator_is_admin() {
        let (maker, finder) = (UserId::new(), UserId::new());
        let idshas = Idshas::from([(maker, "maker".into()), (finder, "finder".into())]);
        let made = Created { chat: chat(&[maker, finder]), created: false };
        let out = serde_json::to_value(ConversationOut::new(&made, finder, &idshas)).unwrap();
        assert_eq!(out["contacts"], json!([{ "idsha": "finder", "isadmin": 0 }, { "idsha": "maker", "isadmin": 1 }]));
        assert_eq!(out["previously_created"], json!(true));
    }

    #[test]
    fn a_chat_takes_one_contact_and_a_group_any() {
        let (one, two) = (UserId::new(), UserId::new());
        assert!(check(Existing::Return, &[one]).is_ok());
        assert!(check(Existing::Return, &[one, two]).is_err());
        assert!(check(Existing::Ignore, &[one]).is_ok() && check(Existing::Ignore, &[one, two]).is_ok());
        assert!(check(Existing::Return, &[]).is_err() && check(Existing::Ignore, &[]).is_err());
    }

    #[test]
    fn other_types_and_shapes_are_refused() {
        assert!(existing(None).is_err() && existing(Some("support")).is_err());
        for body in [
            r#"{"type":"chat"}"#,
            r#"{"type":"chat","contacts":null}"#,
            r#"{"type":"chat","contacts":["a"]}"#,
            r#"{"type":"chat","contacts":[{"idsha":1}]}"#,
            r#"{"type":1,"contacts":[]}"#,
        ] {
            assert!(read::<CreateIn>(body).is_err(), "{body}");
        }
    }
}
