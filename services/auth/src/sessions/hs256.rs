//! HS256, the one algorithm our tokens are signed with. The library's own providers bring RSA and elliptic curves, which
//! take as long to compile as a service of ours.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily};
use sha2::Sha256;

/// What `jsonwebtoken` signs and verifies with.
static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| Ok(keyed(*algorithm, key.family(), key.as_bytes())?),
    verifier_factory: |algorithm, key| Ok(keyed(*algorithm, key.family(), key.try_get_as_bytes()?)?),
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has `jsonwebtoken` use this; may be called more than once.
pub(super) fn install() {
    // Somebody has, then: there is one provider in this program.
    let _ = PROVIDER.install_default();
}

struct Hs256(Hmac<Sha256>);

fn keyed(algorithm: Algorithm, family: AlgorithmFamily, secret: &[u8]) -> Result<Box<Hs256>> {
    if algorithm != Algorithm::HS256 {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    if family != AlgorithmFamily::Hmac {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    let mac = Hmac::new_from_slice(secret).map_err(|_| ErrorKind::InvalidKeyFormat)?;
    Ok(Box::new(Hs256(mac)))
}

impl Signer<Vec<u8>> for Hs256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        Ok(self.0.clone().chain_update(message).finalize().into_bytes().to_vec())
    }
}

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        self.0.clone().chain_update(message).verify_slice(signature).map_err(Error::from_source)
    }
}

impl JwtSigner for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, EncodingKey};

    use super::*;

    /// RFC 4231, test case 2, and what is not it.
    #[test]
    fn it_is_hmac_with_sha_256() {
        let (secret, message) = (b"Jefe", b"what do ya want for nothing?");
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let (to_sign, to_read) = (EncodingKey::from_secret(secret), DecodingKey::from_secret(secret));
        let signer = (PROVIDER.signer_factory)(&Algorithm::HS256, &to_sign).unwrap();
        let verifier = (PROVIDER.verifier_factory)(&Algorithm::HS256, &to_read).unwrap();
        let mac = signer.try_sign(message).unwrap();
        assert_eq!(hex::encode(&mac), expected);
        assert!(verifier.verify(message, &mac).is_ok());
        assert!(verifier.verify(b"something else", &mac).is_err());
        assert!(verifier.verify(message, &mac[..31].to_vec()).is_err());
        for other in [Algorithm::HS512, Algorithm::RS256, Algorithm::ES256] {
            assert!((PROVIDER.verifier_factory)(&other, &to_read).is_err(), "{other:?}");
        }
    }
}
