//! Secrets at rest: ChaCha20-Poly1305 under a key that follows from an instance key, whose id stands beside it. The
//! endpoint's id is bound in: one endpoint's row is of no use in another's.

use domain::WebhookId;
use host::keys::InstanceKeys;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use store::{StoreError, StoreResult};

use super::sign::SigningSecret;

/// What the encrypting key is derived for.
const PURPOSE: &[u8] = b"endpoint secret";

fn key(keys: &InstanceKeys, key_id: &str) -> StoreResult<LessSafeKey> {
    let raw = keys.derive(key_id, &[PURPOSE])?;
    UnboundKey::new(&CHACHA20_POLY1305, &raw).map(LessSafeKey::new).map_err(|_| corrupt("no key"))
}

/// Encrypts a secret under the newest key; answers that key's id, and the nonce with the ciphertext.
///
/// # Errors
/// There is no such key.
pub fn seal(keys: &InstanceKeys, endpoint: WebhookId, secret: &SigningSecret) -> StoreResult<(String, Vec<u8>)> {
    let key_id = keys.newest().to_owned();
    // 96 random bits: a key would have to seal billions of secrets before two nonces met.
    let nonce: [u8; NONCE_LEN] = rand::random();
    let mut sealed = secret.bytes().to_vec();
    key(keys, &key_id)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(endpoint.bytes()), &mut sealed)
        .map_err(|_| corrupt("it could not be encrypted"))?;
    Ok((key_id, nonce.into_iter().chain(sealed).collect()))
}

/// Reads what [`seal`] made.
///
/// # Errors
/// The key is not configured any more, or the row was tampered with.
pub fn open(keys: &InstanceKeys, endpoint: WebhookId, key_id: &str, sealed: &[u8]) -> StoreResult<SigningSecret> {
    let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or_else(|| corrupt("it is too short"))?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| corrupt("it is too short"))?;
    let mut text = text.to_vec();
    let key = key(keys, key_id)?;
    let plain = key
        .open_in_place(nonce, Aad::from(endpoint.bytes()), &mut text)
        .map_err(|_| corrupt("it was not encrypted under this key for this endpoint"))?;
    Ok(SigningSecret::from_bytes(plain.to_vec()))
}

fn corrupt(detail: &str) -> StoreError {
    StoreError::Corrupt { table: "endpoint_secrets", column: "sealed", detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use host::keys::InstanceKey;

    #[test]
    fn a_secret_is_read_again_after_the_key_was_followed_by_another() {
        let (old, new) = (InstanceKey::generate(), InstanceKey::generate());
        let keys = |texts: &[&String]| {
            let keys: Vec<InstanceKey> = texts.iter().map(|text| text.parse().unwrap()).collect();
            InstanceKeys::new(&keys, "test").unwrap()
        };
        let (endpoint, secret) = (WebhookId::new(), SigningSecret::generate());
        let (id, sealed) = seal(&keys(&[&old]), endpoint, &secret).unwrap();
        assert!(!sealed.windows(secret.bytes().len()).any(|part| part == secret.bytes()));
        assert_eq!(open(&keys(&[&new, &old]), endpoint, &id, &sealed).unwrap(), secret);
        assert!(open(&keys(&[&new]), endpoint, &id, &sealed).is_err(), "the key is gone");
        assert!(open(&keys(&[&old]), WebhookId::new(), &id, &sealed).is_err(), "another endpoint's");
        let mut changed = sealed;
        changed[20] ^= 1;
        assert!(open(&keys(&[&old]), endpoint, &id, &changed).is_err());
    }
}
