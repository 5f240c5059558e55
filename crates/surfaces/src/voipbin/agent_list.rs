//! Lists of agents: newest first, by the tags they carry and by where they stand.

use contracts::users::{ListUsers, User, UserOrder};
use domain::{Limit, Role};
use uuid::Uuid;

use super::agent::Kept;
use super::{agents, ids, page, permission};
use crate::http::{Answer, Call, Problem};

/// Who is listed.
const LISTED: [Role; 3] = [Role::Agent, Role::Manager, Role::Admin];

/// Which agents a list shows; by default all.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those with any of these tags; empty is all.
    tags: Vec<Uuid>,
    /// Those who stand so.
    status: Option<String>,
}

impl Filter {
    /// Reads `tag_ids`, separated by commas, and `status`; an empty one asks for nothing.
    fn asked(call: &Call) -> Result<Self, Problem> {
        let tags = ids::list(&call.head.query("tag_ids").unwrap_or_default(), "tag_ids")?;
        Ok(Self { tags, status: call.head.query("status").filter(|status| !status.is_empty()) })
    }

    fn shows(&self, user: &User) -> bool {
        if *self == Self::default() {
            return true;
        }
        let kept = Kept::of(user);
        let tagged = self.tags.is_empty() || kept.tag_ids.iter().any(|tag| self.tags.contains(tag));
        tagged && self.status.as_ref().is_none_or(|status| *status == kept.status)
    }

    /// How many agents to read at a time, so that `limit` are found soon.
    fn step(&self, limit: Limit) -> Limit {
        if *self == Self::default() { limit } else { Limit::clamped(Limit::MAX.into()) }
    }
}

pub async fn list(call: Call) -> Answer {
    permission::manager(&call)?;
    page_of(&call, Filter::asked(&call)?).await
}

/// Lists everybody, for everybody who works here.
pub async fn colleagues(call: Call) -> Answer {
    permission::staff(&call)?;
    page_of(&call, Filter::default()).await
}

/// Tags and standing are kept beside the user, where no index reaches: a filtered page reads on until it is full.
async fn page_of(call: &Call, filter: Filter) -> Answer {
    let tenant = call.who()?.tenant;
    let page::Wanted { before, limit } = page::wanted(call)?;
    let (mut from, mut shown) = (before, Vec::new());
    loop {
        let (order, limit_read) = (UserOrder::Before(from), filter.step(limit));
        let command = ListUsers { tenant, roles: LISTED.to_vec(), email: None, search: None, order, limit: limit_read };
        let read = call.apis.users.list(command).await?;
        from = read.items.last().map(|user| user.created_at);
        shown.extend(read.items.into_iter().filter(|user| filter.shows(user)));
        if shown.len() >= limit.len() || !read.more {
            break;
        }
    }
    shown.truncate(limit.len());
    let last = shown.last().map(|user| user.created_at);
    Ok(page::draw(agents::views(call, shown).await?, last))
}
