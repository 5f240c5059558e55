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
}

/// Section `surfaces.odoo`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OdooSettings {
    /// Answer `docs:` and `with_documents:`, as the vendor's examples spell them, beside `docs` and `with_documents`.
    pub colon_keys: bool,
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
    /// Requests a token may make each second in the long run.
    pub requests_per_s: u32,
    /// Requests a token may make at once after a pause.
    pub burst: u32,
}
