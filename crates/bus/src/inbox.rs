//! The inbox: which events a group has finished, so that a second delivery does nothing.

use std::collections::HashSet;

use diesel::pg::Pg;
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Text, Timestamp as SqlTimestamp};
use domain::{EventId, Timestamp};
use store::{RunQueryDsl, Shared, StoreResult, Tx, statement};

use crate::schema::inbox;

statement! {
    /// Enters events; those that were not there are returned.
    EnterEvents on Pg => Binary {
        "INSERT INTO inbox (consumer, event_id, seen_at) SELECT ",
        consumer: str as Text, ", e, ",
        now: Timestamp as SqlTimestamp, " FROM unnest(",
        events: [EventId] as Array<Binary>, ") AS r (e) ON CONFLICT DO NOTHING RETURNING event_id",
    }
}

/// Enters `events` and answers which of them were not there. They stay entered if `tx` commits.
///
/// If another instance holds one of them in an open transaction, this waits for it.
pub(crate) async fn first_time(
    tx: &Tx,
    consumer: &str,
    events: Vec<EventId>,
    now: Timestamp,
) -> StoreResult<HashSet<EventId>> {
    match tx.shared().await {
        Shared::Pg(mut c) => {
            let new: Vec<EventId> = EnterEvents { consumer, now: &now, events: &events }.load(&mut c).await?;
            Ok(new.into_iter().collect())
        }
        Shared::Sqlite(mut c) => {
            let consumer = consumer.to_owned();
            Ok(c.spawn_blocking(move |c| enter_each(c, &consumer, &events, now)).await?)
        }
    }
}

fn enter_each(
    conn: &mut SqliteConnection,
    consumer: &str,
    events: &[EventId],
    now: Timestamp,
) -> QueryResult<HashSet<EventId>> {
    let mut new = HashSet::with_capacity(events.len());
    for event in events {
        let row = (inbox::consumer.eq(consumer), inbox::event_id.eq(event), inbox::seen_at.eq(now));
        let insert = diesel::insert_into(inbox::table).values(row).on_conflict_do_nothing();
        if diesel::RunQueryDsl::execute(insert, conn)? == 1 {
            new.insert(*event);
        }
    }
    Ok(new)
}
