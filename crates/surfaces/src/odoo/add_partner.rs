//! `POST /im_chat/api/user_chat_ab/add_partner`, seed 004: puts somebody into the caller's address book by partner ids.

use contracts::users::{ChangeBook, FindUser, UserKey};
use domain::UserId;
use serde_json::Value;

use super::args::{Args, Signature};
use super::books::{failed, success};
use super::envelope::{Asked, Outcome};
use super::session;
use crate::http::{Call, Problem};

pub const SIGNATURE: Signature = Signature::new("add_partner", &[], &["parent_partner_id", "child_partner_id"]);

pub async fn add_partner(Asked { call, args }: Asked) -> Outcome {
    const INVALID: &str = "input parameters are not valid";
    let me = session::me(&call)?;
    let (Some(parent), Some(child)) = (partner(&args, "parent_partner_id"), partner(&args, "child_partner_id")) else {
        return failed(INVALID);
    };
    if user(&call, parent).await? != Some(me) {
        return failed(INVALID);
    }
    let Some(child) = user(&call, child).await? else { return failed(INVALID) };
    call.promised().await?;
    call.apis.users.change_book(ChangeBook { by: call.by()?, add: vec![child], remove: Vec::new() }).await?;
    success()
}

/// Only a number is one here.
fn partner(args: &Args, name: &str) -> Option<i64> {
    args.value(name).and_then(Value::as_i64)
}

/// The living user with this partner id.
async fn user(call: &Call, partner: i64) -> Result<Option<UserId>, Problem> {
    let found = call.apis.users.find(FindUser { tenant: call.who()?.tenant, key: UserKey::Partner(partner) }).await?;
    Ok(found.filter(|user| user.deleted_at.is_none()).map(|user| user.id))
}
