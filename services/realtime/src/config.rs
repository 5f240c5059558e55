//! The `realtime` section; `defaults.toml` says what each setting means.

use std::time::Duration;

use host::erase::Pace;
use serde::Deserialize;
use store::DatabaseSettings;

/// The section's defaults: every setting, its unit, a sentence.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// The `realtime` section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the rows are.
    pub database: DatabaseSettings,
    /// How long a feed keeps what happened. Hours.
    pub kept_h: u32,
    /// What a feed keeps at most. Rows.
    pub kept_rows: u32,
    /// How long somebody who does nothing counts as online. Seconds.
    pub away_s: u32,
    /// How long after their last stream or poll somebody counts as there. Seconds.
    pub offline_s: u32,
    /// How long "is writing" is told. Seconds.
    pub typing_s: u32,
    /// Interval of cutting feeds and looking for erasures. Seconds.
    pub sweep_s: u32,
    /// Interval of looking at awaited feeds unasked. Milliseconds.
    pub poll_ms: u64,
    /// Rows erased in one transaction.
    pub erase_rows: u32,
    /// When a deleted tenant is swept a second time. Seconds.
    pub erase_again_s: u32,
}

impl Settings {
    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(10))
    }

    pub(crate) fn sweep(&self) -> Duration {
        Duration::from_secs(self.sweep_s.max(1).into())
    }

    pub(crate) fn rows(&self) -> i64 {
        i64::from(self.erase_rows.max(1))
    }

    pub(crate) fn pace(&self) -> Pace {
        Pace { rows: self.erase_rows, poll: self.sweep(), again_s: self.erase_again_s }
    }
}
