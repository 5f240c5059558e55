//! The kernel's tables.

use bus::{Bus, Consumers, JoinError, Topology};
use diesel::prelude::*;
use domain::{ChatId, Clock, TenantId, Timestamp};
use proto_events::{ChatDeleted, ChatUpdated};
use store::testing::{assert_same_schema, on_each_engine};
use store::{Db, Engine, RunQueryDsl, on_conn};

fn bus() -> Bus {
    let topology = Topology::new("x").with("chat.updated", "chats", &["bots"]);
    let section: toml::Table = toml::from_str(bus::DEFAULTS).unwrap();
    Bus::new(section["bus"].clone().try_into().unwrap(), topology, Clock::system())
}

#[test]
fn both_engines_have_the_same_tables() {
    assert_same_schema([bus::migrations()]);
}

#[test]
fn the_defaults_are_complete() {
    let section: toml::Table = toml::from_str(bus::DEFAULTS).unwrap();
    let settings: bus::BusSettings = section["bus"].clone().try_into().unwrap();
    assert!(!settings.is_rabbit());
    assert_eq!((settings.lease_s, settings.retention_h), (5, 72));
}

on_each_engine! {
    migrations = [bus::migrations()];

    async fn rows_keep_their_order_and_unheard_ones_are_born_published(db: Db) {
        use bus::schema::outbox::{event_type, id, partition, published_at, table, version};
        let outbox = bus().outbox();
        let (tenant, chat, now) = (TenantId::new(), ChatId::new(), Timestamp::from_micros(1_000_001));
        let updated = |n: i64| outbox.row(&ChatUpdated { tenant, chat, version: n }, now, Some("trace".into()));
        let mut rows: Vec<_> = (1..=300).map(updated).collect();
        let ids: Vec<_> = rows.iter().map(bus::OutboxRow::event).collect();
        let last = rows.split_off(200);
        let mut tx = db.begin().await.unwrap();
        outbox.append_many(&tx, rows).await.unwrap();
        match tx.engine() {
            Engine::Pg(_) => outbox.append_many(&tx, last).await.unwrap(),
            Engine::Sqlite(c) => c.spawn_blocking(move |c| bus::outbox::insert_sync(c, &last)).await.unwrap(),
        }
        outbox.append(&tx, &ChatDeleted { tenant, chat, version: 9 }, now).await.unwrap();
        outbox.append_many(&tx, vec![]).await.unwrap();
        tx.commit().await.unwrap();

        let conn = db.read().await.unwrap();
        let stored: Vec<domain::EventId> = on_conn!(conn, |c| table.order(id)
            .filter(event_type.eq("chat.updated")).filter(published_at.is_null())
            .select(bus::schema::outbox::event_id).load(c).await).unwrap();
        assert_eq!(stored, ids);
        let gone: (i64, i64, Option<Timestamp>) = on_conn!(conn, |c| table
            .filter(event_type.eq("chat.deleted")).select((partition, version, published_at)).first(c).await).unwrap();
        assert_eq!(gone, (i64::from(proto_events::partition(proto_events::EventKey::Chat(chat))), 1, Some(now)));
        assert_eq!(bus::outbox::pending(&db).await.unwrap(), 300);
    }

    async fn old_events_are_forgotten_and_unpublished_ones_never(db: Db) {
        use bus::schema::outbox::{published_at, table};
        let outbox = bus().outbox();
        let (tenant, chat) = (TenantId::new(), ChatId::new());
        let at = |s| Timestamp::from_micros(0).plus_seconds(s);
        let tx = db.begin().await.unwrap();
        for s in 0..10 {
            // Chats' deletion is heard by nobody here: published at once.
            outbox.append(&tx, &ChatDeleted { tenant, chat, version: s }, at(s)).await.unwrap();
        }
        outbox.append(&tx, &ChatUpdated { tenant, chat, version: 1 }, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(bus::retention::forget(&db, at(7)).await.unwrap(), 7);
        assert_eq!(bus::retention::forget(&db, at(7)).await.unwrap(), 0);
        let conn = db.read().await.unwrap();
        let left: Vec<Option<Timestamp>> =
            on_conn!(conn, |c| table.select(published_at).order(bus::schema::outbox::id).load(c).await).unwrap();
        assert_eq!(left, [Some(at(7)), Some(at(8)), Some(at(9)), None]);
    }

    async fn a_group_without_its_handlers_cannot_join(db: Db) {
        let mut bus = bus();
        let outbox = bus.outbox();
        let refused = bus.join(db.clone(), outbox.clone(), Consumers::new("bots"));
        assert!(matches!(refused, Err(JoinError::Handlers { .. })), "{refused:?}");
        bus.join(db.clone(), outbox.clone(), Consumers::new("chats")).unwrap();
        assert!(matches!(bus.join(db, outbox, Consumers::new("chats")), Err(JoinError::Twice(_))));
    }
}
