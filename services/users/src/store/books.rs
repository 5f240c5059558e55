//! Address books.

use contracts::users::{Book, Contact, OutsideBook, User};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::{Timestamp, UserId};
use store::{Conn, Engine, RunQueryDsl, StoreResult, Tx, on_conn};

use super::keys;
use super::rows::UserRow;
use super::schema::{book_entries, users};

/// The living people in a book, the last one added first, and one more than `limit` if there is one.
pub async fn page(conn: &Conn, wanted: &Book) -> StoreResult<Vec<Contact>> {
    let rows: Vec<(i64, Timestamp, UserRow)> = on_conn!(conn, |c| {
        let mut entries = book_entries::table
            .inner_join(users::table.on(users::id.eq(book_entries::contact)))
            .filter(book_entries::owner.eq(wanted.owner))
            .filter(users::tenant.eq(wanted.tenant))
            .filter(users::deleted_at.is_null())
            .into_boxed();
        if let Some(before) = wanted.before {
            entries = entries.filter(book_entries::number.lt(before));
        }
        if let Some(name) = &wanted.name {
            entries = entries.filter(users::search_key.like(keys::name_contains(name)).escape('\\'));
        }
        entries
            .order(book_entries::number.desc())
            .limit(wanted.limit.plus_one())
            .select((book_entries::number, book_entries::added_at, UserRow::as_select()))
            .load(c)
            .await
    })?;
    let contact =
        |(number, added_at, row): (i64, Timestamp, UserRow)| Ok(Contact { number, user: row.try_into()?, added_at });
    rows.into_iter().map(contact).collect()
}

/// The living users who are neither the owner nor in the book, and one more than `limit` if there is one.
pub async fn outside(conn: &Conn, wanted: &OutsideBook) -> StoreResult<Vec<User>> {
    let entry =
        book_entries::table.filter(book_entries::owner.eq(wanted.owner)).filter(book_entries::contact.eq(users::id));
    let rows: Vec<UserRow> = on_conn!(conn, |c| {
        let mut all = users::table
            .filter(users::tenant.eq(wanted.tenant))
            .filter(users::deleted_at.is_null())
            .filter(users::id.ne(wanted.owner))
            .filter(not(exists(entry)))
            .into_boxed();
        if !wanted.roles.is_empty() {
            all = all.filter(users::role.eq_any(wanted.roles.clone()));
        }
        if let Some(number) = wanted.after {
            all = all.filter(users::number.gt(number));
        }
        all.order(users::number).limit(wanted.limit.plus_one()).select(UserRow::as_select()).load(c).await
    })?;
    rows.into_iter().map(User::try_from).collect()
}

/// Puts people into a book; who is in it already stays where they are.
pub async fn add(tx: &mut Tx, owner: UserId, contacts: &[UserId], at: Timestamp) -> StoreResult<()> {
    let entry = |contact: &UserId| {
        (book_entries::owner.eq(owner), book_entries::contact.eq(*contact), book_entries::added_at.eq(at))
    };
    let rows: Vec<_> = contacts.iter().map(entry).collect();
    match tx.engine() {
        Engine::Pg(c) => {
            diesel::insert_into(book_entries::table).values(rows).on_conflict_do_nothing().execute(c).await?;
        }
        // diesel's asynchronous batch does not exist for SQLite, and its other one knows no conflicts.
        Engine::Sqlite(c) => {
            for row in rows {
                diesel::insert_into(book_entries::table).values(row).on_conflict_do_nothing().execute(c).await?;
            }
        }
    }
    Ok(())
}

/// Takes people out of a book.
pub async fn remove(tx: &mut Tx, owner: UserId, contacts: Vec<UserId>) -> StoreResult<()> {
    let some = book_entries::table.filter(book_entries::owner.eq(owner)).filter(book_entries::contact.eq_any(contacts));
    on_conn!(tx, |c| diesel::delete(some).execute(c).await)?;
    Ok(())
}

/// Removes a user's book, and the user from every other.
pub async fn forget(tx: &mut Tx, users: Vec<UserId>) -> StoreResult<()> {
    on_conn!(tx, |c| {
        diesel::delete(book_entries::table.filter(book_entries::owner.eq_any(users.clone()))).execute(c).await?;
        diesel::delete(book_entries::table.filter(book_entries::contact.eq_any(users.clone()))).execute(c).await
    })?;
    Ok(())
}
