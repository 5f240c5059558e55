//! `/operator/v1/groups`.

use actix_web::HttpResponse;
use contracts::chats::FollowGroup;
use contracts::users::{CreateGroup, Group, ListGroups, SetMembers};
use domain::{GroupId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::lists;
use super::users::admin;
use crate::http::{Answer, Call};

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateIn {
    name: String,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MembersIn {
    user_ids: Vec<UserId>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct GroupView {
    id: GroupId,
    name: String,
    user_ids: Vec<UserId>,
    identities: GroupIdentities,
    created_at: Timestamp,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct GroupIdentities {
    odoo: i64,
}

impl From<Group> for GroupView {
    fn from(Group { id, number, name, users, created_at }: Group) -> Self {
        Self { id, name, user_ids: users, identities: GroupIdentities { odoo: number }, created_at }
    }
}

pub async fn create(call: Call) -> Answer {
    admin(&call)?;
    let CreateIn { name } = call.json()?;
    let command = CreateGroup { by: call.by()?, name, idempotency: call.idempotency()? };
    let group = call.apis.users.create_group(command).await?;
    Ok(HttpResponse::Created().json(GroupView::from(group)))
}

pub async fn list(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let command = ListGroups { tenant, member: None, after: lists::after(&call)?, limit: lists::limit(&call)? };
    let page = call.apis.users.groups(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|group| group.id.to_string());
    let items: Vec<GroupView> = page.items.into_iter().map(GroupView::from).collect();
    Ok(lists::draw(&items, next.as_deref()))
}

/// The group's chats follow; a repeat finishes what a failure left undone.
pub async fn set_members(call: Call) -> Answer {
    admin(&call)?;
    let MembersIn { user_ids } = call.json()?;
    let id: GroupId = lists::id(&call, "id", "group")?;
    call.promised().await?;
    let group = call.apis.users.set_members(SetMembers { by: call.by()?, id, users: user_ids }).await?;
    call.apis.chats.follow_group(FollowGroup { by: call.by()?, group: id }).await?;
    Ok(HttpResponse::Ok().json(GroupView::from(group)))
}
