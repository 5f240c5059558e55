//! How users stand to chats, for many at once: what every batch of messages asks.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use contracts::chats::AccessAsked;
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Untyped};
use diesel_async::AsyncPgConnection;
use domain::{ChatId, TenantId, Timestamp, UserId};
use store::{Conn, Shared, StoreResult};

use super::schema::{chats, participants};

/// How one user stands to one chat of their tenant.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The chat's version.
    pub version: i64,
    /// Whether the chat was deleted.
    pub deleted: bool,
    /// Whether they take part.
    pub takes_part: bool,
    /// Whether they own it.
    pub owns: bool,
}

/// One answer per question, in their order; `None` where the tenant has no such chat. All answers are of one moment.
pub async fn of(conn: &Conn, asked: &[AccessAsked]) -> StoreResult<Vec<Option<Standing>>> {
    Ok(match (conn.shared().await, asked) {
        (Shared::Pg(c), [one]) => vec![one_on_postgres(c, *one).await?],
        (Shared::Pg(c), _) => on_postgres(c, asked).await?,
        (Shared::Sqlite(mut c), _) => {
            let asked = asked.to_vec();
            // SQLite has no arrays, but a look-up costs it next to nothing; the transaction makes them one moment.
            c.spawn_blocking(move |c| c.transaction(|c| on_sqlite(c, &asked))).await?
        }
    })
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    place: i64,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Bool)]
    deleted: bool,
    #[diesel(sql_type = Bool)]
    takes_part: bool,
    #[diesel(sql_type = Bool)]
    owns: bool,
}

impl From<Row> for Standing {
    fn from(Row { place: _, version, deleted, takes_part, owns }: Row) -> Self {
        Self { version, deleted, takes_part, owns }
    }
}

/// What every page of messages asks: without a join, which the server would plan anew each time.
async fn one_on_postgres(mut c: &AsyncPgConnection, asked: AccessAsked) -> QueryResult<Option<Standing>> {
    let AccessAsked { tenant, chat, user } = asked;
    let stay = participants::table
        .filter(participants::chat.eq(chat))
        .filter(participants::user_id.nullable().eq(user))
        .filter(participants::left_at.is_null())
        .select(participants::number);
    let found = chats::table.filter(chats::id.eq(chat)).filter(chats::tenant.eq(tenant)).select((
        chats::version,
        chats::owner,
        chats::deleted_at,
        exists(stay),
    ));
    let found: Option<(i64, Option<UserId>, Option<Timestamp>, bool)> =
        diesel_async::RunQueryDsl::get_result(found, &mut c).await.optional()?;
    Ok(found.map(|(version, owner, deleted_at, takes_part)| Standing {
        version,
        deleted: deleted_at.is_some(),
        takes_part,
        owns: user.is_some() && owner == user,
    }))
}

/// Exactly the rows asked for: chats times users would be far more.
struct Standings {
    tenants: Vec<TenantId>,
    chats: Vec<ChatId>,
    users: Vec<Option<UserId>>,
}

/// Stays prepared, unlike `sql_query`.
impl QueryId for Standings {
    type QueryId = Self;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for Standings {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT a.place, c.version, c.deleted_at IS NOT NULL AS deleted, p.number IS NOT NULL AS takes_part, \
                    COALESCE(c.owner = a.user_id, FALSE) AS owns FROM unnest(",
        );
        out.push_bind_param::<Array<Binary>, _>(&self.tenants)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.chats)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Binary>>, _>(&self.users)?;
        out.push_sql(
            ") WITH ORDINALITY AS a (tenant, chat, user_id, place) \
             JOIN chats c ON c.id = a.chat AND c.tenant = a.tenant \
             LEFT JOIN participants p ON p.chat = a.chat AND p.user_id = a.user_id AND p.left_at IS NULL",
        );
        Ok(())
    }
}

impl Query for Standings {
    type SqlType = Untyped;
}

impl<C> RunQueryDsl<C> for Standings {}

async fn on_postgres(mut c: &AsyncPgConnection, asked: &[AccessAsked]) -> QueryResult<Vec<Option<Standing>>> {
    let query = Standings {
        tenants: asked.iter().map(|a| a.tenant).collect(),
        chats: asked.iter().map(|a| a.chat).collect(),
        users: asked.iter().map(|a| a.user).collect(),
    };
    let rows: Vec<Row> = diesel_async::RunQueryDsl::load(query, &mut c).await?;

    let mut answers = vec![None; asked.len()];
    for row in rows {
        let place = usize::try_from(row.place - 1).ok();
        if let Some(answer) = place.and_then(|place| answers.get_mut(place)) {
            *answer = Some(row.into());
        }
    }
    Ok(answers)
}

/// What a chat says about everybody.
#[derive(Clone, Copy, Queryable)]
struct ChatFacts {
    version: i64,
    owner: Option<UserId>,
    deleted_at: Option<Timestamp>,
}

fn on_sqlite(c: &mut SqliteConnection, asked: &[AccessAsked]) -> QueryResult<Vec<Option<Standing>>> {
    let mut known = HashMap::new();
    let mut answers = Vec::with_capacity(asked.len());
    for AccessAsked { tenant, chat, user } in asked {
        let facts = match known.entry((tenant, chat)) {
            Entry::Occupied(facts) => *facts.get(),
            Entry::Vacant(place) => *place.insert(facts(c, *tenant, *chat)?),
        };
        let Some(ChatFacts { version, owner, deleted_at }) = facts else {
            answers.push(None);
            continue;
        };
        let takes_part = match user {
            Some(user) => takes_part(c, *chat, *user)?,
            None => false,
        };
        let owns = user.is_some() && owner == *user;
        answers.push(Some(Standing { version, deleted: deleted_at.is_some(), takes_part, owns }));
    }
    Ok(answers)
}

fn facts(c: &mut SqliteConnection, tenant: TenantId, chat: ChatId) -> QueryResult<Option<ChatFacts>> {
    let chat = chats::table.filter(chats::id.eq(chat)).filter(chats::tenant.eq(tenant));
    let facts = chat.select((chats::version, chats::owner, chats::deleted_at));
    // Not `first`: SQLite prepares a statement with `LIMIT ?` anew at each use.
    diesel::RunQueryDsl::get_result(facts, c).optional()
}

fn takes_part(c: &mut SqliteConnection, chat: ChatId, user: UserId) -> QueryResult<bool> {
    let stay = participants::table
        .filter(participants::chat.eq(chat))
        .filter(participants::user_id.eq(user))
        .filter(participants::left_at.is_null());
    diesel::RunQueryDsl::get_result(diesel::select(exists(stay)), c)
}
