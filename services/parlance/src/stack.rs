//! The services in this process, wired to each other and to the bus.

use std::collections::BTreeMap;
use std::sync::Arc;

use bus::{Bus, Topology};
use contracts::EventsApi;
use contracts::messages::LateMessages;
use domain::Clock;
use futures_util::future::BoxFuture;
use gateway::Services;
use host::Events;
use runtime::http_client::EgressClient;
use runtime::{Context, Stage};
use store::{Db, Migrations};

use crate::settings::SERVICES;

/// The services, before the bus runs.
struct Built {
    services: Services,
    bus: Bus,
    databases: Vec<Db>,
}

/// Opens the databases, builds the services, starts the bus. Everything stops with `cx`.
///
/// # Errors
/// Settings that make no sense; a database that cannot be opened.
pub async fn start(cx: &Context, clock: &Clock) -> anyhow::Result<Services> {
    let Built { services, bus, databases } = build(cx, clock).await?;
    let running = bus.start(cx.shutdown.token(Stage::Work));
    cx.shutdown.spawn(Stage::Work, &cx.handle, async move { running.stopped().await });
    let flush = cx.shutdown.token(Stage::Flush);
    cx.shutdown.spawn(Stage::Flush, &cx.handle, async move {
        flush.cancelled().await;
        for db in databases {
            db.close();
        }
    });
    Ok(services)
}

async fn build(cx: &Context, clock: &Clock) -> anyhow::Result<Built> {
    let mut bus = Bus::new(cx.config.section("bus")?, Topology::parlance(), clock.clone());
    let [users_db, auth_db, chats_db, messages_db, realtime_db, bots_db] = open_all(cx).await?;

    let stop = || cx.shutdown.token(Stage::Work);
    let background = |work: BoxFuture<'static, ()>| cx.shutdown.spawn(Stage::Work, &cx.handle, work);

    let outbox = bus.outbox();
    let users = users::Users::new(users_db.clone(), outbox.clone(), clock.clone(), &cx.config.section("users")?);
    let users_events = Events::new("users", bus.join(users_db.clone(), outbox, users.consumers())?);
    background(Box::pin(users.clone().work(stop())));

    let outbox = bus.outbox();
    let settings = cx.config.section("auth")?;
    let routes = auth::Routes::new(&cx.config.section("mail")?, &cx.config.section("sms")?, &settings)?;
    let auth = auth::Auth::new(auth_db.clone(), outbox.clone(), clock.clone(), users.clone(), routes, &settings)?;
    let auth_events = Events::new("auth", bus.join(auth_db.clone(), outbox, auth.consumers())?);
    background(Box::pin(auth.clone().work(stop())));

    // Chats and messages ask each other: the first learns later who the second is.
    let late = Arc::new(LateMessages::default());
    let outbox = bus.outbox();
    let settings = cx.config.section("chats")?;
    let chats =
        chats::Chats::new(chats_db.clone(), outbox.clone(), clock.clone(), users.clone(), late.clone(), &settings);
    let chats_events = Events::new("chats", bus.join(chats_db.clone(), outbox, chats.consumers())?);
    background(Box::pin(chats.clone().work(stop())));

    let outbox = bus.outbox();
    let settings = cx.config.section("messages")?;
    let messages =
        messages::Messages::new(messages_db.clone(), outbox.clone(), clock.clone(), chats.clone(), &settings);
    let messages_events = Events::new("messages", bus.join(messages_db.clone(), outbox, messages.consumers())?);
    background(Box::pin(messages.clone().work(stop())));
    late.set(messages.clone());

    let settings = cx.config.section("realtime")?;
    let outbox = bus.outbox();
    let realtime =
        realtime::Realtime::new(realtime_db.clone(), outbox.clone(), clock.clone(), chats.clone(), &settings);
    let realtime_events = Events::new("realtime", bus.join(realtime_db.clone(), outbox, realtime.consumers())?);
    background(Box::pin(realtime.clone().work(stop())));

    let outbox = bus.outbox();
    let egress = EgressClient::new(&cx.config.section("egress")?)?;
    let peers = bots::Peers {
        auth: auth.clone(),
        users: users.clone(),
        chats: chats.clone(),
        messages: messages.clone(),
        realtime: realtime.clone(),
    };
    let settings = cx.config.section("bots")?;
    let bots = bots::Bots::new(bots_db.clone(), outbox.clone(), clock.clone(), peers, egress, &settings)?;
    let bots_events = Events::new("bots", bus.join(bots_db.clone(), outbox, bots.consumers())?);
    background(Box::pin(bots.clone().work(stop())));

    let databases = vec![users_db, auth_db, chats_db, messages_db, realtime_db, bots_db];
    let events: BTreeMap<&'static str, Arc<dyn EventsApi>> = BTreeMap::from([
        ("users", Arc::new(users_events) as Arc<dyn EventsApi>),
        ("auth", Arc::new(auth_events)),
        ("chats", Arc::new(chats_events)),
        ("messages", Arc::new(messages_events)),
        ("realtime", Arc::new(realtime_events)),
        ("bots", Arc::new(bots_events)),
    ]);
    let services = Services { auth, users, chats, messages, realtime, bots, events };
    Ok(Built { services, bus, databases })
}

/// Each service's own migrations, in the order of [`SERVICES`].
pub fn own_migrations() -> [Migrations; 6] {
    [
        users::migrations(),
        auth::migrations(),
        chats::migrations(),
        messages::migrations(),
        realtime::migrations(),
        bots::migrations(),
    ]
}

async fn open_all(cx: &Context) -> anyhow::Result<[Db; 6]> {
    let mut opened = Vec::new();
    for (service, own) in SERVICES.into_iter().zip(own_migrations()) {
        opened.push(host::database(cx, service, own).await?);
    }
    opened.try_into().map_err(|_| anyhow::anyhow!("six databases are six"))
}
