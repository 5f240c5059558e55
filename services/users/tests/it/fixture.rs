//! A service over a test's database.

use std::sync::Arc;

use bus::{Bus, BusSettings, Topology};
use contracts::UsersApi as _;
use contracts::users::{CreateUser, EnsureUser, User};
use domain::{Clock, Idempotency, Principal, Role, Scopes, Surface, TenantId, Timestamp, TokenId, TokenKind, UserId};
use store::{Db, Migrations};
use users::{Settings, Users};

/// All tables a service's database has.
pub const TREES: [Migrations; 3] = [store::MIGRATIONS, bus::migrations(), users::migrations()];

/// The service, with a clock that stands still.
pub struct Fixture {
    pub users: Arc<Users>,
    pub clock: Clock,
    pub tenant: TenantId,
}

impl Fixture {
    pub fn new(db: &Db) -> Self {
        let clock = Clock::fixed(at(0));
        let users = Users::new(db.clone(), outbox(&clock), clock.clone(), &settings());
        Self { users, clock, tenant: TenantId::new() }
    }

    pub fn draft(&self, name: &str) -> CreateUser {
        CreateUser {
            tenant: self.tenant,
            id: None,
            name: name.into(),
            surname: None,
            email: None,
            phone: None,
            role: Role::Agent,
            detail: String::new(),
            extras: contracts::Extras::new(),
            idempotency: None,
        }
    }

    pub async fn user(&self, name: &str) -> User {
        self.users.create(self.draft(name)).await.unwrap()
    }

    pub fn client(&self, surface: Surface, external: &str) -> EnsureUser {
        EnsureUser {
            tenant: self.tenant,
            surface,
            external: external.into(),
            name: "Visitor".into(),
            role: Role::Customer,
            email: None,
            phone: None,
        }
    }

    pub fn admin(&self) -> Principal {
        Principal {
            tenant: self.tenant,
            user: Some(UserId::new()),
            role: Role::Admin,
            token: TokenId::new(),
            kind: TokenKind::Operator,
            scopes: Scopes::ALL,
            surface: Surface::Operator,
            chat: None,
        }
    }
}

pub fn outbox(clock: &Clock) -> bus::Outbox {
    Bus::new(bus_settings(), Topology::parlance(), clock.clone()).outbox()
}

fn bus_settings() -> BusSettings {
    BusSettings { batch_rows: 64, poll_ms: 5, ..BusSettings::default() }
}

pub fn settings() -> Settings {
    let database = store::DatabaseSettings { url: "".into(), schema: None, pool_size: 1, statement_timeout_ms: 0 };
    Settings { database, erase_rows: 2, poll_ms: 5, erase_again_s: 60 }
}

pub fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000 + micros)
}

pub fn request(key: u8, body: u8) -> Idempotency {
    Idempotency { key: [key; 32], body: [body; 32] }
}
