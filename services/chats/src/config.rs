//! The `chats` section.

use std::time::Duration;

use host::erase::Pace;
use serde::Deserialize;
use store::DatabaseSettings;

/// The section's defaults: every setting, its unit, a sentence.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// The `chats` section; `defaults.toml` says what each setting means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the rows are.
    pub database: DatabaseSettings,
    /// Rows of a deleted tenant erased in one transaction.
    pub erase_rows: u16,
    /// Interval of looking for erasures. Milliseconds.
    pub poll_ms: u32,
    /// When a deleted tenant is swept a second time. Seconds.
    pub erase_again_s: u32,
}

impl Settings {
    pub(crate) fn pace(&self) -> Pace {
        let poll = Duration::from_millis(self.poll_ms.max(1).into());
        Pace { rows: self.erase_rows.into(), poll, again_s: self.erase_again_s }
    }
}
