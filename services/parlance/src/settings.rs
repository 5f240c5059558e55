//! The effective configuration of the all-in-one: what the sections say, and what follows from the data directory.

use std::path::PathBuf;

use anyhow::bail;
use runtime::{Config, Sources};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::cli::ServeArgs;
use crate::data_dir::DataDir;

/// Every service of this process, in the order of start: each asks only those before it, but for the late one.
pub const SERVICES: [&str; 6] = ["users", "auth", "chats", "messages", "realtime", "bots"];

const DEFAULTS: &[&str] = &[
    include_str!("../defaults.toml"),
    auth::DEFAULTS,
    users::DEFAULTS,
    chats::DEFAULTS,
    messages::DEFAULTS,
    realtime::DEFAULTS,
    bots::DEFAULTS,
    bus::DEFAULTS,
    gateway::DEFAULTS,
    surfaces::DEFAULTS,
    contracts::rpc::DEFAULTS,
];

/// Section `embedded`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbeddedSettings {
    /// Where the data is.
    pub data_dir: PathBuf,
    /// PostgreSQL in place of SQLite; empty is SQLite.
    pub database_url: SecretString,
}

/// The settings of one start, and its data directory.
#[derive(Debug)]
pub struct Effective {
    /// All sections.
    pub config: Config,
    /// The data directory.
    pub data: DataDir,
    /// Section `embedded`.
    pub embedded: EmbeddedSettings,
}

/// Reads defaults, file, environment and options, and fills in what follows from the data directory: where the
/// databases are, the secrets made at the first start, where mail goes.
///
/// # Errors
/// Settings that make no sense; a data directory that cannot be used.
pub fn effective(args: &ServeArgs) -> anyhow::Result<Effective> {
    let sources = |overrides| Sources::new(DEFAULTS).file(args.config.as_deref()).environment().overrides(overrides);
    let said = sources(args.overrides()).load()?;
    let embedded: EmbeddedSettings = said.section("embedded")?;
    let data = DataDir::open(&embedded.data_dir)?;
    let mut overrides = args.overrides();
    overrides.extend(implied(&said, &data, &embedded)?);
    Ok(Effective { config: sources(overrides).load()?, data, embedded })
}

/// Where the data directory is, or will be: nothing is made, nothing is opened.
///
/// # Errors
/// Settings that make no sense; data that is in PostgreSQL.
pub fn place(args: &ServeArgs) -> anyhow::Result<PathBuf> {
    let sources = Sources::new(DEFAULTS).file(args.config.as_deref()).environment().overrides(args.overrides());
    let said = sources.load()?;
    let embedded: EmbeddedSettings = said.section("embedded")?;
    let elsewhere = |service: &str| {
        let database: store::DatabaseSettings = said.section(&format!("{service}.database"))?;
        anyhow::Ok(!database.url.expose_secret().is_empty())
    };
    for service in SERVICES {
        if !embedded.database_url.expose_secret().is_empty() || elsewhere(service)? {
            bail!(
                "the data of {service} is not in the data directory: docs/backup.md says how PostgreSQL is backed up"
            );
        }
    }
    Ok(embedded.data_dir)
}

fn implied(said: &Config, data: &DataDir, embedded: &EmbeddedSettings) -> anyhow::Result<Vec<(String, String)>> {
    let mut implied = Vec::new();
    for service in SERVICES {
        let database: store::DatabaseSettings = said.section(&format!("{service}.database"))?;
        if !database.url.expose_secret().is_empty() {
            continue;
        }
        let shared = embedded.database_url.expose_secret();
        if shared.is_empty() {
            implied.push((format!("{service}.database.url"), data.sqlite_url(service)));
        } else {
            implied.push((format!("{service}.database.url"), shared.to_owned()));
            implied.push((format!("{service}.database.schema"), service.to_owned()));
        }
    }
    let auth: auth::Settings = said.section("auth")?;
    if auth.root_token.expose_secret().is_empty() {
        implied.push(("auth.root_token".to_owned(), data.secret_or_new("root-token")?));
    }
    if auth.instance_keys.is_empty() {
        implied.push(("auth.instance_keys".to_owned(), format!("1:{}", data.secret_or_new("instance-key")?)));
    }
    let bots: bots::Settings = said.section("bots")?;
    if bots.secret_keys.is_empty() {
        implied.push(("bots.secret_keys".to_owned(), format!("1:{}", data.secret_or_new("instance-key")?)));
    }
    for (kind, said_dir) in [
        ("mail", said.section::<auth::MailSettings>("mail")?.dir),
        ("sms", said.section::<auth::SmsSettings>("sms")?.dir),
    ] {
        if said_dir.as_os_str().is_empty() {
            implied.push((format!("{kind}.dir"), data.path(kind).display().to_string()));
        }
    }
    Ok(implied)
}

impl Effective {
    /// The root token of this data directory.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn root_token(&self) -> anyhow::Result<Option<String>> {
        let auth: auth::Settings = self.config.section("auth")?;
        let token = auth.root_token.expose_secret();
        Ok((!token.is_empty()).then(|| token.to_owned()))
    }

    /// Where `serve` would listen.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn server(&self) -> anyhow::Result<runtime::ServerSettings> {
        Ok(self.config.section("server")?)
    }
}
