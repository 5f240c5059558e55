//! How secrets look, and what of them is stored: a hash, and a few characters to tell them apart.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{InvitationId, TenantId, TokenId, TokenKind};
use sha2::{Digest as _, Sha256};
use store::StoreResult;

use crate::keys::InstanceKeys;

/// Characters of a secret that lists show.
const PREFIX: usize = 10;

/// What is stored of a secret. The secrets themselves are random enough that no slower hash is needed.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The first characters of a secret.
pub(crate) fn prefix(secret: &str) -> String {
    secret.strip_prefix("Basic ").unwrap_or(secret).chars().take(PREFIX).collect()
}

/// What a secret follows from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub key_id: &'a str,
    pub generation: i64,
}

impl Origin<'_> {
    /// The secret of a credential.
    pub(crate) fn token(self, keys: &InstanceKeys, kind: TokenKind, id: TokenId) -> StoreResult<String> {
        let raw = keys.derive(self.key_id, &[b"token", kind.as_str().as_bytes(), id.bytes(), &self.generation()])?;
        Ok(text(kind, &raw))
    }

    /// The second secret of a standing credential: 40 hex digits.
    pub(crate) fn pass(self, keys: &InstanceKeys, kind: TokenKind, id: TokenId) -> StoreResult<String> {
        let raw = keys.derive(self.key_id, &[b"pass", kind.as_str().as_bytes(), id.bytes(), &self.generation()])?;
        Ok(hex::encode(&raw[..20]))
    }

    /// The secret in an invitation's link: 40 hex digits.
    pub(crate) fn invitation(self, keys: &InstanceKeys, id: InvitationId) -> StoreResult<String> {
        let raw = keys.derive(self.key_id, &[b"invitation", id.bytes(), &self.generation()])?;
        Ok(hex::encode(&raw[..20]))
    }

    fn generation(self) -> [u8; 8] {
        self.generation.to_be_bytes()
    }
}

/// The password that a tenant's first admin starts with.
pub(crate) fn first_password(keys: &InstanceKeys, key_id: &str, tenant: TenantId) -> StoreResult<String> {
    let raw = keys.derive(key_id, &[b"first password", tenant.bytes()])?;
    Ok(hex::encode(&raw[..12]))
}

/// 160 bits in the shape that the kind's clients expect.
fn text(kind: TokenKind, raw: &[u8; 32]) -> String {
    let digits = hex::encode(&raw[..20]);
    match kind {
        TokenKind::ImbeeUser | TokenKind::ImbeeVisit | TokenKind::ImbeeCorporate => digits,
        TokenKind::ImbeeAuthorization => {
            format!("Basic {}", STANDARD.encode(format!("{}:{digits}", hex::encode(&raw[20..24]))))
        }
        TokenKind::Zenvia => format!("zt_{digits}"),
        TokenKind::VoipbinAccessKey => format!("vk_{digits}"),
        TokenKind::Connectnow => format!("cn_{digits}"),
        TokenKind::Operator => format!("op_{digits}"),
        // Neither is derived.
        TokenKind::VoipbinSession | TokenKind::Root => format!("xx_{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::InstanceKey;

    #[test]
    fn secrets_have_their_clients_shape() {
        let key: InstanceKey = InstanceKey::generate().parse().unwrap();
        let keys = InstanceKeys::new(&[key]).unwrap();
        let origin = Origin { key_id: keys.newest(), generation: 1 };
        let id = TokenId::new();
        let apikey = origin.token(&keys, TokenKind::ImbeeUser, id).unwrap();
        assert!(apikey.len() == 40 && apikey.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        assert_ne!(apikey, origin.pass(&keys, TokenKind::ImbeeUser, id).unwrap());
        assert_eq!(apikey, origin.token(&keys, TokenKind::ImbeeUser, id).unwrap());
        let second = Origin { generation: 2, ..origin };
        assert_ne!(apikey, second.token(&keys, TokenKind::ImbeeUser, id).unwrap());
        let basic = origin.token(&keys, TokenKind::ImbeeAuthorization, id).unwrap();
        assert!(basic.starts_with("Basic ") && basic.bytes().filter(|b| *b == b' ').count() == 1);
        assert!(!prefix(&basic).contains(' '));
        assert!(origin.token(&keys, TokenKind::VoipbinAccessKey, id).unwrap().starts_with("vk_"));
    }
}
