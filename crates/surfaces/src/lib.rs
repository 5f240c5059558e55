//! The vendor dialects.
//!
//! A folder per vendor translates wire shapes into the services' commands and their views back into wire shapes. It
//! knows the service traits, never a service. Rules live in the services; a folder only speaks.
//!
//! With the feature `http` each folder also has its handlers and its endpoint table; without it only the pure wire
//! shapes are built.

#[cfg(feature = "http")]
pub mod connectnow;
mod digits;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "http")]
pub mod imbee;
pub mod native;
#[cfg(feature = "http")]
pub mod odoo;
#[cfg(feature = "openapi")]
pub mod openapi;
pub mod operator;
pub mod settings;
pub mod voipbin;
pub mod zenvia;

pub use settings::{LimitSettings, RateSettings, Settings, StreamSettings};

/// Every surface this build speaks, as tables.
#[cfg(feature = "http")]
pub fn all() -> Vec<http::Table> {
    let vendors = [voipbin::table(), imbee::table(), connectnow::table(), odoo::table(), zenvia::table()];
    vendors.into_iter().chain([native::table(), operator::table()]).collect()
}

/// The commented defaults of the sections `surfaces` and `limits`.
pub const DEFAULTS: &str = include_str!("../defaults.toml");
