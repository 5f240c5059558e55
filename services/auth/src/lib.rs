//! Who is who, and who may come in: tenants, logins, credentials, sessions, invitations, and the mail and SMS they send.
//!
//! Secrets that must be shown again are derived from the instance keys ([`InstanceKey`]); only hashes are stored.

mod config;
mod consumers;
mod delivery;
mod erase;
mod passwords;
mod secrets;
mod serve;
mod service;
mod sessions;
mod store;
mod used;

pub use config::{DEFAULTS, MailSettings, Settings, SmsSettings};
pub use delivery::{BadRoute, Routes};
pub use host::keys::{BadKeys, InstanceKey};
pub use serve::serve;
pub use service::{Auth, BadSettings};

/// This service's tables.
pub const fn migrations() -> ::store::Migrations {
    ::store::migrations!("auth")
}
