//! What rows are found by where the text itself will not do.

use domain::{TenantId, UserId};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// An e-mail without case.
pub fn email(email: &str) -> String {
    email.to_lowercase()
}

/// What a search looks into: full name and e-mail, without case.
pub fn search(name: &str, surname: Option<&str>, email: Option<&str>) -> String {
    format!("{name} {}\n{}", surname.unwrap_or_default(), email.unwrap_or_default()).to_lowercase()
}

/// A `LIKE` pattern for "contains `text`, without case"; `\` escapes.
pub fn contains(text: &str) -> String {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// The same for the name alone, which ends with a line in [`search`].
pub fn name_contains(text: &str) -> String {
    format!("{}\n%", contains(text))
}

/// A vendor client's own id, of any length, in 32 bytes.
pub fn external(id: &str) -> [u8; 32] {
    Sha256::digest(id.as_bytes()).into()
}

/// imBee's `idsha` of a user: 40 hex digits that follow from their id.
pub fn idsha(id: UserId) -> String {
    hex::encode(Sha1::digest(id.bytes()))
}

/// imBee's `idsha` of whoever a tenant's imBee client knows as `external`.
pub fn external_idsha(tenant: TenantId, external: &str) -> String {
    hex::encode(Sha1::new().chain_update(tenant.bytes()).chain_update(external.as_bytes()).finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_its_text_only() {
        assert_eq!(contains("50%_A\\"), "%50\\%\\_a\\\\%");
    }

    #[test]
    fn an_idsha_is_40_hex_digits() {
        let tenant = TenantId::new();
        let one = external_idsha(tenant, "someone");
        assert!(one.len() == 40 && one.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
        assert_eq!(one, external_idsha(tenant, "someone"));
        assert_ne!(one, external_idsha(TenantId::new(), "someone"));
        assert_eq!(idsha(UserId::new()).len(), 40);
    }
}
