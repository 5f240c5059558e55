//! A service as a process of its own.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use actix_web::web::PayloadConfig;
use actix_web::{App, web};
use bus::{Bus, Consumers, Outbox, Topology};
use contracts::EventsApi;
use contracts::rpc::{Client, Gate, Mount, PeerSettings, RpcSettings};
use domain::Clock;
use runtime::http_client::{Timeouts, peer_client};
use runtime::{Context, RequestTrace, Stage};
use store::{Db, Migrations};
use tokio_util::sync::CancellationToken;

use crate::{Events, database};

/// The largest call taken. Bytes.
const CALL: usize = 4 << 20;

/// What a service is built over, and what serves it then.
pub struct Host {
    /// Settings, runtime, shutdown.
    pub cx: Context,
    /// The service's database, migrated.
    pub db: Db,
    /// The service's outbox.
    pub outbox: Outbox,
    /// The time.
    pub clock: Clock,
    service: &'static str,
    bus: Bus,
    rpc: RpcSettings,
    http: reqwest::Client,
}

impl Host {
    /// Reads the settings, opens the database, prepares the bus.
    ///
    /// # Errors
    /// Settings that make no sense, or a database that cannot be opened.
    pub fn open(cx: Context, service: &'static str, own: Migrations) -> BoxFuture<'static, anyhow::Result<Self>> {
        Box::pin(async move {
            let rpc: RpcSettings = cx.config.section("rpc")?;
            rpc.check()?;
            let clock = Clock::system();
            let db = database(&cx, service, own).await?;
            let bus = Bus::new(cx.config.section("bus")?, Topology::parlance(), clock.clone());
            let http = peer_client(Timeouts { connect: rpc.connect_timeout(), total: rpc.deadline() })?;
            Ok(Self { db, outbox: bus.outbox(), clock, service, bus, rpc, http, cx })
        })
    }

    /// A client of another service.
    pub fn peer(&self, which: impl FnOnce(&PeerSettings) -> &str) -> Client {
        self.rpc.client(&self.http, which(&self.rpc.peers))
    }

    /// When background work is to stop.
    pub fn stop(&self) -> CancellationToken {
        self.cx.shutdown.token(Stage::Work)
    }

    /// Lets in the calls of the other services.
    pub fn gate(&self) -> Gate {
        Gate::new(&self.rpc.secret, self.cx.handle.clone())
    }

    /// Starts the bus and `work`, and answers calls until shutdown.
    ///
    /// # Errors
    /// Handlers that do not fit the subscription list; an address that is taken.
    pub fn serve(
        self,
        consumers: Consumers,
        work: BoxFuture<'static, ()>,
        calls: Mount,
    ) -> BoxFuture<'static, anyhow::Result<()>> {
        Box::pin(async move {
            let gate = self.gate();
            let Self { cx, db, outbox, service, mut bus, .. } = self;
            let admin = bus.join(db, outbox, consumers)?;
            let running = bus.start(cx.shutdown.token(Stage::Work));
            cx.shutdown.spawn(Stage::Work, &cx.handle, async move { running.stopped().await });
            cx.shutdown.spawn(Stage::Work, &cx.handle, work);

            let listener = runtime::http::bind(&cx.server.listen)?;
            let events: Arc<dyn EventsApi> = Arc::new(Events::new(service, admin));
            let events = contracts::events::routes(events, gate);
            let app = move || App::new().app_data(body_limit()).configure(&*calls).configure(&*events);
            let trace = RequestTrace::new().scoped(|parent, rest| Box::pin(domain::trace::with(parent, rest)));
            let address = runtime::http::serve(&cx, listener, trace, app).await?;
            tracing::info!("{service} answers on http://{address}");
            Ok(())
        })
    }
}

fn body_limit() -> PayloadConfig {
    web::PayloadConfig::new(CALL)
}
