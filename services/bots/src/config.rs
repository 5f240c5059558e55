//! The `bots` section; `defaults.toml` says what each setting means.

use std::time::Duration;

use host::erase::Pace;
use host::keys::InstanceKey;
use serde::Deserialize;
use store::DatabaseSettings;

use crate::delivery::DeliverySettings;

/// The section's defaults: every setting, its unit, a sentence.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// The `bots` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the rows are.
    pub database: DatabaseSettings,
    /// Keys that endpoints' secrets are encrypted under, newest first.
    #[serde(deserialize_with = "runtime::config::comma_list")]
    pub secret_keys: Vec<InstanceKey>,
    /// How deliveries are made.
    pub delivery: DeliverySettings,
    /// How long a bot may be out of reach. Seconds.
    pub handover_s: u32,
    /// Interval of looking for work unasked. Milliseconds.
    pub poll_ms: u64,
    /// Rows of a deleted tenant erased in one transaction.
    pub erase_rows: u16,
    /// When a deleted tenant is swept a second time. Seconds.
    pub erase_again_s: u32,
}

impl Settings {
    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(1))
    }

    pub(crate) fn pace(&self) -> Pace {
        Pace { rows: self.erase_rows.into(), poll: self.poll(), again_s: self.erase_again_s }
    }
}
