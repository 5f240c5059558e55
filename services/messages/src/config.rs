//! The section `messages`; `defaults.toml` says what each setting means.

use std::time::Duration;

use serde::Deserialize;
use store::DatabaseSettings;

use crate::rules::Limits;

/// Every setting of this service, with its unit and a sentence.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// The section `messages`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The longest text of a message, in characters.
    pub text_chars: usize,
    /// Files of a message at most.
    pub media_count: usize,
    /// The longest URL of a file, in characters.
    pub url_chars: usize,
    /// Messages written in one transaction at most.
    pub batch_rows: usize,
    /// Messages that may wait to be written.
    pub queue_count: u32,
    /// Messages a tenant may post on a day (UTC); 0: as many as it likes.
    pub per_tenant_day: u32,
    /// How long a message waits for a chat that another instance holds, in milliseconds.
    pub held_timeout_ms: u64,
    /// Rows erased in one transaction.
    pub erase_rows: u32,
    /// How long after a tenant's end its rows are looked for once more, in seconds.
    pub erase_again_s: u32,
    /// Interval of looking for waiting erasures unasked, in milliseconds.
    pub poll_ms: u64,
    /// Where the rows are.
    pub database: DatabaseSettings,
}

impl Settings {
    pub(crate) fn limits(&self) -> Limits {
        Limits { text_chars: self.text_chars, media_count: self.media_count, url_chars: self.url_chars }
    }

    pub(crate) fn batch(&self) -> usize {
        // `chats` answers a thousand questions at once.
        self.batch_rows.clamp(1, 1000)
    }

    pub(crate) fn held_timeout(&self) -> Duration {
        Duration::from_millis(self.held_timeout_ms)
    }

    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(1))
    }
}
