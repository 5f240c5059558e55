//! Departments and their agents.

use std::collections::HashMap;

use contracts::bots::DepartmentKey;
use diesel::prelude::*;
use domain::{ChatId, DepartmentId, Limit, TenantId, Timestamp, UserId};
use store::RunQueryDsl;
use store::{Conn, Engine, StoreResult, Tx, on_conn};

use super::rows::{AgentRow, DepartmentChange, DepartmentRow, NewDepartment};
use super::schema::{department_agents, departments, seats};

/// One department of the tenant.
pub async fn find(conn: &Conn, tenant: TenantId, key: DepartmentKey) -> StoreResult<Option<DepartmentRow>> {
    Ok(on_conn!(conn, |c| {
        let of_tenant = departments::table.filter(departments::tenant.eq(tenant)).into_boxed();
        let named = match key {
            DepartmentKey::Id(id) => of_tenant.filter(departments::id.eq(id)),
            DepartmentKey::Number(number) => of_tenant.filter(departments::number.eq(number)),
        };
        named.select(DepartmentRow::as_select()).first(c).await.optional()
    })?)
}

/// A department, held until `tx` ends: whoever holds it alone gives its customers to agents.
pub async fn lock(tx: &mut Tx, id: DepartmentId) -> StoreResult<Option<DepartmentRow>> {
    let wanted = departments::table.filter(departments::id.eq(id));
    Ok(match tx.engine() {
        Engine::Pg(c) => wanted.select(DepartmentRow::as_select()).for_update().first(c).await.optional()?,
        // The whole database is this transaction's.
        Engine::Sqlite(c) => wanted.select(DepartmentRow::as_select()).first(c).await.optional()?,
    })
}

/// The tenant's departments by id.
pub async fn page(
    conn: &Conn,
    tenant: TenantId,
    after: Option<DepartmentId>,
    limit: Limit,
) -> StoreResult<Vec<DepartmentRow>> {
    Ok(on_conn!(conn, |c| {
        let mut page = departments::table.filter(departments::tenant.eq(tenant)).into_boxed();
        if let Some(after) = after {
            page = page.filter(departments::id.gt(after));
        }
        page.order(departments::id).limit(limit.plus_one()).select(DepartmentRow::as_select()).load(c).await
    })?)
}

/// The departments whose bots have seats in these chats.
pub async fn of_seats(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<Vec<DepartmentRow>> {
    if chats.is_empty() {
        return Ok(Vec::new());
    }
    let seated = seats::table.filter(seats::chat.eq_any(chats)).select(seats::user_id.nullable());
    Ok(on_conn!(conn, |c| departments::table
        .filter(departments::bot_user.eq_any(seated))
        .select(DepartmentRow::as_select())
        .load(c)
        .await)?)
}

/// The departments whose bots are among these users, by number.
pub async fn of_bots(conn: &Conn, users: Vec<UserId>) -> StoreResult<Vec<DepartmentRow>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_conn!(conn, |c| departments::table
        .filter(departments::bot_user.eq_any(users))
        .order(departments::number)
        .select(DepartmentRow::as_select())
        .load(c)
        .await)?)
}

/// Adds a department, without bot and agents.
pub async fn insert(tx: &mut Tx, new: &NewDepartment<'_>) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(departments::table).values(new).execute(c).await)?;
    Ok(())
}

/// Changes a department.
pub async fn update(tx: &mut Tx, id: DepartmentId, change: DepartmentChange) -> StoreResult<()> {
    let row = departments::table.filter(departments::id.eq(id));
    on_conn!(tx, |c| diesel::update(row).set(change).execute(c).await)?;
    Ok(())
}

/// The agents of these departments, by id.
pub async fn agents(conn: &Conn, of: Vec<DepartmentId>) -> StoreResult<HashMap<DepartmentId, Vec<UserId>>> {
    let rows: Vec<(DepartmentId, UserId)> = on_conn!(conn, |c| department_agents::table
        .filter(department_agents::department.eq_any(of))
        .order(department_agents::user_id)
        .select((department_agents::department, department_agents::user_id))
        .load(c)
        .await)?;
    let mut agents = HashMap::<_, Vec<_>>::new();
    for (department, user) in rows {
        agents.entry(department).or_default().push(user);
    }
    Ok(agents)
}

/// All agents of the tenant's departments, by id.
pub async fn all_agents(conn: &Conn, tenant: TenantId) -> StoreResult<Vec<UserId>> {
    Ok(on_conn!(conn, |c| department_agents::table
        .filter(department_agents::tenant.eq(tenant))
        .select(department_agents::user_id)
        .distinct()
        .order(department_agents::user_id)
        .load(c)
        .await)?)
}

/// Makes these a department's agents.
pub async fn set_agents(tx: &mut Tx, department: DepartmentId, agents: Vec<AgentRow>) -> StoreResult<()> {
    let old = department_agents::table.filter(department_agents::department.eq(department));
    on_conn!(tx, |c| diesel::delete(old).execute(c).await)?;
    if agents.is_empty() {
        return Ok(());
    }
    match tx.engine() {
        Engine::Pg(c) => diesel::insert_into(department_agents::table).values(agents).execute(c).await?,
        // diesel's asynchronous batch does not exist for SQLite, the other one does.
        Engine::Sqlite(c) => {
            c.spawn_blocking(move |c| {
                diesel::RunQueryDsl::execute(diesel::insert_into(department_agents::table).values(agents), c)
            })
            .await?
        }
    };
    Ok(())
}

/// Takes a user out of all departments.
pub async fn forget_agent(tx: &mut Tx, user: UserId) -> StoreResult<()> {
    let gone = department_agents::table.filter(department_agents::user_id.eq(user));
    on_conn!(tx, |c| diesel::delete(gone).execute(c).await)?;
    Ok(())
}

/// A bot's department has none any more.
pub async fn forget_bot(tx: &mut Tx, user: UserId, now: Timestamp) -> StoreResult<()> {
    let row = departments::table.filter(departments::bot_user.eq(user));
    let change = DepartmentChange::without_bot(Some(user), now);
    on_conn!(tx, |c| diesel::update(row).set(change).execute(c).await)?;
    Ok(())
}

/// Bots that left their departments, whose customers are still to be handed to the agents.
pub async fn leaving(conn: &Conn, limit: i64) -> StoreResult<Vec<DepartmentRow>> {
    Ok(on_conn!(conn, |c| departments::table
        .filter(departments::bot_leaving.is_not_null())
        .order(departments::number)
        .limit(limit)
        .select(DepartmentRow::as_select())
        .load(c)
        .await)?)
}

/// All customers of a bot that left were handed over.
pub async fn left(tx: &mut Tx, id: DepartmentId, user: UserId) -> StoreResult<()> {
    let row = departments::table.filter(departments::id.eq(id)).filter(departments::bot_leaving.eq(user));
    on_conn!(tx, |c| diesel::update(row).set(departments::bot_leaving.eq(None::<UserId>)).execute(c).await)?;
    Ok(())
}
