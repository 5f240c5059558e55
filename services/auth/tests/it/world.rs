//! A running service, and words for what tests do with it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use auth::{Auth, Routes, Settings};
use bus::{Bus, Outbox, Running, Topology};
use contracts::AuthApi as _;
use contracts::auth::{AuthError, Authenticate, CreateTenant, LogIn, Session, Shown, TenantSecrets};
use diesel::sql_types::BigInt;
use domain::{Clock, Principal, Role, Surface, TenantId, Timestamp, TokenKind, UserId};
use runtime::Config;
use store::{Db, Migrations, RunQueryDsl as _, on_conn};
use tokio_util::sync::CancellationToken;

use crate::people::People;

/// The instance key of every world: two worlds over one database are two instances.
const KEY: &str = "test:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// The token that manages tenants.
pub const ROOT: &str = "the-root-token-of-tests";

/// Everything a database of this service has.
pub fn trees() -> Vec<Migrations> {
    vec![store::MIGRATIONS, bus::migrations(), auth::migrations()]
}

/// One instance.
pub struct World {
    pub auth: Arc<Auth>,
    pub people: Arc<People>,
    pub clock: Clock,
    pub db: Db,
    pub outbox: Outbox,
    running: Option<Running>,
    stop: CancellationToken,
}

impl World {
    /// With a clock that stands still, and nothing going on in the background.
    pub fn new(db: Db) -> Self {
        Self::with(db, Clock::fixed("2026-11-21T10:00:00Z".parse().unwrap()), &[], Arc::default())
    }

    /// Another instance over the same database.
    pub fn beside(&self, settings: &[(&str, &str)]) -> Self {
        Self::with(self.db.clone(), self.clock.clone(), settings, self.people.clone())
    }

    /// With the system's clock and the background at work.
    pub fn at_work(db: Db, settings: &[(&str, &str)]) -> Self {
        let mut world = Self::with(db, Clock::system(), settings, Arc::default());
        world.start();
        world
    }

    pub fn with(db: Db, clock: Clock, settings: &[(&str, &str)], people: Arc<People>) -> Self {
        let quick = [
            ("auth.instance_keys", KEY),
            ("auth.root_token", ROOT),
            ("auth.hash_memory_kib", "64"),
            ("auth.hash_passes", "1"),
            ("auth.poll_ms", "20"),
            ("auth.last_used_flush_ms", "20"),
            ("auth.send_retry_first_ms", "20"),
            ("auth.send_retry_longest_ms", "200"),
            ("bus.poll_ms", "20"),
        ];
        let overrides = quick.iter().chain(settings).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let config = Config::isolated(&[auth::DEFAULTS, bus::DEFAULTS], overrides).unwrap();
        let section: Settings = config.section("auth").unwrap();
        let routes = Routes::new(&config.section("mail").unwrap(), &config.section("sms").unwrap(), &section).unwrap();
        // Both events come from this database's own outbox: there is no other service here.
        let heard = Topology::new("test").with("tenant.deleted", "auth", &["auth"]);
        let heard = heard.with("user.deleted", "auth", &["auth"]);
        let mut bus = Bus::new(config.section("bus").unwrap(), heard, clock.clone());
        let outbox = bus.outbox();
        let auth = Auth::new(db.clone(), outbox.clone(), clock.clone(), people.clone(), routes, &section).unwrap();
        bus.join(db.clone(), outbox.clone(), auth.consumers()).unwrap();
        let stop = CancellationToken::new();
        // Started at once so that nothing else must be kept; it does nothing before there are events.
        let running = Some(bus.start(stop.clone()));
        Self { auth, people, clock, db, outbox, running, stop }
    }

    /// Starts the work in the background.
    pub fn start(&mut self) {
        tokio::spawn(self.auth.clone().work(self.stop.clone()));
    }

    /// Stops everything.
    pub async fn stop(mut self) {
        self.stop.cancel();
        if let Some(running) = self.running.take() {
            running.stopped().await;
        }
    }

    /// A tenant called `name`, with an admin and a bot.
    pub async fn tenant(&self, name: &str) -> TenantSecrets {
        self.auth.create_tenant(self.new_tenant(name)).await.unwrap()
    }

    /// The command that makes a tenant.
    pub fn new_tenant(&self, name: &str) -> CreateTenant {
        let id = TenantId::new();
        let admin = self.people.add(id, "Ann", Role::Admin);
        let bot = self.people.add(id, "Botty", Role::Bot);
        CreateTenant { id, name: name.to_owned(), admin, bot }
    }

    /// Somebody of a tenant.
    pub fn user(&self, tenant: TenantId, role: Role) -> UserId {
        self.people.add(tenant, "Bob", role)
    }

    /// Asks who shows these.
    pub async fn who(&self, shown: &[(TokenKind, &str)]) -> Result<Principal, AuthError> {
        let shown = shown.iter().map(|(kind, secret)| Shown { kinds: vec![*kind], secret: (*secret).to_owned() });
        self.auth.authenticate(Authenticate { surface: Surface::Imbee, shown: shown.collect() }).await
    }

    /// Logs in from an address.
    pub async fn log_in_from(&self, login: &str, password: &str, address: &str) -> Result<Session, AuthError> {
        let address = Some(address.parse().unwrap());
        let (login, password) = (login.to_owned(), password.to_owned());
        self.auth.log_in(LogIn { surface: Surface::Voipbin, login, password, tenant: None, address }).await
    }

    /// Logs in.
    pub async fn log_in(&self, login: &str, password: &str) -> Result<Session, AuthError> {
        let (login, password) = (login.to_owned(), password.to_owned());
        self.auth.log_in(LogIn { surface: Surface::Voipbin, login, password, tenant: None, address: None }).await
    }

    /// Moves the clock.
    pub fn later(&self, seconds: i64) -> Timestamp {
        self.clock.set(self.clock.now().plus_seconds(seconds));
        self.clock.now()
    }

    /// Rows that `sql` counts as `n`.
    pub async fn count(&self, sql: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = BigInt)]
            n: i64,
        }
        let conn = self.db.read().await.unwrap();
        let counted: Count = on_conn!(conn, |c| diesel::sql_query(sql).get_result(c).await).unwrap();
        counted.n
    }
}

/// Waits until `done` says so.
pub async fn until<F: Future<Output = bool>>(what: &str, mut done: impl FnMut() -> F) {
    let waiting = async {
        while !done().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(20), waiting).await.is_ok(), "waited too long until {what}");
}
