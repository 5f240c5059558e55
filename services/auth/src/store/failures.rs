//! Failed log-ins.

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::upsert::excluded;
use domain::Timestamp;
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::login_failures;

/// What is counted: the hash of a login or of an address.
pub(crate) type Subject = [u8; 32];

/// Of each subject that failed since `horizon`: when its window began, how often it failed in it.
pub(crate) async fn since(
    conn: &Conn,
    subjects: &[Subject],
    horizon: Timestamp,
) -> StoreResult<Vec<(Vec<u8>, Timestamp, i64)>> {
    let recent = login_failures::table
        .filter(login_failures::subject.eq_any(subjects.iter().map(|s| s.to_vec()).collect::<Vec<_>>()))
        .filter(login_failures::since.gt(horizon));
    Ok(on_conn!(conn, |c| recent.load(c).await)?)
}

/// Counts one failure of a subject; a window that began at `horizon` or before is over and a new one begins.
pub(crate) async fn count(tx: &mut Tx, subject: Subject, now: Timestamp, horizon: Timestamp) -> StoreResult<()> {
    let over = || login_failures::since.le(horizon);
    on_conn!(tx, |c| diesel::insert_into(login_failures::table)
        .values((
            login_failures::subject.eq(subject.to_vec()),
            login_failures::since.eq(now),
            login_failures::failed.eq(1_i64),
        ))
        .on_conflict(login_failures::subject)
        .do_update()
        .set((
            login_failures::failed
                .eq(case_when(over(), excluded(login_failures::failed)).otherwise(login_failures::failed + 1)),
            login_failures::since
                .eq(case_when(over(), excluded(login_failures::since)).otherwise(login_failures::since)),
        ))
        .execute(c)
        .await)?;
    Ok(())
}

/// Forgets windows that began before `horizon`.
pub(crate) async fn forget(tx: &mut Tx, horizon: Timestamp) -> StoreResult<()> {
    let over = login_failures::table.filter(login_failures::since.lt(horizon));
    on_conn!(tx, |c| diesel::delete(over).execute(c).await)?;
    Ok(())
}

/// Forgets these subjects.
pub(crate) async fn erase(tx: &mut Tx, subjects: Vec<Vec<u8>>) -> StoreResult<()> {
    let theirs = login_failures::table.filter(login_failures::subject.eq_any(subjects));
    on_conn!(tx, |c| diesel::delete(theirs).execute(c).await)?;
    Ok(())
}
