//! How secrets look, and what of them is stored: a hash, and a few characters to tell them apart.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{ChatId, CodeId, InvitationId, TenantId, TokenId, TokenKind};
use sha2::{Digest as _, Sha256};
use store::StoreResult;

use host::keys::InstanceKeys;

/// Characters of a secret that lists show.
const PREFIX: usize = 10;

/// What a chat's password is made of.
const LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// The six digits of a code: 100000 to 999999.
pub(crate) fn code(keys: &InstanceKeys, key_id: &str, id: CodeId) -> StoreResult<String> {
    let raw = keys.derive(key_id, &[b"code", id.bytes()])?;
    let drawn = raw[..8].iter().fold(0_u64, |n, byte| (n << 8) | u64::from(*byte));
    Ok((100_000 + drawn % 900_000).to_string())
}

/// What is stored of a code. So few digits need a key: whoever has the rows alone cannot try them all.
pub(crate) fn code_hash(keys: &InstanceKeys, key_id: &str, id: CodeId, code: &str) -> StoreResult<[u8; 32]> {
    keys.derive(key_id, &[b"code hash", id.bytes(), code.as_bytes()])
}

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

    /// The password of a chat: twelve letters and digits that nobody mistakes for each other.
    pub(crate) fn chat_password(self, keys: &InstanceKeys, chat: ChatId) -> StoreResult<String> {
        let raw = keys.derive(self.key_id, &[b"chat password", chat.bytes(), &self.generation()])?;
        // 256 is no multiple of 31; what that gives away of twelve letters is a fraction of a bit.
        Ok(raw[..12].iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
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
        TokenKind::ImbeeUser | TokenKind::ImbeeVisit | TokenKind::ImbeeCorporate | TokenKind::OdooSession => digits,
        TokenKind::ImbeeAuthorization => {
            format!("Basic {}", STANDARD.encode(format!("{}:{digits}", hex::encode(&raw[20..24]))))
        }
        TokenKind::Zenvia => format!("zt_{digits}"),
        TokenKind::VoipbinAccessKey => format!("vk_{digits}"),
        TokenKind::Connectnow => format!("cn_{digits}"),
        TokenKind::ChatUser => format!("cu_{digits}"),
        TokenKind::Operator => format!("op_{digits}"),
        // Neither is derived.
        TokenKind::VoipbinSession | TokenKind::Root => format!("xx_{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use host::keys::InstanceKey;

    #[test]
    fn secrets_have_their_clients_shape() {
        let key: InstanceKey = InstanceKey::generate().parse().unwrap();
        let keys = InstanceKeys::new(&[key], "auth.instance_keys").unwrap();
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

    #[test]
    fn a_code_has_six_digits_and_a_password_twelve_letters() {
        let key: InstanceKey = InstanceKey::generate().parse().unwrap();
        let keys = InstanceKeys::new(&[key], "auth.instance_keys").unwrap();
        let key_id = keys.newest();
        for _ in 0..100 {
            let id = CodeId::new();
            let digits = code(&keys, key_id, id).unwrap();
            assert!((100_000..=999_999).contains(&digits.parse::<u32>().unwrap()), "{digits}");
            let hash = code_hash(&keys, key_id, id, &digits).unwrap();
            assert_ne!(hash, code_hash(&keys, key_id, CodeId::new(), &digits).unwrap(), "no two rows look alike");
        }
        let (chat, origin) = (ChatId::new(), Origin { key_id, generation: 1 });
        let password = origin.chat_password(&keys, chat).unwrap();
        assert!(password.len() == 12 && password.bytes().all(|b| LETTERS.contains(&b)), "{password}");
        assert_eq!(password, origin.chat_password(&keys, chat).unwrap());
        assert_ne!(password, Origin { generation: 2, ..origin }.chat_password(&keys, chat).unwrap());
    }
}
