//! The instance keys: what secrets are derived from that must be shown again, and encrypted under that must be used again.
//!
//! A row keeps the id of the key its secret belongs to, so that a new key changes nothing made before.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use store::{StoreError, StoreResult};

/// One key, written `id:hex`.
#[derive(Clone)]
pub struct InstanceKey {
    id: String,
    secret: Vec<u8>,
}

/// Why a text is no key, or a list of keys is no use. Never repeats a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    /// Not `id:hex`.
    #[error("an instance key is written `id:hex`: an id of 1 to 32 letters or digits, and at least 64 hex digits")]
    Malformed,
    /// There is none.
    #[error("{0} is empty; make one by `openssl rand -hex 32` and give it an id, as in `k1:…`")]
    None(&'static str),
    /// Two keys with one id.
    #[error("two instance keys have the id {0}")]
    Twice(String),
}

impl InstanceKey {
    /// A new key as it is written.
    pub fn generate() -> String {
        let id: [u8; 4] = rand::random();
        let secret: [u8; 32] = rand::random();
        format!("{}:{}", hex::encode(id), hex::encode(secret))
    }
}

impl FromStr for InstanceKey {
    type Err = BadKeys;
    fn from_str(text: &str) -> Result<Self, BadKeys> {
        let (id, secret) = text.trim().split_once(':').ok_or(BadKeys::Malformed)?;
        let secret = hex::decode(secret).map_err(|_| BadKeys::Malformed)?;
        let plain = (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain && secret.len() >= 32 { Ok(Self { id: id.to_owned(), secret }) } else { Err(BadKeys::Malformed) }
    }
}

impl fmt::Debug for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The keys of this instance, newest first.
#[derive(Debug, Clone)]
pub struct InstanceKeys {
    keys: Arc<[InstanceKey]>,
    setting: &'static str,
}

impl InstanceKeys {
    /// `setting`: what lists them, for messages.
    ///
    /// # Errors
    /// There is none, or an id stands twice.
    pub fn new(keys: &[InstanceKey], setting: &'static str) -> Result<Self, BadKeys> {
        if keys.is_empty() {
            return Err(BadKeys::None(setting));
        }
        for (at, key) in keys.iter().enumerate() {
            if keys[..at].iter().any(|earlier| earlier.id == key.id) {
                return Err(BadKeys::Twice(key.id.clone()));
            }
        }
        Ok(Self { keys: keys.into(), setting })
    }

    /// The id of the key that new secrets belong to.
    pub fn newest(&self) -> &str {
        &self.keys[0].id
    }

    /// The 32 bytes that follow from `parts` under the key `id`.
    ///
    /// # Errors
    /// A row names a key that is not configured any more.
    pub fn derive(&self, id: &str, parts: &[&[u8]]) -> StoreResult<[u8; 32]> {
        let unknown = || StoreError::Corrupt {
            table: "one with secrets",
            column: "key_id",
            detail: format!("the key {id} is not among {}", self.setting),
        };
        let key = self.keys.iter().find(|key| key.id == id).ok_or_else(unknown)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key.secret).map_err(|_| unknown())?;
        for part in parts {
            // Lengths keep apart what concatenation would run together.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        Ok(mac.finalize().into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(texts: &[&str]) -> Result<InstanceKeys, BadKeys> {
        InstanceKeys::new(&texts.iter().map(|t| t.parse()).collect::<Result<Vec<_>, _>>()?, "test.keys")
    }

    #[test]
    fn a_new_key_changes_nothing_derived_before() {
        let (old, new) = (InstanceKey::generate(), InstanceKey::generate());
        let before = keys(&[&old]).unwrap();
        let after = keys(&[&new, &old]).unwrap();
        let id = before.newest().to_owned();
        assert_eq!(before.derive(&id, &[b"a", b"b"]).unwrap(), after.derive(&id, &[b"a", b"b"]).unwrap());
        assert_ne!(after.derive(after.newest(), &[b"a"]).unwrap(), after.derive(&id, &[b"a"]).unwrap());
        assert_ne!(before.derive(&id, &[b"ab", b"c"]).unwrap(), before.derive(&id, &[b"a", b"bc"]).unwrap());
        assert!(before.derive(after.newest(), &[b"a"]).is_err());
    }

    #[test]
    fn malformed_keys_are_refused_without_repeating_them() {
        let short = format!("k:{}", "ab".repeat(31));
        for bad in ["", "k1", "k1:xyz", &short, &format!("k 1:{}", "ab".repeat(32))] {
            let error = keys(&[bad]).unwrap_err();
            assert_eq!(error, BadKeys::Malformed);
        }
        assert_eq!(keys(&[]).unwrap_err(), BadKeys::None("test.keys"));
        let key = format!("k1:{}", "ab".repeat(32));
        assert_eq!(keys(&[&key, &key]).unwrap_err(), BadKeys::Twice("k1".into()));
        assert!(!format!("{:?}", key.parse::<InstanceKey>().unwrap()).contains("abab"));
    }
}
