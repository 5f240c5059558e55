//! Signatures as Standard Webhooks 1.0.0 has them: HMAC-SHA256 over `id.timestamp.body`, written `v1,` and base64; with
//! several secrets several signatures, separated by spaces. Secrets are written `whsec_` and base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What secrets begin with.
const PREFIX: &str = "whsec_";
/// How long the specification lets secrets be. Bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret to sign with. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Vec<u8>);

impl SigningSecret {
    /// A new one.
    pub fn generate() -> Self {
        Self(rand::random::<[u8; 32]>().to_vec())
    }

    /// Reads `whsec_` and base64 of 24 to 64 bytes; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX)?).ok()?;
        LENGTHS.contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The secret as its bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As it is written.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    fn sign(&self, id: &str, timestamp_s: i64, body: &[u8]) -> Option<String> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(format!("{id}.{timestamp_s}.").as_bytes());
        mac.update(body);
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    }
}

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningSecret")
    }
}

/// The value of `webhook-signature`; `None` without secrets.
///
/// `timestamp_s`: the moment of the attempt, Unix time in seconds.
pub fn signature(secrets: &[&SigningSecret], id: &str, timestamp_s: i64, body: &[u8]) -> Option<String> {
    let all: Vec<String> = secrets.iter().filter_map(|secret| secret.sign(id, timestamp_s, body)).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks reference libraries' tests.
    #[test]
    fn the_specifications_example_is_signed_alike() {
        let secret = SigningSecret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signature(&[&secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn two_secrets_make_two_signatures() {
        let (old, new) = (SigningSecret::generate(), SigningSecret::generate());
        let both = signature(&[&old, &new], "msg_1", 1, b"{}").unwrap();
        let parts: Vec<&str> = both.split(' ').collect();
        assert_eq!(parts[0], signature(&[&old], "msg_1", 1, b"{}").unwrap());
        assert_eq!(parts[1], signature(&[&new], "msg_1", 1, b"{}").unwrap());
        assert_eq!(signature(&[], "msg_1", 1, b"{}"), None);
    }

    #[test]
    fn secrets_are_read_as_they_are_written() {
        let secret = SigningSecret::generate();
        assert_eq!(SigningSecret::read(&secret.text()), Some(secret.clone()));
        assert!(!format!("{secret:?}").contains(&secret.text()[8..]));
        for bad in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!!!", "whsec_c2hvcnQ="] {
            assert_eq!(SigningSecret::read(bad), None, "{bad}");
        }
    }
}
