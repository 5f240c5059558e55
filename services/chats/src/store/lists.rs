//! Lists of chats.

use std::cmp::Reverse;
use std::collections::HashSet;

use contracts::chats::{Chat, ChatOrder, ChatScope};
use diesel::prelude::*;
use domain::{Limit, TenantId, UserId, Window};
use store::{Conn, RunQueryDsl, StoreResult, on_conn};

use super::chats::with_participants;
use super::rows::ChatRow;
use super::schema::{chats, participants};

/// Where chats are taken from. Each source is a query that one index answers.
#[derive(Clone, Copy)]
enum Source {
    Tenant,
    TakesPart(UserId),
    Owns(UserId),
    /// Either of both: for pages that begin at a place, which two lists merged cannot.
    Either(UserId),
}

/// Living chats, and one more than `limit` if there is one.
pub async fn page(
    conn: &Conn,
    tenant: TenantId,
    scope: ChatScope,
    order: ChatOrder,
    limit: Limit,
) -> StoreResult<Vec<Chat>> {
    let rows = match scope {
        ChatScope::Tenant => rows(conn, tenant, Source::Tenant, order, limit).await?,
        ChatScope::With(user) => rows(conn, tenant, Source::TakesPart(user), order, limit).await?,
        ChatScope::Of(user) if matches!(order, ChatOrder::Numbered(_)) => {
            rows(conn, tenant, Source::Either(user), order, limit).await?
        }
        ChatScope::Of(user) => {
            let mut both = rows(conn, tenant, Source::TakesPart(user), order, limit).await?;
            both.extend(rows(conn, tenant, Source::Owns(user), order, limit).await?);
            merged(both, order, limit)
        }
    };
    with_participants(conn, rows).await
}

/// The first of two lists in one, each chat once.
fn merged(mut rows: Vec<ChatRow>, order: ChatOrder, limit: Limit) -> Vec<ChatRow> {
    match order {
        ChatOrder::After(_) => rows.sort_by_key(|row| row.id),
        ChatOrder::Before(_) => rows.sort_by_key(|row| Reverse(row.created_at)),
        ChatOrder::Active => rows.sort_by_key(|row| Reverse((row.active_at, row.id))),
        // Never merged.
        ChatOrder::Numbered(_) => {}
    }
    let mut seen = HashSet::new();
    rows.retain(|row| seen.insert(row.id));
    rows.truncate(limit.len() + 1);
    rows
}

async fn rows(
    conn: &Conn,
    tenant: TenantId,
    source: Source,
    order: ChatOrder,
    limit: Limit,
) -> StoreResult<Vec<ChatRow>> {
    Ok(on_conn!(conn, |c| {
        let living = chats::table.filter(chats::tenant.eq(tenant)).filter(chats::deleted_at.is_null()).into_boxed();
        let ours = match source {
            Source::Tenant => living,
            Source::Owns(user) => living.filter(chats::owner.eq(user)),
            Source::TakesPart(user) => {
                let theirs =
                    participants::table.filter(participants::user_id.eq(user)).filter(participants::left_at.is_null());
                living.filter(chats::id.eq_any(theirs.select(participants::chat)))
            }
            Source::Either(user) => {
                let theirs =
                    participants::table.filter(participants::user_id.eq(user)).filter(participants::left_at.is_null());
                living.filter(
                    chats::id
                        .eq_any(theirs.select(participants::chat))
                        .or(chats::owner.is_not_null().and(chats::owner.assume_not_null().eq(user))),
                )
            }
        };
        let ordered = match order {
            ChatOrder::After(None) => ours.order(chats::id.asc()),
            ChatOrder::After(Some(id)) => ours.filter(chats::id.gt(id)).order(chats::id.asc()),
            ChatOrder::Before(None) => ours.order(chats::created_at.desc()),
            ChatOrder::Before(Some(at)) => ours.filter(chats::created_at.lt(at)).order(chats::created_at.desc()),
            ChatOrder::Active => ours.order((chats::active_at.desc(), chats::id.desc())),
            ChatOrder::Numbered(Window { skip, latest, from, until }) => {
                let mut ours = ours.offset(skip.max(0));
                if let Some(from) = from {
                    ours = ours.filter(chats::created_at.ge(from));
                }
                if let Some(until) = until {
                    ours = ours.filter(chats::created_at.lt(until));
                }
                if latest { ours.order(chats::number.desc()) } else { ours.order(chats::number.asc()) }
            }
        };
        ordered.limit(limit.plus_one()).select(ChatRow::as_select()).load(c).await
    })?)
}
