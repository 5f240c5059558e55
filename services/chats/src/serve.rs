//! The service as a process of its own: its database, its peers, its place on the bus, its calls over HTTP.

use std::sync::Arc;

use actix_web::{App, web};
use bus::{Bus, Topology};
use contracts::messages::HttpMessages;
use contracts::rpc::{Gate, RpcSettings};
use contracts::users::HttpUsers;
use contracts::{ChatsApi, EventsApi};
use domain::Clock;
use runtime::http_client::{Timeouts, peer_client};
use runtime::{Context, RequestTrace, Stage};
use store::Db;

use crate::config::Settings;
use crate::events::Events;
use crate::migrations;
use crate::service::Chats;

/// The largest call taken, in bytes.
const CALL: usize = 4 << 20;

/// Starts the service; it stops with `cx.shutdown`.
///
/// # Errors
/// Settings that make no sense, a database that cannot be opened, an address that is taken.
pub async fn serve(cx: Context) -> anyhow::Result<()> {
    let settings: Settings = cx.config.section("chats")?;
    let rpc: RpcSettings = cx.config.section("rpc")?;
    rpc.check()?;
    let http = peer_client(Timeouts { connect: rpc.connect_timeout(), total: rpc.deadline() })?;
    let users = Arc::new(HttpUsers(rpc.client(&http, &rpc.peers.users)));
    let messages = Arc::new(HttpMessages(rpc.client(&http, &rpc.peers.messages)));

    let clock = Clock::system();
    let trees = [store::MIGRATIONS, bus::migrations(), migrations()];
    let db = Db::open(&settings.database, "chats", &trees, &cx.handle).await?;
    let asked = db.clone();
    cx.readiness.add("chats.database", move || {
        let db = asked.clone();
        async move { db.ping().await }
    });

    let mut bus = Bus::new(cx.config.section("bus")?, Topology::parlance(), clock.clone());
    let outbox = bus.outbox();
    let chats = Chats::new(db.clone(), outbox.clone(), clock, users, messages, &settings);
    let events = Events::new(bus.join(db, outbox, chats.consumers())?);
    let running = bus.start(cx.shutdown.token(Stage::Work));
    cx.shutdown.spawn(Stage::Work, &cx.handle, async move { running.stopped().await });
    cx.shutdown.spawn(Stage::Work, &cx.handle, chats.clone().work(cx.shutdown.token(Stage::Work)));

    let listener = runtime::http::bind(&cx.server.listen)?;
    let gate = Gate::new(&rpc.secret, cx.handle.clone());
    let (api, events): (Arc<dyn ChatsApi>, Arc<dyn EventsApi>) = (chats, Arc::new(events));
    let address = runtime::http::serve(&cx, listener, RequestTrace::new(), move || {
        App::new()
            .app_data(web::PayloadConfig::new(CALL))
            .configure(contracts::chats::routes(api.clone(), gate.clone()))
            .configure(contracts::events::routes(events.clone(), gate.clone()))
    })
    .await?;
    tracing::info!("chats answers on http://{address}");
    Ok(())
}
