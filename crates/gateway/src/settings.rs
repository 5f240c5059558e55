//! Section `gateway`.

use std::net::IpAddr;

use runtime::ConfigError;
use serde::Deserialize;
use surfaces::http::Site;

/// Section `gateway`, each value explained in `defaults.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The address clients use.
    pub public_url: String,
    /// Whose `X-Forwarded-For` is believed.
    #[serde(deserialize_with = "runtime::config::comma_list")]
    pub trusted_proxies: Vec<String>,
    /// How many callers are remembered.
    pub known_callers: u64,
}

impl Settings {
    /// Where clients reach us; `admin_url` is shown to operators.
    ///
    /// # Errors
    /// A trusted proxy that is no IP address.
    pub fn site(&self, admin_url: String) -> Result<Site, ConfigError> {
        let address = |text: &String| {
            let wrong = |_| ConfigError::invalid("gateway.trusted_proxies", format!("{text} is no IP address"));
            text.parse::<IpAddr>().map_err(wrong)
        };
        let public_url = self.public_url.trim_end_matches('/');
        Ok(Site {
            public_url: (!public_url.is_empty()).then(|| public_url.to_owned()),
            admin_url,
            trusted_proxies: self.trusted_proxies.iter().map(address).collect::<Result<_, _>>()?,
        })
    }
}
