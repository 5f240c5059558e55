//! `GET /api/user`, seed 003 "Get authenticated via API token".

use contracts::users::UsersByIds;
use domain::Code;

use super::wire::UserOut;
use super::{auth, json};
use crate::http::{Answer, Call, Problem};

pub async fn get(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let me = by.user.ok_or(Problem::NoCredential)?;
    let found = call.apis.users.by_ids(UsersByIds { tenant: by.tenant, ids: vec![me] }).await?.pop();
    let user = found.ok_or_else(|| Problem::refused(Code::Unauthenticated, "the user is gone"))?;
    Ok(json::ok(&call.head, &UserOut::from(user)))
}
