//! `POST /im_chat/api/get_or_create_session` and `…/get_or_create_session_group`, seed 004: the session with somebody or of
//! a group, perhaps about a document; made if there is none.

use contracts::chats::{Circle, OpenChat, Record};
use contracts::users::{FindUser, UserKey};
use domain::Principal;

use super::args::{Args, Signature};
use super::envelope::{Asked, Outcome, Reply};
use super::wire::ColonKeys;
use super::{session, view};
use crate::http::{Call, Problem};

pub const USER: Signature = Signature::new("get_or_create_session", &["user_to"], &["doc_id", "doc_model"]);
pub const GROUP: Signature = Signature::new("get_or_create_session_group", &["group"], &["doc_id", "doc_model"]);

pub async fn with_user(Asked { call, args }: Asked) -> Outcome {
    let by = writer(&call)?;
    let number = args.number("user_to")?.ok_or_else(|| Problem::invalid("user_to", "user_to must be a user's id"))?;
    let found = call.apis.users.find(FindUser { tenant: by.tenant, key: UserKey::Number(number) }).await?;
    let living = found.filter(|user| user.deleted_at.is_none());
    let other = living.ok_or_else(|| Problem::not_found(format!("User {number} does not exist")))?;
    if by.is(other.id) {
        return Err(Problem::invalid("user_to", "user_to must be somebody else"));
    }
    open(&call, by, Circle::User(other.id), &args, ColonKeys { docs: true, with_documents: true }).await
}

pub async fn of_group(Asked { call, args }: Asked) -> Outcome {
    let by = writer(&call)?;
    let number = args.number("group")?.ok_or_else(|| Problem::invalid("group", "group must be a group's id"))?;
    open(&call, by, Circle::Group(number), &args, ColonKeys { docs: true, with_documents: false }).await
}

fn writer(call: &Call) -> Result<Principal, Problem> {
    session::me(call)?;
    call.by()
}

async fn open(call: &Call, by: Principal, circle: Circle, args: &Args, typos: ColonKeys) -> Outcome {
    let command = OpenChat { by, circle, about: record(args)?, idempotency: call.idempotency()? };
    let made = call.apis.chats.open(command).await?;
    let sessions = view::look(call, vec![made.chat]).await?;
    let drawn = view::draw(call, &sessions, typos).await?;
    Reply::of(drawn.first().ok_or_else(|| Problem::not_found("the session is gone"))?)
}

/// The document a session is about: both its values, or none.
fn record(args: &Args) -> Result<Option<Record>, Problem> {
    match (args.text("doc_model")?.filter(|model| !model.is_empty()), args.number("doc_id")?) {
        (None, None) => Ok(None),
        (Some(model), Some(id)) => Ok(Some(Record { model: model.to_owned(), id })),
        (Some(_), None) => Err(Problem::invalid("doc_id", "doc_model needs doc_id")),
        (None, Some(_)) => Err(Problem::invalid("doc_model", "doc_id needs doc_model")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(params: Value) -> Result<Option<Record>, Problem> {
        let Value::Object(params) = params else { panic!("no object") };
        record(&USER.bind(params).unwrap())
    }

    #[test]
    fn a_document_has_a_model_and_a_number() {
        let partner = Some(Record { model: "res.partner".to_owned(), id: 25 });
        for id in [json!(25), json!("25")] {
            assert_eq!(read(json!({ "user_to": 1, "doc_id": id, "doc_model": "res.partner" })), Ok(partner.clone()));
        }
        for none in [json!({ "user_to": 1 }), json!({ "user_to": 1, "doc_id": false, "doc_model": null })] {
            assert_eq!(read(none), Ok(None));
        }
        for bad in [
            json!({ "user_to": 1, "doc_id": 25 }),
            json!({ "user_to": 1, "doc_model": "res.partner" }),
            json!({ "user_to": 1, "doc_id": "x", "doc_model": "res.partner" }),
            json!({ "user_to": 1, "doc_id": 25, "doc_model": 7 }),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
    }
}
