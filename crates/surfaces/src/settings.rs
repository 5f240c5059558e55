//! Settings of the surfaces, each explained in `defaults.toml`.

use serde::Deserialize;

/// Section `surfaces`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// VoIPBin.
    pub voipbin: VoipbinSettings,
    /// Odoo.
    pub odoo: OdooSettings,
    /// Streams of every surface.
    pub streams: StreamSettings,
}

/// Section `surfaces.odoo`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OdooSettings {
    /// Answer `docs:` and `with_documents:`, as the vendor's examples spell them, beside `docs` and `with_documents`.
    pub colon_keys: bool,
}

/// Section `surfaces.streams`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamSettings {
    /// What may wait for a client that reads slowly. Events.
    pub queue: usize,
    /// How often a stream on which nothing happens shows that it lives. Seconds.
    pub heartbeat_s: u32,
    /// When we stop, over how long clients are told to come back. Milliseconds.
    pub reconnect_window_ms: u32,
    /// Streams and waiting polls a tenant may have open at once, of each gateway. A number.
    pub per_tenant: usize,
    /// Of these, those of one token. A number.
    pub per_token: usize,
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self { queue: 256, heartbeat_s: 20, reconnect_window_ms: 10_000, per_tenant: 50_000, per_token: 1_000 }
    }
}

/// Section `surfaces.voipbin`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoipbinSettings {
    /// Hide the keys VoIPBin added after 2022.
    pub exact_2022: bool,
}

/// Section `limits`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// Largest request body. Bytes.
    pub body_bytes: usize,
    /// How long a body may take to arrive. Seconds.
    pub body_timeout_s: u64,
    /// Requests a token may make each second in the long run.
    pub requests_per_s: u32,
    /// Requests a token may make at once after a pause.
    pub burst: u32,
    /// What all of a tenant's tokens may ask together.
    pub tenant: RateSettings,
    /// What may come from one address without a credential that is known.
    pub address: RateSettings,
}

/// How fast a token bucket fills, and how much it holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateSettings {
    /// Requests each second in the long run.
    pub requests_per_s: u32,
    /// Requests at once after a pause.
    pub burst: u32,
}
