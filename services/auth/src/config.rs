//! The sections `auth`, `mail` and `sms`; `defaults.toml` says what each setting means.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use store::DatabaseSettings;

use host::keys::InstanceKey;

/// Every setting of this service, with its unit and a sentence.
pub const DEFAULTS: &str = include_str!("../defaults.toml");

/// The section `auth`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Keys that secrets are derived under, newest first.
    #[serde(deserialize_with = "runtime::config::comma_list")]
    pub instance_keys: Vec<InstanceKey>,
    /// The token that manages tenants; empty: none.
    pub root_token: SecretString,
    /// How long a session lasts, in days.
    pub session_days: u16,
    /// How old the key that signs sessions may become, in days.
    pub signing_rotation_days: u16,
    /// Memory of one password hash, in KiB.
    pub hash_memory_kib: u32,
    /// Passes over that memory.
    pub hash_passes: u32,
    /// Passwords hashed at the same time; 0: one per core.
    pub hash_parallel: usize,
    /// Failed log-ins of one account within a minute.
    pub failures_per_account: u32,
    /// Failed log-ins from one address within a minute.
    pub failures_per_address: u32,
    /// Uses of an invitation that names none.
    pub invitation_uses: u32,
    /// Days of an invitation that names no last one.
    pub invitation_days: u16,
    /// How long a mailed code works, in minutes.
    pub code_minutes: u16,
    /// Tries of a mailed code.
    pub code_tries: u16,
    /// Codes mailed to one address within an hour.
    pub codes_per_hour: u32,
    /// Interval of writing down the last use of tokens, in milliseconds.
    pub last_used_flush_ms: u64,
    /// Interval of looking for waiting work unasked, in milliseconds.
    pub poll_ms: u64,
    /// Mails and SMS sent at the same time.
    pub send_parallel: usize,
    /// How long sending one may take, in milliseconds.
    pub send_timeout_ms: u64,
    /// First pause after a failure, in milliseconds.
    pub send_retry_first_ms: u64,
    /// Longest pause after failures, in milliseconds.
    pub send_retry_longest_ms: u64,
    /// When a mail or SMS is given up, in hours.
    pub send_give_up_h: u32,
    /// Where the rows are.
    pub database: DatabaseSettings,
}

impl Settings {
    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(1))
    }

    pub(crate) fn hash_parallel(&self) -> usize {
        match self.hash_parallel {
            0 => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            n => n,
        }
    }
}

/// The section `mail`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// The server that takes our mail; empty: none.
    pub smtp_url: SecretString,
    /// Where mail is put as files without a server; empty: nowhere.
    pub dir: PathBuf,
    /// The sender.
    pub from: String,
}

/// The section `sms`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    /// Where SMS are handed over; empty: nowhere.
    pub gateway_url: String,
    /// The gateway's bearer token; empty: none.
    pub gateway_token: SecretString,
    /// Where SMS are put as files without a gateway; empty: nowhere.
    pub dir: PathBuf,
}
