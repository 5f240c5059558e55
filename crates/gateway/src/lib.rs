//! The gateway: mounts every surface on one listener and hands each the services it speaks to.
//!
//! It is a table plus wiring. In the split deployment the services are HTTP clients; in the all-in-one they are the
//! services themselves.

mod app;
mod peers;
mod settings;

pub use app::{Services, serve};
pub use peers::peers;
pub use settings::Settings;

/// The commented defaults of the section `gateway`.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// The defaults of every section the gateway's process reads.
pub const ALL_DEFAULTS: &[&str] = &[DEFAULTS, surfaces::DEFAULTS, contracts::rpc::DEFAULTS];
