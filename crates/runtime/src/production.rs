//! What an instance that serves real people must not start with: `[production]` says that it is one.
//!
//! The rules stand together here, by the names of the settings, so that no process can forget one. They look at what is set,
//! not at what a process happens to use: a file shared by all processes is refused by each of them.

use std::fmt;

use serde::Deserialize;
use url::Url;

use crate::config::{Config, ConfigError, SECTIONS};

/// Characters a secret has at least: 32 hex digits are 128 bits.
const LEAST: usize = 32;
/// Different characters a secret has at least; sixty-four random hex digits have fewer once in 10^18.
const LEAST_DIFFERENT: usize = 8;
/// Words that stand in examples and never in what a machine drew.
const WORDS: &[&str] = &["changeme", "change-me", "change_me", "secret", "password", "example", "default"];
/// Passwords of databases that everybody tries, beside the user's own name.
const PASSWORDS: &[&str] = &["postgres", "password", "parlance", "changeme", "secret", "admin", "guest"];
/// What passwords are hashed with unless something else is said, which is the least: OWASP's first choice of Argon2id.
const HASHING: [(&str, u64); 2] = [("auth.hash_memory_kib", 19_456), ("auth.hash_passes", 2)];

/// Section `[production]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    enabled: bool,
    allow_plain_databases: bool,
    allow_open_admin: bool,
}

/// Everything that is not fit for production, so that one start tells it all.
#[derive(Debug)]
pub struct Unfit(Vec<ConfigError>);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not fit for production (production.enabled is true):")?;
        self.0.iter().try_for_each(|refusal| write!(f, "\n  - {refusal}"))
    }
}

impl std::error::Error for Unfit {}

/// Looks through the settings of a process; `has_peers`: whether it speaks to other services, and so has `rpc.secret`.
///
/// # Errors
/// [`ConfigError`] when the section cannot be read, [`Unfit`] when production is asked for and something is not fit for it.
pub fn check(config: &Config, has_peers: bool) -> anyhow::Result<()> {
    let settings: Settings = config.section("production")?;
    if !settings.enabled {
        return Ok(());
    }
    let mut found = Found { config, refusals: Vec::new() };
    found.secrets(has_peers);
    found.hashing();
    found.bus();
    found.databases(settings.allow_plain_databases);
    if !settings.allow_open_admin {
        found.admin_listener();
    }
    if found.refusals.is_empty() { Ok(()) } else { Err(Unfit(found.refusals).into()) }
}

struct Found<'a> {
    config: &'a Config,
    refusals: Vec<ConfigError>,
}

impl Found<'_> {
    fn refuse(&mut self, key: &str, message: &str) {
        self.refusals.push(self.config.refusal(key, message));
    }

    fn secrets(&mut self, has_peers: bool) {
        if has_peers {
            let secret = self.config.text("rpc.secret").unwrap_or_default();
            self.secret("rpc.secret", &secret);
        }
        if let Some(token) = self.config.text("auth.root_token").filter(|token| !token.is_empty()) {
            self.secret("auth.root_token", &token);
        }
        for key in ["auth.instance_keys", "bots.secret_keys"] {
            for listed in self.config.texts(key) {
                self.secret(key, listed.split_once(':').map_or(&*listed, |(_, secret)| secret));
            }
        }
    }

    fn secret(&mut self, key: &str, value: &str) {
        if let Some(why) = guessable(value) {
            self.refuse(key, why);
        }
    }

    fn hashing(&mut self) {
        for (key, least) in HASHING {
            let said = self.config.text(key).and_then(|said| said.parse::<u64>().ok());
            if said.is_some_and(|said| said < least) {
                self.refuse(key, &format!("must be at least {least}: weaker hashes are for tests"));
            }
        }
    }

    /// Whoever names nobody is RabbitMQ's `guest`.
    fn bus(&mut self) {
        let Some(url) = self.url("bus.url") else { return };
        if matches!((url.username(), url.password()), ("", _) | ("guest", None | Some("guest"))) {
            self.refuse("bus.url", "must name a user of its own; guest:guest is RabbitMQ's default");
        }
    }

    fn databases(&mut self, plain_is_fine: bool) {
        for section in SECTIONS {
            let key = format!("{section}.database.url");
            let Some(url) = self.url(&key).filter(|url| url.scheme().starts_with("postgres")) else { continue };
            let password = url.password().unwrap_or_default();
            if !password.is_empty() && (password == url.username() || PASSWORDS.contains(&password)) {
                self.refuse(&key, "its password is one that everybody tries");
            }
            let mode = url.query_pairs().find(|(name, _)| name == "sslmode").map(|(_, mode)| mode.into_owned());
            if !plain_is_fine && !matches!(mode.as_deref(), Some("require" | "verify-full")) {
                let wanted = "must ask for TLS by ?sslmode=require or verify-full; \
                              production.allow_plain_databases lets it be";
                self.refuse(&key, wanted);
            }
        }
    }

    fn admin_listener(&mut self) {
        let listen = self.config.text("server.admin_listen").unwrap_or_default();
        if !is_loopback(&listen) {
            let wanted = "must be a loopback address: health and metrics are for this machine; \
                          production.allow_open_admin lets it be, where the network keeps others out";
            self.refuse("server.admin_listen", wanted);
        }
    }

    fn url(&self, key: &str) -> Option<Url> {
        self.config.text(key).and_then(|text| Url::parse(&text).ok())
    }
}

/// Why a secret could be guessed.
fn guessable(secret: &str) -> Option<&'static str> {
    let mut different: Vec<char> = secret.chars().collect();
    different.sort_unstable();
    different.dedup();
    let lower = secret.to_ascii_lowercase();
    if secret.chars().count() < LEAST {
        Some("must have at least 32 characters; make one by `openssl rand -hex 32`")
    } else if different.len() < LEAST_DIFFERENT || WORDS.iter().any(|word| lower.contains(word)) {
        Some("can be guessed; make one by `openssl rand -hex 32`")
    } else {
        None
    }
}

fn is_loopback(listen: &str) -> bool {
    let host = listen.rsplit_once(':').map_or(listen, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests;
