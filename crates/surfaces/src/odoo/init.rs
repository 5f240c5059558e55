//! `POST /im_chat/api/init`, seed 004 "Chat initialization": the caller's contacts, the one who wrote last first.

use std::cmp::Reverse;
use std::collections::HashMap;

use contracts::chats::{Chat, PairsWith};
use contracts::messages::{ChatOverview, Message, Overview, OverviewAsked};
use contracts::users::{Book, Contact, User};
use domain::{Limit, UserId};
use serde::Serialize;
use serde_json::Value;

use super::args::{Args, Signature};
use super::envelope::{Asked, Outcome, Reply};
use super::wire::LastMessage;
use super::{presence, session};
use crate::http::{Call, Problem};

pub const SIGNATURE: Signature = Signature::new("init", &[], &["name", "limit"]);

/// Contacts when `limit` makes no sense.
const DEFAULT: i64 = 20;

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ContactOut<'m> {
    last_message: LastMessage<'m>,
    im_status: &'static str,
    id: i64,
    name: String,
    /// `false` without one.
    #[cfg_attr(feature = "openapi", schemars(with = "super::openapi::TextOrFalse"))]
    email: Value,
    partner_id: i64,
}

pub async fn init(Asked { call, args }: Asked) -> Outcome {
    let (limit, contacts) = (limit(&args)?, contacts(&call, &args).await?);
    let said = said(&call, &contacts).await?;
    let mut contacts: Vec<(User, Option<&Message>)> =
        contacts.into_iter().map(|contact| (said.get(&contact.user.id), contact.user)).map(|(m, u)| (u, m)).collect();
    // Who wrote nothing stays in the book's order, behind those who did.
    contacts.sort_by_key(|(_, message)| Reverse(message.map(|m| m.created_at)));
    contacts.truncate(limit);
    let ids = contacts.iter().map(|(user, _)| user.id);
    let statuses = presence::statuses(&call.apis, call.who()?.tenant, ids).await?;
    let out = |(user, message): &(User, Option<&'_ Message>)| {
        let status = statuses.get(&user.id).copied().unwrap_or(presence::OFFLINE);
        serde_json::to_value(ContactOut::new(user, *message, status)).ok()
    };
    Reply::of(&contacts.iter().filter_map(out).collect::<Vec<Value>>())
}

impl<'m> ContactOut<'m> {
    fn new(user: &User, message: Option<&'m Message>, im_status: &'static str) -> Self {
        Self {
            last_message: LastMessage::without_words(message),
            im_status,
            id: user.number,
            name: user.full_name(),
            email: user.email.clone().map_or(Value::Bool(false), Value::String),
            partner_id: user.partner,
        }
    }
}

/// How many; all when nothing is said.
fn limit(args: &Args) -> Result<usize, Problem> {
    let limit = args.number("limit")?.map_or(i64::from(Limit::MAX), |n| if n > 0 { n } else { DEFAULT });
    Ok(Limit::clamped(limit).len())
}

async fn contacts(call: &Call, args: &Args) -> Result<Vec<Contact>, Problem> {
    let name = args.text("name")?.filter(|name| !name.is_empty()).map(ToOwned::to_owned);
    let (tenant, owner, limit) = (call.who()?.tenant, session::me(call)?, Limit::clamped(Limit::MAX.into()));
    Ok(call.apis.users.book(Book { tenant, owner, name, before: None, limit }).await?.items)
}

/// What each contact said last in the direct chat with the caller.
async fn said(call: &Call, contacts: &[Contact]) -> Result<HashMap<UserId, Message>, Problem> {
    let (by, reader) = (call.by()?, session::me(call)?);
    let (tenant, users) = (by.tenant, contacts.iter().map(|contact| contact.user.id).collect());
    let chats = call.apis.chats.pairs(PairsWith { by, users }).await?;
    let asked = |chat: &Chat| OverviewAsked {
        chat: chat.id,
        after_seq: 0,
        authors: chat.participants.iter().map(|stay| stay.user).filter(|user| *user != reader).collect(),
    };
    let chats = chats.iter().map(asked).collect();
    let overviews = call.apis.messages.overview(Overview { tenant, reader, chats }).await?;
    let last = overviews.into_iter().flat_map(|ChatOverview { last, .. }| last);
    Ok(last.filter_map(|message| Some((message.author?, message))).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_limit_is_optional_and_positive() {
        let read = |params: Value| limit(&SIGNATURE.bind(params.as_object().unwrap().clone()).unwrap());
        assert_eq!(read(json!({ "name": "" })), Ok(1000));
        assert_eq!(read(json!({ "limit": 5 })), Ok(5));
        assert_eq!(read(json!({ "limit": -1 })), Ok(20));
        assert!(read(json!({ "limit": "many" })).is_err());
    }
}
