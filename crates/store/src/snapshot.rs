//! SQLite files copied as of one moment, while they are in use.

use std::fs::File;
use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{SqliteConnection, sql_query};

use crate::pool::connect_sqlite;
use crate::{StoreError, StoreResult};

/// How long a writer of another process is waited for. Its transactions are short, but come one after another.
const PATIENCE: &str = "PRAGMA busy_timeout = 60000;";

/// One file, and where its copy goes, which must not exist.
#[derive(Debug, Clone)]
pub struct Copied {
    /// The file that is in use.
    pub from: PathBuf,
    /// Its copy.
    pub to: PathBuf,
}

#[derive(QueryableByName)]
struct Checked {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

/// Copies `files`, all as of one moment: nobody writes to any of them between the first copy and the last.
///
/// The right to write is SQLite's own lock, taken file by file in the order given: give those first that others are asked
/// from within their transactions. Readers go on. Blocks: run it on a thread for that.
///
/// # Errors
/// A file that cannot be opened, a writer that does not end, a disk that is full, a copy that SQLite finds damaged.
pub fn snapshot(files: &[Copied]) -> StoreResult<()> {
    let held: Vec<SqliteConnection> = files.iter().map(hold).collect::<StoreResult<_>>()?;
    let outcomes: Vec<StoreResult<()>> = std::thread::scope(|scope| {
        let copies: Vec<_> = files.iter().map(|file| scope.spawn(|| copy(file))).collect();
        let ended = |thread: std::thread::ScopedJoinHandle<'_, StoreResult<()>>| {
            thread.join().unwrap_or_else(|_| Err(StoreError::unavailable("copying a file panicked")))
        };
        copies.into_iter().map(ended).collect()
    });
    // Closing rolls back what was begun, which was nothing.
    drop(held);
    outcomes.into_iter().collect::<StoreResult<()>>()?;
    files.iter().try_for_each(check)
}

/// A connection that keeps everybody else from writing for as long as it lives.
fn hold(file: &Copied) -> StoreResult<SqliteConnection> {
    if !file.from.is_file() {
        return Err(StoreError::Settings(format!("there is no {}", file.from.display())));
    }
    let mut conn = connect_sqlite(&file.from).map_err(StoreError::unavailable)?;
    conn.batch_execute(PATIENCE)?;
    conn.batch_execute("BEGIN IMMEDIATE")?;
    Ok(conn)
}

fn copy(file: &Copied) -> StoreResult<()> {
    let to = file.to.to_str().ok_or_else(|| StoreError::Settings("the path is not UTF-8".into()))?;
    let mut conn = connect_sqlite(&file.from).map_err(StoreError::unavailable)?;
    sql_query("VACUUM INTO ?").bind::<Text, _>(to).execute(&mut conn)?;
    let synced = File::open(&file.to).and_then(|copy| copy.sync_all());
    synced.map_err(StoreError::unavailable)
}

/// A copy that cannot be read is better found now than on the day it is needed.
fn check(file: &Copied) -> StoreResult<()> {
    let to = file.to.to_str().unwrap_or_default();
    let mut conn = SqliteConnection::establish(to).map_err(StoreError::unavailable)?;
    let told: Vec<Checked> = sql_query("PRAGMA quick_check").load(&mut conn)?;
    match told.first() {
        Some(first) if first.quick_check == "ok" => Ok(()),
        _ => Err(StoreError::unavailable(format!("the copy {to} is damaged"))),
    }
}
