//! Who waits in a department, and who of its agents is least busy.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::{DepartmentId, InteractionId, InteractionState, Timestamp, UserId};
use store::RunQueryDsl;
use store::{Conn, StoreResult, Tx, on_conn};

use super::rows::InteractionRow;
use super::schema::{department_agents, interactions};

/// The agent of a department who serves the fewest; of several the one with the lowest number. Never `not`. Wants the
/// department's lock.
pub async fn least_busy(tx: &mut Tx, department: DepartmentId, not: Option<UserId>) -> StoreResult<Option<UserId>> {
    let agents: Vec<(UserId, i64)> = on_conn!(tx, |c| department_agents::table
        .filter(department_agents::department.eq(department))
        .select((department_agents::user_id, department_agents::user_number))
        .load(c)
        .await)?;
    let users: Vec<UserId> = agents.iter().map(|(user, _)| *user).collect();
    let busy: Vec<(Option<UserId>, i64)> = on_conn!(tx, |c| interactions::table
        .filter(interactions::user_id.eq_any(users))
        .filter(interactions::finished_at.is_null())
        .group_by(interactions::user_id)
        .select((interactions::user_id, count_star()))
        .load(c)
        .await)?;
    let busy: HashMap<UserId, i64> = busy.into_iter().filter_map(|(user, n)| Some((user?, n))).collect();
    let load = |user: &UserId| busy.get(user).copied().unwrap_or(0);
    let free = agents.iter().filter(|(user, _)| Some(*user) != not);
    Ok(free.min_by_key(|(user, number)| (load(user), *number)).map(|(user, _)| *user))
}

/// The place in the queue of an interaction that waits, from 1.
pub async fn position(conn: &Conn, row: &InteractionRow) -> StoreResult<Option<i64>> {
    if row.state != InteractionState::Queued {
        return Ok(None);
    }
    Ok(Some(ahead(conn, row.department, row.changed_at, row.id).await? + 1))
}

async fn ahead(conn: &Conn, department: DepartmentId, since: Timestamp, id: InteractionId) -> StoreResult<i64> {
    let waiting = interactions::table
        .filter(interactions::state.eq(InteractionState::Queued))
        .filter(interactions::department.eq(department));
    let before = interactions::changed_at.lt(since).or(interactions::changed_at.eq(since).and(interactions::id.lt(id)));
    Ok(on_conn!(conn, |c| waiting.filter(before).select(count_star()).first(c).await)?)
}

/// How many wait in each of these departments; those where nobody does are left out.
pub async fn waiting(conn: &Conn, of: Vec<DepartmentId>) -> StoreResult<HashMap<DepartmentId, i64>> {
    let rows: Vec<(DepartmentId, i64)> = on_conn!(conn, |c| interactions::table
        .filter(interactions::state.eq(InteractionState::Queued))
        .filter(interactions::department.eq_any(of))
        .group_by(interactions::department)
        .select((interactions::department, count_star()))
        .load(c)
        .await)?;
    Ok(rows.into_iter().collect())
}
