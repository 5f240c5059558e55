//! The `bus` section.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// The section's defaults: every setting, its unit, a sentence.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// The `bus` section; `defaults.toml` says what each setting means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusSettings {
    /// RabbitMQ's URL; empty means the bus within the process.
    pub url: SecretString,
    /// Lifetime of a lease that is not renewed. Seconds.
    pub lease_s: u64,
    /// How long published and consumed events are kept. Hours.
    pub retention_h: u32,
    /// Events published at once.
    pub batch_rows: u32,
    /// Interval of looking unasked. Milliseconds.
    pub poll_ms: u64,
    /// Unacknowledged events per partition.
    pub prefetch: u16,
    /// How long a delivery may wait before its partition is subscribed anew. Seconds.
    pub resubscribe_s: u64,
}

impl Default for BusSettings {
    /// What `defaults.toml` says.
    fn default() -> Self {
        Self {
            url: String::new().into(),
            lease_s: 5,
            retention_h: 72,
            batch_rows: 512,
            poll_ms: 250,
            prefetch: 64,
            resubscribe_s: 600,
        }
    }
}

impl BusSettings {
    /// Whether events go through RabbitMQ.
    pub fn is_rabbit(&self) -> bool {
        !self.url.expose_secret().is_empty()
    }

    pub(crate) fn lease(&self) -> Duration {
        Duration::from_secs(self.lease_s.max(1))
    }

    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(1))
    }

    /// See [`resubscribe_s`](Self::resubscribe_s).
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_secs(self.resubscribe_s.max(1))
    }

    pub(crate) fn batch(&self) -> usize {
        self.batch_rows.clamp(1, 4096) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_file() {
        #[derive(Deserialize)]
        struct File {
            bus: BusSettings,
        }
        let File { bus } = toml::from_str(DEFAULTS).unwrap();
        assert_eq!(format!("{bus:?}"), format!("{:?}", BusSettings::default()));
    }
}
